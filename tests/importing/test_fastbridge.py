"""FastBridge's aReading and aMath exports, with every quirk they are known to have."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from workbench.importing import Kind

from ..reading import Reading, read_text
from .nwea_files import csv_text
from .samples import needs_samples, samples

LEARNER = (
    "Assessment,Assessment Language,State,District,School,Local ID,State ID,FAST ID,First Name,Last Name,Gender,DOB,"
    "Race,Special Ed. Status,Grade,Unnamed: 15"
).split(",")
SEASONS = ("Fall", "Winter", "Screening Period 4")
GROWTH = (
    "Growth Score from Fall to Winter,School Growth Percentile from Fall to Winter,"
    "District Growth Percentile from Fall to Winter,National Growth Percentile from Fall to Winter"
).split(",")


def header(test: str, level: str) -> list[str]:
    columns = (
        "Test Theta",
        "Percentile at School",
        "Percentile at LEA",
        "Percentile at Nation",
        "Risk Level",
        "Final Date",
    )
    blocks = [f"{season} {test} {column}" for season in SEASONS for column in columns]
    return [*LEARNER, *blocks, *GROWTH, *(f"{season} {level}" for season in SEASONS)]


READING, MATHS = header("aReading", "Lexile"), header("aMath", "Quantile")


def learner(**cells: object) -> dict[str, str]:
    row = {
        "Assessment Language": "Assessment Language",
        "School": "Pine School",
        "Local ID": "0042",
        "State ID": "S77",
        "FAST ID": "F9",
        "First Name": "LUZ",
        "Last Name": "MARÍN",
        "DOB": "2015-03-21",
        "Grade": "Eleven",
    }
    return row | {name.replace("_", " "): str(value) for name, value in cells.items()}


def read(folder: Path, columns: list[str], *rows: dict[str, str]) -> Reading:
    return read_text(folder, csv_text(columns, rows), "export.csv")


def test_each_season_is_a_test_with_its_own_date(tmp_path: Path) -> None:
    row = learner(
        Fall_aReading_Test_Theta="533.0886",
        Fall_aReading_Percentile_at_School="N/A*",
        Fall_aReading_Percentile_at_Nation="17.0",
        Fall_aReading_Risk_Level="someRisk",
        Fall_aReading_Final_Date="8/26/2026",
        Fall_Lexile="1070L",
        Winter_aReading_Test_Theta="540.5",
        Winter_aReading_Final_Date="12/4/2026",
        Growth_Score_from_Fall_to_Winter="0.55",
        National_Growth_Percentile_from_Fall_to_Winter="61",
    )
    reading = read(tmp_path, READING, row)
    columns = ["measure", "aspect", "value", "unit", "taken_on", "term", "test"]
    assert reading.evidence[columns].to_numpy().tolist() == [
        ["reading", "", 533.0886, "theta scale", date(2026, 8, 26), "Fall 2026-2027", "aReading"],
        ["reading", "lexile", 1070, "L", date(2026, 8, 26), "Fall 2026-2027", "aReading"],
        ["reading", "", 540.5, "theta scale", date(2026, 12, 4), "Winter 2026-2027", "aReading"],
    ]
    assert reading.scores["percentile"].fillna(-1).tolist() == [17, -1]
    assert [json.loads(text) for text in reading.scores["details"]] == [
        {"level": "someRisk"},
        {"growth percentile since Fall": 61, "growth score since Fall": 0.55},
    ]
    assert not reading.problems


def test_mathematics_gives_a_quantile(tmp_path: Path) -> None:
    row = learner(Fall_aMath_Test_Theta="172.8", Fall_aMath_Final_Date="09/16/2026", Fall_Quantile="EM840Q")
    reading = read(tmp_path, MATHS, row)
    assert reading.evidence[["measure", "unit", "value"]].to_numpy().tolist() == [
        ["mathematics", "theta scale", 172.8],
        ["mathematics", "Q", -840],
    ]


def test_another_period_belongs_to_the_term_of_its_day(tmp_path: Path) -> None:
    row = learner(Screening_Period_4_aMath_Test_Theta="180", Screening_Period_4_aMath_Final_Date="05/20/2027")
    assert read(tmp_path, MATHS, row).scores["term"].tolist() == ["Spring 2026-2027"]


def test_grades_in_words_and_three_ids_tell_the_learner(tmp_path: Path) -> None:
    row = learner(Fall_aMath_Test_Theta="172.8", Fall_aMath_Final_Date="09/16/2026")
    reading = read(tmp_path, MATHS, row)
    mention = reading.frame(Kind.MENTIONS).iloc[0]
    assert (mention["learner_code"], mention["grade"], mention["birth_date"]) == ("0042", "11", date(2015, 3, 21))
    kinds = reading.frame(Kind.IDENTIFIERS)[["kind", "value"]].to_numpy().tolist()
    assert kinds == [["state", "s77"], ["fastbridge", "f9"]]


def test_a_learner_without_tests_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, READING, learner())
    assert (reading.tally.skipped, len(reading.problems)) == (1, 0)


@needs_samples
def test_every_row_of_vendor_shaped_files_is_read_or_passed_over() -> None:
    found = samples("fastbridge")
    counts = {name: (r.tally.rows, r.tally.events, r.tally.skipped, len(r.problems)) for name, r in found.items()}
    assert counts == {"edfi_FastBridge_aMath.csv": (10, 7, 3, 0), "edfi_FastBridge_aReading.csv": (9, 3, 6, 0)}
