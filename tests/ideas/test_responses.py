"""What educators say back: a heart or a line to what a learner wrote, seen once, and read by nobody else."""

from __future__ import annotations

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput, NotAllowed
from workbench.learners.learners import Learner
from workbench.sample import cast

from ..conftest import TODAY, clock


@pytest.fixture
def luz(teacher: Workbench) -> Learner:
    return teacher.learners.named(cast.LUZ)


def test_a_heart_and_a_line_to_one_thing_are_one_and_wait_until_they_are_seen(teacher: Workbench, luz: Learner) -> None:
    held = teacher.conferences.of(luz)[0]
    given = teacher.responses.give(held, on=TODAY, heart=True)
    assert teacher.responses.give(held, on=TODAY, words=" I saw it ").id == given.id
    with Workbench.open(teacher.workspace, actor=f"learner:{luz.code}", clock=clock) as own:
        (waits,) = own.responses.waiting(luz)
        assert (waits.heart, waits.words, waits.about) == (True, "I saw it", held.id)
        own.responses.see(waits, on=TODAY)
        assert own.responses.waiting(luz) == ()
        assert own.responses.of(luz)[0].seen_on == TODAY
        with pytest.raises(NotAllowed):
            own.responses.give(held, on=TODAY, heart=True)
    teacher.responses.give(held, on=TODAY, words="And once more")
    assert [one.words for one in teacher.responses.waiting(luz)] == ["And once more"]
    teacher.responses.undo(given)
    assert [one.words for one in teacher.responses.of(luz)] == ["I saw it"]


def test_neither_a_heart_nor_a_word_is_nothing(teacher: Workbench, luz: Learner) -> None:
    with pytest.raises(BadInput, match="no words"):
        teacher.responses.give(teacher.conferences.of(luz)[0], on=TODAY, words="  ")
    assert teacher.responses.of(luz) == ()


def test_a_coach_reads_it_and_says_nothing_back_and_a_family_does_not_see_it(teacher: Workbench, luz: Learner) -> None:
    held = teacher.conferences.of(luz)[0]
    teacher.responses.give(held, on=TODAY, words="I saw it")
    with Workbench.open(teacher.workspace, actor="admin:office", clock=clock) as office:
        office.accounts.tie("coach:c1", school=office.workspace.school, until=TODAY)
        office.accounts.tie("family:f1", learner=luz, until=TODAY)
    with Workbench.open(teacher.workspace, actor="coach:c1", clock=clock) as coach:
        assert [one.words for one in coach.responses.of(luz)] == ["I saw it"]
        with pytest.raises(NotAllowed):
            coach.responses.give(held, on=TODAY, heart=True)
    with Workbench.open(teacher.workspace, actor="family:f1", clock=clock) as family:
        assert family.responses.of(luz) == ()
