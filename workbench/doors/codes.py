"""Codes to come in by, printed or on a screen: for a class's pictures, a learner's own pages, or a learner's family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks, asks_inside
from workbench.access.rules import of_family
from workbench.doors.passes import ALL_DAY, Kind, Pass, end, made, short
from workbench.facet import Facet, moment
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _
from workbench.learners.learners import SchoolClass

_OF_LEARNERS = [str(Kind.LEARNER), str(Kind.FAMILY)]


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """A code that works: what for, until when, at which hours; `learner`: whose own it is, or whose family's."""

    id: str
    kind: Kind
    learner: int | None
    since: datetime
    until: datetime
    hours: tuple[int, int]
    uses: int
    used_at: datetime | None

    def __repr__(self) -> str:
        return f"<Code: {self.kind}>"


class Codes(Facet):
    """`bench.codes`: made and ended by those who teach a class. Their secrets are told once, to whoever makes one."""

    __slots__ = ()

    @asks_inside
    def for_class(self, class_: SchoolClass, *, until: datetime, hours: tuple[int, int] = ALL_DAY) -> Pass:
        """A code that opens the pictures of a class until a moment, each day from an hour to an hour."""
        self._permit(class_, "Codes.for_class")
        return self._made(Kind.CLASS, until, hours, class_id=class_.id)

    @asks(Action.GUIDE)
    def for_learner(self, learner: LearnerId, *, until: datetime, hours: tuple[int, int] = ALL_DAY) -> Pass:
        """A code that opens a learner's own pages; the one of before ends."""
        end(self.desk, learner_id=learner, kind=str(Kind.LEARNER))
        return self._made(Kind.LEARNER, until, hours, learner_id=learner)

    @asks(Action.GUIDE)
    def for_family(self, learner: LearnerId, *, until: datetime) -> Pass:
        """A letter's code, for whoever has the letter: reads what the learner shows their family, and answers.

        Each letter's is one of its own, and in the audit somebody of its own.
        """
        code = self._made(Kind.FAMILY, until, ALL_DAY, learner_id=learner)
        family = of_family(code.short)
        given = {"learner_id": learner, "since": self.desk.today, "until": until.astimezone().date()}
        self.store.people.tie({"actor": str(family), **given}, at=self.clock(), by=self.by)
        return code

    @asks_inside
    def of_class(self, class_: SchoolClass) -> tuple[Code, ...]:
        """The codes of a class, and of its learners, that work or will, the newest first."""
        self._permit(class_, "Codes.of_class")
        now = self.clock()
        members = self._members(class_.id)
        rows = [
            *self.store.people.all("passes", class_id=class_.id, ended_at=None),
            *self.store.people.all("passes", learner_id=members, kind=_OF_LEARNERS, ended_at=None),
        ]
        known = [_code(row) for row in rows if moment(row["until"]) > now]
        return tuple(sorted(known, key=lambda one: one.since, reverse=True))

    @asks_inside
    def end(self, class_: SchoolClass, code: str) -> None:
        """Ends one code of a class or of one of its learners: whoever came in by it is out at once."""
        if code not in {one.id for one in self.of_class(class_)}:
            raise NotFound(_("This code ended already."), _("See which ones work."))
        self._end(code)

    @asks_inside
    def end_all(self, class_: SchoolClass) -> int:
        """Ends every code of a class and its learners; returns how many there were."""
        known = self.of_class(class_)
        self._end(*(one.id for one in known))
        return len(known)

    def _end(self, *codes: str) -> None:
        """Ends codes, and what the families who came by them were to a learner."""
        end(self.desk, id=list(codes))
        families = [str(of_family(short(one))) for one in codes]
        for tie in self.store.people.all("ties", actor=families, ended_at=None):
            self.store.people.untie(tie["id"], at=self.clock(), by=self.by)

    def _permit(self, class_: SchoolClass, what: str) -> None:
        found = self.store.roster.classes([class_.id])
        educators = found[0]["educators"] if found else {}
        self.gate.permit_here(Action.ARRANGE, what, self.gate.to_class(educators))

    def _made(self, kind: Kind, until: datetime, hours: tuple[int, int], **whose: int) -> Pass:
        if until <= self.clock() or not 0 <= hours[0] < hours[1] <= 24:
            raise BadInput(_("The code would never work."), _("Say a later day, and an hour after the first."))
        return made(self.desk, kind, until=until, hours=hours, **whose)


def _code(row: Mapping[str, Any]) -> Code:
    used = None if row["used_at"] is None else moment(row["used_at"])
    return Code(
        row["id"],
        Kind(row["kind"]),
        row["learner_id"],
        moment(row["since"]),
        moment(row["until"]),
        (row["from_hour"], row["to_hour"]),
        row["uses"],
        used,
    )
