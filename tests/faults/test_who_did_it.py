"""A device that was handed over is told from its teacher, and nobody gets past the gate with a value made up."""

from __future__ import annotations

import dataclasses
import inspect
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import workbench
from widgets import GoalBoard
from workbench import Workbench
from workbench.access.actors import Action, Actor
from workbench.ground.errors import WorkbenchError
from workbench.learners.learners import Learner
from workbench.sample import cast
from workbench.workspace import Workspace

from ..access.test_access import arguments, methods, records
from ..conftest import TODAY, clock
from ..forms.test_widgets import answer, blocks

TABLET = "tablet of teacher:t17"


def test_what_a_handed_over_device_does_is_told_from_what_the_teacher_does(teacher: Workbench) -> None:
    mei = teacher.learners.named(cast.MEI)
    held = teacher.conferences.start(mei, on=TODAY)
    by_teacher = teacher.reflections.say(held, move="look", prompt="notice", asked="?", words="The teacher's")
    looks = len(teacher._audit.of(mei.id))
    teacher.hand_to(mei.id)
    goal = teacher.goals.choose(mei, "Read ten pages", on=TODAY)
    teacher.reflections.say(held, move="look", prompt="proud", asked="?", words="Mine")
    flag = teacher.flags.raise_(mei, "help", words="I am lost")

    assert by_teacher.by == "teacher:t17"
    assert teacher.desk.store.journal.one("goals", goal.id)["by"] == TABLET
    assert {one.by for one in teacher.reflections.of(held).values() if one.words == "Mine"} == {TABLET}
    assert teacher.flags.of(mei)[-1].by == flag.by == TABLET
    since = teacher._audit.of(mei.id)[looks:]
    assert {row["actor"] for row in since} == {TABLET}
    assert {row["reason"] for row in since} == {"a handed-over device, opened as the learner"}


def test_being_named_for_worries_does_not_go_with_the_device(demo: Path) -> None:
    teacher = Actor.parse("teacher:t17")
    workspace = dataclasses.replace(Workspace.open(demo), worries=teacher)
    with Workbench.open(workspace, actor=teacher, clock=clock) as bench:
        assert bench.worries.mine()
        bench.hand_to(bench.learners.named(cast.MEI).id)
        assert not bench.worries.mine()


def test_no_button_is_shown_that_is_refused_when_pressed(teacher: Workbench) -> None:
    mei = teacher.learners.named(cast.MEI)
    skill = teacher.skills.add(mei, "I can compare fractions")

    def offered() -> set[str]:
        board = GoalBoard(teacher, mei, today=TODAY)
        answer(board, "skills")
        found = {one["name"] for one in blocks(board)}
        board.close()
        return found

    confirm = next((name for name in offered() if name.endswith("/confirm")), "")
    assert skill.id in confirm
    assert teacher.gate.may(Action.GUIDE, mei.id)
    teacher.hand_to(mei.id)
    assert not teacher.gate.may(Action.GUIDE, mei.id)
    assert not any(name.endswith("/confirm") for name in offered())


def test_nobody_but_the_gate_asks_for_a_role() -> None:
    package = Path(workbench.__file__).parent
    asked = re.compile(r"\bRole\.[A-Z]|\.role is |\.role ==|\.role in ")
    found = [
        f"{path.name}: {line.strip()}"
        for path in [*package.rglob("*.py"), *(package.parent / "widgets").rglob("*.py")]
        if path.parent.name != "access" and "sample" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if asked.search(line)
    ]
    assert found == []


# The gate passes on whom it asked for


def forged(value: Any, other: int) -> list[Any]:
    """The value as if it were another learner's: with another number, and as a class that says so."""
    made = []
    if any(field.name == "learner" for field in dataclasses.fields(value)):
        made.append(dataclasses.replace(value, learner=other))
    parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    kind = type("Lookalike", (type(value),), {"learner": other, "__slots__": ()})
    with suppress(TypeError, AttributeError):
        made.append(kind(**parts))
    return made


def told(bench: Workbench, learner: int) -> list[Any]:
    """All that journals say of a learner."""
    from workbench.store import tables

    return [row for kind in tables.JOURNALS for row in bench.desk.store.journal.current(kind, learner_id=learner)]


def test_no_method_reads_or_writes_for_another_than_the_gate_asked_for(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        own = records(bench)
        stranger = next(
            number
            for number, circle in bench.desk.store.circles(range(1, 400)).items()
            if circle.teachers and "t17" not in circle.teachers and bench.desk.store.sightings.evidence([number])
        )
        before = told(bench, stranger)
        tried = 0
        for name, method in methods(bench):
            first = next(iter(inspect.signature(method).parameters), None)
            if getattr(method, "__asks__", None) in (None, "inside") or first not in own:
                continue
            for value in forged(own[first], stranger):
                try:
                    seen = method(value, **arguments(method, own["learner"]))
                except (WorkbenchError, TypeError, ValueError):
                    seen = ()
                every = (
                    seen
                    if isinstance(seen, tuple | list)
                    else list(seen.values())
                    if isinstance(seen, dict)
                    else [seen]
                )
                assert all(getattr(one, "learner", 0) != stranger for one in every), name
                assert told(bench, stranger) == before, name
                tried += 1
        assert tried > 90


def test_a_value_of_another_learner_with_an_own_number_reads_nothing(teacher: Workbench) -> None:
    mei = teacher.learners.named(cast.MEI)
    stranger = next(
        n for n, circle in teacher.desk.store.circles(range(1, 400)).items() if "t17" not in circle.teachers
    )

    class Mine(Learner):
        learner = mei.id

    values: dict[str, Any] = {one.name: getattr(mei, one.name) for one in dataclasses.fields(mei)}
    made = Mine(**values | {"id": stranger})
    with pytest.raises((TypeError, WorkbenchError)):
        teacher.evidence.of(made)
    with pytest.raises((TypeError, WorkbenchError)):
        teacher.goals.choose(made, "Not theirs", on=TODAY)
    assert not told(teacher, stranger)


def test_a_forged_conference_writes_to_its_own_learner(teacher: Workbench) -> None:
    mei = teacher.learners.named(cast.MEI)
    held = teacher.conferences.start(mei, on=TODAY)
    stranger = next(
        n for n, circle in teacher.desk.store.circles(range(1, 400)).items() if "t17" not in circle.teachers
    )
    made = dataclasses.replace(held, learner=stranger)
    assert teacher.goals.choose(made, "Read", on=TODAY).learner == mei.id
    assert teacher.strengths.name(made, "Kind", kind="strength").learner == mei.id
    assert teacher.notes.write(made, "Seen").learner == mei.id
    said = teacher.reflections.say(made, move="look", prompt="notice", asked="?", words="x")
    assert teacher.desk.store.owner(said.id) == mei.id
