"""What a device held back of a conference, when the learner's next one has begun meanwhile."""

from __future__ import annotations

from widgets.kit.vaults import Vault, vaults
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference

MOST = 12  # of the newest


def earlier(bench: Workbench, conference: Conference) -> dict[Vault, Conference]:
    """The learner's other conferences, by the vaults in which a device keeps what waits of them."""
    others = [one for one in bench.conferences.of(conference.learner) if one.id != conference.id]
    return {vault: one for one in others[-MOST:] for vault in vaults(bench, f"conference {one.id}")}


def held_back(bench: Workbench, conference: Conference, vault: str) -> Conference | None:
    """The one of the learner's other conferences whose vault has this name."""
    return next((one for place, one in earlier(bench, conference).items() if place.name == vault), None)
