"""The form: one page of blocks in the browser, whose answers are kept as they are given.

The page sends `{"kind": "answer", "id", "name", "value", "at", "press"}` and holds the answer itself, on its device,
until the form says `saved` (or `refused`, with a sentence) for that `id`; so a lost connection or a closed lid loses
nothing. An answer that comes again, because nobody heard that it was saved, is known by its `id` and not kept twice;
`at` is the key of the page it was given on; `press` says that a button was pressed, which is no answer to keep.
A page that was drawn before its line stood asks `{"kind": "held", "mark"}`, and is told what changed since, if any.

`saved` is sent as soon as the answer is in the store and in the audit; then the page is drawn anew, and `drawn` counts
that: until it has changed the page shows what was given, not what it showed before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Self

import traitlets

from widgets.kit.base import Base, error_boundary
from widgets.kit.blocks import Block, Keep
from widgets.kit.vaults import Vault, vaults
from workbench.bench import Workbench
from workbench.ground import design, forms
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _, language, speaking
from workbench.learners.settings import LANGUAGES

_LONGEST_ID = 64  # letters


class MovedOn(BadInput):
    """There is no such field on the page any more; the words wait for the page to be opened anew."""

    def __init__(self) -> None:
        super().__init__(_("This page has moved on."), _("Reload it; what was saved is still there."))


class _OneLook(type(Base)):  # type: ignore[misc]
    """Makes forms: what one reads as it is made is one look, as each of its drawings is."""

    def __call__(cls, bench: Workbench, *given: Any, **more: Any) -> Any:
        with bench.sitting(cls.__name__):
            return super().__call__(bench, *given, **more)


class Form(Base, metaclass=_OneLook):
    """A page of blocks. Subclasses say which in `blocks()`; `refresh()` asks them again.

    `spoken` is the language the form is in, whatever is spoken around it; `speak` changes it.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    screen = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    vault = traitlets.Unicode().tag(sync=True)  # where the device keeps what waits of this record
    earlier = traitlets.List(traitlets.Unicode()).tag(sync=True)  # vaults of records whose late answers this form takes
    drawn = traitlets.Int().tag(sync=True)  # counts drawings
    seals = traitlets.Dict().tag(sync=True)  # the keys of all vaults this form opens, by name: never on the device
    former = traitlets.Dict().tag(sync=True)  # vaults by the names under which builds without keys left what waited
    news = traitlets.Int()  # counts what this form changed for others who show the same data

    says_saved = True  # whether what is done here is an answer to keep

    def __init__(
        self,
        bench: Workbench,
        *,
        view: str,
        earlier: Iterable[Vault] = (),
        band: str = "adult",
        spoken: str = "",
        **traits: Any,
    ) -> None:
        self.bench = bench
        self.band = band
        self.spoken = spoken or bench.spoken or language()
        self.given_at = ""  # the key of the page that the answer in hand was given on
        self._keeps: dict[str, Keep] = {}
        self._hearing = self._has_news = False
        self._pressed: deque[Any] = deque(maxlen=100)  # the numbers of presses that were done
        super().__init__(**_filed(bench, view, earlier), **traits)
        self.on_msg(self._heard)
        self.refresh()

    @traitlets.default("_esm")
    def _script(self) -> str:
        return forms.brought("js")

    @traitlets.default("_css")
    def _style(self) -> str:
        return forms.brought("css")

    def late(self, vault: str) -> Form | None:
        """A form of the `earlier` record filed under `vault`, to take what a device held back of it, if any."""
        return None

    def show(self, view: str, earlier: Iterable[Vault] = ()) -> None:
        """From now on this form shows another record."""
        with self.hold_sync():  # the vault's key comes with it
            for name, value in _filed(self.bench, view, earlier).items():
                setattr(self, name, value)

    def blocks(self) -> Iterable[Block]:
        """The page's blocks, read afresh from the store."""
        raise NotImplementedError

    def frame(self) -> dict[str, Any]:
        """What the page needs around its blocks; `key` changes when one is somewhere else."""
        return {"key": ""}

    def tell_news(self) -> None:
        """Lets those who follow this form draw afresh; in the midst of an answer, once it is kept."""
        if self._hearing:
            self._has_news = True
        else:
            self.news += 1

    def follow(self, *others: Form) -> Self:
        """Draws this form afresh whenever one of `others` changed something; returns it."""
        for one in others:
            one.observe(lambda _change: self.refresh(), names="news")
        return self

    def refresh(self) -> None:
        """Draws the page again from the store."""
        with speaking(self.spoken), error_boundary(self._apologise), self.bench.sitting(type(self).__name__):
            self.words = _words_of_the_page()
            page = tuple(self.blocks())
            self._keeps = {name: keep for block in page for name, keep in block.keeps().items()}
            screen = {
                "size": design.SIZES[self.band],
                "grows": self.band != "adult",
                "saves": self.says_saved,
                "language": self.spoken,
                "blocks": [block.drawn() for block in page],
                **self.frame(),
            }
            with self.hold_sync():
                self.screen = screen
                self.drawn += 1

    def keep_for(self, name: str) -> Keep | None:
        """What keeps the answer called `name`."""
        return self._keeps.get(name)

    def speak(self, language: str) -> None:
        """Goes on in another language, with all that was said."""
        self.spoken = self.bench.spoken = language

    def _heard(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "speak" and content.get("language") in LANGUAGES:
            with speaking(content["language"]), error_boundary(self._apologise):
                self.speak(content["language"])
            self.refresh()
        if content.get("kind") == "held":
            if content.get("mark") != forms.mark_of(self.get_state()):
                self.send_state()
            self.send({"kind": "held"})
        if content.get("kind") != "answer":
            return
        with speaking(self.spoken):
            self._hear(content)

    def _hear(self, content: dict[str, Any]) -> None:
        name, number, press = str(content.get("name", "")), content.get("id"), bool(content.get("press"))
        if isinstance(number, str) and len(number) > _LONGEST_ID:
            return  # no page of ours sends one
        if press and number and number in self._pressed:  # it comes again: nobody heard that it was done
            self.send({"kind": "saved", "name": name, "id": number})
            return
        self.given_at = str(content.get("at", ""))
        about = ""  # the field where it is to be mended
        again = "later"  # the page keeps the answer until it is opened anew: for a mistake of ours, rights that changed

        def refuse(sentence: str, next_step: str) -> None:
            told = {"sentence": sentence, "next": next_step, "again": again, "about": about}
            self.send({"kind": "refused", "name": name, "id": number, **told})

        kept = False
        with error_boundary(refuse), self._heard_out():
            try:
                key = number if isinstance(number, str) and not press else ""
                page = type(self).__name__
                with self.bench.sitting(page), self.bench.once(key) if key else nullcontext(True) as fresh:
                    if fresh:
                        self._answer(name, content.get("value"), str(content.get("record", "")))
            except NotReady:
                again = "soon"
                raise
            except BadInput as error:  # another time it would be no better
                again, about = "later" if isinstance(error, MovedOn) else "", error.about
                raise
            if press:
                self._pressed.append(number)
            self.send({"kind": "saved", "name": name, "id": number})
            kept = True
        if kept:
            self.refresh()
        if self._has_news:
            self._has_news = False
            self.news += 1

    @contextmanager
    def _heard_out(self) -> Iterator[None]:
        self._hearing = True
        try:
            yield
        finally:
            self._hearing = False

    def _answer(self, name: str, value: Any, record: str) -> None:
        form = self.late(record) if record in self.earlier else self
        try:
            keep = form.keep_for(name) if form is not None else None
            if keep is None:
                raise MovedOn
            keep(value)
        finally:
            if form is not None and form is not self:
                form.close()

    def _apologise(self, sentence: str, next_step: str) -> None:
        self.screen = {**self.screen, "alert": {"sentence": sentence, "next": next_step}}


def _filed(bench: Workbench, view: str, earlier: Iterable[Vault]) -> dict[str, Any]:
    """What a page is told of the vaults it opens."""
    own, late = vaults(bench, view), tuple(earlier)
    return {
        "vault": own[0].name,
        "earlier": [one.name for one in late],
        "seals": {one.name: one.key for one in (*own, *late)},
        "former": {one.former: one.name for one in (*late, *reversed(own))},
    }


def _words_of_the_page() -> dict[str, str]:
    """The few words the page says by itself."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving …"),
        "waiting": _("Waiting to send"),
        "cut": _("No connection just now. Go on: what you say waits here, and goes by itself when it can."),
        "kept": _("It stays on this device, and is tried again when this page is opened anew."),
        "undone": _("It is undone."),
        "half": _("This day is not complete, so it is not kept yet. Type the day, month and year, or choose one."),
        "no-day": _("No day yet"),
        "add": _("Add"),
        "starters": _("Ways to begin"),
        "ideas": _("Ideas"),
        "minutes": _("{count} of about {planned} min"),
        "undo-stroke": _("Take back the last line"),
        "new-sheet": _("New sheet"),
        "open-quote": _("“"),
        "close-quote": _("”"),
        "nobody": _("Nobody here has this name."),
    }
