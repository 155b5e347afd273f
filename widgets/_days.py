"""Days, said the way people say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from babel.dates import format_date

from workbench.words import _, language, ngettext

MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
_WEEK = 7


def said(day: date, today: date) -> str:
    """ "Today", "Friday, in 4 days", "Friday, 18 December, in 27 days"."""
    ahead = (day - today).days
    if ahead in (-1, 0, 1):
        return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}[ahead]
    count = abs(ahead)
    away = (
        ngettext("in {count} day", "in {count} days", count)
        if ahead > 0
        else ngettext("{count} day ago", "{count} days ago", count)
    ).format(count=count)
    name = weekday(day) if 0 < ahead < _WEEK else full(day)
    return _("{day}, {away}").format(day=name, away=away)


def brief(day: date, today: date) -> str:
    """ "Tomorrow", "Friday", "Friday, 18 December"."""
    if (day - today).days in (0, 1):
        return said(day, today)
    return weekday(day) if 0 < (day - today).days < _WEEK else full(day)


def weekday(day: date) -> str:
    """ "Friday"."""
    return _capital(format_date(day, "EEEE", locale=language()))


def full(day: date) -> str:
    """ "Friday, 18 December"."""
    pattern = "EEEE d 'de' MMMM" if language() == "es" else "EEEE, d MMMM"
    return _capital(format_date(day, pattern, locale=language()))


def dated(day: date) -> str:
    """ "21 November 2026", for paper."""
    return str(format_date(day, "d MMMM y" if language() != "es" else "d 'de' MMMM 'de' y", locale=language()))


def next_weekday(today: date, wanted: int) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(wanted - today.weekday() - 1) % _WEEK + 1)


def school_day(day: date) -> date:
    """`day`, or the Monday after it when it is on a weekend."""
    return day if day.weekday() <= FRIDAY else next_weekday(day, MONDAY)


def soon(today: date) -> dict[date, str]:
    """Days to offer for something small, soonest first: the next Wednesday and two Fridays."""
    friday = next_weekday(today, FRIDAY)
    days = sorted([next_weekday(today, WEDNESDAY), friday, friday + timedelta(days=_WEEK)])
    return {day: brief(day, today) for day in days}


def weeks_ahead(today: date, weeks: Iterable[int]) -> dict[date, str]:
    """School days so many weeks from now."""
    return {
        school_day(today + timedelta(days=_WEEK * count)): ngettext(
            "In {count} week", "In {count} weeks", count
        ).format(count=count)
        for count in weeks
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
