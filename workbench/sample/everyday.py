"""What the school itself notes down each week: who came, and habits a class looks at together."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable

from workbench.sample import cast
from workbench.sample.cast import Learner
from workbench.sample.chance import stream
from workbench.sample.school import School
from workbench.sample.terms import SCHOOL_YEAR, school_weeks

ATTENDANCE = ("Student ID", "Week Of", "Days Enrolled", "Days Present", "Times Late")
HABITS = (
    *("Student ID", "Week Of", "Homework Done", "Homework Set"),
    *("Kindness Noticed", "Kept Trying", "Ready To Learn", "Class Job Done"),
)
_DAYS_OFF = (dt.date(2026, 9, 7), dt.date(2026, 11, 11))  # Labor Day, Veterans Day


def attendance(school: School) -> str:
    """One row per learner and week, in days; weeks are named by their Monday."""
    return _weekly(school, ATTENDANCE, _attended)


def habits(school: School) -> str:
    """One row per learner and week.

    Homework is done of set (kindergarten has none: blank); kindness and keeping on trying count how
    often an adult or a classmate noticed; ready to learn is the learner's own 1 to 4; the job is Y or N.
    """
    return _weekly(school, HABITS, _practised)


def _attended(seed: int, learner: Learner, week: dt.date) -> list[str]:
    own = stream(seed, "attendance", learner.student_id)
    away, late = own.betavariate(1.2, 22), own.betavariate(1, 18)
    rng = stream(seed, "attendance", learner.student_id, week)
    days = _school_days(week)
    present = sum(rng.random() > away for _ in range(days))
    return [str(days), str(present), str(sum(rng.random() < late for _ in range(present)))]


def _practised(seed: int, learner: Learner, week: dt.date) -> list[str]:
    own = stream(seed, "habits", learner.student_id)
    diligence, kindness = own.betavariate(7, 2), own.uniform(0.3, 2.2)
    rng = stream(seed, "habits", learner.student_id, week)
    given = _school_days(week) if learner.grade else 0
    done = sum(rng.random() < diligence for _ in range(given))
    return [
        *((str(done), str(given)) if given else ("", "")),
        str(min(round(rng.expovariate(1 / kindness)), 6)),
        str(min(round(rng.expovariate(1 / (2 * diligence))), 6)),
        str(rng.choices((1, 2, 3, 4), (1, 3, 8, 6))[0]),
        "Y" if rng.random() < diligence else "N",
    ]


def _school_days(week: dt.date) -> int:
    return 5 - sum(day - dt.timedelta(days=day.weekday()) == week for day in _DAYS_OFF)


def _weekly(school: School, columns: tuple[str, ...], of: Callable[[int, Learner, dt.date], list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    here = [p for p in school.roster(SCHOOL_YEAR) if p.student_id != cast.WREN]
    for week in school_weeks():
        for learner in here:
            writer.writerow([learner.student_id, week.isoformat(), *of(school.seed, learner, week)])
    return out.getvalue()
