"""A list that is saved again with other apostrophes or accents names the same children, on SQLite and PostgreSQL."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.importing.outcome import Outcome
from workbench.store import tables
from workbench.store.engine import writing
from workbench.workspace import Workspace

from ..conftest import clock

HEADER = "Student,Class,Teacher\n"
FIRST = (
    "Keoni ʻAkana,Ms. O'Neil 4B,Pat O'Neil\nJosé Peña,Ms. O'Neil 4B,Pat O'Neil\nDara D'Arc,Ms. O'Neil 4B,Pat O'Neil\n"
)
CURLY = FIRST.replace("'", "’").replace("ʻ", "‘")
PLAIN = FIRST.replace("ʻ", "").replace("é", "e").replace("ñ", "n")


def bring(bench: Workbench, folder: Path, rows: str, name: str) -> Outcome:
    path = folder / name
    path.write_text(HEADER + rows, encoding="utf-8")
    return bench.imports.run(path)


@pytest.fixture
def office(workspace: Workspace) -> Workbench:
    return Workbench.open(workspace, actor="admin:office", clock=clock)


@pytest.mark.parametrize("again", [CURLY, PLAIN, unicodedata.normalize("NFD", FIRST), FIRST.upper()])
def test_a_list_of_names_saved_again_doubles_nobody(office: Workbench, tmp_path: Path, again: str) -> None:
    with office as bench:
        bring(bench, tmp_path, FIRST, "first.csv")
        before = {one.id for one in bench.learners.all()}
        outcome = bring(bench, tmp_path, again.replace("MS. O'NEIL 4B", "Ms. O'Neil 4B"), "again.csv")
        assert not outcome.problems
        assert {one.id for one in bench.learners.all()} == before
        assert [(one.size, len(one.educators)) for one in bench.learners.classes()] == [(3, 1)]


def test_children_met_under_a_curly_apostrophe_stay_who_they_are(office: Workbench, tmp_path: Path) -> None:
    """A store of before has such codes, and is not made anew."""
    with office as bench:
        bring(bench, tmp_path, FIRST, "first.csv")
        before = {one.id for one in bench.learners.all()}
        with writing(bench.desk.store._engine) as connection:
            code = tables.learners.c.code
            connection.execute(sa.update(tables.learners).values(code=sa.func.replace(code, "'", "’")))
        bring(bench, tmp_path, FIRST.replace("4B", "5C"), "next year.csv")
        assert {one.id for one in bench.learners.all()} == before


def test_two_children_of_one_list_who_differ_by_an_accent_are_two(office: Workbench, tmp_path: Path) -> None:
    with office as bench:
        both = "José Peña,4B,Pat\nJose Pena,4B,Pat\n"
        bring(bench, tmp_path, "José Peña,4B,Pat\n", "first.csv")
        bring(bench, tmp_path, both, "both.csv")
        bring(bench, tmp_path, both + ",,\n", "again.csv")
        assert [one.name for one in bench.learners.all()] == ["Jose Pena", "José Peña"]


def test_a_name_without_its_accent_in_another_class_is_not_taken_for_the_same(
    office: Workbench, tmp_path: Path
) -> None:
    with office as bench:
        bring(bench, tmp_path, "José Peña,4B,Pat\n", "first.csv")
        outcome = bring(bench, tmp_path, "Jose Pena,5A,Mo\n", "other.csv")
        assert len(outcome.problems) == 1
        assert [one.name for one in bench.learners.all()] == ["José Peña"]
