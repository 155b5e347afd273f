"""Schedule: who is due and why, the week's conferences by day, and what happens when a day does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from math import ceil
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import asks_each, asks_inside, record_of
from workbench.classes.agreements import Classes, ClassSettings
from workbench.classes.flags import Kind as FlagKind
from workbench.classes.flags import Urgency
from workbench.conferences.bookings import Booking, Bookings, Kind, State, kind_of
from workbench.conferences.conferences import CONFERENCES, Conference
from workbench.evidence import measures
from workbench.facet import Facet, moment
from workbench.goals.goals import OVERDUE
from workbench.goals.pursuits import Pursuits
from workbench.ground import days
from workbench.ground.bands import Speaker
from workbench.ground.calendar import Event, calendar
from workbench.ground.names import initial
from workbench.ground.words import _, ngettext
from workbench.learners.learners import Learner, SchoolClass, class_number

#: What each reason counts for, in days of waiting.
NEVER = 90  # nobody talked with this learner yet
FLAG_UP = 14
GOAL_DUE = 7
NEW_DATA = 3
GOAL_NEAR = timedelta(days=3)  # a goal is due from so long before its day on
#: A quick check is talk, but puts a full conference off by so much only.
QUICK_PUTS_OFF = 14  # days
SILENT_FOR = 14  # days
#: What was done with longer ago is not looked through: a page of a class costs the same after many years.
TO_READ = timedelta(weeks=20)
A_YEAR = timedelta(days=400)
OLD = timedelta(weeks=8)
EVER = datetime(9999, 1, 1, tzinfo=UTC)
CATCH_UP_SHARES = 2  # the catch-up day has room for so many times what another day has


class Why(StrEnum):
    """Why somebody is due, in the order that counts."""

    STUCK = "stuck"
    FLAG = "flag"
    READY = "ready"
    UNSEEN = "unseen"
    GOAL = "goal"
    NEW_DATA = "new data"


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """How a learner stands on a day. `talked_on`: the last conference of any kind; `formal_on`: the last full one.

    `flags` are the kinds of those up, the most urgent first, and `now` whether one of them cannot wait; `stuck`: they
    are with a goal, and wait for an educator (`Pursuits.stuck`); `ready_on`: when they said that they are ready for
    the conference to come. `goal_due_on` is the soonest day of an active goal, `tested_on` the newest test's.
    """

    learner: int
    talked_on: date | None = None
    formal_on: date | None = None
    flags: tuple[FlagKind, ...] = ()
    now: bool = False
    goal_due_on: date | None = None
    tested_on: date | None = None
    booked_on: date | None = None
    stuck: bool = False
    ready_on: date | None = None


class Need(IntEnum):
    """What goes before any wait, the most pressing last."""

    NONE = 0
    READY = 1
    ASKED = 2  # a flag is up, or somebody is stuck
    NOW = 3


@dataclass(frozen=True, slots=True, repr=False)
class Due:
    """A learner who is due: `weight` in days of waiting, and the reasons with the words for each.

    `need` goes before any wait; `now`: a flag is up that cannot wait.
    """

    learner: int
    weight: int
    why: tuple[tuple[Why, str], ...]
    now: bool = False
    talked_on: date | None = None
    booked_on: date | None = None
    need: Need = Need.NONE

    @property
    def reasons(self) -> str:
        """ "24 days since we talked · goal due Friday"."""
        return " · ".join(said for _why, said in self.why)

    def __repr__(self) -> str:
        return f"<Due: {', '.join(why for why, _said in self.why)}>"


@dataclass(frozen=True, slots=True, repr=False)
class Day:
    """One day of a week: what is booked or was held, and who is `suggested` for the room that is left."""

    on: date
    catch_up: bool
    bookings: tuple[Booking, ...]
    suggested: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Day: {len(self.bookings)} booked, {len(self.suggested)} suggested>"


@dataclass(frozen=True, slots=True, repr=False)
class Unread:
    """A conference (its id) with answers that no educator has read as they stand; `learner` is whose."""

    learner: int
    conference: str
    said_at: datetime

    def __repr__(self) -> str:
        return "<Unread>"


def weigh(one: Standing, today: date) -> Due:
    """How due a learner is. Each reason counts as days of waiting, and the sum orders:

    days since any conference (never: 90), or since a full one less 14 where that is more; a flag up 14; a goal due
    within 3 days or past its day 7; a test since the last conference 3. What somebody said themselves is no matter of
    days (`Need`): a flag that says "now" comes before all else, then a flag and whoever is stuck, then whoever is
    ready, then everybody by days; so nobody who asks stands behind one with whom nobody talked yet. It is told first.
    """
    why: list[tuple[Why, str]] = []
    if one.stuck:
        why.append((Why.STUCK, _("is stuck with a goal")))
    if one.ready_on is not None:
        why.append((Why.READY, _("is ready, since {day}").format(day=days.lately(one.ready_on, today))))
    weight = NEVER
    if one.talked_on is None:
        why.append((Why.UNSEEN, _("we have not talked yet")))
    else:
        since, full = (today - one.talked_on).days, (today - (one.formal_on or one.talked_on)).days
        weight = max(since, full - QUICK_PUTS_OFF, 0)
        if weight:
            why.append((Why.UNSEEN, _since_full(full) if full - QUICK_PUTS_OFF > since else _since(since)))
    if one.flags:
        weight += FLAG_UP
        kinds = dict.fromkeys(one.flags)
        why += [(Why.FLAG, _flag_said(kind, now=one.now and not place)) for place, kind in enumerate(kinds)]
    if one.goal_due_on is not None and one.goal_due_on - today <= GOAL_NEAR:
        weight += GOAL_DUE
        day = days.lately(one.goal_due_on, today)
        said = _("goal due {day}") if one.goal_due_on >= today else _("goal was due {day}")
        why.append((Why.GOAL, said.format(day=day)))
    if one.talked_on is not None and one.tested_on is not None and one.tested_on > one.talked_on:
        weight += NEW_DATA
        why.append((Why.NEW_DATA, _("new scores")))
    told_first = (Why.FLAG, Why.STUCK, Why.READY)
    why.sort(key=lambda reason: told_first.index(reason[0]) if reason[0] in told_first else len(told_first))
    asked = Need.ASKED if one.flags or one.stuck else Need.READY if one.ready_on is not None else Need.NONE
    need = Need.NOW if one.now else asked
    return Due(one.learner, weight, tuple(why), one.now, one.talked_on, one.booked_on, need)


def in_order(standing: Iterable[Standing], today: date) -> list[Due]:
    """Everybody, the most due first; of those alike, in the order given."""
    return sorted((weigh(one, today) for one in standing), key=lambda due: (-due.need, -due.weight))


def school_days(agreed: ClassSettings, of: date) -> tuple[date, ...]:
    """The conference days of the week that `of` is in, and its catch-up day, in order."""
    monday = of - timedelta(days=of.weekday())
    wanted = [*agreed.conference_days, *([] if agreed.catch_up_day is None else [agreed.catch_up_day])]
    return tuple(monday + timedelta(days=day) for day in sorted(wanted))


def a_day_holds(agreed: ClassSettings, day: date) -> int:
    """How many full conferences a day has room for."""
    share = ceil(agreed.formal_a_week / len(agreed.conference_days))
    return share * CATCH_UP_SHARES if day.weekday() == agreed.catch_up_day else share


def plan(due: Sequence[Due], bookings: Collection[Booking], agreed: ClassSettings, of: date, today: date) -> list[Day]:
    """The week of `of`: its bookings, and from `due` whom else to talk with on the days from `today` on.

    As many full conferences are suggested as a class holds a week, less those booked or held; nobody who is booked
    for any day to come. The days fill evenly, soonest first; the catch-up day is kept free.
    """
    week = school_days(agreed, of)
    others = {one.on for one in bookings if one.on.isocalendar()[:2] == of.isocalendar()[:2]} - set(week)
    booked = {day: [one for one in bookings if one.on == day] for day in sorted({*week, *others})}
    formal = sum(one.kind is Kind.FORMAL for there in booked.values() for one in there)
    taken = {one.learner for one in bookings if one.on >= week[0] or one.waits(today)}
    free = [day for day in week if day >= today and day.weekday() != agreed.catch_up_day]
    load = {day: sum(one.kind is Kind.FORMAL for one in booked[day]) for day in free}
    suggested: dict[date, list[int]] = {day: [] for day in booked}
    wanted = [one.learner for one in due if one.learner not in taken and one.weight > 0]
    for learner in wanted[: max(agreed.formal_a_week - formal, 0)]:
        open_days = [day for day in free if load[day] < a_day_holds(agreed, day)]
        if not open_days:
            break
        day = min(open_days, key=lambda one: (load[one], one))
        suggested[day].append(learner)
        load[day] += 1
    return [
        Day(day, day.weekday() == agreed.catch_up_day, tuple(there), tuple(suggested[day]))
        for day, there in booked.items()
    ]


def put_off(moved: Sequence[Booking], others: Collection[Booking], agreed: ClassSettings, day: date) -> list[date]:
    """The new day of each booking of a `day` that did not happen: this week's catch-up day while it has room, then the
    days of the weeks after, soonest first. Quick checks take no room."""
    load: dict[date, int] = {}
    for one in others:
        if one.open and one.kind is Kind.FORMAL:
            load[one.on] = load.get(one.on, 0) + 1
    found = []
    for one in moved:
        ahead = (later for later in _days_ahead(agreed, day) if load.get(later, 0) < a_day_holds(agreed, later))
        to = next(ahead)
        if one.kind is Kind.FORMAL:
            load[to] = load.get(to, 0) + 1
        found.append(to)
    return found


def _days_ahead(agreed: ClassSettings, day: date) -> Iterable[date]:
    for later in school_days(agreed, day):
        if later > day and later.weekday() == agreed.catch_up_day:
            yield later
    monday = day - timedelta(days=day.weekday())
    while True:
        monday += timedelta(days=days.WEEK)
        yield from school_days(agreed, monday)


class Schedule(Facet):
    """`bench.schedule`: who is due, and the conferences of a class by day."""

    __slots__ = ()

    @asks_each(Action.FOLLOW)
    def due(self, class_: SchoolClass | int, *, on: date) -> Iterable[Due]:
        """The learners of a class, the most due first; see `weigh`."""
        return in_order(self._standing(class_, on), on)

    @asks_inside
    def week(self, class_: SchoolClass | int, *, of: date, on: date | None = None) -> tuple[Day, ...]:
        """The week that `of` is in, as booked, and whom else to talk with on its days from `on` (default: `of`) on."""
        due = self.due(class_, on=on or of)
        booked = self._bookings.of_class(class_number(class_))
        return tuple(plan(due, booked, self._agreed(class_), of, on or of))

    @asks_inside
    def book_week(self, class_: SchoolClass | int, *, of: date, on: date | None = None) -> tuple[Booking, ...]:
        """Books what `week` suggests, and returns that; `undo` takes it back."""
        suggested = [(one, day.on) for day in self.week(class_, of=of, on=on) for one in day.suggested]
        return tuple(self._bookings.book(learner, day) for learner, day in suggested)

    @asks_inside
    def did_not_happen(self, class_: SchoolClass | int, day: date) -> tuple[Booking, ...]:
        """Moves what was still to be on a `day` on, as `put_off` says, and returns it; `undo` takes that back."""
        return self._move_on([one for one in self._booked(class_) if one.open and one.on == day], class_, day)

    @asks_inside
    def absent(self, class_: SchoolClass | int, booking: Booking) -> Booking:
        """Moves one booking on, as for a learner who is not here."""
        return self._move_on([booking], class_, booking.on)[0]

    @asks_inside
    def undo(self, bookings: Iterable[Booking]) -> None:
        """Takes back what was last done with each of some bookings."""
        for one in bookings:
            self._bookings.undo(one)

    @asks_each(Action.FOLLOW)
    def silent(self, class_: SchoolClass | int, *, on: date, since: int = SILENT_FOR) -> list[Learner]:
        """The learners of a class who wrote, drew or said no word of their own in `since` days, by family name."""
        members = self._members(class_number(class_))
        first = on - timedelta(days=since)
        lately = ("at", _midnight(first), EVER)
        answers = [
            row
            for row in self._rows("reflections", span=lately, learner_id=members)
            if row["said_by"] == Speaker.LEARNER
        ]
        looks = [
            row for row in self._rows("check_ins", span=lately, learner_id=members) if row["who"] == Speaker.LEARNER
        ]
        told = [row for row in (*answers, *looks) if row["words"].strip() or row.get("drawing")]
        heard = {row["learner_id"] for row in told if _day(row["at"]) > first}
        known = self.store.roster.learners(set(members) - heard, as_of=self.as_of)
        return sorted(map(Learner.of, known), key=lambda one: one.sort_key)

    @asks_each(Action.HEAR)
    def to_read(self, class_: SchoolClass | int) -> list[Unread]:
        """The conferences whose answers nobody has read as they stand, the newest first.

        Answers given or changed in the last `TO_READ`; what waited longer is with its learner.
        """
        members = self._members(class_number(class_))
        today = self.clock().astimezone().date()
        lately = ("at", _midnight(today - TO_READ), EVER)
        said: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._rows("reflections", span=lately, learner_id=members):
            if row["words"].strip() or row["choice"] or row["drawing"]:
                said.setdefault(row["conference"], []).append(row)
        talks = {row["record"]: row for row in self._rows("conferences", record=list(said))} if said else {}
        marked = [record for record, row in talks.items() if row["read_on"] is not None]
        read = {one: _read_at(rows) for one, rows in self.store.journal.revisions_of("conferences", marked).items()}
        found = []
        for record in said.keys() & talks.keys():
            newest = max(said[record], key=lambda row: row["change"])
            if read.get(record, 0) < newest["change"]:
                found.append(Unread(newest["learner_id"], record, moment(newest["at"])))
        return sorted(found, key=lambda one: one.said_at, reverse=True)

    @asks_inside
    def mark_read(self, conference: Conference | str, *, on: date) -> None:
        """Notes that an educator read a conference's answers as they stand."""
        record = record_of(conference)
        self.gate.permit(Action.GUIDE, self.store.owner(record), "Schedule.mark_read")
        for read_on in (None, on):  # read anew on one day is a revision too
            self._change(CONFERENCES, record, {"read_on": read_on})

    @asks_inside
    def mark_unread(self, conference: Conference | str) -> None:
        """Takes `mark_read` back."""
        record = record_of(conference)
        self.gate.permit(Action.GUIDE, self.store.owner(record), "Schedule.mark_unread")
        self._change(CONFERENCES, record, {"read_on": None})

    @asks_inside
    def calendar(self, class_: SchoolClass | int, *, of: date, stamp: datetime, names: str = "") -> str:
        """The bookings of a week as iCalendar text. `names`: "" tells none, "initials", or "given" names."""
        if names not in ("", "initials", "given"):
            raise ValueError("names is one of '', initials, given")
        monday = of - timedelta(days=of.weekday())
        sunday = monday + timedelta(days=days.WEEK - 1)
        booked = self._bookings.of_class(class_number(class_), since=monday, until=sunday)
        people = {row["id"]: Learner.of(row) for row in self.store.roster.learners({one.learner for one in booked})}
        return calendar((_event(one, people.get(one.learner), names) for one in booked), stamp=stamp)

    def _standing(self, class_: SchoolClass | int, on: date) -> list[Standing]:
        people = map(Learner.of, self.store.roster.learners(self._members(class_number(class_)), as_of=self.as_of))
        members = [one.id for one in sorted(people, key=lambda one: one.sort_key)]
        talks = self._talks(members, on)
        flags = _by_learner(self._rows("flags", unset="answered_at", learner_id=members))
        pursuits = self._beside(Pursuits)
        due_on: dict[int, list[date]] = {}
        for goal in pursuits.goals(class_number(class_), on=on):
            if goal.due_on and goal.due_on >= on - OVERDUE:
                due_on.setdefault(goal.learner, []).append(goal.due_on)
        stuck = {look.learner for look in pursuits.stuck(class_number(class_), on=on)}
        ready = _by_learner(self._rows("conferences", unset="finished_on", learner_id=members))
        booked = _by_learner(self._rows("bookings", span=("on", on - OLD, date.max), learner_id=members))
        tested: dict[int, date] = {}
        for row in self.store.sightings.newest(members, as_of=self.as_of):
            if measures.named(row["source"], row["measure"], "", row["unit"]).kind is measures.Kind.SCORE:
                tested[row["learner_id"]] = max(row["day"], tested.get(row["learner_id"], row["day"]))
        found = []
        for one in members:
            held = [row for row in talks.get(one, ()) if row["finished_on"] and row["finished_on"] <= on]
            heard = [row for row in held if kind_of(row["protocol"]) is not None]
            full = [row["finished_on"] for row in heard if kind_of(row["protocol"]) is Kind.FORMAL]
            ahead = [row["on"] for row in booked.get(one, ()) if row["state"] != State.HELD]
            up = [row for row in flags.get(one, ()) if row["answered_at"] is None]
            up.sort(key=lambda row: list(Urgency).index(row["urgency"]))
            standing = Standing(
                learner=one,
                talked_on=max((row["finished_on"] for row in heard), default=None),
                formal_on=max(full, default=None),
                flags=tuple(FlagKind(row["kind"]) for row in up),
                now=any(row["urgency"] == Urgency.NOW for row in up),
                goal_due_on=min(due_on.get(one, ()), default=None),
                tested_on=tested.get(one),
                booked_on=min(ahead, default=None),
                stuck=one in stuck,
                ready_on=max((row["prepared_on"] for row in ready.get(one, ()) if _fresh(row, on)), default=None),
            )
            found.append(standing)
        return found

    def _talks(self, members: list[int], on: date) -> dict[int, list[Mapping[str, Any]]]:
        """The conferences of the last year by learner; of those who had no full one in it, all there ever were."""
        found = _by_learner(self._rows("conferences", span=("finished_on", on - A_YEAR, on), learner_id=members))
        full = {one for one, rows in found.items() if any(kind_of(row["protocol"]) is Kind.FORMAL for row in rows)}
        others = [one for one in members if one not in full]
        return found | (_by_learner(self._rows("conferences", learner_id=others)) if others else {})

    def _agreed(self, class_: SchoolClass | int) -> ClassSettings:
        return self._beside(Classes).of(class_)

    def _booked(self, class_: SchoolClass | int) -> tuple[Booking, ...]:
        return self._bookings.of_class(class_number(class_))

    def _move_on(self, moved: Sequence[Booking], class_: SchoolClass | int, day: date) -> tuple[Booking, ...]:
        moving = {one.id for one in moved}
        others = [one for one in self._booked(class_) if one.id not in moving]
        new_days = put_off(moved, others, self._agreed(class_), day)
        return tuple(self._bookings.move(one, to) for one, to in zip(moved, new_days, strict=True))

    @property
    def _bookings(self) -> Bookings:
        return self._beside(Bookings)


def _read_at(revisions: Iterable[Mapping[str, Any]]) -> int:
    """The change at which a conference was last marked as read."""
    marked = 0
    before = None
    for row in revisions:
        if row["read_on"] is not None and before is None:
            marked = row["change"]
        before = row["read_on"]
    return marked


def _fresh(conference: Mapping[str, Any], on: date) -> bool:
    """Whether somebody said not long ago that they are ready for it."""
    return conference["prepared_on"] is not None and on - OLD <= conference["prepared_on"] <= on


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _by_learner(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["learner_id"], []).append(row)
    return found


def _day(at: datetime) -> date:
    return moment(at).astimezone().date()


def _since(count: int) -> str:
    return ngettext("{count} day since we talked", "{count} days since we talked", count).format(count=count)


def _since_full(count: int) -> str:
    said = ngettext("{count} day since a full conference", "{count} days since a full conference", count)
    return said.format(count=count)


def _flag_said(kind: FlagKind, *, now: bool = False) -> str:
    said = {
        FlagKind.HELP: _("asked for help"),
        FlagKind.CONFERENCE: _("asked for a conference"),
        FlagKind.BUDDY: _("asked for a buddy"),
        FlagKind.SHOW: _("has something to show"),
    }[kind]
    return _("{asked}, now").format(asked=said) if now else said


def _event(booking: Booking, learner: Learner | None, names: str) -> Event:
    what = _("Quick check") if booking.kind is Kind.QUICK else _("Conference")
    who = "" if learner is None or not names else learner.call_name if names == "given" else _initials(learner)
    return Event(f"{booking.id}@learner-led-workbench", booking.on, f"{what}: {who}" if who else what)


def _initials(learner: Learner) -> str:
    parts = [part for part in (learner.given_name, learner.family_name) if part]
    return " ".join(f"{initial(part)}." for part in parts)
