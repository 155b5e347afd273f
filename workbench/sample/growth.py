"""How scores come about: what a learner can do, what a day does to it, what the test measures.

A learner has one general and one course-specific share of ability (courses correlate 0.75), a small
drift from term to term, lasting differences between instructional areas, and each sitting adds the
day and the test's own error. Progress follows `norms.expected`: less each year, none in summer.
All units are RIT points unless said.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from workbench.sample import cast
from workbench.sample.cast import Learner
from workbench.sample.chance import stream
from workbench.sample.map_tests import COURSES, Course, courses_of, test_of
from workbench.sample.norms import expected
from workbench.sample.terms import FALL, TERMS, WINTER, Term

SUBJECT_CORRELATION = 0.75
_SCHOOL = -0.1  # the school's mean against the norms, in spreads
_DRIFT = 0.10  # a term's lasting change, in spreads
_PACE = 0.03  # a learner's own pace, in spreads a term
_DAY = 3.6
_AREAS_DIFFER = 4.0
_AREA_ERROR = 3.0
_LOWEST = 100  # no RIT below this
_ABSENT = 0.02  # of tests
_RUSHED = 0.03  # of tests
_MAKE_UP = 0.06  # of tests

SCREENING = "Reading K-2"

# Named learners' scores in the order of TERMS, where their part needs particular ones.
_SCRIPTS: dict[tuple[str, str], tuple[int | None, ...]] = {
    (cast.LUZ, "Math K-12"): (172, 176, 178, 183, 188, 192),
    (cast.LUZ, "Reading"): (181, 186, 190, 193, 196, 198),
    (cast.LUZ, "Language Usage"): (177, 182, 184, 189, 192, 194),
    (cast.LUZ, "Science K-12"): (None, None, 185, None, 189, 190),
    (cast.OMAR, "Math K-12"): (184, 189, 189, 195, 199, 201),
    (cast.OMAR, "Reading"): (175, 181, 183, 188, 191, 193),
    (cast.MEI, "Math K-12"): (183, 188, 189, 196, 201, 206),
    (cast.MEI, "Reading"): (184, 189, 190, 194, 197, 203),
    (cast.ZOE, "Reading"): (201, 206, 208, 211, 215, 216),
    (cast.LINH, "Reading"): (176, 182, 184, 189, 193, 196),
    (cast.THEO, "Reading"): (178, 184, 187, 193, 199, 190),
    (cast.ELI, "Reading"): (128, 131, 132, 137, 140, 144),
    (cast.MARCUS, "Math K-12"): (177, 183, 185, 191, 196, 201),
    (cast.FREYA, "Math K-12"): (180, 186, 188, None, 197, 199),
    (cast.FREYA, "Reading"): (183, 187, 189, None, 196, 197),
}
#: Named learners' general standing, in spreads from the mean, so that other courses fit their part.
_STANDING = {cast.LUZ: 0.0, cast.ZOE: 1.3, cast.ELI: -1.3, cast.LINH: -0.2, cast.MEI: 0.3}
_ALWAYS_ABSENT = {(cast.FREYA, Term(2025, WINTER))}
_RUSHED_ON_PURPOSE = {(cast.MARCUS, "Math K-12", Term(2026, FALL)): 45.0}
_AREA_NEEDS = {
    (cast.LUZ, "Operations and Algebraic Thinking"): 2.0,
    (cast.LUZ, "Number and Operations"): -9.0,  # where fractions are
    (cast.LUZ, "Measurement and Data"): 3.0,
    (cast.LUZ, "Geometry"): 4.0,
}
#: Mei's tests of this fall: a make-up after the window, days ago.
_LATE = {(cast.MEI, Term(2026, FALL)): dt.date(2026, 11, 16)}


@dataclass(frozen=True, slots=True)
class Area:
    """An instructional area's score within a test."""

    name: str
    rit: int
    error: float  # standard error


@dataclass(frozen=True, slots=True)
class Sitting:
    """One learner taking one test once. `rapid` and `correct` are percents."""

    learner: Learner
    term: Term
    course: str
    subject: str
    grade: int
    test: str
    taken_at: dt.datetime
    minutes: int
    rit: int
    error: float  # standard error, two decimals
    rapid: float
    correct: int
    areas: tuple[Area, ...]
    growth_event: bool
    test_id: str = ""  # screenings have none


@dataclass(frozen=True, slots=True)
class _Ability:
    """A learner's standing in one course, in spreads from the mean, in each of TERMS."""

    by_term: tuple[float, ...]


def all_sittings(seed: int, people: Iterable[Learner]) -> tuple[Sitting, ...]:
    """Every test of everybody, in the order taken, numbered."""
    taken = [sitting for learner in people for sitting in _sittings_of(seed, learner)]
    taken.sort(key=lambda s: (s.taken_at, s.learner.student_id, s.course))
    return tuple(_numbered(seed, taken))


def _numbered(seed: int, taken: list[Sitting]) -> Iterator[Sitting]:
    rng = stream(seed, "test ids")
    number = 702_110_000
    for sitting in taken:
        number += rng.randrange(3, 40)
        yield sitting if sitting.course == SCREENING else replace(sitting, test_id=str(number))


def _sittings_of(seed: int, learner: Learner) -> Iterator[Sitting]:
    if learner.first_term >= len(TERMS):
        return
    named = learner.student_id in cast.BY_ID
    rng = stream(seed, "ability", learner.student_id)
    general = _STANDING.get(learner.student_id, rng.gauss(0, 0.4 if named else 1))
    abilities: dict[str, _Ability] = {}
    offsets: dict[str, float] = {}
    for index in range(learner.first_term, learner.last_term + 1):
        term = TERMS[index]
        grade = term.grade(learner.grade)
        if (learner.student_id, term) in _ALWAYS_ABSENT:
            continue
        for course in courses_of(grade, term):
            key = f"{seed}/{learner.student_id}/{course.name}"
            if course.name not in abilities:
                abilities[course.name] = _ability(stream(key, "ability"), general)
            day = stream(key, term.name)
            away = day.random() < _ABSENT and not named
            scripted = _SCRIPTS.get((learner.student_id, course.name))
            if away or (scripted and scripted[index] is None):
                continue
            curve = expected(course.name, grade, term.season_index, "2020")
            ability = curve.mean + curve.spread * abilities[course.name].by_term[index]
            error = round(min(max(day.gauss(3.2, 0.15), 2.8), 3.9), 2)
            rit = round(ability + day.gauss(0, math.hypot(_DAY, error)))
            rit = (scripted[index] if scripted else None) or min(max(rit, _LOWEST + 15), 290)
            test, areas = test_of(course.name, grade, term)
            for area in areas:
                if area not in offsets:
                    random_offset = stream(key, area).gauss(0, _AREAS_DIFFER)
                    offsets[area] = _AREA_NEEDS.get((learner.student_id, area), random_offset)
            sitting = Sitting(
                learner=learner,
                term=term,
                course=course.name,
                subject=course.subject,
                grade=grade,
                test=test,
                taken_at=_session(seed, learner, term, course, day),
                minutes=max(18, round(day.gauss(34 + 3 * grade, 7))),
                rit=rit,
                error=error,
                rapid=0.0 if named else _rapid(day),
                correct=round(day.gauss(51, 3)),
                areas=_areas(day, areas, offsets, rit),
                growth_event=True,
            )
            yield from _with_a_rushed_first_try(day, sitting)
    yield from _screening(seed, learner)


def _ability(rng: Random, general: float) -> _Ability:
    shared, own = math.sqrt(SUBJECT_CORRELATION), math.sqrt(1 - SUBJECT_CORRELATION)
    standing = _SCHOOL + shared * general + own * rng.gauss(0, 1)
    pace = rng.gauss(0, _PACE)
    by_term = []
    for _ in TERMS:
        by_term.append(standing)
        standing += pace + rng.gauss(0, _DRIFT)
    return _Ability(tuple(by_term))


def _session(seed: int, learner: Learner, term: Term, course: Course, day: Random) -> dt.datetime:
    """The class tests together; a few learners make the test up on another day of the window."""
    begins = _class_sessions(seed, learner.class_in(term.year) or "", term)[COURSES.index(course)]
    if day.random() < _MAKE_UP:
        begins = dt.datetime.combine(day.choice(term.test_days), begins.time())
    late = _LATE.get((learner.student_id, term))
    if late:
        begins = dt.datetime.combine(late + dt.timedelta(days=COURSES.index(course)), begins.time())
    return begins + dt.timedelta(seconds=day.randrange(0, 420))


@cache
def _class_sessions(seed: int, class_name: str, term: Term) -> tuple[dt.datetime, ...]:
    """When a class sits each of COURSES: one a day."""
    room = stream(seed, "sessions", class_name, term.name)
    starts = (dt.time(room.choice((8, 9, 10, 13)), room.randrange(5, 50)) for _ in COURSES)
    days = room.sample(term.test_days, len(COURSES))
    return tuple(dt.datetime.combine(day, start) for day, start in zip(days, starts, strict=True))


def _rapid(day: Random) -> float:
    """Mostly none; now and then a few answers in a hurry."""
    roll = day.random()
    if roll < 0.86:
        return 0.0
    return round(100 * day.randrange(1, 4 if roll < 0.97 else 9) / 43, 4)


def _areas(day: Random, names: tuple[str, ...], offsets: dict[str, float], rit: int) -> tuple[Area, ...]:
    """Scores that differ as the learner's areas do and average close to the whole."""
    raw = [offsets[name] + day.gauss(0, _AREA_ERROR) for name in names]
    middle = sum(raw) / len(raw)
    drawn_in = [value - 0.85 * middle for value in raw]
    return tuple(
        Area(name, max(rit + round(value), _LOWEST), round(day.uniform(5.4, 7.2), 1))
        for name, value in zip(names, drawn_in, strict=True)
    )


def _with_a_rushed_first_try(day: Random, sitting: Sitting) -> Iterator[Sitting]:
    """A few rush a test; it is taken again, and the second sitting is the term's growth event."""
    key = (sitting.learner.student_id, sitting.course, sitting.term)
    on_purpose = _RUSHED_ON_PURPOSE.get(key)
    by_chance = day.random() < _RUSHED and sitting.learner.student_id not in cast.BY_ID
    if on_purpose is None and not by_chance:
        yield sitting
        return
    lost = 14 if on_purpose else day.randrange(6, 16)
    week = dt.timedelta(days=7)
    room_before = (sitting.taken_at - week).date() >= sitting.term.window[0]
    first, second = sitting.taken_at - week * room_before, sitting.taken_at + week * (not room_before)
    yield replace(
        sitting,
        taken_at=first,
        rit=max(sitting.rit - lost, _LOWEST),
        minutes=day.randrange(9, 17),
        error=round(sitting.error + day.uniform(0.3, 0.8), 2),
        rapid=on_purpose or round(100 * day.randrange(9, 25) / 43, 4),
        correct=sitting.correct - 8,
        areas=tuple(replace(a, rit=max(a.rit - lost + day.randrange(-2, 3), _LOWEST)) for a in sitting.areas),
        growth_event=False,
    )
    yield replace(sitting, taken_at=second, rapid=0.0)


def _screening(seed: int, learner: Learner) -> Iterator[Sitting]:
    """A few first graders are screened in the fall: no areas, no test id, no growth event."""
    for term in TERMS[learner.first_term : learner.last_term + 1]:
        rng = stream(seed, "screening", learner.student_id, term.name)
        if term.season_index != FALL or term.grade(learner.grade) != 1 or rng.random() > 0.12:
            continue
        curve = expected("Reading", 1, FALL, term.norms)
        begins = dt.time(9, rng.randrange(0, 45), rng.randrange(60))
        yield Sitting(
            learner=learner,
            term=term,
            course=SCREENING,
            subject="Language Arts",
            grade=1,
            test="Screening: Reading K-2 English",
            taken_at=dt.datetime.combine(rng.choice(term.test_days), begins),
            minutes=rng.randrange(9, 18),
            rit=round(rng.gauss(curve.mean, curve.spread)),
            error=round(rng.uniform(3.9, 4.6), 2),
            rapid=0.0,
            correct=rng.randrange(45, 64),
            areas=(),
            growth_event=False,
        )
