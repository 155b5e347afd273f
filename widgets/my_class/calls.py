"""Who needs an educator now, and for what: each with what to do about it, and the way on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside, listed
from widgets.kit.undo import Did
from widgets.learner.ways import Start, to_year
from widgets.my_class.flags import FlagsPart
from widgets.my_class.voices import saying_back
from widgets.worries.mark import WorryMark
from workbench.bench import Workbench
from workbench.classes.glances import Call, Glance
from workbench.classes.schedule import GOAL_NEAR, Need, Why
from workbench.goals.goals import OVERDUE, Goal
from workbench.goals.progress import CheckIn
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner

EVERYBODY = ""
SHOWN = 4  # of those who only wait to be seen, until all are asked for


class CallsPart:
    """The learners who call, in the order of `Glances.of`; one may ask for one kind of call alone."""

    def __init__(self, bench: Workbench, did: Did, start: Start, worry: WorryMark) -> None:
        self.bench = bench
        self._did = did
        self._start = start
        self._worry = worry
        self._flags = FlagsPart(bench, did, worry)
        self._only = EVERYBODY
        self._all = False

    def chosen(self, glances: Sequence[Glance]) -> Sequence[Glance]:
        """Those of the kind that is asked for; all where nobody is of it any more."""
        some = [one for one in glances if self._only in one.calls]
        return some if self._only != EVERYBODY and some else glances

    def block(
        self, glances: Sequence[Glance], members: Mapping[int, Learner], today: date, symbols: Mapping[int, str]
    ) -> Block:
        title = _blocks.heading(_("Who needs me now"))
        calling = [one for one in glances if one.calls]
        if not calling:
            words = _("Who is stuck, asks or is ready shows here within two seconds, wherever it was said.")
            return _blocks.group(title, _blocks.note(words, look="quiet"), look="card", name="calls")
        shown = [one for one in self.chosen(glances) if one.calls]
        pressing = [one for one in shown if one.calls != (Call.UNSEEN,)]
        waiting = [one for one in shown if one.calls == (Call.UNSEEN,)]
        rows = [self._row(one, members[one.learner], today, symbols.get(one.learner, "")) for one in pressing]
        parts = [_blocks.group(title, *self._filter(calling), look="tools")]
        if rows:
            parts.append(listed(rows, look="calls"))
        if waiting:
            parts.append(self._unseen(waiting, members, symbols))
        return _blocks.group(*parts, look="card", name="calls")

    def _filter(self, calling: Sequence[Glance]) -> Iterable[Block]:
        """What one may ask for alone, each with how many there are."""
        counts = {call: sum(call in one.calls for one in calling) for call in Call}
        there = {str(call): f"{words} {counts[call]}" for call, words in called().items() if counts[call]}
        if len(there) < 2:
            return
        now = self._only if self._only in there else EVERYBODY
        options = {EVERYBODY: _("All {count}").format(count=len(calling)), **there}
        yield _blocks.choice("calls/only", _("Show"), now, options, self._choose, quiet=True)

    def _choose(self, only: str) -> None:
        self._only = only

    def _row(self, one: Glance, learner: Learner, today: date, symbol: str) -> Block:
        name = f"call/{learner.id}"
        told = [(reason, said) for reason, said in one.due.why if reason is not Why.FLAG and not _is_never(one, reason)]
        why = [{"words": said, "look": "amber" if reason is Why.STUCK else ""} for reason, said in told]
        if one.met:
            why.append({"words": _("met a goal"), "look": ""})
        parts: list[Block] = []
        for look in one.stuck:
            parts += self._stuck(look, learner, one.goals, today)
        parts += [self._flags.block(flag, learner, today) for flag in one.flags]
        parts += [self._met(met.goal, met.way, learner) for met in one.met]
        if Call.DUE in one.calls and not parts:
            parts += [_blocks.quote(goal.words) for goal in one.goals if _is_near(goal, today)]
        shown = {"urgent": one.due.need is Need.NOW, "why": why, **beside(symbol)}
        acts = _blocks.group(*self._ways(name, learner, primary=Call.READY in one.calls), look="row")
        return Block("call", name, shown, None, (to_year(self._start, learner, name), acts, *parts))

    def _ways(self, name: str, learner: Learner, *, primary: bool = False) -> Iterable[Block]:
        yield self._start(learner, look="link", name=f"{name}/quick", quick=True)
        yield self._start(learner, look="primary" if primary else "secondary", name=f"{name}/start")

    def _stuck(self, look: CheckIn, learner: Learner, goals: Iterable[Goal], today: date) -> Iterable[Block]:
        """What a learner said who is stuck, and a way to say something back at once."""
        name = f"stuck/{look.id}"
        goal = next((one.words for one in goals if one.id == look.goal), "")
        inside: list[Block] = [_blocks.note(_("Stuck with: {goal}").format(goal=goal), look="quiet")]
        marks: tuple[Block, ...] = ()
        panel: tuple[Block, ...] = ()
        if look.words:
            inside.append(_blocks.quote(look.words))
            says = _("what {name} wrote about being stuck").format(name=learner.name)
            mark = self._worry.mark(look.id, self.bench.worries.passed_on(learner), today, says=says)
            marks = (_blocks.group(mark, look="row"),)
            panel = self._worry.panel(look.id)
        back = saying_back(name, learner, partial(self._say, look, learner, today))
        yield _blocks.group(*inside, back, *marks, *panel, look="list", name=name)

    def _say(self, look: CheckIn, learner: Learner, today: date, heart: bool, words: str) -> None:
        given = self.bench.responses.give(look, on=today, heart=heart or None, words=words or None)
        said = _("{name} finds it on the next page.").format(name=learner.call_name)
        self._did(said, partial(self.bench.responses.undo, given))

    def _met(self, goal: Goal, way: str, learner: Learner) -> Block:
        """A goal that was met, and how its learner wants to celebrate it, to tick off."""
        name = f"met/{goal.id}"
        told = _("Celebrates: {way}").format(way=way) if way else _("How to celebrate is not said yet.")
        done = _blocks.button(
            f"{name}/celebrated",
            _("Celebrated"),
            partial(self._celebrate, goal, learner),
            focus="undo",
            says=_("Celebrated: {words}, {name}").format(words=goal.words, name=learner.name),
        )
        return _blocks.group(
            _blocks.quote(goal.words), _blocks.group(_blocks.note(told), done, look="row who"), look="list", name=name
        )

    def _celebrate(self, goal: Goal, learner: Learner) -> None:
        tick = self.bench.celebrations.tick(goal)
        said = _("The goal of {name} is celebrated.").format(name=learner.call_name)
        self._did(said, partial(self.bench.celebrations.undo, tick))

    def _unseen(self, waiting: Sequence[Glance], members: Mapping[int, Learner], symbols: Mapping[int, str]) -> Block:
        """Who waits to be talked with and said nothing: what is so of many is said once."""
        never = sum(one.due.talked_on is None for one in waiting)
        said = ngettext("We have not talked with {count} yet.", "We have not talked with {count} yet.", never)
        title = _blocks.heading(_("Longest unseen"), level=3, lead=said.format(count=never) if never else "")
        every = self._all or self._only == Call.UNSEEN
        rows = []
        for one in waiting if every else waiting[:SHOWN]:
            learner, name = members[one.learner], f"call/{one.learner}"
            why = [{"words": said, "look": ""} for reason, said in one.due.why if not _is_never(one, reason)]
            acts = (to_year(self._start, learner, name), *self._ways(name, learner))
            shown = {"who": "", "why": why, **beside(symbols.get(one.learner, ""))}
            rows.append(Block("person", name, shown, None, acts))
        parts = [title, listed(rows, look="columns")]
        if len(waiting) > SHOWN and self._only != Call.UNSEEN:
            label = _("Show fewer") if self._all else _("Show all {count}").format(count=len(waiting))
            parts.append(_blocks.button("calls/all", label, self._fold, look="link"))
        return _blocks.group(*parts, look="list", name="unseen")

    def _fold(self) -> None:
        self._all = not self._all


def called() -> dict[Call, str]:
    """What each kind of call is called."""
    return {
        Call.STUCK: _("Stuck"),
        Call.ASKED: _("Asked"),
        Call.READY: _("Ready"),
        Call.MET: _("Met"),
        Call.DUE: _("Goal due"),
        Call.UNSEEN: _("Unseen"),
    }


def _is_never(one: Glance, reason: Why) -> bool:
    """Whether a reason is that nobody talked with somebody yet: so it is of many, and not said beside each."""
    return reason is Why.UNSEEN and one.due.talked_on is None


def _is_near(goal: Goal, today: date) -> bool:
    return goal.due_on is not None and today - OVERDUE <= goal.due_on <= today + GOAL_NEAR


def due_of(goal: Goal, today: date) -> str:
    """Until when a goal is, in words; "" without a day."""
    return days.said(goal.due_on, today) if goal.due_on else ""
