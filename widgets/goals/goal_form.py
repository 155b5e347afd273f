"""Set a goal: something small, soon and one's own, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from widgets.kit.records import conference_of, goal_in, last_goal, prompts_that
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import TURNS, Move, Prompt
from workbench.goals.goals import Goal, Horizon, State
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _


class GoalSheet:
    """The goal of a conference: what becomes of the last one, its words, how far off it is, and its purpose."""

    saves = ("turn", "goal", "purpose")

    def __init__(
        self,
        bench: Workbench,
        conference: Conference,
        today: date,
        to_goal: tuple[Block, ...] = (),
        scribe: Callable[[], bool] = bool,
    ) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today
        self._to_goal = to_goal
        self._scribe = scribe
        self._wording = Wording(bench, conference.learner, today, lambda: self.goal)

    @property
    def goal(self) -> Goal | None:
        return goal_in(self.bench, self.conference)

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """What becomes of the last goal, the goal's words and dates, or its purpose."""
        name = f"{move.id}/{prompt.id}"
        if prompt.saves == "turn":
            return self._turn(move, prompt)
        if prompt.saves == "purpose":
            return self._why(name, prompt, self.goal, silent=move.prompt("goal") is not None)
        if move.prompt("turn") is None:
            return self._what(name, prompt, self.goal)
        before = last_goal(self.bench, self.conference)
        turn = self.bench.conferences.turn(self.conference)
        if before is not None and before.state is State.MET:
            hint = _("You did it. A next one may wait: leave this empty, and you are done.")
            chosen = self.goal if self.goal and self.goal.conference == self.conference.id else None
            return (self._words(name, prompt, chosen, size="line", hint="" if self._young else hint),)
        if before is not None and turn not in TURNS[1:]:
            return ()  # the last goal goes on, or nobody has said yet
        smaller = [before.words] if before and turn == TURNS[1] else []
        return (self._words(name, prompt, self.goal, smaller, size="line"),)

    @property
    def _young(self) -> bool:
        return self.conference.band == YOUNGEST

    def _turn(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        before = last_goal(self.bench, self.conference)
        if before is None or before.state is State.MET:
            return ()
        said = self.bench.reflections.of(self.conference).get((move.id, prompt.id))
        picked = said.choice if said else ""
        turn = self.bench.conferences.turn(self.conference)
        asked = _blocks.choice(
            f"{move.id}/{prompt.id}",
            prompt.ask,
            picked,
            prompt.options,
            lambda one: self._turn_to(move, prompt, one),
            hint=prompt.hint,
        )
        if turn != TURNS[2] or self._young:
            return (asked,)
        left = _("Your last goal is put aside as not yet. Was it done? Say “I did it”.")
        return (_blocks.group(asked, _blocks.note(left, look="quiet"), look="list"),)

    def _turn_to(self, move: Move, prompt: Prompt, picked: str) -> None:
        self.bench.reflections.say(
            self.conference,
            move=move.id,
            prompt=prompt.id,
            asked=prompt.ask,
            choice=picked,
            typed_by="educator" if self._scribe() else prompt.who,
        )
        before = last_goal(self.bench, self.conference)
        turn = self.bench.conferences.turn(self.conference)
        if before is None:
            return
        if turn == "keep":
            self.bench.goals.revise(before, state=State.ACTIVE)
        elif before.state is State.ACTIVE:  # what was not said to be done is not met
            self.bench.goals.revise(before, state=State.NOT_YET)
        for chosen in self.bench.goals.of(self.conference):  # a goal chosen here waits while the last one goes on
            self.bench.goals.revise(chosen, state=State.SET_ASIDE if turn == "keep" else State.ACTIVE)

    def _words(
        self, name: str, prompt: Prompt, goal: Goal | None, more: Iterable[str] = (), size: str = "big", hint: str = ""
    ) -> Block:
        words = goal.words if goal else ""
        if any(one.picture for one in prompt.options):
            own = _("In your own words")
            return _blocks.choice(
                name, prompt.ask, words, prompt.options, self._choose, hint=hint or prompt.hint, own=own
            )
        return _blocks.text(
            name,
            prompt.ask,
            words,
            self._choose,
            hint=hint or prompt.hint,
            starters=prompt.starters_on(self.conference.starters_on),
            options=[*more, *prompt.options],
            size=size,
            needed=True,
        )

    def _what(self, name: str, prompt: Prompt, goal: Goal | None) -> tuple[Block, ...]:
        if self._young:
            return (self._words(name, prompt, goal),)
        help_with_words = self._wording.beside(name)
        behind_a_door = self._wording.behind_a_door(name)
        return (
            _blocks.group(self._words(name, prompt, goal), help_with_words, look="wide"),
            *((_blocks.group(*behind_a_door, look="wide"),) if behind_a_door else ()),
            _blocks.group(
                _blocks.choice(
                    f"{name}.horizon",
                    _("How big is it?"),
                    self._wording.value("horizon", Horizon.SHORT),
                    _horizons(),
                    self._wording.sized,
                ),
                *self._wording.about(name),
                look="list",
            ),
            _blocks.day(
                f"{name}.due",
                _("When will it be done?"),
                self._wording.due,
                self._wording.due_by,
                today=self.today,
                offer=days.soon(self.today),
            ),
        )

    def _why(self, name: str, prompt: Prompt, goal: Goal | None, *, silent: bool) -> tuple[Block, ...]:
        if goal is None and silent:
            return ()
        if goal is None:
            return (_blocks.group(no_goal_yet(_("Then say here why it matters to you."), *self._to_goal), look="wide"),)

        def keep(words: str) -> None:
            self.bench.goals.revise(goal, purpose=words.strip())

        if any(one.picture for one in prompt.options):
            own = _("In your own words")
            asked = _blocks.choice(name, prompt.ask, goal.purpose, prompt.options, keep, hint=prompt.hint, own=own)
        else:
            asked = _blocks.text(
                name,
                prompt.ask,
                goal.purpose,
                keep,
                hint=prompt.hint,
                starters=prompt.starters_on(self.conference.starters_on),
                options=prompt.options,
            )
        parts = (asked,) if silent else (_blocks.quote(goal.words, look="goal"), asked)
        return (_blocks.group(*parts, look="wide"),)

    def _choose(self, words: str) -> None:
        goal = self.goal
        if goal is None or goal.conference != self.conference.id:
            told = self._wording.waiting | self._wording.worded(words)
            self.bench.goals.choose(self.conference, on=self.today, **told)
            self._wording.waiting.clear()
        else:
            self.bench.goals.revise(goal, **self._wording.worded(words))


class GoalForm(Form):
    """The goal of a conference, and why.

    >>> GoalForm(bench, conference)
    """

    def __init__(
        self, bench: Workbench, conference: Conference | str, *, today: date | None = None, **traits: Any
    ) -> None:
        self.conference = conference_of(bench, conference)
        self._sheet = GoalSheet(bench, self.conference, today or bench.today)
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
