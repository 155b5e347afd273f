"""Make a plan: ways chosen from a menu or one's own, how it will show, and the days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from widgets.goals.goal_form import no_goal_yet
from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from widgets.kit.records import goal_in, protocol_for
from widgets.kit.undo import Undo
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.goals.goals import Goal
from workbench.goals.plans import Plan, Step, StepKind
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, ngettext

BOARD = 9  # a menu of so many is a board, three by three


class PlanSheet:
    """The plan of a goal, or of the goal of a conference."""

    saves = ("step", "show", "check-in", "next", "celebrate")

    def __init__(
        self,
        bench: Workbench,
        about: Goal | Conference | str,
        today: date,
        to_goal: tuple[Block, ...] = (),
        band: str = "",
    ) -> None:
        self.bench = bench
        self.about = about
        self.today = today
        self.young = band == YOUNGEST
        self._to_goal = to_goal
        self._undo = Undo()

    @property
    def goal(self) -> Goal | None:
        return goal_in(self.bench, self.about)

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """One part of the plan."""
        goal = self.goal
        if goal is None and move.prompt("goal"):
            return ()
        if goal is None:
            first = next(one for one in move.prompts if one.saves in self.saves)
            empty = no_goal_yet(_("Then plan here how to reach it."), *self._to_goal)
            return (_blocks.group(empty, look="wide"),) if prompt is first else ()  # said once a move
        plan = self.bench.plans.of(goal)
        asking = {
            "step": self._ways,
            "show": self._show,
            "check-in": self._days,
            "next": self._next,
            "celebrate": self._celebrate,
        }
        return asking[prompt.saves](f"{move.id}/{prompt.id}", prompt, plan)

    def _ways(self, name: str, prompt: Prompt, plan: Plan) -> tuple[Block, ...]:
        ways = [step for step in plan.steps if step.kind is StepKind.WAY]
        menu = prompt.options_for(self.goal.area if self.goal else "")
        choosing = _blocks.menu(
            name,
            prompt.ask,
            [step.words for step in ways],
            menu,
            add=lambda words: self._add(plan, words),
            drop=lambda words: self._withdraw(*(step for step in ways if step.words == words)),
            own=_("Another way, in your own words"),
            board=len(menu) == BOARD,
        )
        if self.young:
            return (choosing,)
        chosen = [*(self._way(name, step) for step in ways), *self._undo.removed(f"{name}.")]
        if not chosen:
            chosen = [_blocks.note(_("What you choose comes here. Two are plenty."), look="quiet")]
        return (
            _blocks.group(choosing, look="list"),
            _blocks.group(*chosen, look="list", name=f"{name}.chosen", label=prompt.hint or _("My plan")),
        )

    def _way(self, column: str, step: Step) -> Block:
        name = f"{column}.{step.id}"

        def detail(field: str, label: str) -> Block:
            return _blocks.text(
                f"{name}.{field}",
                label,
                getattr(step, field),
                lambda words: self.bench.plans.revise_step(step, **{field: words.strip()}),
                size="aside",
            )

        remove = _blocks.button(
            f"{name}.remove",
            _("Remove"),
            lambda: self._withdraw(step),
            look="link",
            focus=f"{column}.undo",
            says=_("Remove “{words}”").format(words=step.words),
        )
        return _blocks.group(
            _blocks.group(_blocks.quote(step.words, look="plain"), remove, look="row"),
            _blocks.group(
                detail("place", _("Where")),
                detail("partner", _("With whom")),
                detail("material", _("With what")),
                look="thirds",
            ),
            look="item",
            name=name,
            label=step.words,
        )

    def _show(self, name: str, prompt: Prompt, plan: Plan) -> tuple[Block, ...]:
        return (
            _blocks.group(
                _blocks.choice(
                    name,
                    prompt.ask,
                    plan.show,
                    prompt.options,
                    lambda words: self.bench.plans.shape(plan.goal, show=words.strip()),
                    own=_("Or in your own words"),
                ),
                look="wide",
            ),
        )

    def _days(self, name: str, prompt: Prompt, plan: Plan) -> tuple[Block, ...]:
        ways = [step for step in plan.steps if step.kind is StepKind.WAY]
        looks = {step.due_on: step for step in plan.steps if step.kind is StepKind.CHECK_IN and step.due_on}
        offered = sorted({*days.soon(self.today), *looks})
        by_name = {days.brief(day, self.today): day for day in offered}
        check_ins = _blocks.menu(
            name,
            prompt.ask,
            [days.brief(day, self.today) for day in looks],
            list(by_name),
            add=lambda label: self._look_on(plan, by_name[label]),
            drop=lambda label: self.bench.plans.withdraw_step(looks[by_name[label]]),
            own="",
        )
        other = _blocks.day(
            f"{name}.other", _("Another day"), None, lambda day: self._look_on(plan, day), today=self.today, quiet=True
        )
        steps = [self._day_of(name, step) for step in ways]
        if not steps:
            steps = [_blocks.note(_("There are no steps yet. Choose a way on the page before."), look="quiet")]
        return (
            _blocks.group(*steps, look="list", name=f"{name}.steps", label=_("A day for each step")),
            _blocks.group(check_ins, other, look="list"),
        )

    def _day_of(self, name: str, step: Step) -> Block:
        return _blocks.day(
            f"{name}.{step.id}",
            step.words,
            step.due_on,
            lambda day: self.bench.plans.revise_step(step, due_on=day),
            today=self.today,
            offer=days.soon(self.today),
        )

    def _look_on(self, plan: Plan, day: date | None) -> None:
        if day is not None and all(step.due_on != day for step in plan.steps if step.kind is StepKind.CHECK_IN):
            words = _("Look at how it is going")
            self.bench.plans.add_step(plan.goal, words, kind=StepKind.CHECK_IN, due_on=day)

    def _next(self, name: str, prompt: Prompt, plan: Plan) -> tuple[Block, ...]:
        offer = days.weeks_ahead(self.today, (1, 2, 4))
        if self.young:
            offer = {
                day: ngettext("{count} week", "{count} weeks", n).format(count=n) for n, day in enumerate(offer, 1)
            }
            offer.popitem()
            chosen = plan.next_conference_on
            if chosen is not None:
                offer.setdefault(chosen, days.small(chosen))
        return (
            _blocks.day(
                name,
                prompt.ask,
                plan.next_conference_on,
                lambda day: self.bench.plans.shape(plan.goal, next_conference_on=day),
                today=self.today,
                offer=offer,
                chips=self.young,
            ),
        )

    def _celebrate(self, name: str, prompt: Prompt, plan: Plan) -> tuple[Block, ...]:
        return (
            _blocks.choice(
                name,
                prompt.ask,
                plan.celebrate,
                prompt.options,
                lambda words: self.bench.plans.shape(plan.goal, celebrate=words.strip()),
                own=_("Or in your own words"),
            ),
        )

    def _add(self, plan: Plan, words: str) -> None:
        self._undo.leave()
        self.bench.plans.add_step(plan.goal, words)

    def _withdraw(self, *steps: Step) -> None:
        for step in steps:
            self.bench.plans.withdraw_step(step)
            self._undo.did(step.words, partial(self.bench.plans.restore_step, step))


class PlanForm(Form):
    """The plan of a goal, or of the goal chosen in a conference.

    >>> PlanForm(bench, goal)
    """

    def __init__(
        self, bench: Workbench, about: Goal | Conference | str, *, today: date | None = None, **traits: Any
    ) -> None:
        goal = goal_in(bench, about)
        self.about = about
        conference = goal.conference if goal else about
        self._protocol = protocol_for(bench, conference if isinstance(conference, (str, Conference)) else None)
        self._sheet = PlanSheet(bench, about, today or bench.today)
        record = about if isinstance(about, str) else about.id
        super().__init__(bench, view=f"plan {record}", band=self._protocol.band, **traits)

    def blocks(self) -> Iterable[Block]:
        goal = self._sheet.goal
        if goal is None:
            yield no_goal_yet(_("Then plan here how to reach it."))
            return
        yield _blocks.quote(goal.words, look="goal")
        for move in self._protocol.moves:
            asked = [one for one in move.prompts if one.saves in PlanSheet.saves]
            if asked:
                yield _blocks.heading(move.title, lead=move.lead)
                yield _blocks.group(*(block for one in asked for block in self._sheet.ask(move, one)), look="columns")
        if self.band != YOUNGEST:
            wording = Wording(self.bench, goal.learner, self._sheet.today, lambda: self._sheet.goal)
            yield _blocks.group(*wording.in_the_way("plan/asked"), look="columns")
