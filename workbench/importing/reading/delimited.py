"""Reads comma, tab and semicolon separated text as tables of text cells.

The standard library's `csv` cuts the lines; around it stands what real files need: a mix
of UTF-8 and Windows bytes, rows too short or too long, and a quotation mark that is opened
and never closed, which would otherwise swallow the rows after it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _
from workbench.importing.reading.sheets import BLANK, PREAMBLE_CELLS, header_at
from workbench.importing.reading.values import is_beneath
from workbench.importing.records import Header, Place, Problem

EMPTY = N_("{file} is empty.")
EMPTY_STEP = N_("Export the file again, or choose another one.")
NOT_TEXT = N_("{file} is not a table of text: it looks like another kind of file.")
NOT_TEXT_STEP = N_("Save it as CSV or as an Excel workbook (.xlsx), then import that.")

ROW_SHORT = N_("The row has {cells} cells and the header {width}; the cells that are missing were read as empty.")
ROWS_SHORT = N_("{count} further rows have fewer cells than the header; missing cells were read as empty.")
ROW_LONG = N_("The row has {cells} cells and the header only {width}, so its cells cannot be told apart.")
ROW_OPEN_QUOTE = N_("A quotation mark is opened in this row and not closed.")
TOO_WIDE = N_("{file} has {count} columns, which no export of ours comes near.")
TOO_WIDE_STEP = N_("Keep the columns with the learners and their results, save it as CSV, and import that.")
FILE_CUT = N_("The file is damaged after this row, and nothing more could be read.")
CHECK_ROW = N_(
    "Compare the row with the vendor's own screen; if a cell is wrong, correct it and import the file again."
)
QUOTE_CELLS = N_(
    "Put quotation marks around a cell that contains the separator, then import the file again: "
    "rows already read will not be doubled."
)
CLOSE_QUOTE = N_("Remove or close the quotation mark and import the file again: rows already read will not be doubled.")
EXPORT_AGAIN = N_("Export the file again and import it: rows already read will not be doubled.")

_FALLBACK = "workbench-windows-bytes"
_MACINTOSH = "workbench-macintosh-bytes"
#: Inside or at the end of a word these bytes are letters with accents to an old Macintosh, and signs to Windows.
_MACINTOSH_LETTERS = re.compile(
    rb"[A-Za-z][\x80-\x90\x93-\x9f](?=[a-z])|[a-z][\x87-\x90\x95-\x9f](?=[\s,;\"]|$)|[a-z]\x92(?=[a-z]{2}|[a-ln-ru-z])"
    rb"|[A-Z][\x80-\x84\x86\xcb\xcc\xe5-\xef\xf1-\xf4](?=[A-Z])|[A-Za-z][\xd0\xd1\xd5](?=[A-Z][a-z])|(?:^|[\s,;\"])[\x80-\x84\x86](?=[a-z])"
)
_WINDOWS_LETTERS = re.compile(rb"[a-z][\xe0-\xff]|[\xc0-\xdf](?=[a-z])")
_SEARCHED = 1 << 22
_CUT = (OSError, EOFError, zipfile.BadZipFile, zlib.error)
_DELIMITERS = (",", "\t", ";", "|")
_PROBE = 65_536
_LINES_OF_ONE_ROW = 100
_LONGEST_LINE = 16_000_000  # characters; a district's rows have some thousands
_HEAD = 32_000_000  # characters looked at for the header
_SHORT_ROWS_NAMED = 10
_MOST_COLUMNS = 16_384  # as a spreadsheet
_CELLS_AT_ONCE = 4_000_000
_CONTROL = bytes(set(range(32)) - {0, 9, 10, 11, 12, 13, 26, 27})
_CONTROL_SHARE = 0.02
_NUL_SHARE = 0.2
#: What nobody sees, in a cell or a column name: spaces without width, soft hyphens, marks of direction.
_INVISIBLE = re.compile("[\0\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
#: How cells are written so that a spreadsheet leaves them as they are: ="00123"
_AS_TEXT = re.compile(r'\s*="(.*)"\s*', re.DOTALL)


def _as_windows_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    return found.decode("cp1252", errors="replace"), error.end


def _as_macintosh_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    return found.decode("mac_roman", errors="replace"), error.end


codecs.register_error(_FALLBACK, _as_windows_bytes)
codecs.register_error(_MACINTOSH, _as_macintosh_bytes)


def bytes_of(path: Path) -> Callable[[], BinaryIO]:
    """Opens the file at `path` for reading, each time it is called."""

    def opened() -> BinaryIO:
        return path.open("rb")

    return opened


class DelimitedTable:
    """A table in delimited text; opens the file anew for each reading and closes it after.

    file: the name to say in messages. opened: opens its bytes from the start.
    Raises BadInput when there is no text to read, OSError and what `opened` raises.
    """

    def __init__(self, file: str, opened: Callable[[], BinaryIO]) -> None:
        self.file = file
        self.place = Place([self])
        self._opened = opened
        self._problems: list[Problem] = []
        with closing(opened()) as stream:
            probe = stream.read(_PROBE)
            self._encoding = _encoding(file, probe)
            with suppress(*_CUT):  # which is said where the rows are read
                probe += stream.read(_SEARCHED)
            self._errors = _errors(self._encoding, probe)
        try:
            with self._lines() as lines:
                head = _head(lines)
        except _EndlessLine:
            raise BadInput(_(NOT_TEXT).format(file=file), _(NOT_TEXT_STEP)) from None
        self._declared = _declared_delimiter(head)
        self._delimiter = self._declared or _sniffed_delimiter(head)
        rows = list(_records(iter(head[bool(self._declared) :]), self._delimiter))
        at = header_at(rows)
        if at is None:
            raise BadInput(_(EMPTY).format(file=file), _(EMPTY_STEP))
        self._header_row = at + 1
        self.header = Header(" ".join(name.split()) for name in rows[at] or ())
        if len(self.header) > _MOST_COLUMNS:
            raise BadInput(_(TOO_WIDE).format(file=file, count=f"{len(self.header):,}"), _(TOO_WIDE_STEP))

    @cached_property
    def rows(self) -> int | None:
        """Lines after the header: the rows, or a little more where cells hold line breaks."""
        lines = 0
        last = b"\n"
        with closing(self._opened()) as stream:
            while block := stream.read(1 << 20):
                lines += block.count(b"\n")
                last = block[-1:]
        lines += last not in (b"\n", b"\0")
        return max(0, lines - self._header_row - bool(self._declared))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file's bytes, in hexadecimal: the same content has the same digest."""
        whole = hashlib.sha256()
        with closing(self._opened()) as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
        return whole.hexdigest()

    def take_problems(self) -> tuple[Problem, ...]:
        """The problems with rows' shape met since this was last asked."""
        taken = tuple(self._problems)
        self._problems.clear()
        return taken

    def chunks(self, size: int) -> Iterator[pd.DataFrame]:
        """Up to `size` rows at a time, at least one chunk; see `records.Table`."""
        width = len(self.header)
        size = max(1, min(size, _CELLS_AT_ONCE // width))
        needed = max((at for at, name in enumerate(self.header, start=1) if name), default=width)
        rows: list[list[str]] = []
        numbers: list[int] = []
        short = 0
        number = 0
        try:
            with self._lines() as stream:
                lines = _bounded(stream)
                if self._declared:
                    next(lines, None)
                for number, found in enumerate(_records(lines, self._delimiter, width), start=1):
                    if number <= self._header_row:
                        continue
                    cells = found
                    if cells is None:
                        self._note(number, ROW_OPEN_QUOTE, CLOSE_QUOTE)
                        continue
                    if len(cells) != width:
                        if len(cells) > width and any(text.strip() for text in cells[width:]):
                            self._note(number, _(ROW_LONG).format(cells=len(cells), width=width), QUOTE_CELLS)
                            continue
                        if len(cells) < needed and not _is_blank(cells) and not _is_beneath(cells, width):
                            short += 1
                            if short <= _SHORT_ROWS_NAMED:
                                reason = _(ROW_SHORT).format(cells=len(cells), width=width)
                                self._note(number, reason, CHECK_ROW, left_out=False)
                        cells = [*cells[:width], *[""] * (width - len(cells))]
                    rows.append(cells)
                    numbers.append(number)
                    if len(rows) == size:
                        yield _frame(rows, numbers, self.header)
                        rows, numbers = [], []
        except (*_CUT, _EndlessLine) as error:
            if isinstance(error, FileNotFoundError | PermissionError):
                raise
            self._note(number or None, FILE_CUT, EXPORT_AGAIN, left_out=False)
        if short > _SHORT_ROWS_NAMED:
            reason = _(ROWS_SHORT).format(count=short - _SHORT_ROWS_NAMED)
            self._note(None, reason, CHECK_ROW, left_out=False)
        yield _frame(rows, numbers, self.header)

    def _note(self, row: int | None, reason: str, advice: str, *, left_out: bool = True) -> None:
        self._problems.append(Problem(self.file, row, None, None, reason, advice, left_out))

    def _lines(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._opened(), self._encoding, errors=self._errors, newline="")


def _frame(rows: list[list[str]], numbers: list[int], header: tuple[str, ...]) -> pd.DataFrame:
    cells = np.empty((len(rows), len(header)), dtype=object)
    if rows:
        cells[:] = rows
    index = pd.Index(numbers, dtype="int64")
    return pd.DataFrame(cells, index=index, columns=pd.Index(header, dtype=object), dtype=object, copy=False)


def _encoding(file: str, probe: bytes) -> str:
    if not probe.strip(b"\0 \t\r\n\xef\xbb\xbf\x1a"):
        raise BadInput(_(EMPTY).format(file=file), _(EMPTY_STEP))
    if probe.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    nul = probe.count(0)
    if nul > len(probe) * _NUL_SHARE:
        encoding = "utf-16-le" if probe[1::2].count(0) > probe[::2].count(0) else "utf-16-be"
        text = probe.decode(encoding, errors="replace").encode("utf-8", errors="replace")
        nul = text.count(0)
    else:
        encoding, text = "utf-8-sig", probe
    control = len(text) - len(text.translate(None, _CONTROL))
    if control + nul > len(text) * _CONTROL_SHARE:
        raise BadInput(_(NOT_TEXT).format(file=file), _(NOT_TEXT_STEP))
    return encoding


def _errors(encoding: str, start: bytes) -> str:
    """How bytes are read that are not of the encoding: as the letters that a Macintosh or Windows wrote by them."""
    if encoding != "utf-8-sig":
        return "replace"
    is_macintosh = not start.isascii() and _MACINTOSH_LETTERS.search(start) and not _WINDOWS_LETTERS.search(start)
    return _MACINTOSH if is_macintosh else _FALLBACK


def _declared_delimiter(head: list[str]) -> str | None:
    first = head[0].strip().strip('"').casefold() if head else ""
    is_declared = first.startswith("sep=") and len(first) <= len("sep=") + 1
    return (first[len("sep=") :] or "\t") if is_declared else None


def _sniffed_delimiter(head: list[str]) -> str:
    """The one that cuts the first line into most cells, or any line where the first ones are no header."""
    first = next((at for at, line in enumerate(head) if line.strip(' \t\r\n,;|"')), 0)

    def cells(delimiter: str, *, most: bool) -> int:
        widths = (len(cells or ()) for cells in _records(iter(head[first:]), delimiter))
        return max(widths, default=0) if most else next(widths, 0)

    found = max(_DELIMITERS, key=lambda d: cells(d, most=False))
    if cells(found, most=False) > PREAMBLE_CELLS:
        return found
    return max(_DELIMITERS, key=lambda d: (cells(d, most=True), d == found))


class _EndlessLine(Exception):
    """A line so long that it would fill the memory."""


def _bounded(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise _EndlessLine
        yield line


def _head(stream: io.TextIOWrapper) -> list[str]:
    head: list[str] = []
    size = 0
    for line in islice(_bounded(stream), _LINES_OF_ONE_ROW * 2):
        head.append(line)
        size += len(line)
        if size > _HEAD:
            break
    return head


def _is_beneath(cells: list[str], width: int) -> bool:
    return is_beneath([*cells, *[""] * (width - len(cells))])


def _is_blank(cells: list[str]) -> bool:
    return not any(text and text.strip(BLANK) for text in cells)


def _records(lines: Iterator[str], delimiter: str, width: int | None = None) -> Iterator[list[str] | None]:
    """Cut lines into rows; None is a row whose quotation mark swallowed rows after it.

    Such a row is known by a swallowed line that has `width` cells by itself, or by its
    length; the lines it swallowed are then read again, each as what it is.
    """
    waiting: deque[str] = deque()
    held: list[str] = []

    def feed() -> Iterator[str]:
        while len(held) < _LINES_OF_ONE_ROW:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                return
            held.append(line)
            yield _INVISIBLE.sub("", line) if "\0" in line or not line.isascii() else line

    while True:
        try:
            for cells in csv.reader(feed(), delimiter=delimiter):
                if len(held) > 1 and _swallowed(held, cells, delimiter, width):
                    break
                guarded = any('="' in line for line in held)
                held.clear()
                yield [_AS_TEXT.sub(r"\1", cell) for cell in cells] if guarded else cells
        except csv.Error:
            pass
        if not held:
            return
        waiting.extendleft(reversed(held[1:]))
        held.clear()
        yield None


def _swallowed(held: list[str], cells: list[str], delimiter: str, width: int | None) -> bool:
    if len(held) >= _LINES_OF_ONE_ROW:
        return True
    quotes = sum(line.count('"') for line in held)
    if width is None or (len(cells) == width and quotes % 2 == 0):
        return False
    return any(len(alone) == width for line in held[1:] for alone in csv.reader([line], delimiter=delimiter))
