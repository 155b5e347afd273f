"""Help with wording a goal, for every form that asks for one: areas, examples, two doors, and the adviser."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.bench import Workbench
from workbench.evidence.evidence import Evidence
from workbench.goals import help as goal_help
from workbench.goals import targets
from workbench.goals.goals import Goal, Horizon, State, usual_day
from workbench.goals.help import Advice, Door, Question
from workbench.goals.plans import Step, StepKind
from workbench.ground import days
from workbench.ground.choices import Option
from workbench.ground.errors import BadInput
from workbench.ground.words import _, language

ARROW = "→"  # a step of a plan that answers an obstacle: "I am tired → I read in the morning"
MOST_ADVICE = 2  # sentences at once, so that a learner reads them


@dataclass(slots=True)
class Wording:
    """The help for one goal of a learner, or for one that has no words yet.

    Until there are words, fields of the goal are set aside in `waiting`.
    """

    bench: Workbench
    learner: int
    today: date
    goal: Callable[[], Goal | None]
    waiting: dict[str, Any] = field(default_factory=dict)
    door: str = ""  # the door one went through, for as long as the page is open

    def value(self, name: str, default: Any = "") -> Any:
        """A field of the goal as it stands, or as it waits."""
        goal = self.goal()
        return getattr(goal, name) if goal else self.waiting.get(name, default)

    def revise(self, **changes: Any) -> None:
        """Keeps fields of the goal (`Goals.revise`), or sets them aside."""
        due_on = changes.get("due_on")
        if due_on is not None and due_on < self.today:
            raise BadInput(_("This day is past already."), _("Choose today or a later day."))
        goal = self.goal()
        if goal is None:
            self.waiting |= changes
        else:
            self.bench.goals.revise(goal, **changes)

    def worded(self, words: str) -> dict[str, str]:
        """These words as fields of the goal, with the area they tell of unless somebody chose another."""
        goal, now = self.goal(), self.value("area")
        found = goal_help.guess(words)
        is_guess = now in ("", goal_help.guess(goal.words) if goal else "")
        return {"words": words, **({"area": found} if found and is_guess else {})}

    # What it is about

    def area(self, name: str, *, folded: bool = False, pictures: bool = False) -> Block:
        """The area, with `pictures` on it; `folded` away into a list where there is little room."""
        label, now = _("What is it about?"), self.value("area")
        if folded:
            offered = {"": _("Not said yet"), **{one.id: one.name for one in self._help.areas}}
            return _blocks.select(name, label, now, offered, self._keep("area"), size="beside")
        areas = [Option(one.id, one.name) for one in self._help.areas]
        if pictures:
            areas = [Option(one.id, one.young or one.name, one.picture) for one in self._help.areas]
        return _blocks.choice(name, label, now, areas, self._keep("area"))

    def examples(self, words: str) -> tuple[Block, ...]:
        """Vague and good wording of the same idea, of the area that was chosen; `words` names the box to put one in."""
        area = self._help.area(self.value("area"))
        if area is None or not area.examples:
            return ()
        rows = [{"vague": vague, "good": good} for vague, good in area.examples]
        return (Block("examples", shown={"label": _("The same idea, said clearly"), "rows": rows, "to": words}),)

    def shorts(self) -> tuple[Option, ...]:
        """Whole goals of the area, for those who begin to read."""
        area = self._help.area(self.value("area"))
        return area.short if area else ()

    def parent(self, name: str) -> tuple[Block, ...]:
        """The long goal it hangs under, where there is one to choose."""
        goal, now = self.goal(), self.value("parent")
        above = self.bench.goals.get(now) if now else None
        longer = [
            one
            for one in self.bench.goals.of_learner(self.learner)
            if one.horizon is Horizon.LONG and one.state is State.ACTIVE and (goal is None or one.id != goal.id)
        ]
        takes_up = above is not None and above.horizon is not Horizon.LONG
        if takes_up or self.value("horizon", Horizon.SHORT) == Horizon.LONG or not (longer or above):
            return ()
        offered = {one.id: one.words for one in (*longer, *((above,) if above else ()))}
        offered = {"": _("No, it stands by itself"), **offered}
        return (_blocks.select(name, _("Is it part of a long goal?"), now, offered, self._keep("parent")),)

    # The same in little room, as in a conference

    def beside(self, name: str) -> Block:
        """One thought of the adviser's, with examples to take up where it is about the words, and the doors."""
        goal = self.goal()
        shown = self.examples(name) if goal and not self.door and goal_help.is_unclear(goal.words) else ()
        return _blocks.group(*self.advice(most=1), *shown, self.doors(f"{name}.door"), look="word-help")

    def about(self, name: str) -> tuple[Block, ...]:
        """The area, and the long goal it is part of."""
        return (self.area(f"{name}.area", folded=True), *self.parent(f"{name}.parent"))

    def behind_a_door(self, name: str) -> tuple[Block, ...]:
        """The questions of the door that one went through, but for what the conference asks by itself."""
        return self.questions(f"{name}.asked", but=("due", "purpose")) if self.door else ()

    # Two doors

    def doors(self, name: str) -> Block:
        """Which way to word it."""
        ways = {"": _("In my own way"), **{one.id: one.name for one in self._help.doors}}
        return _blocks.choice(name, _("How would you like to word it?"), self.door, ways, self._enter, quiet=True)

    def first(self, label: str) -> str:
        """What asks for the goal's words: the door's own question, or `label`."""
        return next((one.ask for one in self._questions() if one.keeps == "words"), label)

    def asks_for(self, keeps: str) -> bool:
        """Whether the door that is open has a question of its own for this."""
        return any(one.keeps == keeps for one in self._questions())

    def questions(self, name: str, but: Collection[str] = ()) -> tuple[Block, ...]:
        """The door's questions after the first, none of `but`; they come once there are words."""
        goal = self.goal()
        asked = [one for one in self._questions() if one.keeps not in ("words", *but)]
        if goal is None or not asked:
            return ()
        return (Block("door", name, inside=tuple(self._question(name, one, goal) for one in asked)),)

    def in_the_way(self, name: str) -> tuple[Block, ...]:
        """What could hinder, and what one does then: of whichever door asks it."""
        goal = self.goal()
        asked = [one for door in self._help.doors for one in door.steps if one.keeps in ("obstacle", "answer")]
        return tuple(self._question(name, one, goal) for one in asked) if goal else ()

    def _question(self, name: str, asked: Question, goal: Goal) -> Block:
        label = asked.ask
        if asked.keeps == "due":
            return self.day(f"{name}.due", label)
        if asked.keeps == "purpose":
            return self.purpose(f"{name}.purpose", label)
        if asked.keeps == "show":
            shape = self.bench.plans.shape
            show = self.bench.plans.of(goal).show
            return _blocks.text(f"{name}.show", label, show, lambda said: shape(goal, show=said.strip()), size="line")
        if asked.keeps:
            answered = self._answered(goal)
            first, _arrow, then = answered.words.partition(ARROW) if answered else ("", "", "")
            said = first.strip() if asked.keeps == "obstacle" else then.strip()
            return _blocks.text(
                f"{name}.{asked.keeps}",
                label,
                said,
                lambda words: self._overcome(goal, asked.keeps, words),
                size="line",
            )
        return _blocks.note(label, look="thought")

    def _answered(self, goal: Goal) -> Step | None:
        """The step of the plan that answers an obstacle."""
        steps = (one for one in self.bench.plans.of(goal).steps if one.kind is StepKind.WAY and ARROW in one.words)
        return next(steps, None)

    def _overcome(self, goal: Goal, which: str, words: str) -> None:
        step = self._answered(goal)
        first, _arrow, then = step.words.partition(ARROW) if step else ("", "", "")
        said = words.replace(ARROW, " ").strip()
        first, then = (said, then.strip()) if which == "obstacle" else (first.strip(), said)
        both = f"{first} {ARROW} {then}".strip()
        if not first and not then:
            if step:
                self.bench.plans.withdraw_step(step)
        elif step is None:
            self.bench.plans.add_step(goal, both)
        else:
            self.bench.plans.revise_step(step, words=both)

    # How big, by when, and why

    def horizon(self, name: str, *, youngest: bool = False) -> Block:
        """How far off it is."""
        sizes = {
            Horizon.TODAY: _("For today"),
            Horizon.SHORT: _("This week") if youngest else _("A week or two"),
            Horizon.LONG: _("A month or more"),
        }
        now = self.value("horizon", Horizon.SHORT)
        if youngest:
            pictures = {Horizon.TODAY: "outside", Horizon.SHORT: "time", Horizon.LONG: "grow"}
            options = [Option(one, words, pictures[one]) for one, words in sizes.items()]
            return _blocks.choice(name, _("How big is it?"), now, options, lambda one: self.sized(Horizon(one)))
        return _blocks.choice(name, _("How big is it?"), now, sizes, self.sized)

    def day(self, name: str, label: str = "") -> Block:
        """By when; days to take with one touch are as far off as the goal is big."""
        horizon = self.value("horizon", Horizon.SHORT)
        offer = days.weeks_ahead(self.today, (4, 8, 12)) if horizon == Horizon.LONG else days.soon(self.today)
        label = label or _("When will it be done?")
        return _blocks.day(name, label, self.due, self.due_by, today=self.today, offer=offer)

    @property
    def due(self) -> date | None:
        """The goal's day, or the usual one of a goal that has no words yet."""
        goal = self.goal()
        if goal is not None:
            return goal.due_on
        waiting: date | None = self.waiting.get("due_on")
        return waiting or usual_day(self.waiting.get("horizon", Horizon.SHORT), self.today)

    def purpose(self, name: str, label: str = "") -> Block:
        """Why it matters."""
        label = label or _("Why does it matter to you?")
        return _blocks.text(name, label, self.value("purpose"), self._keep("purpose"), size="line")

    def number(self, name: str, evidence: tuple[Evidence, ...]) -> tuple[Block, ...]:
        """What it is followed by, and how much: optional, read from evidence by itself."""
        known = targets.offers(evidence, self.today)
        now = self.value("measure")
        if not known and not now:
            return ()
        offered = {"": _("No number"), **known, **({now: known.get(now, _("Chosen before"))} if now else {})}
        asked = [_blocks.select(name, _("Follow it with a number?"), now, offered, self._keep("measure"))]
        if now:
            target = self.value("target")
            asked.append(_blocks.text(f"{name}.target", _("How much?"), target, self._keep("target"), size="aside"))
        return tuple(asked)

    # The adviser

    def advice(self, evidence: tuple[Evidence, ...] = (), *, most: int = MOST_ADVICE) -> tuple[Block, ...]:
        """What could make the goal easier to keep, said quietly; it stops nobody."""
        goal = self.goal()
        if goal is None:
            return ()
        recent = self.bench.goals.of_learner(self.learner)
        noticed: list[Advice] = [*goal_help.advise(goal, recent=recent)]
        beyond = targets.advise(goal, evidence, on=self.today)
        said = [one.sentence for one in (*((beyond,) if beyond else ()), *noticed)][:most]
        return (Block("advice", shown={"label": _("A thought"), "sentences": said}),)

    @property
    def _help(self) -> goal_help.Help:
        return goal_help.load(language())

    def _questions(self) -> tuple[Question, ...]:
        door: Door | None = next((one for one in self._help.doors if one.id == self.door), None)
        return door.steps if door else ()

    def _enter(self, door: str) -> None:
        self.door = door

    def sized(self, horizon: str) -> None:
        """Keeps how far off it is; one for today is due today."""
        chosen = Horizon(horizon)
        hung = {"parent": ""} if chosen is Horizon.LONG else {}
        due = {"due_on": self.today} if chosen is Horizon.TODAY else {}
        if self.waiting.get("horizon") is Horizon.TODAY:
            self.waiting.pop("due_on", None)
        self.revise(horizon=chosen, **hung, **due)

    def due_by(self, day: date | None) -> None:
        """Keeps the goal's day; without one it has the usual day again."""
        self.revise(due_on=day or usual_day(self.value("horizon", Horizon.SHORT), self.today))

    def _keep(self, name: str) -> Callable[[str], object]:
        return lambda words: self.revise(**{name: words.strip()})
