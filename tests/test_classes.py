"""A class writes its own list, days and agreements; the usual holds until it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.classes import ClassSettings
from workbench.errors import BadInput, NotAllowed, NotFound
from workbench.learners import SchoolClass
from workbench.workspace import Workspace

from .conftest import clock
from .test_flags import CLASSES
from .test_store import ON, write


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as opened:
        yield opened


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
            other.classes.choose(class_4b, projections=True)
        with pytest.raises(NotAllowed):
            other.classes.undo(class_4b, "projections")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        assert office.classes.choose(class_4b, projections=True).projections


def test_days_that_cannot_be_are_refused_with_what_to_do(bench: Workbench, class_4b: SchoolClass) -> None:
    for wrong in ({"conference_days": []}, {"conference_days": [9]}, {"catch_up_day": 2}, {"formal_a_week": 0}):
        with pytest.raises(BadInput):
            bench.classes.choose(class_4b, **wrong)
    with pytest.raises(TypeError, match="has no colour"):
        bench.classes.choose(class_4b, colour="red")
    with pytest.raises(NotFound):
        bench.classes.choose(987_654, projections=True)
    assert bench.classes.of(class_4b) == bench.classes.of(bench.learners.class_named("1A"))
