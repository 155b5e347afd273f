"""A watched folder: what lands there is brought in once, and put where it belongs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput, NotReady
from workbench.importing.watching import LOCK, Taken, Watched
from workbench.workspace import Workspace

from ..conftest import clock

HEADER = "Student ID,First Name,Last Name,Class,Grade,School\n"
LUZ = HEADER + "001,Luz,Marín,4B,4,Cedar Hill\n"
DAY = "2026-11-21"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workspace = Workspace.create(tmp_path / "school", name="Cedar Hill")
    with Workbench.open(workspace, actor="admin:office", clock=clock) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dropped").mkdir()
    return tmp_path / "dropped"


@pytest.fixture
def watched(bench: Workbench, folder: Path) -> Iterator[Watched]:
    with Watched(bench, folder, still=5) as holding:
        yield holding


def taken(watched: Watched, *moments: float) -> list[Taken]:
    return [one for now in moments for one in watched.look(now)]


def left(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != LOCK)


def test_a_file_is_taken_once_it_has_stood_still_and_moved_with_a_text_beside_it(
    bench: Workbench, watched: Watched, folder: Path
) -> None:
    (folder / "class.csv").write_text(LUZ[:60], encoding="utf-8")
    assert taken(watched, 0, 4.9) == []
    (folder / "class.csv").write_text(LUZ, encoding="utf-8")
    assert taken(watched, 6, 10.9) == []
    (one,) = taken(watched, 11)
    assert one.well
    assert one.moved_to == folder / "done" / DAY / "class.csv"
    assert left(folder) == [f"done/{DAY}/class.csv", f"done/{DAY}/class.csv.txt"]
    text = (folder / "done" / DAY / "class.csv.txt").read_text(encoding="utf-8")
    assert "1 rows = 1 read + 0 left out" in text
    assert "workbench import --undo 1" in text
    assert [each.name for each in bench.learners.all()] == ["Luz Marín"]
    (folder / "class.csv").write_text(LUZ, encoding="utf-8")
    (again,) = taken(watched, 20, 25)
    assert again.moved_to == folder / "done" / DAY / "class (2).csv"
    assert "nothing changed" in again.sentences[1]
    assert len(bench.imports.history()) == 1


def test_what_somebody_should_look_at_goes_to_problems_with_the_reasons(
    bench: Workbench, watched: Watched, folder: Path
) -> None:
    (folder / "lunch.csv").write_text("Monday,Tuesday\npasta,soup\n")
    (folder / "class.csv").write_text(LUZ + ",No,Id,4B,4,Cedar Hill\n", encoding="utf-8")
    found = {one.file: one for one in taken(watched, 0, 5)}
    assert [found[name].well for name in ("class.csv", "lunch.csv")] == [False, False]
    assert left(folder) == [f"problems/{name}" for name in ("class.csv", "class.csv.txt", "lunch.csv", "lunch.csv.txt")]
    assert "class.csv, row 3" in (folder / "problems" / "class.csv.txt").read_text(encoding="utf-8")
    assert "not a file that is known here" in (folder / "problems" / "lunch.csv.txt").read_text(encoding="utf-8")
    assert [each.code for each in bench.learners.all()] == ["001"]


def test_a_folder_and_a_zip_are_taken_whole_and_what_is_hidden_empty_or_unfinished_is_left(
    bench: Workbench, watched: Watched, folder: Path
) -> None:
    (folder / "fall").mkdir()
    (folder / "fall" / "class.csv").write_text(LUZ, encoding="utf-8")
    with zipfile.ZipFile(folder / "more.zip", "w") as package:
        package.writestr("class.csv", LUZ.replace("001", "002"))
    for name in (".hidden.csv", "~$class.xlsx", "class.csv.part", "Unconfirmed 1.crdownload"):
        (folder / name).write_text(LUZ.replace("001", "009"), encoding="utf-8")
    (folder / "empty.csv").touch()
    (folder / "nothing").mkdir()
    assert [one.file for one in taken(watched, 0, 3)] == []
    (folder / "fall" / "second.csv").write_text(LUZ.replace("001", "003"), encoding="utf-8")
    assert [one.file for one in taken(watched, 5)] == ["more.zip"]
    assert [one.file for one in taken(watched, 10)] == ["fall"]
    assert (folder / "done" / DAY / "fall" / "second.csv").exists()
    assert sorted(each.code for each in bench.learners.all()) == ["001", "002", "003"]
    assert (folder / "empty.csv").exists()
    assert [one.file for one in taken(watched, 60)] == ["empty.csv"]
    assert (folder / "nothing").is_dir()


def test_a_folder_is_watched_by_one_at_a_time(bench: Workbench, watched: Watched, folder: Path) -> None:
    with pytest.raises(NotReady, match="already"), Watched(bench, folder, still=5):
        pass
    with pytest.raises(BadInput, match="no folder"):
        Watched(bench, folder / "missing", still=5)


def test_what_cannot_be_moved_is_told_once(bench: Workbench, watched: Watched, folder: Path) -> None:
    (folder / "done").write_text("in the way")
    (folder / "class.csv").write_text(LUZ, encoding="utf-8")
    (one,) = taken(watched, 0, 5)
    assert one.moved_to is None
    assert "cannot be taken" in one.sentences[-1]
    assert taken(watched, 6, 7) == []
    assert len(bench.imports.history()) == 1


def test_whenever_it_is_killed_nothing_is_lost_and_nothing_comes_in_twice(bench: Workbench, folder: Path) -> None:
    chance = random.Random(4)
    files = 7
    for number in range(files):
        rows = (f"{number:02}{row:03},Given{row},Family,Room {number},4,Cedar Hill\n" for row in range(40))
        (folder / f"class {number}.csv").write_text(HEADER + "".join(rows) + ",No,Id,,4,\n" * (number % 2))

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "workbench.cli", "import", "--watch", str(folder), "--still", "0.1"),
                *("--workspace", str(bench.workspace.folder), "--actor", "admin:office"),
            ],
            stdout=subprocess.DEVNULL,
        )

    def waiting() -> list[Path]:
        return list(folder.glob("*.csv"))

    killed = 0
    while len(waiting()) > 3:
        before = len(waiting())
        process = start()
        while len(waiting()) == before and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.wait()
        killed += 1
    assert killed > 1
    last = start()
    while waiting():
        assert last.poll() is None
        time.sleep(0.02)
    os.kill(last.pid, signal.SIGINT)
    assert last.wait(30) == 0

    put_away = sorted(path for path in folder.rglob("*.csv"))
    assert sorted(path.name for path in put_away) == sorted(f"class {number}.csv" for number in range(files))
    assert {path.name for path in put_away if path.parent.name == "problems"} == {
        f"class {number}.csv" for number in range(1, files, 2)
    }
    for path in put_away:
        text = path.with_name(f"{path.name}.txt").read_text(encoding="utf-8")
        assert ("The row has no id." in text) == (path.parent.name == "problems")
    brought = [file.file for one in bench.imports.history() for file in one.files]
    assert sorted(brought) == sorted(path.name for path in put_away)
    assert len(bench.learners.all()) == 40 * files
