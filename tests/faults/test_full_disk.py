"""A disk that is full: what was saved stays, what is being brought in gives its room back, and pages can be read."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import NotReady
from workbench.keeping import health, running
from workbench.serving import home
from workbench.workspace import Workspace

from ..browser import VoilaServer
from ..conftest import TODAY, clock, copy_of
from ..people import Visitor
from .conftest import ACTOR, OFFICE, class_list


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("only whoever may mount a small disk can fill it")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path, leaving: int = 0) -> Path:
    """Takes the room of a disk but for so many bytes."""
    other = disk / "other"
    with other.open("ab") as file:
        try:
            while shutil.disk_usage(disk).free > leaving:
                file.write(b"\0" * min(4096, shutil.disk_usage(disk).free - leaving))
                file.flush()
        except OSError:
            assert not leaving
    return other


def answer(folder: Path, words: str) -> None:
    with Workbench.open(folder, actor=ACTOR, clock=clock) as bench:
        bench.goals.choose(bench.learners.in_class("4B")[0], words, on=TODAY)


def free(disk: Path) -> int:
    return shutil.disk_usage(disk).free


def test_an_import_that_has_no_room_is_not_begun(small: Path, disk: Path, tmp_path: Path) -> None:
    folder = copy_of(small, disk / "school")
    fill(disk, 8 << 20)
    before = free(disk)
    with Workbench.open(folder, actor=OFFICE, clock=clock) as bench, pytest.raises(NotReady, match="too little room"):
        bench.imports.run(class_list(tmp_path, "many", "5A", 200), on=TODAY)
    assert free(disk) >= before - (256 << 10)  # the room that is kept to open the store, twice
    answer(folder, "still")


@pytest.mark.parametrize("others_too", [False, pytest.param(True, marks=pytest.mark.long)])
def test_one_that_meets_a_full_disk_leaves_nothing_and_others_write_at_once(
    small: Path, disk: Path, tmp_path: Path, others_too: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of(small, disk / "school")
    exports = class_list(tmp_path, "many", "5A", 9_000)
    monkeypatch.setattr("workbench.importing.run._ROW", 0)  # nobody could tell how much it would be
    if not others_too:
        fill(disk, 12 << 20).rename(disk / "elsewhere")
    before = free(disk)

    def meanwhile(_file: str, _rows: int, _of: int | None) -> None:
        if others_too:
            fill(disk)

    with Workbench.open(folder, actor=OFFICE, clock=clock) as bench:
        for _time in range(2):  # a try right after is not filled by the one before
            with pytest.raises(NotReady, match="full"):  # begun, and stopped
                bench.imports.run(exports, on=TODAY, progress=meanwhile)
            (disk / "other").unlink(missing_ok=True)
            assert free(disk) > before - (1 << 20)
            with bench.desk.store._engine.connect() as connection:
                for table in ("imports", "import_files", "learner_sightings"):
                    rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
                    assert rows == (12 if table == "learner_sightings" else 1)
            answer(folder, "at once")
        assert bench.imports.run(class_list(tmp_path, "few", "5B", 20), on=TODAY).import_id is not None
        assert not list(folder.glob("*-reserve-*"))


def test_a_full_disk_is_opened_and_read(small: Path, disk: Path) -> None:
    folder = copy_of(small, disk / "school")
    answer(folder, "before")
    fill(disk)
    with Workbench.open(folder, actor=ACTOR, clock=clock) as bench:
        seen = home.look(bench, clock(), "")
        assert list(seen.classes.values()) == ["4B"]
        learner = bench.learners.in_class("4B")[0]
        assert [goal.words for goal in bench.goals.of_learner(learner)] == ["before"]
        assert bench.full
        with pytest.raises(NotReady, match="full"):
            bench.goals.choose(learner, "no room", on=TODAY)
    (disk / "other").unlink()
    answer(folder, "room again")  # and what was looked at meanwhile is noted
    with Workbench.open(folder, actor=OFFICE, clock=clock) as bench:
        noted = [(row["actor"], row["what"]) for row in bench._audit.of(learner.id)]
        assert not bench.full
    assert (ACTOR, "Goals.of_learner") in noted


@pytest.mark.parametrize("served_before", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_server_starts_on_a_full_disk_and_shows_its_pages(small: Path, disk: Path, served_before: bool) -> None:
    folder = copy_of(small, disk / "school")
    answer(folder, "before")
    server = VoilaServer(folder, actor=ACTOR)
    if served_before:
        with server:
            pass
    fill(disk)
    found = Workspace.open(folder)
    assert [one.what.split(":")[0] for one in health.at_start(found, found.url, clock())] == ["Room on the disk"]
    fill(disk)

    async def look() -> str:
        return (await (await Visitor.let_in(server.entry)).ask("/")).body.decode()

    with server:
        assert "4B" in asyncio.run(look())
        with pytest.raises(NotReady, match="A server has this"), running.closed(folder):
            pass
