"""What each row of an NWEA results file must have, and the keys that say which event it is.

The keys of a whole file are read before anything else, because the rows of one learner,
term and course may be far apart.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_
from workbench.importing.reading.dates import MONTH_FIRST, Dates
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.values import (
    Column,
    Columns,
    Texts,
    as_floats,
    blank_rows,
    clock,
    is_nothing,
    number_between,
    term,
    truth,
)
from workbench.importing.records import Table
from workbench.importing.vendors.nwea import layout
from workbench.importing.vendors.nwea.events import Flag, Keys, Verdicts, judge

NO_LEARNER = N_("The row names no learner.")
NO_COURSE = N_("The row names no course.")
NO_SCORE = N_("The row has no score.")
NO_DATE = N_("The row has no test date.")

LOWEST_RIT, HIGHEST_RIT = 100, 350
LARGEST_ERROR = 50
_FIRST_TEST, _LAST_TEST = 1980, 2099
_SCHOOL_YEAR_STARTS = 8
_SCREENING = "screening"
_WINTER_OF_ONE_YEAR = re.compile(r"\s*winter\s*([0-9]{4})\s*", re.IGNORECASE)

#: Column key, text of the cell or None when it is empty, reason.
Reason = tuple[str | None, str | None, str]


@dataclass(slots=True, repr=False)
class Needed:
    """What a chunk's rows must have; `reasons` tells by position why a row is left out."""

    learner: list[str]
    term: list[str]
    measure: list[str]
    test: list[str]
    time: list[str]
    flag: list[bool | None]
    rit: npt.NDArray[np.float64]
    error: npt.NDArray[np.float64]
    blank: npt.NDArray[np.bool_]
    day: list[dt.date | None] = field(default_factory=list)
    reasons: dict[int, Reason] = field(default_factory=dict)

    def good(self) -> npt.NDArray[np.bool_]:
        """Which rows are read."""
        good = ~self.blank
        good[list(self.reasons)] = False
        return good


class _Numbers(dict[object, int]):
    """Numbers things in the order they are met."""

    def __missing__(self, thing: object) -> int:
        self[thing] = number = len(self)
        return number


class RowKeys:
    """Reads what rows must have, of one file; `survey` comes first, then `needed` chunk by chunk."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._course = columns.first(*layout.COURSE)
        self._dates = Dates(_FIRST_TEST, _LAST_TEST, MONTH_FIRST, day_zero=columns.day_zero)
        self._person = Column(person_code, "")
        self._term = Column(term, "")
        self._measure = Column(lambda text: "" if is_nothing(text) else layout.measure(text), "")
        self._test = Column(lambda text: "" if is_nothing(text) else " ".join(text.split()), "")
        self._clock = Column(clock, "")
        self._flag = Column(truth, None)
        self._score = Column(number_between(LOWEST_RIT, HIGHEST_RIT, whole=True), float("nan"))
        self._error = Column(number_between(0, LARGEST_ERROR), float("nan"))

    def survey(self, table: Table, chunk_size: int, also: Callable[[npt.NDArray[np.object_]], None] | None) -> Verdicts:
        """Read the keys of all rows, and judge them; `also` is shown each chunk's cells.

        Days are read last: which number is the month, the whole file tells.
        """
        numbers = {name: _Numbers() for name in ("learner", "term", "measure", "test", "day")}
        parts: dict[str, list[npt.NDArray[np.generic]]] = {}

        def keep(**arrays: npt.NDArray[np.generic]) -> None:
            for name, array in arrays.items():
                parts.setdefault(name, []).append(array)

        for chunk in table.chunks(chunk_size):
            cells = chunk.to_numpy()
            days = self._columns.texts(cells, layout.DATE)
            self._dates.see(days)
            if also:
                also(cells)
            read = self._without_day(cells)
            keep(
                row=chunk.index.to_numpy(dtype=np.int64),
                good=read.good(),
                learner=_numbered(numbers["learner"], read.learner),
                term=_numbered(numbers["term"], read.term),
                measure=_numbered(numbers["measure"], read.measure),
                test=_numbered(numbers["test"], read.test),
                day=_numbered(numbers["day"], days),
                flag=np.array([Flag.UNKNOWN if flag is None else int(flag) for flag in read.flag], dtype=np.int64),
                screening=self._screening(cells, read.test),
                error=read.error,
                time=np.array([int(t[:2]) * 60 + int(t[3:5]) if t else -1 for t in read.time], dtype=np.int64),
                test_id=self._test_ids(cells),
                alike=self._alike(cells, read, days),
            )
        table.take_problems()
        whole = {name: np.concatenate(arrays) for name, arrays in parts.items()}
        ordinals = self._ordinals(list(numbers["day"]))
        day = ordinals[whole.pop("day").astype(np.int64)]
        learner, term_, measure, test = (
            whole.pop(name).astype(np.int64) for name in ("learner", "term", "measure", "test")
        )
        learner_measure = learner * len(numbers["measure"]) + measure
        keys = Keys(
            term_course=learner_measure * len(numbers["term"]) + term_,
            sitting=_combined(learner_measure, _combined(test, day)),
            day=day,
            good=whole.pop("good").astype(bool) & (day > 0),
            **whole,
        )
        return judge(keys)

    def needed(self, cells: npt.NDArray[np.object_]) -> Needed:
        """What the rows of a chunk must have."""
        read = self._without_day(cells)
        days = self._columns.texts(cells, layout.DATE)
        read.day = self._dates(days)
        for at, reason in self._dates.unreadable(days):
            read.reasons.setdefault(at, (layout.DATE, days[at], reason))
        for at, day in enumerate(read.day):
            if day is None:
                read.reasons.setdefault(at, (layout.DATE, None, NO_DATE))
        self._place_winters(cells, read)
        read.reasons = {at: reason for at, reason in read.reasons.items() if not read.blank[at]}
        return read

    def unreadable(self, cells: npt.NDArray[np.object_]) -> list[tuple[int, str, str]]:
        """Cells of this module's columns that were read as missing: position, column key, reason."""
        found = []
        for key, column in ((layout.ERROR, self._error), (layout.GROWTH_FLAG, self._flag)):
            found += [(at, key, why) for at, why in column.unreadable(self._columns.texts(cells, key))]
        return found

    def _without_day(self, cells: npt.NDArray[np.object_]) -> Needed:
        def texts(key: str | None) -> Texts:
            return self._columns.texts(cells, key)

        learners = texts(layout.STUDENT)
        scores = texts(layout.RIT)
        read = Needed(
            learner=self._person(learners),
            term=self._term(texts(layout.TERM)),
            measure=self._measure(texts(self._course)),
            test=self._test(texts(layout.TEST)),
            time=self._clock(texts(layout.TIME)),
            flag=self._flag(texts(layout.GROWTH_FLAG)),
            rit=as_floats(self._score(scores)),
            error=as_floats(self._error(texts(layout.ERROR))),
            blank=np.zeros(len(cells), dtype=bool),
        )
        nameless = [at for at, learner in enumerate(read.learner) if not learner]
        if nameless:
            read.blank[nameless] = blank_rows(cells[nameless])
        reasons = read.reasons
        for at, why in self._person.unreadable(learners):
            reasons[at] = (layout.STUDENT, learners[at], why)
        for at in nameless:
            reasons.setdefault(at, (layout.STUDENT, None, NO_LEARNER))
        for at, measure in enumerate(read.measure):
            if not measure:
                reasons.setdefault(at, (self._course, None, NO_COURSE))
        for at, why in self._score.unreadable(scores):
            reasons.setdefault(at, (layout.RIT, scores[at], why))
        for at in np.flatnonzero(np.isnan(read.rit)).tolist():
            reasons.setdefault(at, (layout.RIT, None, NO_SCORE))
        return read

    def _place_winters(self, cells: npt.NDArray[np.object_], read: Needed) -> None:
        """A client-server `Winter 2013` tested in December 2013 belongs to 2013-2014."""
        texts = self._columns.texts(cells, layout.TERM)
        one_year = {text: int(m[1]) for text in set(texts) if (m := _WINTER_OF_ONE_YEAR.fullmatch(text))}
        for at in [at for at, text in enumerate(texts) if text in one_year]:
            day, year = read.day[at], one_year[texts[at]]
            if day and day.year == year and day.month >= _SCHOOL_YEAR_STARTS:
                read.term[at] = f"Winter {year}-{year + 1}"

    def _screening(self, cells: npt.NDArray[np.object_], tests: list[str]) -> npt.NDArray[np.bool_]:
        kinds = self._columns.texts(cells, layout.TEST_TYPE)
        return np.array(
            [
                test[: len(_SCREENING)].casefold() == _SCREENING or kind[: len(_SCREENING)].casefold() == _SCREENING
                for test, kind in zip(tests, kinds, strict=True)
            ],
            dtype=bool,
        )

    def _test_ids(self, cells: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        texts = self._columns.texts(cells, layout.TEST_ID)
        return np.array([-1 if is_nothing(text) else hash(text) & 0x7FFF_FFFF_FFFF_FFFF for text in texts], np.int64)

    def _ordinals(self, texts: list[object]) -> npt.NDArray[np.int64]:
        days = self._dates(np.array(texts, dtype=object))
        return np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64)

    def _alike(self, cells: npt.NDArray[np.object_], read: Needed, days: Texts) -> npt.NDArray[np.int64]:
        """Equal numbers for rows that tell of one test event: the same test, moment, score and vendor's id.

        Where a file has no ids, more of the result must be the same. Schools may differ: an
        event can be listed once for each school of a learner.
        """
        ids = self._columns.texts(cells, layout.TEST_ID)
        facts = [read.learner, read.measure, read.test, days, read.time, ids, read.rit.tolist(), read.term]
        if not any(ids.tolist()):
            facts += [self._columns.texts(cells, key) for key in layout.RESULT]
        return np.array([hash(fact) for fact in zip(*facts, strict=True)], dtype=np.int64)


def _numbered(numbers: _Numbers, things: Texts | list[str]) -> npt.NDArray[np.int32]:
    return np.array([numbers[thing] for thing in things], dtype=np.int32)


def _combined(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """One number for each pair of numbers."""
    _, compact = np.unique(right, return_inverse=True)
    return left * (int(compact.max(initial=0)) + 1) + compact
