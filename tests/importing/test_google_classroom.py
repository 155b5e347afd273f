"""Grades downloaded from Google Classroom: a column for each piece of work."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from workbench.importing import Kind, Tally
from workbench.importing.reading.dates import MONTH_FIRST, ORDER
from workbench.importing.vendors import google_classroom as module

from ..reading import Reading, read_text

HEADER = 'Last Name,First Name,Email Address,Fractions quiz,"My story,\nfirst draft",Reading log'
ABOVE = "Date,,,2026-10-05,2026-10-12,\nPoints,,,20,10,5\nClass Average,,,16.5,8,\n"
ROWS = "Rivera,Luz,Luz@pine.example,18,,4\nOde,Ana,ana@pine.example,15,8.5,\n"


def read(folder: Path, text: str = f"{HEADER}\n{ABOVE}{ROWS}", **more: object) -> Reading:
    return read_text(folder, text, "grades.csv", **more)  # type: ignore[arg-type]


def facts(reading: Reading) -> list[tuple[object, ...]]:
    frame = reading.evidence
    columns = ("learner_code", "aspect", "taken_on", "value", "details")
    return list(zip(*(frame[name].tolist() for name in columns), strict=True))


def test_each_result_is_a_part_of_its_points_on_its_day(tmp_path: Path) -> None:
    reading = read(tmp_path)
    assert reading.importer.name == "google_classroom"
    assert facts(reading) == [
        ("email:luz@pine.example", "work: Fractions quiz", date(2026, 10, 5), 18.0, '{"of":20}'),
        ("email:ana@pine.example", "work: Fractions quiz", date(2026, 10, 5), 15.0, '{"of":20}'),
        ("email:ana@pine.example", "work: My story, first draft", date(2026, 10, 12), 8.5, '{"of":10}'),
    ]
    assert set(reading.evidence["measure"]) == {"schoolwork"}
    assert set(reading.evidence["unit"]) == {"points"}


def test_the_rows_above_the_learners_are_passed_over_and_all_rows_are_accounted_for(tmp_path: Path) -> None:
    reading = read(tmp_path)
    assert reading.tally == Tally(rows=5, events=2, skipped=3)
    assert reading.batches[0].skipped == {module.ABOUT_WORK: 3}


def test_work_without_a_date_or_points_is_told_once(tmp_path: Path) -> None:
    (problem,) = read(tmp_path).problems
    assert (problem.row, problem.column, problem.reason, problem.left_out) == (2, "Reading log", module.NO_DAY, False)
    (problem,) = read(
        tmp_path, f"{HEADER}\n{ABOVE.replace('20,10,5', '20,,5').replace('-12,', '-12,2026-10-13')}{ROWS}"
    ).problems
    assert (problem.row, problem.reason) == (3, module.NO_POINTS)


def test_dates_of_work_may_be_in_words(tmp_path: Path) -> None:
    text = f"{HEADER}\n{ABOVE}{ROWS}".replace("2026-10-05,2026-10-12", '"Oct 5, 2026","Oct 12, 2026"')
    assert {day for _code, _aspect, day, _value, _more in facts(read(tmp_path, text))} == {
        date(2026, 10, 5),
        date(2026, 10, 12),
    }


def test_a_date_that_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    text = f"{HEADER}\n{ABOVE}{ROWS}".replace("2026-10-12,", "soon,2026-10-13")
    (problem,) = read(tmp_path, text).problems
    assert (problem.row, problem.reason, problem.advice) == (2, module.UNREAD_DAY, module.UNREAD_DAY_STEP)


def test_extra_credit_is_read(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEADER}\n{ABOVE}{ROWS.replace(',18,', ',22,')}")
    assert facts(reading)[0][3:] == (22.0, '{"of":20}')
    assert [problem.reason for problem in reading.problems] == [module.NO_DAY]


def test_the_learner_is_named_for_whom_the_address_is_unknown(tmp_path: Path) -> None:
    reading = read(tmp_path)
    mentions = reading.frame(Kind.MENTIONS)[["learner_code", "family_name", "given_name"]].to_numpy().tolist()
    assert mentions[0] == ["email:luz@pine.example", "Rivera", "Luz"]
    assert reading.frame(Kind.IDENTIFIERS)["kind"].tolist() == ["email", "email"]


def test_two_pieces_of_one_title_are_two(tmp_path: Path) -> None:
    text = "Last Name,First Name,Email Address,Quiz,quiz,Quiz\nDate,,,2026-10-05,2026-10-12,2026-10-05\n"
    text += "Points,,,10,10,10\n"
    found = facts(read(tmp_path, text + "Rivera,Luz,luz@pine.example,7,8,9\n"))
    assert [(aspect, day.day, value) for _code, aspect, day, value, _of in found] == [  # type: ignore[attr-defined]
        ("work: Quiz", 5, 7.0),
        ("work: quiz", 12, 8.0),
        ("work: Quiz (3)", 5, 9.0),
    ]


def test_words_for_no_result_are_none(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEADER}\n{ABOVE}Rivera,Luz,luz@pine.example,Missing,Excused,\n")
    assert reading.tally == Tally(rows=4, skipped=4)
    assert not reading.left_out


def test_dates_that_could_be_two_days_are_asked_about(tmp_path: Path) -> None:
    text = "Last Name,First Name,Email Address,Quiz\nDate,,,3/2/2026\nPoints,,,10\nRivera,Luz,luz@pine.example,7\n"
    reading = read(tmp_path, text)
    assert [question.name for question in reading.questions] == [ORDER]
    assert reading.evidence.empty
    assert [fact[2] for fact in facts(read(tmp_path, text, answers={ORDER: MONTH_FIRST}))] == [date(2026, 3, 2)]


def test_a_class_list_with_addresses_is_not_taken_for_grades(tmp_path: Path) -> None:
    reading = read(tmp_path, "Last Name,First Name,Email Address,Homeroom\nRivera,Luz,luz@pine.example,4B\n")
    assert reading.importer.name == "class_list"
    assert json.loads(reading.frame(Kind.IDENTIFIERS)[["kind", "value"]].to_json(orient="values")) == [
        ["email", "luz@pine.example"]
    ]
