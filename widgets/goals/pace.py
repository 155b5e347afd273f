"""The pace guide: which steps of a plan are done, whose day has passed, and what helps then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.goals.goals import Goal
from workbench.goals.plans import Guide, Pace, Step, StepKind, guide
from workbench.ground import days
from workbench.ground.days import school_day
from workbench.ground.words import _, language, ngettext


@dataclass(slots=True, repr=False)
class PaceSheet:
    """One goal's pace guide; `prefix` begins the names of its answers.

    `did` hears what was done, with how to undo it; `ask` leads to where one asks for help.
    """

    bench: Workbench
    goal: Goal
    today: date
    prefix: str
    did: Did
    ask: Callable[[], object]

    def blocks(self) -> Iterable[Block]:
        """The guide, once there is a step."""
        plan = self.bench.plans.of(self.goal)
        ways = [step for step in plan.steps if step.kind is StepKind.WAY]
        if not ways:
            return
        now = guide(plan, self.today)
        yield _blocks.group(
            _blocks.heading(_("How far I am"), lead=_told(now)),
            *(self._step(one, late=one in now.late) for one in sorted(ways, key=_by_day)),
            *(self._supports(now) if now.late else ()),
            look="card",
            name=f"{self.prefix}/pace",
        )

    def _step(self, step: Step, *, late: bool) -> Block:
        name = f"{self.prefix}/step/{step.id}"
        done = _blocks.button(
            f"{name}/done",
            _("Done"),
            partial(self.bench.plans.revise_step, step, done_on=None if step.done_on else self.today),
            look="switch",
            says=_("Done: {words}").format(words=step.words),
            pressed=step.done_on is not None,
        )
        words = _blocks.quote(step.words, look="plain")
        if step.done_on:
            when = _blocks.note(_("done {day}").format(day=days.small(step.done_on)), look="quiet")
        else:
            when = _blocks.day(
                f"{name}/day",
                _("The day for {words}").format(words=step.words),
                step.due_on,
                lambda day: self.bench.plans.revise_step(step, due_on=day),
                today=self.today,
                quiet=True,
                past=late,
            )
        return _blocks.group(done, words, when, look="row item pace", name=name)

    def _supports(self, now: Guide) -> Iterable[Block]:
        """What helps somebody whose step waits: picked, it becomes a step for the next school day."""
        there = {step.words for step in self.bench.plans.of(self.goal).steps}
        yield _blocks.menu(
            f"{self.prefix}/supports",
            _("What would help?"),
            there,
            self.bench.conferences.menu("supports", language()),
            add=self._add,
            drop=self._drop,
            own=_("Something else"),
        )
        waits = ngettext("Give it three more days", "Give them three more days", len(now.late))
        time = _blocks.button(f"{self.prefix}/time", waits, self._give_time)
        yield _blocks.group(time, _blocks.button("ask", _("Ask for help"), self.ask), look="row")

    def _add(self, words: str) -> None:
        due = school_day(self.today + timedelta(days=1))
        self.bench.plans.add_step(self.goal, words, due_on=due)

    def _drop(self, words: str) -> None:
        for step in self.bench.plans.of(self.goal).steps:
            if step.words == words:
                self.bench.plans.withdraw_step(step)

    def _give_time(self) -> None:
        late = self.bench.plans.give_time(self.goal, on=self.today)

        def back() -> None:
            for step in late:
                self.bench.plans.revise_step(step, due_on=step.due_on)

        self.did(_("There is more time now."), back)


def _told(now: Guide) -> str:
    """How it goes by the plan's own days, without reproach."""
    counted = ngettext("{done} of {all} step done", "{done} of {all} steps done", now.all)
    count = counted.format(done=now.done, all=now.all)
    told = {
        Pace.OPEN: _("A day for each step shows the way."),
        Pace.ON_THE_WAY: _("You are on the way."),
        Pace.AHEAD: _("You are ahead of your days."),
        Pace.BEHIND: _("A step waits. That happens: choose what helps, or give it more days."),
        Pace.DONE: _("Every step is done. Show what you learned!"),
    }
    return f"{count}. {told[now.pace]}"


def _by_day(step: Step) -> date:
    return step.done_on or step.due_on or date.max
