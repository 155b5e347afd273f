"""Suggestions for strengths and needs come from the learner's own evidence, always both kinds, academic and not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from workbench import Workbench
from workbench.conferences.strengths import Domain, Kind
from workbench.conferences.suggestions import MOST, Suggestion, suggest
from workbench.evidence.evidence import Evidence
from workbench.sample import cast

ON = date(2026, 11, 20)
TERM = "Fall 2026-2027"
_keys = iter(range(1, 100_000))


def fact(value: float, **more: Any) -> Evidence:
    usual: dict[str, Any] = {
        "learner": 1,
        "key": next(_keys),
        "source": "nwea_map",
        "measure": "mathematics",
        "aspect": "",
        "taken_on": date(2026, 9, 15),
        "term": TERM,
        "test": "",
        "unit": "RIT",
        "error": 3.0,
        "standing": "growth",
    }
    return Evidence(**{**usual, **more}, value=value)


def area(name: str, value: float, **more: Any) -> Evidence:
    return fact(value, aspect=f"area: {name}", **{"error": 4.0, **more})


def of(found: tuple[Suggestion, ...], kind: Kind, domain: Domain) -> list[Suggestion]:
    return [one for one in found if one.kind is kind and one.domain is domain and one.facts]


def weekly(source: str, measure: str, unit: str, values: list[float], *, of_: float | None = None) -> list[Evidence]:
    """A value for each of the weeks that end with the one before `ON`'s."""
    monday = ON - timedelta(days=ON.weekday())
    found = []
    for back, value in enumerate(reversed(values), start=1):
        start = monday - timedelta(weeks=back)
        details: dict[str, Any] = {"from": start.isoformat()} | ({"of": of_} if of_ else {})
        end = start + timedelta(days=4)
        found.append(fact(value, source=source, measure=measure, unit=unit, error=None, taken_on=end, details=details))
    return found


def test_an_area_is_a_strength_or_a_need_only_where_areas_can_be_told_apart() -> None:
    level = fact(200)
    near = [area("Geometry", 204), area("Number", 196)]
    assert of(suggest([level, *near], "3-5", ON), Kind.STRENGTH, Domain.ACADEMIC) == []
    # of three areas with an error of 4 each: 3.314 · 4 = 13.3
    close = [area("Geometry", 200), area("Algebra", 206), area("Number", 193)]
    assert of(suggest([level, *close], "3-5", ON), Kind.STRENGTH, Domain.ACADEMIC) == []
    far = [area("Geometry", 206), area("Algebra", 212), area("Number", 194)]
    found = suggest([level, *far], "3-5", ON)
    (strength,) = of(found, Kind.STRENGTH, Domain.ACADEMIC)
    (need,) = of(found, Kind.NEED, Domain.ACADEMIC)
    assert (strength.words, need.words) == ("Going well: Algebra", "Next for me: Number")
    assert strength.tied_to == "Mathematics, Fall 2026"
    assert set(strength.facts) == {level.key, far[1].key}


def test_nothing_is_made_of_a_rushed_test_or_of_an_area_without_an_error() -> None:
    areas = [area("Geometry", 215), area("Number", 185)]
    rushed = [fact(200, details={"rapid_guessing": 40}), *areas]
    unsure = [fact(200), *(area(name, value, error=None) for name, value in (("Geometry", 215), ("Number", 185)))]
    for evidence in (rushed, unsure):
        assert not any(one.facts for one in suggest(evidence, "3-5", ON))


@pytest.mark.parametrize(
    ("lately", "kind"), [([60, 70], Kind.STRENGTH), ([5, 10], Kind.NEED), ([30, 34], None), ([34, 30], None)]
)
def test_time_in_a_program_is_held_against_the_learner_s_own_usual_weeks(
    lately: list[float], kind: Kind | None
) -> None:
    found = suggest(weekly("myon", "minutes read", "minutes", [30, 36, 28, 33, *lately]), "3-5", ON)
    met = [one for one in found if one.facts]
    assert [one.kind for one in met] == ([kind] if kind else [])
    assert all("my usual" in one.tied_to for one in met)


def test_homework_done_is_a_strength_or_a_need_by_its_share_and_days_absent_never_are_a_need() -> None:
    done = suggest(weekly("habits", "homework done", "tasks", [4, 4, 3, 4], of_=4), "3-5", ON)
    assert [one.tied_to for one in of(done, Kind.STRENGTH, Domain.BEYOND)] == ["15 of 16"]
    left = suggest(weekly("habits", "homework done", "tasks", [1, 2, 1, 2], of_=4), "3-5", ON)
    assert len(of(left, Kind.NEED, Domain.BEYOND)) == 1
    away = suggest(weekly("attendance", "days present", "days", [1, 2, 1, 2], of_=5), "3-5", ON)
    assert of(away, Kind.NEED, Domain.BEYOND) == []


def test_kindness_that_somebody_noticed_is_a_strength_and_none_noticed_is_nothing() -> None:
    seen = suggest(weekly("habits", "kindness noticed", "times", [0, 2, 1]), "3-5", ON)
    assert [one.words for one in of(seen, Kind.STRENGTH, Domain.BEYOND)] == ["Going well: Kindness"]
    unseen = suggest(weekly("habits", "kindness noticed", "times", [0, 0, 0]), "3-5", ON)
    assert not any(one.facts for one in unseen)


def test_whatever_the_evidence_both_kinds_are_there_academic_and_not() -> None:
    cells = {(kind, domain) for kind in Kind for domain in Domain}
    only_low = [fact(200), area("Number", 180), area("Geometry", 199)]
    for evidence in ([], only_low):
        found = suggest(evidence, "3-5", ON)
        assert {(one.kind, one.domain) for one in found} == cells
        assert all(one.words for one in found)


def test_every_learner_of_the_demo_school_gets_some_of_each_and_the_youngest_no_number(pristine: Any) -> None:
    with Workbench.open(pristine, actor="admin:office") as office:
        from_evidence = 0
        for learner in (*office.learners.in_class("4B"), office.learners.named(cast.TOBI)):
            evidence = office.evidence.of(learner)
            for band in ("K-2", "3-5"):
                found = suggest(evidence, band, date(2026, 11, 21))
                assert {(one.kind, one.domain) for one in found} == {
                    (kind, domain) for kind in Kind for domain in Domain
                }
                for kind in Kind:
                    for domain in Domain:
                        assert sum((one.kind, one.domain) == (kind, domain) for one in found) <= MOST
                told = " ".join(f"{one.words} {re.sub(r'(Fall|Winter|Spring) 20..', '', one.tied_to)}" for one in found)
                assert band != "K-2" or not re.search(r"\d", told), told
            from_evidence += any(one.facts for one in found)
        assert from_evidence > cast.CLASS_SIZE / 2
