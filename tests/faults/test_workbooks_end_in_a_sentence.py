"""A workbook that is too large or takes too long ends in a sentence; and one bad file costs none of the others."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbench import Workbench
from workbench.ground.errors import BadInput
from workbench.importing.reading import sheets
from workbench.importing.reading.excel import GIGABYTE, Allowance, Limits, Workbook, within
from workbench.importing.reading.files import open_tables
from workbench.workspace import Workspace

from ..conftest import clock


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for n in range(60):
        sheet.append(["Student ID", "Name", "Class"] if not n else [n, "Ada Lim", "4B"])
    path = tmp_path_factory.mktemp("books") / "list.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(rows=50), "more than 50 rows"),
        (Limits(columns=2), "or 2 columns"),
        (Limits(cells=-100_000), "far more cells"),
        (Limits(small=100, times=1), "more than 1 times its size"),
        (Limits(seconds=0.001, seconds_each=0, seconds_a_megabyte=0, patience=100_000), "takes longer"),
        (Limits(seconds=0.001, seconds_each=0, seconds_a_packed_megabyte=0, patience=100_000), "takes longer"),
        (Limits(patience=0.001), "takes longer"),
    ],
)
def test_a_workbook_beyond_its_limits_ends_in_a_sentence(plain: Path, limits: Limits, says: str) -> None:
    with plain.open("rb") as stream, pytest.raises(BadInput, match=says):
        Workbook("list.xlsx", stream, Allowance(limits))


def test_workbooks_read_together_share_what_they_may_take(plain: Path) -> None:
    allowance = Allowance(Limits(seconds=0.001, seconds_each=0, seconds_a_megabyte=0, patience=100_000))
    for says in ("takes longer", "workbooks before it"):
        with plain.open("rb") as stream, pytest.raises(BadInput, match=says):
            Workbook("list.xlsx", stream, allowance)
    assert Limits().each(size=3_000_000, packed=300_000) + Limits().seconds < 10


def test_good_workbooks_take_nothing_from_the_others(plain: Path) -> None:
    allowance = Allowance()
    for _time in range(3):
        with plain.open("rb") as stream:
            Workbook("list.xlsx", stream, allowance).close()
    assert allowance.left > 0


def test_a_workbook_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(BadInput, match="nothing to read in the sheets"):
        open_tables(tmp_path / "empty.xlsx")


def test_a_reader_that_never_ends_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        within([sys.executable, "-c", "import time; time.sleep(600)"], 0.5)
    assert time.monotonic() - began < 60


def test_a_slow_sheet_is_given_up(plain: Path, tmp_path: Path) -> None:
    clock_of = iter(range(0, 10_000, 100))
    with pytest.raises(sheets._Refused) as refused:
        sheets.convert(plain, tmp_path, sheets.Bounds(1_000, 10, 1_000, 50, spent=lambda: next(clock_of) + 100))
    assert refused.value.args == (sheets.TOO_LONG,)


def test_what_it_unpacks_to_is_the_workspaces_limit(plain: Path) -> None:
    with plain.open("rb") as stream, pytest.raises(BadInput, match="largest_file_gb"):
        Workbook("list.xlsx", stream, Allowance(), largest=2_000)
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
