"""A learner's year as one line through time; what was agreed in each conference opens as it was, and prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from widgets.conference.agreement import agreement
from widgets.goals.card import feelings
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.form import Form
from widgets.learner.responses import response, said_back
from widgets.learner.ways import CONFERENCE, page_way
from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.classes.years import Kind, Moment
from workbench.conferences.conferences import Conference
from workbench.conferences.notes import Note, Visibility
from workbench.evidence import measures
from workbench.evidence.telling import said_range
from workbench.goals.goals import Goal, State
from workbench.ground import days
from workbench.ground.bands import YOUNGEST
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner
from workbench.learners.replies import Reply

EVERYTHING = ""
OPENS = (Kind.CONFERENCE, Kind.GOAL)  # what opens as it was
#: What is shown together, by what one chooses.
PARTS: dict[str, frozenset[Kind]] = {
    "conferences": frozenset({Kind.CONFERENCE}),
    "goals": frozenset({Kind.GOAL, Kind.CHECK_IN, Kind.ENDED, Kind.CELEBRATED}),
    "work": frozenset({Kind.WORK}),
    "results": frozenset({Kind.RESULT}),
    "more": frozenset({Kind.FLAG, Kind.NOTE, Kind.REPLY, Kind.RESPONSE}),
}


class YearBoard(Form):
    """One learner's time here, the newest first. `leave` is called by the link to another learner, if it is given.

    >>> YearBoard(bench, learner)
    """

    says_saved = False

    def __init__(
        self,
        bench: Workbench,
        learner: Learner | int,
        *,
        today: date | None = None,
        leave: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        number = learner.id if isinstance(learner, Learner) else learner
        self.learner = bench.learners.get(number)
        self.today = today or bench.today
        self._part = EVERYTHING
        self._open = ""  # the conference or the goal that is looked at
        self._unfolded: set[str] = set()  # earlier school years that are shown
        self._leave = leave
        settings = bench.settings.of(number)
        super().__init__(
            bench, view=f"year {number}", band=settings.band, spoken=bench.spoken or settings.language, **traits
        )

    def frame(self) -> dict[str, Any]:
        return {"key": f"{self._part} {self._open}"}

    def blocks(self) -> Iterable[Block]:
        found = self.bench.years.of(self.learner)
        opened = next((one for one in found if one.kind in OPENS and one.record.id == self._open), None)
        if opened is not None:
            yield from (self._conference if opened.kind is Kind.CONFERENCE else self._goal)(opened.record)
            return
        yield self._top(found)
        if self.bench.gate.as_learner:
            yield from said_back(self.bench, self.learner, self.band, self.today)
        shown = [one for one in found if (one.kind in PARTS[self._part] if self._part else _for_all_here(one))]
        if not shown:
            words = _("Conferences, goals, work and results come here by themselves, the newest first.")
            yield _blocks.group(_blocks.empty(_("Nothing yet"), words), look="card", name="year/none")
        for place, (year, moments) in enumerate(groupby(shown, key=lambda one: one.year)):
            yield self._year(year, tuple(moments), unfolded=not place or year in self._unfolded)

    def _year(self, year: str, moments: tuple[Moment, ...], *, unfolded: bool) -> Block:
        """A school year; an earlier one is folded until somebody asks for it."""
        count = ngettext("{count} moment", "{count} moments", len(moments)).format(count=len(moments))
        title = _blocks.heading(_("School year {year}").format(year=year.replace("-", "–")), lead=count)
        if unfolded:
            return _blocks.group(title, listed(map(self._moment, moments)), look="card", name=f"year/{year}")
        show = _blocks.button(f"unfold/{year}", _("Show this year"), partial(self._unfolded.add, year))
        return _blocks.group(title, _blocks.group(show, look="row"), look="card", name=f"year/{year}")

    def _top(self, found: tuple[Moment, ...]) -> Block:
        labels = {
            "conferences": _("Conferences"),
            "goals": _("Goals"),
            "work": _("Work"),
            "results": _("Results"),
            "more": _("Notes and more"),
        }
        there = {part: words for part, words in labels.items() if any(one.kind in PARTS[part] for one in found)}
        parts: list[Block] = [_blocks.heading(self.learner.name, lead=_("All there is, the newest first."))]
        if self._leave:
            parts.append(_blocks.button("leave", _("Choose another learner"), self._leave, look="back"))
        if len(there) > 1:
            options = {EVERYTHING: _("Everything"), **there}
            parts.append(_blocks.select("part", _("Show"), self._part, options, self._show, size="beside"))
        if self._guides:
            parts.append(_blocks.group(*self._ways(), look="row", name="ways"))
        parts.append(_blocks.group(Block("print", shown={"label": _("Print, or save as PDF")}), look="row"))
        return _blocks.group(*parts, look="card", name="year/top")

    @property
    def _guides(self) -> bool:
        """Whether it is an educator who looks, and may sit down with the learner."""
        return not self.bench.gate.as_learner and self.bench.gate.may(Action.GUIDE, self.learner.id)

    def _ways(self) -> Iterable[Block]:
        """From here to everything else of the learner."""
        labels = {
            "conference": _("Start the conference"),
            "goals": _("See the goals"),
            "prepare": _("Let the learner get ready"),
            "profile": _("See the profile"),
            "report": _("See the report"),
        }
        for app, label in labels.items():
            look = "primary" if app == CONFERENCE else "secondary"
            yield page_way(f"to/{app}", label, app, learner=self.learner, look=look)
            if app == CONFERENCE:
                yield page_way("to/quick", _("Quick check"), app, learner=self.learner, quick=True)

    def _moment(self, one: Moment) -> Block:
        day = _blocks.note(days.dated(one.day), look="quiet")
        return _blocks.group(day, _blocks.group(*self._told(one)), look="moment")

    def _told(self, one: Moment) -> Iterable[Block]:
        record = one.record
        match one.kind:
            case Kind.CONFERENCE:
                title = self.bench.conferences.protocol(record).title
                begun = _("{title}: in the middle") if record.sat_on else _("{title}: getting ready")
                name = title if record.finished else begun.format(title=title)
                says = _("Open {title} of {day}").format(title=title, day=days.dated(one.day))
                open_ = partial(self._look_at, record.id)
                button = _blocks.button(f"open/{record.id}", _("Open"), open_, look="secondary", says=says)
                yield _blocks.group(_blocks.note(name), button, look="row")
            case Kind.GOAL:
                says = _("Open the goal of {day}").format(day=days.dated(one.day))
                open_ = partial(self._look_at, record.id)
                button = _blocks.button(f"open/{record.id}", _("Open"), open_, look="secondary", says=says)
                yield _blocks.group(_blocks.note(_("A goal was chosen")), button, look="row")
                yield _blocks.quote(record.words)
            case Kind.CHECK_IN:
                check_in, goal = record
                feeling = feelings().get(check_in.feeling, "")
                label = ": ".join(part for part in (_("How it went"), feeling) if part)
                yield from _said(label, check_in.words or goal.words)
            case Kind.ENDED:
                label = (
                    _("The goal was met") if record.state is State.MET else _("Not yet: something smaller came next")
                )
                yield from _said(label, record.words, record.learned)
            case Kind.WORK:
                yield from _said(_("Work to show"), record.caption)
                if record.drawing:
                    yield _blocks.drawing(record.drawing)
            case Kind.FLAG:
                yield from _said(_("A flag was up"), record.words, record.answer)
            case Kind.RESULT:
                measure = measures.of(record)
                young = self.band == YOUNGEST  # who are told no numbers anywhere
                yield _blocks.note(measure.learner if young else f"{measure.learner}: {said_range(record)}")
            case Kind.NOTE:
                yield from _said(_("A note"), record.words)
            case Kind.REPLY:
                yield from _said(_("The family wrote"), record.words)
            case Kind.RESPONSE:
                yield _blocks.note(_("From the teacher"))
                yield from response(record)
            case Kind.CELEBRATED:
                yield from _said(_("The goal was celebrated"), record.words)

    def _conference(self, held: Conference) -> Iterable[Block]:
        """A conference as it was: what was agreed, and all that was said."""
        yield _blocks.button("back", _("Back to the year"), partial(self._look_at, ""), look="back")
        yield agreement(self.bench, held, self.today)
        protocol = self.bench.conferences.protocol(held)
        asked = {(move.id, one.id): one.ask for move in protocol.moves for one in move.prompts}
        said = [
            (one.words or one.choice, asked.get((one.move, one.prompt), ""))
            for one in self.bench.reflections.every(held)
            if one.words or one.choice
        ]
        if said:
            title = _blocks.heading(_("All that was said"))
            yield _blocks.group(title, _blocks.facts(said), look="card", name="said")
        printing = Block("print", shown={"label": _("Print the agreement")})
        yield _blocks.group(_blocks.note(""), printing, look="foot")

    def _goal(self, goal: Goal) -> Iterable[Block]:
        """A goal with its plan, how it went, and how it ended."""
        yield _blocks.button("back", _("Back to the year"), partial(self._look_at, ""), look="back")
        title = _blocks.heading(self.learner.name, lead=_("A goal of {day}").format(day=days.dated(goal.chosen_on)))
        parts: list[Block] = [title, _blocks.quote(goal.words, look="goal")]
        plan = self.bench.plans.of(goal)
        told = [
            (goal.purpose, _("Why it matters")),
            (days.dated(goal.due_on) if goal.due_on else "", _("Until")),
            *((step.words, _("In the plan")) for step in plan.steps),
            (plan.show, _("How it shows")),
            (plan.celebrate, _("How to celebrate")),
            *(
                (" · ".join(filter(None, (feelings().get(look.feeling, ""), look.words))), days.dated(look.held_on))
                for look in self.bench.progress.of(goal)
            ),
            (goal.learned, _("What it taught")),
        ]
        yield _blocks.group(*parts, _blocks.facts([pair for pair in told if pair[0]]), look="agreement", name="goal")
        yield _blocks.group(_blocks.note(""), Block("print", shown={"label": _("Print, or save as PDF")}), look="foot")

    def _look_at(self, record: str) -> None:
        self._open = record

    def _show(self, part: str) -> None:
        self._part = part if part in PARTS else EVERYTHING


def _for_all_here(one: Moment) -> bool:
    """Whether a learner who sits beside an educator may read it; what is for educators is under its own part."""
    match one.record:
        case Note(visibility=visibility):
            return visibility is Visibility.SHARED
        case Reply(to_learner=to_learner):
            return to_learner
    return True


def _said(label: str, *words: str) -> Iterable[Block]:
    yield _blocks.note(label)
    for one in words:
        if one:
            yield _blocks.quote(one)
