"""What can be read, by what somebody has in hand, and where to find it on the vendor's own site."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.ground.words import N_, _


@dataclass(frozen=True, slots=True)
class Source:
    """Whom files are from, where they are found there, and the importers that read them, by name."""

    name: str
    where: str
    importers: tuple[str, ...]


SOURCES: dict[str, tuple[Source, ...]] = {
    N_("I have results of tests"): (
        Source(
            "NWEA MAP Growth",
            N_("Among MAP’s data exports: the Comprehensive Data File or the Combined one, as the zip it comes in."),
            ("nwea_assessment_results", "nwea_combined", "nwea_program_assignments", "nwea_accommodations"),
        ),
        Source("NWEA MAP Reading Fluency", N_("The export of its results, as CSV."), ("nwea_map_fluency",)),
        Source(
            "Renaissance Star",
            N_("Among Renaissance’s extracts: results, Dashboard Standards, Skill Area, Historical Extract."),
            ("star", "star_standards", "star_skill_areas"),
        ),
        Source(
            "i-Ready",
            N_("Among its exports: Diagnostic Results, and Personalized Instruction by Lesson."),
            ("iready_diagnostic", "iready_lessons"),
        ),
        Source("mCLASS (DIBELS)", N_("Where its data are downloaded: StudentSummary of the benchmark."), ("dibels",)),
        Source("Istation", N_("The export of ISIP results by month."), ("istation_isip",)),
        Source("FastBridge", N_("The download of aReading and aMath screening."), ("fastbridge",)),
    ),
    N_("I have lists of who is in which class"): (
        Source(
            N_("A list of your own"),
            N_("A spreadsheet with Student ID, First Name, Last Name and Class; Teacher, Grade and School help."),
            ("class_list",),
        ),
        Source(
            "OneRoster",
            N_("From the student information system: all files of its OneRoster export, in one folder or zip."),
            ("oneroster",),
        ),
        Source("Clever", N_("All files of its nightly upload, in one folder or zip."), ("clever",)),
        Source(
            "NWEA MAP Growth",
            N_("StudentsBySchool and ClassAssignments, in the Comprehensive Data File."),
            ("nwea_students_by_school", "nwea_class_assignments"),
        ),
    ),
    N_("I have reading and practice from programs"): (
        Source(
            "Lexia Core5",
            N_("In myLexia’s exports: detailed by student, class skills, monthly or year to date."),
            ("lexia_detailed", "lexia_class_skills", "lexia_monthly", "lexia_year_to_date"),
        ),
        Source("myON", N_("The usage of a month, by student."), ("myon",)),
        Source(
            "IXL",
            N_("Progress by student, or diagnostic levels; you are asked for the day."),
            ("ixl_progress", "ixl_levels"),
        ),
    ),
    N_("I have schoolwork, attendance or habits"): (
        Source("Google Classroom", N_("In a class, under Grades: download all grades as CSV."), ("google_classroom",)),
        Source(
            N_("The school’s own tables"),
            N_(
                "A spreadsheet with Student ID, Date, and what was noted: Days Present, Homework Done, Kindness Noticed"
            ),
            ("everyday", "skills_checks"),
        ),
    ),
    N_("I have something else"): (
        Source(
            N_("Any other table"),
            N_("Drop it: you say once which column is what, and the next one like it is known."),
            (),
        ),
    ),
}


def shown() -> list[dict[str, object]]:
    """The same as the page gets it."""
    return [
        {"label": _(have), "from": [{"name": _(one.name), "where": _(one.where)} for one in sources]}
        for have, sources in SOURCES.items()
    ]
