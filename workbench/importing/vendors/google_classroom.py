"""Reads the grades that Google Classroom downloads for a class: a column for each piece of work.

Above the learners stand rows with the work's dates and points, and one with the class's average. No real file was
at hand: the layout is that of Google's own help and of people who describe theirs.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.words import N_
from workbench.importing.mapping import mapped
from workbench.importing.mapping.mapping import Fact, Mapping, Who
from workbench.importing.reading.dates import ORDER, Dates, order_question
from workbench.importing.reading.values import Columns, Unreadable, header_key, is_nothing, number, plain
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Place, Problem, Question, Table, day_zero

ABOUT_WORK = N_("The row says of when the work is, out of how many points, or the class’s average.")
NO_DAY = N_("The piece of work has no date, so nobody can tell when its results were.")
UNREAD_DAY = N_("The date of the piece of work cannot be read, so nobody can tell when its results were.")
UNREAD_DAY_STEP = N_("If the results matter, write the date as 9/16/2026 and import the file again.")
NO_POINTS = N_("The piece of work has no points, so nobody can tell what its results are out of.")
NO_POINTS_STEP = N_(
    "If the results matter, give the work a date and points in Google Classroom, and download it again."
)

_WHO = ("lastname", "firstname", "emailaddress")
_ABOVE = frozenset(("date", "points", "class average", "average"))
_ROSTER = frozenset(
    ("class", "classname", "homeroom", "section", "grade", "studentid", "id", "school", "teacher", "birthdate", "dob")
)
_NOTHING = ("missing", "excused", "not graded", "ungraded", "no grade", "not turned in", "assigned")
_TOP = 20  # rows looked at for those above the learners


class GoogleClassroom:
    """The grades of a class, as a CSV or a sheet."""

    name = "google_classroom"
    title = N_("Google Classroom grades")
    looks_for = "Last Name, First Name, Email Address, then a column for each piece of work"
    together = False

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the learners' three columns come first and none of a class list's is among the others."""
        keys = [header_key(name) for name in header]
        return tuple(keys[:3]) == _WHO and any(keys[3:]) and not _ROSTER.intersection(keys)

    def questions(self, table: Table) -> tuple[Question, ...]:
        """Whether day or month is first in the work's dates, where they do not tell."""
        return order_question(table.file, _Work(table, NO_ANSWERS).dates)

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """A fact for each result; see `records.Importer`."""
        work = _Work(table, answers)
        told = work.problems
        for batch in mapped.read(_Distinct(table, work.header), work.mapping()):
            yield replace(batch, problems=(*told, *batch.problems))
            told = ()


class _Work:
    """The pieces of work: a column's title, its day and points."""

    def __init__(self, table: Table, answers: Answers) -> None:
        self._file = table.file
        self._names = table.header
        self.header = _distinct(table.header)
        top = next(table.chunks(_TOP))
        table.take_problems()
        above = {_label(cells): (row, cells.tolist()) for row, cells in zip(top.index, top.to_numpy(), strict=True)}
        nothing: tuple[int | None, list[str]] = (None, [""] * len(self.header))
        self._days_row, self._days = above.get("date", nothing)
        self._points_row, self._points = above.get("points", nothing)
        self.dates = Dates(1990, 2099, answers.get(ORDER, ""), day_zero=day_zero(table.header))
        self.dates.see(np.array(self._days[3:], dtype=object))
        self.problems: tuple[Problem, ...] = ()
        self._facts: list[Fact] = []
        for at in range(3, len(self.header)):
            if self.header[at]:
                self._add(at)

    def mapping(self) -> Mapping:
        who = Who(ids=(("email", "emailaddress"),), given_name="firstname", family_name="lastname")
        return Mapping("google_classroom", who, tuple(self._facts), nothing=_NOTHING, passed_over=_above)

    def _add(self, at: int) -> None:
        day, points = self._day(at), self._whole(at)
        if day and points:
            aspect = f"work: {self._names[at]}"
            if any((fact.aspect, fact.day) == (aspect, day) for fact in self._facts):
                aspect = f"work: {self.header[at]}"
            key = header_key(self.header[at])
            self._facts.append(Fact(key, "schoolwork", aspect, "points", day=day, of=points, beyond=True))
            return
        row, reason, step = self._days_row, NO_DAY, NO_POINTS_STEP
        if day:
            row, reason = self._points_row, NO_POINTS
        elif not is_nothing(self._days[at].strip()):
            reason, step = UNREAD_DAY, UNREAD_DAY_STEP
        problem = Problem(self._file, row, self._names[at], None, reason, step, left_out=False)
        self.problems = (*self.problems, problem)

    def _day(self, at: int) -> dt.date | None:
        try:
            return self.dates.read(plain(self._days[at]))
        except Unreadable:
            return None

    def _whole(self, at: int) -> float:
        """The points above 0, else 0."""
        try:
            found = number(self._points[at].strip())
        except Unreadable:
            return 0
        return found if found > 0 else 0


def _label(cells: npt.NDArray[np.object_]) -> str:
    """What a row above the learners is called: they alone have an e-mail address."""
    words = [text.strip().rstrip(":").casefold() for text in cells[:3]]
    return next((word for word in words if word in _ABOVE), "") if "@" not in words[2] else ""


def _above(_columns: Columns, cells: npt.NDArray[np.object_]) -> dict[int, str]:
    return {at: ABOUT_WORK for at, row in enumerate(cells) if _label(row)}


def _distinct(header: tuple[str, ...]) -> tuple[str, ...]:
    """The header with a number after a title that occurred before: columns are found by name."""
    met: Counter[str] = Counter()
    names = []
    for name in header:
        met[header_key(name)] += 1
        count = met[header_key(name)]
        names.append(f"{name} ({count})" if name and count > 1 else name)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Distinct:
    """A table under other column names."""

    table: Table
    header: tuple[str, ...]

    @property
    def file(self) -> str:
        return self.table.file

    @property
    def place(self) -> Place:
        return self.table.place

    @property
    def rows(self) -> int | None:
        return self.table.rows

    @property
    def digest(self) -> str:
        return self.table.digest

    def chunks(self, size: int) -> Iterator[pd.DataFrame]:
        return self.table.chunks(size)

    def take_problems(self) -> tuple[Problem, ...]:
        return self.table.take_problems()
