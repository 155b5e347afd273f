"""A flag goes up and is seen, answered or taken down; nobody has to look for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.classes.flags import Kind, Urgency
from workbench.ground.errors import BadInput, NotAllowed
from workbench.learners.learners import Learner
from workbench.workspace import Workspace

from ..conftest import clock
from ..store.test_store import ON, write

CLASSES = """\
Student ID,First Name,Last Name,Class,Teacher,Teacher ID,Grade,School
001,Luz,Marín,4B,"Rivera, Ana",t17,4,Cedar Hill
002,Omar,Haddad,4B,"Rivera, Ana",t17,4,Cedar Hill
003,Bea,Okafor,1A,"Feld, Jo",t05,1,Cedar Hill
"""


class Clock:
    """Tells a minute later each time."""

    def __init__(self) -> None:
        self.now = clock()

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    with Workbench.open(workspace, actor="teacher:t17", clock=Clock()) as opened:
        yield opened


@pytest.fixture
def luz(bench: Workbench) -> Learner:
    return bench.learners.named("001")


def test_a_flag_says_what_for_how_urgent_and_what_was_tried_until_it_is_answered(
    bench: Workbench, luz: Learner
) -> None:
    raised = bench.flags.raise_(
        luz, "help", urgency="now", words=" I am stuck on fractions ", tried=["Looked at the chart", "Asked Mei"]
    )
    assert bench.flags.up() == (raised,)
    assert (raised.kind, raised.urgency, raised.words) == (Kind.HELP, Urgency.NOW, "I am stuck on fractions")
    assert raised.tried == ("Looked at the chart", "Asked Mei")
    assert raised.up
    seen = bench.flags.see(raised)
    assert seen.seen_at is not None
    assert seen.seen_at > raised.raised_at
    assert bench.flags.see(raised) == seen
    answered = bench.flags.answer(raised, "Come to the round table")
    assert (answered.up, answered.answer, answered.seen_at) == (False, "Come to the round table", seen.seen_at)
    assert bench.flags.up() == ()
    assert bench.flags.of(luz) == (answered,)
    told = bench.flags.history(raised)
    assert [(one.seen_at is not None, one.up) for one in told] == [(False, True), (True, True), (True, False)]
    assert {one.by for one in told} == {"teacher:t17"}


def test_the_most_urgent_flag_comes_first_and_of_those_alike_who_has_waited_longest(
    bench: Workbench, luz: Learner
) -> None:
    omar = bench.learners.named("002")
    bench.flags.raise_(luz, "show", urgency="soon")
    bench.flags.raise_(omar, "buddy", urgency="today")
    bench.flags.raise_(luz, "conference", urgency="today")
    bench.flags.raise_(omar, "help", urgency="now")
    assert [one.kind for one in bench.flags.up()] == ["help", "buddy", "conference", "show"]


def test_asking_again_for_the_same_thing_changes_the_flag_that_is_up(bench: Workbench, luz: Learner) -> None:
    first = bench.flags.raise_(luz, "help", urgency="soon", words="Fractions")
    again = bench.flags.raise_(luz, "help", urgency="now")
    assert (again.id, again.words, again.urgency, again.raised_at) == (first.id, "Fractions", "now", first.raised_at)
    bench.flags.answer(again)
    assert bench.flags.raise_(luz, "help").id != first.id


def test_a_flag_taken_down_can_be_put_up_again_and_an_answer_taken_back(bench: Workbench, luz: Learner) -> None:
    flag = bench.flags.raise_(luz, "help", words="Fractions")
    bench.flags.take_down(flag)
    assert bench.flags.up() == ()
    bench.flags.undo(flag)
    assert [one.words for one in bench.flags.up()] == ["Fractions"]
    bench.flags.answer(flag)
    with pytest.raises(BadInput, match="answered already"):
        bench.flags.take_down(flag)
    bench.flags.undo(flag)
    assert bench.flags.up()[0].up


def test_a_flag_is_raised_by_the_learner_and_answered_by_an_educator_of_theirs_alone(
    workspace: Workspace, bench: Workbench, luz: Learner
) -> None:
    with Workbench.open(workspace, actor="learner:001", clock=clock) as own:
        flag = own.flags.raise_(luz, "conference")
        with pytest.raises(NotAllowed):
            own.flags.answer(flag)
        with pytest.raises(NotAllowed):
            own.flags.raise_(bench.learners.named("002"))
        own.flags.take_down(flag)
        own.flags.undo(flag)
    with Workbench.open(workspace, actor="teacher:t05", clock=clock) as other:
        assert other.flags.up() == ()
        with pytest.raises(NotAllowed):
            other.flags.answer(flag)
    assert bench.flags.up()[0].id == flag.id


def test_whether_a_flag_rose_is_cheap_to_ask_and_told_across_kernels(
    workspace: Workspace, bench: Workbench, luz: Learner
) -> None:
    since = bench.flags.changed(0)
    bench.goals.choose(luz, "Read", on=ON)
    assert bench.flags.changed(since) == since
    with Workbench.open(workspace, actor="learner:001", clock=clock) as own:
        own.flags.raise_(luz)
    newer = bench.flags.changed(since)
    assert newer > since
    assert bench.flags.changed(newer) == newer
