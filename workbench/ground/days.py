"""Days, said the way people say them, in the language spoken now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

from workbench.ground.names import plain
from workbench.ground.words import _, ngettext, region

MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
WEEK = 7  # days
#: Weekdays in every language there is, Monday 0.
_WEEKDAYS = {plain(name): day for known in ("en", "es") for day, name in Locale(known).days["format"]["wide"].items()}
_MONTHS = {
    plain(name)[:3] for known in ("en", "es") for name in Locale(known).months["format"]["wide"].values()
}  # fmt: skip
#: What says after a weekday that another one is meant than the next.
_OTHER = (
    r"(?![\s,]*(?:\d|(?:"
    + "|".join(sorted(_MONTHS))
    + r")|next|in\b|after|each|every|or\b|and\b|night|de\b|del\b|que|cada|o\b|y\b))"
)
_BY = re.compile(
    r"\b(?:by|para)\s+(?:(?:next|this|el|este|proximo|el proximo)\s+)?(?P<weekday>"
    + "|".join(_WEEKDAYS)
    + r")\b"
    + _OTHER
    + r"|\b(?:by tomorrow|para manana)\b"
    + _OTHER
)
_YEAR = re.compile(r"(,|\s*'de')?\s*y+\.?$")


def weekday(day: date) -> str:
    """ "Friday"."""
    return _capital(format_date(day, "EEEE", locale=region()))


def full(day: date, today: date | None = None) -> str:
    """ "Friday, November 27"; the year is said where it is not that of `today`."""
    return _capital(within(day, today))


def within(day: date, today: date | None = None) -> str:
    """The same inside a sentence: "Friday, November 27", "viernes, 27 de noviembre"."""
    pattern = Locale.parse(region()).date_formats["full"].pattern
    if today is None or day.year == today.year:
        pattern = _YEAR.sub("", pattern)
    return str(format_date(day, pattern, locale=region()))


def dated(day: date) -> str:
    """ "November 27, 2026", for paper."""
    return str(format_date(day, "long", locale=region()))


def short(day: date) -> str:
    """ "Nov 27, 2026"."""
    return str(format_date(day, "medium", locale=region()))


def small(day: date) -> str:
    """ "Nov 27", where there is little room."""
    return str(format_skeleton("MMMd", day, locale=region()))


def said(day: date, today: date) -> str:
    """ "Today", "Friday, in 4 days", "Friday, December 18, in 27 days"."""
    ahead = (day - today).days
    if ahead in (-1, 0, 1):
        return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}[ahead]
    count = abs(ahead)
    away = (
        ngettext("in {count} day", "in {count} days", count)
        if ahead > 0
        else ngettext("{count} day ago", "{count} days ago", count)
    ).format(count=count)
    name = weekday(day) if 0 < ahead < WEEK else full(day, today)
    return _("{day}, {away}").format(day=name, away=away)


def brief(day: date, today: date) -> str:
    """ "Tomorrow", "Friday", "Friday, December 18"."""
    if (day - today).days in (0, 1):
        return said(day, today)
    return weekday(day) if 0 < (day - today).days < WEEK else full(day, today)


def lately(day: date, today: date) -> str:
    """A day inside a sentence: "today", "yesterday", "tomorrow", "Tuesday" of this week or the last, "November 1"."""
    ahead = (day - today).days
    if ahead in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[ahead]
    if abs(ahead) < WEEK:
        return str(format_date(day, "EEEE", locale=region()))
    return str(format_skeleton("MMMMd", day, locale=region()))


def time(at: datetime) -> str:
    """ "2:05 PM", "2:05 p.m."."""
    return str(format_time(at.astimezone(), "short", locale=region()))


def moment(at: datetime, today: date) -> str:
    """A moment inside a sentence: the time of today, else the day as `lately` says it."""
    here = at.astimezone()
    return time(here) if here.date() == today else lately(here.date(), today)


def next_weekday(today: date, wanted: int) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(wanted - today.weekday() - 1) % WEEK + 1)


def named(words: str, today: date) -> date | None:
    """The day by which words say that something is done: "By Friday I …", «Para el viernes …»; None without one.

    It is the first such weekday after today, or tomorrow. Where more than the weekday is said (a date, "next week"),
    none is better than a wrong one; and "every Friday" is no such day.
    """
    said = _BY.search(plain(words))
    if said is None:
        return None
    weekday = said["weekday"]
    return today + timedelta(days=1) if weekday is None else next_weekday(today, _WEEKDAYS[weekday])


def school_day(day: date) -> date:
    """`day`, or the Monday after it when it is on a weekend."""
    return day if day.weekday() <= FRIDAY else next_weekday(day, MONDAY)


def soon(today: date) -> dict[date, str]:
    """Days to offer for something small, soonest first: the next Wednesday and two Fridays."""
    friday = next_weekday(today, FRIDAY)
    days = sorted([next_weekday(today, WEDNESDAY), friday, friday + timedelta(days=WEEK)])
    return {day: brief(day, today) for day in days}


def weeks_ahead(today: date, weeks: Iterable[int]) -> dict[date, str]:
    """School days so many weeks from now."""
    return {
        school_day(today + timedelta(days=WEEK * count)): ngettext("In {count} week", "In {count} weeks", count).format(
            count=count
        )
        for count in weeks
    }


def left(seconds: float) -> str:
    """How long something will still take."""
    if seconds < 60:
        return _("Less than a minute left.")
    minutes = round(seconds / 60)
    return ngettext("About {count} minute left.", "About {count} minutes left.", minutes).format(count=minutes)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
