"""The people everybody meets: a named cast whose ids never change, and the names of all others.

All invented. Luz, Omar, Mei and the rest keep their id, class and peculiarity under every seed,
so that tests and demos can say `cast.LUZ`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: Ids are seven digits of text: enrolments before 2023 start with zeros that a spreadsheet loses.
LUZ = "0041207"
OMAR = "0041212"
MEI = "0041218"
IFEOMA = "0041223"
TOBI = "1000231"
MAXIMILIANA = "0041231"
ZOE = "0041236"
MARCUS = "0041240"
LINH = "0041244"
FREYA = "0041249"
SAMIR = "1004417"
DELPHINE = "0041255"
KAIMANA = "0041258"
WREN = "1004533"
THEO = "0041263"
ELI = "0041270"


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner as the school's office knows them.

    `first_term` and `last_term` are places in `terms.TERMS`: the first and last testing term here;
    `first_term` is past the end for one who came after testing. `classes` pairs a school year with
    a class name. `grade` is this year's (K is 0), even for somebody who has left.
    """

    student_id: str
    state_id: str
    given_name: str
    family_name: str
    middle_initial: str
    birth_date: dt.date
    gender: str
    ethnic_group: str
    home_language: str
    username: str
    grade: int
    first_term: int
    last_term: int
    classes: tuple[tuple[int, str], ...]

    def class_in(self, year: int) -> str | None:
        return dict(self.classes).get(year)

    def __repr__(self) -> str:  # never a name in a log, not even an invented one
        return f"Learner({self.student_id})"


@dataclass(frozen=True, slots=True)
class Educator:
    """Somebody who works at the school; `code` is the vendor's TeacherID."""

    code: str
    title: str
    given_name: str
    family_name: str
    role: str  # "teacher", "art", "mathematics", "coach", "principal", "office"

    @property
    def listed_name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


@dataclass(frozen=True, slots=True)
class Named:
    """One of the named cast: who, where, and what they are in the demo for."""

    student_id: str
    given_name: str
    family_name: str
    class_name: str  # this year's, or the last one for somebody who left
    role: str
    middle_initial: str = ""
    gender: str = "F"
    ethnic_group: str = "White"
    home_language: str = "English"
    first_term: int = 0
    last_term: int = 5


_NEVER_TESTED = 6

NAMED: dict[str, Named] = {
    "luz": Named(
        LUZ,
        "Luz",
        "Marín",
        "4B",
        "grows steadily; fractions are her need",
        "E",
        ethnic_group="Hispanic or Latino",
        home_language="Spanish",
    ),
    "omar": Named(OMAR, "Omar", "Haddad", "4B", "has a goal due", gender="M", home_language="Arabic"),
    "mei": Named(
        MEI,
        "Mei",
        "Chen",
        "4B",
        "has new MAP scores, taken this week",
        ethnic_group="Asian",
        home_language="Mandarin",
    ),
    "ifeoma": Named(
        IFEOMA,
        "Ifeoma",
        "Adeyemi",
        "4B",
        "has a younger brother in 2A",
        "N",
        ethnic_group="Black or African American",
    ),
    "tobi": Named(
        TOBI,
        "Tobi",
        "Adeyemi",
        "2A",
        "has an older sister in 4B",
        gender="M",
        ethnic_group="Black or African American",
        first_term=2,
    ),
    "maximiliana": Named(
        MAXIMILIANA,
        "Maximiliana Guadalupe",
        "Fernández de la Concepción-Oyelaran",
        "4B",
        "has a very long name",
        ethnic_group="Two or More Races",
        home_language="Spanish",
    ),
    "zoe": Named(
        ZOE,
        "Zoë",
        "Lindqvist-O'Rourke",
        "4B",
        "scores high; her last two reading scores are about the same",
        "A",
    ),
    "marcus": Named(
        MARCUS,
        "Marcus",
        "D'Angelo",
        "4B",
        "rushed a test (45 % rapid guessing) and took it again",
        "J",
        gender="M",
    ),
    "linh": Named(
        LINH,
        "Linh",
        "Nguyễn",
        "4B",
        "met a projection too narrowly to call it: Yes*",
        "T",
        ethnic_group="Asian",
        home_language="Vietnamese",
    ),
    "freya": Named(FREYA, "Freya", "Björk", "4B", "misses a term in the middle: Winter 2025-2026"),
    "samir": Named(
        SAMIR,
        "Samir",
        "Rahimi",
        "4B",
        "arrived this fall; no older tests",
        gender="M",
        home_language="Dari",
        first_term=5,
    ),
    "delphine": Named(DELPHINE, "Delphine", "Achterberg", "3B", "left after Winter 2025-2026", last_term=3),
    "kaimana": Named(
        KAIMANA,
        "Kaimana",
        "Akana",
        "4B",
        "is enrolled at two schools",
        gender="M",
        ethnic_group="Native Hawaiian or Other Pacific Islander",
    ),
    "wren": Named(
        WREN,
        "Wren",
        "Castellano",
        "4B",
        "came this week; on the rosters and nowhere else",
        first_term=_NEVER_TESTED,
    ),
    "theo": Named(THEO, "Theo", "Papadakis", "4B", "whose reading number went down this fall", gender="M"),
    "eli": Named(ELI, "Eli", "Brandt", "4B", "reads far below the grade: Lexile BR", "R", gender="M"),
}
BY_ID = {person.student_id: person for person in NAMED.values()}

CLASS = "4B"
CLASS_SIZE = 28
TEACHER = "t17"

EDUCATORS = (
    Educator("t01", "Ms", "Hana", "Whitlock", "teacher"),
    Educator("t02", "Mr", "Desmond", "Aguilar", "teacher"),
    Educator("t03", "Ms", "Priya", "Raman", "teacher"),
    Educator("t04", "Ms", "Colette", "Bankole", "teacher"),
    Educator("t05", "Mr", "Jonah", "Feld", "teacher"),
    Educator("t06", "Ms", "Nadia", "Kowalczyk", "teacher"),
    Educator("t07", "Mx", "Robin", "Tsai", "teacher"),
    Educator("t08", "Mr", "Isaac", "Thibodeau", "teacher"),
    Educator("t09", "Ms", "Soledad", "Quintero", "teacher"),
    Educator("t10", "Ms", "Marguerite", "Osei", "teacher"),
    Educator("t11", "Mr", "Peter", "Vandermolen", "teacher"),
    Educator("t12", "Ms", "Yuki", "Hartmann", "teacher"),
    Educator("t13", "Mr", "Malik", "Greenwood", "teacher"),
    Educator("t14", "Ms", "Ingrid", "Solheim", "teacher"),
    Educator("t15", "Mr", "Tomás", "Beltrán", "teacher"),
    Educator("t16", "Ms", "Odile", "Fairweather", "art"),
    Educator(TEACHER, "Ms", "Ana", "Rivera", "teacher"),
    Educator("t18", "Mr", "Kwame", "Lassiter", "mathematics"),
    Educator("c01", "Ms", "Beatriz", "Holloway", "coach"),
    Educator("p01", "Dr", "Gloria", "Eastman", "principal"),
    Educator("o01", "Ms", "Renee", "Dubrow", "office"),
)
