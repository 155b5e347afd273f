"""Changes: the numbered moments at which something became visible."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult

from workbench.store import tables


def note_change(connection: Connection, at: datetime, actor: str, what: str) -> int:
    """The number of a new change; what is written with it becomes visible together."""
    result = connection.execute(sa.insert(tables.changes).values(at=at, actor=actor, what=what))
    return number_of(result)


def number_of(result: CursorResult[Any]) -> int:
    """The number that the store gave the one row just inserted."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 (one row was inserted)
    return int(key[0])


def latest_changes(learners: Collection[int], *, as_of: int) -> sa.Select[Any]:
    """Each of `learners` with the newest change, up to `as_of`, that showed or hid anything of them."""
    wanted = sa.select(tables.learners.c.id).where(tables.learners.c.id.in_(learners)).cte("wanted")
    imports, again = tables.imports.c, tables.reinstatements.c
    moments = sa.union_all(
        *(
            sa.select(import_id.label("import_id"), change.label("change")).where(change <= as_of)
            for import_id, change in (
                (imports.id, imports.committed),
                (imports.id, imports.undone),
                (again.import_id, again.undone),
                (again.import_id, again.redone),
            )
        )
    ).cte("moments")  # at which an import began or ceased to stand
    sighted = [
        sa.select(table.c.learner_id, sa.func.max(moments.c.change).label("change"))
        .join(moments, moments.c.import_id == table.c.import_id)
        .where(table.c.learner_id.in_(sa.select(wanted.c.id)))
        .group_by(table.c.learner_id)
        for table in tables.SIGHTINGS.values()
    ]
    said = [
        sa.select(table.c.learner_id, sa.func.max(table.c.change).label("change"))
        .where(table.c.change <= as_of, table.c.learner_id.in_(sa.select(wanted.c.id)))
        .group_by(table.c.learner_id)
        for table in tables.SHOWN.values()
    ]
    matched = (
        sa.select(tables.matches.c.stand_in, sa.func.max(tables.matches.c.change))
        .where(tables.matches.c.change <= as_of, tables.matches.c.stand_in.in_(sa.select(wanted.c.id)))
        .group_by(tables.matches.c.stand_in)
    )
    met = sa.union_all(*sighted, *said, matched).subquery()
    return sa.select(met.c.learner_id, sa.func.max(met.c.change).label("change")).group_by(met.c.learner_id)
