"""Where a learner asks for something, a page of the board of goals."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.goals.page import Page
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from workbench.ground.words import _


class AskPage(Page):
    """The learner's flags."""

    kind, begins = "ask", "flag"

    def blocks(self) -> Iterable[Block]:
        flags = self.board.flags
        yield self.back()
        title = _blocks.heading(_("I need") if self.young else _("Is there something you need?"))
        head = _blocks.group(title, _blocks.aloud(flags.spoken()), look="row") if self.young else title
        yield _blocks.group(head, *flags.blocks(), look="card", name="ask")
        yield self.done()
