"""School terms: "Fall 2026-2027" and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SEASONS = ("", "Summer", "Fall", "Winter", "Spring")
_TERM = re.compile(r"^(?:(Summer|Fall|Winter|Spring)\s+)?(\d{4})-(\d{4})$", re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class Term:
    """One term of a school year, ordered by time; season 0 is the whole year, year 0 unknown.

    NWEA counts summer as the opening of the school year it is named with.
    """

    year: int
    season: int
    text: str

    @classmethod
    def parse(cls, text: str) -> Term:
        """The term that `text` names; one that names none sorts before all others."""
        match = _TERM.match(text.strip())
        if not match:
            return cls(0, 0, text)
        return cls(int(match[2]), SEASONS.index((match[1] or "").capitalize()), text)

    @property
    def begins(self) -> date:
        """From which day on the term may count as now; the first of days for one that no year is known of.

        A school year and its fall begin in August, a summer in July before them; winter in December, as `term_of` has
        it, and spring in January, since a second semester is called so too.
        """
        if not self.year:
            return date.min
        month = {"Summer": 7, "Winter": 12, "Spring": 1}.get(self.season_name, 8)
        return date(min(self.year + (month == 1), date.max.year), month, 1)

    @property
    def season_name(self) -> str:
        return SEASONS[self.season]


def school_year(day: date) -> str:
    """The school year that `day` falls in, from July to June: "2026-2027"."""
    first = day.year if day.month >= 7 else day.year - 1
    return f"{first}-{first + 1}"


def term_of(day: date) -> str:
    """The term that a day falls in, for facts whose file names none.

    Fall to the end of November, winter to the end of February, spring to the end of June, summer in July: near the
    windows in which NWEA, Renaissance and i-Ready test, and ours alone.
    """
    season = {12: "Winter", 1: "Winter", 2: "Winter", 3: "Spring", 4: "Spring", 5: "Spring", 6: "Spring", 7: "Summer"}
    return f"{season.get(day.month, 'Fall')} {school_year(day)}"


def in_season(season: str, day: date) -> str:
    """The term of that season in which `day` falls: "Fall" and a day of 2026 give "Fall 2026-2027"."""
    opening = date(day.year, 7, 1) if season == "Summer" else day
    return f"{season} {school_year(opening)}"


@dataclass(frozen=True, slots=True)
class Present:
    """A school's terms on a day: those that count as `now`, and those that are `coming`, by the texts rosters give."""

    now: frozenset[str] = frozenset()
    coming: frozenset[str] = frozenset()


def present(learners: Mapping[str, int], on: date, classes: Mapping[str, int] | None = None) -> Present:
    """Which terms of one school count as now on the day `on`, by how many `learners` its rosters put into each.

    `classes`: into how many classes, where they are rosters of classes.

    The rule, for each school by itself:

    - A term that has not begun (`Term.begins`) is coming, whatever it says: next year's list leaves this year's classes
      alone until the new year begins. Only where no term has begun, the nearest one counts.
    - The school is in the newest school year that most of it has moved on to: one that has more than half as many
      learners as the year it was in before. What later years say that have begun already is seen beside that.
    - Within a school year the same goes for its seasons, for which most of its classes must have moved on, too: however
      large it is, one class is not most of them. A roster of the whole year counts beside each of them.

    So one row adds what it says and takes nothing from anybody, nor does one class's list of another season.

    >>> sorted(present({"Fall 2026-2027": 400, "Winter 2026-2027": 1, "2027-2028": 390}, date(2027, 1, 15)).now)
    ['Fall 2026-2027', 'Winter 2026-2027']
    """
    terms = sorted(Term.parse(text) for text, count in learners.items() if count > 0)
    begun = [term for term in terms if term.begins <= on]
    now: set[str] = set()
    if begun:
        years: dict[int, int] = {}
        for term in begun:
            years[term.year] = max(years.get(term.year, 0), learners[term.text])
        first = _moved_on_to(years)
        for year in years:
            if year >= first:
                now |= _of_year([term for term in begun if term.year == year], learners, classes or {})
    elif terms:
        nearest = [term for term in terms if term.year == terms[0].year]
        soonest = min((term.season for term in nearest if term.season), default=0)
        now = {term.text for term in nearest if term.season in (0, soonest)}
    return Present(frozenset(now), frozenset(term.text for term in terms if term.begins > on) - now)


def _of_year(terms: Iterable[Term], learners: Mapping[str, int], classes: Mapping[str, int]) -> set[str]:
    """Those of one year's terms that count: the whole year's, and from the season on that most have moved on to."""
    every = list(terms)
    seasons: dict[int, int] = {}
    rooms: dict[int, int] = {}
    for term in every:
        if term.season:
            seasons[term.season] = max(seasons.get(term.season, 0), learners[term.text])
            rooms[term.season] = max(rooms.get(term.season, 0), classes.get(term.text, 0))
    first = _moved_on_to(seasons, rooms)
    return {term.text for term in every if not term.season or term.season >= first}


def _moved_on_to(*counts: Mapping[int, int]) -> int:
    """The newest year or season with more than half of each count of the one that was reached before; 0: none."""
    reached = 0
    for one in sorted(counts[0]):
        if all(2 * count[one] > count.get(reached, 0) or not count.get(reached) for count in counts):
            reached = one
    return reached


FAR = timedelta(days=366)


def is_far(text: str, on: date) -> bool:
    """Whether a term begins so long after `on` that it is more likely mistyped than meant."""
    return Term.parse(text).begins > on + FAR
