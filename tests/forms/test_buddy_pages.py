"""Learning buddies on pages: the one exception to "no other learner's name", and only while an educator has a pair."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from widgets import ClassBoard, GoalBoard
from workbench import Workbench
from workbench.learners.learners import Learner

from ..conftest import TODAY
from .test_widgets import answer, block, blocks, saved, shown

SHARED, KEPT = "Ask one question in science", "Not cry when I lose"


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named("Mei Chen")


@pytest.fixture
def linh(teacher: Workbench) -> Learner:
    found = teacher.learners.named("Linh Nguyễn")
    teacher.goals.choose(found, SHARED, on=TODAY, horizon="today", shared=True)
    teacher.goals.choose(found, KEPT, on=TODAY, horizon="today")
    return found


def outside(form: GoalBoard) -> str:
    """What a page shows beside the block of what buddies share."""
    return json.dumps([one for one in form.screen["blocks"] if one["name"] != "buddies"], ensure_ascii=False)


def test_without_a_pair_nobody_is_named_and_nothing_can_be_shared(
    teacher: Workbench, mei: Learner, linh: Learner
) -> None:
    teacher.goals.choose(mei, "Count to ten", on=TODAY, horizon="today")
    form = GoalBoard(teacher, mei, today=TODAY)
    assert "buddies" not in [one["name"] for one in blocks(form)]
    assert not any(one["name"].endswith(".shared") for one in blocks(form))
    for word in ("Linh", "Nguyễn", SHARED):
        assert word not in shown(form)


def test_a_buddy_is_named_by_the_first_name_beside_what_was_shared_and_nowhere_else(
    teacher: Workbench, mei: Learner, linh: Learner
) -> None:
    teacher.buddies.pair(mei, linh, until=TODAY + timedelta(days=7))
    form = GoalBoard(teacher, mei, today=TODAY)
    card = block(form, "buddies")
    assert [one["words"] for one in card["inside"][1]["inside"]] == ["Linh", SHARED]
    for word in ("Nguyễn", KEPT):
        assert word not in shown(form)
    assert "Linh" not in outside(form)
    later = GoalBoard(teacher, mei, today=TODAY + timedelta(days=8))
    assert "Linh" not in shown(later)


def test_a_goal_for_today_is_shared_with_one_touch_and_kept_back_with_another(
    teacher: Workbench, mei: Learner, linh: Learner
) -> None:
    pair = teacher.buddies.pair(linh, mei)
    goal = teacher.goals.choose(mei, "Count to ten", on=TODAY, horizon="today")
    mine, theirs = (GoalBoard(teacher, one, today=TODAY) for one in (mei, linh))
    assert "Count to ten" not in shown(theirs)
    saved(mine, f"goal/{goal.id}.shared")
    theirs.refresh()
    assert "Count to ten" in json.dumps(block(theirs, "buddies"))
    saved(mine, f"goal/{goal.id}.met")
    saved(mine, f"met/{goal.id}/shared")
    theirs.refresh()
    assert "Count to ten" not in shown(theirs)
    teacher.buddies.part(pair)
    theirs.refresh()
    assert "buddies" not in [one["name"] for one in blocks(theirs)]


def test_a_class_s_teacher_pairs_two_and_ends_it_each_with_a_way_back(
    teacher: Workbench, mei: Learner, linh: Learner
) -> None:
    board = ClassBoard(teacher, today=TODAY)
    board.go("agreed")
    board.refresh()
    assert "Choose both first" in answer(board, "buddies/pair", True)[0]["next"]
    saved(board, "buddies/one", str(mei.id))
    saved(board, "buddies/other", str(linh.id))
    saved(board, "buddies/purpose", "Science")
    saved(board, "buddies/pair")
    (pair,) = teacher.buddies.of(mei, on=TODAY)
    assert (pair.other(mei.id), pair.purpose) == (linh.id, "Science")
    saved(board, f"buddies/{pair.id}/part")
    assert teacher.buddies.of(mei, on=TODAY) == ()
    saved(board, "undo")
    assert len(teacher.buddies.of(linh, on=TODAY)) == 1
    board.cover()
    board.refresh()
    assert "Science" not in shown(board)
    board.close()
