"""What a score is compared with: smooth curves of our own, **not NWEA's norms**.

NWEA's norm tables, and the tables that turn a RIT into a Lexile or Quantile measure, are theirs
and are not shipped. These curves have the same shape (fast growth early, less each year, none over
the summer) so that a demo looks right; never read a real score against them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from workbench.sample.terms import FALL, SPRING, WINTER

QUINTILES = ("Low", "LoAvg", "Avg", "HiAvg", "High")
GROWTH_SPREAD = 6.0  # RIT: how much learners of one start differ in growth

# course: start (RIT at K fall), still to gain after that (RIT), share gained each year
_CURVES = {
    "Reading": (137.0, 101.0, 0.210),
    "Math K-12": (139.0, 118.0, 0.185),
    "Language Usage": (141.0, 92.0, 0.240),
    "Science K-12": (150.0, 75.0, 0.200),
}
_LEARNED_BY = {FALL: 0.0, WINTER: 0.52, SPRING: 0.97}  # share of a grade; the rest is barely a summer
# norms: shift of the mean (RIT), factor on the spread
_EDITIONS = {"2020": (0.0, 1.0), "2025": (-1.2, 1.03)}


@dataclass(frozen=True, slots=True)
class Expected:
    """Scores of one grade at one time of the year, in RIT."""

    mean: float
    spread: float  # standard deviation

    def percentile(self, rit: float) -> int:
        """1 to 99."""
        return _percentile((rit - self.mean) / self.spread)


@cache
def expected(course: str, grade: int, season_index: int, edition: str) -> Expected:
    """`edition` is the norms' year, "2020" or "2025": the later ones sit a little lower and wider."""
    start, to_gain, rate = _CURVES[course]
    shift, widen = _EDITIONS[edition]
    schooled = grade + _LEARNED_BY[season_index]
    mean = start + to_gain * (1 - math.exp(-rate * schooled)) + shift
    return Expected(mean, (12.5 + 0.5 * schooled) * widen)


def projected_growth(course: str, grade: int, rit: int, pair: tuple[int, int, int], edition: str) -> int:
    """RIT points gained on average by learners who scored `rit` in `grade`.

    `pair` is the season it starts in, the season it ends in, and the years between.
    """
    starts, ends, years = pair
    before = expected(course, grade, starts, edition)
    after = expected(course, grade + years, ends, edition)
    return round(after.mean - before.mean - 0.06 * (rit - before.mean))


def growth_index(observed: int, projected: int) -> float:
    """The conditional growth index: growth beyond the projection, in spreads."""
    return (observed - projected) / GROWTH_SPREAD


def growth_percentile(index: float) -> int:
    return _percentile(index)


def quintile(percentile: int) -> str:
    """Low up to 20, LoAvg up to 40 …"""
    return QUINTILES[min((percentile - 1) // 20, 4)]


def lexile(rit: float) -> str:
    """An invented line through plausible points; a number after BR counts downwards below zero."""
    return _measure(12.5 * rit - 1850, "BR", "L", ceiling=1600)


def lexile_range(rit: float) -> tuple[str, str]:
    """100L below to 50L above."""
    return lexile(rit - 8), lexile(rit + 4)


def quantile(rit: float) -> str:
    return _measure(10.5 * rit - 1650, "EM", "Q", ceiling=1650)


def quantile_range(rit: float) -> tuple[str, str]:
    """50Q either side, except at the floor and ceiling, where all three are one."""
    if quantile(rit) in ("EM400Q", "1650Q"):
        return quantile(rit), quantile(rit)
    return quantile(rit - 50 / 10.5), quantile(rit + 50 / 10.5)


def _measure(value: float, below_zero: str, unit: str, *, ceiling: int) -> str:
    stepped = min(max(5 * round(value / 5), -400), ceiling)
    return f"{below_zero}{-stepped}{unit}" if stepped < 0 else f"{stepped}{unit}"


def _percentile(z: float) -> int:
    return min(max(round(100 * 0.5 * (1 + math.erf(z / math.sqrt(2)))), 1), 99)
