"""Reads NWEA's rosters: StudentsBySchool (who is enrolled where) and ClassAssignments.

StudentsBySchool lists every enrolment, so a learner at two schools has two rows. Grades
come from here: AssessmentResults has none. Programs and accommodations are known and left unread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.words import N_
from workbench.importing.people import People, Person
from workbench.importing.reading.dates import MONTH_FIRST, Dates
from workbench.importing.reading.grades import grade
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.rows import RowSorter, by_id
from workbench.importing.reading.values import Column, Columns, cell_problem, header_key, is_nothing, term
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Kind, Problem, Question, Table
from workbench.importing.roster_columns import is_roster
from workbench.importing.vendors.nwea import layout

NO_LEARNER = N_("The row names no learner.")
NO_CLASS = N_("The row names no class.")
PROGRAMS = N_("Programs that a learner takes part in say nothing about learning here, so they are not kept.")
ACCOMMODATIONS = N_(
    "Which help a learner had in a test stands with the test in a Combined file; this list is not kept."
)

_CHUNK = 5_000
_FIRST_BIRTH, _LAST_BIRTH = 1900, 2099
_CLASS = "classname"
_TEACHER = ("teachername", "teacher")
_TEACHER_ID = ("teacherid", "teacheruid")


class RosterRows:
    """The learners and enrolments that rows of one file name."""

    def __init__(self, file: str, columns: Columns) -> None:
        self._file = file
        self._columns = columns
        self._people = People(file, columns.name(layout.STUDENT))
        self._births = Dates(_FIRST_BIRTH, _LAST_BIRTH, MONTH_FIRST, births=True, day_zero=columns.day_zero)
        self._birth_date = columns.first(*layout.BIRTH_DATE)
        self._names = [columns.first(*n) for n in (layout.FAMILY_NAME, layout.GIVEN_NAME, layout.MIDDLE_NAME)]
        self._grades = [key for key in layout.GRADE if key in columns]
        self._text = Column(lambda text: "" if is_nothing(text) else " ".join(text.split()), "")
        self._grade = Column(grade, "")
        self._state_id = Column(person_code, "")

    def see(self, cells: npt.NDArray[np.object_]) -> None:
        """Show a chunk before any is read: whether days or months come first, the whole file tells."""
        self._births.see(self._columns.texts(cells, self._birth_date))

    def read(
        self,
        cells: npt.NDArray[np.object_],
        rows: npt.NDArray[np.int64],
        codes: Sequence[str],
        terms: Sequence[str],
    ) -> tuple[dict[Kind, pd.DataFrame], list[Problem]]:
        """What the rows say that earlier ones did not, and the cells that could not be read."""
        texts = self._columns.texts
        births = texts(cells, self._birth_date)
        numbers = rows.tolist()
        learners, problems = self._people.learners(self._persons(cells, numbers, codes))
        problems += self._problems(rows, births, self._birth_date, self._births.unreadable(births))
        grades = [""] * len(rows)
        for key in self._grades:
            of_key = texts(cells, key)
            grades = [known or found for known, found in zip(grades, self._grade(of_key), strict=True)]
            unread = [(at, why) for at, why in self._grade.unreadable(of_key) if not grades[at]]
            if key == self._grades[-1]:
                problems += self._problems(rows, of_key, key, unread)
        schools = self._text(texts(cells, layout.SCHOOL))
        enrolments = self._people.facts(Kind.ENROLMENTS, zip(numbers, codes, schools, terms, grades, strict=True))
        states = texts(cells, layout.STATE_ID)
        told = self._state_id(states)
        problems += self._problems(rows, states, layout.STATE_ID, self._state_id.unreadable(states))
        ids = [(row, code, "state", one.casefold()) for row, code, one in zip(numbers, codes, told, strict=True) if one]
        identifiers = self._people.facts(Kind.IDENTIFIERS, ids)
        return {Kind.LEARNERS: learners, Kind.ENROLMENTS: enrolments, Kind.IDENTIFIERS: identifiers}, problems

    def others(self, cells: npt.NDArray[np.object_], rows: Sequence[int], codes: Sequence[str]) -> list[Problem]:
        """A problem for each row that has the id of another child."""
        return self._people.others(self._persons(cells, rows, codes))

    def _persons(self, cells: npt.NDArray[np.object_], rows: Sequence[int], codes: Sequence[str]) -> Iterator[Person]:
        texts = self._columns.texts
        names = [self._text(texts(cells, key)) for key in self._names]
        for person in zip(rows, codes, *names, self._births(texts(cells, self._birth_date)), strict=True):
            yield Person(*person)

    def _problems(
        self,
        rows: npt.NDArray[np.int64],
        texts: npt.NDArray[np.object_],
        key: str | None,
        unread: Sequence[tuple[int, str]],
    ) -> list[Problem]:
        name = self._columns.name(key)
        return [cell_problem(self._file, int(rows[at]), name, texts[at], why, left_out=False) for at, why in unread]


class StudentsBySchool:
    """StudentsBySchool.csv of the Comprehensive Data File, of 2012 and now."""

    name = "nwea_students_by_school"
    title = N_("NWEA MAP Growth roster (StudentsBySchool)")
    looks_for = "StudentID, StudentLastName, TermName or SchoolName"
    together = False

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file names NWEA's students and holds hardly anything but a roster's columns."""
        keys = {header_key(name) for name in header}
        return (
            {layout.STUDENT, layout.FAMILY_NAME[0]} <= keys
            and bool({layout.TERM, layout.SCHOOL} & keys)
            and is_roster(header)
        )

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: the vendor's own order of dates is known."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """Learners and enrolments; see `records.Importer`."""
        columns = Columns(table.header)
        roster = RosterRows(table.file, columns)
        for chunk in table.chunks(_CHUNK):
            roster.see(chunk.to_numpy())
        table.take_problems()
        terms = Column(term, "")
        who = by_id(columns, layout.STUDENT)
        sorter = RowSorter(table, columns, who, layout.STUDENT, NO_LEARNER, check=roster.others)
        for found in sorter.chunks(_CHUNK):
            names = terms(columns.texts(found.cells, layout.TERM))
            frames, problems = roster.read(found.cells, found.rows, found.codes, names)
            yield found.batch(frames, problems)


class ClassAssignments:
    """ClassAssignments.csv of the Comprehensive Data File: one row per learner and class.

    No real file was at hand: the columns are those that two other importers read, and all
    but StudentID and ClassName may be missing.
    """

    name = "nwea_class_assignments"
    title = N_("NWEA MAP Growth classes (ClassAssignments)")
    looks_for = "StudentID, ClassName, TeacherName or TeacherID"
    together = False

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file puts students into classes and names neither them nor scores."""
        keys = {header_key(name) for name in header}
        return (
            {layout.STUDENT, _CLASS} <= keys
            and bool(keys.intersection((*_TEACHER, *_TEACHER_ID)))
            and not keys.intersection((*layout.FAMILY_NAME, *layout.GIVEN_NAME))
            and is_roster(header)
        )

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: the vendor's own order of dates is known."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """Memberships; see `records.Importer`."""
        columns = Columns(table.header)
        people = People(table.file, columns.name(layout.STUDENT))
        terms = Column(term, "")
        text = Column(lambda found: "" if is_nothing(found) else " ".join(found.split()), "")
        code = Column(lambda found: "" if is_nothing(found) else found, "")
        needed = {_CLASS: NO_CLASS}
        sorter = RowSorter(table, columns, by_id(columns, layout.STUDENT), layout.STUDENT, NO_LEARNER, needed)
        keys = (layout.SCHOOL, _CLASS, layout.TERM, columns.first(*_TEACHER_ID), columns.first(*_TEACHER))
        for found in sorter.chunks(_CHUNK):
            values = [
                read(columns.texts(found.cells, key))
                for key, read in zip(keys, (text, text, terms, code, text), strict=True)
            ]
            rows = zip(found.rows.tolist(), found.codes, *values, strict=True)
            yield found.batch({Kind.MEMBERSHIPS: people.facts(Kind.MEMBERSHIPS, rows)}, [])


class _LeftUnread(ABC):
    """A file of the Comprehensive Data File of which every row is passed over, for one reason."""

    name: str
    title: str
    looks_for: str
    together = False
    reason: str

    @abstractmethod
    def recognises(self, header: tuple[str, ...]) -> bool: ...

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: nothing is read."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """No frames; see `records.Importer`."""
        columns = Columns(table.header)
        sorter = RowSorter(
            table,
            columns,
            by_id(columns, layout.STUDENT),
            layout.STUDENT,
            NO_LEARNER,
            passed_over=lambda cells: dict.fromkeys(range(len(cells)), self.reason),
        )
        for found in sorter.chunks(_CHUNK):
            yield found.batch({}, [])


class ProgramAssignments(_LeftUnread):
    """ProgramAssignments.csv: programs such as special education, which no page here needs."""

    name = "nwea_program_assignments"
    title = N_("NWEA MAP Growth programs (ProgramAssignments), left unread")
    looks_for = "StudentID, Program"
    reason = PROGRAMS

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file puts students into programs and says nothing else of them."""
        keys = {header_key(name) for name in header}
        others = {*layout.FAMILY_NAME, *layout.GRADE, _CLASS, layout.RIT}
        return layout.STUDENT in keys and bool({"program", "programname"} & keys) and not others & keys


class Accommodations(_LeftUnread):
    """AccommodationAssignment.csv or StudentTestAccommodations.csv: the help that a learner had in a test."""

    name = "nwea_accommodations"
    title = N_("NWEA MAP Growth accommodations, left unread")
    looks_for = "StudentID, TestID, AccommodationCategory"
    reason = ACCOMMODATIONS

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file tells of accommodations and holds no scores."""
        keys = {header_key(name) for name in header}
        return {layout.STUDENT, layout.TEST_ID, "accommodationcategory"} <= keys and layout.RIT not in keys
