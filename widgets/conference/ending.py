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
from workbench.learners.learners import Learner, call_names


def joy(learner: Learner, band: str) -> Block:
    """Thanks, with a picture that moves once for those who like it still; for the youngest read aloud, too."""
    words = _("This conference is finished. Thank you, {name}.").format(name=learner.call_name)
    shown = Block("joy", "joy", {"words": words, "band": band})
    if band != YOUNGEST:
        return shown
    return _blocks.group(shown, _blocks.aloud([words]), look="row")


def onward(bench: Workbench, learner: Learner, today: date) -> Iterable[Block]:
    """For an educator: who is next in the class, by what they are called, and the ways back."""
    if not bench.gate.may_here(Action.CLASSES) or bench.gate.as_learner:
        return
    after = _next(bench, learner, today)
    if after is not None:
        other, called = after
        label = _("Next: {name}").format(name=called)
        yield page_way("onward/next", label, CONFERENCE, learner=other, look="primary")
    yield page_way("onward/class", _("Back to my class"), MY_CLASS)
    yield page_way(
        "onward/year", _("All about {name}").format(name=learner.call_name), YEAR, learner=learner, look="link"
    )


def _next(bench: Workbench, learner: Learner, today: date) -> tuple[Learner, str] | None:
    """Whoever calls first among the others of the learner's class, with what they are called there."""
    for class_ in bench.learners.my_classes():
        members = {one.id: one for one in bench.learners.in_class(class_)}
        if learner.id not in members:
            continue
        others = (one.learner for one in bench.glances.of(class_, on=today) if one.learner != learner.id and one.calls)
        first = next((one for one in others if one in members), None)
        return (members[first], call_names(members.values())[first]) if first is not None else None
    return None
