"""What every part of a bench works on, and what each can do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.access.gate import Gate

if TYPE_CHECKING:
    from workbench.store import Store
    from workbench.workspace import Workspace

F = TypeVar("F", bound="Facet")


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """What every part of a bench works on: the records, who asks, what time it is, how far to look back.

    `url` is the address of the store; `as_of` the change that reads look back to (None: now).
    """

    workspace: Workspace
    url: str
    store: Store
    gate: Gate
    clock: Callable[[], datetime]
    as_of: int | None = None

    @property
    def today(self) -> date:
        """The day where the person sits."""
        return self.clock().astimezone().date()

    def at(self, change: int) -> Desk:
        """The same, looking back to a change."""
        return replace(self, as_of=change)

    def __repr__(self) -> str:
        return "<Desk>"


@dataclass(frozen=True, slots=True, repr=False)
class Facet:
    """One idea's door to the store. Lives as long as its bench."""

    desk: Desk

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def gate(self) -> Gate:
        return self.desk.gate

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.desk.clock

    @property
    def as_of(self) -> int | None:
        return self.desk.as_of

    @property
    def by(self) -> str:
        """Who does it, as revisions keep it; see `Gate.signed`."""
        return self.gate.signed

    def _keep(self, kind: str, learner: int, values: Mapping[str, Any], *, record: str = "") -> Mapping[Any, Any]:
        """Writes a record of a journal, or its next revision, and returns it as it stands."""
        journal = self.store.journal
        return journal.one(kind, journal.add(kind, learner, values, by=self.by, at=self.clock(), record=record))

    def _one(self, kind: str, record: str) -> Mapping[Any, Any]:
        """A record as it stands; raises NotFound."""
        return self.store.journal.one(kind, record, as_of=self.as_of)

    def _all(self, kind: str, **where: Any) -> list[Mapping[Any, Any]]:
        """The records of a kind as they stand, oldest first; see `Journal.current`."""
        return self.store.journal.current(kind, as_of=self.as_of, **where)

    def _members(self, class_id: int) -> list[int]:
        """The numbers of the learners of a class now."""
        rows = self.store.roster.memberships(class_id=class_id, as_of=self.as_of)
        return sorted({row["learner_id"] for row in rows})

    def _held_in(self, about: Any) -> tuple[int, str | None]:
        """Of what `asks` hands on, the learner's number, and the conference it is if it is one; raises NotFound."""
        if isinstance(about, int):
            return about, None
        return self.store.owner(about), self._one("conferences", about)["record"]

    def _withdraw(self, kind: str, record: str) -> None:
        """Takes a record off; `_undo` brings it back."""
        learner = self.store.owner(record)
        self.store.journal.add(kind, learner, {"withdrawn": True}, by=self.by, at=self.clock(), record=record)

    def _beside(self, kind: type[F]) -> F:
        """Another idea's door, at the same desk."""
        return kind(self.desk)

    def _undo(self, kind: str, record: str) -> None:
        """Takes the newest revision of a record back."""
        self.store.journal.undo(kind, record, by=self.by, at=self.clock())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def moment(at: datetime) -> datetime:
    """A moment from the store: SQLite does not keep that it is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def moment_or_none(at: datetime | None) -> datetime | None:
    return None if at is None else moment(at)
