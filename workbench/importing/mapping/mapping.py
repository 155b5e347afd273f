"""Says which column of a table holds what.

A `Mapping` is a value: whom a row is about, on which day, and which columns hold facts of what.
Vendors' modules make one from a file's header; a school's own is kept as TOML (`mappings.py`).

    Mapping(
        source="reading_log",
        who=Who(ids=(("", "studentid"),)),
        day="date",
        facts=(Fact("minutes", measure="reading time", unit="minutes"),),
    )

Columns are named by `values.header_key`, so case, spaces and underscores do not matter; one that the
file lacks reads as empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.importing.reading.dates import MONTH_FIRST
from workbench.importing.reading.values import Columns, number, tidy


@dataclass(frozen=True, slots=True)
class Of:
    """What `read` makes of a column's cells; it raises `Unreadable`.

    Of several columns the first that is filled counts, or with `by` all that are, with it between them.
    """

    column: str | tuple[str, ...]
    read: Callable[[str], Any] = tidy
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """Which columns tell whom a row is about.

    ids: (kind, column) pairs, the most trusted first; the first that a row fills names the learner, the
    others are noted beside it. Kinds are those of `records.code_of`. A row without any id is told by its
    names, and by the birth date, or the class and grade, beside them.
    """

    ids: tuple[tuple[str, str], ...] = ()
    given_name: str = ""
    family_name: str = ""
    name: str = ""  # both in one column: "Marín, Luz" or "Luz Marín"
    birth_date: str = ""
    school: str = ""
    class_name: str | Of = ""
    grade: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        named = (self.given_name, self.family_name, self.name, self.birth_date)
        return tuple(filter(None, (*(column for _kind, column in self.ids), *named)))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, from two columns or, without `year`, from one that names both ("September 2026")."""

    year: str
    month: str


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days that begin on a column's date, or `ends` on it."""

    column: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The day that a person names for a whole file that has none: the answer to the question `DAY`."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days from one column's date to another's; without `first`, from the school year's first day, July 1."""

    first: str
    last: str | Asked


@dataclass(frozen=True, slots=True)
class Instead:
    """The date of a column, or the first filled of several; where a row has none that of `other`, and that is said.

    `other` means another day, such as the one on which a test was sent in.
    """

    meant: str | tuple[str, ...]
    other: str


#: A column of dates or the first filled of several, one day for the whole file, or a period, told by its last day.
Day = str | tuple[str, ...] | dt.date | Asked | Instead | Month | Week | Span


@dataclass(frozen=True, slots=True)
class Detail:
    """What is kept beside a fact under `name`: the column's text, or the number that `read` makes of it."""

    name: str
    column: str | tuple[str, ...]  # of several, the first that is filled
    read: Callable[[str], float | str | bool | None] = tidy


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of values and what they are of; `docs/measures.md` has the words.

    value: the column. read: a text to a number, NaN where nothing is given; raises `Unreadable`.
    error, percentile: columns, in `unit` and from 0 to 100. day, term, source: where the fact has its own.
    amount: the value is of the whole period that `day` names; the details keep its first day as `from`, and the
    term is the school year. of: the whole that the value is a part of, a number or a column (of numbers, or of
    parts such as "4 of 5"), kept in the details; a row without a whole above 0 has no such fact. beyond: whether the
    value may be more than the whole, as extra credit is.
    """

    value: str
    measure: str | Of
    aspect: str | Of = ""
    unit: str | Of = ""
    read: Callable[[str], float] = number
    test: str | Of | None = None
    error: str | Of = ""
    percentile: str | Of = ""
    norms: str | Of = ""
    day: Day | None = None
    term: str | Of | None = None
    amount: bool = False
    of: str | float = ""
    source: str = ""
    details: tuple[Detail, ...] = ()
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of table is read.

    source: where the facts are from, such as "star". day, term, test: of every fact that has none of its
    own; a term that is "" is the one that the day falls in, and one that is a season ("Fall") that of the
    day's school year. part: which sitting of a test on one day. standing: "growth", "other" or "repeat".
    nothing: words by which the vendor says that there is no value.
    order: the order of day and month where the dates cannot tell (`MONTH_FIRST`, `DAY_FIRST`), "" to ask.
    passed_over: for the rows of a chunk, the position and the reason of those not meant to be read.
    """

    source: str
    who: Who
    facts: tuple[Fact, ...]
    day: Day = ""
    term: str | Of = ""
    test: str | Of = ""
    part: str | Of = ""
    standing: str | Of = "other"
    nothing: tuple[str, ...] = ()
    order: str = MONTH_FIRST
    passed_over: Callable[[Columns, npt.NDArray[np.object_]], dict[int, str]] | None = None
