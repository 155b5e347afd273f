"""Lexia Core5's exports, whatever they are saved as."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from workbench.importing import Kind, open_tables
from workbench.importing.mapping import mapped
from workbench.importing.reading.dates import DAY
from workbench.importing.records import NO_ANSWERS, Answers
from workbench.importing.vendors import lexia
from workbench.sample import School, practice

from ..reading import Reading, read_text

PERSON = "Customer Name,School Name,Classes,First Name,MI,Last Name,Username,Grade"
LUZ = "Harbor,Lake School,4B,Luz,,Marín,lmarin,4th Grade"
MONTHLY = (
    f"{PERSON},Year,Month (1-12),Program,Start of Year Level,Start GLM,Start Status,Start Status Label,"
    "Current Level,Current GLM,Current Status,Current Status Label,Minutes,Units Gained,Days Used,Met Usage"
)
SKILLS = (
    "School Name,Class,First Name,MI,Last Name,Username,Grade,GLM Status,GLM Status Label,GLM Program Level,"
    "Program Level (1-21),Core5 Focus,Skill Activity,Needs Instruction Indicator,Activity Accuracy"
)
DETAILED = (
    "Lexia_ID,username,fname,lname,grade_label,Predictor_date,Predictor,risk_level,activity_name,reading_focus,"
    "needs_instruction,accuracy,rate,percent_completed,activity_start_time,activity_end_time,levelname,"
    "grade_level_material,units_to_benchmark,date_of_birth,studentrefid"
)


def read(folder: Path, header: str, *rows: str, name: str = "core5.csv", answers: Answers = NO_ANSWERS) -> Reading:
    return read_text(folder, "\n".join([header, *rows]) + "\n", name, answers=answers)


def facts(reading: Reading, measure: str) -> list[tuple[object, ...]]:
    return [
        (row["learner_code"], row["taken_on"], row["value"], json.loads(row["details"] or "{}"))
        for row in reading.evidence.to_dict("records")
        if row["measure"] == measure
    ]


@pytest.fixture(scope="module")
def school() -> School:
    return School.build(seed=4)


@pytest.fixture(scope="module")
def uses(school: School) -> tuple[practice.LexiaUse, ...]:
    return practice.lexia(school)


def test_a_month_has_its_minutes_units_days_and_level(tmp_path: Path) -> None:
    september = "2026,9,Core5,Level 11,Beg 3rd,-1,1 Grade Level Below,Level 12,Mid 3rd,0,In Grade Level,231,34,11,Yes"
    november = "2026,11,Core5,Level 11,Beg 3rd,-1,1 Grade Level Below,n/a,n/a,n/a,n/a,80,n/a,4,n/a"
    reading = read(tmp_path, MONTHLY, f"{LUZ},{september}", f"{LUZ},{november}")
    assert isinstance(reading.importer, lexia.Monthly)
    assert facts(reading, "minutes") == [
        ("lexia:lmarin", date(2026, 9, 30), 231, {"from": "2026-09-01", "met_target": True}),
        ("lexia:lmarin", date(2026, 11, 30), 80, {"from": "2026-11-01"}),
    ]
    assert [value for _who, _day, value, _details in facts(reading, "units")] == [34]
    assert facts(reading, "level") == [
        (
            "lexia:lmarin",
            date(2026, 9, 30),
            12,
            {"level": "In Grade Level", "material": "Mid 3rd", "start": 11, "status": 0},
        )
    ]
    assert reading.problems == []  # a month that is missing, October, and a month under way are nothing wrong


def test_a_status_may_be_a_word_and_a_level_none(tmp_path: Path) -> None:
    row = "2026,9,Core5,--,--,n/a,n/a,--,--,Finished,Finished,20,3,2,No"
    reading = read(
        tmp_path, MONTHLY, f"{LUZ},{row}", f"{LUZ.replace('lmarin', 'other')},2026,9,PowerUp,,,,,7,,,,9,9,9,No"
    )
    assert facts(reading, "level") == []
    assert [value for _who, _day, value, _details in facts(reading, "minutes")] == [20]
    assert reading.batches[0].skipped == {lexia.OTHER_PROGRAM: 1}


def test_a_level_that_core5_does_not_have_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, MONTHLY, f"{LUZ},2026,9,Core5,,,,,Level 22,,,,20,3,2,No")
    assert [(p.row, p.column, p.value, p.left_out) for p in reading.problems] == [
        (2, "Current Level", "Level 22", False)
    ]


def test_a_year_to_date_is_of_the_school_year_until_the_last_use(tmp_path: Path) -> None:
    header = (
        f"{PERSON},First Use,Last Use,Program,Start GLM,Start Lexia Level,Start Status,Current Lexia Level,"
        "Total Minutes,Total Units"
    )
    reading = read(tmp_path, header, f"{LUZ},9/3/2026,11/18/2026,Core5,Mid 3rd,Level 11,-1,Level 13,640,92")
    assert isinstance(reading.importer, lexia.YearToDate)
    assert facts(reading, "minutes") == [("lexia:lmarin", date(2026, 11, 18), 640, {"from": "2026-07-01"})]
    assert set(reading.evidence["test"]) == {"year to date"}
    assert facts(reading, "level") == [("lexia:lmarin", date(2026, 11, 18), 13, {"start": 11})]


def test_a_level_is_said_once_whatever_the_number_of_its_activities(tmp_path: Path) -> None:
    def row(activity: str, needs: str, done: str, ended: str) -> str:
        return (
            f"52,lmarin,Luz,Marín,4th Grade,11/18/2026,86,On Target,{activity},Phonics,{needs},High,Fast,{done},"
            f"11/2/2026,{ended},Level 12,Mid 3rd,40,3/21/2017,"
        )

    reading = read(tmp_path, DETAILED, row("Suffixes", "0", "100", "11/9/2026"), row("Vowel Sounds", "1", "40", ""))
    assert isinstance(reading.importer, lexia.Detailed)
    assert facts(reading, "level") == [
        ("lexia:lmarin", date(2026, 11, 18), 12, {"material": "Mid 3rd", "units_to_benchmark": 40})
    ]
    assert facts(reading, "predictor") == [("lexia:lmarin", date(2026, 11, 18), 86, {"level": "On Target"})]
    kept = {"accuracy": "High", "focus": "Phonics", "rate": "Fast"}
    assert facts(reading, "skill") == [
        ("lexia:lmarin", date(2026, 11, 9), 100, kept),
        ("lexia:lmarin", date(2026, 11, 18), 40, kept | {"needs_instruction": True}),
    ]
    skills = reading.evidence[reading.evidence["measure"] == "skill"]
    assert skills[["aspect", "test"]].to_numpy().tolist() == [
        ["skill: Suffixes", "Level 12"],
        ["skill: Vowel Sounds", "Level 12"],
    ]
    assert (reading.tally.events, reading.problems) == (2, [])


def test_the_schools_own_id_goes_before_the_user_name(tmp_path: Path) -> None:
    row = "52,lmarin,Luz,Marín,Other,,,,Suffixes,Phonics,0,Low,Slow,50,11/2/2026,,Level 12,,,,0417"
    reading = read(tmp_path, DETAILED, row)
    assert facts(reading, "level")[0][:2] == ("0417", date(2026, 11, 2))
    assert reading.frame(Kind.IDENTIFIERS)[["learner_code", "kind", "value"]].to_numpy().tolist() == [
        ["0417", "lexia", "lmarin"]
    ]


def test_skills_of_a_class_ask_for_their_day(tmp_path: Path) -> None:
    rows = (
        "Lake School,4B,Luz,,Marín,lmarin,4,-1,1 Grade Level Below,Mid 3rd,12,Phonics,Suffixes,1,Low",
        "Lake School,4B,Luz,,Marín,lmarin,4,Finished,Finished,,12,Phonics,Prefixes,0,--",
    )
    assert [one.name for one in read(tmp_path, SKILLS, *rows).questions] == [DAY]
    reading = read(tmp_path, SKILLS, *rows, answers={DAY: "2026-11-20"})
    assert isinstance(reading.importer, lexia.ClassSkills)
    assert facts(reading, "skill") == [
        (
            "lexia:lmarin",
            date(2026, 11, 20),
            1,
            {"accuracy": "Low", "focus": "Phonics", "needs_instruction": True},
        )
    ]
    assert set(reading.evidence["unit"]) == {"level", "accuracy"}
    assert reading.batches[0].skipped == {mapped.NOTHING_NEW: 1}


@pytest.mark.parametrize("kind", ["csv", "xls", "xlsx"])
def test_core5_is_read_as_csv_as_a_workbook_and_as_the_tab_text_that_is_called_xls(
    tmp_path: Path, school: School, uses: tuple[practice.LexiaUse, ...], kind: str
) -> None:
    rows = list(csv.reader(io.StringIO(practice.lexia_monthly(school, uses))))
    path = tmp_path / f"export.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append([int(cell) if cell.isdigit() else cell for cell in row])
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter="\t" if kind == "xls" else ",").writerows(rows)
    with open_tables(path) as (table,):
        reading = Reading(table)
    assert reading.problems == []
    assert reading.tally.events == reading.tally.rows == sum(len(use.months) for use in uses)
    assert reading.evidence["value"][reading.evidence["measure"] == "minutes"].sum() == sum(
        month.minutes for use in uses for month in use.months
    )


def test_every_row_of_the_demo_schools_year_and_details_is_accounted_for(
    tmp_path: Path, school: School, uses: tuple[practice.LexiaUse, ...]
) -> None:
    (tmp_path / "year.csv").write_text(practice.lexia_year_to_date(school, uses), encoding="utf-8")
    (tmp_path / "detailed.csv").write_text(practice.lexia_detailed(school, uses), encoding="utf-8")
    with open_tables(tmp_path) as tables:
        detailed, year = (Reading(table) for table in tables)
    assert [type(one.importer) for one in (detailed, year)] == [lexia.Detailed, lexia.YearToDate]
    assert detailed.problems == year.problems == []
    assert year.tally.events == len(uses)
    using = {use.learner.username for use in uses}
    levels = facts(detailed, "level")
    assert {str(code) for code, *_ in levels} == {f"lexia:{name.casefold()}" for name in using}
    without = detailed.tally.rows - detailed.tally.events
    assert detailed.tally.skipped == without  # learners who are not placed yet have a row of dashes
    assert sum(batch.skipped.get(mapped.NOTHING_MEASURED, 0) for batch in detailed.batches) == without


def test_a_roster_with_user_names_is_no_export_of_core5() -> None:
    header = ("First Name", "Last Name", "Username", "Grade", "Class", "Year", "Month", "Program")
    assert not any(
        one.recognises(header) for one in (lexia.Monthly(), lexia.YearToDate(), lexia.Detailed(), lexia.ClassSkills())
    )
