"""A small school to make reports of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.sample.demo import ACTOR
from workbench.workspace import Workspace

from ..conftest import TODAY, clock

ROSTER = """Student ID,Last Name,First Name,Grade,Class,Teacher,Teacher ID,Term
901,Ames,Ada,4,9Z,Ms Rivera,t17,Fall 2026-2027
902,Bell,Bo,4,9Z,Ms Rivera,t17,Fall 2026-2027
903,Cole,Cy,1,9Y,Mr Feld,t05,Fall 2026-2027
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A school of three learners in two classes."""
    place = tmp_path / "small"
    Workspace.create(place, name="Small School", actor=ACTOR)
    (place / "exports" / "class_list.csv").write_text(ROSTER)
    with Workbench.open(place, actor="admin:office", clock=clock) as bench:
        assert not bench.imports.run(place / "exports" / "class_list.csv", on=TODAY).problems
    return place


@pytest.fixture
def bench(small: Path) -> Iterator[Workbench]:
    with Workbench.open(small, actor=ACTOR, clock=clock) as opened:
        yield opened
