"""i-Ready's exports, with every quirk they are known to have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbench.importing import Kind
from workbench.importing.vendors.iready import SUBJECT

from ..reading import Reading, read_text
from .nwea_files import csv_text
from .samples import needs_samples, samples

LEARNER = (
    "Last Name,First Name,Student ID,Student Grade,Academic Year,School,Enrolled,Student State ID,User Name,Sex,"
    "Class(es),Class Teacher(s),Report Group(s),Start Date,Completion Date,Norming Window,Baseline Diagnostic (Y/N),"
    "Most Recent Diagnostic YTD (Y/N),Duration (min),Rush Flag,Read Aloud,Overall Scale Score,Overall Placement,"
    "Overall Relative Placement,Percentile,Grouping,"
)
GROWTH = (
    "Diagnostic Gain,Annual Typical Growth Measure,Annual Stretch Growth Measure,"
    "Percent Progress to Annual Typical Growth (%),Percent Progress to Annual Stretch Growth (%),"
    "Mid On Grade Level Scale Score"
)
ELA = (
    LEARNER
    + "Lexile Measure,Lexile Range,Phonics Scale Score,Phonics Placement,Phonics Relative Placement,"
    + "Comprehension: Overall Scale Score,Comprehension: Overall Placement,"
    + "Comprehension: Overall Relative Placement,"
    + GROWTH
).split(",")
MATHS = (
    LEARNER
    + "Quantile Measure,Quantile Range,Geometry Scale Score,Geometry Placement,Geometry Relative Placement,"
    + GROWTH
).split(",")
LESSONS = (
    "Last Name,First Name,Student ID,Student Grade,Academic Year,School,Subject,Enrolled,User Name,Class(es),"
    "Class Teacher(s),Report Group(s),Domain,Lesson Grade,Lesson Level,Lesson ID,Lesson Name,Lesson Objective,"
    "Lesson Language,Completion Date,Total Time on Lesson (min),Score,Passed or Not Passed,Teacher-Assigned Lesson"
).split(",")
FACT = ("measure", "aspect", "unit", "value")


def diagnostic(**cells: object) -> dict[str, str]:
    row = {
        "Last Name": "Marín",
        "First Name": "Luz",
        "Student ID": "0042",
        "Student Grade": "3",
        "Academic Year": "2026-2027",
        "School": "Pine School",
        "Student State ID": "S77",
        "User Name": "LMARIN",
        "Class(es)": "4B; Math, Group 2",
        "Start Date": "1/13/2027",
        "Completion Date": "1/14/2027",
        "Norming Window": "Winter (November 16 - March 1)",
        "Duration (min)": "46",
        "Rush Flag": "Yellow",
        "Overall Scale Score": "424",
        "Overall Placement": "Grade 1",
        "Overall Relative Placement": "2 Grade Levels Below",
        "Percentile": "10",
        "Lexile Measure": "215L",
        "Lexile Range": "115L-265L",
        "Quantile Measure": "EM100Q",
        "Quantile Range": "EM150Q-EM50Q",
        "Phonics Scale Score": "",
        "Phonics Placement": "Surpassed Level",
        "Geometry Scale Score": "397",
        "Geometry Placement": "Grade 1",
        "Comprehension: Overall Scale Score": "416",
        "Comprehension: Overall Placement": "Max Score",
        "Comprehension: Overall Relative Placement": "Mid or Above Grade Level",
        "Diagnostic Gain": "0",
        "Percent Progress to Annual Typical Growth (%)": "133",
    }
    return row | {name: str(value) for name, value in cells.items()}


def read(folder: Path, header: list[str], *rows: dict[str, str], **more: Any) -> Reading:
    return read_text(folder, "\ufeff" + csv_text(header, rows, end="\r\n"), "export.csv", **more)


def test_a_diagnostic_of_reading_gives_the_whole_its_domains_and_a_lexile(tmp_path: Path) -> None:
    reading = read(tmp_path, ELA, diagnostic())
    assert reading.facts(*FACT) == [
        ("reading", "", "scale score", 424),
        ("reading", "area: Comprehension: Overall", "scale score", 416),
        ("reading", "lexile", "L", 215),
    ]
    whole = reading.evidence.iloc[0]
    assert (whole["learner_code"], whole["taken_on"], whole["term"], whole["percentile"]) == (
        "0042",
        date(2027, 1, 14),
        "Winter 2026-2027",
        10,
    )
    kept = reading.details()
    assert {name: kept[name] for name in ("level", "placement", "rush", "minutes", "typical_growth_percent")} == {
        "level": "2 Grade Levels Below",
        "placement": "Grade 1",
        "rush": "Yellow",
        "minutes": 46,
        "typical_growth_percent": 133,
    }
    assert reading.details(1) == {"level": "Mid or Above Grade Level", "placement": "Max Score"}
    assert reading.details(2) == {"high": 265, "low": 115}


def test_a_diagnostic_of_mathematics_gives_a_quantile(tmp_path: Path) -> None:
    reading = read(tmp_path, MATHS, diagnostic())
    assert reading.facts(*FACT) == [
        ("mathematics", "", "scale score", 424),
        ("mathematics", "area: Geometry", "scale score", 397),
        ("mathematics", "quantile", "Q", -100),
    ]
    assert reading.details(2) == {"high": -50, "low": -150}


def test_a_domain_of_another_year_is_found_by_its_name(tmp_path: Path) -> None:
    header = [*ELA, "Fluency Scale Score", "Fluency Placement"]
    reading = read(tmp_path, header, diagnostic(**{"Fluency Scale Score": 400, "Fluency Placement": "Early 3"}))
    assert ("reading", "area: Fluency", "scale score", 400) in reading.facts(*FACT)


@pytest.mark.parametrize("word", ["Not Assessed", "Surpassed Level", "Max Score", "Not Provided", "N/A", ""])
def test_words_in_number_columns_are_nothing_and_no_problem(tmp_path: Path, word: str) -> None:
    reading = read(tmp_path, ELA, diagnostic(**{"Comprehension: Overall Scale Score": word, "Percentile": "N/A"}))
    assert [aspect for _measure, aspect, *_ in reading.facts(*FACT)] == ["", "lexile"]
    assert not reading.problems


def test_a_score_off_the_scale_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    reading = read(tmp_path, ELA, diagnostic(**{"Overall Scale Score": "4240"}))
    assert [(p.column, p.value, p.left_out) for p in reading.problems] == [("Overall Scale Score", "4240", False)]
    assert reading.tally.events == 1


def test_the_first_of_several_classes_is_the_one_to_tell_by(tmp_path: Path) -> None:
    reading = read(tmp_path, ELA, diagnostic())
    mention = reading.frame(Kind.MENTIONS).iloc[0]
    assert (mention["family_name"], mention["class_name"], mention["grade"]) == ("Marín", "4B", "3")
    kinds = reading.frame(Kind.IDENTIFIERS)[["kind", "value"]].to_numpy().tolist()
    assert kinds == [["state", "s77"], ["iready", "lmarin"]]


def test_a_file_that_does_not_tell_its_subject_is_asked_about(tmp_path: Path) -> None:
    header = (LEARNER + GROWTH).split(",")
    reading = read(tmp_path, header, diagnostic())
    assert [question.name for question in reading.questions] == [SUBJECT]
    assert reading.tally.left_out == 1
    answered = read(tmp_path, header, diagnostic(), answers={SUBJECT: "mathematics"})
    assert answered.facts(*FACT) == [("mathematics", "", "scale score", 424)]
    by_column = read(tmp_path, [*header, "Subject"], diagnostic(Subject="Reading"), diagnostic(Subject="Math"))
    assert [measure for measure, *_ in by_column.facts(*FACT)] == ["reading", "mathematics"]
    assert not by_column.questions


def lesson(**cells: object) -> dict[str, str]:
    row = {
        "Last Name": "Marín",
        "First Name": "Luz",
        "Student ID": "0042",
        "Subject": "Math",
        "Domain": "Geometry",
        "Lesson Grade": "3",
        "Lesson Level": "Early",
        "Lesson ID": "DI.MATH.GEO.3.1",
        "Lesson Name": "Shapes",
        "Lesson Language": "English",
        "Completion Date": "1/14/2027",
        "Total Time on Lesson (min)": "21",
        "Score": "88",
        "Passed or Not Passed": "Passed",
    }
    return row | {name: str(value) for name, value in cells.items()}


def test_a_lesson_is_practice_passed_or_not(tmp_path: Path) -> None:
    other = lesson(**{"Lesson ID": "B", "Passed or Not Passed": "Not Passed", "Total Time on Lesson (min)": ""})
    reading = read(tmp_path, LESSONS, lesson(), other)
    columns = ["measure", "aspect", "unit", "value", "term"]
    assert reading.evidence[columns].to_numpy().tolist() == [
        ["lessons passed", "mathematics", "lessons", 1, "2026-2027"],
        ["minutes", "mathematics", "minutes", 21, "2026-2027"],
        ["lessons passed", "mathematics", "lessons", 0, "2026-2027"],
    ]
    assert reading.details() == {
        "domain": "Geometry",
        "grade": "3",
        "lesson": "Shapes",
        "lesson_level": "Early",
        "of": 1,
        "score": 88,
    }


def test_a_lesson_that_says_neither_passed_nor_not_keeps_its_minutes(tmp_path: Path) -> None:
    reading = read(tmp_path, LESSONS, lesson(**{"Passed or Not Passed": "Maybe"}), lesson(Subject="Art"))
    assert [measure for measure, *_ in reading.facts(*FACT)] == ["minutes"]
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [
        (2, "Passed or Not Passed", False),
        (3, "Subject", True),
    ]


@needs_samples
def test_every_row_of_vendor_shaped_files_is_read() -> None:
    found = samples("iready")
    assert {name: (r.tally.rows, r.tally.events, len(r.problems)) for name, r in found.items()} == {
        "edfi_diagnostic_results_ela_2025-26.csv": (5, 5, 0),
        "edfi_diagnostic_results_math_2025-26.csv": (5, 5, 0),
    }


def test_areas_go_by_the_names_they_have_today(tmp_path: Path) -> None:
    def older(name: str) -> str:
        return name.replace("Comprehension: Overall", "Reading Comprehension: Overall")

    row = {older(name): value for name, value in diagnostic().items()}
    reading = read(tmp_path, [older(name) for name in ELA], row)
    assert reading.facts(*FACT) == read(tmp_path, ELA, diagnostic()).facts(*FACT)


def test_a_test_without_a_day_of_completion_is_told_to_be_of_the_day_it_began(tmp_path: Path) -> None:
    reading = read(tmp_path, ELA, diagnostic(**{"Completion Date": ""}))
    assert set(reading.evidence["taken_on"]) == {date(2027, 1, 13)}
    assert ["Start Date" in problem.reason for problem in reading.problems] == [True]
