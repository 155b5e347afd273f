"""Reads times spent, as minutes: `65`, `1:05`, `1:05:00`, `1h 5m`, `65 min`.

What a plain number counts, and whether `1:05` is hours and minutes or minutes and seconds, the column's
name may tell; else a person is asked, once for the file.
"""

from __future__ import annotations

import re

from workbench.ground.words import N_, _
from workbench.importing.reading.values import Texts, Unreadable, is_nothing
from workbench.importing.records import NO_ANSWERS, Answers, Choice, Question

UNIT, FORM = "time unit", "time unit of 1:05"  # the names of the questions
MINUTES, HOURS, SECONDS = "minutes", "hours", "seconds"
HOURS_MINUTES, MINUTES_SECONDS = "hours:minutes", "minutes:seconds"
#: What a column may be said to hold.
UNITS = (MINUTES, HOURS, SECONDS, HOURS_MINUTES, MINUTES_SECONDS)

NOT_TIME = N_("is not a time spent.")
NOT_TOLD = N_("is a time, and nobody has said whether in minutes, hours or seconds.")

_IN_MINUTES = {MINUTES: 1.0, HOURS: 60.0, SECONDS: 1 / 60}
_PLAIN = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,6})?")
_TWO = re.compile(r"([0-9]{1,5}):([0-5]?[0-9])")
_THREE = re.compile(r"([0-9]{1,5}):([0-5]?[0-9]):([0-5]?[0-9])(?:\.0+)?")
_AMOUNT = r"([0-9]{1,7}(?:[.,][0-9]{1,6})?)\s*"
_SAID = re.compile(
    rf"(?:{_AMOUNT}h(?:ou)?(?:rs?)?\.?)?(?:[\s,]|and)*"
    rf"(?:{_AMOUNT}m(?:in)?(?:ute)?s?\.?)?(?:[\s,]|and)*"
    rf"(?:{_AMOUNT}s(?:ec)?(?:ond)?s?\.?)?",
    re.IGNORECASE,
)
_NAMED = (
    (HOURS_MINUTES, re.compile(r"\bh{1,2}:mm\b|\bhours?:min", re.IGNORECASE)),
    (MINUTES_SECONDS, re.compile(r"\bm{1,2}:ss\b|\bmin(?:ute)?s?:sec", re.IGNORECASE)),
    (MINUTES, re.compile(r"\bmin(?:ute)?s?\b", re.IGNORECASE)),
    (HOURS, re.compile(r"\bh(?:ou)?rs?\b", re.IGNORECASE)),
    (SECONDS, re.compile(r"\bsec(?:ond)?s?\b", re.IGNORECASE)),
)


class Durations:
    """The times of one column, in minutes; show it all texts before reading any.

    column: its name in the file. unit: one of `UNITS`, what a mapping says that it holds, "" for whatever the
    name or the answers tell.
    """

    def __init__(self, column: str, unit: str = "", answers: Answers = NO_ANSWERS) -> None:
        self._column = column
        told = unit or next((named for named, form in _NAMED if form.search(column)), "")
        self._unit = told if told in _IN_MINUTES else answers.get(UNIT, "")
        self._form = {HOURS: HOURS_MINUTES}.get(told, told)
        if self._form not in (HOURS_MINUTES, MINUTES_SECONDS):
            self._form = answers.get(FORM, "")
        self._open: dict[str, set[str]] = {UNIT: set(), FORM: set()}

    def see(self, cells: Texts) -> None:
        """Notes the texts of which only a person can say what they mean."""
        for text in map(str.strip, set(cells)):
            if not self._unit and _PLAIN.fullmatch(text) and float(text.replace(",", ".")):
                self._open[UNIT].add(text)
            elif not self._form and (found := _TWO.fullmatch(text)) and (int(found[1]) or int(found[2])):
                self._open[FORM].add(text)

    def questions(self, file: str) -> tuple[Question, ...]:
        """What such texts mean, as questions."""
        choices = {
            UNIT: (
                Choice(MINUTES, _("Minutes")),
                Choice(HOURS, _("Hours")),
                Choice(SECONDS, _("Seconds")),
            ),
            FORM: (
                Choice(HOURS_MINUTES, _("Hours and minutes: 1:05 is 65 minutes")),
                Choice(MINUTES_SECONDS, _("Minutes and seconds: 1:05 is 65 seconds")),
            ),
        }
        asked = []
        for name, texts in self._open.items():
            if texts:
                shown = tuple(sorted(texts, key=lambda text: (-len(text), text))[:3])
                words = _("What does {text} mean in the column “{column}”?").format(text=shown[0], column=self._column)
                asked.append(Question(file, name, words, choices[name], shown))
        return tuple(asked)

    def __call__(self, text: str) -> float:
        """One time in minutes, NaN where nothing is given; raises `Unreadable`."""
        if is_nothing(text):
            return float("nan")
        if _PLAIN.fullmatch(text):
            amount = _amount(text)
            if amount and not self._unit:
                raise Unreadable(NOT_TOLD)
            return round(amount * _IN_MINUTES.get(self._unit, 0), 4)
        if found := _THREE.fullmatch(text):
            return round(int(found[1]) * 60 + int(found[2]) + int(found[3]) / 60, 4)
        if found := _TWO.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            if (first or second) and not self._form:
                raise Unreadable(NOT_TOLD)
            return first * 60.0 + second if self._form == HOURS_MINUTES else round(first + second / 60, 4)
        if (found := _SAID.fullmatch(text)) and any(found.groups()):
            hours, minutes, seconds = (_amount(one) if one else 0.0 for one in found.groups())
            return round(hours * 60 + minutes + seconds / 60, 4)
        raise Unreadable(NOT_TIME)


def _amount(text: str) -> float:
    return float(text.replace(",", "."))
