"""A learner's own usual change and amount, from their past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

LEAST_CHANGES = 3  # of fewer, nobody can say what is usual
LEAST_APART = timedelta(days=6)  # two values of one week are no step


@dataclass(frozen=True, slots=True)
class Pace:
    """A learner's own usual change a week: the median of past changes, how far they usually lie off it, how many."""

    median: float
    spread: float
    count: int


def usual_pace(points: Iterable[tuple[date, float]]) -> Pace | None:
    """The usual change a week between comparable values of one measure, such as levels; None when too few are known.

    Values less than six days apart are one step. The spread is the median distance from the median.
    """
    kept: list[tuple[date, float]] = []
    for day, value in sorted(points):
        if kept and day - kept[-1][0] < LEAST_APART:
            kept[-1] = (kept[-1][0], value)
        else:
            kept.append((day, value))
    changes = [
        (value - before) / ((day - earlier) / timedelta(weeks=1)) for (earlier, before), (day, value) in pairwise(kept)
    ]
    return _pace(changes)


def usual_amount(weeks: Sequence[float]) -> Pace | None:
    """The usual amount of a week, such as minutes read, from the amounts of past weeks; None when too few are known."""
    return _pace(weeks)


def _pace(changes: Sequence[float]) -> Pace | None:
    if len(changes) < LEAST_CHANGES:
        return None
    middle = median(changes)
    return Pace(middle, median(abs(change - middle) for change in changes), len(changes))
