"""The office's own class lists, as a table and as a workbook, and how to zip without a clock."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from openpyxl import Workbook
from openpyxl.styles import Font

from workbench.sample.cast import Learner
from workbench.sample.school import School, teacher_of
from workbench.sample.terms import SCHOOL_YEAR, grade_name

ZipDate = tuple[int, int, int, int, int, int]

COLUMNS = (
    "Student ID",
    "Last Name",
    "First Name",
    "Middle",
    "Date of Birth",
    "Grade",
    "Class",
    "Teacher",
    "Teacher ID",
    "Username",
    "Home Language",
)


def class_list(school: School) -> bytes:
    """The whole school, one row a learner: a table saved from a spreadsheet (BOM, CRLF)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_row(school, learner) for learner in school.roster(SCHOOL_YEAR))
    return out.getvalue().encode("utf-8-sig")


def class_workbook(school: School, class_name: str, date: ZipDate) -> bytes:
    """One class as a workbook, ids kept as text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = class_name
    sheet.append(list(COLUMNS))
    for learner in school.roster(SCHOOL_YEAR):
        if learner.class_in(SCHOOL_YEAR) == class_name:
            sheet.append(_row(school, learner))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHIJK", (11, 34, 24, 8, 14, 7, 7, 16, 11, 18, 15), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    raw = io.BytesIO()
    book.save(raw)
    return zipped(_without_clock(raw.getvalue(), date), date)


def zipped(files: Iterable[tuple[str, bytes]], date: ZipDate) -> bytes:
    """A zip whose bytes depend on its files alone: every entry carries `date`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()


def _without_clock(workbook: bytes, date: ZipDate) -> Iterator[tuple[str, bytes]]:
    """The workbook's parts, with the moment of saving in its properties replaced."""
    moment = b"%d-%02d-%02dT%02d:%02d:%02dZ" % date
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", moment, content)
            yield name, content


def _row(school: School, learner: Learner) -> list[str]:
    class_name = learner.class_in(SCHOOL_YEAR) or ""
    educator = school.educator(teacher_of(class_name))
    return [
        learner.student_id,
        learner.family_name,
        learner.given_name,
        learner.middle_initial,
        learner.birth_date.isoformat(),
        grade_name(learner.grade),
        class_name,
        f"{educator.title} {educator.family_name}",
        educator.code,
        learner.username,
        learner.home_language,
    ]
