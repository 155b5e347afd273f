"""What the store promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.ground.errors import BadInput, NotFound, NotReady
from workbench.keeping.backups import Why, make
from workbench.store import connect, migrations, tables
from workbench.workspace import Workspace

from ..conftest import clock, copy_of

ROSTER = """\
Student ID,First Name,Last Name,Class,Teacher,Grade,School
001,Luz,Marín,4B,"Rivera, Ana",4,Cedar Hill
002,Omar,Haddad,4B,"Rivera, Ana",4,Cedar Hill
"""
CORRECTED = ROSTER.replace("Marín", "Marín Soto")
OFFICE = "admin:office"
ON = date(2026, 11, 21)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def opened(workspace: Workspace, actor: str = OFFICE) -> Workbench:
    return Workbench.open(workspace, actor=actor, clock=clock)


def test_an_export_imported_twice_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    roster = write(tmp_path, "class.csv", ROSTER)
    with opened(workspace) as bench:
        first = bench.imports.run(roster, on=ON)
        before = bench.snapshot
        second = bench.imports.run(roster, on=ON)

        assert first.tally.adds_up
        assert first.counts.new > 0
        assert second.import_id is None
        assert "nothing changed" in second.files[0].note
        assert bench.snapshot == before
        assert len(bench.learners.all()) == 2


def test_an_answer_that_comes_twice_is_kept_once_and_half_an_answer_not_at_all(
    workspace: Workspace, tmp_path: Path
) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        goal = bench.goals.choose(bench.learners.named("Luz Marín"), "Read before bed", on=ON)
        for _time in range(2):
            with bench.once("a" * 32) as fresh:
                if fresh:
                    bench.progress.check_in(goal, feeling="going", words="Three pages", on=ON)
                    assert len(bench.progress.of(goal)) == 1  # what was written is read
        with suppress(RuntimeError), bench.once("b" * 32):
            bench.progress.check_in(goal, feeling="slow", words="Half of it", on=ON)
            raise RuntimeError
        assert [one.words for one in bench.progress.of(goal)] == ["Three pages"]
        with bench.once("b" * 32) as fresh:
            assert fresh
    with opened(workspace) as later, later.once("a" * 32) as fresh:
        assert not fresh


def test_a_later_export_may_repeat_an_id_of_a_learner_and_bring_another(workspace: Workspace, tmp_path: Path) -> None:
    usernames = (
        "School Name,Classes,First Name,Last Name,Username,Grade,Year,Month,Program,Start of Year Level,Minutes\n"
    )
    september = usernames + "Cedar Hill,4B,Luz,Marín,lmarin,4,2026,9,Core5,Level 12,200\n"
    october = september + "Cedar Hill,4B,Omar,Haddad,ohaddad,4,2026,10,Core5,Level 9,90\n"
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        bench.imports.run(write(tmp_path, "september.csv", september), on=ON)
        later = bench.imports.run(write(tmp_path, "october.csv", october), on=ON).files[0].counts
        assert (later.changed, later.new > 0, later.same > 0) == (0, True, True)


def test_a_later_export_corrects_an_earlier_one_and_undo_brings_the_earlier_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        later = bench.imports.run(write(tmp_path, "class 2.csv", CORRECTED), on=ON)

        assert later.counts.changed == 1
        assert later.counts.new == 0
        assert bench.learners.named("001").family_name == "Marín Soto"

        assert later.import_id is not None
        assert bench.imports.undo(later.import_id)
        assert bench.learners.named("001").family_name == "Marín"
        assert not bench.imports.undo(later.import_id)


def test_undoing_an_import_keeps_what_a_later_one_also_said(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        first = bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        bench.imports.run(write(tmp_path, "class 2.csv", CORRECTED), on=ON)
        assert first.import_id is not None
        bench.imports.undo(first.import_id)

        assert {one.code for one in bench.learners.all()} == {"001", "002"}
        assert [one.name for one in bench.learners.classes()] == ["4B"]


def test_a_snapshot_shows_the_store_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        luz = bench.learners.named("001")
        goal = bench.goals.choose(luz, "Read ten minutes", on=ON)
        then = bench.snapshot
        bench.goals.revise(goal, words="Read five minutes")
        bench.imports.run(write(tmp_path, "class 2.csv", CORRECTED), on=ON)
        past = bench.at(then)

        assert [one.words for one in past.goals.of_learner(luz)] == ["Read ten minutes"]
        assert past.learners.get(luz).family_name == "Marín"
        assert [one.words for one in bench.goals.of_learner(luz)] == ["Read five minutes"]


def test_what_is_read_in_one_sitting_is_of_one_moment(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench, opened(workspace) as other:
        with bench.sitting():
            assert bench.imports.totals()["learners"] == 0
            other.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
            assert bench.learners.all() == ()
            assert bench.imports.history() == ()
        seen = len(bench.learners.all())
        assert seen > 0
        with bench.sitting():
            assert len(bench.learners.all()) == seen
            goal = bench.goals.choose(bench.learners.named("001"), "Read before bed", on=ON)  # a write is as it was
            assert bench.goals.get(goal).words == "Read before bed"


def test_a_learner_has_a_newest_change_of_their_own(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        luz, omar = (bench.learners.named(code).id for code in ("001", "002"))
        journal = bench.desk.store.journal

        def newest(as_of: int = 0) -> tuple[int, int]:
            found = journal.latest_changes([luz, omar], as_of=as_of or bench.snapshot)
            return found[luz], found[omar]

        first = bench.snapshot
        assert newest() == (first, first)
        goal = bench.goals.choose(omar, "Read", on=ON)
        assert newest() == (first, bench.snapshot)
        of_luz = "\n".join(CORRECTED.splitlines()[:2])
        later = bench.imports.run(write(tmp_path, "class 2.csv", of_luz), on=ON)
        second = bench.snapshot
        assert newest() == (second, second - 1)
        assert later.import_id is not None
        bench.imports.undo(later.import_id)
        assert newest() == (second + 1, second - 1)
        bench.progress.check_in(goal, on=ON)
        assert newest() == (second + 1, second + 2)

        assert newest(second) == (second, second - 1)
        assert newest(first) == (first, first)
        assert journal.latest_changes([luz, omar + 1], as_of=first - 1) == {}
        assert set(journal.moments([first, second, 99])) == {first, second}
        assert journal.moments([first])[first].replace(tzinfo=None) == clock().replace(tzinfo=None)


def test_what_a_learner_says_is_never_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        conference = bench.conferences.start(bench.learners.named("001"), on=ON)
        for words in ("It was hard", "It was hard at first", "It was hard at first"):
            said = bench.reflections.say(conference, move="look", prompt="notice", asked="?", words=words)

        assert [one.words for one in bench.reflections.revisions(said)] == ["It was hard", "It was hard at first"]
        assert bench.reflections.of(conference)["look", "notice"].words == "It was hard at first"


def test_what_is_taken_off_a_list_can_be_put_back(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        conference = bench.conferences.start(bench.learners.named("001"), on=ON)
        finding = bench.strengths.name(conference, "I ask good questions", kind="strength", domain="beyond")
        bench.strengths.withdraw(finding)
        assert bench.strengths.of(conference) == ()

        assert bench.strengths.restore(finding) == finding
        goal = bench.goals.choose(conference, "Ask one question a day", on=ON)
        step = bench.plans.add_step(goal, "Write it on a card")
        bench.plans.withdraw_step(step)
        assert bench.plans.of(goal).steps == ()
        bench.plans.restore_step(step)
        assert [one.words for one in bench.plans.of(goal).steps] == ["Write it on a card"]


def test_a_conference_resumes_where_it_was_left(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        luz = bench.learners.named("001")
        conference = bench.conferences.start(luz, on=ON)
        bench.conferences.go_to(conference, "reflect")
        unsaid = bench.conferences.start(luz, on=ON + timedelta(days=1))
        assert (unsaid.id, unsaid.move) == (conference.id, "look")  # nothing was said: one begins where it begins
        bench.conferences.go_to(conference, "reflect")
        bench.strengths.name(conference, "I ask questions", kind="strength")
    with opened(workspace) as bench:
        again = bench.conferences.start(luz, on=ON + timedelta(days=2))

        assert again.id == conference.id
        assert again.move == "reflect"
        with pytest.raises(BadInput, match="goal has no words"):
            bench.conferences.finish(again, on=ON)
        bench.goals.choose(again, "Read ten minutes", on=ON)
        assert bench.conferences.finish(again, on=ON).finished
        assert not bench.conferences.reopen(again).finished


def test_an_unknown_learner_or_class_is_answered_with_the_nearest_names(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)

        with pytest.raises(NotFound, match="Luz Marín"):
            bench.learners.named("Luz Marim")
        with pytest.raises(NotFound, match="4B"):
            bench.learners.in_class("4C")


def test_the_migrations_make_exactly_the_tables_of_the_code(workspace: Workspace) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = connect(workspace.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            one
            for one in compare_metadata(context, tables.metadata)
            if not (one[0] == "remove_table" and one[1].name in ("audit", "audit_head", "alembic_version"))
            and not (one[0] == "remove_index" and one[1].table.name == "audit")
        ]
        assert migrations.version(engine) == migrations.NEWEST
    engine.dispose()
    assert differences == []


def test_a_store_of_the_first_layout_is_upgraded_with_all_that_is_in_it(workspace: Workspace, tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    address = f"sqlite:///{tmp_path / 'old.sqlite'}" if "sqlite" in workspace.url else workspace.url
    engine = connect(address)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for said in (
            "INSERT INTO changes (id, at, actor, what) VALUES (1, '2026-11-20 10:00:00', 'admin:office', 'import')",
            (
                "INSERT INTO imports (id, started_at, alive_at, actor, committed)"
                " VALUES (1, '2026-11-20 10:00:00', '2026-11-20 10:00:00', 'admin:office', 1)"
            ),
            (
                "INSERT INTO import_files (id, import_id, file, sha256, importer, rows, events, growth, repeats,"
                " left_out, blank, new, same, changed)"
                " VALUES (1, 1, 'class.csv', 'x', 'class_list', 3, 2, 0, 0, 1, 0, 2, 0, 0)"
            ),
            "INSERT INTO learners (id, code) VALUES (1, '001')",
            (
                "INSERT INTO learner_sightings (learner_id, family_name, given_name, middle_name, import_id, file_id,"
                " row) VALUES (1, 'Marín', 'Luz', '', 1, 1, 2)"
            ),
        ):
            connection.execute(sa.text(said))
    with pytest.raises(NotReady, match="workbench upgrade"):
        Workbench.open(workspace, actor=OFFICE, db=address)
    migrations.upgrade(engine)
    engine.dispose()
    with Workbench.open(workspace, actor=OFFICE, db=address, clock=clock) as bench:
        (past,) = bench.imports.history()
        assert (past.files[0].tally.rows, past.files[0].tally.skipped, past.files[0].tally.adds_up) == (3, 0, True)
        assert bench.learners.named("001").name == "Luz Marín"
        assert bench.matching.waiting() == ()


def _import_slowly(folder: Path, roster: Path, pipe: object) -> None:
    import workbench.importing.run as run
    from workbench.importing.records import Batch

    tell = run._tell

    def stop_here(progress: object, table: object, batch: Batch) -> None:
        tell(None, table, batch)  # type: ignore[arg-type]
        pipe.send("in the middle")  # type: ignore[attr-defined]
        time.sleep(60)

    run._tell = stop_here
    with Workbench.open(folder, actor=OFFICE) as bench:
        bench.imports.run(roster, on=ON)


def test_an_import_killed_in_the_middle_is_as_if_never_begun(workspace: Workspace, tmp_path: Path) -> None:
    roster = write(tmp_path, "class.csv", ROSTER)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_import_slowly, args=(workspace.folder, roster, theirs))
    worker.start()
    assert ours.poll(180)
    assert worker.pid
    worker.kill()
    worker.join()

    later = [clock()]
    with Workbench.open(workspace, actor=OFFICE, clock=lambda: later[0]) as bench:
        assert bench.learners.all() == ()
        assert bench.imports.history() == ()
        engine = connect(workspace.url)
        with engine.connect() as connection:
            written = connection.scalar(sa.select(sa.func.count()).select_from(tables.learner_sightings))
        assert written == 2

        later[0] = connection_time(engine) + timedelta(minutes=11)
        bench.imports.run(write(tmp_path, "other.csv", CORRECTED), on=ON)
        with engine.connect() as connection:
            left = connection.scalar(sa.select(sa.func.count()).select_from(tables.learner_sightings))
        engine.dispose()
        assert left == 2
        assert len(bench.imports.history()) == 1


def connection_time(engine: sa.Engine) -> datetime:
    """When the dead import last wrote."""
    with engine.connect() as connection:
        at: datetime = connection.execute(sa.select(sa.func.max(tables.imports.c.alive_at))).scalar_one()
    return at if at.tzinfo else at.replace(tzinfo=clock().tzinfo)


def test_a_child_s_answer_does_not_wait_for_a_long_import(demo: Path, tmp_path: Path) -> None:
    """While an import is reading, no write lock is held: the answer would be refused as busy."""
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        luz = bench.learners.named("0041207")
        said: list[int] = []

        def answer(file: str, done: int, total: int | None) -> None:
            with Workbench.open(demo, actor="teacher:t17", clock=clock) as other:
                other.goals.choose(luz, f"Goal at row {done}", on=ON)
            said.append(done)

        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON, progress=answer)
        assert said
        assert any(goal.words.startswith("Goal at row") for goal in bench.goals.of_learner(luz))


def test_a_busy_database_is_a_sentence_and_nothing_is_half_written(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.engine.BUSY_SECONDS", 0.2)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        luz = bench.learners.named("0041207")
        before = bench.snapshot
        other = sqlite3.connect(demo / "workbench.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotReady, match="busy"):
            bench.goals.choose(luz, "Read", on=ON)
        other.rollback()
        other.close()
        assert bench.snapshot == before


def test_a_full_disk_is_a_sentence(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        luz = bench.learners.named("0041207")
        engine = bench.desk.store._engine

        @sa.event.listens_for(engine, "begin")
        def no_room(connection: sa.Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        with pytest.raises(NotReady, match="disk is full"):
            bench.goals.choose(luz, "Read " * 100_000, on=ON)
        assert all(len(goal.words) < 1000 for goal in bench.goals.of_learner(luz))


def test_a_read_only_store_can_be_read_and_says_why_it_cannot_be_written(demo: Path) -> None:
    if sys.platform != "win32" and os.geteuid() == 0:
        pytest.skip("the superuser may write anything")
    (demo / "workbench.sqlite").chmod(0o400)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        luz = bench.learners.named("0041207")
        with pytest.raises(NotReady, match="read-only"):
            bench.goals.choose(luz, "Read", on=ON)


def test_an_older_workspace_is_refused_until_it_is_upgraded_with_a_backup(pristine: Path, tmp_path: Path) -> None:
    old = copy_of(pristine, tmp_path / "old")
    with sqlite3.connect(old / "workbench.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(NotReady, match="workbench upgrade"):
        Workbench.open(old, actor=OFFICE)

    copy = make(Workspace.open(old), Workspace.open(old).url, clock(), Why.UPGRADE)
    assert copy.file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_database_is_a_sentence(pristine: Path, tmp_path: Path) -> None:
    broken = copy_of(pristine, tmp_path / "broken")
    for file in broken.glob("workbench.sqlite-*"):
        file.unlink()
    (broken / "workbench.sqlite").write_bytes(b"this is no database at all" * 50)
    with pytest.raises(NotReady, match="something else"):
        Workbench.open(broken, actor=OFFICE)


def test_a_workspace_is_private_to_its_owner(workspace: Workspace) -> None:
    assert workspace.folder.stat().st_mode & 0o777 == 0o700


def test_so_is_each_file_of_it_wherever_it_is(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made = Workspace.create(tmp_path / "school", db=f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
        with Workbench.open(made, actor=OFFICE) as bench:
            bench.imports.history()
            files = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert {"elsewhere.sqlite-wal", "audit.sqlite", "audit.sqlite-wal"} <= {path.name for path in files}
            assert [path.name for path in files if path.stat().st_mode & 0o077] == []
    finally:
        os.umask(before)


def test_a_workspace_is_not_made_over_other_things(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    with pytest.raises(BadInput, match="other things"):
        Workspace.create(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
