"""Evidence as it stands, put together from what imports said of a learner and of whoever stands for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.store import tables
from workbench.store.engine import parts
from workbench.store.identity import stand_ins_of
from workbench.store.visible import among, standing_imports, when

Row = Mapping[Any, Any]
#: What a newer sighting of the same value may leave unsaid; what an older one said of it still holds.
BESIDE = ("error", "percentile", "norms", "details")


class Sighted(NamedTuple):
    """What an import said of a fact, as `evidence_sightings` has it; a class has thousands.

    `before` is what an earlier import said that this one corrected.
    """

    import_id: int
    file_id: int
    row: int
    learner_id: int
    key: int
    taken_on: date
    source: str
    measure: str
    aspect: str
    term: str
    test: str
    value: float
    unit: str
    error: float | None
    percentile: float | None
    norms: str
    standing: str
    details: str
    before: float | None = None

    def __repr__(self) -> str:
        return "<Sighted>"


_COLUMNS = Sighted._fields[:-1]
_IN_ORDER_OF_IMPORT = itemgetter(*map(Sighted._fields.index, ("import_id", "file_id", "row")))
_IN_ORDER_OF_DAY = attrgetter("learner_id", "taken_on")


def evidence(connection: Connection, learners: Sequence[int], as_of: int | None) -> list[Sighted]:
    """Current evidence of some learners, in order of learner and date.

    The newest import's value counts, whichever number of the learner it is under.
    """
    found: dict[tuple[int, int], Sighted] = {}
    for one in _said(connection, learners, as_of, _facts(past=as_of is not None), {}):
        fact = Sighted(*one)
        place = fact.learner_id, fact.key
        found[place] = _over(found[place], fact) if place in found else fact
    return sorted(found.values(), key=_IN_ORDER_OF_DAY)


def revisions(connection: Connection, learner: int, key: int, as_of: int | None) -> list[tuple[Sighted, str, datetime]]:
    """All that imports which stand said of one fact, oldest first, each with its file and when its import began."""
    rows = _said(connection, [learner], as_of, _told(past=as_of is not None), {"key": key})
    return [(Sighted(*row[:-2]), *row[-2:]) for row in rows]


def newest(connection: Connection, learners: Sequence[int], as_of: int | None) -> list[Row]:
    """For each learner, source, measure and unit the newest `day` of a fact that is of no single aspect."""
    stand_ins = stand_ins_of(connection, learners, as_of)
    numbers = [*learners, *stand_ins]
    found: list[Row] = []
    for part in parts(numbers):
        given = {"learner_id": part, **when(as_of)}
        found += (row._mapping for row in connection.execute(_newest(past=as_of is not None), given))
    return [{**row, "learner_id": stand_ins.get(row["learner_id"], row["learner_id"])} for row in found]


def _said(
    connection: Connection, learners: Sequence[int], as_of: int | None, query: sa.Select[Any], given: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """What a statement finds of learners and their stand-ins, under the learner's number, in order of import."""
    stand_ins = stand_ins_of(connection, learners, as_of)
    numbers = [*learners, *stand_ins]
    found: list[tuple[Any, ...]] = []
    for part in parts(numbers):
        found += connection.execute(query, {"learner_id": part, **given, **when(as_of)}).all()
    if stand_ins:
        at = Sighted._fields.index("learner_id")
        found = [(*row[:at], stand_ins.get(row[at], row[at]), *row[at + 1 :]) for row in found]
    return sorted(found, key=_IN_ORDER_OF_IMPORT)


def _over(older: Sighted, newer: Sighted) -> Sighted:
    """The newer of two sightings, with what the older says beside the same value and the newer does not.

    Of another value the older one stays as `before`.
    """
    if (older.value, older.unit) != (newer.value, newer.unit):
        return newer._replace(before=older.value)
    kept: dict[str, Any] = {"before": older.before}
    for name in BESIDE:
        if getattr(newer, name) in (None, ""):
            kept[name] = getattr(older, name)
    if older.details and newer.details and older.details != newer.details:
        both = json.loads(older.details) | json.loads(newer.details)
        kept["details"] = json.dumps(both, ensure_ascii=False, sort_keys=True)
    return newer._replace(**kept)


@cache
def _facts(*, past: bool) -> sa.Select[Any]:
    table = tables.evidence_sightings
    columns = (table.c[name] for name in _COLUMNS)
    return sa.select(*columns).where(among(table.c.learner_id), table.c.import_id.in_(standing_imports(past=past)))


@cache
def _newest(*, past: bool) -> sa.Select[Any]:
    table = tables.evidence_sightings.c
    of = (table.learner_id, table.source, table.measure, table.unit)
    whole = (among(table.learner_id), table.import_id.in_(standing_imports(past=past)), table.aspect == "")
    return sa.select(*of, sa.func.max(table.taken_on).label("day")).where(*whole).group_by(*of)


@cache
def _told(*, past: bool) -> sa.Select[Any]:
    table, files, imports = tables.evidence_sightings, tables.import_files, tables.imports
    return (
        _facts(past=past)
        .add_columns(files.c.file, imports.c.started_at)
        .where(table.c.key == sa.bindparam("key", type_=table.c.key.type))
        .join(files, files.c.id == table.c.file_id)
        .join(imports, imports.c.id == table.c.import_id)
    )
