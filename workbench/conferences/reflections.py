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

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept
from workbench.ground import strokes
from workbench.ground.bands import Speaker


@dataclass(frozen=True, slots=True, repr=False)
class Reflection:
    """One answer: `words` as the learner said them, and `choice`, a picked face or option ("" if none).

    `asked` is the question as it was worded then; `said_by` whose answer it is and `typed_by` who wrote it down, each
    a `Speaker`; `drawing` its strokes as text (`strokes`); `by` the actor the page belonged to.
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
    said_by: Speaker = Speaker.LEARNER
    typed_by: Speaker = Speaker.LEARNER
    drawing: str = ""

    @property
    def empty(self) -> bool:
        return not (self.words.strip() or self.choice or self.drawing)

    def __repr__(self) -> str:
        return f"<Reflection on {self.prompt}>"


REFLECTIONS = Kept("reflections", Reflection)


class Reflections(Facet):
    """`bench.reflections`: keeps what a learner answered; every edit is a new revision."""

    __slots__ = ()

    @asks(Action.WRITE)
    def say(
        self,
        conference: RecordId,
        *,
        move: str,
        prompt: str,
        asked: str,
        words: str | None = None,
        choice: str | None = None,
        drawing: str | None = None,
        said_by: Speaker | str = Speaker.LEARNER,
        typed_by: Speaker | str = Speaker.LEARNER,
        answer: str | None = None,
    ) -> Reflection:
        """Keeps an answer to one prompt of a conference; what is None stays as it was.

        `answer` is the id of the one that is edited, "" where the writer's page still showed none: then an answer
        that somebody else has given meanwhile stays, and this one is kept `beside` it. None edits the first.
        Raises BadInput for a drawing that is none, ValueError for an unknown `said_by` or `typed_by`, or an answer
        to another prompt.
        """
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
        return self._written(
            REFLECTIONS,
            learner,
            REFLECTIONS.values(values),
            answer or first,
            first=dict.fromkeys(given, ""),
            beside=None if answer != "" else lambda row: _is_other(row, given),
        )

    @asks(Action.HEAR, instead=dict)
    def of(self, conference: RecordId) -> dict[tuple[str, str], Reflection]:
        """The answers of a conference by (move, prompt): of several to one prompt, the first that says something."""
        found: dict[tuple[str, str], Reflection] = {}
        for one in self.every(conference):
            place = (one.move, one.prompt)
            if place not in found or found[place].empty:
                found[place] = one
        return found

    @asks(Action.HEAR, instead=tuple)
    def every(self, conference: RecordId) -> tuple[Reflection, ...]:
        """Every answer of a conference, oldest first; two to one prompt were given at the same time."""
        return self._all(REFLECTIONS, conference=conference)

    @asks(Action.HEAR, instead=tuple)
    def of_learner(self, learner: LearnerId) -> tuple[Reflection, ...]:
        """Every answer a learner gave, oldest first."""
        return self._all(REFLECTIONS, learner_id=learner)

    @asks(Action.HEAR, instead=tuple)
    def revisions(self, reflection: RecordId) -> tuple[Reflection, ...]:
        """Every wording of one answer, oldest first."""
        return self._history(REFLECTIONS, reflection)


def _is_other(row: Mapping[Any, Any], given: Mapping[str, str | None]) -> bool:
    """Whether an answer is there that is not the one given, or its beginning, sent again."""
    there = any(row[name].strip() for name in given)
    return there and not all(value is None or value == row[name] for name, value in given.items())
