"""What changes and differences between scores can say: the formulas of docs/growth.md, by worked figures."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import pytest

from workbench.evidence.evidence import Evidence, lines
from workbench.evidence.growth import (
    STUDENTIZED_RANGE,
    Growth,
    apart,
    difference,
    growths,
    reliability,
    toward_the_mean,
)


@pytest.mark.parametrize(("count", "q"), STUDENTIZED_RANGE.items())
def test_the_studentized_range_is_exceeded_by_chance_five_times_in_a_hundred(count: int, q: float) -> None:
    normal, steps = NormalDist(), 2000
    places = [-8 + 16 * step / steps for step in range(steps + 1)]
    dense = [count * normal.pdf(one) * (normal.cdf(one) - normal.cdf(one - q)) ** (count - 1) for one in places]
    within = sum((one + other) / 2 * 16 / steps for one, other in pairwise(dense))
    assert within == pytest.approx(0.95, abs=1e-4)


def test_the_highest_and_the_lowest_of_three_are_apart_only_beyond_what_chance_makes_of_three() -> None:
    assert not apart([(200, 9.0), (212, 9.0), (225, 9.0)])  # 25 of 29.8: two given scores would be told apart
    assert apart([(200, 9.0), (212, 9.0), (230, 9.0)])
    assert not apart([(200, 3.0), (205, 9.0), (222, 9.0)])  # 3.314 · √(90 / 2) = 22.2
    assert apart([(200, 3.0), (205, 9.0), (223, 9.0)])


def test_of_one_or_of_too_many_or_without_an_error_nothing_is_told_apart() -> None:
    assert not apart([(200, 1.0)])
    assert not apart([])
    assert not apart([(float(value), 1.0) for value in range(100, 1200, 100)])
    assert not apart([(100, None), (200, 1.0)])


FALL, SPRING, NEXT = "Fall 2025-2026", "Spring 2025-2026", "Fall 2026-2027"
DAYS = {FALL: date(2025, 9, 16), SPRING: date(2026, 5, 12), NEXT: date(2026, 9, 15)}


def score(value: float, term: str = NEXT, error: float | None = 3.0, **more: Any) -> Evidence:
    known = {"taken_on": DAYS.get(term), "term": term, "test": "Growth", "unit": "RIT", "norms": "2025"} | more
    return Evidence(1, 1, "nwea_map", "reading", "", value=value, error=error, standing="growth", **known)


def test_growth_has_the_error_of_both_tests_and_is_about_the_same_within_it() -> None:
    luz = Growth(score(190, FALL, 3.45), score(198, NEXT, 2.97))
    assert (luz.value, luz.verdict) == (8, "higher")
    assert luz.error == pytest.approx(4.552, abs=0.001)
    assert Growth(score(190, FALL, 3.2), score(186, NEXT, 3.15)).verdict == "about the same"  # −4 ± 4.49
    assert Growth(score(190, FALL), score(185, NEXT)).verdict == "lower"  # −5 ± 4.24
    assert Growth(score(190, FALL, None), score(191, NEXT, None)).error is None


def test_the_vendors_error_and_projection_go_first_for_the_window_they_are_of() -> None:
    told = {"fall to fall": {"observed": 8, "observed_error": 4.6, "projected": 11, "met": "No*", "percentile": 37}}
    end = score(198, details={"growth": told})
    year = Growth(score(190, FALL), end)
    assert (year.error, year.expected, year.vendors("met")) == (4.6, 11, "No*")
    assert Growth(score(189, FALL), end).error == pytest.approx(4.243, abs=0.001)  # of another start than the file's
    two_years = Growth(score(180, "Fall 2024-2025", taken_on=date(2024, 9, 17)), end)
    assert (two_years.expected, two_years.vendors("met")) == (None, None)
    ahead = Growth(score(190, FALL, details={"typical_growth": {"fall to spring": 9}}), score(198, SPRING))
    assert ahead.expected == 9


def test_what_may_be_held_beside_others() -> None:
    assert Growth(score(190, FALL), score(198)).why_not == ""
    assert Growth(score(190, FALL), score(198, SPRING)).why_not == ""
    assert Growth(score(198, SPRING), score(196)).why_not == "summer"
    late = score(198, taken_on=DAYS[FALL] + timedelta(weeks=61, days=4))
    assert Growth(score(190, FALL), late).why_not == "weeks"
    soon = score(192, "Winter 2025-2026", taken_on=DAYS[FALL] + timedelta(weeks=6))
    assert Growth(score(190, FALL), soon).why_not == "weeks"
    assert Growth(score(190, FALL), score(170, details={"rapid_guessing": 42})).why_not == "rushed"
    assert not Growth(score(190, FALL, norms="2020"), score(198)).norms_same


def test_a_scale_that_changes_between_tests_has_no_growth() -> None:
    points = [score(320, FALL, None), score(280, NEXT, None)]
    (line,) = lines(points)
    assert [one.value for one in growths(line)] == [-40]
    (other,) = lines([_dibels(one) for one in points], source="dibels_8", unit="points")
    assert list(growths(other)) == []


def _dibels(one: Evidence) -> Evidence:
    return Evidence(1, 1, "dibels_8", "reading", "", one.taken_on, one.term, "", one.value, "points")


def test_how_much_of_the_differences_is_more_than_error_and_what_is_expected_anew() -> None:
    values, errors = [2.0, 8.0, 9.0, 16.0], [4.0, 4.0, 4.0, 4.0]
    assert reliability(values, errors) == pytest.approx(1 - 16 / 32.917, abs=0.001)
    assert reliability(values, [9.0] * 4) == 0
    assert reliability([5.0, 5.0], [1.0, 1.0]) == 0
    with pytest.raises(ValueError, match="two"):
        reliability([5.0], [1.0])
    assert toward_the_mean(21, 8.92, 0.396) == pytest.approx(13.70, abs=0.005)
    assert toward_the_mean(144, 187.556, 0.966) == pytest.approx(145.48, abs=0.01)


def test_two_groups_are_compared_with_an_error_and_never_of_fewer_than_ten() -> None:
    some, others = [float(one) for one in range(10)], [float(one) for one in range(2, 14)]
    told, error = difference(some, others)
    assert told == -3.0
    assert error == pytest.approx((9.1667 / 10 + 13 / 12) ** 0.5, abs=1e-4)
    with pytest.raises(ValueError, match="10 in each"):
        difference(some, others[:9])
