"""Reads the dates of a file, whole ones and those a spreadsheet has damaged.

Which number is the month is decided once for a column and separator, never row by row: by the
dates that have a day above 12, where nearly all of these agree; otherwise by the order that the
vendor is known for, or that a person answered. Where none of these tells, such a date is unreadable.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter

from workbench.ground.words import N_, _
from workbench.importing.reading.values import Texts, Unreadable, is_nothing, plain
from workbench.importing.records import DAY_ZERO, Choice, Question

NOT_DATE = N_("is not a date.")
NO_SUCH_DATE = N_("is a date that does not exist.")
DATE_LOST = N_("is a time alone: a spreadsheet that opened the file has lost the date.")
NOT_TOLD = N_("is a date in which day and month cannot be told apart.")
NOT_MONTH = N_("is not a month of a year.")
NOT_A_CHILDS = N_("is not the birth date of a child; write the year with four figures.")
NOT_BETWEEN_YEARS = N_("is not a date between {first} and {last}.")

_TIME_AFTER = r"(?:[ T]+[0-9]{1,2}[:.][0-9].*)?"
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _TIME_AFTER)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _TIME_AFTER)
_PLAIN = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_WORD = r"([^\W\d_]{3,})\.?"
_WEEKDAY = r"(?:[^\W\d_]{3,}\.?,? )?"
_YEAR = r"([0-9]{4}|[0-9]{2})"
_DAY_FIRST_IN_WORDS = re.compile(
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th|º)?[- ](?:de )?{_WORD},?[- ](?:de(?:l)? )?{_YEAR}{_TIME_AFTER}",
    re.IGNORECASE,
)
_MONTH_FIRST_IN_WORDS = re.compile(
    rf"{_WEEKDAY}{_WORD}[- ]([0-9]{{1,2}})(?:st|nd|rd|th)?,?[- ]{_YEAR}{_TIME_AFTER}", re.IGNORECASE
)
_DAY_NUMBER = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_TIME_ALONE = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?")
_MONTHS = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre", "setiembre"),
    ("october", "octubre"), ("november", "noviembre"), ("december", "diciembre"),
)  # fmt: skip
MONTH_FIRST, DAY_FIRST = "month first", "day first"
ORDER = "order of day and month"  # the name of the question
DAY = "day of the file"  # the name of the question which day a file without dates is of
_MOST_BY = 9  # so many dates that are sure of one order outweigh one that is sure of the other
_MONTHS_A_YEAR = 12
_CHILDREN = range(1990, 2040)  # years in which a child in school was born, where two figures say one
_PIVOT = 68  # two-digit years to 68 are 20xx, as POSIX and spreadsheets have it (to 29 in Excel)


class Dates:
    """The dates of one column; show it all texts with `see` before reading any.

    first, last: the years that can be meant; others are a problem. order: `MONTH_FIRST` or `DAY_FIRST`,
    for when the column does not tell; "" when nobody knows. births: of children, which tells what a year of two figures
    means. day_zero: from which a spreadsheet counts days that it shows as numbers, see `records.Header`.
    """

    def __init__(
        self, first: int, last: int, order: str = "", *, births: bool = False, day_zero: dt.date = DAY_ZERO
    ) -> None:
        self._first = first
        self._last = last
        self._order = order
        self._births = births
        self._day_zero = day_zero
        self._seen: set[str] = set()
        self._tells: Counter[tuple[str, str]] = Counter()
        self._open: dict[str, str] = {}  # texts that cannot tell, with their separator
        self._known: dict[str, dt.date | None] = {}
        self._reasons: dict[str, str] = {}

    def see(self, cells: Texts) -> None:
        """Let texts that are sure of their order speak for those that are not."""
        new = set(cells) - self._seen
        self._seen |= new
        for text in new:
            found = _YEAR_LAST.fullmatch(plain(text))
            if not found or (len(found[4]) > 2 and not self._first <= int(found[4]) <= self._last):
                continue  # what cannot be a day here tells nothing of the others
            first, second = int(found[1]), int(found[3])
            if (first > _MONTHS_A_YEAR) != (second > _MONTHS_A_YEAR):
                self._tells[found[2], DAY_FIRST if first > _MONTHS_A_YEAR else MONTH_FIRST] += 1
            elif first != second:
                self._open[text] = found[2]

    def unsure(self) -> list[str]:
        """Texts in which nothing tells day and month apart, in order."""
        return sorted(text for text, separator in self._open.items() if not self._order_of(separator))

    def __call__(self, cells: Texts) -> list[dt.date | None]:
        """A date for each text; None where nothing is given or it cannot be read."""
        known = self._known
        for text in set(cells).difference(known):
            try:
                known[text] = self.read(plain(text))
            except Unreadable as problem:
                self._reasons[text] = problem.reason
                known[text] = None
        return [known[text] for text in cells]

    def unreadable(self, cells: Texts) -> list[tuple[int, str]]:
        """Position and reason of each cell that an earlier call could not read."""
        if not self._reasons:
            return []
        return [(at, self._reasons[text]) for at, text in enumerate(cells) if text in self._reasons]

    def read(self, text: str) -> dt.date | None:
        """One date, None where nothing is given; raises `Unreadable`."""
        if is_nothing(text):
            return None
        text = " ".join(text.split())
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day = int(found[1]), int(found[3]), int(found[4])
        elif found := _PLAIN.fullmatch(text):
            year, month, day = int(found[1]), int(found[2]), int(found[3])
        elif (found := _DAY_FIRST_IN_WORDS.fullmatch(text)) and (named := month_named(found[2])):
            year, month, day = self._year(found[3]), named, int(found[1])
        elif (found := _MONTH_FIRST_IN_WORDS.fullmatch(text)) and (named := month_named(found[1])):
            year, month, day = self._year(found[3]), named, int(found[2])
        elif found := _YEAR_LAST.fullmatch(text):
            year, month, day = self._year(found[4]), int(found[1]), int(found[3])
            if self._day_first(found[2], month, day):
                month, day = day, month
        elif found := _DAY_NUMBER.fullmatch(text):
            counted = self._day_zero + dt.timedelta(days=int(found[1]))
            year, month, day = counted.year, counted.month, counted.day
        else:
            raise Unreadable(DATE_LOST if _TIME_ALONE.fullmatch(text) else NOT_DATE)
        try:
            date = dt.date(year, month, day)
        except ValueError:
            raise Unreadable(NO_SUCH_DATE) from None
        if not self._first <= date.year <= self._last:
            raise Unreadable(_(NOT_BETWEEN_YEARS).format(first=self._first, last=self._last))
        return date

    def _year(self, text: str) -> int:
        """The year that figures mean; raises `Unreadable` for two that are of no child."""
        if len(text) > 2 or not self._births:
            return _full_year(text)
        found = next((year for year in _CHILDREN if year % 100 == int(text)), None)
        if found is None:
            raise Unreadable(NOT_A_CHILDS)
        return found

    def _day_first(self, separator: str, first: int, second: int) -> bool:
        if first > _MONTHS_A_YEAR or second > _MONTHS_A_YEAR:
            return first > _MONTHS_A_YEAR
        order = self._order_of(separator)
        if not order and first != second:
            raise Unreadable(NOT_TOLD)
        return order == DAY_FIRST

    def _order_of(self, separator: str) -> str:
        months, days = self._tells[separator, MONTH_FIRST], self._tells[separator, DAY_FIRST]
        if months > _MOST_BY * days:
            return MONTH_FIRST
        if days > _MOST_BY * months:
            return DAY_FIRST
        return self._order


def order_question(file: str, *columns: Dates) -> tuple[Question, ...]:
    """Which of day and month comes first, where nothing in the columns tells; () where something does."""
    unsure = [text for dates in columns for text in dates.unsure()]
    if not unsure:
        return ()
    words = _("Is the month or the day first in dates such as {date}?").format(date=unsure[0])
    choices = (
        Choice(MONTH_FIRST, _("Month first: 9/1 is September 1")),
        Choice(DAY_FIRST, _("Day first: 9/1 is January 9")),
    )
    return (Question(file, ORDER, words, choices, tuple(unsure[:3])),)


def day_question(file: str) -> Question:
    """Which day a file is of that does not say so: its answer is a day in ISO form."""
    return Question(file, DAY, _("The file has no dates. On which day was it made?"), ())


_MONTH_OF_YEAR = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})(?:[-/. ][0-9]{1,2})?(?:[ T]+00:00.*)?")
_YEAR_OF_MONTH = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{4})")
_NAMED_MONTH = re.compile(rf"{_WORD}(?:[-, ]+(?:de )?{_YEAR})?", re.IGNORECASE)
_SCHOOL_YEAR = re.compile(r"([0-9]{4})\s*[-/\u2013]\s*([0-9]{2}|[0-9]{4})")
_FIRST_MONTH = 7  # of a school year


def month_of(year: str, month: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day of a month, by number or name, of a calendar or school year; None where nothing is given.

    Without a year the month names it: "September 2026", "2026-09", "9/2026". Raises `Unreadable`.
    """
    year, month = ("" if is_nothing(plain(text)) else plain(text).removesuffix(".0") for text in (year, month))
    if not year and not month:
        return None
    if found := _MONTH_OF_YEAR.fullmatch(month):
        year, month = year or found[1], found[2]
    elif found := _YEAR_OF_MONTH.fullmatch(month):
        year, month = year or found[2], found[1]
    elif (found := _NAMED_MONTH.fullmatch(month)) and (named := month_named(found[1])):
        year, month = year or found[2] or "", str(named)
    if not month.isascii() or not month.isdigit() or not 1 <= int(month) <= _MONTHS_A_YEAR:
        raise Unreadable(NOT_MONTH)
    number = int(month)
    if found := _SCHOOL_YEAR.fullmatch(year):
        year = str(int(found[1]) + (number < _FIRST_MONTH))
    if not re.fullmatch(r"[0-9]{4}|[0-9]{2}", year) or not 1 <= (which := _full_year(year)) <= dt.MAXYEAR:
        raise Unreadable(NOT_MONTH)
    return dt.date(which, number, 1), dt.date(which, number, calendar.monthrange(which, number)[1])


def month_named(word: str) -> int:
    """The number of the month of that name, in English or Spanish, whole or begun with three letters; 0 for none."""
    word = word.casefold()
    return next((at for at, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)), 0)


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year <= _PIVOT else 1900)
