"""Reflections: a learner's own answer to a prompt, and the feeling that went with it.

An answer is words, a choice, a drawing, or several of them. Every edit is a revision, so what somebody else wrote
stays readable. When two people answer the same prompt at the same time, each on a page where it was still empty,
neither loses: the second answer is kept beside the first, as one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.access.gate import Action, asks
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import WHO
from workbench.facet import Facet
from workbench.ground import strokes
from workbench.learners.learners import Learner


@dataclass(frozen=True, slots=True, repr=False)
class Reflection:
    """One answer: `words` as the learner said them, and `choice`, a picked face or option ("" if none).

    `asked` is the question as it was worded then; `said_by` whose answer it is and `typed_by` who wrote it down, each
    one of `protocols.WHO`; `drawing` its strokes as text (`strokes`); `by` the actor the page belonged to.
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
    said_by: str = WHO[0]
    typed_by: str = WHO[0]
    drawing: str = ""

    @property
    def empty(self) -> bool:
        return not (self.words.strip() or self.choice or self.drawing)

    def __repr__(self) -> str:
        return f"<Reflection on {self.prompt}>"


class Reflections(Facet):
    """`bench.reflections`: keeps what a learner answered; every edit is a new revision."""

    __slots__ = ()

    @asks(Action.WRITE)
    def say(
        self,
        conference: Conference | str,
        *,
        move: str,
        prompt: str,
        asked: str,
        words: str | None = None,
        choice: str | None = None,
        drawing: str | None = None,
        said_by: str = WHO[0],
        typed_by: str = WHO[0],
        answer: str | None = None,
    ) -> Reflection:
        """Keeps an answer to one prompt of a conference; what is None stays as it was.

        `answer` is the id of the one that is edited, "" where the writer's page still showed none: then an answer
        that somebody else has given meanwhile stays, and this one is kept `beside` it. None edits the first.
        Raises BadInput for a drawing that is none, ValueError for an unknown `said_by` or `typed_by`, or an answer
        to another prompt.
        """
        if said_by not in WHO or typed_by not in WHO:
            raise ValueError(f"said_by and typed_by are one of {', '.join(WHO)}")
        learner, held = self._held_in(conference)
        first = f"{held}.{move}.{prompt}"
        if answer and answer != first and not answer.startswith(f"{first}."):
            raise ValueError("this answer belongs to another prompt")
        given = {"words": words, "choice": choice, "drawing": drawing}
        if drawing is not None:
            given["drawing"] = strokes.written(strokes.read(drawing))
        values = {
            "conference": held,
            "move": move,
            "prompt": prompt,
            "asked": asked,
            "said_by": said_by,
            "typed_by": typed_by,
            **{name: value for name, value in given.items() if value is not None},
        }
        record = self.store.journal.add(
            "reflections",
            learner,
            values,
            by=self.by,
            at=self.clock(),
            record=answer or first,
            first=dict.fromkeys(given, ""),
            beside=None if answer != "" else lambda row: _is_other(row, given),
        )
        return _reflection(self.store.journal.one("reflections", record))

    @asks(Action.READ)
    def of(self, conference: Conference | str) -> dict[tuple[str, str], Reflection]:
        """The answers of a conference by (move, prompt): of several to one prompt, the first that says something."""
        found: dict[tuple[str, str], Reflection] = {}
        for one in self.every(conference):
            place = (one.move, one.prompt)
            if place not in found or found[place].empty:
                found[place] = one
        return found

    @asks(Action.READ)
    def every(self, conference: Conference | str) -> tuple[Reflection, ...]:
        """Every answer of a conference, oldest first; two to one prompt were given at the same time."""
        record = conference.id if isinstance(conference, Conference) else conference
        return tuple(map(_reflection, self.store.journal.current("reflections", as_of=self.as_of, conference=record)))

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


def _is_other(row: Mapping[Any, Any], given: Mapping[str, str | None]) -> bool:
    """Whether an answer is there that is not the one given, or its beginning, sent again."""
    there = any(row[name].strip() for name in given)
    return there and not all(value is None or value == row[name] for name, value in given.items())


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
        said_by=row["said_by"],
        typed_by=row["typed_by"],
        drawing=row["drawing"],
    )
