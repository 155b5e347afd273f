"""The one rule of what is visible: the latest committed sighting of each key."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from workbench.store import tables


def standing_imports(as_of: int | None = None) -> sa.Select[Any]:
    """The ids of imports that count: committed, and not undone, at change `as_of` (None: now)."""
    imports = tables.imports.c
    if as_of is None:
        return sa.select(imports.id).where(imports.committed.is_not(None), imports.undone.is_(None))
    return sa.select(imports.id).where(
        imports.committed <= as_of, sa.or_(imports.undone.is_(None), imports.undone > as_of)
    )


def current(table: sa.Table, *where: sa.ColumnElement[bool], as_of: int | None = None) -> sa.Select[Any]:
    """The rows of a sightings table that are current, narrowed by `where` on key columns."""
    keys = [table.c[name] for name in table.info["keys"]]
    newest = (
        sa.select(*keys, sa.func.max(table.c.import_id).label("import_id"))
        .where(table.c.import_id.in_(standing_imports(as_of)), *where)
        .group_by(*keys)
        .subquery()
    )
    match = [table.c[key.name] == newest.c[key.name] for key in keys]
    return sa.select(table).join(newest, sa.and_(*match, table.c.import_id == newest.c.import_id))
