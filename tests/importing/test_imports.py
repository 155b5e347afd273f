"""Bringing exports in: real layouts, whole folders, and numbers that add up."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput
from workbench.sample import cast
from workbench.workspace import Workspace

from ..conftest import ROOT, TODAY, clock
from .test_nwea import as_a_spreadsheet_saves, rewritten
from .test_staged_imports import everything

SAMPLES = Path(os.environ.get("WORKBENCH_SAMPLES", ROOT.parent / "shared" / "samples"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real sample exports are not on this machine")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as opened:
        yield opened


@needs_samples
def test_every_row_of_two_real_terms_is_accounted_for(bench: Workbench) -> None:
    outcome = bench.imports.run(SAMPLES / "nwea_cdf_2013", on=TODAY)
    for file in outcome.files:
        with (SAMPLES / "nwea_cdf_2013" / file.file).open(encoding="utf-8") as text:
            rows = list(csv.DictReader(text))
        assert file.tally.rows == len(rows)
        assert file.tally.adds_up
        if "Assessment" not in file.file:
            continue
        flags = Counter(row["GrowthMeasureYN"] for row in rows)
        growth = {(r["StudentID"], r["MeasurementScale"]) for r in rows if r["GrowthMeasureYN"] == "TRUE"}
        beside = [
            r for r in rows if r["GrowthMeasureYN"] == "FALSE" and (r["StudentID"], r["MeasurementScale"]) in growth
        ]
        assert file.tally.growth == flags["TRUE"]
        assert file.tally.repeats == len(beside)
        assert file.tally.events == len(rows) - len(beside)
        assert file.tally.left_out == 0
    assert len(bench.learners.all()) == 684


@needs_samples
def test_two_terms_give_the_same_store_in_either_order_and_saved_again_by_a_spreadsheet(tmp_path: Path) -> None:
    ways: dict[str, tuple[tuple[str, str], Callable[[str], str], dict[str, Any]]] = {
        "quoted": (("Fall", "Winter"), str, {"quoting": csv.QUOTE_ALL}),
        "saved": (("Winter", "Fall"), as_a_spreadsheet_saves, {}),
    }
    found = []
    for way, (seasons, change, style) in ways.items():
        workspace = Workspace.create(tmp_path / f"school {way}", name="Cedar Hill")
        with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
            for season in seasons:
                folder = tmp_path / way / season
                folder.mkdir(parents=True)
                for kind in ("AssessmentResults", "StudentsBySchool"):
                    rewritten(f"nwea_cdf_2013/{season}2013{kind}.csv", folder, change, **style)
                assert not bench.imports.run(folder, on=TODAY).problems
            found.append(everything(bench))
    quoted, saved = found
    assert len(quoted["evidence"]) > 20_000
    for name, said in quoted.items():
        assert said == saved[name], name


@needs_samples
def test_the_facts_of_a_real_learner_are_those_of_the_file(bench: Workbench) -> None:
    bench.imports.run(SAMPLES / "nwea_cdf_2013", on=TODAY)
    with (SAMPLES / "nwea_cdf_2013" / "Fall2013AssessmentResults.csv").open(encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["StudentID"] == "F08000002"]
    learner = bench.learners.named("F08000002")
    facts = [f for f in bench.evidence.of(learner) if f.term == "Fall 2013-2014"]

    whole = {(f.value, f.error, f.percentile) for f in facts if f.aspect == ""}
    assert whole == {
        (float(r["TestRITScore"]), float(r["TestStandardError"]), float(r["TestPercentile"])) for r in rows
    }
    told = {(f.aspect, f.value) for f in facts if f.aspect.startswith("area: ")}
    there = {
        (f"area: {r[f'Goal{n}Name']}", float(r[f"Goal{n}RitScore"]))
        for r in rows
        for n in range(1, 9)
        if r[f"Goal{n}Name"]
    }
    assert told == there


@needs_samples
def test_the_current_layout_s_ragged_row_is_read(bench: Workbench) -> None:
    outcome = bench.imports.run(SAMPLES / "nwea_cdf_current", on=TODAY)
    (file,) = outcome.files
    assert (file.tally.rows, file.tally.events, file.tally.growth, file.tally.left_out) == (7, 7, 6, 0)
    assert file.tally.adds_up


def test_a_whole_folder_of_exports_comes_in_and_twice_changes_nothing(bench: Workbench, exports: Path) -> None:
    first = bench.imports.run([exports / "nwea", exports / "rosters"], on=TODAY)
    totals = bench.imports.totals()
    second = bench.imports.run([exports / "nwea", exports / "rosters"], on=TODAY)

    assert all(file.tally.adds_up for file in first.files)
    assert first.tally.left_out == 0
    assert second.import_id is None
    assert bench.imports.totals() == totals
    assert len(bench.learners.in_class("4B")) == cast.CLASS_SIZE


def test_the_same_facts_in_another_file_are_the_same(bench: Workbench, exports: Path, tmp_path: Path) -> None:
    term = exports / "nwea" / "Fall 2025-2026"
    bench.imports.run(term, on=TODAY)
    text = (term / "AssessmentResults.csv").read_text(encoding="utf-8")
    (tmp_path / "AssessmentResults (1).csv").write_text(text + "\n", encoding="utf-8")
    again = bench.imports.run(tmp_path / "AssessmentResults (1).csv", on=TODAY)

    assert again.counts.new == again.counts.changed == 0
    assert again.counts.same > 5000


def test_a_class_list_finds_the_teacher_that_other_rosters_know(bench: Workbench, exports: Path) -> None:
    bench.imports.run([exports / "nwea" / "Fall 2026-2027.zip", exports / "rosters"], on=TODAY)
    assert [code for code, _name in bench.learners.class_named("4B").educators] == [cast.TEACHER]


def test_a_file_that_is_no_export_is_named_with_what_was_looked_for(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "lunch.csv").write_text("Monday,Tuesday\npasta,soup\n")
    with pytest.raises(BadInput, match=r"lunch\.csv") as caught:
        bench.imports.run(tmp_path / "lunch.csv", on=TODAY)
    assert "StudentID" in str(caught.value)
    assert bench.imports.history() == ()


def test_a_folder_without_exports_is_a_sentence(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no file to read"):
        bench.imports.run(tmp_path / "empty", on=TODAY)


def test_one_unknown_file_among_known_ones_is_a_problem_and_the_others_are_read(
    bench: Workbench, exports: Path, tmp_path: Path
) -> None:
    (tmp_path / "lunch.csv").write_text("Monday,Tuesday\npasta,soup\n")
    outcome = bench.imports.run([tmp_path / "lunch.csv", exports / "rosters" / "class_list.csv"], on=TODAY)

    assert [problem.file for problem in outcome.problems] == ["lunch.csv"]
    assert outcome.counts.new > 0
    assert bench.imports.problems() == outcome.problems


def test_what_is_prepared_is_seen_by_nobody_and_brought_in_without_reading_it_again(
    bench: Workbench, exports: Path
) -> None:
    told: list[str] = []
    before = bench.snapshot
    with bench.imports.prepare(
        exports / "nwea" / "Fall 2026-2027.zip", on=TODAY, progress=lambda file, done, total: told.append(file)
    ) as prepared:
        read = len(told)
        assert (bench.snapshot, bench.imports.history(), bench.learners.all()) == (before, (), ())
        assert all(file.tally.adds_up and file.title and file.counts.new for file in prepared.outcome.files)
        done = prepared.commit()
    assert len(told) == read
    assert done.import_id is not None
    assert done.files == prepared.outcome.files
    assert len(bench.learners.in_class("4B")) == cast.CLASS_SIZE
    again = bench.imports.prepare(exports / "nwea" / "Fall 2026-2027.zip", on=TODAY)
    assert again.commit().import_id is None


def test_learners_with_results_but_on_no_roster_are_told(bench: Workbench, exports: Path) -> None:
    term = exports / "nwea" / "Fall 2025-2026"
    bench.imports.run(term / "AssessmentResults.csv", on=TODAY)
    assert bench.learners.all() == ()
    assert "that no learner here has" in bench.imports.unnamed()

    bench.imports.run(term / "StudentsBySchool.csv", on=TODAY)
    assert bench.imports.unnamed() == ""
    assert bench.learners.all()


def test_progress_is_told_up_to_the_last_row(bench: Workbench, exports: Path) -> None:
    told: dict[str, int] = {}
    outcome = bench.imports.run(
        exports / "nwea" / "Fall 2026-2027.zip", on=TODAY, progress=lambda file, done, total: told.update({file: done})
    )
    assert told == {file.file: file.tally.rows for file in outcome.files}


def test_everybody_in_the_demo_has_what_programs_and_the_school_noted_and_nobody_waits(prepared: Path) -> None:
    with Workbench.open(prepared, actor="admin:office", clock=clock) as bench:
        assert bench.matching.waiting() == ()
        every = {
            learner.code: {fact.source for fact in bench.evidence.of(learner)}
            for learner in bench.learners.in_class("4B")
        }
    assert {"nwea_map", "lexia_core5", "myon", "attendance", "habits"} in every.values()
    assert all({"myon", "attendance", "habits"} <= sources for code, sources in every.items() if code != cast.WREN)
