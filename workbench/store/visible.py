"""The one rule of what is visible: the latest committed sighting of each key."""

from __future__ import annotations

from collections.abc import Collection
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


def latest_changes(learners: Collection[int], *, as_of: int) -> sa.Select[Any]:
    """Each of `learners` with the newest change, up to `as_of`, that showed or hid anything of them."""
    wanted = sa.select(tables.learners.c.id).where(tables.learners.c.id.in_(learners)).cte("wanted")
    imports = tables.imports.c
    undone_or_committed = sa.case((imports.undone <= as_of, imports.undone), else_=imports.committed)
    sighted = [
        sa.select(table.c.learner_id, sa.func.max(undone_or_committed).label("change"))
        .join(tables.imports, imports.id == table.c.import_id)
        .where(imports.committed <= as_of, table.c.learner_id.in_(sa.select(wanted.c.id)))
        .group_by(table.c.learner_id)
        for table in tables.SIGHTINGS.values()
    ]
    said = [
        sa.select(table.c.learner_id, sa.func.max(table.c.change).label("change"))
        .where(table.c.change <= as_of, table.c.learner_id.in_(sa.select(wanted.c.id)))
        .group_by(table.c.learner_id)
        for table in tables.JOURNALS.values()
    ]
    met = sa.union_all(*sighted, *said).subquery()
    return sa.select(met.c.learner_id, sa.func.max(met.c.change).label("change")).group_by(met.c.learner_id)
