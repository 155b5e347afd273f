"""Reflect: the learner's own answers to a move's questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from widgets import _blocks
from widgets._blocks import Block
from widgets._form import Form
from widgets._records import conference_of
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.errors import NotFound
from workbench.protocols import Move, Prompt
from workbench.words import _


class ReflectionSheet:
    """The questions of a conference whose answers are reflections."""

    saves = ("reflection",)

    def __init__(self, bench: Workbench, conference: Conference) -> None:
        self.bench = bench
        self.conference = conference

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """A question with the answer it has."""
        said = self.bench.reflections.of(self.conference).get((move.id, prompt.id))
        words, picked = (said.words, said.choice) if said else ("", "")
        name = f"{move.id}/{prompt.id}"

        def keep(**answer: str) -> None:
            self.bench.reflections.say(self.conference, move=move.id, prompt=prompt.id, asked=prompt.ask, **answer)

        if prompt.kind == "choice":
            return (
                _blocks.choice(
                    name, prompt.ask, picked, prompt.options, lambda one: keep(choice=one), hint=prompt.hint
                ),
            )
        if prompt.kind == "feeling":
            faces = _blocks.choice(name, prompt.ask, picked, prompt.options, lambda one: keep(choice=one), faces=True)
            because = prompt.hint or _("What did you do when you felt like that?")
            more = _blocks.text(f"{name}.words", because, words, lambda said: keep(words=said), size="line")
            return (_blocks.group(faces, more, look="wide columns"),)
        return (
            _blocks.text(
                name,
                prompt.ask,
                words,
                lambda said: keep(words=said),
                hint=prompt.hint,
                starters=prompt.starters,
                options=prompt.options,
            ),
        )


class ReflectionForm(Form):
    """The questions of one `move` (its id; the first of the discussion when None) of a conference.

    >>> ReflectionForm(bench, conference)  # doctest: +SKIP
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
