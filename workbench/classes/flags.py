"""Flags: a learner asks for help, a conference, a buddy, or to show something, and an educator sees it in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.access.gate import Action, asks, asks_each, no_learner
from workbench.facet import Facet, moment, moment_or_none
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner


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


class Flags(Facet):
    """`bench.flags`: raises, sees and answers flags."""

    __slots__ = ()

    @asks(Action.WRITE)
    def raise_(
        self,
        learner: Learner | int,
        kind: Kind | str = Kind.HELP,
        *,
        urgency: Urgency | str = Urgency.TODAY,
        words: str = "",
        tried: Iterable[str] = (),
    ) -> Flag:
        """Puts a flag up. One of the kind that is up already gets the new words and urgency instead."""
        number = learner.id if isinstance(learner, Learner) else learner
        before = [one for one in self.of(number) if one.up and one.kind is Kind(kind)]
        values: dict[str, Any] = {"kind": Kind(kind), "urgency": Urgency(urgency), "tried": list(tried)}
        if before:
            values["words"] = words.strip() or before[-1].words
            return _flag(self._keep("flags", number, values, record=before[-1].id))
        values |= {"words": words.strip(), "raised_at": self.clock()}
        return _flag(self._keep("flags", number, {**values, "seen_at": None, "answered_at": None, "answer": ""}))

    @asks(Action.WRITE)
    def revise(self, flag: Flag | str, *, words: str | None = None, tried: Iterable[str] | None = None) -> Flag:
        """Changes what is said on a flag; what is None stays. Raises BadInput for one that was answered meanwhile."""
        known = _flag(self._one("flags", _id(flag)))
        if not known.up:
            raise BadInput(_("This flag was answered already."), _("Put a new one up if you still need something."))
        said = known.words if words is None else words.strip()
        return self._revise(known, {"words": said, "tried": list(known.tried if tried is None else tried)})

    @asks(Action.GUIDE)
    def see(self, flag: Flag | str) -> Flag:
        """Tells the learner that the flag was seen; who saw it first stays."""
        known = _flag(self._one("flags", _id(flag)))
        return known if known.seen_at else self._revise(known, {"seen_at": self.clock()})

    @asks(Action.GUIDE)
    def answer(self, flag: Flag | str, words: str = "") -> Flag:
        """Answers a flag, so that it is down; words are for the learner."""
        known = _flag(self._one("flags", _id(flag)))
        now = self.clock()
        return self._revise(known, {"seen_at": known.seen_at or now, "answered_at": now, "answer": words.strip()})

    @asks(Action.WRITE)
    def take_down(self, flag: Flag | str) -> None:
        """Takes a flag down that is needed no longer; `undo` puts it up again. Raises BadInput for an answered one."""
        known = _flag(self._one("flags", _id(flag)))
        if not known.up:
            raise BadInput(_("This flag was answered already."), _("Put a new one up if you still need something."))
        self._withdraw("flags", known.id)

    @asks(Action.WRITE)
    def undo(self, flag: Flag | str) -> None:
        """Takes back what was last done with a flag."""
        self._undo("flags", _id(flag))

    @asks(Action.READ)
    def of(self, learner: Learner | int) -> tuple[Flag, ...]:
        """A learner's flags, oldest first; those taken down are not among them."""
        number = learner.id if isinstance(learner, Learner) else learner
        return tuple(map(_flag, self._all("flags", learner_id=number)))

    @asks_each(Action.READ)
    def up(self, class_id: int | None = None) -> list[Flag]:
        """The flags that are up among the actor's learners, or those of a class, in order of `in_order`."""
        narrowed = {} if class_id is None else {"learner_id": self._members(class_id)}
        return in_order(map(_flag, self._all("flags", unset="answered_at", **narrowed)))

    @asks(Action.READ)
    def history(self, flag: Flag | str) -> tuple[Flag, ...]:
        """A flag as it was after each thing done with it, by whom, oldest first."""
        return tuple(map(_flag, self.store.journal.revisions("flags", _id(flag))))

    @no_learner
    def changed(self, since: int) -> int:
        """The newest change of any flag after change `since`, or `since`: cheap enough to ask every second."""
        return self.store.journal.latest_of(["flags"], since=since)

    def _revise(self, flag: Flag, values: Mapping[str, Any]) -> Flag:
        return _flag(self._keep("flags", flag.learner, values, record=flag.id))


def _id(flag: Flag | str) -> str:
    return flag.id if isinstance(flag, Flag) else flag


def _flag(row: Mapping[str, Any]) -> Flag:
    return Flag(
        id=row["record"],
        learner=row["learner_id"],
        kind=Kind(row["kind"]),
        urgency=Urgency(row["urgency"]),
        words=row["words"],
        tried=tuple(row["tried"]),
        raised_at=moment(row["raised_at"]),
        seen_at=moment_or_none(row["seen_at"]),
        answered_at=moment_or_none(row["answered_at"]),
        answer=row["answer"],
        by=row["by"],
    )
