"""A goal that is met, or not yet: the page of each, and the turn to it. Not yet is kept with what comes now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from widgets.goals.editor import NewPage
from widgets.goals.page import Board, GoalPage
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.learner.buddies import sharing
from workbench.goals.goals import Goal, State
from workbench.ground import days
from workbench.ground.choices import Option
from workbench.ground.words import _, language

_AGAIN = timedelta(days=7)  # so much longer a goal gets that is kept as it is


def page_of(board: Board, goal: Goal) -> GoalPage:
    """The page of a goal that ended."""
    return (MetPage if goal.state is State.MET else NotYetPage)(board, goal.id)


def meet(board: Board, goal: Goal) -> None:
    """A goal is met: its page opens."""
    said = _("“{words}” is a star now.")
    _turn(board, goal, State.MET, said, partial(board.go, MetPage(board, goal.id)))


def _turn(board: Board, goal: Goal, state: State, said: str, go: Callable[[], object]) -> None:
    board.bench.goals.revise(goal, state=state)
    go()
    board.undo.did(said.format(words=goal.words), partial(board.bench.goals.revise, goal, state=goal.state))


class MetPage(GoalPage):
    """What was learned, and how one celebrates."""

    kind = begins = "met"

    def blocks(self) -> Iterable[Block]:
        goal, board = self.read(), self.board
        celebrate = self._celebrates(goal)
        yield self.back()
        parts = [
            _blocks.group(Block("star"), _blocks.heading(_("You did it")), look="row"),
            _blocks.quote(goal.words, look="goal"),
        ]
        if not self.young:
            learned = _blocks.text(
                self.name("learned"),
                _("What did you learn? What helped?"),
                goal.learned,
                lambda words: self.bench.goals.revise(goal, learned=words.strip()),
            )
            parts.append(learned)
        ways = self._ways_to_celebrate()
        own = "" if self.young and celebrate in ("", *(one.words for one in ways)) else _("Or in your own words")
        parts.append(
            _blocks.choice(
                self.name("celebrate"),
                _("How do you celebrate?"),
                celebrate,
                ways,
                lambda words: self.bench.plans.shape(goal, celebrate=words.strip()),
                own=own,
            )
        )
        if self.young:
            parts[-1] = _blocks.group(parts[-1], look="one")
            parts[0] = _blocks.group(*parts[0].inside, _blocks.aloud(_blocks.spoken(*parts[1:])), look="row")
        parts += sharing(self.bench, goal, self.name("shared"), board.today)
        yield _blocks.group(*parts, look="card met", name="met")
        again = _blocks.button("again", _("It is not done yet"), lambda: self._reopen(goal), look="link")
        done = _blocks.button("done", _("To my goals"), board.to_board, look="primary")
        yield _blocks.group(again, done, look="foot")

    def _celebrates(self, goal: Goal) -> str:
        """How to celebrate a goal: as was chosen for it, or for the one not met that it takes up."""
        chosen = self.bench.plans.of(goal).celebrate
        if chosen or not goal.parent:
            return chosen
        before = self.bench.goals.get(goal.parent)
        return self._celebrates(before) if before.state is State.NOT_YET else ""

    def _ways_to_celebrate(self) -> tuple[Option, ...]:
        """Those that the full conference offers, in the page's language."""
        asked = self.bench.conferences.protocol_named("full", self.board.band, language()).first("celebrate")
        return asked[1].options if asked else ()

    def _reopen(self, goal: Goal) -> None:
        _turn(self.board, goal, State.ACTIVE, _("“{words}” goes on."), self.board.to_board)


class NotYetPage(GoalPage):
    """What was done and what made it hard, and what comes now: the same, something smaller, or another goal."""

    kind = begins = "not-yet"

    def blocks(self) -> Iterable[Block]:
        goal, board = self.read(), self.board
        did, hard = _two(goal.learned)
        yield self.back()
        parts = [
            _blocks.heading(_("Not yet"), unseen=True)
            if self.young
            else _blocks.heading(_("Not yet"), lead=_("Now you know more about it than before.")),
            _blocks.quote(goal.words, look="strong"),
        ]
        ask = _("What made it hard?")
        hindered = [
            Option(_("It was too big"), _("big"), "up"),
            Option(_("I had no time"), _("time"), "time"),
            Option(_("I forgot it"), _("forgot"), "look"),
            Option(_("I needed help"), _("help"), "help"),
        ]
        if self.young:
            why = _blocks.choice(self.name("hard"), ask, hard, hindered, lambda said: self._learn(goal, 1, said))
            parts.append(_blocks.group(why, look="one"))
            parts[0] = _blocks.group(parts[0], _blocks.aloud(_blocks.spoken(*parts)), look="row")
        else:
            part = _("Which part did you do?")
            parts.append(
                _blocks.group(
                    _blocks.text(self.name("did"), part, did, lambda said: self._learn(goal, 0, said)),
                    _blocks.text(
                        self.name("hard"), ask, hard, lambda said: self._learn(goal, 1, said), options=hindered
                    ),
                    look="columns",
                )
            )
        parts += sharing(self.bench, goal, self.name("shared"), board.today)
        again = (goal.due_on or board.today) < board.today + _AGAIN
        same = _("The same, with more time") if again else _("The same")
        ways: list[tuple[str, str, Callable[[], object], str, str]] = [
            ("smaller", _("Something smaller"), lambda: self._smaller(goal), _("small"), "smaller"),
            ("same", same, lambda: self._same(goal), _("same"), "again"),
            ("another", _("Another goal"), lambda: self._end(goal, NewPage(board)), _("new"), "new"),
        ]
        if goal.state is State.ACTIVE:
            ways.append(("stop", _("I stop here"), lambda: self._end(goal), _("stop"), "rest"))
        turns = [
            _blocks.button(name, brief, act, look="door", says=says, picture=picture)
            if self.young
            else _blocks.button(name, says, act, look="" if name != "smaller" else "primary")
            for name, says, act, brief, picture in ways
        ]
        label = _("What comes now?")
        parts.append(_blocks.heading(label, level=3, unseen=self.young))
        look = "doors" if self.young else "row turns"
        parts.append(_blocks.group(*turns, look=look, name="turns", label=label))
        yield _blocks.group(*parts, look="card", name="not-yet")

    def _learn(self, goal: Goal, place: int, said: str) -> None:
        """What was learned of a goal not met: a line for each question."""
        lines = list(_two(self.bench.goals.get(goal).learned))
        lines[place] = " ".join(said.split())
        self.bench.goals.revise(goal, learned="\n".join(lines).rstrip())

    def _smaller(self, goal: Goal) -> None:
        """A new goal that takes up one not met."""
        self._end(goal, NewPage(self.board, instead=goal.id, area=goal.area, purpose=goal.purpose, parent=goal.id))

    def _end(self, goal: Goal, then: NewPage | None = None) -> None:
        """The goal is not yet; one goes on to another, or back to the board."""
        go = partial(self.board.go, then) if then else self.board.to_board
        if goal.state is State.ACTIVE:
            _turn(self.board, goal, State.NOT_YET, _("“{words}” was not yet."), go)
        else:
            go()

    def _same(self, goal: Goal) -> None:
        due = days.school_day(self.board.today + _AGAIN)
        self.bench.goals.revise(goal, state=State.ACTIVE, due_on=due)
        self.board.undo.did(_("It goes on, with a new day."), lambda: self.bench.goals.undo(goal))
        self.board.to_board()


def _two(learned: str) -> tuple[str, str]:
    """Which part was done, and what made it hard."""
    did, _newline, hard = learned.partition("\n")
    return did, hard
