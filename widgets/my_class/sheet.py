"""The Prepare sheet: what a learner gets ready with on paper, in the learner's own band and language."""

from __future__ import annotations

from datetime import date

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.records import USUAL
from widgets.learner.flag_form import wishes
from workbench.bench import Workbench
from workbench.conferences.protocols import Prompt, Protocol
from workbench.goals.goals import State
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, language, speaking
from workbench.learners.learners import Learner

_STARTERS = 3  # on paper; the screen has room for more
_LINES = 2  # to write on, a question


def sheet(bench: Workbench, learner: Learner, today: date) -> Block:
    """One learner's page: the goal, what one may prepare with room for a pencil, and what one wishes for."""
    protocol = _protocol(bench, learner)
    symbol = bench.symbols.of(learner)
    goals = [one for one in bench.goals.of_learner(learner) if one.state is State.ACTIVE]
    with speaking(protocol.language):
        lead = _("I get ready for my conference · {day}").format(day=days.dated(today))
        goal = []
        if goals:
            title = _blocks.heading(_("My goal now"), level=3)
            goal.append(_blocks.group(title, _blocks.quote(goals[-1].words), look="row"))
        asked = (one for one in protocol.prompts if one.prepare and one.kind != "evidence")
        return _blocks.group(
            _blocks.heading(learner.name, lead=lead, symbol=symbol.name if symbol else ""),
            *goal,
            *(_on_paper(prompt, today, young=protocol.band == YOUNGEST) for prompt in asked),
            Block("boxes", shown={"rows": list(wishes().values())}),
            look=f"page band-{protocol.band}",
            name=f"sheet/{learner.id}",
        )


def _protocol(bench: Workbench, learner: Learner) -> Protocol:
    """The words of the conference that is open, or of the one that would be begun."""
    held = [one for one in bench.conferences.of(learner) if not one.finished and one.protocol == USUAL[0]]
    if held:
        return bench.conferences.protocol(held[-1])
    own = bench.settings.of(learner)
    return bench.conferences.protocol_named(USUAL[0], own.band, own.language or bench.spoken or language())


def _on_paper(prompt: Prompt, today: date, *, young: bool) -> Block:
    """A question with room for a pencil; the youngest ring a picture, where there are some."""
    options = [one.words for one in prompt.options]
    pictures = [one.picture for one in prompt.options]
    to_ring = prompt.kind in ("feeling", "choice") or any(pictures)
    ideas = "" if to_ring else "  ·  ".join([*prompt.starters_on(today), *options][:_STARTERS])
    parts = [_blocks.heading(prompt.ask, level=3, lead=ideas)]
    if to_ring:
        shown = {"options": options, "pictures": pictures, "faces": prompt.kind == "feeling"}
        parts.append(Block("ring", shown=shown))
    if prompt.kind != "choice" and not (young and to_ring):
        parts.append(Block("lines", shown={"count": 1 if prompt.kind == "feeling" else _LINES}))
    beside = prompt.kind == "feeling" or (young and to_ring)
    return _blocks.group(*parts, look="question beside" if beside else "question")
