"""NWEA's exports, with every quirk they are known to have."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbench.ground.errors import BadInput
from workbench.importing import Kind, open_tables
from workbench.importing.vendors.nwea import AssessmentResults, ComboStudentAssessment
from workbench.importing.vendors.nwea.layout import measure
from workbench.importing.vendors.nwea.rosters import ACCOMMODATIONS, PROGRAMS, ClassAssignments, StudentsBySchool

from ..reading import Reading, read_text
from .nwea_files import (
    CLASSES,
    COMBINED,
    CURRENT,
    OF_2013,
    ROSTER,
    ROSTER_OF_2012,
    csv_text,
    enrolled,
    read_results,
    result,
    result_of_2013,
)
from .samples import SAMPLES, needs_samples


def details(reading: Reading, at: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reading.scores["details"][at])
    return found


def standings(reading: Reading) -> list[str]:
    return list(reading.scores["standing"])


def test_a_score_keeps_its_error_percentile_and_the_norms_it_was_read_against(tmp_path: Path) -> None:
    score = read_results(tmp_path, result()).scores.iloc[0]
    assert score.drop("details").to_dict() == {
        "row": 2,
        "learner_code": "S1",
        "source": "nwea_map",
        "measure": "reading",
        "aspect": "",
        "taken_on": date(2025, 9, 16),
        "term": "Fall 2025-2026",
        "test": "Growth: Reading 2-5 CCSS 2010 V4",
        "part": "",
        "value": 201.0,
        "unit": "RIT",
        "error": 3.2,
        "percentile": 57.0,
        "norms": "2025",
        "standing": "growth",
    }


def test_the_norms_of_each_row_are_kept(tmp_path: Path) -> None:
    rows = [result(StudentID=f"S{year}", NormsReferenceData=year) for year in ("2020", "2025", "USER")]
    assert list(read_results(tmp_path, *rows).scores["norms"]) == ["2020", "2025", "USER"]


@pytest.mark.parametrize(
    ("course", "name"),
    [
        ("Math K-12", "mathematics"), ("Mathematics", "mathematics"), ("Reading", "reading"), ("Language Usage",
        "language usage"),
        ("Science K-12", "science"), ("Science - General Science", "science"), ("Algebra 1", "algebra 1"),
        ("Reading (Spanish)", "reading (spanish)"), ("Reading K-2", "reading k-2"), ("Integrated  Math II",
        "integrated math ii"),
    ],
)  # fmt: skip
def test_old_and_new_names_of_a_course_are_one_measure(course: str, name: str) -> None:
    assert measure(course) == name


def test_reading_and_language_usage_stay_apart_though_their_subject_is_one(tmp_path: Path) -> None:
    reading = read_results(
        tmp_path, result(), result(Course="Language Usage", TestName="Growth: Language 2-12", TestID="9")
    )
    assert list(reading.scores["measure"]) == ["reading", "language usage"]
    assert standings(reading) == ["growth", "growth"]


def test_instructional_areas_are_known_by_name_wherever_they_stand(tmp_path: Path) -> None:
    swapped = {
        "Goal1Name": "Informational Text",
        "Goal1RitScore": 210,
        "Goal2Name": "Literary Text",
        "Goal2RitScore": 190,
    }
    reading = read_results(tmp_path, result(), result(StudentID="S2", **swapped))
    areas = reading.evidence[reading.evidence["aspect"].str.startswith("area:")]
    assert dict(zip(zip(areas["learner_code"], areas["aspect"], strict=True), areas["value"], strict=True)) == {
        ("S1", "area: Literary Text"): 199,
        ("S1", "area: Informational Text"): 205,
        ("S2", "area: Informational Text"): 210,
        ("S2", "area: Literary Text"): 190,
    }
    assert areas["error"].tolist()[0] == 6.1
    assert json.loads(areas["details"].iloc[0]) == {"adjective": "LoAvg", "range": "193-205"}


def test_an_area_named_twice_in_a_row_is_read_once_and_noted(tmp_path: Path) -> None:
    reading = read_results(tmp_path, result(Goal2Name="Literary Text"))
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [(2, "Goal2Name", False)]
    assert (reading.evidence["aspect"] == "area: Literary Text").sum() == 1


def test_an_area_score_without_a_name_is_noted(tmp_path: Path) -> None:
    (problem,) = read_results(tmp_path, result(Goal1Name="")).problems
    assert (problem.column, problem.left_out) == ("Goal1RitScore", False)


def test_a_survey_without_areas_is_read(tmp_path: Path) -> None:
    none = {f"Goal{n}{part}": "" for n in (1, 2) for part in ("Name", "RitScore", "StdErr", "Range", "Adjective")}
    assert len(read_results(tmp_path, result(TestType="Survey", **none)).scores) == 1


@pytest.mark.parametrize(("text", "value"), [("640L", 640), ("BR325L", -325), ("907", 907)])
def test_a_lexile_is_evidence_of_its_own(tmp_path: Path, text: str, value: float) -> None:
    evidence = read_results(tmp_path, result(LexileScore=text, LexileMin="BR400L", LexileMax="690L")).evidence
    lexile = evidence[evidence["aspect"] == "lexile"].iloc[0]
    assert (lexile["value"], lexile["unit"]) == (value, "L")
    assert json.loads(lexile["details"]) == {"max": 690, "min": -400, "text": text}


def test_a_bare_br_has_no_number_and_its_word_is_kept(tmp_path: Path) -> None:
    reading = read_results(tmp_path, result(LexileScore="BR", LexileMin="", LexileMax=""))
    assert "lexile" not in set(reading.evidence["aspect"])
    assert details(reading)["lexile"] == "BR"
    assert not reading.problems


def test_a_quantile_is_evidence_of_its_own(tmp_path: Path) -> None:
    row = result(Course="Math K-12", QuantileScore="EM400Q", QuantileMin="EM400Q", QuantileMax="EM400Q")
    evidence = read_results(tmp_path, row).evidence
    quantile = evidence[evidence["aspect"] == "quantile"].iloc[0]
    assert (quantile["value"], quantile["unit"]) == (-400, "Q")


def test_details_keep_what_tells_whether_a_score_can_be_trusted(tmp_path: Path) -> None:
    found = details(read_results(tmp_path, result(RapidGuessingPercentage="11.3208", WIPreviousAYSpring=32)))
    assert found["rapid_guessing"] == 11.3208
    assert found["minutes"] == 42
    assert found["weeks"] == {"fall": 4, "previous spring": 32}
    assert (found["test_id"], found["start_time"], found["quintile"]) == ("900000001", "08:54:50", "Avg")


def growth(pair: str, **cells: object) -> dict[str, object]:
    block = {
        "ProjectedGrowth": 12,
        "ObservedGrowth": -3,
        "ObservedGrowthSE": "4.20",
        "MetProjectedGrowth": "No*",
        "ConditionalGrowthIndex": "-0.40",
        "ConditionalGrowthPercentile": 34,
        "GrowthQuintile": "LoAvg",
    }
    return {f"{pair}{name}": value for name, value in (block | cells).items()}


def test_past_growth_and_the_projection_ahead_are_kept_apart(tmp_path: Path) -> None:
    found = details(read_results(tmp_path, result(**growth("FallToSpring"))))
    assert found["growth"] == {
        "fall to spring": {
            "index": -0.4,
            "met": "No*",
            "observed": -3,
            "observed_error": 4.2,
            "percentile": 34,
            "projected": 12,
            "quintile": "LoAvg",
        }
    }
    assert found["typical_growth"] == {"fall to spring": 8}


@pytest.mark.parametrize("word", ["Yes", "No", "Yes*", "No*"])
def test_the_word_for_a_met_projection_is_the_vendors(tmp_path: Path, word: str) -> None:
    found = details(read_results(tmp_path, result(**growth("FallToFall", MetProjectedGrowth=word))))
    assert found["growth"]["fall to fall"]["met"] == word


def test_a_growth_block_filled_with_zeros_is_no_growth(tmp_path: Path) -> None:
    zeros = growth(
        "FallToFall", ProjectedGrowth=0, ObservedGrowth=0, ObservedGrowthSE="", ConditionalGrowthIndex="0.00",
        ConditionalGrowthPercentile=0, MetProjectedGrowth="", GrowthQuintile="",
    )  # fmt: skip
    reading = read_results(tmp_path, result(**zeros), result(StudentID="S2", **growth("FallToFall", ObservedGrowth=0)))
    assert "growth" not in details(reading)
    assert details(reading, 1)["growth"]["fall to fall"]["observed"] == 0
    assert not reading.problems


@pytest.mark.parametrize("sign", ["*", "--", ""])
def test_a_quintile_that_could_not_be_computed_is_missing_and_no_problem(tmp_path: Path, sign: str) -> None:
    reading = read_results(tmp_path, result(AchievementQuintile=sign, Goal1Adjective=sign))
    assert "quintile" not in details(reading)
    assert not reading.problems


def test_projected_proficiencies_lose_the_space_after_their_names(tmp_path: Path) -> None:
    row = result(ProjectedProficiencyStudy1="SAT (Spring) ", ProjectedProficiencyLevel1="On Track 24")
    assert details(read_results(tmp_path, row))["proficiency"] == [{"level": "On Track 24", "study": "SAT (Spring)"}]


def test_the_layout_of_2013_is_read(tmp_path: Path) -> None:
    row = result_of_2013(
        MeasurementScale="Reading", RITtoReadingScore="907", RITtoReadingMin="807", RITtoReadingMax="957"
    )
    reading = read_results(tmp_path, row, header=OF_2013)
    assert details(reading)["typical_growth"] == {"fall to spring": 6}
    assert details(reading)["proficiency"] == [{"level": "Partially Proficient"}]
    assert list(reading.evidence["aspect"]) == ["", "lexile", "area: Geometry"]
    assert list(reading.scores["norms"]) == [""]


def test_the_layouts_between_are_read(tmp_path: Path) -> None:
    rename = {"Course": "MeasurementScale", "Subject": "Discipline", "LexileScore": "RITtoReadingScore"}
    header = [rename.get(name, name) for name in CURRENT if "Quintile" not in name and "Quantile" not in name]
    row = {rename.get(name, name): value for name, value in result(**growth("FallToFall")).items()}
    reading = read_results(tmp_path, row, header=header)
    assert details(reading)["growth"]["fall to fall"]["projected"] == 12
    assert "lexile" in set(reading.evidence["aspect"])


def test_a_database_copy_in_lower_case_with_further_columns_is_read(tmp_path: Path) -> None:
    header = [name.lower() for name in CURRENT] + ["importdate", "state", "studentid", "194", "Don't Count"]
    row = {name.lower(): value for name, value in result().items()} | {"importdate": "x", "194": "y"}
    assert read_results(tmp_path, row, header=header).scores["learner_code"].tolist() == ["S1"]


def test_a_tab_separated_copy_is_read(tmp_path: Path) -> None:
    reading = read_text(tmp_path, csv_text(["Teacher Name", *CURRENT], [result()], "\t", "\r\n"), "results.txt")
    assert len(reading.scores) == 1


def test_a_copy_saved_by_excel_gives_the_same_evidence(tmp_path: Path) -> None:
    row = result()
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(CURRENT)
    typed = row | {
        "TestStartDate": date(2025, 9, 16),
        "TestRITScore": 201.0,
        "TestStandardError": 3.2,
        "Goal1RitScore": 199,
    }
    sheet.append([typed.get(name) for name in CURRENT])
    book.save(tmp_path / "results.xlsx")
    with open_tables(tmp_path / "results.xlsx") as tables:
        (table,) = tables
        assert Reading(table).evidence.equals(read_results(tmp_path, row).evidence)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9/16/2013", date(2013, 9, 16)),
        ("3/2/21", date(2021, 3, 2)),
        ("22-10-2020", date(2020, 10, 22)),
        ("2021-03-02", date(2021, 3, 2)),
    ],
)
def test_damaged_dates_are_read(tmp_path: Path, text: str, day: date) -> None:
    assert read_results(tmp_path, result(TestStartDate=text)).scores["taken_on"].tolist() == [day]


def test_a_dashed_date_that_cannot_tell_follows_the_file(tmp_path: Path) -> None:
    rows = [result(TestStartDate="03-10-2020"), result(StudentID="S2", TestStartDate="22-10-2020")]
    assert read_results(tmp_path, *rows).scores["taken_on"][0] == date(2020, 10, 3)


def test_the_school_year_of_client_server_terms_is_found(tmp_path: Path) -> None:
    rows = [
        result(TermName="Spring 2014", TestStartDate="04/10/2014"),
        result(StudentID="S2", TermName="Fall 2013", TestStartDate="09/10/2013"),
        result(StudentID="S3", TermName="Winter 2013", TestStartDate="12/10/2013"),
        result(StudentID="S4", TermName="Winter 2014", TestStartDate="01/10/2014"),
    ]
    names = read_results(tmp_path, *rows).scores["term"].tolist()
    assert names == ["Spring 2013-2014", "Fall 2013-2014", "Winter 2013-2014", "Winter 2013-2014"]


def test_ids_keep_their_leading_zeros(tmp_path: Path) -> None:
    assert read_results(tmp_path, result(StudentID="000123")).scores["learner_code"].tolist() == ["000123"]


# Growth events, repeats and copies


def test_the_vendors_mark_decides_even_against_the_standard_error(tmp_path: Path) -> None:
    rows = [
        result(GrowthMeasureYN="FALSE", TestStandardError=2.9, TestID="1"),
        result(TestStandardError=3.5, TestStartDate="09/20/2025"),
    ]
    reading = read_results(tmp_path, *rows)
    assert standings(reading) == ["repeat", "growth"]
    assert (reading.tally.events, reading.tally.growth, reading.tally.repeats) == (1, 1, 1)


def test_a_screening_is_a_separate_event_and_no_repeat(tmp_path: Path) -> None:
    screening = result(
        GrowthMeasureYN="FALSE",
        TestType="Survey",
        TestName="Screening: Reading 2-5",
        TestID="",
        TestStartDate="09/20/2025",
    )
    reading = read_results(tmp_path, result(), screening)
    assert standings(reading) == ["growth", "other"]
    assert (reading.tally.events, reading.tally.growth) == (2, 1)


def test_a_test_that_is_no_growth_event_and_stands_alone_is_an_other_one(tmp_path: Path) -> None:
    assert standings(read_results(tmp_path, result(GrowthMeasureYN="FALSE"))) == ["other"]


def test_of_two_marked_tests_the_more_precise_counts_and_the_other_is_noted(tmp_path: Path) -> None:
    rows = [
        result(TestStandardError=3.5, TestID="1"),
        result(TestStandardError=3.0, TestID="2", TestStartDate="09/20/2025"),
    ]
    reading = read_results(tmp_path, *rows)
    assert standings(reading) == ["repeat", "growth"]
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [(2, "GrowthMeasureYN", False)]


def test_a_repeat_far_away_in_the_file_is_found(tmp_path: Path) -> None:
    between = [result(StudentID=f"B{n}", TestID=f"{n}") for n in range(6_000)]
    again = result(GrowthMeasureYN="FALSE", TestStartDate="09/20/2025", TestID="x")
    reading = read_results(tmp_path, again, *between, result())
    assert reading.scores["standing"].iloc[[0, -1]].tolist() == ["repeat", "growth"]
    assert reading.tally.repeats == 1


def test_in_a_combined_file_the_lowest_standard_error_is_the_growth_event(tmp_path: Path) -> None:
    rows = [
        result(TestStandardError=3.4, TestStartDate="09/10/2025"),
        result(TestStandardError=2.9, TestStartDate="09/20/2025"),
        result(TestStandardError=2.5, TestStartDate="09/21/2025", TestName="Screening: Reading 2-5"),
    ]
    assert standings(read_results(tmp_path, *rows, header=COMBINED)) == ["repeat", "growth", "other"]


def test_in_a_combined_file_the_earlier_of_two_equally_precise_tests_is_the_growth_event(tmp_path: Path) -> None:
    rows = [result(TestStartDate="09/20/2025"), result(TestStartDate="09/10/2025")]
    assert standings(read_results(tmp_path, *rows, header=COMBINED)) == ["repeat", "growth"]


def test_the_same_test_twice_on_a_day_is_kept_apart_by_its_start(tmp_path: Path) -> None:
    rows = [result(GrowthMeasureYN="FALSE", TestStartTime="13:05:00", TestID="2"), result()]
    assert read_results(tmp_path, *rows).scores["part"].tolist() == ["13:05", ""]


def test_or_by_the_vendors_id_when_both_start_at_once(tmp_path: Path) -> None:
    rows = [result(), result(GrowthMeasureYN="FALSE", TestID="2", TestRITScore=195)]
    assert read_results(tmp_path, *rows).scores["part"].tolist() == ["", "2"]


def test_or_by_a_number_when_there_is_no_id(tmp_path: Path) -> None:
    rows = [result(TestStandardError=3.9, TestRITScore=195), result()]
    assert read_results(tmp_path, *rows, header=COMBINED).scores["part"].tolist() == ["2", ""]


def test_the_growth_event_has_one_key_in_both_kinds_of_file(tmp_path: Path) -> None:
    rows = [result(GrowthMeasureYN="FALSE", TestStandardError=3.9, TestRITScore=195, TestID="2"), result()]
    key = ["learner_code", "measure", "aspect", "taken_on", "test", "part"]
    keys = []
    for header in (CURRENT, COMBINED):
        evidence = read_results(tmp_path, *rows, header=header).evidence
        keys.append(evidence[evidence["standing"] == "growth"][key].to_numpy().tolist())
    assert keys[0] == keys[1]


@pytest.mark.parametrize("header", [CURRENT, COMBINED, OF_2013])
def test_a_row_that_is_there_twice_is_read_once_and_names_the_first(tmp_path: Path, header: list[str]) -> None:
    row = result_of_2013() if header is OF_2013 else result()
    reading = read_results(tmp_path, row, row, header=header)
    assert [problem.row for problem in reading.left_out] == [3]
    assert "row 2" in reading.left_out[0].reason
    assert (reading.tally.rows, reading.tally.events, reading.tally.left_out) == (2, 1, 1)


def test_an_event_listed_for_two_schools_is_read_once(tmp_path: Path) -> None:
    reading = read_results(tmp_path, result(), result(SchoolName="Oak School"))
    assert reading.tally.left_out == 1


# What is wrong


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("TestRITScore", "2l3", "is not a whole number."), ("TestRITScore", "201.5", "is not a whole number."),
        ("TestRITScore", "20", "is not between 100 and 350."), ("TestRITScore", "", "The row has no score."),
        ("StudentID", "", "The row names no learner."), ("StudentID", "6.05E+05", "shortened"),
        ("Course", "", "The row names no course."), ("TestStartDate", "02/30/2025", "does not exist"),
        ("TestStartDate", "", "no test date"),
    ],
)  # fmt: skip
def test_a_row_without_what_it_needs_is_left_out_with_the_reason(
    tmp_path: Path, column: str, text: str, reason: str
) -> None:
    reading = read_results(tmp_path, result(StudentID="S0"), result(**{column: text}))
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.value, problem.left_out) == (3, column, text or None, True)
    assert reason in problem.reason
    assert reading.scores["learner_code"].tolist() == ["S0"]


def test_a_message_says_what_where_and_what_to_do(tmp_path: Path) -> None:
    (problem,) = read_results(tmp_path, result(TestRITScore="2l3")).problems
    assert str(problem) == (
        "AssessmentResults.csv, row 2, column TestRITScore: “2l3” is not a whole number. "
        "Correct the cell and import the file again: rows already read will not be doubled."
    )
    assert "2l3" not in repr(problem)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("TestPercentile", "abc"), ("TestPercentile", "100"), ("TestStandardError", "-3"), ("Goal1RitScore", "x"),
        ("Goal1StdErr", "x"),
        ("Goal1Range", "Mar-05"), ("GrowthMeasureYN", "maybe"), ("LexileScore", "high"), ("TestDurationMinutes",
        "long"),
        ("RapidGuessingPercentage", "120"), ("AchievementQuintile", "Middle"), ("FallToSpringObservedGrowth", "up"),
        ("FallToSpringMetProjectedGrowth", "perhaps"), ("TypicalFallToFallGrowth", "x"), ("WISelectedAYFall", "x"),
        ("TestStartTime", "noon"),
    ],
)  # fmt: skip
def test_a_bad_cell_beside_the_score_costs_the_cell_and_not_the_row(tmp_path: Path, column: str, text: str) -> None:
    reading = read_results(tmp_path, result(**{column: text}))
    assert [(p.row, p.column, p.value, p.left_out) for p in reading.problems] == [(2, column, text, False)]
    assert reading.scores["value"].tolist() == [201]


def test_integers_may_come_with_a_zero_fraction(tmp_path: Path) -> None:
    assert read_results(tmp_path, result(TestRITScore="192.0")).scores["value"].tolist() == [192]


def test_blank_rows_are_counted_and_nothing_else(tmp_path: Path) -> None:
    reading = read_results(tmp_path, result(), {}, result(StudentID="S2"))
    assert (reading.tally.rows, reading.tally.blank, reading.tally.events) == (3, 1, 2)
    assert not reading.problems


def test_a_file_without_a_needed_column_is_one_problem_that_lists_them(tmp_path: Path) -> None:
    header = [name for name in CURRENT if name != "TestStartDate"]
    reading = read_results(tmp_path, result(), result(StudentID="S2"), header=header)
    (problem,) = reading.problems
    assert problem.row is None
    assert "TestStartDate" in problem.reason
    assert "TestRITScore" in problem.reason
    assert reading.tally.left_out == 2


def test_a_file_without_scores_is_not_recognised(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="TestRITScore"):
        read_results(tmp_path, result(), header=["StudentID", "Course", "TestStartDate"])


def test_nothing_that_is_printed_shows_a_child(tmp_path: Path) -> None:
    reading = read_results(tmp_path, result(TestRITScore="x"), header=COMBINED)
    shown = repr(reading.batches) + repr(reading.problems)
    assert not [word for word in ("Rivera", "Luz", "S1") if word in shown]


# Rosters


def test_a_combined_file_gives_learners_and_enrolments_too(tmp_path: Path) -> None:
    rows = [result(), result(Course="Math K-12", TestName="Growth: Math 2-5")]
    reading = read_results(tmp_path, *rows, header=COMBINED)
    assert reading.frame(Kind.LEARNERS).to_numpy().tolist() == [[2, "S1", "Rivera", "Luz", "", date(2016, 3, 2)]]
    assert reading.frame(Kind.ENROLMENTS).to_numpy().tolist() == [[2, "S1", "Pine School", "Fall 2025-2026", "4"]]
    assert len(reading.scores) == 2


@pytest.mark.parametrize("header", [ROSTER, ROSTER_OF_2012])
def test_a_roster_gives_learners_and_their_enrolments(tmp_path: Path, header: list[str]) -> None:
    reading = read_text(tmp_path, csv_text(header, [enrolled()]), "StudentsBySchool.csv")
    assert reading.importer.name == "nwea_students_by_school"
    assert reading.frame(Kind.LEARNERS).to_numpy().tolist() == [[2, "S1", "Rivera", "Luz", "M", date(2016, 3, 2)]]
    assert reading.frame(Kind.ENROLMENTS).to_numpy().tolist() == [[2, "S1", "Pine School", "Fall 2025-2026", "4"]]


def test_nweas_own_form_of_a_grade_goes_before_the_districts(tmp_path: Path) -> None:
    rows = [
        enrolled(Grade="Blue room", NWEAStandard_Grade="K"),
        enrolled(StudentID="S2", Grade="03", NWEAStandard_Grade=""),
    ]
    reading = read_text(tmp_path, csv_text(ROSTER, rows))
    assert reading.frame(Kind.ENROLMENTS)["grade"].tolist() == ["K", "3"]
    assert not reading.problems


def test_a_learner_at_two_schools_is_one_learner_with_two_enrolments(tmp_path: Path) -> None:
    reading = read_text(tmp_path, csv_text(ROSTER, [enrolled(), enrolled(SchoolName="Oak School")]))
    assert len(reading.frame(Kind.LEARNERS)) == 1
    assert reading.frame(Kind.ENROLMENTS)["school"].tolist() == ["Pine School", "Oak School"]
    assert reading.tally.events == 2


def test_a_bad_birth_date_costs_the_cell(tmp_path: Path) -> None:
    reading = read_text(tmp_path, csv_text(ROSTER, [enrolled(StudentDateOfBirth="13/13/2016")]))
    assert [(p.column, p.left_out) for p in reading.problems] == [("StudentDateOfBirth", False)]
    assert reading.frame(Kind.LEARNERS)["birth_date"].tolist() == [None]


@pytest.mark.parametrize("header", [ROSTER, COMBINED])
def test_a_roster_tells_the_states_id_of_a_learner(tmp_path: Path, header: list[str]) -> None:
    rows = [
        result(StudentID="S1", Student_StateID="ST-77", StudentLastName="Rivera"),
        result(
            StudentID="S1", Student_StateID="ST-77", StudentLastName="Rivera", SchoolName="Oak", TestStartTime="9:00"
        ),
        result(StudentID="S2", Student_StateID="#N/A", StudentLastName="Diaz"),
    ]
    found = read_text(tmp_path, csv_text(header, rows)).frame(Kind.IDENTIFIERS)
    assert found[["learner_code", "kind", "value"]].to_numpy().tolist() == [["S1", "state", "st-77"]]


def test_programs_and_accommodations_are_passed_over_with_the_reason(tmp_path: Path) -> None:
    programs = "TermName,SchoolName,StudentID,Program\nFall 2025-2026,Pine School,S1,Title I\n,,,\n"
    reading = read_text(tmp_path, programs, "ProgramAssignments.csv")
    assert reading.skipped == {PROGRAMS: 1}
    assert (reading.tally.rows, reading.tally.skipped, reading.tally.blank) == (2, 1, 1)
    helped = "TermName,TestID,StudentID,AccommodationCategory,Accommodations\nFall 2025-2026,9,S1,Presentation,Audio\n"
    assert read_text(tmp_path, helped, "AccommodationAssignment.csv").skipped == {ACCOMMODATIONS: 1}


def test_several_terms_in_folders_of_a_zip_are_read(tmp_path: Path) -> None:
    terms = {"2012-2013/Spring 2013": "Spring 2012-2013", "2013-2014/fall": "Fall 2013-2014"}
    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as package:
        for folder, term in terms.items():
            rows = [result_of_2013(TermName=term, TestID=term)]
            package.writestr(f"{folder}/AssessmentResults (1).csv", csv_text(OF_2013, rows))
            package.writestr(
                f"{folder}/ClassAssignments.csv", csv_text(CLASSES, [{"StudentID": "F1", "ClassName": "4B"}])
            )
    with open_tables(tmp_path / "exports.zip") as tables:
        readings = [Reading(table) for table in tables]
    assert [reading.importer.name for reading in readings] == [
        "nwea_assessment_results",
        "nwea_class_assignments",
        "nwea_assessment_results",
        "nwea_class_assignments",
    ]
    assert {term for one in readings if len(one.evidence) for term in one.evidence["term"]} == set(terms.values())


def test_class_assignments_give_memberships(tmp_path: Path) -> None:
    row = {
        "TermName": "Fall 2025-2026",
        "SchoolName": "Pine School",
        "StudentID": "S1",
        "ClassName": "4B",
        "TeacherName": "Ode, A",
        "TeacherID": "07",
    }
    for header in (CLASSES, ["StudentID", "ClassName", "TeacherName"]):
        reading = read_text(tmp_path, csv_text(header, [row, row | {"ClassName": "Art"}, row | {"ClassName": ""}]))
        assert reading.frame(Kind.MEMBERSHIPS)["class_name"].tolist() == ["4B", "Art"]
        assert [problem.row for problem in reading.left_out] == [4]
    assert reading.frame(Kind.MEMBERSHIPS)["educator_name"].tolist() == ["Ode, A"] * 2


# Real files


def as_a_spreadsheet_saves(cell: str) -> str:
    """`9/16/2013` for `09/16/2013`, `6` for `6.0`, `9:05:00 AM` for `09:05:00`."""
    if found := re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", cell):
        return f"{int(found[1])}/{int(found[2])}/{found[3]}"
    if found := re.fullmatch(r"([0-9]{2}):([0-9]{2}:[0-9]{2})", cell):
        hour = int(found[1])
        return f"{hour % 12 or 12}:{found[2]} {'PM' if hour >= 12 else 'AM'}"
    return str(float(cell)).removesuffix(".0") if re.fullmatch(r"[0-9]+\.[0-9]+", cell) else cell


def rewritten(name: str, folder: Path, change: Callable[[str], str], **style: Any) -> Path:
    """A copy of a sample with other cells, in another style."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    path = folder / Path(name).name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, **style).writerows([header, *([change(cell) for cell in row] for row in rows)])
    return path


@needs_samples
@pytest.mark.parametrize("season", ["Fall", "Winter"])
def test_a_term_reads_the_same_quoted_and_saved_again_by_a_spreadsheet(tmp_path: Path, season: str) -> None:
    for kind in ("AssessmentResults", "StudentsBySchool"):
        name = f"nwea_cdf_2013/{season}2013{kind}.csv"
        read = []
        for folder, change, style in (
            ("quoted", str, {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"}),
            ("saved", as_a_spreadsheet_saves, {"lineterminator": "\r\n"}),
        ):
            (tmp_path / folder).mkdir(exist_ok=True)
            with open_tables(rewritten(name, tmp_path / folder, change, **style)) as tables:
                (table,) = tables
                read.append(Reading(table))
        quoted, saved = read
        assert not quoted.problems
        assert not saved.problems
        for one in Kind:
            assert quoted.frame(one).equals(saved.frame(one)), (kind, one)
        assert len(quoted.frame(Kind.EVIDENCE if kind == "AssessmentResults" else Kind.LEARNERS)) > 600


def sample(name: str) -> Reading:
    with open_tables(SAMPLES / name) as tables:
        (table,) = tables
        return Reading(table)


@needs_samples
@pytest.mark.parametrize("season", ["Fall", "Winter"])
def test_every_row_of_nweas_training_files_is_accounted_for(season: str) -> None:
    name = f"nwea_cdf_2013/{season}2013AssessmentResults.csv"
    reading = sample(name)
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        groups = defaultdict(list)
        for row in csv.DictReader(file):
            groups[row["StudentID"], row["TermName"], row["MeasurementScale"]].append(row["GrowthMeasureYN"])
    expected: Counter[str] = Counter()
    for flags in groups.values():
        expected["growth"] += flags.count("TRUE")
        expected["repeat" if "TRUE" in flags else "other"] += flags.count("FALSE")
    assert reading.tally.rows == sum(expected.values()) == 2347
    assert Counter(standings(reading)) == +expected
    assert reading.tally.growth == expected["growth"]
    assert reading.tally.repeats == expected["repeat"]
    assert reading.tally.left_out == 0
    assert not reading.problems


@needs_samples
@pytest.mark.parametrize("season", ["Fall", "Winter"])
def test_every_learner_of_nweas_training_roster_is_read(season: str) -> None:
    reading = sample(f"nwea_cdf_2013/{season}2013StudentsBySchool.csv")
    assert reading.tally.rows == reading.tally.events == len(reading.frame(Kind.LEARNERS)) == 684
    assert not reading.problems


@needs_samples
def test_a_current_file_is_read_with_its_ragged_last_row() -> None:
    reading = sample("nwea_cdf_current/edfi_MAP_Growth_AssessmentResults.csv")
    assert reading.tally.rows == len(reading.scores) == 7
    assert [(p.row, p.left_out) for p in reading.problems] == [(8, False)]
    assert reading.scores["value"].iloc[-1] == 165


@needs_samples
def test_files_of_other_vendors_are_not_taken_for_ours() -> None:
    for folder in ("dibels_mclass", "fastbridge", "iready", "istation", "star", "nwea_map_fluency", "oneroster"):
        with open_tables(SAMPLES / folder) as tables:
            for table in tables:
                for importer in (ComboStudentAssessment(), AssessmentResults(), StudentsBySchool(), ClassAssignments()):
                    assert not importer.recognises(table.header)
