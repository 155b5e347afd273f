"""What changes and differences between scores can say: the formulas of docs/growth.md, by worked figures."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import pytest

from workbench.evidence.growth import STUDENTIZED_RANGE, apart


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
