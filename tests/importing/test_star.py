"""Renaissance Star's exports, with every quirk they are known to have."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbench.importing import Kind
from workbench.importing.vendors.star import DEACTIVATED, NOT_A_STAR_TEST, SUBJECT, Standards

from ..reading import Reading, read_text
from .samples import needs_samples, samples

WHO = (
    "RenaissanceClientID SchoolYear SchoolYearStartDate SchoolYearEndDate StudentRenaissanceID StudentSourcedID "
    "StudentIdentifier StudentUserID StudentStateID StudentEmail StudentFirstName StudentMiddleName StudentLastName "
    "Gender BirthDate CurrentGrade EnrollmentStatus SchoolIdentifier SchoolName GroupOrClassName "
)
TEST = (
    "AssessmentID LaunchDate CompletedDate CompletedDateLocal AssessmentNumber AssessmentType AssessmentStatus "
    "DeactivationReason GradePlacement Grade ExtraTime ScaledScore StandardErrorOfMeasurement RaschScore UnifiedScore "
    "GradeEquivalent PercentileRank NormalCurveEquivalent "
)
BENCHMARKS = (
    "TotalTimeInSeconds TotalCorrect TotalPossible ScreeningPeriodWindowName ScreeningWindowStartDate "
    "ScreeningWindowEndDate RenaissanceBenchmarkCategoryName StateBenchmarkCategoryName DistrictBenchmarkCategoryName "
    "SchoolBenchmarkCategoryName CurrentSGP"
)
READING = (
    WHO
    + TEST
    + "InstructionalReadingLevel EstimatedOralReadingFluency LowerZoneOfProximalDevelopment "
    + "UpperZoneOfProximalDevelopment Lexile "
    + BENCHMARKS
).split()
MATHS = (WHO + TEST + "Quantile " + BENCHMARKS).split()
EARLY = (WHO + TEST + "LiteracyClassification Lexile " + BENCHMARKS).split()
V1 = (
    "StudentLocalID StudentFirstName StudentLastName SchoolLocalID AssessmentDate AssessmentType ScaledScore "
    "GradeEquivalent PercentileRank InstructionalReadingLevel TotalTime"
).split()
STANDARDS = (
    "RenaissanceClientID SchoolYear StudentRenaissanceID StudentSourcedID StudentIdentifier StudentUserID "
    "StudentStateID AssessmentID LaunchDate CompletedDate CompletedDateLocal DomainGroup DomainName "
    "DomainPercentMastery DomainConfidenceLevel DomainMasteryLevel StandardName StandardDescription "
    "StandardPercentMastery StandardConfidenceLevel StandardMasteryLevel"
).split()
SKILLS = (
    "RenaissanceClientID SchoolYear StudentRenaissanceID StudentSourcedID StudentIdentifier StudentUserID "
    "StudentStateID AssessmentID LaunchDate CompletedDate CompletedDateLocal FamilyName DomainName DomainScore "
    "SkillAreaName SkillAreaMasteryScore"
).split()
HISTORICAL = (
    "Renaissance Client ID,School Year,School Name,Student State ID,Student Identifier,Student User Name,"
    "Student Email,Student First Name,Student Middle Name,Student Last Name,Birthdate,Current Grade,Class Name,"
    "Renaissance Activity ID,Activity Type,Activity Completed Date,Used Extended Time,Used Audio,Scaled Score,"
    "Unified Scale,Lexile Score,Lexile Range,Quantile Measure,Quantile Range,Percentile Rank,"
    "Normal Curve Equivalent,Grade Equivalent,ZPD Range,EstORF,Literacy Classification,Screening Window Name,"
    "Instructional Reading Level,School Benchmark Category,State Benchmark Category,District Benchmark Category,"
    "Current SGP"
).split(",")
FACT = ("measure", "aspect", "unit", "value")


def a_test(**cells: object) -> dict[str, str]:
    row = {
        "StudentIdentifier": "0042",
        "StudentStateID": "S77",
        "StudentFirstName": "Luz",
        "StudentLastName": "Marín",
        "BirthDate": "2016-03-21 00:00:00.000",
        "CurrentGrade": "4",
        "SchoolName": "Pine School",
        "GroupOrClassName": "4B",
        "AssessmentID": "A1",
        "CompletedDate": "2026-09-15T01:28:05.852Z",
        "CompletedDateLocal": "2026-09-14T20:28:05.852Z",
        "AssessmentNumber": "1",
        "AssessmentType": "Enterprise",
        "AssessmentStatus": "Active",
        "ScaledScore": "512",
        "StandardErrorOfMeasurement": "0.38",
        "RaschScore": "1.2",
        "UnifiedScore": "1010",
        "GradeEquivalent": ">12.9",
        "PercentileRank": "57",
        "Lexile": "BR400L",
        "ScreeningPeriodWindowName": "Fall",
        "RenaissanceBenchmarkCategoryName": "At/Above Benchmark",
        "DistrictBenchmarkCategoryName": "On Watch",
    }
    return row | {name: str(value) for name, value in cells.items()}


def read(folder: Path, header: list[str], *rows: dict[str, str], **more: Any) -> Reading:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return read_text(folder, out.getvalue(), "export.csv", **more)


def test_a_test_gives_its_score_its_unified_score_and_a_lexile(tmp_path: Path) -> None:
    reading = read(tmp_path, READING, a_test())
    assert reading.facts(*FACT) == [
        ("reading", "", "SS", 512),
        ("reading", "unified", "USS", 1010),
        ("reading", "lexile", "L", -400),
    ]
    score = reading.evidence.iloc[0]
    assert (score["source"], score["term"], score["test"], score["percentile"]) == (
        "star",
        "Fall 2026-2027",
        "Star Reading",
        57,
    )
    assert reading.details()["grade_equivalent"] == ">12.9"
    mention = reading.frame(Kind.MENTIONS).iloc[0]
    assert (mention["birth_date"], mention["class_name"], mention["grade"]) == (date(2016, 3, 21), "4B", "4")


def test_the_local_day_counts(tmp_path: Path) -> None:
    days = read(tmp_path, READING, a_test(), a_test(AssessmentID="A2", CompletedDateLocal="")).scores["taken_on"]
    assert list(days) == [date(2026, 9, 14), date(2026, 9, 15)]


def test_an_error_on_another_scale_is_not_that_of_the_score(tmp_path: Path) -> None:
    current = read(tmp_path, READING, a_test())
    assert current.scores["error"].isna().all()
    assert current.details()["rasch_error"] == 0.38
    older = read(tmp_path, READING, a_test(StandardErrorOfMeasurement="17"))
    assert older.scores["error"].tolist() == [17]
    assert "rasch_error" not in older.details()


@pytest.mark.parametrize(
    ("school", "district", "level"),
    [("Intervention", "On Watch", "Intervention"), ("", "On Watch", "On Watch"), ("", "", "At/Above Benchmark")],
)
def test_the_schools_own_category_goes_before_the_districts(
    tmp_path: Path, school: str, district: str, level: str
) -> None:
    row = a_test(SchoolBenchmarkCategoryName=school, DistrictBenchmarkCategoryName=district)
    assert read(tmp_path, READING, row).details()["level"] == level


def test_several_tests_of_one_day_are_kept_apart(tmp_path: Path) -> None:
    reading = read(tmp_path, READING, a_test(), a_test(AssessmentID="A2", ScaledScore=530))
    assert reading.scores["value"].tolist() == [512, 530]
    assert reading.tally.events == 2


def test_deactivated_tests_are_passed_over(tmp_path: Path) -> None:
    rows = [a_test(), a_test(AssessmentID="A2", AssessmentStatus="Inactive", DeactivationReason="Not their best")]
    reading = read(tmp_path, READING, *rows)
    assert reading.tally.events == 1
    assert reading.skipped == {DEACTIVATED: 1}


def test_dates_that_a_spreadsheet_has_eaten_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, READING, a_test(CompletedDateLocal="28:05.9", CompletedDate="28:05.9"))
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.left_out) == (2, "CompletedDateLocal", True)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (MATHS, {"Quantile": "EM205Q"}, [("mathematics", "", "SS", 512), ("mathematics", "quantile", "Q", -205)]),
        (EARLY, {"Lexile": "BR400L"}, [("early literacy", "", "SS", 512), ("reading", "lexile", "L", -400)]),
        (V1, {"AssessmentDate": "01/21/2015 09:18:27", "StudentLocalID": "0042"}, [("reading", "", "SS", 512)]),
    ],
)
def test_the_columns_tell_the_subject(
    tmp_path: Path, header: list[str], cells: dict[str, str], expected: list[tuple[object, ...]]
) -> None:
    reading = read(tmp_path, header, a_test(**cells))
    assert [fact for fact in reading.facts(*FACT) if fact[1] != "unified"] == expected
    assert not reading.questions
    assert set(reading.evidence["learner_code"]) == {"0042"}


def test_a_file_that_does_not_tell_its_subject_is_asked_about(tmp_path: Path) -> None:
    header = [name for name in MATHS if name != "Quantile"]
    reading = read(tmp_path, header, a_test())
    assert [question.name for question in reading.questions] == [SUBJECT]
    assert (reading.tally.left_out, len(reading.problems)) == (1, 1)
    answered = read(tmp_path, header, a_test(), answers={SUBJECT: "mathematics"})
    assert answered.facts(*FACT)[0] == ("mathematics", "", "SS", 512)
    named = read(tmp_path, header, a_test(AssessmentType="Star Math Spanish Enterprise Tests"))
    assert named.facts(*FACT)[0] == ("mathematics", "", "SS", 512)
    assert named.scores["test"].tolist() == ["Star Math (Spanish)"]
    assert named.details()["language"] == "Spanish"


def historical(**cells: object) -> dict[str, str]:
    row = {
        "Student Identifier": "0042",
        "Student First Name": "Luz",
        "Student Last Name": "Marín",
        "Activity Type": "Star Reading Enterprise Tests",
        "Activity Completed Date": "9/14/2026",
        "Renaissance Activity ID": "a1",
        "Scaled Score": "512",
        "Unified Scale": "1010",
        "Lexile Score": "515L",
        "Lexile Range": "415L-565L",
        "Percentile Rank": "57",
        "Screening Window Name": "Fall Window",
        "School Benchmark Category": "On Watch",
    }
    return row | {name: str(value) for name, value in cells.items()}


def test_each_row_of_the_historical_extract_names_its_test(tmp_path: Path) -> None:
    rows = [
        historical(),
        historical(**{"Activity Type": "Star Math", "Lexile Score": "", "Quantile Measure": "500Q"}),
        historical(**{"Activity Type": "Accelerated Reader Reading Practice Quiz", "Scaled Score": ""}),
        historical(**{"Activity Type": "Star Early Literacy", "Renaissance Activity ID": "a4"}),
    ]
    reading = read(tmp_path, HISTORICAL, *rows)
    assert reading.scores["measure"].tolist() == ["reading", "mathematics", "early literacy"]
    assert reading.skipped == {NOT_A_STAR_TEST: 1}
    assert not reading.questions
    assert reading.details(2) == {"high": 565, "low": 415}
    assert reading.details()["level"] == "On Watch"


def test_a_test_is_the_same_from_the_nightly_file_and_the_historical_extract(tmp_path: Path) -> None:
    keys = ["learner_code", "source", "measure", "aspect", "taken_on", "term", "test", "part", "value"]
    nightly = read(tmp_path, READING, a_test(Lexile="515L")).evidence[keys]
    assert nightly.equals(read(tmp_path, HISTORICAL, historical()).evidence[keys])


def mastery(**cells: object) -> dict[str, str]:
    row = {
        "StudentIdentifier": "0042",
        "AssessmentID": "A1",
        "CompletedDateLocal": "2026-09-14T20:28:05Z",
        "DomainGroup": "Reading Literary Text",
        "FamilyName": "Reading Literary Text",
        "DomainName": "Meaning and Context",
        "DomainPercentMastery": "83",
        "DomainScore": "83",
        "StandardName": "RL.5.1",
        "StandardPercentMastery": "74",
        "StandardMasteryLevel": "Developing",
        "SkillAreaName": "Synonyms",
        "SkillAreaMasteryScore": "91",
    }
    return row | {name: str(value) for name, value in cells.items()}


def test_mastery_of_domains_and_standards_is_kept_by_name(tmp_path: Path) -> None:
    reading = read(tmp_path, STANDARDS, mastery(), mastery(StandardName="RL.5.2", StandardPercentMastery="60"))
    assert reading.facts(*FACT) == [
        ("reading", "area: Reading Literary Text: Meaning and Context", "percent", 83),
        ("reading", "skill: RL.5.1", "percent", 74),
        ("reading", "skill: RL.5.2", "percent", 60),
    ]
    assert reading.details(1) == {"level": "Developing"}
    assert reading.tally.events == 2
    skills = read(tmp_path, SKILLS, mastery(), mastery(SkillAreaName=""))
    assert skills.facts(*FACT)[1] == ("reading", "skill: Synonyms", "percent", 91)
    assert [(p.row, p.column, p.left_out) for p in skills.problems] == [(3, "SkillAreaName", True)]


@pytest.mark.parametrize(
    ("group", "domain", "subject"),
    [
        ("Reading Informational Text", "Illustrations", "reading"),
        ("Number and Operations", "Fractions", "mathematics"),
        ("Numbers and Operations", "Early Numeracy", "early literacy"),
        ("Word Knowledge and Skills", "Alphabetic Principle", "early literacy"),
        ("Foundational Skills", "Phonics", ""),
        ("Wonders", "Stars", ""),
    ],
)
def test_the_subject_of_mastery_is_told_by_what_it_names_or_asked(
    tmp_path: Path, group: str, domain: str, subject: str
) -> None:
    row = mastery(FamilyName=group, DomainName=domain, SkillAreaName="One")
    reading = read(tmp_path, SKILLS, row)
    assert [question.name for question in reading.questions] == ([] if subject else [SUBJECT])
    answered = read(tmp_path, SKILLS, row, answers={SUBJECT: "early literacy"})
    assert set(answered.evidence["measure"]) == {subject or "early literacy"}
    assert reading.tally.left_out == (0 if subject else 1)


def test_an_answer_that_names_no_subject_is_none(tmp_path: Path) -> None:
    row = mastery(DomainGroup="Wonders", DomainName="Stars", StandardName="1")
    reading = read(tmp_path, STANDARDS, row, answers={SUBJECT: "astronomy"}, importer=Standards())
    assert (len(reading.evidence), reading.tally.left_out) == (0, 1)


@needs_samples
def test_every_row_of_vendor_shaped_files_is_read() -> None:
    found = samples("star")
    assert {name: (r.tally.rows, r.tally.events, len(r.problems)) for name, r in found.items()} == {
        "edfi_SR_Dashboard_Standards_v2.csv": (5, 5, 0),
        "edfi_SR_SkillArea_v1.csv": (5, 5, 0),
        "edfi_SR_v2.csv": (5, 5, 0),
    }
    assert found["edfi_SR_v2.csv"].scores["value"].tolist() == [8, 72, 348, 723, 967]
