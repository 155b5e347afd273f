"""Writes the sheets of a workbook out as delimited text, in a process of its own.

`excel.py` runs this file as a program and ends it when it takes too long: what is in a workbook is not ours, and
reading one can take for ever. So it imports nothing of the workbench.

    python sheets.py WORKBOOK FOLDER ROWS COLUMNS CELLS SECONDS

Writes FOLDER/0.csv … and prints JSON: "sheets", a list of [title, file name], and the "seconds" of processor time it
took. Exit codes: 0 well, `TOO_LARGE` for a sheet with more than ROWS rows or COLUMNS columns, `TOO_MANY_CELLS` for more
than CELLS in all sheets, `TOO_LONG` after SECONDS of processor time, anything else: it cannot be read.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

TOO_LARGE, TOO_LONG, TOO_MANY_CELLS = 3, 4, 5
PREAMBLE_CELLS = 2  # "School:, Cedar Hill" above the header; a header of a table has more
BLANK = " \t\x1a\u00a0"
_FIGURE = re.compile(r"[0-9]+(?:[-/.:,][0-9]+)*%?")  # a number, a date, a time
_HEAD_ROWS = 100
_LOOKED_AT = 500  # rows between two looks at the clock


class _Refused(Exception):
    """Why a workbook is not read, as an exit code."""


def header_at(rows: Sequence[Sequence[str] | None]) -> int | None:
    """Which row names the columns: the first with something in it, or the one below lines such as a title.

    Lines above a header have one or two filled cells; then comes a row with more, of differing words.
    """
    first = None
    for at, row in enumerate(rows):
        filled = [text.strip() for text in row or () if text and text.strip(BLANK)]
        if not filled:
            continue
        first = at if first is None else first
        if len(filled) > PREAMBLE_CELLS:
            names = [text for text in filled if not _FIGURE.fullmatch(text)]
            is_header = len(set(filled)) == len(filled) and len(names) > len(filled) / 2
            return at if is_header else first
    return first


def _write(rows: Iterator[tuple[Any, ...]], out: TextIO) -> bool:
    """Write the rows, those below the header as wide as it is; blank rows at the end are dropped."""
    writer = csv.writer(out)
    told = map(_cells, rows)
    head: list[list[str]] = []
    for cells in told:
        head.append(cells)
        if len(head) >= _HEAD_ROWS and any(head):
            break
    header = header_at(head)
    if header is None:
        return False
    writer.writerows(head[:header])
    width = len(head[header])
    blank = 0
    for cells in chain(head[header:], told):
        if not cells:
            blank += 1
            continue
        writer.writerows([[]] * blank)
        blank = 0
        writer.writerow([*cells[:width], *[""] * (width - len(cells))])
    return True


def _cells(row: tuple[Any, ...]) -> list[str]:
    """What a row's cells say, without the empty ones at its end."""
    cells = [cell_text(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def cell_text(value: object) -> str:
    """What an Excel cell says: dates in ISO form, times spent as h:mm:ss, whole numbers without ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    return str(value).strip().replace("\0", "")


@dataclass(slots=True)
class Bounds:
    """What the sheets of one workbook may still hold, and how long they may take."""

    rows: int
    columns: int
    cells: int
    seconds: float
    spent: Callable[[], float] = time.process_time

    def within(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows of a sheet, as long as there are not too many, or too wide ones, and it does not take too long."""
        for number, row in enumerate(rows, start=1):
            self.cells -= len(row)
            if number > self.rows or len(row) > self.columns:
                raise _Refused(TOO_LARGE)
            if self.cells < 0:
                raise _Refused(TOO_MANY_CELLS)
            if number % _LOOKED_AT == 1 and self.spent() > self.seconds:
                raise _Refused(TOO_LONG)
            yield row


def convert(workbook: Path, folder: Path, bounds: Bounds) -> list[tuple[str, str]]:
    """Writes each sheet that holds something, and returns their titles and file names."""
    import openpyxl

    written = []
    book = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    for number, sheet in enumerate(book.worksheets):
        path = folder / f"{number}.csv"
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
        with path.open("w", encoding="utf-8", newline="") as out:
            if _write(bounds.within(sheet.iter_rows(values_only=True)), out):
                written.append((sheet.title, path.name))
    book.close()
    return written


def _end_after(seconds: int) -> None:
    """Has the system end this process once it used so much of the processor, where it can."""
    if sys.platform != "win32":  # there whoever started this ends it by the clock
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def main(workbook: str, folder: str, rows: str, columns: str, cells: str, seconds: str) -> int:
    bounds = Bounds(int(rows), int(columns), int(cells), float(seconds))
    _end_after(math.ceil(bounds.seconds) + 1)
    code, written = 0, []
    try:
        written = convert(Path(workbook), Path(folder), bounds)
    except _Refused as refused:
        code = int(refused.args[0])
    except Exception:  # openpyxl raises whatever the damage leads to: KeyError, ParseError, …
        code = 1
    sys.stdout.write(json.dumps({"sheets": written, "seconds": time.process_time()}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
