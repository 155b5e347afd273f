"""After a conference: a moment of joy, and where an educator goes on to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.learner.ways import CONFERENCE, MY_CLASS, YEAR, page_way
from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner


def joy(learner: Learner, band: str) -> Block:
    """Thanks, with a picture that moves once for those who like it still; for the youngest read aloud, too."""
    words = _("This conference is finished. Thank you, {name}.").format(name=learner.call_name)
    shown = Block("joy", "joy", {"words": words, "band": band})
    if band != YOUNGEST:
        return shown
    return _blocks.group(shown, _blocks.aloud([words]), look="row")


def onward(bench: Workbench, learner: Learner, today: date) -> Iterable[Block]:
    """For an educator: on to whoever is next in the class, who is not named beside this learner, and the ways back."""
    if not bench.gate.may_here(Action.CLASSES) or bench.gate.as_learner:
        return
    after = _next(bench, learner, today)
    if after is not None:
        yield page_way("onward/next", _("On to who is next"), CONFERENCE, learner=after, look="primary")
    yield page_way("onward/class", _("Back to my class"), MY_CLASS)
    yield page_way(
        "onward/year", _("All about {name}").format(name=learner.call_name), YEAR, learner=learner, look="link"
    )


def _next(bench: Workbench, learner: Learner, today: date) -> int | None:
    """Whoever calls first among the others of the learner's class, by number."""
    for class_ in bench.learners.my_classes():
        members = {one.id for one in bench.learners.in_class(class_)}
        if learner.id in members:
            calling = (one.learner for one in bench.glances.of(class_, on=today) if one.calls)
            return next((one for one in calling if one in members - {learner.id}), None)
    return None
