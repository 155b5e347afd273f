"""Skills: a learner's notebook of what was taught, is practised, and is known, with what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept
from workbench.ground.words import N_


class State(StrEnum):
    """How far a skill is, in order."""

    TAUGHT = "taught"
    PRACTISING = "practising"
    GOT_IT = "got it"


@dataclass(frozen=True, slots=True, repr=False)
class Skill:
    """A skill as "I can …", its `area` (`goal_help`), what `shows` it, and who confirmed it ("" nobody yet).

    `since` is the day of its newest revision.
    """

    id: str
    learner: int
    words: str
    area: str
    state: State
    shows: str
    confirmed_by: str
    since: date

    def __repr__(self) -> str:
        return f"<Skill: {self.state}>"


SKILLS = Kept(
    "skills",
    Skill,
    stored={"since": "at"},
    revisable=("words", "area", "state", "shows"),
    needed={"words": (N_("This skill has no words yet."), N_("Begin with “I can …”."))},
    tidy={"shows": str.strip},
)


class Skills(Facet):
    """`bench.skills`: the skills notebook."""

    __slots__ = ()

    @asks(Action.WRITE)
    def add(
        self,
        learner: LearnerId,
        words: str,
        *,
        area: str = "",
        state: State | str = State.TAUGHT,
        shows: str = "",
    ) -> Skill:
        """Writes a skill into the notebook; raises BadInput without words."""
        values = {"words": words, "area": area, "state": state, "shows": shows, "confirmed_by": ""}
        return self._keep(SKILLS, learner, values)

    @asks(Action.WRITE)
    def revise(self, skill: RecordId, /, **changes: Any) -> Skill:
        """Changes what of `SKILLS` is revisable; what was confirmed of another wording, state or proof is so no more.

        Raises BadInput for words left empty, TypeError for another name.
        """
        known = self._one(SKILLS, skill)
        other = any(getattr(known, name, None) != value for name, value in changes.items() if name != "area")
        return self._revise(SKILLS, skill, changes, confirmed_by="" if other else known.confirmed_by)

    @asks(Action.GUIDE)
    def confirm(self, skill: RecordId) -> Skill:
        """Notes that an educator saw it: the learner has got it."""
        return self._change(SKILLS, skill, {"state": State.GOT_IT, "confirmed_by": self.by})

    @asks(Action.WRITE)
    def withdraw(self, skill: RecordId) -> None:
        """Takes a skill out of the notebook; `undo` puts it back."""
        self._withdraw(SKILLS, skill)

    @asks(Action.WRITE)
    def undo(self, skill: RecordId) -> None:
        """Takes back what was last done with a skill."""
        self._undo(SKILLS, skill)

    @asks(Action.HEAR, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Skill, ...]:
        """A learner's skills, oldest first."""
        return self._all(SKILLS, learner_id=learner)

    @asks(Action.HEAR, instead=tuple)
    def history(self, skill: RecordId) -> tuple[Skill, ...]:
        """How a skill grew: each of its revisions, oldest first."""
        return self._history(SKILLS, skill)
