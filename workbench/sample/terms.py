"""The demo school's calendar: three testing terms a year, six terms ending with the present one.

A school year is named by the calendar year it begins in: 2026 is "2026-2027". The present is a
constant, so a demo built next year is the demo built today.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

SCHOOL_YEAR = 2026
TODAY = dt.date(2026, 11, 21)  # a Saturday: the week is over, the files were fetched that morning
FIRST_DAY = dt.date(2026, 8, 31)

SEASONS = ("Fall", "Winter", "Spring")
#: How far through the school year's learning a season's tests fall: NWEA's default weeks of instruction.
WEEKS_OF_INSTRUCTION = {"Fall": 4, "Winter": 20, "Spring": 32}

_WINDOWS = {  # first and last day (month, day) of the school's testing window
    "Fall": ((9, 8), (10, 2)),
    "Winter": ((1, 11), (2, 5)),
    "Spring": ((4, 20), (5, 15)),
}


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One testing term of one school year."""

    year: int
    season_index: int

    @property
    def season(self) -> str:
        return SEASONS[self.season_index]

    @property
    def name(self) -> str:
        """As NWEA writes it: "Fall 2026-2027"."""
        return f"{self.season} {self.year}-{self.year + 1}"

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """First and last day on which the school tests; Winter and Spring fall in the next calendar year."""
        first, last = _WINDOWS[self.season]
        calendar_year = self.year + (self.season != "Fall")
        return dt.date(calendar_year, *first), dt.date(calendar_year, *last)

    @property
    def test_days(self) -> tuple[dt.date, ...]:
        """The weekdays of the window."""
        return _weekdays(*self.window)

    @property
    def norms(self) -> str:
        """The norms a vendor reads this term against: the 2025 norms replaced 2020's from Fall 2025-2026."""
        return "2025" if self.year >= 2025 else "2020"

    def grade(self, present_grade: int) -> int:
        """The grade then of somebody now in `present_grade`; K is 0."""
        return present_grade - (SCHOOL_YEAR - self.year)


FALL, WINTER, SPRING = range(3)
TERMS = (
    Term(2024, WINTER),
    Term(2024, SPRING),
    Term(2025, FALL),
    Term(2025, WINTER),
    Term(2025, SPRING),
    Term(2026, FALL),
)
YEARS = (2024, 2025, 2026)


@cache
def _weekdays(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < 5)


def school_weeks() -> tuple[dt.date, ...]:
    """The Mondays of this year's school weeks that are over by TODAY."""
    weeks = (TODAY - FIRST_DAY).days // 7 + 1
    return tuple(FIRST_DAY + dt.timedelta(weeks=n) for n in range(weeks))


def grade_name(grade: int) -> str:
    """ "K", "1" … as files write it."""
    return "K" if grade == 0 else str(grade)
