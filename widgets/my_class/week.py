"""A class's week by day: who is booked, who was talked with, and what happens when a day does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from babel.dates import format_skeleton

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block
from widgets.kit.undo import Did
from widgets.learner.ways import Start
from workbench.bench import Workbench
from workbench.classes.schedule import Day
from workbench.conferences.bookings import Booking, Kind, kind_of
from workbench.conferences.conferences import Conference
from workbench.ground import days
from workbench.ground.words import _, ngettext, region
from workbench.learners.learners import Learner, SchoolClass, call_names

#: Hands the browser a file: its name, its kind and its text.
Save = Callable[[str, str, str], object]
INITIALS, GIVEN, NOBODY = "initials", "given", ""


class WeekPart:
    """The days of one week, this one until another is asked for."""

    def __init__(self, bench: Workbench, did: Did, start: Start, save: Save) -> None:
        self.bench = bench
        self._did = did
        self._start = start
        self._save = save
        self._ahead = 0  # weeks from this one
        self._names = INITIALS

    def of(self, today: date) -> date:
        """A day of the week that is shown."""
        return today + timedelta(days=days.WEEK * self._ahead)

    def block(
        self,
        class_: SchoolClass,
        week: Sequence[Day],
        held: Sequence[Conference],
        members: Mapping[int, Learner],
        today: date,
    ) -> Block:
        """`held` are the conferences of this week so far."""
        suggested = sum(len(day.suggested) for day in week)
        tools = []
        if suggested:
            label = ngettext("Book {count} suggestion", "Book {count} suggestions", suggested).format(count=suggested)
            tools.append(_blocks.button("week/book", label, partial(self._book, class_, today), focus="undo"))
        if any(day.bookings for day in week):
            told = {INITIALS: _("With initials"), GIVEN: _("With given names"), NOBODY: _("Without names")}
            tools.append(_blocks.select("week/names", _("Names in the calendar"), self._names, told, self._name))
            export = partial(self._export, class_, today)
            tools.append(_blocks.button("week/export", _("Export to calendar"), export))
        there = _blocks.button("week/other", _("This week") if self._ahead else _("Next week"), self._turn, look="link")
        if self._ahead:
            title = _blocks.heading(_("Next week"), told="week")
        else:
            title = _blocks.heading(_("This week"), lead=talked(held, len(members)), told="week")
        called = call_names(members.values())
        cards = tuple(self._day(class_, day, members, called, today) for day in week)
        shown = Block("week", "week", {"label": _("Days of the week")}, None, cards)
        return _blocks.group(_blocks.group(title, there, *tools, look="tools"), shown, look="card", name="week-card")

    def covered(self, week: Sequence[Day], members: Mapping[int, Learner], today: date) -> Block:
        """The week for all to see: who talks when, nothing else."""
        called = call_names(members.values())
        cards = tuple(
            Block("day-card", f"day/{day.on}", _heading(day, today), None, (_planned(day, called, bare=True),))
            for day in week
        )
        return Block("week", "week", {"label": _("Days of the week")}, None, cards)

    def _turn(self) -> None:
        self._ahead = 0 if self._ahead else 1

    def _name(self, names: str) -> None:
        self._names = names

    def _export(self, class_: SchoolClass, today: date) -> None:
        of = self.of(today)
        text = self.bench.schedule.calendar(class_, of=of, stamp=self.bench.clock(), names=self._names)
        monday = of - timedelta(days=of.weekday())
        self._save(_("conferences {monday}.ics").format(monday=monday), "text/calendar;charset=utf-8", text)

    def _book(self, class_: SchoolClass, today: date) -> None:
        booked = self.bench.schedule.book_week(class_, of=self.of(today), on=today)
        said = ngettext("{count} conference is booked.", "{count} conferences are booked.", len(booked))
        self._did(said.format(count=len(booked)), partial(self.bench.schedule.undo, booked))

    def _day(
        self, class_: SchoolClass, day: Day, members: Mapping[int, Learner], called: Mapping[int, str], today: date
    ) -> Block:
        name = f"day/{day.on}"
        inside: list[Block] = []
        if day.on == today:
            inside += [
                self._here(class_, one, members[one.learner], called[one.learner]) for one in day.bookings if one.open
            ]
            rest = Day(day.on, day.catch_up, tuple(one for one in day.bookings if not one.open), day.suggested)
            inside.append(_planned(rest, called))
        else:
            inside.append(_planned(day, called))
        if day.on <= today and any(one.open for one in day.bookings):
            label = _("Today didn’t happen") if day.on == today else _("Didn’t happen")
            says = _("{day} didn’t happen: move its conferences on").format(day=days.full(day.on))
            lost = partial(self._lost, class_, day.on)
            inside.append(_blocks.button(f"{name}/lost", label, lost, look="link", focus="undo", says=says))
        return Block("day-card", name, _heading(day, today), None, tuple(inside))

    def _here(self, class_: SchoolClass, booking: Booking, learner: Learner, called: str) -> Block:
        """One who is booked for today."""
        name = f"booked/{booking.id}"
        away = _blocks.button(
            f"{name}/away",
            _("Not here"),
            partial(self._away, class_, booking, learner),
            look="link",
            focus="undo",
            says=_("{name} is not here: move the conference on").format(name=learner.name),
        )
        way = self._start(learner, look="tag", name=f"{name}/start", quick=booking.kind is Kind.QUICK)
        return Block("person", name, {"who": called, "why": []}, None, (way, away))

    def _lost(self, class_: SchoolClass, day: date) -> None:
        moved = self.bench.schedule.did_not_happen(class_, day)
        said = ngettext("{count} conference was moved on.", "{count} conferences were moved on.", len(moved))
        self._did(said.format(count=len(moved)), partial(self.bench.schedule.undo, moved))

    def _away(self, class_: SchoolClass, booking: Booking, learner: Learner) -> None:
        moved = self.bench.schedule.absent(class_, booking)
        said = _("{name}’s conference is moved to {day}.").format(
            name=learner.call_name, day=days.full(moved.on, booking.on)
        )
        self._did(said, partial(self.bench.schedule.undo, (moved,)))


def talked(held: Sequence[Conference], count: int) -> str:
    """How much was talked so far; `count` learners are in the class. Quick checks count."""
    talks = [one for one in held if kind_of(one.protocol)]
    if not talks:
        return _("No conference yet.")
    quick = sum(kind_of(one.protocol) is Kind.QUICK for one in talks)
    said = [
        ngettext("{count} full conference", "{count} full conferences", len(talks) - quick).format(
            count=len(talks) - quick
        ),
        ngettext("{count} quick check", "{count} quick checks", quick).format(count=quick),
        _("{some} of {all} talked with").format(some=len({one.learner for one in talks}), all=count),
    ]
    return " · ".join(said)


def _heading(day: Day, today: date) -> dict[str, object]:
    label = str(format_skeleton("EEEd", day.on, locale=region()))
    note = _("today") if day.on == today else _("catch-up") if day.catch_up else ""
    return {"label": label, "note": note, "today": day.on == today, "past": day.on < today}


def _planned(day: Day, called: Mapping[int, str], *, bare: bool = False) -> Block:
    """Names of a day; `bare`: without what is only suggested."""
    rows = [
        {
            "who": called[one.learner],
            "held": not one.open,
            "note": _("quick check") if one.kind is Kind.QUICK else "",
        }
        for one in day.bookings
    ]
    if not bare:
        rows += [{"who": called[one], "held": False, "note": _("suggested")} for one in day.suggested]
    return Block("planned", shown={"rows": rows})
