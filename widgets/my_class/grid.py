"""The class at one look: each learner's goal in their own words, the last face, until when, and the last talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from widgets.goals.card import feelings
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside
from widgets.learner.ways import Start, to_year
from widgets.my_class.calls import called, due_of
from workbench.classes.glances import Call, Glance
from workbench.goals.progress import FEELINGS
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner


def grid(
    glances: Sequence[Glance], members: Mapping[int, Learner], today: date, start: Start, symbols: Mapping[int, str]
) -> Block:
    """The learners by name; each name is the way to all there is of that learner."""
    known = {one.learner: one for one in glances}
    order = [one for one in members.values() if one.id in known]
    cells = [_cell(known[one.id], one, today, symbols.get(one.id, "")) for one in order]
    shown = {"label": _("The learners"), "rows": cells}
    ways = tuple(to_year(start, one, f"glance/{one.id}") for one in order)
    without = sum(not known[one.id].goals for one in order)
    said = ngettext("{count} has no goal now.", "{count} have no goal now.", without).format(count=without)
    title = _blocks.heading(_("Everybody"), lead=said if without else "")
    return _blocks.group(title, Block("glances", "glances", shown, None, ways), look="card", name="grid")


def finder() -> Block:
    """Where one types part of a name: while there is any, those are shown and nobody else."""
    return _blocks.group(Block("search", "search", {"label": _("Find a learner by name")}), look="find")


def _cell(one: Glance, learner: Learner, today: date, symbol: str) -> dict[str, Any]:
    goal = one.goals[0] if one.goals else None
    call = next((each for each in one.calls if each is not Call.UNSEEN), None)
    talked = one.due.talked_on
    face = FEELINGS.index(one.look.feeling) if one.look and one.look.feeling else None
    return {
        "who": learner.name,
        "quote": goal.words if goal else "",
        "feeling": FEELINGS[face] if face is not None else "",
        "face": feelings()[FEELINGS[face]] if face is not None else "",
        "due": due_of(goal, today) if goal else "",
        "late": bool(goal and goal.due_on and goal.due_on < today),
        "talk": _("Talked {day}").format(day=days.lately(talked, today)) if talked else "",
        "call": called()[call] if call else "",
        "urgent": call in (Call.STUCK, Call.ASKED),
        **beside(symbol),
    }
