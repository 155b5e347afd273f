"""Whose profile it is time to look at again: three times a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.learner.ways import Start
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner

MOST = 8  # names at once


def to_look_at(due: Sequence[int], members: Mapping[int, Learner], start: Start) -> Block:
    """The learners of a class whose profile is due, each with the way there."""
    title = _("Profiles")
    due = [one for one in due if one in members]
    if not due:
        words = _("All were looked at this season.")
        return _blocks.group(_blocks.heading(title), _blocks.note(words, look="quiet"), look="card", name="profiles")
    lead = ngettext(
        "{count} of {all} to look at: a few minutes, three times a year. Get ready asks for it too.",
        "{count} of {all} to look at: a few minutes each, three times a year. Get ready asks for it too.",
        len(due),
    ).format(count=len(due), all=len(members))
    first = [learner for number, learner in members.items() if number in due][:MOST]
    names = (start(one, look="tag", name=f"profile/{one.id}", label=one.name, app="profile") for one in first)
    return _blocks.group(_blocks.heading(title, lead=lead), listed(names, look="chips"), look="card", name="profiles")
