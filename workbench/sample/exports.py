"""Writing the demo school's files into a folder, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.sample import everyday, nwea, oneroster, practice, rosters
from workbench.sample.cast import CLASS
from workbench.sample.school import School
from workbench.sample.terms import SCHOOL_YEAR, Term

_ZIP_DATE = (2026, 11, 21, 6, 0, 0)


def write_exports(school: School, folder: Path | str) -> tuple[Path, ...]:
    """Write every file the school's vendors and office would hand over; returns their paths.

    Older MAP terms are folders, the newest is the zip as the vendor delivers it.
    """
    folder = Path(folder)
    written = []
    for name, content in _files(school):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return tuple(written)


def _files(school: School) -> Iterator[tuple[str, bytes]]:
    *older, newest = school.terms
    for term in older:
        for name, content in _nwea(school, term):
            yield f"nwea/{term.name}/{name}", content
    yield f"nwea/{newest.name}.zip", rosters.zipped(_nwea(school, newest), _ZIP_DATE)
    uses = practice.lexia(school)
    yield "lexia/core5_monthly.csv", practice.lexia_monthly(school, uses).encode()
    yield "lexia/core5_year_to_date.csv", practice.lexia_year_to_date(school, uses).encode()
    yield "lexia/core5_detailed_student.csv", practice.lexia_detailed(school, uses).encode()
    for month in practice.MONTHS:
        yield f"myon/usage_{SCHOOL_YEAR}-{month:02d}.csv", practice.myon(school, month).encode()
    yield "attendance.csv", everyday.attendance(school).encode()
    yield "habits.csv", everyday.habits(school).encode()
    yield "rosters/class_list.csv", rosters.class_list(school)
    yield "oneroster.zip", rosters.zipped(oneroster.package(school), _ZIP_DATE)
    yield f"rosters/class_list_{CLASS}.xlsx", rosters.class_workbook(school, CLASS, _ZIP_DATE)


def _nwea(school: School, term: Term) -> tuple[tuple[str, bytes], ...]:
    return (
        ("AssessmentResults.csv", nwea.assessment_results(school, term).encode()),
        ("StudentsBySchool.csv", nwea.students_by_school(school, term).encode()),
        ("ClassAssignments.csv", nwea.class_assignments(school, term).encode()),
    )
