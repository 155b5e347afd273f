"""What an importer hands over: rows read, and the problems beside them.

Vendor column names stop in the vendor's module; from here on the words are ours.
Tables travel as pandas frames with the columns named below, one row per record, in file
order, because a district's file has hundreds of thousands of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, Self, TypeVar, cast

import pandas as pd

from workbench.ground.words import _

T = TypeVar("T")

#: One row per learner as a roster names them.
LEARNER_COLUMNS = (
    "row",  # int, as a spreadsheet counts: the header is row 1
    "learner_code",  # str, the school's own id, leading zeros kept; see `code_of`
    "family_name",  # str, may be ""
    "given_name",  # str, may be ""
    "middle_name",  # str, may be ""
    "birth_date",  # datetime.date or None
)
#: One row per learner, school and term.
ENROLMENT_COLUMNS = ("row", "learner_code", "school", "term", "grade")  # grade "PK", "K", "1" … "13" or ""
#: One row per learner, class and term.
MEMBERSHIP_COLUMNS = ("row", "learner_code", "school", "class_name", "term", "educator_code", "educator_name")
#: One row per what a roster says is no more; "" stands for any learner, school, class or educator.
DEPARTURE_COLUMNS = (
    "row",
    "learner_code",
    "school",
    "class_name",
    "term",  # a school year: "2026-2027"
    "educator_code",
    "after",  # datetime.date, the last day there; None: already
)
#: One row per further id of a learner: a state's, a user name, an e-mail address.
IDENTIFIER_COLUMNS = ("row", "learner_code", "kind", "value")  # kinds: see `code_of`
#: One row per learner as an export of results names them. It puts nobody on a roster; it serves to tell whom rows mean.
MENTION_COLUMNS = (
    "row",
    "learner_code",
    "family_name",
    "given_name",
    "birth_date",  # datetime.date or None
    "school",
    "class_name",
    "grade",
)
#: One row per fact.
EVIDENCE_COLUMNS = (
    "row",
    "learner_code",
    "source",  # "nwea_map", …
    "measure",  # what it is of: "reading", "mathematics", "language usage" …, see `measures`
    "aspect",  # "" for the whole, else "area: Informational Text", "lexile", "quantile"
    "taken_on",  # datetime.date
    "term",  # "Fall 2025-2026"
    "test",  # the test's name
    "part",  # which sitting of that test on that day: "" or a start time or the vendor's test id
    "value",  # float
    "unit",  # "RIT", "L" (Lexile), "Q" (Quantile), "minutes", "books" …
    "error",  # float, standard error in `unit`, or NaN
    "percentile",  # float 0-100 as the vendor has it (most: 1-99) or NaN
    "norms",  # "2025", "2020", "USER" …, or ""
    "standing",  # "growth" (the term's growth event), "other" (the only or a separate event), "repeat"
    "details",  # JSON text with sorted keys, or "": projections, rapid guessing, minutes, vendor id …
)


class Kind(StrEnum):
    """Which table a batch belongs to."""

    LEARNERS = "learners"
    ENROLMENTS = "enrolments"
    MEMBERSHIPS = "memberships"
    DEPARTURES = "departures"
    IDENTIFIERS = "identifiers"
    MENTIONS = "mentions"
    EVIDENCE = "evidence"


COLUMNS = {
    Kind.LEARNERS: LEARNER_COLUMNS,
    Kind.ENROLMENTS: ENROLMENT_COLUMNS,
    Kind.MEMBERSHIPS: MEMBERSHIP_COLUMNS,
    Kind.DEPARTURES: DEPARTURE_COLUMNS,
    Kind.IDENTIFIERS: IDENTIFIER_COLUMNS,
    Kind.MENTIONS: MENTION_COLUMNS,
    Kind.EVIDENCE: EVIDENCE_COLUMNS,
}


def code_of(kind: str, value: str) -> str:
    """The code of a learner whom a file names by an id of `kind`.

    "" is the school's own id, and its code the id itself. Others are "state" (a state's id), "sourced" (a roster
    service's), "number" (a second local one), "email", or the name of the program that gave a user name, such as
    "lexia": "lexia:lmarin". "named" stands for learners told by name alone. All but the first ignore case.
    """
    return f"{kind}:{value.casefold()}" if kind else value


@dataclass(frozen=True, slots=True)
class Problem:
    """A row or cell that could not be read as it stands, why, and what to do.

    `row` counts as a spreadsheet does (header is row 1); None speaks of the whole file.
    `left_out` tells whether the row was left out or read without the cell.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: str
    advice: str
    left_out: bool = True

    def __repr__(self) -> str:  # a cell's value may be a child's
        return f"Problem(file=…, row={self.row}, column={self.column!r}, left_out={self.left_out})"

    def __str__(self) -> str:
        where = self.file + (f", row {self.row}" if self.row is not None else "")
        where += f", column {self.column}" if self.column else ""
        if self.why.startswith(f"{where} "):  # the sentence names the file itself
            return f"{self.why} {self.step}".strip()
        return f"{where}: {self.why} {self.step}".strip()

    @property
    def why(self) -> str:
        """What is wrong, with the cell that it is about, in the reader's language as far as it is known there."""
        return f"“{self.value}” {_(self.reason)}" if self.value else _(self.reason)

    @property
    def step(self) -> str:
        """What to do, in the reader's language."""
        return _(self.advice) if self.advice else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a question offers."""

    key: str  # what is remembered: "month first"
    words: str  # "January 9 (month first)"


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What a file cannot tell by itself, such as the order of day and month.

    `name` is the same for the same question of another file; `shown` holds cells that it is about. Without `choices`
    the answer is a day in ISO form, "2026-11-20". `mapped`: a mapping of the school's own would read the file instead.
    """

    file: str
    name: str
    words: str
    choices: tuple[Choice, ...]
    shown: tuple[str, ...] = ()
    mapped: bool = False

    def __repr__(self) -> str:
        return f"Question(file=…, name={self.name!r})"


#: The keys of the choices made, by the names of the questions.
Answers = Mapping[str, str]
NO_ANSWERS: Answers = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tally:
    """How the rows of one file were used; `rows` is always the sum of the others but `growth`.

    `events`: rows read (for tests: test events); `growth` of those are growth events and
    are not added again. `repeats`: further sittings kept apart. `left_out`: rows left out,
    each with a problem. `skipped`: rows passed over knowingly, for a reason that `Batch.skipped`
    says, such as a test that was taken back. `blank`: rows with nothing in them.
    """

    rows: int = 0
    events: int = 0
    growth: int = 0
    repeats: int = 0
    left_out: int = 0
    skipped: int = 0
    blank: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(self._values(), other._values(), strict=True)))

    def _values(self) -> tuple[int, ...]:
        return (self.rows, self.events, self.growth, self.repeats, self.left_out, self.skipped, self.blank)

    @property
    def adds_up(self) -> bool:
        """Whether every row is accounted for."""
        used = self.events + self.repeats + self.left_out + self.skipped + self.blank
        return self.rows == used and self.growth <= self.events


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file: frames by kind, the problems met in them, and their tally.

    A frame's columns are exactly `COLUMNS[kind]`: whole numbers int64, numbers float64, text
    and dates as Python objects. Rows in `frames` never include a row that a problem with
    `left_out` names. `complete`: of which kinds the file lists all there is in the schools and school
    years it names, so that what its importer said of these before, and the file does not, is no more.
    """

    frames: dict[Kind, pd.DataFrame] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tally: Tally = Tally()
    rows_done: int = 0  # rows of the file read so far, for a progress bar
    skipped: Mapping[str, int] = field(default_factory=dict)  # how many rows were passed over, by the reason
    complete: frozenset[Kind] = frozenset()

    def __repr__(self) -> str:
        shape = {kind.value: len(frame) for kind, frame in self.frames.items()}
        return f"Batch({shape}, problems={len(self.problems)}, {self.tally})"


class Importer(Protocol):
    """One vendor's file kind."""

    name: str  # "nwea_assessment_results"
    title: str  # "NWEA MAP Growth results (AssessmentResults)"
    looks_for: str  # the columns it needs, in words, for the message about an unknown file
    together: bool  # whether its files say what they mean only with the others of their place

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether a file with this header is one of ours."""
        ...

    def questions(self, table: Table) -> tuple[Question, ...]:
        """What must be asked before the file can be read; often nothing."""
        ...

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """The file's rows in batches; bad rows become problems, never exceptions.

        A question without an answer is a problem of the rows that it leaves open.
        """
        ...


#: From which spreadsheets count days, if they are not told to count from 1904.
DAY_ZERO, DAY_ZERO_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


class Header(tuple[str, ...]):
    """The column names of a table, which remembers the positions of those that were read.

    day_zero: from which a spreadsheet counts the days that it shows as numbers.
    """

    asked: set[int]
    day_zero: dt.date = DAY_ZERO

    def __new__(cls, names: Iterable[str] = ()) -> Self:
        header = super().__new__(cls, names)
        header.asked = set()
        return header

    @property
    def unread(self) -> tuple[str, ...]:
        """The named columns that nobody read; none where the table was not read by column."""
        return tuple(name for at, name in enumerate(self) if name and at not in self.asked) if self.asked else ()


def day_zero(header: Sequence[str]) -> dt.date:
    """From which day a table counts days that it shows as numbers."""
    return header.day_zero if isinstance(header, Header) else DAY_ZERO


@dataclass(slots=True, eq=False, repr=False)
class Place:
    """The folder, zip or workbook that tables stand in, or the files chosen at once.

    `before` and `after`: what earlier packages left for this one, and this one leaves for later ones, which may
    only say what has changed: JSON by the importer's name.
    """

    tables: list[Table] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` makes, the first time it is asked for under this name."""
        if name not in self._made:
            self._made[name] = make()
        return cast(T, self._made[name])


class Table(Protocol):
    """A file as text cells: what `importing.files` opens and importers read, as often as they like."""

    @property
    def place(self) -> Place:
        """Where it stands, with the tables beside it."""
        ...

    @property
    def file(self) -> str:
        """The name to say in messages: "export.zip/AssessmentResults.csv"."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as the file has them; one may be "" or occur twice."""
        ...

    @property
    def rows(self) -> int | None:
        """Data rows, when cheaply known: for a progress bar, so a cell with line breaks may raise it."""
        ...

    @property
    def digest(self) -> str:
        """The SHA-256 of the file's bytes, in hexadecimal."""
        ...

    def chunks(self, size: int) -> Iterator[pd.DataFrame]:
        """Text cells (`object` columns of str) with `header` as columns and the spreadsheet row number as index.

        Blank rows are there, as rows of "". Rows that cannot be cut into cells are not:
        `take_problems` names them.
        """
        ...

    def take_problems(self) -> tuple[Problem, ...]:
        """The problems with rows' shape met by `chunks` since this was last asked.

        Those with `left_out` name rows that are in no chunk, one each.
        """
        ...
