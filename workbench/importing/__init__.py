"""Turns vendors' exports into learners, enrolments, memberships and evidence.

Files go in, `(frames, problems)` come out; no database here:

    with open_tables("exports/") as found:
        for table in found:
            for batch in recognise(table).read(table):
                batch.frames, batch.problems, batch.tally
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.errors import BadInput
from workbench.importing import iready, lexia, mappings, star
from workbench.importing.class_list import ClassList
from workbench.importing.clever import Clever
from workbench.importing.files import Tables, open_tables
from workbench.importing.google_classroom import GoogleClassroom
from workbench.importing.nwea import AssessmentResults, ComboStudentAssessment
from workbench.importing.nwea_rosters import ClassAssignments, StudentsBySchool
from workbench.importing.oneroster import OneRoster
from workbench.importing.records import COLUMNS, Batch, Importer, Kind, Problem, Table, Tally

__all__ = [
    "COLUMNS",
    "IMPORTERS",
    "Batch",
    "Importer",
    "Kind",
    "Problem",
    "Table",
    "Tables",
    "Tally",
    "open_tables",
    "recognise",
]

#: In the order they are asked; plain tables and class lists come last, as vendors' files can look like one.
IMPORTERS: tuple[Importer, ...] = (
    ComboStudentAssessment(),
    AssessmentResults(),
    StudentsBySchool(),
    ClassAssignments(),
    lexia.Detailed(),
    lexia.ClassSkills(),
    lexia.Monthly(),
    lexia.YearToDate(),
    star.Tests(),
    star.Standards(),
    star.SkillAreas(),
    iready.Diagnostic(),
    iready.Lessons(),
    OneRoster(),
    Clever(),
    GoogleClassroom(),
    *mappings.ours(),
    ClassList(),
)

UNKNOWN = "{file} is not a file that is known here: its first row has the columns {columns}."
UNKNOWN_STEP = "Known are:\n{known}\nCheck that the first row holds the column names, and import it again."
_COLUMNS_SHOWN = 6
_NAME_SHOWN = 30


def recognise(table: Table, own: Sequence[Importer] = ()) -> Importer:
    """The importer for this table; raises BadInput that says what was looked for.

    own: a school's own mappings, which go before our plain tables and after the vendors' files.
    """
    vendors = [one for one in IMPORTERS if not isinstance(one, mappings.PlainTable | ClassList)]
    for importer in (*vendors, *own, *IMPORTERS):
        if importer.recognises(table.header):
            return importer
    named = [name if len(name) <= _NAME_SHOWN else name[: _NAME_SHOWN - 1] + "…" for name in table.header if name]
    columns = ", ".join(named[:_COLUMNS_SHOWN]) + (" …" if len(named) > _COLUMNS_SHOWN else "")
    raise BadInput(UNKNOWN.format(file=table.file, columns=columns or "—"), UNKNOWN_STEP.format(known=known_kinds()))


def known_kinds() -> str:
    """What is looked for, a line for each kind of file."""
    return "\n".join(f"- {importer.title}: columns {importer.looks_for}" for importer in IMPORTERS)
