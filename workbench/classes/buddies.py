"""Learning buddies: two learners who look at each other's goals, and what they share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, learner_of
from workbench.facet import Facet, Kept
from workbench.goals.goals import GOALS, State
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


PAIRS = Kept("buddies", Pair, tidy={"purpose": str.strip})


class Buddies(Facet):
    """`bench.buddies`: pairs learners and passes on what they share."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def pair(self, learner: LearnerId, buddy: Learner | int, *, purpose: str = "", until: date | None = None) -> Pair:
        """Pairs two learners whom the actor both guides; those paired already get the new purpose and day.

        Raises BadInput for a learner with themselves.
        """
        other = learner_of(self.store, buddy)
        self.gate.permit(Action.GUIDE, other, "Buddies.pair")
        if learner == other:
            raise BadInput(_("Nobody is their own buddy."), _("Choose two learners."))
        known = next((pair for pair in self._pairs(learner) if pair.other(learner) == other), None)
        values = {"purpose": purpose, "until": until}
        if known is not None:
            return self._change(PAIRS, known.id, values)
        return self._keep(PAIRS, learner, {"buddy": other, **values})

    @asks(Action.GUIDE)
    def part(self, pair: RecordId) -> None:
        """Ends a pair; `undo` brings it back."""
        self._withdraw(PAIRS, pair)

    @asks(Action.GUIDE)
    def undo(self, pair: RecordId) -> None:
        """Takes back what was last done with a pair."""
        self._undo(PAIRS, pair)

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, learner: LearnerId, *, on: date) -> tuple[Pair, ...]:
        """A learner's pairs on a day, whichever of the two was named first."""
        return tuple(pair for pair in self._pairs(learner) if pair.until is None or pair.until >= on)

    @asks_each(Action.GUIDE)
    def in_class(self, class_id: int, *, on: date) -> list[Pair]:
        """The pairs of a class's learners on a day, oldest first."""
        members = self._members(class_id)
        pairs = self._all(PAIRS, learner_id=members) if members else ()
        return [pair for pair in pairs if pair.until is None or pair.until >= on]

    @asks(Action.HEAR, instead=tuple)
    def shared_with(self, learner: LearnerId, *, on: date) -> tuple[Shared, ...]:
        """What a learner's buddies share: goals of theirs marked so, that are active or of this day."""
        others = [pair.other(learner) for pair in self.of(learner, on=on)]
        goals = [goal for goal in self._all(GOALS, learner_id=others) if goal.shared] if others else []
        shown = [goal for goal in goals if goal.state is State.ACTIVE or goal.chosen_on == on]
        self.gate.shared((goal.learner for goal in shown), "Buddies.shared_with")
        people = {one["id"]: Learner.of(one).call_name for one in self.store.roster.learners(set(others))}
        return tuple(Shared(goal.learner, people.get(goal.learner, ""), goal.words, goal.state) for goal in shown)

    @asks(Action.HEAR, instead=tuple)
    def names(self, learner: LearnerId, *, on: date) -> tuple[str, ...]:
        """What a learner's buddies are called."""
        others = {pair.other(learner) for pair in self.of(learner, on=on)}
        self.gate.shared(others, "Buddies.names")
        return tuple(sorted(Learner.of(one).call_name for one in self.store.roster.learners(others)))

    def _pairs(self, learner: int) -> tuple[Pair, ...]:
        return (*self._all(PAIRS, learner_id=learner), *self._all(PAIRS, buddy=learner))
