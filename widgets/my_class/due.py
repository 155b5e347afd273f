"""Who is next, and why in that order: with a day to book and the way to the conference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, beside, listed
from widgets.kit.undo import Did
from widgets.learner.ways import Start, to_year
from workbench.bench import Workbench
from workbench.classes.agreements import ClassSettings
from workbench.classes.schedule import Due, Why, school_days
from workbench.conferences.bookings import Booking, Kind
from workbench.ground import days
from workbench.ground.words import _
from workbench.learners.learners import Learner

SHOWN = 7  # of a class, until all are asked for
NO_DAY = ""


class DuePart:
    """The learners of a class, the most due first."""

    def __init__(self, bench: Workbench, did: Did, start: Start) -> None:
        self.bench = bench
        self._did = did
        self._start = start
        self._all = False

    def block(
        self,
        due: Sequence[Due],
        members: Mapping[int, Learner],
        bookings: Sequence[Booking],
        agreed: ClassSettings,
        today: date,
        symbols: Mapping[int, str],
    ) -> Block:
        booked = {one.learner: one for one in bookings if one.waits(today) and one.kind is Kind.FORMAL}
        offered = days_to_book(agreed, today)
        shown = due if self._all else due[:SHOWN]
        rows = (
            self._row(one, members[one.learner], booked.get(one.learner), offered, today, symbols.get(one.learner, ""))
            for one in shown
        )
        parts = [_blocks.heading(_("Who is next, and why")), listed(rows, look="due", numbered=True)]
        if len(due) > SHOWN:
            label = _("Show fewer") if self._all else _("Show all {count}").format(count=len(due))
            parts.append(_blocks.button("due/all", label, self._fold, look="link"))
        return _blocks.group(*parts, look="card", name="due")

    def _fold(self) -> None:
        self._all = not self._all

    def _row(
        self, due: Due, learner: Learner, booking: Booking | None, offered: Mapping[date, str], today: date, symbol: str
    ) -> Block:
        name = f"due/{due.learner}"
        there = {booking.on: days.brief(booking.on, today)} if booking and booking.on not in offered else {}
        options = {NO_DAY: _("No day yet"), **{on.isoformat(): label for on, label in {**there, **offered}.items()}}
        chosen = booking.on.isoformat() if booking else NO_DAY
        label = _("Day for {name}").format(name=learner.name)
        day = _blocks.select(f"{name}/day", label, chosen, options, partial(self._book, learner, booking))
        why = [{"words": said, "look": "amber" if reason in (Why.FLAG, Why.STUCK) else ""} for reason, said in due.why]
        check = self._start(learner, look="link", name=f"{name}/quick", quick=True)
        acts = (
            to_year(self._start, learner, name),
            day,
            check,
            self._start(learner, look="secondary", name=f"{name}/start"),
        )
        return Block("person", name, {"who": "", "why": why, **beside(symbol)}, None, acts)

    def _book(self, learner: Learner, booking: Booking | None, chosen: str) -> None:
        if chosen:
            kept = self.bench.bookings.book(learner, date.fromisoformat(chosen))
        elif booking:
            kept = booking
            self.bench.bookings.call_off(booking)
        else:
            return
        said = _("{name} is booked.") if chosen else _("The day of {name} is taken off.")
        self._did(said.format(name=learner.call_name), partial(self.bench.bookings.undo, kept))


def days_to_book(agreed: ClassSettings, today: date) -> dict[date, str]:
    """The days of this week and the next that a conference can be booked for."""
    both = [*school_days(agreed, today), *school_days(agreed, today + timedelta(days=days.WEEK))]
    return {on: days.brief(on, today) for on in both if on >= today}
