"""Reads the dates of a file, whole ones and those a spreadsheet has damaged.

`MM/DD/YYYY` is the vendors' own order. With slashes it always counts, unless a day above
12 tells otherwise; `22-10-2020` and `22.10.2020` are no vendor's own form, so there a
row that cannot tell follows the file's other rows with the same separator.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from workbench.importing.values import Texts, Unreadable, is_nothing

NOT_DATE = "is not a date."
NO_SUCH_DATE = "is a date that does not exist."
NOT_BETWEEN_YEARS = "is not a date between {first} and {last}."

_TIME_AFTER = r"(?:[ T]+[0-9]{1,2}[:.][0-9].*)?"
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _TIME_AFTER)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _TIME_AFTER)
_PLAIN = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[- ]([a-z]{3})[a-z]*[- ]([0-9]{4}|[0-9]{2})" + _TIME_AFTER, re.IGNORECASE)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_OWN_SEPARATOR = "/"
_MONTHS_A_YEAR = 12
_PIVOT = 68  # two-digit years to 68 are 20xx, as POSIX and spreadsheets have it (to 29 in Excel)


class Dates:
    """The dates of one file; show it all texts with `see` before reading any.

    first, last: the years that can be meant; others are a problem.
    """

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._last = last
        self._seen: set[str] = set()
        self._tells: Counter[tuple[str, bool]] = Counter()
        self._known: dict[str, dt.date | None] = {}
        self._reasons: dict[str, str] = {}

    def see(self, cells: Texts) -> None:
        """Let texts that are sure of their order speak for those that are not."""
        new = set(cells) - self._seen
        self._seen |= new
        for text in new:
            found = _YEAR_LAST.fullmatch(text.strip())
            if found and found[2] != _OWN_SEPARATOR:
                first, second = int(found[1]), int(found[3])
                if (first > _MONTHS_A_YEAR) != (second > _MONTHS_A_YEAR):
                    self._tells[found[2], first > _MONTHS_A_YEAR] += 1

    def __call__(self, cells: Texts) -> list[dt.date | None]:
        """A date for each text; None where nothing is given or it cannot be read."""
        known = self._known
        for text in set(cells).difference(known):
            try:
                known[text] = self.read(text.strip())
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
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day = int(found[1]), int(found[3]), int(found[4])
        elif found := _PLAIN.fullmatch(text):
            year, month, day = int(found[1]), int(found[2]), int(found[3])
        elif (found := _NAMED.fullmatch(text)) and found[2].lower() in _MONTHS:
            year, month, day = _full_year(found[3]), _MONTHS[found[2].lower()], int(found[1])
        elif found := _YEAR_LAST.fullmatch(text):
            year, month, day = _full_year(found[4]), int(found[1]), int(found[3])
            if self._day_first(found[2], month, day):
                month, day = day, month
        else:
            raise Unreadable(NOT_DATE)
        try:
            date = dt.date(year, month, day)
        except ValueError:
            raise Unreadable(NO_SUCH_DATE) from None
        if not self._first <= date.year <= self._last:
            raise Unreadable(NOT_BETWEEN_YEARS.format(first=self._first, last=self._last))
        return date

    def _day_first(self, separator: str, first: int, second: int) -> bool:
        if first > _MONTHS_A_YEAR or second > _MONTHS_A_YEAR:
            return first > _MONTHS_A_YEAR
        return self._tells[separator, True] > self._tells[separator, False]


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year <= _PIVOT else 1900)
