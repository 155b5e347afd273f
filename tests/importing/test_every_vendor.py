"""Each vendor's files as we write them, with the true headers: shows where there are no samples what those show.

Whoever has real exports beside the project runs `test_importing_samples.py` on those too.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.evidence import measures
from workbench.evidence.measures import OWN
from workbench.importing import Kind, open_tables, recognise
from workbench.workspace import Workspace

from ..conftest import TODAY, clock
from ..reading import Reading
from . import test_dibels as dibels
from . import test_fastbridge as fastbridge
from . import test_iready as iready
from . import test_istation as istation
from . import test_map_fluency as map_fluency
from . import test_star as star
from .nwea_files import CURRENT, OF_2013, ROSTER_OF_2012, csv_text, enrolled, result, result_of_2013
from .packages import pine_school, write_oneroster
from .test_nwea import as_a_spreadsheet_saves
from .test_staged_imports import everything

Rows = list[dict[str, str]]
MANY = 30
NUMBERS = range(1, MANY + 1)


def write(path: Path, header: Sequence[str], rows: Rows, *, end: str = "\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(header, rows, end=end), encoding="utf-8", newline="")


def code(number: int) -> str:
    return f"00{number:04}"


def two_terms(folder: Path) -> None:
    """Two terms of 2013: each learner's growth event in mathematics, and for every third a test that is none."""
    for season, month in (("Fall", 9), ("Winter", 12)):
        term = f"{season} 2013-2014"
        tests = []
        for number in NUMBERS:
            day = f"{month:02}/{10 + number % 15:02}/2013"
            mine = {"StudentID": f"F{number:04}", "TermName": term, "TestStartDate": day}
            score = 180 + number if season == "Fall" else 184 + number
            tests.append(result_of_2013(**mine, TestRITScore=score, TestID=1000 + number))
            if number % 3 == 0:
                mine["GrowthMeasureYN"] = "FALSE"
                other = {"TestID": 2000 + number, "TestStartTime": "10:30:00", "TestStandardError": "3.9"}
                tests.append(result_of_2013(**mine, **other, TestRITScore=score - 9))
        write(folder / f"{season}2013AssessmentResults.csv", OF_2013, tests)
        people = [
            enrolled(
                StudentID=f"F{number:04}", TermName=term, StudentFirstName=f"Given{number}", StudentLastName="Birch"
            )
            for number in NUMBERS
        ]
        write(folder / f"{season}2013StudentsBySchool.csv", ROSTER_OF_2012, people)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each vendor, laid out as the samples are."""
    folder = tmp_path_factory.mktemp("ours")

    def each(make: object, **cells: str) -> Rows:
        assert callable(make)
        return [make(**{name: value.format(number=number, code=code(number)) for name, value in cells.items()})
                for number in NUMBERS]  # fmt: skip

    two_terms(folder / "nwea_cdf_2013")
    current = each(result, StudentID="{code}", TestID="{number}")
    write(folder / "nwea_cdf_current" / "AssessmentResults.csv", CURRENT, current)
    eight = each(
        dibels.benchmark,
        **{"Student Primary ID": "{number}000", "Student ID (District ID)": "{code}", "Composite Score": "3{number}"},
    )
    write(folder / "dibels_mclass" / "Dibels_8.csv", dibels.EIGHT, eight)
    write(folder / "dibels_mclass" / "Dibels_Next.csv", dibels.NEXT, [
        row | {"Assessment Edition": "DIBELS Next"} for row in eight
    ])  # fmt: skip
    tests = {"Fall_aReading_Test_Theta": "5{number}", "Fall_aReading_Final_Date": "2026-09-12"}
    people = [fastbridge.learner(Local_ID=code(number)) for number in NUMBERS]
    cells = {name.replace("_", " "): value for name, value in tests.items()}
    reading = [row | {name: value.format(number=10 + at) for name, value in cells.items()}
               for at, row in enumerate(people)]  # fmt: skip
    maths = [{name.replace("aReading", "aMath"): value for name, value in row.items()} for row in reading]
    write(folder / "fastbridge" / "aReading.csv", fastbridge.READING, reading)
    write(folder / "fastbridge" / "aMath.csv", fastbridge.MATHS, maths)
    diagnostics = each(iready.diagnostic, **{"Student ID": "{code}"})
    write(folder / "iready" / "diagnostic_ela.csv", iready.ELA, diagnostics, end="\r\n")
    write(folder / "iready" / "diagnostic_math.csv", iready.MATHS, diagnostics, end="\r\n")
    write(folder / "iready" / "lessons.csv", iready.LESSONS, each(iready.lesson, **{"Student ID": "{code}"}))
    write(folder / "istation" / "isip.csv", istation.HEADER, each(istation.learner, STUDENT_ID="{code}"))
    fluency = [*each(map_fluency.result, StudentID="{code}"), *each(map_fluency.oral, StudentID="{code}")]
    write(folder / "nwea_map_fluency" / "fluency.csv", map_fluency.HEADER, fluency)
    stars = each(star.a_test, StudentIdentifier="{code}", AssessmentID="A{number}")
    mastered = each(star.mastery, StudentIdentifier="{code}", AssessmentID="A{number}")
    write(folder / "star" / "SR.csv", star.READING, stars)
    write(folder / "star" / "SM.csv", star.MATHS, stars)
    write(folder / "star" / "SEL.csv", star.EARLY, stars)
    write(folder / "star" / "standards.csv", star.STANDARDS, mastered)
    write(folder / "star" / "skills.csv", star.SKILLS, mastered)
    history = each(star.historical, **{"Student Identifier": "{code}", "Renaissance Activity ID": "a{number}"})
    write(folder / "star" / "historical.csv", star.HISTORICAL, history)
    write_oneroster(folder / "oneroster", pine_school())
    return folder


TESTS = ("nwea_cdf_2013", "nwea_cdf_current", "dibels_mclass", "fastbridge", "iready", "istation", "nwea_map_fluency",
         "star")  # fmt: skip


def readings(folder: Path) -> Iterator[Reading]:
    with open_tables(folder) as tables:
        for table in tables:
            yield Reading(table)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("vendor", TESTS)
def test_every_row_is_read_and_every_fact_is_of_a_measure_that_has_words(ours: Path, vendor: str) -> None:
    for path, reading in zip(sorted((ours / vendor).iterdir()), readings(ours / vendor), strict=True):
        assert reading.tally.rows == len(rows_of(path))
        assert not reading.problems
        assert not reading.skipped
        if "StudentsBySchool" in path.name:
            assert len(reading.frame(Kind.LEARNERS)) == MANY
            continue
        assert len(set(reading.evidence["learner_code"])) == MANY
        for fact in reading.evidence[["source", "measure", "aspect", "unit"]].drop_duplicates().itertuples(index=False):
            measure = measures.named(fact.source, fact.measure, fact.aspect, fact.unit)
            assert measure.words != OWN, tuple(fact)
            assert measure.name


@pytest.mark.parametrize("vendor", [*TESTS, "oneroster"])
def test_each_file_is_known_by_its_own_vendor_s_importer(ours: Path, vendor: str) -> None:
    own = {"dibels_mclass": "dibels", "nwea_map_fluency": "map_fluency"}.get(vendor, vendor.partition("_")[0])
    with open_tables(ours / vendor) as tables:
        for table in tables:
            known = [one.name for one in recognise(table)]
            assert own in known[0], (table.file, known)
            assert all(own in name or name == "class_list" for name in known), (table.file, known)


def test_a_test_of_2013_that_is_no_growth_event_stands_beside_the_one_that_is(ours: Path) -> None:
    for season in ("Fall", "Winter"):
        path = ours / "nwea_cdf_2013" / f"{season}2013AssessmentResults.csv"
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows_of(path):
            groups[row["StudentID"]].append(row["GrowthMeasureYN"])
        (reading,) = readings(path)
        assert reading.tally.growth == len(groups) == MANY
        assert reading.tally.repeats == sum(flags.count("FALSE") for flags in groups.values()) == MANY // 3
        assert reading.tally.left_out == 0


def test_a_current_file_s_ragged_last_row_is_read(ours: Path, tmp_path: Path) -> None:
    path = ours / "nwea_cdf_current" / "AssessmentResults.csv"
    ragged = tmp_path / path.name
    ragged.write_text(path.read_text(encoding="utf-8").removesuffix(',""\n') + "\n", encoding="utf-8")
    (reading,) = readings(ragged)
    assert len(reading.scores) == MANY
    assert [(one.row, one.left_out) for one in reading.problems] == [(MANY + 1, False)]


def test_every_vendor_comes_in_and_a_second_time_changes_nothing(ours: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        for vendor in TESTS:
            outcome = bench.imports.run(ours / vendor, on=TODAY)
            assert outcome.tally.adds_up
            assert not outcome.problems
            before = bench.imports.totals()
            assert all(file.note for file in bench.imports.run(ours / vendor, on=TODAY).files)
            assert bench.imports.totals() == before
        assert len(bench.learners.all()) == MANY


def saved_again(source: Path, folder: Path, style: Mapping[str, object]) -> Path:
    """A copy in another style, its cells as a spreadsheet writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    path = folder / source.name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **style)  # type: ignore[arg-type]
        writer.writerows([header, *([as_a_spreadsheet_saves(cell) for cell in row] for row in rows)])
    return path


def test_two_terms_give_the_same_store_in_either_order_and_saved_again_by_a_spreadsheet(
    ours: Path, tmp_path: Path
) -> None:
    found = []
    for way, seasons in (("quoted", ("Fall", "Winter")), ("saved", ("Winter", "Fall"))):
        workspace = Workspace.create(tmp_path / f"school {way}", name="Cedar Hill")
        with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
            for season in seasons:
                paths = sorted((ours / "nwea_cdf_2013").glob(f"{season}*"))
                if way == "saved":
                    paths = [saved_again(path, tmp_path / way, {"lineterminator": "\r\n"}) for path in paths]
                assert not bench.imports.run(paths, on=TODAY).problems
            found.append(everything(bench))
    quoted, saved = found
    assert len(quoted["evidence"]) > 2 * MANY
    for name, said in quoted.items():
        assert said == saved[name], name


def test_the_facts_of_a_learner_are_those_of_the_file(ours: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        bench.imports.run(ours / "nwea_cdf_2013", on=TODAY)
        facts = [one for one in bench.evidence.of(bench.learners.named("F0003")) if one.term == "Fall 2013-2014"]
    mine = [one for one in rows_of(ours / "nwea_cdf_2013" / "Fall2013AssessmentResults.csv")
            if one["StudentID"] == "F0003"]  # fmt: skip
    assert {(one.value, one.error, one.percentile) for one in facts if one.aspect == ""} >= {
        (float(row["TestRITScore"]), float(row["TestStandardError"]), float(row["TestPercentile"]))
        for row in mine
        if row["GrowthMeasureYN"] == "TRUE"
    }


def test_a_package_comes_in_whole(ours: Path, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
        outcome = bench.imports.run(ours / "oneroster", on=TODAY)
        assert outcome.tally.adds_up
        assert not outcome.problems
        assert {one.name for one in bench.learners.classes()} == {"4B", "Choir"}
