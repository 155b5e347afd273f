"""A learner's year: everything the reader may see of it, the newest first, and each conference as it was."""

from __future__ import annotations

import pytest

from widgets import ConferenceStepper, YearBoard
from workbench import Workbench
from workbench.classes.years import Kind
from workbench.learners.learners import Learner
from workbench.sample import cast

from ..conftest import TODAY
from .test_widgets import block, saved, shown


@pytest.fixture
def luz(teacher: Workbench) -> Learner:
    return teacher.learners.named(cast.LUZ)


def test_a_year_is_there_newest_first_and_by_its_parts(teacher: Workbench, luz: Learner) -> None:
    teacher.artifacts.add(luz, "My volcano story")
    teacher.notes.write(luz, "Asked twice about it")
    moments = teacher.years.of(luz)
    assert [one.day for one in moments] == sorted((one.day for one in moments), reverse=True)
    assert {Kind.CONFERENCE, Kind.GOAL, Kind.CHECK_IN, Kind.WORK, Kind.RESULT, Kind.NOTE} <= {
        one.kind for one in moments
    }
    board = YearBoard(teacher, luz, today=TODAY)
    assert "My volcano story" in shown(board)
    saved(board, "part", "results")
    assert "My volcano story" not in shown(board)
    saved(board, "part", "work")
    assert "My volcano story" in shown(board)


def test_a_conference_opens_as_it_was(teacher: Workbench, luz: Learner) -> None:
    held = teacher.conferences.of(luz)[0]
    said = next(one.words for one in teacher.reflections.every(held) if one.words)
    board = YearBoard(teacher, luz, today=TODAY)
    before = teacher.conferences.of(luz)
    saved(board, f"open/{held.id}")
    assert said in shown(board)
    assert block(board, "agreement")
    saved(board, "back")
    assert said not in shown(board) or "School year" in shown(board)
    assert teacher.conferences.of(luz) == before  # looking changes nothing


def test_a_learner_sees_the_own_year_without_what_educators_keep(teacher: Workbench, luz: Learner) -> None:
    teacher.notes.write(luz, "Asked twice about it")
    teacher.notes.write(luz, "You asked a good question", visibility="shared")
    with Workbench.open(teacher.workspace, actor=f"learner:{luz.code}", clock=teacher.clock) as own:
        page = shown(YearBoard(own, luz, today=TODAY))
        assert "You asked a good question" in page
        assert "Asked twice" not in page
        assert own.years.of(own.learners.get(luz.id))


def test_what_is_for_educators_stands_where_they_look_for_it_and_not_beside_the_learner(
    teacher: Workbench, luz: Learner
) -> None:
    teacher.notes.write(luz, "Asked twice about it")
    teacher.replies.add(luz, "wish", "Please call on Monday")
    teacher.replies.add(luz, "at home", "We are proud of you", to_learner=True)
    board = YearBoard(teacher, luz, today=TODAY)
    assert "We are proud of you" in shown(board)
    assert "Asked twice" not in shown(board)
    assert "Please call" not in shown(board)
    saved(board, "part", "more")
    assert "Asked twice" in shown(board)
    assert "Please call" in shown(board)


def test_where_there_is_nothing_it_says_what_will_come(teacher: Workbench, luz: Learner) -> None:
    board = YearBoard(teacher, luz, today=TODAY)
    board._part = "more"
    board.refresh()
    assert "come here by themselves" in shown(board)


def test_a_finished_conference_comes_back_as_it_is_and_another_is_begun_by_choice(
    teacher: Workbench, luz: Learner
) -> None:
    stepper = ConferenceStepper.of(teacher, luz, today=TODAY)
    goal = teacher.goals.choose(stepper.conference, "Read ten pages", on=TODAY)
    stepper.finish()
    again = ConferenceStepper.of(teacher, luz, today=TODAY)
    assert again.conference.id == stepper.conference.id
    assert again.conference.finished
    assert goal.words in shown(again)
    count = len(teacher.conferences.of(luz))
    saved(again, "another")
    assert again.conference.id != stepper.conference.id
    assert len(teacher.conferences.of(luz)) == count + 1
