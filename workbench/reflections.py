"""Reflections: a learner's own answer to a prompt, and the feeling that went with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.access import Action, asks
from workbench.conferences import Conference
from workbench.facet import Facet
from workbench.learners import Learner


@dataclass(frozen=True, slots=True, repr=False)
class Reflection:
    """One answer: `words` as the learner said them, and `choice`, a picked face or option ("" if none).

    `asked` is the question as it was worded then; `by` the actor who wrote it down.
    """

    id: str
    learner: int
    conference: str
    move: str
    prompt: str
    asked: str
    words: str
    choice: str
    at: datetime
    by: str

    def __repr__(self) -> str:
        return f"<Reflection on {self.prompt}>"


class Reflections(Facet):
    """`bench.reflections`: keeps what a learner answered; every edit is a new revision."""

    __slots__ = ()

    @asks(Action.WRITE)
    def say(
        self,
        conference: Conference,
        *,
        move: str,
        prompt: str,
        asked: str,
        words: str | None = None,
        choice: str | None = None,
    ) -> Reflection:
        """Keeps an answer to one prompt of a conference; what is None stays as it was."""
        record = f"{conference.id}.{move}.{prompt}"
        said = self.of(conference).get((move, prompt))
        values = {
            "conference": conference.id,
            "move": move,
            "prompt": prompt,
            "asked": asked,
            "words": words if words is not None else said.words if said else "",
            "choice": choice if choice is not None else said.choice if said else "",
        }
        self.store.journal.add("reflections", conference.learner, values, by=self.by, at=self.clock(), record=record)
        return _reflection(self.store.journal.one("reflections", record))

    @asks(Action.READ)
    def of(self, conference: Conference | str) -> dict[tuple[str, str], Reflection]:
        """The answers of a conference by (move, prompt)."""
        record = conference.id if isinstance(conference, Conference) else conference
        rows = self.store.journal.current("reflections", as_of=self.as_of, conference=record)
        return {(row["move"], row["prompt"]): _reflection(row) for row in rows}

    @asks(Action.READ)
    def of_learner(self, learner: Learner | int) -> tuple[Reflection, ...]:
        """Every answer a learner gave, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        rows = self.store.journal.current("reflections", as_of=self.as_of, learner_id=number)
        return tuple(map(_reflection, rows))

    @asks(Action.READ)
    def revisions(self, reflection: Reflection | str) -> tuple[Reflection, ...]:
        """Every wording of one answer, oldest first."""
        record = reflection.id if isinstance(reflection, Reflection) else reflection
        return tuple(map(_reflection, self.store.journal.revisions("reflections", record)))


def _reflection(row: Mapping[str, Any]) -> Reflection:
    return Reflection(
        id=row["record"],
        learner=row["learner_id"],
        conference=row["conference"],
        move=row["move"],
        prompt=row["prompt"],
        asked=row["asked"],
        words=row["words"],
        choice=row["choice"],
        at=row["at"],
        by=row["by"],
    )
