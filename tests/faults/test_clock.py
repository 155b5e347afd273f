"""A clock that goes ahead and back: nothing that arrived is taken for new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.store import tables

from ..conftest import clock
from .conftest import ACTOR


def arrives(folder: Path, key: str, ahead: timedelta = timedelta()) -> bool:
    """Whether an answer of this key is new."""
    with Workbench.open(folder, actor=ACTOR, clock=lambda: clock() + ahead) as bench, bench.once(key) as fresh:
        return fresh


@pytest.mark.parametrize("ahead", [timedelta(days=92), timedelta(days=-92), timedelta(days=3650)])
def test_an_answer_sent_again_is_known_after_the_clock_went_astray(school: Path, ahead: timedelta) -> None:
    assert arrives(school, "a" * 32)
    assert arrives(school, "b" * 32, ahead)
    assert not arrives(school, "a" * 32)
    assert not arrives(school, "b" * 32)


def test_what_nobody_can_send_again_is_forgotten(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.journal.MOST_REMEMBERED", 3)
    for number in range(6):
        arrives(school, f"{number:032}", timedelta(minutes=number))
    arrives(school, "c" * 32, timedelta(days=61))
    with Workbench.open(school, actor=ACTOR, clock=clock) as bench, bench.desk.store._engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.deliveries)) == 3
