"""What evidence lets one say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.evidence.evidence import Evidence, areas, change, lines
from workbench.ground.errors import BadInput
from workbench.ground.terms import Term, present, school_year
from workbench.sample import cast


def score(value: float, error: float | None = 3.0, **more: object) -> Evidence:
    values = {
        "learner": 1,
        "key": 1,
        "source": "nwea_map",
        "measure": "reading",
        "aspect": "",
        "taken_on": date(2026, 9, 16),
        "term": "Fall 2026-2027",
        "test": "Growth: Reading 2-5",
        "unit": "RIT",
        **more,
    }
    return Evidence(value=value, error=error, **values)  # type: ignore[arg-type]


def test_a_text_where_learners_are_wanted_is_told_what_to_write(prepared: Path) -> None:
    with Workbench.open(prepared, actor="admin:office") as office, pytest.raises(BadInput) as told:
        office.evidence.of_each("4B")  # type: ignore[arg-type]
    assert 'bench.learners.in_class("4B")' in str(told.value)


def test_a_score_is_a_range_of_one_standard_error_each_way() -> None:
    assert score(198, 3.2).range == (195, 201)
    assert score(198, None).range == (198, 198)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(190, 194, "about the same"), (190, 194.3, "higher"), (194.3, 190, "lower"), (194, 190, "about the same")],
)
def test_two_scores_within_the_root_of_their_squared_errors_are_about_the_same(
    before: float, after: float, said: str
) -> None:
    assert change(score(before), score(after)) == said


def test_a_rushed_test_is_told_apart() -> None:
    assert score(187, details={"rapid_guessing": 45.0}).rushed
    assert not score(201, details={"rapid_guessing": 3.5}).rushed
    assert not score(201).rushed


def test_a_line_has_one_point_a_term_and_leaves_repeats_aside(teacher: Workbench) -> None:
    marcus = teacher.learners.named(cast.MARCUS)
    found = {line.measure: line for line in lines(teacher.evidence.of(marcus))}
    terms = [point.term for point in found["mathematics"].points]

    assert len(terms) == len(set(terms))
    assert [Term.parse(term) for term in terms] == sorted(Term.parse(term) for term in terms)
    assert found["mathematics"].points[-1].value == 201
    assert all(point.standing != "repeat" for line in found.values() for point in line.points)


def test_the_norm_years_along_a_line_are_known(teacher: Workbench) -> None:
    luz = teacher.learners.named(cast.LUZ)
    reading = next(line for line in lines(teacher.evidence.of(luz)) if line.measure == "reading")
    assert reading.norms == ("2020", "2025")


def test_the_instructional_areas_of_a_term_come_highest_first(teacher: Workbench) -> None:
    luz = teacher.learners.named(cast.LUZ)
    found = areas(teacher.evidence.of(luz), "mathematics", "Fall 2026-2027")

    assert len(found) >= 3
    assert [fact.value for fact in found] == sorted((fact.value for fact in found), reverse=True)
    assert "Number" in found[-1].aspect


def test_terms_are_in_the_order_of_the_school_year() -> None:
    told = ["Spring 2025-2026", "Fall 2026-2027", "Winter 2025-2026", "Summer 2025-2026", "nonsense"]
    assert [term.text for term in sorted(map(Term.parse, told))] == [
        "nonsense",
        "Summer 2025-2026",
        "Winter 2025-2026",
        "Spring 2025-2026",
        "Fall 2026-2027",
    ]


def test_the_newest_term_and_its_year_count_as_now() -> None:
    terms = dict.fromkeys(["Spring 2025-2026", "Fall 2026-2027", "2026-2027", "2025-2026"], 28)
    assert present(terms, date(2026, 11, 21)).now == {"Fall 2026-2027", "2026-2027"}


def test_a_school_year_turns_in_july() -> None:
    assert school_year(date(2026, 6, 30)) == "2025-2026"
    assert school_year(date(2026, 7, 1)) == "2026-2027"


def test_a_test_in_spanish_is_a_line_of_its_own() -> None:
    english = [score(190, term="Fall 2025-2026", taken_on=date(2025, 9, 16)), score(196)]
    spanish = [score(171, details={"language": "Spanish"}, test="Growth: Reading 2-5 (Spanish)")]
    found = lines([*english, *spanish])
    assert [(line.language, [point.value for point in line.points]) for line in found] == [
        ("", [190, 196]),
        ("Spanish", [171]),
    ]
