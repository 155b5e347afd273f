"""Reads i-Ready: Diagnostic Results of reading and mathematics, and Personalized Instruction by Lesson.

Diagnostic files have other columns nearly every year (30 to 74 of them), so domains are found by the pattern of
their names ("Geometry Scale Score", "Geometry Placement" …). Left unread on purpose: groups for teaching, and the
Reading Difficulty Indicator, which is no result of a test.
"""

from __future__ import annotations

from collections.abc import Callable

from workbench.ground.words import N_, _
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Instead, Mapping, Of, Who
from workbench.importing.reading.values import (
    Columns,
    Unreadable,
    header_key,
    is_nothing,
    lexile,
    number,
    number_between,
    quantile,
    range_end,
    season,
    tidy,
    truth,
)
from workbench.importing.records import NO_ANSWERS, Answers, Choice, Question, Table

SUBJECT = "subject"  # the name of the question
READING, MATHEMATICS = "reading", "mathematics"

NO_SUBJECT = N_("does not tell whether this is reading or mathematics.")
NOT_PASSED = N_("is neither “Passed” nor “Not Passed”.")

_LOWEST, _HIGHEST = 100, 800  # of the scale
_LONGEST = 24 * 60  # minutes
_NO_DOMAINS = ("overall", "midongradelevel")
#: Domains that are known, however a header is written.
_DOMAINS = {
    header_key(name): name
    for name in (
        "Phonological Awareness",
        "Phonics",
        "High-Frequency Words",
        "Vocabulary",
        "Comprehension: Overall",
        "Comprehension: Literature",
        "Comprehension: Informational Text",
        "Number and Operations",
        "Algebra and Algebraic Thinking",
        "Measurement and Data",
        "Geometry",
    )
}
_NO_SCORES = frozenset(("not assessed", "surpassed level", "max score", "not provided", "insufficient data"))
_READING = ("lexile", "reading", "phonic", "phonological", "vocabulary", "comprehension", "high-frequency")
_MATHEMATICS = ("quantile", "numberandoperations", "algebra", "geometry")

_WHO = Who(
    ids=(("", "studentid"), ("state", "studentstateid"), ("iready", "username")),
    given_name="firstname",
    family_name="lastname",
    school="school",
    class_name=Of("class(es)", lambda text: tidy(text.partition(";")[0])),
    grade="studentgrade",
)


def subject_of(columns: Columns) -> str:
    """The subject whose columns a diagnostic has, "" where it has those of both or of none."""
    found = [
        subject
        for subject, words in ((READING, _READING), (MATHEMATICS, _MATHEMATICS))
        if any(key.startswith(words) for key in columns)
    ]
    return found[0] if len(found) == 1 else ""


def _subject(text: str) -> str:
    words = text.casefold()
    if "math" in words:
        return MATHEMATICS
    if "reading" in words or "ela" in words.split():
        return READING
    raise Unreadable(NO_SUBJECT)


def _score(text: str) -> float:
    """A scale score; where nothing was measured a file may say why in words."""
    return number_between(_LOWEST, _HIGHEST)("" if text.casefold() in _NO_SCORES else text)


class Diagnostic(ByMapping):
    """Diagnostic Results: one row for each test."""

    name = "iready_diagnostic"
    title = N_("i-Ready Diagnostic Results")
    looks_for = "Student ID, Completion Date, Overall Scale Score, Overall Placement"

    def recognises(self, header: tuple[str, ...]) -> bool:
        return {"overallscalescore", "overallplacement"} <= {header_key(name) for name in header}

    def questions(self, table: Table) -> tuple[Question, ...]:
        columns = Columns(table.header)
        asked = super().questions(table)
        if subject_of(columns) or "subject" in columns:
            return asked
        words = _("Is {file} of reading or of mathematics?").format(file=table.file)
        return (*asked, Question(table.file, SUBJECT, words, _choices()))

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        answer = answers.get(SUBJECT, "")
        of_file = subject_of(columns) or (answer if answer in (READING, MATHEMATICS) else "")
        measure = of_file or Of("subject", _subject)
        projected = tuple(
            Detail(name, key)
            for name, key in (
                ("projected_no_growth", "proficiencyifstudentshowsnoadditionalgrowth"),
                ("projected_typical", "projectionifstudentachievestypicalgrowth"),
                ("projected_stretch", "projectionifstudentachievesstretchgrowth"),
            )
        )
        overall = Fact(
            "overallscalescore",
            measure,
            unit="scale score",
            read=_score,
            percentile="percentile",
            details=(
                Detail("level", "overallrelativeplacement"),
                Detail("placement", "overallplacement"),
                Detail("rush", "rushflag"),
                Detail("minutes", "duration(min)", number),
                Detail("read_aloud", "readaloud"),
                Detail("baseline", "baselinediagnostic(y/n)", truth),
                Detail("gain", "diagnosticgain", number),
                Detail("typical_growth", "annualtypicalgrowthmeasure", number),
                Detail("stretch_growth", "annualstretchgrowthmeasure", number),
                Detail("typical_growth_percent", "percentprogresstoannualtypicalgrowth(%)", number),
                Detail("stretch_growth_percent", "percentprogresstoannualstretchgrowth(%)", number),
                Detail("mid_on_grade", "midongradelevelscalescore", number),
                *projected,
            ),
        )
        levels = (
            _level("lexile", READING, "L", lexile),
            _level("quantile", MATHEMATICS, "Q", quantile),
        )
        return Mapping(
            source="iready",
            who=_WHO,
            day=Instead("completiondate", "startdate"),
            term=Of("normingwindow", season),
            test="i-Ready Diagnostic",
            nothing=("Not Assessed", "Not Provided"),
            facts=(overall, *_domains(columns, measure), *levels),
        )


def _choices() -> tuple[Choice, ...]:
    return (Choice(READING, _("Reading")), Choice(MATHEMATICS, _("Mathematics")))


def _domains(columns: Columns, measure: str | Of) -> list[Fact]:
    found = []
    for key in columns:
        of_domain = key.removesuffix("scalescore")
        if of_domain == key or of_domain in _NO_DOMAINS:
            continue
        header = " ".join((columns.name(key) or "").split())
        area = _DOMAINS.get(of_domain.removeprefix("reading")) or header[: -len(" scale score")]
        details = (
            Detail("level", f"{of_domain}relativeplacement"),
            Detail("placement", f"{of_domain}placement"),
        )
        found.append(Fact(key, measure, f"area: {area}", "scale score", _score, details=details))
    return found


def _level(name: str, measure: str, unit: str, read: Callable[[str], float]) -> Fact:
    ends = tuple(Detail(end, f"{name}range", range_end(read, at)) for at, end in enumerate(("low", "high")))
    return Fact(f"{name}measure", measure, name, unit, read, details=ends)


class Lessons(ByMapping):
    """Personalized Instruction by Lesson: one row for each lesson that a learner finished."""

    name = "iready_lessons"
    title = N_("i-Ready Personalized Instruction by Lesson")
    looks_for = "Student ID, Subject, Lesson ID, Completion Date, Passed or Not Passed"

    def recognises(self, header: tuple[str, ...]) -> bool:
        return {"lessonid", "passedornotpassed", "completiondate"} <= {header_key(name) for name in header}

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        subject = Of("subject", _subject)
        details = (
            Detail("lesson", "lessonname"),
            Detail("domain", "domain"),
            Detail("lesson_level", "lessonlevel"),
            Detail("grade", "lessongrade"),
            Detail("score", "score", number),
            Detail("assigned", "teacher-assignedlesson", truth),
            Detail("language", "lessonlanguage", lambda text: "" if text.casefold() == "english" else tidy(text)),
        )
        return Mapping(
            source="iready",
            who=_WHO,
            day="completiondate",
            part=Of("lessonid"),
            facts=(
                Fact(
                    "passedornotpassed",
                    "lessons passed",
                    subject,
                    "lessons",
                    _passed,
                    of=1,
                    amount=True,
                    details=details,
                ),
                Fact(
                    "totaltimeonlesson(min)",
                    "minutes",
                    subject,
                    "minutes",
                    number_between(0, _LONGEST),
                    amount=True,
                ),
            ),
        )


def _passed(text: str) -> float:
    if is_nothing(text):
        return float("nan")
    words = " ".join(text.split()).casefold()
    if words not in ("passed", "not passed"):
        raise Unreadable(NOT_PASSED)
    return float(words == "passed")
