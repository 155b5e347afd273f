"""Another file takes the place of the store while it is open: it is noticed, and nothing goes to the old one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import NotReady

from ..conftest import TODAY, clock
from .conftest import ACTOR

STORE = "workbench.sqlite"


_ticks = count()


def opened(folder: Path) -> Workbench:
    """Opened with a clock that never tells the same time twice, as clocks do not."""
    return Workbench.open(folder, actor=ACTOR, clock=lambda: clock() + timedelta(seconds=next(_ticks)))


def say(bench: Workbench, words: str) -> str:
    bench.goals.choose(bench.learners.in_class("4B")[0], words, on=TODAY)
    return words


def said(folder: Path) -> set[str]:
    with opened(folder) as bench:
        return {goal.words for goal in bench.goals.of_learner(bench.learners.in_class("4B")[0])}


def copied(folder: Path) -> Path:
    """A copy of the store, whole, as a backup or a program that keeps folders in step makes it."""
    to = folder / "copy"
    with closing(sqlite3.connect(folder / STORE)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)
    return to


def is_whole(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / STORE)) as store:
        return store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_older_copy_put_in_its_place_is_noticed_and_harmed_by_nobody(school: Path) -> None:
    older = copied(school)
    acknowledged = set()
    with opened(school) as before:
        for number in range(20):
            say(before, f"lost {number}")
        older.replace(school / STORE)
        for number in range(3):
            with pytest.raises(NotReady) as refused:
                say(before, f"before {number}")
        assert "Reload" in refused.value.next_step  # what it knows is not what is there now
        with opened(school) as after:
            for number in range(50):
                acknowledged.add(say(after, f"after {number}"))
                with pytest.raises(NotReady):
                    say(before, f"between {number}")
        acknowledged.add(say_anew(school, "opened anew"))
    assert said(school) >= acknowledged
    assert not any(words.startswith(("lost", "before", "between")) for words in said(school))
    assert is_whole(school)


def say_anew(folder: Path, words: str) -> str:
    with opened(folder) as bench:
        return say(bench, words)


def test_after_a_copy_that_knows_all_of_it_one_goes_on_at_the_next_try(school: Path) -> None:
    with opened(school) as bench:
        first = say(bench, "first")
        copied(school).replace(school / STORE)
        with pytest.raises(NotReady, match="replaced while it was open") as noticed:
            say(bench, "refused")
        second = say(bench, "second")

    assert "Try again" in noticed.value.next_step
    assert said(school) >= {first, second}
    assert "refused" not in said(school)
    assert is_whole(school)


def test_one_that_reads_notices_it_too(school: Path) -> None:
    older = copied(school)
    with opened(school) as bench:
        say(bench, "lost")
        older.replace(school / STORE)
        with pytest.raises(NotReady):
            bench.learners.in_class("4B")


def test_renamed_away_nothing_is_acknowledged_and_back_again_it_goes_on(school: Path) -> None:
    away = school / "workbench (conflict).sqlite"
    with opened(school) as bench:
        say(bench, "first")
        (school / STORE).rename(away)
        for _time in range(2):
            with pytest.raises(NotReady, match="no longer in its place") as refused:
                say(bench, "refused")
        assert "Put" in refused.value.next_step
        assert not (school / STORE).exists()  # nor is an empty one made
        away.rename(school / STORE)
        say(bench, "second")
    assert said(school) >= {"first", "second"}
    assert "refused" not in said(school)


def test_a_log_that_is_replaced_or_taken_away_is_noticed(school: Path) -> None:
    log = school / f"{STORE}-wal"
    with opened(school) as bench:
        say(bench, "first")
        log.rename(school / "kept")
        with pytest.raises(NotReady):
            say(bench, "refused")
        say(bench, "second")
        shutil.copy(log, school / "copy")
        (school / "copy").replace(log)
        with pytest.raises(NotReady):
            say(bench, "refused")
        say(bench, "third")
    assert said(school) >= {"first", "second", "third"}
    assert "refused" not in said(school)
    assert is_whole(school)


def test_replaced_at_the_moment_of_saving_it_is_not_acknowledged(school: Path) -> None:
    older = copied(school)
    with opened(school) as bench, pytest.raises(NotReady), bench.once("a" * 32):  # noqa: PT012 (it raises at its end)
        say(bench, "in between")
        older.replace(school / STORE)
    with opened(school) as bench, bench.once("a" * 32) as fresh:
        assert fresh
    assert "in between" not in said(school)


def test_what_belongs_to_nobody_is_a_sentence(school: Path) -> None:
    with opened(school) as bench, pytest.raises(NotReady, match="not in the workspace’s database"):
        bench.desk.store.journal.add("goals", 999_999, {}, by=ACTOR, at=clock())
