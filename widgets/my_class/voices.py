"""What the learners of a class said: to read, to say something back to, and who has not spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.undo import Did
from widgets.learner.responses import HEART
from widgets.learner.ways import YEAR, Start, to_year
from widgets.worries.mark import WorryMark, answered
from workbench.bench import Workbench
from workbench.classes.schedule import SILENT_FOR, Unread
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner
from workbench.learners.replies import Reply, asked


class VoicesPart:
    """Answers nobody has read yet, the newest first, by when they were said."""

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
        lead = _("A heart or a line goes to the child’s next page, and marks it as read.")
        parts = [_blocks.heading(said, lead=lead)]
        for when, some in groupby(unread, key=lambda one: _when(one, today)):
            group = tuple(some)
            title = _blocks.heading(_whens()[when], level=3)
            all_of = _blocks.button(
                f"read/{when}/all",
                _("Mark all of these as read"),
                partial(self._mark, group, today, _("All of these are marked as read.")),
                look="link",
                focus="undo",
                says=_("Mark all as read: {when}").format(when=_whens()[when]),
            )
            cards = (self._card(one, members[one.learner], today) for one in group)
            head = _blocks.group(title, *((all_of,) if len(group) > 1 else ()), look="row")
            parts.append(_blocks.group(head, listed(cards, look="voices"), name=f"read/{when}"))
        return _blocks.group(*parts, name="read")

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
            partial(self._mark, (one,), today, _("What {name} said is marked as read.").format(name=learner.call_name)),
            look="link",
            focus="undo",
            says=_("Mark what {name} said as read").format(name=learner.name),
        )
        back = saying_back(name, learner, partial(self._say, one, learner, today))
        who = _blocks.group(to_year(self._start, learner, name), _blocks.note(day, look="quiet"), look="row who")
        return _blocks.group(who, *said, back, _blocks.group(mark, look="row"), look="card", name=name)

    def _say(self, one: Unread, learner: Learner, today: date, heart: bool, words: str) -> None:
        given = self.bench.responses.give(one.conference, on=today, heart=heart or None, words=words or None)
        self.bench.schedule.mark_read(one.conference, on=today)

        def back() -> None:
            self.bench.responses.undo(given)
            self.bench.schedule.mark_unread(one.conference)

        self._did(_("{name} finds it on the next page.").format(name=learner.call_name), back)

    def _mark(self, some: Sequence[Unread], today: date, said: str) -> None:
        for one in some:
            self.bench.schedule.mark_read(one.conference, on=today)

        def back() -> None:
            for one in some:
                self.bench.schedule.mark_unread(one.conference)

        self._did(said, back)


def saying_back(name: str, learner: Learner, say: Callable[[bool, str], object]) -> Block:
    """A heart, or a line, to what a learner wrote; `say` hears whether it is a heart, and the words."""
    heart = _blocks.button(
        f"{name}/heart",
        _("A heart"),
        partial(say, True, ""),
        look="secondary",
        focus="undo",
        says=_("Send {name} a heart").format(name=learner.name),
        picture=HEART,
    )
    shown = {
        "label": _("A line back"),
        "send": _("Send"),
        "focus": "undo",
        "says": _("Send {name} the line").format(name=learner.name),
    }
    line = Block("reply", f"{name}/back", shown, lambda words: say(False, words if isinstance(words, str) else ""))
    return _blocks.group(heart, line, look="row back")


def _when(one: Unread, today: date) -> str:
    """In which part of the list something stands."""
    ago = (today - one.said_at.astimezone().date()).days
    return "today" if ago <= 0 else "yesterday" if ago == 1 else "week" if ago < days.WEEK else "before"


def _whens() -> dict[str, str]:
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "week": _("In the last seven days"),
        "before": _("Longer ago"),
    }


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


def silent(quiet: Sequence[Learner], count: int, start: Start) -> Block:
    """Of whom no word was written down lately; `count` learners are in the class."""
    title = _blocks.heading(_("Not heard from"))
    since = ngettext("in {count} day", "in {count} days", SILENT_FOR).format(count=SILENT_FOR)
    if not quiet:
        words = _("Everybody said something {since}.").format(since=since)
        return _blocks.group(title, _blocks.note(words, look="quiet"), look="card", name="silent")
    lead = _("{some} of {all}: nothing written down {since}").format(some=len(quiet), all=count, since=since)
    names = (start(one, look="tag", name=f"silent/{one.id}", label=one.name, app=YEAR) for one in quiet)
    return _blocks.group(
        _blocks.heading(_("Not heard from"), lead=lead), listed(names, look="chips"), look="card", name="silent"
    )
