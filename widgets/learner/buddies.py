"""Learning buddies on the board of goals: what a buddy shared, and a goal for today that one shares.

The one place where a learner's page names another learner: by the name one is called, beside a goal that this learner
shared, and only for as long as an educator has the two paired.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.bench import Workbench
from workbench.goals.goals import Goal, Horizon
from workbench.ground.words import _
from workbench.learners.learners import Learner

SHARED = "buddies"  # the name of the block with others' names in it, which nothing else has


def paired(bench: Workbench, learner: Learner | int, today: date) -> bool:
    """Whether an educator has paired the learner with anybody for now."""
    return bool(bench.buddies.of(learner, on=today))


def what_buddies_share(bench: Workbench, learner: Learner, today: date) -> tuple[Block, ...]:
    """The goals that buddies shared; nothing at all for a learner without a buddy."""
    if not paired(bench, learner, today):
        return ()
    told = [
        _blocks.group(
            _blocks.note(one.name, look="name"), _blocks.quote(one.words), look="item", name=f"{SHARED}/{place}"
        )
        for place, one in enumerate(bench.buddies.shared_with(learner, on=today))
    ]
    if not told:
        words = _("Nothing yet. When the day ends, buddies may share their goal for today.")
        told = [_blocks.note(words, look="quiet")]
    return (_blocks.group(_blocks.heading(_("My buddies share")), *told, look="card", name=SHARED),)


def sharing(bench: Workbench, goal: Goal, name: str, today: date) -> tuple[Block, ...]:
    """The switch that shares a goal for today with one's buddies, for who has any."""
    if goal.horizon is not Horizon.TODAY or not paired(bench, goal.learner, today):
        return ()
    press = partial(bench.goals.revise, goal, shared=not goal.shared)
    says = _("Tell my buddies: {words}").format(words=goal.words)
    return (_blocks.button(name, _("Tell my buddies"), press, look="switch", says=says, pressed=goal.shared),)
