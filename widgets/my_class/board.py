"""My class: who needs an educator now, everybody at one look, the week, what there is to read, and paper."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep, listed
from widgets.kit.undo import Undo
from widgets.kit.watch import Watch
from widgets.learner.picker import Chooser, classes_of, nobody
from widgets.learner.ways import starting
from widgets.my_class.agreed import AgreedPart
from widgets.my_class.buddies import BuddiesPart
from widgets.my_class.calls import CallsPart
from widgets.my_class.due import DuePart
from widgets.my_class.entry import keep_of
from widgets.my_class.flags import counted
from widgets.my_class.grid import finder, grid
from widgets.my_class.groups import GroupsPart
from widgets.my_class.pages import PagesPart
from widgets.my_class.paper import PaperPart
from widgets.my_class.profiles import to_look_at
from widgets.my_class.voices import VoicesPart, families, silent
from widgets.my_class.week import WeekPart
from widgets.worries.mark import WorryMark
from workbench.bench import Workbench
from workbench.classes.schedule import plan
from workbench.ground.design import SIZES
from workbench.ground.words import _
from workbench.learners.learners import Learner, SchoolClass, class_labels

OFTEN = 0.5  # seconds between two looks for a flag
WROTE = 30  # days for which what families wrote is shown
SELDOM = 15.0  # seconds between two looks for anything else
ONCE = 1.0  # a second, at most, for anything else that a glance tells
NOW, WEEK_VIEW, READ, GROUPS, PAPER, AGREED, PAGES = "now", "week", "read", "groups", "paper", "agreed", "pages"


class ClassBoard(Chooser):
    """A class as its educator needs it, drawn afresh when something changes elsewhere.

    `class_` is one of the actor's, the first when None; the page changes between them. Covered (board-safe), it shows
    flags as counts and nothing of anybody but who talks when.

    >>> ClassBoard(bench).then(ConferenceStepper.of)
    """

    def __init__(
        self, bench: Workbench, class_: SchoolClass | None = None, *, today: date | None = None, **traits: Any
    ) -> None:
        self.covered = False
        self.view = NOW
        self._today = today
        self._classes = {str(one.id): one for one in classes_of(bench)}
        self._class = str(class_.id) if class_ else next(iter(self._classes), "")
        self._undo = Undo()
        did = self._undo.did
        self._flags_at = self._glanced_at = self._drawn_at = 0  # the changes that this page shows
        self._looked = self._seldom = 0.0
        self._start = start = starting(self.choose)
        self._worry = WorryMark(bench)
        self._calls = CallsPart(bench, did, start, self._worry)
        self._due = DuePart(bench, did, start)
        self._week = WeekPart(bench, did, start, self._save)
        self._voices = VoicesPart(bench, did, start, self._worry)
        self._paper = PaperPart(bench)
        self._agreed = AgreedPart(bench, did)
        self._buddies = BuddiesPart(bench, did)
        self._groups = GroupsPart(bench, did)
        self._pages = PagesPart(bench, did)
        self._up = 0  # flags that are up
        self._watch = Watch(self._look_out, self._apologise, every=OFTEN)
        super().__init__(bench, view="class", **traits)
        self._watch.start()

    @property
    def today(self) -> date:
        """The day: the page may stay open overnight."""
        return self._today or self.bench.today

    @property
    def class_(self) -> SchoolClass:
        """The class that is shown."""
        return self._classes[self._class]

    def close(self) -> None:
        self._watch.stop()
        super().close()

    def go(self, view: str) -> None:
        """Shows one of the views."""
        self._paper.leave(self.today)
        self._worry.leave()
        self._agreed.leave()
        self._undo.leave()
        self.view = view

    def cover(self, on: bool = True) -> None:
        """Takes off what is not for the board, or puts it back."""
        self._worry.leave()
        self._undo.leave()
        self.covered = on

    def frame(self) -> dict[str, Any]:
        key = f"{self._class} {'covered' if self.covered else self.view} {self._paper.at}"
        size = {"size": SIZES["K-2"]} if self.covered else {}  # read from the back of the room
        rings = bool(self._classes) and self.covered and self.bench.classes.of(self.class_).bell
        return {"key": key, "covered": self.covered, "up": self._up, "bell": rings, "grows": self.covered, **size}

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one that was typed in from a sheet is kept whatever is shown now."""
        return super().keep_for(name) or keep_of(self.bench, name) or self._worry.keep_of(name)

    def blocks(self) -> Iterable[Block]:
        self._flags_at = self.bench.flags.changed(self._flags_at)
        self._glanced_at = self.bench.glances.changed(self._glanced_at)
        self._drawn_at = self.bench.snapshot
        self._looked = self._seldom = time.monotonic()
        self._classes = {str(one.id): one for one in classes_of(self.bench)}
        if not self._classes:
            yield nobody(self.bench)
            return
        if self._class not in self._classes:
            self._class = next(iter(self._classes))
            self._groups.leave()
        members = {one.id: one for one in self.bench.learners.in_class(self.class_)}
        up = [one for one in self.bench.flags.up(self.class_.id) if one.learner in members]
        unread = () if self.covered else self.bench.schedule.to_read(self.class_)
        yield self._top(len(unread))
        yield Block("news", "news", {"words": counted(up)})
        self._up = len(up)
        if self.covered:
            yield from self._for_all(members)
            return
        yield from self._undo.bar()
        if self.view == READ:
            yield self._voices.block(unread, members, self.today)
            wrote = self.bench.replies.of_class(self.class_.id, since=self.today - timedelta(days=WROTE))
            yield from families([one for one in wrote if one.learner in members], members, self.today)
        elif self.view == PAPER:
            booked = self.bench.bookings.of_class(self.class_.id, since=self.today, until=self.today)
            here = [members[one.learner] for one in booked if one.open]
            due = self.bench.schedule.due(self.class_, on=self.today)
            waiting = [members[one.learner] for one in due if one.learner in members]
            yield self._paper.block(members, here, waiting, self.today)
        elif self.view == GROUPS:
            yield self._groups.block(self.class_, members, self.today)
        elif self.view == AGREED:
            yield self._agreed.block(self.class_, self.today)
            yield self._buddies.block(self.class_, members, self.today)
        elif self.view == PAGES:
            yield self._pages.block(members, self._symbols())
        elif self.view == WEEK_VIEW:
            yield from self._this_week(members)
        else:
            yield from self._now(members)

    def _for_all(self, members: Mapping[int, Learner]) -> Iterable[Block]:
        """What may stand on the board."""
        agreed = self.bench.classes.of(self.class_)
        week = plan((), self.bench.bookings.of_class(self.class_.id), agreed, self.today, self.today)
        yield _blocks.group(self._week.covered(week, members, self.today), look="card")
        yield from self._groups.covered(self.class_, members, self.today)
        lists = (
            (_("Three before me"), agreed.three_before_me, True),
            (_("While others talk"), agreed.agreements, False),
        )
        told = [
            _blocks.group(
                _blocks.heading(title),
                listed((_blocks.note(one) for one in lines), numbered=numbered, look="asked" if numbered else "said"),
                look="card",
            )
            for title, lines, numbered in lists
            if lines
        ]
        yield _blocks.group(*told, look="columns")

    def _now(self, members: Mapping[int, Learner]) -> Iterable[Block]:
        today, symbols = self.today, self._symbols()
        glances = [one for one in self.bench.glances.of(self.class_, on=today) if one.learner in members]
        yield finder()
        yield self._calls.block(glances, members, today, symbols)
        yield grid(self._calls.chosen(glances), members, today, self._start, symbols)

    def _this_week(self, members: Mapping[int, Learner]) -> Iterable[Block]:
        bench, class_, today = self.bench, self.class_, self.today
        due = bench.schedule.due(class_, on=today)
        booked = bench.bookings.of_class(class_.id)
        agreed = bench.classes.of(class_)
        week = plan(due, booked, agreed, self._week.of(today), today)
        monday = today - timedelta(days=today.weekday())
        held = bench.conferences.held_in(class_.id, since=monday, until=today)
        yield self._week.block(class_, week, held, members, today)
        yield _blocks.group(
            self._due.block(due, members, booked, agreed, today, self._symbols()),
            _blocks.group(
                silent(bench.schedule.silent(class_, on=today), len(members), self._start),
                to_look_at(bench.profiles.due_in(class_.id, on=today), members, self._start),
                look="side",
            ),
            look="board",
        )

    def _symbols(self) -> dict[int, str]:
        """What each learner of the class is known by, by their numbers."""
        return {one.learner: one.name for one in self.bench.symbols.of_class(self.class_.id)}

    def _top(self, unread: int) -> Block:
        labels = {
            NOW: _("Now"),
            WEEK_VIEW: _("This week"),
            READ: _("To read"),
            **({GROUPS: _("Groups")} if self.bench.groups.may_keep(self.class_) else {}),
            PAPER: _("On paper"),
            AGREED: _("Our class"),
            PAGES: _("Their pages"),
        }
        counts = {READ: unread}
        shown = [
            {"name": f"go/{view}", "label": label, "here": view == self.view, "count": counts.get(view, 0)}
            for view, label in labels.items()
        ]
        presses = tuple(_blocks.button(f"go/{view}", label, partial(self.go, view)) for view, label in labels.items())
        cover = Block(
            "cover",
            "cover",
            {
                "covered": self.covered,
                "label": _("Show all") if self.covered else _("Board-safe"),
                "key": "" if self.covered else "Esc",
            },
            lambda on: self.cover(on is True),
        )
        title = _blocks.heading(_("Class {name}").format(name=self.class_.name))
        parts: list[Block] = [title]
        if not self.covered:
            if len(self._classes) > 1:
                labelled = class_labels(self._classes.values())
                parts[0] = _blocks.select("class", _("Class"), self._class, labelled, self._change_class)
            parts.append(Block("tabs", "tabs", {"label": _("Parts of this page"), "tabs": shown}, None, presses))
            handing = {"label": _("Hand over the tablet"), "class": self._class}
            parts.append(Block("hand-over", "hand-over", handing))
        return _blocks.group(*parts, cover, look="top")

    def _change_class(self, number: str) -> None:
        self._groups.leave()
        self._paper.leave(self.today)
        self._undo.leave()
        self._class = number if number in self._classes else self._class

    def _save(self, name: str, kind: str, text: str) -> None:
        self.send({"kind": "file", "name": name, "type": kind, "text": text})

    def _look_out(self) -> None:
        """Draws afresh when a flag went up or down, and at most once a second when a glance tells anything else.

        What changed beside that is looked for seldom.
        """
        now = time.monotonic()
        flags = self.bench.flags.changed(self._flags_at) != self._flags_at
        if flags or (self.view == NOW and now - self._looked > ONCE and self._is_other()):
            self.refresh()
        elif now - self._seldom > SELDOM:
            self._seldom = now
            if self.bench.snapshot != self._drawn_at:
                self.refresh()

    def _is_other(self) -> bool:
        return not self.covered and self.bench.glances.changed(self._glanced_at) != self._glanced_at
