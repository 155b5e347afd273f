"""Groups on My class: proposed, said why, moved by hand, kept, shown to all by name alone, and taken apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from widgets import ClassBoard
from workbench import Workbench
from workbench.classes.groups import NAMES, standing
from workbench.goals import help as goal_help
from workbench.ground.words import speaking
from workbench.learners.learners import Learner
from workbench.sample import cast

from .test_widgets import answer, block, blocks, pick, saved, shown

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def board(teacher: Workbench) -> ClassBoard:
    page = ClassBoard(teacher, teacher.learners.class_named("4B"), today=WEDNESDAY)
    saved(page, "go/groups")
    return page


def drafted(board: ClassBoard) -> dict[int, str]:
    """The place of each learner of the draft, by number."""
    rows = [one for one in blocks(board) if one["name"].startswith("groups/move/")]
    return {int(one["name"].rpartition("/")[2]): one["value"] for one in rows}


def kept(teacher: Workbench) -> list[set[int]]:
    class_ = teacher.learners.class_named("4B")
    now = standing(teacher.groups.in_class(class_.id, since=WEDNESDAY, until=WEDNESDAY))
    return [{seat.learner for seat in seats} for one in now for _name, _about, seats in one.groups]


def caring(teacher: Workbench, learners: Sequence[Learner]) -> None:
    for one in learners:
        talk = teacher.conferences.start(one, on=WEDNESDAY)
        teacher.goals.choose(talk, "Feed the fish every day", on=WEDNESDAY, area="life")


def test_a_draft_says_why_and_is_kept_only_when_one_says_so(board: ClassBoard, teacher: Workbench) -> None:
    four = teacher.learners.in_class("4B")[3:7]
    caring(teacher, four)
    for one in teacher.learners.in_class("4B")[20:]:
        pick(board, "groups/away", str(one.id))
    saved(board, "groups/make")
    places = drafted(board)
    assert sum(place != "" for place in places.values()) == 20
    assert len({places[one.id] for one in four}) == 1
    life = goal_help.load().area("life")
    assert life is not None
    assert f"4 of 4: {life.name}" in shown(board)
    assert kept(teacher) == []
    saved(board, "groups/keep")
    assert {one.id for one in four} in kept(teacher)
    assert len(kept(teacher)) == 5
    assert "5 groups are kept." in shown(board)
    saved(board, "undo")
    assert kept(teacher) == []


def test_one_is_moved_by_hand_and_others_are_proposed(board: ClassBoard, teacher: Workbench) -> None:
    saved(board, "groups/by", "mix")
    saved(board, "groups/size", "5")
    saved(board, "groups/make")
    before = drafted(board)
    one = next(iter(before))
    to = next(name for name in NAMES if name in before.values() and name != before[one])
    saved(board, f"groups/move/{one}", to)
    assert drafted(board)[one] == to
    saved(board, "groups/until", "2026-12-04")
    saved(board, "groups/keep")
    (found,) = standing(
        teacher.groups.in_class(teacher.learners.class_named("4B").id, since=WEDNESDAY, until=WEDNESDAY)
    )
    assert found.until == date(2026, 12, 4)
    assert one in {seat.learner for name, _about, some in found.groups if name == to for seat in some}
    assert kept(teacher)
    saved(board, "groups/make")
    again = drafted(board)
    saved(board, "groups/again")
    assert drafted(board) != again


def test_others_take_the_place_of_those_that_stand_or_stand_beside_them(board: ClassBoard, teacher: Workbench) -> None:
    for how, count in (("keep", 7), ("instead", 7), ("keep", 14)):
        saved(board, "groups/make")
        saved(board, f"groups/{how}")
        assert len(kept(teacher)) == count
    saved(board, "undo")
    assert len(kept(teacher)) == 7


def test_a_group_that_is_emptied_is_gone_and_whoever_is_away_can_come_in(board: ClassBoard, teacher: Workbench) -> None:
    away = teacher.learners.in_class("4B")[0].id
    pick(board, "groups/away", str(away))
    saved(board, "groups/make")
    assert drafted(board)[away] == ""
    assert "are placed freely." in shown(board)
    river = [one for one, place in drafted(board).items() if place == "River"]
    for one in (*river, away):
        saved(board, f"groups/move/{one}", "Forest")
    assert "River" not in drafted(board).values()
    saved(board, "groups/keep")
    class_ = teacher.learners.class_named("4B")
    (found,) = standing(teacher.groups.in_class(class_.id, since=WEDNESDAY, until=WEDNESDAY))
    assert {*river, away} <= {seat.learner for name, _about, some in found.groups if name == "Forest" for seat in some}
    assert "River" not in [name for name, _about, _some in found.groups]


def test_what_is_noted_already_is_said_and_undo_takes_nothing(board: ClassBoard, teacher: Workbench) -> None:
    luz, mei = (teacher.learners.named(one) for one in (cast.LUZ, cast.MEI))
    teacher.groups.part(luz, mei)
    saved(board, "groups/one", str(mei.id))
    saved(board, "groups/how", "apart")
    saved(board, "groups/other", str(luz.id))
    assert answer(board, "groups/add")[0]["sentence"] == "This is noted already."
    assert len(teacher.groups.companions(teacher.learners.class_named("4B").id)) == 1


def test_who_sat_together_lately_and_who_is_to_sit_apart_is_said(board: ClassBoard, teacher: Workbench) -> None:
    class_ = teacher.learners.class_named("4B")
    luz, omar, mei = (teacher.learners.named(one) for one in (cast.LUZ, cast.OMAR, cast.MEI))
    teacher.groups.keep(class_, {"River": [luz.id, omar.id]}, by="hand", on=WEDNESDAY - timedelta(days=7))
    saved(board, "groups/one", str(luz.id))
    saved(board, "groups/how", "apart")
    saved(board, "groups/other", str(mei.id))
    saved(board, "groups/add")
    assert "Kept apart" in shown(board)
    saved(board, "groups/make")
    for one in (omar, mei):
        saved(board, f"groups/move/{one.id}", drafted(board)[luz.id])
    assert "Luz and Omar sat together lately." in shown(board) or "Omar and Luz sat together lately." in shown(board)
    assert "are to sit apart." in shown(board)


def test_on_the_board_are_groups_and_names_and_nothing_of_why(board: ClassBoard, teacher: Workbench) -> None:
    caring(teacher, teacher.learners.in_class("4B")[3:7])
    luz, mei = (teacher.learners.named(one) for one in (cast.LUZ, cast.MEI))
    teacher.groups.part(luz, mei)
    saved(board, "groups/make")
    saved(board, "groups/keep")
    saved(board, "cover", True)
    screen = json.dumps(board.screen, ensure_ascii=False)
    assert "Groups today" in screen
    assert "River" in screen
    assert not [word for word in ("of 4", "apart", "goals are about", luz.family_name) if word in screen]


def test_where_nothing_is_told_it_says_what_would_help(board: ClassBoard) -> None:
    for by, said in (("interest", "My profile tells nothing here yet"), ("wish", "No wish is noted yet")):
        saved(board, "groups/by", by)
        assert said in shown(board)
    told = answer(board, "groups/add")
    assert told[0]["sentence"] == "Two learners are meant."


def test_it_is_there_in_spanish(teacher: Workbench) -> None:
    with speaking("es"):
        board = ClassBoard(teacher, teacher.learners.class_named("4B"), today=WEDNESDAY)
    saved(board, "go/groups")
    assert block(board, "groups/size")["label"] == "Cuántos en un grupo"
    saved(board, "groups/make")
    assert "Río" in shown(board)
