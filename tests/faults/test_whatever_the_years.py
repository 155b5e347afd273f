"""Pages of today cost the same after many years: goals, conferences and answers of long ago are not read for them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from widgets import ClassBoard
from workbench import Workbench
from workbench.sample import cast
from workbench.serving import home

from ..conftest import TODAY, clock

GOALS = 86_000
WEEKS = 120
LIMIT = 0.05  # seconds


def copies(database: sqlite3.Connection, kind: str, rows: list[dict[str, object]]) -> None:
    """Records like one that is there, with other values: `learner_id`, and what else a row says."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({kind})")]
    like = dict(zip(columns, database.execute(f"SELECT * FROM {kind} WHERE NOT withdrawn").fetchone(), strict=True))
    (number,) = database.execute("SELECT max(id) FROM changes").fetchone()
    made = [{**like, "record": f"old {kind} {at}", "change": number + at, **row} for at, row in enumerate(rows, 1)]
    database.executemany(
        "INSERT INTO changes (id, at, actor, what) VALUES (?, ?, 'teacher:t17', ?)",
        [(one["change"], one["at"], kind) for one in made],
    )
    database.executemany(
        "INSERT INTO records (record, kind, learner_id) VALUES (?, ?, ?)",
        [(one["record"], kind, one["learner_id"]) for one in made],
    )
    names, places = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
    rows_made = [tuple(one[name] for name in columns) for one in made]
    database.executemany(f"INSERT INTO {kind} ({names}) VALUES ({places})", rows_made)


@pytest.fixture
def of_long_ago(demo: Path) -> Path:
    """The demo school three years on: goals that nobody closed, and a conference of each learner of 4B every 9 days."""
    with Workbench.open(demo, actor="admin:office", clock=clock) as bench:
        everybody = [one.id for one in bench.learners.all()]
        own = [one.id for one in bench.learners.in_class("4B")]

    def moment(day: date) -> str:
        return f"{day} 10:00:00.000000"

    begun = TODAY - timedelta(days=9 * WEEKS)
    with sqlite3.connect(demo / "workbench.sqlite") as database:
        days = [begun + timedelta(days=at * 1000 // GOALS) for at in range(GOALS)]
        goals = [
            {"learner_id": everybody[at % len(everybody)], "due_on": str(day + timedelta(days=14)), "at": moment(day)}
            for at, day in enumerate(days)
        ]
        copies(database, "goals", [{**one, "conference": None, "parent": None, "state": "active"} for one in goals])
        held = [(one, begun + timedelta(days=9 * week)) for week in range(WEEKS) for one in own]
        talks = [
            {"learner_id": one, "held_on": str(day), "finished_on": str(day), "at": moment(day)} for one, day in held
        ]
        copies(database, "conferences", talks)
        said = [{"learner_id": one, "words": "So", "at": moment(day)} for one, day in held]
        copies(
            database, "reflections", [{**one, "conference": f"old conferences {n}"} for n, one in enumerate(said, 1)]
        )
    database.close()
    return demo


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the processor, the least of some."""

    def once() -> float:
        begun = time.process_time()
        work()
        return time.process_time() - begun

    once()
    return min(once() for _again in range(4))


def test_goals_due_and_home_take_no_longer_with_many_old_goals(of_long_ago: Path) -> None:
    now = clock().astimezone().replace(tzinfo=None)
    with Workbench.open(of_long_ago, actor="teacher:t17", clock=clock) as bench:
        week = TODAY + timedelta(days=7)
        due = bench.goals.due(until=week)
        assert due
        assert all(TODAY - timedelta(weeks=4) <= one.due_on <= week for one in due if one.due_on)
        assert quickest(lambda: bench.goals.due(until=week)) < LIMIT  # 3 s before
        (told, *_rest) = home.look(bench, now, "").class_news
        soon = bench.goals.due(since=TODAY, until=week)
        assert told.startswith(f"{len(soon)} goal")
        assert quickest(lambda: home.look(bench, now, "")) < 3 * LIMIT


def test_a_class_is_drawn_in_bounded_time_and_says_what_it_said(of_long_ago: Path) -> None:
    with Workbench.open(of_long_ago, actor="teacher:t17", clock=clock) as bench:
        class_ = bench.learners.class_named("4B")
        due = bench.schedule.due(class_, on=TODAY)
        assert len(due) == cast.CLASS_SIZE
        assert all(one.talked_on is not None for one in due)  # the newest of years is found
        form = ClassBoard(bench, class_, today=TODAY)
        assert quickest(form.refresh) < 12 * LIMIT  # 4.9 s before
        form.close()
        waiting = bench.schedule.to_read(class_)
        assert all(one.said_at.date() > TODAY - timedelta(weeks=21) for one in waiting)


def test_who_was_last_talked_with_years_ago_is_still_known(teacher: Workbench, demo: Path) -> None:
    class_ = teacher.learners.class_named("4B")
    for later in (TODAY, TODAY + timedelta(days=500)):
        ever = [one for one in teacher.schedule.due(class_, on=later) if one.talked_on is not None]
        assert ever
        assert {one.learner for one in ever} >= {teacher.learners.named(cast.LUZ).id}
