"""Reads the sheets of an Excel workbook as tables of text cells.

A sheet is written out once as delimited text to a temporary file, because importers read a table more than once and
reading Excel is slow. That is done by a process of its own (`sheets.py`), which is ended when it takes too long.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.errors import BadInput
from workbench.importing import sheets
from workbench.importing.delimited import DelimitedTable, bytes_of
from workbench.scratch import Scratch

UNREADABLE = "{file} could not be opened as an Excel workbook: it is damaged, locked with a password or not one."
UNREADABLE_STEP = "Open it in a spreadsheet program, save it as .xlsx without a password, and import that."
TOO_LARGE = "{file} would unpack to more than {limit:g} GB, which is the most that is read here."
TOO_LARGE_STEP = "Export it again as CSV, or in smaller parts; or raise largest_file_gb in workbench.toml."
TOO_MANY = "{file} has a sheet with more than {rows} rows or {columns} columns, which no workbook may have."
TOO_LONG = "{file} takes longer to read than any workbook of its size should."
AS_CSV_STEP = "Open it in a spreadsheet program, save the sheet as CSV, and import that."

GIGABYTE = 1024**3
_MEGABYTE = 1024**2
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may hold: the format's own rows and columns, and how long it may take.

    seconds: of the processor, to begin with and for each megabyte that it unpacks to. patience: how many times as long
    by the clock, on a machine with other work.
    """

    rows: int = 1_048_576
    columns: int = 16_384
    seconds: float = 10
    seconds_a_megabyte: float = 0.5
    patience: float = 6

    def budget(self, size: int) -> float:
        """Seconds of processor time for a workbook that unpacks to `size` bytes."""
        return self.seconds + self.seconds_a_megabyte * size / _MEGABYTE


LIMITS = Limits()


class Workbook:
    """The sheets of one workbook, unpacked of at most `largest` bytes; owns the temporary files they are written to."""

    def __init__(self, file: str, stream: BinaryIO, *, largest: int = 2 * GIGABYTE, limits: Limits = LIMITS) -> None:
        self._file = file
        self._largest = largest
        self._limits = limits
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
                parts = package.infolist()
                size = sum(member.file_size for member in parts)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self._refused(UNREADABLE, UNREADABLE_STEP) from None
        if len(parts) > _MOST_PARTS:
            raise self._refused(UNREADABLE, UNREADABLE_STEP)
        if size > self._largest:
            limit = round(self._largest / GIGABYTE, 2)
            raise BadInput(TOO_LARGE.format(file=self._file, limit=limit), TOO_LARGE_STEP)
        stream.seek(0)
        copy = self._scratch.path / "workbook.xlsx"
        with copy.open("wb") as out:
            shutil.copyfileobj(stream, out)
        written = self._written(copy, self._limits.budget(size))
        copy.unlink()
        for title, name in written:
            called = self._file if len(written) == 1 else f"{self._file}/{title}"
            yield DelimitedTable(called, bytes_of(self._scratch.path / name))

    def _written(self, workbook: Path, seconds: float) -> list[tuple[str, str]]:
        """Each sheet that holds something, as title and name of its text."""
        limits = self._limits
        given = (workbook, self._scratch.path, limits.rows, limits.columns, max(0, round(seconds)))
        command = [sys.executable, "-I", sheets.__file__, *map(str, given)]
        try:
            code, said = within(command, seconds * limits.patience)
        except TimeoutError:
            raise self._refused(TOO_LONG, AS_CSV_STEP) from None
        if code == sheets.TOO_LARGE:
            words = TOO_MANY.format(file=self._file, rows=f"{limits.rows:,}", columns=f"{limits.columns:,}")
            raise BadInput(words, AS_CSV_STEP)
        if code == sheets.TOO_LONG or -code in _OUT_OF_TIME:
            raise self._refused(TOO_LONG, AS_CSV_STEP)
        if code:
            raise self._refused(UNREADABLE, UNREADABLE_STEP)
        return [(title, name) for title, name in json.loads(said)]

    def _refused(self, sentence: str, step: str) -> BadInput:
        return BadInput(sentence.format(file=self._file), step)


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
