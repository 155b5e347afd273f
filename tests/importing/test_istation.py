"""Istation's ISIP export: a row for each learner, a block of columns for each month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from workbench.importing import Kind

from ..reading import Reading, read_text
from .nwea_files import csv_text
from .samples import needs_samples, samples

MONTHS = ("August", "September", "January")
HEADER = [
    *"STUDENT_ID LNAME FNAME DOMAIN GRADE ISIP_ACCOM GENDER".split(),
    *(f"{month}_{name}" for month in MONTHS for name in ("SCORE", "PTILE", "OVERFLOW", "TIER", "ADMIN_DATE")),
    *"DOMAIN_AT_TAKE BIRTHDATE ROI".split(),
]


def learner(**cells: object) -> dict[str, str]:
    row = {
        "STUDENT_ID": "0042",
        "LNAME": "Marín",
        "FNAME": "Luz",
        "DOMAIN": "pine.example.org",
        "GRADE": "1",
        "September_SCORE": "335",
        "September_PTILE": "52",
        "September_OVERFLOW": "0",
        "September_TIER": "1",
        "September_ADMIN_DATE": "9/6/2026",
        "January_SCORE": "375",
        "January_PTILE": "58",
        "January_TIER": "2",
        "January_ADMIN_DATE": "1/11/2027",
        "BIRTHDATE": "3/21/2020",
        "ROI": "N/A",
    }
    return row | {name: str(value) for name, value in cells.items()}


def read(folder: Path, *rows: dict[str, str]) -> Reading:
    return read_text(folder, csv_text(HEADER, rows), "export.csv")


def test_each_month_with_a_score_is_a_test_on_its_own_date(tmp_path: Path) -> None:
    reading = read(tmp_path, learner())
    columns = ["taken_on", "term", "value", "unit", "percentile", "details"]
    assert sorted(reading.evidence[columns].to_numpy().tolist()) == [
        [date(2026, 9, 6), "Fall 2026-2027", 335, "index", 52, '{"level":"Tier 1"}'],
        [date(2027, 1, 11), "Winter 2026-2027", 375, "index", 58, '{"level":"Tier 2"}'],
    ]
    assert (reading.tally.rows, reading.tally.events) == (1, 1)
    mention = reading.frame(Kind.MENTIONS).iloc[0]
    assert (mention["family_name"], mention["birth_date"], mention["grade"]) == ("Marín", date(2020, 3, 21), "1")


def test_a_month_without_its_date_costs_that_month(tmp_path: Path) -> None:
    reading = read(tmp_path, learner(January_ADMIN_DATE=""))
    assert reading.evidence["value"].tolist() == [335]
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [(2, "January_ADMIN_DATE", False)]


def test_a_learner_without_tests_is_passed_over(tmp_path: Path) -> None:
    blank = {name: "" for name in HEADER if "_" in name and name.split("_")[0] in MONTHS}
    reading = read(tmp_path, learner(**blank))
    assert (reading.tally.skipped, len(reading.problems)) == (1, 0)


@needs_samples
def test_every_row_of_a_vendor_shaped_file_is_read() -> None:
    (reading,) = samples("istation").values()
    assert (reading.tally.rows, reading.tally.events, len(reading.problems)) == (5, 5, 0)
    assert len(reading.evidence) == 36
