"""Files of results, use, attendance or sign-ups name learners and classes too: they enrol and remove nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput
from workbench.importing.recognised import Given
from workbench.importing.roster_columns import LIST
from workbench.workspace import Workspace

from ..conftest import clock

PEOPLE = "Student ID,First Name,Last Name"
RESULTS = {
    "typing": f"{PEOPLE},Class,WPM,Accuracy\n9,Ada,Lim,4B,31,92\n",
    "absences": f"{PEOPLE},Homeroom,Days Absent,Days Tardy\n9,Ada,Lim,4B,3,1\n",
    "absences one column": f"{PEOPLE},Homeroom,Absences\n9,Ada,Lim,4B,3\n",
    "discipline": f"{PEOPLE},Class,Incident Date,Incident Type,Action Taken\n9,Ada,Lim,4B,9/8/2026,Bus,Call home\n",
    "library": f"{PEOPLE},Class,Book Title,Due Date,Fine\n9,Ada,Lim,4B,Frog and Toad,9/8/2026,0\n",
    "sports": "Student Name,Grade,Homeroom,Sport,Jersey Size,Paid\nAda Lim,4,4B,Soccer,M,yes\n",
    "math facts": "Student,Class,Unit 1,Unit 2,Unit 3\nAda Lim,4B,8,9,10\n",
    "reading log": f"{PEOPLE},Class,Books Read,Minutes\n9,Ada,Lim,4B,4,200\n",
    "fluency": f"{PEOPLE},Class,WCPM,Errors\n9,Ada,Lim,4B,101,2\n",
    "report card": f"{PEOPLE},Class,ELA,Math,Art,Effort\n9,Ada,Lim,4B,B,A,A,S\n",
    "benchmark": "SchoolID,School,FirstName,LastName,StudentID,Grade,ReadLev,ReadSS\n1,Cedar Hill,Ada,Lim,9,4,3,208\n",
    "nwea look-alike": "SchoolName,StudentLastName,StudentFirstName,StudentID,ScaleScore\nC,Lim,Ada,9,5\n",
    "class results": "StudentID,ClassName,TeacherName,Points Earned\n9,4B,Rivera,12\n",
    "marks": "Student ID,Student Name,Subject,Teacher,Term,Grade\n9,Ada Lim,Math,Ode,Fall 2026-2027,4\n",
    "rewards": f"{PEOPLE},Class,Stars,Badges\n9,Ada,Lim,4B,3,1\n",
}
ROSTER = f"{PEOPLE},Class,Teacher ID\n1,Luz,Marin,4B,t17\n2,Omar,Haddad,4B,t17\n3,Mei,Tanaka,4B,t17\n"


def bring(bench: Workbench, folder: Path, text: str, name: str = "file.csv", **options: Any) -> object:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return bench.imports.run(path, **options)


@pytest.fixture
def school(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "school", name="Cedar Hill")


@pytest.mark.parametrize("kind", RESULTS)
def test_a_file_of_something_else_enrols_and_removes_nobody(school: Workspace, tmp_path: Path, kind: str) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bring(bench, tmp_path, ROSTER, "roster.csv")
        before = [one.name for one in bench.learners.all()]
        with pytest.raises(BadInput, match=r"not a file that is known|must say"):
            bring(bench, tmp_path, RESULTS[kind])
        assert [one.name for one in bench.learners.all()] == before
        assert [(one.name, one.size) for one in bench.learners.classes()] == [("4B", 3)]


@pytest.mark.parametrize(
    "column",
    ["Reading Level", "limited_english_proficiency", "Bus", "Allergies", "Parent Email", "Nickname", "T-shirt"],
)
def test_a_class_list_with_a_column_more_is_read_and_says_so(school: Workspace, tmp_path: Path, column: str) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        found = bring(bench, tmp_path, f"{PEOPLE},Homeroom,{column}\n605,Luz,Rivera,4B,M\n")
        assert found.files[0].unread == (column,)  # type: ignore[attr-defined]
        assert [one.name for one in bench.learners.in_class("4B")] == ["Luz Rivera"]


def test_a_column_of_figures_is_asked_about(school: Workspace, tmp_path: Path) -> None:
    text = f"{PEOPLE},Class,Fractions\n1,Luz,Marin,4B,8\n2,Omar,Haddad,4B,9\n"
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        with pytest.raises(BadInput, match="Is this a class list"):
            bring(bench, tmp_path, text)
        assert not bench.learners.all()
        bring(bench, tmp_path, text, answers={LIST: LIST})
        assert len(bench.learners.in_class("4B")) == 2


MAYBE = {
    "tier": f"{PEOPLE},Class,Tier\n1,Luz,Marin,Small group,Tier 2\n",
    "seasons": f"{PEOPLE},Grade,Class,School,Fall,Winter\n1,Luz,Marin,4,4B,Cedar Hill,K,M\n",
    "levels": f"{PEOPLE},Homeroom,Teacher,Term,ELA Level,Math Level\n1,Luz,Marin,4B,Ode,,Meets,Exceeds\n",
    "of a stranger": f"{PEOPLE},Class,Reading Level\n9,Ada,Lim,4B,M\n",
    "clever": "SchoolID,StudentID,FirstName,LastName,Grade,School,Reading Level\n107,9,Ada,Lim,4,Cedar Hill,M\n",
    "nwea": "TermName,SchoolName,StudentLastName,StudentFirstName,StudentID,Grade,Level\n"
    "Fall 2026-2027,Cedar Hill,Marin,Luz,1,4,On track\n",
    "nwea classes": "StudentID,ClassName,TeacherName,Level\n1,Guided reading,Ode,M\n",
}


@pytest.mark.parametrize("kind", MAYBE)
def test_words_that_may_be_results_are_asked_about(school: Workspace, tmp_path: Path, kind: str) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bring(bench, tmp_path, ROSTER, "roster.csv")
        with pytest.raises(BadInput, match="Is this a class list"):
            bring(bench, tmp_path, MAYBE[kind])
        assert [(one.name, one.size) for one in bench.learners.classes()] == [("4B", 3)]
        left = bring(bench, tmp_path, MAYBE[kind], answers={LIST: "leave out"})
        assert left.import_id is None or not left.tally.events  # type: ignore[attr-defined]
        assert len(bench.learners.all()) == 3
        assert bring(bench, tmp_path, MAYBE[kind], answers={LIST: LIST}).tally.events == 1  # type: ignore[attr-defined]


def test_a_column_that_is_empty_or_of_known_learners_is_not_asked_about(school: Workspace, tmp_path: Path) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bring(bench, tmp_path, ROSTER, "roster.csv")
        bring(bench, tmp_path, f"{PEOPLE},Class,T-shirt\n1,Luz,Marin,4B,M\n", "shirts.csv")
        bring(bench, tmp_path, f"{PEOPLE},Class,Tier\n9,Ada,Lim,4B,\n", "new.csv")
        assert len(bench.learners.in_class("4B")) == 4


CLEVER = {
    "schools.csv": "School_id,School_name\n1,Cedar Hill\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name\n1,t1,Pat,Doe\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name,Term_start,Term_end\n1,s1,t1,4B,8/15/2026,6/15/2027\n",
}
LEARNERS = range(1, 11)


def package(folder: Path, learners: range) -> Path:
    folder.mkdir()
    rows = "".join(f"1,{n},Child,N{n},4\n" for n in learners)
    files = CLEVER | {
        "students.csv": "School_id,Student_id,Last_name,First_name,Grade\n" + rows,
        "enrollments.csv": "School_id,Section_id,Student_id\n" + "".join(f"1,s1,{n}\n" for n in learners),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_learners_of_clever_alone_take_nobody_off(school: Workspace, tmp_path: Path) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bench.imports.run(package(tmp_path / "whole", LEARNERS))
        some = package(tmp_path / "some", range(1, 3))
        bench.imports.run([some / "students.csv", some / "schools.csv"])
        assert len(bench.learners.in_school("Cedar Hill")) == len(LEARNERS)


LEVELS = "SchoolID,StudentID,FirstName,LastName,Grade,School,Reading Level\n1,1,N1,Child,4,Cedar Hill,M\n"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("students.csv", "School_id,Student_id,Last_name,First_name,Grade\n1,1,Child,N1,4\n"),
        ("students.csv", LEVELS),
        ("teachers.csv", "School_id,Teacher_id,First_name,Last_name\n1,t9,Jo,Kim\n"),
        ("schools.csv", "School_id,School_name\n2,Harbor Elementary\n"),
    ],
)
def test_a_package_that_names_more_than_it_lists_takes_nobody_off(
    school: Workspace, tmp_path: Path, file: str, text: str
) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bench.imports.run(package(tmp_path / "whole", LEARNERS))
        some = package(tmp_path / "some", LEARNERS)
        (some / file).write_text(text, encoding="utf-8")
        outcome = bench.imports.run(some)
        assert len(bench.learners.in_school("Cedar Hill")) == len(LEARNERS)
        assert [one.educators for one in bench.learners.classes()] == [(("t1", "Doe, Pat"),)]
        told = [one for one in outcome.problems if "that none of them lists" in one.reason]
        assert {one.file for one in told} == {"students.csv", "enrollments.csv"}


def test_many_who_leave_by_a_package_are_asked_about_and_a_few_are_said(school: Workspace, tmp_path: Path) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bench.imports.run(package(tmp_path / "whole", LEARNERS))
        with bench.imports.prepare(package(tmp_path / "half", range(1, 6))) as prepared:
            assert prepared.was_read
            (question,) = prepared.questions
            assert "5 of 10 learners at Cedar Hill" in " ".join(question.shown)
            with pytest.raises(BadInput, match="leaving=") as refused:
                prepared.commit()
            assert "5 of 10 learners at Cedar Hill" in str(refused.value)
        assert len(bench.learners.in_school("Cedar Hill")) == len(LEARNERS)
        answers: Given = {(question.file, question.name): question.choices[0].key}
        outcome = bench.imports.run(tmp_path / "half", answers=answers)
        assert outcome.handover is not None
        assert outcome.handover.learners == 5
        assert len(bench.learners.in_school("Cedar Hill")) == 5
        assert bench.imports.run(package(tmp_path / "less", range(1, 5))).import_id is not None  # one left


def test_a_first_import_and_a_roll_over_in_season_are_not_asked_about(school: Workspace, tmp_path: Path) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        head = f"{PEOPLE},Class,Teacher ID,Term\n"
        fall = "".join(f"{n},A,N{n},4B,t17,Fall 2025-2026\n" for n in range(30))
        new = "".join(f"{n},A,N{n},5B,t21,Fall 2026-2027\n" for n in range(4, 34))
        bring(bench, tmp_path, head + fall, "old.csv")
        with bench.imports.prepare(_written(tmp_path / "new.csv", head + new)) as prepared:
            assert not prepared.questions
            assert prepared.outcome.handover is not None
            assert [one.name for one in prepared.outcome.handover.gone] == ["4B"]


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_without_ids_makes_no_second_learner(school: Workspace, tmp_path: Path) -> None:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        bring(
            bench, tmp_path, f"{PEOPLE},Class\n605,Luz,Rivera,4B\n606,Ming,Chen,4B\n607,Ada,Okafor,4A\n", "roster.csv"
        )
        names = "Student,Class,Teacher ID\nLuz Rivera,4B,t17\nAda Okafor,4B,t17\nNew Child,4B,t17\n"
        found = bring(bench, tmp_path, names, "names.csv")
        assert [one.code for one in bench.learners.in_class("4B")] == ["606", "name:child, new", "605"]
        (problem,) = found.problems  # type: ignore[attr-defined]
        assert problem.row == 3
        assert found.tally.adds_up  # type: ignore[attr-defined]
        again = bring(bench, tmp_path, names + ",,\n", "names again.csv")
        assert len(again.problems) == 1  # type: ignore[attr-defined]
        assert len(bench.learners.in_class("4B")) == 3
