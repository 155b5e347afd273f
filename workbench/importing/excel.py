"""Reads the sheets of an Excel workbook as tables of text cells.

A sheet is written out once as delimited text to a temporary file, because importers read a
table more than once and reading Excel is slow.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl

from workbench.errors import BadInput
from workbench.importing.delimited import DelimitedTable, bytes_of, header_at
from workbench.scratch import Scratch

UNREADABLE = "{file} could not be opened as an Excel workbook: it is damaged, locked with a password or not one."
UNREADABLE_STEP = "Open it in a spreadsheet program, save it as .xlsx without a password, and import that."
TOO_LARGE = "{file} would unpack to more than {limit} GB, which no export of ours comes near."
TOO_LARGE_STEP = "Export it again as CSV, or in smaller parts."

GIGABYTE = 1024**3
_LIMIT = 2 * GIGABYTE
_HEAD_ROWS = 100


class Workbook:
    """The sheets of one workbook; owns the temporary files they are written to."""

    def __init__(self, file: str, stream: BinaryIO) -> None:
        self._file = file
        self._scratch = Scratch()
        try:
            self.tables = tuple(self._sheets(stream))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the temporary files; the tables cannot be read after this."""
        self._scratch.close()

    def _sheets(self, stream: BinaryIO) -> Iterator[DelimitedTable]:
        try:
            with zipfile.ZipFile(stream) as package:
                size = sum(member.file_size for member in package.infolist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise BadInput(UNREADABLE.format(file=self._file), UNREADABLE_STEP) from None
        if size > _LIMIT:
            raise BadInput(TOO_LARGE.format(file=self._file, limit=_LIMIT // GIGABYTE), TOO_LARGE_STEP)
        stream.seek(0)
        written = self._written(stream)
        for title, path in written:
            name = self._file if len(written) == 1 else f"{self._file}/{title}"
            yield DelimitedTable(name, bytes_of(path))

    def _written(self, stream: BinaryIO) -> list[tuple[str, Path]]:
        """Each sheet that holds something, as title and path of its text."""
        written = []
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets):
                path = self._scratch.path / f"{number}.csv"
                if hasattr(sheet, "reset_dimensions"):
                    sheet.reset_dimensions()
                with path.open("w", encoding="utf-8", newline="") as out:
                    if _write(sheet.iter_rows(values_only=True), out):
                        written.append((sheet.title, path))
            book.close()
        except Exception:  # openpyxl raises whatever the damage leads to: KeyError, ParseError, …
            raise BadInput(UNREADABLE.format(file=self._file), UNREADABLE_STEP) from None
        return written


def _write(rows: Iterator[tuple[Any, ...]], out: io.TextIOBase) -> bool:
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
