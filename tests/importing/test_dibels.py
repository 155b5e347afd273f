"""mCLASS benchmarks of DIBELS 8 and DIBELS Next, with every quirk they are known to have."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbench.importing import Kind
from workbench.importing.vendors.dibels import OTHER_TEST

from ..reading import Reading, read_text
from .nwea_files import csv_text
from .samples import needs_samples, samples

EIGHT = (
    "School Year,State,Account Name,School Name,Student Last Name,Student First Name,Student Middle Name,"
    "Enrollment Date,Enrollment Grade,Date of Birth,Reporting Class Name,Assessment,Assessment Edition,"
    "Assessment Grade,Benchmark Period,Composite Level,Composite Score,Composite - National Norm Percentile,"
    "Composite - Semester Growth,Composite - Year Growth,Letter Names (LNF) - Level,Letter Names (LNF) - Score,"
    "Letter Names (LNF) - National Norm Percentile,Letter Names (LNF) - Semester Growth,"
    "Letter Names (LNF) - Year Growth,Reading Accuracy (ORF-Accu) - Level,Reading Accuracy (ORF-Accu) - Score,"
    "Reading Fluency (ORF) - Level,Reading Fluency (ORF) - Score,Error Rate (ORF) - Score,"
    "Reading Comprehension (Maze) - Level,Reading Comprehension (Maze) - Score,Correct Responses (Maze) - Score,"
    "Incorrect Responses (Maze) - Score,Client Date,Sync Date,Student Primary ID,"
    "Primary ID - Student ID (State ID),RAN - Level,RAN - Score,Risk Indicator - Level,"
    "DIBELS Composite Score - Lexile"
).split(",")
NEXT = (
    "School Year,School Name,Student Last Name,Student First Name,Grade,Date of Birth,Reporting Class Name,"
    "Assessment Edition,Assessment Grade,Benchmark Period,Pathway Achieved-Composite Score,"
    "Assessment Measure-Composite Score-Levels,Assessment Measure-Composite Score-Score,"
    "Assessment Measure-FSF-Levels,Assessment Measure-FSF-Score,Assessment Measure-NWF (WWR)-Levels,"
    "Assessment Measure-NWF (WWR)-Score,Assessment Measure-DORF (Fluency)-Levels,"
    "Assessment Measure-DORF (Fluency)-Score,Assessment Measure-DORF (Errors)-Score,"
    "Assessment Measure-DORF (Retell Quality)-Score,Assessment Measure-Daze-Score,"
    "Assessment Measure-Daze (Correct)-Score,Client Date,Sync Date,Student Primary ID,"
    "Primary ID - Student ID (State ID),Student ID (District ID),Student ID (State ID)"
).split(",")
FACT = ("aspect", "unit", "value")


def benchmark(**cells: object) -> dict[str, str]:
    row = {
        "Student Last Name": "Marín",
        "Student First Name": "Luz",
        "Enrollment Grade": "02",
        "Grade": "02",
        "Date of Birth": "2018-09-01",
        "Reporting Class Name": "2B",
        "Assessment Edition": "DIBELS 8th Edition",
        "Assessment Grade": "2",
        "Benchmark Period": "MOY",
        "Composite Level": "At Benchmark",
        "Composite Score": "371",
        "Composite - National Norm Percentile": "42",
        "Composite - Semester Growth": "Above Average",
        "Letter Names (LNF) - Score": "0",
        "Letter Names (LNF) - National Norm Percentile": "0",
        "Reading Accuracy (ORF-Accu) - Score": "97",
        "Reading Fluency (ORF) - Level": "Below Benchmark",
        "Reading Fluency (ORF) - Score": "71",
        "Error Rate (ORF) - Score": "2",
        "Reading Comprehension (Maze) - Score": "9.5",
        "Correct Responses (Maze) - Score": "11",
        "Incorrect Responses (Maze) - Score": "3",
        "Client Date": "2027-01-14",
        "Sync Date": "2027-01-15",
        "Student Primary ID": "605000",
        "Student ID (District ID)": "0042",
        "RAN - Score": "31",
        "Risk Indicator - Level": "At Risk",
        "DIBELS Composite Score - Lexile": "BR1300L",
        "Pathway Achieved-Composite Score": "Typical",
        "Assessment Measure-Composite Score-Levels": "Benchmark",
        "Assessment Measure-Composite Score-Score": "172",
        "Assessment Measure-FSF-Levels": "Not Determined",
        "Assessment Measure-FSF-Score": "12",
        "Assessment Measure-NWF (WWR)-Score": "2",
        "Assessment Measure-DORF (Fluency)-Score": "71",
        "Assessment Measure-DORF (Errors)-Score": "2",
        "Assessment Measure-DORF (Retell Quality)-Score": "3",
        "Assessment Measure-Daze-Score": "9",
        "Assessment Measure-Daze (Correct)-Score": "11",
    }
    return row | {name: str(value) for name, value in cells.items()}


def read(folder: Path, header: list[str], *rows: dict[str, str]) -> Reading:
    return read_text(folder, csv_text(header, rows), "export.csv")


def details(reading: Reading, aspect: str = "") -> dict[str, Any]:
    (text,) = reading.evidence.loc[reading.evidence["aspect"] == aspect, "details"]
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def test_a_benchmark_gives_the_composite_its_subtests_and_a_lexile(tmp_path: Path) -> None:
    reading = read(tmp_path, EIGHT, benchmark())
    assert reading.facts(*FACT) == [
        ("", "points", 371),
        ("letter names", "points", 0),
        ("accuracy", "percent", 97),
        ("oral reading fluency", "words a minute", 71),
        ("maze", "points", 9.5),
        ("rapid naming", "points", 31),
        ("lexile", "L", -1300),
    ]
    whole = reading.evidence.iloc[0]
    assert (whole["source"], whole["measure"], whole["taken_on"], whole["term"], whole["percentile"]) == (
        "dibels_8",
        "reading",
        date(2027, 1, 14),
        "Winter 2026-2027",
        42,
    )
    assert details(reading) == {"grade": "2", "level": "At Benchmark", "semester_growth": "Above Average"}
    assert details(reading, "oral reading fluency") == {"errors": 2, "level": "Below Benchmark"}
    assert details(reading, "maze") == {"correct": 11, "incorrect": 3}
    assert reading.evidence["percentile"][1] == 0


def test_dibels_next_has_its_own_names(tmp_path: Path) -> None:
    reading = read(tmp_path, NEXT, benchmark(**{"Assessment Edition": "DIBELS Next", "Benchmark Period": "EOY"}))
    assert reading.facts(*FACT) == [
        ("", "points", 172),
        ("first sounds", "points", 12),
        ("decoding", "points", 2),
        ("oral reading fluency", "words a minute", 71),
        ("retell quality", "points", 3),
        ("maze", "points", 9),
    ]
    assert set(reading.evidence["source"]) == {"dibels_next"}
    assert set(reading.evidence["term"]) == {"Spring 2026-2027"}
    assert details(reading, "first sounds") == {}
    assert details(reading)["pathway"] == "Typical"


def test_an_id_that_the_file_calls_the_states_is_the_states(tmp_path: Path) -> None:
    eight = read(tmp_path, EIGHT, benchmark())
    assert set(eight.evidence["learner_code"]) == {"state:605000"}
    following = read(tmp_path, NEXT, benchmark())
    assert set(following.evidence["learner_code"]) == {"0042"}
    assert following.frame(Kind.IDENTIFIERS)[["kind", "value"]].to_numpy().tolist() == [["state", "605000"]]
    header = [name for name in EIGHT if not name.startswith("Primary ID -")]
    assert set(read(tmp_path, header, benchmark()).evidence["learner_code"]) == {"605000"}
    mention = eight.frame(Kind.MENTIONS).iloc[0]
    assert (mention["birth_date"], mention["class_name"], mention["grade"]) == (date(2018, 9, 1), "2B", "2")


def test_discontinued_subtests_and_blanks_are_nothing(tmp_path: Path) -> None:
    row = benchmark(
        **{
            "Letter Names (LNF) - Score": "",
            "Letter Names (LNF) - National Norm Percentile": "Discontinue",
            "Composite - National Norm Percentile": "Discontinue",
            "Reading Fluency (ORF) - Score": "Discontinue",
        }
    )
    reading = read(tmp_path, EIGHT, row)
    assert "letter names" not in set(reading.evidence["aspect"])
    assert "oral reading fluency" not in set(reading.evidence["aspect"])
    assert not reading.problems


def test_a_percentile_beyond_the_norms_stays_in_words(tmp_path: Path) -> None:
    reading = read(tmp_path, EIGHT, benchmark(**{"Composite - National Norm Percentile": ">99"}))
    assert details(reading)["percentile"] == ">99"
    assert reading.scores["percentile"].isna().all()
    assert not reading.problems


def test_a_risk_of_dyslexia_is_not_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, EIGHT, benchmark())
    assert "At Risk" not in reading.evidence.to_csv()


def test_the_date_of_synchronising_serves_where_the_tests_is_missing(tmp_path: Path) -> None:
    reading = read(tmp_path, EIGHT, benchmark(**{"Client Date": "", "Sync Date": "1/15/2027"}))
    assert set(reading.evidence["taken_on"]) == {date(2027, 1, 15)}
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.left_out) == (2, "Client Date", False)
    assert "Sync Date" in problem.reason


def test_the_day_of_a_test_is_that_of_the_device_and_never_silently_that_of_the_upload(tmp_path: Path) -> None:
    header = [name.replace("Client Date", "Device Date") for name in EIGHT]
    row = benchmark(**{"Sync Date": "2027-02-20"}) | {"Device Date": "2027-01-14"}
    reading = read(tmp_path, header, row)
    assert set(reading.evidence["taken_on"]) == {date(2027, 1, 14)}
    assert not reading.problems


@pytest.mark.parametrize("column", ["Student ID (District ID)", "Student ID (District ID or School ID)"])
def test_the_districts_own_id_names_the_learner(tmp_path: Path, column: str) -> None:
    reading = read(tmp_path, [*EIGHT, column], benchmark() | {column: "'00605"})
    assert set(reading.evidence["learner_code"]) == {"00605"}


def test_other_tests_of_mclass_are_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, EIGHT, benchmark(), benchmark(**{"Assessment Edition": "Lectura"}))
    assert reading.skipped == {OTHER_TEST: 1}
    assert reading.tally.events == 1


@needs_samples
def test_every_row_of_vendor_shaped_files_is_read() -> None:
    found = samples("dibels_mclass")
    assert {name: (r.tally.rows, r.tally.events, len(r.problems)) for name, r in found.items()} == {
        "edfi_Dibels_8_Benchmark.csv": (5, 5, 0),
        "edfi_Dibels_Next_Benchmark.csv": (5, 5, 0),
    }
