"""Skills: a learner's notebook of what was taught, is practised, and is known, with what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workbench.access.gate import Action, asks
from workbench.facet import Facet, moment
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner

REVISABLE = frozenset(("words", "area", "state", "shows"))


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


class Skills(Facet):
    """`bench.skills`: the skills notebook."""

    __slots__ = ()

    @asks(Action.WRITE)
    def add(
        self,
        learner: Learner | int,
        words: str,
        *,
        area: str = "",
        state: State | str = State.TAUGHT,
        shows: str = "",
    ) -> Skill:
        """Writes a skill into the notebook; raises BadInput without words."""
        number = learner.id if isinstance(learner, Learner) else learner
        values = {"words": _worded(words), "area": area, "state": State(state), "shows": shows.strip()}
        return _skill(self._keep("skills", number, {**values, "confirmed_by": ""}))

    @asks(Action.WRITE)
    def revise(self, skill: Skill | str, /, **changes: Any) -> Skill:
        """Changes some of `REVISABLE`; what was confirmed of another wording, state or proof is confirmed no more.

        Raises BadInput for words left empty, TypeError for another name.
        """
        unknown = set(changes) - REVISABLE
        if unknown:
            raise TypeError(f"a skill has no {', '.join(sorted(unknown))}")
        known = _skill(self._one("skills", _id(skill)))
        if "words" in changes:
            changes["words"] = _worded(changes["words"])
        if "state" in changes:
            changes["state"] = State(changes["state"])
        if any(getattr(known, name) != value for name, value in changes.items() if name != "area"):
            changes["confirmed_by"] = ""
        return _skill(self._keep("skills", known.learner, changes, record=known.id))

    @asks(Action.GUIDE)
    def confirm(self, skill: Skill | str) -> Skill:
        """Notes that an educator saw it: the learner has got it."""
        known = _skill(self._one("skills", _id(skill)))
        values = {"state": State.GOT_IT, "confirmed_by": self.by}
        return _skill(self._keep("skills", known.learner, values, record=known.id))

    @asks(Action.WRITE)
    def withdraw(self, skill: Skill | str) -> None:
        """Takes a skill out of the notebook; `undo` puts it back."""
        self._withdraw("skills", _id(skill))

    @asks(Action.WRITE)
    def undo(self, skill: Skill | str) -> None:
        """Takes back what was last done with a skill."""
        self._undo("skills", _id(skill))

    @asks(Action.READ)
    def of(self, learner: Learner | int) -> tuple[Skill, ...]:
        """A learner's skills, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        return tuple(map(_skill, self._all("skills", learner_id=number)))

    @asks(Action.READ)
    def history(self, skill: Skill | str) -> tuple[Skill, ...]:
        """How a skill grew: each of its revisions, oldest first."""
        return tuple(map(_skill, self.store.journal.revisions("skills", _id(skill))))


def _id(skill: Skill | str) -> str:
    return skill.id if isinstance(skill, Skill) else skill


def _worded(words: str) -> str:
    if not words.strip():
        raise BadInput(_("This skill has no words yet."), _("Begin with “I can …”."))
    return words.strip()


def _skill(row: Mapping[str, Any]) -> Skill:
    return Skill(
        id=row["record"],
        learner=row["learner_id"],
        words=row["words"],
        area=row["area"],
        state=State(row["state"]),
        shows=row["shows"],
        confirmed_by=row["confirmed_by"],
        since=moment(row["at"]).astimezone().date(),
    )
