"""Reads Clever's CSV files: schools, students, teachers, sections, enrollments and staff.

They stand in one folder or zip and are whole each time: whoever is in none of them has left, if students, sections and
enrollments are all there. A learner has a row
for each contact. Passwords are dropped unread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from workbench.ground.words import N_
from workbench.importing.packages import (
    DAY,
    GRADE,
    NOT_IN_PACKAGE,
    NOT_IN_PACKAGE_STEP,
    File,
    Group,
    Pupil,
    Said,
    Texts,
    Wrong,
    code_in,
    email,
    id_of,
    read,
    rows_of,
    shared,
    told_apart,
    without_code,
    year_of,
)
from workbench.importing.reading.dates import MONTH_FIRST, Dates
from workbench.importing.reading.grades import grade
from workbench.importing.reading.values import Unreadable, header_key
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Kind, Question, Table
from workbench.importing.roster_columns import is_roster

NO_ID = N_("The row has no id.")
NO_LEARNER = N_("The row names no learner.")
STAFF = N_("The row is about somebody who teaches no class.")

_TEACHERS = ("teacherid", *(f"teacher{n}id" for n in range(2, 11)))
_NO_GRADES = {
    "infanttoddler": "", "postgraduate": "", "ungraded": "", "other": "", "transitionalkindergarten": "PK",
}  # fmt: skip

#: The columns that only this file has, asked in order; those of the second set are missing.
_KINDS = (
    ("enrollments", {"schoolid", "sectionid", "studentid"}, {"lastname"}),
    ("sections", {"schoolid", "sectionid"}, {"studentid"}),
    ("students", {"schoolid", "studentid", "firstname", "lastname"}, {"class", "classname", "homeroom", "section"}),
    ("teachers", {"schoolid", "teacherid", "firstname", "lastname"}, {"studentid"}),
    ("staff", {"schoolid", "staffid"}, {"studentid"}),
    ("schools", {"schoolid", "schoolname"}, {"studentid", "lastname", "username"}),
)


#: What its files have beside what any roster may.
_KNOWN = frozenset(
    (
        *_TEACHERS, "schoolid", "sectionid", "termname", "termstart", "termend", "coursedescription", "title", "role",
        "department", "lowgrade", "highgrade", "principal", "principalemail", "schooladdress", "schoolcity",
        "schoolstate", "schoolzip", "schoolphone",
    )
)  # fmt: skip


class Clever:
    """The files of Clever's nightly upload."""

    name = "clever"
    title = "Clever"
    looks_for = "School_id with Student_id, Teacher_id, Section_id … of students, teachers, sections, enrollments"
    together = True

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether this is one of the files."""
        return bool(_kind(header))

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: the vendor's dates are month first."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """What the file says by what the others beside it say; see `records.Importer`."""
        package = table.place.once(self.name, lambda: _Package(table.place.tables))
        return read(table, _FILES[_kind(table.header)](package))


def _kind(header: tuple[str, ...]) -> str:
    keys = {header_key(name) for name in header}
    kind = next((kind for kind, needed, missing in _KINDS if needed <= keys and not missing & keys), "")
    return kind if is_roster(header, _KNOWN, marked=True) else ""


class _Package:
    """What the files say together."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = [(_kind(table.header), table) for table in tables]
        self._days = Dates(1900, 2099, MONTH_FIRST)
        seen = {text for row in self._rows("students", "dob") for text in row.values()}
        seen |= {text for row in self._rows("sections", "termstart", "termend") for text in row.values()}
        self._days.see(np.array([*seen], dtype=object))
        here = {kind for kind, _table in self._tables}
        self.whole = {"students", "sections", "enrollments"} <= here
        self.schools = {
            id_of(row["schoolid"]): row["schoolname"] for row in self._rows("schools", "schoolid", "schoolname")
        }
        self.sections = self._sections()
        self.year = max((group.year for group in self.sections.values()), default="")
        self.pupils: dict[str, Pupil] = {}
        for row in self._rows("students", *_Students.columns):
            self.pupils.setdefault(id_of(row["studentid"]), self._pupil(row))
        self.shared = shared(self.pupils)
        for one in self.shared:
            self.pupils[one] = replace(self.pupils[one], code="")
        self.unlisted = self._unlisted()

    def day(self, text: str) -> dt.date | None:
        """A date; raises `Unreadable`."""
        return self._days.read(text)

    def school(self, row: Texts) -> str:
        return self.schools.get(id_of(row["schoolid"]), "")

    def _day(self, text: str) -> dt.date | None:
        try:
            return self._days.read(text)
        except Unreadable:
            return None

    def _rows(self, kind: str, *columns: str) -> Iterator[Texts]:
        for its_kind, table in self._tables:
            if its_kind == kind:
                yield from rows_of(table, *columns)

    def _unlisted(self) -> int:
        """How many people, classes and schools the files name that none of them lists."""
        teachers = {id_of(row["teacherid"]) for row in self._rows("teachers", "teacherid")}
        known: dict[str, Collection[str]] = {
            "studentid": self.pupils, "sectionid": self.sections, "schoolid": self.schools,
        }  # fmt: skip
        named = {(key, id_of(row[key])) for row in self._rows("enrollments", "studentid", "sectionid") for key in row}
        named |= {("schoolid", id_of(row["schoolid"])) for row in self._rows("students", "schoolid")}
        for row in self._rows("sections", "schoolid", *_TEACHERS):
            named |= {(key, id_of(text)) for key, text in row.items()}
        return sum(bool(one) and one not in known.get(key, teachers) for key, one in named)

    def _sections(self) -> dict[str, Group]:
        teachers: dict[str, tuple[str, str]] = {}
        for row in self._rows("teachers", "teacherid", "teachernumber", "lastname", "firstname"):
            code = id_of(row["teachernumber"]) or id_of(row["teacherid"])
            teachers[id_of(row["teacherid"])] = (code, ", ".join(filter(None, (row["lastname"], row["firstname"]))))
        found: dict[str, Group] = {}
        last: dict[str, dt.date] = {}
        for row in self._rows("sections", *_Sections.columns, *_TEACHERS):
            ends = self._day(row["termend"])
            year = year_of(self._day(row["termstart"]), ends)
            taught = (teachers.get(id_of(row[key]), ("", "")) for key in _TEACHERS if row[key])
            group = Group(
                name=row["name"] or row["coursename"] or row["sectionnumber"] or row["sectionid"],
                school=self.school(row),
                year=year,
                label=row["sectionnumber"] or row["period"],
                educators=tuple(sorted({one for one in taught if one[0]})),
                ends=ends,
            )
            found.setdefault(id_of(row["sectionid"]), group)
            if ends:
                last[year] = max(ends, last.get(year, ends))
        last_days = {one: group for one, group in found.items() if group.ends == last.get(group.year)}
        found |= {one: replace(group, ends=None) for one, group in last_days.items()}
        return told_apart(found)

    def _pupil(self, row: Texts) -> Pupil:
        """The school's own id is the number that people use, else the one of the student information system."""
        number, student = row["studentnumber"], id_of(row["studentid"])
        ids = (("sourced", student), ("state", row["stateid"]), ("email", email(row["studentemail"])))
        return Pupil(
            code=code_in(number) if number else student,
            family_name=row["lastname"],
            given_name=row["firstname"],
            middle_name=row["middlename"],
            birth_date=self._day(row["dob"]),
            grade=_grade(row["grade"])[0],
            ids=(*ids, ("username", row["username"])),
        )


def _grade(text: str) -> tuple[str, str]:
    """The grade that a cell names, and what is wrong with it."""
    try:
        known = _NO_GRADES.get(header_key(text))
        return (grade(text) if known is None else known), ""
    except Unreadable:
        return "", GRADE


class _File(File):
    nobody = NO_ID

    def __init__(self, package: _Package) -> None:
        self.package = package

    def say(self, said: Said, number: int, row: Texts) -> None:
        """Nothing by itself: it tells what other files mean."""


class _Schools(_File):
    key = "schoolid"


class _Teachers(_File):
    key = "teacherid"
    once = False  # a row for each school


class _Staff(_File):
    key = "staffid"
    once = False

    def passed_over(self, row: Texts) -> str:
        return STAFF


class _Sections(_File):
    key = "sectionid"
    columns = ("schoolid", "sectionid", "name", "sectionnumber", "coursename", "period", "termstart", "termend")

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        for column in ("termstart", "termend"):
            yield from _wrong_day(self.package, row, column)


class _Students(_File):
    key = "studentid"
    nobody = NO_LEARNER
    columns = (
        "schoolid", "studentid", "studentnumber", "stateid", "lastname", "middlename", "firstname", "grade", "dob",
        "studentemail", "username",
    )  # fmt: skip
    once = False  # a row for each contact

    def __init__(self, package: _Package) -> None:
        super().__init__(package)
        if package.whole:
            self.complete = frozenset({Kind.ENROLMENTS})
            self.unlisted = package.unlisted

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        if not self.package.pupils[id_of(row["studentid"])].code:
            yield without_code("studentnumber", is_shared=id_of(row["studentid"]) in self.package.shared)
        if why := _grade(row["grade"])[1]:
            yield Wrong("grade", why, left_out=False)
        yield from _wrong_day(self.package, row, "dob")

    def say(self, said: Said, number: int, row: Texts) -> None:
        pupil = self.package.pupils[id_of(row["studentid"])]
        said.learner(number, pupil)
        said.enrolment(number, pupil, self.package.school(row), self.package.year)


class _Enrollments(_File):
    key = "studentid"
    nobody = NO_LEARNER
    columns = ("sectionid", "studentid")
    once = False

    def __init__(self, package: _Package) -> None:
        super().__init__(package)
        if package.whole:
            self.complete = frozenset({Kind.MEMBERSHIPS})
            self.unlisted = package.unlisted

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        if id_of(row["sectionid"]) not in self.package.sections:
            yield Wrong("sectionid", NOT_IN_PACKAGE, NOT_IN_PACKAGE_STEP)
        elif id_of(row["studentid"]) not in self.package.pupils:
            yield Wrong("studentid", NOT_IN_PACKAGE, NOT_IN_PACKAGE_STEP)
        elif not self.package.pupils[id_of(row["studentid"])].code:
            yield without_code("studentid", is_shared=id_of(row["studentid"]) in self.package.shared)

    def say(self, said: Said, number: int, row: Texts) -> None:
        group = self.package.sections[id_of(row["sectionid"])]
        code = self.package.pupils[id_of(row["studentid"])].code
        group = replace(group, year=group.year or self.package.year)
        said.membership(number, code, group)
        if group.ends:
            said.departure(number, code, group.school, group.name, group.year, after=group.ends)


def _wrong_day(package: _Package, row: Texts, column: str) -> Iterator[Wrong]:
    try:
        package.day(row[column])
    except Unreadable:
        yield Wrong(column, DAY, left_out=False)


_FILES: dict[str, type[_File]] = {
    "schools": _Schools,
    "students": _Students,
    "teachers": _Teachers,
    "sections": _Sections,
    "enrollments": _Enrollments,
    "staff": _Staff,
}
