"""Whatever form a file comes in, its cells arrive."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from workbench import Workbench
from workbench.ground.errors import BadInput
from workbench.importing import Kind, open_tables, recognise
from workbench.importing.records import Problem, Table
from workbench.workspace import Workspace

from ..reading import Reading
from .workbooks import Shown, open_document

TEXT = "StudentID,Name,Note\n007,José,a\n008,Ana,b\n"


def cells(table: Table, size: int = 1000) -> pd.DataFrame:
    return pd.concat(table.chunks(size))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def only(path: Path) -> Table:
    with open_tables(path) as tables:
        (table,) = tables
        return table


def read(tmp_path: Path, data: bytes, name: str = "list.csv") -> tuple[list[list[str]], tuple[Problem, ...]]:
    path = tmp_path / name
    path.write_bytes(data)
    table = only(path)
    return cells(table).to_numpy().tolist(), table.take_problems()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_file_reads_the_same_in_every_encoding_and_separator(
    tmp_path: Path, encoding: str, end: str, delimiter: str
) -> None:
    text = TEXT.replace("\n", end).replace(",", delimiter)
    rows, problems = read(tmp_path, text.encode(encoding))
    assert rows == [["007", "José", "a"], ["008", "Ana", "b"]]
    assert not problems


def test_one_byte_of_windows_among_utf_8_spoils_no_other_name(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"StudentID,Name\n1,Jos\xc3\xa9\n2,Ren\xe9\n")
    assert [row[1] for row in rows] == ["José", "René"]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n')
    frame = cells(only(path), size=2)
    assert frame.index.tolist() == [2, 3, 4]
    assert frame.loc[2, "b"] == "two\nlines"
    assert [*frame.loc[3, :]] == ["", ""]


def test_the_header_may_stand_below_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n,,\nStudentID,Name,\n1,Ana,\n")
    table = only(path)
    assert table.header == ("StudentID", "Name", "")
    assert cells(table).index.tolist() == [4]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_header_may_stand_below_a_title(tmp_path: Path, delimiter: str) -> None:
    title = [["Usage report, printed 9/1/2026"], [], ["School:", "Cedar Hill"]]
    lines = [*title, ["ID", "Date", "Minutes"], ["7", "9/1/2026", "20"]]
    text = "\n".join(delimiter.join(cells) for cells in lines)
    with open_tables(written(tmp_path, text)) as tables:
        (table,) = tables
        assert table.header == ("ID", "Date", "Minutes")
        (chunk,) = table.chunks(10)
        assert (chunk.index.tolist(), chunk.to_numpy().tolist()) == ([5], [["7", "9/1/2026", "20"]])


def test_a_narrow_table_begins_with_its_first_line(tmp_path: Path) -> None:
    with open_tables(written(tmp_path, "Name,Class\nLuz,4B,4/2/2016,9\n")) as tables:
        (table,) = tables
        assert table.header == ("Name", "Class")


def test_a_workbook_with_a_title_loses_no_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Usage report"], [], ["ID", "Date", "Minutes", "Books"], [7, "9/1/2026", 20, 2, "a note beside"]):
        sheet.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    with open_tables(path) as tables:
        (table,) = tables
        assert table.header == ("ID", "Date", "Minutes", "Books")
        (chunk,) = table.chunks(10)
        assert chunk.to_numpy().tolist() == [["7", "9/1/2026", "20", "2"]]


def test_a_file_of_one_endless_line_is_refused_and_one_further_down_ends_the_reading(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a table"):
        open_tables(written(tmp_path, "a" * 17_000_000))
    rows = "".join(f"{n},Luz\n" for n in range(300))
    with open_tables(written(tmp_path, f"ID,Name\n{rows}{'x' * 17_000_000}\n9,Omar\n")) as tables:
        (table,) = tables
        assert sum(len(chunk) for chunk in table.chunks(100)) == 300
        (problem,) = table.take_problems()
        assert (problem.row, problem.left_out) == (301, False)


def test_a_million_columns_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="1,000,000 columns"):
        open_tables(written(tmp_path, ",".join(f"c{n}" for n in range(1_000_000))))


def test_a_row_that_is_too_short_is_read_and_noted(tmp_path: Path) -> None:
    rows, (problem,) = read(tmp_path, b"a,b,c\n1,2\n3,4,5\n")
    assert rows == [["1", "2", ""], ["3", "4", "5"]]
    assert (problem.row, problem.left_out) == (2, False)


def test_many_short_rows_are_named_a_few_times_and_counted(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b"a,b,c\n" + b"1,2\n" * 500)
    assert len(rows) == 500
    assert len(problems) < 20
    assert "490" in str(problems[-1])


def test_a_row_with_more_cells_than_the_header_is_left_out_as_its_cells_may_have_moved(tmp_path: Path) -> None:
    rows, (problem,) = read(tmp_path, b"a,b\n1,2,3\n4,5\n")
    assert rows == [["4", "5"]]
    assert (problem.row, problem.left_out) == (2, True)


def test_empty_cells_after_the_last_column_are_no_problem(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b"a,b\n1,2,,,\n")
    assert (rows, problems) == ([["1", "2"]], ())


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    rows, (problem,) = read(tmp_path, b'a,b\n1,2\n3,"four\n5,6\n7,8\n')
    assert rows == [["1", "2"], ["5", "6"], ["7", "8"]]
    assert (problem.row, problem.left_out) == (3, True)
    assert "quotation mark" in problem.reason


def test_nul_bytes_are_dropped(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"a,b\n1,t\x00wo\n" + b"3,4\n" * 50)
    assert rows[0] == ["1", "two"]


def test_excels_separator_line_is_understood(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"sep=;\na;b\n1,5;2\n")
    assert rows == [["1,5", "2"]]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\0\0\0\0", b"  \r\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match=r"list\.csv is empty"):
        read(tmp_path, data)


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", bytes(range(256)) * 40])
def test_a_file_that_is_no_table_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match="not a table of text"):
        read(tmp_path, data)


def test_an_old_excel_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="save it as Excel workbook"):
        read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "list.xls")


def test_tab_separated_text_that_is_named_xls_is_read(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b"a\tb\n1\t2\n", "export.xls")
    assert rows == [["1", "2"]]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        open_tables(tmp_path / "nothing.csv")


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_excel_cells_say_what_people_see(tmp_path: Path) -> None:
    row = ["007", 605000, 192.0, 3.4, date(2025, 9, 16), datetime(2025, 9, 16, 8, 54), time(8, 54), True, None]
    table = only(workbook(tmp_path / "list.xlsx", [list("abcdefghi"), row]))
    with open_tables(tmp_path / "list.xlsx") as tables:
        (table,) = tables
        assert table.file == "list.xlsx"
        assert cells(table).to_numpy().tolist() == [
            ["007", "605000", "192", "3.4", "2025-09-16", "2025-09-16 08:54:00", "08:54:00", "TRUE", ""]
        ]


def test_each_sheet_with_something_in_it_is_a_table_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["a"], [1], [None], [2], [None]], [], [["b"], [3]])
    with open_tables(path) as tables:
        first, second = tables
        assert [first.file, second.file] == ["list.xlsx/Sheet", "list.xlsx/Sheet2"]
        assert cells(first).index.tolist() == [2, 3, 4]


def test_an_open_document_reads_like_a_workbook_of_excel(tmp_path: Path) -> None:
    row = [
        "007",
        605000,
        192.0,
        3.4,
        date(2025, 9, 16),
        datetime(2025, 9, 16, 8, 54),
        time(8, 54),
        True,
        None,
        Shown(1234),
    ]
    path = tmp_path / "list.ods"
    path.write_bytes(open_document({"4B": [list("abcdefghij"), row, [], ["Peña  & Co"]], "Empty": []}))
    with open_tables(path) as tables:
        (table,) = tables
        assert table.file == "list.ods"
        assert cells(table).to_numpy().tolist() == [
            ["007", "605000", "192", "3.4", "2025-09-16", "2025-09-16 08:54:00", "8:54:00", "TRUE", "", "001234"],
            [""] * 10,
            ["Peña  & Co", *[""] * 9],
        ]


def test_a_number_reads_as_its_format_shows_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["Student ID", "Score"], [1234, 56], ["001235", 7]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"].number_format = "000000"
    book.save(path)
    with open_tables(path) as (table,):
        assert cells(table).to_numpy().tolist() == [["001234", "56"], ["001235", "7"]]


@pytest.mark.parametrize("name", ["list.xlsx", "list.ods"])
def test_a_hidden_sheet_is_not_read_and_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "list.ods":
        path.write_bytes(open_document({"Now": [["a"], [1]], "Then": [["a"], [2]]}, hidden=["Then"]))
    else:
        book = openpyxl.load_workbook(workbook(path, [["a"], [1]], [["a"], [2]]))
        book.worksheets[1].title, book.worksheets[1].sheet_state = "Then", "hidden"
        book.save(path)
    with open_tables(path) as tables:
        (table,) = tables
        assert cells(table).to_numpy().tolist() == [["1"]]
        assert [(one.file, one.reason) for one in tables.problems] == [
            (f"{name}/Then", "The sheet Then is hidden, so it was not read.")
        ]


def test_formulas_without_results_are_not_read_as_empty_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["Student ID", "Score"], ["605", "=100+8"]])
    with pytest.raises(BadInput, match="no program has calculated"):
        open_tables(path)


def test_formulas_with_results_are_read_by_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["Student ID", "Score", "Note"], ["605", "=100+8", '=IF(B2>0,"","?")']])
    book = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = part.replace(b"<f>100+8</f><v />", b"<f>100+8</f><v>108</v>").replace(
                    b'<c r="C2"><f>', b'<c r="C2" t="str"><f>'
                )
                assert b"<v>108</v>" in part
                assert b't="str"' in part
            new.writestr(name, part)
    with open_tables(path) as (table,):
        assert cells(table).to_numpy().tolist() == [["605", "108", ""]]


def test_a_workbook_that_counts_days_from_1904_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["Student ID", "Name", "Birth Date"], ["605", "Luz Rivera", 40971]])
    book = openpyxl.load_workbook(path)
    book.epoch = MAC_EPOCH
    book.save(path)
    with open_tables(path) as (table,):
        learners = Reading(table, recognise(table)[0]).frame(Kind.LEARNERS)
    assert learners["birth_date"].tolist() == [date(2016, 3, 4)]


@pytest.mark.parametrize("written", ["José Peña", "María Solís", "Luis D’Angelo", "Raúl O’Brien", "Zoë Smith–Jones"])
@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "utf-8"])
def test_names_are_read_as_an_old_macintosh_or_windows_wrote_them(tmp_path: Path, written: str, encoding: str) -> None:
    rows, problems = read(tmp_path, f"Student ID,Name\n605,{written}\n".encode(encoding))
    assert rows[-1] == ["605", written]
    assert not problems


def test_a_broken_workbook_is_a_sentence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["a"], [1]])
    data = path.read_bytes()
    for cut in (30, len(data) // 2, len(data) - 10):
        path.write_bytes(data[:cut])
        with pytest.raises(BadInput):
            open_tables(path)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return path


def test_a_zip_is_read_with_its_folders_and_without_its_rubbish(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "export.zip",
        {
            "Fall/b.csv": b"b\n1\n",
            "a.csv": b"a\n1\n",
            "__MACOSX/._a.csv": b"x",
            ".DS_Store": b"x",
            "Fall/.hidden.csv": b"x",
        },
    )
    with open_tables(path) as tables:
        assert [table.file for table in tables] == ["export.zip/Fall/b.csv", "export.zip/a.csv"]
        assert all(len(cells(table)) == 1 for table in tables)
        assert not tables.problems


def test_a_file_that_would_unpack_too_large_is_refused_and_the_others_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", {"a.csv": b"a\n1\n", "bomb.csv": b"0" * 1500})
    with open_tables(path, largest=1000) as tables:
        assert [table.file for table in tables] == ["export.zip/a.csv"]
        assert "bomb.csv holds more than" in str(tables.problems[0])


def test_a_school_says_how_large_a_file_may_be(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school")
    settings = workspace.folder / "workbench.toml"
    small = settings.read_text(encoding="utf-8").replace("largest_file_gb = 2", "largest_file_gb = 0.000001")
    settings.write_text(small, encoding="utf-8")
    path = tmp_path / "list.csv"
    path.write_text("Student ID,Name,Class\n" + "1,Luz,4B\n" * 400, encoding="utf-8")
    with (
        Workbench.open(workspace.folder, actor="admin:office") as bench,
        pytest.raises(BadInput, match="largest_file_gb"),
    ):
        bench.imports.run(path)
    settings.write_text(small.replace("0.000001", '"much"'), encoding="utf-8")
    with pytest.raises(BadInput, match="must be a number above 0"):
        Workspace.open(workspace.folder)


def test_a_damaged_zip_is_a_sentence(tmp_path: Path) -> None:
    data = zipped(tmp_path / "export.zip", {"a.csv": b"a,b\n" + b"1,2\n" * 1000}).read_bytes()
    (tmp_path / "export.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="not a zip that can be opened"):
        open_tables(tmp_path / "export.zip")


def test_rows_before_the_damage_of_a_zip_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", {"a.csv": "".join(f"{i},{i * 7919}\n" for i in range(50_000)).encode()})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)
    with open_tables(path) as tables:
        (table,) = tables
        assert len(cells(table)) > 1000
        assert any("damaged" in problem.reason for problem in table.take_problems())


def test_a_zip_inside_a_zip_is_named_with_what_to_do(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("a.csv", "a\n1\n")
    with open_tables(zipped(tmp_path / "outer.zip", {"inner.zip": inner.getvalue(), "b.csv": b"b\n1\n"})) as tables:
        assert len(tables) == 1
        assert "zip inside a zip" in str(tables.problems[0])


def test_a_folder_is_read_sorted_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "Fall").mkdir()
    (tmp_path / "Fall" / "results.csv").write_text("a\n1\n")
    (tmp_path / "Fall" / ".hidden.csv").write_text("a\n1\n")
    (tmp_path / "roster.csv").write_text("a\n1\n")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    (tmp_path / "empty.csv").write_bytes(b"")
    with open_tables(tmp_path) as tables:
        assert [table.file for table in tables] == ["Fall/results.csv", "roster.csv"]
        assert {problem.file for problem in tables.problems} == {"letter.pdf", "empty.csv"}


def test_a_table_can_be_read_twice_and_knows_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(TEXT)
    table = only(path)
    assert table.rows == 2
    assert cells(table).equals(cells(table))
