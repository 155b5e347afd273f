"""Rosters of several files brought in: who is in which class now, whoever said so, and who is no more."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.ground.errors import NotAllowed
from workbench.learners.learners import SchoolClass, class_labels
from workbench.sample import cast
from workbench.store import tables
from workbench.workspace import Workspace

from ..conftest import TODAY, clock, new_database
from .nwea_files import CURRENT, csv_text, result
from .packages import PASSWORD, Rows, enrolled, pine_school, pupil, taught, write_oneroster


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty workspace, opened by the office."""
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as opened:
        yield opened


@pytest.fixture
def either(workspace: Workspace) -> Iterator[Workbench]:
    """The same on SQLite and on PostgreSQL."""
    with Workbench.open(workspace, actor="admin:office", clock=clock) as opened:
        yield opened


def bring(bench: Workbench, folder: Path, *, mode: str = "bulk", on: date = TODAY, **changes: Rows) -> int | None:
    """Writes the Pine School's package, changed, and brings it in."""
    package = write_oneroster(folder, pine_school(**changes), mode=mode)
    return bench.imports.run(package, on=on).import_id


def members(bench: Workbench) -> dict[str, list[str]]:
    """The learners of each class now, by given name."""
    return {
        one.name: [learner.given_name for learner in bench.learners.in_class(one)] for one in bench.learners.classes()
    }


def test_a_package_comes_in_whole_and_twice_changes_nothing(bench: Workbench, tmp_path: Path) -> None:
    assert bring(bench, tmp_path / "p")
    assert members(bench) == {"4B": ["Ana", "Luz"], "Choir": ["Luz"]}
    assert [one.educators for one in bench.learners.classes()] == [(("e14", "Ode, Mara"),), (("e20", "Birch, Tom"),)]
    (enrolment,) = bench.learners.enrolments(bench.learners.named("Luz Rivera"))
    assert (enrolment.school, enrolment.term, enrolment.grade) == ("Pine School", "2026-2027", "4")
    assert bring(bench, tmp_path / "p") is None


def test_a_file_is_read_again_when_another_of_its_package_has_changed(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, tmp_path / "1")
    homeroom, choir = pine_school()["classes"]
    bring(bench, tmp_path / "2", classes=[homeroom, {**choir, "title": "Big Choir"}])
    assert members(bench) == {"4B": ["Ana", "Luz"], "Big Choir": ["Luz"]}


def test_a_later_bulk_package_takes_out_who_left_and_undo_brings_them_back(either: Workbench, tmp_path: Path) -> None:
    bring(either, tmp_path / "1")
    told = pine_school()
    users = [row for row in told["users"] if row["sourcedId"] != "u2"]
    stays = [row for row in told["enrollments"] if row["userSourcedId"] != "u2" and row["sourcedId"] != "e5"]
    later = bring(either, tmp_path / "2", users=users, enrollments=stays)
    assert members(either) == {"4B": ["Luz"]}
    assert [one.given_name for one in either.learners.in_school("Pine School")] == ["Luz"]
    assert [one.given_name for one in either.learners.all()] == ["Ana", "Luz"]

    assert later
    either.imports.undo(later)
    assert members(either) == {"4B": ["Ana", "Luz"], "Choir": ["Luz"]}


def test_a_bulk_package_leaves_alone_what_other_rosters_say(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "chess.csv").write_text("Student ID,Name,Class,School\n605001,Luz Rivera,Chess,Pine School\n")
    bring(bench, tmp_path / "1")
    bench.imports.run(tmp_path / "chess.csv", on=TODAY)
    told = pine_school()
    bring(bench, tmp_path / "2", enrollments=[row for row in told["enrollments"] if row["sourcedId"] != "e5"])
    assert members(bench) == {"4B": ["Ana", "Luz"], "Chess": ["Luz"]}


def test_a_delta_package_says_what_has_changed_and_nothing_of_the_rest(either: Workbench, tmp_path: Path) -> None:
    bring(either, tmp_path / "1")
    changes = [enrolled("e4", "k4b", "u2", status="tobedeleted"), enrolled("e6", "kch", "u2")]
    delta = write_oneroster(tmp_path / "2", {"enrollments": changes}, mode="delta")
    outcome = either.imports.run(delta, on=TODAY)
    assert outcome.tally.left_out == 0
    assert members(either) == {"4B": ["Luz"], "Choir": ["Ana", "Luz"]}


def test_a_person_taken_out_is_in_no_class_and_keeps_the_name(either: Workbench, tmp_path: Path) -> None:
    bring(either, tmp_path / "1")
    left = pupil("u1", "Rivera", "Luz", "605001", status="inactive")
    gone = write_oneroster(tmp_path / "2", {"users": [left]}, mode="delta")
    either.imports.run(gone, on=TODAY)
    assert members(either) == {"4B": ["Ana"]}
    assert either.learners.named("Luz Rivera").birth_date == date(2016, 3, 21)
    assert either.learners.in_school("Pine School") == (either.learners.named("Ana Ode"),)


def test_a_teacher_taken_off_a_class_sees_its_learners_no_more_and_they_stay(
    either: Workbench, workspace: Workspace, tmp_path: Path
) -> None:
    bring(either, tmp_path / "1")
    luz = either.learners.named("Luz Rivera")
    with Workbench.open(workspace, actor="teacher:e20", clock=clock) as own:
        assert own.learners.get(luz)
    off = [taught("e2", "kch", "t2", status="tobedeleted")]
    delta = write_oneroster(tmp_path / "2", {"enrollments": off}, mode="delta")
    either.imports.run(delta, on=TODAY)
    assert members(either) == {"4B": ["Ana", "Luz"], "Choir": ["Luz"]}
    with Workbench.open(workspace, actor="teacher:e20", clock=clock) as own, pytest.raises(NotAllowed):
        own.learners.get(luz)


def test_who_changes_class_within_the_year_is_in_the_new_one(bench: Workbench, tmp_path: Path) -> None:
    rows = [
        taught("e1", "k4b", "t1"),
        taught("e2", "kch", "t2"),
        enrolled("e3", "k4b", "u1", beginDate="2026-08-24", endDate="2026-11-06"),
        enrolled("e4", "k4b", "u2", beginDate="2026-08-24", endDate="2027-06-11"),
        enrolled("e5", "kch", "u1", beginDate="2026-11-09", endDate="2027-06-11"),
    ]
    bring(bench, tmp_path / "p", enrollments=rows)
    assert members(bench) == {"4B": ["Ana"], "Choir": ["Luz"]}


def test_a_bulk_package_that_lost_a_row_takes_nobody_out(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, tmp_path / "1")
    told = pine_school()["enrollments"]
    torn = [{**row, "classSourcedId": "k?"} if row["sourcedId"] == "e5" else row for row in told]
    bring(bench, tmp_path / "2", enrollments=torn)
    assert members(bench) == {"4B": ["Ana", "Luz"], "Choir": ["Luz"]}


@pytest.mark.parametrize("file", ["users", "classes", "orgs"])
def test_a_bulk_package_that_names_more_than_it_lists_takes_nobody_out(
    bench: Workbench, tmp_path: Path, file: str
) -> None:
    bring(bench, tmp_path / "1")
    rows = list(pine_school()[file])
    package = write_oneroster(tmp_path / "2", pine_school(**{file: [row for row in rows if row != rows[-1]]}))
    outcome = bench.imports.run(package, on=TODAY)
    assert members(bench) == {"4B": ["Ana", "Luz"], "Choir": ["Luz"]}
    assert len(bench.learners.in_school("Pine School")) == 2
    assert any("nobody was taken off" in one.reason for one in outcome.problems)


def test_who_is_enrolled_no_more_is_asked_about_though_the_classes_keep_them(bench: Workbench, tmp_path: Path) -> None:
    users = [*pine_school()["users"], pupil("u3", "Poe", "Ed", "605003")]
    bring(bench, tmp_path / "1", users=users)
    unplaced = [{**row, "orgSourcedIds": ""} if row["sourcedId"] in ("u1", "u2") else row for row in users]
    package = write_oneroster(tmp_path / "2", pine_school(users=unplaced))
    with bench.imports.prepare(package, on=TODAY) as prepared:
        (question,) = prepared.questions
        assert question.shown == ("2 of 3 learners at Pine School are not enrolled any more then.",)
        assert (question.file, question.choices[0].key) == ("enrollments.csv", "2 learners")
    assert len(bench.learners.in_school("Pine School")) == 3


def test_a_password_is_nowhere_afterwards(bench: Workbench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bring(bench, tmp_path / "p", users=[*pine_school()["users"], pupil("u3", "Tran", "Bo", grades=PASSWORD)])
    engine = bench.imports.store.sightings._engine
    with engine.connect() as connection:
        kept = [str(row) for table in tables.metadata.sorted_tables for row in connection.execute(sa.select(table))]
    assert any("605001" in row for row in kept)
    told = [str(problem) for problem in bench.imports.problems()]
    assert told
    assert not [text for text in (*kept, *told, caplog.text) if PASSWORD in text]


def test_the_demo_schools_package_says_what_its_other_rosters_say(bench: Workbench, exports: Path) -> None:
    bench.imports.run(exports / "oneroster.zip", on=TODAY)
    assert len(bench.learners.in_class("4B")) == cast.CLASS_SIZE
    assert [code for code, _name in bench.learners.class_named("4B").educators] == [cast.TEACHER]
    before = members(bench)
    bench.imports.run(exports / "rosters" / "class_list.csv", on=TODAY)
    assert members(bench) == before
    assert len(bench.learners.all()) == 404


# One learner, whoever tells of them

NWEA_2025 = [("605001", "Fall 2025-2026", 190), ("605009", "Fall 2025-2026", 180)]
NWEA_2026 = [("605001", "Fall 2026-2027", 201), ("605009", "Fall 2026-2027", 188)]


def histories(folder: Path) -> dict[str, Path]:
    """Luz Rivera's two years at two schools, beside another Luz Rivera's, in four files."""
    folder.mkdir()
    for name, rows in (("nwea25", NWEA_2025), ("nwea26", NWEA_2026)):
        told = [
            result(StudentID=code, TermName=term, TestRITScore=rit, TestStartDate=f"09/15/{term[5:9]}")
            for code, term, rit in rows
        ]
        (folder / f"{name}.csv").write_text(csv_text(CURRENT, told))
    (folder / "elm.csv").write_text(
        "Student ID,First Name,Last Name,Class,School,Term,Teacher ID\n"
        "605001,Luz,Rivera,3A,Elm School,2025-2026,e1\n"
        "605009,Luz,Rivera,3A,Elm School,2025-2026,e1\n"
        "605009,Luz,Rivera,4C,Elm School,2026-2027,e2\n"
        "605010,Ed,Poe,4C,Elm School,2026-2027,e2\n"
    )
    write_oneroster(folder / "pine", pine_school())
    names = {"nwea25": "nwea25.csv", "nwea26": "nwea26.csv", "elm": "elm.csv", "pine": "pine"}
    return {name: folder / file for name, file in names.items()}


def told_of(bench: Workbench, code: str) -> tuple[object, ...]:
    learner = bench.learners.named(code)
    return (
        learner.name,
        [(fact.term, fact.value) for fact in bench.evidence.of(learner) if fact.aspect == ""],
        [one.name for one in bench.learners.classes_of(learner)],
        [(one.term, one.school) for one in bench.learners.enrolments(learner)],
    )


def test_two_of_one_name_are_told_apart_and_who_moves_keeps_one_history_in_any_order(
    postgresql: str, tmp_path: Path
) -> None:
    files = histories(tmp_path / "files")
    names = list(files)
    orders = [names[at:] + names[:at] for at in range(len(names))]  # each is first once, and last
    for at, order in enumerate([*orders, names[::-1]]):
        db = new_database(postgresql) if at % 3 == 0 else ""
        workspace = Workspace.create(tmp_path / f"school{at}", name="Pine", db=db)
        with Workbench.open(workspace, actor="admin:office", clock=clock) as bench:
            for name in order:
                bench.imports.run(files[name], on=TODAY)
            moved, other = told_of(bench, "605001"), told_of(bench, "605009")
            assert len(bench.learners.all()) == 4
        assert moved == (
            "Luz Rivera",
            [("Fall 2025-2026", 190.0), ("Fall 2026-2027", 201.0)],
            ["4B", "Choir"],
            [("2025-2026", "Elm School"), ("2026-2027", "Pine School")],
        ), order
        assert other == (
            "Luz Rivera",
            [("Fall 2025-2026", 180.0), ("Fall 2026-2027", 188.0)],
            ["4C"],
            [("2025-2026", "Elm School"), ("2026-2027", "Elm School")],
        ), order
        shutil.rmtree(workspace.folder)


def test_classes_of_one_name_are_told_apart_by_their_schools() -> None:
    known = [(1, "4A", "Hill"), (2, "4B", "Hill"), (3, "4B", "Lake")]
    classes = [SchoolClass(number, name, school, "2026-2027", (), 20) for number, name, school in known]
    assert class_labels(classes) == {"1": "4A", "2": "4B, Hill", "3": "4B, Lake"}
