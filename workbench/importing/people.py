"""Gathers the learners, enrolments and memberships that the rows of a file name, each once.

A roster names a learner again for every term, school or class; whoever takes the frames
gets each fact the first time a file says it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.ground import names
from workbench.ground.words import N_, _
from workbench.importing.records import COLUMNS, Kind, Problem

NAMED_DIFFERENTLY = N_("is the id of a learner with another name in row {row}; both rows were read as one learner.")
#: Begins the code of a learner whom a class list names without an id.
NAME_CODE = "name:"
OTHER_CHILD = N_("is the id of another child in row {row}; this row was left out, since two cannot have one id.")
CHECK_ID = N_("If they are two learners, correct the id and import the file again.")


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """What one row says about a learner; texts are "" and the date None where it says nothing."""

    row: int
    code: str
    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    birth_date: dt.date | None = None


def are_two(one: Person, other: Person) -> bool:
    """Whether two that have one id are two children: both names differ, or one and the birth date; "" tells nothing."""

    def differ(a: str, b: str) -> bool:
        return bool(a and b) and names.plain(a) != names.plain(b)

    family, given = differ(one.family_name, other.family_name), differ(one.given_name, other.given_name)
    births = one.birth_date and other.birth_date and one.birth_date != other.birth_date
    return (family and given) or bool(births and (family or given))


class People:
    """The people of one file, said so far; `code_column` names the column of their id in problems."""

    def __init__(self, file: str, code_column: str | None) -> None:
        self._file = file
        self._code_column = code_column
        self._said: set[tuple[Any, ...]] = set()
        self._names: dict[str, tuple[str, int]] = {}
        self._first: dict[str, Person] = {}

    def others(self, people: Iterable[Person]) -> list[Problem]:
        """A problem for each row that has the id of another child before it; shown before `learners` is."""
        problems = []
        for person in people:
            first = self._first.setdefault(person.code, person)
            if first.row != person.row and are_two(first, person):
                reason = _(OTHER_CHILD).format(row=first.row)
                problems.append(Problem(self._file, person.row, self._code_column, person.code, reason, CHECK_ID))
        return problems

    def learners(self, people: Iterable[Person]) -> tuple[pd.DataFrame, list[Problem]]:
        """The learners not named before, and a problem for each whose name changes within the file."""
        rows = []
        problems = []
        for person in people:
            facts = (
                person.code,
                person.family_name,
                person.given_name,
                person.middle_name,
                person.birth_date,
            )
            if facts in self._said:
                continue
            self._said.add(facts)
            rows.append((person.row, *facts))
            name = names.spelled(f"{person.family_name}, {person.given_name}")
            known, row = self._names.setdefault(person.code, (name, person.row))
            if name != known:
                reason = _(NAMED_DIFFERENTLY).format(row=row)
                problems.append(
                    Problem(
                        self._file,
                        person.row,
                        self._code_column,
                        person.code,
                        reason,
                        CHECK_ID,
                        left_out=False,
                    )
                )
        return frame(Kind.LEARNERS, rows), problems

    def facts(self, kind: Kind, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
        """The rows of `kind`, in the order of its columns, that were not said before."""
        new = []
        for row in rows:
            fact = (kind, *row[1:])
            if fact not in self._said:
                self._said.add(fact)
                new.append(row)
        return frame(kind, new)


def frame(kind: Kind, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """A frame of `kind` from tuples in the order of its columns: `row` int64, the rest objects."""
    columns = COLUMNS[kind]
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return table.astype({"row": "int64"})


def cut_name(text: str) -> tuple[str, str]:
    """A name in one cell as given and family name: "Last, First" or "First Last"."""
    words = " ".join(text.split())
    if "," in words:
        family, _, given = words.partition(",")
        return given.strip(), family.strip()
    given, _, family = words.rpartition(" ")
    return given, family


def name_code(given: str, family: str) -> str:
    """The code of a learner whom a list names without an id, "" without any name."""
    name = names.spelled(", ".join(filter(None, (family, given))))
    return NAME_CODE + name if name else ""


def named(code: str) -> str:
    """The name that a code was made of, given name first; other codes as they are."""
    family, _, given = code.removeprefix(NAME_CODE).partition(", ")
    return f"{given} {family}".strip() if code.startswith(NAME_CODE) else code
