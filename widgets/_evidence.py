"""Look at my progress: the last goal and what was measured, in a learner's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from widgets import _blocks
from widgets._blocks import Block
from widgets._records import last_goal
from workbench import days
from workbench.bench import Workbench
from workbench.conferences import Conference
from workbench.evidence import Evidence, Line, areas, change, lines
from workbench.goals import Goal, State
from workbench.protocols import Move, Prompt
from workbench.terms import Term
from workbench.words import _, ngettext

MAP = "nwea_map"
_RECENT = timedelta(days=14)
_TERMS_SHOWN = 2


class EvidenceSheet:
    """What is on the table in a conference. Showing it notes that it was shown."""

    saves = ("shown",)

    def __init__(self, bench: Workbench, conference: Conference, today: date) -> None:
        self.bench = bench
        self.conference = conference
        self.today = today

    def ask(self, move: Move, prompt: Prompt) -> tuple[Block, ...]:
        """The evidence as blocks, side by side."""
        known = self.bench.evidence.of(self.conference.learner)
        tested, lately = lines(known), self._lately(known)
        on_the_table = [fact.key for line in tested for fact in line.points[-_TERMS_SHOWN:]]
        self._note_shown([*on_the_table, *(fact.key for fact in lately)])
        measured = [_measured(line, known, self.conference.band) for line in tested]
        if lately:
            pairs = [(_measure(fact.measure), f"{fact.value:g} {fact.unit}") for fact in lately]
            title = _blocks.heading(_("These days"), level=3)
            measured.insert(0, _blocks.group(title, _blocks.facts(pairs), look="part"))
        if not measured:
            words = _("They come here after a test. Today, your work and your words are enough.")
            measured.append(_blocks.empty(_("No scores yet"), words))
        goal = self._last_goal(last_goal(self.bench, self.conference), f"{move.id}/{prompt.id}")
        return (_blocks.group(goal, _blocks.group(*measured, look="parts"), look="wide"),)

    def _note_shown(self, keys: list[int]) -> None:
        if not self.conference.finished and sorted(set(keys)) != sorted(self.conference.shown):
            self.conference = self.bench.conferences.show(self.conference, keys)

    def _lately(self, known: Iterable[Evidence]) -> list[Evidence]:
        """The latest fact of each measure that moves between tests, when it is of these days."""
        latest: dict[str, Evidence] = {}
        for fact in known:
            if fact.source != MAP and not fact.aspect and self.today - fact.taken_on <= _RECENT:
                latest[fact.measure] = fact
        return list(latest.values())

    def _last_goal(self, goal: Goal | None, name: str) -> Block:
        title = _blocks.heading(_("Your last goal"), level=3)
        if goal is None:
            words = _("This is your first conference here. Your goal will be here next time.")
            return _blocks.group(title, _blocks.note(words, look="quiet"), look="part")
        looks = self.bench.progress.of(goal)
        marks = Block(
            "marks",
            shown={
                "label": _check_ins(len(looks)),
                "marks": [{"feeling": one.feeling, "day": days.full(one.held_on)} for one in looks[-8:]],
            },
        )
        last_words = [one.words for one in looks if one.words][-1:]
        went = _blocks.choice(
            f"{name}.went",
            _("How did it go?"),
            "" if goal.state is State.ACTIVE else goal.state,
            {State.MET: _("I did it"), State.NOT_YET: _("Not yet")},
            lambda state: self.bench.goals.revise(goal, state=state),
        )
        heard = _blocks.group(marks, *(_blocks.quote(words) for words in last_words), look="part")
        return _blocks.group(
            _blocks.group(title, _blocks.quote(goal.words, look="strong"), look="part"),
            heard,
            went,
            look="parts ruled",
        )


def _check_ins(count: int) -> str:
    if not count:
        return _("No check-ins in between")
    return ngettext("{count} check-in", "{count} check-ins", count).format(count=count)


def _measured(line: Line, known: Iterable[Evidence], band: str) -> Block:
    """One measure over terms: ranges, and a sentence on how the last one stands to the one before."""
    points = line.points[-_TERMS_SHOWN:]
    title = _blocks.heading(_measure(line.measure), level=3)
    told = _blocks.note(" ".join(_told(points, known)), look="small")
    if band == "K-2":
        return _blocks.group(title, told, look="part")
    rows = [_row(point, newest=point is points[-1]) for point in points]
    return _blocks.group(title, Block("ranges", shown={"rows": rows}), told, look="part")


def _row(point: Evidence, *, newest: bool) -> dict[str, Any]:
    low, high = point.range
    term = _season(Term.parse(point.term))
    said = _("{low} to {high}").format(low=low, high=high) if low != high else str(low)
    return {"label": _("Now") if newest else term, "term": term, "low": low, "high": high, "said": said, "now": newest}


def _told(points: tuple[Evidence, ...], known: Iterable[Evidence]) -> Iterable[str]:
    newest = points[-1]
    if newest.rushed:
        yield _("Many answers came very fast that day. How was that test day?")
        return
    if len(points) > 1:
        before = points[-2]
        when = _season(Term.parse(before.term)).lower()
        yield {
            "higher": _("You have come further since {when}.").format(when=when),
            "about the same": _("About the same as in {when}.").format(when=when),
            "lower": _("It was one day. Let’s look at your work too."),
        }[change(before, newest)]
    found = areas(known, newest.measure, newest.term)
    if len(found) > 1 and change(found[-1], found[0]) == "higher":  # further apart than chance
        yield _("Strong now: {area}. Next for you: {other}.").format(area=_area(found[0]), other=_area(found[-1]))


def _area(fact: Evidence) -> str:
    """An area without the subject that some names repeat."""
    name = fact.aspect.removeprefix("area: ")
    before, colon, rest = name.partition(": ")
    return rest if colon and before.casefold() in fact.measure.casefold() else name


def _season(term: Term) -> str:
    """ "Fall 2025", or what the file calls the term."""
    names: Mapping[str, str] = {
        "Fall": _("Fall {year}"),
        "Winter": _("Winter {year}"),
        "Spring": _("Spring {year}"),
        "Summer": _("Summer {year}"),
    }
    if term.season_name not in names:
        return term.text
    year = term.year + (term.season_name in ("Winter", "Spring"))
    return names[term.season_name].format(year=year)


def _measure(name: str) -> str:
    """What a learner calls a measure."""
    known = {
        "reading": _("Reading"),
        "mathematics": _("Mathematics"),
        "language usage": _("Language"),
        "language": _("Language"),
        "science": _("Science"),
    }
    return known.get(name.casefold(), name[:1].upper() + name[1:])
