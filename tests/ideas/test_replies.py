"""What families write back: kept by whom it came through, read by whom it is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput, NotAllowed
from workbench.learners.learners import Learner
from workbench.learners.replies import Question, Via

WORDS = "She reads to her brother each evening"


@pytest.fixture
def luz(teacher: Workbench) -> Learner:
    from workbench.sample import cast

    return teacher.learners.named(cast.LUZ)


def test_a_phone_call_is_typed_in_and_read_by_the_teacher(teacher: Workbench, luz: Learner) -> None:
    kept = teacher.replies.add(luz, "wish", f"  {WORDS} ", via="phone")
    assert (kept.words, kept.via, kept.question, kept.by) == (WORDS, Via.PHONE, Question.WISH, "teacher:t17")
    assert teacher.replies.of(luz) == (kept,)
    assert teacher.replies.to_learner(luz) == ()
    with pytest.raises(BadInput):
        teacher.replies.add(luz, Question.WISH, "  ")


def test_what_is_for_the_learner_is_read_by_the_learner_and_no_more(teacher: Workbench, luz: Learner) -> None:
    teacher.replies.add(luz, "at home", "Not for her")
    told = teacher.replies.add(luz, "at home", WORDS, to_learner=True)
    with Workbench.open(teacher.workspace, actor=f"learner:{luz.code}", clock=teacher.clock) as own:
        assert own.replies.to_learner(luz) == (told,)
        assert own.replies.of(luz) == ()
        with pytest.raises(NotAllowed):
            own.replies.add(luz, "wish", "I am my family")


def test_a_class_s_are_the_newest_first_from_a_day_on(teacher: Workbench, luz: Learner) -> None:
    first, second = (teacher.replies.add(luz, "wish", words) for words in ("One", "Two"))
    which = teacher.learners.class_named("4B").id
    assert teacher.replies.of_class(which, since=first.on) == (second, first)
    assert teacher.replies.of_class(which, since=first.on + timedelta(days=1)) == ()


def test_only_one_s_own_is_taken_back_and_brought_back(teacher: Workbench, luz: Learner) -> None:
    with Workbench.open(teacher.workspace, actor="admin:office", clock=teacher.clock) as office:
        office.accounts.tie("family:f1", learner=luz, until=date.max)
    typed = teacher.replies.add(luz, "wish", "By the teacher")
    with Workbench.open(teacher.workspace, actor="family:f1", clock=teacher.clock) as family:
        mine = family.replies.add(luz, "wish", WORDS)
        assert family.replies.own(luz) == (mine,)
        family.replies.withdraw(mine)
        assert family.replies.own(luz) == ()
        family.replies.undo(mine)
        assert family.replies.own(luz)[0].words == WORDS
        with pytest.raises(NotAllowed):
            family.replies.withdraw(typed)
        assert family.replies.of(luz) == ()
