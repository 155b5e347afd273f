"""The learner report: what it says, what it never says, and how it looks on paper."""

from __future__ import annotations

import html as html_module
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser

from workbench import Workbench
from workbench.batch.page import look, page
from workbench.evidence.evidence import Evidence, lines
from workbench.evidence.telling import compared_with, how_it_went, side_by_side
from workbench.ground import drawing
from workbench.ground.drawing import Drawer
from workbench.ground.errors import NotAllowed, NotFound
from workbench.reporting import SECTION, LearnerReport, Section, html
from workbench.reporting.blocks import Said, Topic
from workbench.reporting.learner import Known
from workbench.reporting.topics import practice, sources, these_days, topics
from workbench.sample import cast
from workbench.sample.demo import ACTOR
from workbench.workspace import Workspace

from ..conftest import TODAY, clock

HOSTILE = '<script>alert(1)</script> {{7*7}} #read("/etc/passwd") <img src=//evil.example/x> \u202e & ‘q’'


@pytest.fixture(scope="module")
def bench(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def office(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor="admin:office", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    with Drawer.open() as opened:
        yield opened


def report(bench: Workbench, code: str, **given: Any) -> LearnerReport:
    return LearnerReport.of(bench, bench.learners.named(code), on=TODAY, **given)


def words(*sections: Section) -> str:
    """What a reader sees, charts as their text."""
    drawn = " ".join(html(section, None) for section in sections)
    return html_module.unescape(" ".join(re.sub(r"<[^>]+>", " ", drawn).split()))


def printed(made: LearnerReport, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a report, from the values a notebook would keep."""
    monkeypatch.setenv(drawing.DRAWER, drawing.LATER)
    cells = []
    parts: tuple[LearnerReport | Section, ...] = (made, *made.sections())
    for shown in parts:
        cell = new_code_cell("shown")
        cell.outputs = [new_output("display_data", data=json.loads(json.dumps(shown._repr_mimebundle_())))]
        cells.append(cell)
    notebook = new_notebook(cells=cells)
    nbformat.validate(notebook)
    return page(notebook, "learner_report", drawer.draw, look())


def fact(value: float, term: str = "Fall 2026-2027", **given: Any) -> Evidence:
    known: dict[str, Any] = {"learner": 1, "key": 1, "source": "nwea_map", "measure": "reading", "aspect": ""}
    known |= {"test": "Growth", "taken_on": TODAY, "term": term, "value": value, "unit": "RIT", "error": 3.0}
    return Evidence(**(known | {"norms": "2025", "standing": "growth"} | given))


def counted(
    source: str, measure: str, value: float, unit: str, first: str, last: str, *, of: float | None = None
) -> Evidence:
    """A fact of a period, as docs/measures.md has them."""
    details: dict[str, Any] = {"from": first} if first != last else {}
    details |= {"of": of} if of is not None else {}
    given = {"source": source, "measure": measure, "unit": unit, "taken_on": date.fromisoformat(last)}
    return fact(value, "2026-2027", **given, error=None, norms="", standing="other", test="", details=details)


def a_year() -> list[Evidence]:
    """September to November of programs, attendance and habits."""
    lexia = [("minutes", 180, 230, 150, "minutes"), ("units", 24, 30, 19, "units"), ("days", 9, 11, 7, "days")]
    myon = [
        ("minutes read", 95, 170, 120, "minutes"),
        ("books finished", 1, 3, 2, "books"),
        ("pages read", 80, 160, 99, "pages"),
    ]
    months = [("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30")]
    found = [
        counted(source, measure, value, unit, *month)
        for source, measures in (("lexia_core5", lexia), ("myon", myon))
        for measure, *values, unit in measures
        for value, month in zip(values, months, strict=True)
    ]
    found.append(
        counted("lexia_core5", "minutes", 560, "minutes", "2026-07-01", "2026-11-18")
    )  # the same, for the year
    found += [counted("lexia_core5", "level", 12 + at, "level", *month) for at, month in enumerate(months)]
    for week in range(9):
        days = [(date(2026, 9, 21) + timedelta(weeks=week, days=day)).isoformat() for day in (0, 4)]
        found += [
            counted("attendance", "days present", 4 if week in (2, 5) else 5, "days", *days, of=5),
            counted("attendance", "times late", week % 2, "times", *days),
            counted("habits", "homework done", 4, "tasks", *days, of=5),
            counted("habits", "kindness noticed", 1, "times", *days),
            counted("habits", "kept trying", 2, "times", *days),
            counted("habits", "ready to learn", 3, "of 4", days[1], days[1]),
            counted("habits", "class job done", 1, "weeks", *days, of=1),
        ]
    return found


def said(*facts: Evidence, band: str = "3-5") -> str:
    return " ".join(sentence for topic in topics(facts, band, TODAY) for sentence in topic.sentences)


# The order and the words


def test_the_sections_come_in_the_order_of_the_two_pages(bench: Workbench) -> None:
    kinds = [section.kind for section in report(bench, cast.LUZ).sections()]
    assert kinds == [
        *("who", "progress", "reflection", "strengths"),
        *("goal", "plan", "going", "signatures", "footer"),
    ]


def test_the_report_opens_with_who_and_when(bench: Workbench) -> None:
    seen = words(report(bench, cast.LUZ).who())
    assert "Luz Marín" in seen
    assert "Class 4B" in seen
    assert "Thursday, November 12" in seen


def test_progress_is_told_as_ranges_and_what_is_next(bench: Workbench) -> None:
    seen = words(report(bench, cast.LUZ).progress())
    assert re.search(r"Fall 2025: \d+ to \d+\. Now: \d+ to \d+\.", seen)
    assert "Your strongest part right now: grammar." in seen
    assert "One part you could work on: spelling and punctuation." in seen
    assert "Choose a part: calculating and finding patterns; measuring and reading charts;" in seen


def test_the_learners_words_are_quoted_with_the_question(bench: Workbench) -> None:
    drawn = html(report(bench, cast.LUZ).reflection(), None)
    assert '<p class="report-asked">What do you notice?</p>' in drawn
    assert "<q>My reading line goes up every time, and fractions is the lowest part of my math.</q>" in drawn


def test_quotation_marks_hold_only_what_a_learner_said(bench: Workbench) -> None:
    made = report(bench, cast.LUZ)
    learner = bench.learners.named(cast.LUZ)
    spoken = {answer.words for answer in bench.reflections.of_learner(learner)}
    for goal in bench.goals.of_learner(learner):
        spoken |= {look.words for look in bench.progress.of(goal) if look.who == "learner"}
    for section in made.sections():
        for quoted in re.findall(r"<q>(.*?)</q>", html(section, None)):
            assert html_module.unescape(quoted) in spoken


def test_a_teachers_note_in_a_check_in_is_not_put_in_the_learners_mouth(teacher: Workbench) -> None:
    learner = teacher.learners.named(cast.LUZ)
    goal = teacher.goals.of_learner(learner)[-1]
    teacher.progress.check_in(goal, on=TODAY, words="She explained it to her table.", who="teacher")
    drawn = html(LearnerReport.of(teacher, learner, on=TODAY).going(), None)
    assert "She explained it to her table." in drawn
    assert "<q>She explained" not in drawn
    assert "said by my teacher" in drawn


def test_the_goal_is_the_largest_and_the_plan_is_a_dated_path(bench: Workbench) -> None:
    made = report(bench, cast.LUZ)
    (goal, *_rest) = made.goal().blocks
    assert isinstance(goal, Said)
    assert goal.size == "largest"
    plan = html(made.plan(), None)
    days = re.findall(r'<time datetime="([\d-]+)">', plan)
    assert days == sorted(days)
    assert len(days) == 5
    for expected in ("How I will show it", "How I will celebrate", "Our next conference"):
        assert expected in plan


# Kind words


def test_a_year_ago_is_compared_not_the_day_before_summer() -> None:
    seen = said(fact(190, "Fall 2025-2026"), fact(198, "Spring 2025-2026"), fact(199))
    assert "Fall 2025: 187 to 193. Now: 196 to 202. You moved forward." in seen


def test_two_scores_within_their_error_are_about_the_same() -> None:
    assert "These two are about the same." in said(fact(196, "Spring 2025-2026"), fact(198))


def test_a_lower_score_than_a_year_ago_has_kind_words_of_its_own() -> None:
    seen = said(fact(199, "Fall 2025-2026"), fact(203, "Spring 2025-2026"), fact(190))
    assert "Fall 2025: 196 to 202. Now: 187 to 193." in seen
    assert "It was one day." in seen
    assert "work too" in seen
    assert "lower" not in seen


def test_fall_is_held_against_fall_and_the_summer_is_said_as_what_it_is() -> None:
    grown = said(fact(160, "Fall 2025-2026"), fact(176, "Spring 2025-2026"), fact(171))
    assert "Fall 2025: 157 to 163. Now: 168 to 174. You moved forward. It was higher before the summer." in grown
    assert "It was one day" not in grown
    first = said(fact(176, "Spring 2025-2026"), fact(168))
    assert "The summer was in between. Numbers often go down over a summer." in first
    assert "It was one day" not in first
    risen = said(fact(160, "Fall 2025-2026"), fact(169, "Spring 2025-2026"), fact(171))
    assert "summer" not in risen
    within_a_year = said(fact(180, "Fall 2025-2026"), fact(170, "Winter 2025-2026"))
    assert "It was one day." in within_a_year
    rushed = said(fact(176, "Spring 2025-2026"), fact(150, details={"rapid_guessing": 45}))
    assert "summer" not in rushed


def test_a_rushed_test_has_kind_words_of_its_own() -> None:
    seen = said(fact(199, "Spring 2025-2026"), fact(180, details={"rapid_guessing": 45}))
    assert "Many answers came very fast" in seen
    assert "It was one day" not in seen


def test_nothing_is_held_against_a_rushed_test() -> None:
    rushed = fact(170, "Spring 2025-2026", details={"rapid_guessing": 45})
    (line,) = lines([rushed, fact(190)])
    assert compared_with(line) is None


def test_side_by_side_every_subject_is_held_against_one_term() -> None:
    seasons = ("Fall 2025-2026", "Spring 2025-2026", "Fall 2026-2027")

    def tested(measure: str, *values: float) -> list[Evidence]:
        return [fact(value, term, measure=measure) for term, value in zip(seasons, values, strict=True)]

    up = [*tested("reading", 180, 190, 199), *tested("mathematics", 170, 190, 200)]
    assert [one.term for one in side_by_side(lines(up)) if one] == [seasons[0]] * 2  # a year ago
    down = [*tested("reading", 180, 199, 184), *tested("mathematics", 170, 190, 200)]
    assert [one.term for one in side_by_side(lines(down)) if one] == [seasons[0]] * 2  # however it went since
    new = fact(200, measure="language")
    assert [one and one.term for one in side_by_side(lines([*down, new]))] == [None, seasons[0], seasons[0]]


def test_a_first_test_is_a_beginning_without_a_chart() -> None:
    (topic,) = topics([fact(190)], "3-5", TODAY)
    assert "This is where your path begins." in topic.sentences
    assert topic.chart is None


def test_a_subject_not_tested_lately_is_not_called_now() -> None:
    old = [fact(180, "Fall 2024-2025", measure="science"), fact(186, "Spring 2024-2025", measure="science")]
    seen = said(*old, fact(190, "Fall 2025-2026"), fact(199))
    assert "Fall 2024: 177 to 183. Last time, Spring 2025: 183 to 189." in seen


def test_only_the_newest_five_terms_are_drawn_and_an_older_one_can_still_be_told() -> None:
    terms = [
        f"{season} {year}-{year + 1}" for year in (2024, 2025) for season in ("Summer", "Fall", "Winter", "Spring")
    ]
    (topic,) = topics([fact(180 + 2 * place, term) for place, term in enumerate(terms)], "3-5", TODAY)
    assert topic.sentences[0].startswith("Spring 2025: ")
    assert topic.chart is not None
    assert topic.chart.numbers.count(";") == 4


_AREAS = ("Geometry", "Literature", "Number", "Writing")


def in_areas(*values: float, term: str = "Fall 2026-2027", error: float | None = 3.0) -> list[Evidence]:
    return [fact(value, term, aspect=f"area: {name}", error=error) for name, value in zip(_AREAS, values, strict=False)]


def test_areas_that_cannot_be_told_apart_are_a_choice_and_not_ranked() -> None:
    for alike in (in_areas(190, 200, 196, 193), in_areas(190, 195), in_areas(150, 220, 190, error=None)):
        seen = said(fact(190), *alike)
        assert "Choose a part: " in seen
        assert "strongest" not in seen
    assert said(fact(190), *in_areas(190)).count("part") == 0  # of one part there is no choice


def test_the_best_and_the_least_area_are_told_beyond_the_studentized_range() -> None:
    # of four areas with an error of 3 each: 3.633 · 3 = 10.9
    seen = said(fact(190), *in_areas(190, 201, 196, 193))
    assert "Your strongest part right now: " in seen
    assert "One part you could work on: shapes and space." in seen
    assert "Choose" not in seen
    rushed = fact(190, details={"rapid_guessing": 45})
    assert "strongest" not in said(rushed, *in_areas(190, 201, 196, 193))


def test_what_grew_most_is_told_only_where_growth_can_be_told_apart() -> None:
    now = in_areas(190, 192)
    before = fact(180, "Fall 2025-2026")
    # of two changes with an error of √18 each: 2.772 · 4.243 = 11.8
    seen = said(before, *in_areas(178, 192, term="Fall 2025-2026"), fact(190), *now)
    assert "What grew most: shapes and space." in seen
    seen = said(before, *in_areas(180, 191, term="Fall 2025-2026"), fact(190), *now)
    assert "What grew most" not in seen
    assert "Choose a part: " in seen


def test_minutes_and_books_of_this_school_year_are_told_and_silent_without() -> None:
    read = [
        counted("myon", "minutes read", 200, "minutes", "2026-09-01", "2026-09-30"),
        counted("myon", "minutes read", 140, "minutes", "2026-10-01", "2026-10-31"),
        counted("myon", "books finished", 3, "books", "2026-10-01", "2026-10-31"),
        counted("myon", "minutes read", 900, "minutes", "2026-05-01", "2026-05-31"),
    ]
    (topic,) = practice(read, "3-5", TODAY)
    assert topic.sentences == ("You finished 3 books this year.", "You read for 340 minutes.")
    assert practice([], "3-5", TODAY) == ()


def test_a_year_of_programs_attendance_and_habits_is_told_in_a_few_plain_sentences() -> None:
    reading, week = practice(a_year(), "3-5", TODAY)
    assert reading.title == "Reading every week"
    assert reading.sentences == (
        "You finished 6 books this year.",
        "You read for 385 minutes.",
        "In Lexia you are in level 14 now.",
        "You worked in Lexia for 560 minutes.",
    )
    assert week.title == "My weeks at school"
    assert week.sentences == (
        "You were here on 43 of 45 days.",
        "Homework you did: 36 of 45.",
        "Somebody noticed your kindness 9 times.",
        "Somebody noticed 18 times that you kept trying.",
    )


def test_each_source_of_a_topic_has_its_turn_before_any_has_a_second() -> None:
    with_points = [*a_year(), counted("behaviour", "points", 30, "points", "2026-09-01", "2026-11-20")]
    week = practice(with_points, "3-5", TODAY)[-1]
    assert week.sentences[-1] == "You got 30 points this year."
    assert "Somebody noticed your kindness 9 times." in week.sentences


def test_nothing_is_told_of_a_zero_and_a_learner_hears_no_blame() -> None:
    none = [
        counted("myon", "books finished", 0, "books", "2026-10-01", "2026-10-31"),
        counted("habits", "homework done", 0, "tasks", "2026-11-02", "2026-11-06", of=5),
        counted("attendance", "times late", 7, "times", "2026-11-02", "2026-11-06"),
        counted("behaviour", "incidents", 3, "times", "2026-11-02", "2026-11-06"),
        counted("lexia_core5", "predictor", 12, "percent", "2026-11-06", "2026-11-06"),
    ]
    assert practice(none, "3-5", TODAY) == ()
    assert these_days(none, TODAY) == ()


def test_the_youngest_are_told_of_their_weeks_without_a_number() -> None:
    told = [sentence for topic in practice(a_year(), "K-2", TODAY) for sentence in topic.sentences]
    assert told == [
        "You read books to the end.",
        "You are on your way in Lexia.",
        "It is good that you are here.",
        "You did homework.",
    ]


def test_a_conference_has_the_newest_of_these_days_and_nothing_older_than_two_weeks() -> None:
    told = [(one.measure.learner, one.said) for one in these_days(a_year(), TODAY)]
    assert told == [
        ("Books finished", "2 books"),
        ("Time reading", "120 minutes"),
        ("Lexia", "level 14"),
        ("Here at school", "5 of 5 days"),
        ("Homework", "4 of 5"),
        ("Kindness", "once"),
    ]
    assert these_days(a_year(), date(2027, 1, 10)) == ()


def test_a_school_s_own_measure_is_told_by_its_own_name() -> None:
    own = [counted("garden club", "plants watered", 4, "plants", "2026-11-10", "2026-11-10")]
    (topic,) = practice(own, "3-5", TODAY)
    assert topic.title == "More of this year"
    assert topic.sentences == ("Plants watered: 4 plants.",)


def test_a_subject_is_told_by_one_test_and_a_report_by_four_subjects() -> None:
    star = [
        fact(value, term, source="star", unit="SS", error=17)
        for value, term in ((410, "Fall 2025-2026"), (455, "Fall 2026-2027"))
    ]
    old_map = [fact(190, "Fall 2024-2025"), fact(199, "Spring 2024-2025")]
    (reading,) = topics([*old_map, *star], "3-5", TODAY)
    assert reading.sentences[0] == "Fall 2025: 393 to 427. Now: 438 to 472."
    names = ("science", "mathematics", "language usage", "reading", "early literacy", "algebra 1")
    known = [fact(190, "Fall 2025-2026" if name == "science" else "Fall 2026-2027", measure=name) for name in names]
    told = [topic.title for topic in topics(known, "3-5", TODAY)]
    assert told == ["Reading", "Letters and sounds", "Mathematics", "Language"]


def test_a_report_tells_six_topics_at_most_and_the_weeks_at_school_before_a_second_program() -> None:
    tested = [fact(190, measure=name) for name in ("science", "mathematics", "language usage", "reading")]
    ixl = fact(12, source="ixl", measure="skills mastered", aspect="mathematics", unit="skills", error=None)
    told = [topic.title for topic in topics([*tested, *a_year(), ixl], "3-5", TODAY)]
    assert told[4:] == ["Reading every week", "My weeks at school"]
    assert [topic.title for topic in topics([*a_year(), ixl], "3-5", TODAY)][-1] == "Practice"


def test_scores_of_a_scale_that_changes_are_not_held_against_each_other() -> None:
    composites = [
        fact(value, term, source="dibels_8", unit="points", error=None)
        for value, term in ((320, "Fall 2025-2026"), (280, "Fall 2026-2027"))
    ]
    (topic,) = topics(composites, "3-5", TODAY)
    assert topic.sentences == ("Now: 280.",)
    assert topic.chart is None


def test_areas_of_another_test_are_not_mixed_in() -> None:
    mixed = [
        fact(455, source="star", unit="SS", error=17, taken_on=date(2026, 11, 1)),
        fact(90, source="star", unit="percent", error=None, aspect="area: Key Ideas"),
        fact(60, source="star", unit="percent", error=None, aspect="area: Craft"),
        fact(190, "Fall 2025-2026", aspect="area: Geometry"),
    ]
    assert "Choose a part: Craft; Key Ideas." in said(*mixed)


def test_what_is_worked_out_here_says_so_in_the_footer() -> None:
    footer = " ".join(sources([fact(190, "Fall 2025-2026"), fact(199), *a_year()], TODAY))
    assert "How two tests compare is worked out here" in footer
    assert "Amounts of the year are added up here." in footer
    assert "Attendance (" in footer
    assert "worked out here" not in " ".join(sources([fact(199)], TODAY))


def test_the_footer_tells_a_month_that_goes_on_from_its_first_day_until_today() -> None:
    month = counted("myon", "minutes read", 40, "minutes", "2026-11-01", "2026-11-30")
    assert "myON (Nov 1, 2026 – Nov 21, 2026)" in " ".join(sources([month], TODAY))


# What is never there


def test_grades_k_to_2_see_no_number_about_themselves(office: Workbench) -> None:
    made = report(office, cast.TOBI)
    assert made.page.band == "K-2"
    seen = words(made.progress())
    assert seen.startswith("My progress Reading")
    assert not re.search(r"\d", seen)
    assert "Chart" not in json.dumps(made.progress().to_json())


def test_a_picture_reader_in_a_higher_grade_sees_no_number_either(bench: Workbench) -> None:
    assert not re.search(r"\d", words(report(bench, cast.LUZ, band="K-2").progress()))


def test_no_rank_percentile_projection_or_other_child_is_anywhere(bench: Workbench) -> None:
    learner = bench.learners.named(cast.LUZ)
    others = [one for one in bench.learners.in_class("4B") if one.id != learner.id]
    seen = words(*report(bench, cast.LUZ).sections())
    for forbidden in (
        "percentile",
        "average",
        "rank",
        "projected",
        "projection",
        "expected",
        "quintile",
        "%",
        "class mean",
    ):
        assert forbidden not in seen.casefold()
    assert not any(one.family_name in seen for one in others)
    percentiles = {f"{fact.percentile:g}" for fact in bench.evidence.of(learner) if fact.percentile}
    values = {number for fact in bench.evidence.of(learner) for number in map(str, fact.range)}
    counted = practice(bench.evidence.of(learner), "3-5", TODAY)  # 50 of 58 tasks may be somebody's percentile, too
    values |= set(re.findall(r"\d+", " ".join(sentence for topic in counted for sentence in topic.sentences)))
    assert not percentiles.intersection(re.findall(r"\d+", words(report(bench, cast.LUZ).progress()))) - values


def test_norm_years_are_said_in_the_footer_only(bench: Workbench) -> None:
    *rest, footer = report(bench, cast.LUZ).sections()
    assert "Norms: 2020, 2025." in words(footer)
    assert "Norms" not in words(*rest)
    assert "NWEA MAP Growth" in words(footer)


def test_an_actor_gets_no_report_of_a_learner_they_may_not_see(prepared: Path) -> None:
    with Workbench.open(prepared, actor="admin:office") as bench:
        learner = bench.learners.named(cast.LUZ)
    with Workbench.open(prepared, actor="teacher:t05") as bench, pytest.raises(NotAllowed):
        LearnerReport.of(bench, learner)


# Empty states and examples


def test_a_learner_with_no_data_gets_a_page_that_says_what_will_be_here(bench: Workbench) -> None:
    made = report(bench, cast.WREN)
    for section in made.sections():
        assert words(section), section.kind
        assert section.to_json()["blocks"]
    seen = words(*made.sections())
    assert "None" not in seen
    assert "you choose your goal at your next conference" in seen


def test_learner_0_is_an_example_that_says_so(bench: Workbench) -> None:
    made = LearnerReport.of(bench)
    assert "An example:" in made._repr_mimebundle_()["text/html"]
    assert "An example" not in LearnerReport.of(bench, bench.learners.named(cast.LUZ))._repr_mimebundle_()["text/html"]


def test_without_learners_one_is_told_to_bring_a_class_list(tmp_path: Path) -> None:
    from workbench.workspace import Workspace

    Workspace.create(tmp_path / "new", name="New")
    with Workbench.open(tmp_path / "new", actor="admin:office") as bench, pytest.raises(NotFound, match="class list"):
        LearnerReport.of(bench)


def test_a_report_looks_back_to_its_snapshot(teacher: Workbench) -> None:
    before = teacher.snapshot
    learner = teacher.learners.named(cast.LUZ)
    teacher.goals.revise(teacher.goals.of_learner(learner)[-1], words="Something else entirely")
    assert "Something else" in words(LearnerReport.of(teacher, learner).goal())
    assert "Something else" not in words(LearnerReport.of(teacher, learner, snapshot=before).goal())


# Values


def test_a_section_survives_json(bench: Workbench) -> None:
    for section in report(bench, cast.LUZ).sections():
        plain = json.loads(json.dumps(section.to_json()))
        assert Section.of_json(plain) == section
        assert html(Section.of_json(plain), None) == html(section, None)


@pytest.mark.parametrize(
    "broken", [{}, {"kind": "x", "title": "y", "blocks": [{"is": "no"}], "band": "", "language": ""}]
)
def test_what_is_no_section_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a section"):
        Section.of_json(broken)


def test_no_repr_shows_data(bench: Workbench) -> None:
    made = report(bench, cast.LUZ)
    seen = repr(made) + repr(made.page) + "".join(map(repr, made.sections())) + repr(made.progress().blocks)
    assert "Luz" not in seen
    assert not re.search(r"\d{3}", re.sub(r"0x[0-9a-f]+", "", seen))


def test_hostile_words_stay_text(bench: Workbench, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    known = report(bench, cast.LUZ)._known
    assert known.goal is not None
    assert known.plan is not None
    made = LearnerReport(_hostile(known))
    drawn = printed(made, drawer, monkeypatch)
    assert "<script" not in drawn.casefold()
    assert "<img" not in drawn.casefold()
    assert drawn.count(html_module.escape("{{7*7}}")) >= 6
    assert ">49<" not in drawn
    assert html_module.escape(HOSTILE) in drawn


def _hostile(known: Known) -> Known:
    goal = replace(known.goal, words=HOSTILE, purpose=HOSTILE)  # type: ignore[type-var]
    plan = replace(known.plan, show=HOSTILE, celebrate=HOSTILE)  # type: ignore[type-var]
    return replace(
        known,
        learner=replace(known.learner, given_name=HOSTILE),
        facts=(HOSTILE,),
        reflections=tuple(replace(one, words=HOSTILE, asked=HOSTILE) for one in known.reflections),
        findings=tuple(replace(one, words=HOSTILE, tied_to=HOSTILE) for one in known.findings),
        check_ins=tuple(replace(one, words=HOSTILE) for one in known.check_ins),
        evidence=tuple(replace(one, measure=HOSTILE) for one in known.evidence),
        goal=goal,
        plan=plan,
    )


# The page


class Asked(HTMLParser):
    """Every address a page would fetch from."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster", "style") and value:
                self.addresses.append(value)


def test_a_page_asks_no_other_host_and_runs_no_script(
    bench: Workbench, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = printed(report(bench, cast.LUZ), drawer, monkeypatch)
    asked = Asked()
    asked.feed(drawn)
    assert not asked.addresses
    assert not asked.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert all(found.startswith("data:") for found in re.findall(r"url\(['\"]?([^'\")]*)", drawn))
    assert "@import" not in drawn
    assert "default-src 'none'" in drawn
    assert 'lang="en"' in drawn


def test_a_page_is_small_enough_to_send(bench: Workbench, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(printed(report(bench, cast.LUZ), drawer, monkeypatch)) < 200_000


def test_all_ids_of_a_page_differ(bench: Workbench, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = re.findall(r'\sid="([^"]+)"', printed(report(bench, cast.LUZ), drawer, monkeypatch))
    assert len(ids) == len(set(ids)) == 8


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_report_prints_as_two_pages(
    bench: Workbench,
    office: Workbench,
    drawer: Drawer,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    paper: str,
) -> None:
    reports = [report(bench, code) for code in (cast.THEO, cast.WREN)]
    full = [report(bench, cast.LUZ), report(bench, cast.MAXIMILIANA), report(office, cast.TOBI)]
    reports += [LearnerReport(replace(one._known, evidence=(*one._known.evidence, *a_year()))) for one in full]
    tab = browser.new_context(offline=True, java_script_enabled=False).new_page()
    for made in reports:
        place = tmp_path / "report.html"
        place.write_text(printed(made, drawer, monkeypatch), encoding="utf-8")
        tab.goto(place.as_uri())
        tab.pdf(path=tmp_path / "report.pdf", format=paper)
        assert _pages(tmp_path / "report.pdf") == 2
    tab.context.close()


@pytest.mark.browser
def test_a_very_long_answer_takes_more_paper_and_never_a_wider_screen(
    bench: Workbench, drawer: Drawer, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = report(bench, cast.LUZ)._known
    long = "and then I tried again because I wanted to know " * 60 + "Supercalifragilistic" * 12
    made = LearnerReport(replace(known, reflections=tuple(replace(one, words=long) for one in known.reflections)))
    place = tmp_path / "report.html"
    place.write_text(printed(made, drawer, monkeypatch), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(place.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.pdf(path=tmp_path / "report.pdf", format="A4")
    tab.close()
    assert 2 < _pages(tmp_path / "report.pdf") < 8


@pytest.mark.browser
def test_a_page_has_no_barrier_that_a_tool_can_find(
    bench: Workbench, drawer: Drawer, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tab = browser.new_context(bypass_csp=True).new_page()
    for code in (cast.LUZ, cast.WREN):
        place = tmp_path / "report.html"
        place.write_text(printed(report(bench, code), drawer, monkeypatch), encoding="utf-8")
        tab.goto(place.as_uri())
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
    tab.context.close()


def _pages(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.read_bytes()))


def test_a_sections_mime_bundle_is_valid_in_a_notebook(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(drawing.DRAWER, drawing.LATER)
    bundle = report(bench, cast.LUZ).progress()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", SECTION}
    assert "Fall 2025" in bundle["text/html"]


def test_a_subject_unknown_to_us_keeps_its_own_name() -> None:
    facts = [fact(190, "Fall 2025-2026", measure="algebra 1"), fact(199, measure="algebra 1")]
    (topic,) = topics(facts, "3-5", TODAY)
    assert isinstance(topic, Topic)
    assert topic.title == "Algebra 1"


def test_a_higher_number_without_an_error_is_shown_and_not_called_a_step() -> None:
    before, now = (
        Evidence(1, 1, "star", "reading", "", day, term, "Star", value, "SS")
        for day, term, value in (
            (date(2025, 9, 10), "Fall 2025-2026", 512.0),
            (date(2026, 9, 10), "Fall 2026-2027", 513.0),
        )
    )
    assert how_it_went(before, now) == ()
    assert how_it_went(now, before) != ()  # a lower one has its kind words


def test_the_footer_says_which_value_was_used_where_a_later_file_corrected_one(tmp_path: Path) -> None:
    header = "TermName,StudentID,Course,TestName,TestStartDate,TestRITScore,TestStandardError\n"
    row = "Fall 2026-2027,901,Reading,Growth: Reading,09/16/2026,{},3.2\n"
    roster = "Student ID,First Name,Last Name,Class\n901,Ada,Ash,9Z\n"
    workspace = Workspace.create(tmp_path / "school")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        for name, text in (("a", roster), ("b", header + row.format(195)), ("c", header + row.format(198))):
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            bench.imports.run(path)
        report = LearnerReport.of(bench, bench.learners.named("901"), on=TODAY)
        told = shown_by(report)
        assert "198, as a later file corrected it (195 before)" in told
        bench.imports.undo(bench.imports.history()[0].id)
        again = LearnerReport.of(bench, bench.learners.named("901"), on=TODAY)
        assert "corrected" not in shown_by(again)


def shown_by(report: LearnerReport) -> str:
    return json.dumps([section.to_json() for section in report.sections()], ensure_ascii=False)
