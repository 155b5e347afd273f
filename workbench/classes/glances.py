"""Glances: a class as it is now, a learner each, and who calls for an educator first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from workbench.access.actors import Action
from workbench.access.gate import asks_each, no_learner
from workbench.classes.flags import Flag, Flags
from workbench.classes.schedule import SILENT_FOR, Due, Need, Schedule, Why
from workbench.facet import Facet
from workbench.goals.celebrations import CELEBRATIONS, Celebrations, MetGoal
from workbench.goals.goals import GOALS, Goal
from workbench.goals.progress import CHECK_INS, CheckIn
from workbench.goals.pursuits import Pursuits
from workbench.learners.learners import SchoolClass, class_number
from workbench.learners.responses import RESPONSES

T = TypeVar("T", Goal, CheckIn, Flag, MetGoal)
#: What a glance is made of, by the names of its journals.
_SEEN = (GOALS.kind, CHECK_INS.kind, CELEBRATIONS.kind, RESPONSES.kind, "flags", "conferences", "bookings")


class Call(StrEnum):
    """Why a learner calls for an educator, the most pressing first."""

    STUCK = "stuck"
    ASKED = "asked"
    READY = "ready"
    MET = "met"
    DUE = "due"
    UNSEEN = "unseen"


_CALLS = {Why.STUCK: Call.STUCK, Why.FLAG: Call.ASKED, Why.READY: Call.READY, Why.GOAL: Call.DUE}


@dataclass(frozen=True, slots=True, repr=False)
class Glance:
    """How a learner is, at one look.

    `goals` are those pursued, the one changed last first, and `look` the newest check-in of that one; `stuck` the
    check-ins that wait for an educator, `flags` those that are up, `met` the goals to celebrate. `calls` are in the
    order of `Call`.
    """

    learner: int
    due: Due
    goals: tuple[Goal, ...]
    look: CheckIn | None
    stuck: tuple[CheckIn, ...]
    flags: tuple[Flag, ...]
    met: tuple[MetGoal, ...]
    calls: tuple[Call, ...]

    def __repr__(self) -> str:
        return f"<Glance: {', '.join(self.calls)}>"


def calls_of(due: Due, met: Sequence[MetGoal], on: date) -> tuple[Call, ...]:
    """Why somebody calls for an educator; with whom nobody talked for `SILENT_FOR` days calls by that alone."""
    found = {_CALLS[why] for why, _said in due.why if why in _CALLS}
    if met:
        found.add(Call.MET)
    if due.talked_on is None or (on - due.talked_on).days >= SILENT_FOR:
        found.add(Call.UNSEEN)
    return tuple(one for one in Call if one in found)


def in_order(glances: Iterable[Glance]) -> list[Glance]:
    """Who calls first: a flag that says "now", then by the first of `calls`, then by days of waiting."""
    order = list(Call)

    def key(one: Glance) -> tuple[bool, int, int]:
        first = order.index(one.calls[0]) if one.calls else len(order)
        return (one.due.need is not Need.NOW, first, -one.due.weight)

    return sorted(glances, key=key)


class Glances(Facet):
    """`bench.glances`: a class at one look."""

    __slots__ = ()

    @asks_each(Action.FOLLOW)
    def of(self, class_: SchoolClass | int, *, on: date) -> list[Glance]:
        """The learners of a class, in order of `in_order`; of flags what the actor may hear."""
        number = class_number(class_)
        pursuits = self._beside(Pursuits)
        goals = _by_learner(pursuits.goals(number, on=on))
        looks = {one.goal: one for one in pursuits.looks(number, on=on)}
        stuck = _by_learner(pursuits.stuck(number, on=on))
        met = _by_learner(self._beside(Celebrations).waiting(number, on=on))
        up = _by_learner(self._beside(Flags).up(number))
        found = []
        for due in self._beside(Schedule).due(number, on=on):
            one = due.learner
            pursued, ended = goals.get(one, ()), met.get(one, ())
            look = looks.get(pursued[0].id) if pursued else None
            calls = calls_of(due, ended, on)
            found.append(Glance(one, due, pursued, look, stuck.get(one, ()), up.get(one, ()), ended, calls))
        return in_order(found)

    @no_learner
    def changed(self, since: int) -> int:
        """The newest change of what a glance is made of after change `since`, or `since`: cheap to ask every second."""
        return self.store.journal.latest_of(_SEEN, since=since)


def _by_learner(some: Iterable[T]) -> Mapping[int, tuple[T, ...]]:
    found: dict[int, list[T]] = {}
    for one in some:
        found.setdefault(one.learner, []).append(one)
    return {learner: tuple(theirs) for learner, theirs in found.items()}
