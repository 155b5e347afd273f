"""Reads the texts that exports hold: numbers, times, terms, reading levels.

A parser takes one text and returns a value or raises `Unreadable` with a reason. `Column`
lifts a parser to whole columns and calls it once per distinct text, because a district's
file repeats a few hundred texts a million times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_, _
from workbench.importing.records import Header, Problem, day_zero

T = TypeVar("T")
#: A column of a chunk: Python strings.
Texts = npt.NDArray[np.object_]

#: Texts by which vendors and spreadsheets say "nothing here"; compare stripped and casefolded.
NOTHING = frozenset({"", "*", "-", "--", "---", "n/a", "#n/a", "na", "nan", "null", "none", "#null!"})

QUINTILES = ("Low", "LoAvg", "Avg", "HiAvg", "High")
MET_PROJECTION = ("Yes", "No", "Yes*", "No*")

CORRECT_CELL = N_("Correct the cell and import the file again: rows already read will not be doubled.")

NOT_NUMBER = N_("is not a number.")
NOT_WHOLE = N_("is not a whole number.")
NOT_BETWEEN = N_("is not between {low:g} and {high:g}.")
NOT_ONE_OF = N_("is not one of {choices}.")
NOT_TRUE_FALSE = N_("is neither TRUE nor FALSE.")
NOT_RANGE = N_("is not a range.")
NOT_LEVEL = N_("is not a {name} measure.")

_MEMO_SIZE = 100_000
_SHOWN = 80


class Unreadable(ValueError):
    """A text that cannot be read; `reason` completes the sentence "“text” …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Column(Generic[T]):
    """Reads whole columns with a parser for one text; `blank` stands where a text is unreadable."""

    def __init__(self, parse: Callable[[str], T], blank: T) -> None:
        self._parse = parse
        self._blank = blank
        self._known: dict[str, T] = {}
        self._reasons: dict[str, str] = {}

    def __call__(self, cells: Texts) -> list[T]:
        known = self._known
        texts = cells.tolist()
        try:
            return list(map(known.__getitem__, texts))
        except KeyError:
            if len(known) > _MEMO_SIZE:
                known.clear()
            for text in set(texts).difference(known):
                known[text] = self._read(text)
            return list(map(known.__getitem__, texts))

    def one(self, text: str) -> T:
        """The value of one text."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> T:
        try:
            return self._parse(plain(text))
        except Unreadable as problem:
            self._reasons[text] = problem.reason
            return self._blank

    def unreadable(self, cells: Texts) -> list[tuple[int, str]]:
        """Position and reason of each cell that an earlier call could not read."""
        if not self._reasons:
            return []
        return [(at, self._reasons[text]) for at, text in enumerate(cells) if text in self._reasons]


class Columns:
    """Finds columns by name, ignoring case, spaces and underscores; the first of a name counts."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = tuple(header)
        self.day_zero = day_zero(header)
        self._asked: set[int] = header.asked if isinstance(header, Header) else set()
        self._at: dict[str, int] = {}
        for at, name in enumerate(header):
            if key := header_key(name):
                self._at.setdefault(key, at)

    def __contains__(self, key: str) -> bool:
        return key in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def first(self, *keys: str) -> str | None:
        """The first of `keys` that the file has."""
        return next((key for key in keys if key in self._at), None)

    def name(self, key: str | None) -> str | None:
        """The column's name as the file has it."""
        return self._header[self._at[key]] if key in self._at else None

    def texts(self, cells: npt.NDArray[np.object_], key: str | None) -> Texts:
        """The column `key` of a chunk's cells, or "" all along when the file has none."""
        if key is None or key not in self._at:
            return np.full(len(cells), "", dtype=object)
        self._asked.add(self._at[key])
        return cells[:, self._at[key]]


def header_key(name: str) -> str:
    """A column name without case, spaces, underscores or what nobody sees."""
    return re.sub(r"[\s_\u00ad\u200b-\u200f\u2060\ufeff]+", "", name).casefold()


_GUARDED = re.compile(r"['’](?=[-+.]?[0-9])")


def plain(text: str) -> str:
    """A cell without space around it, and without the apostrophe that keeps a spreadsheet from reading a figure."""
    text = text.strip()
    return text[1:] if _GUARDED.match(text) else text


def stripped(cells: Texts) -> Texts:
    """The texts without space around them."""
    return np.array([text.strip() for text in cells], dtype=object)


def blank_rows(cells: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Which rows of a chunk hold nothing but space."""
    empty = np.ones(len(cells), dtype=bool)
    for at in range(cells.shape[1]):
        candidates = np.flatnonzero(empty)
        if not len(candidates):
            break
        empty[candidates] = [not text or text.isspace() for text in cells[candidates, at]]
    return empty


def cell_problem(
    file: str,
    row: int,
    column: str | None,
    text: str,
    reason: str,
    *,
    left_out: bool,
    advice: str = CORRECT_CELL,
) -> Problem:
    """The problem of one cell, its text cut to a length people read."""
    value = text.strip()
    value = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return Problem(file, row, column, value, reason, advice, left_out)


_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")


def is_nothing(text: str) -> bool:
    """Whether a text is one of the ways to leave a cell empty."""
    return not text or text.casefold() in NOTHING


_TOTALS = frozenset(
    (
        "total", "totals", "grand total", "class total", "school total", "total students", "sum", "count",
        "average", "averages", "avg", "class average", "school average", "mean", "class mean", "median",
        "all students", "all learners", "total learners", "student count", "number of students", "record count",
        "total records", "total rows", "total number of students",
        "totales", "total general", "total de alumnos", "total de estudiantes", "suma", "promedio", "promedios",
        "promedio general", "promedio de la clase", "promedio del grupo", "media", "mediana", "todos los alumnos",
        "todos los estudiantes",
    )
)  # fmt: skip


def is_total(text: str) -> bool:
    """Whether a cell that should name somebody says that its row sums up others: "Totals", "Total students: 28"."""
    return _COUNT_AFTER.sub("", " ".join(text.split())).rstrip(":. ").casefold() in _TOTALS


_COUNT_AFTER = re.compile(r"(?<=[:=]) ?[0-9][0-9.,]*%?")
_BENEATH = re.compile(
    r"page \d+(?: of \d+)?|página \d+(?: de \d+)?"
    r"|(?:report |list )?(?:printed|generated|exported|created|downloaded)\b.+"
    r"|(?:impreso|generado|descargado) .+|end of (?:report|file|list|data)\.?|fin (?:del|de la) .+"
    r"|(?:©|\(c\)|copyright ).+|confidential\b.*|(?:source|notes?|filters?|report date|run date|fuente|notas?): ?.+"
    r"|(?:data )?as of .+",
    re.IGNORECASE,
)
_CELLS_BENEATH = 2


def is_beneath(cells: Sequence[str]) -> bool:
    """Whether a row says something of the whole table, with one or two cells: a total, a page, who printed it."""
    filled = [text for text in cells if text.strip()]
    return 0 < len(filled) <= _CELLS_BENEATH < len(cells) and says_of_all(filled[0].strip())


def says_of_all(text: str) -> bool:
    """Whether a text says something of the whole table."""
    return not text[:1].isdigit() and (is_total(text) or bool(_BENEATH.fullmatch(text)))


def tidy(text: str) -> str:
    """A text with single spaces, "" where nothing is given."""
    return "" if is_nothing(text) else " ".join(text.split())


def number(text: str) -> float:
    """A number, NaN where nothing is given; `3,40` and `1,234` are read as 3.4 and 1234."""
    if _NUMBER.fullmatch(text) and len(text) < _SHOWN:
        return float(text)
    if is_nothing(text):
        return float("nan")
    if _THOUSANDS.fullmatch(text) and len(text) < _SHOWN:
        return float(text.replace(",", ""))
    if _DECIMAL_COMMA.fullmatch(text) and len(text) < _SHOWN:
        return float(text.replace(",", "."))
    raise Unreadable(NOT_NUMBER)


_PART = re.compile(r"(.*?)\s*(?:/|\bof\b|\bout of\b)\s*(.*)", re.IGNORECASE)
NO_WHOLE = N_("does not say of how many.")


def part(text: str) -> float:
    """The first number of "4 of 5", "4/5" or "4 out of 5"; a plain number is one."""
    found = None if is_nothing(text) else _PART.fullmatch(text)
    return number(found[1] if found else text)


def whole(text: str) -> float:
    """The second number of "4 of 5", "4/5" or "4 out of 5"."""
    found = None if is_nothing(text) else _PART.fullmatch(text)
    if not found and not is_nothing(text):
        raise Unreadable(NO_WHOLE)
    return number(found[2]) if found else float("nan")


def percent(text: str) -> float:
    """A percentage with or without its sign, NaN where nothing is given."""
    return number(text.removesuffix("%").rstrip())


def number_between(low: float, high: float, *, whole: bool = False) -> Callable[[str], float]:
    """A parser for numbers from `low` to `high`; `whole` refuses fractions (192.0 is none)."""

    def parse(text: str) -> float:
        try:
            value = number(text)
        except Unreadable:
            raise Unreadable(NOT_WHOLE if whole else NOT_NUMBER) from None
        if whole and value == value and not value.is_integer():
            raise Unreadable(NOT_WHOLE)
        if value < low or value > high:
            raise Unreadable(_(NOT_BETWEEN).format(low=low, high=high))
        return value

    return parse


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """A parser for a few words in any case; the vendor's text is kept, "" where nothing is given."""
    known = {choice.casefold() for choice in choices}

    def parse(text: str) -> str:
        if text.casefold() in known:
            return text
        if is_nothing(text):
            return ""
        raise Unreadable(_(NOT_ONE_OF).format(choices=", ".join(choices)))

    return parse


_TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "verdadero", "sí", "si"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "falso"), False),
}


def truth(text: str) -> bool | None:
    """TRUE or FALSE as vendors write it, None where nothing is given."""
    if text.casefold() in _TRUTHS:
        return _TRUTHS[text.casefold()]
    if is_nothing(text):
        return None
    raise Unreadable(NOT_TRUE_FALSE)


_TERM = re.compile(
    r"(fall|autumn|winter|spring|summer)\s*(?:of\s*)?([0-9]{4})(?:\s*[-/\u2013]\s*([0-9]{2}|[0-9]{4}))?", re.I
)


def term(text: str) -> str:
    """A term in our words, "Fall 2013-2014"; other texts stay as they are.

    The older client-server exports name one calendar year: their `Fall 2013` is
    2013-2014, their `Winter 2014`, `Spring 2014` and `Summer 2014` too.
    """
    found = _TERM.fullmatch(text)
    if not found:
        return "" if is_nothing(text) else " ".join(text.split())
    season = found[1].capitalize().replace("Autumn", "Fall")
    first = int(found[2])
    if not found[3] and season != "Fall":
        first -= 1
    return f"{season} {first}-{first + 1}"


_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]+)?)?(?:\s*([ap])\.?m\.?)?", re.I)
_SEASON = re.compile(r"\b(fall|autumn|winter|spring|summer)\b", re.I)
_PART_OF_YEAR = re.compile(r"\b(?:(boy|beginning of year)|(moy|middle of year)|(eoy|end of year))\b", re.I)


def season(text: str) -> str:
    """The season that a testing window is called by, "" where it has none.

    Reads `Winter (November 16 - March 1)`, `BOY`, `Fall Screening` …; the beginning of a year is its fall.
    """
    if found := _SEASON.search(text):
        return found[1].capitalize().replace("Autumn", "Fall")
    part = _PART_OF_YEAR.search(text)
    return ("Fall", "Winter", "Spring")[(part.lastindex or 1) - 1] if part else ""


_DAY_BEFORE_TIME = re.compile(
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})(?:[ T]+|$)"
)
NOT_TIME = N_("is not a time of day.")


def clock(text: str) -> str:
    """A time of day as "HH:MM:SS", "" where none is given.

    Reads `08:54:50` and what spreadsheets make of it: `9:00:00 AM`, `9.38.55`, `2:02 PM`,
    `01-01-1900 09:21`, and `01-01-1900`, which holds no time any more.
    """
    if is_nothing(text):
        return ""
    rest = _DAY_BEFORE_TIME.sub("", text, count=1)
    if not rest:
        return ""
    found = _TIME.fullmatch(rest)
    if not found:
        raise Unreadable(NOT_TIME)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(NOT_TIME)
    return f"{hour:02}:{minute:02}:{second:02}"


def _level(name: str, unit: str, below: str) -> Callable[[str], float]:
    shape = re.compile(rf"({below})?\s*(-?[0-9]{{1,4}})\s*{unit}?", re.IGNORECASE)

    def parse(text: str) -> float:
        found = shape.fullmatch(text)
        if found:
            value = float(found[2])
            return -value if found[1] else value
        if is_nothing(text) or text.casefold() == below.casefold():
            return float("nan")
        raise Unreadable(_(NOT_LEVEL).format(name=name))

    return parse


#: A Lexile measure in L: `960L`, older `907`; `BR325L` is -325 (325 below 0), bare `BR` no number.
lexile = _level("Lexile", "L", "BR")
#: A Quantile measure in Q: `485Q`; `EM400Q` is -400, bare `EM` no number.
quantile = _level("Quantile", "Q", "EM")


_LEVEL = r"((?:BR|EM)?\s*-?[0-9]{1,4}\s*[LQ]?)"
_RANGE = re.compile(rf"{_LEVEL}\s*(?:-|\u2013|to)\s*{_LEVEL}", re.IGNORECASE)


def range_end(read: Callable[[str], float], which: int) -> Callable[[str], float]:
    """A parser for the lower (0) or upper (1) end of a range such as `115L-265L` or `BR400L-BR300L`."""

    def parse(text: str) -> float:
        if found := _RANGE.fullmatch(text):
            return sorted(read(end.strip()) for end in found.groups())[which]
        if is_nothing(text):
            return float("nan")
        raise Unreadable(NOT_RANGE)

    return parse


_JSON = json.JSONEncoder(ensure_ascii=False)


def json_number(value: float) -> str:
    """A number as JSON, whole ones without a fraction."""
    return str(int(value)) if value.is_integer() else repr(value)


def json_text(text: str) -> str:
    """A text as JSON, letters outside ASCII kept."""
    return _JSON.encode(text)


def as_floats(values: Iterable[Any]) -> npt.NDArray[np.float64]:
    """The values as an array of numbers."""
    return np.fromiter(values, dtype=np.float64)
