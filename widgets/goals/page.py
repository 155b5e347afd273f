"""A page of a learner's goals: what is on it, what its answers are called, and what it needs of the board around it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from typing import Protocol as Shape

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Undo
from widgets.learner.flag_form import FlagSheet
from workbench.bench import Workbench
from workbench.evidence.evidence import Evidence
from workbench.goals.goals import Goal
from workbench.ground.bands import YOUNGEST
from workbench.ground.errors import NotFound
from workbench.ground.words import _
from workbench.learners.learners import Learner


class Board(Shape):
    """What a page needs of the board that it belongs to."""

    bench: Workbench
    learner: Learner
    band: str
    today: date
    undo: Undo
    flags: FlagSheet

    def go(self, page: Page) -> None:
        """Opens a page; what was done on another is not to be undone there."""

    def to_board(self) -> None:
        """Goes back to the board, where what was done is told."""


class Page:
    """One page, for as long as one is on it; answers sent later find it by their names."""

    kind: ClassVar[str]
    begins: ClassVar[str] = ""  # what the names of its answers begin with; without, none comes late

    def __init__(self, board: Board, goal: str = "") -> None:
        self.board = board
        self.bench = board.bench
        self.goal = goal  # the id of the one it is about, if any

    @classmethod
    def of(cls, board: Board, name: str) -> Page | None:
        """The page that the answer called `name` was given on."""
        return cls(board)

    @property
    def where(self) -> str:
        """What tells it from other pages."""
        return f"{self.kind} {self.goal}"

    @property
    def key(self) -> str:
        """What the browser tells it by (`Form.frame`)."""
        return f"{self.kind} {self.goal}  "

    @property
    def young(self) -> bool:
        return self.board.band == YOUNGEST

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What is known of the learner, for those who read figures."""
        return () if self.young else self.bench.evidence.of(self.board.learner)

    def blocks(self) -> Iterable[Block]:
        """What is on it."""
        raise NotImplementedError

    def back(self) -> Block:
        """The way back to the board."""
        return _blocks.button("board", _("Back to my goals"), self.board.to_board, look="back")

    def done(self, back: Block | None = None) -> Block:
        """The same where one ends, bottom right; with the way `back` to a screen before."""
        done = _blocks.button("done", _("Done"), self.board.to_board, look="primary")
        return _blocks.group(back or _blocks.note(""), done, look="foot")


class GoalPage(Page):
    """A page about one goal."""

    @classmethod
    def of(cls, board: Board, name: str) -> Page | None:
        goal = name.partition("/")[2].partition("/")[0]
        try:
            found = board.bench.goals.get(goal)
        except NotFound:
            return None
        return cls(board, goal) if found.learner == board.learner.id else None

    def name(self, field: str) -> str:
        """What an answer on it is called."""
        return f"{self.begins}/{self.goal}/{field}"

    def read(self) -> Goal:
        """The goal as it stands now; raises NotFound."""
        return self.bench.goals.get(self.goal)
