"""What the home page tells: gathered from a bench, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from workbench.access.actors import Action
from workbench.bench import Workbench
from workbench.conferences.bookings import Kind, kind_of
from workbench.conferences.conferences import Conference
from workbench.ground import days, names
from workbench.ground.errors import NotAllowed
from workbench.ground.words import _, ngettext
from workbench.keeping import heads
from workbench.learners.learners import Learner, SchoolClass, call_names, class_labels

TONES = 6  # colours of the pictures
WAITING_SHOWN = 4
FOUND_SHOWN = 12
PEOPLE_SHOWN = 4


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A learner as the class's pictures show them: what they are called, and their `symbol`.

    Without one ("") they stand by their first letter, in a colour of their own (`tone`).
    """

    id: int
    name: str
    tone: int
    symbol: str


@dataclass(frozen=True, slots=True, repr=False)
class Mine:
    """What a learner who touched a picture sees of themselves: what they are called, and their `symbol` ("" none).

    `free` are the symbols they may choose.
    """

    called: str
    symbol: str
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Choice:
    """A learner to choose; `started` when a conference with them, no quick check, is in the middle."""

    id: int
    name: str
    started: bool


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A conference in which something was said and that is not finished; `quick`: a quick check."""

    learner: int
    name: str
    since: str
    quick: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Home:
    """The home page of one educator. `chosen` is the class whose learners are listed first.

    `passed_on` has a line for the adult named for worries, and none for anybody else.
    """

    greeting: str
    news: str
    classes: Mapping[str, str]
    chosen: SchoolClass | None
    learners: tuple[Choice, ...]
    waiting: tuple[Waiting, ...]
    class_news: tuple[str, ...]
    data: tuple[str, ...]
    reports: tuple[str, ...]
    passed_on: tuple[str, ...]
    audit: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether there is no class to choose from yet."""
        return not self.classes


def look(bench: Workbench, now: datetime, educator: str) -> Home:
    """What `bench` has to tell at the local time `now`."""
    today = now.date()
    taught = bench.learners.my_classes()
    chosen = taught[0] if taught else None
    open_ones = bench.conferences.unfinished()
    waiting = tuple(
        Waiting(
            one.learner,
            bench.learners.get(one.learner).name,
            days.lately(one.held_on, today),
            kind_of(one.protocol) is Kind.QUICK,
        )
        for one in open_ones[:WAITING_SHOWN]
    )
    up = bench.flags.up()
    end = sunday(today)
    week = {"since": end - timedelta(days=days.WEEK - 1), "until": end}
    coming = {one.id: one for each in taught for one in bench.bookings.of_class(each.id, **week) if one.open}
    people = [
        f"{bench.learners.get(one.learner).call_name} ({days.lately(one.on, today)})"
        for one in sorted(coming.values(), key=lambda one: one.on)
    ]
    due = bench.goals.due(since=today, until=today + timedelta(days=days.WEEK))
    return Home(
        greeting=greeting(now.hour, educator),
        news=news(people, len(up)) if taught else first(bench),
        classes=class_labels(taught),
        chosen=chosen,
        learners=choices(bench, chosen, open_ones) if chosen else (),
        waiting=waiting,
        class_news=class_news(len(due), len(open_ones)),
        data=data_news(bench, today),
        reports=reports_news(bench.workspace.out, today),
        passed_on=passed_on(bench),
        audit=audit_news(bench),
    )


def members(bench: Workbench, class_id: int) -> tuple[Learner, ...]:
    """The learners of a class the actor may sit down with; none where there is no such class any more."""
    which = next((one for one in bench.learners.classes() if one.id == class_id), None)
    return bench.learners.in_class(which) if which else ()


def pictures(bench: Workbench, class_id: int) -> tuple[str, tuple[Picture, ...]]:
    """The name of a class and its learners' pictures, by what they are called."""
    people = members(bench, class_id)
    called = call_names(people)
    own = {one.learner: one.name for one in bench.symbols.of_class(class_id)}
    found = [Picture(one.id, called[one.id], one.id % TONES, own.get(one.id, "")) for one in people]
    name = next((one.name for one in bench.learners.classes() if one.id == class_id), "")
    return name, tuple(sorted(found, key=lambda one: names.sort_key(one.name)))


def mine(bench: Workbench, learner: int, class_id: int | None) -> Mine:
    """A learner at the tablet of a class."""
    symbol = bench.symbols.of(learner, class_id=class_id)
    called = bench.learners.get(learner).call_name
    return Mine(called, symbol.name if symbol else "", bench.symbols.free(learner))


def choices(bench: Workbench, which: SchoolClass, unfinished: Iterable[Conference] | None = None) -> tuple[Choice, ...]:
    """The learners of a class the actor may sit down with, by name; `unfinished` when it was asked for already."""
    unfinished = bench.conferences.unfinished() if unfinished is None else unfinished
    started = {one.learner for one in unfinished if kind_of(one.protocol) is not Kind.QUICK}
    return tuple(Choice(one.id, one.name, one.id in started) for one in bench.learners.in_class(which))


def found(bench: Workbench, words: str) -> tuple[Choice, ...]:
    """The learners of the actor's classes whose name has what was typed, the first `FOUND_SHOWN` by name."""
    among = [one.id for one in bench.learners.my_classes()]
    return tuple(Choice(one.id, one.name, False) for one in bench.learners.found(words, among)[:FOUND_SHOWN])


def greeting(hour: int, educator: str) -> str:
    said = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
    return f"{said}, {educator}" if educator else said


def news(booked: Sequence[str], up: int) -> str:
    """What is waiting, in a sentence: who is booked for this week and was not talked with, and flags that are up."""
    parts = []
    if booked:
        more = len(booked) - PEOPLE_SHOWN
        named = [*booked[:PEOPLE_SHOWN], *([_("{count} more").format(count=more)] if more > 0 else [])]
        parts.append(_("Conferences this week: {people}").format(people=", ".join(named)))
    if up:
        parts.append(ngettext("{count} flag is up", "{count} flags are up", up).format(count=up))
    if not parts:
        return _("No flag is up, and no conference is booked this week.")
    return ". ".join(parts) + "."


def class_news(goals: int, begun: int) -> tuple[str, ...]:
    """What My class has to show."""
    lines = []
    if goals:
        said = ngettext("{count} goal is due within a week.", "{count} goals are due within a week.", goals)
        lines.append(said.format(count=goals))
    if begun:
        said = ngettext("{count} conference is in the middle.", "{count} conferences are in the middle.", begun)
        lines.append(said.format(count=begun))
    return tuple(lines) or (_("Who is next and why, the week, flags, what there is to read."),)


def passed_on(bench: Workbench) -> tuple[str, ...]:
    """How many worries the adult named has not read yet: a count, as this page may stand on the board."""
    if not bench.worries.mine():
        return ()
    count = bench.worries.waiting()
    if not count:
        return (_("Nothing waits to be read."),)
    return (ngettext("{count} waits to be read.", "{count} wait to be read.", count).format(count=count),)


def audit_news(bench: Workbench) -> tuple[str, ...]:
    """What the page of who looked has: for an admin whether it is whole."""
    if not bench.gate.may_here(Action.DISCLOSE):
        return ()
    lines = [_("A list of who looked, for a family that asks.")]
    if bench.gate.may_here(Action.AUDIT):
        lines.append(heads.last(heads.noted(bench.workspace.folder)))
    return tuple(lines)


def sunday(day: date) -> date:
    """The last day of the week of `day`."""
    return day + timedelta(days=days.WEEK - 1 - day.weekday())


def first(bench: Workbench) -> str:
    """What to do first, while there is no class for the actor."""
    try:
        learners = bench.imports.totals()["learners"]
    except NotAllowed:
        learners = 0
    if not learners:
        return _("No learners yet. Load your school’s exports first.")
    if bench.worries.mine():
        return _("You have no class of your own. What is shared with you waits here.")
    said = ngettext(
        "{count} learner is in, but no class that you see.",
        "{count} learners are in, but no class that you see.",
        learners,
    )
    return said.format(count=f"{learners:,}") + " " + _("Load ClassAssignments, or a class list with its teachers.")


def data_news(bench: Workbench, today: date) -> tuple[str, ...]:
    """When exports were brought in last and what was wrong with them."""
    try:
        past = [one for one in bench.imports.history() if not one.undone]
    except NotAllowed:
        return ()
    if not past:
        return (_("No exports were loaded yet."),)
    last = past[0]
    lines = [_("Last import: {day}.").format(day=days.lately(last.at.astimezone().date(), today))]
    problems = len(bench.imports.problems(last.id))
    if problems:
        said = ngettext("{count} problem to look at.", "{count} problems to look at.", problems)
        lines.append(said.format(count=problems))
    else:
        lines.append(_("Every row could be read."))
    return tuple(lines)


def reports_news(out: Path, today: date) -> tuple[str, ...]:
    """When reports were made last, and how many there are in the workspace."""
    times = [page.stat().st_mtime for page in out.glob("*/*/*.html") if page.name != "index.html"]
    if not times:
        return (_("A page for each learner of a class, made with one press."),)
    count = ngettext("{count} report is there", "{count} reports are there", len(times)).format(count=len(times))
    day = days.lately(datetime.fromtimestamp(max(times)).astimezone().date(), today)
    return (_("{reports}, the newest made {day}").format(reports=count, day=day),)
