"""A class writes its own list, days and agreements; the usual holds until it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench
from workbench.classes.agreements import ClassSettings
from workbench.ground.errors import BadInput, NotAllowed, NotFound
from workbench.learners.learners import SchoolClass
from workbench.workspace import SETTINGS, Workspace

from ..conftest import clock
from ..store.test_store import ON, write
from .test_flags import CLASSES, Clock


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as opened:
        yield opened


def allowing(workspace: Workspace, said: str) -> Workspace:
    """The workspace with another word of the school on projections."""
    file = workspace.folder / SETTINGS
    lines = [
        f"projections = {said}" if line.startswith("projections") else line for line in file.read_text().split("\n")
    ]
    file.write_text("\n".join(lines))
    return Workspace.open(workspace.folder)


@pytest.fixture
def class_4b(bench: Workbench) -> SchoolClass:
    return bench.learners.class_named("4B")


def test_until_a_class_agreed_on_something_the_usual_holds(bench: Workbench, class_4b: SchoolClass) -> None:
    usual = bench.classes.of(class_4b)
    assert len(usual.three_before_me) == 3
    assert (usual.conference_days, usual.catch_up_day, usual.formal_a_week) == ((0, 1, 2, 3), 4, 6)
    assert (usual.agreements, usual.projections) == ((), False)


def test_what_a_class_agreed_on_is_kept_for_that_class_and_can_be_undone_one_by_one(
    bench: Workbench, class_4b: SchoolClass
) -> None:
    own = ["I tried twice", " ", "I asked my table "]
    bench.classes.choose(class_4b, three_before_me=own, formal_a_week=5, conference_days=[3, 1], catch_up_day=None)
    agreed = bench.classes.choose(class_4b, formal_a_week=7)
    expected = ClassSettings(("I tried twice", "I asked my table"), (1, 3), None, 7)
    assert agreed == bench.classes.of(class_4b) == expected
    assert bench.classes.of(bench.learners.class_named("1A")).formal_a_week == 6
    assert bench.classes.undo(class_4b, "formal_a_week").formal_a_week == 5
    assert len(bench.classes.undo(class_4b, "three_before_me").three_before_me) == 3
    assert bench.classes.of(class_4b).conference_days == (1, 3)


def test_a_learner_reads_what_their_class_agreed_on(
    workspace: Workspace, bench: Workbench, class_4b: SchoolClass
) -> None:
    bench.classes.choose(class_4b, agreements=["We whisper"])
    with Workbench.open(workspace, actor="learner:001", clock=clock) as own:
        luz = own.learners.named("001")
        assert own.classes.of_learner(luz).agreements == ("We whisper",)
        with pytest.raises(NotAllowed):
            own.classes.of_learner(bench.learners.named("002"))


@pytest.mark.parametrize("actor", ["teacher:t05", "learner:001"])
def test_only_its_own_educators_and_the_office_change_what_a_class_agreed_on(
    workspace: Workspace, class_4b: SchoolClass, actor: str
) -> None:
    with Workbench.open(workspace, actor=actor, clock=clock) as other:
        with pytest.raises(NotAllowed, match="teach"):
            other.classes.choose(class_4b, bell=True)
        with pytest.raises(NotAllowed):
            other.classes.undo(class_4b, "bell")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        assert office.classes.choose(class_4b, bell=True).bell


def test_projections_are_shown_only_where_the_school_and_then_the_class_switched_them_on(
    workspace: Workspace, bench: Workbench, class_4b: SchoolClass
) -> None:
    luz = bench.learners.named("001")
    with pytest.raises(BadInput, match="school has not switched"):
        bench.classes.choose(class_4b, projections=True)
    with Workbench.open(allowing(workspace, "true"), actor="teacher:t17", clock=clock) as allowed:
        assert not allowed.classes.of_learner(luz).projections
        assert allowed.classes.choose(class_4b, projections=True).projections
        assert allowed.classes.of_learner(luz).projections
    assert not bench.classes.of_learner(luz).projections  # the school thought better of it
    with pytest.raises(BadInput, match="either true or false"):
        allowing(workspace, '"yes"')


def test_what_was_agreed_before_is_kept_with_its_day_and_whose_hand_it_was(
    workspace: Workspace, bench: Workbench, class_4b: SchoolClass
) -> None:
    now = Clock()
    with Workbench.open(workspace, actor="teacher:t17", clock=now) as teacher:
        teacher.classes.choose(class_4b, agreements=["We whi"])
        teacher.classes.choose(class_4b, agreements=["We whisper"])
        now.now += timedelta(days=1)
        teacher.classes.choose(class_4b, agreements=[])
        told = teacher.classes.history(class_4b, "agreements")
        assert [one.value for one in told] == [(), ("We whisper",)]
        assert {one.by for one in told} == {"teacher:t17"}
        assert told[0].at > told[1].at
        now.now += timedelta(days=1)
        teacher.classes.undo(class_4b, "agreements")
        assert teacher.classes.history(class_4b, "agreements")[0].value == ("We whisper",)


def test_of_several_classes_of_a_learner_what_was_agreed_last_holds(
    workspace: Workspace, bench: Workbench, tmp_path: Path
) -> None:
    more = CLASSES + '001,Luz,Marín,4B Art,"Rivera, Ana",t17,4,Cedar Hill\n'
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "more.csv", more), on=ON)
    luz = bench.learners.named("001")
    home, art = (bench.learners.class_named(name) for name in ("4B", "4B Art"))
    for class_, words in ((home, "We whisper"), (art, "We tidy up")):
        bench.classes.choose(class_, agreements=[words])
        assert bench.classes.of_learner(luz).agreements == (words,)
    bench.classes.undo(art, "agreements")
    assert bench.classes.of_learner(luz).agreements == ("We whisper",)


def test_days_that_cannot_be_are_refused_with_what_to_do(bench: Workbench, class_4b: SchoolClass) -> None:
    days: tuple[dict[str, Any], ...] = ({"conference_days": []}, {"conference_days": [9]}, {"catch_up_day": 2})
    for wrong in (*days, {"formal_a_week": 0}):
        with pytest.raises(BadInput):
            bench.classes.choose(class_4b, **wrong)
    with pytest.raises(TypeError, match="has no colour"):
        bench.classes.choose(class_4b, colour="red")
    with pytest.raises(NotFound):
        bench.classes.choose(987_654, bell=True)
    assert bench.classes.of(class_4b) == bench.classes.of(bench.learners.class_named("1A"))
