"""Many write at once: each when its turn comes, and one who was stopped or killed holds nobody up for long."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextvars import copy_context
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from workbench.store import connect, tables
from workbench.store.engine import reading, together
from workbench.store.turns import STALLED, Turns

WRITER = """
import sys, time
from datetime import UTC, datetime
from workbench.store import connect
from workbench.store.changes import note_change
from workbench.store.engine import writing
engine, name, count = connect(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
input()
for number in range(count):
    with writing(engine) as connection:
        note_change(connection, datetime.now(UTC), name, str(number))
        print("in", flush=True)
        if name == "sits":
            time.sleep(3600)
print("done", flush=True)
"""


class Writer:
    """A process that writes changes under its name, and may stop in the middle of one."""

    def __init__(self, url: str, name: str, count: int = 1) -> None:
        command = [sys.executable, "-c", WRITER, url, name, str(count)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.waits_for("ready")

    def go(self) -> Writer:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self

    def waits_for(self, word: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == word:
                return
        raise AssertionError(f"it ended without “{word}”")

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def store(school: Path) -> Path:
    return school / "workbench.sqlite"


def written(store: Path) -> list[str]:
    """Who wrote, in order."""
    engine = connect(f"sqlite:///{store}")
    with reading(engine) as connection:
        found = list(connection.scalars(sa.select(tables.changes.c.actor).order_by(tables.changes.c.id)))
    engine.dispose()
    return found


def waiting(turns: Turns) -> int:
    """How many drew a number so far."""
    return turns._head(turns._opened() or 0)[0]


def until(true: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.005)


def test_whoever_waits_longer_goes_first(store: Path) -> None:
    turns = Turns.of(store)
    writers = [Writer(f"sqlite:///{store}", f"w{number}") for number in range(6)]
    with turns.taken():
        for writer in writers:
            before = waiting(turns)
            writer.go()
            until(lambda before=before: waiting(turns) > before)
    for writer in writers:
        writer.waits_for("done")
        writer.end()
    assert written(store)[-6:] == [f"w{number}" for number in range(6)]


@pytest.mark.parametrize("blow", ["kill", "suspend"])
def test_one_that_dies_or_is_stopped_while_it_waits_holds_nobody_up(store: Path, blow: str) -> None:
    turns = Turns.of(store)
    struck, other = (Writer(f"sqlite:///{store}", name) for name in ("struck", "other"))
    with turns.taken():
        for writer in (struck, other):
            before = waiting(turns)
            writer.go()
            until(lambda before=before: waiting(turns) > before)
        getattr(psutil.Process(struck.process.pid), blow)()
    began = time.monotonic()
    other.waits_for("done")
    if blow == "suspend":  # noticed once; then it is passed over
        assert time.monotonic() - began < STALLED + 10
        began = time.monotonic()
        later = Writer(f"sqlite:///{store}", "later").go()
        later.waits_for("done")
        later.end()
    struck.end()
    other.end()
    assert "other" in written(store)


def test_the_turn_of_one_killed_in_the_middle_of_writing_is_free_at_once(store: Path) -> None:
    sits, next_one = (Writer(f"sqlite:///{store}", name) for name in ("sits", "next"))
    sits.go().waits_for("in")
    next_one.go()
    sits.end()
    next_one.waits_for("done")
    next_one.end()
    assert written(store)[-1] == "next"
    assert "sits" not in written(store)


def test_where_nothing_can_be_locked_everybody_goes_ahead(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.turns.LOCKS", False)
    Turns._known.clear()
    writer = Writer(f"sqlite:///{store}", "one").go()
    with Turns.of(store).taken():
        writer.waits_for("done")
    writer.end()
    assert written(store)[-1] == "one"


def test_a_thread_that_is_begun_inside_one_reads_by_itself_at_once(store: Path) -> None:
    engine = connect(f"sqlite:///{store}")
    shared: list[bool] = []

    def read(inside: sa.Connection) -> None:
        with reading(engine) as connection:
            shared.append(connection is inside)
            connection.execute(sa.select(tables.changes.c.id)).all()

    with together(engine) as inside:
        read(inside)
        thread = threading.Thread(target=copy_context().run, args=(read, inside))
        thread.start()
        thread.join(60)
    assert shared == [True, False]
    engine.dispose()
