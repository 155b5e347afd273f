"""Ways from one page to another, of a learner or of none: to a conference, to a learner's year, to the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol as Shape

from widgets.kit.blocks import Block
from workbench.bench import Workbench
from workbench.ground.words import _
from workbench.learners.learners import Learner

CONFERENCE, YEAR, MY_CLASS = "conference", "year", "my_class"


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


def to_year(start: Start, learner: Learner, name: str) -> Block:
    """A learner's name, as the way to the page of all there is of them."""
    return start(learner, look="name", name=f"{name}/year", label=learner.name, app=YEAR)


def page_way(
    name: str,
    label: str,
    app: str,
    *,
    learner: Learner | int | None = None,
    look: str = "secondary",
    quick: bool = False,
) -> Block:
    """The way to another page of the workbench; in JupyterLab, which has none, nothing.

    Of a `learner`, of one by number who is not to be named, or of none.
    """
    known = learner if isinstance(learner, Learner) else None
    says = _("{label}: {name}").format(label=label, name=known.name) if known and known.name != label else ""
    whom = {} if learner is None else {"learner": known.id if known else learner}
    return Block(
        "start", name, {"label": label, "says": says, "look": look, "quick": quick, "app": app, "pages": True, **whom}
    )


def named(bench: Workbench, learner: Learner) -> Block | None:
    """For an educator, the learner's name as the way to all there is of them; None for the learner."""
    if bench.gate.as_learner:
        return None
    return page_way("all", learner.name, YEAR, learner=learner, look="name")
