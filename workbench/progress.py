"""Check-ins: how a goal is going, in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.access import Action, asks
from workbench.facet import Facet
from workbench.goals import Goal

#: How it is going, from best to "help, please"; each has a face and words of its own.
FEELINGS = ("great", "going", "slow", "stuck")


@dataclass(frozen=True, slots=True, repr=False)
class CheckIn:
    """One look at a goal: the day, one of FEELINGS or "", and a sentence. `who`: learner, teacher or buddy."""

    id: str
    learner: int
    goal: str
    held_on: date
    feeling: str
    words: str
    who: str

    def __repr__(self) -> str:
        return "<CheckIn>"


class Progress(Facet):
    """`bench.progress`: notes check-ins and tells them."""

    __slots__ = ()

    @asks(Action.WRITE)
    def check_in(
        self, goal: Goal | str, *, on: date, feeling: str = "", words: str = "", who: str = "learner"
    ) -> CheckIn:
        """Keeps a check-in; raises ValueError for an unknown feeling."""
        if feeling and feeling not in FEELINGS:
            raise ValueError(f"feeling is one of {', '.join(FEELINGS)}")
        record = goal.id if isinstance(goal, Goal) else goal
        values = {"goal": record, "held_on": on, "feeling": feeling, "words": words.strip(), "who": who}
        added = self.store.journal.add("check_ins", self.store.owner(record), values, by=self.by, at=self.clock())
        return _check_in(self.store.journal.one("check_ins", added))

    @asks(Action.READ)
    def of(self, goal: Goal | str) -> tuple[CheckIn, ...]:
        """The check-ins of a goal, oldest first."""
        record = goal.id if isinstance(goal, Goal) else goal
        return tuple(map(_check_in, self.store.journal.current("check_ins", as_of=self.as_of, goal=record)))


def _check_in(row: Mapping[str, Any]) -> CheckIn:
    return CheckIn(
        id=row["record"],
        learner=row["learner_id"],
        goal=row["goal"],
        held_on=row["held_on"],
        feeling=row["feeling"],
        words=row["words"],
        who=row["who"],
    )
