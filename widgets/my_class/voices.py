"""What the learners of a class said: to read and mark as read, goals that are due, and who has not spoken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside, listed
from widgets.kit.undo import Did
from widgets.my_class.rows import Start
from widgets.worries.mark import WorryMark, answered
from workbench.bench import Workbench
from workbench.classes.schedule import SILENT_FOR, Unread
from workbench.goals.goals import Goal
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner
from workbench.learners.replies import Reply, asked


class VoicesPart:
    """Answers nobody has read yet, who waited longest first."""

    def __init__(self, bench: Workbench, did: Did, start: Start, worry: WorryMark) -> None:
        self.bench = bench
        self._did = did
        self._start = start
        self._worry = worry

    def block(self, unread: Sequence[Unread], members: Mapping[int, Learner], today: date) -> Block:
        if not unread:
            words = _("What learners answer, getting ready or in a conference, waits here until somebody read it.")
            return _blocks.group(_blocks.empty(_("Everything is read"), words), look="card", name="read")
        said = ngettext("{count} waits to be read", "{count} wait to be read", len(unread)).format(count=len(unread))
        cards = (self._card(one, members[one.learner], today) for one in unread)
        return _blocks.group(_blocks.heading(said), listed(cards, look="voices"), name="read")

    def _card(self, one: Unread, learner: Learner, today: date) -> Block:
        name = f"read/{one.conference}"
        passed = self.bench.worries.passed_on(learner)
        said = [
            part
            for answer in self.bench.reflections.every(one.conference)
            if not answer.empty
            for part in answered(self._worry, answer, passed, learner, today)
        ]
        day = days.lately(one.said_at.astimezone().date(), today)
        mark = _blocks.button(
            f"{name}/mark",
            _("Mark as read"),
            partial(self._mark, one, learner, today),
            focus="undo",
            says=_("Mark what {name} said as read").format(name=learner.name),
        )
        return _blocks.group(
            _blocks.heading(learner.name, lead=day, level=3),
            *said,
            _blocks.group(
                mark, self._start(learner, look="link", name=f"{name}/start", label=_("Open"), app="year"), look="row"
            ),
            look="card",
            name=name,
        )

    def _mark(self, one: Unread, learner: Learner, today: date) -> None:
        self.bench.schedule.mark_read(one.conference, on=today)
        said = _("What {name} said is marked as read.").format(name=learner.call_name)
        self._did(said, partial(self.bench.schedule.mark_unread, one.conference))


def families(replies: Sequence[Reply], members: Mapping[int, Learner], today: date) -> Iterable[Block]:
    """What families wrote back lately, the newest first."""
    cards = []
    for one in replies:
        learner = members[one.learner]
        lead = days.lately(one.on, today)
        for_whom = _("{name} may read it, too.") if one.to_learner else _("For you; {name} does not see it.")
        cards.append(
            _blocks.group(
                _blocks.heading(_("The family of {name}").format(name=learner.name), lead=lead, level=3),
                _blocks.note(asked(learner.call_name)[one.question], look="quiet"),
                _blocks.quote(one.words),
                _blocks.note(for_whom.format(name=learner.call_name), look="quiet"),
                look="card",
                name=f"family/{one.id}",
            )
        )
    if cards:
        yield _blocks.group(_blocks.heading(_("What families wrote")), listed(cards, look="voices"), name="families")


def goals_due(
    goals: Sequence[Goal], members: Mapping[int, Learner], today: date, start: Start, symbols: Mapping[int, str]
) -> Block:
    """The goals whose day is near or past, in the learners' words."""
    title = _blocks.heading(_("Goals due"))
    if not goals:
        return _blocks.group(title, _blocks.note(_("None within a week."), look="quiet"), look="card", name="goals-due")
    rows = []
    for one in goals:
        learner, name = members[one.learner], f"goal/{one.id}"
        due = one.due_on or today
        why = [{"words": days.said(due, today), "look": "amber" if due < today else ""}]
        way = start(learner, look="secondary", name=f"{name}/goals", label=_("See goals"), app="goals")
        who = {"who": learner.name, "quote": one.words, "why": why, **beside(symbols.get(one.learner, ""))}
        rows.append(Block("person", name, who, None, (way,)))
    return _blocks.group(title, listed(rows), look="card", name="goals-due")


def silent(quiet: Sequence[Learner], count: int, start: Start) -> Block:
    """Of whom no word was written down lately; `count` learners are in the class."""
    title = _blocks.heading(_("Not heard from"))
    since = ngettext("in {count} day", "in {count} days", SILENT_FOR).format(count=SILENT_FOR)
    if not quiet:
        words = _("Everybody said something {since}.").format(since=since)
        return _blocks.group(title, _blocks.note(words, look="quiet"), look="card", name="silent")
    lead = _("{some} of {all}: nothing written down {since}").format(some=len(quiet), all=count, since=since)
    names = (start(one, look="tag", name=f"silent/{one.id}", label=one.name) for one in quiet)
    return _blocks.group(
        _blocks.heading(_("Not heard from"), lead=lead), listed(names, look="chips"), look="card", name="silent"
    )
