"""Typing in what came back on paper: the questions a learner prepares, all on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from widgets.conference.reflection_form import ReflectionSheet
from widgets.conference.strengths_form import StrengthsSheet
from widgets.conference.work import WorkSheet
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.learner.flag_form import wishes
from workbench.bench import Workbench
from workbench.classes.flags import Kind
from workbench.conferences.conferences import Conference
from workbench.ground.words import _, speaking

_PREFIX = "entry"


class Entry:
    """One learner's prepared questions, as answered on a sheet and typed by an educator.

    What is answered goes into the learner's conference, the one that is then held; what was ticked becomes a flag.
    """

    def __init__(self, bench: Workbench, conference: Conference) -> None:
        self.bench = bench
        self.conference = conference
        self._protocol = bench.conferences.protocol(conference)
        sheets = (
            ReflectionSheet(bench, conference, lambda: True),
            StrengthsSheet(bench, conference),
            WorkSheet(bench, conference),
        )
        self._sheets = {kind: sheet for sheet in sheets for kind in sheet.saves}

    def blocks(self) -> Iterable[Block]:
        """The questions, in the sheet's language; their names tell the conference, so that one sent late finds it."""
        with speaking(self.conference.language):
            asked = [
                block
                for move in self._protocol.moves
                for prompt in move.prompts
                if prompt.prepare and prompt.saves in self._sheets
                for block in self._sheets[prompt.saves].ask(move, prompt)
            ]
        return (_renamed(block, f"{_PREFIX}/{self.conference.id}/") for block in (*asked, self._wishes()))

    def _wishes(self) -> Block:
        """The boxes at the foot of the sheet."""
        flags, learner = self.bench.flags, self.conference.learner
        up = {one.kind: one for one in flags.of(learner) if one.up}
        boxes = _blocks.menu(
            "wishes",
            _("What is ticked"),
            list(up),
            {str(kind): words for kind, words in wishes().items()},
            add=lambda kind: flags.raise_(learner, kind),
            drop=lambda kind: flags.take_down(up[Kind(kind)]),
            own="",
            hint=_("Each becomes a flag, for today."),
        )
        return _blocks.group(boxes, look="wishes wide")

    def done(self, today: date) -> None:
        """Notes that the learner is ready, when anything was typed; else nothing was begun."""
        if not self.bench.conferences.leave(self.conference):
            self.bench.conferences.ready(self.conference, on=today)


def keep_of(bench: Workbench, name: str) -> Keep | None:
    """What keeps the answer called `name`, whichever page is shown now; None when it is none of these."""
    kind, _slash, rest = name.partition("/")
    conference, _slash, asked = rest.partition("/")
    if kind != _PREFIX or not asked:
        return None
    entry = Entry(bench, bench.conferences.get(conference))
    if entry.conference.finished:
        return None
    keeps: Mapping[str, Keep] = {key: keep for block in entry.blocks() for key, keep in block.keeps().items()}
    return keeps.get(name)


def _renamed(block: Block, prefix: str) -> Block:
    """The block with `prefix` before its name and the names inside it."""
    shown = {**block.shown, "focus": prefix + block.shown["focus"]} if block.shown.get("focus") else block.shown
    inside = tuple(_renamed(one, prefix) for one in block.inside)
    return replace(block, name=prefix + block.name if block.name else "", shown=shown, inside=inside)
