"""The one rule of what is visible: the latest committed sighting of each key."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from workbench.store import tables


def standing_imports(*, past: bool = False) -> sa.Select[Any]:
    """The ids of imports that count: committed, and not undone; in the `past`, at the change bound as `as_of`."""
    imports = tables.imports.c
    if not past:
        return sa.select(imports.id).where(imports.committed.is_not(None), imports.undone.is_(None))
    as_of = sa.bindparam("as_of", type_=imports.id.type)
    return sa.select(imports.id).where(
        imports.committed <= as_of, sa.or_(imports.undone.is_(None), imports.undone > as_of)
    )


def current(table: sa.Table, *where: sa.ColumnElement[bool], past: bool = False) -> sa.Select[Any]:
    """The rows of a sightings table that are current, narrowed by `where` on key columns; see `standing_imports`."""
    keys = [table.c[name] for name in table.info["keys"]]
    newest = (
        sa.select(*keys, sa.func.max(table.c.import_id).label("import_id"))
        .where(table.c.import_id.in_(standing_imports(past=past)), *where)
        .group_by(*keys)
        .subquery()
    )
    match = [table.c[key.name] == newest.c[key.name] for key in keys]
    return sa.select(table).join(newest, sa.and_(*match, table.c.import_id == newest.c.import_id))


@cache
def current_of(table: sa.Table, *columns: str, past: bool = False) -> sa.Select[Any]:
    """The current rows whose key `columns` are among the lists bound to their names. Built once: that takes a while."""
    return current(table, *(among(table.c[name]) for name in columns), past=past)


def among(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column's value is in the list that is bound to its name."""
    return column.in_(sa.bindparam(column.name, expanding=True))


def when(as_of: int | None) -> dict[str, int]:
    """What a statement that looks into the past, or not, wants bound."""
    return {} if as_of is None else {"as_of": as_of}
