"""NWEA MAP Reading Fluency's export, with every quirk it is known to have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench.importing import Kind

from ..reading import Reading, read_text
from .nwea_files import csv_text
from .samples import needs_samples, samples

HEADER = (
    "TermName,DistrictName,SchoolName,StudentLastName,StudentFirstName,StudentMI,StudentID,Grade,StudentDateOfBirth,"
    "StudentEthnicGroup,StudentGender,AssignedTestType,ResultType,TestLanguage,TestCompletionDate,PrintConceptCorrect,"
    "PrintConceptAttempted,PrintConceptPerformanceLevel,ListeningComprehensionCorrect,ListeningComprehensionAttempted,"
    "ListeningComprehensionPerformanceLevel,PhonologicalAwarenessDomainScore,PhonologicalAwarenessTestPercentile,"
    "PhonologicalAwarenessZPDName,PhonologicalAwarenessZPDLevel,PhonologicalAwarenessPerformanceLevel,"
    "LanguageComprehensionDomainScore,LanguageComprehensionTestPercentile,OralReadingRatePerformanceLevel,"
    "OralReadingWCPM,OralReadingAccuracyPerformanceLevel,OralReadingAccuracyScore,LiteralComprehensionPerformanceLevel,"
    "LexileOralReadingMeasure,ProgressMonitoringLexileTextMeasureRange,ProgressMonitoringOralReadingWCPM,"
    "ProgressMonitoringOralReadingAccuracyScore,ProgressMonitoringOralReadingComprehensionCorrect,"
    "ProgressMonitoringOralReadingComprehensionAttempted,DyslexiaScreenerOutcome,RANDurationOverallScore,"
    "UniversalScreenerOutcome"
).split(",")
FACT = ("aspect", "unit", "value", "test")


def result(**cells: object) -> dict[str, str]:
    row = {
        "TermName": "Fall 2026-2027",
        "SchoolName": "Pine School",
        "StudentLastName": "Marín",
        "StudentFirstName": "Luz",
        "StudentID": "0042",
        "Grade": "1",
        "StudentDateOfBirth": "3/21/2020",
        "AssignedTestType": "Adaptive Oral Reading",
        "ResultType": "Foundational Skills",
        "TestLanguage": "English",
        "TestCompletionDate": "9/26/2026",
        "ListeningComprehensionCorrect": "4",
        "ListeningComprehensionAttempted": "15",
        "ListeningComprehensionPerformanceLevel": "Below Expectation",
        "PhonologicalAwarenessDomainScore": "483",
        "PhonologicalAwarenessTestPercentile": "21",
        "PhonologicalAwarenessZPDName": "Introduce - Rhymes & Syllables",
        "PhonologicalAwarenessZPDLevel": "0",
        "PhonologicalAwarenessPerformanceLevel": "No Expectation",
        "OralReadingWCPM": "No Score",
        "OralReadingRatePerformanceLevel": "No Score",
        "DyslexiaScreenerOutcome": "Flagged",
        "UniversalScreenerOutcome": "Flagged",
        "RANDurationOverallScore": "31",
    }
    return row | {name: str(value) for name, value in cells.items()}


def oral(**cells: object) -> dict[str, str]:
    blank = {name: "" for name in HEADER if name.startswith(("Listening", "Phonological"))}
    read_aloud = {
        "ResultType": "Oral Reading",
        "OralReadingWCPM": "71",
        "OralReadingRatePerformanceLevel": "Meets Expectation",
        "OralReadingAccuracyScore": "97",
        "LiteralComprehensionPerformanceLevel": "Exceeds Expectation",
        "LexileOralReadingMeasure": "80L",
    }
    return result(**(blank | read_aloud | cells))


def read(folder: Path, *rows: dict[str, str], header: list[str] = HEADER) -> Reading:
    return read_text(folder, "\ufeff" + csv_text(header, rows, end="\r\n"), "export.csv")


def test_domains_have_scores_and_the_rest_correct_answers(tmp_path: Path) -> None:
    reading = read(tmp_path, result())
    assert reading.facts(*FACT) == [
        ("phonological awareness", "domain score", 483, "Foundational Skills"),
        ("listening comprehension", "answers", 4, "Foundational Skills"),
    ]
    first = reading.evidence.iloc[0]
    assert (first["learner_code"], first["taken_on"], first["term"], first["percentile"]) == (
        "0042",
        date(2026, 9, 26),
        "Fall 2026-2027",
        21,
    )
    assert reading.details() == {"next": "Introduce - Rhymes & Syllables", "next_level": 0}
    assert reading.details(1) == {"level": "Below Expectation", "of": 15}
    assert not reading.problems
    assert reading.frame(Kind.MENTIONS)["birth_date"].tolist() == [date(2020, 3, 21)]


@pytest.mark.parametrize("column", ["OralReadingWCPM", "OralReadingWCPMScaled"])
def test_each_kind_of_result_has_a_row_of_its_own(tmp_path: Path, column: str) -> None:
    header = [column if name == "OralReadingWCPM" else name for name in HEADER]
    reading = read(tmp_path, result(), oral(**{column: "71"}), header=header)
    assert reading.facts(*FACT)[2:] == [
        ("oral reading fluency", "words a minute", 71, "Oral Reading"),
        ("accuracy", "percent", 97, "Oral Reading"),
        ("lexile", "L", 80, "Oral Reading"),
    ]
    assert reading.details(2)["comprehension"] == "Exceeds Expectation"
    assert reading.tally.events == 2


def test_a_test_in_spanish_is_another_test(tmp_path: Path) -> None:
    reading = read(tmp_path, result(), result(TestLanguage="Spanish", PhonologicalAwarenessDomainScore=470))
    assert reading.evidence["value"].tolist() == [483, 4, 470, 4]
    assert set(reading.evidence["test"]) == {"Foundational Skills", "Foundational Skills (Spanish)"}
    assert reading.details(2)["language"] == "Spanish"


def test_progress_monitoring_is_kept_apart_from_benchmarks(tmp_path: Path) -> None:
    row = oral(
        ProgressMonitoringOralReadingWCPM="75",
        ProgressMonitoringOralReadingComprehensionCorrect="3",
        ProgressMonitoringOralReadingComprehensionAttempted="4",
        ProgressMonitoringLexileTextMeasureRange="200L-300L",
    )
    reading = read(tmp_path, row)
    assert reading.facts(*FACT)[3:] == [
        ("oral reading fluency", "words a minute", 75, "Progress monitoring"),
        ("reading comprehension", "answers", 3, "Progress monitoring"),
    ]
    assert reading.details(3) == {"text_measure": "200L-300L"}


def test_screening_for_dyslexia_is_not_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, result(), oral())
    assert "Flagged" not in reading.evidence.to_csv()
    assert 31 not in reading.evidence["value"].tolist()


def test_a_row_with_sentinels_alone_is_passed_over(tmp_path: Path) -> None:
    blank = {name: "No Score" for name in HEADER if name.endswith(("WCPM", "Score", "Correct"))}
    reading = read(tmp_path, result(**blank))
    assert (reading.tally.skipped, len(reading.problems)) == (1, 0)


@needs_samples
def test_every_row_of_a_vendor_shaped_file_is_read() -> None:
    (reading,) = samples("nwea_map_fluency").values()
    assert (reading.tally.rows, reading.tally.events, len(reading.problems)) == (9, 9, 0)
