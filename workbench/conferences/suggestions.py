"""What a learner could name as a strength or a need, from the learner's own evidence; the learner chooses and words.

Always both kinds, academic and not: where evidence says nothing, a sentence to begin with stands in. Rules, ours:

- Where the areas of a test can be told apart (`growth.apart`), the highest is a strength and the lowest a need, if it
  is further from the learner's own result of that test than both standard errors together (`evidence.change`). A
  rushed test says nothing, nor an area without an error.
- Something counted week by week, held against the learner's own usual: the last two weeks above, or below, the median
  of the weeks before by more than those usually lie off it (`goal_help.usual_amount`).
- A share of the school year, such as homework: nine of ten and more a strength, less than six of ten a need. Days
  present are never a need, and the last of the strengths: coming to school is not the child's to plan.
- What somebody noticed in the last four weeks, such as kindness: a strength.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from workbench.conferences.strengths import Domain, Kind
from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, areas, change
from workbench.evidence.growth import apart
from workbench.evidence.measures import Measure
from workbench.evidence.measures.amounts import amount, began, of_the_year
from workbench.evidence.pace import usual_amount
from workbench.evidence.telling import said_term, tests
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _

MOST = 3  # of a kind and a domain
GOOD_SHARE, LOW_SHARE = 0.9, 0.6
LATELY = timedelta(weeks=4)
_WEEK = timedelta(weeks=1)
_BEYOND = "week"  # the topic of what is not a school subject
_NEVER_A_NEED = frozenset({"days present"})


@dataclass(frozen=True, slots=True, repr=False)
class Suggestion:
    """A strength or a need to pick and word, and the keys of the `facts` it is from (none: a start).

    `what` is its matter in a word or two, `why` says to the learner where it is from, `tied_to` what shows it.
    """

    kind: Kind
    domain: Domain
    words: str
    what: str = ""
    why: str = ""
    tied_to: str = ""
    facts: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Suggestion: {self.kind}, {self.domain}>"


def suggest(evidence: Sequence[Evidence], band: str, on: date) -> tuple[Suggestion, ...]:
    """Strengths, then needs; of each, academic ones first, up to `MOST`. The youngest get no number."""
    found = [*_of_areas(evidence, band), *_of_weeks(evidence, on), *_of_the_year(evidence, band, on)]
    told: list[Suggestion] = []
    for kind in Kind:
        for domain in Domain:
            here = [one for one in found if (one.kind, one.domain) == (kind, domain)]
            unlike = {one.words: one for one in reversed(here)}
            told += list(reversed(unlike.values()))[:MOST] or [Suggestion(kind, domain, _start(kind, domain))]
    return tuple(told)


def said_in(found: Iterable[Suggestion], words: str) -> Suggestion | None:
    """The suggestion that a learner's `words` take up, however they went on."""
    said = words.casefold()
    return next((one for one in found if one.words.casefold() in said), None)


def _of_areas(evidence: Sequence[Evidence], band: str) -> Iterator[Suggestion]:
    for line in tests(evidence):
        level = line.points[-1]
        if level.rushed:
            continue
        found = areas(evidence, line.measure, level.term, source=line.source, language=line.language)
        known = [one for one in found if one.error is not None and not one.rushed and one.unit == level.unit]
        if not apart([(one.value, one.error) for one in known]):
            continue
        for kind, far, how in ((Kind.STRENGTH, known[:1], "higher"), (Kind.NEED, known[-1:], "lower")):
            for one in far:
                if change(level, one) == how:
                    what, subject = measures.of(one).part, measures.of(level).learner
                    why, shows = _("from your {subject} test").format(subject=_lowered(subject)), subject
                    if band != YOUNGEST:
                        term = said_term(level.term)
                        why = _("from your {subject} test, {term}").format(
                            subject=_lowered(subject), term=_lowered(term)
                        )
                        shows = _("{subject}, {term}").format(subject=subject, term=term)
                    words = _form(kind).format(what=what)
                    yield Suggestion(kind, Domain.ACADEMIC, words, what, why, shows, (level.key, one.key))


def _of_weeks(evidence: Iterable[Evidence], on: date) -> Iterator[Suggestion]:
    by_measure: dict[Measure, list[Evidence]] = {}
    for fact in evidence:
        measure = measures.of(fact)
        if measure.kind is measures.Kind.COUNT and _is_told(measure) and fact.taken_on - began(fact) < _WEEK:
            by_measure.setdefault(measure, []).append(fact)
    for measure, facts in by_measure.items():
        if measure.topic == _BEYOND:
            continue
        monday = on - timedelta(days=on.weekday())
        lately = [one for one in facts if monday - 2 * _WEEK <= one.taken_on < monday]
        before = [one for one in facts if one.taken_on < monday - 2 * _WEEK]
        weeks = [sum(values) for values in _by_week(before)]
        usual = usual_amount(weeks)
        if usual is None or not lately or measure.better != "higher":
            continue
        now = fmean([sum(values) for values in _by_week(lately)])
        keys = tuple(one.key for one in lately)
        what = measure.learner
        if now > usual.median + usual.spread:
            why, shows = _("these two weeks more than your usual"), _("These two weeks more than my usual")
            words = _form(Kind.STRENGTH).format(what=what)
            yield Suggestion(Kind.STRENGTH, Domain.ACADEMIC, words, what, why, shows, keys)
        elif now < usual.median - usual.spread:
            why, shows = _("these two weeks less than your usual"), _("These two weeks less than my usual")
            words = _form(Kind.NEED).format(what=what)
            yield Suggestion(Kind.NEED, Domain.ACADEMIC, words, what, why, shows, keys)


def _of_the_year(evidence: Sequence[Evidence], band: str, on: date) -> Iterator[Suggestion]:
    # what is the learner's own doing comes before being there
    for one in sorted(of_the_year(evidence, on), key=lambda one: one.measure.measure in _NEVER_A_NEED):
        measure = one.measure
        if not _is_told(measure) or measure.better != "higher":
            continue
        domain = Domain.BEYOND if measure.topic == _BEYOND else Domain.ACADEMIC
        keys = tuple(fact.key for fact in one.facts)
        if measure.kind is measures.Kind.SHARE and one.of:
            share = one.value / one.of
            kind = Kind.STRENGTH if share >= GOOD_SHARE else Kind.NEED if share < LOW_SHARE else None
            if kind is None or (kind is Kind.NEED and measure.measure in _NEVER_A_NEED):
                continue
            what = measure.learner
            why, shows = _("this school year"), ""
            if band != YOUNGEST:
                why, shows = _("this school year: {amount}").format(amount=one.said), one.said
            yield Suggestion(kind, domain, _form(kind).format(what=what), what, why, shows, keys)
        elif measure.kind is measures.Kind.COUNT and domain is Domain.BEYOND:
            lately = [fact for fact in one.facts if on - fact.taken_on <= LATELY and fact.value > 0]
            if lately:
                what = measure.learner
                why, shows = _("these four weeks"), ""
                if band != YOUNGEST:
                    said = amount(measure, lately).said
                    why = _("these four weeks: {amount}").format(amount=said)
                    shows = _("These four weeks: {amount}").format(amount=said)
                words, keys = _form(Kind.STRENGTH).format(what=what), tuple(fact.key for fact in lately)
                yield Suggestion(Kind.STRENGTH, domain, words, what, why, shows, keys)


def _lowered(words: str) -> str:
    """A subject or a term as it stands within a sentence."""
    return words[:1].lower() + words[1:]


def _is_told(measure: Measure) -> bool:
    return measure.seen_by == "learner" and bool(measure.topic)


def _by_week(facts: Iterable[Evidence]) -> list[list[float]]:
    weeks: dict[date, list[float]] = {}
    for one in facts:
        weeks.setdefault(one.taken_on - timedelta(days=one.taken_on.weekday()), []).append(one.value)
    return list(weeks.values())


def _form(kind: Kind) -> str:
    return _("Going well: {what}") if kind is Kind.STRENGTH else _("Next for me: {what}")


def _start(kind: Kind, domain: Domain) -> str:
    return {
        (Kind.STRENGTH, Domain.ACADEMIC): _("Something I can do now that was hard before"),
        (Kind.STRENGTH, Domain.BEYOND): _("Something that others can count on me for"),
        (Kind.NEED, Domain.ACADEMIC): _("A part that I would like to see again"),
        (Kind.NEED, Domain.BEYOND): _("A moment that is not easy for me"),
    }[kind, domain]
