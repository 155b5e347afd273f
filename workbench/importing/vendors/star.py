"""Reads Renaissance Star: test results, mastery of standards and of skill areas, and the Historical Extract.

The nightly files of reading (SR), mathematics (SM) and early literacy (SEL) have different columns, which tell
the subject; files of mastery have the same, so their subject is told by what they name, and else asked.
Header names are from vendor-shaped files of 2015 (v1) to 2024 (v2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_, _
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Mapping, Of, Who
from workbench.importing.reading.values import (
    Columns,
    Unreadable,
    header_key,
    lexile,
    number,
    number_between,
    percent,
    quantile,
    range_end,
    season,
    tidy,
    truth,
)
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Choice, Question, Table

SUBJECT = "subject"  # the name of the question
READING, MATHEMATICS, EARLY = "reading", "mathematics", "early literacy"
_TITLES = {READING: "Star Reading", MATHEMATICS: "Star Math", EARLY: "Star Early Literacy"}

NO_SUBJECT = N_("does not tell whether the test was of reading, mathematics or early literacy.")
NO_NAME = N_("does not name the area or skill.")
DEACTIVATED = N_("The test was deactivated in Star.")
NOT_A_STAR_TEST = N_("The row is no Star test of reading, mathematics or early literacy.")

_HIGHEST = 2_000
_RASCH_ERROR = 2.0  # current files give the error on the Rasch scale (0.3 to 0.5), not that of the score
_any_error = number_between(0, 200)
_CHUNK = 5_000
_NAN = float("nan")

_DAYS = ("completeddatelocal", "completeddate", "assessmentdate", "activitycompleteddate", "launchdate")
_WHO = Who(
    ids=(
        ("", "studentidentifier"),
        ("", "studentlocalid"),
        ("sourced", "studentsourcedid"),
        ("state", "studentstateid"),
        ("renaissance", "studentuserid"),
        ("renaissance", "studentusername"),
        ("renaissance", "studentrenaissanceid"),
        ("email", "studentemail"),
    ),
    given_name="studentfirstname",
    family_name="studentlastname",
    birth_date="birthdate",
    school="schoolname",
    class_name=Of(("grouporclassname", "classname")),
    grade="currentgrade",
)
_PART = Of(("assessmentid", "renaissanceactivityid"), lambda text: tidy(text).casefold())


def subject_named(text: str) -> str:
    """The subject that a kind of test names: "Star Early Literacy Enterprise Tests"; "" where it names none."""
    words = text.casefold()
    if "accelerated reader" in words or "quiz" in words or "cbm" in words:
        return ""
    for part, subject in (("early literacy", EARLY), ("math", MATHEMATICS), ("reading", READING)):
        if part in words:
            return subject
    return ""


class _Star(ByMapping):
    """One kind of Star file; what its header and rows tell of the subject is taken as an answer to the question."""

    def told(self, table: Table) -> str:
        """The subject of the file, "" where it does not tell."""
        raise NotImplementedError

    def questions(self, table: Table) -> tuple[Question, ...]:
        asked = super().questions(table)
        if self.told(table):
            return asked
        words = _("Which test are the results in {file} of?").format(file=table.file)
        return (*asked, Question(table.file, SUBJECT, words, tuple(Choice(*one) for one in _TITLES.items())))

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        subject = self.told(table) or answers.get(SUBJECT, "")
        return super().read(table, {**answers, SUBJECT: subject if subject in _TITLES else ""})


class Tests(_Star):
    """SR, SM and SEL results, v1 and v2, and the Historical Extract, where each row names its test."""

    name = "star"
    title = N_("Renaissance Star results (SR, SM, SEL, Historical Extract)")
    looks_for = "StudentIdentifier, ScaledScore, PercentileRank, GradeEquivalent"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        marks = {"renaissanceclientid", "studentrenaissanceid", "studentlocalid", "activitytype", "raschscore"}
        return {"scaledscore", "percentilerank", "gradeequivalent"} <= keys and bool(marks & keys)

    def told(self, table: Table) -> str:
        columns = Columns(table.header)
        if "activitytype" in columns:
            return "each row"
        if "literacyclassification" in columns:
            return EARLY
        if "quantile" in columns:
            return MATHEMATICS
        if columns.first("instructionalreadinglevel", "estimatedoralreadingfluency", "lexile"):
            return READING
        return next(filter(None, map(subject_named, _texts(table, columns, "assessmenttype"))), "")

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        kind = columns.first("activitytype", "assessmenttype") or ""
        of_file = answers.get(SUBJECT, "")

        def subject(text: str) -> str:
            found = subject_named(text) or of_file
            if not found:
                raise Unreadable(NO_SUBJECT)
            return found

        def test(text: str) -> str:
            title = _TITLES.get(subject_named(text) or of_file, "")
            return f"{title} (Spanish)" if title and "spanish" in text.casefold() else title

        measure = Of(kind, subject)
        seconds = columns.first("totaltimeinseconds", "totaltime") or ""
        details = (
            Detail("level", ("schoolbenchmarkcategoryname", "schoolbenchmarkcategory", *_DISTRICT, *_RENAISSANCE)),
            Detail("state_level", ("statebenchmarkcategoryname", "statebenchmarkcategory")),
            Detail("grade_equivalent", "gradeequivalent"),
            Detail("normal_curve_equivalent", "normalcurveequivalent", number),
            Detail("reading_level", "instructionalreadinglevel"),
            Detail("literacy", "literacyclassification"),
            Detail("oral_reading_fluency", ("estimatedoralreadingfluency", "estorf"), number),
            Detail("zpd_from", "lowerzoneofproximaldevelopment", number),
            Detail("zpd_to", "upperzoneofproximaldevelopment", number),
            Detail("zpd", "zpdrange"),
            Detail("growth_percentile", "currentsgp", number),
            Detail("rasch", "raschscore", number),
            Detail("rasch_error", "standarderrorofmeasurement", lambda text: _error(text, rasch=True)),
            Detail("seconds", seconds, number),
            Detail("extended_time", ("extratime", "usedextendedtime"), truth),
            Detail("grade", "grade"),
            Detail("test_type", kind),
            Detail("language", kind, lambda text: "Spanish" if "spanish" in text.casefold() else ""),
        )
        of_lexile, of_quantile = (
            tuple(Detail(end, column, range_end(read, at)) for at, end in enumerate(("low", "high")))
            for column, read in (("lexilerange", lexile), ("quantilerange", quantile))
        )
        score = number_between(0, _HIGHEST)
        facts = (
            Fact(
                "scaledscore",
                measure,
                unit="SS",
                read=score,
                error=Of("standarderrorofmeasurement", lambda text: _error(text, rasch=False)),
                percentile="percentilerank",
                details=details,
            ),
            Fact(columns.first("unifiedscore", "unifiedscale") or "", measure, "unified", "USS", score),
            Fact(columns.first("lexile", "lexilescore") or "", READING, "lexile", "L", lexile, details=of_lexile),
            Fact(
                columns.first("quantile", "quantilemeasure") or "",
                MATHEMATICS,
                "quantile",
                "Q",
                quantile,
                details=of_quantile,
            ),
        )
        return Mapping(
            source="star",
            who=_WHO,
            day=_DAYS,
            term=Of(("screeningperiodwindowname", "screeningwindowname"), season),
            test=Of(kind, test),
            part=_PART,
            facts=facts,
            passed_over=_passed_over(kind if kind == "activitytype" else ""),
        )


_DISTRICT = ("districtbenchmarkcategoryname", "districtbenchmarkcategory")
_RENAISSANCE = ("renaissancebenchmarkcategoryname", "renaissancebenchmarkcategory")


def _error(text: str, *, rasch: bool) -> float:
    value = _any_error(text)
    return value if (value < _RASCH_ERROR) == rasch else _NAN


def _passed_over(kind: str) -> Callable[[Columns, npt.NDArray[np.object_]], dict[int, str]]:
    """Passes over tests that were taken back and, where rows name what they are by `kind`, what is no Star test."""

    def passed_over(columns: Columns, cells: npt.NDArray[np.object_]) -> dict[int, str]:
        found = {}
        for at, text in enumerate(columns.texts(cells, kind)):
            if tidy(text) and not subject_named(text):
                found[at] = NOT_A_STAR_TEST
        for at, text in enumerate(columns.texts(cells, "assessmentstatus")):
            if text.strip().casefold() in ("inactive", "deactivated"):
                found[at] = DEACTIVATED
        return found

    return passed_over


class _Mastery(_Star):
    """Files with a row for each standard or skill area that a test tells of."""

    suffix: str  # what the tests' name gets, as both kinds of file tell of the same test
    named: tuple[str, ...]  # the columns that tell the subject
    area: tuple[str, ...]
    area_fact: tuple[str, tuple[Detail, ...]]
    skill: str
    skill_fact: tuple[str, tuple[Detail, ...]]

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return {*self.area, self.skill, self.skill_fact[0]} <= keys

    def told(self, table: Table) -> str:
        columns = Columns(table.header)
        found: set[str] = set()
        for key in self.named:
            for text in _texts(table, columns, key):
                found |= {subject for subject, words in _WORDS.items() if words.search(text)}
        if EARLY in found:
            return EARLY
        return found.pop() if len(found) == 1 and _UNSURE not in found else ""

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        subject = answers.get(SUBJECT, "")

        def of_file(_text: str) -> str:
            if not subject:
                raise Unreadable(NO_SUBJECT)
            return subject

        def named(kind: str) -> Callable[[str], str]:
            def aspect(text: str) -> str:
                if not tidy(text):
                    raise Unreadable(NO_NAME)
                return f"{kind}: {tidy(text)}"

            return aspect

        measure = Of(self.named[0], of_file)
        (area, of_area), (skill, of_skill) = self.area_fact, self.skill_fact
        return Mapping(
            source="star",
            who=_WHO,
            day=_DAYS,
            test=f"{_TITLES[subject]}: {self.suffix}" if subject else "",
            part=_PART,
            facts=(
                Fact(area, measure, Of(self.area, named("area"), by=": "), "percent", _percent, details=of_area),
                Fact(skill, measure, Of(self.skill, named("skill")), "percent", _percent, details=of_skill),
            ),
            passed_over=_passed_over(""),
        )


class Standards(_Mastery):
    """SR, SM and SEL Dashboard Standards: mastery of a state's domains and standards."""

    name = "star_standards"
    title = N_("Renaissance Star mastery of standards (Dashboard Standards)")
    looks_for = "StudentIdentifier, DomainGroup, DomainName, StandardName, StandardPercentMastery"
    suffix = "standards"
    named = ("standardname", "domaingroup", "domainname")
    area = ("domaingroup", "domainname")
    area_fact = (
        "domainpercentmastery",
        (Detail("mastery_level", "domainmasterylevel"), Detail("confidence", "domainconfidencelevel")),
    )
    skill = "standardname"
    skill_fact = (
        "standardpercentmastery",
        (
            Detail("level", "standardmasterylevel"),
            Detail("confidence", "standardconfidencelevel"),
            Detail("description", "standarddescription"),
        ),
    )


class SkillAreas(_Mastery):
    """SR, SM and SEL Skill Areas: mastery of Star's own domains and skill areas."""

    name = "star_skill_areas"
    title = N_("Renaissance Star mastery of skill areas (Skill Area)")
    looks_for = "StudentIdentifier, FamilyName, DomainName, SkillAreaName, SkillAreaMasteryScore"
    suffix = "skill areas"
    named = ("familyname", "domainname", "skillareaname")
    area = ("familyname", "domainname")
    area_fact = ("domainscore", ())
    skill = "skillareaname"
    skill_fact = ("skillareamasteryscore", ())


_UNSURE = "unsure"
#: Words that only one test's domains and standards have; some that reading and early literacy share.
_WORDS = {
    EARLY: re.compile(r"alphabetic principle|concept of word|visual discrimination|early numeracy|early literacy"),
    READING: re.compile(r"\bela\b|informational|literary|literature|^reading\b|key ideas|craft and structure|author"),
    MATHEMATICS: re.compile(r"\b(math|algebra|geometry|fraction|number|measurement|statistic|ratio|equation)"),
    _UNSURE: re.compile(r"foundational|phonics|phonological|phonemic|print concepts"),
}


def _percent(text: str) -> float:
    value = percent(text)
    return number_between(0, 100)(str(value)) if value == value else value


def _texts(table: Table, columns: Columns, key: str) -> Iterator[str]:
    """The different texts of a column, in lower case."""
    met: set[str] = set()
    for chunk in table.chunks(_CHUNK):
        new = set(columns.texts(chunk.to_numpy(), key)) - met
        met |= new
        yield from sorted(text.strip().casefold() for text in new)
    table.take_problems()
