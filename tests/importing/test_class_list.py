"""A teacher's own list is read, whatever its columns are called."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workbench.ground.errors import BadInput
from workbench.ground.words import speaking
from workbench.importing import Kind, open_tables
from workbench.importing.people import cut_name
from workbench.importing.reading.dates import DAY_FIRST, ORDER
from workbench.importing.vendors.class_list import ClassList

from ..reading import Reading, read_text
from .nwea_files import CLASSES, COMBINED, CURRENT, OF_2013, ROSTER, ROSTER_OF_2012


def read(folder: Path, text: str) -> Reading:
    return read_text(folder, text, "list.csv")


def names(reading: Reading) -> list[list[str]]:
    return reading.frame(Kind.LEARNERS)[["learner_code", "family_name", "given_name"]].to_numpy().tolist()


def test_a_birth_date_that_could_be_two_days_is_asked_about(tmp_path: Path) -> None:
    text = "Student ID,Name,Birth date\n007,Luz Rivera,3/2/2016\n"
    reading = read(tmp_path, text)
    (question,) = reading.questions
    assert question.name == ORDER
    assert reading.frame(Kind.LEARNERS)["birth_date"].tolist() == [None]
    answered = read_text(tmp_path, text, "list.csv", answers={ORDER: DAY_FIRST})
    assert answered.frame(Kind.LEARNERS)["birth_date"].tolist() == [date(2016, 2, 3)]


def test_a_list_with_everything_gives_learners_enrolments_and_memberships(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Student ID,First Name,Last Name,Birth date,Grade,School,Homeroom,Teacher,Term\n"
        "007,Luz,Rivera,3/21/2016,Grade 4,Pine School,4B,Ms. Ode,Fall 2025\n",
    )
    assert reading.importer.name == "class_list"
    assert not reading.questions
    assert names(reading) == [["007", "Rivera", "Luz"]]
    assert reading.frame(Kind.LEARNERS)["birth_date"].tolist() == [date(2016, 3, 21)]
    assert reading.frame(Kind.ENROLMENTS).to_numpy().tolist() == [[2, "007", "Pine School", "Fall 2025-2026", "4"]]
    assert reading.frame(Kind.MEMBERSHIPS).to_numpy().tolist() == [
        [2, "007", "Pine School", "4B", "Fall 2025-2026", "", "Ms. Ode"]
    ]


@pytest.mark.parametrize("head", ["Student ID", "ID", "Learner ID", "student_number", "STUDENT NUMBER"])
@pytest.mark.parametrize("name", ["Name", "Student", "student name"])
def test_columns_go_by_many_names(tmp_path: Path, head: str, name: str) -> None:
    assert names(read(tmp_path, f'{head},{name}\n7,"Rivera, Luz"\n8,Ana May Ode\n')) == [
        ["7", "Rivera", "Luz"],
        ["8", "Ode", "Ana May"],
    ]


def test_names_are_cut_either_way_round() -> None:
    assert cut_name("Rivera, Luz") == ("Luz", "Rivera")
    assert cut_name("Luz Rivera") == ("Luz", "Rivera")
    assert cut_name("Luz") == ("", "Luz")


def test_without_a_term_column_the_term_is_left_open(tmp_path: Path) -> None:
    assert read(tmp_path, "Student ID,Class\n7,4B\n").frame(Kind.MEMBERSHIPS)["term"].tolist() == [""]


def test_a_list_without_ids_makes_codes_from_names(tmp_path: Path) -> None:
    reading = read(tmp_path, "First Name,Last Name,Class\nLuz,Rivera,4B\nAna,Ode,4B\n")
    assert names(reading)[0] == ["name:rivera, luz", "Rivera", "Luz"]
    assert not reading.problems


def test_two_children_of_one_name_need_ids(tmp_path: Path) -> None:
    reading = read(tmp_path, "Name,Class,Grade\nLuz Rivera,4B,4\nLuz Rivera,2A,2\nAna Ode,4B,4\n")
    assert [problem.row for problem in reading.left_out] == [3]
    assert len(names(reading)) == 2


def test_one_child_in_two_classes_is_one_learner_and_noted(tmp_path: Path) -> None:
    reading = read(tmp_path, "Name,Class\nLuz Rivera,4B\nLuz Rivera,Choir\n")
    assert len(names(reading)) == 1
    assert len(reading.frame(Kind.MEMBERSHIPS)) == 2
    assert [(problem.row, problem.left_out) for problem in reading.problems] == [(3, False)]


def test_a_row_without_an_id_is_left_out_with_its_number(tmp_path: Path) -> None:
    reading = read(tmp_path, "Student ID,Name\n7,Luz Rivera\n,Ana Ode\n,\n")
    assert [problem.row for problem in reading.left_out] == [3]
    assert reading.tally.blank == 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Student ID,First Name,Class\n7,Luz,4B\nTotal,2,\nClass average,,\n8,Sum,4B\n", ["7", "8"]),
        ("Student,Class\nMean Chen,4B\nSum Li,4B\nTotal,2\nClass average:,\n", ["name:chen, mean", "name:li, sum"]),
        ("First Name,Last Name,Class\nLi,Sum,4B\nGrand,Total,2\n", ["name:sum, li"]),
        ("Student ID,Name,Class\n7,Luz Rivera,4B\nTOTAL GENERAL,,1\nPromedio,,\n", ["7"]),
        ("StudentID,ClassName,TeacherName\n7,4B,Ode\nTotal,1,\n", ["7"]),
        ("StudentID,StudentLastName,SchoolName\n7,Rivera,Pine\nAll students,1,\n", ["7"]),
    ],
)
def test_rows_that_sum_up_others_are_no_learners(tmp_path: Path, text: str, codes: list[str]) -> None:
    reading = read(tmp_path, text)
    kind = Kind.LEARNERS if "ClassName" not in text else Kind.MEMBERSHIPS
    assert reading.frame(kind)["learner_code"].tolist() == codes
    assert reading.tally.skipped == text.count("\n") - 1 - len(codes)
    assert not reading.problems


def test_a_bad_grade_costs_the_cell_and_not_the_child(tmp_path: Path) -> None:
    reading = read(tmp_path, "Student ID,Name,Grade\n7,Luz Rivera,Blue\n")
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [(2, "Grade", False)]
    assert len(names(reading)) == 1


def test_one_id_with_a_name_that_changed_is_noted(tmp_path: Path) -> None:
    reading = read(tmp_path, "Student ID,Name,Class\n7,Luz Rivera,4B\n7,Luz Rivera-Ode,4B\n")
    assert [(p.row, p.left_out) for p in reading.problems] == [(3, False)]


@pytest.mark.parametrize(
    "text",
    [
        "Student ID,Name,Class\n7,Luz Rivera,4B\n7,Ana Ode,4C\n",
        "Student ID,Name,Class,Birth Date\n7,Luz Rivera,4B,2016-03-04\n7,Ana Rivera,4C,2015-01-09\n",
        "StudentID,StudentLastName,StudentFirstName,SchoolName,ClassName\n7,Rivera,Luz,Pine,4B\n7,Ode,Ana,Elm,4C\n",
    ],
)
def test_two_children_with_one_id_are_never_merged(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, text)
    assert names(reading)[0][1:] == ["Rivera", "Luz"]
    assert len(names(reading)) == 1
    assert [(p.row, p.left_out) for p in reading.problems] == [(3, True)]
    assert "another child in row 2" in str(reading.problems[0])
    assert all("4C" not in frame.to_string() for frame in map(reading.frame, Kind))


def test_what_could_not_be_read_is_told_in_the_readers_language(tmp_path: Path) -> None:
    text = "Student ID,Name,Grade\n7,Luz Rivera,Blue\n7,Ana Ode,4\n"
    with speaking("es"):
        problems = read(tmp_path, text).problems
        assert [(one.why, one.step) for one in problems] == [
            (
                "“Blue” no es un grado.",
                "Corrija la celda e importe el archivo otra vez: las filas ya leídas no se duplican.",
            ),
            (
                (
                    "“7” es el número de otra persona en la fila 2; esta fila no se leyó, porque dos no pueden tener "
                    "el mismo número."
                ),
                "Si son dos estudiantes, corrija el número e importe el archivo otra vez.",
            ),
        ]
    assert problems[0].why == "“Blue” is not a grade."


def test_a_list_comes_from_excel_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["Student ID", "Name", "Birth date"])
    sheet.append([605000, "Luz Rivera", date(2016, 3, 2)])
    book.save(tmp_path / "list.xlsx")
    with open_tables(tmp_path / "list.xlsx") as tables:
        (table,) = tables
        reading = Reading(table)
    assert names(reading) == [["605000", "Rivera", "Luz"]]
    assert reading.frame(Kind.LEARNERS)["birth_date"].tolist() == [date(2016, 3, 2)]


@pytest.mark.parametrize("header", [CURRENT, COMBINED, OF_2013, ROSTER, ROSTER_OF_2012, CLASSES])
def test_a_vendors_file_is_not_taken_for_a_class_list(tmp_path: Path, header: list[str]) -> None:
    (tmp_path / "file.csv").write_text(",".join(header) + "\n")
    with open_tables(tmp_path / "file.csv") as tables:
        (table,) = tables
        assert Reading(table).importer.name.startswith("nwea")


@pytest.mark.parametrize(
    "header",
    [
        "Last Name,First Name,Student ID,Student Grade,Class(es),Overall Scale Score,Percentile",
        "sourcedId,status,givenName,familyName,identifier,grades",
        "Student ID,Last name,First name,Grade,Math questions answered,Math skills mastered,Diagnostic growth - Math",
        "Name,Price",
        "ID",
    ],
)
def test_results_and_other_tables_are_not_taken_for_a_class_list(header: str) -> None:
    assert not ClassList().recognises(tuple(header.split(",")))


def test_an_unknown_file_is_told_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="StudentID") as caught:
        read(tmp_path, "Date,Colour,Price\n2026-09-01,red,1\n")
    assert "list.csv" in caught.value.sentence
    assert "Date, Colour, Price" in caught.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "605,Luz,Rivera,4B,208\n606,Ana,Ode,4B,201\n",
        "Luz Rivera,4B,Ms. Ode\nAna Ode,4B,Ms. Ode\n",
        '"Rivera, Luz",Blue\n',
    ],
)
def test_a_file_without_column_names_is_said_to_have_none_and_no_child_is_quoted(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert "no cell of its first row is a column name" in caught.value.sentence
    assert not [word for word in ("Luz", "Rivera", "605") if word in str(caught.value)]


@pytest.mark.parametrize(
    ("header", "near"),
    [
        (
            [name for name in CURRENT if name != "TestRITScore"],
            "NWEA MAP Growth results (AssessmentResults), and lacks the column TestRITScore.",
        ),
        (
            "Student ID,Overall Scale Score,Completion Date".split(","),
            "i-Ready Diagnostic Results, and lacks the column Overall Placement.",
        ),
        ("School_id,Section_id,Name of it,Points".split(","), ""),
        ("Student ID,First Name,Last Name,Grade,Class,Lessons Completed,Total Time (mins)".split(","), ""),
    ],
)
def test_a_file_that_is_nearly_known_is_told_what_it_lacks(tmp_path: Path, header: list[str], near: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, ",".join(header) + "\n")
    assert caught.value.sentence.partition("It is nearly ")[2] == near


@pytest.mark.parametrize(
    "beneath",
    [
        "Total students: 2",
        "Total: 2",
        "TOTALS,,2",
        "Printed 9/1/2026 by the office",
        "Page 1 of 1",
        "End of report",
        "© 2026 A vendor",
    ],
)
def test_a_line_beneath_the_table_is_nobody_and_no_problem(tmp_path: Path, beneath: str) -> None:
    for ids in (
        "Student ID,Name,Class\n7,Luz Rivera,4B\n8,Ana Ode,4B\n",
        "Name,Class,Grade\nLuz Rivera,4B,4\nAna Ode,4B,4\n",
    ):
        reading = read(tmp_path, ids + beneath + "\n")
        assert (len(names(reading)), reading.tally.skipped) == (2, 1)
        assert not reading.problems


def test_further_ids_are_kept_beside_the_schools_own(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Student ID,Name,State ID,Email,Username,ID number\n007,Luz Rivera,9001,Luz@Pine.example,LRivera,44\n"
        "008,Ana Ode,,none,,008\n",
    )
    assert reading.frame(Kind.IDENTIFIERS)[["learner_code", "kind", "value"]].to_numpy().tolist() == [
        ["007", "state", "9001"],
        ["007", "email", "luz@pine.example"],
        ["007", "username", "lrivera"],
        ["007", "number", "44"],
    ]
    assert not reading.problems
