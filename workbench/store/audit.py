"""Who looked at what: a database of its own beside the store.

A look is that somebody looked, not how often a page asked for its parts. Inside `gathered` (one answer, one drawing,
one report) rows wait and are written together, each that says the same once. Whoever ends it writes them, before the
answer is acknowledged or the page is sent, also when something inside went wrong; `close` writes what is left. A look
that this bench noted less than `LOOKED` ago is not written anew. What was written, reported, imported or refused always
is.

`_write` is the one place where rows reach the database. Where it raises, they are kept and go with the next attempt,
and `flush` raises as it does: an answer is then not acknowledged, and a page is not sent. While the disk is full looks
alone keep nobody from reading: they wait in this process, so many at most, for whichever bench writes next.

Rows are chained (`store/chain.py`) in the transaction that writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.access.actors import FORGOTTEN, TABLET, Action, Decision
from workbench.access.rules import themselves
from workbench.ground.errors import DiskFull
from workbench.store import chain, trimming
from workbench.store.chain import Checked, Head, Mark, audit
from workbench.store.engine import adding, reading, write_anew, writing
from workbench.store.trimming import Rule

Row = Mapping[str, Any]
Key = tuple[Any, ...]

#: The same look by the same bench is noted once in so long.
LOOKED = timedelta(minutes=5)

#: So many looks wait while the disk is full; then pages are sent no more.
MOST_HELD = 20_000
_DONE = (Action.WRITE, Action.GUIDE, Action.REPORT)  # what is not done unless it can be noted
_HELD: dict[str, list[Row]] = {}  # by the audit's address
_WAIT = Lock()

_NOTED = ("actor", "action", "what", "learner_id", "allowed", "reason")


class Audit:
    """Writes and reads the audit. Lives as long as its bench; closes its own engine.

    `device` is what the person sits at, as far as it is known.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], device: str = "") -> None:
        self._engine = engine
        self._clock = clock
        self._device = device
        self._waiting: dict[Key, Row] = {}
        self._looked: dict[Key, datetime] = {}  # when each look was noted last
        self._place = engine.url.render_as_string(hide_password=False)
        self.full = False  # whether the disk was, when something was to be written
        self._depth = 0
        self._page = ""
        self._turn = Lock()  # an import notes from a thread of its own

    def prepare(self) -> None:
        """Makes the audit's tables where they are missing, or of an older workbench."""
        with reading(self._engine) as connection:
            if chain.is_there(connection):
                return
        with writing(self._engine) as connection:
            chain.prepare(connection, self._now())

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
        at = self._now()
        with self._turn:
            for actor, action, what, learner, decision in entries:
                look = action == Action.READ and decision.allowed
                of = (actor, str(action), (self._page or what) if look else what, learner, *decision)
                if look:
                    if of in self._looked and timedelta() <= at - self._looked[of] < LOOKED:
                        continue
                    self._looked[of] = at
                noted = {"at": at, "device": self._device, **dict(zip(_NOTED, of, strict=True))}
                self._waiting.setdefault(of, noted)
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
        now = self._now()
        with self._turn:
            self._looked = {of: at for of, at in self._looked.items() if now - at < LOOKED}

    def _write(self, rows: list[Row]) -> None:
        with adding(
            self._engine
        ) as connection:  # it makes nothing visible, and waits for nobody who writes the records
            chain.add(connection, rows)

    def of(self, learner: int) -> list[dict[str, Any]]:
        """Every row on one learner, oldest first."""
        return self.rows(learner=learner)[::-1]

    def rows(
        self,
        *,
        learner: int | None = None,
        actor: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        most: int | None = None,
    ) -> list[dict[str, Any]]:
        """The newest rows, `most` at most, newest first: on a learner, by an actor (at a tablet too), in a span."""
        column, wanted = audit.c, []
        if learner is not None:
            wanted.append(column.learner_id == learner)
        if actor:
            wanted.append(column.actor.in_((actor, f"{TABLET}{actor}")))
        if since is not None:
            wanted.append(column.at >= since)
        if until is not None:
            wanted.append(column.at < until)
        query = sa.select(audit).where(*wanted).order_by(column.id.desc()).limit(most)
        with reading(self._engine) as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def actors(self) -> list[str]:
        """Whoever stands in it, in order."""
        with reading(self._engine) as connection:
            return list(connection.scalars(sa.select(audit.c.actor).distinct().order_by(audit.c.actor)))

    def head(self) -> Head:
        """Where the chain ends."""
        with reading(self._engine) as connection:
            return chain.head_of(connection)

    def check(self, *noted: Head) -> Checked:
        """Whether the chain is whole, and goes through heads that were noted before."""
        with reading(self._engine) as connection:
            return chain.check(connection, *noted)

    def take_as_found(self, by: str, reason: str) -> None:
        """Goes on from the rows as they are."""
        with writing(self._engine) as connection:
            chain.as_found(connection, self._now(), by, reason)

    def trim(self, rule: Rule, by: str) -> int:
        """Folds and sums up what is older than the rule keeps; returns how many rows went."""
        with writing(self._engine) as connection:
            if not trimming.is_due(connection, rule):
                return 0
            until = connection.scalar(sa.select(sa.func.max(audit.c.id)).where(audit.c.at < max(rule)))
            with chain.trimming(connection, until or 0, self._now(), by, Mark.TRIM, str(rule)):
                return trimming.trim(connection, rule)

    def forget(self, learner: int, codes: Iterable[str], by: str) -> None:
        """Takes a learner's codes out of who did what; that somebody did it, and with which number, stays."""
        signed = [str(themselves(code)) for code in codes]
        with writing(self._engine) as connection:
            until = connection.scalar(sa.select(sa.func.max(audit.c.id)))
            with chain.trimming(connection, until or 0, self._now(), by, Mark.FORGET, f"number {learner}"):
                connection.execute(sa.update(audit).where(audit.c.actor.in_(signed)).values(actor=FORGOTTEN))

    def clean(self) -> None:
        """Writes the file anew; see `engine.write_anew`."""
        write_anew(self._engine)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def close(self) -> None:
        """Writes what is left, and closes."""
        try:
            self.flush()
        finally:
            self._engine.dispose()
