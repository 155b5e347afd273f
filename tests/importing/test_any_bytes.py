"""Whatever a file holds, it is read or refused in a sentence, and good rows stay good."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workbench.ground.errors import BadInput
from workbench.importing import Kind, Tally, open_tables, recognise

from ..reading import Reading, read_text
from .nwea_files import (
    CLASSES,
    COMBINED,
    CURRENT,
    OF_2013,
    ROSTER,
    csv_text,
    enrolled,
    result,
    result_of_2013,
)
from .packages import USERS_1_1, pine_school, pupil, write_oneroster
from .test_clever import written as write_clever
from .test_iready import ELA, diagnostic
from .test_istation import HEADER as ISTATION
from .test_istation import learner
from .test_star import READING, a_test

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)

NAMES = ("list.csv", "list.txt", "list.xlsx", "list.zip", "list.xls")
LIST = ["Name", "Class", "Grade", "Birth date", "School", "Term"]
LEXIA = [
    "Username",
    "First Name",
    "Last Name",
    "Grade",
    "Year",
    "Month",
    "Program",
    "Start GLM",
    "Current Level",
    "Minutes",
]
MONTH = {"Year": "2026", "Month": "9", "Program": "Core5", "Current Level": "Level 7", "Minutes": "61"}
WEEK = {"Week Of": "2026-09-14", "Days Enrolled": "5", "Days Present": "4", "Homework": "3 of 4", "Class Job": "Y"}
USAGE = {"Start Date": "9/1/2026", "End Date": "9/30/2026", "Books Opened": "3", "Minutes Read": "61", "Lexile": "410L"}
LAYOUTS: dict[str, tuple[list[str], list[Mapping[str, str]]]] = {
    "current": (CURRENT, [result(StudentID=f"S{n}", TestID=str(n), Goal1RitScore=190 + n) for n in range(4)]),
    "combined": (COMBINED, [result(StudentID=f"S{n}", StudentLastName=f"Name{n}") for n in range(4)]),
    "2013": (OF_2013, [result_of_2013(StudentID=f"F{n}", TestID=str(n)) for n in range(4)]),
    "roster": (ROSTER, [enrolled(StudentID=f"S{n}") for n in range(4)]),
    "classes": (CLASSES, [{"StudentID": f"S{n}", "ClassName": "4B", "TeacherName": "Ode"} for n in range(4)]),
    "lexia": (LEXIA, [{"Username": f"luz{n}", "First Name": "Luz", **MONTH} for n in range(4)]),
    "everyday": (["Student ID", *WEEK], [{"Student ID": f"S{n}", **WEEK} for n in range(4)]),
    "myon": (["Username", *USAGE], [{"Username": f"luz{n}", **USAGE} for n in range(4)]),
    "star": (READING, [a_test(StudentIdentifier=f"S{n}", StudentSourcedID=f"T{n}") for n in range(4)]),
    "istation": (ISTATION, [learner(STUDENT_ID=f"S{n}") for n in range(4)]),
    "iready": (ELA, [diagnostic(**{"Student ID": f"S{n}"}) for n in range(4)]),
    "users": (
        list(USERS_1_1),
        [{k: str(v) for k, v in pupil(f"u{n}", "Ode", f"A{n}", f"S{n}").items()} for n in range(4)],
    ),
    "list": (LIST, [{"Name": f"Luz Rivera{n}", "Class": "4B", "Grade": "4"} for n in range(4)]),
}
IDS = {
    "StudentID",
    "Name",
    "Username",
    "StudentIdentifier",
    "Student ID",
    "STUDENT_ID",
    "sourcedId",
    "identifier",
}  # the columns that tell whom a row is about
NASTY = ["", " ", "*", "--", "#N/A", "TRUE", "FALSE", "0", "-1", "1e999", "nan",
"99999999999999999999", '"', '","', "\n", "a\nb",
         "22-10-2020", "00/00/0000", "31/12/9999", "BR", "EM", "BRL", "S1", "S2", "6.05E+05", "\0", "\x1a", "é",
         "😀", "=1+1", "٣", "200"]  # fmt: skip
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=12), st.text("0123456789/-.:, LBRQEM", max_size=12))


def read_any(data: bytes, name: str) -> None:
    """Reads a file of these bytes; anything but BadInput would be a mistake of ours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            with open_tables(path) as tables:
                for table in tables:
                    assert table.rows is None or table.rows >= 0
                    for chunk in table.chunks(7):
                        assert chunk.shape[1] == len(table.header)
                    table.take_problems()
                    Reading(table, recognise(table)[0])
        except BadInput as refusal:
            said = [refusal.sentence, refusal.next_step]
        else:
            said = ["read"]
        assert all(said)


@unhurried
@given(st.binary(max_size=3000), st.sampled_from(NAMES))
@example(b"PK\x03\x04" + b"\0" * 40, "list.zip")
@example(b"PK\x05\x06" + b"\0" * 18, "list.zip")
@example(b"\xff\xfe\x00", "list.csv")
@example(b'"', "list.csv")
@example(b"," * 20_000, "list.csv")
@example(b'a,b\n"' + b"x" * 200_000, "list.csv")
def test_any_bytes_are_read_or_refused_in_a_sentence(data: bytes, name: str) -> None:
    read_any(data, name)


@unhurried
@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.binary(max_size=20),
    st.integers(0, 2000),
    st.booleans(),
    st.sampled_from(NAMES),
)
def test_a_file_damaged_anywhere_is_read_or_refused(layout: str, noise: bytes, at: int, cut: bool, name: str) -> None:
    data = csv_text(*LAYOUTS[layout]).encode()
    at %= len(data)
    read_any(data[:at] + noise + (b"" if cut else data[at + len(noise) :]), name)


@unhurried
@given(st.integers(0, 400), st.binary(min_size=1, max_size=30))
def test_a_zip_damaged_anywhere_is_read_or_refused(at: int, noise: bytes) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("StudentsBySchool.csv", csv_text(*LAYOUTS["roster"]))
    data = package.getvalue()
    at %= len(data)
    read_any(data[:at] + noise + data[at + len(noise) :], "list.zip")


def by_row(reading: Reading) -> dict[int, list[tuple[Kind, list[object]]]]:
    """What was read of each row, missing numbers as None so that they compare equal."""
    found: dict[int, list[tuple[Kind, list[object]]]] = {}
    for kind in Kind:
        for row in reading.frame(kind).astype(object).itertuples(index=False):
            values = [None if isinstance(value, float) and pd.isna(value) else value for value in row]
            found.setdefault(int(values[0]), []).append((kind, values[1:]))
    return found


@unhurried
@given(st.sampled_from(sorted(LAYOUTS)), st.integers(0, 3), st.integers(0, 151), texts)
@example("current", 1, 20, "22-10-2020")
@example("current", 3, 23, "")
def test_a_changed_cell_costs_no_other_row_anything(layout: str, row: int, column: int, text: str) -> None:
    header, rows = LAYOUTS[layout]
    name = header[column % len(header)]
    changed = [dict(cells) for cells in rows]
    changed[row][name] = text
    with tempfile.TemporaryDirectory() as folder:
        before = read_text(Path(folder), csv_text(header, rows))
        after = read_text(Path(folder), csv_text(header, changed).encode("utf-8", "replace"))
    assert after.tally.adds_up
    assert after.tally.rows == len(rows)
    was, now = by_row(before), by_row(after)
    same_learner = name in IDS and text.strip() in {cells[name] for cells in rows}
    for at in range(len(rows)):
        if at != row and not same_learner:
            assert now[at + 2] == was[at + 2]


@unhurried
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 142), texts), max_size=12))
def test_the_tally_adds_up_however_many_cells_are_changed(changes: list[tuple[int, int, str]]) -> None:
    header, rows = LAYOUTS["current"]
    changed = [dict(cells) for cells in rows]
    for row, column, text in changes:
        changed[row][header[column]] = text
    with tempfile.TemporaryDirectory() as folder:
        reading = read_text(Path(folder), csv_text(header, changed).encode("utf-8", "replace"))
    assert reading.tally.adds_up
    assert sum((batch.tally for batch in reading.batches), Tally()).rows == len(rows)


@settings(unhurried, max_examples=40)
@given(st.booleans(), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 27), texts), max_size=6))
def test_whatever_the_cells_of_a_package_hold_every_row_is_accounted_for(
    clever: bool, changes: list[tuple[int, int, int, str]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = write_clever(Path(place)) if clever else write_oneroster(Path(place, "p"), pine_school())
        paths = sorted(folder.iterdir())
        for which, row, column, text in changes:
            path = paths[which % len(paths)]
            with path.open(newline="", encoding="utf-8") as opened:
                cells = list(csv.reader(opened))
            cells[row % len(cells)][column % len(cells[0])] = text
            with path.open("w", newline="", encoding="utf-8", errors="replace") as opened:
                csv.writer(opened).writerows(cells)
        with suppress(BadInput), open_tables(folder) as tables:
            for table in tables:
                assert Reading(table, recognise(table)[0]).tally.adds_up
