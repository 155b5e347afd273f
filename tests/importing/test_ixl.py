"""IXL's two exports, which have no date."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from workbench.importing.reading.dates import DAY
from workbench.importing.records import NO_ANSWERS, Answers

from ..reading import Reading, read_text
from .nwea_files import csv_text

PROGRESS = [
    *("Student ID", "Last name", "First name", "Grade"),
    *(
        column
        for word in ("Math", "ELA")
        for column in (
            f"{word} questions answered",
            f"{word} skills practiced",
            f"{word} skills proficient",
            f"{word} skills mastered",
            f"Starting diagnostic level - {word}",
            f"Current diagnostic level - {word}",
            f"Diagnostic growth - {word}",
        )
    ),
]
LEVELS = [
    *("Student ID", "Last name", "First name", "Grade", "Overall math", "Numbers and operations level"),
    *("Data, statistics, and probability level", "Overall ELA", "Overall reading level", "Vocabulary level"),
]
DONE = {DAY: "2026-11-20"}
WHO = {"Student ID": "0042", "Last name": "Marín", "First name": "Luz", "Grade": "4"}


def read(folder: Path, header: list[str], cells: dict[str, str], answers: Answers = NO_ANSWERS) -> Reading:
    return read_text(folder, csv_text(header, [WHO | cells]), "export.csv", answers=answers)


def test_the_day_is_asked_and_nothing_is_read_without_it(tmp_path: Path) -> None:
    reading = read(tmp_path, PROGRESS, {"Math questions answered": "120", "ELA questions answered": "80"})
    (question,) = reading.questions
    assert (question.name, question.choices) == (DAY, ())
    assert (reading.tally.left_out, len(reading.problems)) == (1, 1)


def test_progress_is_the_year_so_far(tmp_path: Path) -> None:
    cells = {
        "Math questions answered": "1,120",
        "Math skills practiced": "14",
        "Math skills proficient": "9",
        "Math skills mastered": "6",
        "Starting diagnostic level - Math": "380",
        "Current diagnostic level - Math": "420",
        "Diagnostic growth - Math": "40",
        "ELA skills mastered": "0",
        "Current diagnostic level - ELA": "In progress",
    }
    reading = read(tmp_path, PROGRESS, cells, DONE)
    columns = ["measure", "aspect", "unit", "value", "term"]
    assert reading.evidence[columns].to_numpy().tolist() == [
        ["questions answered", "mathematics", "questions", 1120, "2026-2027"],
        ["skills practised", "mathematics", "skills", 14, "Fall 2026-2027"],
        ["skills proficient", "mathematics", "skills", 9, "Fall 2026-2027"],
        ["skills mastered", "mathematics", "skills", 6, "Fall 2026-2027"],
        ["mathematics", "", "diagnostic level", 420, "Fall 2026-2027"],
        ["skills mastered", "language arts", "skills", 0, "Fall 2026-2027"],
    ]
    assert set(reading.evidence["taken_on"]) == {date(2026, 11, 20)}
    assert json.loads(reading.evidence["details"][0]) == {"from": "2026-07-01"}
    assert json.loads(reading.evidence["details"][4]) == {"growth": 40, "start": 380}


def test_levels_belong_to_the_subject_they_stand_under(tmp_path: Path) -> None:
    cells = {
        "Overall math": "420",
        "Numbers and operations level": "430",
        "Data, statistics, and probability level": "",
        "Overall ELA": "500",
        "Overall reading level": "510",
        "Vocabulary level": "480",
    }
    reading = read(tmp_path, LEVELS, cells, DONE)
    assert reading.evidence[["measure", "aspect", "value"]].to_numpy().tolist() == [
        ["mathematics", "", 420],
        ["mathematics", "area: Numbers and operations", 430],
        ["language arts", "", 500],
        ["language arts", "area: Overall reading", 510],
        ["language arts", "area: Vocabulary", 480],
    ]


def test_both_exports_say_the_same_level_in_the_same_words(tmp_path: Path) -> None:
    keys = ["learner_code", "source", "measure", "aspect", "taken_on", "term", "test", "part", "value"]
    progress = read(tmp_path, PROGRESS, {"Current diagnostic level - Math": "420"}, DONE).evidence[keys]
    assert progress.equals(read(tmp_path, LEVELS, {"Overall math": "420"}, DONE).evidence[keys])
