"""What was planned long ago is not shown as if it were to come, and what is gone is not said to be there."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.classes.agreements import ClassSettings
from workbench.classes.schedule import plan
from workbench.conferences.bookings import LAPSES
from workbench.ground.errors import NotReady
from workbench.sample import cast
from workbench.sample.demo import ACTOR, CLASS
from workbench.serving import home

FRIDAY = date(2026, 11, 20)


def bench_on(demo: Path, day: date) -> Workbench:
    return Workbench.open(demo, actor=ACTOR, clock=lambda: datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


def booked_for_friday(demo: Path) -> None:
    with bench_on(demo, FRIDAY) as bench:
        bench.bookings.book(bench.learners.named(cast.LUZ), FRIDAY)


@pytest.mark.parametrize(
    ("on", "counts"),
    [(FRIDAY, True), (date(2026, 11, 22), True), (date(2026, 11, 23), False), (date(2026, 12, 21), False)],
)
def test_home_counts_the_conferences_of_this_week_alone(demo: Path, on: date, counts: bool) -> None:
    with bench_on(demo, on) as bench:
        before = home.look(bench, datetime(on.year, on.month, on.day, 9), "").news
    booked_for_friday(demo)
    with bench_on(demo, on) as bench:
        after = home.look(bench, datetime(on.year, on.month, on.day, 9), "").news
    assert (after != before) == counts, (before, after)


def test_a_booking_long_past_its_day_no_longer_keeps_a_learner_from_being_next(demo: Path) -> None:
    booked_for_friday(demo)
    with bench_on(demo, FRIDAY) as bench:
        luz = bench.learners.named(cast.LUZ)
        booked = bench.bookings.of(luz)
        due = [one for one in bench.schedule.due(bench.learners.class_named(CLASS), on=FRIDAY) if one.learner == luz.id]
    assert due
    for after, suggested in ((LAPSES, False), (LAPSES + timedelta(days=1), True)):
        today = FRIDAY + after
        week = plan(due, booked, ClassSettings(()), today, today)
        next_week = plan(due, booked, ClassSettings(()), today + timedelta(days=7), today)
        assert any(day.suggested for day in (*week, *next_week)) == suggested, today


@pytest.mark.long
def test_a_report_taken_away_while_others_are_made_is_said_to_be_gone(demo: Path) -> None:
    with bench_on(demo, FRIDAY) as bench:
        folder = bench.workspace.out / "learner_report"

        def take_away(done: int, total: int) -> None:
            if done == total:
                for made in folder.rglob("*.html"):
                    made.unlink()

        with pytest.raises(NotReady, match="1 of 1 finished files") as told:
            bench.reports.run("learner_report", learner=cast.LUZ, jobs=1, progress=take_away)
        assert "stays" not in str(told.value)
        assert len(bench.reports.run("learner_report", learner=cast.LUZ, jobs=1).made) == 1  # as the step says


@pytest.mark.long
def test_so_is_a_folder(demo: Path) -> None:
    with bench_on(demo, FRIDAY) as bench:
        folder = bench.workspace.out / "learner_report"
        with pytest.raises(NotReady, match="removed while the others were made"):
            bench.reports.run(
                "learner_report", learner=cast.LUZ, jobs=1,
                progress=lambda done, total: shutil.rmtree(folder) if done == total else None,
            )  # fmt: skip
