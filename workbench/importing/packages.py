"""Rosters that come as several tables: what those for learners, classes and enrolments say together.

A vendor's module makes the values here from a package's small tables and reads each of its files by them,
so that every row is told of in its own file.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.terms import school_year
from workbench.ground.words import N_, _
from workbench.importing.people import People, Person, are_two
from workbench.importing.reading.delimited import EXPORT_AGAIN
from workbench.importing.reading.grades import NOT_GRADE
from workbench.importing.reading.ids import NOT_ID, bare_id, person_code
from workbench.importing.reading.rows import COPY_STEP, RowSorter, by_id
from workbench.importing.reading.values import CORRECT_CELL, Column, Columns, Unreadable, tidy
from workbench.importing.records import Batch, Kind, Problem, Table, code_of

TWICE = N_("The row has the id of row {row}, which was read.")
TWICE_STEP = N_("Look which one is right, remove the other, and import the files again.")
INCOMPLETE = N_("Not every row of this file could be read, so nobody was taken off a roster for not being in it.")
INCOMPLETE_STEP = N_("Correct the file and import it again with the others.")
UNLISTED = N_(
    "These files name people, classes or schools ({count}) that none of them lists, so nobody was taken off a roster "
    "for not being in this one."
)
UNLISTED_STEP = N_("Export all of them again, whole, and import them together.")
NOT_IN_PACKAGE = N_("What this names is in none of the files beside it, nor in an earlier package.")
NOT_IN_PACKAGE_STEP = N_("Put all files of the export into one folder or zip; after a delta export, import a bulk one.")
UNREADABLE_ID = N_("The id of this learner is none, or a spreadsheet has damaged it.")
UNREADABLE_ID_STEP = N_(
    "Look at it where the files come from, export them again, and do not open them in a spreadsheet before importing."
)
SHARED_ID = N_("The id of this learner is that of another child in these files, so this one was left out.")
SHARED_ID_STEP = N_("Give one of them an id of their own where the files come from, and export them again.")
GRADE = f"The cell {NOT_GRADE}"
DAY = N_("The cell is not a date.")

_CHUNK = 5_000
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}")
Texts = dict[str, str]  # a row's tidy texts by column


@dataclass(frozen=True, slots=True, repr=False)
class Pupil:
    """A learner as a package names them; `ids` are further (kind, value) pairs, see `records.code_of`."""

    code: str
    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    birth_date: dt.date | None = None
    grade: str = ""
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A class. `label`: what tells it from another of its name; `educators`: (code, name) pairs.

    `ends`: its last day, where that is before the school year's.
    """

    name: str
    school: str
    year: str
    label: str = ""
    educators: tuple[tuple[str, str], ...] = ()
    ends: dt.date | None = None


def told_apart(groups: Mapping[str, Group]) -> dict[str, Group]:
    """Classes of one name, school and year get what tells them apart: the label, the educators, else the id."""
    alike: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for key, group in groups.items():
        alike[group.school, group.name.casefold(), group.year].append(key)
    found = dict(groups)
    for keys in alike.values():
        if len(keys) == 1:
            continue
        labels = {key: groups[key].label for key in keys}
        educators = {key: ", ".join(name.partition(",")[0] for _code, name in groups[key].educators) for key in keys}
        choices = (labels, educators, {key: key for key in keys})
        words = next(one for one in choices if all(one.values()) and len(set(one.values())) == len(keys))
        found |= {key: replace(groups[key], name=f"{groups[key].name} ({words[key]})") for key in keys}
    return found


def year_of(begins: dt.date | None, ends: dt.date | None) -> str:
    """The school year that the middle of some days falls in, "" without any day."""
    days = [day for day in (begins, ends) if day]
    return school_year(days[0] + (days[-1] - days[0]) / 2) if days else ""


def rows_of(table: Table, *columns: str) -> Iterator[Texts]:
    """The rows of a small table; what is wrong with them is said when the file itself is read."""
    texts = _Texts(table, columns)
    for chunk in table.chunks(_CHUNK):
        yield from texts(chunk.to_numpy())
    table.take_problems()


def code_in(text: str) -> str:
    """A person's id as `person_code` reads it; "" where it is none or damaged."""
    try:
        return person_code(text)
    except Unreadable:
        return ""


def link(text: str) -> str:
    """What the files of a package call a thing among themselves: any text that no spreadsheet has damaged."""
    try:
        return person_code(text)
    except Unreadable as problem:
        if problem.reason != NOT_ID:
            raise
        return bare_id(text)


def id_of(text: str) -> str:
    """The same, "" where it is damaged."""
    try:
        return link(text)
    except Unreadable:
        return ""


def shared(pupils: Mapping[str, Pupil]) -> set[str]:
    """The keys of those who have the id of another child named before them."""
    first: dict[str, Pupil] = {}
    return {key for key, one in pupils.items() if one.code and _are_two(first.setdefault(one.code, one), one)}


def without_code(column: str, *, is_shared: bool) -> Wrong:
    """What is wrong with a row about a learner who has no code."""
    why = (SHARED_ID, SHARED_ID_STEP) if is_shared else (UNREADABLE_ID, UNREADABLE_ID_STEP)
    return Wrong(column, *why)


def _are_two(one: Pupil, other: Pupil) -> bool:
    a, b = (Person(0, who.code, who.family_name, who.given_name, "", who.birth_date) for who in (one, other))
    return are_two(a, b)


def email(text: str) -> str:
    """An e-mail address, "" for anything else."""
    return text if _EMAIL.fullmatch(text) else ""


class _Texts:
    """Makes rows of a table's chunks."""

    def __init__(self, table: Table, columns: Iterable[str]) -> None:
        self._columns = Columns(table.header)
        self._keys = tuple(columns)
        self._tidy = [Column(tidy, "") for _key in self._keys]

    def __call__(self, cells: npt.NDArray[np.object_]) -> list[Texts]:
        texts = (read(self._columns.texts(cells, key)) for key, read in zip(self._keys, self._tidy, strict=True))
        return [dict(zip(self._keys, row, strict=True)) for row in zip(*texts, strict=True)]


@dataclass(slots=True)
class Said:
    """What the rows of one file say, each thing once."""

    _people: People
    _learners: list[Person] = field(default_factory=list)
    _rows: defaultdict[Kind, list[tuple[object, ...]]] = field(default_factory=lambda: defaultdict(list))

    def learner(self, row: int, pupil: Pupil) -> None:
        names = (pupil.family_name, pupil.given_name, pupil.middle_name)
        self._learners.append(Person(row, pupil.code, *names, pupil.birth_date))
        for kind, value in pupil.ids:
            if value and code_of(kind, value) != pupil.code:
                self._rows[Kind.IDENTIFIERS].append((row, pupil.code, kind, value.casefold()))

    def enrolment(self, row: int, pupil: Pupil, school: str, year: str) -> None:
        self._rows[Kind.ENROLMENTS].append((row, pupil.code, school, year, pupil.grade))

    def membership(self, row: int, code: str, group: Group) -> None:
        """One for each educator of the class, or one without."""
        place = (group.school, group.name, group.year)
        for educator in group.educators or (("", ""),):
            self._rows[Kind.MEMBERSHIPS].append((row, code, *place, *educator))

    def departure(
        self, row: int, code: str, school: str, class_name: str, year: str, educator: str = "",
        after: dt.date | None = None,
    ) -> None:  # fmt: skip
        self._rows[Kind.DEPARTURES].append((row, code, school, class_name, year, educator, after))

    def take(self) -> tuple[dict[Kind, pd.DataFrame], list[Problem]]:
        """The frames of what was said since this was last asked, and the problems with names."""
        learners, problems = self._people.learners(self._learners)
        frames = {kind: self._people.facts(kind, rows) for kind, rows in self._rows.items()}
        if self._learners:
            frames[Kind.LEARNERS] = learners
        self._learners.clear()
        self._rows.clear()
        return frames, problems


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row, or with `left_out` false with one of its cells.

    costs: whether the row would have put somebody on a roster. The cell is not shown: packages hold passwords,
    and a row may have slipped by a cell.
    """

    column: str
    reason: str
    advice: str = CORRECT_CELL
    left_out: bool = True
    costs: bool = True


class File(ABC):
    """How one file of a package is read.

    key: the column that names what a row is about; `nobody`: why a row without is left out. columns: those whose
    texts a row has. once: whether a key stands in one row alone. complete: see `Batch.complete`. unlisted: how many
    people, classes and schools the package names without listing them.
    """

    key: str
    nobody: str
    columns: tuple[str, ...] = ()
    once = True
    complete: frozenset[Kind] = frozenset()
    unlisted = 0

    def passed_over(self, row: Texts) -> str:
        """Why a row is knowingly not read, or ""."""
        return ""

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        """What is wrong with a row."""
        return ()

    @abstractmethod
    def say(self, said: Said, number: int, row: Texts) -> None:
        """Says what a row says."""


def read(table: Table, file: File) -> Iterator[Batch]:
    """The file's rows in batches; see `records.Importer`."""
    return _Reader(table, file).batches()


class _Reader:
    def __init__(self, table: Table, file: File) -> None:
        self._table = table
        self._file = file
        self._columns = Columns(table.header)
        self._texts = _Texts(table, dict.fromkeys((file.key, *file.columns)))
        self._said = Said(People(table.file, self._columns.name(file.key)))
        self._first: dict[str, int] = {}
        self._whole = True  # as far as was read, the file lost nobody
        self._costless: set[int] = set()

    def batches(self) -> Iterator[Batch]:
        who = by_id(self._columns, self._file.key, link)
        sorter = RowSorter(
            self._table, self._columns, who, self._file.key, self._file.nobody,
            passed_over=self._passed_over, check=self._check,
        )  # fmt: skip
        rows_done = 0
        for found in sorter.chunks(_CHUNK):
            for number, row in zip(found.rows.tolist(), self._texts(found.cells), strict=True):
                self._file.say(self._said, number, row)
            frames, problems = self._said.take()
            self._whole = self._whole and not any(map(self._costs, found.problems))
            rows_done = found.rows_done
            yield found.batch(frames, problems)
        if not self._file.complete:
            return
        if self._whole and not self._file.unlisted:
            yield Batch(rows_done=rows_done, complete=self._file.complete)
            return
        why, step = INCOMPLETE, INCOMPLETE_STEP
        if self._file.unlisted:
            why, step = _(UNLISTED).format(count=f"{self._file.unlisted:,}"), UNLISTED_STEP
        told = Problem(self._table.file, None, None, None, why, step, left_out=False)
        yield Batch(problems=(told,), rows_done=rows_done)

    def _passed_over(self, cells: npt.NDArray[np.object_]) -> dict[int, str]:
        reasons = enumerate(map(self._file.passed_over, self._texts(cells)))
        return {at: reason for at, reason in reasons if reason}

    def _check(self, cells: npt.NDArray[np.object_], rows: list[int], codes: list[str]) -> list[Problem]:
        problems = []

        def note(row: int, wrong: Wrong) -> None:
            name = self._columns.name(wrong.column)
            problems.append(Problem(self._table.file, row, name, None, wrong.reason, wrong.advice, wrong.left_out))

        for number, code, row in zip(rows, codes, self._texts(cells), strict=True):
            first = self._first.setdefault(code, number) if self._file.once else number
            if first != number:
                note(number, Wrong(self._file.key, _(TWICE).format(row=first), TWICE_STEP))
                continue
            every = list(self._file.wrong(row))
            for one in [one for one in every if one.left_out][:1] or every:
                note(number, one)
                if not one.costs:
                    self._costless.add(number)
        return problems

    def _costs(self, problem: Problem) -> bool:
        """Whether a problem means that the file says of more people than were read."""
        lost = problem.left_out and problem.advice != COPY_STEP and problem.row not in self._costless
        return lost or problem.advice == EXPORT_AGAIN  # the file is cut
