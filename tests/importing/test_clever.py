"""Clever's files: students with a row for each contact, sections with their teachers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from workbench.importing import Kind, Tally, packages
from workbench.importing.vendors import clever

from .packages import PASSWORD, Rows, frame, read_package, write_clever

YEAR = "2026-2027"


def student(one: str, number: str, family: str, given: str, **more: str) -> dict[str, object]:
    return {
        "School_id": "9", "Student_id": one, "Student_number": number, "Last_name": family, "First_name": given,
        "Grade": "4", "DOB": "03/21/2016", "Password": PASSWORD, **more,
    }  # fmt: skip


def section(one: str, name: str, teacher: str, **more: str) -> dict[str, object]:
    return {
        "School_id": "9", "Section_id": one, "Teacher_id": teacher, "Name": name, "Term_name": "Year",
        "Term_start": "08/24/2026", "Term_end": "06/11/2027", **more,
    }  # fmt: skip


def written(folder: Path, **changes: Rows) -> Path:
    files: dict[str, Rows] = {
        "schools": [{"School_id": "9", "School_name": "Pine School"}],
        "teachers": [
            {"School_id": "9", "Teacher_id": "t1", "Teacher_number": "e14", "Last_name": "Ode", "First_name": "Mara"},
            {"School_id": "9", "Teacher_id": "t2", "Last_name": "Birch", "First_name": "Tom", "Password": PASSWORD},
        ],
        "students": [
            student("u1", "605001", "Rivera", "Luz", State_id="9001", Student_email="luz@pine.example",
                    Username="lrivera", Contact_name="Eva Rivera", Contact_phone="555 0101"),
            student("u1", "605001", "Rivera", "Luz", Contact_name="Jo Rivera", Contact_phone="555 0102"),
            student("u2", "", "Ode", "Ana", Grade="Kindergarten", DOB=""),
        ],
        "sections": [section("k1", "4B", "t1"), section("k2", "Choir", "t2", Teacher_2_id="t1")],
        "enrollments": [
            {"School_id": "9", "Section_id": "k1", "Student_id": "u1"},
            {"School_id": "9", "Section_id": "k2", "Student_id": "u1"},
            {"School_id": "9", "Section_id": "k1", "Student_id": "u2"},
        ],
        "staff": [{"School_id": "9", "Staff_id": "s1", "Last_name": "Kim", "First_name": "Jo", "Password": PASSWORD}],
    }  # fmt: skip
    return write_clever(folder / "clever", **files | changes)


def test_the_files_give_learners_schools_classes_and_their_educators(tmp_path: Path) -> None:
    read = read_package(written(tmp_path))
    assert {one.importer.name for one in read.values()} == {"clever"}
    born = dt.date(2016, 3, 21)
    assert frame(read, Kind.LEARNERS) == [["605001", "Rivera", "Luz", "", born], ["u2", "Ode", "Ana", "", None]]
    assert frame(read, Kind.ENROLMENTS) == [["605001", "Pine School", YEAR, "4"], ["u2", "Pine School", YEAR, "K"]]
    assert frame(read, Kind.MEMBERSHIPS) == [
        ["605001", "Pine School", "4B", YEAR, "e14", "Ode, Mara"],
        ["605001", "Pine School", "Choir", YEAR, "e14", "Ode, Mara"],
        ["605001", "Pine School", "Choir", YEAR, "t2", "Birch, Tom"],
        ["u2", "Pine School", "4B", YEAR, "e14", "Ode, Mara"],
    ]
    assert frame(read, Kind.IDENTIFIERS) == [
        ["605001", "sourced", "u1"],
        ["605001", "state", "9001"],
        ["605001", "email", "luz@pine.example"],
        ["605001", "username", "lrivera"],
        ["u2", "sourced", "u2"],
    ]


def test_all_rows_are_accounted_for_and_a_learner_of_two_rows_is_one(tmp_path: Path) -> None:
    read = read_package(written(tmp_path))
    assert {name: one.tally for name, one in read.items()} == {
        "schools": Tally(rows=1, events=1),
        "teachers": Tally(rows=2, events=2),
        "students": Tally(rows=3, events=3),
        "sections": Tally(rows=2, events=2),
        "enrollments": Tally(rows=3, events=3),
        "staff": Tally(rows=1, skipped=1),
    }
    assert read["staff"].batches[0].skipped == {clever.STAFF: 1}
    assert not [problem for one in read.values() for problem in one.problems]


def test_passwords_and_contacts_reach_nothing(tmp_path: Path) -> None:
    one = student("u1", "605001", "Rivera", "Luz", Grade=PASSWORD)
    read = read_package(written(tmp_path, students=[one], enrollments=[]))
    cells = [str(cell) for kind in Kind for row in frame(read, kind) for cell in row]
    said = [f"{problem}{problem.value}" for one in read.values() for problem in one.problems]
    assert [problem.column for problem in read["students"].problems] == ["Grade"]
    assert not [text for text in (*cells, *said) if PASSWORD in text or "555" in text]


def test_an_enrolment_of_what_the_files_do_not_have_is_a_problem(tmp_path: Path) -> None:
    rows = [
        {"School_id": "9", "Section_id": "k1", "Student_id": "u7"},
        {"School_id": "9", "Section_id": "k7", "Student_id": "u1"},
    ]
    problems = read_package(written(tmp_path, enrollments=rows))["enrollments"].left_out
    assert [(problem.row, problem.column, problem.reason) for problem in problems] == [
        (2, "Student_id", packages.NOT_IN_PACKAGE),
        (3, "Section_id", packages.NOT_IN_PACKAGE),
    ]


def test_a_section_of_half_a_year_ends_with_it(tmp_path: Path) -> None:
    sections = [section("k1", "4B", "t1"), section("k2", "Choir", "t2", Term_end="01/22/2027")]
    read = read_package(written(tmp_path, sections=sections))
    assert frame(read, Kind.DEPARTURES) == [["605001", "Pine School", "Choir", YEAR, "", dt.date(2027, 1, 22)]]


@pytest.mark.parametrize(
    ("cell", "grade"),
    [("PreKindergarten", "PK"), ("12", "12"), ("Ungraded", ""), ("TransitionalKindergarten", "PK")],
)
def test_grades_are_the_vendors_words(tmp_path: Path, cell: str, grade: str) -> None:
    one = student("u1", "605001", "Rivera", "Luz", Grade=cell)
    read = read_package(written(tmp_path, students=[one], enrollments=[]))
    assert [row[3] for row in frame(read, Kind.ENROLMENTS)] == [grade]
    assert not read["students"].problems
