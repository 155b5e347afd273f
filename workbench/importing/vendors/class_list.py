"""Reads a plain class list, as a school's office or a teacher's own spreadsheet has it.

Columns go by many names, in any case: an id, a name in one or two columns, a class, a
teacher, a grade, a school, a term and a birth date; all but the first are optional. A list
without ids gets codes made from names ("name:rivera, luz"), so two learners of one name
need ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_
from workbench.importing.people import NAME_CODE, People, Person, cut_name, name_code
from workbench.importing.reading.dates import ORDER, Dates, order_question
from workbench.importing.reading.grades import grade
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.rows import RowSorter, SortedRows, by_id
from workbench.importing.reading.values import Column, Columns, Texts, cell_problem, header_key, is_nothing, term
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Kind, Problem, Question, Table, day_zero
from workbench.importing.roster_columns import is_it_a_list, is_roster, unknown_columns

NO_LEARNER = N_("The row has no id.")
NO_NAME = N_("The row names no learner.")
SAME_NAME = N_(
    "is the name of a learner in row {row} already, and the list has no ids; both rows were read as one learner."
)
SAME_NAME_STEP = N_("If they are two learners, add a column “Student ID” and import the list again.")
OTHER_CHILD = N_("is the name of another learner, in row {row}, and the list has no ids to tell them apart.")
ADD_IDS = N_("Add a column “Student ID” and import the list again: rows already read will not be doubled.")

_FIGURES = re.compile(r"[-+]?[0-9][0-9.,]*\s*%?|[0-9]+\s*(?:/|of|out of)\s*[0-9]+")
_CHUNK = 5_000
_FIRST_BIRTH, _LAST_BIRTH = 1900, 2099

_ID = (
    "studentid", "learnerid", "studentnumber", "learnernumber", "pupilid", "localid", "localstudentid", "sisid",
    "stuid", "studentlocalid", "id", "idnumber",
)  # fmt: skip
_GIVEN = ("firstname", "givenname", "studentfirstname", "learnerfirstname", "preferredname", "first", "given")
_FAMILY = ("lastname", "familyname", "surname", "studentlastname", "learnerlastname", "last", "family")
_MIDDLE = ("middlename", "middleinitial", "mi", "studentmi", "studentmiddlename", "middle")
_NAME = ("name", "studentname", "learnername", "fullname", "student", "learner", "pupil", "child")
_CLASS = ("class", "classname", "homeroom", "section", "sectionname", "classroom", "group", "homeroomname")
_TEACHER = (
    "teacher",
    "teachername",
    "homeroomteacher",
    "educator",
    "educatorname",
    "instructor",
    "classteacher",
)
_TEACHER_ID = ("teacherid", "teachernumber", "educatorid", "teachercode", "staffid")
_GRADE = ("grade", "gradelevel", "studentgrade", "currentgrade", "yearlevel")
_SUBJECT = ("subject", "course", "coursename")
_SCHOOL = ("school", "schoolname", "building", "campus")
_TERM = ("term", "termname", "year", "schoolyear", "academicyear", "session")
_BIRTH = ("birthdate", "dateofbirth", "dob", "birthday", "studentdateofbirth", "born")
#: Further ids, by their kind; a second one of the school's own is a "number".
_FURTHER = {
    "state": ("stateid", "statestudentid", "studentstateid", "statenumber", "ssid", "sasid", "stateidnumber"),
    "email": ("email", "emailaddress", "studentemail", "studentemailaddress", "learneremail", "schoolemail"),
    "username": ("username", "loginname", "login", "studentusername", "networkid"),
}

_MOST_COLUMNS = 40

T = TypeVar("T")


class ClassList:
    """A class list in CSV or Excel, of no vendor."""

    name = "class_list"
    title = N_("a class list")
    looks_for = "Student ID with a name or a class; or First Name and Last Name (or Name) with a Class"
    together = False

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file names learners, and hardly anything in it is not a roster's."""
        keys = {header_key(name) for name in header}
        if len(header) > _MOST_COLUMNS or "sourcedid" in keys or not is_roster(header):
            return False
        has_id = bool(keys.intersection(_ID))
        has_class = bool(keys.intersection(_CLASS))
        if not has_class and "grade" in keys and keys.intersection(_SUBJECT):
            return False  # the grade is a mark
        has_name = bool(keys.intersection(_NAME)) or bool(keys.intersection(_GIVEN) and keys.intersection(_FAMILY))
        return has_id + has_class + has_name > 1

    def questions(self, table: Table) -> tuple[Question, ...]:
        """Whether it is a class list, where a column of figures is beside; which of day and month is first."""
        return (*_is_it_a_list(table), *order_question(table.file, _Reader(table, NO_ANSWERS).look()))

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """Learners, enrolments and memberships, as far as the list has them; see `records.Importer`."""
        return _Reader(table, answers).batches()


def _is_it_a_list(table: Table) -> tuple[Question, ...]:
    """Asks when a column that no roster has holds figures: scores look like that."""
    strange = unknown_columns(table.header)
    if not strange:
        return ()
    at = [table.header.index(name) for name in strange]
    filled = figures = 0
    for chunk in table.chunks(_CHUNK):
        texts = [text.strip() for text in chunk.iloc[:, at].to_numpy().ravel().tolist() if text.strip()]
        filled += len(texts)
        figures += sum(bool(_FIGURES.fullmatch(text)) for text in texts)
    table.take_problems()
    if 2 * figures <= filled:
        return ()
    return (is_it_a_list(table, strange, mapped=True),)


@dataclass(frozen=True, slots=True, repr=False)
class _First:
    """Where a name was first met, and what can tell that child from another of the name."""

    row: int
    facts: tuple[str, str]


class _Reader:
    """Reads one list."""

    def __init__(self, table: Table, answers: Answers) -> None:
        self._table = table
        self._columns = columns = Columns(table.header)
        self._id = columns.first(*_ID)
        self._given, self._family = columns.first(*_GIVEN), columns.first(*_FAMILY)
        self._name = None if self._given and self._family else columns.first(*_NAME)
        self._middle = columns.first(*_MIDDLE)
        self._class, self._school = columns.first(*_CLASS), columns.first(*_SCHOOL)
        self._teacher, self._teacher_id = columns.first(*_TEACHER), columns.first(*_TEACHER_ID)
        self._grade_key, self._birth, self._term_key = (columns.first(*names) for names in (_GRADE, _BIRTH, _TERM))
        further = [(kind, columns.first(*names)) for kind, names in _FURTHER.items()]
        further += [("number", name) for name in _ID if name != self._id]
        self._further = [(kind, key, Column(person_code, "")) for kind, key in further if key and key in columns]
        self._key = self._id or self._name or self._family
        self._people = People(table.file, columns.name(self._key))
        self._births = Dates(
            _FIRST_BIRTH, _LAST_BIRTH, answers.get(ORDER, ""), births=True, day_zero=day_zero(table.header)
        )
        self._text = Column(lambda text: "" if is_nothing(text) else " ".join(text.split()), "")
        self._cut_name = Column(lambda text: cut_name("" if is_nothing(text) else text), ("", ""))
        self._grade = Column(grade, "")
        self._term = Column(term, "")
        self._firsts: dict[str, _First] = {}

    def look(self) -> Dates:
        """The birth dates, all of them seen."""
        for chunk in self._table.chunks(_CHUNK):
            self._births.see(self._columns.texts(chunk.to_numpy(), self._birth))
        self._table.take_problems()
        return self._births

    def batches(self) -> Iterator[Batch]:
        """All rows."""
        self.look()
        if self._id:
            who = by_id(self._columns, self._id)
            sorter = RowSorter(self._table, self._columns, who, self._key, NO_LEARNER, check=self._check_others)
        else:
            sorter = RowSorter(
                self._table, self._columns, self._by_name, self._key, NO_NAME, check=self._check_namesakes
            )
        for found in sorter.chunks(_CHUNK):
            yield self._batch(found)

    def _batch(self, found: SortedRows) -> Batch:
        problems: list[Problem] = []
        grades = self._read(self._grade, self._grade_key, found, problems)
        self._read(self._births, self._birth, found, problems)
        terms = self._term(self._texts(found.cells, self._term_key))
        school, class_, teacher, teacher_id = (
            self._text(self._texts(found.cells, key))
            for key in (self._school, self._class, self._teacher, self._teacher_id)
        )
        rows, codes = found.rows.tolist(), found.codes
        learners, named_differently = self._people.learners(self._persons(found.cells, rows, codes))
        frames = {Kind.LEARNERS: learners}
        if self._further:
            frames[Kind.IDENTIFIERS] = self._people.facts(Kind.IDENTIFIERS, self._ids(found, problems))
        if self._school or self._grade_key:
            enrolments = zip(rows, codes, school, terms, grades, strict=True)
            frames[Kind.ENROLMENTS] = self._people.facts(Kind.ENROLMENTS, enrolments)
        if self._class:
            memberships = zip(rows, codes, school, class_, terms, teacher_id, teacher, strict=True)
            in_classes = (row for row, name in zip(memberships, class_, strict=True) if name)
            frames[Kind.MEMBERSHIPS] = self._people.facts(Kind.MEMBERSHIPS, in_classes)
        return found.batch(frames, [*problems, *named_differently])

    def _ids(self, found: SortedRows, problems: list[Problem]) -> Iterator[tuple[int, str, str, str]]:
        for kind, key, column in self._further:
            values = self._read(column, key, found, problems)
            for row, code, value in zip(found.rows.tolist(), found.codes, values, strict=True):
                if value and value != code and (kind != "email" or "@" in value):
                    yield row, code, kind, value.casefold()

    def _texts(self, cells: npt.NDArray[np.object_], key: str | None) -> Texts:
        return self._columns.texts(cells, key)

    def _names(self, cells: npt.NDArray[np.object_]) -> tuple[list[str], list[str]]:
        """Given and family names."""
        if self._name:
            cut = self._cut_name(self._texts(cells, self._name))
            return [one[0] for one in cut], [one[1] for one in cut]
        return self._text(self._texts(cells, self._given)), self._text(self._texts(cells, self._family))

    def _read(
        self, column: Column[T] | Dates, key: str | None, found: SortedRows, problems: list[Problem]
    ) -> list[Any]:
        texts = self._texts(found.cells, key)
        values = column(texts)
        name = self._columns.name(key)
        for at, why in column.unreadable(texts):
            problems.append(cell_problem(self._table.file, int(found.rows[at]), name, texts[at], why, left_out=False))
        return values

    def _by_name(self, cells: npt.NDArray[np.object_]) -> tuple[list[str], list[tuple[int, str]]]:
        given, family = self._names(cells)
        return [name_code(first, last) for first, last in zip(given, family, strict=True)], []

    def _persons(self, cells: npt.NDArray[np.object_], rows: list[int], codes: list[str]) -> Iterator[Person]:
        given, family = self._names(cells)
        middle = self._text(self._texts(cells, self._middle))
        births = self._births(self._texts(cells, self._birth))
        for person in zip(rows, codes, family, given, middle, births, strict=True):
            yield Person(*person)

    def _check_others(self, cells: npt.NDArray[np.object_], rows: list[int], codes: list[str]) -> list[Problem]:
        return self._people.others(self._persons(cells, rows, codes))

    def _check_namesakes(self, cells: npt.NDArray[np.object_], rows: list[int], codes: list[str]) -> list[Problem]:
        """Rows of one name are one learner, unless grade or birth date tell otherwise."""
        problems = []
        column = self._columns.name(self._key)
        facts = zip(
            self._grade(self._texts(cells, self._grade_key)),
            map(str, self._births(self._texts(cells, self._birth))),
            strict=True,
        )
        for row, code, found in zip(rows, codes, facts, strict=True):
            first = self._firsts.setdefault(code, _First(row, found))
            if first.row == row:
                continue
            name = code.removeprefix(NAME_CODE)
            if first.facts == found and self._class:
                reason, step, left_out = SAME_NAME, SAME_NAME_STEP, False
            else:
                reason, step, left_out = OTHER_CHILD, ADD_IDS, True
            problems.append(Problem(self._table.file, row, column, name, reason.format(row=first.row), step, left_out))
        return problems
