"""Learning buddies: two learners who look at each other's goals, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.access.gate import Action, asks, asks_each
from workbench.facet import Facet
from workbench.goals.goals import State
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """Two buddies, what for, and until which day (None: for now)."""

    id: str
    learner: int
    buddy: int
    purpose: str
    until: date | None

    def other(self, learner: int) -> int:
        """The number of the other one."""
        return self.buddy if learner == self.learner else self.learner

    def __repr__(self) -> str:
        return "<Pair>"


@dataclass(frozen=True, slots=True, repr=False)
class Shared:
    """A goal that a buddy shared: who (a number and what one calls them), the words, and how it went."""

    learner: int
    name: str
    words: str
    state: State

    def __repr__(self) -> str:
        return f"<Shared goal: {self.state}>"


class Buddies(Facet):
    """`bench.buddies`: pairs learners and passes on what they share."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def pair(
        self, learner: Learner | int, buddy: Learner | int, *, purpose: str = "", until: date | None = None
    ) -> Pair:
        """Pairs two learners whom the actor both guides; those paired already get the new purpose and day.

        Raises BadInput for a learner with themselves.
        """
        one, other = _number(learner), _number(buddy)
        self.gate.permit(Action.GUIDE, other, "Buddies.pair")
        if one == other:
            raise BadInput(_("Nobody is their own buddy."), _("Choose two learners."))
        known = [pair for pair in self._pairs(one) if pair.other(one) == other]
        values = {"purpose": purpose.strip(), "until": until}
        if known:
            return _pair(self._keep("buddies", known[0].learner, values, record=known[0].id))
        return _pair(self._keep("buddies", one, {"buddy": other, **values}))

    @asks(Action.GUIDE)
    def part(self, pair: Pair | str) -> None:
        """Ends a pair; `undo` brings it back."""
        self._withdraw("buddies", pair if isinstance(pair, str) else pair.id)

    @asks(Action.GUIDE)
    def undo(self, pair: Pair | str) -> None:
        """Takes back what was last done with a pair."""
        self._undo("buddies", pair if isinstance(pair, str) else pair.id)

    @asks(Action.READ)
    def of(self, learner: Learner | int, *, on: date) -> tuple[Pair, ...]:
        """A learner's pairs on a day, whichever of the two was named first."""
        return tuple(pair for pair in self._pairs(_number(learner)) if pair.until is None or pair.until >= on)

    @asks_each(Action.GUIDE)
    def in_class(self, class_id: int, *, on: date) -> list[Pair]:
        """The pairs of a class's learners on a day, oldest first."""
        rows = self.store.roster.memberships(class_id=class_id, as_of=self.as_of)
        members = list(dict.fromkeys(row["learner_id"] for row in rows))
        pairs = map(_pair, self._all("buddies", learner_id=members)) if members else ()
        return [pair for pair in pairs if pair.until is None or pair.until >= on]

    @asks(Action.READ)
    def shared_with(self, learner: Learner | int, *, on: date) -> tuple[Shared, ...]:
        """What a learner's buddies share: goals of theirs marked so, that are active or of this day."""
        number = _number(learner)
        others = [pair.other(number) for pair in self.of(number, on=on)]
        rows = [row for row in self._all("goals", learner_id=others) if row["shared"]] if others else []
        shown = [row for row in rows if row["state"] == State.ACTIVE or row["chosen_on"] == on]
        self.gate.shared((row["learner_id"] for row in shown), "Buddies.shared_with")
        people = {one["id"]: Learner.of(one).call_name for one in self.store.roster.learners(set(others))}
        return tuple(
            Shared(row["learner_id"], people.get(row["learner_id"], ""), row["words"], State(row["state"]))
            for row in shown
        )

    def _pairs(self, learner: int) -> list[Pair]:
        found = [*self._all("buddies", learner_id=learner), *self._all("buddies", buddy=learner)]
        return [_pair(row) for row in found]


def _number(learner: Learner | int) -> int:
    return learner.id if isinstance(learner, Learner) else learner


def _pair(row: Mapping[str, Any]) -> Pair:
    return Pair(row["record"], row["learner_id"], row["buddy"], row["purpose"], row["until"])
