"""The audit's chain: what was changed, taken out or cut off is noticed, what goes by rule is not taken for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from workbench.access.actors import Action, Decision
from workbench.keeping import heads
from workbench.keeping.heads import DailyWalk
from workbench.store import Audit, connect
from workbench.store.chain import Broken, Head, audit, audit_head
from workbench.store.engine import writing
from workbench.store.trimming import Rule
from workbench.workspace import Workspace

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
YES, NO = Decision(True, "teaches the learner"), Decision(False, "does not teach the learner now")


@contextmanager
def opened(workspace: Workspace, at: datetime = NOW) -> Iterator[Audit]:
    made = Audit(connect(workspace.audit_url(workspace.url)), lambda: at)
    made.prepare()
    try:
        yield made
    finally:
        made.close()


def note(made: Audit, *learners: int, action: str = "write", by: str = "teacher:t1", decision: Decision = YES) -> None:
    made.note([(by, action, "Goals.choose", learner, decision) for learner in learners])


def spoil(made: Audit, statement: Any) -> None:
    with writing(made._engine) as connection:
        connection.execute(statement)


def rows(made: Audit) -> list[dict[str, Any]]:
    return made.rows()[::-1]


def test_what_was_written_is_whole_and_goes_on_after_a_restart(workspace: Workspace) -> None:
    for learner in range(3):
        with opened(workspace) as made:
            note(made, learner + 1, learner + 10)
    with opened(workspace) as made:
        found = made.check()
        assert (found.whole, found.rows, found.head.number) == (True, 6, 6)
        assert [row["id"] for row in rows(made)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("spoiled", "broken", "number"),
    [
        (sa.update(audit).where(audit.c.id == 3).values(reason="is the learner"), Broken.CHANGED, 3),
        (sa.update(audit).where(audit.c.id == 3).values(at=NOW + timedelta(seconds=1)), Broken.CHANGED, 3),
        (sa.update(audit).where(audit.c.id == 3).values(hash=None), Broken.CHANGED, 3),
        (sa.delete(audit).where(audit.c.id == 3), Broken.MISSING, 3),
        (sa.delete(audit).where(audit.c.id == 1), Broken.MISSING, 1),
        (sa.delete(audit).where(audit.c.id >= 5), Broken.CUT, 5),
        (sa.delete(audit), Broken.CUT, 1),
        (sa.update(audit).where(audit.c.id == 6).values(id=9), Broken.MISSING, 6),
    ],
)
def test_what_was_changed_taken_out_or_cut_off_is_noticed(
    workspace: Workspace, spoiled: Any, broken: Broken, number: int
) -> None:
    with opened(workspace) as made:
        note(made, *range(1, 7))
        spoil(made, spoiled)
        found = made.check()
        assert (found.broken, found.number) == (broken, number)


def test_one_that_was_put_in_or_cut_with_its_head_is_found_out_by_what_was_noted(workspace: Workspace) -> None:
    with opened(workspace) as made:
        note(made, 1, 2, 3)
        older = made.head()
        note(made, 4, 5, 6)
        assert heads.checked(workspace.folder, made, NOW).whole
        spoil(made, sa.delete(audit).where(audit.c.id > 3))
        spoil(made, sa.update(audit_head).values(number=older.number, hash=older.hash))
        assert made.check().whole  # in itself
        assert heads.checked(workspace.folder, made, NOW).broken is Broken.CUT
        note(made, 7, 8, 9, 10)
        assert heads.checked(workspace.folder, made, NOW).broken is Broken.OTHER
        assert made.check(Head(2, rows(made)[1]["hash"])).whole
        heads.go_on(workspace.folder, made, NOW)
        assert heads.checked(workspace.folder, made, NOW).whole


def test_who_writes_at_once_takes_turns(workspace: Workspace) -> None:
    failed: list[BaseException] = []
    with opened(workspace):
        pass

    def write(who: int) -> None:
        try:
            for turn in range(10):
                with opened(workspace) as made:  # an engine of its own, as each server and kernel has
                    note(made, turn, 100 + turn, by=f"teacher:t{who}")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    with opened(workspace) as made:
        found = made.check()
        assert (found.whole, found.rows) == (True, 120)


def test_years_are_summed_up_by_rule_and_the_chain_is_whole(workspace: Workspace) -> None:
    look = str(Action.READ)
    for year in (2017, 2022, 2024, 2026):
        for month in (3, 9):
            for hour in (9, 10):
                with opened(workspace, datetime(year, month, 5, hour, tzinfo=UTC)) as made:
                    note(made, 1, 2, action=look)
                    note(made, 1, by="teacher:t2", decision=NO)
    rule = Rule.of(date(2026, 11, 21), by_day=1, looks=3, deeds=7)
    with opened(workspace) as made:
        before = made.head()
        assert made.trim(rule, "admin:a") == 21
        assert made.trim(rule, "admin:a") == 0
        found = made.check()
        assert found.whole, found
        assert made.check(before).broken is None
        kept = rows(made)
        told = {(row["at"].year, row["action"], row["allowed"], row["times"], row["learners"]) for row in kept}
        note(made, 3)
        assert made.check().whole
        sums = [row for row in kept if row["learners"] is not None]
        assert all(row["learner_id"] is None and row["what"] == "" for row in sums)
        spoil(made, sa.update(audit).where(audit.c.id == sums[0]["id"]).values(times=1))
        assert made.check().broken is Broken.CHANGED
    assert told == {
        (2017, "read", True, 8, 2),
        (2017, "write", False, 4, 1),
        (2022, "read", True, 8, 2),
        (2022, "write", False, 1, None),
        (2024, "read", True, 2, None),  # by day
        (2024, "write", False, 1, None),
        (2026, "read", True, 1, None),
        (2026, "write", False, 1, None),
        (2026, "trim", True, 1, None),
    }


def test_rows_taken_out_of_what_was_trimmed_are_noticed_too(workspace: Workspace) -> None:
    with opened(workspace, datetime(2020, 5, 5, tzinfo=UTC)) as made:
        note(made, 1, 2, 3, action="read")
    with opened(workspace) as made:
        note(made, 5)
        made.trim(Rule.of(NOW.date(), by_day=1, looks=3, deeds=7), "admin:a")
        spoil(made, sa.delete(audit).where(audit.c.id == 1))
        assert made.check().broken is Broken.MISSING


def test_an_older_audit_is_chained_as_it_is_found(workspace: Workspace) -> None:
    engine = connect(workspace.audit_url(workspace.url))
    serial = "BIGSERIAL" if engine.dialect.name == "postgresql" else "INTEGER NOT NULL"
    moment = "TIMESTAMP WITH TIME ZONE" if engine.dialect.name == "postgresql" else "DATETIME"
    with writing(engine) as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE audit (id {serial}, at {moment} NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
            " what TEXT NOT NULL, learner_id BIGINT, allowed BOOLEAN NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (id))"
        )
        for number in (2, 5):  # with a gap
            connection.exec_driver_sql(
                f"INSERT INTO audit VALUES ({number}, '2026-01-02 03:04:05.000006', 'teacher:t1', 'read', 'x', 7,"
                " true, 'r')"
            )
    engine.dispose()
    with opened(workspace) as made:
        assert made.check().whole
        note(made, 8)
        assert [(row["id"], row["action"]) for row in rows(made)] == [
            (2, "read"),
            (5, "read"),
            (6, "as found"),
            (7, "write"),
        ]
        spoil(made, sa.delete(audit).where(audit.c.id == 5))
        assert not made.check().whole


def test_a_code_is_forgotten_and_the_deeds_stay(workspace: Workspace) -> None:
    with opened(workspace) as made:
        note(made, 7, by="learner:0041207")
        note(made, 7, 8, by="teacher:t1")
        made.forget(7, ["0041207"], "admin:a")
        assert made.check().whole
        told = [(row["actor"], row["learner_id"], row["action"]) for row in rows(made)]
    assert "0041207" not in str(told)
    assert told[-1] == ("admin:a", None, "forget")
    assert [learner for _by, learner, _action in told[:-1]] == [7, 7, 8]


def test_a_server_walks_along_it_each_day_trims_it_and_says_when_it_is_broken(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DailyWalk, "FIRST", 0.0)
    monkeypatch.setattr(DailyWalk, "AGAIN", 0.05)
    with opened(workspace, datetime(2020, 5, 5, tzinfo=UTC)) as made:
        note(made, 1, 1, 2, action="read")
    told: list[object] = []
    with DailyWalk(workspace, workspace.url, told.append):
        until(lambda: heads.noted(workspace.folder) is not None)
    with opened(workspace) as made:
        until(lambda: [row["action"] for row in rows(made)] == ["read", "trim"])
        assert told == []
        spoil(made, sa.update(audit).where(audit.c.id == 1).values(actor="teacher:t9"))
    (workspace.folder / heads.FILE).unlink()
    with DailyWalk(workspace, workspace.url, told.append):
        until(lambda: bool(told))
    assert "was changed by somebody else" in str(told[0])
    seen = heads.noted(workspace.folder)
    assert seen is not None
    assert seen.broken is Broken.CHANGED


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
