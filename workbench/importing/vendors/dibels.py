"""Reads mCLASS benchmarks of DIBELS 8 and DIBELS Next: one row for each learner and time of the year.

Subtests are found by their codes ("Letter Names (LNF) - Score", "Assessment Measure-FSF-Score"). The Risk Indicator
is left unread: it screens for dyslexia and says nothing that a learner could use.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Instead, Mapping, Of, Who
from workbench.importing.reading.grades import grade
from workbench.importing.reading.values import Columns, header_key, lexile, number, number_between, season, tidy
from workbench.importing.records import NO_ANSWERS, Answers

OTHER_TEST = N_("The row is of another test than DIBELS.")

#: What a subtest is of, by its code or, in Next, by its name: aspect and unit.
_SUBTESTS = {
    "lnf": ("letter names", "points"),
    "fsf": ("first sounds", "points"),
    "psf": ("phonemic awareness", "points"),
    "nwf-cls": ("letter sounds", "points"),
    "nwf(cls)": ("letter sounds", "points"),
    "nwf-wrc": ("decoding", "points"),
    "nwf(wwr)": ("decoding", "points"),
    "wrf": ("word reading", "points"),
    "orf": ("oral reading fluency", "words a minute"),
    "dorf(fluency)": ("oral reading fluency", "words a minute"),
    "orf-accu": ("accuracy", "percent"),
    "dorf(accuracy)": ("accuracy", "percent"),
    "dorf(retell)": ("retell", "points"),
    "dorf(retellquality)": ("retell quality", "points"),
    "maze": ("maze", "points"),
    "daze": ("maze", "points"),
    "vocabulary": ("vocabulary", "points"),
    "spelling": ("spelling", "points"),
    "ran": ("rapid naming", "points"),
}
_MORE = {
    "oral reading fluency": (("errors", ("errorrate(orf)-score", "assessmentmeasure-dorf(errors)-score")),),
    "maze": (
        ("correct", ("correctresponses(maze)-score", "assessmentmeasure-daze(correct)-score")),
        ("incorrect", ("incorrectresponses(maze)-score", "assessmentmeasure-daze(incorrect)-score")),
    ),
}
_NEXT = "assessmentmeasure-"
_SCORE = re.compile(rf"(?P<stem>(?:{_NEXT})?(?P<name>.+))-score")
_CODE = re.compile(r".+\((.+)\)")
_ONE_OF_MANY = ("correctresponses", "incorrectresponses", "errorrate", "composite")
_HIGHEST = 2_000
_score, _accuracy, _percentile = number_between(0, _HIGHEST), number_between(0, 100), number_between(0, 100)


def _ranked(text: str) -> float:
    """A percentile; "<1" and ">99" are not numbers, and kept in the details."""
    return float("nan") if text.startswith(("<", ">")) else _percentile(text)


class Benchmark(ByMapping):
    """mCLASS "StudentSummary - benchmark", of either edition."""

    name = "dibels"
    title = N_("mCLASS benchmarks of DIBELS 8 and DIBELS Next")
    looks_for = "Student Primary ID, Assessment Edition, Benchmark Period, Composite Score"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return {"assessmentedition", "benchmarkperiod"} <= keys and any(key.endswith("score") for key in keys)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        following = any(key.startswith(_NEXT) for key in columns)
        title = "DIBELS Next benchmark" if following else "DIBELS 8 benchmark"
        of_lexile = columns.first("dibelscompositescore-lexile", *(key for key in columns if key.endswith("-lexile")))
        return Mapping(
            source="dibels_next" if following else "dibels_8",
            who=_who(columns),
            day=Instead(("devicedate", "clientdate"), "syncdate"),
            term=Of("benchmarkperiod", season),
            test=Of("assessmentgrade", lambda text: f"{title}, grade {grade(text)}" if grade(text) else title),
            nothing=("Discontinue", "Discontinued", "Not Determined", "Not Tested"),
            facts=(
                _composite(following),
                *_subtests(columns),
                Fact(of_lexile or "", "reading", "lexile", "L", lexile),
            ),
            passed_over=_passed_over,
        )


def _who(columns: Columns) -> Who:
    by_state = any(key.startswith("primaryid-") and "stateid" in key for key in columns)
    return Who(
        ids=(
            *(("", key) for key in columns if key.startswith("studentid(districtid")),
            ("state" if by_state else "", "studentprimaryid"),
            ("state", "studentid(stateid)"),
        ),
        given_name="studentfirstname",
        family_name="studentlastname",
        birth_date="dateofbirth",
        school="schoolname",
        class_name="reportingclassname",
        grade=columns.first("enrollmentgrade", "grade") or "",
    )


def _passed_over(columns: Columns, cells: npt.NDArray[np.object_]) -> dict[int, str]:
    editions = (tidy(text).casefold() for text in columns.texts(cells, "assessmentedition"))
    return {at: OTHER_TEST for at, text in enumerate(editions) if text and not re.search("dibels|acadience", text)}


def _composite(following: bool) -> Fact:
    of_grade = Detail("grade", "assessmentgrade")
    if following:
        details = (
            Detail("level", f"{_NEXT}compositescore-levels"),
            Detail("pathway", "pathwayachieved-compositescore"),
            of_grade,
        )
        return Fact(f"{_NEXT}compositescore-score", "reading", unit="points", read=_score, details=details)
    percentile = Of("composite-nationalnormpercentile", _ranked)
    return Fact(
        "compositescore",
        "reading",
        unit="points",
        read=_score,
        percentile=percentile,
        details=(Detail("level", "compositelevel"), *_growth("composite"), of_grade),
    )


def _growth(stem: str) -> tuple[Detail, ...]:
    return (
        Detail("semester_growth", f"{stem}-semestergrowth"),
        Detail("year_growth", f"{stem}-yeargrowth"),
        Detail(
            "percentile",
            f"{stem}-nationalnormpercentile",
            lambda text: text if text.startswith(("<", ">")) else "",
        ),
    )


def _subtests(columns: Columns) -> list[Fact]:
    found = []
    for key in columns:
        score = _SCORE.fullmatch(key)
        if not score or score["name"].startswith(_ONE_OF_MANY):
            continue
        code = _CODE.fullmatch(score["name"])
        known = _SUBTESTS.get(score["name"]) or _SUBTESTS.get(code[1] if code else "")
        if not known:
            continue
        (aspect, unit), stem = known, score["stem"]
        more = tuple(Detail(name, column, number) for name, column in _MORE.get(aspect, ()))
        found.append(
            Fact(
                key,
                "reading",
                aspect,
                unit,
                _accuracy if unit == "percent" else _score,
                percentile=Of(f"{stem}-nationalnormpercentile", _ranked),
                details=(Detail("level", (f"{stem}-level", f"{stem}-levels")), *_growth(stem), *more),
            )
        )
    return found
