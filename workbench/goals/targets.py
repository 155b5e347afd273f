"""Targets: the number a goal is followed by, read from the learner's own evidence.

A goal's `measure` is one of `offers`, its `target` what the learner wrote of how much. Amounts of a period, such as
minutes, are meant by the week; levels and scores as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.evidence import measures
from workbench.evidence.evidence import Evidence
from workbench.evidence.measures import Kind, Measure
from workbench.evidence.measures.amounts import amount, began
from workbench.evidence.pace import usual_amount, usual_pace
from workbench.goals import help as goal_help
from workbench.goals.goals import Goal
from workbench.goals.help import FARTHEST, Advice

LATELY = timedelta(days=200)  # what was not told for longer is not offered to follow a goal by
_WEEK = timedelta(weeks=1)
_APART = " | "
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """The newest value of a goal's measure: `value` in its unit, and as it is said to a learner."""

    value: float
    on: date
    said: str


def offers(evidence: Iterable[Evidence], on: date) -> dict[str, str]:
    """What a learner's goal can be followed by, as its name in a learner's words, in the order of telling.

    Where two measures have the same name, the one told last stands for both.
    """
    newest_of: dict[str, Evidence] = {}
    for fact in evidence:
        what = measures.of(fact)
        part = fact.aspect.startswith(("area: ", "skill: "))
        if what.seen_by == "learner" and not part and fact.standing != "repeat" and on - fact.taken_on <= LATELY:
            newest_of[what.learner] = max(newest_of.get(what.learner, fact), fact, key=lambda one: one.taken_on)
    told = sorted(newest_of.items(), key=lambda pair: measures.of(pair[1]).place)
    return {_key(fact): name for name, fact in told}


def newest(goal: Goal, evidence: Iterable[Evidence]) -> Reading | None:
    """The newest value of a goal's measure; None where it has none."""
    facts = _of(goal.measure, evidence)
    if not facts:
        return None
    fact, what = facts[-1], measures.of(facts[-1])
    if what.kind is Kind.SCORE:
        low, high = fact.range
        said = what.amount(fact.value) if low == high else f"{low}–{high}"
        return Reading(fact.value, fact.taken_on, said)
    return Reading(fact.value, fact.taken_on, amount(what, [fact]).said)


def advise(goal: Goal, evidence: Iterable[Evidence], *, on: date) -> Advice | None:
    """What to say of a target that asks for much more than the learner's own usual; None for any other."""
    found = _NUMBER.search(goal.target)
    facts = _of(goal.measure, evidence)
    if found is None or not facts:
        return None
    target, what = float(found.group().replace(",", ".")), measures.of(facts[-1])
    if what.better != "higher" or not what.compared:
        return None
    if what.kind in (Kind.COUNT, Kind.SHARE):
        pace = usual_amount(_weeks(what, facts))
        return goal_help.beyond_pace(target, 0.0, 1.0, pace) if pace else None
    pace = usual_pace((fact.taken_on, fact.value) for fact in facts)
    until = goal.due_on or goal.chosen_on + FARTHEST[goal.horizon]
    return goal_help.beyond_pace(target, facts[-1].value, (until - on) / _WEEK, pace) if pace else None


def _key(fact: Evidence) -> str:
    return _APART.join((fact.source, fact.measure, fact.aspect, fact.unit))


def _of(key: str, evidence: Iterable[Evidence]) -> list[Evidence]:
    """The facts of a measure, oldest first."""
    found = [fact for fact in evidence if key and _key(fact) == key and fact.standing != "repeat"]
    return sorted(found, key=lambda fact: (fact.taken_on, began(fact)))


def _weeks(what: Measure, facts: Sequence[Evidence]) -> list[float]:
    """What each week came to: those of single days and short periods added up, a longer period's share of a week."""
    weeks: dict[date, list[Evidence]] = {}
    longer = []
    for fact in facts:
        period = fact.taken_on - began(fact) + timedelta(days=1)
        if period > _WEEK:
            longer.append(fact.value * (_WEEK / period))
        else:
            weeks.setdefault(fact.taken_on - timedelta(days=fact.taken_on.weekday()), []).append(fact)
    return [amount(what, told).value for told in weeks.values()] or longer
