"""Passes: what a link or a printed code carries, a secret of which the store keeps the hash, for some time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.facet import Desk


class Kind(StrEnum):
    """What a pass lets one do."""

    INVITATION = "invitation"  # choose the password of an account
    CLASS = "class"  # open the pictures of a class
    LEARNER = "learner"  # open the own pages
    FAMILY = "family"  # read what a learner shows their family, and answer


#: How often a pass works; 0 any number of times.
MOST_USES = {Kind.INVITATION: 1, Kind.CLASS: 0, Kind.LEARNER: 0, Kind.FAMILY: 0}
ALL_DAY = (0, 24)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass, as it is told once, to whoever made it; `token` is its secret."""

    kind: Kind
    token: str = field(repr=False)
    until: datetime

    @property
    def short(self) -> str:
        """What somebody who comes by it and has no other name is called in the audit."""
        return short(hashed(self.token))


def hashed(token: str) -> str:
    """What the store keeps of a secret that a browser or a sheet of paper has: 256 bits of chance need no salt."""
    return blake2b(token.encode(), digest_size=32).hexdigest()


def short(pass_id: str) -> str:
    """The beginning of a pass's id, which tells passes apart and opens nothing."""
    return pass_id[:12]


def made(desk: Desk, kind: Kind, *, until: datetime, hours: tuple[int, int] = ALL_DAY, **whose: Any) -> Pass:
    """Makes a pass that works until a moment; `hours` of the day from and to which; `whose`: columns of the store."""
    token = secrets.token_urlsafe(24)
    now = desk.clock()
    values = {"since": now, "until": until, "from_hour": hours[0], "to_hour": hours[1], "uses": 0}
    row = {"id": hashed(token), "kind": str(kind), **values, **whose, "at": now, "by": desk.gate.signed}
    desk.store.people.add("passes", row)
    return Pass(kind, token, until)


def end(desk: Desk, **where: Any) -> None:
    """Ends the passes where columns of the store have these values: whoever came in by one is out at once."""
    ended = {"ended_at": desk.clock(), "ended_by": desk.gate.signed}
    desk.store.people.change("passes", ended, ended_at=None, **where)
