"""The audit, told and trimmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import NotAllowed
from workbench.sample import cast

from ..conftest import TODAY, clock, trusting


def test_who_looked_and_who_wrote_is_told_to_whoever_guides_the_learner(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        mei = bench.learners.named(cast.MEI)
        bench.goals.choose(mei, "Read", on=TODAY)
        bench.hand_to(mei.id)
        bench.goals.of_learner(mei)
        with pytest.raises(NotAllowed):
            bench.looks(mei)
    with Workbench.open(demo, actor="teacher:t05", clock=clock) as other, pytest.raises(NotAllowed):
        other.looks(mei)
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        told = office.looks(mei)
    assert ("teacher:t17", "write", "Goals.choose", True) in {
        (one.by, one.action, one.what, one.allowed) for one in told
    }
    assert "a handed-over device, opened as the learner" in {one.reason for one in told if one.by.startswith("tablet")}
    assert {one.by for one in told if not one.allowed} == {"tablet of teacher:t17", "teacher:t05"}


def test_old_looks_are_folded_by_day_and_nothing_else(demo: Path) -> None:
    trusting(demo)
    when = clock() - timedelta(days=800)
    for hour in range(5):

        def then(hour: int = hour) -> datetime:
            return when + timedelta(hours=hour)

        with Workbench.open(demo, actor="admin:office", clock=then) as bench:
            mei = bench.desk.store.roster.by_code(cast.MEI) or bench.learners.named(cast.MEI).id
            bench.goals.of_learner(mei)
            bench.goals.choose(mei, f"Read {hour}", on=TODAY)
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        before = office.looks(mei)
        assert office.fold_looks(before=TODAY - timedelta(days=365)) > 0
        after = office.looks(mei)
    old = [one for one in after if one.at < clock() - timedelta(days=365)]
    assert sum(one.action == "read" for one in old) == 1
    kept = [one for one in before if one.action != "read"]
    assert [one for one in after if one.action != "read"][: len(kept)] == kept
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench, pytest.raises(NotAllowed):
        bench.fold_looks(before=TODAY)
