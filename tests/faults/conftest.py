"""A workspace small enough to be made anew for each fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import Workbench
from workbench.workspace import Workspace

from ..conftest import TODAY, clock, copy_of

ACTOR = "teacher:t17"
#: The tables of who may come in, of symbols, of groups and of what is said back, each before those it refers to.
PEOPLES = (
    *("seats", "companions", "responses", "celebrations", "replies", "symbols"),
    *("sessions", "views", "passes", "ties", "accounts"),
)
#: Columns that older layouts have not, by their tables.
NEWER = {"conferences": ("sat_on",), "import_files": ("others", "waiting", "unread"), "settings": ("home_language",)}
OFFICE = "admin:office"


def class_list(folder: Path, name: str, class_: str, count: int) -> Path:
    """A class list of so many learners."""
    path = folder / f"{name}.csv"
    lines = [f"{name}{number:05},Ada,Learner {number},{class_},t17,4,Cedar Hill" for number in range(count)]
    head = "Student ID,First Name,Last Name,Class,Teacher ID,Grade,School"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one class of twelve, 4B; only ever copied."""
    place = tmp_path_factory.mktemp("small")
    folder = Workspace.create(place / "school", name="Cedar Hill").folder
    with Workbench.open(folder, actor=OFFICE, clock=clock) as bench:
        bench.imports.run(class_list(place, "first", "4B", 12), on=TODAY)
        assert [one.name for one in bench.learners.classes()] == ["4B"]
    return folder


@pytest.fixture
def school(small: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test to harm."""
    return copy_of(small, tmp_path / "school")
