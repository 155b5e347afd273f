"""Plans: the ways a learner chose to reach a goal, with dates, and how it will show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import RecordId, asks
from workbench.facet import Facet, Kept
from workbench.ground.days import school_day
from workbench.ground.words import N_


class StepKind(StrEnum):
    """A way to work on the goal, or a day to look at how it is going."""

    WAY = "way"
    CHECK_IN = "check-in"


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One step of a plan: what, and optionally where, with whom, with what, and by when."""

    id: str
    learner: int
    goal: str
    kind: StepKind
    words: str
    place: str = ""
    partner: str = ""
    material: str = ""
    due_on: date | None = None
    done_on: date | None = None

    def __repr__(self) -> str:
        return f"<Step: {self.kind}{', done' if self.done_on else ''}>"


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The plan for one goal. `show` says how it will show that it is learned."""

    goal: str
    learner: int
    show: str = ""
    celebrate: str = ""
    next_conference_on: date | None = None
    steps: tuple[Step, ...] = ()

    @property
    def timeline(self) -> tuple[Step, ...]:
        """The steps that have a day, soonest first."""
        return tuple(sorted((step for step in self.steps if step.due_on), key=lambda step: step.due_on or date.max))

    def __repr__(self) -> str:
        return f"<Plan of {len(self.steps)} steps>"


#: The lines of a board of three by three, its places counted from 0 along the rows.
LINES = (
    *((0, 1, 2), (3, 4, 5), (6, 7, 8)),
    *((0, 3, 6), (1, 4, 7), (2, 5, 8)),
    *((0, 4, 8), (2, 4, 6)),
)


def three_in_a_row(places: Collection[int]) -> frozenset[int]:
    """Those of the picked places of a three-by-three board that stand in a whole line, as in tic-tac-toe."""
    return frozenset(place for line in LINES if set(line) <= set(places) for place in line)


class Pace(StrEnum):
    """How a plan goes by its own days."""

    OPEN = "open"  # nothing has a day yet
    ON_THE_WAY = "on the way"
    AHEAD = "ahead"
    BEHIND = "behind"
    DONE = "done"


@dataclass(frozen=True, slots=True, repr=False)
class Guide:
    """A plan's pace guide: how many of its steps are done, which day passed without them, and which is next."""

    pace: Pace
    done: int
    all: int
    late: tuple[Step, ...] = ()
    next: Step | None = None

    def __repr__(self) -> str:
        return f"<Guide: {self.pace}>"


def guide(plan: Plan, on: date) -> Guide:
    """Holds a plan's steps against their own days, and nobody else's: behind is who has one whose day is past.

    The supports for someone behind are a menu, `[supports]` of the protocols' `menus.LANGUAGE.toml`.
    """
    ways = [step for step in plan.steps if step.kind is StepKind.WAY]
    done = [step for step in ways if step.done_on]
    dated = [step for step in plan.timeline if step.kind is StepKind.WAY and not step.done_on]
    late = tuple(step for step in dated if step.due_on and step.due_on < on)
    ahead = next((step for step in dated if step not in late), None)
    if ways and len(done) == len(ways):
        pace = Pace.DONE
    elif late:
        pace = Pace.BEHIND
    elif any(step.due_on and step.due_on > on for step in done):
        pace = Pace.AHEAD
    else:
        pace = Pace.ON_THE_WAY if dated or done else Pace.OPEN
    return Guide(pace, len(done), len(ways), late, ahead)


STEPS = Kept(
    "steps",
    Step,
    revisable=("words", "place", "partner", "material", "due_on", "done_on"),
    needed={"words": (N_("This step has no words yet."), N_("Pick one from the menu or write a few words."))},
    tidy=dict.fromkeys(("place", "partner", "material"), str.strip),
)
#: What `Plans.shape` changes.
SHAPE = ("show", "celebrate", "next_conference_on")


class Plans(Facet):
    """`bench.plans`: designs how a goal is reached and sets the dates."""

    __slots__ = ()

    @asks(Action.FOLLOW)
    def of(self, goal: RecordId) -> Plan:
        """The plan of a goal; an empty one when nothing was planned yet."""
        shapes = self._rows("plans", goal=goal)
        shape = {name: shapes[0][name] for name in SHAPE} if shapes else {}
        return Plan(goal, self.store.owner(goal), **shape, steps=self._all(STEPS, goal=goal))

    @asks(Action.WRITE)
    def shape(self, goal: RecordId, /, **changes: Any) -> Plan:
        """Changes some of `SHAPE`; raises TypeError for another name."""
        unknown = set(changes) - set(SHAPE)
        if unknown:
            raise TypeError(f"Plan has no {', '.join(sorted(unknown))} to change")
        known = self.of(goal)
        values = {"goal": goal, **{name: getattr(known, name) for name in SHAPE}, **changes}
        self.store.journal.add("plans", known.learner, values, by=self.by, at=self.clock(), record=f"{goal}.plan")
        return self.of(goal)

    @asks(Action.WRITE)
    def add_step(
        self,
        goal: RecordId,
        words: str,
        *,
        kind: StepKind | str = StepKind.WAY,
        place: str = "",
        partner: str = "",
        material: str = "",
        due_on: date | None = None,
    ) -> Step:
        """Adds a step; raises BadInput without words."""
        values = {
            "goal": goal,
            "kind": kind,
            "words": words,
            "place": place,
            "partner": partner,
            "material": material,
            "due_on": due_on,
            "done_on": None,
        }
        return self._keep(STEPS, self.store.owner(goal), values)

    @asks(Action.WRITE)
    def revise_step(self, step: RecordId, /, **changes: Any) -> Step:
        """Changes what of `STEPS` is revisable; raises TypeError for another name, BadInput for words left empty."""
        return self._revise(STEPS, step, changes)

    @asks(Action.WRITE)
    def give_time(self, goal: RecordId, *, on: date, days: int = 3) -> tuple[Step, ...]:
        """Moves the steps whose day is past to a school day `days` after `on`; returns them as they were."""
        late = guide(self.of(goal), on).late
        for step in late:
            self.revise_step(step, due_on=school_day(on + timedelta(days=days)))
        return late

    @asks(Action.WRITE)
    def withdraw_step(self, step: RecordId) -> None:
        """Takes a step out of the plan; `restore_step` puts it back."""
        self._withdraw(STEPS, step)

    @asks(Action.WRITE)
    def restore_step(self, step: RecordId) -> Step:
        """Puts a withdrawn step back."""
        return self._restore(STEPS, step)
