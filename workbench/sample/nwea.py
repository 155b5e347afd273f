"""MAP Growth's files: AssessmentResults, StudentsBySchool and ClassAssignments of one term.

The layouts are the current ones (143 columns). Growth summaries fill for pairs that end in the
term, typical growth for pairs that start in it. Every number read off a norm is from `norms`, our
own curves.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping

from workbench.sample import cast, norms
from workbench.sample.cast import Learner
from workbench.sample.chance import stream
from workbench.sample.growth import SCREENING, Sitting
from workbench.sample.school import School, class_order, teacher_of
from workbench.sample.terms import SEASONS, WEEKS_OF_INSTRUCTION, Term, grade_name

PAIRS = (  # start, end, years between; in the order of the columns
    ("Fall", "Fall", 1),
    ("Fall", "Winter", 0),
    ("Fall", "Spring", 0),
    ("Winter", "Winter", 1),
    ("Winter", "Spring", 0),
    ("Spring", "Spring", 1),
)
_GROWTH = (
    "ProjectedGrowth",
    "ObservedGrowth",
    "ObservedGrowthSE",
    "MetProjectedGrowth",
    "ConditionalGrowthIndex",
    "ConditionalGrowthPercentile",
    "GrowthQuintile",
)
_AREA = ("Name", "RitScore", "StdErr", "Range", "Adjective")


def _named(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\n", "").replace(" ", "").split(","))


ASSESSMENT_COLUMNS = (
    *_named("""
        TermName,DistrictName,District_StateID,SchoolName,School_StateID,StudentID,Student_StateID,Subject,Course,
        GrowthMeasureYN,NormsReferenceData,WISelectedAYFall,WISelectedAYWinter,WISelectedAYSpring,
        WIPreviousAYFall,WIPreviousAYWinter,WIPreviousAYSpring,TestType,TestName,TestID,TestStartDate,
        TestStartTime,TestDurationMinutes,TestRITScore,TestStandardError,TestPercentile,AchievementQuintile,
        PercentCorrect,RapidGuessingPercentage"""),
    *(f"{start}To{end}{what}" for start, end, _ in PAIRS for what in _GROWTH),
    *_named("LexileScore,LexileMin,LexileMax,QuantileScore,QuantileMin,QuantileMax"),
    *(f"Goal{n}{what}" for n in range(1, 9) for what in _AREA),
    *(f"Typical{start}To{end}Growth" for start, end, _ in PAIRS),
    *(f"ProjectedProficiency{what}{n}" for n in range(1, 11) for what in ("Study", "Level")),
)
STUDENT_COLUMNS = _named("""
    TermName,DistrictName,District_StateID,SchoolName,School_StateID,StudentLastName,StudentFirstName,StudentMI,
    StudentID,Student_StateID,StudentDateOfBirth,StudentEthnicGroup,NWEAStandard_EthnicGroup,StudentGender,Grade,
    NWEAStandard_Grade""")
CLASS_COLUMNS = _named("TermName,DistrictName,SchoolName,StudentID,ClassName,TeacherName,TeacherID")

_STATE_STUDY = "Harlow State Assessment (Spring) "  # vendor studies' names end with a space
_STATE_LEVELS = ("Level 1", "Level 2", "Level 3", "Level 4")


def csv_text(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> str:
    """As the vendor exports: bare header, every cell quoted, LF."""
    out = io.StringIO()
    out.write(",".join(columns) + "\n")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue()


def assessment_results(school: School, term: Term) -> str:
    """AssessmentResults.csv of one term, in the order tests were taken."""
    events = {(s.learner.student_id, s.course, s.term): s for s in school.sittings if s.growth_event}
    rows = (_result(school, s, events) for s in school.sittings if s.term == term)
    return csv_text(ASSESSMENT_COLUMNS, rows)


def students_by_school(school: School, term: Term) -> str:
    """StudentsBySchool.csv: every enrolment, so somebody at two schools has two rows."""
    return csv_text(STUDENT_COLUMNS, _students(school, term))


def class_assignments(school: School, term: Term) -> str:
    """ClassAssignments.csv: a row per learner and class (homeroom, mathematics, art …)."""
    return csv_text(CLASS_COLUMNS, _assignments(school, term))


def enrolled(school: School, term: Term) -> tuple[Learner, ...]:
    """Everybody on the roster during a term, those who came after its tests too."""
    index, newest = school.terms.index(term), len(school.terms) - 1
    return tuple(p for p in school.roster(term.year) if min(p.first_term, newest) <= index <= p.last_term)


Events = Mapping[tuple[str, str, Term], Sitting]


def _result(school: School, sitting: Sitting, events: Events) -> dict[str, str]:
    term = sitting.term
    # a screening is read against the reading curve
    curve_of = "Reading" if sitting.course == SCREENING else sitting.course
    curve = norms.expected(curve_of, sitting.grade, term.season_index, term.norms)
    percentile = curve.percentile(sitting.rit)
    row = {
        **_where(school, term),
        "StudentID": sitting.learner.student_id,
        "Student_StateID": sitting.learner.state_id,
        "Subject": sitting.subject,
        "Course": sitting.course,
        "GrowthMeasureYN": "TRUE" if sitting.growth_event else "FALSE",
        "NormsReferenceData": term.norms,
        "TestType": "Survey With Goals" if sitting.areas else "Survey",
        "TestName": sitting.test,
        "TestID": sitting.test_id,
        "TestStartDate": f"{sitting.taken_at:%m/%d/%Y}",
        "TestStartTime": f"{sitting.taken_at:%H:%M:%S}",
        "TestDurationMinutes": str(sitting.minutes),
        "TestRITScore": str(sitting.rit),
        "TestStandardError": f"{sitting.error:.2f}",
        "TestPercentile": str(percentile),
        "AchievementQuintile": norms.quintile(percentile),
        "PercentCorrect": str(sitting.correct),
        "RapidGuessingPercentage": f"{sitting.rapid:.4f}",
    }
    for season, weeks in WEEKS_OF_INSTRUCTION.items():
        row[f"WISelectedAY{season}"] = row[f"WIPreviousAY{season}"] = str(weeks)
    row.update(_linked_measures(sitting))
    for n, area in enumerate(sitting.areas, start=1):
        low, high = round(area.rit - area.error), round(area.rit + area.error)
        row[f"Goal{n}Name"] = area.name
        row[f"Goal{n}RitScore"] = str(area.rit)
        row[f"Goal{n}StdErr"] = f"{area.error:.1f}"
        row[f"Goal{n}Range"] = f"{low}-{high}"
        row[f"Goal{n}Adjective"] = norms.quintile(curve.percentile(area.rit))
    if sitting.growth_event:
        row.update(_growth(sitting, events))
        row.update(_typical(sitting))
        row.update(_proficiency(sitting, percentile))
    return row


def _where(school: School, term: Term) -> dict[str, str]:
    return {
        "TermName": term.name,
        "DistrictName": school.district,
        "District_StateID": school.district_state_id,
        "SchoolName": school.name,
        "School_StateID": school.state_id,
    }


def _linked_measures(sitting: Sitting) -> dict[str, str]:
    if sitting.course == "Reading":
        low, high = norms.lexile_range(sitting.rit)
        return {"LexileScore": norms.lexile(sitting.rit), "LexileMin": low, "LexileMax": high}
    if sitting.course == "Math K-12":
        low, high = norms.quantile_range(sitting.rit)
        return {"QuantileScore": norms.quantile(sitting.rit), "QuantileMin": low, "QuantileMax": high}
    return {}


def _growth(sitting: Sitting, events: Events) -> Iterator[tuple[str, str]]:
    """The summary of every pair that ends with this test and whose first test exists."""
    for start, end, years in PAIRS:
        if end != sitting.term.season:
            continue
        began = Term(sitting.term.year - years, SEASONS.index(start))
        first = events.get((sitting.learner.student_id, sitting.course, began))
        if first is None:
            continue
        pair = (began.season_index, sitting.term.season_index, years)
        projected = norms.projected_growth(first.course, first.grade, first.rit, pair, sitting.term.norms)
        observed = sitting.rit - first.rit
        error = math.hypot(sitting.error, first.error)
        met = "Yes" if observed >= projected else "No"
        index = norms.growth_index(observed, projected)
        percentile = norms.growth_percentile(index)
        values = (
            str(projected),
            str(observed),
            f"{error:.2f}",
            met + ("*" if abs(observed - projected) <= error else ""),
            f"{index:.2f}",
            str(percentile),
            norms.quintile(percentile),
        )
        yield from zip((f"{start}To{end}{what}" for what in _GROWTH), values, strict=True)


def _typical(sitting: Sitting) -> Iterator[tuple[str, str]]:
    """The projections for pairs that start with this test."""
    for start, end, years in PAIRS:
        if start == sitting.term.season:
            pair = (sitting.term.season_index, SEASONS.index(end), years)
            growth = norms.projected_growth(sitting.course, sitting.grade, sitting.rit, pair, sitting.term.norms)
            yield f"Typical{start}To{end}Growth", str(growth)


def _proficiency(sitting: Sitting, percentile: int) -> Iterator[tuple[str, str]]:
    """An invented state's test from grade 3, and a college one from grade 5, as vendors project them."""
    if sitting.course not in ("Reading", "Math K-12") or sitting.grade < 3:
        return
    yield "ProjectedProficiencyStudy1", _STATE_STUDY
    yield "ProjectedProficiencyLevel1", _STATE_LEVELS[min(percentile * 4 // 100, 3)]
    if sitting.grade >= 5:
        yield "ProjectedProficiencyStudy2", "ACT College Readiness (Spring) "
        yield "ProjectedProficiencyLevel2", "On Track 22" if percentile >= 70 else "Not On Track"


def _students(school: School, term: Term) -> Iterator[dict[str, str]]:
    for learner in enrolled(school, term):
        grade = grade_name(term.grade(learner.grade))
        row = {
            **_where(school, term),
            "StudentLastName": learner.family_name,
            "StudentFirstName": learner.given_name,
            "StudentMI": learner.middle_initial,
            "StudentID": learner.student_id,
            "Student_StateID": learner.state_id,
            "StudentDateOfBirth": f"{learner.birth_date:%m/%d/%Y}",
            "StudentEthnicGroup": learner.ethnic_group,
            "NWEAStandard_EthnicGroup": _NWEA_ETHNIC.get(learner.ethnic_group, learner.ethnic_group),
            "StudentGender": learner.gender,
            "Grade": grade,
            "NWEAStandard_Grade": grade,
        }
        yield row
        if learner.student_id == cast.KAIMANA:
            yield {**row, "SchoolName": school.second_school, "School_StateID": school.second_school_state_id}


_NWEA_ETHNIC = {
    "Hispanic or Latino": "Hispanic or Latino",
    "Two or More Races": "Multi-ethnic",
    "American Indian or Alaska Native": "Native American",
}


def _assignments(school: School, term: Term) -> Iterator[dict[str, str]]:
    names = {e.code: e.listed_name for e in school.educators}
    art, mathematics = (next(e.code for e in school.educators if e.role == r) for r in ("art", "mathematics"))
    homerooms = sorted({p.class_in(term.year) or "" for p in school.roster(term.year)}, key=class_order)
    for learner in enrolled(school, term):
        homeroom = learner.class_in(term.year) or ""
        neighbours = [name for name in homerooms if name[:-1] == homeroom[:-1] and name != homeroom]
        group = _mathematics_group(school.seed, learner, term, homeroom, neighbours)
        classes = [
            (homeroom, teacher_of(homeroom, term.year)),
            (f"{homeroom} ELA", teacher_of(homeroom, term.year)),
        ]
        classes += [(f"{group} Math", teacher_of(group, term.year)), (f"Art {homeroom}", art)]
        if group != homeroom and group[0] in "56":
            classes[2] = (f"{group} Math Extension", mathematics)
        for class_name, code in classes:
            yield {
                "TermName": term.name,
                "DistrictName": school.district,
                "SchoolName": school.name,
                "StudentID": learner.student_id,
                "ClassName": class_name,
                "TeacherName": names[code],
                "TeacherID": code,
            }
        if learner.student_id == cast.KAIMANA:
            yield {
                "TermName": term.name,
                "DistrictName": school.district,
                "SchoolName": school.second_school,
                "StudentID": learner.student_id,
                "ClassName": "Strings 1",
                "TeacherName": "Abara, Lucien",
                "TeacherID": "m03",
            }


def _mathematics_group(seed: int, learner: Learner, term: Term, homeroom: str, neighbours: list[str]) -> str:
    """From grade 3 some go to a neighbouring section for mathematics."""
    rng = stream(seed, "mathematics", learner.student_id, term.year)
    moves = class_order(homeroom)[0] >= 3 and neighbours and rng.random() < 0.15
    return rng.choice(neighbours) if moves else homeroom
