"""What the learner's class agreed on, on pages of the learner."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from workbench.bench import Workbench
from workbench.ground.words import _
from workbench.learners.learners import Learner


def agreements_of(bench: Workbench, learner: Learner) -> tuple[str, ...]:
    """What the learner's class agreed on for working while others talk."""
    return bench.classes.of_learner(learner).agreements


def as_agreed(agreements: Sequence[str], *, aloud: bool = False) -> Block:
    """The agreements, for a learner to read; `aloud`: or to listen to."""
    lines = listed((_blocks.note(one) for one in agreements), look="said")
    told = _blocks.group(lines, look="list", label=_("Our class agreed"))
    listen = (_blocks.group(_blocks.aloud(agreements), look="row"),) if aloud else ()
    return _blocks.group(told, *listen, look="card", name="class-agreed")
