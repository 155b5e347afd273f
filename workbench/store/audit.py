"""Who looked at what: a database of its own beside the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.access import Actor, Decision
from workbench.store import tables
from workbench.store.engine import adding, reading, writing


class Audit:
    """Writes and reads the audit. Lives as long as its bench; closes its own engine."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def prepare(self) -> None:
        """Makes the audit's table where it is missing."""
        with writing(self._engine) as connection:
            tables.audit_metadata.create_all(connection)

    def note(self, entries: Iterable[tuple[Actor, str, str, int | None, Decision]]) -> None:
        at = self._clock()
        rows = [
            {
                "at": at,
                "actor": str(actor),
                "action": str(action),
                "what": what,
                "learner_id": learner,
                "allowed": decision.allowed,
                "reason": decision.reason,
            }
            for actor, action, what, learner, decision in entries
        ]
        if rows:
            with adding(self._engine) as connection:  # it stands in no order, and waits for nobody who writes
                connection.execute(sa.insert(tables.audit), rows)

    def of(self, learner: int) -> list[dict[str, Any]]:
        """Every look at one learner, oldest first."""
        with reading(self._engine) as connection:
            query = sa.select(tables.audit).where(tables.audit.c.learner_id == learner).order_by(tables.audit.c.id)
            return [dict(row._mapping) for row in connection.execute(query)]

    def close(self) -> None:
        self._engine.dispose()
