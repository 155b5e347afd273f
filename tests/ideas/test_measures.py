"""The registry of measures: what evidence is of, and the words for it in every language."""

from __future__ import annotations

import re
import shutil
import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence import measures
from workbench.evidence.evidence import Evidence
from workbench.evidence.measures import OURS, OWN, Kind, Measure, words
from workbench.evidence.measures.amounts import amount, of_the_year
from workbench.ground.errors import BadData
from workbench.ground.words import speak

TODAY = date(2026, 11, 21)
LANGUAGES = ("en", "es")
ENTRIES = measures.load()


def fact(value: float, source: str, measure: str, unit: str, *, aspect: str = "", **given: Any) -> Evidence:
    first, last = given.pop("first", ""), given.pop("last", TODAY.isoformat())
    details = ({"from": first} if first else {}) | given.pop("details", {})
    known = {"learner": 1, "key": given.pop("key", 1), "term": "2026-2027", "test": "", "details": details}
    return Evidence(
        source=source,
        measure=measure,
        aspect=aspect,
        unit=unit,
        value=value,
        taken_on=date.fromisoformat(last),
        **(known | given),
    )


def minutes(value: float, first: str, last: str, **given: Any) -> Evidence:
    return fact(value, "lexia_core5", "minutes", "minutes", first=first, last=last, **given)


def examples() -> list[Measure]:
    """Each entry as a fact would meet it, once for every measure and aspect that it names."""
    return [
        measures.named(source, measure, aspect.replace("*", "Geometry"), entry.what.unit)
        for entry in ENTRIES
        for source in entry.sources or ("any",)
        for measure in entry.measures or ("reading",)
        for aspect in entry.aspects
    ]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Any:
    speak(request.param)
    yield request.param
    speak("en")


# Words


def test_every_measure_has_words_in_every_language(language: str) -> None:
    known = words.load(language)
    for one in examples():
        assert one.words in known.measures, one.words
        assert one.words != OWN
        assert one.unit in known.units, one.unit
        assert not one.topic or one.topic in known.topics, one.topic
    for entry in ENTRIES:
        assert set(entry.sources) <= set(known.sources)
        named = {aspect for aspect in entry.aspects if aspect and not aspect.endswith("*")}
        assert named - {"lexile", "quantile", "unified", "accuracy", "oral reading fluency"} <= set(known.parts)


def test_languages_say_the_same_things_with_the_same_blanks() -> None:
    english, spanish = (words.load(one) for one in LANGUAGES)
    for kind in ("sources", "topics", "units", "measures", "parts"):
        assert set(getattr(english, kind)) == set(getattr(spanish, kind))
    for name, said in english.measures.items():
        for which, form in said.items():
            assert blanks(form) == blanks(spanish.measures[name][which]), (name, which)
    for unit, forms in english.units.items():
        assert set(forms) == set(spanish.units[unit])


def blanks(form: str) -> set[str | None]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(form) if name is not None}


def test_no_sentence_for_the_youngest_holds_a_number(language: str) -> None:
    for said in words.load(language).measures.values():
        assert not re.search(r"\d|amount", said["youngest"])


def test_no_words_for_learners_rank_or_blame() -> None:
    forbidden = re.compile(r"percentile|average|rank|expected|only|should|late\b|low|fail|behind|%", re.IGNORECASE)
    for said in words.load("en").measures.values():
        for which in ("learner", "sentence", "youngest"):
            assert not forbidden.search(said[which]), said[which]


@pytest.mark.parametrize(
    ("value", "of", "unit", "english", "spanish"),
    [
        (1240, None, "minutes", "1,240 minutes", "1,240 minutos"),
        (1, None, "books", "1 book", "1 libro"),
        (38, 45, "days", "38 of 45 days", "38 de 45 días"),
        (4, 5, "tasks", "4 of 5", "4 de 5"),
        (1, None, "times", "once", "una vez"),
        (-325, None, "L", "BR325L", "BR325L"),
        (960, None, "L", "960L", "960L"),
        (-400, None, "Q", "EM400Q", "EM400Q"),
        (3, None, "of 4", "3 of 4", "3 de 4"),
        (2, None, "step", "practicing", "en práctica"),
        (533.0886, None, "theta scale", "533.1", "533.1"),
        (3, None, "plants", "3 plants", "3 plants"),
        (3, 4, "plants", "3 of 4", "3 de 4"),
    ],
)
def test_an_amount_is_said_in_its_unit(value: float, of: float | None, unit: str, english: str, spanish: str) -> None:
    one = replace(measures.named("x", "y", "", "z"), unit=unit)
    assert one.amount(value, of) == english
    speak("es")
    try:
        assert one.amount(value, of) == spanish
    finally:
        speak("en")


def test_a_language_without_a_file_is_shown_in_english() -> None:
    speak("fr")
    try:
        assert measures.named("attendance", "days present", "", "days").name == "Attendance"
    finally:
        speak("en")


def test_a_measure_of_the_school_s_own_has_words_from_its_own_name_and_unit() -> None:
    own = measures.of(fact(3, "garden club", "plants {watered}", "plants"))
    assert own.name == "Plants {watered}"
    assert own.sentence(3) == "Plants {watered}: 3 plants."
    assert own.youngest == "You worked on this: plants {watered}."
    part = measures.of(fact(3, "garden club", "plants", "plants", aspect="tomatoes"))
    assert part.sentence(3) == "Plants, tomatoes: 3 plants."


def test_an_area_has_the_vendor_s_name_for_adults_and_ours_for_learners() -> None:
    area = measures.named("nwea_map", "mathematics", "area: Geometry", "RIT")
    assert area.name == "Geometry"
    assert area.part == "shapes and space"
    assert measures.named("nwea_map", "mathematics", "area: Spherical Things", "RIT").part == "Spherical Things"


# What a measure is


def test_the_registry_knows_what_the_table_for_importers_names() -> None:
    """Every measure of docs/measures.md with its aspect, unit and kind, and none of the registry is missing there."""
    table = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    named = set()
    source = measure = ""
    for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE):
        cells = [cell.strip() for cell in row.strip(" |").split(" | ")]
        if len(cells) < 5 or cells[0].startswith(("-", "source")):
            continue
        source = source if cells[0] == "the same" else cells[0]
        measure = measure if cells[1] == "the same" else cells[1]
        unit = re.findall(r"`([^`]+)`", cells[3])
        for place, one in enumerate(re.findall(r"`([^`]+)`", measure)):
            for aspect in re.findall(r"`([^`]+)`", cells[2]):
                for who in re.findall(r"`([^`]+)`", source) or ("any",):
                    own = unit[place] if len(unit) > 1 else unit[0]
                    named.add((who, one, aspect.replace('""', "").replace("…", "Geometry"), own, cells[4]))
    missing = [
        row for row in sorted(named) if measures.named(*row[:4]).words == OWN or measures.named(*row[:4]).kind != row[4]
    ]
    assert not missing
    unnamed = {(one.source, one.measure, one.aspect, one.unit) for one in examples()} - {row[:4] for row in named}
    assert not unnamed


@pytest.mark.parametrize(
    ("asked", "better", "seen_by"),
    [
        (("attendance", "times late", "", "times"), "lower", "adults"),
        (("behaviour", "incidents", "", "times"), "lower", "adults"),
        (("lexia_core5", "predictor", "", "percent"), "higher", "adults"),
        (("attendance", "days present", "", "days"), "higher", "learner"),
    ],
)
def test_directions_and_who_sees_a_measure(asked: tuple[str, str, str, str], better: str, seen_by: str) -> None:
    one = measures.named(*asked)
    assert (one.better, one.seen_by) == (better, seen_by)


def test_bands_are_the_file_s_own_word_first_and_else_the_vendor_s_own_cuts() -> None:
    def band(one: Evidence) -> str:
        return measures.of(one).band(one)

    assert band(fact(190, "nwea_map", "reading", "RIT", percentile=40)) == "LoAvg"
    assert band(fact(190, "nwea_map", "reading", "RIT", percentile=40, details={"quintile": "Avg"})) == "Avg"
    assert band(fact(190, "nwea_map", "reading", "RIT")) == ""
    chances = [(1, "High Risk"), (30, "High Risk"), (31, "Some Risk"), (79, "Some Risk"), (80, "On Target")]
    for chance, named in chances:
        assert band(fact(chance, "lexia_core5", "predictor", "percent")) == named
    assert band(fact(271, "dibels_8", "reading", "points", details={"level": "Well Below Benchmark"})).startswith(
        "Well"
    )
    assert band(fact(271, "dibels_8", "reading", "points")) == ""


def test_a_usual_week_is_known_only_where_somebody_publishes_it() -> None:
    aloud = measures.named("dibels_8", "reading", "oral reading fluency", "words a minute")
    assert aloud.usual("4") == 1.2
    assert aloud.usual("K") is None
    assert "Hasbrouck" in aloud.usual_source
    assert measures.named("nwea_map", "reading", "", "RIT").usual("4") is None
    assert all(one.usual_source for one in examples() if one.usual_week)


# How values go together


def test_levels_are_the_latest_and_counts_the_sum_of_this_school_year() -> None:
    facts = [
        fact(12, "lexia_core5", "level", "level", last="2026-09-30"),
        fact(14, "lexia_core5", "level", "level", last="2026-10-31"),
        fact(13, "lexia_core5", "level", "level", last="2026-10-02"),
        minutes(100, "2026-09-01", "2026-09-30"),
        minutes(150, "2026-10-01", "2026-10-31"),
        minutes(999, "2026-05-01", "2026-05-31"),
    ]
    told = {one.measure.measure: one.value for one in of_the_year(facts, TODAY)}
    assert told == {"level": 14, "minutes": 250}


def test_shares_are_summed_on_both_sides() -> None:
    weeks = [
        fact(
            part,
            "habits",
            "homework done",
            "tasks",
            first=f"2026-11-{first:02}",
            last=f"2026-11-{first + 4:02}",
            details={"of": 5},
        )
        for part, first in ((5, 2), (3, 9))
    ]
    (homework,) = of_the_year(weeks, TODAY)
    assert homework.said == "8 of 10"
    assert homework.measure.kind is Kind.SHARE


def test_the_same_minutes_by_month_and_for_the_year_are_not_counted_twice() -> None:
    by_month = [minutes(100, "2026-09-01", "2026-09-30"), minutes(150, "2026-10-01", "2026-10-31")]
    (told,) = of_the_year([*by_month, minutes(270, "2026-07-01", "2026-11-18")], TODAY)
    assert told.value == 270
    (told,) = of_the_year(
        [*by_month, minutes(100, "2026-07-01", "2026-09-30"), minutes(20, "2026-11-01", "2026-11-30")], TODAY
    )
    assert told.value == 270


def test_two_things_on_one_day_are_two() -> None:
    day = [fact(1, "behaviour", "incidents", "times", key=key) for key in (1, 2)]
    (told,) = of_the_year(day, TODAY)
    assert told.value == 2
    assert len(told.facts) == 2


def test_points_taken_away_are_kept() -> None:
    points = [
        fact(value, "behaviour", "points", "points", last=f"2026-11-{day:02}") for value, day in ((5, 2), (-2, 3))
    ]
    assert of_the_year(points, TODAY)[0].value == 3


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(0, 300)), max_size=8))
def test_an_amount_is_the_most_that_periods_without_overlap_add_up_to(periods: list[tuple[int, int, int]]) -> None:
    start = date(2026, 8, 1)
    facts = [
        minutes(value, str(start + timedelta(first)), str(start + timedelta(first + length)), key=key)
        for key, (first, length, value) in enumerate(periods, 1)
    ]
    best = 0
    for chosen in range(1 << len(periods)):
        some = [period for place, period in enumerate(periods) if chosen >> place & 1]
        days = [day for first, length, _value in some for day in range(first, first + length + 1)]
        if len(days) == len(set(days)):
            best = max(best, sum(value for _first, _length, value in some))
    one = measures.named("lexia_core5", "minutes", "", "minutes")
    assert (amount(one, facts).value if facts else 0) == best


def test_a_school_may_say_what_kind_its_own_measure_is() -> None:
    for details, kind in (
        ({}, Kind.LEVEL),
        ({"of": 5}, Kind.SHARE),
        ({"kind": "count"}, Kind.COUNT),
        ({"kind": "x"}, Kind.LEVEL),
    ):
        assert measures.of(fact(3, "club", "plants", "plants", details=details)).kind is kind


def test_no_repr_of_an_amount_shows_a_value() -> None:
    (told,) = of_the_year([minutes(271, "2026-09-01", "2026-09-30")], TODAY)
    assert "271" not in repr(told)


# Files


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("measures.toml", 'kind = "level"', 'kind = "height"', "no kind"),
        ("measures.toml", 'better = "lower"', 'better = "red"', "no better"),
        ("measures.toml", 'seen_by = "adults"', 'seen_by = "everybody"', "no seen_by"),
        ("measures.toml", 'unit = "books"', "unit = 3", "“unit” must be a text"),
        ("measures.toml", 'measure = "reading"', "measure = [3]", "“measure” must be a list of texts"),
        ("measures.toml", 'topic = "practice"', 'tropic = "practice"', "“tropic” is not a thing"),
        ("measures.toml", "compared = false", "compared = 0", "true or false"),
        ("measures.toml", "usual_week = { 1 = 1.9,", 'usual_week = { 1 = "x",', "numbers by grade"),
        ("measures.toml", 'bands = ["Urgent Intervention"', 'bands = [3, "Urgent Intervention"', "“bands” are names"),
        ("measures.toml", 'source = "star"', 'source = "star', "not well-formed"),
        ("words.en.toml", 'name = "Homework"', "name = 7", "“name” must be a text"),
        ("words.en.toml", "books = { one = ", "books = 3 # { one = ", "how a value of it is written"),
        ("words.en.toml", 'week = "My weeks', 'week = 3 # "My weeks', "“week” must be a text"),
    ],
)
def test_the_file_and_the_line_that_is_wrong_are_named(
    tmp_path: Path, file: str, right: str, wrong: str, said: str
) -> None:
    for path in OURS.glob("*.toml"):
        shutil.copy(path, tmp_path)
    text = (OURS / file).read_text(encoding="utf-8")
    assert right in text
    text = text.replace(right, wrong, 1)
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BadData) as caught:
        measures.load(tmp_path), words.load("en", tmp_path)
    assert f"{file}, line {line_of(text, wrong)}" in caught.value.sentence
    assert said in caught.value.sentence


def test_a_measure_without_a_unit_is_named_by_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "measures.toml").write_text(
        '[[measures]]\nunit = "x"\nkind = "level"\n\n[[measures]]\nkind = "level"\n'
    )
    with pytest.raises(BadData, match=r"measures\.toml, line 5: “unit” must be a text"):
        measures.load(tmp_path)
