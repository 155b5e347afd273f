"""Bookings: on which day a conference is to be, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each
from workbench.facet import Facet, Kept

#: A conference held so long before its day was that conference; held earlier, it was another.
EARLY = timedelta(days=7)
#: An open booking waits so long after its day; then nobody counts on it any more, and the learner is due as before.
LAPSES = timedelta(days=14)


class Kind(StrEnum):
    """A full conference, or a quick check of two minutes."""

    FORMAL = "formal"
    QUICK = "quick"


class State(StrEnum):
    """A moved booking is one to come that was first meant for another day."""

    PLANNED = "planned"
    MOVED = "moved"
    HELD = "held"


@dataclass(frozen=True, slots=True, repr=False)
class Booking:
    """A day for a conference of one learner; once held, the id of the `conference`."""

    id: str
    learner: int
    on: date
    kind: Kind = Kind.FORMAL
    state: State = State.PLANNED
    conference: str = ""

    @property
    def open(self) -> bool:
        return self.state is not State.HELD

    def waits(self, today: date) -> bool:
        """Whether it is still to be held: open, and its day not long gone."""
        return self.open and self.on + LAPSES >= today

    def __repr__(self) -> str:
        return f"<Booking: {self.kind}, {self.state}>"


def kind_of(protocol: str) -> Kind | None:
    """What a conference held by a protocol counts as; None for talk of learners among themselves."""
    if protocol == "buddy":
        return None
    return Kind.QUICK if protocol == "quick" else Kind.FORMAL


BOOKINGS = Kept("bookings", Booking)


class Bookings(Facet):
    """`bench.bookings`: books conferences, moves and holds them."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def book(self, learner: LearnerId, on: date, kind: Kind | str = Kind.FORMAL) -> Booking:
        """Books a day. A learner has one open booking of a kind at most: another day moves it."""
        known = self._open(learner, Kind(kind))
        return self.move(known, on) if known else self._new(learner, on, Kind(kind))

    @asks(Action.GUIDE)
    def move(self, booking: RecordId, on: date) -> Booking:
        """Moves a booking to another day; `undo` moves it back."""
        known = self._one(BOOKINGS, booking)
        return known if known.on == on else self._change(BOOKINGS, booking, {"on": on, "state": State.MOVED})

    @asks(Action.GUIDE)
    def call_off(self, booking: RecordId) -> None:
        """Takes a booking off; `undo` puts it back."""
        self._withdraw(BOOKINGS, booking)

    @asks(Action.GUIDE)
    def undo(self, booking: RecordId) -> None:
        """Takes back what was last done with a booking."""
        self._undo(BOOKINGS, booking)

    @asks(Action.WRITE)
    def held(
        self, learner: LearnerId, conference: str, kind: Kind | str, *, on: date, next_on: date | None = None
    ) -> None:
        """Notes for its booking that a conference was held `on`; books the next of its kind, if one was agreed on."""
        known = self._open(learner, Kind(kind))
        if known is not None and known.on <= on + EARLY and (next_on is None or known.on < next_on):
            self._change(BOOKINGS, known.id, {"state": State.HELD, "conference": conference})
            known = None
        if next_on is not None and known is None:
            self._new(learner, next_on, Kind(kind))
        elif next_on is not None and known is not None and known.on != next_on:
            self._change(BOOKINGS, known.id, {"on": next_on, "state": State.MOVED})

    @asks(Action.WRITE)
    def reopened(self, learner: LearnerId, conference: str) -> None:
        """Takes `held` back for a conference that goes on after all; the next one booked meanwhile stays."""
        for one in self.of(learner):
            if one.conference == conference:
                later = [other for other in self.of(learner) if other.open and other.kind is one.kind]
                if not later:
                    self._change(BOOKINGS, one.id, {"state": State.PLANNED, "conference": None})

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Booking, ...]:
        """A learner's bookings by day."""
        return self._by_day([learner])

    @asks_each(Action.FOLLOW)
    def of_class(self, class_id: int, *, since: date = date.min, until: date = date.max) -> Iterable[Booking]:
        """The bookings of the learners of a class on the days from `since` to `until`, by day."""
        return (one for one in self._by_day(self._members(class_id)) if since <= one.on <= until)

    def _by_day(self, learners: list[int]) -> tuple[Booking, ...]:
        return tuple(sorted(self._all(BOOKINGS, learner_id=learners), key=lambda one: one.on))

    def _open(self, learner: int, kind: Kind) -> Booking | None:
        return next((one for one in self._by_day([learner]) if one.open and one.kind is kind), None)

    def _new(self, learner: int, on: date, kind: Kind) -> Booking:
        return self._keep(BOOKINGS, learner, {"on": on, "kind": kind, "state": State.PLANNED, "conference": None})
