"""Exports that are looked at first: questions, what waits, and stores that come out the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.ground.errors import BadInput
from workbench.importing.doubts import LEAVE_OUT
from workbench.importing.reading.dates import DAY, ORDER
from workbench.importing.recognised import Given
from workbench.sample.demo import readable
from workbench.store import connect, tables
from workbench.workspace import Workspace

from ..conftest import TODAY, clock

ROSTER = "Student ID,First Name,Last Name,Class,Teacher,Grade,School\n001,Luz,Marín,4B,Ana Rivera,4,Cedar Hill\n"


BOOK = """
name = "{name}_book"
title = "the {name} book"
[day]
date = "Date"
[[values]]
column = "Minutes"
measure = "reading at home"
unit = "minutes"
kind = "count"
"""
PAGES = """
name = "pages"
title = "the pages"
[day]
ask = "day"
[[values]]
column = "Pages"
measure = "pages read"
unit = "pages"
kind = "count"
"""


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as opened:
        yield opened


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def count(bench: Workbench, table: sa.Table) -> int:
    engine = connect(bench.desk.url)
    with engine.connect() as connection:
        found = connection.scalar(sa.select(sa.func.count()).select_from(table))
    engine.dispose()
    return int(found or 0)


def test_a_question_without_an_answer_keeps_everything_out_and_says_how_to_answer(
    bench: Workbench, tmp_path: Path
) -> None:
    mappings = bench.workspace.folder / "mappings"
    for name in ("green", "red"):
        write(mappings, f"{name}.toml", BOOK.format(name=name))
    write(mappings, "pages.toml", PAGES)
    files = [
        write(tmp_path, "class.csv", ROSTER),
        write(tmp_path, "minutes.csv", "Student ID,Date,Minutes\n001,01/02/2026,20\n001,03/04/2026,25\n"),
        write(tmp_path, "pages.csv", "Student ID,Pages\n001,31\n"),
    ]
    imports = bench.imports
    with imports.prepare(files, on=TODAY) as prepared:
        kind, day = sorted(prepared.questions, key=lambda one: one.file)
        assert [choice.key for choice in kind.choices] == ["green_book", "red_book"]
        assert (day.name, day.choices) == ("day of the file", ())
        assert [one.tally.rows for one in prepared.outcome.files] == [0, 0, 0]
        with pytest.raises(BadInput, match="kind=red_book") as caught:
            prepared.commit()
        assert "day of the file=YEAR-MONTH-DAY" in caught.value.sentence
        assert "--answer" in caught.value.next_step
    with imports.prepare(files, answers={"kind": "red_book"}, on=TODAY) as prepared:
        assert sorted(one.name for one in prepared.questions) == ["day of the file", "order of day and month"]
        assert {one.title for one in prepared.outcome.files} == {"a class list", "the red book", "the pages"}
    given: dict[Any, str] = {("minutes.csv", "kind"): "red_book", ORDER: "day first", DAY: "2026-11-20"}
    with pytest.raises(BadInput, match="no answer"):
        imports.run(files, answers=given | {DAY: "tomorrow"}, on=TODAY)
    with pytest.raises(BadInput, match="month first"):
        imports.run(files, answers=given | {("minutes.csv", ORDER): "sideways"}, on=TODAY)
    assert imports.history() == ()

    left = imports.run(files, answers={"kind": LEAVE_OUT, DAY: LEAVE_OUT}, on=TODAY)
    assert sorted(one.file for one in left.files if one.note) == ["minutes.csv", "pages.csv"]
    luz = bench.learners.named("001")
    assert bench.evidence.of(luz) == ()
    done = imports.run(files, answers=given, on=TODAY)
    assert [one.file for one in done.files if one.note] == ["class.csv"]
    facts = {(one.source, one.taken_on.isoformat(), one.value) for one in bench.evidence.of(luz)}
    assert facts == {
        ("red_book", "2026-02-01", 20),
        ("red_book", "2026-04-03", 25),
        ("pages", "2026-11-20", 31),
    }


def test_what_was_looked_at_and_not_brought_in_leaves_nothing_behind(bench: Workbench, tmp_path: Path) -> None:
    with bench.imports.prepare(write(tmp_path, "class.csv", ROSTER), on=TODAY):
        assert count(bench, tables.learner_sightings) == count(bench, tables.learners) == 1
    for table in (tables.learner_sightings, tables.learners, tables.imports, tables.import_files):
        assert count(bench, table) == 0


def test_what_waited_too_long_is_read_again_and_what_has_changed_meanwhile_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    now = [clock()]

    def later() -> datetime:
        return now[0]

    roster = write(tmp_path, "class.csv", ROSTER)
    other = write(tmp_path, "other.csv", ROSTER.replace("001", "009"))
    with Workbench.open(workspace, actor="admin:office", clock=later) as bench:
        first = bench.imports.prepare(roster, on=TODAY)
        second = bench.imports.prepare(roster, on=TODAY)
        now[0] += timedelta(minutes=11)
        bench.imports.run(other, on=TODAY)  # sweeps both out
        assert count(bench, tables.learner_sightings) == 1

        done = first.commit()
        assert done.import_id is not None
        assert done.counts.new == 3
        assert [one.code for one in bench.learners.all()] == ["001", "009"]
        write(tmp_path, "class.csv", ROSTER.replace("001", "003"))
        with pytest.raises(BadInput, match="no longer those"):
            second.commit()
        assert [one.code for one in bench.learners.all()] == ["001", "009"]


def test_an_import_that_is_being_swept_out_can_be_neither_written_nor_committed(
    bench: Workbench, tmp_path: Path
) -> None:
    prepared = bench.imports.prepare(write(tmp_path, "class.csv", ROSTER), on=TODAY)
    engine = connect(bench.desk.url)
    with engine.begin() as connection:  # as a sweep that was killed after its first step leaves it
        connection.execute(sa.update(tables.imports).values(swept=True))
        connection.execute(sa.delete(tables.membership_sightings))
    engine.dispose()
    assert prepared.commit().import_id == 2
    (room,) = bench.learners.classes()
    assert (room.name, room.size) == ("4B", 1)


def test_a_correction_is_told_with_the_file_and_row_that_said_each_value(
    bench: Workbench, exports: Path, tmp_path: Path
) -> None:
    term = exports / "nwea" / "Fall 2025-2026"
    lines = (term / "AssessmentResults.csv").read_text(encoding="utf-8").splitlines()[:2]
    bench.imports.run(term / "StudentsBySchool.csv", on=TODAY)
    bench.imports.run(write(tmp_path, "results.csv", "\n".join(lines)), on=TODAY)
    header, row = (line.split(",") for line in lines)
    at = header.index("TestRITScore") if "TestRITScore" in header else header.index('"TestRITScore"')
    learner = bench.learners.named(row[[name.strip('"') for name in header].index("StudentID")].strip('"'))
    (before,) = [one for one in bench.evidence.of(learner) if one.aspect == ""]
    row[at] = str(int(before.value) + 1)
    then = bench.snapshot
    correction = write(tmp_path, "corrected.csv", "\n".join([lines[0], ",".join(row)]))
    done = bench.imports.run(correction, on=TODAY)
    (now,) = [one for one in bench.evidence.of(learner) if one.aspect == ""]

    told = bench.evidence.revisions(now)
    assert [(one.evidence.value, one.file, one.row) for one in told] == [
        (before.value, "results.csv", 2),
        (before.value + 1, "corrected.csv", 2),
    ]
    assert told[-1].import_id == done.import_id
    assert [one.file for one in bench.at(then).evidence.revisions(now)] == ["results.csv"]
    bench.imports.undo(done.import_id or 0)
    assert [one.file for one in bench.evidence.revisions(now)] == ["results.csv"]


def test_a_file_that_says_less_takes_nothing_away(bench: Workbench, tmp_path: Path) -> None:
    more = "Student ID,First Name,Last Name,Middle Name,Birth Date,Class,Grade\n001,Luz,Marín,Inés,2016-05-01,4B,4\n"
    less = "Student ID,Class\n001,4B\n"
    for first, second in ((more, less), (less, more)):
        done = bench.imports.run(write(tmp_path, "first.csv", first), on=TODAY)
        again = bench.imports.run(write(tmp_path, "second.csv", second), on=TODAY)
        luz = bench.learners.named("001")
        assert (luz.name, luz.middle_name, luz.birth_date) == ("Luz Marín", "Inés", date(2016, 5, 1))
        assert again.counts.changed == (1 if first == less else 0)
        for one in (done, again):
            bench.imports.undo(one.import_id or 0)
    both = bench.imports.run([tmp_path / "first.csv", write(tmp_path, "third.csv", more)], on=TODAY)
    assert bench.learners.named("001").birth_date == date(2016, 5, 1)
    assert both.tally.adds_up


def test_an_educator_known_by_name_is_the_one_whose_code_another_roster_tells_unless_two_have_the_name(
    bench: Workbench, tmp_path: Path
) -> None:
    named = write(tmp_path, "named.csv", ROSTER)
    coded = "Student ID,Class,Teacher,Teacher ID,School\n002,4B,Ana Rivera,t17,Cedar Hill\n"
    bench.imports.run(named, on=TODAY)
    assert bench.learners.class_named("4B").educators == (("name:ana rivera", "Ana Rivera"),)
    bench.imports.run(write(tmp_path, "coded.csv", coded), on=TODAY)
    assert bench.learners.class_named("4B").educators == (("t17", "Ana Rivera"),)
    with Workbench.open(bench.workspace, actor="teacher:t17", clock=clock) as hers:
        assert {one.code for one in hers.learners.all()} == {"001", "002"}
    namesake = coded.replace("002,4B", "003,5A").replace("t17", "t99")
    bench.imports.run(write(tmp_path, "namesake.csv", namesake), on=TODAY)
    with Workbench.open(bench.workspace, actor="teacher:t17", clock=clock) as hers:
        assert {one.code for one in hers.learners.all()} == {"002"}


@pytest.mark.parametrize(
    ("term", "answers", "known"),
    [
        ("", {}, True),
        ("2026-2027", {}, True),
        ("Fall 2026-2027", {}, True),
        ("2027-2028", {}, False),
        ("2025-2026", {}, False),
        ("2062-2063", {"term": "this school year"}, True),
    ],
)
def test_a_name_without_an_id_is_known_in_a_class_of_the_same_year_alone(
    bench: Workbench, tmp_path: Path, term: str, answers: Given, known: bool
) -> None:
    bench.imports.run(write(tmp_path, "roster.csv", ROSTER), on=TODAY)
    listed = f"First Name,Last Name,Class,Teacher,School,Term\nLuz,Marín,4B,Omar Diaz,Cedar Hill,{term}\n"
    outcome = bench.imports.run(write(tmp_path, "listed.csv", listed), answers=answers, on=TODAY)
    assert [problem.row for problem in outcome.problems if problem.left_out] == ([] if known else [2])
    assert [one.code for one in bench.learners.all()] == ["001"]
    assert {one.year for one in bench.learners.classes_of(bench.learners.named("001"))} == {"2026-2027"}


def everything(bench: Workbench) -> dict[str, Any]:
    """All that is current, in words, without the numbers that an order of imports gives."""
    roster = bench.desk.store.roster
    learners = {row["id"]: row for row in roster.learners()}
    code = {number: row["code"] for number, row in learners.items()}
    beside = {"id", "learner_id", "class_id", "import_id", "file_id", "row"}

    def said(rows: Sequence[Any]) -> list[str]:
        return sorted(
            f"{code[row['learner_id']]} { {name: row[name] for name in row if name not in beside} }" for row in rows
        )

    return {
        "learners": said(list(learners.values())),
        "enrolments": said(roster.enrolments()),
        "memberships": said(roster.memberships()),
        "classes": sorted(
            str((one.name, one.school, one.year, one.educators, one.size)) for one in bench.learners.classes()
        ),
        "evidence": said([one._asdict() for one in bench.desk.store.sightings.evidence(list(learners))]),
        "totals": bench.imports.totals(),
    }


def test_files_that_agree_give_the_same_store_in_any_order(exports: Path, tmp_path: Path) -> None:
    files = [path for folder in readable(exports) for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) > 10
    found = []
    for seed in (1, 2):
        order = random.Random(seed).sample(files, len(files))
        workspace = Workspace.create(tmp_path / f"school {seed}", name="Cedar Hill")
        with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
            for start in range(0, len(order), 4):
                bench.imports.run(order[start : start + 4], on=TODAY)
            found.append(everything(bench))
    assert len(found[0]["evidence"]) > 5_000
    for name, said in found[0].items():
        assert said == found[1][name], name
