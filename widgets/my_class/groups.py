"""Groups of a class: proposed with one press, said why, moved by hand, kept, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.classes.groups import NAMES, Companion, Seat, Standing, standing
from workbench.classes.proposing import MOST, By, Group, Known, propose, told
from workbench.goals import help as goal_help
from workbench.ground import days
from workbench.ground.errors import BadInput
from workbench.ground.words import _, both, language, ngettext
from workbench.learners.learners import Learner, SchoolClass, call_names

_SIZES = (2, 3, 4, 5)
_WEEKS = (1, 2, 4)  # how long groups are for, to take with one touch


class GroupsPart:
    """Today's groups, the way to make others, and who wishes to sit with whom."""

    def __init__(self, bench: Workbench, did: Did) -> None:
        self.bench = bench
        self._did = did
        self.leave()

    def leave(self) -> None:
        """Forgets a draft, who is away, and who was chosen."""
        self._one = self._other = self._how = ""
        self._draft: dict[str, list[int]] = {}
        self._away: set[int] = set()
        self._by, self._size, self._seed = By.NEED, 4, 0
        self._until: date | None = None

    def block(self, class_: SchoolClass, members: Mapping[int, Learner], today: date) -> Block:
        """The whole part."""
        called = call_names(members.values())
        now = standing(self.bench.groups.in_class(class_.id, since=today, until=today))
        known = self.bench.groups.known(class_, self._by, on=today)
        parts = [self._standing(one, called, today) for one in now]
        if self._draft:
            parts.append(self._drafted(class_, known, members, called, now, today))
        else:
            parts.append(self._make(known, members))
        return _blocks.group(*parts, self._companions(class_, members), look="board-column", name="groups")

    def covered(self, class_: SchoolClass, members: Mapping[int, Learner], today: date) -> tuple[Block, ...]:
        """Today's groups for all to see: names of groups and who is in them, nothing else."""
        called = call_names(members.values())
        now = standing(self.bench.groups.in_class(class_.id, since=today, until=today))
        titles = (_("Groups today"), *([_("Also today")] * len(now)))
        return tuple(
            _blocks.group(_blocks.heading(title), _cards(one, called), look="card")
            for title, one in zip(titles, now, strict=False)
        )

    # Those that stand

    def _standing(self, one: Standing, called: Mapping[int, str], today: date) -> Block:
        until = _("until {day}").format(day=days.within(one.until, today)) if one.until > today else _("for today")
        lead = _("Together by {how}, {until}").format(how=_made_by(one.kind), until=until)
        apart = _blocks.button(
            f"groups/{one.grouping}/apart",
            _("Take them apart"),
            partial(self._take_apart, one),
            look="link",
            focus="undo",
        )
        printed = Block("print", shown={"label": _("Print")})
        sheet = _blocks.group(_blocks.heading(_("Groups today")), _cards(one, called), look="papers")
        return _blocks.group(
            _blocks.heading(_("Groups now"), lead=lead),
            _cards(one, called, says=True),
            _blocks.group(printed, apart, sheet, look="row"),
            look="card printed",
        )

    def _take_apart(self, one: Standing) -> None:
        seats = _seats(one)
        self.bench.groups.take_apart(seats)
        self._did(_("The groups are taken apart."), partial(self.bench.groups.seat_again, seats))

    # New ones

    def _make(self, known: Known, members: Mapping[int, Learner]) -> Block:
        sizes = {str(size): str(size) for size in _SIZES}
        kinds = {str(by): _made_by(by) for by in By if by is not By.HAND}
        away = {str(number): one.name for number, one in members.items()}
        lead = _("A draft with a reason for each group. Nothing is kept before you say so.")
        asked = _blocks.group(
            _blocks.choice("groups/by", _("Together by"), str(self._by), kinds, self._set_by),
            _blocks.choice("groups/size", _("How many in a group"), str(self._size), sizes, self._set_size),
            look="columns",
        )
        missing = _nothing_told(self._by, known)
        menu = _blocks.menu(
            "groups/away",
            _("Who is not here?"),
            [str(one) for one in sorted(self._away)],
            away,
            add=lambda number: self._mark(number, here=False),
            drop=lambda number: self._mark(number, here=True),
            own="",
        )
        press = _blocks.button("groups/make", _("Make groups"), partial(self._propose, known, members), look="primary")
        return _blocks.group(
            _blocks.heading(_("Make groups"), lead=lead),
            asked,
            *([_blocks.note(missing, look="quiet")] if missing else []),
            menu,
            _blocks.group(press, look="row"),
            look="card",
        )

    def _set_by(self, by: str) -> None:
        self._by = By(by)

    def _set_size(self, size: str) -> None:
        self._size = int(size)

    def _mark(self, number: str, *, here: bool) -> None:
        (self._away.discard if here else self._away.add)(int(number))

    def _propose(self, known: Known, members: Mapping[int, Learner]) -> None:
        here = [number for number in members if number not in self._away]
        if not here:
            raise BadInput(_("Nobody is left to put into groups."), _("Take some off the list of who is not here."))
        found = propose(here, self._by, known, size=self._size, seed=self._seed)
        if len(found) > len(NAMES):
            raise BadInput(
                _("These are more groups than have names: {count}.").format(count=len(found)), _("Make larger ones.")
            )
        self._draft = dict(zip(NAMES, ([*group.members] for group in found), strict=False))

    def _again(self, known: Known, members: Mapping[int, Learner]) -> None:
        self._seed += 1
        self._propose(known, members)

    def _drafted(
        self,
        class_: SchoolClass,
        known: Known,
        members: Mapping[int, Learner],
        called: Mapping[int, str],
        now: Sequence[Standing],
        today: date,
    ) -> Block:
        here = {name: [one for one in group if one in members] for name, group in self._draft.items()}
        self._draft = {name: group for name, group in here.items() if group}
        groups = {name: told(group, self._by, known) for name, group in self._draft.items()}
        seated = {one for group in self._draft.values() for one in group}
        until = _blocks.day(
            "groups/until", _("Until"), self._until, self._set_until, today=today, offer=days.weeks_ahead(today, _WEEKS)
        )
        keep = partial(self._keep, class_, groups, today)
        if now:
            keeps = [
                _blocks.button("groups/instead", _("Keep instead of these"), partial(keep, now), look="primary"),
                _blocks.button("groups/keep", _("Keep beside them"), keep, look="secondary"),
            ]
        else:
            keeps = [_blocks.button("groups/keep", _("Keep these groups"), keep, look="primary")]
        again = _blocks.button("groups/again", _("Others"), partial(self._again, known, members), look="secondary")
        back = _blocks.button("groups/back", _("Back"), self._put_away, look="link")
        return _blocks.group(
            _blocks.heading(_("A draft, together by {how}").format(how=_made_by(self._by)), told="draft"),
            *(_blocks.note(line, look="quiet") for line in _untold(self._by, known, seated)),
            _blocks.group(
                *(self._card(name, group, called) for name, group in groups.items()), look="groups", label=_("Groups")
            ),
            *self._outside([one for one in members if one not in seated], called),
            until,
            _blocks.group(*keeps, again, back, look="row"),
            look="card",
        )

    def _card(self, name: str, group: Group, called: Mapping[int, str]) -> Block:
        """A group of the draft: who, why, and the way for each into another."""
        moves = [self._way(one, called, name) for one in group.members]
        why = [_blocks.note(line, look=look) for line, look in _reasons(group, called)]
        return _blocks.group(_blocks.heading(_(name), level=3), *moves, *why, look="part seats")

    def _outside(self, outside: Sequence[int], called: Mapping[int, str]) -> Iterable[Block]:
        """Who is in no group of the draft, each with the way into one."""
        if outside:
            moves = [self._way(one, called, "") for one in outside]
            part = _blocks.group(_blocks.heading(_("Not in a group"), level=3), *moves, look="part seats")
            yield _blocks.group(part, look="groups")

    def _way(self, learner: int, called: Mapping[int, str], name: str) -> Block:
        names = {**({} if name else {"": _("Choose …")}), **{one: _(one) for one in self._draft}}
        move = partial(self._move, learner)
        return _blocks.select(f"groups/move/{learner}", called[learner], name, names, move, size="beside")

    def _move(self, learner: int, to: str) -> None:
        for group in self._draft.values():
            if learner in group:
                group.remove(learner)
        if to:
            self._draft[to].append(learner)

    def _set_until(self, day: date | None) -> None:
        self._until = day

    def _put_away(self) -> None:
        self._draft = {}

    def _keep(
        self, class_: SchoolClass, groups: Mapping[str, Group], today: date, instead: Sequence[Standing] = ()
    ) -> None:
        seats = self.bench.groups.keep(
            class_,
            {name: group.members for name, group in groups.items()},
            by=self._by,
            on=today,
            until=self._until,
            about={name: group.about for name, group in groups.items()},
        )
        before = [seat for one in instead for seat in _seats(one)]
        self.bench.groups.take_apart(before)
        self.leave()

        def back() -> None:
            self.bench.groups.take_apart(seats)
            self.bench.groups.seat_again(before)

        count = ngettext("{count} group is kept.", "{count} groups are kept.", len(groups)).format(count=len(groups))
        self._did(count, back)

    # Wishes, and who is kept apart

    def _companions(self, class_: SchoolClass, members: Mapping[int, Learner]) -> Block:
        noted = [
            one for one in self.bench.groups.companions(class_.id) if one.learner in members and one.other in members
        ]
        names = {"": _("Choose …"), **{str(number): one.name for number, one in members.items()}}
        kinds = {"wish": _("would like to work with"), "apart": _("is not to sit with")}
        form = _blocks.group(
            _blocks.select("groups/one", _("Learner"), self._one, names, partial(self._set, "_one")),
            _blocks.choice("groups/how", _("And"), self._how or "wish", kinds, partial(self._set, "_how"), quiet=True),
            _blocks.select("groups/other", _("Whom?"), self._other, names, partial(self._set, "_other")),
            look="columns",
        )
        add = _blocks.button("groups/add", _("Note it"), partial(self._add, class_, members), look="secondary")
        rows = [self._row(one, members) for one in noted]
        none = _blocks.note(_("Nothing is noted. No child reads any of this."), look="quiet")
        lead = _("Three wishes each at most. Whoever is kept apart sits in different groups.")
        return _blocks.group(
            _blocks.heading(_("Who with whom"), lead=lead),
            listed(rows) if rows else none,
            form,
            _blocks.group(add, look="row"),
            look="card",
            name="companions",
        )

    def _row(self, one: Companion, members: Mapping[int, Learner]) -> Block:
        who = both(members[one.learner].name, members[one.other].name)
        why = [{"words": _("Kept apart") if one.apart else _("A wish of the first"), "look": ""}]
        off = _blocks.button(
            f"groups/off/{one.id}",
            _("Remove"),
            partial(self._drop, one, who),
            look="link",
            focus="undo",
            says=_("Remove: {who}").format(who=who),
        )
        return Block("person", f"groups/{one.id}", {"who": who, "why": why}, None, (off,))

    def _set(self, which: str, value: str) -> None:
        setattr(self, which, value)

    def _add(self, class_: SchoolClass, members: Mapping[int, Learner]) -> None:
        if {self._one, self._other} - {str(one) for one in members}:
            raise BadInput(_("Two learners are meant."), _("Choose both first."))
        known = {one.id for one in self.bench.groups.companions(class_.id)}
        note = self.bench.groups.part if self._how == "apart" else self.bench.groups.wish
        companion = note(int(self._one), int(self._other))
        if companion.id in known:
            raise BadInput(_("This is noted already."), _("It stands in the list above."))
        who = both(members[companion.learner].name, members[companion.other].name)
        self._one = self._other = ""
        self._did(_("Noted: {who}").format(who=who), partial(self.bench.groups.undo, companion))

    def _drop(self, one: Companion, who: str) -> None:
        self.bench.groups.drop(one)
        self._did(_("Removed: {who}").format(who=who), partial(self.bench.groups.undo, one))


def _seats(one: Standing) -> list[Seat]:
    return [seat for _name, _about, some in one.groups for seat in some]


def _cards(one: Standing, called: Mapping[int, str], *, says: bool = False) -> Block:
    cards = []
    for name, about, seats in one.groups:
        who = ", ".join(called[seat.learner] for seat in seats if seat.learner in called)
        why = (_blocks.note(_subject(about), look="quiet"),) if says and about else ()
        cards.append(_blocks.group(_blocks.heading(_(name), level=3), _blocks.note(who), *why, look="part"))
    return _blocks.group(*cards, look="groups", label=_("Groups"))


def _reasons(group: Group, called: Mapping[int, str]) -> Iterable[tuple[str, str]]:
    """What speaks for a group, and against it."""
    if group.about:
        told_ = _("{count} of {size}: {subject}").format(
            count=len(group.sharing), size=len(group.members), subject=_subject(group.about)
        )
        yield told_, "quiet"
    if group.wished:
        yield _("A wish kept: {names}").format(names=", ".join(called[one] for one in group.wished)), "quiet"
    for pair in group.apart:
        yield _("{who} are to sit apart.").format(who=both(*(called[one] for one in pair))), "amber"
    for pair in group.again:
        yield _("{who} sat together lately.").format(who=both(*(called[one] for one in pair))), "quiet"
    if group.running:
        names = ", ".join(called[one] for one in group.running)
        yield _("For the third time running in this group: {names}").format(names=names), "amber"
    if len(group.members) > MOST:
        yield _("This is a large group."), "quiet"


def _subject(about: str) -> str:
    """What a group shares: a goal's area by its name, or an interest as it was said."""
    area = goal_help.load(language()).area(about)
    return area.name if area else about


def _made_by(by: By) -> str:
    return {
        By.NEED: _("what their goals are about"),
        By.INTEREST: _("what they like"),
        By.WISH: _("with whom they wish to work"),
        By.MIX: _("well mixed"),
        By.HAND: _("by hand"),
    }[by]


def _untold(by: By, known: Known, seated: set[int]) -> Iterable[str]:
    """Of how many of a draft nothing is told that groups by this could go by."""
    of = known.wishes if by is By.WISH else known.traits
    count = sum(not of.get(one) for one in seated)
    if count:
        said = ngettext(
            "Of {count} learner here nothing is told for that yet; they are placed freely.",
            "Of {count} learners here nothing is told for that yet; they are placed freely.",
            count,
        )
        yield said.format(count=count)


def _nothing_told(by: By, known: Known) -> str:
    """Why groups by this would be by nothing, and what to do; "" when there is something."""
    if by is By.NEED and not any(known.traits.values()):
        return _("No goal here says what it is about yet. It is guessed from its words, or chosen on its page.")
    if by is By.INTEREST and not any(known.traits.values()):
        return _("My profile tells nothing here yet of what anybody likes to talk about or to learn next.")
    if by is By.WISH and not known.wishes:
        return _("No wish is noted yet. Note them below.")
    return ""
