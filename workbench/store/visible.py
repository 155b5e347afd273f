"""The one rule of what is visible: the latest committed sighting of each key, and of each part of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from workbench.store import tables

_EMPTY: sa.ColumnElement[str] = sa.literal_column(
    "''"
)  # no bound value: the statement that inserts has a place for each column alone


#: What may be supposed of the import bound as `supposed`: that it stood as well, or that it did not.
WITH, WITHOUT = "with", "without"


def standing_imports(*, past: bool = False, suppose: str = "") -> sa.Select[Any]:
    """The ids of imports that count: committed, and not taken back.

    In the `past`, at the change bound as `as_of`; `suppose` says otherwise of one import.
    """
    imports = tables.imports.c
    if not past:
        standing = imports.committed.is_not(None) & imports.undone.is_(None)
        one = sa.bindparam("supposed", type_=imports.id.type)
        if suppose == WITH:
            standing |= imports.id == one
        elif suppose == WITHOUT:
            standing &= imports.id != one
        return sa.select(imports.id).where(standing)
    as_of, away = sa.bindparam("as_of", type_=imports.id.type), tables.reinstatements.c
    taken_back = sa.exists().where(away.import_id == imports.id, away.undone <= as_of, away.redone > as_of)
    return sa.select(imports.id).where(
        imports.committed <= as_of, sa.or_(imports.undone.is_(None), imports.undone > as_of), ~taken_back
    )


def current(table: sa.Table, *where: sa.ColumnElement[bool], past: bool = False, suppose: str = "") -> sa.Select[Any]:
    """The rows of a sightings table that are current, narrowed by `where` on key columns; see `standing_imports`.

    A part of which the newest sighting says nothing is as the newest that says something has it. A key that the
    newest sighting marks as gone is not there.
    """
    keys = [table.c[name] for name in table.info["keys"]]
    parts: tuple[tuple[str, ...], ...] = table.info["parts"]
    last_said = [
        sa.func.max(sa.case((says(table.c, part), table.c.import_id))).label(f"said_{at}")
        for at, part in enumerate(parts)
    ]
    newest = (
        sa.select(*keys, sa.func.max(table.c.import_id).label("import_id"), *last_said)
        .where(table.c.import_id.in_(standing_imports(past=past, suppose=suppose)), *where)
        .group_by(*keys)
        .subquery()
    )

    def seen_by(rows: sa.FromClause, import_id: str) -> sa.ColumnElement[bool]:
        match = (rows.c[key.name] == newest.c[key.name] for key in keys)
        return sa.and_(*match, rows.c.import_id == newest.c[import_id])

    values: dict[str, sa.ColumnElement[Any]] = {column.name: column for column in table.columns}
    joined: sa.FromClause = sa.join(newest, table, seen_by(table, "import_id"))
    for at, part in enumerate(parts):
        rows = table.alias(f"part_{at}")
        joined = sa.outerjoin(joined, rows, seen_by(rows, f"said_{at}"))
        values |= {name: sa.func.coalesce(rows.c[name], table.c[name]).label(name) for name in part}
    query = sa.select(*values.values()).select_from(joined)
    return query.where(~table.c.gone) if "gone" in table.c else query


def says(columns: Any, part: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a sighting says anything of a part: a text that is not empty, or a value."""
    each = (columns[name] for name in part)
    return sa.or_(*(one != _EMPTY if isinstance(one.type, sa.Text) else one.is_not(None) for one in each))


@cache
def current_of(table: sa.Table, *columns: str, past: bool = False, suppose: str = "") -> sa.Select[Any]:
    """The current rows whose key `columns` are among the lists bound to their names. Built once: that takes a while."""
    return current(table, *(among(table.c[name]) for name in columns), past=past, suppose=suppose)


def among(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column's value is in the list that is bound to its name."""
    return column.in_(sa.bindparam(column.name, expanding=True))


def when(as_of: int | None, supposed: int | None = None) -> dict[str, int]:
    """What a statement that looks into the past, or supposes something of an import, wants bound."""
    given = {"as_of": as_of, "supposed": supposed}
    return {name: number for name, number in given.items() if number is not None}
