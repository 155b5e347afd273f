"""Who is paired with whom in a class: learning buddies are told the goals that each other shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.classes.buddies import Pair
from workbench.ground import days
from workbench.ground.errors import BadInput
from workbench.ground.words import _, both
from workbench.learners.learners import Learner, SchoolClass

_WEEKS = (1, 2, 4)  # how long a pair is for, to take with one touch


class BuddiesPart:
    """The pairs of a class, made and ended by those who teach it."""

    def __init__(self, bench: Workbench, did: Did) -> None:
        self.bench = bench
        self._did = did
        self._one = self._other = self._purpose = ""
        self._until: date | None = None

    def block(self, class_: SchoolClass, members: Mapping[int, Learner], today: date) -> Block:
        pairs = [
            one
            for one in self.bench.buddies.in_class(class_.id, on=today)
            if one.learner in members and one.buddy in members
        ]
        lead = _("Buddies see each other’s first name and the goals for today that the other shares, and nothing else.")
        nobody = {"": _("Choose …")}
        names = {**nobody, **{str(number): one.name for number, one in members.items()}}
        form = _blocks.group(
            _blocks.select("buddies/one", _("Learner"), self._one, names, partial(self._set, "_one")),
            _blocks.select("buddies/other", _("Buddy"), self._other, names, partial(self._set, "_other")),
            _blocks.text("buddies/purpose", _("For"), self._purpose, partial(self._set, "_purpose"), size="line"),
            _blocks.day(
                "buddies/until",
                _("Until"),
                self._until,
                self._set_day,
                today=today,
                offer=days.weeks_ahead(today, _WEEKS),
            ),
            look="columns",
        )
        pair = _blocks.button("buddies/pair", _("Pair them"), partial(self._pair, members), look="secondary")
        rows = [self._row(one, members, today) for one in pairs]
        none = _blocks.note(
            _("Nobody is paired. Without a pair no learner’s page names another learner."), look="quiet"
        )
        return _blocks.group(
            _blocks.heading(_("Learning buddies"), lead=lead),
            listed(rows) if rows else none,
            form,
            _blocks.group(pair, look="row"),
            look="card",
            name="buddies",
        )

    def _row(self, one: Pair, members: Mapping[int, Learner], today: date) -> Block:
        who = both(members[one.learner].name, members[one.buddy].name)
        until = _("until {day}").format(day=days.within(one.until, today)) if one.until else ""
        why = [{"words": " · ".join(part for part in (one.purpose, until) if part), "look": ""}]
        end = _blocks.button(
            f"buddies/{one.id}/part",
            _("End"),
            partial(self._part, one, who),
            look="link",
            focus="undo",
            says=_("End: {who}").format(who=who),
        )
        return Block("person", f"buddies/{one.id}", {"who": who, "why": why}, None, (end,))

    def _set(self, which: str, value: str) -> None:
        setattr(self, which, value)

    def _set_day(self, day: date | None) -> None:
        self._until = day

    def _pair(self, members: Mapping[int, Learner]) -> None:
        if {self._one, self._other} - {str(one) for one in members}:
            raise BadInput(_("Two learners make a pair."), _("Choose both first."))
        pair = self.bench.buddies.pair(int(self._one), int(self._other), purpose=self._purpose, until=self._until)
        who = both(members[pair.learner].name, members[pair.buddy].name)
        self._one = self._other = self._purpose = ""
        self._until = None
        self._did(_("Paired: {who}").format(who=who), partial(self.bench.buddies.undo, pair))

    def _part(self, pair: Pair, who: str) -> None:
        self.bench.buddies.part(pair)
        self._did(_("No longer paired: {who}").format(who=who), partial(self.bench.buddies.undo, pair))
