"""Reads OneRoster's CSV packages, 1.1 and 1.2, bulk and delta.

The files only make sense together: whom an enrolment puts into which class under which educator is in five
of them. What belongs together stands in one folder or zip. Passwords are dropped unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.ground.words import N_
from workbench.importing.packages import (
    DAY,
    NOT_IN_PACKAGE,
    NOT_IN_PACKAGE_STEP,
    File,
    Said,
    Texts,
    Wrong,
    id_of,
    read,
    without_code,
)
from workbench.importing.reading.values import CORRECT_CELL, Unreadable
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Kind, Place, Question, Table
from workbench.importing.vendors.oneroster_package import (
    CLASSES,
    ENROLMENTS,
    LEARNS,
    ROLES,
    SEVERAL_GRADES,
    TEACHES,
    USERS,
    Package,
    grades,
    is_gone,
    kind_of,
    role_of,
)

NO_ID = N_("The row has no sourcedId.")
NO_ROLE = N_("The row does not say as what somebody is enrolled.")
NOT_A_LEARNER = N_("The row enrols as a learner somebody who is none in the other files.")
NOT_A_LEARNER_STEP = N_("Correct the role in the student information system, and export again.")
FOR_WHOM = N_("The package does not list the class’s learners, so nobody can tell for whom this educator is.")
FOR_WHOM_STEP = N_("Import a bulk export.")
SEVERAL_GRADES_STEP = N_("Nothing needs to be done if that is right.")

PARENT = N_("The row is about a parent or guardian.")
NEITHER = N_("The row is about somebody who neither learns nor teaches here.")
UNSAID = N_("No file of the package says that this is a learner or a teacher.")
PROFILE = N_("The row holds a sign-in to another program, which is not read.")
GRADEBOOK = N_("The row is from a file of OneRoster that is not read: results, resources or courses’ material.")
NO_LEARNERS_BIRTH = N_("The row is about nobody who is a learner in the package.")
HELPER = N_("The row is about an adult who does not teach the class.")

_PARENTS = frozenset(("parent", "guardian", "relative"))


class OneRoster:
    """The files of a OneRoster package."""

    name = "oneroster"
    title = N_("OneRoster 1.1 or 1.2")
    looks_for = "sourcedId with those of users, orgs, academicSessions, classes, enrollments … in one folder or zip"
    together = True

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether this is a file of a package."""
        return bool(kind_of(header))

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: the standard says how dates are written, and files from spreadsheets are American."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """What the file says by what the others beside it say; see `records.Importer`."""
        package = table.place.once(self.name, lambda: self._package(table.place))
        return read(table, _FILES[kind_of(table.header)](package))

    def _package(self, place: Place) -> Package:
        package = Package(place.tables, place.before.get(self.name, {}))
        place.after[self.name] = package.after()
        return package


class _Known(File):
    """A file that tells what others mean: schools, terms, courses, the manifest."""

    key = "sourcedid"
    nobody = NO_ID

    def __init__(self, package: Package) -> None:
        self.package = package

    def say(self, said: Said, number: int, row: Texts) -> None:
        """Nothing by itself."""


class _Manifest(_Known):
    key = "propertyname"
    nobody = "The row names no property."


class _Sessions(_Known):
    columns = ("startdate", "enddate")

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        return _wrong_days(self.package, row, *self.columns)


class _Classes(_Known):
    columns = CLASSES

    def say(self, said: Said, number: int, row: Texts) -> None:
        group = self.package.classes[id_of(row["sourcedid"])]
        if is_gone(row):
            said.departure(number, "", group.school, group.name, group.year or self.package.year)


class _Users(_Known):
    columns = USERS

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        if package.is_bulk("users") and not package.has("roles"):
            self.complete = frozenset({Kind.ENROLMENTS})
            self.unlisted = package.unlisted

    def passed_over(self, row: Texts) -> str:
        user = self.package.users.get(id_of(row["sourcedid"]))
        return _reason(user.roles) if user else ""

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        user = self.package.users[id_of(row["sourcedid"])]
        if not user.person.code:
            yield without_code("identifier", is_shared=id_of(row["sourcedid"]) in self.package.shared)
        if user.learns and (why := grades(row["grades"])[1]):
            yield Wrong("grades", why, SEVERAL_GRADES_STEP if why == SEVERAL_GRADES else CORRECT_CELL, left_out=False)

    def say(self, said: Said, number: int, row: Texts) -> None:
        user = self.package.users[id_of(row["sourcedid"])]
        if not user.learns:
            if is_gone(row):
                said.departure(number, "", "", "", self.package.year, educator=user.person.code)
            return
        said.learner(number, user.person)
        if is_gone(row):
            said.departure(number, user.person.code, "", "", self.package.year)
            return
        for org in user.orgs:
            said.enrolment(number, user.person, self.package.school(org), self.package.year)


def _reason(roles: frozenset[str]) -> str:
    """Why somebody with these roles is passed over, or ""."""
    if roles & {LEARNS, TEACHES}:
        return ""
    if roles & _PARENTS:
        return PARENT
    return NEITHER if roles else UNSAID


class _Roles(_Known):
    columns = ROLES

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        if package.is_bulk("roles"):
            self.complete = frozenset({Kind.ENROLMENTS})
            self.unlisted = package.unlisted

    def passed_over(self, row: Texts) -> str:
        return _reason(frozenset({role_of(row["role"])}))

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        if role_of(row["role"]) == LEARNS:
            user = self.package.users.get(id_of(row["usersourcedid"]))
            if not user:
                yield Wrong("usersourcedid", NOT_IN_PACKAGE, NOT_IN_PACKAGE_STEP)
            elif not user.person.code:
                yield without_code("usersourcedid", is_shared=id_of(row["usersourcedid"]) in self.package.shared)
            yield from _wrong_days(self.package, row, "begindate", "enddate")

    def say(self, said: Said, number: int, row: Texts) -> None:
        package, who = self.package, id_of(row["usersourcedid"])
        if role_of(row["role"]) != LEARNS:
            return
        person, school, year = package.users[who].person, package.school(row["orgsourcedid"]), package.year
        gone, ends = is_gone(row) or package.users[who].gone, package.last_day(row, year)
        if not gone:
            said.enrolment(number, person, school, year)
        if (gone or ends) and (who, id_of(row["orgsourcedid"])) not in package.still:
            said.departure(number, person.code, school, "", year, after=None if gone else ends)


class _Demographics(_Known):
    columns = ("sourcedid", "birthdate")

    def passed_over(self, row: Texts) -> str:
        user = self.package.users.get(id_of(row["sourcedid"]))
        return "" if user and user.learns else NO_LEARNERS_BIRTH

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        return _wrong_days(self.package, row, "birthdate")


class _Enrollments(_Known):
    columns = ENROLMENTS

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        if package.is_bulk("enrollments"):
            self.complete = frozenset({Kind.MEMBERSHIPS})
            self.unlisted = package.unlisted

    def passed_over(self, row: Texts) -> str:
        role = role_of(row["role"])
        return "" if role in (LEARNS, TEACHES, "") else HELPER

    def wrong(self, row: Texts) -> Iterable[Wrong]:
        user = self.package.users.get(id_of(row["usersourcedid"]))
        if id_of(row["classsourcedid"]) not in self.package.classes:
            yield Wrong("classsourcedid", NOT_IN_PACKAGE, NOT_IN_PACKAGE_STEP)
        if not user:
            yield Wrong("usersourcedid", NOT_IN_PACKAGE, NOT_IN_PACKAGE_STEP)
        elif role_of(row["role"]) == LEARNS and not user.learns:
            yield Wrong("usersourcedid", NOT_A_LEARNER, NOT_A_LEARNER_STEP, costs=False)
        elif not user.person.code:
            yield without_code("usersourcedid", is_shared=id_of(row["usersourcedid"]) in self.package.shared)
        elif not role_of(row["role"]):
            yield Wrong("role", NO_ROLE)
        elif role_of(row["role"]) == TEACHES and not is_gone(row) and not self.package.reaches(row):
            yield Wrong("classsourcedid", FOR_WHOM, FOR_WHOM_STEP)
        yield from _wrong_days(self.package, row, "begindate", "enddate")

    def say(self, said: Said, number: int, row: Texts) -> None:
        package, who, place = self.package, id_of(row["usersourcedid"]), id_of(row["classsourcedid"])
        user, group = package.users[who], package.classes[place]
        group = replace(group, year=group.year or package.year)
        code, named = user.person.code, (group.school, group.name, group.year)
        if role_of(row["role"]) == TEACHES:
            if is_gone(row) and (who, place) not in package.still:
                said.departure(number, "", *named, educator=code)
            return
        gone = is_gone(row) or user.gone or place in package.closed
        ends = min(filter(None, (group.ends, package.last_day(row, group.year))), default=None)
        if not gone:
            said.membership(number, code, group)
        if (gone or ends) and (who, place) not in package.still:
            said.departure(number, code, *named, after=None if gone else ends)


class _Profiles(_Known):
    def passed_over(self, row: Texts) -> str:
        return PROFILE


class _Other(_Known):
    def passed_over(self, row: Texts) -> str:
        return GRADEBOOK


def _wrong_days(package: Package, row: Texts, *columns: str) -> Iterator[Wrong]:
    for column in columns:
        try:
            package.day(row[column])
        except Unreadable:
            yield Wrong(column, DAY, left_out=False)


_FILES: dict[str, type[_Known]] = {
    "manifest": _Manifest,
    "orgs": _Known,
    "sessions": _Sessions,
    "courses": _Known,
    "classes": _Classes,
    "users": _Users,
    "roles": _Roles,
    "demographics": _Demographics,
    "enrollments": _Enrollments,
    "profiles": _Profiles,
    "other": _Other,
}
