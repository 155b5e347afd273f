"""What the files of a OneRoster package say together: who is who, which class is which, and where a year ends."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from workbench.ground.words import N_
from workbench.importing.packages import (
    GRADE,
    Group,
    Pupil,
    Texts,
    code_in,
    email,
    id_of,
    rows_of,
    shared,
    told_apart,
    year_of,
)
from workbench.importing.reading.dates import MONTH_FIRST, Dates
from workbench.importing.reading.grades import grade
from workbench.importing.reading.values import Unreadable, header_key
from workbench.importing.records import Table
from workbench.importing.roster_columns import is_roster

SEVERAL_GRADES = N_("The cell names several grades; the highest was taken.")
_GONE = frozenset(("tobedeleted", "inactive"))
TEACHES = "teacher"
LEARNS = "student"
_LOCAL = frozenset(
    (
        "local", "localid", "sis", "sisid", "student", "studentid", "studentnumber", "localstudentid", "lasid",
        "school", "teacherid", "staffid", "employeeid",
    )
)  # fmt: skip
_STATE = frozenset(("state", "stateid", "sasid", "ssid", "suid", "statestudentid", "stateuid"))
_USER_ID = re.compile(r"\{\s*([^:{}]*?)\s*:\s*([^{}]*?)\s*\}")
#: Codes of the Common Education Data Standards that are no grade, or that stand for another here.
_CEDS = {"IT": "", "PR": "PK", "PS": "", "UG": "", "OTHER": ""}
_ORDER = ("", "PK", "K", *map(str, range(1, 14)))

#: The columns that only this file of a package has, asked in order: what a file is, its content tells.
_KINDS = (
    ("enrollments", {"sourcedid", "classsourcedid", "usersourcedid", "role"}),
    ("roles", {"sourcedid", "usersourcedid", "role", "orgsourcedid"}),
    ("profiles", {"sourcedid", "usersourcedid", "profiletype"}),
    ("users", {"sourcedid", "givenname", "familyname"}),
    ("demographics", {"sourcedid", "birthdate"}),
    ("sessions", {"sourcedid", "title", "startdate", "enddate"}),
    ("classes", {"sourcedid", "title", "schoolsourcedid"}),
    ("courses", {"sourcedid", "title", "coursecode"}),
    ("orgs", {"sourcedid", "name", "type"}),
    ("other", {"sourcedid", "status", "datelastmodified"}),
)


#: What its files of people and classes have by the standard, beside what any roster may.
_STANDARD = frozenset(
    (
        "sourcedid", "status", "datelastmodified", "enableduser", "orgsourcedids", "orgsourcedid", "role", "roletype",
        "userids", "identifier", "agentsourcedids", "grades", "sms", "usermasteridentifier", "usersourcedid",
        "userprofilesourcedid", "preferredgivenname", "preferredmiddlename", "preferredfamilyname",
        "primaryorgsourcedid", "title", "coursesourcedid", "classcode", "classtype", "location", "schoolsourcedid",
        "schoolsourcedids", "termsourcedid", "termsourcedids", "subjects", "subjectcodes", "periods", "classsourcedid",
        "primary", "begindate", "enddate", "sex", "countryofbirthcode", "stateofbirthabbreviation", "cityofbirth",
        "publicschoolresidencestatus", "americanindianoralaskanative", "asian", "blackorafricanamerican",
        "nativehawaiianorotherpacificislander", "white", "demographicracetwoormoreraces", "hispanicorlatinoethnicity",
        "userid", "givenname", "familyname", "middlename", "orgids", "passwords", "userprofiles",
    )
)  # fmt: skip


#: The columns that are read of each file.
ENROLMENTS = ("status", "classsourcedid", "usersourcedid", "role", "begindate", "enddate")
USERS = (
    "sourcedid", "status", "orgsourcedids", "role", "username", "userids", "givenname", "familyname", "middlename",
    "identifier", "email", "grades",
)  # fmt: skip
CLASSES = (
    "sourcedid", "status", "title", "coursesourcedid", "classcode", "schoolsourcedid", "termsourcedids",
    "termsourcedid",  # so far as 1.0
)  # fmt: skip
ROLES = ("status", "usersourcedid", "role", "begindate", "enddate", "orgsourcedid")


def kind_of(header: tuple[str, ...]) -> str:
    """Which file of a package has this header, "" for none."""
    keys = {header_key(name) for name in header} - {""}
    if keys == {"propertyname", "value"}:
        return "manifest"
    kind = next((kind for kind, needed in _KINDS if needed <= keys), "")
    of_people = kind in ("enrollments", "roles", "users", "demographics", "classes")
    return kind if not of_people or is_roster(header, _STANDARD, marked=True) else ""


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """Somebody in users.csv, or of an earlier package; `orgs` is empty where roles.csv has them."""

    person: Pupil
    roles: frozenset[str] = frozenset()
    orgs: tuple[str, ...] = ()
    gone: bool = False

    @property
    def learns(self) -> bool:
        return LEARNS in self.roles

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.person.family_name, self.person.given_name)))


_KEPT = ("orgs", "years", "ends", "last", "users", "classes")


class Package:
    """What the tables of a package say together, and what earlier packages said of what they do not."""

    def __init__(self, tables: Sequence[Table], before: Mapping[str, Any]) -> None:
        self._tables: defaultdict[str, list[Table]] = defaultdict(list)
        for table in tables:
            self._tables[kind_of(table.header)].append(table)
        manifest = self._rows("manifest", "propertyname", "value")
        self._mode = {row["propertyname"].casefold(): row["value"].casefold() for row in manifest}
        self._days = Dates(1900, 2099, MONTH_FIRST)
        self._before = {
            name: dict(before.get(name, {})) for name in ("orgs", "years", "ends", "last", "users", "classes")
        }
        self.orgs: dict[str, str] = self._before["orgs"] | self._names("orgs", "name")
        self._adults: list[Texts] = []
        self._enrolled: set[str] = set()
        self._filled: set[str] = set()  # classes of which the package lists learners
        self._named: defaultdict[str, set[str]] = defaultdict(set)  # by the file that should list them
        self._look()
        self._sessions()
        self.users = self._users()
        self.shared = shared({one: user.person for one, user in self.users.items() if user.learns and not user.gone})
        for one in self.shared:
            self.users[one] = replace(self.users[one], person=replace(self.users[one].person, code=""))
        self._plain = self._classes()
        self.classes = told_apart(self._plain)
        here = {id_of(row["sourcedid"]) for row in self._rows("classes", "sourcedid")}
        years = {group.year for one, group in self.classes.items() if one in here} - {""}
        self.year = max(years or set(self.years.values()), default="")
        self.closed = {id_of(row["sourcedid"]) for row in self._rows("classes", *CLASSES) if is_gone(row)}
        self.still = self._still()
        self.unlisted = self._unlisted()

    def after(self) -> dict[str, Any]:
        """What a later package that says only what has changed needs of this one."""
        users = {one: _kept_user(user) for one, user in self.users.items() if user.roles & {LEARNS, TEACHES}}
        classes = {one: _kept_class(group) for one, group in self._plain.items()}
        ends, last = ({key: day.isoformat() for key, day in days.items()} for days in (self._ends, self._last))
        return {"orgs": self.orgs, "years": self.years, "ends": ends, "last": last, "users": users, "classes": classes}

    def is_bulk(self, file: str) -> bool:
        """Whether the manifest says that a file lists all there is."""
        return self._mode.get(f"file.{file}") == "bulk"

    def reaches(self, enrolment: Texts) -> bool:
        """Whether an educator's learners are in the package: where it lists only what has changed they may not be."""
        is_delta = self._mode.get("file.enrollments") == "delta"
        return not is_delta or id_of(enrolment["classsourcedid"]) in self._filled

    def has(self, kind: str) -> bool:
        return bool(self._tables[kind])

    def school(self, org: str) -> str:
        return self.orgs.get(id_of(org), "")

    def day(self, text: str) -> dt.date | None:
        """A date; raises `Unreadable`."""
        return self._days.read(text)

    def last_day(self, row: Texts, year: str) -> dt.date | None:
        """The day an enrolment or role ends, where that is before the school year does."""
        ends = self._day(row["enddate"])
        return ends if ends and ends < self._last.get(year, _end_of(year)) else None

    def _day(self, text: str) -> dt.date | None:
        try:
            return self._days.read(text)
        except Unreadable:
            return None

    def _rows(self, kind: str, *columns: str) -> Iterator[Texts]:
        for table in self._tables[kind]:
            yield from rows_of(table, *columns)

    def _names(self, kind: str, name: str) -> dict[str, str]:
        return {id_of(row["sourcedid"]): row[name] for row in self._rows(kind, "sourcedid", name)}

    def _look(self) -> None:
        """Who is enrolled as what, and which of day and month is first, which all dates of the package tell."""
        columns = {
            "sessions": ("startdate", "enddate"), "demographics": ("birthdate",), "roles": ("begindate", "enddate"),
        }  # fmt: skip
        seen = {text for kind, keys in columns.items() for row in self._rows(kind, *keys) for text in row.values()}
        for row in self._rows("enrollments", *ENROLMENTS):
            seen |= {row["begindate"], row["enddate"]}
            if not is_gone(row) and role_of(row["role"]) in (LEARNS, TEACHES):
                self._named["users"].add(id_of(row["usersourcedid"]))
                self._named["classes"].add(id_of(row["classsourcedid"]))
            if role_of(row["role"]) == LEARNS:
                self._enrolled.add(id_of(row["usersourcedid"]))
                self._filled.add(id_of(row["classsourcedid"]))
            else:
                self._adults.append(row)
        self._days.see(np.array([*seen], dtype=object))

    def _sessions(self) -> None:
        self.years: dict[str, str] = self._before["years"]
        self._ends = {one: dt.date.fromisoformat(day) for one, day in self._before["ends"].items()}
        self._last = {year: dt.date.fromisoformat(day) for year, day in self._before["last"].items()}
        for row in self._rows("sessions", "sourcedid", "startdate", "enddate", "schoolyear"):
            session, ends = id_of(row["sourcedid"]), self._day(row["enddate"])
            year = year_of(self._day(row["startdate"]), ends) or _named_by_its_end(row["schoolyear"])
            self.years[session] = year
            if ends:
                self._ends[session] = ends
                self._last[year] = max(ends, self._last.get(year, ends))

    def _users(self) -> dict[str, User]:
        births = self._names("demographics", "birthdate")
        roles: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._rows("roles", "usersourcedid", "role") if self.has("roles") else self._adults:
            roles[id_of(row["usersourcedid"])].add(role_of(row["role"]))
        for user in () if self.has("roles") else self._enrolled:
            roles[user].add(LEARNS)
        found = {one: _user_again(kept) for one, kept in self._before["users"].items()}
        listed = set()
        for row in self._rows("users", *USERS):
            user = id_of(row["sourcedid"])
            if user in listed:
                continue
            listed.add(user)
            known = found.get(user, User(Pupil("")))
            own = frozenset({role_of(row["role"])} - {""} or roles[user]) or known.roles
            birth_date = self._day(births.get(user, "")) or known.person.birth_date
            orgs = tuple(filter(None, (id_of(one.strip()) for one in row["orgsourcedids"].split(","))))
            found[user] = User(_person(user, row, birth_date), own, orgs, is_gone(row))
            if LEARNS in own and not is_gone(row):
                self._named["orgs"].update(orgs)
        return found

    def _classes(self) -> dict[str, Group]:
        courses = self._names("courses", "title")
        educators: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in self._adults:
            who = self.users.get(id_of(row["usersourcedid"]))
            if who and who.person.code and role_of(row["role"]) == TEACHES and not is_gone(row) and not who.gone:
                educators[id_of(row["classsourcedid"])][who.person.code] = who.name
        found = {one: _class_again(kept) for one, kept in self._before["classes"].items()}
        listed = set()
        for row in self._rows("classes", *CLASSES):
            one = id_of(row["sourcedid"])
            if one in listed:
                continue
            listed.add(one)
            sessions = [id_of(term.strip()) for term in (row["termsourcedids"] or row["termsourcedid"]).split(",")]
            year = max((self.years[session] for session in sessions if session in self.years), default="")
            ends = max((self._ends[session] for session in sessions if session in self._ends), default=None)
            known = found[one].educators if one in found and not self.is_bulk("enrollments") else ()
            self._named["orgs"].add(id_of(row["schoolsourcedid"]))
            found[one] = Group(
                name=row["title"] or courses.get(id_of(row["coursesourcedid"]), "") or row["classcode"] or one,
                school=self.school(row["schoolsourcedid"]),
                year=year,
                label=row["classcode"],
                educators=tuple(sorted(educators[one].items())) or known,
                ends=ends if ends and ends < self._last[year] else None,
            )
        return found

    def _unlisted(self) -> int:
        """How many people, classes and schools the files name that those for them do not list.

        Earlier packages tell of what is in no file that is to list all there is.
        """
        for row in self._rows("roles", *ROLES):
            if role_of(row["role"]) == LEARNS and not is_gone(row):
                self._named["orgs"].add(id_of(row["orgsourcedid"]))
        known: dict[str, Collection[str]] = {"users": self.users, "classes": self.classes, "orgs": self.orgs}
        for file in filter(self.is_bulk, known):
            known[file] = self._names(file, "sourcedid")
        return sum(len(named - {""} - set(known[file])) for file, named in self._named.items())

    def _still(self) -> set[tuple[str, str]]:
        """Who is in a class, or has a role at a school, by another row than one that says that it is over."""

        def places() -> Iterator[tuple[tuple[str, str], bool]]:
            for kind, keys, key in (
                ("enrollments", ENROLMENTS, "classsourcedid"),
                ("roles", ROLES, "orgsourcedid"),
            ):
                for row in self._rows(kind, *keys):
                    place = id_of(row[key])
                    group = self.classes.get(place)
                    is_over = is_gone(row) or bool(self.last_day(row, group.year if group else self.year))
                    yield (id_of(row["usersourcedid"]), place), is_over

        over = {who for who, is_over in places() if is_over}
        return {who for who, is_over in places() if not is_over and who in over} if over else set()


def _kept_user(user: User) -> list[Any]:
    person = user.person
    born = person.birth_date.isoformat() if person.birth_date else ""
    return [person.code, person.family_name, person.given_name, born, person.grade, sorted(user.roles)]


def _user_again(kept: Sequence[Any]) -> User:
    code, family, given, born, its_grade, roles = kept
    birth_date = dt.date.fromisoformat(born) if born else None
    return User(Pupil(code, family, given, birth_date=birth_date, grade=its_grade), frozenset(roles))


def _kept_class(group: Group) -> list[Any]:
    ends = group.ends.isoformat() if group.ends else ""
    return [group.name, group.school, group.year, group.label, [list(one) for one in group.educators], ends]


def _class_again(kept: Sequence[Any]) -> Group:
    name, school, year, label, educators, ends = kept
    taught = tuple((one[0], one[1]) for one in educators)
    return Group(name, school, year, label, taught, dt.date.fromisoformat(ends) if ends else None)


def _end_of(year: str) -> dt.date:
    """From when on an end is that of the school year, where no session tells."""
    return dt.date(int(year[-4:]), 5, 1) if year else dt.date.max


def role_of(text: str) -> str:
    return text.casefold()


def _named_by_its_end(year: str) -> str:
    """The standard names a school year by the calendar year it ends in."""
    return f"{int(year) - 1}-{year}" if re.fullmatch("20[0-9]{2}", year) else ""


def _person(user: str, row: Texts, birth_date: dt.date | None) -> Pupil:
    """The school's own id is `identifier`, else a local one of `userIds`, else the sourcedId; "" if damaged."""
    ids = [(header_key(kind), value) for kind, value in _USER_ID.findall(row["userids"])]
    if row["userids"] and "{" not in row["userids"]:
        ids = [("local", row["userids"])]
    local = next((value for kind, value in ids if kind in _LOCAL and value), "")
    told = row["identifier"] or local
    state = next((value for kind, value in ids if kind in _STATE and value), "")
    others = [(kind, value) for kind, value in ids if kind not in _LOCAL | _STATE and kind.isalnum()]
    further = [
        ("sourced", user),
        ("number", local if local != told else ""),
        ("state", state),
        ("email", email(row["email"])),
    ]
    return Pupil(
        code=code_in(told) if told else user,
        family_name=row["familyname"],
        given_name=row["givenname"],
        middle_name=row["middlename"],
        birth_date=birth_date,
        grade=grades(row["grades"])[0],
        ids=tuple((kind, value) for kind, value in [*further, ("username", row["username"]), *others] if value),
    )


def grades(text: str) -> tuple[str, str]:
    """The grade that a cell of CEDS codes names, the highest of several, and what is wrong with it."""
    found: list[str] = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(_CEDS[one.upper()] if one.upper() in _CEDS else grade(one))
        except Unreadable:
            return "", GRADE
    highest = max(found, key=_ORDER.index, default="")
    return highest, SEVERAL_GRADES if len(set(found)) > 1 else ""


def is_gone(row: Texts) -> bool:
    return row["status"].casefold() in _GONE
