"""Check-ins: how a goal is going, in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.access.gate import Action, asks
from workbench.facet import Facet
from workbench.goals.goals import Goal

#: How it is going, from best to "help, please"; each has a face and words of its own.
FEELINGS = ("great", "going", "slow", "stuck")
#: What `Progress.revise` changes.
REVISABLE = frozenset(("feeling", "words", "measure", "number"))


@dataclass(frozen=True, slots=True, repr=False)
class CheckIn:
    """One look at a goal: the day, one of FEELINGS or "", and a sentence. `who`: learner, teacher or buddy.

    `number` is of `measure` (`targets`), read from evidence then; None without one.
    """

    id: str
    learner: int
    goal: str
    held_on: date
    feeling: str
    words: str
    who: str
    measure: str = ""
    number: float | None = None

    def __repr__(self) -> str:
        return "<CheckIn>"


class Progress(Facet):
    """`bench.progress`: notes check-ins and tells them."""

    __slots__ = ()

    @asks(Action.WRITE)
    def check_in(
        self,
        goal: Goal | str,
        *,
        on: date,
        feeling: str = "",
        words: str = "",
        who: str = "learner",
        measure: str = "",
        number: float | None = None,
    ) -> CheckIn:
        """Keeps a check-in; raises ValueError for an unknown feeling."""
        record = goal.id if isinstance(goal, Goal) else goal
        values = {
            "goal": record,
            "held_on": on,
            "feeling": _known(feeling),
            "words": words.strip(),
            "who": who,
            "measure": measure,
            "number": number,
        }
        added = self.store.journal.add("check_ins", self.store.owner(record), values, by=self.by, at=self.clock())
        return _check_in(self.store.journal.one("check_ins", added))

    @asks(Action.WRITE)
    def revise(self, check_in: CheckIn | str, /, **changes: Any) -> CheckIn:
        """Changes some of `REVISABLE`; raises TypeError for another name, ValueError for an unknown feeling."""
        unknown = set(changes) - REVISABLE
        if unknown:
            raise TypeError(f"a check-in has no {', '.join(sorted(unknown))}")
        if "words" in changes:
            changes["words"] = changes["words"].strip()
        _known(changes.get("feeling", ""))
        record = check_in.id if isinstance(check_in, CheckIn) else check_in
        return _check_in(self._keep("check_ins", self.store.owner(record), changes, record=record))

    @asks(Action.WRITE)
    def withdraw(self, check_in: CheckIn | str) -> None:
        """Takes a check-in off; `undo` brings it back."""
        self._withdraw("check_ins", check_in.id if isinstance(check_in, CheckIn) else check_in)

    @asks(Action.WRITE)
    def undo(self, check_in: CheckIn | str) -> None:
        """Takes the newest change of a check-in back, or that it was taken off."""
        self._undo("check_ins", check_in.id if isinstance(check_in, CheckIn) else check_in)

    @asks(Action.READ)
    def of(self, goal: Goal | str) -> tuple[CheckIn, ...]:
        """The check-ins of a goal, oldest first."""
        record = goal.id if isinstance(goal, Goal) else goal
        return tuple(map(_check_in, self.store.journal.current("check_ins", as_of=self.as_of, goal=record)))


def _known(feeling: str) -> str:
    if feeling and feeling not in FEELINGS:
        raise ValueError(f"feeling is one of {', '.join(FEELINGS)}")
    return feeling


def _check_in(row: Mapping[str, Any]) -> CheckIn:
    return CheckIn(
        id=row["record"],
        learner=row["learner_id"],
        goal=row["goal"],
        held_on=row["held_on"],
        feeling=row["feeling"],
        words=row["words"],
        who=row["who"],
        measure=row["measure"],
        number=row["number"],
    )
