"""What a class agreed on: three before me, the days of conferences, the day kept free."""

from __future__ import annotations

from datetime import date, timedelta

from widgets import _blocks
from widgets._blocks import Block
from workbench import days
from workbench.bench import Workbench
from workbench.learners import SchoolClass
from workbench.words import _

SCHOOL_DAYS = range(days.MONDAY, days.FRIDAY + 1)
A_WEEK = range(1, 13)  # full conferences to choose from


class AgreedPart:
    """The settings of a class, changed by those who teach it."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def block(self, class_: SchoolClass) -> Block:
        known = self.bench.classes.of(class_)

        def keep(**changes: object) -> None:
            self.bench.classes.choose(class_, **changes)

        def day_on(label: str) -> None:
            keep(conference_days=[*known.conference_days, _number(label)])

        def day_off(label: str) -> None:
            keep(conference_days=[one for one in known.conference_days if one != _number(label)])

        names = {one: weekday(one) for one in SCHOOL_DAYS}
        held_on = _blocks.menu(
            "agreed/days",
            _("Conferences are on"),
            [names[one] for one in known.conference_days if one in names],
            [names[one] for one in SCHOOL_DAYS if one != known.catch_up_day],
            add=day_on,
            drop=day_off,
            own="",
            hint=_("Planned on these days, as evenly as it goes."),
        )
        free = _blocks.select(
            "agreed/free",
            _("Kept free to catch up"),
            "" if known.catch_up_day is None else str(known.catch_up_day),
            {"": _("No day"), **{str(one): name for one, name in names.items() if one not in known.conference_days}},
            lambda one: keep(catch_up_day=int(one) if one else None),
        )
        count = _blocks.select(
            "agreed/count",
            _("Full conferences a week"),
            str(known.formal_a_week),
            {str(one): str(one) for one in sorted({*A_WEEK, known.formal_a_week})},
            lambda one: keep(formal_a_week=int(one)),
        )
        three = _blocks.text(
            "agreed/three",
            _("Three before me"),
            "\n".join(known.three_before_me),
            lambda words: keep(three_before_me=words.splitlines()),
            hint=_("What to try before one asks, a line each. It is the list beside a learner’s flag."),
        )
        return _blocks.group(
            _blocks.heading(_("What our class agreed on")),
            _blocks.group(_blocks.group(held_on, free, count), three, look="columns"),
            look="card",
            name="agreed",
        )


def weekday(number: int) -> str:
    """What a day of the week is called; Monday is 0."""
    return days.weekday(date(2024, 1, 1) + timedelta(days=number))  # a Monday


def _number(name: str) -> int:
    return next(one for one in SCHOOL_DAYS if weekday(one) == name)
