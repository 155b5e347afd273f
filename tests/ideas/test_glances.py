"""A class at one look: who calls for an educator, in which order, and when a call is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from workbench import Workbench
from workbench.classes.glances import Call, Glance, calls_of, in_order
from workbench.classes.schedule import NEVER, SILENT_FOR, Standing, weigh
from workbench.goals.celebrations import WAITS
from workbench.learners.learners import Learner, SchoolClass

from ..conftest import TODAY


@pytest.fixture
def class_4b(teacher: Workbench) -> SchoolClass:
    return teacher.learners.class_named("4B")


@pytest.fixture
def wren(teacher: Workbench) -> Learner:
    return teacher.learners.named("Wren Castellano")


def glance(number: int, **standing: object) -> Glance:
    due = weigh(Standing(number, **standing), TODAY)  # type: ignore[arg-type]
    return Glance(number, due, (), None, (), (), (), calls_of(due, (), TODAY))


def of(bench: Workbench, learner: Learner) -> Glance:
    class_ = bench.learners.class_named("4B")
    return next(one for one in bench.glances.of(class_, on=TODAY) if one.learner == learner.id)


def test_a_flag_that_cannot_wait_is_first_then_the_order_of_calls_then_days() -> None:
    lately = TODAY - timedelta(days=3)
    stuck = glance(1, stuck=True, talked_on=lately)
    asked = glance(2, flags=("help",), talked_on=lately)
    ready = glance(3, ready_on=TODAY, talked_on=lately)
    near = glance(4, goal_due_on=TODAY, talked_on=lately)
    unseen = glance(5, talked_on=TODAY - timedelta(days=SILENT_FOR))
    never = glance(6)
    nothing = glance(7, talked_on=lately)
    now = glance(8, flags=("help",), now=True, talked_on=lately)
    every = [nothing, unseen, never, near, ready, asked, stuck, now]
    assert [one.learner for one in in_order(every)] == [8, 1, 2, 3, 4, 6, 5, 7]
    assert never.due.weight == NEVER
    assert [one.calls for one in (nothing, never, stuck)] == [(), (Call.UNSEEN,), (Call.STUCK,)]


def test_somebody_is_stuck_until_something_is_said_back_or_the_goal_goes_on_or_one_talked(
    teacher: Workbench, wren: Learner
) -> None:
    goal = teacher.goals.choose(wren, "Read ten pages", on=TODAY)  # without a day, as many are

    def stuck() -> bool:
        return Call.STUCK in of(teacher, wren).calls

    look = teacher.progress.check_in(goal, on=TODAY, feeling="stuck", words="Too long")
    assert stuck()
    said = teacher.responses.give(look, on=TODAY, heart=True)
    assert not stuck()
    teacher.responses.undo(said)
    assert stuck()
    check = teacher.conferences.start(wren, on=TODAY, protocol="quick")
    teacher.goals.choose(check, "Read two pages", on=TODAY)
    teacher.conferences.finish(check, on=TODAY)
    assert not stuck()
    teacher.conferences.reopen(check)
    teacher.conferences.finish(check, on=TODAY)
    again = teacher.progress.check_in(goal, on=TODAY, feeling="stuck")
    assert stuck()
    teacher.progress.check_in(goal, on=TODAY + timedelta(days=1), feeling="going")
    assert not stuck()
    assert again.words == ""


def test_a_met_goal_calls_until_it_is_celebrated_or_long_ago(teacher: Workbench, wren: Learner) -> None:
    goal = teacher.goals.choose(wren, "Read ten pages", on=TODAY)
    teacher.goals.revise(goal, state="met")
    assert of(teacher, wren).met[0].goal.id == goal.id
    class_ = teacher.learners.class_named("4B")
    assert teacher.celebrations.waiting(class_.id, on=TODAY + WAITS + timedelta(days=1)) == ()
    first = teacher.celebrations.tick(goal)
    assert teacher.celebrations.tick(goal) == first
    assert of(teacher, wren).met == ()
    teacher.celebrations.undo(first)
    assert Call.MET in of(teacher, wren).calls


def test_the_goal_changed_last_is_told_with_its_newest_face(teacher: Workbench, wren: Learner) -> None:
    older = teacher.goals.choose(wren, "Read ten pages", on=TODAY)
    newer = teacher.goals.choose(wren, "Ask one question", on=TODAY)
    teacher.progress.check_in(newer, on=TODAY, feeling="great")
    teacher.progress.check_in(newer, on=TODAY + timedelta(days=1), feeling="slow")
    one = of(teacher, wren)
    assert [goal.id for goal in one.goals] == [newer.id, older.id]
    assert one.look is not None
    assert one.look.feeling == "slow"


def test_any_of_it_is_a_change_and_nothing_else_is(teacher: Workbench, wren: Learner) -> None:
    at = teacher.glances.changed(0)
    teacher.notes.write(wren, "Asked twice about it")
    assert teacher.glances.changed(at) == at
    teacher.flags.raise_(wren, "help")
    assert teacher.glances.changed(at) > at


def test_what_a_learner_only_got_ready_for_is_not_in_the_middle(teacher: Workbench, wren: Learner) -> None:
    held = teacher.conferences.prepare(wren, on=TODAY)
    teacher.reflections.say(held, move="reflect", prompt="went-well", asked="What went well?", words="My poster")
    teacher.conferences.ready(held, on=TODAY)
    assert held.id not in {one.id for one in teacher.conferences.unfinished()}
    assert Call.READY in of(teacher, wren).calls
    sat = teacher.conferences.start(wren, on=TODAY)
    assert (sat.id, sat.sat_on) == (held.id, TODAY)
    assert held.id in {one.id for one in teacher.conferences.unfinished()}
