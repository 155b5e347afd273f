"""What a measure comes to: how its values go together over a school year."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workbench.evidence.evidence import Evidence
from workbench.evidence.measures import Kind, Measure, of
from workbench.ground.terms import school_year


@dataclass(frozen=True, slots=True, repr=False)
class Amount:
    """What a measure comes to: `value`, `of` a whole where it is a share, and the facts it is made of."""

    measure: Measure
    value: float
    of: float | None
    facts: tuple[Evidence, ...]

    @property
    def said(self) -> str:
        """The amount in its unit."""
        return self.measure.amount(self.value, self.of)

    @property
    def sentence(self) -> str:
        return self.measure.sentence(self.value, self.of)


def of_the_year(evidence: Iterable[Evidence], on: date) -> tuple[Amount, ...]:
    """What each measure but scores comes to in the school year of `on`, in the order of telling.

    Levels are the latest. Counts and shares are added up here, over the periods that do not overlap and
    together come to the most: the same minutes told by month and for the year are not counted twice.
    """
    year = school_year(on)
    grouped: dict[Measure, list[Evidence]] = {}
    for fact in evidence:
        measure = of(fact)
        if measure.kind is not Kind.SCORE and began(fact) <= on and school_year(began(fact)) == year:
            grouped.setdefault(measure, []).append(fact)
    found = [amount(measure, facts) for measure, facts in grouped.items()]
    return tuple(sorted(found, key=lambda one: (one.measure.place, one.measure.measure, one.measure.aspect)))


def amount(measure: Measure, facts: Iterable[Evidence]) -> Amount:
    """What facts of one measure come to together, as its kind says. There is at least one fact."""
    known = sorted(facts, key=lambda fact: (fact.taken_on, began(fact), fact.key))
    known = _apart(known, measure.kind) if measure.kind in (Kind.COUNT, Kind.SHARE) else known[-1:]
    wholes = [whole for fact in known if (whole := _whole(fact)) is not None]
    return Amount(measure, sum(fact.value for fact in known), sum(wholes) if wholes else None, tuple(known))


def _apart(facts: list[Evidence], kind: Kind) -> list[Evidence]:
    """The facts whose periods do not overlap and come to the most (weighted interval scheduling).

    Those of a single day are events: all of a day stay together.
    """
    periods: dict[tuple[date, date, object], list[Evidence]] = {}
    for fact in facts:
        single = began(fact) == fact.taken_on
        periods.setdefault((fact.taken_on, began(fact), single or fact.key), []).append(fact)
    ends = [last for last, _first, _which in periods]
    best: list[tuple[float, list[Evidence]]] = [(0.0, [])]
    for (_last, first, _which), told in periods.items():
        before = bisect_left(ends, first, hi=len(best) - 1)
        weight = sum((_whole(fact) or 0.0) if kind is Kind.SHARE else abs(fact.value) for fact in told)
        taken = (best[before][0] + weight, [*best[before][1], *told])
        best.append(max(best[-1], taken, key=lambda one: (one[0], len(one[1]))))
    return best[-1][1]


def began(fact: Evidence) -> date:
    """The first day of a fact's period: the day itself where it says none."""
    told = fact.details.get("from")
    try:
        return min(date.fromisoformat(told), fact.taken_on) if isinstance(told, str) else fact.taken_on
    except ValueError:
        return fact.taken_on


def _whole(fact: Evidence) -> float | None:
    whole = fact.details.get("of")
    return float(whole) if isinstance(whole, int | float) and whole > 0 else None
