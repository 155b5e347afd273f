"""The adviser notices what could make a goal easier to keep, and leaves a good one alone."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.conferences.protocols import load as protocol
from workbench.evidence.pace import Pace, usual_amount, usual_pace
from workbench.goals.goals import Goal, Horizon, State
from workbench.goals.help import OURS, Rule, advise, beyond_pace, guess, load
from workbench.ground import words
from workbench.ground.bands import BANDS
from workbench.ground.errors import BadData

DAY = date(2026, 11, 23)
GOAL = Goal(
    id="g",
    learner=1,
    conference="",
    words="Read ten minutes before bed",
    purpose="I want to finish my book about whales",
    horizon=Horizon.SHORT,
    chosen_on=DAY,
    due_on=DAY + timedelta(days=4),
    state=State.ACTIVE,
    area="reading",
)


def rules(goal: Goal, *recent: Goal, said_in: str = "en") -> list[Rule]:
    return [advice.rule for advice in advise(goal, recent=recent, said_in=said_in)]


def said(text: str, said_in: str = "en") -> list[Rule]:
    return rules(replace(GOAL, words=text), said_in=said_in)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_good_example_of_ours_is_left_alone_and_every_area_has_one(language: str) -> None:
    for area in load(language).areas:
        assert area.examples
        for _vague, good in area.examples:
            assert said(good, language) == [], good


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("band", BANDS)
def test_the_goals_that_the_conference_offers_are_left_alone(band: str, language: str) -> None:
    offered = [one for p in protocol("full", band, language).prompts if p.saves == "goal" for one in p.options]
    assert offered
    for one in offered:
        assert said(one.words, language) == [], one.words


WRONG = 0.05  # of the goals in a list
WORDS = {Rule.COMPARED, Rule.NO_VERB, Rule.ONLY_A_NUMBER, Rule.SEVERAL, Rule.VAGUE}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["good", "vague"])
def test_vague_goals_are_told_and_good_ones_left_alone(language: str, kind: str) -> None:
    with (Path(__file__).parent / f"goals.{language}.toml").open("rb") as file:
        goals = tomllib.load(file)[kind]
    assert len(goals) >= 60
    wrong = [one for one in goals if bool(WORDS & {*said(one, language)}) is (kind == "good")]
    assert len(wrong) <= WRONG * len(goals), wrong


@pytest.mark.parametrize("language", ["en", "es"])
def test_whatever_is_called_vague_here_is_told_so(language: str) -> None:
    for area in load(language).areas:
        for vague, _good in area.examples:
            assert WORDS & {*said(vague, language)}, vague


@pytest.mark.parametrize(
    ("text", "said_in"),
    [("Be the best reader in the class", "en"), ("so I can beat Marcus", "en"), ("Run as fast as Omar", "en"),
     ("Read more books than my brother", "en"), ("Leer más rápido que Ana", "es"), ("Ganarle a Omar en sumas", "es"),
     ("Ser la mejor de la clase", "es")],
)  # fmt: skip
def test_a_goal_measured_by_others_is_asked_for_a_measure_of_one_s_own(text: str, said_in: str) -> None:
    assert said(text, said_in) == [Rule.COMPARED]


@pytest.mark.parametrize(
    ("text", "said_in"),
    [("Read more than ten pages each night", "en"), ("Swim farther than last week: three laps", "en"),
     ("Beat my own record of ten jumps", "en"), ("Ask again rather than guess on Monday’s quiz", "en"),
     ("Leer más de diez páginas cada noche", "es"), ("Nadar más rápido que ayer: dos vueltas", "es")],
)  # fmt: skip
def test_who_looks_at_oneself_compares_with_nobody(text: str, said_in: str) -> None:
    assert said(text, said_in) == []


@pytest.mark.parametrize("mark", "'’ʼ`")
def test_an_apostrophe_of_any_form_is_read(mark: str) -> None:
    assert said(f"I don{mark}t know") == [Rule.VAGUE]
    assert said(f"I{mark}ll read one page to my cat") == []
    assert rules(replace(GOAL, purpose=f"I don{mark}t know")) == [Rule.NO_REASON]


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_area_is_guessed_from_its_own_good_example(language: str) -> None:
    areas = load(language).areas
    guessed = [guess(good, said_in=language) == area.id for area in areas for _vague, good in area.examples]
    assert sum(guessed) >= len(guessed) - 2
    assert guess("Zzz", said_in=language) == ""


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("name", ["full", "quick", "family"])
def test_every_goal_that_is_offered_tells_its_area(name: str, band: str, language: str) -> None:
    offered = [one.words for p in protocol(name, band, language).prompts if p.saves == "goal" for one in p.options]
    assert [one for one in offered if not guess(one, said_in=language)] == []


@pytest.mark.parametrize(
    ("text", "said_in"), [("Fractions", "en"), ("My handwriting", "en"), ("Fracciones", "es"), ("Mi letra", "es")]
)
def test_a_goal_without_a_doing_is_asked_what_one_will_do(text: str, said_in: str) -> None:
    assert said(text, said_in) == [Rule.NO_VERB]


@pytest.mark.parametrize(
    ("text", "said_in"),
    [("200", "en"), ("Get 200 points", "en"), ("Score 195 RIT in reading by spring", "en"), ("Level 12", "en"),
     ("Sacar 200 puntos en lectura", "es"), ("Nivel 12", "es")],
)  # fmt: skip
def test_a_goal_that_is_a_number_is_asked_for_the_way_there(text: str, said_in: str) -> None:
    assert said(text, said_in) == [Rule.ONLY_A_NUMBER]


def test_several_goals_in_one_are_asked_which_comes_first() -> None:
    assert said("Read every night. Practise fractions. Ask more questions.") == [Rule.SEVERAL]
    assert said("Read every night and write a page and help my brother") == [Rule.SEVERAL]


def test_a_small_goal_far_off_is_asked_for_something_nearer() -> None:
    assert rules(replace(GOAL, due_on=DAY + timedelta(days=14))) == []
    assert rules(replace(GOAL, due_on=DAY + timedelta(days=15))) == [Rule.TOO_FAR]
    assert rules(replace(GOAL, horizon=Horizon.LONG, due_on=DAY + timedelta(days=90))) == []
    assert rules(replace(GOAL, due_on=None)) == []


@pytest.mark.parametrize("purpose", ["", " ", "Because I have to", "read ten minutes before bed!"])
def test_a_goal_without_a_reason_is_asked_for_one(purpose: str) -> None:
    assert rules(replace(GOAL, purpose=purpose)) == [Rule.NO_REASON]


def test_weeks_of_school_subjects_alone_are_worth_a_word() -> None:
    earlier = replace(GOAL, id="e", area="mathematics", chosen_on=DAY - timedelta(days=20))
    assert rules(GOAL, earlier) == [Rule.ALL_SUBJECTS]
    assert rules(GOAL, earlier, replace(earlier, id="f", area="feelings")) == []
    assert rules(GOAL) == []
    assert rules(replace(GOAL, area=""), earlier) == []


def test_the_usual_pace_is_the_median_of_a_weeks_changes() -> None:
    weekly = [(DAY + timedelta(weeks=week), float(level)) for week, level in enumerate((3, 4, 4, 6, 7))]
    assert usual_pace(weekly) == Pace(1.0, 0.5, 4)
    assert usual_pace(weekly[:2]) is None
    assert usual_pace([(DAY, 1.0), (DAY + timedelta(days=1), 2.0), (DAY + timedelta(days=2), 3.0)]) is None
    assert usual_amount([40, 60, 50]) == Pace(50, 10, 3)


def test_a_target_far_beyond_the_usual_pace_is_told_with_a_first_step() -> None:
    advice = beyond_pace(18, 12, weeks=2, pace=Pace(1.0, 0.0, 5))
    assert advice is not None
    assert "about 3 times your usual" in advice.sentence
    assert "14" in advice.sentence
    assert beyond_pace(14, 12, weeks=2, pace=Pace(1.0, 0.0, 5)) is None
    assert beyond_pace(10, 12, weeks=2, pace=Pace(1.0, 0.0, 5)) is None


@pytest.mark.parametrize(("said_in", "steps"), [("en", "in steps"), ("es", "por pasos")])
def test_a_target_many_times_the_usual_pace_is_told_without_a_daunting_figure(said_in: str, steps: str) -> None:
    with words.speaking(said_in):
        near, far = (beyond_pace(value, 0, weeks=1, pace=Pace(2.0, 0.0, 5)) for value in (10, 60))
    assert near is not None
    assert far is not None
    assert "5" in near.sentence
    assert "30" not in far.sentence
    assert steps in far.sentence
    assert "2." in far.sentence  # the first step is the usual pace


def test_a_learner_whose_number_stood_still_gets_a_first_step_and_no_reproach() -> None:
    advice = beyond_pace(18, 12, weeks=1, pace=Pace(0.0, 0.0, 5))
    assert advice is not None
    assert "times" not in advice.sentence
    assert "13" in advice.sentence


@given(st.text(max_size=80), st.sampled_from(["en", "es"]))
@settings(deadline=None)
def test_whatever_a_child_writes_the_adviser_only_advises(text: str, said_in: str) -> None:
    for advice in advise(replace(GOAL, words=text), said_in=said_in):
        assert advice.sentence


def test_the_advice_is_said_in_the_language_of_the_page() -> None:
    words.speak("en")
    assert advise(replace(GOAL, words="Fracciones"), said_in="es")[0].rule is Rule.NO_VERB


def test_a_wrong_line_of_the_data_is_named(tmp_path: Path) -> None:
    text = (OURS / "words.en.toml").read_text(encoding="utf-8")
    (tmp_path / "words.en.toml").write_text(text.replace("subject = true", 'subject = "yes"', 1), encoding="utf-8")
    line = text.splitlines().index("subject = true") + 1
    with pytest.raises(BadData, match=f"line {line}"):
        load("en", tmp_path)
