"""A goal's plan on the board: ways three in a row, steps done, what helps somebody behind, and a week on paper."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from widgets import ClassBoard, GoalBoard
from workbench import Workbench
from workbench.conferences.protocols import OURS, menu
from workbench.goals.goals import Goal
from workbench.goals.plans import LINES, Pace, Plan, Step, StepKind, guide, three_in_a_row
from workbench.ground.days import school_day
from workbench.ground.words import speaking
from workbench.learners.learners import Learner

from ..conftest import TODAY
from .test_widgets import block, blocks, pick, saved, shown


def test_three_in_a_row_are_seen_across_down_and_aslant() -> None:
    assert three_in_a_row([0, 1, 3]) == frozenset()
    assert all(three_in_a_row(line) == frozenset(line) for line in LINES)
    assert three_in_a_row([0, 1, 2, 4, 8]) == {0, 1, 2, 4, 8}
    assert len(LINES) == 8


def step(words: str, due: int | None = None, *, done: bool = False) -> Step:
    due_on = None if due is None else TODAY + timedelta(days=due)
    return Step(words, 1, "g", StepKind.WAY, words, due_on=due_on, done_on=TODAY if done else None)


@pytest.mark.parametrize(
    ("steps", "pace"),
    [
        ([step("a")], Pace.OPEN),
        ([step("a", 0), step("b", 3)], Pace.ON_THE_WAY),
        ([step("a", -1, done=True), step("b", 3)], Pace.ON_THE_WAY),
        ([step("a", 3, done=True), step("b", 5)], Pace.AHEAD),
        ([step("a", -1), step("b", 3, done=True)], Pace.BEHIND),
        ([step("a", -1, done=True)], Pace.DONE),
    ],
)
def test_the_pace_is_held_against_the_plan_s_own_days(steps: list[Step], pace: Pace) -> None:
    assert guide(Plan("g", 1, steps=tuple(steps)), TODAY).pace is pace


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_school_s_menus_without_supports_have_ours(tmp_path: Path, language: str) -> None:
    ours = menu("supports", language)
    assert len(ours) >= 5
    text = (OURS / f"menus.{language}.toml").read_text(encoding="utf-8")
    (tmp_path / f"menus.{language}.toml").write_text(text.partition("[supports]")[0], encoding="utf-8")
    assert menu("supports", language, folder=tmp_path) == ours


@pytest.fixture
def omar(teacher: Workbench) -> Learner:
    return teacher.learners.named("Omar Haddad")


@pytest.fixture
def goal(teacher: Workbench, omar: Learner) -> Goal:
    return teacher.goals.of_learner(omar)[-1]


@pytest.fixture
def board(teacher: Workbench, omar: Learner, goal: Goal) -> GoalBoard:
    form = GoalBoard(teacher, omar, today=TODAY)
    saved(form, f"goal/{goal.id}.plan")
    return form


def test_ways_picked_in_a_row_are_shown_and_planned_in_detail(teacher: Workbench, goal: Goal, board: GoalBoard) -> None:
    name = f"plan/{goal.id}/ways"
    first_row = [one["value"] for one in block(board, name)["options"]][:3]
    for words in first_row:
        pick(board, name, words)
    assert [one["value"] for one in block(board, name)["options"] if one.get("row")] == first_row
    assert block(board, name)["says"] == "Three in a row!"
    added = teacher.plans.of(goal).steps[-1]
    saved(board, f"{name}.{added.id}.partner", "Mei")
    saved(board, f"plan/{goal.id}/asked.obstacle", "I am tired")
    saved(board, f"plan/{goal.id}/asked.answer", "I read before supper")
    steps = teacher.plans.of(goal).steps
    assert [one.partner for one in steps if one.words == added.words] == ["Mei"]
    assert steps[-1].words == "I am tired → I read before supper"


def test_who_is_behind_chooses_what_helps_or_takes_more_days_and_can_take_it_back(
    teacher: Workbench, goal: Goal, board: GoalBoard
) -> None:
    (late,) = (one for one in teacher.plans.of(goal).steps if one.kind is StepKind.WAY)
    assert late.due_on is not None
    assert late.due_on < TODAY
    assert "A step waits" in shown(board)
    pick(board, f"plan/{goal.id}/supports", "Make the step smaller")
    assert teacher.plans.of(goal).steps[-1].due_on == school_day(TODAY + timedelta(days=1))
    saved(board, f"plan/{goal.id}/time")
    assert "A step waits" not in shown(board)
    saved(board, "undo")
    assert next(one for one in teacher.plans.of(goal).steps if one.id == late.id).due_on == late.due_on
    saved(board, f"plan/{goal.id}/step/{late.id}/done")
    assert "1 of 2 steps done" in shown(board)


def test_an_answer_sent_after_a_reload_finds_its_plan(teacher: Workbench, omar: Learner, goal: Goal) -> None:
    again = GoalBoard(teacher, omar, today=TODAY)
    saved(again, f"plan/{goal.id}/show", "Teach a partner")
    assert teacher.plans.of(goal).show == "Teach a partner"


def test_a_week_is_planned_on_paper_by_day_for_one_and_for_the_class(
    teacher: Workbench, omar: Learner, goal: Goal
) -> None:
    teacher.plans.add_step(goal, "Read with Dad", place="my bed", due_on=date(2026, 11, 25))
    form = GoalBoard(teacher, omar, today=TODAY)
    saved(form, "week")
    (page,) = (one for one in blocks(form) if one["name"] == f"week/{omar.id}")
    days = [list(part["inside"]) for part in page["inside"] if part["kind"] == "group"]
    assert [part[0]["words"] for part in days[:5]] == [
        *("Monday, November 23", "Tuesday, November 24", "Wednesday, November 25"),
        *("Thursday, November 26", "Friday, November 27"),
    ]
    assert days[2][1]["rows"] == ["Read with Dad · my bed"]
    klass = ClassBoard(teacher, today=TODAY)
    klass.go("paper")
    with speaking("en"):
        klass.refresh()
    saved(klass, "paper/what", "weeks")
    assert sum(one["name"].startswith("week/") for one in blocks(klass)) == 28
    klass.close()


def test_the_youngest_plan_in_pictures(teacher: Workbench, omar: Learner, goal: Goal) -> None:
    teacher.settings.choose(omar, band="K-2", language="en")
    form = GoalBoard(teacher, omar, today=TODAY)
    saved(form, f"goal/{goal.id}.plan")
    ways = block(form, f"plan/{goal.id}/ways")
    assert all(one["picture"] for one in ways["options"])
    assert not any(one["kind"] == "text" for one in blocks(form))
