"""What was passed on to the adult the school named: read, dealt with, closed. For that adult, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep, listed
from widgets.kit.form import Form
from widgets.kit.undo import Undo
from widgets.kit.watch import Watch
from workbench.bench import Workbench
from workbench.classes.worries import Worry
from workbench.ground import days
from workbench.ground.words import _

OFTEN = 5.0  # seconds between two looks for a new one
OPEN, CLOSED = "open", "closed"
_NAME, _DONE = "worry/", "/done"


class WorryBoard(Form):
    """The worries of a school, one open at a time.

    Whoever is not the adult named gets what stands where a page is missing. Covered (board-safe), it shows nothing.

    >>> WorryBoard(bench)
    """

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self.covered = False
        self.view = OPEN
        self._today = today
        self._at = ""  # the id of the one that is read
        self._undo = Undo()
        self._waiting = 0
        self._watch = Watch(self._look_out, self._apologise, every=OFTEN)
        super().__init__(bench, view="worries", **traits)
        if bench.worries.mine():
            self._watch.start()

    @property
    def today(self) -> date:
        """The day: the page may stay open overnight."""
        return self._today or self.bench.today

    def close(self) -> None:
        self._watch.stop()
        super().close()

    def go(self, view: str) -> None:
        """Shows those that are open, or those that were closed."""
        self._undo.leave()
        self.view, self._at = view, ""

    def read(self, worry: str) -> None:
        """Opens one, which notes that it was seen."""
        self._at = self.bench.worries.see(worry).id
        self._undo.leave()

    def cover(self, on: bool = True) -> None:
        """Takes everything off, or puts it back."""
        self.covered = on

    def frame(self) -> dict[str, Any]:
        if not self.bench.worries.mine():
            return {"key": ""}
        return {"key": "covered" if self.covered else f"{self.view} {self._at}", "covered": self.covered}

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; a note sent again after a reload belongs to one that is open no more."""
        known = super().keep_for(name)
        if known is None and name.startswith(_NAME) and name.endswith(_DONE):
            return self._noting(name[len(_NAME) : -len(_DONE)])
        return known

    def blocks(self) -> Iterable[Block]:
        if not self.bench.worries.mine():
            yield _blocks.empty(_("This page went away."), _("Go to the home page and open it again."))
            return
        self._waiting = self.bench.worries.waiting()
        if self.covered:
            yield self._top(())
            yield _blocks.note(_("Nothing is shown while the page is board-safe."), look="quiet")
            return
        still, past = self.bench.worries.open(), self.bench.worries.closed()
        yield self._top(still)
        yield from self._undo.bar()
        here = next((one for one in (*still, *past) if one.id == self._at), None)
        if here:
            yield from self._one(here)
        else:
            yield self._list(still if self.view == OPEN else past)

    def _top(self, still: Sequence[Worry]) -> Block:
        label = _("Show all") if self.covered else _("Board-safe")
        shown = {"covered": self.covered, "label": label, "key": "" if self.covered else "Esc"}
        cover = Block("cover", "cover", shown, lambda on: self.cover(on is True))
        parts = [_blocks.heading(_("Concerns shared with you"))]
        if not self.covered:
            labels = {OPEN: _("Still open"), CLOSED: _("Closed")}
            counts = {OPEN: len(still)}
            tabs = [
                {"name": f"go/{view}", "label": words, "here": view == self.view, "count": counts.get(view, 0)}
                for view, words in labels.items()
            ]
            presses = (_blocks.button(f"go/{view}", words, partial(self.go, view)) for view, words in labels.items())
            parts.append(Block("tabs", "tabs", {"label": _("Parts of this page"), "tabs": tabs}, None, tuple(presses)))
        return _blocks.group(*parts, cover, look="top")

    def _list(self, some: Sequence[Worry]) -> Block:
        if not some and self.view == OPEN:
            words = _("When somebody shares a concern about a learner’s words, it comes here. Only you can read it.")
            return _blocks.group(_blocks.empty(_("Nothing waits for you"), words), look="card", name="list")
        if not some:
            words = _("What you have dealt with and closed stays here.")
            return _blocks.group(_blocks.empty(_("Nothing is closed yet"), words), look="card", name="list")
        return _blocks.group(listed((self._row(one) for one in some), look="due"), look="card", name="list")

    def _row(self, one: Worry) -> Block:
        """Who, and since when; not the words, which are read one at a time."""
        since = _("shared, {moment}").format(moment=days.moment(one.raised_at, self.today))
        why = [{"words": part, "look": ""} for part in (one.of_class, since) if part]
        if one.seen_at is None:
            why.insert(0, {"words": _("not read yet"), "look": "amber"})
        says = _("Read what {name} said").format(name=one.name)
        press = _blocks.button(f"{_NAME}{one.id}", _("Read"), partial(self.read, one.id), look="secondary", says=says)
        return Block("person", "", {"who": one.name, "why": why}, None, (press,))

    def _one(self, one: Worry) -> Iterable[Block]:
        """Words with what stands around them, and what was done."""
        name = f"{_NAME}{one.id}"
        yield _blocks.button("back", _("Back to the list"), partial(self.go, self.view), look="back")
        asked = _("Asked: {question}").format(question=one.asked) if one.asked else _("Written on a flag")
        said = _blocks.group(
            _blocks.note(asked, look="quiet"),
            *((_blocks.quote(one.said, look="strong"),) if one.said else ()),
            *((_blocks.drawing(one.drawing),) if one.drawing else ()),
            _blocks.note(
                _("Said by {name}, {moment}").format(name=one.name, moment=days.moment(one.said_at, self.today)),
                look="quiet",
            ),
            look="part",
        )
        passed = _("Shared by {who}, {moment}").format(who=one.marked_by, moment=days.moment(one.raised_at, self.today))
        seen = days.moment(one.seen_at, self.today) if one.seen_at else ""
        marked = _blocks.group(
            _blocks.note(passed),
            *((_blocks.quote(one.words),) if one.words else ()),
            *((_blocks.note(_("First read {moment}").format(moment=seen), look="quiet"),) if seen else ()),
            look="part",
        )
        done = _blocks.text(
            f"{name}{_DONE}",
            _("What was done"),
            one.done,
            self._noting(one.id),
            hint=_("Read by you, and by whoever is named after you."),
        )
        if one.closed_at is None:
            act = _blocks.button("close", _("Close it"), partial(self._close, one.id), look="primary", focus="undo")
        else:
            again = partial(self._reopen, one.id)
            act = _blocks.button("again", _("Open it again"), again, look="secondary", focus="close")
        yield _blocks.group(
            _blocks.heading(one.name, lead=one.of_class), _blocks.group(said, marked, look="columns"), done, look="card"
        )
        yield _blocks.group(_blocks.note(""), act, look="foot")

    def _noting(self, worry: str) -> Keep:
        def keep(words: object) -> None:
            self.bench.worries.note(worry, words if isinstance(words, str) else "")

        return keep

    def _close(self, worry: str) -> None:
        self.bench.worries.close(worry)
        self.go(OPEN)
        self._undo.did(_("It is closed."), partial(self._reopen, worry))

    def _reopen(self, worry: str) -> None:
        self.bench.worries.reopen(worry)
        self._undo.leave()
        self.view, self._at = OPEN, worry

    def _look_out(self) -> None:
        """Draws afresh when another came in."""
        if self.bench.worries.waiting() != self._waiting:
            self.refresh()
