"""A file that was saved again, renamed, padded or damaged reads the same evidence, or says what is wrong.

Each mutation is something that happens to exports on their way to a workbench. What it leaves readable must
read the same; what it spoils must be a problem; nothing may quietly become other evidence.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbench.importing import Kind, open_tables, recognise

from ..reading import Reading
from . import test_dibels as dibels
from . import test_fastbridge as fastbridge
from . import test_iready as iready
from . import test_istation as istation
from . import test_map_fluency as fluency
from . import test_star as star
from .workbooks import open_document

Cells = list[list[str]]
#: A file's bytes from its cells, header first.
Mutation = Callable[[Cells, random.Random], tuple[bytes, str]]

ROWS = 40
FEW = 12  # of the files made here
#: The demo school's exports, each read by another importer or in another layout.
FIXTURES = (
    "nwea/Spring 2025-2026/AssessmentResults.csv",
    "nwea/Spring 2025-2026/StudentsBySchool.csv",
    "nwea/Spring 2025-2026/ClassAssignments.csv",
    "rosters/class_list.csv",
    "lexia/core5_detailed_student.csv",
    "lexia/core5_monthly.csv",
    "lexia/core5_year_to_date.csv",
    "myon/usage_2026-10.csv",
    "attendance.csv",
    "habits.csv",
    "Star",
    "i-Ready",
    "DIBELS 8",
    "MAP Reading Fluency",
    "FastBridge",
    "Istation",
)
DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
FIGURES = re.compile(r"[0-9][0-9./:]*")
TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})")
FRACTION = re.compile(r"([0-9]+)\.([0-9]*?)0+")
FACT = (
    "learner_code",
    "source",
    "measure",
    "aspect",
    "taken_on",
    "term",
    "test",
    "value",
    "unit",
    "error",
    "percentile",
)


def text(cells: Cells, delimiter: str = ",", end: str = "\n", quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(cells)
    return out.getvalue()


def saved(cells: Cells, encoding: str = "utf-8", **style: object) -> tuple[bytes, str]:
    return text(cells, **style).encode(encoding, errors="replace"), "list.csv"  # type: ignore[arg-type]


def by_cell(change: Callable[[str], str]) -> Mutation:
    def mutate(cells: Cells, _chance: random.Random) -> tuple[bytes, str]:
        return saved([cells[0], *([change(cell) for cell in row] for row in cells[1:])])

    return mutate


def as_a_spreadsheet_shows(cell: str) -> str:
    if found := DATE.fullmatch(cell):
        return f"{int(found[1])}/{int(found[2])}/{found[3]}"
    if found := TIME.fullmatch(cell):
        hour = int(found[1])
        return f"{hour % 12 or 12}:{found[2]}:{found[3]} {'PM' if hour >= 12 else 'AM'}"
    if found := FRACTION.fullmatch(cell):
        return f"{found[1]}.{found[2]}".rstrip(".")
    return cell


def day_of(cell: str) -> datetime | None:
    return datetime.strptime(cell, "%m/%d/%Y") if DATE.fullmatch(cell) else None


def in_words(cell: str) -> str:
    return f"{day:%b} {day.day}, {day.year}" if (day := day_of(cell)) else cell


def as_day_numbers(cell: str) -> str:
    return str((day - datetime(1899, 12, 30)).days) if (day := day_of(cell)) else cell


def in_an_open_document(cells: Cells, _chance: random.Random) -> tuple[bytes, str]:
    ids = {at for at, name in enumerate(cells[0]) if re.search("id$|code$", name, re.IGNORECASE)}
    rows = [[cell if at in ids else typed(cell) for at, cell in enumerate(row)] for row in cells[1:]]
    return open_document({"Sheet1": [cells[0], *rows]}), "list.ods"


def in_a_workbook(cells: Cells, _chance: random.Random) -> tuple[bytes, str]:
    """Opened in a spreadsheet that knows dates and numbers, ids left as text, and saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    ids = {at for at, name in enumerate(cells[0]) if re.search("id$|code$", name, re.IGNORECASE)}
    sheet.append(cells[0])
    for row in cells[1:]:
        sheet.append([cell if at in ids else typed(cell) for at, cell in enumerate(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "list.xlsx"


def typed(cell: str) -> object:
    if DATE.fullmatch(cell):
        return datetime.strptime(cell, "%m/%d/%Y")
    return float(cell) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) else cell or None


def shuffled(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    order = list(range(len(cells[0])))
    chance.shuffle(order)
    return saved([[row[at] for at in order] for row in cells])


def with_odd_columns(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    header, *rows = cells
    at = chance.randrange(len(header))
    names = ["Don't Count", "194", "", "Teacher's note"]
    wider = [[*row[:at], "x", "7", "", "ok", *row[at:]] for row in rows]
    return saved([[*header[:at], *names, *header[at:]], *wider])


def with_a_title(cells: Cells, _chance: random.Random) -> tuple[bytes, str]:
    return saved([["Printed 9/1/2026 by the office"], [], ["School:", "Cedar Hill"], *cells])


def with_gaps(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    rows = [row for one in cells[1:] for row in ([one, [""] * len(one)] if chance.random() < 0.2 else [one])]
    return saved([cells[0], *rows, [], []])


def padded(cells: Cells, _chance: random.Random) -> tuple[bytes, str]:
    return saved([[*(f"  {cell} " for cell in row), "", ""] for row in cells])


def with_an_odd_header(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    odd = [chance.choice((str.upper, str.lower, lambda name: f" {name} ", lambda n: "_".join(n)))(n) for n in cells[0]]
    return saved([odd, *cells[1:]])


def with_rows_twice(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    return saved([*cells, *chance.sample(cells[1:], 5)])


def cut_short(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    """The copy ended in the middle of a row, somewhere before its last cell."""
    rows = cells[: chance.randrange(5, len(cells))]
    last = rows[-1]
    return text([*rows[:-1], last[: max(1, len(last) // 3)]]).rstrip("\n").encode(), "list.csv"


def with_an_open_quote(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    lines = text(cells, quoting=csv.QUOTE_ALL).splitlines()
    at = chance.randrange(1, len(lines))
    where = lines[at].rindex('",')
    lines[at] = lines[at][:where] + lines[at][where + 1 :]
    return "\n".join(lines).encode(), "list.csv"


def with_moved_cells(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    """A comma was typed into some rows by hand: their cells stand one column further right."""
    rows = [row[:] for row in cells]
    for row in chance.sample(rows[1:], 5):
        row.insert(chance.randrange(len(row)), "oops")
        row[-1] = row[-1] or "x"
    return saved(rows)


def with_junk(cells: Cells, chance: random.Random) -> tuple[bytes, str]:
    """Some filled cells hold something else altogether."""
    rows = [row[:] for row in cells]
    for row in chance.sample(rows[1:], 10):
        at = chance.choice([at for at, cell in enumerate(row) if re.fullmatch(r"[0-9./:]+", cell)] or [0])
        row[at] = chance.choice(["#REF!", "see note", "???", "12:99 on 9/9"])
    return saved(rows)


SAME: dict[str, Mutation] = {
    "UTF-16": lambda cells, _: saved(cells, "utf-16"),
    "a byte order mark": lambda cells, _: saved(cells, "utf-8-sig"),
    "Windows letters": lambda cells, _: saved(cells, "cp1252"),
    "tabs": lambda cells, _: saved(cells, delimiter="\t"),
    "semicolons": lambda cells, _: saved(cells, delimiter=";"),
    "carriage returns": lambda cells, _: saved(cells, end="\r\n"),
    "every cell quoted": lambda cells, _: saved(cells, quoting=csv.QUOTE_ALL),
    "a spreadsheet's dates, times and numbers": by_cell(as_a_spreadsheet_shows),
    "a workbook": in_a_workbook,
    "columns in another order": shuffled,
    "columns of somebody's own": with_odd_columns,
    "a title above": with_a_title,
    "empty rows": with_gaps,
    "space around cells": padded,
    "an odd header": with_an_odd_header,
    "rows twice": with_rows_twice,
    "figures guarded by a formula": by_cell(lambda cell: f'="{cell}"' if FIGURES.fullmatch(cell) else cell),
    "figures guarded by an apostrophe": by_cell(lambda cell: f"'{cell}" if FIGURES.fullmatch(cell) else cell),
    "what nobody sees": lambda cells, _: saved(
        [[f"\ufeff{cell[:1]}\u200b{cell[1:]}\u2060" for cell in row] for row in cells]
    ),
    "Macintosh letters": lambda cells, _: saved(cells, "mac_roman"),
    "dates in words": by_cell(in_words),
    "days as numbers": by_cell(as_day_numbers),
    "an OpenDocument sheet": in_an_open_document,
}
DAMAGED: dict[str, Mutation] = {
    "cut short": cut_short,
    "an open quote": with_an_open_quote,
    "moved cells": with_moved_cells,
    "junk in cells": with_junk,
}


def made(header: Sequence[str], row: Callable[[int], Mapping[str, str]]) -> Cells:
    """A file of rows that differ in whom they are about and what was reached."""
    return [list(header), *([row(at).get(name, "") for name in header] for at in range(FEW))]


#: Files of vendors whose tests the demo school does not hold.
MADE = {
    "Star": made(
        star.READING,
        lambda at: star.a_test(StudentIdentifier=f"S{at:03}", AssessmentID=f"A{at}", ScaledScore=400 + at),
    ),
    "i-Ready": made(
        iready.ELA, lambda at: iready.diagnostic(**{"Student ID": f"S{at:03}", "Overall Scale Score": 400 + at})
    ),
    "DIBELS 8": made(
        dibels.EIGHT, lambda at: dibels.benchmark(**{"Student Primary ID": f"S{at:03}", "Composite Score": 300 + at})
    ),
    "MAP Reading Fluency": made(
        fluency.HEADER, lambda at: (fluency.oral if at % 2 else fluency.result)(StudentID=f"S{at:03}")
    ),
    "FastBridge": made(
        fastbridge.MATHS,
        lambda at: fastbridge.learner(
            Local_ID=f"S{at:03}",
            Fall_aMath_Test_Theta=170 + at,
            Fall_aMath_Final_Date=f"09/{1 + at % 28:02}/2026",
            Fall_Quantile=f"{200 + at}Q",
        ),
    ),
    "Istation": made(istation.HEADER, lambda at: istation.learner(STUDENT_ID=f"S{at:03}", September_SCORE=300 + at)),
}


@pytest.fixture(scope="module", params=FIXTURES)
def cells(request: pytest.FixtureRequest, exports: Path) -> Cells:
    """The first rows of an export."""
    if request.param in MADE:
        return MADE[request.param]
    with (exports / request.param).open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    return found[: ROWS + 1]


def read(folder: Path, data: bytes, name: str) -> Reading:
    path = folder / name
    path.write_bytes(data)
    with open_tables(path) as tables:
        (table,) = tables
        return Reading(table, recognise(table)[0])


def told(reading: Reading) -> dict[tuple[object, ...], int]:
    """What was read, and the row of the file it stood in."""
    found: dict[tuple[object, ...], int] = {}
    for kind in Kind:
        frame = reading.frame(kind)
        columns = FACT if kind is Kind.EVIDENCE else [name for name in frame.columns if name != "row"]
        for row in frame.to_dict("records"):
            values = (row[name] for name in columns)
            found[kind, *(None if isinstance(v, float) and v != v else v for v in values)] = row["row"]
    return found


@pytest.mark.parametrize("name", SAME)
def test_a_file_that_was_saved_otherwise_reads_the_same(cells: Cells, name: str, tmp_path: Path) -> None:
    if page := {"Windows letters": "cp1252", "Macintosh letters": "mac_roman"}.get(name):
        # others were lost before the file came to us
        cells = [[cell.encode(page, "replace").decode(page) for cell in row] for row in cells]
    before = read(tmp_path, *saved(cells))
    after = read(tmp_path, *SAME[name](cells, random.Random(name)))
    assert after.importer is before.importer
    assert told(after).keys() == told(before).keys()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", DAMAGED)
def test_damage_costs_what_it_spoils_and_says_so(cells: Cells, name: str, seed: int, tmp_path: Path) -> None:
    before = read(tmp_path, *saved(cells))
    after = read(tmp_path, *DAMAGED[name](cells, random.Random(f"{name} {seed}")))
    was, now = told(before), told(after)
    noted = {problem.row for problem in after.problems}
    assert all(now[fact] in noted for fact in now.keys() - was.keys()), "other evidence without a word"
    if name != "cut short":  # rows that were never copied nobody can miss
        assert all(was[fact] in noted for fact in was.keys() - now.keys()), "evidence lost without a word"
