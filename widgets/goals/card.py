"""A goal on the board: its words, why, its path of days with today marked, and how it is going."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from widgets.goals.stuck import help_now
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.learner.buddies import sharing
from workbench.bench import Workbench
from workbench.evidence.evidence import Evidence
from workbench.goals import help as goal_help
from workbench.goals import targets
from workbench.goals.goals import Goal, Horizon
from workbench.goals.plans import Plan, StepKind
from workbench.goals.progress import FEELINGS, STUCK, CheckIn
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, language

MOST_STOPS = 8  # on a path, so that it stays one line on a phone


@dataclass(frozen=True, slots=True, repr=False)
class Acts:
    """What can be done with a goal from its card; each is called with the goal."""

    change: Callable[[Goal], object]
    met: Callable[[Goal], object]
    not_yet: Callable[[Goal], object]
    hang: Callable[[Goal], object]
    plan: Callable[[Goal], object]
    drop_look: Callable[[CheckIn], object]


@dataclass(slots=True, repr=False)
class GoalCard:
    """Draws one learner's goals as cards."""

    bench: Workbench
    band: str
    today: date
    evidence: tuple[Evidence, ...]
    acts: Acts

    @property
    def young(self) -> bool:
        return self.band == YOUNGEST

    def draw(self, goal: Goal) -> Block:
        """The card of an active goal."""
        name = f"goal/{goal.id}"
        looks = self.bench.progress.of(goal)
        plan = self.bench.plans.of(goal)
        area = goal_help.load(language()).area(goal.area)
        aloud = (_blocks.aloud([goal.words, _("How is it going?"), *feelings().values()]),) if self.young else ()
        shown = {
            "words": goal.words,
            "why": goal.purpose,
            "size": "" if self.young else horizons()[goal.horizon],
            "area": area.name if area and not self.young else "",
            "due": days.said(goal.due_on, self.today) if goal.due_on and not self.young else "",
            "changed": goal.why_changed if not self.young else "",
            "changed-label": _("Changed, because"),
        }
        return Block(
            "goal",
            name,
            shown,
            None,
            (*aloud, self._path(goal, plan, looks), *self._asked(name, goal, looks), self._foot(goal)),
        )

    def _asked(self, name: str, goal: Goal, looks: Iterable[CheckIn]) -> Iterable[Block]:
        """How is it going: a face, and when there is one today, words and a number to it."""
        now = next((one for one in reversed(tuple(looks)) if one.held_on == self.today), None)
        yield Block(
            "check-in",
            f"{name}.feeling",
            {
                "label": _("How is it going?"),
                "value": now.feeling if now else "",
                "options": [{"value": one, "label": words} for one, words in feelings().items()],
                "hint": "",
                "faces-alone": self.young,
            },
            lambda feeling: self._look(goal, now, feeling),
        )
        if now is None:
            return
        if now.feeling == STUCK:
            yield from help_now(self.bench, goal, name, self.band, self.today)
        if not self.young:
            yield _blocks.text(
                f"{name}.words",
                _("What happened?"),
                now.words,
                lambda words: self.bench.progress.revise(now, words=words),
                size="line",
            )
        back = _blocks.button(
            f"{name}.back", _("Take it back"), lambda: self.acts.drop_look(now), look="link", focus="undo"
        )
        if now.number is None:
            yield back
        else:
            read = targets.newest(goal, self.evidence)
            said = read.said if read and read.value == now.number else f"{now.number:g}"
            note = _blocks.note(_("With it: {number}").format(number=said), look="quiet")
            yield _blocks.group(note, back, look="row")

    def _look(self, goal: Goal, now: CheckIn | None, feeling: Any) -> None:
        """A check-in of today: the first click makes it, another changes its face."""
        if feeling not in FEELINGS:
            return
        if now is not None:
            self.bench.progress.revise(now, feeling=feeling)
            return
        read = None if self.young else targets.newest(goal, self.evidence)
        measure, number = (goal.measure, read.value) if read else ("", None)
        self.bench.progress.check_in(goal, on=self.today, feeling=feeling, measure=measure, number=number)

    def _foot(self, goal: Goal) -> Block:
        name = f"goal/{goal.id}"
        over = goal.due_on is not None and goal.due_on <= self.today
        look = "secondary" if over else "link"
        pictures = {"met": "star", "not-yet": "wait", "plan": "pencil", "hang": "smaller"} if self.young else {}

        brief = {"met": _("done"), "not-yet": _("not yet"), "plan": _("plan"), "hang": _("small")}

        def button(kind: str, label: str, act: Callable[[Goal], object], look: str = "link") -> Block:
            says, picture = f"{label}: {goal.words}", pictures.get(kind, "")
            shown, look = (brief[kind], "door") if picture else (label, look)
            return _blocks.button(f"{name}.{kind}", shown, lambda: act(goal), look=look, says=says, picture=picture)

        buttons = [
            button("met", _("I did it"), self.acts.met, look),
            button("not-yet", _("Not yet"), self.acts.not_yet, look),
        ]
        buttons.append(button("plan", _("My plan"), self.acts.plan))
        if not self.young:
            buttons.append(button("change", _("Change it"), self.acts.change))
        if goal.horizon is Horizon.LONG:
            buttons.append(button("hang", _("Add a small step"), self.acts.hang))
        asked = (_blocks.note(_("Its day has come. How did it go?"), look="asked"),) if over and not self.young else ()
        shared = sharing(self.bench, goal, f"{name}.shared", self.today)
        return _blocks.group(*asked, _blocks.group(*buttons, *shared, look="row goal-acts"), look="goal-foot")

    def _path(self, goal: Goal, plan: Plan, looks: Iterable[CheckIn]) -> Block:
        """The path: from the day it was chosen over check-ins, steps and today to the day it is to be done."""
        stops: dict[date, dict[str, Any]] = {goal.chosen_on: {"kind": "start", "says": _("It began")}}
        for step in plan.timeline:
            if step.due_on:
                kind = "look" if step.kind is StepKind.CHECK_IN else "step"
                stops[step.due_on] = {"kind": kind, "says": step.words}
        for one in looks:
            stops[one.held_on] = {
                "kind": "look",
                "feeling": one.feeling,
                "says": feelings().get(one.feeling, _("Check-in")),
            }
        if goal.due_on:
            stops[goal.due_on] = {**stops.get(goal.due_on, {}), "kind": "due", "says": _("It is done")}
        stops.setdefault(self.today, {"kind": "today", "says": ""})
        row = [
            {
                "feeling": "",
                **stop,
                "day": days.small(day),
                "on": "today" if day == self.today else "past" if day < self.today else "ahead",
            }
            for day, stop in sorted(stops.items())
        ]
        return Block(
            "goal-path",
            shown={
                "label": _("The path of this goal"),
                "today": _("Today"),
                "stops": _shortened(row),
                "bare": self.young,
            },
        )


def _shortened(row: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first and the last stop, and those around today."""
    if len(row) <= MOST_STOPS:
        return row
    here = next(place for place, stop in enumerate(row) if stop["on"] == "today")
    inner = row[1:-1]
    begin = max(0, min(here - 1 - MOST_STOPS // 2, len(inner) - (MOST_STOPS - 2)))
    around = inner[begin : begin + MOST_STOPS - 2]
    return [row[0], *around, row[-1]]


def feelings() -> dict[str, str]:
    """How it is going, in words."""
    words = (_("Great"), _("It is going"), _("Getting there"), _("I am stuck"))
    return dict(zip(FEELINGS, words, strict=True))


def horizons() -> dict[str, str]:
    """The three rows of the board, far to near."""
    return {Horizon.LONG: _("A month or more"), Horizon.SHORT: _("This week or two"), Horizon.TODAY: _("Today")}
