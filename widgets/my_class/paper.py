"""A day without devices: a Prepare sheet for each learner, and a script for a substitute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from widgets.conference.agreement import agreement
from widgets.goals.week_sheet import week_sheet
from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.records import USUAL
from widgets.my_class.entry import Entry
from widgets.my_class.sheet import sheet
from workbench.bench import Workbench
from workbench.goals.goals import State
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner

QUICK = "quick"
SHEETS, WEEKS, SCRIPT, AGREEMENTS = "sheets", "weeks", "script", "agreements"
EVERYBODY = ""
_IN_A_LESSON = 5  # quick checks that a substitute has time for


class PaperPart:
    """What can be printed, shown as it will be on paper, and the way to type in what came back."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self._what = SHEETS
        self._whose = EVERYBODY
        self._entry: Entry | None = None
        self._pages: dict[tuple[object, ...], list[Block]] = {}  # the newest, since a class's take a moment

    @property
    def at(self) -> str:
        """Where one is in this part."""
        return self._entry.conference.id if self._entry else ""

    def leave(self, today: date) -> None:
        """Ends what is being typed in, and forgets the sheets."""
        if self._entry:
            self._entry.done(today)
        self._entry = None
        self._pages.clear()

    def block(
        self, members: Mapping[int, Learner], booked: Sequence[Learner], waiting: Sequence[Learner], today: date
    ) -> Block:
        """`booked` are those who are booked for today, `waiting` who is next in order."""
        if self._entry and self._entry.conference.learner in members:
            return self._typing(self._entry, members, today)
        self._entry = None
        if self._whose not in {str(one) for one in members}:
            self._whose = EVERYBODY
        kinds = {
            SHEETS: _("Prepare sheets"),
            WEEKS: _("Weekly plans"),
            AGREEMENTS: _("Agreements"),
            SCRIPT: _("A script for a substitute"),
        }
        tools = [_blocks.choice("paper/what", _("To print"), self._what, kinds, self._show, quiet=True)]
        chosen = [one for number, one in members.items() if self._whose in (EVERYBODY, str(number))]
        if self._what != SCRIPT:
            people = {EVERYBODY: _("Everybody"), **{str(number): one.name for number, one in members.items()}}
            tools.append(_blocks.select("paper/whose", _("For"), self._whose, people, self._choose))
        if self._what in (SHEETS, WEEKS):
            said = ngettext(
                "{count} sheet, a page each. Shown is the first.",
                "{count} sheets, a page each. Shown is the first.",
                len(chosen),
            ).format(count=len(chosen))
            pages = self._sheets(chosen, today)
        elif self._what == AGREEMENTS:
            pages = self._sheets(chosen, today)
            said = ngettext(
                "{count} agreement, a page each: each learner’s newest. Shown is the first.",
                "{count} agreements, a page each: each learner’s newest. Shown is the first.",
                len(pages),
            ).format(count=len(pages))
            if not pages:
                said = _("No conference is finished yet. What is agreed in one comes here.")
        else:
            said = _("One page, for one day: whom to sit down with, each with the goal of now, and what to do.")
            pages = [self._script(booked or waiting[:_IN_A_LESSON], today)]
        tools.append(Block("print", shown={"label": _("Print")}))
        paper = _blocks.group(
            _blocks.heading(_("For a day without devices")),
            _blocks.group(*tools, look="tools"),
            _blocks.note(said, look="quiet"),
            _blocks.group(*pages, look="papers", name=f"papers {self._what} {self._whose}"),
            look="card",
        )
        return _blocks.group(paper, self._back(members, today), look="desk", name="paper")

    def _show(self, what: str) -> None:
        self._what = what

    def _choose(self, whose: str) -> None:
        self._whose = whose

    def _back(self, members: Mapping[int, Learner], today: date) -> Block:
        """The sheets that came back, one press each."""
        rows = []
        for number, one in members.items():
            says = _("Type in the sheet of {name}").format(name=one.name)
            press = _blocks.button(f"back/{number}", _("Type in"), partial(self._enter, one, today), says=says)
            rows.append(Block("person", "", {"who": one.name, "why": []}, None, (press,)))
        lead = _("Type in what the sheet says. It goes into the learner’s conference, saved as you type.")
        return _blocks.group(_blocks.heading(_("What came back"), lead=lead), listed(rows), look="card")

    def _enter(self, learner: Learner, today: date) -> None:
        if self._entry:
            self._entry.done(today)
        self._entry = Entry(self.bench, self.bench.conferences.prepare(learner, on=today))

    def _typing(self, entry: Entry, members: Mapping[int, Learner], today: date) -> Block:
        """One learner's sheet to type in, and the way to the next one's."""
        order = list(members)
        after = order[order.index(entry.conference.learner) + 1 :]
        acts = [_blocks.button("back/list", _("Back to the list"), partial(self.leave, today), look="secondary")]
        if after:
            follower = members[after[0]]
            label = _("Next: {name}").format(name=follower.name)
            acts.append(_blocks.button("back/next", label, partial(self._enter, follower, today), look="primary"))
        learner = members[entry.conference.learner]
        return _blocks.group(
            _blocks.group(
                _blocks.heading(learner.name, lead=_("What the sheet says, in the learner’s words")),
                _blocks.group(*entry.blocks(), look="columns"),
                look="card typing",
            ),
            _blocks.group(*acts, look="foot"),
            name=f"typing/{entry.conference.id}",
        )

    def _sheets(self, learners: Sequence[Learner], today: date) -> list[Block]:
        key = (self._what, today, *(one.id for one in learners))
        if key not in self._pages:
            draw = {WEEKS: week_sheet, AGREEMENTS: self._agreement}.get(self._what, sheet)
            drawn = (draw(self.bench, one, today) for one in learners)
            self._pages = {key: [one for one in drawn if one is not None]}
        return self._pages[key]

    def _agreement(self, bench: Workbench, learner: Learner, today: date) -> Block | None:
        """What was agreed with a learner last, as a page; None before there was a conference."""
        held = [one for one in bench.conferences.of(learner) if one.finished]
        if not held:
            return None
        newest = max(held, key=lambda one: one.finished_on or date.min)
        page = replace(agreement(bench, newest, today), name=f"agreement/{newest.id}")
        return _blocks.group(page, look="page agreed", name=f"agreed/{newest.id}")

    def _script(self, booked: Sequence[Learner], today: date) -> Block:
        protocol = self.bench.conferences.protocol_named(QUICK, *USUAL[1:])
        asked = [(one.ask, " / ".join(option.words for option in one.options)) for one in protocol.prompts]
        before = [
            _("Two minutes each, one learner beside you while the others work."),
            _("The learner leads: ask, then wait. A silence is fine."),
            _("Write what the learner says in the learner’s own words."),
            _("Nothing here is marked. You don’t have to talk today."),
        ]
        after = [
            _("Lay the sheets where the teacher finds them: what they say is typed in later."),
            _("Somebody is upset or tells you a worry? Listen, promise no secret, and tell the office today."),
        ]
        room = [part for one in booked for part in (self._one(one), Block("lines", shown={"count": 2}))]
        return _blocks.group(
            _blocks.heading(_("Quick checks, for whoever is with the class today"), lead=days.dated(today)),
            listed((_blocks.note(one) for one in before), look="said"),
            _blocks.heading(_("Ask in this order"), level=3),
            listed((_blocks.facts([one]) for one in asked), look="asked", numbered=True),
            _blocks.heading(_("Who, and what was said"), level=3),
            *room,
            Block("lines", shown={"count": max(2 * (_IN_A_LESSON - len(booked)), 1)}),
            _blocks.heading(_("Afterwards"), level=3),
            listed((_blocks.note(one) for one in after), look="said"),
            look="page",
            name="script",
        )

    def _one(self, learner: Learner) -> Block:
        """Whom one sits down with, and the goal that is asked about."""
        goals = [one for one in self.bench.goals.of_learner(learner) if one.state is State.ACTIVE]
        goal = _("Goal: “{words}”").format(words=goals[-1].words) if goals else _("No goal yet: ask what to try.")
        return _blocks.facts([(learner.name, goal)])
