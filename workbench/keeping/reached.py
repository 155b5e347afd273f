"""How far the records had come when they were last seen, so that older ones put in their place are noticed.

A change's number is given again after a backup was put back, its moment is not: together they name one point in one
store's history. A server notes the point it saw last in the workspace, and each browser keeps its own, for when the
whole workspace was put back.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.facet import moment
from workbench.ground import days, durable
from workbench.ground.errors import NotReady
from workbench.ground.words import _

if TYPE_CHECKING:
    from workbench.store import Store

FILE = "workbench.keeping.reached"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Reached(NamedTuple):
    """A change, and when it was; as text "1234-1795255200000000", in microseconds since 1970."""

    change: int
    at: datetime

    @classmethod
    def parse(cls, text: str) -> Reached | None:
        """The point that `text` names; None for anything else."""
        told = re.fullmatch(r"(\d{1,15})-(\d{1,17})", text.strip())
        return cls(int(told[1]), _EPOCH + int(told[2]) * _MICROSECOND) if told else None

    @classmethod
    def of(cls, store: Store) -> Reached | None:
        """How far the records of a store have come; None where there are none yet."""
        newest = store.journal.latest_change()
        return _point(store, newest) if newest else None

    def __str__(self) -> str:
        return f"{self.change}-{(self.at - _EPOCH) // _MICROSECOND}"


def noted(workspace: Path) -> Reached | None:
    """The point that was noted in a workspace."""
    try:
        return Reached.parse((workspace / FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def note(workspace: Path, reached: Reached | None) -> None:
    """Notes how far the records have come; a workspace that cannot be written to is left as it is."""
    if reached is not None and reached != noted(workspace):
        with suppress(OSError):
            durable.write(workspace / FILE, str(reached).encode())


def _point(store: Store, change: int) -> Reached | None:
    at = store.journal.moments([change]).get(change)
    return Reached(change, moment(at)) if at is not None else None


def older(store: Store, today: date, *points: Reached | None) -> NotReady | None:
    """What to say when a store's records did not go through one of `points`; None when they did through all."""
    unknown = [point for point in points if point is not None and _point(store, point.change) != point]
    if not unknown:
        return None
    newest = Reached.of(store)
    ends = days.moment(newest.at, today) if newest else _("nowhere")
    return NotReady(
        _(
            "These records are older than what was seen here before: they end {ends}, and something was kept until "
            "{seen}."
        ).format(ends=ends, seen=days.moment(max(point.at for point in unknown), today)),
        _(
            "If nobody meant to put an older copy back, stop the workbench and put a newer one back with "
            "“workbench restore”. If somebody did, say again what is missing."
        ),
    )
