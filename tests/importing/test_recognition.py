"""What a file is, its whole header tells: results are never a roster, and a roster is one whatever else it has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.ground.errors import BadInput
from workbench.importing import recognise
from workbench.importing.records import Header

from .nwea_files import CLASSES, ROSTER, ROSTER_OF_2012
from .packages import CLEVER, ONEROSTER, USERS_1_1, USERS_1_2

ROSTERS = frozenset(("class_list", "clever", "oneroster", "nwea_students_by_school", "nwea_class_assignments"))
OWN = "Student ID,First Name,Last Name,Class,Teacher,Grade,School".split(",")
REAL: dict[str, list[Sequence[str]]] = {
    "class_list": [OWN, OWN[:6], "SIS ID,Name,Homeroom,Homeroom Teacher,Gender,Birthday,Email".split(",")],
    "clever": [CLEVER[name] for name in ("students", "teachers", "sections", "enrollments")],
    "oneroster": [USERS_1_1, USERS_1_2, *(ONEROSTER[name] for name in ("enrollments", "classes", "roles"))],
    "nwea_students_by_school": [ROSTER, ROSTER_OF_2012],
    "nwea_class_assignments": [CLASSES],
}
IDS = ("Student ID", "StudentID", "student_number", "Local ID", "ID", "SIS ID", "State ID", "sourcedId")
NAMES = (
    ("Name",), ("Student",), ("First Name", "Last Name"), ("givenName", "familyName"), ("StudentLastName",),
    ("Student Name", "Middle Initial"),
)  # fmt: skip
#: Columns that no roster has: what vendors of tests and programs, report cards and logs call theirs.
NO_ROSTERS = (
    "Lessons Completed", "Total Time (mins)", "Standards Met", "Books Read", "Stars", "Math", "Spelling", "Week 3",
    "Days Absent", "WPM", "Percentile", "ScaleScore", "PerformanceLevel", "ReadSS", "Placement", "Tickets", "Trophies",
    "Zearn Missions", "Fluency Rate", "Boost Count", "Fall", "Quarter One", "Work Habits", "Puzzles Solved", "Energy",
    "Streak", "Sight words", "Letters known", "Running record", "Effort", "Conduct", "Jersey", "Sumas", "Lectura",
)  # fmt: skip
#: Words of nobody: no word of a roster or of results is in them.
LETTERS = st.text("bdfghjkvxzBDFGHJKVXZñé", min_size=4, max_size=12)
STRANGE = st.sampled_from(NO_ROSTERS) | LETTERS


class _Table:
    """A table of which nothing but the header is asked."""

    file = "file.csv"

    def __init__(self, header: Sequence[str]) -> None:
        self.header = Header(header)


def taken_for(header: Sequence[str]) -> set[str]:
    try:
        return {one.name for one in recognise(_Table(header))}  # type: ignore[arg-type]
    except BadInput:
        return set()


@settings(max_examples=60)
@given(st.data(), st.sampled_from(IDS), st.sampled_from(NAMES), st.lists(STRANGE, min_size=1, max_size=8, unique=True))
def test_an_id_a_name_and_columns_that_no_roster_has_are_never_a_roster(
    data: st.DataObject, id_: str, name: tuple[str, ...], strange: list[str]
) -> None:
    header = data.draw(st.permutations([id_, *name, *strange]))
    assert not taken_for(header) & ROSTERS


@pytest.mark.parametrize(("importer", "at"), [(name, at) for name, every in REAL.items() for at in range(len(every))])
@settings(max_examples=15)
@given(data=st.data())
def test_a_roster_with_columns_of_somebodys_own_in_any_order_is_one_still(
    importer: str, at: int, data: st.DataObject
) -> None:
    own = data.draw(st.lists(LETTERS, min_size=3, max_size=3, unique_by=str.casefold))
    header = data.draw(st.permutations([*REAL[importer][at], *own]))
    assert taken_for(header) == {importer}


@pytest.mark.parametrize("result", ["ScaleScore", "Percentile", "ReadSS", "Lessons Completed", "Days Absent", "Points"])
@pytest.mark.parametrize("importer", REAL)
def test_one_column_of_results_makes_a_roster_none(importer: str, result: str) -> None:
    assert not [header for header in REAL[importer] if taken_for([*header, result]) & ROSTERS]
