"""School terms: "Fall 2026-2027" and their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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


def latest_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that count as now: the newest term there is, and its year as a whole."""
    known = sorted(term for term in terms)
    if not known:
        return ()
    newest = known[-1]
    return tuple(t for t in known if t.year == newest.year and t.season in (0, newest.season))
