"""Reads the sheets of a workbook, Excel's or an OpenDocument one, as tables of text cells.

A sheet is written out once as delimited text to a temporary file, because importers read a table more than once and
reading workbooks is slow. That is done by a process of its own (`sheets.py`), which is ended when it takes too long.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from workbench.ground.errors import BadInput
from workbench.ground.scratch import Scratch
from workbench.ground.words import N_, _
from workbench.importing.reading import sheets
from workbench.importing.reading.delimited import DelimitedTable, bytes_of
from workbench.importing.records import DAY_ZERO, DAY_ZERO_1904

UNREADABLE = N_("{file} could not be opened as a workbook: it is damaged, locked with a password or not one.")
UNREADABLE_STEP = N_("Open it in a spreadsheet program, save it as .xlsx without a password, and import that.")
TOO_LARGE = N_("{file} would unpack to more than {limit:g} GB, which is the most that is read here.")
TOO_LARGE_STEP = N_("Export it again as CSV, or in smaller parts; or raise largest_file_gb in workbench.toml.")
TOO_MANY = N_("{file} has a sheet with more than {rows} rows or {columns} columns, which no workbook may have.")
TOO_MANY_CELLS = N_("{file} has far more cells than are filled.")
TOO_LONG = N_("{file} takes longer to read than any workbook of its size should.")
TOO_TIGHT = N_("{file} unpacks to more than {times} times its size, as no workbook does.")
OTHERS_TOO_LONG = N_("{file} was not read: the workbooks before it took too long.")
OTHERS_STEP = N_("Import it by itself, or save its sheets as CSV.")
NOTHING_IN_IT = N_("There is nothing to read in the sheets of {file}.")
NOT_CALCULATED = N_("{file} holds formulas that no program has calculated, so their cells would be read as empty.")
NOT_CALCULATED_STEP = N_("Open it in a spreadsheet program, save it there, and import it again.")
HIDDEN = N_("The sheet {title} is hidden, so it was not read.")
HIDDEN_STEP = N_("If its rows belong to the others, show the sheet, save the workbook and import it again.")
AS_CSV_STEP = N_("Open it in a spreadsheet program, save the sheet as CSV, and import that.")

GIGABYTE = 1024**3
_MEGABYTE = 1024**2
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may hold, and how long reading may take.

    rows, columns: the format's own, of a sheet. cells: those of all sheets, empty ones too, beyond one for each byte.
    times: how many times its size a workbook of more than `small` bytes may unpack to. seconds: of the processor, for
    all workbooks together; each may take `seconds_each` more, and so many a megabyte, packed or unpacked, whichever is
    less. patience: how many times as long by the clock, on a machine with other work.
    """

    rows: int = 1_048_576
    columns: int = 16_384
    cells: int = 50_000_000
    times: int = 100
    small: int = 10 * _MEGABYTE
    seconds: float = 3
    seconds_each: float = 2
    # A full sheet takes a third of this.
    seconds_a_megabyte: float = 1
    seconds_a_packed_megabyte: float = 10
    patience: float = 3

    def each(self, size: int, packed: int) -> float:
        """Seconds of processor time that a workbook of `packed` bytes, unpacked `size`, has for itself."""
        by_size = min(self.seconds_a_megabyte * size, self.seconds_a_packed_megabyte * packed)
        return self.seconds_each + by_size / _MEGABYTE


LIMITS = Limits()


class Allowance:
    """The seconds of processor time that workbooks read together share."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.left = limits.seconds

    def take(self, seconds: float) -> None:
        """Notes that a workbook took so many seconds more than it has for itself."""
        self.left -= max(0.0, seconds)


class Workbook:
    """The sheets of one workbook, unpacked of at most `largest` bytes; owns the temporary files they are written to."""

    def __init__(self, file: str, stream: BinaryIO, allowance: Allowance, *, largest: int = 2 * GIGABYTE) -> None:
        self._file = file
        self._largest = largest
        self._allowance = allowance
        self._limits = allowance.limits
        self._scratch = Scratch()
        self.problems: list[tuple[str, str, str]] = []  # of sheets that were not read: name, sentence, step
        try:
            self.tables = tuple(self._sheets(stream))
            if not self.tables and self.problems:
                raise BadInput(*self.problems[0][1:])
            if not self.tables:
                raise self._refused(NOTHING_IN_IT, AS_CSV_STEP)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the temporary files; the tables cannot be read after this."""
        self._scratch.close()

    def _sheets(self, stream: BinaryIO) -> Iterator[DelimitedTable]:
        try:
            with zipfile.ZipFile(stream) as package:
                parts = package.infolist()
                size = sum(member.file_size for member in parts)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self._refused(UNREADABLE, UNREADABLE_STEP) from None
        if len(parts) > _MOST_PARTS:
            raise self._refused(UNREADABLE, UNREADABLE_STEP)
        if size > self._largest:
            limit = round(self._largest / GIGABYTE, 2)
            raise BadInput(_(TOO_LARGE).format(file=self._file, limit=limit), _(TOO_LARGE_STEP))
        packed = stream.seek(0, os.SEEK_END)
        limits = self._limits
        if size > max(limits.small, limits.times * packed):
            raise BadInput(_(TOO_TIGHT).format(file=self._file, times=limits.times), _(AS_CSV_STEP))
        if self._allowance.left <= 0:
            raise self._refused(OTHERS_TOO_LONG, OTHERS_STEP)
        stream.seek(0)
        copy = self._scratch.path / "workbook.xlsx"
        with copy.open("wb") as out:
            shutil.copyfileobj(stream, out)
        written = self._written(copy, size, limits.each(size, packed))
        copy.unlink()
        for title in written["hidden"]:
            self.problems.append((f"{self._file}/{title}", _(HIDDEN).format(title=title), _(HIDDEN_STEP)))
        for title, name in written["sheets"]:
            called = self._file if len(written["sheets"]) == 1 else f"{self._file}/{title}"
            table = DelimitedTable(called, bytes_of(self._scratch.path / name))
            table.header.day_zero = DAY_ZERO_1904 if written["from_1904"] else DAY_ZERO
            yield table

    def _written(self, workbook: Path, size: int, own: float) -> dict[str, Any]:
        """What `sheets.py` tells of the workbook."""
        limits = self._limits
        seconds = own + self._allowance.left
        given = (workbook, self._scratch.path, limits.rows, limits.columns, limits.cells + size, seconds)
        command = [sys.executable, "-I", sheets.__file__, *map(str, given)]
        code, said = None, ""
        with suppress(TimeoutError):
            code, said = within(command, seconds * limits.patience)
        told: dict[str, Any] = json.loads(said or "{}")
        self._allowance.take(told.get("seconds", seconds) - own)
        if code is None or code == sheets.TOO_LONG or -code in _OUT_OF_TIME:
            raise self._refused(TOO_LONG, AS_CSV_STEP)
        if code == sheets.TOO_LARGE:
            words = _(TOO_MANY).format(file=self._file, rows=f"{limits.rows:,}", columns=f"{limits.columns:,}")
            raise BadInput(words, _(AS_CSV_STEP))
        if code == sheets.TOO_MANY_CELLS:
            raise self._refused(TOO_MANY_CELLS, AS_CSV_STEP)
        if code == sheets.NOT_CALCULATED:
            raise self._refused(NOT_CALCULATED, NOT_CALCULATED_STEP)
        if code:
            raise self._refused(UNREADABLE, UNREADABLE_STEP)
        return told

    def _refused(self, sentence: str, step: str) -> BadInput:
        return BadInput(_(sentence).format(file=self._file), _(step))


_OUT_OF_TIME = {int(number) for name in ("SIGXCPU", "SIGKILL") if (number := getattr(signal, name, None))}


def within(command: list[str], seconds: float) -> tuple[int, str]:
    """Runs a program: its exit code and what it printed. Raises TimeoutError, and ends it, after so many seconds."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
            check=False, encoding="utf-8",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return done.returncode, done.stdout
