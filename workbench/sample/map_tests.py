"""Which MAP Growth test a learner takes, and its instructional areas.

Names of tests and areas are the vendor's own, as files carry them. Areas change with the grade
band, and their order changed with Fall 2025-2026: only the name tells an area.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.sample.terms import FALL, SPRING, WINTER, Term

REORDERED_FROM = Term(2025, FALL)


@dataclass(frozen=True, slots=True)
class Course:
    """What the vendor calls a course; Reading and Language Usage share a subject."""

    name: str
    subject: str
    first_grade: int
    seasons: tuple[int, ...] = (FALL, WINTER, SPRING)


READING = Course("Reading", "Language Arts", 0)
MATHEMATICS = Course("Math K-12", "Mathematics", 0)
LANGUAGE = Course("Language Usage", "Language Arts", 2)
SCIENCE = Course("Science K-12", "Science", 3, (FALL, SPRING))
COURSES = (MATHEMATICS, READING, LANGUAGE, SCIENCE)

_READING = ("Literature", "Informational Text", "Foundational Skills and Vocabulary")
_READING_K2 = (
    "Foundational Skills",
    "Language and Writing",
    "Literature and Informational",
    "Vocabulary Use and Functions",
)
_MATHEMATICS = (
    "Operations and Algebraic Thinking",
    "Number and Operations",
    "Measurement and Data",
    "Geometry",
)
_MATHEMATICS_6 = (
    "Operations and Algebraic Thinking",
    "The Real and Complex Number Systems",
    "Geometry",
    "Statistics and Probability",
)
_LANGUAGE = (
    "Writing: Plan, Organize, Develop, Revise, Research",
    "Language: Understand, Edit for Grammar, Usage",
    "Language: Understand, Edit Mechanics",
)
_SCIENCE = ("Physical Science", "Life Science", "Earth Systems Science")

# course: (last grade the test is for, its name, its areas)
_TESTS = {
    "Reading": (
        (2, "Growth: Reading K-2 CCSS 2010", _READING_K2),
        (5, "Growth: Reading 2-5 CCSS 2010", _READING),
        (99, "Growth: Reading 6+ CCSS 2010", _READING),
    ),
    "Math K-12": (
        (2, "Growth: Math K-2 CCSS 2010 V2", _MATHEMATICS),
        (5, "Growth: Math 2-5 CCSS 2010 V2", _MATHEMATICS),
        (99, "Growth: Math 6+ CCSS 2010 V2", _MATHEMATICS_6),
    ),
    "Language Usage": ((99, "Growth: Language 2-12 CCSS 2010", _LANGUAGE),),
    "Science K-12": (
        (5, "Growth: Science 3-5 for use with NGSS 2013", _SCIENCE),
        (99, "Growth: Science 6-8 for use with NGSS 2013", _SCIENCE),
    ),
}


def courses_of(grade: int, term: Term) -> tuple[Course, ...]:
    """The tests a grade takes in a term."""
    return tuple(c for c in COURSES if grade >= c.first_grade and term.season_index in c.seasons)


def test_of(course: str, grade: int, term: Term) -> tuple[str, tuple[str, ...]]:
    """The test's name and its areas in the order its columns have them.

    Second graders leave the K-2 test after their fall.
    """
    moved_up = grade == 2 and term.season_index != FALL
    grade_of_test = 3 if moved_up else grade
    name, areas = next((name, areas) for last, name, areas in _TESTS[course] if grade_of_test <= last)
    return name, areas if term < REORDERED_FROM else (areas[1], areas[0], *areas[2:])
