"""What was done last on a page, told once, with the way back."""

from __future__ import annotations

from collections.abc import Callable

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.ground.words import _

#: Takes back what was done.
Back = Callable[[], object]
#: Hears what was done, in words, and how to take it back.
Did = Callable[[str, Back], object]


class Undo:
    """The one thing that a page, or a part of one, can take back now: the newest."""

    def __init__(self) -> None:
        self._done: tuple[str, Back] | None = None

    def __bool__(self) -> bool:
        """Whether there is something to take back."""
        return self._done is not None

    def did(self, said: str, back: Back) -> None:
        """Something was done; it takes the place of what was done before."""
        self._done = (said, back)

    def leave(self) -> None:
        """There is nothing to take back any more."""
        self._done = None

    def bar(
        self, name: str = "undone", button: str = "undo", *, says: str = "{words}", label: str = ""
    ) -> tuple[Block, ...]:
        """The bar, while there is something to take back. `says` is told, with the `words` of what was done in it."""
        if self._done is None:
            return ()
        words = says.format(words=self._done[0])
        return (_blocks.undo(name, words, _blocks.button(button, label or _("Undo"), self._take_back, look="link")),)

    def removed(self, prefix: str) -> tuple[Block, ...]:
        """The bar for what was removed, where `did` was told its words alone."""
        return self.bar(f"{prefix}removed", f"{prefix}undo", says=_("Removed: {words}"), label=_("Put it back"))

    def _take_back(self) -> None:
        if self._done is not None:
            _said, back = self._done
            back()
            self.leave()
