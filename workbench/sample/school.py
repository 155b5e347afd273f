"""The school itself: who is in which class in which year, built from a seed."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from workbench.sample import cast
from workbench.sample.cast import BY_ID, CLASS, CLASS_SIZE, EDUCATORS, Educator, Learner, Named
from workbench.sample.chance import stream
from workbench.sample.growth import Sitting, all_sittings
from workbench.sample.names import draw_pool
from workbench.sample.terms import SCHOOL_YEAR, TERMS, YEARS, Term, grade_name

# present grade: learners now in each of the cohort's sections (7 and 8 have moved on to middle school)
_SECTIONS = {
    0: (24, 24),
    1: (25, 25),
    2: (25, 24, 24),
    3: (26, 26),
    4: (26, CLASS_SIZE, 26),
    5: (26, 25),
    6: (25, 25),
    7: (25, 25),
    8: (25, 26),
}
_LAST_GRADE = 6
_LEAVERS = 3  # a cohort loses about this many over the six terms
_JOIN_LATER = 0.12  # of a cohort


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A homeroom of this school year."""

    name: str
    grade: int
    educator_code: str
    student_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class School:
    """An invented school with everything its vendors know of it.

    `learners` are on today's roster; `former` left or moved up to middle school within the six
    terms. `sittings` are all tests of both, in the order they were taken.
    """

    seed: int
    name: str
    district: str
    state_id: str
    district_state_id: str
    second_school: str
    second_school_state_id: str
    terms: tuple[Term, ...]
    classes: tuple[SchoolClass, ...]
    educators: tuple[Educator, ...]
    learners: tuple[Learner, ...]
    former: tuple[Learner, ...]
    sittings: tuple[Sitting, ...]

    @classmethod
    def build(cls, seed: int) -> School:
        taken = {(p.given_name, p.family_name) for p in BY_ID.values()}
        people = tuple(learner for grade in _SECTIONS for learner in _cohort(seed, grade, taken))
        learners = _by_name(p for p in people if p.class_in(SCHOOL_YEAR))
        return cls(
            seed=seed,
            name="Cedar Hill Elementary School",
            district="Harlow Valley School District",
            state_id="990714021",
            district_state_id="990714",
            second_school="Lantern Street Center for Music",
            second_school_state_id="990714087",
            terms=TERMS,
            classes=_classes(learners),
            educators=EDUCATORS,
            learners=learners,
            former=_by_name(p for p in people if not p.class_in(SCHOOL_YEAR)),
            sittings=all_sittings(seed, people),
        )

    def learner(self, student_id: str) -> Learner:
        return next(p for p in (*self.learners, *self.former) if p.student_id == student_id)

    def school_class(self, name: str) -> SchoolClass:
        return next(c for c in self.classes if c.name == name)

    def educator(self, code: str) -> Educator:
        return next(e for e in self.educators if e.code == code)

    def roster(self, year: int) -> tuple[Learner, ...]:
        """Everybody enrolled in a school year, by class and name."""
        here = (p for p in (*self.learners, *self.former) if p.class_in(year))
        return tuple(sorted(here, key=lambda p: (class_order(p.class_in(year) or ""), name_key(p))))

    def __repr__(self) -> str:
        return f"School(seed={self.seed}, classes={len(self.classes)}, learners={len(self.learners)})"


def teacher_of(class_name: str, year: int = SCHOOL_YEAR) -> str:
    """The code of a homeroom's educator; those of C sections move up with their class."""
    grade, section = class_order(class_name)[0], class_name[-1]
    if section == "C":
        grade += SCHOOL_YEAR - year
    return _HOMEROOM_TEACHER[grade_name(grade) + section]


def class_order(class_name: str) -> tuple[int, str]:
    grade = class_name[:-1]
    return (0 if grade == "K" else int(grade or 99)), class_name


def name_key(learner: Learner) -> tuple[str, str, str]:
    """For lists in the order a person expects: accents do not count."""
    return plain(learner.family_name).lower(), plain(learner.given_name).lower(), learner.student_id


def plain(name: str) -> str:
    """Without accents, as user names are: "Nguyễn" is "Nguyen"."""
    letters = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("Ø", "O"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def _cohort(seed: int, grade: int, taken: set[tuple[str, str]]) -> list[Learner]:
    """All who ever belonged to the cohort that is (or would be) in `grade` this year.

    Names in `taken` are avoided, and theirs are added to it.
    """
    rng = stream(seed, "cohort", grade)
    sections = _SECTIONS[grade]
    named = [p for p in BY_ID.values() if _cohort_of(p) == grade]
    staying = sum(sections) - sum(p.last_term == 5 for p in named)
    strangers = [
        _stranger(rng, grade, number, stays=number < staying, taken=taken)
        for number in range(staying + (_LEAVERS if grade > 0 else 0))
    ]
    people = [*(_draft(rng, p, grade) for p in named), *strangers]
    return _with_classes(seed, people, grade)


def _cohort_of(person: Named) -> int:
    last_year_here = TERMS[person.last_term].year
    return int(person.class_name[:-1]) + SCHOOL_YEAR - last_year_here


def _draft(rng: Random, person: Named, grade: int) -> Learner:
    return Learner(
        student_id=person.student_id,
        state_id=_state_id(person.student_id),
        given_name=person.given_name,
        family_name=person.family_name,
        middle_initial=person.middle_initial,
        birth_date=_birth_date(rng, grade),
        gender=person.gender,
        ethnic_group=person.ethnic_group,
        home_language=person.home_language,
        username=_username(person.given_name, person.family_name, person.student_id),
        grade=grade,
        first_term=person.first_term,
        last_term=person.last_term,
        classes=(),
    )


def _stranger(rng: Random, grade: int, number: int, *, stays: bool, taken: set[tuple[str, str]]) -> Learner:
    first_possible = next((n for n, term in enumerate(TERMS) if term.grade(grade) >= 0), 5)
    last = 5 if grade <= _LAST_GRADE else (4 if grade == _LAST_GRADE + 1 else 1)
    if not stays:
        last = rng.randrange(first_possible, max(last, first_possible + 1))
    first = first_possible
    if stays and first < last and rng.random() < _JOIN_LATER:
        first = rng.randrange(first + 1, last + 1)
    while True:
        pool = draw_pool(rng)
        given, family = rng.choice(pool.given), rng.choice(pool.family)
        if (given, family) not in taken:
            taken.add((given, family))
            break
    old_numbering = grade >= 4 and first == first_possible  # came in kindergarten, before ids were renumbered
    start, step = (42_000 + (8 - grade) * 400, 3) if old_numbering else (1_001_000 + (8 - grade) * 300, 2)
    student_id = f"{start + number * step:07d}"
    return Learner(
        student_id=student_id,
        state_id=_state_id(student_id) if rng.random() > 0.02 else "#N/A",
        given_name=given,
        family_name=family,
        middle_initial=rng.choice("ABCDEFGHJKLMNOPRSTVW") if rng.random() < 0.6 else "",
        birth_date=_birth_date(rng, grade),
        gender=rng.choices(("F", "M", "X"), (49, 50, 1))[0],
        ethnic_group=pool.ethnic_group,
        home_language=rng.choice(pool.languages),
        username=_username(given, family, student_id),
        grade=grade,
        first_term=first,
        last_term=last,
        classes=(),
    )


def _with_classes(seed: int, people: list[Learner], grade: int) -> list[Learner]:
    """Deal each year's enrolled into sections; the named keep the section they are known for."""
    classes: dict[str, list[tuple[int, str]]] = {p.student_id: [] for p in people}
    letters = "ABC"[: len(_SECTIONS[grade])]
    for year in YEARS:
        then = grade - (SCHOOL_YEAR - year)
        if not 0 <= then <= _LAST_GRADE:
            continue
        here = [p for p in people if _enrolled(p, year)]
        stream(seed, "deal", year, grade).shuffle(here)
        seats = list(_SECTIONS[grade]) if year == SCHOOL_YEAR else _even(len(here), len(letters))
        for learner in sorted(here, key=lambda p: p.student_id not in BY_ID):  # the named sit down first
            known = BY_ID.get(learner.student_id)
            if known and (year == SCHOOL_YEAR or known.last_term < 5):
                section = letters.index(known.class_name[-1])
            else:
                section = seats.index(max(seats))
            seats[section] -= 1
            classes[learner.student_id].append((year, grade_name(then) + letters[section]))
    return [replace(p, classes=tuple(classes[p.student_id])) for p in people]


def _enrolled(learner: Learner, year: int) -> bool:
    arrived = TERMS[learner.first_term].year if learner.first_term < len(TERMS) else SCHOOL_YEAR
    return arrived <= year <= TERMS[learner.last_term].year


def _even(count: int, parts: int) -> list[int]:
    return [count // parts + (n < count % parts) for n in range(parts)]


def _classes(learners: tuple[Learner, ...]) -> tuple[SchoolClass, ...]:
    members: dict[str, list[str]] = {}
    for learner in learners:
        members.setdefault(learner.class_in(SCHOOL_YEAR) or "", []).append(learner.student_id)
    return tuple(
        SchoolClass(name, class_order(name)[0], teacher_of(name), tuple(members[name]))
        for name in sorted(members, key=class_order)
    )


def _by_name(people: Iterable[Learner]) -> tuple[Learner, ...]:
    return tuple(sorted(people, key=name_key))


def _birth_date(rng: Random, grade: int) -> dt.date:
    """Five by 1 September of the kindergarten year."""
    turns_five_before = dt.date(SCHOOL_YEAR - grade - 5, 9, 1)
    return turns_five_before - dt.timedelta(days=rng.randrange(1, 366))


def _state_id(student_id: str) -> str:
    return f"77{int(student_id) * 37 % 100_000_000:08d}"


def _username(given: str, family: str, student_id: str) -> str:
    letters = "".join(c for c in plain(family).lower() if c.isalpha())
    return f"{plain(given)[0].lower()}{letters[:12]}{student_id[-3:]}"


_HOMEROOMS = ("KA", "KB", "1A", "1B", "2A", "2B", "2C", "3A", "3B", "4A", "4C", "5A", "5B", "6A", "6B")
_HOMEROOM_TEACHER = {name: f"t{n:02d}" for n, name in enumerate(_HOMEROOMS, start=1)} | {CLASS: cast.TEACHER}
