"""How records are kept: each declaration fits its table, and a value comes back as it was kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import sqlalchemy as sa

import workbench
from workbench.facet import Kept
from workbench.ground.errors import BadInput
from workbench.ground.words import speaking
from workbench.learners.skills import SKILLS, State
from workbench.store import connect, migrations, tables

#: Of these a facet makes its value of more than one record.
TOGETHER = {"plans", "worries"}
#: What the store knows of a record that its value does not tell.
UNTOLD = {"conferences": {"read_on"}}
#: What every revision has.
COMMON = {"record", "change", "learner_id", "at", "by", "withdrawn"}


def declared() -> dict[str, Kept[Any]]:
    rooms = ("learners", "evidence", "conferences", "goals", "classes")
    places = {room: [f"{workbench.__path__[0]}/{room}"] for room in rooms}
    modules = [one.name for room in rooms for one in walk_packages(places[room], f"workbench.{room}.")]
    found = [one for name in modules for one in vars(import_module(name)).values() if isinstance(one, Kept)]
    return {one.kind: one for one in found}


def test_every_kind_of_record_is_declared_once() -> None:
    assert set(declared()) == set(tables.JOURNALS) - TOGETHER


@pytest.mark.parametrize("kind", sorted(set(tables.JOURNALS) - TOGETHER))
def test_a_declaration_has_the_columns_of_the_newest_migration(kind: str, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.sqlite'}")
    migrations.upgrade(engine)
    there = {one["name"] for one in sa.inspect(engine).get_columns(kind)}
    kept = declared()[kind]
    assert set(kept.columns.values()) <= there
    assert there - COMMON - set(kept.columns.values()) == UNTOLD.get(kind, set())
    assert kept.revisable <= set(kept.columns)


def test_a_revision_becomes_its_value() -> None:
    at = datetime(2026, 11, 21, 10)  # as SQLite gives it
    row = {"record": "r", "learner_id": 7, "words": "I can add", "area": None, "state": "got it", "shows": "", "at": at}
    skill = SKILLS.of({**row, "confirmed_by": "teacher:t17"})
    assert (skill.id, skill.learner, skill.area, skill.state) == ("r", 7, "", State.GOT_IT)
    assert skill.since == at.replace(tzinfo=UTC).astimezone().date()
    assert type(skill.since) is date


def test_what_may_not_be_empty_is_said_in_the_language_spoken() -> None:
    for language, said in (("en", "This skill has no words yet."), ("es", "Esta destreza")):
        with speaking(language), pytest.raises(BadInput, match=said):
            SKILLS.values({"words": "  "})
    with pytest.raises(ValueError, match="state is one of taught, practising, got it"):
        SKILLS.values({"state": "lost"})
    assert SKILLS.values({"words": " I can ", "shows": " here "}) == {"words": "I can", "shows": "here"}
