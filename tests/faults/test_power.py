"""The power goes: what was said to be kept is there when it is back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.doors.entrance import Entrance
from workbench.importing.mapping import mappings
from workbench.serving.handles import Handles
from workbench.store import connect
from workbench.store.engine import reading, unsafe, writing

from ..conftest import clock, copy_of, new_database
from .conftest import ACTOR, OFFICE, class_list
from .power import Cut

_OPENED = f"""
import dataclasses, sys
from datetime import date
from pathlib import Path
from tests.conftest import clock
from workbench import Workbench
folder = Path(sys.argv[1])
bench = Workbench.open(folder, actor="{ACTOR}", clock=clock)
on = date(2026, 11, 21)
"""
_CUT = """
print("cut", flush=True)
input()
"""
ANSWERS = """
learners = bench.learners.in_class("4B")
for number in range(60):
    with bench.once(f"{number:032}"):
        bench.goals.choose(learners[number % len(learners)], f"goal {number}", on=on)
    print(f"goal {number}", flush=True)
"""
AGREED = """
bench.classes.choose(bench.learners.class_named("4B"), formal_a_week=1)
print("agreed", flush=True)
"""
IMPORT = """
print(bench.imports.run(sys.argv[2], on=on).counts.new, flush=True)
"""
FILES = """
from workbench.access.gate import Actor
from workbench.importing import mappings
from workbench.doors.entrance import Entrance
from workbench.serving.handles import Handles
draft = mappings.read(Path(mappings.__file__).with_name("skills_checks.toml"))
bench.imports.keep_mapping(dataclasses.replace(draft, name="own_checks"))
print(Handles(bench.desk.store.people, clock).mint("conference", "browser", {"learner": 7}), flush=True)
print(Entrance(bench.desk.store, clock).begin(Actor.parse("admin:office")), flush=True)
"""


@dataclass
class Power:
    """A copy of a workspace on a disk whose power goes."""

    cut: Cut
    small: Path
    place: Path

    def after(self, code: str, *arguments: Path) -> tuple[list[str], Path]:
        """What `code` told until the power went, and the workspace as it is then."""
        folder = copy_of(self.small, self.place / "school")
        told = self.cut.run(_OPENED + code + _CUT, folder, *arguments)
        return told, self.cut.after(folder, self.place / "later", self.small)


@pytest.fixture
def power(small: Path, tmp_path: Path) -> Power:
    return Power(Cut(tmp_path), small, tmp_path)


def whole(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "workbench.sqlite")) as store:
        return store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def goals_in(folder: Path) -> set[str]:
    with Workbench.open(folder, actor=ACTOR, clock=clock) as bench:
        return {goal.words for learner in bench.learners.in_class("4B") for goal in bench.goals.of_learner(learner)}


def test_each_answer_that_was_acknowledged_outlasts_a_power_cut(power: Power) -> None:
    told, later = power.after(ANSWERS)

    assert len(told) == 60
    assert goals_in(later) >= set(told)
    assert whole(later)
    with Workbench.open(later, actor=ACTOR, clock=clock) as bench, bench.once(f"{59:032}") as fresh:
        assert not fresh  # sent again, it is not taken twice


def test_that_disk_drops_what_is_not_synced(power: Power) -> None:
    told, later = power.after("import workbench.store.engine as engine\nengine._KEPT = 'NORMAL'\n" + ANSWERS)

    assert len(told) == 60
    assert not goals_in(later) & set(told)
    assert whole(later)


def test_an_import_that_was_acknowledged_outlasts_a_power_cut_whole(power: Power, tmp_path: Path) -> None:
    roster = class_list(tmp_path, "second", "9Z", 800)
    told, later = power.after(IMPORT, roster)

    assert whole(later)
    with Workbench.open(later, actor=OFFICE, clock=clock) as bench:
        assert bench.imports.history()[0].files[0].counts.new == int(told[0]) >= 2_400
        assert len(bench.learners.in_class("9Z")) == 800


def test_so_do_a_class_s_agreements_and_the_files_we_write(power: Power) -> None:
    (_agreed, handle, cookie), later = power.after(AGREED + FILES)

    with Workbench.open(later, actor=ACTOR, clock=clock) as bench:
        assert bench.classes.of(bench.learners.class_named("4B")).formal_a_week == 1
        found = Handles(bench.desk.store.people, clock).find(handle, "browser")
        assert found is not None
        assert found.parameters == {"learner": 7}
        session = Entrance(bench.desk.store, clock).find(cookie)
        assert session is not None
        assert str(session.actor) == OFFICE
    assert mappings.read(later / "mappings" / "own_checks.toml").name == "own_checks"


def test_a_server_that_puts_off_its_writing_does_not_for_us(postgresql: str) -> None:
    engine = connect(new_database(postgresql))
    try:
        with engine.connect() as connection:
            name = connection.exec_driver_sql("SELECT current_database()").scalar()
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
            connection.commit()
        engine.dispose()
        with reading(engine) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
        with writing(engine) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        told = unsafe(engine)
        with reading(engine) as connection:
            off = connection.exec_driver_sql("SHOW fsync").scalar() == "off"
        assert (told is not None) == off
        if told is not None:
            assert "fsync = off" in told[0]
            assert "postgresql.conf" in told[1]
    finally:
        engine.dispose()
