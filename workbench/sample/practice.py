"""Practice programmes' files: Lexia Core5 and myON, this school year so far.

Neither vendor publishes a full sample. The 56 columns of Lexia's Detailed Student export are known;
its Monthly and Year-to-Date exports are known up to Start Status (Label), the columns after that are
plausible names of ours, as are all of myON's. Lexia's only key is the user name.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.sample import cast, norms
from workbench.sample.cast import Learner
from workbench.sample.chance import stream
from workbench.sample.school import School, teacher_of
from workbench.sample.terms import FIRST_DAY, SCHOOL_YEAR, TODAY, grade_name

MONTHS = (9, 10, 11)  # of the calendar year SCHOOL_YEAR; November is under way

_PERSON = ("Customer Name", "School Name", "Classes", "First Name", "MI", "Last Name", "Username", "Grade")
LEXIA_MONTHLY = (
    *_PERSON,
    *("Year", "Month", "Program", "Start of Year Level", "Start GLM", "Start Status", "Start Status Label"),
    *("Current Level", "Current GLM", "Current Status", "Current Status Label"),
    *("Minutes", "Units Gained", "Days Used", "Met Usage"),
)
LEXIA_YEAR_TO_DATE = (
    *_PERSON,
    *("First Use", "Last Use", "Program", "Start GLM", "Start Lexia Level", "Start Status"),
    *("Current GLM", "Current Lexia Level", "Current Status", "Total Minutes", "Total Units"),
)
LEXIA_DETAILED = tuple(
    """
    district_id,District_name,school_id,school_name,classes,class_names,staff,Lexia_ID,username,fname,lname,
    grade_label,Predictor_date,Predictor,risk_level,activity_id,activity_name,reading_focus,
    struggling_indicator,accuracy,rate,percent_completed,current_unit,max_unit,status_flag_complete,advanced,
    activity_start_time,activity_end_time,activity_time,attempts_at_standard,attempts_at_practice,
    attempts_at_instruction,levelname,grade_level_material,units_to_benchmark,today_mins,today_units,week_time,
    weekly_usage_target,meeting_target_usage,week_units,weekly_units_target,certificate_delivered,
    skillbuilder_delivered,lessons_delivered,date_of_birth,gender,race,hispanic_latino,meal_status,IDEA,esl_ell,
    title_I,studentrefid,schoolrefid,classrefid
    """.replace("\n", "")
    .replace(" ", "")
    .split(",")
)
MYON = (
    *("Student Name", "Username", "SIS ID", "Grade", "School", "Class", "Start Date", "End Date"),
    *("Books Opened", "Books Finished", "Time Spent Reading (h:mm)", "Pages Read", "Lexile"),
)

_LEVEL_ENDS_GRADE = (5, 9, 12, 15, 18, 21)  # the last Core5 level of K, 1 …
_UNITS_A_LEVEL = 60
_WEEKLY_MINUTES = 60
_ACTIVITIES = (
    ("Sight Words", "Automaticity / Fluency"),
    ("Vowel Sounds", "Phonics"),
    ("Suffixes", "Structural Analysis"),
    ("Passage Reading", "Comprehension"),
    ("Word Meanings", "Vocabulary"),
)


@dataclass(frozen=True, slots=True)
class LexiaMonth:
    """One learner's month in Core5; a month without use has none."""

    learner: Learner
    month: int
    first_use: dt.date
    last_use: dt.date
    minutes: int
    units: int
    days: int
    level: int  # at the month's end


@dataclass(frozen=True, slots=True)
class LexiaUse:
    """One learner's year in Core5, with at least one month."""

    learner: Learner
    start_level: int
    months: tuple[LexiaMonth, ...]


def lexia(school: School) -> tuple[LexiaUse, ...]:
    """Core5's users, K to 5: who began it, at a level near the grade and the learner's reading."""
    reading = _reading_percentiles(school)
    uses = (_lexia_use(school.seed, p, reading.get(p.student_id, 50)) for p in school.roster(SCHOOL_YEAR))
    return tuple(use for use in uses if use is not None)


def lexia_monthly(school: School, uses: Iterable[LexiaUse]) -> str:
    """One row per learner and month used; what is not yet known of this month says n/a."""
    rows = []
    for use in uses:
        grade, start = use.learner.grade, use.start_level
        for month in use.months:
            ongoing = month.month == TODAY.month
            rows.append(
                [
                    *_person(school, use.learner),
                    *(str(SCHOOL_YEAR), str(month.month), "Core5"),
                    *(
                        f"Level {start}",
                        _material(start),
                        str(_status(start, grade)),
                        _status_label(start, grade),
                    ),
                    *(f"Level {month.level}", _material(month.level)),
                    *(str(_status(month.level, grade)), _status_label(month.level, grade)),
                    *(str(month.minutes), str(month.units), str(month.days)),
                    "n/a" if ongoing else ("Yes" if month.minutes >= 4 * _WEEKLY_MINUTES else "No"),
                ]
            )
    return _table(LEXIA_MONTHLY, rows)


def lexia_year_to_date(school: School, uses: Iterable[LexiaUse]) -> str:
    """One row per learner who has used Core5 this year."""
    rows = []
    for use in uses:
        grade, now = use.learner.grade, use.months[-1].level
        rows.append(
            [
                *_person(school, use.learner),
                *(_us_date(use.months[0].first_use), _us_date(use.months[-1].last_use), "Core5"),
                *(
                    _material(use.start_level),
                    f"Level {use.start_level}",
                    str(_status(use.start_level, grade)),
                ),
                *(_material(now), f"Level {now}", str(_status(now, grade))),
                *(str(sum(m.minutes for m in use.months)), str(sum(m.units for m in use.months))),
            ]
        )
    return _table(LEXIA_YEAR_TO_DATE, rows)


def lexia_detailed(school: School, uses: Iterable[LexiaUse]) -> str:
    """One row per learner and activity of the level; a learner not placed yet has one row of dashes."""
    using = {use.learner.student_id: use for use in uses}
    rows: list[list[str]] = []
    for number, learner in enumerate(school.roster(SCHOOL_YEAR)):
        if learner.grade > 5 or learner.student_id == cast.WREN:
            continue
        use = using.get(learner.student_id)
        cells = _detailed_person(school, learner, 5_200_000 + number * 7)
        if use is None:
            rows.append(
                [({**cells, "levelname": "--", "grade_level_material": "--"}).get(c, "") for c in LEXIA_DETAILED]
            )
            continue
        for activity in _activities(school.seed, use):
            rows.append([({**cells, **activity}).get(column, "") for column in LEXIA_DETAILED])
    return _table(LEXIA_DETAILED, rows)


def myon(school: School, month: int) -> str:
    """One month's usage report: everybody enrolled has a row, with zeros when unused."""
    first = max(dt.date(SCHOOL_YEAR, month, 1), FIRST_DAY)
    last = min(dt.date(SCHOOL_YEAR, month + 1, 1) - dt.timedelta(days=1), TODAY)
    rows = []
    newest = {s.learner.student_id: s for s in school.sittings if s.growth_event and s.course == "Reading"}
    for learner in school.roster(SCHOOL_YEAR):
        if learner.student_id == cast.WREN:
            continue
        rng = stream(school.seed, "myon", learner.student_id, month)
        likes = stream(school.seed, "myon", learner.student_id).random()
        unused = rng.random() < 0.12
        share = (last - first).days / 30
        minutes = 0 if unused else round(rng.uniform(20, 200) * (0.3 + likes) * share)
        opened = 0 if unused else max(1, minutes // 16)
        reading = newest.get(learner.student_id)
        rows.append(
            [
                f"{learner.family_name}, {learner.given_name}",
                *(learner.username, learner.student_id, grade_name(learner.grade)),
                *(school.name, learner.class_in(SCHOOL_YEAR) or "", _us_date(first), _us_date(last)),
                *(str(opened), str(round(opened * rng.uniform(0.4, 0.95)))),
                f"{minutes // 60}:{minutes % 60:02d}",
                str(round(minutes * rng.uniform(0.7, 1.3))),
                norms.lexile(reading.rit) if reading else "",
            ]
        )
    return _table(MYON, rows)


def _lexia_use(seed: int, learner: Learner, percentile: int) -> LexiaUse | None:
    rng = stream(seed, "lexia", learner.student_id)
    if learner.grade > 5 or learner.student_id == cast.WREN or (rng.random() < 0.05 and _unnamed(learner)):
        return None
    start = 1 if learner.grade == 0 else _LEVEL_ENDS_GRADE[learner.grade - 1] + 1
    start = min(max(start + round((percentile - 50) / 14 + rng.gauss(0, 1)), 1), 20)
    done = rng.randrange(0, _UNITS_A_LEVEL)
    keen = rng.uniform(0.5, 1.3)
    months = []
    for month in MONTHS:
        if rng.random() < 0.07 and _unnamed(learner):
            continue
        minutes = round(keen * rng.uniform(180, 280) * (0.65 if month == TODAY.month else 1))
        units = round(minutes / rng.uniform(5.5, 8.5))
        done += units
        first = dt.date(SCHOOL_YEAR, month, rng.randrange(1, 8))
        last = dt.date(SCHOOL_YEAR, month, rng.randrange(15, 21 if month == TODAY.month else 29))
        level = min(start + done // _UNITS_A_LEVEL, 21)
        months.append(LexiaMonth(learner, month, first, last, minutes, units, max(3, minutes // 20), level))
    return LexiaUse(learner, start, tuple(months)) if months else None


def _unnamed(learner: Learner) -> bool:
    return learner.student_id not in cast.BY_ID


def _reading_percentiles(school: School) -> dict[str, int]:
    """Everybody's newest Reading percentile, to place them in Core5."""
    return {
        s.learner.student_id: norms.expected("Reading", s.grade, s.term.season_index, "2025").percentile(s.rit)
        for s in school.sittings
        if s.growth_event and s.course == "Reading"
    }


def _person(school: School, learner: Learner) -> list[str]:
    return [
        *(school.district, school.name, learner.class_in(SCHOOL_YEAR) or "", learner.given_name),
        *(learner.middle_initial, learner.family_name, learner.username, _grade_label(learner.grade)),
    ]


def _detailed_person(school: School, learner: Learner, number: int) -> dict[str, str]:
    class_name = learner.class_in(SCHOOL_YEAR) or ""
    educator = school.educator(teacher_of(class_name))
    hispanic = learner.ethnic_group == "Hispanic or Latino"
    return {
        "district_id": "40117",
        "District_name": school.district,
        "school_id": "88123",
        "school_name": school.name,
        "classes": class_name,
        "class_names": class_name,
        "staff": f"{educator.family_name}_{educator.given_name}",
        "Lexia_ID": str(number),
        "username": learner.username,
        "fname": learner.given_name,
        "lname": learner.family_name,
        "grade_label": _grade_label(learner.grade),
        "date_of_birth": _us_date(learner.birth_date),
        "gender": learner.gender,
        "race": "" if hispanic else learner.ethnic_group,
        "hispanic_latino": "Y" if hispanic else "N",
        "schoolrefid": school.state_id,
        "classrefid": class_name,
    }


def _activities(seed: int, use: LexiaUse) -> Iterator[dict[str, str]]:
    rng = stream(seed, "lexia activities", use.learner.student_id)
    level = use.months[-1].level
    ends = _LEVEL_ENDS_GRADE[use.learner.grade]
    chance = min(max(88 + 9 * (level - ends + 2) + rng.randrange(-5, 6), 3), 100)
    risk = "On Target" if chance >= 80 else ("Some Risk" if chance >= 31 else "High Risk")
    minutes = rng.randrange(10, 95)
    for place, (activity, focus) in enumerate(_ACTIVITIES):
        if rng.random() < 0.25:
            continue
        most = rng.randrange(8, 16)
        unit = rng.randrange(0, most + 1)
        stuck = rng.random() < 0.08
        began = use.months[-1].last_use - dt.timedelta(days=rng.randrange(1, 12))
        yield {
            "Predictor_date": _us_date(use.months[-1].last_use),
            "Predictor": str(chance),
            "risk_level": risk,
            "activity_id": str(level * 100 + place),
            "activity_name": activity,
            "reading_focus": focus,
            "struggling_indicator": "1" if stuck else "0",
            "accuracy": "Low" if stuck else rng.choice(("High", "High", "Medium")),
            "rate": rng.choice(("Fast", "Average", "Slow")),
            "percent_completed": str(round(100 * unit / most)),
            "current_unit": str(unit),
            "max_unit": str(most),
            "status_flag_complete": "1" if unit == most else "0",
            "advanced": "0",
            "activity_start_time": _us_date(began),
            "activity_end_time": _us_date(use.months[-1].last_use) if unit == most else "",
            "activity_time": str(rng.randrange(4, 40)),
            "attempts_at_standard": str(rng.randrange(1, 9)),
            "attempts_at_practice": str(rng.randrange(0, 4)),
            "attempts_at_instruction": str(rng.randrange(1, 4) if stuck else 0),
            "levelname": f"Level {level}",
            "grade_level_material": _material(level),
            "units_to_benchmark": str(max(0, (ends - level + 1) * _UNITS_A_LEVEL - unit)),
            "today_mins": "0",
            "today_units": "0",
            "week_time": str(minutes),
            "weekly_usage_target": str(_WEEKLY_MINUTES),
            "meeting_target_usage": "1" if minutes >= _WEEKLY_MINUTES else "0",
            "week_units": str(minutes // 7),
            "weekly_units_target": "8",
            "certificate_delivered": "0",
            "skillbuilder_delivered": "0",
            "lessons_delivered": "1" if stuck and rng.random() < 0.5 else "0",
        }


def _grade_of(level: int) -> int:
    return next(grade for grade, last in enumerate(_LEVEL_ENDS_GRADE) if level <= last)


def _material(level: int) -> str:
    return _ordinal(_grade_of(level))


def _status(level: int, grade: int) -> int:
    """0 in the grade's material, 1 or 2 above, -1 or -2 below."""
    return min(max(_grade_of(level) - grade, -2), 2)


def _status_label(level: int, grade: int) -> str:
    status = _status(level, grade)
    if status == 0:
        return "In Grade Level"
    years = "1 Grade Level" if abs(status) == 1 else "2+ Grade Levels"
    return f"{years} {'Above' if status > 0 else 'Below'}"


def _ordinal(grade: int) -> str:
    return ("K", "1st", "2nd", "3rd")[grade] if grade < 4 else f"{grade}th"


def _grade_label(grade: int) -> str:
    return "Kindergarten" if grade == 0 else f"{_ordinal(grade)} Grade"


def _us_date(day: dt.date) -> str:
    """M/D/YYYY, as these vendors write dates."""
    return f"{day.month}/{day.day}/{day.year}"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
