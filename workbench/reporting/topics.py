"""What a learner's own evidence says, in words for the learner.

Only with themselves: never a rank, a percentile or another child. A projection, which is other children's average
growth, is told by `expected` alone, for where the school and then the class switched it on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from workbench.conferences.protocols import PARTS
from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, Line, areas, change, step
from workbench.evidence.growth import apart
from workbench.evidence.measures import Kind
from workbench.evidence.measures.amounts import Amount, amount, began, of_the_year
from workbench.evidence.measures.words import source_name, topic_name
from workbench.evidence.telling import compared_with, how_it_went, said_range, said_term, summer_dip, tests, two_lines
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.terms import Term
from workbench.ground.words import _
from workbench.reporting import charts
from workbench.reporting.blocks import Chart, Topic

#: A report stays two pages, and a conference's table one screen, by telling the few most telling measures.
MOST_TOPICS = 6
MOST_SENTENCES = 4  # of a topic; two for the youngest, who get larger type
MOST_OF_THESE_DAYS = 3  # of a topic
_RECENT = timedelta(days=14)


def topics(evidence: Sequence[Evidence], band: str, on: date) -> tuple[Topic, ...]:
    """A topic for each subject with a test, and those of what was counted this school year."""
    known = tests(evidence)
    stages = _terms(known)
    spans = {
        unit: max(_span(line, stages) for line in known if line.unit == unit) for unit in {one.unit for one in known}
    }
    subjects = [subject(line, evidence, band, stages, spans[line.unit]) for line in known]
    return (*subjects, *practice(evidence, band, on))[:MOST_TOPICS]


def order(known: Iterable[Line], seen: Collection[int]) -> tuple[str, ...]:
    """The parts of a conference's table in order: the last goal, this week's work, then scores.

    Conferences are weekly and tests two or three times a year, so work goes first; scores come forward when a newest
    test among `known` has not been on the table yet. `seen`: keys of what was on it in earlier conferences.
    """
    goal, week, scores = PARTS
    new = any(line.points[-1].key not in seen for line in known)
    return (goal, scores, week) if new else (goal, week, scores)


def subject(line: Line, evidence: Iterable[Evidence], band: str, stages: Sequence[str], span: float) -> Topic:
    """One subject over the terms named in `stages`."""
    now = line.points[-1]
    before = compared_with(line)
    known = tuple(evidence)
    whats_next = ahead(line, known) or choice(line, known)
    title = measures.of(now).learner
    if band == YOUNGEST:
        return Topic(title, whats_next or (_("You took this test. Let’s look at your work too."),))
    latest = _("Now: {range}.") if now.term in stages[-1:] else _("Last time, {term}: {range}.")
    scores = [latest.format(range=said_range(now), term=said_term(now.term))]
    if before:
        scores.insert(0, _("{term}: {range}.").format(term=said_term(before.term), range=said_range(before)))
    told = (" ".join(scores), *how_it_went(before, now), *summer_dip(line))
    chart = _chart(line, before, stages, span, f"{title}. {' '.join(told)}")
    return Topic(title, (*told, *whats_next), chart)


def ahead(line: Line, evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """What goes best and what one could work on, within this learner's own result; else what grew most.

    Each only where the highest and the lowest part can be told apart (`growth.apart`), and of no rushed test: nearly
    always parts differ by chance, and are a `choice`.
    """
    known = tuple(evidence)
    now, before = line.points[-1], compared_with(line)
    found = _parts(line, now, known)
    if len(found) < 2:
        return ()
    best, least = found[0], found[-1]
    if not now.rushed and apart([(one.value, one.error) for one in found]):
        return (
            _("Your strongest part right now: {topic}.").format(topic=measures.of(best).part),
            _("One part you could work on: {topic}.").format(topic=measures.of(least).part),
        )
    earlier = {one.aspect: one for one in _parts(line, before, known)} if before and not now.rushed else {}
    steps = [(one, *step(earlier[one.aspect], one)) for one in found if one.aspect in earlier]
    if apart([(grown, error) for _part, grown, error in steps]):
        most, _grown, _error = max(steps, key=lambda one: one[1])
        if change(earlier[most.aspect], most) == "higher":
            return (_("What grew most: {topic}.").format(topic=measures.of(most).part),)
    return ()


def choice(line: Line, evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The parts of the newest test in the order of their names, where there is more than one."""
    names = sorted(measures.of(one).part for one in _parts(line, line.points[-1], tuple(evidence)))
    return (_("Choose a part: {parts}.").format(parts="; ".join(names)),) if len(names) > 1 else ()


def _parts(line: Line, point: Evidence, known: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The areas of one test, highest first."""
    return areas(known, line.measure, point.term, source=line.source, language=line.language)


def practice(evidence: Iterable[Evidence], band: str, on: date) -> tuple[Topic, ...]:
    """What was counted this school year, a topic each: reading, practice, the weeks at school.

    A topic says `MOST_SENTENCES` at most: the most telling measure of each source first, then the next of each.
    """
    most = MOST_SENTENCES // 2 if band == YOUNGEST else MOST_SENTENCES
    return tuple(
        Topic(topic_name(topic), tuple(dict.fromkeys(_sentence(one, band) for one in _few(told, most))))
        for topic, told in groupby(_for_learners(of_the_year(evidence, on)), key=lambda one: one.measure.topic)
    )


def these_days(evidence: Iterable[Evidence], on: date) -> tuple[Amount, ...]:
    """The latest of what moves between tests, of the last two weeks; a few of each topic, as in `practice`."""
    latest: dict[measures.Measure, Evidence] = {}
    for fact in evidence:
        if on - fact.taken_on <= _RECENT and measures.of(fact).kind is not Kind.SCORE:
            latest[measures.of(fact)] = max(fact, latest.get(measures.of(fact), fact), key=lambda one: one.taken_on)
    told = sorted((amount(measure, [fact]) for measure, fact in latest.items()), key=lambda one: one.measure.place)
    by_topic = groupby(_for_learners(told), key=lambda one: one.measure.topic)
    return tuple(one for _topic, told in by_topic for one in _few(told, MOST_OF_THESE_DAYS))


def _for_learners(amounts: Iterable[Amount]) -> list[Amount]:
    """What a learner is told. Nothing is said of a zero: it would only blame."""
    told = [one for one in amounts if one.measure.seen_by == "learner" and one.measure.topic and one.value > 0]
    order = list(dict.fromkeys(one.measure.topic for one in told))
    return sorted(told, key=lambda one: order.index(one.measure.topic))


def _few(amounts: Iterable[Amount], most: int) -> list[Amount]:
    """The first measure of each source, then the second of each …, up to `most`, in the order of telling."""
    told = list(amounts)
    met: dict[str, int] = {}
    turns = []
    for place, one in enumerate(told):
        met[one.measure.source] = met.get(one.measure.source, 0) + 1
        turns.append((met[one.measure.source], place))
    return [told[place] for place in sorted(place for _turn, place in sorted(turns)[:most])]


def _sentence(one: Amount, band: str) -> str:
    return one.measure.youngest if band == YOUNGEST else one.sentence


def sources(evidence: Sequence[Evidence], on: date) -> tuple[str, ...]:
    """Where the evidence is from, from when to when, which norms it was read against, and what was worked out here.

    A period that goes on, such as a month, is told until `on`.
    """
    said = []
    for source in dict.fromkeys(fact.source for fact in evidence):
        told = [fact for fact in evidence if fact.source == source]
        first, last = min(map(began, told)), max(fact.taken_on for fact in told)
        said.append(f"{source_name(source)} ({days.short(first)} – {days.short(max(first, min(last, on)))})")
    tested = tests(evidence)
    norms = dict.fromkeys(year for line in tested for year in line.norms)
    footer = []
    if said:
        footer.append(_("From: {sources}.").format(sources="; ".join(said)))
    if norms:
        footer.append(_("Norms: {years}.").format(years=", ".join(norms)))
    if len(norms) > 1:
        footer.append(_("A dotted line in a chart marks where the norms changed."))
    if tested:
        footer.append(_("A test is never exact: each score is given as a range of one standard error up and down."))
    if any(compared_with(line) for line in tested):
        footer.append(
            _("How two tests compare is worked out here: about the same is closer than both standard errors together.")
        )
    if any(measures.of(fact).kind in (Kind.COUNT, Kind.SHARE) for fact in evidence):
        footer.append(_("Amounts of the year are added up here. All other values are the sources’ own."))
    corrected = _("{subject}, {term}: {value}, as a later file corrected it ({before} before).")
    for fact in (point for line in tested for point in line.points if point.before is not None):
        place = {"subject": measures.of(fact).name, "term": said_term(fact.term)}
        footer.append(corrected.format(**place, value=f"{fact.value:g}", before=f"{fact.before:g}"))
    return tuple(footer)


_LEAST_SPAN = 8  # of a scale's usual errors: a step within a test's error should look like one
_USUAL_ERRORS = {"RIT": 3.0}


def _terms(known: Iterable[Line]) -> tuple[str, ...]:
    """The newest terms in which any test was taken: all charts of a page have the same ones."""
    met = {point.term for line in known for point in line.points}
    return tuple(sorted(met, key=Term.parse)[-charts.MOST_TERMS :])


def _span(line: Line, stages: Sequence[str]) -> float:
    points = [point for point in line.points if point.term in stages]
    bounds = [bound for point in points for bound in point.range]
    error = _USUAL_ERRORS.get(line.unit) or max((point.error or 0.0 for point in points), default=0.0)
    return max(_LEAST_SPAN * error, 1.0, max(bounds, default=0) - min(bounds, default=0))


def _chart(line: Line, before: Evidence | None, stages: Sequence[str], span: float, sentence: str) -> Chart | None:
    points = {point.term: point for point in line.points if point.term in stages}
    now = line.points[-1]
    if len(points) < 2 or not measures.of(now).compared:
        return None
    side_by_side = before is not None and (before.term, now.term) in pairwise(stages)
    lower = min((now, before or now), key=lambda point: point.value) if side_by_side else None
    drawn = [_stage(term, points.get(term), labelled=(before, now), under=lower) for term in stages]
    numbers = "; ".join(
        _("{term}: {range}").format(term=said_term(term), range=said_range(points[term]))
        for term in stages
        if term in points
    )
    return Chart(charts.path(drawn, span=span), sentence, numbers + ".")


def _stage(
    term: str, point: Evidence | None, labelled: Iterable[Evidence | None], under: Evidence | None
) -> charts.Stage:
    """A term of the path. Of two labels side by side the one of the lower range goes under it."""
    name = two_lines(term)
    if point is None:
        return charts.Stage(name)
    spread = point.error or 0.0
    return charts.Stage(
        name,
        point.value - spread,
        point.value,
        point.value + spread,
        series=point.norms,
        label=said_range(point) if point in labelled else "",
        under=point is under,
    )
