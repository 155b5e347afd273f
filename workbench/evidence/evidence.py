"""Evidence: one dated fact about one learner from one source, and what it lets one say."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.access.actors import Action
from workbench.access.gate import Fact, LearnerId, asks, asks_each, learner_of
from workbench.facet import Facet
from workbench.ground.errors import BadInput
from workbench.ground.terms import Term
from workbench.ground.words import _
from workbench.learners.learners import Learner

if TYPE_CHECKING:
    from workbench.store.evidence import Sighted

#: A share of rapid guesses (percent) from which a score says little about what one can do.
#: NWEA invalidates or flags from 30 %; the kind words start earlier than the vendor's flag.
RUSHED_FROM = 20.0


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """One fact. `error` is a standard error in `unit`; `percentile` was read against `norms`.

    `aspect` is "" for the whole measure, else "area: …", "lexile" or "quantile". `standing`
    is "growth" (the term's growth event), "other" or "repeat". `origin` is (import, row), and `before` what an earlier
    import said that this one corrected.
    """

    learner: int
    key: int
    source: str
    measure: str
    aspect: str
    taken_on: date
    term: str
    test: str
    value: float
    unit: str
    error: float | None = None
    percentile: float | None = None
    norms: str = ""
    standing: str = "other"
    details: Mapping[str, Any] = field(default_factory=dict)
    origin: tuple[int, int] = (0, 0)
    before: float | None = None

    @property
    def range(self) -> tuple[int, int]:
        """From one standard error below to one above, in whole units; the value itself without an error."""
        spread = self.error or 0.0
        return round(self.value - spread), round(self.value + spread)

    @property
    def rushed(self) -> bool:
        """Whether the score may not show what one can do: many answers were rapid guesses, or the vendor flags it."""
        share = self.details.get("rapid_guessing")
        return bool(self.details.get("rush")) or (isinstance(share, int | float) and share >= RUSHED_FROM)

    @property
    def language(self) -> str:
        """The test's language, "" for English."""
        return str(self.details.get("language", ""))

    def __repr__(self) -> str:
        return "<Evidence>"


@dataclass(frozen=True, slots=True, repr=False)
class Revision:
    """What one import said of a fact: when it was brought in, and which row of which file says so."""

    evidence: Evidence
    at: datetime
    import_id: int
    file: str
    row: int

    def __repr__(self) -> str:
        return "<Revision>"


def step(before: Evidence, after: Evidence) -> tuple[float, float | None]:
    """How far `after` is from `before`, and the standard error of that: the root of their squared ones.

    None where neither has one.
    """
    return after.value - before.value, math.hypot(before.error or 0.0, after.error or 0.0) or None


def change(before: Evidence, after: Evidence) -> str:
    """How `after` stands to `before`: "higher", "lower" or "about the same".

    About the same means closer than the standard error of the difference.
    """
    grown, error = step(before, after)
    if abs(grown) <= (error or 0.0):
        return "about the same"
    return "higher" if grown > 0 else "lower"


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One measure over terms: at most one point a term, the term's growth event where there is one.

    A test in another language is another line: what one reads in one says little of the other.
    """

    measure: str
    unit: str
    points: tuple[Evidence, ...]

    @property
    def language(self) -> str:
        return self.points[-1].language

    @property
    def source(self) -> str:
        return self.points[-1].source

    @property
    def norms(self) -> tuple[str, ...]:
        """The norm years along the line, in order of first use."""
        return tuple(dict.fromkeys(point.norms for point in self.points if point.norms))


def lines(
    evidence: Iterable[Evidence], *, source: str = "nwea_map", unit: str = "RIT", aspect: str = ""
) -> tuple[Line, ...]:
    """Evidence of one source as a line per measure, each term once, repeats left aside."""
    best: dict[tuple[str, str], dict[str, Evidence]] = {}
    for fact in evidence:
        if fact.source != source or fact.aspect != aspect or fact.unit != unit or fact.standing == "repeat":
            continue
        terms = best.setdefault((fact.measure, fact.language), {})
        known = terms.get(fact.term)
        if known is None or _telling(fact) > _telling(known):
            terms[fact.term] = fact
    return tuple(
        Line(measure, unit, tuple(sorted(terms.values(), key=_when)))
        for (measure, _language), terms in sorted(best.items())
    )


def _telling(fact: Evidence) -> tuple[bool, date]:
    """What makes one test of a term speak for it: the growth event does, else the last."""
    return fact.standing == "growth", fact.taken_on


def areas(
    evidence: Iterable[Evidence], measure: str, term: str, *, source: str = "nwea_map", language: str = ""
) -> tuple[Evidence, ...]:
    """The instructional areas of a measure's growth event in a term, highest first."""
    found = [
        fact
        for fact in evidence
        if fact.source == source
        and fact.measure == measure
        and fact.term == term
        and fact.language == language
        and fact.aspect.startswith("area: ")
        and fact.standing != "repeat"
    ]
    return tuple(sorted(found, key=lambda fact: -fact.value))


def coverage(evidence: Iterable[Evidence]) -> Mapping[tuple[int, str, str], int]:
    """How many facts there are of each learner, source and term that has any."""
    return Counter((fact.learner, fact.source, fact.term) for fact in evidence)


class EvidenceFacet(Facet):
    """`bench.evidence`: what is known of a learner."""

    __slots__ = ()

    @asks(Action.READ, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Evidence, ...]:
        """Every current fact about a learner, oldest first."""
        return tuple(read(self.store.sightings.evidence([learner], as_of=self.as_of)))

    @asks_each(Action.READ)
    def of_each(self, learners: Iterable[Learner | int]) -> Iterable[Evidence]:
        """Every current fact about some learners, such as a class; those whom the actor may not see are missing."""
        if isinstance(learners, str):
            raise BadInput(
                _("Learners are wanted here, as a list, and not a text."),
                _("For a class: bench.frames.scores(\"4B\"), or here bench.learners.in_class(\"4B\").")
            )  # fmt: skip
        numbers = [learner_of(self.store, one) for one in learners]
        return read(self.store.sightings.evidence(numbers, as_of=self.as_of))

    @asks(Action.READ, instead=tuple)
    def revisions(self, fact: Evidence | Fact) -> tuple[Revision, ...]:
        """What imports said of a fact, oldest first; the last one's value is the current one."""
        told = self.store.sightings.revisions(fact.learner, fact.key, as_of=self.as_of)
        said = read(sighted for sighted, _file, _at in told)
        return tuple(
            Revision(one, at, sighted.import_id, file, sighted.row)
            for one, (sighted, file, at) in zip(said, told, strict=True)
        )


def _when(fact: Evidence) -> tuple[Term, date]:
    return Term.parse(fact.term), fact.taken_on


def read(sightings: Iterable[Sighted]) -> Iterator[Evidence]:
    """Sightings as evidence. Facts of one test share their details, which are read once."""
    details = cache(json.loads)
    for one in sightings:
        yield Evidence(
            learner=one.learner_id,
            key=one.key,
            source=one.source,
            measure=one.measure,
            aspect=one.aspect,
            taken_on=one.taken_on,
            term=one.term,
            test=one.test,
            value=one.value,
            unit=one.unit,
            error=one.error,
            percentile=one.percentile,
            norms=one.norms,
            standing=one.standing,
            details=details(one.details) if one.details else {},
            origin=(one.import_id, one.row),
            before=one.before,
        )
