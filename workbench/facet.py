"""What every facet of a bench stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.access import Gate

if TYPE_CHECKING:
    from workbench.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class Facet:
    """One idea's door to the store. Lives as long as its bench, which makes it.

    `as_of` is the change that reads look back to (None: now); `clock` tells the time.
    """

    store: Store
    gate: Gate
    clock: Callable[[], datetime]
    as_of: int | None = None

    @property
    def by(self) -> str:
        """The actor's name as revisions keep it."""
        return str(self.gate.actor)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
