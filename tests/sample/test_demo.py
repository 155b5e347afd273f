"""The demo's conferences are such as could have been held."""

from __future__ import annotations

from datetime import date, timedelta

from workbench.ground.days import school_day
from workbench.sample.demo import HELD, said_since


def test_whatever_the_day_nothing_is_said_on_it_already() -> None:
    """Or a demo made at two in the morning holds records of ten, and the clock is taken to be wrong."""
    first = date(2026, 11, 21)
    for today in (first + timedelta(days=days) for days in range(14)):
        for held in HELD:
            on = school_day(today - timedelta(days=held.days_ago))
            assert on < today
            said = said_since(held, on, today)
            assert all(on < day < today for day, _feeling, _words in said)
            assert bool(said) == bool(held.check_ins)
