"""A workbook that is too large or takes too long ends in a sentence; and one bad file costs none of the others."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import openpyxl
import pytest

from workbench import Workbench
from workbench.errors import BadInput
from workbench.importing import sheets
from workbench.importing.excel import GIGABYTE, Limits, Workbook, within
from workbench.importing.files import open_tables
from workbench.workspace import Workspace

from ..conftest import clock


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    for n in range(60):
        book.active.append(["Student ID", "Name", "Class"] if not n else [n, "Ada Lim", "4B"])
    path = tmp_path_factory.mktemp("books") / "list.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(rows=50), "more than 50 rows"),
        (Limits(columns=2), "or 2 columns"),
        (Limits(seconds=0, seconds_a_megabyte=0, patience=1_000), "takes longer"),
    ],
)
def test_a_workbook_beyond_its_limits_ends_in_a_sentence(plain: Path, limits: Limits, says: str) -> None:
    if not limits.seconds:
        limits = Limits(seconds=0.4, seconds_a_megabyte=0, patience=1_000)  # rounds to none: the first look refuses
    with plain.open("rb") as stream, pytest.raises(BadInput, match=says):
        Workbook("list.xlsx", stream, limits=limits)


def test_a_reader_that_never_ends_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        within([sys.executable, "-c", "import time; time.sleep(600)"], 0.5)
    assert time.monotonic() - began < 60


def test_a_slow_sheet_is_given_up(plain: Path, tmp_path: Path) -> None:
    clock_of = iter(range(0, 10_000, 100))
    with pytest.raises(sheets._Refused) as refused:
        sheets.convert(plain, tmp_path, (1_000, 10), 50, spent=lambda: next(clock_of) + 100)
    assert refused.value.args == (sheets.TOO_LONG,)


def test_what_it_unpacks_to_is_the_workspaces_limit(plain: Path) -> None:
    with plain.open("rb") as stream, pytest.raises(BadInput, match="largest_file_gb"):
        Workbook("list.xlsx", stream, largest=2_000)
    size = plain.stat().st_size
    with pytest.raises(BadInput, match="GB"):
        open_tables(plain, largest=size + 1)
    with open_tables(plain, largest=GIGABYTE) as found:
        assert [table.header for table in found] == [("Student ID", "Name", "Class")]


def test_one_bad_file_costs_none_of_the_others(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    files = {
        "list.csv": b"Student ID,Name,Class\n1,Ada Lim,4B\n",
        "empty.csv": b"",
        "broken.zip": b"PK\x03\x04 no zip",
        "photo.csv": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
        "torn.xlsx": b"PK\x05\x06" + b"\0" * 18,
    }
    for name, held in files.items():
        (tmp_path / name).write_bytes(held)
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        found = bench.imports.run([tmp_path / name for name in files])
        assert [one.file for one in found.files] == ["list.csv"]
        assert {one.file for one in found.problems} == set(files) - {"list.csv"}
        assert [one.name for one in bench.learners.in_class("4B")] == ["Ada Lim"]
