"""The flags of a class: who asks for what, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Did
from widgets.worries.mark import WorryMark
from workbench.bench import Workbench
from workbench.classes.flags import Flag, Kind, Urgency
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner


class FlagsPart:
    """Flags that are up, each with a way to say that it was seen and to answer it."""

    def __init__(self, bench: Workbench, did: Did, worry: WorryMark) -> None:
        self.bench = bench
        self._did = did
        self._worry = worry

    def block(self, flag: Flag, learner: Learner, today: date) -> Block:
        """One flag: what is asked for and since when, in the learner's words, with the way to see and to answer it."""
        name = f"flag/{flag.id}"
        acts: list[Block] = []
        if flag.seen_at is None:
            seen = _("I saw the flag of {name}").format(name=learner.name)
            acts.append(
                _blocks.button(
                    f"{name}/seen", _("I saw it"), partial(self._see, flag.id), focus=f"{name}/answer", says=seen
                )
            )
        reply = Block(
            "reply",
            f"{name}/answer",
            {
                "label": _("Say something back, if you like"),
                "send": _("Answered"),
                "focus": "undo",
                "says": _("Answered: take the flag of {name} down").format(name=learner.name),
            },
            lambda words: self._answer(flag, learner, words),
        )
        shown = {
            "urgency": waits(flag.urgency),
            "urgent": flag.urgency is Urgency.NOW,
            "asks": asks_for(flag.kind),
            "words": flag.words,
            "tried": _("Tried: {what}").format(what=" · ".join(flag.tried)) if flag.tried else "",
            "since": since(flag, today),
        }
        panel: tuple[Block, ...] = ()
        if flag.words:
            passed = self.bench.worries.passed_on(learner)
            says = _("what {name} wrote on the flag").format(name=learner.name)
            acts.append(self._worry.mark(flag.id, passed, today, says=says))
            panel = self._worry.panel(flag.id)
        row = (_blocks.group(*acts, look="row"),) if acts else ()
        return Block("flag", name, shown, None, (reply, *row, *panel))

    def _see(self, flag: str) -> None:
        self.bench.flags.see(flag)

    def _answer(self, flag: Flag, learner: Learner, words: object) -> None:
        self.bench.flags.answer(flag, words if isinstance(words, str) else "")
        done = _("The flag of {name} is answered.").format(name=learner.call_name)
        self._did(done, partial(self.bench.flags.undo, flag.id))


def asks_for(kind: Kind) -> str:
    return {
        Kind.HELP: _("Asks for help"),
        Kind.CONFERENCE: _("Asks for a conference"),
        Kind.BUDDY: _("Looks for a buddy"),
        Kind.SHOW: _("Has something to show"),
    }[kind]


def waits(urgency: Urgency) -> str:
    return {Urgency.NOW: _("Now"), Urgency.TODAY: _("Today"), Urgency.SOON: _("Soon")}[urgency]


def since(flag: Flag, today: date) -> str:
    """Since when a flag is up, and whether it was seen."""
    said = _("since {moment}, seen") if flag.seen_at else _("since {moment}")
    return said.format(moment=days.moment(flag.raised_at, today))


def counted(up: Sequence[Flag]) -> str:
    """How many flags are up, and nothing else of them."""
    if not up:
        return _("No flag is up.")
    return ngettext("{count} flag is up.", "{count} flags are up.", len(up)).format(count=len(up))
