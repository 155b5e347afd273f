"""The store: SQLAlchemy over SQLite (a workspace's own file) or PostgreSQL (by URL)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlalchemy.engine import Engine

from workbench.access.actors import Circle
from workbench.store import migrations
from workbench.store.audit import Audit
from workbench.store.engine import connect, picture, together
from workbench.store.forgetting import Forgetting
from workbench.store.identity import Identity
from workbench.store.journal import Journal
from workbench.store.own_lists import OwnLists
from workbench.store.people import People
from workbench.store.roster import Roster
from workbench.store.sightings import Sightings
from workbench.store.texts import Texts

__all__ = ["Audit", "Store", "connect"]


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Everything kept, behind a few parts. Whoever opens it closes it. `clock` tells the day, and so what now is."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self.journal = Journal(engine)
        self.roster = Roster(engine, clock)
        self.identity = Identity(engine)
        self.own_lists = OwnLists(engine)
        self.people = People(engine)
        self.sightings = Sightings(engine)
        self.texts = Texts(engine)
        self.forgetting = Forgetting(engine)

    @classmethod
    def open(cls, url: str, clock: Callable[[], datetime] = _now) -> Store:
        """The store at `url`; raises NotReady when it is missing, older or newer than this workbench."""
        engine = connect(url)
        try:
            migrations.check(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, clock)

    def circles(self, learners: Iterable[int]) -> Mapping[int, Circle]:
        return self.roster.circles(learners)

    def owner(self, record: str) -> int:
        return self.journal.owner(record)

    def picture(self) -> AbstractContextManager[None]:
        """Reads inside are of one moment; see `engine.picture`."""
        return picture(self._engine)

    def together(self) -> AbstractContextManager[object]:
        """What is read and written inside is one write transaction; see `engine.together`."""
        return together(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def __repr__(self) -> str:
        return f"<Store on {self._engine.dialect.name}>"
