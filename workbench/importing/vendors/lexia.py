"""Reads Lexia Core5's exports: detailed by student, class skills, monthly and year to date.

Lexia's help pages name the first fourteen or fifteen columns of the last three; the names of the others
are matched in the ways that such columns are called. Its user name is all that tells a learner there.
"""

from __future__ import annotations

import re
from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Asked, Day, Detail, Fact, Mapping, Month, Of, Span, Who
from workbench.importing.reading.values import (
    Columns,
    Unreadable,
    is_nothing,
    number,
    number_between,
    percent,
    tidy,
    truth,
)
from workbench.importing.records import Answers

NOT_LEVEL = N_("is not a level of Core5, 1 to 21.")
NOT_ACCURACY = N_("is none of Low, Medium and High.")
NO_SKILL = N_("The row does not say which skill it is about.")
OTHER_PROGRAM = N_("The row is about another program of Lexia’s than Core5.")

_SOURCE = "lexia_core5"
_LAST_LEVEL = 21
_LEVEL = re.compile(r"(?:core5\s*)?(?:level|lvl)?\s*0*([0-9]{1,2})(?:\.0+)?", re.IGNORECASE)
_NO_LEVEL = frozenset(("not placed", "placement", "in placement", "auto placement", "not started", "finished"))
_ACCURACY = {"low": 1.0, "medium": 2.0, "high": 3.0}
_YES = frozenset(("needs instruction", "needs lesson"))

_PERSON = Who(
    ids=(("lexia", "username"),),
    given_name="firstname",
    family_name="lastname",
    school="schoolname",
    class_name="classes",
    grade="grade",
)
_LEVEL_NOW = r"(?:current|now|end|ending|endof(?:month|year|period)|month(?:end)?|latest)(?:lexia|program|core5)?level"
_LEVEL_FIRST = r"start(?:ing)?(?:ofyear)?(?:lexia|program|core5)?level"
_MINUTES = r"(?:total|month(?:ly)?|usage|ytd)*(?:minutes|mins)(?:used|of(?:use|usage)|onprogram)?"
_UNITS = r"(?:total|month(?:ly)?|ytd)*units(?:gained|completed|earned)?"
_DAYS = r"(?:total|month(?:ly)?|ytd)*days(?:used|ofuse|logged(?:in)?|active)?|(?:total)?logins"


def level(text: str) -> float:
    """A Core5 level: 12 for "Level 12" or "12", NaN for a learner who has none (yet, or any more)."""
    found = _LEVEL.fullmatch(text)
    if found and 1 <= int(found[1]) <= _LAST_LEVEL:
        return float(found[1])
    if is_nothing(text) or text.casefold() in _NO_LEVEL:
        return float("nan")
    raise Unreadable(NOT_LEVEL)


class _Core5(ByMapping):
    """What the four kinds of file share."""

    needs: tuple[str, ...]  # columns that only this kind has together, as `header_key` writes them

    def recognises(self, header: tuple[str, ...]) -> bool:
        columns = Columns(header)
        return all(_like(columns, pattern) for pattern in self.needs)

    @abstractmethod
    def mapping(self, columns: Columns, answers: Answers) -> Mapping: ...


class Monthly(_Core5):
    """One row per learner and month used; a month without a row was none of use, or none in the school."""

    name = "lexia_monthly"
    title = N_("Lexia Core5 by month")
    looks_for = "Username, Year, Month, Program and Start of Year Level"
    needs = ("username", "year", r"month(?:\(.*)?", "program", rf"{_LEVEL_FIRST}|startglm")

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        facts = (_level_fact(columns), *_usage(columns))
        day = Month("year", _like(columns, r"month(?:\(.*)?"))
        return Mapping(_SOURCE, _PERSON, facts, day=day, test="month", passed_over=_other_programs)


class YearToDate(_Core5):
    """One row per learner with any use this school year, up to the last use."""

    name = "lexia_year_to_date"
    title = N_("Lexia Core5, year to date")
    looks_for = "Username, First Use, Last Use and Start Lexia Level"
    needs = ("username", "firstuse", "lastuse", rf"{_LEVEL_FIRST}|startglm")

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        facts = (_level_fact(columns), *_usage(columns))
        return Mapping(
            _SOURCE, _PERSON, facts, day=Span("", "lastuse"), test="year to date", passed_over=_other_programs
        )


class Detailed(_Core5):
    """One row per learner and activity of the level they are in; the level is said again in each."""

    name = "lexia_detailed"
    title = N_("Lexia Core5, detailed by student")
    looks_for = "username, levelname, activity_name and percent_completed"
    needs = ("username", "levelname", "activityname", "percentcompleted")

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        who = Who(
            ids=(("", "studentrefid"), ("lexia", "username")),
            given_name="fname",
            family_name="lname",
            birth_date="dateofbirth",
            school="schoolname",
            class_name=columns.first("classnames", "classes") or "",
            grade="gradelabel",
        )
        seen = ("predictordate", "activityendtime", "activitystarttime")
        predictor = Fact(
            "predictor",
            measure="predictor",
            unit="percent",
            read=number_between(0, 100),
            day="predictordate",
            details=(Detail("level", "risklevel"),),
        )
        reached = Fact(
            "levelname",
            measure="level",
            unit="level",
            read=level,
            day=seen,
            details=(
                Detail("material", "gradelevelmaterial"),
                Detail("units_to_benchmark", "unitstobenchmark", number),
            ),
        )
        skill = _skill("percentcompleted", "activityname", "levelname", columns, day=(*seen[1:2], seen[0], seen[2]))
        return Mapping(_SOURCE, who, (reached, predictor, skill))


class ClassSkills(_Core5):
    """One row per learner and skill activity of a class; the file has no date of its own."""

    name = "lexia_class_skills"
    title = N_("Lexia Core5, skills of a class")
    looks_for = "Username, Skill Activity and Program Level"
    needs = ("username", "skillactivity", r"programlevel(?:\(.*)?|core5focus|glmstatus")

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        who = Who(
            ids=_PERSON.ids,
            given_name="firstname",
            family_name="lastname",
            school="schoolname",
            class_name=columns.first("class", "classes") or "",
            grade="grade",
        )
        in_level = _like(columns, r"programlevel(?:\(.*)?")
        day: Day = columns.first("exportdate", "reportdate", "lastuse", "date") or Asked()
        reached = Fact(in_level, measure="level", unit="level", read=level, details=_status(columns, "glm"))
        done = columns.first("percentcompleted", "percentcomplete", "%complete", "activitypercentcomplete")
        skill = _skill(done or "activityaccuracy", "skillactivity", in_level, columns, day=day)
        return Mapping(_SOURCE, who, (reached, skill), day=day)


def _level_fact(columns: Columns) -> Fact:
    """The level at the end of a period, with the one at the start of the year."""
    first = _like(columns, _LEVEL_FIRST)
    return Fact(
        _like(columns, _LEVEL_NOW),
        measure="level",
        unit="level",
        read=level,
        details=(
            *((Detail("start", first, level),) if first else ()),
            *_status(columns, "current"),
            *((Detail("material", "currentglm"),) if "currentglm" in columns else ()),
        ),
    )


def _usage(columns: Columns) -> tuple[Fact, ...]:
    """Minutes, units and days of a period, as far as the file has them."""
    amount = number_between(0, 1_000_000)
    met = _like(columns, r"met(?:usage)?(?:target|goal)?|meeting(?:target)?usage")
    kept = (Detail("met_target", met, _truth),) if met else ()
    named = (("minutes", _MINUTES, kept), ("units", _UNITS, ()), ("days", _DAYS, ()))
    return tuple(
        Fact(key, measure=measure, unit=measure, read=amount, amount=True, details=details)
        for measure, pattern, details in named
        if (key := _like(columns, pattern))
    )


def _skill(value: str, activity: str, in_level: str, columns: Columns, *, day: Day) -> Fact:
    """A skill of a level: how much of it is done, or how accurately where a file has no more than that."""
    waits = columns.first("needsinstruction", "strugglingindicator", "needsinstructionindicator")
    accuracy, rate = columns.first("accuracy", "activityaccuracy"), columns.first("rate", "activityrate")
    focus = columns.first("readingfocus", "core5focus")
    details = (
        Detail("needs_instruction", waits or "", _waits),
        Detail("accuracy", accuracy or ""),
        Detail("rate", rate or ""),
        Detail("focus", focus or ""),
    )
    by_accuracy = value == "activityaccuracy"
    return Fact(
        value,
        measure="skill",
        aspect=Of(activity, _skill_name),
        unit="accuracy" if by_accuracy else "percent",
        read=_accuracy if by_accuracy else _percent,
        test=Of(in_level, _level_name),
        day=day,
        details=tuple(one for one in details if one.column),
    )


def _status(columns: Columns, which: str) -> tuple[Detail, ...]:
    """Whether the material is that of the grade, above or below: Lexia's words, and its number from -2 to 2."""
    label = columns.first(f"{which}statuslabel", f"{which}status(label)")
    status = columns.first(f"{which}status")
    return (
        *((Detail("level", label),) if label else ()),
        *((Detail("status", status, _number_or_word),) if status else ()),
    )


def _like(columns: Columns, pattern: str) -> str:
    """The first column of which the whole key matches, "" where there is none."""
    return next((key for key in columns if re.fullmatch(pattern, key)), "")


def _other_programs(columns: Columns, cells: npt.NDArray[np.object_]) -> dict[int, str]:
    texts = columns.texts(cells, "program")
    return {
        at: OTHER_PROGRAM
        for at, text in enumerate(texts)
        if not is_nothing(text.strip()) and "core5" not in re.sub(r"\s", "", text).casefold()
    }


def _percent(text: str) -> float:
    value = percent(text)
    return value if value != value else number_between(0, 100)(str(value))


def _accuracy(text: str) -> float:
    if is_nothing(text):
        return float("nan")
    if text.casefold() not in _ACCURACY:
        raise Unreadable(NOT_ACCURACY)
    return _ACCURACY[text.casefold()]


def _skill_name(text: str) -> str:
    if not tidy(text):
        raise Unreadable(NO_SKILL)
    return f"skill: {tidy(text)}"


def _level_name(text: str) -> str:
    found = level(text)
    return f"Level {int(found)}" if found == found else ""


def _waits(text: str) -> bool | None:
    """True where a skill waits for teaching; a file’s 0 is nothing to keep."""
    return True if text.casefold() in _YES or _truth(text) else None


def _truth(text: str) -> bool | None:
    try:
        return truth(text)
    except Unreadable:
        return None


def _number_or_word(text: str) -> float | str:
    try:
        return number(text)
    except Unreadable:
        return tidy(text)
