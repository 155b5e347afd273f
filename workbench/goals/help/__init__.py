"""Help with wording a goal: what could make it smaller and clearer, and words to borrow.

The adviser notices and suggests. It never blocks, and the learner's words are never rewritten. Each rule
and its source: `docs/goal_help.md`. The words it knows a goal by, and the examples, are data
(`words.LANGUAGE.toml`); another language is another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from workbench.evidence.pace import Pace
from workbench.goals.goals import Goal, Horizon
from workbench.goals.help.data import FALLBACK, OURS, Area, Door, Help, Question, load
from workbench.goals.help.wording import Rule, about, fault
from workbench.ground.names import spelled
from workbench.ground.words import _, language

__all__ = [
    "FALLBACK",
    "OURS",
    "Advice",
    "Area",
    "Door",
    "Help",
    "Question",
    "Rule",
    "advise",
    "beyond_pace",
    "guess",
    "is_unclear",
    "load",
]

#: How far off a goal of a horizon may be before a nearer one is suggested: product.md's horizons.
FARTHEST = {Horizon.TODAY: timedelta(0), Horizon.SHORT: timedelta(weeks=2), Horizon.LONG: timedelta(weeks=20)}
ALONE_FOR = timedelta(weeks=4)  # so long without a goal outside the subjects is worth a word
MUCH = 1.5  # from this many times the usual pace on, the adviser says so
MOST_TIMES = 5  # beyond so many times a figure only daunts: the adviser says it without one

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Advice:
    """A thing noticed and what could help, said to the learner."""

    rule: Rule
    sentence: str


def advise(goal: Goal, *, recent: Iterable[Goal] = (), said_in: str = "") -> tuple[Advice, ...]:
    """What could make a goal easier to keep, in order of `Rule`; nothing for one that is well worded.

    recent: the learner's other goals, for what they leave out. said_in: the language of the learner's
    words (default: the one spoken now).
    """
    helping = load(said_in or language())
    noticed = [*_wording(goal.words, helping), *_distance(goal)]
    if _is_no_reason(goal, helping):
        noticed.append(
            Advice(Rule.NO_REASON, _("What are you working on now that this helps with? A reason makes it easier."))
        )
    if _only_subjects(goal, recent, helping):
        noticed.append(
            Advice(
                Rule.ALL_SUBJECTS,
                _("Your last goals were all about school subjects. Is there something else you would like to grow in?"),
            )
        )
    return tuple(noticed)


def beyond_pace(target: float, now: float, weeks: float, pace: Pace) -> Advice | None:
    """What to say of a target that asks for much more than is usual; None for one within reach.

    target, now: values of one measure in its unit; an amount of a week starts at `now` 0 with `weeks` 1. The first
    step suggested is what the usual pace, or a little more where there has been none, brings.
    """
    wanted = target - now
    weeks = max(weeks, 1 / 7)
    usual = pace.median * weeks
    if wanted <= 0 or wanted <= usual + pace.spread * weeks:
        return None
    step = max(usual, pace.spread * weeks, 1.0)
    first = _rounded(now + step)
    if first >= target:
        return None
    if usual <= 0:
        words = _("This has stayed about the same lately. A first step could be {first}.")
        return Advice(Rule.PACE, words.format(first=_shown(first)))
    times = wanted / usual
    if times < MUCH:
        return None
    if times > MOST_TIMES:
        words = _("This is a long way from where you are now, so go there in steps. A first step could be {first}.")
    else:
        words = _("This is about {times} times your usual. A first step could be {first}.")
    return Advice(Rule.PACE, words.format(times=_times(times), first=_shown(first)))


def guess(words: str, *, said_in: str = "") -> str:
    """The area that a goal's words tell of, "" where they tell of none."""
    return about(words, load(said_in or language()))


def is_unclear(words: str, *, said_in: str = "") -> bool:
    """Whether the adviser has something to say of the words themselves."""
    return fault(words, load(said_in or language())) is not None


def _wording(words: str, helping: Help) -> list[Advice]:
    told = {
        Rule.COMPARED: _("You are your own measure. What would you like to do that you could not do before?"),
        Rule.NO_VERB: _("What will you do? Begin with a word for doing, like read, try or ask."),
        Rule.ONLY_A_NUMBER: _("A number shows where you want to be. What will you do to get there?"),
        Rule.SEVERAL: _("These are several goals. Which one comes first? The others can wait for their turn."),
        Rule.VAGUE: _("How will we see it? Say how much, how often, or with what."),
    }
    found = fault(words, helping)
    return [Advice(found, told[found])] if found else []


def _distance(goal: Goal) -> list[Advice]:
    if goal.due_on is None or goal.due_on - goal.chosen_on <= FARTHEST[goal.horizon]:
        return []
    if goal.horizon is Horizon.LONG:
        told = _("That is a long way off. What will be the first thing to see on the way?")
    else:
        told = _("That is a long time for a small goal. What can you do by the end of next week?")
    return [Advice(Rule.TOO_FAR, told)]


def _is_no_reason(goal: Goal, helping: Help) -> bool:
    given = " ".join(_WORD.findall(spelled(goal.purpose)))
    return not given or given in helping.known.no_reasons or given == " ".join(_WORD.findall(spelled(goal.words)))


def _only_subjects(goal: Goal, recent: Iterable[Goal], helping: Help) -> bool:
    """Whether four weeks of goals, this one and at least one more, were all about school subjects."""
    others = [one for one in recent if one.id != goal.id and one.chosen_on <= goal.chosen_on]
    lately = [one for one in others if goal.chosen_on - one.chosen_on <= ALONE_FOR]
    earliest = min((one.chosen_on for one in others), default=goal.chosen_on)
    areas = [helping.area(one.area) for one in (goal, *lately)]
    known_long_enough = goal.chosen_on - earliest >= ALONE_FOR / 2
    return bool(lately) and known_long_enough and all(area is not None and area.subject for area in areas)


def _times(times: float) -> str:
    return _shown(round(times) if times >= 2 else round(times * 2) / 2)


def _rounded(value: float) -> float:
    return float(round(value)) if abs(value) >= 1 else round(value, 1)


def _shown(value: float) -> str:
    return f"{value:g}"
