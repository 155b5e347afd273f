"""Replies: what a family writes back, by the link of a letter or through somebody who types it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each
from workbench.facet import Facet, Kept
from workbench.ground.errors import NotAllowed
from workbench.ground.words import N_, _


class Question(StrEnum):
    """What the school asked."""

    AT_HOME = "at home"  # what the learner tells there about school
    WISH = "wish"  # what the school should know, or do


class Via(StrEnum):
    """How it came."""

    LINK = "link"
    PAPER = "paper"
    PHONE = "phone"
    IN_PERSON = "in person"


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What a family said to a question; `to_learner`: it is for the learner, too. `by` is who wrote it down."""

    id: str
    learner: int
    question: Question
    words: str
    to_learner: bool
    via: Via
    on: date
    by: str

    def __repr__(self) -> str:
        return f"<Reply: {self.question}>"


REPLIES = Kept(
    "replies",
    Reply,
    stored={"on": "at"},
    needed={"words": (N_("There are no words yet."), N_("A few words are enough."))},
)


def asked(called: str) -> dict[Question, str]:
    """The questions in words, of a learner who is `called` so."""
    return {
        Question.AT_HOME: _("What does {name} tell you about school?").format(name=called),
        Question.WISH: _("What should we know, or do?"),
    }


class Replies(Facet):
    """`bench.replies`: what families write back."""

    __slots__ = ()

    @asks(Action.REPLY)
    def add(
        self,
        learner: LearnerId,
        question: Question | str,
        words: str,
        *,
        to_learner: bool = False,
        via: Via | str = Via.LINK,
    ) -> Reply:
        """Keeps what a family said; raises BadInput without words."""
        values = {"question": question, "words": words, "to_learner": to_learner, "via": via}
        return self._keep(REPLIES, learner, values)

    @asks(Action.REPLY)
    def withdraw(self, reply: RecordId) -> None:
        """Takes one's own back; `undo` brings it back. Raises NotAllowed for what somebody else wrote down."""
        self._only_own(reply)
        self._withdraw(REPLIES, reply)

    @asks(Action.REPLY)
    def undo(self, reply: RecordId) -> None:
        """Takes back what was last done with one's own."""
        self._only_own(reply)
        self._undo(REPLIES, reply)

    @asks(Action.REPLY)
    def own(self, learner: LearnerId) -> tuple[Reply, ...]:
        """Those the actor wrote down, oldest first."""
        return tuple(one for one in self._all(REPLIES, learner_id=learner) if one.by == self.by)

    @asks(Action.SHARED, instead=tuple)
    def to_learner(self, learner: LearnerId) -> tuple[Reply, ...]:
        """Those that are for the learner, oldest first."""
        return tuple(one for one in self._all(REPLIES, learner_id=learner) if one.to_learner)

    @asks(Action.NOTES, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Reply, ...]:
        """All of them, oldest first, for whoever teaches the learner."""
        return self._all(REPLIES, learner_id=learner)

    @asks_each(Action.NOTES)
    def of_class(self, class_id: int, *, since: date) -> tuple[Reply, ...]:
        """Those of a class's learners from a day on, the newest first."""
        every = self._all(REPLIES, learner_id=self._members(class_id))
        return tuple(one for one in reversed(every) if one.on >= since)

    def _only_own(self, reply: str) -> None:
        first = self._history(REPLIES, reply)[:1]
        if first and first[0].by != self.by:
            raise NotAllowed(_("Somebody else wrote this down."), _("Write one of your own."))
