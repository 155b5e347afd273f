"""Sharing a concern about a learner's words with the adult the school named: a mark where an educator reads alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from workbench.bench import Workbench
from workbench.conferences.reflections import Reflection
from workbench.ground import days
from workbench.ground.words import _
from workbench.learners.learners import Learner

_PREFIX, _WHY = "pass-on/", "/why"


class WorryMark:
    """The mark on words, and what opens beneath: what happens, and room to say why. One is open at a time."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self._open = ""  # the id of the words it is about

    def mark(self, about: str, passed: Mapping[str, datetime], today: date, *, says: str) -> Block:
        """The mark on the words of record `about`; `passed` is `bench.worries.passed_on`, `says` the mark's name."""
        label = _("Share a concern")
        if about in passed:
            label = _("Concern shared, {moment}").format(moment=days.moment(passed[about], today))
        whole = f"{label}: {says}"
        return _blocks.button(f"{_PREFIX}{about}", label, partial(self._turn, about), look="pass", says=whole)

    def panel(self, about: str) -> tuple[Block, ...]:
        """What stands beneath these words while their mark is open."""
        if about != self._open:
            return ()
        name = f"{_PREFIX}{about}"
        parts = [_blocks.note(self.bench.worries.duty(), look="amber")]
        if self.bench.worries.ready():
            parts.append(_blocks.note(_("This goes to the adult the school named, and to nobody else.")))
            # what is typed here and not sent is nothing that a device should hold
            says = _("Share a concern")
            shown = {"label": _("Why, if you like"), "send": says, "says": says, "focus": name, "unkept": True}
            parts.append(Block("reply", f"{name}{_WHY}", shown, self._passing(about)))
            close = _("Not now")
        else:
            parts.append(_blocks.note(_("The school has named nobody yet to whom this could go."), look="amber"))
            parts.append(
                _blocks.note(
                    _(
                        "Go to the person responsible yourself, now. "
                        "The office can name somebody in workbench.toml, under [people]."
                    )
                )
            )
            close = _("Close")
        parts.append(_blocks.button(f"{name}/close", close, partial(self._turn, about), look="link", focus=name))
        return (_blocks.group(*parts, look="aside", name=f"{name}/panel"),)

    def keep_of(self, name: str) -> Keep | None:
        """What keeps the reason called `name` when its panel is closed again: one sent after a reload."""
        if name.startswith(_PREFIX) and name.endswith(_WHY):
            return self._passing(name[len(_PREFIX) : -len(_WHY)])
        return None

    def leave(self) -> None:
        """Closes what is open."""
        self._open = ""

    def _turn(self, about: str) -> None:
        self._open = "" if self._open == about else about

    def _passing(self, about: str) -> Keep:
        def keep(words: object) -> None:
            self.bench.worries.mark(about, words if isinstance(words, str) else "")
            self._open = ""

        return keep


def answered(
    worry: WorryMark, answer: Reflection, passed: Mapping[str, datetime], learner: Learner, today: date
) -> Iterable[Block]:
    """One answer under its question, with the mark beside it."""
    words = " · ".join(part for part in (answer.choice, answer.words) if part)
    says = _("what {name} answered to “{question}”").format(name=learner.name, question=answer.asked)
    mark = worry.mark(answer.id, passed, today, says=says)
    drawn = (_blocks.drawing(answer.drawing),) if answer.drawing else ()
    told = _blocks.facts([(answer.asked, words)], label="said")
    yield _blocks.group(told, mark, look="row marked", name=f"said/{answer.id}")
    yield from drawn
    yield from worry.panel(answer.id)
