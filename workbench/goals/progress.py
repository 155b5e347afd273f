"""Check-ins: how a goal is going, in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept
from workbench.ground.bands import Speaker

#: How it is going, from best to "help, please"; each has a face and words of its own.
STUCK = "stuck"
FEELINGS = ("great", "going", "slow", STUCK)


@dataclass(frozen=True, slots=True, repr=False)
class CheckIn:
    """One look at a goal: the day, one of FEELINGS or "", and a sentence of `who`.

    `number` is of `measure` (`targets`), read from evidence then; None without one.
    """

    id: str
    learner: int
    goal: str
    held_on: date
    feeling: str
    words: str
    who: Speaker
    measure: str = ""
    number: float | None = None

    def __repr__(self) -> str:
        return "<CheckIn>"


def _known(feeling: str) -> str:
    if feeling and feeling not in FEELINGS:
        raise ValueError(f"feeling is one of {', '.join(FEELINGS)}")
    return feeling


CHECK_INS = Kept(
    "check_ins",
    CheckIn,
    revisable=("feeling", "words", "measure", "number"),
    tidy={"feeling": _known, "words": str.strip},
)


class Progress(Facet):
    """`bench.progress`: notes check-ins and tells them."""

    __slots__ = ()

    @asks(Action.WRITE)
    def check_in(
        self,
        goal: RecordId,
        *,
        on: date,
        feeling: str = "",
        words: str = "",
        who: Speaker | str = Speaker.LEARNER,
        measure: str = "",
        number: float | None = None,
    ) -> CheckIn:
        """Keeps a check-in; raises ValueError for an unknown feeling or speaker."""
        values = {
            "goal": goal,
            "held_on": on,
            "feeling": feeling,
            "words": words,
            "who": who,
            "measure": measure,
            "number": number,
        }
        return self._keep(CHECK_INS, self.store.owner(goal), values)

    @asks(Action.WRITE)
    def revise(self, check_in: RecordId, /, **changes: Any) -> CheckIn:
        """Changes what of `CHECK_INS` is revisable; raises TypeError for another name, ValueError for no feeling."""
        return self._revise(CHECK_INS, check_in, changes)

    @asks(Action.WRITE)
    def withdraw(self, check_in: RecordId) -> None:
        """Takes a check-in off; `undo` brings it back."""
        self._withdraw(CHECK_INS, check_in)

    @asks(Action.WRITE)
    def undo(self, check_in: RecordId) -> None:
        """Takes the newest change of a check-in back, or that it was taken off."""
        self._undo(CHECK_INS, check_in)

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, goal: RecordId) -> tuple[CheckIn, ...]:
        """The check-ins of a goal, oldest first."""
        return self._all(CHECK_INS, goal=goal)

    @asks(Action.FOLLOW, instead=tuple)
    def of_learner(self, learner: LearnerId) -> tuple[CheckIn, ...]:
        """The check-ins of all of a learner's goals, oldest first."""
        return self._all(CHECK_INS, learner_id=learner)
