"""Grades as files write them, in our words."""

from __future__ import annotations

import re

from workbench.ground.words import N_
from workbench.importing.reading.values import Unreadable, is_nothing

NOT_GRADE = N_("is not a grade.")

_WORD_GRADES = {
    **dict.fromkeys(
        (
            "k",
            "kg",
            "kn",
            "kindergarten",
            "kinder",
            "0",
            "00",
            "kg1",
            "kg2",
            "kf",
            "kh",
            "ka",
            "kp",
            "k2",
            "sk",
            "5k",
            "seniorkindergarten",
            "fulldaykindergarten",
            "halfdaykindergarten",
            "kínder",
            "jardíndeniños",
        ),
        "K",
    ),
    **dict.fromkeys(
        (
            "pk",
            "prek",
            "prekindergarten",
            "tk",
            "p",
            "-1",
            "ps",
            "preschool",
            "ppk",
            "pk3",
            "pk4",
            "pk5",
            "p3",
            "p4",
            "3k",
            "4k",
            "k0",
            "k1",
            "jk",
            "ek",
            "juniorkindergarten",
            "earlykindergarten",
            "transitionalkindergarten",
            "developmentalkindergarten",
            "prek3",
            "prek4",
            "preescolar",
            "prekínder",
            "prekinder",
        ),
        "PK",
    ),
}
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
for _words in (_NUMBER_WORDS, _ORDINALS):
    _WORD_GRADES |= {word: str(at) for at, word in enumerate(_words, start=1)}
_NUMBERED_GRADE = re.compile(r"(?:grade|gr|year)?\.?0*([1-9][0-9]?)(?:\.0+)?(?:st|nd|rd|th)?(?:grade)?")
_LAST_GRADE = 13
_NO_ONE_GRADE = frozenset(
    ("middleschool", "highschool", "elementary", "other", "ungraded", "ug", "ue", "us", "multiple", "adult")
)


def grade(text: str) -> str:
    """A grade in our words, "PK", "K", "1" … "13", or "" where none is given ("Middle School", "Other").

    Reads `KG 1`, `Grade 3`, `03`, `3rd Grade`, `Kindergarten` …
    """
    key = re.sub(r"[\s_-]+", "", text.casefold()) if text != "-1" else text
    for word in (key, key.removeprefix("grade"), key.removesuffix("grade")):
        if word in _WORD_GRADES:
            return _WORD_GRADES[word]
    found = _NUMBERED_GRADE.fullmatch(key)
    if found and int(found[1]) <= _LAST_GRADE:
        return found[1]
    if is_nothing(text) or key in _NO_ONE_GRADE:
        return ""
    raise Unreadable(NOT_GRADE)
