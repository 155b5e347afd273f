"""A batch's frames as columns of sightings: the school's codes become the store's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from workbench.ground.terms import school_year
from workbench.importing.records import Kind
from workbench.store.departures import Departure, year_of
from workbench.store.roster import name_code

if TYPE_CHECKING:
    import pandas as pd

    from workbench.store.sightings import Sightings


class Numbers:
    """The store's numbers for the codes that an import uses, asked for once each.

    `school` is that of rows that say none, and `on` the day that tells their school year, and what is over.
    """

    def __init__(self, sightings: Sightings, school: str, on: date) -> None:
        self._sightings = sightings
        self.school = school
        self.on = on
        self.year = school_year(on)
        self._learners: dict[str, int] = {}
        self._educators: dict[str, int] = {}
        self._classes: dict[tuple[str, str, str], int] = {}

    def learners(self, codes: Sequence[str]) -> list[int]:
        unmet = [code for code in dict.fromkeys(codes) if code not in self._learners]
        self._learners |= self._sightings.numbers("learners", unmet)
        return [self._learners[code] for code in codes]

    def educators(self, codes: Sequence[str], names: Sequence[str]) -> list[int]:
        """0 where nobody is named; who has a name alone is found by it when it is read, see `store.roster`."""
        known = [code or (name_code(name) if name else "") for code, name in zip(codes, names, strict=True)]
        unmet = [code for code in dict.fromkeys(known) if code and code not in self._educators]
        self._educators |= self._sightings.numbers("educators", unmet)
        return [self._educators[code] if code else 0 for code in known]

    def classes(self, places: Sequence[tuple[str, str, str]]) -> list[int]:
        unmet = [place for place in dict.fromkeys(places) if place not in self._classes]
        self._classes |= self._sightings.class_numbers(unmet)
        return [self._classes[place] for place in places]


Columns = dict[str, list[Any]]


def _learners(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "row": frame["row"].tolist(),
        **{name: frame[name].tolist() for name in ("family_name", "given_name", "middle_name")},
        "birth_date": _or_none(frame["birth_date"]),
    }


def _enrolments(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "row": frame["row"].tolist(),
        "school": [school or numbers.school for school in frame["school"].tolist()],
        "term": [term or numbers.year for term in frame["term"].tolist()],
        "grade": frame["grade"].tolist(),
        "gone": [False] * len(frame),
    }


def _memberships(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    terms = [term or numbers.year for term in frame["term"].tolist()]
    years = {term: year_of(term) for term in set(terms)}
    places = [
        (school or numbers.school, name, years[term])
        for school, name, term in zip(frame["school"].tolist(), frame["class_name"].tolist(), terms, strict=True)
    ]
    names = frame["educator_name"].tolist()
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "row": frame["row"].tolist(),
        "class_id": numbers.classes(places),
        "term": terms,
        "educator_id": numbers.educators(frame["educator_code"].tolist(), names),
        "educator_name": names,
        "gone": [False] * len(frame),
    }


def departures(frame: pd.DataFrame, numbers: Numbers) -> list[Departure]:
    """What is over on the day of the import."""
    found = []
    for row, code, school, class_name, year, educator, after in frame.itertuples(index=False, name=None):
        if after is None or after < numbers.on:
            learner = numbers.learners([code])[0] if code else 0
            teacher = numbers.educators([educator], [""])[0]
            found.append(Departure(row, learner, school, class_name, year or numbers.year, teacher))
    return found


def _identifiers(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    kinds = frame["kind"].tolist()
    values = frame["value"].tolist()
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "row": frame["row"].tolist(),
        "kind": kinds,
        "value": [value.casefold() if kind else value for kind, value in zip(kinds, values, strict=True)],
    }


_MENTIONED = ("family_name", "given_name", "school", "class_name", "grade")


def _mentions(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "row": frame["row"].tolist(),
        **{name: frame[name].tolist() for name in _MENTIONED},
        "birth_date": _or_none(frame["birth_date"]),
    }


_KEY = ("source", "measure", "aspect", "taken_on", "test", "part")
_AS_READ = (
    "row",
    "source",
    "measure",
    "aspect",
    "taken_on",
    "term",
    "test",
    "part",
    "value",
    "unit",
    "norms",
    "standing",
)


def _evidence(frame: pd.DataFrame, numbers: Numbers) -> Columns:
    parts = zip(*(frame[name].tolist() for name in _KEY), strict=True)
    return {
        "learner_id": numbers.learners(frame["learner_code"].tolist()),
        "key": [natural_key(*part) for part in parts],
        **{name: frame[name].tolist() for name in _AS_READ},
        "error": _or_none(frame["error"]),
        "percentile": _or_none(frame["percentile"]),
        "details": frame["details"].tolist(),
    }


COLUMNS_OF: Mapping[Kind, Callable[[pd.DataFrame, Numbers], Columns]] = {
    Kind.LEARNERS: _learners,
    Kind.ENROLMENTS: _enrolments,
    Kind.MEMBERSHIPS: _memberships,
    Kind.IDENTIFIERS: _identifiers,
    Kind.MENTIONS: _mentions,
    Kind.EVIDENCE: _evidence,
}


@lru_cache(maxsize=100_000)  # a class sits the same test on the same day, area by area
def natural_key(source: str, measure: str, aspect: str, taken_on: date, test: str, part: str) -> int:
    """A learner's fact as a signed 64-bit number: the same in every layout that tells of it.

    Within one learner's few thousand facts, two that differ have the same number less than
    once in 10^12.
    """
    told = "\x1f".join((source, measure, aspect, taken_on.isoformat(), test, part))
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big", signed=True)


def _or_none(column: pd.Series[Any]) -> list[Any]:
    return column.astype(object).where(column.notna(), None).tolist()
