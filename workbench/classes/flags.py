"""Flags: a learner asks for help, a conference, a buddy, or to show something, and an educator sees it in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, no_learner
from workbench.facet import Facet, Kept, given
from workbench.ground.errors import BadInput
from workbench.ground.words import _


class Kind(StrEnum):
    """What is asked for."""

    HELP = "help"
    CONFERENCE = "conference"
    BUDDY = "buddy"
    SHOW = "show"


class Urgency(StrEnum):
    """How long it can wait, shortest first."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True, slots=True, repr=False)
class Flag:
    """A flag: what for, how urgent, why in the learner's `words`, and what they `tried` of the class's list first.

    It is up until it is answered or taken down. `by` is who last did anything with it.
    """

    id: str
    learner: int
    kind: Kind
    urgency: Urgency
    words: str
    tried: tuple[str, ...]
    raised_at: datetime
    seen_at: datetime | None
    answered_at: datetime | None
    answer: str
    by: str

    @property
    def up(self) -> bool:
        return self.answered_at is None

    def __repr__(self) -> str:
        return f"<Flag: {self.kind}, {self.urgency}>"


def in_order(flags: Iterable[Flag]) -> list[Flag]:
    """The most urgent first; of those alike, who has waited longest."""
    return sorted(flags, key=lambda one: (list(Urgency).index(one.urgency), one.raised_at))


FLAGS = Kept("flags", Flag, tidy=dict.fromkeys(("words", "answer"), str.strip))


class Flags(Facet):
    """`bench.flags`: raises, sees and answers flags."""

    __slots__ = ()

    @asks(Action.WRITE)
    def raise_(
        self,
        learner: LearnerId,
        kind: Kind | str = Kind.HELP,
        *,
        urgency: Urgency | str = Urgency.TODAY,
        words: str = "",
        tried: Iterable[str] = (),
    ) -> Flag:
        """Puts a flag up. One of the kind that is up already gets the new words and urgency instead."""
        before = [one for one in self.of(learner) if one.up and one.kind is Kind(kind)]
        values: dict[str, Any] = {"kind": kind, "urgency": urgency, "tried": tuple(tried)}
        if before:
            return self._change(FLAGS, before[-1].id, {**values, "words": words.strip() or before[-1].words})
        values |= {"words": words, "raised_at": self.clock(), "seen_at": None, "answered_at": None, "answer": ""}
        return self._keep(FLAGS, learner, values)

    @asks(Action.WRITE)
    def revise(
        self,
        flag: RecordId,
        *,
        words: str | None = None,
        tried: Iterable[str] | None = None,
        urgency: Urgency | str | None = None,
    ) -> Flag:
        """Changes what is said on a flag; what is None stays. Raises BadInput for one that was answered meanwhile."""
        self._refuse_answered(flag)
        ticked = None if tried is None else tuple(tried)
        return self._change(FLAGS, flag, given(words=words, tried=ticked, urgency=urgency))

    @asks(Action.GUIDE)
    def see(self, flag: RecordId) -> Flag:
        """Tells the learner that the flag was seen; who saw it first stays."""
        known = self._one(FLAGS, flag)
        return known if known.seen_at else self._change(FLAGS, flag, {"seen_at": self.clock()})

    @asks(Action.GUIDE)
    def answer(self, flag: RecordId, words: str = "") -> Flag:
        """Answers a flag, so that it is down; words are for the learner."""
        known, now = self._one(FLAGS, flag), self.clock()
        return self._change(FLAGS, flag, {"seen_at": known.seen_at or now, "answered_at": now, "answer": words})

    @asks(Action.WRITE)
    def take_down(self, flag: RecordId) -> None:
        """Takes a flag down that is needed no longer; `undo` puts it up again. Raises BadInput for an answered one."""
        self._refuse_answered(flag)
        self._withdraw(FLAGS, flag)

    @asks(Action.WRITE)
    def undo(self, flag: RecordId) -> None:
        """Takes back what was last done with a flag."""
        self._undo(FLAGS, flag)

    @asks(Action.HEAR, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Flag, ...]:
        """A learner's flags, oldest first; those taken down are not among them."""
        return self._all(FLAGS, learner_id=learner)

    @asks_each(Action.HEAR)
    def up(self, class_id: int | None = None) -> list[Flag]:
        """The flags that are up among the actor's learners, or those of a class, in order of `in_order`."""
        narrowed = {} if class_id is None else {"learner_id": self._members(class_id)}
        return in_order(self._all(FLAGS, unset="answered_at", **narrowed))

    @asks(Action.HEAR, instead=tuple)
    def history(self, flag: RecordId) -> tuple[Flag, ...]:
        """A flag as it was after each thing done with it, by whom, oldest first."""
        return self._history(FLAGS, flag)

    @no_learner
    def changed(self, since: int) -> int:
        """The newest change of any flag after change `since`, or `since`: cheap enough to ask every second."""
        return self.store.journal.latest_of([FLAGS.kind], since=since)

    def _refuse_answered(self, flag: str) -> None:
        if not self._one(FLAGS, flag).up:
            raise BadInput(_("This flag was answered already."), _("Put a new one up if you still need something."))
