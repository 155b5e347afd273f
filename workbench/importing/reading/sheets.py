"""Writes the sheets of a workbook out as delimited text, in a process of its own.

`excel.py` runs this file as a program and ends it when it takes too long: what is in a workbook is not ours, and
reading one can take for ever. So it imports nothing of the workbench.

    python sheets.py WORKBOOK FOLDER ROWS COLUMNS CELLS SECONDS

Writes FOLDER/0.csv … and prints JSON: "sheets", a list of [title, file name], the titles of "hidden" ones that hold
something, whether days are counted "from_1904", and the "seconds" of processor time it took. Exit codes: 0 well,
`TOO_LARGE` for a sheet with more than ROWS rows or COLUMNS columns, `TOO_MANY_CELLS` for more than CELLS in all sheets,
`TOO_LONG` after SECONDS of processor time, `NOT_CALCULATED` where formulas have no results, anything else: it cannot be
read.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, TextIO
from xml.etree import ElementTree

TOO_LARGE, TOO_LONG, TOO_MANY_CELLS, NOT_CALCULATED = 3, 4, 5, 6
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
PREAMBLE_CELLS = 2  # "School:, Cedar Hill" above the header; a header of a table has more
BLANK = " \t\x1a\u00a0"
_FIGURE = re.compile(r"[0-9]+(?:[-/.:,][0-9]+)*%?")  # a number, a date, a time
_HEAD_ROWS = 100
_LOOKED_AT = 500  # rows between two looks at the clock
_BLOCK = 1 << 20
_OVERLAP = 1 << 14  # a cell with its formula is shorter
_ZEROS = re.compile("0{2,}")  # a number format that shows 1234 as 001234
#: A cell with a formula and without its result; an empty text is a result.
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c(?P<more>\s[^>]*)?>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TABLE, _TEXT, _OFFICE, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text", "office", "style")
)
_MOST_BLANK = 10_000  # rows that say nothing at the end of a sheet are told by their number


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


@dataclass(slots=True)
class Sheet:
    """A sheet of a workbook, of any kind of file."""

    title: str
    hidden: bool
    rows: Iterator[tuple[Any, ...]]


@dataclass(slots=True)
class Written:
    """The sheets that were written, as title and file name, and what is to be said of the workbook."""

    sheets: list[tuple[str, str]]
    hidden: list[str]
    from_1904: bool = False


def convert(workbook: Path, folder: Path, bounds: Bounds) -> Written:
    """Writes each sheet that holds something and is not hidden."""
    with zipfile.ZipFile(workbook) as package:
        parts = package.namelist()
        if "content.xml" in parts:
            with package.open("content.xml") as content:
                return _written(_of_open_document(content, bounds), folder, bounds)
        for name in parts:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with package.open(name) as part:
                    _refuse_uncalculated(part)
        padded = "xl/styles.xml" in parts and b'formatCode="00' in package.read("xl/styles.xml")
    import openpyxl
    from openpyxl.utils.datetime import MAC_EPOCH

    book = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    written = _written(_of_excel(book, padded=padded), folder, bounds)
    written.from_1904 = book.epoch == MAC_EPOCH
    book.close()
    return written


def _written(sheets: Iterable[Sheet], folder: Path, bounds: Bounds) -> Written:
    written = Written([], [])
    for number, sheet in enumerate(sheets):
        path = folder / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            holds = _write(bounds.within(sheet.rows), out)
        if holds and sheet.hidden:
            written.hidden.append(sheet.title)
        elif holds:
            written.sheets.append((sheet.title, path.name))
    return written


# Excel


def _of_excel(book: Any, *, padded: bool) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()
        rows = map(_as_shown, sheet.iter_rows()) if padded else sheet.iter_rows(values_only=True)
        yield Sheet(sheet.title, sheet.sheet_state != "visible", rows)


def _as_shown(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values of cells, whole numbers with the zeros before them that their format shows."""
    return tuple(
        str(cell.value).zfill(len(cell.number_format))
        if isinstance(cell.value, int) and _ZEROS.fullmatch(cell.number_format)
        else cell.value
        for cell in row
    )


def _refuse_uncalculated(part: IO[bytes]) -> None:
    before = b""
    while block := part.read(_BLOCK):
        before = before[-_OVERLAP:] + block
        if b"<f" not in before and b":f" not in before:
            continue
        if any(b't="str"' not in (cell["more"] or b"") for cell in _NO_RESULT.finditer(before)):
            raise _Refused(NOT_CALCULATED)


# OpenDocument, as LibreOffice and Google Sheets save it


def _of_open_document(content: IO[bytes], bounds: Bounds) -> Iterator[Sheet]:
    events = iter(ElementTree.iterparse(content, ("start", "end")))  # noqa: S314 (expat refuses endless entities)
    hidden: set[str] = set()
    for event, element in events:
        if event == "end" and element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden.add(element.get(f"{_STYLE}name", ""))
        if event == "start" and element.tag == f"{_TABLE}table":
            rows = _open_rows(events, element, bounds)
            yield Sheet(element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name", "") in hidden, rows)
            for _row in rows:
                pass


def _open_rows(events: Iterator[tuple[str, Any]], table: Any, bounds: Bounds) -> Iterator[tuple[Any, ...]]:
    for event, element in events:
        if event == "end" and element is table:
            return
        if event == "end" and element.tag == f"{_TABLE}table-row":
            cells = _open_cells(element, bounds)
            times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            table.clear()  # or every row would be kept
            if cells or times < _MOST_BLANK:
                yield from repeat(cells, times)


def _open_cells(row: Any, bounds: Bounds) -> tuple[Any, ...]:
    """What a row's cells say, without the empty ones at its end."""
    cells: list[Any] = []
    blank = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        value = _open_value(cell)
        if value in (None, ""):
            blank += times
            continue
        if len(cells) + blank + times > bounds.columns:
            raise _Refused(TOO_LARGE)
        cells += [None] * blank + [value] * times
        blank = 0
    return tuple(cells)


def _open_value(cell: Any) -> Any:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind is None:
        if cell.get(f"{_TABLE}formula"):
            raise _Refused(NOT_CALCULATED)
        return None
    shown = "\n".join(_open_text(line) for line in cell.findall(f"{_TEXT}p"))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00").replace("T", " ")
    if kind == "time":
        return _open_time(cell.get(f"{_OFFICE}time-value", ""))
    if kind in ("float", "currency", "percentage"):
        value = float(cell.get(f"{_OFFICE}value", "nan"))
        return shown if re.fullmatch("0[0-9]+", shown) and float(shown) == value else value
    return cell.get(f"{_OFFICE}string-value") or shown


def _open_text(line: Any) -> str:
    parts = [line.text or ""]
    for one in line:
        parts.append(" " if one.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break") else _open_text(one))
        parts.append(one.tail or "")
    return "".join(parts)


def _open_time(text: str) -> dt.timedelta | str:
    found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", text)
    return dt.timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3])) if found else text


def _end_after(seconds: int) -> None:
    """Has the system end this process once it used so much of the processor, where it can."""
    if sys.platform != "win32":  # there whoever started this ends it by the clock
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def main(workbook: str, folder: str, rows: str, columns: str, cells: str, seconds: str) -> int:
    bounds = Bounds(int(rows), int(columns), int(cells), float(seconds))
    _end_after(math.ceil(bounds.seconds) + 1)
    code, written = 0, Written([], [])
    try:
        written = convert(Path(workbook), Path(folder), bounds)
    except _Refused as refused:
        code = int(refused.args[0])
    except Exception:  # openpyxl raises whatever the damage leads to: KeyError, ParseError, …
        code = 1
    sys.stdout.write(json.dumps({**asdict(written), "seconds": time.process_time()}))
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
