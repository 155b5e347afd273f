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
from workbench.ground.choices import Option
from workbench.ground.words import _, ngettext
from workbench.reporting import topics

MOST_PICTURES = 5  # that the youngest see at once, their last goal among them
#: The picture of a measure, by a word in its name or unit; a star where there is none.
_PICTURES = {
    "reading": "book",
    "books": "book",
    "literacy": "book",
    "fluency": "speech",
    "language": "pencil",
    "writing": "pencil",
    "spelling": "pencil",
    "mathematics": "numbers",
    "science": "look",
    "homework": "home",
    "present": "class",
    "attendance": "class",
    "days": "class",
    "kindness": "help",
    "times": "help",
    "minutes": "time",
    "units": "up",
    "level": "up",
    "lessons": "machine",
    "skills": "up",
}
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
        goal, young = last_goal(self.bench, self.conference), self.conference.band == YOUNGEST
        if prompt.parts == ("goal",):
            if goal is not None and young:
                quote = _blocks.quote(goal.words, look="strong")
                return (_blocks.group(quote, self._how_it_went(goal, name), look="list"),)
            return (_blocks.group(self._last_goal(goal, name), look="wide"),) if goal else ()
        known = self.bench.evidence.of(self.conference.learner)
        lately = topics.these_days(known, self.today) if "week" in prompt.parts else ()
        every = telling.tests(known) if "scores" in prompt.parts else ()
        tested = every[: _BESIDE - 1 if lately else _BESIDE]
        beside = telling.side_by_side(tested)
        pairs = [(before, line.points[-1]) for before, line in zip(beside, tested, strict=True)]
        on_the_table = [fact.key for pair in pairs for fact in pair if fact]
        self._note_shown([*on_the_table, *(fact.key for one in lately for fact in one.facts)])
        projections = self.bench.classes.of_learner(self.conference.learner).projections
        if young:
            return self._in_pictures(goal if "goal" in prompt.parts else None, name, tested, lately, known)
        parts = {
            "week": [_these_days(lately)] if lately else [],
            "scores": [
                _measured(line, before, known, telling.expected(line) if projections else None)
                for line, before in zip(tested, beside, strict=True)
            ],
        }
        measured = [block for part in topics.order(tested, self._seen()) for block in parts.get(part, [])]
        if not measured:
            words = _("They come here after a test. Today, your work and your words are enough.")
            measured.append(_blocks.empty(_("No scores yet"), words))
        shown = [self._last_goal(goal, name)] if "goal" in prompt.parts else []
        return (_blocks.group(*shown, _blocks.group(*measured, look="parts"), look="wide"),)

    def _in_pictures(
        self, goal: Goal | None, name: str, tested: Sequence[Line], lately: Sequence[Amount], known: Iterable[Evidence]
    ) -> tuple[Block, ...]:
        """For the youngest: the last goal, and a picture for each thing, which says it; so many as one takes in."""
        told = [*map(_of_these_days, lately), *(_of_a_test(line, known) for line in tested)]
        rows = list({row[0]: row for row in reversed(told)}.values())[::-1][: MOST_PICTURES - 2 * bool(goal)]
        if not rows:
            rows = [("star", "", _("Today, your work and your words are enough."))]
        if goal is None:
            return (_blocks.told(rows),)
        quote = _blocks.quote(goal.words, look="strong")
        beside = _blocks.group(self._how_it_went(goal, name), _blocks.told(rows), look="one week")
        return (_blocks.group(quote, beside, look="list"),)

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
        ways: dict[str, str] = {State.MET: _("I did it"), State.NOT_YET: _("Not yet")}
        if goal.state is not State.ACTIVE:
            ways[State.ACTIVE] = _("It goes on")
        went = _blocks.choice(
            f"{name}.went",
            _("How did it go?"),
            "" if goal.state is State.ACTIVE else goal.state,
            ways,
            lambda state: self.bench.goals.revise(goal, state=state),
        )
        heard = _blocks.group(marks, *(_blocks.quote(words) for words in last_words), look="part")
        return _blocks.group(
            _blocks.group(title, _blocks.quote(goal.words, look="strong"), look="part"),
            heard,
            went,
            look="parts ruled",
        )

    def _how_it_went(self, goal: Goal, name: str) -> Block:
        """How the last goal went, as pictures."""
        ways = [Option(State.MET, _("done"), "star"), Option(State.NOT_YET, _("not yet"), "wait")]
        if goal.state is not State.ACTIVE:
            ways.append(Option(State.ACTIVE, _("goes on"), "again"))
        return _blocks.choice(
            f"{name}.went",
            _("How did it go?"),
            "" if goal.state is State.ACTIVE else goal.state,
            ways,
            lambda state: self.bench.goals.revise(goal, state=State(state)),
        )


def _check_ins(count: int) -> str:
    if not count:
        return _("No check-ins in between")
    return ngettext("{count} check-in", "{count} check-ins", count).format(count=count)


def _these_days(lately: Sequence[Amount]) -> Block:
    """What moves between tests, as amounts."""
    title = _blocks.heading(_("These days"), level=3)
    amounts = _blocks.facts([(one.measure.learner, one.said) for one in lately], label="inline")
    return _blocks.group(title, amounts, look="part")


def _of_these_days(lately: Amount) -> tuple[str, str, str]:
    return _picture(lately.facts[0]), _word(lately.measure.learner), lately.measure.youngest


def _of_a_test(line: Line, known: Iterable[Evidence]) -> tuple[str, str, str]:
    now = line.points[-1]
    measure = measures.of(now)
    return _picture(now), _word(measure.learner), " ".join((measure.youngest, *topics.ahead(line, known)))


def _picture(fact: Evidence) -> str:
    words = {*fact.measure.replace("_", " ").split(), *fact.unit.split()}
    return next((one for word, one in _PICTURES.items() if word in words), "star")


def _word(name: str) -> str:
    """What stands under a picture: a name of one word, else the picture stands alone."""
    return name if " " not in name else ""


def _measured(line: Line, before: Evidence | None, known: Iterable[Evidence], expected: float | None = None) -> Block:
    """One measure: the newest range under the one it is held against, where it may lead, and what they say."""
    now = line.points[-1]
    title = _blocks.heading(measures.of(now).learner, level=3)
    whats_next = topics.ahead(line, known)
    went = telling.how_it_went(before, now) if before or len(line.points) == 1 else ()
    said = _blocks.note(" ".join((*went, *whats_next)), look="small")
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
