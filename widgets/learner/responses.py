"""What educators said back to a learner, on the learner's next page until it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.bench import Workbench
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner
from workbench.learners.responses import Response

HEART = "help"  # the picture


def said_back(bench: Workbench, learner: Learner, band: str, today: date) -> Iterable[Block]:
    """What was said back and is not seen yet, oldest first."""
    waiting = bench.responses.waiting(learner)
    if not waiting:
        return
    about = spoken_to(bench, learner, waiting)
    young = band == YOUNGEST
    parts = []
    for one in waiting:
        told = about.get(one.about, "")
        seen = _blocks.button(
            f"response/{one.id}/seen",
            _("I saw it"),
            partial(bench.responses.see, one, on=today),
            look="primary",
            says=f"{_('I saw it')}: {one.words}" if one.words else "",
        )
        parts.append(
            _blocks.group(
                *(() if young or not told else (_blocks.note(told, look="quiet"),)),
                *response(one),
                _blocks.group(seen, look="row"),
                look="item",
                name=f"response/{one.id}",
            )
        )
    title = _("From my teacher")
    heart = _("A heart")
    aloud = [title, *(words for one in waiting for words in ((heart,) if one.heart else ()) + (one.words,))]
    head = _blocks.group(_blocks.heading(title), _blocks.aloud(aloud), look="row") if young else _blocks.heading(title)
    yield _blocks.group(head, *parts, look="card", name="responses")


def response(one: Response) -> Iterable[Block]:
    """A heart, and what was said."""
    if one.heart:
        yield Block("pictured", shown={"picture": HEART, "words": _("A heart")})
    if one.words:
        yield _blocks.quote(one.words)


def spoken_to(bench: Workbench, learner: Learner, responses: Iterable[Response]) -> dict[str, str]:
    """What each response is to, in words, by what it is `about`."""
    wanted = {one.about for one in responses}
    found = {}
    for held in bench.conferences.of(learner):
        if held.id in wanted:
            day = days.dated(held.finished_on or held.held_on)
            found[held.id] = _("To what you said in the conference of {day}").format(day=day)
    for look in bench.progress.of_learner(learner):
        if look.id in wanted:
            words = look.words or next(
                (one.words for one in bench.goals.of_learner(learner) if one.id == look.goal), ""
            )
            found[look.id] = _("To what you said of your goal: “{words}”").format(words=words)
    return found
