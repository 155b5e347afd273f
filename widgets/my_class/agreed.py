"""What a class agreed on: what to try before asking, how one works meanwhile, the days, and what its pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, listed
from widgets.kit.undo import Did
from workbench.bench import Workbench
from workbench.classes.agreements import Agreed
from workbench.ground import days
from workbench.ground.words import _, ngettext
from workbench.learners.learners import SchoolClass

SCHOOL_DAYS = range(days.MONDAY, days.FRIDAY + 1)
A_WEEK = range(1, 13)  # full conferences to choose from
EARLIER = 5  # wordings to go back to
ON, OFF = "on", "off"


class AgreedPart:
    """The settings of a class, changed by those who teach it. Each change can be taken back; wordings are kept."""

    def __init__(self, bench: Workbench, did: Did) -> None:
        self.bench = bench
        self._did = did
        self._unfolded = ""  # whose earlier wordings are open

    def leave(self) -> None:
        """Folds what is open."""
        self._unfolded = ""

    def block(self, class_: SchoolClass, today: date) -> Block:
        lists = _blocks.group(self._three(class_, today), self._agreements(class_, today), look="side")
        return _blocks.group(
            _blocks.group(self._when(class_), self._shown(class_), look="side"), lists, look="board", name="agreed"
        )

    def _when(self, class_: SchoolClass) -> Block:
        known = self.bench.classes.of(class_)
        names = {one: weekday(one) for one in SCHOOL_DAYS}
        on = _("Conferences are on")

        def day_on(label: str) -> None:
            self._choose(class_, on, conference_days=[*known.conference_days, _number(label)])

        def day_off(label: str) -> None:
            self._choose(class_, on, conference_days=[one for one in known.conference_days if one != _number(label)])

        held_on = _blocks.menu(
            "agreed/days",
            on,
            [names[one] for one in known.conference_days if one in names],
            [names[one] for one in SCHOOL_DAYS if one != known.catch_up_day],
            add=day_on,
            drop=day_off,
            own="",
            hint=_("Planned on these days, as evenly as it goes."),
        )
        kept_free, a_week = _("Kept free to catch up"), _("Full conferences a week")
        free = _blocks.select(
            "agreed/free",
            kept_free,
            "" if known.catch_up_day is None else str(known.catch_up_day),
            {"": _("No day"), **{str(one): name for one, name in names.items() if one not in known.conference_days}},
            lambda one: self._choose(class_, kept_free, catch_up_day=int(one) if one else None),
        )
        count = _blocks.select(
            "agreed/count",
            a_week,
            str(known.formal_a_week),
            {str(one): str(one) for one in sorted({*A_WEEK, known.formal_a_week})},
            lambda one: self._choose(class_, a_week, formal_a_week=int(one)),
        )
        return _blocks.group(_blocks.heading(_("When we talk")), held_on, free, count, look="card", name="agreed/when")

    def _shown(self, class_: SchoolClass) -> Block:
        """What is switched on and off."""
        known = self.bench.classes.of(class_)
        expected, bell = _("What is expected by spring"), _("A soft bell for a flag")
        if self.bench.classes.projections_allowed:
            says = _("Shown to learners from grade 3 beside their scores. It is other children’s average growth.")
            projections = self._switch(class_, "projections", expected, says, on=known.projections)
        else:
            told = _("Not shown to learners: the school has not switched it on. The office can, in workbench.toml.")
            projections = _blocks.group(
                _blocks.heading(expected, level=3), _blocks.note(told, look="quiet"), look="list", name="projections"
            )
        says = _("Heard when a flag goes up while this page is board-safe.")
        return _blocks.group(
            _blocks.heading(_("On our pages")),
            projections,
            self._switch(class_, "bell", bell, says, on=known.bell),
            look="card",
            name="agreed/shown",
        )

    def _switch(self, class_: SchoolClass, name: str, label: str, says: str, *, on: bool) -> Block:
        def keep(chosen: str) -> None:
            self._choose(class_, label, **{name: chosen == ON})

        return _blocks.choice(
            f"agreed/{name}", label, ON if on else OFF, {ON: _("On"), OFF: _("Off")}, keep, hint=says, quiet=True
        )

    def _three(self, class_: SchoolClass, today: date) -> Block:
        hint = _("What to try before one asks, a line each. It is the list beside a learner’s flag.")
        return self._texts(class_, "three_before_me", "agreed/three", _("Three before me"), hint, today)

    def _agreements(self, class_: SchoolClass, today: date) -> Block:
        hint = _("How we work while others talk, a line each. Learners see it in Get ready and in the conference.")
        return self._texts(class_, "agreements", "agreed/agreements", _("Our agreements"), hint, today)

    def _texts(self, class_: SchoolClass, name: str, field: str, label: str, hint: str, today: date) -> Block:
        """A list that is written a line each, with its earlier wordings."""
        text = _blocks.text(
            field,
            label,
            "\n".join(getattr(self.bench.classes.of(class_), name)),
            lambda words: self.bench.classes.choose(class_, **{name: words.splitlines()}),
            hint=hint,
        )
        return _blocks.group(text, *self._earlier(class_, name, label, today), look="card", name=f"agreed/card/{name}")

    def _earlier(self, class_: SchoolClass, name: str, label: str, today: date) -> Iterable[Block]:
        past = [one for one in self.bench.classes.history(class_, name)[1:] if one.value][:EARLIER]
        if not past:
            return
        count = ngettext("{count} earlier wording", "{count} earlier wordings", len(past)).format(count=len(past))
        unfolded = self._unfolded == name
        yield _blocks.group(
            _blocks.button(f"agreed/{name}/earlier", count, partial(self._unfold, name), look="link", pressed=unfolded),
            look="row",
        )
        if unfolded:
            rows = (self._row(class_, name, label, place, one, today) for place, one in enumerate(past))
            yield listed(rows, look="due")

    def _row(self, class_: SchoolClass, name: str, label: str, place: int, one: Agreed, today: date) -> Block:
        said = " · ".join(one.value)
        until = days.lately(one.at.astimezone().date(), today)
        back = _blocks.button(
            f"agreed/{name}/back/{place}",
            _("Bring it back"),
            lambda: self._choose(class_, label, **{name: one.value}),
            look="secondary",
            focus="undo",
            says=_("Bring back: {words}").format(words=said),
        )
        return Block("person", "", {"who": said, "why": [{"words": until, "look": ""}]}, None, (back,))

    def _unfold(self, name: str) -> None:
        self._unfolded = "" if self._unfolded == name else name

    def _choose(self, class_: SchoolClass, label: str, **change: Any) -> None:
        """Changes one thing, with the way back."""
        self.bench.classes.choose(class_, **change)
        (name,) = change
        undo: Callable[[], object] = partial(self.bench.classes.undo, class_, name)
        self._did(_("Changed: {what}").format(what=label), undo)


def weekday(number: int) -> str:
    """What a day of the week is called; Monday is 0."""
    return days.weekday(date(2024, 1, 1) + timedelta(days=number))  # a Monday


def _number(name: str) -> int:
    return next(one for one in SCHOOL_DAYS if weekday(one) == name)
