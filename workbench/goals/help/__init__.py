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
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from workbench.evidence.pace import Pace
from workbench.goals.goals import Goal, Horizon
from workbench.ground.datafile import DataFile
from workbench.ground.errors import BadData
from workbench.ground.words import _, language

OURS = Path(__file__).parent
FALLBACK = "en"
#: How far off a goal of a horizon may be before a nearer one is suggested: product.md's horizons.
FARTHEST = {Horizon.TODAY: timedelta(0), Horizon.SHORT: timedelta(weeks=2), Horizon.LONG: timedelta(weeks=20)}
ALONE_FOR = timedelta(weeks=4)  # so long without a goal outside the subjects is worth a word
MOST_DOINGS = 2  # "solve five and explain two" is one goal; three doings are several
#: What an answer to a door's question becomes: fields of the goal, its plan's `show`, or a step "obstacle → answer".
KEEPS = ("words", "purpose", "due", "show", "obstacle", "answer")
MUCH = 1.5  # from this many times the usual pace on, the adviser says so
MOST_TIMES = 5  # beyond so many times a figure only daunts: the adviser says it without one

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_WORD_OR_COMMA = re.compile(rf"{_WORD.pattern}|,")
_SENTENCE = re.compile(r"[.!?;\n]+")


class Rule(StrEnum):
    """What the adviser looks at, in the order it is said."""

    NO_VERB = "no verb"
    ONLY_A_NUMBER = "only a number"
    SEVERAL = "several goals in one"
    TOO_FAR = "too far off"
    NO_REASON = "no reason"
    ALL_SUBJECTS = "only subjects for weeks"
    PACE = "beyond the usual pace"


@dataclass(frozen=True, slots=True)
class Advice:
    """A thing noticed and what could help, said to the learner."""

    rule: Rule
    sentence: str


@dataclass(frozen=True, slots=True)
class Area:
    """What goals are about. `subject` tells school subjects from all else.

    `examples` are (vague, good) pairs; `short` whole goals, and a `picture`, for those who begin to read.
    """

    id: str
    name: str
    subject: bool
    examples: tuple[tuple[str, str], ...]
    short: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A step of a door. `keeps`: what its answer becomes, one of `KEEPS`; "" is only thought about."""

    name: str
    ask: str
    keeps: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A way to word a goal: its name, and its questions in order."""

    id: str
    name: str
    steps: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """The data of one language."""

    verbs: frozenset[str]
    outcome_verbs: frozenset[str]
    verb_endings: tuple[str, ...]
    result_words: frozenset[str]
    no_reasons: frozenset[str]
    joiners: frozenset[str]
    areas: tuple[Area, ...]
    doors: tuple[Door, ...]

    def area(self, id: str) -> Area | None:  # noqa: A002
        return next((one for one in self.areas if one.id == id), None)


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


@cache
def load(spoken: str = FALLBACK, folder: Path = OURS) -> Help:
    """The help of a language, English where there is none. Raises BadData naming the file and the line."""
    path = folder / f"words.{spoken}.toml"
    file = DataFile(path if path.is_file() else folder / f"words.{FALLBACK}.toml")
    known = file.table("words")

    def words(key: str) -> frozenset[str]:
        return frozenset(file.texts(known, key, ("[words]", 0)))

    return Help(
        verbs=words("verbs"),
        outcome_verbs=words("outcome_verbs"),
        verb_endings=file.texts(known, "verb_endings", ("[words]", 0)),
        result_words=words("result_words"),
        no_reasons=words("no_reasons"),
        joiners=words("joiners"),
        areas=tuple(_area(file, raw, place) for place, raw in enumerate(file.tables("areas"))),
        doors=tuple(_door(file, raw, place) for place, raw in enumerate(file.tables("doors"))),
    )


def _wording(words: str, helping: Help) -> list[Advice]:
    said = [word.casefold() for word in _WORD.findall(words)]
    doing = [word for word in said if _is_verb(word, helping)]
    if not doing or all(word in helping.outcome_verbs for word in doing):
        rest = set(said) - helping.result_words - helping.outcome_verbs
        if not rest and re.search(r"\d", words):
            told = _("A number shows where you want to be. What will you do to get there?")
            return [Advice(Rule.ONLY_A_NUMBER, told)]
        if not doing:
            return [Advice(Rule.NO_VERB, _("What will you do? Begin with a word for doing, like read, try or ask."))]
    sentences = [_WORD.findall(part.casefold()) for part in _SENTENCE.split(words)]
    several = sum(any(_is_verb(word, helping) for word in part) for part in sentences) > 1
    if several or _doings(words, helping) > MOST_DOINGS:
        told = _("These are several goals. Which one comes first? The others can wait for their turn.")
        return [Advice(Rule.SEVERAL, told)]
    return []


def _doings(words: str, helping: Help) -> int:
    """How many things are to be done one after the other: the first, and each that is joined to it."""
    said = _WORD_OR_COMMA.findall(words.casefold())
    doing = (at for at, one in enumerate(said) if _is_verb(one, helping) and one not in helping.outcome_verbs)
    start = next(doing, len(said))
    later = pairwise(said[start + 1 :])
    return 1 + sum(one in helping.joiners and _is_verb(after, helping) for one, after in later)


def _is_verb(word: str, helping: Help) -> bool:
    return word in helping.verbs or word in helping.outcome_verbs or word.endswith(helping.verb_endings)


def _distance(goal: Goal) -> list[Advice]:
    if goal.due_on is None or goal.due_on - goal.chosen_on <= FARTHEST[goal.horizon]:
        return []
    if goal.horizon is Horizon.LONG:
        told = _("That is a long way off. What will be the first thing to see on the way?")
    else:
        told = _("That is a long time for a small goal. What can you do by the end of next week?")
    return [Advice(Rule.TOO_FAR, told)]


def _is_no_reason(goal: Goal, helping: Help) -> bool:
    given = " ".join(_WORD.findall(goal.purpose)).casefold()
    return not given or given in helping.no_reasons or given == " ".join(_WORD.findall(goal.words)).casefold()


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


def _area(file: DataFile, raw: dict[str, object], place: int) -> Area:
    at = ("[[areas]]", place)
    pairs = raw.get("examples", [])
    if not isinstance(pairs, list) or not all(isinstance(p, dict) and set(p) == {"vague", "good"} for p in pairs):
        raise _wrong(file, _("“examples” must be pairs of vague and good"), "examples", at)
    if not isinstance(raw.get("subject"), bool):
        raise _wrong(file, _("“{key}” must be true or false").format(key="subject"), "subject", at)
    examples = tuple((file.text(pair, "vague", at), file.text(pair, "good", at)) for pair in pairs)
    return Area(
        file.text(raw, "id", at),
        file.text(raw, "name", at),
        bool(raw["subject"]),
        examples,
        file.texts(raw, "short", at) if "short" in raw else (),
        file.text(raw, "picture", at) if "picture" in raw else "",
    )


def _door(file: DataFile, raw: dict[str, object], place: int) -> Door:
    at = ("[[doors]]", place)
    steps = raw.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise _wrong(file, _("“steps” must be tables"), "steps", at)
    told = tuple(
        Question(
            file.text(step, "name", at),
            file.text(step, "ask", at),
            file.one_of(step, "keeps", KEEPS, at) if "keeps" in step else "",
        )
        for step in steps
    )
    return Door(file.text(raw, "id", at), file.text(raw, "name", at), told)


def _wrong(file: DataFile, what: str, key: str, at: tuple[str, int]) -> BadData:
    return file.wrong(what, key, at)
