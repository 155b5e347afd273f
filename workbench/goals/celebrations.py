"""Celebrations: a goal that was met is celebrated the way its learner chose, and ticked off by an educator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each
from workbench.facet import Facet, Kept
from workbench.goals.goals import GOALS, Goal, State

#: A goal met longer ago is not waiting to be celebrated any more.
WAITS = timedelta(weeks=4)
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, repr=False)
class Celebration:
    """That a goal (its id) was celebrated, `on` the day somebody ticked it off; `by` is who did."""

    id: str
    learner: int
    goal: str
    on: date
    by: str

    def __repr__(self) -> str:
        return "<Celebration>"


@dataclass(frozen=True, slots=True, repr=False)
class MetGoal:
    """A goal that was met and is not celebrated yet; `way`: how its learner chose to celebrate it, "" for not yet."""

    learner: int
    goal: Goal
    way: str

    def __repr__(self) -> str:
        return "<MetGoal>"


CELEBRATIONS = Kept("celebrations", Celebration, stored={"on": "at"})


class Celebrations(Facet):
    """`bench.celebrations`: which met goals were celebrated."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def tick(self, goal: RecordId) -> Celebration:
        """Notes that a goal was celebrated; done twice, the first stays. Raises NotFound for what is no goal."""
        self._one(GOALS, goal)
        before = self._all(CELEBRATIONS, goal=goal)
        return before[0] if before else self._keep(CELEBRATIONS, self.store.owner(goal), {"goal": goal})

    @asks(Action.GUIDE)
    def undo(self, celebration: RecordId) -> None:
        """Takes back what was last done with one."""
        self._undo(CELEBRATIONS, celebration)

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Celebration, ...]:
        """The celebrations of a learner's goals, oldest first."""
        return self._all(CELEBRATIONS, learner_id=learner)

    @asks_each(Action.FOLLOW)
    def waiting(self, class_id: int, *, on: date) -> Iterable[MetGoal]:
        """The goals of a class that were met within `WAITS` and are not celebrated yet, chosen first first."""
        since = datetime.combine(on - WAITS, time(), UTC)
        goals = self._all(GOALS, span=("at", since, _EVER), learner_id=self._members(class_id))
        met = [one for one in goals if one.state is State.MET]
        if not met:
            return ()
        those = [one.id for one in met]
        done = {one.goal for one in self._all(CELEBRATIONS, goal=those)}
        ways = {row["goal"]: row["celebrate"] for row in self._rows("plans", goal=those)}
        return [MetGoal(one.learner, one, ways.get(one.id, "")) for one in met if one.id not in done]
