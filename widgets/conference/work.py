"""Work one is proud of: added with its caption, drawn or at an address, and picked for a conference."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Undo
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt
from workbench.ground.bands import YOUNGEST
from workbench.ground.choices import Option
from workbench.ground.words import _
from workbench.learners.artifacts import Artifact

EARLIER = 4  # pieces of work to pick from that were not picked for this conference, newest first


class WorkSheet:
    """The work that a learner shows in a conference. `showing`: one sits together, so it is looked at, not made."""

    saves = ("work",)

    def __init__(self, bench: Workbench, conference: Conference, *, showing: bool = False) -> None:
        self.bench = bench
        self.conference = conference
        self._showing = showing
        self._undo = Undo()

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """What there is to pick from, a box for one more, and each piece that was picked."""
        name, young = f"{move.id}/{prompt.id}", self.conference.band == YOUNGEST
        known = self.bench.artifacts.of(self.conference.learner)
        picked = [one for one in known if one.belongs_to == self.conference.id]
        usual = {one.words: one for one in prompt.options}  # each conference has its own "my drawing"
        others = [one for one in reversed(known) if one.belongs_to != self.conference.id]
        earlier = [one for one in others if not (one.belongs_to and one.caption in usual)][:EARLIER]
        own = [Option(one.caption, picture="show" if young else "") for one in (*(picked if young else ()), *earlier)]
        menu = _blocks.menu(
            name,
            prompt.ask,
            [one.caption for one in picked],
            list({**{one.words: one for one in own}, **usual}.values()),
            add=lambda caption: self._pick(caption, earlier),
            drop=lambda caption: self._leave(one for one in picked if one.caption == caption),
            own=_("What is it, and why?"),
            hint="" if young or self._showing else prompt.hint,
        )
        if young:
            pads = [self._pad(f"{name}.{picked[-1].id}", picked[-1])] if picked else []
            return (_blocks.group(menu, *pads, look="list"),)
        pieces = [*(self._piece(name, one) for one in picked), *self._undo.removed(f"{name}.")]
        return (_blocks.group(menu, *pieces, look="list wide", name=f"{name}.work"),)

    def _piece(self, column: str, one: Artifact) -> Block:
        name = f"{column}.{one.id}"
        remove = _blocks.button(
            f"{name}.remove",
            _("Remove"),
            lambda: self._remove(one),
            look="link",
            focus=f"{column}.undo",
            says=_("Remove “{words}”").format(words=one.caption),
        )
        keep_out = _blocks.button(
            f"{name}.leave",
            _("Not this time"),
            lambda: self._leave([one]),
            look="link",
            says=_("Not this time: {words}").format(words=one.caption),
        )
        see = (Block("link", shown={"label": _("Open it"), "href": one.link}),) if one.link else ()
        if self._showing:
            drawn = (_blocks.drawing(one.drawing),) if one.drawing else ()
            return _blocks.group(
                *drawn, _blocks.quote(one.caption, look="strong"), *see, keep_out, look="row item", name=name
            )
        link = _blocks.text(
            f"{name}.link",
            _("Its address, if it is on the web"),
            one.link,
            lambda words: self.bench.artifacts.revise(one, link=words),
            size="aside",
        )
        top = _blocks.group(_blocks.quote(one.caption, look="strong"), *see, keep_out, remove, look="row")
        more = () if one.drawing else (link,)
        return _blocks.group(
            top, _blocks.group(*more, self._pad(name, one), look="columns"), look="item", name=name, label=one.caption
        )

    def _pad(self, name: str, one: Artifact) -> Block:
        return _blocks.pad(
            f"{name}.drawing",
            _("Draw it"),
            one.drawing,
            lambda drawn: self.bench.artifacts.revise(one, drawing=drawn),
        )

    def _pick(self, caption: str, earlier: Iterable[Artifact]) -> None:
        """Picks a piece of work that there is, or adds one."""
        self._undo.leave()
        known = next((one for one in earlier if one.caption == caption), None)
        if known is None:
            self.bench.artifacts.add(self.conference.learner, caption, belongs_to=self.conference.id)
        else:
            self.bench.artifacts.revise(known, belongs_to=self.conference.id)

    def _leave(self, pieces: Iterable[Artifact]) -> None:
        """Keeps work out of this conference; it stays among the learner's own."""
        for one in pieces:
            self.bench.artifacts.revise(one, belongs_to="")

    def _remove(self, one: Artifact) -> None:
        self.bench.artifacts.withdraw(one)
        self._undo.did(one.caption, lambda: self.bench.artifacts.undo(one))
