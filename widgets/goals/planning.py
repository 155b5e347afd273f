"""How a goal is reached: its plan as a conference asks for it, what could be in the way, and the pace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from widgets.goals.asking import AskPage
from widgets.goals.pace import PaceSheet
from widgets.goals.page import Board, GoalPage
from widgets.goals.plan_form import PlanSheet
from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.goals.goals import Goal
from workbench.ground.words import _, language


class PlanPage(GoalPage):
    """One goal's plan: ways, days and how it will show."""

    kind = begins = "plan"

    def __init__(self, board: Board, goal: str) -> None:
        super().__init__(board, goal)
        self._sheet = PlanSheet(self.bench, goal, board.today, band=board.band)
        self._wording = Wording(self.bench, board.learner.id, board.today, self.read)
        self._showing = False  # the youngest are at how it will show

    def blocks(self) -> Iterable[Block]:
        goal, board = self.read(), self.board
        yield self.back()
        yield from board.undo.bar()
        head = (_blocks.heading(_("My plan")), _blocks.quote(goal.words, look="strong"))
        asked = dict(self._asked())
        ways, show, looks = asked["step"], asked["show"], asked.get("check-in", ())
        if self.young:
            yield from self._one_by_one(goal, _blocks.group(*ways, look="one"), _blocks.group(*show, look="one"))
            return
        pace = PaceSheet(
            self.bench, goal, board.today, f"plan/{goal.id}", board.undo.did, lambda: board.go(AskPage(board))
        )
        hindered = self._wording.in_the_way(self.name("asked"))
        yield _blocks.group(*head, _blocks.group(*ways, look="columns"), look="card", name="plan")
        yield from pace.blocks()
        yield _blocks.group(_blocks.group(*hindered, *looks[-1:], look="columns"), *show, look="card", name="plan-more")
        yield self.done()

    @property
    def key(self) -> str:
        return f"{super().key}{'show' if self._showing else ''}"

    def _one_by_one(self, goal: Goal, ways: Block, show: Block) -> Iterable[Block]:
        """One question a screen, for those who begin to read: the ways, then how it will show."""
        asked = show if self._showing else ways
        words = next(iter(_blocks.spoken(asked)), "")
        aloud = _blocks.aloud([goal.words, *_blocks.spoken(asked)])
        head = _blocks.group(_blocks.heading(words), aloud, look="row")
        yield _blocks.group(head, _blocks.quote(goal.words), asked, look="card", name="plan")
        if self._showing:
            back = _blocks.button("ways", _("Back"), partial(self._turn_to, False), look="secondary")
            yield self.done(back)
        else:
            on = _blocks.button("show", _("Next"), partial(self._turn_to, True), look="primary")
            yield _blocks.group(_blocks.note(""), on, look="foot")

    def _turn_to(self, showing: bool) -> None:
        self._showing = showing

    def _asked(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        """What the full conference asks of a plan, by what it saves; the answers' names say the goal."""
        protocol = self.bench.conferences.protocol_named("full", self.board.band, language())
        for move in protocol.moves:
            for one in move.prompts:
                if one.saves in PlanSheet.saves:
                    yield one.saves, self._sheet.ask(replace(move, id=f"plan/{self.goal}"), one)
