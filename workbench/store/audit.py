"""Who looked at what: a database of its own beside the store.

A look is that somebody looked, not how often a page asked for its parts. Inside `gathered` (one answer, one drawing,
one report) rows wait and are written together, each that says the same once. Whoever ends it writes them, before the
answer is acknowledged or the page is sent, also when something inside went wrong; `close` writes what is left. A look
that this bench noted less than `LOOKED` ago is not written anew. What was written, reported, imported or refused always
is.

`_write` is the one place where rows reach the database. Where it raises, they are kept and go with the next attempt,
and `flush` raises as it does: an answer is then not acknowledged, and a page is not sent. While the disk is full looks
alone keep nobody from reading: they wait in this process, so many at most, for whichever bench writes next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.access.actors import Action, Decision
from workbench.ground.errors import DiskFull
from workbench.store.engine import adding, reading, writing
from workbench.store.tables import Id

Row = Mapping[str, Any]
Key = tuple[Any, ...]

audit_metadata = sa.MetaData()
#: A look can be noted while the store is read-only or busy.
audit = sa.Table(
    "audit",
    audit_metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("learner_id", Id),
    sa.Column("allowed", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_audit_learner", "learner_id", "at"),
)

#: The same look by the same bench is noted once in so long.
LOOKED = timedelta(minutes=5)

#: So many looks wait while the disk is full; then pages are sent no more.
MOST_HELD = 20_000
_DONE = (Action.WRITE, Action.GUIDE, Action.REPORT)  # what is not done unless it can be noted
_HELD: dict[str, list[Row]] = {}  # by the audit's address
_WAIT = Lock()

_NOTED = ("actor", "action", "what", "learner_id", "allowed", "reason")


class Audit:
    """Writes and reads the audit. Lives as long as its bench; closes its own engine."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._waiting: dict[Key, Row] = {}
        self._looked: dict[Key, datetime] = {}  # when each look was noted last
        self._place = engine.url.render_as_string(hide_password=False)
        self.full = False  # whether the disk was, when something was to be written
        self._depth = 0
        self._page = ""
        self._turn = Lock()  # an import notes from a thread of its own

    def prepare(self) -> None:
        """Makes the audit's table where it is missing."""
        with writing(self._engine) as connection:
            audit_metadata.create_all(connection)

    @contextmanager
    def gathered(self, page: str = "") -> Iterator[None]:
        """What is noted inside is written together at the end. `page` is what looks are said to be at, if anything."""
        with self._turn:
            self._depth += 1
            before, self._page = self._page, page or self._page
        try:
            yield
        finally:
            with self._turn:
                self._depth -= 1
                self._page = before
            if not self._depth:
                self.flush()

    def note(self, entries: Iterable[tuple[str, str, str, int | None, Decision]]) -> None:
        """Notes who asked, what for, by which method, of which learner, and what was decided."""
        at = self._clock()
        with self._turn:
            for actor, action, what, learner, decision in entries:
                look = action == Action.READ and decision.allowed
                of = (actor, str(action), (self._page or what) if look else what, learner, *decision)
                if look:
                    if of in self._looked and timedelta() <= at - self._looked[of] < LOOKED:
                        continue
                    self._looked[of] = at
                self._waiting.setdefault(of, {"at": at, **dict(zip(_NOTED, of, strict=True))})
        if not self._depth:
            self.flush()

    def flush(self) -> None:
        """Writes what was gathered, in one insert; where that fails it stays for the next time."""
        with self._turn:
            rows, self._waiting = self._waiting, {}
        if not rows:
            return
        with _WAIT:
            held = _HELD.pop(self._place, [])
        try:
            self._write([*held, *rows.values()])
            self.full = False
        except BaseException as error:
            self.full = isinstance(error, DiskFull)
            if self.full and len(held) + len(rows) <= MOST_HELD:
                with _WAIT:
                    _HELD[self._place] = [*held, *rows.values(), *_HELD.get(self._place, [])]
                if not any(row["allowed"] and row["action"] in _DONE for row in rows.values()):
                    return
                raise
            with _WAIT:
                _HELD[self._place] = [*held, *_HELD.get(self._place, [])]
            with self._turn:
                self._waiting = rows | self._waiting
            raise
        now = self._clock()
        with self._turn:
            self._looked = {of: at for of, at in self._looked.items() if now - at < LOOKED}

    def _write(self, rows: list[Row]) -> None:
        with adding(self._engine) as connection:  # it stands in no order, and waits for nobody who writes
            connection.execute(_INSERT, rows)

    def of(self, learner: int) -> list[dict[str, Any]]:
        """Every look at one learner, oldest first."""
        with reading(self._engine) as connection:
            query = sa.select(audit).where(audit.c.learner_id == learner).order_by(audit.c.id)
            return [dict(row._mapping) for row in connection.execute(query)]

    def fold(self, before: datetime) -> int:
        """Of looks before a moment keeps the first of a day by each actor at each learner; returns how many went.

        What was written, reported, imported or refused stays.
        """
        table = audit.c
        old = (table.action == str(Action.READ), table.allowed, table.at < before)
        day = sa.func.date(table.at)
        first = sa.select(sa.func.min(table.id)).where(*old).group_by(table.actor, table.learner_id, table.reason, day)
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(audit).where(*old, table.id.not_in(first))).rowcount

    def close(self) -> None:
        """Writes what is left, and closes."""
        try:
            self.flush()
        finally:
            self._engine.dispose()


_INSERT = sa.insert(audit)
