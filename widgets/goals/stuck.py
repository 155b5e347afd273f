"""Help for a learner who just said "I am stuck": the teacher, what helps when a step waits, a buddy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.learner.buddies import SHARED
from widgets.learner.flag_form import PICTURES, wishes
from workbench.bench import Workbench
from workbench.classes.flags import Kind
from workbench.goals.goals import Goal
from workbench.ground.bands import YOUNGEST
from workbench.ground.choices import Option
from workbench.ground.days import school_day
from workbench.ground.words import _, language


def help_now(bench: Workbench, goal: Goal, name: str, band: str, today: date) -> Iterable[Block]:
    """What a learner can do at once. `name` begins the names of its answers."""
    young = band == YOUNGEST
    title = _("That happens. What would help now?")
    up = {one.kind for one in bench.flags.of(goal.learner) if one.up}
    asks = [
        _ask(bench, goal, name, Kind.HELP, _("Ask my teacher"), up, young=young),
        *_buddy(bench, goal, name, up, young=young, today=today),
    ]
    options = bench.conferences.menu("supports", language())
    parts = [_blocks.heading(title, level=3), _blocks.group(*asks, look="columns")]
    if not young:
        parts.append(_supports(bench, goal, name, options, today))
    yield _blocks.group(*parts, look="stuck", name=f"{name}/help")


def _ask(bench: Workbench, goal: Goal, name: str, kind: Kind, label: str, up: set[Kind], *, young: bool) -> Block:
    if kind in up:
        return _blocks.note(_("{what}. Your flag is up.").format(what=wishes()[kind]), look="done")
    return _blocks.button(
        f"{name}/ask/{kind}",
        label,
        partial(bench.flags.raise_, goal.learner, kind),
        look="secondary",
        picture=PICTURES[kind] if young else "",
    )


def _buddy(bench: Workbench, goal: Goal, name: str, up: set[Kind], *, young: bool, today: date) -> Iterable[Block]:
    """The buddy to look at it with, by name; who has none may wish for one."""
    buddies = bench.buddies.names(goal.learner, on=today)
    if not buddies:
        yield _ask(bench, goal, name, Kind.BUDDY, _("I would like a learning buddy"), up, young=young)
    for place, called in enumerate(buddies):
        words = _("Look at it with {name}").format(name=called)
        yield _blocks.group(_blocks.note(words, look="name"), look="item", name=f"{SHARED}/help/{place}")


def _supports(bench: Workbench, goal: Goal, name: str, options: Iterable[Option], today: date) -> Block:
    """What helps when a step waits: picked, it becomes a step for the next school day."""
    steps = {step.words: step for step in bench.plans.of(goal).steps}
    tomorrow = school_day(today + timedelta(days=1))
    return _blocks.menu(
        f"{name}/supports",
        _("Or try one of these"),
        steps,
        options,
        add=lambda words: bench.plans.add_step(goal, words, due_on=tomorrow),
        drop=lambda words: bench.plans.withdraw_step(steps[words]),
        own="",
    )
