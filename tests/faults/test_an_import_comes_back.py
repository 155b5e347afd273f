"""An import is taken back by its owner or an admin, and can be brought back; snapshots stay as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import NotAllowed
from workbench.workspace import Workspace

from ..conftest import clock

LIST = "Student ID,First Name,Last Name,Class,Teacher ID\n1,Luz,Marin,4B,t17\n2,Omar,Haddad,4B,t17\n"


def opened(workspace: Workspace, actor: str) -> Workbench:
    return Workbench.open(workspace, actor=actor, clock=clock)


@pytest.fixture
def brought(workspace: Workspace, tmp_path: Path) -> Workspace:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    with opened(workspace, "teacher:t17") as bench:
        assert bench.imports.run(path).import_id == 1
    return workspace


def test_nobody_else_takes_an_import_back_or_brings_it_back(brought: Workspace) -> None:
    with opened(brought, "teacher:nobody") as other:
        for deed in (
            other.imports.undo,
            other.imports.redo,
            other.imports.undoing,
            other.imports.redoing,
        ):
            with pytest.raises(NotAllowed, match="brought an import in"):
                deed(1)
        assert not other.imports.history()[0].mine
    with opened(brought, "learner:1") as learner, pytest.raises(NotAllowed):
        learner.imports.undo(1)
    for actor in ("teacher:t17", "admin:office"):
        with opened(brought, actor) as bench:
            assert bench.imports.history()[0].mine
            assert bench.imports.undo(1)
            assert not bench.imports.undo(1)
            assert bench.imports.redo(1)
            assert not bench.imports.redo(1)
            assert len(bench.learners.all()) == 2


def test_what_goes_is_told_before(brought: Workspace) -> None:
    with opened(brought, "admin:office") as bench:
        takes = bench.imports.undoing(1)
        assert (takes.learners, takes.educators, takes.alone) == (2, 1, 1)
        assert [one.name for one in takes.gone] == ["4B"]
        assert len(bench.learners.all()) == 2


def test_what_an_import_takes_that_comes_back_is_told_before(brought: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "next.csv"
    head, _luz, omar = LIST.splitlines()
    path.write_text(f"{head},Term\n{omar.replace('4B', '5C')},2027-2028\n", encoding="utf-8")
    with opened(brought, "admin:office") as bench:
        number = bench.imports.run(path).import_id
        assert number
        bench.imports.undo(number)
        takes = bench.imports.redoing(number)
        assert not takes.takes  # what is for later takes nothing today
        bench.imports.undo(1)
        bench.imports.redo(number)
        again = bench.imports.redoing(1)
        assert [one.name for one in again.gone] == ["5C"]
        assert [(one.name, one.size) for one in bench.learners.classes()] == [("5C", 1)]


def test_a_look_back_sees_an_import_that_came_and_went_as_it_was(brought: Workspace) -> None:
    with opened(brought, "admin:office") as bench:
        stood = bench.snapshot
        luz = bench.learners.named("Luz Marin")
        bench.imports.undo(1)
        away = bench.snapshot
        bench.imports.redo(1)
        again = bench.snapshot
        bench.imports.undo(1)
        bench.imports.redo(1)
        seen = [len(bench.at(snapshot).learners.classes()) for snapshot in (stood, away, again, bench.snapshot)]
        assert seen == [1, 0, 1, 1]
        changed = bench.desk.store.journal.latest_changes([luz.id], as_of=bench.snapshot)
        assert changed[luz.id] == bench.snapshot
        assert bench.desk.store.journal.latest_changes([luz.id], as_of=away)[luz.id] == away


def test_undone_and_brought_back_the_present_terms_follow(brought: Workspace) -> None:
    with opened(brought, "admin:office") as bench:
        bench.imports.undo(1)
        assert not bench.learners.classes()
        bench.imports.redo(1)
        assert [(one.name, one.size) for one in bench.learners.classes()] == [("4B", 2)]
