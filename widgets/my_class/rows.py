"""What the parts of a class's page share: the way to a conference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol as Shape

from widgets.kit.blocks import Block
from workbench.ground.words import _
from workbench.learners.learners import Learner

CONFERENCE = "conference"


class Start(Shape):
    """Makes the way to a learner's conference: a block called `name`, `label` or "Start" on it.

    `quick`: to a quick check; `app`: to that page of the learner's instead.
    """

    def __call__(
        self, learner: Learner, *, look: str, name: str, label: str = "", quick: bool = False, app: str = CONFERENCE
    ) -> Block: ...


def starting(choose: Callable[[Learner], object]) -> Start:
    """Ways to conferences: on a page of the workbench a page of its own, elsewhere through `choose`.

    A page is opened by a form that the browser sends, so that the address names nobody; a widget could not.
    """

    def start(
        learner: Learner, *, look: str, name: str, label: str = "", quick: bool = False, app: str = CONFERENCE
    ) -> Block:
        label = label or (_("Quick check") if quick else _("Start"))
        whole = _("{label}: a conference with {name}")
        if app != CONFERENCE:
            whole = _("{label}: {name}")
        elif quick:
            whole = _("{label} with {name}")
        elif label == learner.name:
            whole = _("Start a conference with {name}")
        says = whole.format(label=label, name=learner.name)
        shown = {"label": label, "says": says, "look": look, "learner": learner.id, "quick": quick, "app": app}
        return Block("start", name, shown, lambda _pressed: choose(learner))

    return start
