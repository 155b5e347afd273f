"""Goals: something small, doable soon and meaningful, with the reason why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, record_of
from workbench.facet import Facet, Kept
from workbench.ground import days
from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _

#: A goal whose day passed longer ago is not due any more: it waits on its learner's board.
OVERDUE = timedelta(weeks=4)
_LONG = timedelta(weeks=8)  # the usual time for a long goal
_BEFORE_FRIDAY = timedelta(days=3)  # a Friday nearer than that leaves too little time


class Horizon(StrEnum):
    """How far off a goal is: today, days to two weeks, or a month and more."""

    TODAY = "today"
    SHORT = "short"
    LONG = "long"


class State(StrEnum):
    """How a goal stands. `NOT_YET` leads to a smaller next step, never to a mark."""

    ACTIVE = "active"
    MET = "met"
    NOT_YET = "not yet"
    SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True, repr=False)
class Goal:
    """A goal in the learner's words, `purpose` (why it matters), and optionally a measure and target.

    `parent` is the long goal it hangs under, or one not met that this smaller one takes up; `area` what it is about
    (`goal_help`), `why_changed` the reason of its newest adjustment, `learned` what it taught, whether met or not.
    `shared` goals are told to buddies.
    """

    id: str
    learner: int
    conference: str
    words: str
    purpose: str
    horizon: Horizon
    chosen_on: date
    due_on: date | None
    state: State
    measure: str = ""
    target: str = ""
    parent: str = ""
    area: str = ""
    why_changed: str = ""
    learned: str = ""
    shared: bool = False

    def __repr__(self) -> str:
        return f"<Goal: {self.horizon}, {self.state}>"


GOALS = Kept(
    "goals",
    Goal,
    revisable=(
        *("words", "purpose", "horizon", "due_on", "measure", "target", "state"),
        *("parent", "area", "why_changed", "learned", "shared"),
    ),
    needed={"words": (N_("The goal has no words yet."), N_("A few words, picked or typed, are enough."))},
    tidy=dict.fromkeys(("purpose", "measure", "target"), str.strip),
)


class Goals(Facet):
    """`bench.goals`: chooses goals and says why."""

    __slots__ = ()

    @asks(Action.WRITE)
    def choose(
        self,
        about: LearnerId | RecordId,
        words: str,
        *,
        on: date,
        purpose: str = "",
        horizon: Horizon | str = Horizon.SHORT,
        due_on: date | None = None,
        measure: str = "",
        target: str = "",
        parent: Goal | str = "",
        area: str = "",
        shared: bool = False,
        record: str = "",
    ) -> Goal:
        """Keeps a goal chosen in a conference, or apart from one; `record` is the id it is to have.

        Without a day it gets the one that its words name (`days.named`), or the usual one (`usual_day`).

        Raises BadInput without words, for a date that is past already, or a parent that is no long goal of the learner;
        ValueError for the id of something that is there.
        """
        if record and self.store.journal.knows(record):
            raise ValueError("this id is taken")
        learner, held = self._held_in(about)
        values = {
            "conference": held,
            "words": words,
            "purpose": purpose,
            "horizon": horizon,
            "measure": measure,
            "target": target,
            "chosen_on": on,
            "due_on": _ahead(due_on, on) or days.named(words, on) or usual_day(horizon, on),
            "state": State.ACTIVE,
            "parent": self._parent(parent, learner),
            "area": area,
            "shared": shared,
        }
        return self._keep(GOALS, learner, values, record=record)

    @asks(Action.WRITE)
    def revise(self, goal: RecordId, /, **changes: Any) -> Goal:
        """Changes what of `GOALS` is revisable; a usual day goes with how far off the goal is, and with its words.

        Raises BadInput for words left empty, a date before the goal was chosen or a parent that is no long goal of
        the learner, TypeError for another name.
        """
        known = self.get(goal)
        if "due_on" in changes:
            changes["due_on"] = _ahead(changes["due_on"], known.chosen_on)
        elif "horizon" in changes and known.due_on in (None, usual_day(known.horizon, known.chosen_on)):
            changes["due_on"] = usual_day(changes["horizon"], max(self.desk.today, known.chosen_on))
        elif "words" in changes and known.due_on in (
            None,
            usual_day(known.horizon, known.chosen_on),
            days.named(known.words, known.chosen_on),
        ):
            changes["due_on"] = days.named(changes["words"], self.desk.today) or known.due_on
        if "parent" in changes:
            changes["parent"] = self._parent(changes["parent"], known.learner)
        return self._revise(GOALS, goal, changes)

    @asks(Action.WRITE)
    def withdraw(self, goal: RecordId) -> None:
        """Takes a goal off the list, as one crosses out what was said by mistake."""
        self._withdraw(GOALS, goal)

    @asks(Action.WRITE)
    def undo(self, goal: RecordId) -> None:
        """Takes the newest change of a goal back, or that it was taken off the list."""
        self._undo(GOALS, goal)

    @asks(Action.FOLLOW)
    def get(self, goal: RecordId) -> Goal:
        """A goal as it stands now; raises NotFound."""
        return self._one(GOALS, goal)

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, conference: RecordId) -> tuple[Goal, ...]:
        """The goals chosen in a conference, oldest first."""
        return self._all(GOALS, conference=conference)

    @asks(Action.FOLLOW, instead=tuple)
    def of_learner(self, learner: LearnerId) -> tuple[Goal, ...]:
        """Every goal of a learner, oldest first."""
        return self._all(GOALS, learner_id=learner)

    @asks_each(Action.FOLLOW)
    def due(self, *, until: date, since: date | None = None, class_id: int | None = None) -> list[Goal]:
        """The active goals whose day is from `since` (default: `OVERDUE` ago) to `until`, soonest first.

        Of the learners of a class, or of all whom the actor may see.
        """
        first = since or self.desk.today - OVERDUE
        narrowed = {} if class_id is None else {"learner_id": self._members(class_id)}
        goals = self._all(GOALS, span=("due_on", first, until), **narrowed)
        return sorted((one for one in goals if one.state is State.ACTIVE), key=lambda goal: goal.due_on or until)

    def _parent(self, parent: Goal | str | None, learner: int) -> str | None:
        """The id of the goal that one hangs under: a long one, or one not met that it takes up; None without."""
        if not parent:
            return None
        record = record_of(parent)
        above = GOALS.of(self.store.journal.one("goals", record))
        if above.learner != learner or not (above.horizon is Horizon.LONG or above.state is State.NOT_YET):
            raise BadInput(
                _("A small goal can only hang under a long goal of the same learner."), _("Choose a long one.")
            )
        return record


def long_above(goal: Goal, known: Iterable[Goal]) -> Goal | None:
    """The long goal that a goal hangs under, also by way of one not met; None for one that stands by itself."""
    by_id = {one.id: one for one in known}
    above = by_id.get(goal.parent)
    seen = {goal.id}
    while above is not None and above.horizon is not Horizon.LONG and above.id not in seen:
        seen.add(above.id)
        above = by_id.get(above.parent)
    return above if above is not None and above.horizon is Horizon.LONG else None


def usual_day(horizon: Horizon | str, on: date) -> date:
    """The day of a goal chosen `on` for which nobody said one: that day, a Friday soon, or eight weeks on."""
    if horizon == Horizon.TODAY:
        return on
    if horizon == Horizon.LONG:
        return days.school_day(on + _LONG)
    return days.next_weekday(on + _BEFORE_FRIDAY, days.FRIDAY)


def _ahead(due_on: date | None, chosen_on: date) -> date | None:
    if due_on is not None and due_on < chosen_on:
        raise BadInput(_("This day is past already."), _("Choose today or a later day."))
    return due_on
