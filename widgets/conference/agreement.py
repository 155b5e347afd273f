"""What was agreed in a conference, on one page to look at and to print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from widgets.goals.goal_form import no_goal_yet
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.records import goal_in, last_goal
from workbench.bench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.notes import Visibility
from workbench.conferences.protocols import Protocol
from workbench.conferences.strengths import Finding, Kind
from workbench.goals.plans import Plan, StepKind
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _
from workbench.learners.learners import Learner

_TEACHERS = 2  # named under the line where the teacher signs


def agreement(bench: Workbench, conference: Conference, today: date, *actions: Block) -> Block:
    """The page: who and when, the goal and why, strengths and needs, the plan as a dated path.

    A conference that names no strengths has what was said in their place. Notes that both read come last.
    """
    learner = bench.learners.get(conference.learner)
    goal = goal_in(bench, conference)
    plan = bench.plans.of(goal) if goal else None
    met = None if goal or bench.conferences.missing(conference) else last_goal(bench, conference)
    protocol = bench.conferences.protocol(conference)
    found = bench.strengths.of(conference)
    titles = {Kind.STRENGTH: _("I am strong in"), Kind.NEED: _("I am working on")}
    some = {one.kind for one in found}
    named: tuple[Block, ...] = tuple(
        _listed(title, (one for one in found if one.kind is kind))
        for kind, title in titles.items()
        if kind in some or conference.band != YOUNGEST
    )
    shown = [(one.caption, "") for one in bench.artifacts.of(learner) if one.belongs_to == conference.id]
    if shown:
        named = (_blocks.group(_blocks.heading(_("I showed"), level=3), _blocks.facts(shown), look="part"), *named)
    words = [*(named if protocol.first("strength") else ()), *_said(bench, conference, protocol)]
    parts = [
        _blocks.heading(learner.name, lead=_("Our agreement of {day}").format(day=days.dated(conference.held_on))),
        _goal(goal.words, goal.purpose)
        if goal
        else _done(met.words)
        if met
        else no_goal_yet(_("Then the agreement can be made."), *actions),
        _blocks.group(
            *([_blocks.group(*words)] if words else []),
            *(() if met else (_plan(plan, goal.due_on if goal else None, today),)),
            look="columns",
        ),
    ]
    shared = [one.words for one in bench.notes.of(conference) if one.visibility is Visibility.SHARED]
    if shared:
        told = _blocks.facts([(words, "") for words in shared])
        parts.append(_blocks.group(_blocks.heading(_("From my teacher"), level=3), told, look="part"))
    parts.append(_signatures(bench, learner))
    return _blocks.group(*parts, look="agreement", name="agreement", label=_("Our agreement"))


def _signatures(bench: Workbench, learner: Learner) -> Block:
    """What paper has below: where to sign, and the class and school it is of."""
    class_ = next(iter(bench.learners.classes_of(learner)), None)
    place = " · ".join(part for part in (class_.name if class_ else "", class_.school if class_ else "") if part)
    teachers = [name for _code, name in class_.educators if name] if class_ else []
    lines = [_("Learner"), ", ".join([_("Teacher"), *teachers[:_TEACHERS]]), _("Family")]
    return Block("signatures", shown={"lines": lines, "place": place})


def _said(bench: Workbench, conference: Conference, protocol: Protocol) -> Iterable[Block]:
    """What others said; and what the learner said, where no strengths are named."""
    titles = {"family": _("My family said"), "buddy": _("My buddy said"), "learner": _("I said")}
    brief = protocol.first("strength") is None
    answers = bench.reflections.every(conference)
    for who, title in titles.items():
        asked = {
            (move.id, one.id): one.ask
            for move in protocol.moves
            for one in move.prompts
            if one.who == who and one.saves == "reflection" and (brief or who != "learner")
        }
        told = [
            (said.words or said.choice, question)
            for place, question in asked.items()
            for said in answers
            if (said.move, said.prompt) == place and (said.words or said.choice)
        ]
        if told:
            yield _blocks.group(_blocks.heading(title, level=3), _blocks.facts(told), look="part")


def _goal(words: str, purpose: str) -> Block:
    why = (_blocks.quote(purpose),) if purpose else ()
    return _blocks.group(
        _blocks.heading(_("My goal"), level=3), _blocks.quote(words, look="goal"), *why, look="my-goal"
    )


def _done(words: str) -> Block:
    """The last goal, where it was met and no next one is chosen."""
    return _blocks.group(
        _blocks.group(Block("star"), _blocks.heading(_("You did it"), level=3), look="row"),
        _blocks.quote(words, look="goal"),
        look="my-goal",
    )


def _listed(title: str, found: Iterable[Finding]) -> Block:
    pairs = [(one.words, one.tied_to) for one in found]
    rows = _blocks.facts(pairs) if pairs else _blocks.note(_("Nothing was named this time."), look="quiet")
    return _blocks.group(_blocks.heading(title, level=3), rows, look="part")


def _plan(plan: Plan | None, due_on: date | None, today: date) -> Block:
    title = _blocks.heading(_("My plan"), level=3)
    if plan is None:
        return _blocks.group(title, _blocks.note(_("It comes with the goal."), look="quiet"), look="part")
    stops = [
        (step.due_on, _way(step), step.kind.value if step.kind is StepKind.CHECK_IN else "") for step in plan.timeline
    ]
    if due_on:
        stops.append((due_on, _("My goal is done"), "goal"))
    if plan.next_conference_on:
        stops.append((plan.next_conference_on, _("Our next conference"), "next"))
    dated = sorted((stop for stop in stops if stop[0]), key=lambda stop: stop[0] or date.max)
    undated = [(_way(step), "") for step in plan.steps if step.due_on is None]
    parts: list[Block] = []
    if undated:
        parts.append(_blocks.facts(undated))
    if dated:
        parts.append(
            _blocks.dates([(day, words, look) for day, words, look in dated if day], today=today, label=_("The days"))
        )
    told = [
        (label, words)
        for label, words in ((_("I will show it:"), plan.show), (_("We celebrate:"), plan.celebrate))
        if words
    ]
    parts.extend(_blocks.facts([pair], label="inline") for pair in told)
    if not parts:
        parts.append(_blocks.note(_("Nothing is planned yet."), look="quiet"))
    return _blocks.group(title, *parts, look="part")


def _way(step: object) -> str:
    """A step with where, with whom and with what."""
    details = [getattr(step, name) for name in ("place", "partner", "material")]
    return " · ".join([getattr(step, "words", ""), *(one for one in details if one)])
