"""A learner asks for something: what it is, when and what was tried, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Undo
from workbench.bench import Workbench
from workbench.classes.flags import Flag, Kind, Urgency
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner

PICTURES = {Kind.HELP: "ask", Kind.CONFERENCE: "teacher", Kind.BUDDY: "friend", Kind.SHOW: "show"}  # for the youngest
_FRESH = timedelta(days=2)  # so long an answer stands where one asks


class FlagSheet:
    """One learner's flags, on any page of theirs. Nothing has to be tried or said before a flag goes up."""

    def __init__(self, bench: Workbench, learner: Learner, band: str, today: Callable[[], date]) -> None:
        self.bench = bench
        self.learner = learner
        self._band = band
        self._today = today
        self._tried: tuple[str, ...] = ()  # ticked before a flag is up
        self._undo = Undo()
        self._seen_at = bench.flags.changed(0)  # the change of any flag that was looked at last
        self._shown = bench.flags.of(learner)

    @property
    def up(self) -> tuple[Flag, ...]:
        """The learner's flags that are up."""
        return tuple(one for one in self.bench.flags.of(self.learner) if one.up)

    @property
    def label(self) -> str:
        """What leads to this sheet says: whether a flag is up, or was answered."""
        flags = self.bench.flags.of(self.learner)
        if any(one.up for one in flags):
            return _("My flag is up")
        return _("My teacher answered") if self._answers(flags) else _("Ask for something")

    def changed(self) -> bool:
        """Whether any of the learner's flags is another than was shown; cheap enough to ask every second."""
        newest = self.bench.flags.changed(self._seen_at)
        if newest == self._seen_at:
            return False
        before, self._seen_at = self._shown, newest
        self._shown = self.bench.flags.of(self.learner)
        return self._shown != before

    def raise_(self, kind: Kind) -> None:
        """Puts a flag up with what was ticked."""
        self._undo.leave()
        self.bench.flags.raise_(self.learner, kind, tried=self._tried)

    def spoken(self) -> list[str]:
        """What was answered and what there is to ask for, to be read aloud."""
        flags = self.bench.flags.of(self.learner)
        tries = self.bench.classes.of_learner(self.learner).three_before_me if any(one.up for one in flags) else ()
        return [*(one.answer for one in self._answers(flags) if one.answer), *tries, *wishes().values()]

    def blocks(self) -> Iterable[Block]:
        """What was answered; each flag that is up; what else one may ask for; and what was tried."""
        self._seen_at = self.bench.flags.changed(self._seen_at)
        self._shown = self.bench.flags.of(self.learner)
        up = {one.kind: one for one in self._shown if one.up}
        young = self._band == YOUNGEST
        for one in self._answers(self._shown):
            yield self._answer(one)
        for kind, flag in up.items():
            yield self._flag(flag, wishes()[kind])
        yield from self._undo.bar("flag/down", "flag/undo", says=_("Your flag is down."), label=_("Put it up again"))
        rest = (
            _blocks.button(
                f"wish/{kind}",
                _short()[kind] if young else words,
                partial(self.raise_, kind),
                look="door" if young else "secondary",
                says=words if young else "",
                focus=f"down/{kind}" if young else f"flag/{kind}/words",
                picture=PICTURES[kind] if young else "",
            )
            for kind, words in wishes().items()
            if kind not in up
        )
        yield _blocks.group(*rest, look="doors" if young else "columns")
        if not young or Kind.HELP in up:
            yield from self._tries(up)

    def _tries(self, up: dict[Kind, Flag]) -> Iterable[Block]:
        """The class's list to tick: with the flag for help once that is up."""
        listed = self.bench.classes.of_learner(self.learner).three_before_me
        if not listed:
            return
        ticked = up[Kind.HELP].tried if Kind.HELP in up else self._tried

        def tick(words: str) -> None:
            self._try((*ticked, words))

        def untick(words: str) -> None:
            self._try(tuple(one for one in ticked if one != words))

        yield _blocks.menu(
            "flag/tried",
            _("What did you try already?"),
            ticked,
            tuple(dict.fromkeys((*listed, *ticked))),
            add=tick,
            drop=untick,
            own="",
            hint="" if self._band == YOUNGEST else _("Tick it. You may ask in any case."),
        )

    def _try(self, tried: tuple[str, ...]) -> None:
        self._tried = tried
        for one in self.up:
            if one.kind is Kind.HELP:
                self.bench.flags.revise(one, tried=tried)

    def _flag(self, flag: Flag, words: str) -> Block:
        """One that is up: since when, whether it was seen, what it is about, and the way back."""
        if flag.seen_at:
            told = _("{what}. Your teacher saw it, {moment}.")
        else:
            told = _("{what}. Your flag is up since {moment}.")
        at = days.moment(flag.seen_at or flag.raised_at, self._today())
        about = _blocks.text(
            f"flag/{flag.kind}/words",
            _("What is it about?"),
            flag.words,
            lambda said: self.bench.flags.revise(flag, words=said),
            size="line",
        )
        urgent = {Urgency.NOW: _("Now"), Urgency.TODAY: _("Today"), Urgency.SOON: _("This week")}
        when = _blocks.choice(
            f"flag/{flag.kind}/urgency",
            _("When?"),
            flag.urgency,
            urgent,
            lambda one: self.bench.flags.revise(flag, urgency=Urgency(one)),
            quiet=True,
        )
        down = _blocks.button(
            f"down/{flag.kind}", _("Take it down"), partial(self._take_down, flag), look="link", focus="flag/undo"
        )
        said = told.format(moment=at, what=words)
        if self._band == YOUNGEST:
            up = _blocks.told([("flag", _short()[flag.kind], said)])
            return _blocks.group(up, down, look="row", name=f"flag/{flag.kind}")
        note = _blocks.note(said, look="done")
        return _blocks.group(
            _blocks.group(note, down, look="row"),
            about,
            when,
            look="item",
            name=f"flag/{flag.kind}",
        )

    def _answers(self, flags: Iterable[Flag]) -> list[Flag]:
        """What was answered lately, the newest first."""
        since = self.bench.clock() - _FRESH
        answered = [one for one in flags if one.answered_at is not None and one.answered_at > since]
        return sorted(answered, key=lambda one: one.answered_at or since, reverse=True)

    def _answer(self, flag: Flag) -> Block:
        at = days.moment(flag.answered_at or flag.raised_at, self._today())
        told = _("{what}. Your teacher answered, {moment}.").format(moment=at, what=wishes()[flag.kind])
        said = (_blocks.quote(flag.answer),) if flag.answer else ()
        return _blocks.group(_blocks.note(told, look="done"), *said, look="list", name=f"flag/{flag.id}")

    def _take_down(self, flag: Flag) -> None:
        self.bench.flags.take_down(flag)
        self._undo.did("", partial(self.bench.flags.undo, flag))


def _short() -> dict[Kind, str]:
    """The same for those who begin to read."""
    return {Kind.HELP: _("help"), Kind.CONFERENCE: _("talk"), Kind.BUDDY: _("buddy"), Kind.SHOW: _("show")}


def wishes() -> dict[Kind, str]:
    """What one may ask for, the same on a screen and on paper."""
    return {
        Kind.HELP: _("I need help with something"),
        Kind.CONFERENCE: _("I want to talk with my teacher"),
        Kind.BUDDY: _("I would like a learning buddy"),
        Kind.SHOW: _("I have something to show"),
    }
