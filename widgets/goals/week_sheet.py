"""A week's plan on paper: the steps of a learner's goals by day, with room to add, for the educator to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from widgets.goals.page import Page
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.bench import Workbench
from workbench.goals.goals import State
from workbench.goals.plans import Step, StepKind
from workbench.ground import days
from workbench.ground.words import _, language, speaking
from workbench.learners.learners import Learner

_SCHOOL_DAYS = 5


class WeekPage(Page):
    """The learner's own page for the week, to print."""

    kind = "week"

    def blocks(self) -> Iterable[Block]:
        yield self.back()
        printing = Block("print", shown={"label": _("Print")})
        yield _blocks.group(_blocks.heading(_("My week")), printing, look="row goals-top")
        sheet = week_sheet(self.bench, self.board.learner, self.board.today)
        yield _blocks.group(sheet, look="papers", name="papers")


def week_sheet(bench: Workbench, learner: Learner, today: date) -> Block:
    """One learner's page for the week of `today`, or for the next one from Saturday on, in the learner's language."""
    own, symbol = bench.settings.of(learner), bench.symbols.of(learner)
    monday = days.school_day(today)
    monday -= timedelta(days=monday.weekday())
    goals = [one for one in bench.goals.of_learner(learner) if one.state is State.ACTIVE]
    steps = [step for goal in goals for step in bench.plans.of(goal).steps if not step.done_on]
    with speaking(own.language or bench.spoken or language()):
        week = [monday + timedelta(days=number) for number in range(_SCHOOL_DAYS)]
        parts = [_day(day, [step for step in steps if step.due_on == day]) for day in week]
        other = [step for step in steps if step.due_on not in week and step.kind is StepKind.WAY]
        if other:
            rows = [_line(step) for step in other]
            title = _blocks.heading(_("When there is time"), level=3)
            parts.append(_blocks.group(title, Block("boxes", shown={"rows": rows}), look="part"))
        goals_now = [_blocks.quote(one.words) for one in goals]
        return _blocks.group(
            _blocks.heading(
                learner.name,
                lead=_("My plan for the week of {day}").format(day=days.dated(monday)),
                symbol=symbol.name if symbol else "",
            ),
            *([_blocks.heading(_("My goals"), level=3), *goals_now] if goals_now else []),
            *parts,
            _blocks.heading(_("How it went, and what helped"), level=3),
            Block("lines", shown={"count": 2}),
            _blocks.note(_("Looked at together on: ____________   with: ____________"), look="quiet"),
            look=f"page band-{own.band} week-plan",
            name=f"week/{learner.id}",
        )


def _day(day: date, steps: list[Step]) -> Block:
    title = _blocks.heading(days.full(day), level=3)
    rows = [_line(step) for step in steps]
    listed = (Block("boxes", shown={"rows": rows}),) if rows else ()
    return _blocks.group(title, *listed, Block("lines", shown={"count": 1 if rows else 2}), look="part")


def _line(step: Step) -> str:
    """A step with where, with whom and with what."""
    return " · ".join(one for one in (step.words, step.place, step.partner, step.material) if one)
