"""What a learner's tests say, in words for the learner: which are told, how two compare, how a term is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, Line, change, lines
from workbench.evidence.measures import Kind
from workbench.ground.terms import Term
from workbench.ground.words import _

MOST_SUBJECTS = 4  # of the topics


def tests(evidence: Sequence[Evidence]) -> tuple[Line, ...]:
    """A line for each subject, `MOST_SUBJECTS` at most, in the usual order.

    Where several tests measure a subject, the one of the newest school year speaks; then one whose values can
    be compared, then the one taken last, then the one taken more often. Subjects tested in the newest
    school year go before others.
    """
    scales = dict.fromkeys(
        (fact.source, fact.unit) for fact in evidence if not fact.aspect and measures.of(fact).kind is Kind.SCORE
    )
    best: dict[str, Line] = {}
    for line in (line for source, unit in scales for line in lines(evidence, source=source, unit=unit)):
        if line.measure not in best or _weight(line) > _weight(best[line.measure]):
            best[line.measure] = line
    newest = max((_year(line) for line in best.values()), default=0)
    known = sorted(best.values(), key=lambda line: (_year(line) < newest, *usual_order(line)))
    return tuple(sorted(known[:MOST_SUBJECTS], key=usual_order))


def compared_with(line: Line) -> Evidence | None:
    """The earlier test that the newest one is held against.

    The same season a year ago, because little is learned over a summer; otherwise the one before. Never picked by how
    it went, which would always find a window that looks worse. A rushed test never, nor a scale that changes between
    tests.
    """
    fair, term = _fair(line), Term.parse(line.points[-1].term)
    year_ago = [point for point in fair if _is_year_before(Term.parse(point.term), term)]
    found = year_ago or fair
    return found[-1] if found else None


def side_by_side(several: Sequence[Line]) -> tuple[Evidence | None, ...]:
    """The earlier test for each of several lines that one sees at once: of one term for all, so that it was not picked.

    The term that most of them are held against (`compared_with`), the newest of those. A line without a test then has
    None.
    """
    terms = Counter(one.term for one in map(compared_with, several) if one)
    if not terms:
        return (None,) * len(several)
    term = max(terms, key=lambda one: (terms[one], Term.parse(one).begins))
    return tuple(next((one for one in reversed(_fair(line)) if one.term == term), None) for line in several)


def summer_dip(line: Line) -> tuple[str, ...]:
    """What is said of the newest test where the one before, of the school year before, was higher; else nothing.

    Not where the two are held against each other: then `how_it_went` says so.
    """
    fair, now = _fair(line), line.points[-1]
    before = fair[-1] if fair else None
    if before is None or before is compared_with(line) or now.rushed or not _over_a_summer(before, now):
        return ()
    if change(before, now) != "lower":
        return ()
    return (_("It was higher before the summer. That happens often."),)


def _fair(line: Line) -> list[Evidence]:
    """The earlier tests that the newest one may be held against, oldest first."""
    *earlier, now = line.points
    return [point for point in earlier if not point.rushed] if measures.of(now).compared else []


def _over_a_summer(before: Evidence, now: Evidence) -> bool:
    """Whether a summer lies between two tests of unlike seasons, such as spring and fall."""
    earlier, later = Term.parse(before.term), Term.parse(now.term)
    return earlier.year < later.year and earlier.season != later.season


def expected(line: Line) -> float | None:
    """Where the newest test's own projection leads by spring; None where the export has none, or the test was rushed.

    NWEA’s typical growth from that very test: what learners who began alike grew on average; not worked out here.
    """
    now = line.points[-1]
    growth = now.details.get("typical_growth")
    season = Term.parse(now.term).season_name
    amount = growth.get(f"{season.casefold()} to spring") if isinstance(growth, Mapping) else None
    return now.value + amount if season in ("Fall", "Winter") and amount is not None and not now.rushed else None


def how_it_went(before: Evidence | None, now: Evidence) -> tuple[str, ...]:
    """How the newest test stands to the earlier one; a lower and a rushed one have kind words of their own."""
    if now.rushed:
        return (
            _("Many answers came very fast, so these numbers may not show what you can do."),
            _("Let’s look at your work too."),
        )
    if before is None:
        return (_("This is where your path begins."),) if measures.of(now).compared else ()
    how = change(before, now)
    if how == "lower" and _over_a_summer(before, now):
        return (
            _("The summer was in between. Numbers often go down over a summer."),
            _("Let’s look at your work too."),
        )
    if how == "lower":
        return (_("It was one day. How was that test day? Let’s look at your work too."),)
    if how == "higher":  # without an error nobody can tell whether a step is one
        return (_("You moved forward."),) if before.error or now.error else ()
    return (_("These two are about the same."),)


def said_range(fact: Evidence) -> str:
    low, high = fact.range
    return _("{low} to {high}").format(low=low, high=high) if low != high else str(low)


def said_term(text: str) -> str:
    """A term as one says it: "Fall 2025"."""
    return " ".join(two_lines(text))


def two_lines(text: str) -> tuple[str, str]:
    term = Term.parse(text)
    if not term.season:
        return (text, "")
    seasons = {"Summer": _("Summer"), "Fall": _("Fall"), "Winter": _("Winter"), "Spring": _("Spring")}
    calendar_year = term.year if term.season_name in ("Summer", "Fall") else term.year + 1
    return seasons[term.season_name], str(calendar_year)


_USUAL = ("reading", "early literacy", "mathematics", "language usage", "language arts", "science")


def usual_order(line: Line) -> tuple[int, str]:
    """Sorts lines so that subjects stand in the same place every time."""
    return (_USUAL.index(line.measure) if line.measure in _USUAL else len(_USUAL), line.measure)


def _year(line: Line) -> int:
    return Term.parse(line.points[-1].term).year


def _weight(line: Line) -> tuple[int, bool, date, int]:
    now = line.points[-1]
    return _year(line), measures.of(now).compared, now.taken_on, len(line.points)


def _is_year_before(earlier: Term, later: Term) -> bool:
    return earlier.season == later.season and earlier.year == later.year - 1
