"""How a table is to be read, as somebody says it: what a mapping's file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

READS = ("number", "time", "percent", "lexile", "quantile", "share", "yes/no", "words")


KINDS = ("level", "count", "share", "score")


ASKS = ("day", "so far")


#: How a row tells its day, in the order in which they are looked for, and what such a period is called.
DAYS = {"week": "week", "week_ending": "week", "from": "period", "so_far": "so far", "month": "month", "date": ""}


IDS = {"id": "", "state": "state", "number": "number", "sourced": "sourced", "email": "email"}


#: The names that a learner's columns usually have.
LEARNER = {
    "id": (
        *("Student ID", "Learner ID", "Student Number", "Local ID", "SIS ID", "Local Student ID", "Pupil ID"),
        *("Student SIS ID", "Student Local ID", "ID Number", "ID"),
    ),
    "state": ("State ID", "Student State ID", "SSID", "State Student ID"),
    "email": ("Email", "Student Email", "Email Address", "Student Email Address"),
    "username: username": ("Username", "User Name", "Login", "Login Name", "Student Username"),
    "name": ("Student Name", "Learner Name", "Name", "Full Name", "Student", "Learner", "Pupil", "Child"),
    "given_name": ("First Name", "Given Name", "Student First Name", "First"),
    "family_name": ("Last Name", "Family Name", "Surname", "Student Last Name", "Last"),
    "birth_date": ("Date of Birth", "Birth Date", "Birthdate", "DOB", "Birthday"),
    "class": ("Class", "Class Name", "Homeroom", "Section", "Classroom"),
    "grade": ("Grade", "Grade Level", "Current Grade"),
    "school": ("School", "School Name", "Building", "Campus"),
}


#: The names that one column may have.
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One column of values; see the module for what each says."""

    column: Names
    measure: str = ""
    unit: str | Mapping[str, str] = ""  # by the kind of day where it depends on that: {"date": "days", "week": "weeks"}
    kind: str = ""
    read: str = "number"
    aspect: str = ""
    measure_in: Names = ()
    aspect_in: Names = ()
    unit_in: Names = ()
    of: Names | float = ()
    words: Mapping[str, float] = field(default_factory=dict)
    time: str = ""
    between: tuple[float, float] | None = None
    optional: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mapping file says: a value, to be shown, changed with `dataclasses.replace`, tried and saved.

    learner: the names of columns by `IDS`, `LEARNER` and "username: PROGRAM". day: by `DAYS` with "to" and "year".
    """

    name: str
    values: tuple[Value, ...]
    learner: Mapping[str, Names] = field(default_factory=lambda: LEARNER)
    day: Mapping[str, Names] = field(default_factory=dict)
    ask: str = ""
    title: str = ""
    source: str = ""
    order: str = ""
    known_by: Names = ()
    least: int = 1
