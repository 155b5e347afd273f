"""The command line, run as a person runs it: what it prints, and its exit codes."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.sample import cast

from .conftest import copy_of

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

    assert run("undo", "1", here=school).returncode == WELL
    assert "0 learners" in run("status", here=school).stdout
    twice = run("undo", "1", here=school)
    assert twice.returncode == MEND
    assert "Traceback" not in twice.stderr


def test_an_import_with_problems_ends_with_one_and_lists_them(tmp_path: Path, demo: Path) -> None:
    (tmp_path / "list.csv").write_text("Student ID,First Name,Last Name,Class\n77,Ada,Okoro,4B\n,No,Id,4B\n")
    done = run("import", tmp_path / "list.csv", "--workspace", demo, here=tmp_path)
    assert done.returncode == WITH_PROBLEMS
    assert "list.csv, row 3" in done.stdout
    assert "1 left out" in done.stdout


def test_a_dry_run_keeps_nothing(tmp_path: Path, demo: Path) -> None:
    (tmp_path / "list.csv").write_text("Student ID,First Name,Last Name,Class\n77,Ada,Okoro,4B\n")
    before = run("status", "--workspace", demo, here=tmp_path).stdout
    assert run("import", "--dry-run", tmp_path / "list.csv", "--workspace", demo, here=tmp_path).returncode == WELL
    assert run("status", "--workspace", demo, here=tmp_path).stdout == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status"], "not in a workspace"),
        (["status", "--workspace", "nowhere"], "is not a workspace"),
        (["import", "missing.csv", "--workspace", "DEMO"], "no file or folder"),
        (["import", "letter.txt", "--workspace", "DEMO"], "letter.txt"),
        (["report", "learner_report", "--class", "4b2", "--workspace", "DEMO"], "Did you mean"),
        (["report", "learner_report", "--learner", "Luz Marin", "--workspace", "DEMO"], "Luz Marín"),
        (["report", "learner_reports", "--class", "4B", "--workspace", "DEMO"], "learner_report"),
        (["report", "learner_report", "--workspace", "DEMO"], "--class"),
        (["report", "learner_report", "--class", "4B", "--set", "snapshoot=3", "--workspace", "DEMO"], "snapshot"),
        (["report", "learner_report", "--class", "4B", "--set", "snapshot", "--workspace", "DEMO"], "name=value"),
        (["status", "--workspace", "DEMO", "--actor", "boss"], "role:code"),
        (["status", "--workspace", "DEMO", "--db", "oracle://x"], "postgresql://"),
        (["status", "--workspace", "DEMO", "--db", "sqlite:///nowhere.sqlite"], "no database"),
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


def test_an_older_workspace_is_upgraded_after_a_backup(prepared: Path, tmp_path: Path) -> None:
    old = copy_of(prepared, tmp_path / "old")
    with sqlite3.connect(old / "workbench.sqlite") as database:
        database.execute("DELETE FROM alembic_version")
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not table.startswith(("sqlite_", "alembic_")):
                database.execute(f"DROP TABLE {table}")
        database.execute("INSERT INTO alembic_version VALUES ('0000')")
    refused = run("status", "--workspace", old, here=tmp_path)
    assert refused.returncode == MEND
    assert "workbench upgrade" in refused.stderr


def test_an_upgrade_of_a_newest_workspace_says_so(prepared: Path, tmp_path: Path) -> None:
    done = run("upgrade", "--workspace", prepared, here=tmp_path)
    assert (done.returncode, "up to date" in done.stdout) == (WELL, True)


def test_the_doctor_finds_a_healthy_installation(prepared: Path, tmp_path: Path) -> None:
    done = run("doctor", "--workspace", prepared, here=tmp_path)
    assert done.returncode == WELL, done.stdout
    assert "Kernel: workbench" in done.stdout


@pytest.mark.parametrize("name", ["voila.py", "workbench/__init__.py"])
def test_the_doctor_finds_a_file_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    from workbench.doctor import examine

    wrong = [finding for finding in examine(None, "", tmp_path, {}) if not finding.well]
    assert [str(tmp_path / name) in finding.what for finding in wrong] == [True]


def test_the_database_address_goes_before_the_workspace_s_own(prepared: Path, postgresql: str, tmp_path: Path) -> None:
    from .conftest import new_database

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


def test_help_explains_every_command(tmp_path: Path) -> None:
    shown = run("--help", here=tmp_path).stdout
    for command in ("init", "demo", "import", "undo", "report", "serve", "lab", "upgrade", "status", "doctor"):
        assert f"  {command} " in shown
        assert run(command, "--help", here=tmp_path).returncode == WELL
