"""How a goal is reached: its plan as a conference asks for it, what could be in the way, and the pace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from widgets.goals.asking import AskPage
from widgets.goals.pace import PaceSheet
from widgets.goals.page import Board, GoalPage
from widgets.goals.plan_form import PlanSheet
from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.ground.words import _, language


class PlanPage(GoalPage):
    """One goal's plan: ways, days and how it will show."""

    kind = begins = "plan"

    def __init__(self, board: Board, goal: str) -> None:
        super().__init__(board, goal)
        self._sheet = PlanSheet(self.bench, goal, board.today, band=board.band)
        self._wording = Wording(self.bench, board.learner.id, board.today, self.read)

    def blocks(self) -> Iterable[Block]:
        goal, board = self.read(), self.board
        yield self.back()
        yield from board.undo.bar()
        head = (_blocks.heading(_("My plan")), _blocks.quote(goal.words, look="strong"))
        asked = dict(self._asked())
        ways, show, looks = asked["step"], asked["show"], asked.get("check-in", ())
        if self.young:
            aloud = _blocks.aloud([goal.words, *_spoken(ways), *_spoken(show)])
            yield _blocks.group(*head, aloud, *ways, *show, look="card", name="plan")
            return
        pace = PaceSheet(
            self.bench, goal, board.today, f"plan/{goal.id}", board.undo.did, lambda: board.go(AskPage(board))
        )
        hindered = self._wording.in_the_way(self.name("asked"))
        yield _blocks.group(*head, _blocks.group(*ways, look="columns"), look="card", name="plan")
        yield from pace.blocks()
        yield _blocks.group(_blocks.group(*hindered, *looks[-1:], look="columns"), *show, look="card", name="plan-more")

    def _asked(self) -> Iterable[tuple[str, tuple[Block, ...]]]:
        """What the full conference asks of a plan, by what it saves; the answers' names say the goal."""
        protocol = self.bench.conferences.protocol_named("full", self.board.band, language())
        for move in protocol.moves:
            for one in move.prompts:
                if one.saves in PlanSheet.saves:
                    yield one.saves, self._sheet.ask(replace(move, id=f"plan/{self.goal}"), one)


def _spoken(asked: Iterable[Block]) -> Iterable[str]:
    """What a question and its choices say, whatever they are inside of."""
    for one in asked:
        if one.shown.get("options"):
            yield from (one.shown["label"], *(option["value"] for option in one.shown["options"]))
        yield from _spoken(one.inside)
