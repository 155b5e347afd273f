"""The command line, run as a person runs it: what it prints, and its exit codes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from alembic import command as alembic
from alembic.config import Config

from workbench import Workbench
from workbench.keeping import backups
from workbench.sample import School, cast
from workbench.sample.demo import ACTOR, SEED
from workbench.store import connect, migrations
from workbench.workspace import Workspace

from ..conftest import copy_of
from ..importing.packages import pine_school, write_oneroster

WELL, WITH_PROBLEMS, MEND = 0, 1, 2


def run(*arguments: str | Path, here: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`workbench ARGUMENTS` in the folder `here`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")}
    return subprocess.run(
        [sys.executable, "-m", "workbench.cli", *map(str, arguments)],
        cwd=here,
        env={**kept, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_new_workspace_takes_an_export_and_tells_what_is_in_it(tmp_path: Path, exports: Path) -> None:
    made = run("init", "school", "--name", "Cedar Hill", here=tmp_path)
    assert made.returncode == WELL, made.stderr
    assert "workbench import" in made.stdout

    school = tmp_path / "school"
    brought = run("import", exports / "nwea" / "Fall 2026-2027.zip", here=school)
    assert brought.returncode == WELL, brought.stderr
    assert "test events" in brought.stdout
    assert "repeats kept apart" in brought.stdout

    told = run("status", here=school / "exports")  # found from a folder below
    assert told.returncode == WELL
    assert "Cedar Hill" in told.stdout
    assert "404 learners" in told.stdout
    assert "Import 1" in told.stdout

    assert run("import", "--undo", "1", here=school).returncode == WELL
    assert "0 learners" in run("status", here=school).stdout
    twice = run("import", "--undo", "1", here=school)
    assert twice.returncode == MEND
    assert "Traceback" not in twice.stderr


def test_an_import_with_problems_ends_with_one_and_lists_them(tmp_path: Path, demo: Path) -> None:
    (tmp_path / "list.csv").write_text("Student ID,First Name,Last Name,Class\n77,Ada,Okoro,4B\n,No,Id,4B\n")
    done = run("import", tmp_path / "list.csv", "--workspace", demo, here=tmp_path)
    assert done.returncode == WITH_PROBLEMS
    assert "list.csv, row 3" in done.stdout
    assert "1 left out" in done.stdout


def test_a_problem_of_many_rows_is_said_once_and_hides_no_other(tmp_path: Path, demo: Path) -> None:
    bad = ",No,Id,4B\n" + "".join(f",No,Id{n},4B\n" for n in range(20))
    lines = f"Student ID,First Name,Last Name,Class\n77,Ada,Okoro,4B\n{bad}1.5E+10,Bo,Lim,4B\n"
    (tmp_path / "list.csv").write_text(lines)
    done = run("import", "--dry-run", tmp_path / "list.csv", "--workspace", demo, here=tmp_path)
    assert "The same in 20 more rows: 4, 5, 6, 7, 8, 9 and 14 more." in " ".join(done.stdout.split())
    assert "list.csv, row 24" in done.stdout


def test_a_dry_run_keeps_nothing(tmp_path: Path, demo: Path) -> None:
    (tmp_path / "list.csv").write_text("Student ID,First Name,Last Name,Class\n77,Ada,Okoro,4B\n")
    before = run("status", "--workspace", demo, here=tmp_path).stdout
    read = run("import", "--dry-run", tmp_path / "list.csv", "--workspace", demo, here=tmp_path)
    assert read.returncode == WELL
    assert read.stdout.startswith("list.csv")
    assert "1 would be new" not in read.stdout
    assert "facts: 2 would be new" in read.stdout  # a learner and a place in a class
    assert run("status", "--workspace", demo, here=tmp_path).stdout == before


MINUTES = """
name = "{name}"
title = "the {name} book"
[day]
date = "Date"
[[values]]
column = "Minutes"
measure = "reading at home"
unit = "minutes"
kind = "count"
"""


def test_what_a_file_cannot_tell_is_answered_on_the_command_line_or_at_the_terminal(tmp_path: Path, demo: Path) -> None:
    for name in ("green", "red"):
        (demo / "mappings").mkdir(exist_ok=True)
        (demo / "mappings" / f"{name}.toml").write_text(MINUTES.format(name=name))
    (tmp_path / "m.csv").write_text(f"Student ID,Date,Minutes\n{cast.LUZ},01/02/2026,20\n")
    asked = run("import", "m.csv", "--workspace", demo, here=tmp_path)
    assert asked.returncode == MEND
    assert '--answer "kind=red"' in asked.stderr
    wrong = run("import", "m.csv", "--answer", "kind=blue", "--workspace", demo, here=tmp_path)
    assert (wrong.returncode, "green, red" in wrong.stderr) == (MEND, True)
    given = ["--answer", "m.csv:kind=red", "--answer", "order of day and month=day first"]
    dry = run("import", "m.csv", "--dry-run", *given, "--workspace", demo, here=tmp_path)
    assert dry.returncode == WELL, dry.stderr
    assert "facts: 1 would be new" in dry.stdout
    assert "Nothing was kept" in dry.stdout

    typed = at_a_terminal(["import", "m.csv", "--workspace", str(demo)], "5\n2\n1\n", here=tmp_path)
    assert "the green book" in typed
    assert "1 new" in typed
    with Workbench.open(demo, actor="admin:office") as bench:
        facts = bench.evidence.of(bench.learners.named(cast.LUZ))
    assert [fact.taken_on.isoformat() for fact in facts if fact.source == "red"] == ["2026-01-02"]


def test_what_an_import_takes_is_told_before_it_goes_or_comes_back(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", name="Pine School")
    told = pine_school()
    stays = [row for row in told["enrollments"] if row["userSourcedId"] != "u2"]
    fewer = pine_school(users=[row for row in told["users"] if row["sourcedId"] != "u2"], enrollments=stays)
    with Workbench.open(workspace, actor="admin:office") as bench:
        bench.imports.run(write_oneroster(tmp_path / "1", told))
        bench.imports.run(write_oneroster(tmp_path / "2", fewer))
    where = ("--workspace", workspace.folder)
    dry = run("import", "--undo", "2", "--dry-run", *where, here=tmp_path)
    assert (dry.returncode, dry.stderr) == (WELL, "")
    assert "Nothing was changed." in dry.stdout
    assert run("import", "--undo", "2", *where, here=tmp_path).returncode == WELL  # so it stood

    leaves = "1 of 2 learners at Pine School is on no roster any more then."
    dry = run("import", "--redo", "2", "--dry-run", *where, here=tmp_path)
    assert (dry.returncode, dry.stderr) == (WELL, "")
    assert leaves in dry.stdout
    shown = at_a_terminal(["import", "--redo", "2", *map(str, where)], "n\n", here=tmp_path)
    assert leaves in shown
    assert "Nothing was changed." in shown
    with Workbench.open(workspace, actor="admin:office") as bench:
        assert len(bench.learners.in_school("Pine School")) == 2
    again = run("import", "--redo", "2", *where, here=tmp_path)
    assert leaves in again.stdout
    assert "Import 2 stands again." in again.stdout


def at_a_terminal(arguments: list[str], typed: str, *, here: Path) -> str:
    """What `workbench` shows at a terminal of its own while somebody types."""
    if sys.platform == "win32":
        pytest.skip("terminals are opened as Unix does")
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", *arguments],
        cwd=here,
        env={**os.environ, "COLUMNS": "120", "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(60) == WELL, shown.decode()
    return shown.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status"], "not in a workspace"),
        (["status", "--workspace", "nowhere"], "is not a workspace"),
        (["import", "missing.csv", "--workspace", "DEMO"], "no file or folder"),
        (["import", "letter.txt", "--workspace", "DEMO"], "letter.txt"),
        (["import", "--workspace", "DEMO"], "--undo"),
        (["import", "missing.csv", "--undo", "1", "--workspace", "DEMO"], "--undo"),
        (["import", "missing.csv", "--answer", "kind", "--workspace", "DEMO"], "name=choice"),
        (["report", "learner_report", "--class", "4b2", "--workspace", "DEMO"], "Did you mean"),
        (["report", "learner_report", "--learner", "Luz Marim", "--workspace", "DEMO"], "Luz Marín"),
        (["report", "learner_reports", "--class", "4B", "--workspace", "DEMO"], "learner_report"),
        (["report", "learner_report", "--workspace", "DEMO"], "--class"),
        (["report", "learner_report", "--class", "4B", "--set", "snapshoot=3", "--workspace", "DEMO"], "snapshot"),
        (["report", "learner_report", "--class", "4B", "--set", "snapshot", "--workspace", "DEMO"], "name=value"),
        (["status", "--workspace", "DEMO", "--actor", "boss"], "role:code"),
        (["status", "--workspace", "DEMO", "--db", "oracle://x"], "postgresql://"),
        (["status", "--workspace", "DEMO", "--db", "sqlite:///nowhere.sqlite"], "is missing"),
        (["status", "--workspace", "DEMO", "--db", "postgresql://u@h:port/x"], "postgresql://"),
        (["import", "--undo", "99999999999999999999", "--workspace", "DEMO"], "Imports that stand: 1"),
        (["report", "learner_report", "--class", "4B", "--jobs", "0", "--workspace", "DEMO"], "--jobs"),
        (["report", "learner_report", "--class", "4B", "--set", "snapshot=x", "--workspace", "DEMO"], "is a number"),
        (["report", "learner_report", "--class", "4B", "--to", "letter.txt", "--workspace", "DEMO"], "not a directory"),
        (["report", "learner_report", "--class", "4B", "--to", "/proc", "--workspace", "DEMO"], "written to /proc"),
        (["status", "--workspace", "DEMO", "--actor", "learner:x"], "may not load exports"),
        (["init", "DEMO"], "workspace already"),
        (["bogus"], "No such command"),
    ],
)
def test_what_a_person_can_mend_is_a_sentence_and_exit_code_two(
    tmp_path: Path, prepared: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear family,\nall is well.\n")
    done = run(*(str(prepared) if part == "DEMO" else part for part in arguments), here=tmp_path)
    assert done.returncode == MEND, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (b"[school\n", "line 1"),
        (b'school = "x"\n', "written [school]"),
        (b'[people]\nlocal = "boss"\n', "role:code"),
        (b'[store]\ndatabase = "oracle://x"\n', "workbench.toml"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_wrong_settings_are_named_with_their_file(tmp_path: Path, settings: bytes, said: str) -> None:
    (tmp_path / "workbench.toml").write_bytes(settings)
    done = run("status", here=tmp_path)
    assert done.returncode == MEND
    assert said in done.stderr
    assert "workbench.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workspace_s_folder_may_have_any_name(tmp_path: Path) -> None:
    name = "what? a%20b#c & école"
    made = run("init", name, "--name", 'The "new"\nschool', here=tmp_path)
    assert made.returncode == WELL, made.stderr
    assert f"--workspace '{name}'" in made.stdout  # as a shell takes it
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "workbench.sqlite").exists()
    assert "0 learners" in run("status", "--workspace", name, here=tmp_path).stdout


def test_a_database_named_from_one_folder_is_found_from_another(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    assert run("init", "school", "--db", "sqlite:///store.sqlite", here=tmp_path / "below").returncode == WELL
    assert run("status", "--workspace", "below/school", here=tmp_path).returncode == WELL


def test_a_workspace_that_could_not_be_made_leaves_its_folder_empty(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    done = run("init", "school", "--db", "postgresql://nobody@127.0.0.1:1/none", here=tmp_path)
    assert done.returncode == MEND
    assert list((tmp_path / "school").iterdir()) == []


def test_a_terminal_without_our_letters_shows_something_else(tmp_path: Path) -> None:
    plain = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    made = run("init", "école", here=tmp_path, **plain)
    assert (made.returncode, made.stderr) == (WELL, "")
    asked = run("report", "learner_report", "--class", "4B", "--workspace", "école", here=tmp_path, **plain)
    assert asked.returncode == MEND
    assert "There is no class ?4B? here." in asked.stderr


def test_ctrl_c_says_what_is_kept(tmp_path: Path, exports: Path) -> None:
    assert run("init", "school", here=tmp_path).returncode == WELL
    importing = subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", "import", str(exports / "nwea"), "--workspace", "school"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    while not (tmp_path / "school" / "workbench.sqlite-wal").exists():  # it is at work
        assert importing.poll() is None
        time.sleep(0.02)
    importing.send_signal(signal.SIGINT)
    _nothing, said = importing.communicate(timeout=180)
    assert (importing.returncode, said) == (130, "Stopped. What was finished before is kept.\n")
    assert "Nothing was imported yet" in run("status", "--workspace", "school", here=tmp_path).stdout


def test_files_that_are_no_exports_are_each_told_why(tmp_path: Path, prepared: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(20))
    done = run("import", "files", "--workspace", prepared, here=tmp_path)
    assert done.returncode == MEND
    assert "save it as Excel workbook (.xlsx)" in done.stderr
    (files / "lunch.csv").write_text("Day,Meal\nMonday,Soup\n")
    (files / "bus.csv").write_text("Line,Stop\n4,School\n")
    done = run("import", "files", "--workspace", prepared, here=tmp_path)
    assert done.returncode == MEND
    for said in ("save it as Excel workbook (.xlsx)", "lunch.csv is not", "columns Line, Stop", "StudentsBySchool"):
        assert done.stderr.count(said) == 1


def test_the_demo_in_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, demo: Path) -> None:
    (demo / "exports").rmdir() if (demo / "exports").exists() else None
    (demo / "exports").write_text("in the way")
    done = run("demo", demo, "--no-serve", here=tmp_path)
    assert done.returncode == MEND
    assert "exports" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_a_sentence(prepared: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for command in ("serve", "lab"):
            done = run(command, "--port", str(port), "--workspace", prepared, here=tmp_path)
            assert done.returncode == MEND
            assert str(port) in done.stderr
            assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "lab"])
def test_a_port_that_is_none_is_a_sentence(prepared: Path, tmp_path: Path, command: str) -> None:
    done = run(command, "--no-open", "--port", "99999", "--workspace", prepared, here=tmp_path)
    assert done.returncode == MEND
    assert "no port 99999" in done.stderr
    assert "Traceback" not in done.stderr


def older(workspace: Workspace) -> Workspace:
    """The workspace with a store as the first workbench made it, and nothing in it."""
    (workspace.folder / "workbench.sqlite").unlink()
    engine = connect(workspace.url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.upgrade(config, "0001")
    engine.dispose()
    return workspace


def test_an_older_workspace_is_upgraded_after_a_backup(tmp_path: Path) -> None:
    old = older(Workspace.create(tmp_path / "old"))
    refused = run("status", "--workspace", old.folder, here=tmp_path)
    assert refused.returncode == MEND
    assert "workbench upgrade" in refused.stderr
    assert run("upgrade", "--workspace", old.folder, here=tmp_path).returncode == WELL
    assert run("status", "--workspace", old.folder, here=tmp_path).returncode == WELL
    (backup,) = backups.kept(old.folder)
    assert backups.whole(backup)
    assert backup.told is not None
    assert backup.told.layout == "0001"


def test_a_demo_of_an_older_workbench_is_upgraded_and_gone_on_with(tmp_path: Path) -> None:
    school = School.build(seed=SEED)
    old = older(Workspace.create(tmp_path / "demo", name=school.name, actor=ACTOR))
    again = run("demo", "--no-serve", here=tmp_path)
    assert again.returncode == WELL, again.stderr
    assert "upgraded" in again.stdout
    assert "Made 28 reports" in again.stdout
    assert len(backups.kept(old.folder)) == 1


def test_an_upgrade_of_a_newest_workspace_says_so(prepared: Path, tmp_path: Path) -> None:
    done = run("upgrade", "--workspace", prepared, here=tmp_path)
    assert (done.returncode, "up to date" in done.stdout) == (WELL, True)


def test_a_newer_workbenchs_workspace_is_not_touched(pristine: Path, tmp_path: Path) -> None:
    newer = copy_of(pristine, tmp_path / "newer")
    with sqlite3.connect(newer / "workbench.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for asked in ("status", "upgrade"):
        done = run(asked, "--workspace", newer, here=tmp_path)
        assert (done.returncode, "newer workbench" in done.stderr) == (MEND, True)
    assert not any((newer / "backups").iterdir())


def test_the_doctor_finds_a_healthy_installation(demo: Path, tmp_path: Path) -> None:
    assert run("backup", "--workspace", demo, here=tmp_path).returncode == WELL
    done = run("doctor", "--workspace", demo, here=tmp_path)
    assert done.returncode == WELL, done.stdout
    assert "Kernel: workbench" in done.stdout


@pytest.mark.parametrize("name", ["voila.py", "workbench/__init__.py"])
def test_the_doctor_finds_a_file_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    from workbench.cli.doctor import examine

    wrong = [finding for finding in examine(None, "", tmp_path, {}) if not finding.well]
    assert [str(tmp_path / name) in finding.what for finding in wrong] == [True]


def test_the_database_address_goes_before_the_workspace_s_own(prepared: Path, postgresql: str, tmp_path: Path) -> None:
    from ..conftest import new_database

    address = new_database(postgresql)
    empty = run("status", "--workspace", prepared, "--db", address, here=tmp_path)
    assert empty.returncode == MEND
    assert run("upgrade", "--workspace", prepared, "--db", address, here=tmp_path).returncode == WELL
    told = run("status", "--workspace", prepared, "--db", address, here=tmp_path)
    assert "0 learners" in told.stdout


def test_one_learner_s_report_is_made_and_named(demo: Path, tmp_path: Path) -> None:
    done = run(
        "report", "learner_report", "--learner", cast.LUZ, "--to", tmp_path / "out", "--workspace", demo, here=tmp_path
    )
    assert done.returncode == WELL, done.stderr
    pages = [path for path in (tmp_path / "out").rglob("*.html") if path.name != "index.html"]
    assert len(pages) == 1
    assert "Luz" in pages[0].read_text(encoding="utf-8")


def test_a_class_of_which_one_has_only_some_is_said_to_be_a_part(demo: Path, tmp_path: Path) -> None:
    done = run(
        *("report", "learner_report", "--class", "4A", "--to", "out", "--workspace", demo, "--actor", "teacher:t17"),
        here=tmp_path,
    )
    assert done.returncode == WITH_PROBLEMS
    assert "Made 1 report" in done.stdout
    assert "1 of 26: 25 learners are not in your classes." in done.stderr


def test_help_explains_every_command(tmp_path: Path) -> None:
    shown = run("--help", here=tmp_path).stdout
    for command in ("init", "demo", "import", "report", "serve", "lab", "upgrade", "status", "doctor"):
        assert f"  {command} " in shown
        assert run(command, "--help", here=tmp_path).returncode == WELL


def test_a_name_is_found_however_its_accents_were_typed(teacher: Workbench) -> None:
    for typed in ("Luz Marín", "luz  MARÍN", "Marín, Luz"):
        for form in ("NFC", "NFD"):
            assert teacher.learners.named(unicodedata.normalize(form, typed)).code == cast.LUZ


def test_reports_are_kept_where_the_page_that_leads_to_them_cannot_be_written(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "index.html").mkdir(parents=True)
    done = run("report", "learner_report", "--learner", cast.LUZ, "--to", "out", "--workspace", demo, here=tmp_path)
    assert done.returncode == MEND
    assert "index.html" in done.stderr
    assert "Traceback" not in done.stderr
    seen = [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")]
    assert sorted(seen) == ["Marin-Luz.html", "index.html"]


def test_settings_saved_by_an_editor_that_marks_its_files_are_read(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "school", name="Cedar Hill")
    settings = made.folder / "workbench.toml"
    settings.write_bytes(b"\xef\xbb\xbf" + settings.read_bytes())
    assert Workspace.open(made.folder).school == "Cedar Hill"


def test_a_port_that_is_taken_is_said_before_the_demo_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = run("demo", "demo", "--port", str(other.getsockname()[1]), here=tmp_path)
    assert told.returncode == MEND
    assert "is in use" in told.stderr
    assert not (tmp_path / "demo").exists()
