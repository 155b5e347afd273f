"""What a goal's own words say: whether one could see it happen, and what it is about.

The rules look for what is there, a doing and something one could see of it (how much, when, with whom, how), and know
by lists only what is too general to see. So whatever a child does, however rare its word, is a doing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from workbench.goals.help.data import Help, Known
from workbench.ground.names import spelled

MOST_DOINGS = 2  # "solve five and explain two" is one goal; three doings are several
ENOUGH_SIGHT = 2  # “more” and “better” want two of when, how and with whom, or a number
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_WORD_OR_COMMA = re.compile(rf"{_WORD.pattern}|,")
_SENTENCE = re.compile(r"(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bsr)(?<!\bsra)[.!?;\n]+")


class Rule(StrEnum):
    """What the adviser looks at, in the order it is said."""

    COMPARED = "compared with others"
    NO_VERB = "no verb"
    ONLY_A_NUMBER = "only a number"
    SEVERAL = "several goals in one"
    VAGUE = "vague"
    TOO_FAR = "too far off"
    NO_REASON = "no reason"
    ALL_SUBJECTS = "only subjects for weeks"
    PACE = "beyond the usual pace"


def fault(words: str, helping: Help) -> Rule | None:
    """The first thing that could be better about a goal's words; None where nothing could."""
    text, known = spelled(words), helping.known
    if any(form.search(text) for form in helping.others):
        return Rule.COMPARED
    if text.strip(" .!?") in known.no_goals:
        return Rule.VAGUE
    goal = _Goal.of(text, known)
    if goal.is_number:
        return Rule.ONLY_A_NUMBER
    if not goal.verb:
        return Rule.NO_VERB
    if _is_several(text, known):
        return Rule.SEVERAL
    return Rule.VAGUE if goal.is_vague else None


def about(words: str, helping: Help) -> str:
    """The id of the area that most words of a goal tell of, of two the one told of first; "" where none do."""
    said = _WORD.findall(spelled(words))
    found = {
        area.id: [at for at, word in enumerate(said) if word.startswith(area.signs)]
        for area in helping.areas
        if area.signs
    }
    told = {id_: places for id_, places in found.items() if places}
    return min(told, key=lambda id_: (-len(told[id_]), told[id_][0]), default="")


@dataclass(frozen=True, slots=True)
class _Goal:
    """A goal's words, the `verb` among them or ""."""

    known: Known
    said: frozenset[str]
    verb: str

    @classmethod
    def of(cls, text: str, known: Known) -> _Goal:
        for phrase in (one for one in known.openers if " " in one):
            text = re.sub(rf"\b{re.escape(phrase)}\b", " ", text)
        said = _WORD.findall(text)
        return cls(known, frozenset(said), _verb(said, known))

    @property
    def is_number(self) -> bool:
        """A result, and no way there."""
        known = self.known
        doing = self.said & (known.verbs - known.result_words)
        figures = {word for word in self.said if word[0].isdigit()}
        return bool(figures) and not doing and not self.said - figures - known.result_words - known.outcome_verbs

    @property
    def is_vague(self) -> bool:
        """Nobody could say whether it was done."""
        known, said = self.known, self.said
        if said & known.numbers or any(word[0].isdigit() for word in said):
            return False
        sights = [bool(said & kind) for kind in (known.when, known.how, known.whom)]
        if self.verb in known.outcome_verbs and said & known.quality:
            return True
        if self.verb in known.states:
            return not any(sights[:2])
        general = known.small | known.general | known.outcome_verbs | known.quality | known.openers
        own = said - general - known.when - known.whom - {self.verb}
        return not own and sum(sights) < (ENOUGH_SIGHT if said & known.quality else 1)


def _verb(said: Sequence[str], known: Known) -> str:
    """The word for doing: what begins the goal, unless it is known to be none; else one that is known."""
    begun = [word for word in said if word not in known.openers and word not in known.when and not word[0].isdigit()]
    first = begun[0] if begun else ""
    is_known = known.verbs | known.outcome_verbs
    if first in is_known or (first and len(said) > 1 and _may_be_verb(first, known)):
        return first
    return next((word for word in begun if word in is_known or _ends_as_verb(word, known)), "")


def _may_be_verb(word: str, known: Known) -> bool:
    none = known.no_verbs | known.small | known.general | known.quality | known.numbers
    return word not in none and (not known.first_endings or word.endswith(known.first_endings))


def _ends_as_verb(word: str, known: Known) -> bool:
    return bool(known.verb_endings) and word.endswith(known.verb_endings) and word not in known.no_verbs


def _is_several(text: str, known: Known) -> bool:
    """Two sentences that each do something, or three doings one after the other."""
    sentences = [_WORD.findall(part) for part in _SENTENCE.split(text)]
    return sum(any(_is_doing(word, known) for word in part) for part in sentences) > 1 or (
        _doings(text, known) > MOST_DOINGS
    )


def _doings(text: str, known: Known) -> int:
    """How many things are to be done: the first, and each that is joined to it."""
    said = _WORD_OR_COMMA.findall(text)
    doing = (at for at, one in enumerate(said) if _is_doing(one, known))
    start = next(doing, len(said))
    later = pairwise(said[start + 1 :])
    return 1 + sum(one in known.joiners and _is_doing(after, known) for one, after in later)


def _is_doing(word: str, known: Known) -> bool:
    return word not in known.outcome_verbs and (word in known.verbs or _ends_as_verb(word, known))
