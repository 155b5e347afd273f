"""Set a goal: something small, soon and one's own, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from widgets import _blocks
from widgets._blocks import Block
from widgets._form import Form
from widgets._records import conference_of, goal_in, prompts_that
from workbench import days
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.errors import BadInput
from workbench.goals import Goal, Horizon
from workbench.protocols import Move, Prompt
from workbench.words import _


class GoalSheet:
    """The goal of a conference: its words, how far off it is, and its purpose."""

    saves = ("goal", "purpose")

    def __init__(self, bench: Workbench, conference: Conference, today: date, to_goal: tuple[Block, ...] = ()) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today
        self._to_goal = to_goal
        self._waiting: dict[str, Any] = {}  # chosen before the goal had words

    @property
    def goal(self) -> Goal | None:
        return goal_in(self.bench, self.conference)

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """The goal's words and dates, or its purpose."""
        name, goal = f"{move.id}/{prompt.id}", self.goal
        return self._what(name, prompt, goal) if prompt.saves == "goal" else self._why(name, prompt, goal)

    def _what(self, name: str, prompt: Prompt, goal: Goal | None) -> tuple[Block, ...]:
        words = _blocks.text(
            name,
            prompt.ask,
            goal.words if goal else "",
            self._choose,
            hint=prompt.hint,
            starters=prompt.starters,
            options=prompt.options,
            size="big",
            needed=True,
        )
        horizon = goal.horizon if goal else self._waiting.get("horizon", Horizon.SHORT)
        due_on = goal.due_on if goal else self._waiting.get("due_on")
        return (
            _blocks.group(words, look="wide"),
            _blocks.choice(
                f"{name}.horizon",
                _("How big is it?"),
                horizon,
                _horizons(),
                lambda one: self._change(horizon=Horizon(one)),
            ),
            _blocks.day(
                f"{name}.due",
                _("When will it be done?"),
                due_on,
                lambda day: self._change(due_on=day),
                today=self.today,
                offer=days.soon(self.today),
            ),
        )

    def _why(self, name: str, prompt: Prompt, goal: Goal | None) -> tuple[Block, ...]:
        if goal is None:
            return (_blocks.group(no_goal_yet(_("Then say here why it matters to you."), *self._to_goal), look="wide"),)
        return (
            _blocks.group(
                _blocks.quote(goal.words, look="goal"),
                _blocks.text(
                    name,
                    prompt.ask,
                    goal.purpose,
                    lambda words: self.bench.goals.revise(goal, purpose=words.strip()),
                    hint=prompt.hint,
                    starters=prompt.starters,
                    options=prompt.options,
                ),
                look="wide",
            ),
        )

    def _choose(self, words: str) -> None:
        goal = self.goal
        if goal is None:
            self.bench.goals.choose(self.conference, words, on=self.today, **self._waiting)
            self._waiting = {}
        else:
            self.bench.goals.revise(goal, words=words)

    def _change(self, **changes: Any) -> None:
        due_on = changes.get("due_on")
        if due_on is not None and due_on < self.today:
            raise BadInput(_("This day is past already."), _("Choose today or a later day."))
        goal = self.goal
        if goal is None:
            self._waiting |= changes
        else:
            self.bench.goals.revise(goal, **changes)


class GoalForm(Form):
    """The goal of a conference, and why.

    >>> GoalForm(bench, conference)  # doctest: +SKIP
    """

    def __init__(
        self, bench: Workbench, conference: Conference | str, *, today: date | None = None, **traits: Any
    ) -> None:
        self.conference = conference_of(bench, conference)
        self._sheet = GoalSheet(bench, self.conference, today or date.today())  # noqa: DTZ011  a widget's edge
        super().__init__(bench, view=f"goal {self.conference.id}", band=self.conference.band, **traits)

    def blocks(self) -> Iterable[Block]:
        asked = prompts_that(self.bench.conferences.protocol(self.conference), GoalSheet.saves)
        if asked:
            yield _blocks.heading(asked[0][0].title, lead=asked[0][0].lead)
        chosen = self._sheet.goal is not None
        for move, prompt in asked:
            if chosen or prompt.saves == "goal":
                yield _blocks.group(*self._sheet.ask(move, prompt), look="columns")


def no_goal_yet(words: str, *actions: Block) -> Block:
    """What stands where a goal is needed and there is none."""
    return _blocks.empty(_("First choose a goal"), words, *actions)


def _horizons() -> dict[str, str]:
    return {
        Horizon.TODAY: _("For today"),
        Horizon.SHORT: _("A week or two"),
        Horizon.LONG: _("A month or more"),
    }
