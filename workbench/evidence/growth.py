"""What changes and differences between test scores can say, given their errors; `docs/growth.md` has the formulas.

Pure arithmetic: nothing is read here, and nobody asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, variance
from typing import Any

from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, Line, change, step
from workbench.ground.terms import Term

#: The studentized range q at 95 % for 2 to 10 values with known errors (infinite degrees of freedom): H. L. Harter,
#: "Tables of Range and Studentized Range", Annals of Mathematical Statistics 31 (1960). A test works them out anew.
STUDENTIZED_RANGE = {2: 2.772, 3: 3.314, 4: 3.633, 5: 3.858, 6: 4.030, 7: 4.170, 8: 4.286, 9: 4.387, 10: 4.474}
#: Weeks between two tests of one season a year apart, and the least within a school year: outside, a change is not
#: compared with others'. Ours, around the windows in which schools test.
A_YEAR, WITHIN_A_YEAR = (36.0, 60.0), 10.0
#: Fewer learners than this make no figure of a group.
ENOUGH = 10
#: Of less reliable growth nobody is put in an order.
ORDERED_FROM = 0.7


def apart(values: Sequence[tuple[float, float | None]]) -> bool:
    """Whether the highest and the lowest of some (value, standard error) differ by more than chance alone makes them.

    The highest and the lowest were picked because they are that, so what holds for two given scores is too little: the
    difference must be beyond q · √((error² + error²) / 2), Tukey's range as Kramer has it for unlike errors. False for
    fewer than two values, more than ten, or where either has no error.
    """
    q = STUDENTIZED_RANGE.get(len(values))
    if q is None:
        return False
    (high, one), (low, other) = max(values, key=_value), min(values, key=_value)
    return bool(one and other) and high - low > q * math.hypot(one or 0.0, other or 0.0) / math.sqrt(2)


@dataclass(frozen=True, slots=True, repr=False)
class Growth:
    """The change of one learner between two tests of one line: `value` and its standard error in the line's unit."""

    start: Evidence
    end: Evidence

    @property
    def value(self) -> float:
        return self.end.value - self.start.value

    @property
    def error(self) -> float | None:
        """The vendor's own standard error of this growth where the file has it; else √(error² + error²)."""
        told = self._vendors.get("observed_error")
        if isinstance(told, int | float) and self._vendors.get("observed") == self.value:
            return float(told)
        return step(self.start, self.end)[1]

    @property
    def verdict(self) -> str:
        """ "lower", "about the same" or "higher": about the same is within one standard error of the growth."""
        error = self.error
        if error is None:
            return change(self.start, self.end)
        return "about the same" if abs(self.value) <= error else "higher" if self.value > 0 else "lower"

    @property
    def weeks(self) -> float:
        return (self.end.taken_on - self.start.taken_on).days / 7

    @property
    def why_not(self) -> str:
        """Why it is not held beside others': "rushed", "summer" between, too few or many "weeks"; "" where it is."""
        first, last = Term.parse(self.start.term), Term.parse(self.end.term)
        if self.start.rushed or self.end.rushed:
            return "rushed"
        if first.season != last.season:
            if first.year != last.year:
                return "summer"
            return "" if self.weeks >= WITHIN_A_YEAR else "weeks"
        low, high = (bound * (last.year - first.year) for bound in A_YEAR)
        return "" if low <= self.weeks <= high else "weeks"

    @property
    def norms_same(self) -> bool:
        """Whether both were read against one set of norms: percentiles of two sets are never subtracted."""
        return self.start.norms == self.end.norms

    @property
    def expected(self) -> float | None:
        """The growth that the vendor projected for this window, from the file of the end or of the start."""
        told = self._vendors.get("projected")
        if told is None and Term.parse(self.end.term).year - Term.parse(self.start.term).year <= 1:
            told = _member(self.start, "typical_growth").get(self._window)
        return float(told) if isinstance(told, int | float) else None

    def vendors(self, name: str) -> Any:
        """What the vendor's file says of this growth: its "index", "percentile" or "met"; None where it does not."""
        return self._vendors.get(name)

    @property
    def _window(self) -> str:
        first, last = Term.parse(self.start.term), Term.parse(self.end.term)
        return f"{first.season_name} to {last.season_name}".casefold()

    @property
    def _vendors(self) -> Mapping[str, Any]:
        first, last = Term.parse(self.start.term), Term.parse(self.end.term)
        if last.year - first.year != (last.season <= first.season):  # of the pair of seasons nearest to the end
            return {}
        found = _member(self.end, "growth").get(self._window)
        return found if isinstance(found, Mapping) else {}

    def __repr__(self) -> str:
        return "<Growth>"


def growths(line: Line) -> Iterator[Growth]:
    """Every change along a line from an earlier to a later test; none on a scale that changes between tests."""
    if measures.of(line.points[-1]).compared:
        yield from (Growth(start, end) for start, end in combinations(line.points, 2))


def reliability(values: Sequence[float], errors: Iterable[float]) -> float:
    """How much of the differences between some learners' scores or growth is more than errors of measurement, 0 to 1.

    1 − mean of squared errors / variance. Of equal values 0. Raises ValueError for fewer than two.
    """
    if len(values) < 2:
        raise ValueError("two values are the least")
    spread = variance(values)
    return max(0.0, 1 - fmean(error**2 for error in errors) / spread) if spread else 0.0


def toward_the_mean(value: float, mean: float, reliability: float) -> float:
    """What is expected of one with this score or growth if it were measured anew: mean + reliability · (value − mean).

    Whoever was picked for a very low or high score comes nearer to the mean by this alone.
    """
    return mean + reliability * (value - mean)


def difference(some: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """The difference of two groups' means and its standard error, √(variance / n + variance / n).

    Raises ValueError where either has fewer than `ENOUGH`.
    """
    if min(len(some), len(others)) < ENOUGH:
        raise ValueError(f"{ENOUGH} in each group are the least")
    return fmean(some) - fmean(others), math.sqrt(variance(some) / len(some) + variance(others) / len(others))


def _member(fact: Evidence, name: str) -> Mapping[str, Any]:
    found = fact.details.get(name)
    return found if isinstance(found, Mapping) else {}


def _value(known: tuple[float, float | None]) -> float:
    return known[0]
