"""Turns vendors' exports into learners, enrolments, memberships and evidence.

Files go in, `(frames, problems)` come out; no database here:

    with open_tables("exports/") as found:
        for table in found:
            (importer,) = recognise(table)
            for batch in importer.read(table):
                batch.frames, batch.problems, batch.tally
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from workbench.ground.errors import BadInput
from workbench.ground.words import _, ngettext
from workbench.importing.mapping import mappings
from workbench.importing.nearest import names_columns, nearest
from workbench.importing.reading.files import Tables, open_tables
from workbench.importing.records import COLUMNS, Batch, Importer, Kind, Problem, Table, Tally
from workbench.importing.vendors import dibels, fastbridge, iready, istation, ixl, lexia, map_fluency, star
from workbench.importing.vendors.class_list import ClassList
from workbench.importing.vendors.clever import Clever
from workbench.importing.vendors.google_classroom import GoogleClassroom
from workbench.importing.vendors.nwea import AssessmentResults, ComboStudentAssessment
from workbench.importing.vendors.nwea.rosters import (
    Accommodations,
    ClassAssignments,
    ProgramAssignments,
    StudentsBySchool,
)
from workbench.importing.vendors.oneroster import OneRoster

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

#: What tells its files apart from everybody's by their header.
VENDORS: tuple[Importer, ...] = (
    ComboStudentAssessment(),
    AssessmentResults(),
    StudentsBySchool(),
    ClassAssignments(),
    ProgramAssignments(),
    Accommodations(),
    lexia.Detailed(),
    lexia.ClassSkills(),
    lexia.Monthly(),
    lexia.YearToDate(),
    star.Tests(),
    star.Standards(),
    star.SkillAreas(),
    iready.Diagnostic(),
    iready.Lessons(),
    dibels.Benchmark(),
    map_fluency.Fluency(),
    istation.Isip(),
    fastbridge.FastBridge(),
    ixl.Progress(),
    ixl.Levels(),
    OneRoster(),
    Clever(),
    GoogleClassroom(),
)
_LISTS: tuple[Importer, ...] = (ClassList(),)
#: What other files can look like as well: asked only when neither a vendor's nor a mapping of the school knows a file.
PLAIN: tuple[tuple[Importer, ...], ...] = (tuple(mappings.ours()), _LISTS)
IMPORTERS = (*VENDORS, *chain(*PLAIN))

_COLUMNS_SHOWN = 6
_NAME_SHOWN = 30


def recognise(table: Table, own: Sequence[Importer] = ()) -> tuple[Importer, ...]:
    """The importers for this table: more than one when its header fits several equally well.

    own: a school's own mappings, which go before our plain tables and after the vendors' files; but what may be a class
    list as well is asked about. Raises BadInput that says what was looked for.
    """
    for importers in (VENDORS, own, *PLAIN):
        found = tuple(one for one in importers if one.recognises(table.header))
        if found and importers is own:
            found += tuple(one for one in _LISTS if one.recognises(table.header))
        if found:
            return found
    every = (*VENDORS, *own, *chain(*PLAIN))
    if not names_columns(table.header, every):
        told = _("{file} is not a file that is known here: no cell of its first row is a column name that is known.")
        raise BadInput(told.format(file=table.file), unknown_step(own))
    named = [name if len(name) <= _NAME_SHOWN else name[: _NAME_SHOWN - 1] + "…" for name in table.header if name]
    columns = ", ".join(named[:_COLUMNS_SHOWN]) + (" …" if len(named) > _COLUMNS_SHOWN else "")
    told = _("{file} is not a file that is known here: its first row has the columns {columns}.")
    said = told.format(file=table.file, columns=columns)
    if near := nearest(table.header, every):
        lacks = ngettext(
            "It is nearly {title}, and lacks the column {columns}.",
            "It is nearly {title}, and lacks the columns {columns}.",
            len(near.lacking),
        )
        said += " " + lacks.format(title=_(near.importer.title), columns=", ".join(near.lacking))
    raise BadInput(said, unknown_step(own))


def unknown_step(own: Sequence[Importer] = ()) -> str:
    """What to do with a file that nothing here knows."""
    step = _("Known are:\n{known}\nCheck that the first row holds the column names, and import it again.")
    return step.format(known=known_kinds(own))


def known_kinds(own: Sequence[Importer] = ()) -> str:
    """What is looked for, a line for each kind of file."""
    every = (*VENDORS, *own, *chain(*PLAIN))
    return "\n".join(f"- {importer.title}: columns {importer.looks_for}" for importer in every)
