"""Groups of a class, and the memory of them: who sat with whom, who wishes to, and who is kept apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from types import MappingProxyType
from uuid import uuid4

from workbench.access.actors import Action, Relation
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, asks_inside, learner_of, no_learner, record_of
from workbench.classes.proposing import By, Known
from workbench.facet import Facet, Kept
from workbench.goals import help as goal_help
from workbench.goals.goals import GOALS, State
from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _
from workbench.learners.learners import Learner, SchoolClass, class_number
from workbench.learners.profiles import ENTRIES

#: How long it counts who sat together, and in the group of which need.
MEMORY = timedelta(weeks=8)
MOST_WISHES = 3
#: The questions of My profile that tell what somebody likes.
INTERESTS = ("talk-about", "learn-next")
#: What groups are called: places, none better than another.
NAMES = (
    *(N_("River"), N_("Forest"), N_("Cloud"), N_("Meadow"), N_("Lake"), N_("Garden"), N_("Harbor"), N_("Island")),
    *(N_("Bridge"), N_("Beach"), N_("Canyon"), N_("Desert"), N_("Ocean"), N_("Valley"), N_("Prairie"), N_("Bay")),
    *(N_("Spring"), N_("Rainbow")),
)


@dataclass(frozen=True, slots=True, repr=False)
class Seat:
    """A learner's place in a group of a class, from `on` until `until`.

    `grouping` is the same for all seats that were given at once, `name` for those of one group: one of `NAMES`.
    `kind`: what the groups were made by; `about`: what those of the group share.
    """

    id: str
    learner: int
    class_id: int
    grouping: str
    name: str
    kind: By
    about: str
    on: date
    until: date

    def __repr__(self) -> str:
        return f"<Seat: {self.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Companion:
    """With whom a learner would like to work, or (`apart`) is not to sit. For educators alone."""

    id: str
    learner: int
    other: int
    apart: bool

    def __repr__(self) -> str:
        return "<Companion>"


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """Groups that were made at once: each its name, what those in it share, and their seats."""

    grouping: str
    kind: By
    on: date
    until: date
    groups: tuple[tuple[str, str, tuple[Seat, ...]], ...]

    def __repr__(self) -> str:
        return f"<Standing: {len(self.groups)} groups>"


SEATS = Kept("seats", Seat)
COMPANIONS = Kept("companions", Companion)


class Groups(Facet):
    """`bench.groups`: keeps the groups of a class, and tells what new ones are made from."""

    __slots__ = ()

    @asks_inside
    def keep(
        self,
        class_: SchoolClass | int,
        groups: Mapping[str, Sequence[int]],
        *,
        by: By | str,
        on: date,
        until: date | None = None,
        about: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[Seat, ...]:
        """Keeps groups of a class that the actor teaches, by their names, `until` a day (None: for `on` alone).

        `about`: what those of a group share. Raises BadInput for a learner who is in two groups or not in the class,
        and for a day that is over before it begins, ValueError for a name that is none of `NAMES`, or no `By`.
        """
        number, made = class_number(class_), By(by)
        self.gate.permit_here(Action.ARRANGE, "Groups.keep", self._relation(number))
        everybody = [one for group in groups.values() for one in group]
        if not set(groups) <= set(NAMES):
            raise ValueError("a group is called by one of NAMES")
        if len(everybody) != len(set(everybody)):
            raise BadInput(_("Each learner of the class is in one group."), _("Look whether somebody is in two."))
        if not set(everybody) <= set(self._members(number)):
            raise BadInput(
                _("Somebody in these groups is not in the class any more."),
                _("Make the groups again; it takes a press."),
            )
        if until is not None and until < on:
            raise BadInput(_("Groups end on the day they begin, or later."), _("Choose another day."))
        for one in everybody:
            self.gate.permit(Action.GUIDE, one, "Groups.keep")
        grouping = uuid4().hex
        shared = {"class_id": number, "grouping": grouping, "kind": made, "on": on, "until": until or on}
        return tuple(
            self._keep(SEATS, one, {**shared, "name": name, "about": about.get(name, "")})
            for name, group in groups.items()
            for one in group
        )

    @no_learner
    def may_keep(self, class_: SchoolClass | int) -> bool:
        """Whether the actor makes groups of a class: who teaches it does."""
        relation = self._relation(class_number(class_))
        return self.gate.may_here(Action.ARRANGE, relation) and self.gate.could(Action.GUIDE)

    @asks_inside
    def take_apart(self, seats: Iterable[Seat | RecordId]) -> None:
        """Takes seats back, as if nobody had sat there; `seat_again` gives them back."""
        for record in self._guided(seats, "Groups.take_apart"):
            self._withdraw(SEATS, record)

    @asks_inside
    def seat_again(self, seats: Iterable[Seat | RecordId]) -> None:
        """Gives seats back that were taken."""
        for record in self._guided(seats, "Groups.seat_again"):
            self._restore(SEATS, record)

    @asks_each(Action.GUIDE)
    def in_class(self, class_id: int, *, since: date, until: date) -> Sequence[Seat]:
        """The seats of a class that hold on any of these days, oldest first; `standing` puts them together."""
        seats = self._all(SEATS, class_id=class_id)
        return [one for one in seats if one.on <= until and one.until >= since]

    @asks(Action.GUIDE)
    def wish(self, learner: LearnerId, other: Learner | int) -> Companion:
        """Notes with whom a learner would like to work; three at most, and nobody who is kept apart from them."""
        mate = self._other(learner, other, "Groups.wish")
        if self._apart(learner, mate):
            raise BadInput(_("These two are kept apart."), _("Take that off first."))
        known = [one for one in self._all(COMPANIONS, learner_id=learner) if not one.apart]
        if any(one.other == mate for one in known):
            return next(one for one in known if one.other == mate)
        if len(known) >= MOST_WISHES:
            raise BadInput(
                _("There are {count} wishes already.").format(count=MOST_WISHES), _("Take one of them off first.")
            )
        return self._keep(COMPANIONS, learner, {"other": mate, "apart": False})

    @asks(Action.GUIDE)
    def part(self, learner: LearnerId, other: Learner | int) -> Companion:
        """Notes that two learners are not to sit in one group, whoever of the two is named first."""
        mate = self._other(learner, other, "Groups.part")
        return self._apart(learner, mate) or self._keep(COMPANIONS, learner, {"other": mate, "apart": True})

    @asks(Action.GUIDE)
    def drop(self, companion: RecordId) -> None:
        """Takes a wish off, or lets two sit together again; `undo` brings it back."""
        self._withdraw(COMPANIONS, companion)

    @asks(Action.GUIDE)
    def undo(self, companion: RecordId) -> None:
        """Takes back what was last done with a wish, or with two who are kept apart."""
        self._undo(COMPANIONS, companion)

    @asks_each(Action.GUIDE)
    def companions(self, class_id: int) -> Sequence[Companion]:
        """The wishes of a class's learners and who is kept apart, oldest first."""
        members = self._members(class_id)
        return [one for one in self._all(COMPANIONS, learner_id=members) if one.other in members] if members else []

    @asks_inside
    def known(self, class_: SchoolClass | int, by: By | str, *, on: date) -> Known:
        """What groups of a class are proposed from: see `proposing.propose`.

        Needs are what active goals are about, as was said or as their words tell; interests what My profile says
        (`INTERESTS`). Of whom the actor does not guide nothing is told.
        """
        members = self._members(class_number(class_))
        guided = sorted(self.gate.permitted(Action.GUIDE, members, "Groups.known"))
        heard = [one for one, may in self.gate.all_that((Action.HEAR,), guided).items() if may]
        noted = self._all(COMPANIONS, learner_id=guided) if guided else ()
        wishes: dict[int, list[int]] = defaultdict(list)
        for one in noted:
            if not one.apart:
                wishes[one.learner].append(one.other)
        seats = [one for one in self._all(SEATS, learner_id=guided) if one.until >= on - MEMORY] if guided else []
        traits = self._interests(heard) if By(by) is By.INTEREST else self._needs(heard)
        return Known(
            traits,
            tuple(frozenset((one.learner, one.other)) for one in noted if one.apart),
            wishes,
            _together(seats),
            _running(seats),
        )

    def _needs(self, learners: Sequence[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        if not learners:
            return found
        for goal in self._all(GOALS, learner_id=learners):
            area = goal.area or goal_help.guess(goal.words) if goal.state is State.ACTIVE else ""
            if area:
                found[goal.learner].add(area)
        return found

    def _interests(self, learners: Sequence[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for entry in self._all(ENTRIES, learner_id=learners) if learners else ():
            if entry.item in INTERESTS and entry.choice:
                found[entry.learner].add(entry.choice)
        return found

    def _guided(self, seats: Iterable[Seat | RecordId], what: str) -> list[str]:
        """The records of seats, each of a learner whom the actor guides."""
        records = [record_of(one) for one in seats]
        for record in records:
            self.gate.permit(Action.GUIDE, self.store.owner(record), what)
        return records

    def _apart(self, learner: int, mate: int) -> Companion | None:
        both = (*self._all(COMPANIONS, learner_id=learner), *self._all(COMPANIONS, learner_id=mate))
        return next((one for one in both if one.apart and {one.learner, one.other} == {learner, mate}), None)

    def _relation(self, class_id: int) -> Relation:
        rows = self.store.roster.classes([class_id])
        return self.gate.to_class(rows[0]["educators"] if rows else ())

    def _other(self, learner: int, other: Learner | int, what: str) -> int:
        mate = learner_of(self.store, other)
        self.gate.permit(Action.GUIDE, mate, what)
        if mate == learner:
            raise BadInput(_("That is one and the same learner."), _("Choose two learners."))
        return mate


def standing(seats: Iterable[Seat]) -> tuple[Standing, ...]:
    """Seats as the groups that were made of them, the newest first."""
    made: dict[str, dict[str, list[Seat]]] = {}
    for seat in seats:
        made.setdefault(seat.grouping, {}).setdefault(seat.name, []).append(seat)
    found = []
    for grouping, named in made.items():
        groups = sorted(((name, some[0].about, tuple(some)) for name, some in named.items()), key=_place)
        first = groups[0][2][0]
        found.append(Standing(grouping, first.kind, first.on, first.until, tuple(groups)))
    return tuple(sorted(found, key=lambda one: one.on)[::-1])


def _place(group: tuple[str, str, tuple[Seat, ...]]) -> int:
    return NAMES.index(group[0]) if group[0] in NAMES else len(NAMES)


def _together(seats: Iterable[Seat]) -> dict[frozenset[int], int]:
    """On how many days each pair began to sit in one group."""
    found: dict[frozenset[int], set[date]] = defaultdict(set)
    for one in standing(seats):
        for _name, _about, here in one.groups:
            for pair in combinations(here, 2):
                found[frozenset(seat.learner for seat in pair)].add(one.on)
    return {pair: len(days) for pair, days in found.items()}


def _running(seats: Iterable[Seat]) -> dict[int, dict[str, int]]:
    """How many times running each learner sat in the group of the need they sat in last; once a day, the newest."""
    found: dict[int, dict[str, int]] = {}
    over: set[int] = set()
    met: set[tuple[int, date]] = set()
    for one in standing(seats):
        if one.kind is not By.NEED:
            continue
        for seat in (seat for _name, _about, here in one.groups for seat in here):
            if (seat.learner, seat.on) in met:
                continue
            met.add((seat.learner, seat.on))
            last = found.setdefault(seat.learner, {seat.about: 0} if seat.about else {})
            if seat.learner not in over and seat.about in last:
                last[seat.about] += 1
            else:
                over.add(seat.learner)
    return found
