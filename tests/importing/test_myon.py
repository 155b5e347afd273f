"""myON's tables, whatever their columns are called and however they write time."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from workbench.importing import Kind
from workbench.importing.reading.dates import DAY
from workbench.importing.reading.durations import FORM, HOURS_MINUTES, MINUTES_SECONDS, UNIT
from workbench.importing.records import NO_ANSWERS, Answers
from workbench.sample import School, practice

from ..reading import Reading, read_text


def read(folder: Path, *rows: str, answers: Answers = NO_ANSWERS) -> Reading:
    return read_text(folder, "\n".join(rows) + "\n", "usage.csv", answers=answers)


def values(reading: Reading, measure: str) -> list[float]:
    evidence = reading.evidence
    return evidence["value"][evidence["measure"] == measure].tolist() if len(evidence) else []


def test_the_demo_schools_usage_is_read(tmp_path: Path) -> None:
    text = practice.myon(School.build(seed=4), 10)
    reading = read_text(tmp_path, text, "usage.csv")
    assert (reading.problems, reading.questions) == ([], ())
    assert reading.tally.events == reading.tally.rows
    evidence = reading.evidence
    assert set(evidence["measure"]) == {"books opened", "books finished", "minutes read", "pages read", "reading"}
    assert set(evidence["taken_on"]) == {date(2026, 10, 31)}
    times = [row["Time Spent Reading (h:mm)"].split(":") for row in csv.DictReader(io.StringIO(text))]
    assert sum(values(reading, "minutes read")) == sum(int(hours) * 60 + int(minutes) for hours, minutes in times)
    assert set(reading.frame(Kind.IDENTIFIERS)["kind"]) == {"myon"}


@pytest.mark.parametrize(
    ("column", "text", "answers", "minutes"),
    [
        ("Time Spent Reading", "1:05", {FORM: HOURS_MINUTES}, 65),
        ("Time Spent Reading", "1:05", {FORM: MINUTES_SECONDS}, 1.0833),
        ("Time Spent Reading", "1:05:30", {}, 65.5),
        ("Time Spent Reading", "1h 5m", {}, 65),
        ("Time Spent Reading", "2 hours and 1 min", {}, 121),
        ("Time Spent Reading", "45 min.", {}, 45),
        ("Time Spent Reading", "3900", {UNIT: "seconds"}, 65),
        ("Time Spent Reading", "1.5", {UNIT: "hours"}, 90),
        ("Minutes Read", "65", {}, 65),
        ("Hours Read", "1.5", {}, 90),
        ("Hours Read", "1:30", {}, 90),
        ("Time Spent Reading (h:mm)", "1:05", {}, 65),
        ("Time Spent Reading", "--", {}, None),
    ],
)
def test_time_is_minutes_however_it_is_written(
    tmp_path: Path, column: str, text: str, answers: Answers, minutes: float | None
) -> None:
    rows = (f"Username,Start Date,End Date,Books Opened,{column}", f"lmarin,9/1/2026,9/30/2026,3,{text}")
    reading = read(tmp_path, *rows, answers=answers)
    assert {question.name for question in reading.questions} == set(answers)
    assert values(reading, "minutes read") == ([] if minutes is None else [minutes])
    assert reading.problems == []


def test_a_time_that_nobody_has_explained_is_told_and_the_rest_of_the_row_read(tmp_path: Path) -> None:
    reading = read(tmp_path, "SIS ID,Month,Year,Books Opened,Time Reading", "0417,9,2026,3,65")
    assert values(reading, "books opened") == [3]
    assert [(p.column, p.value, p.left_out) for p in reading.problems] == [("Time Reading", "65", False)]


def test_a_years_totals_without_a_date_are_of_the_school_year_until_the_day_that_is_named(tmp_path: Path) -> None:
    rows = ("Last Name,First Name,Grade,Books Opened,Books Read,Pages Read,Initial Lexile,Current Lexile",)
    reading = read(tmp_path, *rows, "Marín,Luz,4,12,9,210,BR40L,120L", answers={DAY: "2026-11-20"})
    evidence = reading.evidence
    assert evidence[["measure", "aspect", "value", "unit", "details"]].to_numpy().tolist() == [
        ["books opened", "", 12, "books", '{"from":"2026-07-01"}'],
        ["books finished", "", 9, "books", '{"from":"2026-07-01"}'],
        ["pages read", "", 210, "pages", '{"from":"2026-07-01"}'],
        ["reading", "lexile", 120, "L", ""],
    ]
    assert set(evidence["taken_on"]) == {date(2026, 11, 20)}
