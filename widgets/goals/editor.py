"""A goal's words and what belongs to them: the page of a new one, and that of one that is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import uuid4

from widgets.goals.page import Board, GoalPage
from widgets.goals.wording import Wording
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.learner.buddies import sharing
from workbench.goals import help as goal_help
from workbench.goals.goals import Goal
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _, language

_ID = re.compile("[0-9a-f]{32}")


class _Editor(GoalPage):
    """What both pages ask: the words, how big, by when, and what it hangs under."""

    def __init__(self, board: Board, goal: str = "") -> None:
        super().__init__(board, goal)
        self.wording = Wording(self.bench, board.learner.id, board.today, self.found)

    def found(self) -> Goal | None:
        """The goal, once it has words."""
        return self.read() if self.goal else None

    @property
    def step(self) -> str:
        """For the youngest, one thing a screen: what it is about, then the words, then how big."""
        return "size" if self.goal else "words" if self.wording.value("area") else "area"

    def _page(self, title: str, lead: str, done: str, asked: Iterable[Block]) -> Iterable[Block]:
        """The page with what it asks; `done` leads back to the board."""
        yield self.back()
        yield from self.board.undo.bar()
        if self.young:
            head = _blocks.heading(title, unseen=True)
            one = _blocks.group(*asked, look="one")
            yield _blocks.group(self._read_aloud(head, one), one, look="card", name="goal")
        else:
            yield _blocks.group(_blocks.heading(title, lead=lead), *asked, look="card", name="goal")
        goal = self.found()
        off = _blocks.note("")
        if goal is not None:
            off = _blocks.button("remove", _("Take it off the board"), lambda: self._remove(goal), look="link")
        if goal is not None or not self.young:
            yield _blocks.group(off, _blocks.button("done", done, self._done, look="primary"), look="foot")

    def _words(self, goal: Goal | None, before: Goal | None = None) -> Iterable[Block]:
        """The words with all the help there is; those of the goal `before` can be taken up."""
        wording, evidence = self.wording, self.evidence
        more = [wording.horizon(self.name("horizon"))]
        if not wording.asks_for("due"):
            more.append(wording.day(self.name("due")))
        more += wording.parent(self.name("parent"))
        more += wording.number(self.name("measure"), evidence)
        if goal:
            more += sharing(self.bench, goal, self.name("shared"), self.board.today)
        yield wording.doors(self.name("door"))
        yield from wording.examples(self.name("words"))
        yield _blocks.text(
            self.name("words"),
            wording.first(_("What will you try?")),
            goal.words if goal else "",
            self._say,
            options=[before.words] if before and goal is None else (),
            size="big",
            needed=True,
        )
        yield from wording.advice(evidence)
        yield from wording.questions(self.name("asked"))
        if goal and not wording.asks_for("purpose"):
            yield wording.purpose(self.name("purpose"))
        yield _blocks.group(*more, look="columns")

    def _young_words(self, goal: Goal | None) -> Iterable[Block]:
        wording = self.wording
        if goal is not None:
            yield _blocks.quote(goal.words, look="strong")
            yield wording.horizon(self.name("horizon"), youngest=True)
        elif self.step == "area":
            yield wording.area(self.name("area"), pictures=True)
        else:
            own_words, ask = _("In your own words"), _("What will you try?")
            yield _blocks.choice(self.name("words"), ask, "", wording.shorts(), self._say, own=own_words)
            other = _("About something else")
            yield _blocks.button("area", other, lambda: wording.revise(area=""), look="link")

    def _read_aloud(self, head: Block, asked: Block) -> Block:
        """The heading, with what the screen asks and offers to listen to; areas by their whole names."""
        areas = [one.name for one in goal_help.load(language()).areas]
        say = [_("What is it about?"), *areas] if self.step == "area" else _blocks.spoken(asked)
        return _blocks.group(head, _blocks.aloud(say), look="row")

    def _say(self, words: str) -> None:
        self.bench.goals.revise(self.goal, **self.wording.worded(words))

    def _done(self) -> None:
        if self.found() is None:
            step = _("A few words, picked or typed, are enough.")
            raise BadInput(_("The goal has no words yet."), step, about=self.name("words"))
        self.board.to_board()

    def _remove(self, goal: Goal) -> None:
        self.bench.goals.withdraw(goal)
        said = _("Taken off: {words}").format(words=goal.words)
        self.board.undo.did(said, lambda: self.bench.goals.undo(goal))
        self.board.to_board()


class NewPage(_Editor):
    """The page of a new goal; `instead` is one not met that it takes up, `waiting` is chosen before it has words."""

    kind = begins = "new"

    def __init__(self, board: Board, *, instead: str = "", **waiting: str) -> None:
        super().__init__(board)
        self.instead = instead
        self.made = uuid4().hex  # the id that it is to have
        self.wording.waiting |= {name: value for name, value in waiting.items() if value}

    @classmethod
    def of(cls, board: Board, name: str) -> NewPage:
        """That of the newest goal made on this board today: it was open when an answer without a key was given."""
        goals = board.bench.goals.of_learner(board.learner)
        made = [one.id for one in goals if one.chosen_on == board.today and not one.conference]
        newest = made[-1] if made else ""
        return cls._again(board, newest, newest)

    @classmethod
    def at(cls, board: Board, key: str) -> NewPage | None:
        """That which has this `key`."""
        kind, _space, rest = key.partition(" ")
        made = rest.rpartition(" ")[2]
        if kind != cls.kind or not _ID.fullmatch(made):
            return None
        try:
            goal = board.bench.goals.get(made)
        except NotFound:
            return cls._again(board, made)
        return cls._again(board, made, made) if goal.learner == board.learner.id else None

    @classmethod
    def _again(cls, board: Board, made: str, goal: str = "") -> NewPage:
        page = cls(board)
        page.made, page.goal = made, goal
        return page

    @property
    def where(self) -> str:
        return f"{self.kind} {self.made}"

    @property
    def key(self) -> str:
        return f"{self.kind} {self.instead} {self.step if self.young else ''} {self.made}"

    def name(self, field: str) -> str:
        """It stays the same while the goal gets its words."""
        return f"{self.kind}/{field}"

    def blocks(self) -> Iterable[Block]:
        goal = self.found()
        before = self.bench.goals.get(self.instead) if self.instead else None
        asked: list[Block] = []
        if before:
            note = _blocks.note(_("Before"), look="quiet")
            asked.append(_blocks.group(*(() if self.young else (note,)), _blocks.quote(before.words), look="list"))
        if self.young:
            asked += self._young_words(goal)
        else:
            asked += [self.wording.area(self.name("area")), *self._words(goal, before)]
        title = _("Something smaller") if before else _("A new goal")
        return self._page(title, _("Small, soon, and your own."), _("Put it on the board"), asked)

    def _say(self, words: str) -> None:
        if self.goal:
            super()._say(words)
            return
        told = self.wording.waiting | self.wording.worded(words)
        made = self.bench.goals.choose(self.board.learner, on=self.board.today, record=self.made, **told)
        self.wording.waiting.clear()
        self.goal = made.id


class ChangePage(_Editor):
    """The page of a goal that is changed, with the reason why."""

    kind = begins = "change"

    def blocks(self) -> Iterable[Block]:
        goal = self.read()
        why = _blocks.text(
            self.name("why-changed"),
            _("Why do you change it?"),
            goal.why_changed,
            lambda words: self.wording.revise(why_changed=words.strip()),
            size="line",
        )
        asked = self._young_words(goal) if self.young else (*self._words(goal), why)
        lead = _("Goals may change. Say why, so that you know later.")
        return self._page(_("Change the goal"), lead, _("Done"), asked)
