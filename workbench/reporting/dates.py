"""Dates as one says them, in the language spoken now."""

from __future__ import annotations

import re
from datetime import date

from babel import Locale
from babel.dates import format_date

from workbench.words import language

_YEAR = re.compile(r"(,|\s*'de')?\s*y+\.?$")


def said(day: date, *, today: date | None = None) -> str:
    """ "Friday, November 27"; the year is said where it is not that of `today`."""
    pattern = Locale(language()).date_formats["full"].pattern
    if today is not None and day.year == today.year:
        pattern = _YEAR.sub("", pattern)
    return format_date(day, pattern, locale=language())


def short(day: date) -> str:
    """ "Nov 27, 2026"."""
    return format_date(day, "medium", locale=language())
