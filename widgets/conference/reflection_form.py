"""Reflect: the learner's own answers to a move's questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from widgets.kit.records import conference_of
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.conferences.reflections import Reflection
from workbench.ground.bands import YOUNGEST
from workbench.ground.errors import NotFound
from workbench.ground.words import _


class ReflectionSheet:
    """The questions of a conference whose answers are reflections. `scribe`: whether an educator types."""

    saves = ("reflection",)

    def __init__(self, bench: Workbench, conference: Conference, scribe: Callable[[], bool] = bool) -> None:
        self.bench = bench
        self.conference = conference
        self._brief = len(bench.conferences.protocol(conference).moves) == 1  # all on one screen
        self._scribe = scribe
        self._own: dict[tuple[str, str], str] = {}  # the answers that were given on this page, by prompt

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """A question with the answer it has, and with what somebody else answered at the same time."""
        said, others = self._answers(move, prompt)
        name = f"{move.id}/{prompt.id}"
        keep = partial(self._keep, move, prompt, said.id if said else "")
        words, picked, drawing = (said.words, said.choice, said.drawing) if said else ("", "", "")
        young = self.conference.band == YOUNGEST
        if prompt.kind == "choice":
            asked = _blocks.choice(
                name, prompt.ask, picked, prompt.options, lambda one: keep(choice=one), hint=prompt.hint
            )
        elif prompt.kind == "feeling":
            asked = _blocks.choice(name, prompt.ask, picked, prompt.options, lambda one: keep(choice=one), faces=True)
            if not young:
                because = prompt.hint or _("What did you do when you felt like that?")
                more = _blocks.text(f"{name}.words", because, words, lambda said: keep(words=said), size="line")
                asked = _blocks.group(asked, more, look="wide columns")
        elif any(one.picture for one in prompt.options):
            own = _("In your own words")
            asked = _blocks.choice(
                name, prompt.ask, words, prompt.options, lambda said: keep(words=said), hint=prompt.hint, own=own
            )
        else:
            asked = _blocks.text(
                name,
                prompt.ask,
                words,
                lambda said: keep(words=said),
                hint=prompt.hint,
                starters=prompt.starters_on(self.conference.starters_on),
                options=prompt.options,
                size="line" if self._brief else "",
            )
        beside = [
            _blocks.group(
                _blocks.note(_("Said at the same time:"), look="quiet"),
                *_heard(one),
                look="row",
                name=f"{name}.{one.id}",
            )
            for one in others
        ]
        if young and prompt.kind == "words":
            beside.append(_blocks.pad(f"{name}.drawing", _("Draw"), drawing, lambda one: keep(drawing=one)))
        return (_blocks.group(asked, *beside, look="list"),) if beside else (asked,)

    def _answers(self, move: Move, prompt: Prompt) -> tuple[Reflection | None, tuple[Reflection, ...]]:
        """This page's answer to a prompt, and others that stand beside it."""
        place = (move.id, prompt.id)
        every = [one for one in self.bench.reflections.every(self.conference) if (one.move, one.prompt) == place]
        said = next((one for one in every if one.id == self._own.get(place)), None)
        said = said or next((one for one in every if not one.empty), every[0] if every else None)
        return said, tuple(one for one in every if one is not said and not one.empty)

    def _keep(self, move: Move, prompt: Prompt, answer: str, **given: str) -> None:
        kept = self.bench.reflections.say(
            self.conference,
            move=move.id,
            prompt=prompt.id,
            asked=prompt.ask,
            said_by=prompt.who,
            typed_by="educator" if self._scribe() else prompt.who,
            answer=answer,
            **given,
        )
        self._own[move.id, prompt.id] = kept.id


def _heard(said: Reflection) -> Iterable[Block]:
    if said.choice or said.words:
        yield _blocks.quote(", ".join(one for one in (said.choice, said.words) if one))
    if said.drawing:
        yield _blocks.drawing(said.drawing)


class ReflectionForm(Form):
    """The questions of one `move` (its id; the first of the discussion when None) of a conference.

    >>> ReflectionForm(bench, conference)
    """

    def __init__(self, bench: Workbench, conference: Conference | str, move: str | None = None, **traits: Any) -> None:
        self.conference = conference_of(bench, conference)
        self.move = _move(bench, self.conference, move)
        self._sheet = ReflectionSheet(bench, self.conference)
        super().__init__(
            bench, view=f"reflection {self.conference.id} {self.move.id}", band=self.conference.band, **traits
        )

    def blocks(self) -> Iterable[Block]:
        yield _blocks.heading(self.move.title, lead=self.move.lead)
        questions = [one for one in self.move.prompts if one.saves == "reflection"]
        yield _blocks.group(*(block for one in questions for block in self._sheet.ask(self.move, one)), look="columns")


def _move(bench: Workbench, conference: Conference, wanted: str | None) -> Move:
    asking = [move for move in bench.conferences.protocol(conference).moves if move.prompt("reflection")]
    if wanted is None:
        talk = [move for move in asking if move.step == "discuss"] or asking
        if talk:
            return talk[0]
    for move in asking:
        if move.id == wanted:
            return move
    raise NotFound.among(_("move with questions to reflect on"), wanted or "", (move.id for move in asking))
