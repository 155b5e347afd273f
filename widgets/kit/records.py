"""Finding the record a widget is to show, and the words its conference has for it."""

from __future__ import annotations

from collections.abc import Collection

from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import Move, Prompt, Protocol
from workbench.goals.goals import Goal, State
from workbench.goals.plans import StepKind
from workbench.ground.errors import NotFound

#: What a goal made apart from a conference is worded with.
USUAL = ("full", "3-5", "en")


def conference_of(bench: Workbench, about: Conference | str) -> Conference:
    """The conference as it stands now; raises NotFound."""
    return bench.conferences.get(about)


def goal_in(bench: Workbench, about: Goal | Conference | str) -> Goal | None:
    """A goal itself, or that of a conference: the newest one chosen in it, or the last one where it goes on.

    None when nothing was chosen yet.
    """
    if isinstance(about, Goal):
        return bench.goals.get(about)
    if isinstance(about, str):
        try:
            return bench.goals.get(about)
        except NotFound:
            bench.conferences.get(about)  # says so when it is no conference either
    held = bench.conferences.get(about)
    if bench.conferences.protocol(held).first("goal") is None:
        return last_goal(bench, held)
    if bench.conferences.turn(held) == "keep":
        last = last_goal(bench, held)
        if last is None or last.state is not State.MET:
            return last
    chosen = [one for one in bench.goals.of(held) if one.state is not State.SET_ASIDE]
    return chosen[-1] if chosen else None


def last_goal(bench: Workbench, conference: Conference) -> Goal | None:
    """The goal the learner had when this conference began."""
    before = [
        goal
        for goal in bench.goals.of_learner(conference.learner)
        if goal.conference != conference.id and goal.state is not State.SET_ASIDE
    ]
    return before[-1] if before else None


def protocol_for(bench: Workbench, conference: Conference | str | None) -> Protocol:
    """The words a conference is held in, or the usual ones."""
    return bench.conferences.protocol(conference) if conference else bench.conferences.protocol_named(*USUAL)


def prompts_that(protocol: Protocol, saves: Collection[str]) -> list[tuple[Move, Prompt]]:
    """The prompts whose answers become one of `saves`, each with its move."""
    return [(move, prompt) for move in protocol.moves for prompt in move.prompts if prompt.saves in saves]


def answered(bench: Workbench, conference: Conference, protocol: Protocol) -> frozenset[str]:
    """The ids of the moves that have something of the learner in them."""
    said = {move for (move, _prompt), one in bench.reflections.of(conference).items() if not one.empty}
    kinds = {str(one.kind) for one in bench.strengths.of(conference)}
    if any(one.belongs_to == conference.id for one in bench.artifacts.of(conference.learner)):
        kinds.add("work")
    goal = goal_in(bench, conference)
    if goal is not None:
        plan = bench.plans.of(goal)
        given = {
            "goal": True,
            "purpose": bool(goal.purpose),
            "step": any(step.kind is StepKind.WAY for step in plan.steps),
            "check-in": bool(plan.timeline),
            "show": bool(plan.show),
            "next": plan.next_conference_on is not None,
            "celebrate": bool(plan.celebrate),
        }
        kinds |= {kind for kind, there in given.items() if there}
    return frozenset(
        move.id for move in protocol.moves if move.id in said or any(one.saves in kinds for one in move.prompts)
    )
