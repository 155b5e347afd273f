"""Where a device keeps what waits of a record, and the key that seals it there.

What a learner left waits for the learner; an educator who opens the record takes it too, as they read it anyway. What
an educator left waits for this educator alone: a note beside a conference never comes to the learner's page of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from workbench.access.actors import A_LEARNER
from workbench.bench import Workbench


@dataclass(frozen=True, slots=True)
class Vault:
    """A place on a device: its opaque name, the same after a reload; its key, in hex, "" where none can be had.

    `former` is where builds that sealed nothing left what waited.
    """

    name: str
    key: str = field(repr=False)
    former: str


def vaults(bench: Workbench, view: str) -> tuple[Vault, ...]:
    """The vaults of a view that this bench's pages open, their own first."""
    former = _hashed(f"{bench.former_mark} {view}")
    return tuple(_vault(bench, f"{view} of {owner}", former) for owner in dict.fromkeys((bench.sits, A_LEARNER)))


def _vault(bench: Workbench, whose: str, former: str) -> Vault:
    place = f"{bench.mark} {whose}"
    return Vault((bench.key_for(f"vault {place}") or _hashed(place))[:32], bench.key_for(f"seal {place}"), former)


def _hashed(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:32]
