"""Responses: a heart or a line that an educator says back to something a learner wrote."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each
from workbench.facet import Facet, Kept
from workbench.ground.errors import BadInput
from workbench.ground.words import _


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """What an educator said back: a `heart`, `words`, or both; `about` is the id of what the learner wrote.

    `about` is a conference, for all that was said in it, or a check-in. `seen_on`: the day the learner saw it.
    """

    id: str
    learner: int
    about: str
    heart: bool
    words: str
    given_on: date
    seen_on: date | None

    def __repr__(self) -> str:
        return "<Response>"


#: The records that hold what a learner wrote, to say something back to.
_WRITTEN = ("conferences", "check_ins")
RESPONSES = Kept("responses", Response, tidy={"words": str.strip})


class Responses(Facet):
    """`bench.responses`: what educators say back to learners."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def give(self, about: RecordId, *, on: date, heart: bool | None = None, words: str | None = None) -> Response:
        """Says something back to what a learner wrote; what is None stays as it was said before.

        What is new waits to be seen again. Raises BadInput when neither a heart nor a word is left, and for a record
        that no learner writes in.
        """
        if not any(self._rows(kind, record=about) for kind in _WRITTEN):
            raise BadInput(_("These are no words of a learner."), _("Choose a conference or a check-in."))
        before = next(iter(self._all(RESPONSES, about=about)), None)
        hearty = (before is not None and before.heart) if heart is None else heart
        said = (before.words if before else "") if words is None else words
        if not hearty and not said.strip():
            raise BadInput(_("There are no words yet."), _("A heart or a few words are enough."))
        values = {"about": about, "heart": hearty, "words": said, "given_on": on, "seen_on": None}
        return self._keep(RESPONSES, self.store.owner(about), values, record=before.id if before else "")

    @asks(Action.GUIDE)
    def undo(self, response: RecordId) -> None:
        """Takes back what was last said."""
        self._undo(RESPONSES, response)

    @asks(Action.WRITE)
    def see(self, response: RecordId, *, on: date) -> Response:
        """Notes that the learner saw it; the day of the first time stays."""
        known = self._one(RESPONSES, response)
        return known if known.seen_on else self._change(RESPONSES, response, {"seen_on": on})

    @asks(Action.HEAR, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Response, ...]:
        """All that was said back to a learner, oldest first."""
        return self._all(RESPONSES, learner_id=learner)

    @asks(Action.HEAR, instead=tuple)
    def waiting(self, learner: LearnerId) -> tuple[Response, ...]:
        """What the learner has not seen yet, oldest first."""
        return self._all(RESPONSES, unset="seen_on", learner_id=learner)

    @asks_each(Action.HEAR)
    def to(self, records: Collection[str]) -> tuple[Response, ...]:
        """What was said back to some records (their ids)."""
        return self._all(RESPONSES, about=list(records)) if records else ()
