"""My profile: what a learner likes, how they work best, and what they tell of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, Keep
from widgets.kit.form import Form
from widgets.learner.profile import ProfileSheet
from workbench.bench import Workbench
from workbench.ground.words import _
from workbench.learners.learners import Learner


class ProfileForm(Form):
    """One learner's profile: inventories, history, and who is told what.

    `leave` is called by the link to another learner, which is there when it is given.

    >>> ProfileForm(bench, learner)
    """

    def __init__(
        self,
        bench: Workbench,
        learner: Learner | int,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        number = learner.id if isinstance(learner, Learner) else learner
        self.learner = bench.learners.get(number)
        settings = bench.settings.of(number)
        self._sheet = ProfileSheet(bench, number, settings.band, today or bench.today)
        self._leave = leave
        super().__init__(
            bench,
            view=f"profile {number}",
            band=settings.band,
            spoken=bench.spoken or settings.language,
            **traits,
        )

    def frame(self) -> dict[str, Any]:
        return {"key": self._sheet.key}

    def blocks(self) -> Iterable[Block]:
        leave = (_blocks.button("leave", _("Choose another learner"), self._leave, look="back"),) if self._leave else ()
        symbol = self.bench.symbols.of(self.learner)
        name = _blocks.note(self.learner.name, look="name", symbol=symbol.name if symbol else "")
        yield _blocks.group(name, *leave, look="row")
        yield from self._sheet.blocks()

    def keep_for(self, name: str) -> Keep | None:
        """What keeps an answer; one sent again after a reload may belong to a page that is open no more."""
        return super().keep_for(name) or self._sheet.keep_for(name)
