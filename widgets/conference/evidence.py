"""Look at my progress: the last goal and what was measured, in a learner's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.records import last_goal
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.evidence import measures, telling
from workbench.evidence.evidence import Evidence, Line
from workbench.evidence.measures.amounts import Amount
from workbench.goals.goals import Goal, State
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, ngettext
from workbench.reporting import topics

_BESIDE = 4  # what stands side by side on a projector, so that the move is one screen


class EvidenceSheet:
    """What is on the table in a conference. Showing it notes that it was shown."""

    saves = ("shown",)

    def __init__(self, bench: Workbench, conference: Conference, today: date) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """The evidence as blocks, side by side: what the prompt's parts are, in the order of `topics.order`."""
        name = f"{move.id}/{prompt.id}"
        goal = last_goal(self.bench, self.conference)
        if prompt.parts == ("goal",):
            return (_blocks.group(self._last_goal(goal, name), look="wide"),) if goal else ()
        known = self.bench.evidence.of(self.conference.learner)
        lately = topics.these_days(known, self.today) if "week" in prompt.parts else ()
        every = telling.tests(known) if "scores" in prompt.parts else ()
        tested = every[: _BESIDE - 1 if lately else _BESIDE]
        pairs = [(telling.compared_with(line), line.points[-1]) for line in tested]
        on_the_table = [fact.key for pair in pairs for fact in pair if fact]
        self._note_shown([*on_the_table, *(fact.key for one in lately for fact in one.facts)])
        projections = self.bench.classes.of_learner(self.conference.learner).projections
        parts = {
            "week": [_these_days(lately, self.conference.band)] if lately else [],
            "scores": [
                _measured(line, known, self.conference.band, telling.expected(line) if projections else None)
                for line in tested
            ],
        }
        measured = [block for part in topics.order(tested, self._seen()) for block in parts.get(part, [])]
        if not measured:
            words = _("They come here after a test. Today, your work and your words are enough.")
            if self.conference.band == YOUNGEST:
                measured.append(_blocks.note(_("Today, your work and your words are enough.")))
            else:
                measured.append(_blocks.empty(_("No scores yet"), words))
        shown = [self._last_goal(goal, name)] if "goal" in prompt.parts else []
        return (_blocks.group(*shown, _blocks.group(*measured, look="parts"), look="wide"),)

    def _seen(self) -> frozenset[int]:
        """What was on the table in this learner's finished conferences before this one."""
        others = self.bench.conferences.of(self.conference.learner)
        return frozenset(key for one in others if one.finished and one.id != self.conference.id for key in one.shown)

    def _note_shown(self, keys: list[int]) -> None:
        if not self.conference.finished and sorted(set(keys)) != sorted(self.conference.shown):
            self.conference = self.bench.conferences.show(self.conference, keys)

    def _last_goal(self, goal: Goal | None, name: str) -> Block:
        title = _blocks.heading(_("Your last goal"), level=3)
        if goal is None:
            words = _("This is your first conference here. Your goal will be here next time.")
            return _blocks.group(title, _blocks.note(words, look="quiet"), look="part")
        looks = self.bench.progress.of(goal)
        marks = Block(
            "marks",
            shown={
                "label": _check_ins(len(looks)),
                "marks": [{"feeling": one.feeling, "day": days.full(one.held_on)} for one in looks[-8:]],
            },
        )
        last_words = [one.words for one in looks if one.words][-1:]
        went = _blocks.choice(
            f"{name}.went",
            _("How did it go?"),
            "" if goal.state is State.ACTIVE else goal.state,
            {State.MET: _("I did it"), State.NOT_YET: _("Not yet")},
            lambda state: self.bench.goals.revise(goal, state=state),
        )
        heard = _blocks.group(marks, *(_blocks.quote(words) for words in last_words), look="part")
        return _blocks.group(
            _blocks.group(title, _blocks.quote(goal.words, look="strong"), look="part"),
            heard,
            went,
            look="parts ruled",
        )


def _check_ins(count: int) -> str:
    if not count:
        return _("No check-ins in between")
    return ngettext("{count} check-in", "{count} check-ins", count).format(count=count)


def _these_days(lately: Sequence[Amount], band: str) -> Block:
    """What moves between tests, as amounts; in words alone for the youngest."""
    title = _blocks.heading(_("These days"), level=3)
    if band == YOUNGEST:
        told = " ".join(dict.fromkeys(one.measure.youngest for one in lately))
        return _blocks.group(title, _blocks.note(told, look="small"), look="part")
    amounts = _blocks.facts([(one.measure.learner, one.said) for one in lately], label="inline")
    return _blocks.group(title, amounts, look="part")


def _measured(line: Line, known: Iterable[Evidence], band: str, expected: float | None = None) -> Block:
    """One measure: the newest range under the one it is held against, where it may lead, and what they say."""
    now, before = line.points[-1], telling.compared_with(line)
    title = _blocks.heading(measures.of(now).learner, level=3)
    whats_next = topics.ahead(line, known)
    if band == YOUNGEST:
        told = " ".join(whats_next) or _("You took this test. Let’s look at your work too.")
        return _blocks.group(title, _blocks.note(told, look="small"), look="part")
    said = _blocks.note(" ".join((*telling.how_it_went(before, now), *whats_next)), look="small")
    rows = [_row(point, newest=point is now) for point in (before, now) if point]
    if expected is not None:
        rows.append(_by_spring(round(expected)))
    return _blocks.group(title, Block("ranges", shown={"rows": rows}), said, look="part")


def _row(point: Evidence, *, newest: bool) -> dict[str, Any]:
    low, high = point.range
    term = telling.said_term(point.term)
    said = telling.said_range(point)
    return {"label": _("Now") if newest else term, "term": term, "low": low, "high": high, "said": said, "now": newest}


def _by_spring(value: int) -> dict[str, Any]:
    said = _("about {number}").format(number=value)
    label = {"label": _("By spring"), "term": _("What is expected by spring")}
    return {**label, "low": value, "high": value, "said": said, "now": False, "expected": True}
