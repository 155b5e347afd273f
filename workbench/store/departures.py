"""What a roster says is no more.

That a learner left a class or a school is a sighting like another, marked as gone: it hides what earlier imports
said, and taking its import back shows that again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.ground.terms import Term
from workbench.store import tables
from workbench.store.engine import parts
from workbench.store.visible import current

Row = Mapping[Any, Any]
ENROLMENTS, MEMBERSHIPS = "enrolments", "memberships"
_ANY = 0  # no learner or educator has this number


@dataclass(frozen=True, slots=True)
class Departure:
    """Who is no more where, in a school year; 0 and "" stand for any.

    Without a class it is of the school itself and of its classes; an educator's is from the class, not the learner's.
    """

    row: int
    learner: int
    school: str
    class_name: str
    year: str
    educator: int = _ANY


def gone(connection: Connection, departures: Sequence[Departure], import_id: int) -> dict[str, list[Row]]:
    """The sightings, by kind, that an import has to write for what departures say."""
    told = {(one.learner, one.school, one.class_name, one.year, one.educator): one for one in departures}

    def departure_of(learner: int, place: tuple[str, str, str], educator: int) -> Departure | None:
        school, class_name, year = place
        keys = product((learner, _ANY), (school, ""), (class_name, ""), (year,), (educator, _ANY))
        return next((told[key] for key in keys if key in told), None)

    table = tables.membership_sightings
    here = _here(connection, table, _among_members(connection, departures), import_id)
    places = _places(connection, {row["class_id"] for row in here})
    memberships: list[Row] = []
    for row in here:
        found = departure_of(row["learner_id"], places[row["class_id"]], row["educator_id"])
        if found:
            memberships.append({**row, "row": found.row, "gone": True})
            if found.educator and not found.learner:
                memberships.append({**row, "row": found.row, "educator_id": _ANY, "educator_name": ""})
    of_schools = [one for one in departures if not one.class_name and not one.educator]
    table = tables.enrolment_sightings
    enrolments: list[Row] = []
    for row in _here(connection, table, _in_parts(table.c.learner_id, {one.learner for one in of_schools}), import_id):
        found = departure_of(row["learner_id"], (row["school"], "", year_of(row["term"])), _ANY)
        if found:
            enrolments.append({**row, "row": found.row, "gone": True})
    return {MEMBERSHIPS: memberships, ENROLMENTS: enrolments}


def missing(connection: Connection, kind: str, importer: str, import_id: int, file_id: int) -> list[Row]:
    """The sightings that say that what an importer said before, and its complete file does not, is no more.

    Only in the schools and school years that the file is about.
    """
    table, files, classes = tables.SIGHTINGS[kind], tables.import_files, tables.classes
    mine = table.alias("mine")
    of_file = sa.and_(mine.c.import_id == import_id, mine.c.file_id == file_id)
    if kind == MEMBERSHIPS:
        about = sa.select(classes.c.school, classes.c.year).join(mine, mine.c.class_id == classes.c.id).where(of_file)
        place = sa.tuple_(classes.c.school, classes.c.year)
        scope = table.c.class_id.in_(sa.select(classes.c.id).where(place.in_(about)))
    else:
        about = sa.select(mine.c.school, mine.c.term).where(of_file)
        scope = sa.tuple_(table.c.school, table.c.term).in_(about)
    said = current(table, scope).subquery()
    again = table.alias("again")
    keys = table.info["keys"]
    is_said = sa.exists().where(again.c.import_id == import_id, *(again.c[key] == said.c[key] for key in keys))
    query = sa.select(said).join(files, files.c.id == said.c.file_id).where(files.c.importer == importer, ~is_said)
    return [{**row._mapping, "gone": True} for row in connection.execute(query)]


def year_of(term: str) -> str:
    """The school year of a term, or the text itself."""
    parsed = Term.parse(term)
    return f"{parsed.year}-{parsed.year + 1}" if parsed.year else term


def _among_members(connection: Connection, departures: Sequence[Departure]) -> Iterator[sa.ColumnElement[bool]]:
    """Where to look for the memberships that departures may be of: by learner, else by class, else by educator."""
    table, classes = tables.membership_sightings.c, tables.classes.c
    yield from _in_parts(table.learner_id, {one.learner for one in departures})
    of_anybody = [one for one in departures if not one.learner]
    named = {(one.class_name, one.year) for one in of_anybody if one.class_name}
    found: set[int] = set()
    for where in _in_parts(sa.tuple_(classes.name, classes.year), named):
        found |= set(connection.scalars(sa.select(classes.id).where(where)))
    yield from _in_parts(table.class_id, found)
    yield from _in_parts(table.educator_id, {one.educator for one in of_anybody if not one.class_name})


def _places(connection: Connection, ids: set[int]) -> dict[int, tuple[str, str, str]]:
    """School, name and year of classes."""
    classes = tables.classes
    rows = (connection.execute(sa.select(classes).where(where)) for where in _in_parts(classes.c.id, ids))
    return {row.id: (row.school, row.name, row.year) for some in rows for row in some}


def _in_parts(column: Any, values: set[Any]) -> Iterator[sa.ColumnElement[bool]]:
    """Whether a column is among values, so many at a time as a statement takes; never 0, which is nobody's."""
    return (column.in_(part) for part in parts(sorted(values - {_ANY})))


def _here(
    connection: Connection, table: sa.Table, among: Iterable[sa.ColumnElement[bool]], import_id: int
) -> list[Row]:
    """What is current, or was said by the import itself and so will be, each key once."""
    keys = table.info["keys"]
    found: dict[tuple[Any, ...], Row] = {}
    for where in among:
        for query in (current(table, where), sa.select(table).where(table.c.import_id == import_id, where)):
            for row in connection.execute(query):
                found[tuple(row._mapping[key] for key in keys)] = row._mapping
    return [row for row in found.values() if not row["gone"]]
