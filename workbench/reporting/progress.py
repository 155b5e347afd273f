"""What a learner's own evidence says, in words for the learner.

Only with themselves: never a rank, a percentile, a projection or another child.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from workbench import charts, days
from workbench.evidence import Evidence, Line, areas, change, lines
from workbench.reporting.sections import Chart, Topic
from workbench.terms import Term, school_year
from workbench.words import _, ngettext

YOUNGEST = "K-2"


def topics(evidence: Sequence[Evidence], band: str, on: date) -> tuple[Topic, ...]:
    """A topic for each subject with a test, and one for reading where programs counted it."""
    known = lines(evidence)
    stages = _terms(known)
    span = max((_span(line, stages) for line in known), default=0.0)
    subjects = [subject(line, evidence, band, stages, span) for line in sorted(known, key=usual_order)]
    return (*subjects, *practice(evidence, band, on))


def subject(line: Line, evidence: Iterable[Evidence], band: str, stages: Sequence[str], span: float) -> Topic:
    """One subject over the terms named in `stages`."""
    now = line.points[-1]
    before = compared_with(line)
    whats_next = ahead(areas(evidence, line.measure, now.term))
    title = subject_name(line.measure)
    if band == YOUNGEST:
        return Topic(title, whats_next or (_("You took this test. Let’s look at your work too."),))
    latest = _("Now: {range}.") if now.term in stages[-1:] else _("Last time, {term}: {range}.")
    scores = [latest.format(range=said_range(now), term=said_term(now.term))]
    if before:
        scores.insert(0, _("{term}: {range}.").format(term=said_term(before.term), range=said_range(before)))
    told = (" ".join(scores), *how_it_went(before, now))
    chart = _chart(line, before, stages, span, f"{title}. {' '.join(told)}")
    return Topic(title, (*told, *whats_next), chart)


def compared_with(line: Line) -> Evidence | None:
    """The earlier test that the newest one is held against.

    The one before, where the number went down since; otherwise the same season a year ago,
    because little is learned over a summer; otherwise the one before. A rushed test never.
    """
    *earlier, now = line.points
    fair = [point for point in earlier if not point.rushed]
    if not fair:
        return None
    if change(fair[-1], now) == "lower":
        return fair[-1]
    term = Term.parse(now.term)
    year_ago = [point for point in fair if _is_year_before(Term.parse(point.term), term)]
    return year_ago[-1] if year_ago else fair[-1]


def how_it_went(before: Evidence | None, now: Evidence) -> tuple[str, ...]:
    """How the newest test stands to the earlier one; a lower and a rushed one have kind words of their own."""
    if now.rushed:
        return (
            _("Many answers came very fast, so these numbers may not show what you can do."),
            _("Let’s look at your work too."),
        )
    if before is None:
        return (_("This is where your path begins."),)
    how = change(before, now)
    if how == "lower":
        return (_("It was one day. How was that test day? Let’s look at your work too."),)
    if how == "higher":
        return (_("You moved forward."),)
    return (_("These two are about the same."),)


def ahead(found: Sequence[Evidence]) -> tuple[str, ...]:
    """What goes best and what is next, within this learner's own result."""
    if len(found) < 2:
        return ()
    best, least = found[0], found[-1]
    if change(least, best) == "about the same":
        return (_("You are about as far along in every part."),)
    return (
        _("You can now do most with {topic}.").format(topic=area_name(best.aspect)),
        _("Next for you: {topic}.").format(topic=area_name(least.aspect)),
    )


def practice(evidence: Iterable[Evidence], band: str, on: date) -> tuple[Topic, ...]:
    """Reading minutes, books and levels that programs counted this school year, where there are any."""
    year = school_year(on)
    counted = [
        fact for fact in evidence if fact.taken_on <= on and school_year(fact.taken_on) == year and not fact.aspect
    ]
    minutes = sum(fact.value for fact in counted if fact.unit == "minutes")
    books = sum(fact.value for fact in counted if fact.unit == "books")
    levels = [fact for fact in counted if fact.unit == "level"]
    if not (minutes or books or levels):
        return ()
    if band == YOUNGEST:
        return (Topic(_("Reading every week"), (_("You kept reading this school year."),)),)
    said = []
    if books:
        said.append(
            ngettext(
                "You finished {count} book this year.", "You finished {count} books this year.", round(books)
            ).format(count=round(books))
        )
    if minutes:
        said.append(
            ngettext("You read for {count} minute.", "You read for {count} minutes.", round(minutes)).format(
                count=f"{round(minutes):,}"
            )
        )
    if levels:
        newest = max(levels, key=lambda fact: fact.taken_on)
        said.append(_("You are in level {level} now.").format(level=round(newest.value)))
    return (Topic(_("Reading every week"), tuple(said)),)


def sources(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Where the evidence is from, until when, and which norms it was read against."""
    said = []
    for source in dict.fromkeys(fact.source for fact in evidence):
        taken = [fact.taken_on for fact in evidence if fact.source == source]
        said.append(f"{SOURCES.get(source, source)} ({days.short(min(taken))} – {days.short(max(taken))})")
    norms = dict.fromkeys(year for line in lines(evidence) for year in line.norms)
    footer = []
    if said:
        footer.append(_("From: {sources}.").format(sources="; ".join(said)))
    if norms:
        footer.append(_("Norms: {years}.").format(years=", ".join(norms)))
    if len(norms) > 1:
        footer.append(_("A dotted line in a chart marks where the norms changed."))
    if any(line.points for line in lines(evidence)):
        footer.append(_("A test is never exact: each score is given as a range of one standard error up and down."))
    return tuple(footer)


def said_range(fact: Evidence) -> str:
    low, high = fact.range
    return _("{low} to {high}").format(low=low, high=high) if low != high else str(low)


def said_term(text: str) -> str:
    """A term as one says it: "Fall 2025"."""
    return " ".join(_two_lines(text))


def _two_lines(text: str) -> tuple[str, str]:
    term = Term.parse(text)
    if not term.season:
        return (text, "")
    seasons = {"Summer": _("Summer"), "Fall": _("Fall"), "Winter": _("Winter"), "Spring": _("Spring")}
    calendar_year = term.year if term.season_name in ("Summer", "Fall") else term.year + 1
    return seasons[term.season_name], str(calendar_year)


def subject_name(measure: str) -> str:
    names = {
        "reading": _("Reading"),
        "mathematics": _("Mathematics"),
        "language usage": _("Language"),
        "science": _("Science"),
    }
    return names.get(measure, measure[:1].upper() + measure[1:])


def area_name(aspect: str) -> str:
    """An instructional area in a learner's words, the vendor's own where we have none."""
    name = aspect.removeprefix("area: ")
    words = {
        "Operations and Algebraic Thinking": _("calculating and finding patterns"),
        "Number and Operations": _("numbers and fractions"),
        "Measurement and Data": _("measuring and reading charts"),
        "Geometry": _("shapes and space"),
        "The Real and Complex Number Systems": _("kinds of numbers"),
        "Statistics and Probability": _("data and chance"),
        "Literature": _("stories and poems"),
        "Informational Text": _("texts that explain something"),
        "Foundational Skills and Vocabulary": _("sounding out words and knowing what they mean"),
        "Foundational Skills": _("sounds and letters"),
        "Language and Writing": _("sentences and writing"),
        "Literature and Informational": _("stories and texts that explain"),
        "Vocabulary Use and Functions": _("what words mean"),
        "Writing: Plan, Organize, Develop, Revise, Research": _("planning and improving a text"),
        "Language: Understand, Edit for Grammar, Usage": _("grammar"),
        "Language: Understand, Edit Mechanics": _("spelling and punctuation"),
        "Physical Science": _("forces, matter and energy"),
        "Life Science": _("living things"),
        "Earth Systems Science": _("earth, weather and space"),
    }
    return words.get(name, name)


SOURCES = {"nwea_map": "NWEA MAP Growth", "lexia_core5": "Lexia Core5", "myon": "myON"}
_USUAL = ("reading", "mathematics", "language usage", "science")
_LEAST_SPAN = 24.0  # in RIT: a step within a test's error should look like one


def usual_order(line: Line) -> tuple[int, str]:
    """Sorts lines so that subjects stand in the same place every time."""
    return (_USUAL.index(line.measure) if line.measure in _USUAL else len(_USUAL), line.measure)


def _is_year_before(earlier: Term, later: Term) -> bool:
    return earlier.season == later.season and earlier.year == later.year - 1


def _terms(known: Iterable[Line]) -> tuple[str, ...]:
    """The newest terms in which any test was taken: all charts of a page have the same ones."""
    met = {point.term for line in known for point in line.points}
    return tuple(sorted(met, key=Term.parse)[-charts.MOST_TERMS :])


def _span(line: Line, stages: Sequence[str]) -> float:
    bounds = [bound for point in line.points if point.term in stages for bound in point.range]
    return max(_LEAST_SPAN, max(bounds, default=0) - min(bounds, default=0))


def _chart(line: Line, before: Evidence | None, stages: Sequence[str], span: float, sentence: str) -> Chart | None:
    points = {point.term: point for point in line.points if point.term in stages}
    if len(points) < 2:
        return None
    now = line.points[-1]
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
    name = _two_lines(term)
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
