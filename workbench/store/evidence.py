"""Evidence as it stands, put together from what imports said of a learner and of whoever stands for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.store import tables
from workbench.store.identity import stand_ins_of
from workbench.store.visible import among, standing_imports, when

Row = Mapping[Any, Any]
#: What a newer sighting of the same value may leave unsaid; what an older one said of it still holds.
BESIDE = ("error", "percentile", "norms", "details")
_AT_ONCE = 500  # values in one IN (…), well under SQLite's limit


def evidence(connection: Connection, learners: Sequence[int], as_of: int | None) -> list[Row]:
    """Current evidence of some learners, in order of learner and date.

    The newest import's value counts, whichever number of the learner it is under.
    """
    found: dict[tuple[int, int], Row] = {}
    for row in _said(connection, learners, as_of, _facts(past=as_of is not None), {}):
        place = row["learner_id"], row["key"]
        found[place] = _over(found[place], row) if place in found else row
    return sorted(found.values(), key=lambda row: (row["learner_id"], row["taken_on"]))


def revisions(connection: Connection, learner: int, key: int, as_of: int | None) -> list[Row]:
    """All that imports which stand said of one fact, oldest first, each with its file and the import's day."""
    return _said(connection, [learner], as_of, _told(past=as_of is not None), {"key": key})


def newest(connection: Connection, learners: Sequence[int], as_of: int | None) -> list[Row]:
    """For each learner, source, measure and unit the newest `day` of a fact that is of no single aspect."""
    stand_ins = stand_ins_of(connection, learners, as_of)
    numbers = [*learners, *stand_ins]
    found: list[Row] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = {"learner_id": numbers[start : start + _AT_ONCE], **when(as_of)}
        found += (row._mapping for row in connection.execute(_newest(past=as_of is not None), some))
    return [{**row, "learner_id": stand_ins.get(row["learner_id"], row["learner_id"])} for row in found]


def _said(
    connection: Connection, learners: Sequence[int], as_of: int | None, query: sa.Select[Any], given: Mapping[str, Any]
) -> list[Row]:
    """What a statement finds of learners and their stand-ins, under the learner's number, in order of import."""
    stand_ins = stand_ins_of(connection, learners, as_of)
    numbers = [*learners, *stand_ins]
    found: list[Row] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = {"learner_id": numbers[start : start + _AT_ONCE], **given, **when(as_of)}
        rows = connection.execute(query, some)
        names = tuple(rows.keys())
        found += (dict(zip(names, row, strict=True)) for row in rows)  # read by name many times over
    if stand_ins:
        found = [{**row, "learner_id": stand_ins.get(row["learner_id"], row["learner_id"])} for row in found]
    return sorted(found, key=lambda row: (row["import_id"], row["file_id"], row["row"]))


def _over(older: Row, newer: Row) -> Row:
    """The newer of two sightings, with what the older says beside the same value and the newer does not.

    Of another value the older one stays as `before`.
    """
    if (older["value"], older["unit"]) != (newer["value"], newer["unit"]):
        return {**newer, "before": older["value"]}
    kept = {name: older[name] for name in BESIDE if newer[name] in (None, "") and older[name] not in (None, "")}
    if "before" in older:
        kept["before"] = older["before"]
    if older["details"] and newer["details"] and older["details"] != newer["details"]:
        both = json.loads(older["details"]) | json.loads(newer["details"])
        kept["details"] = json.dumps(both, ensure_ascii=False, sort_keys=True)
    return {**newer, **kept} if kept else newer


@cache
def _facts(*, past: bool) -> sa.Select[Any]:
    table = tables.evidence_sightings
    return sa.select(table).where(among(table.c.learner_id), table.c.import_id.in_(standing_imports(past=past)))


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
