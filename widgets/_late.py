"""What a device held back of a conference, when the learner's next one has begun meanwhile."""

from __future__ import annotations

from widgets._form import filed
from workbench.bench import Workbench
from workbench.conferences import Conference

MOST = 12  # of the newest


def earlier(bench: Workbench, conference: Conference) -> dict[str, Conference]:
    """The learner's other conferences, by the vault a browser files their answers under."""
    others = [one for one in bench.conferences.of(conference.learner) if one.id != conference.id]
    return {filed(bench, f"conference {one.id}"): one for one in others[-MOST:]}
