"""The conference: its moves one after the other, and the agreement at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, Self
from typing import Protocol as Shape

from widgets import _blocks
from widgets._agreement import agreement
from widgets._blocks import Block, Keep
from widgets._evidence import EvidenceSheet
from widgets._form import Form
from widgets._records import answered, conference_of
from widgets.goal_form import GoalSheet
from widgets.plan_form import PlanSheet
from widgets.reflection_form import ReflectionSheet
from widgets.strengths_form import StrengthsSheet
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.learners import Learner
from workbench.protocols import Move, Prompt
from workbench.words import _

AGREEMENT = "agreement"


class Sheet(Shape):
    """Asks a protocol's prompts and keeps what they `save`."""

    @property
    def saves(self) -> tuple[str, ...]: ...

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]: ...


class ConferenceStepper(Form):
    """A conference from its first move to its agreement; opened again, it is where it was left.

    `leave` is called by the link to another learner, which is there when it is given.

    >>> ConferenceStepper(bench, conference)  # doctest: +SKIP
    """

    def __init__(
        self,
        bench: Workbench,
        conference: Conference | str,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        self.conference = conference_of(bench, conference)
        self.today = today or date.today()  # noqa: DTZ011  a widget's edge
        self.protocol = bench.conferences.protocol(self.conference)
        self.learner = bench.learners.get(self.conference.learner)
        self.at_end = self.conference.finished
        self._leave = leave
        sheets: tuple[Sheet, ...] = (
            EvidenceSheet(bench, self.conference, self.today),
            ReflectionSheet(bench, self.conference),
            StrengthsSheet(bench, self.conference),
            GoalSheet(bench, self.conference, self.today, self._to_goal()),
            PlanSheet(bench, self.conference, self.today, self._to_goal()),
        )
        self._sheets = {kind: sheet for sheet in sheets for kind in sheet.saves}
        super().__init__(bench, view=f"conference {self.conference.id}", band=self.conference.band, **traits)

    @classmethod
    def of(cls, bench: Workbench, learner: Learner | int, *, today: date | None = None, **more: Any) -> Self:
        """The learner's open conference, or a new one; `more` as when made by hand."""
        day = today or date.today()  # noqa: DTZ011  a widget's edge
        return cls(bench, bench.conferences.start(learner, on=day), today=day, **more)

    @property
    def move(self) -> Move:
        """The move one is at."""
        return next((one for one in self.protocol.moves if one.id == self.conference.move), self.protocol.moves[0])

    def go(self, move: str) -> None:
        """Goes to a move (its id), or to the agreement."""
        self.at_end = move == AGREEMENT
        if not self.at_end:
            self.conference = self.bench.conferences.go_to(self.conference, move)

    def finish(self) -> None:
        """Closes the conference."""
        self.conference = self.bench.conferences.finish(self.conference, on=self.today)
        self.at_end = True

    def reopen(self) -> None:
        """Takes `finish` back."""
        self.conference = self.bench.conferences.reopen(self.conference)

    def frame(self) -> dict[str, Any]:
        here = AGREEMENT if self.at_end else self.move.id
        return {"key": f"{here}{' finished' if self.conference.finished else ''}", "stepper": True}

    def blocks(self) -> Iterable[Block]:
        self.conference = self.bench.conferences.get(self.conference)
        yield self._path()
        if self.at_end:
            yield from self._end()
        else:
            yield from self._here()

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one sent again after a reload may belong to another move."""
        known = super().keep_for(name)
        if known is not None or self.conference.finished:
            return known
        return next(
            (
                keeps[name]
                for move in self.protocol.moves
                if name.startswith(f"{move.id}/")
                for keeps in [_blocks.group(*self._asked(move)).keeps()]
                if name in keeps
            ),
            None,
        )

    def _asked(self, move: Move) -> list[Block]:
        return [block for prompt in move.prompts for block in self._sheets[prompt.saves].ask(move, prompt)]

    def _here(self) -> Iterable[Block]:
        move, place = self.move, self.protocol.moves.index(self.move)
        yield _blocks.group(
            _blocks.heading(move.title, number=str(place + 1), lead=move.lead),
            _blocks.group(*self._asked(move), look="columns"),
            look="card",
            name=f"{move.id}/",
        )
        after = self.protocol.moves[place + 1 :]
        onward = (
            _blocks.button(
                f"go/{after[0].id}",
                _("Next: {move}").format(move=after[0].title),
                lambda: self.go(after[0].id),
                look="primary",
            )
            if after
            else _blocks.button(f"go/{AGREEMENT}", _("See our agreement"), lambda: self.go(AGREEMENT), look="primary")
        )
        yield self._foot(self.protocol.moves[place - 1] if place else None, onward)

    def _end(self) -> Iterable[Block]:
        if self.conference.finished:
            words = _("This conference is finished. Thank you, {name}.").format(name=self.learner.call_name)
            yield _blocks.note(words, look="done")
        page = agreement(self.bench, self.conference, self.today, *self._to_goal())
        yield page
        printing = Block("print", shown={"label": _("Print the agreement")})
        if self.conference.finished:
            again = _blocks.button("again", _("Open again"), self.reopen, look="secondary")
            yield _blocks.group(again, printing, look="foot")
        else:
            ready = not self._to_goal() or self.bench.goals.of(self.conference)
            done = _blocks.button(
                "finish", _("Finish the conference"), self.finish, look="primary" if ready else "secondary"
            )
            yield self._foot(self.protocol.moves[-1], _blocks.group(printing, done, look="row"))

    def _to_goal(self) -> tuple[Block, ...]:
        """The way to the goal, for where there is none yet."""
        move = next((one for one in self.protocol.moves if one.prompt("goal")), None)
        if move is None:
            return ()
        return (_blocks.button(f"to/{move.id}", move.title, lambda: self.go(move.id), look="secondary"),)

    def _foot(self, before: Move | None, onward: Block) -> Block:
        back = (
            _blocks.button(
                "back",
                _("Back"),
                lambda: self.go(before.id),
                look="secondary",
                says=_("Back to {move}").format(move=before.title),
            )
            if before
            else _blocks.note("")
        )
        return _blocks.group(back, onward, look="foot")

    def _path(self) -> Block:
        moves = self.protocol.moves
        here = None if self.at_end else self.move
        done = answered(self.bench, self.conference, self.protocol)
        says = {"done": _("{move}: done"), "here": _("{move}: you are here"), "ahead": _("{move}: still to come")}
        steps: list[dict[str, Any]] = []
        for place, move in enumerate(moves):
            state = "here" if move is here else "done" if move.id in done else "ahead"
            if not steps or steps[-1]["step"] != move.step:
                steps.append({"step": move.step, "title": move.step_title, "moves": [], "here": False})
            steps[-1]["here"] |= state == "here"
            steps[-1]["moves"].append(
                {
                    "name": f"go/{move.id}",
                    "number": place + 1,
                    "title": move.title,
                    "state": state,
                    "says": says[state].format(move=move.title),
                }
            )
        buttons = tuple(
            _blocks.button(f"go/{move.id}", move.title, partial(self.go, move.id))
            for move in moves
            if not self.conference.finished
        )
        leave = _blocks.button("leave", _("Choose another learner"), self._leave, look="back") if self._leave else None
        shown = {
            "label": _("The moves of this conference"),
            "who": self.learner.name,
            "protocol": self.protocol.title,
            "steps": steps,
            "closed": self.conference.finished,
            "leave": leave.drawn() if leave else None,
        }
        return Block("path", "path", shown, None, (*buttons, *((leave,) if leave else ())))
