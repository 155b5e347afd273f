"""The table of rights is what every method of every facet keeps, and what docs/access.md says."""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench
from workbench.access.actors import LOOKS, Action, Actor, Circle, Relation, Role
from workbench.access.rules import DUTIES, LINKED, RIGHTS, Right, relation, why_allowed, why_dutiful
from workbench.ground.errors import NotAllowed
from workbench.sample import cast

from ..conftest import ROOT, clock
from .test_access import arguments, methods, records

#: An actor for each row, with what makes the relation.
ACTORS = {
    (Role.LEARNER, Relation.SELF): f"learner:{cast.LUZ}",
    (Role.TEACHER, Relation.OWN_LIST): "teacher:t17",
    (Role.SUBSTITUTE, Relation.STANDS_IN): "substitute:s1",
    (Role.COACH, Relation.SERVES): "coach:c1",
    (Role.FAMILY, Relation.FAMILY): "family:f1",
    (Role.SUPPORTER, Relation.SUPPORTS): "supporter:m1",
    (Role.OFFICE, Relation.SCHOOL): "office:o1",
    (Role.ADMIN, Relation.SCHOOL): "admin:office",
}


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace, with a tie of each kind to Luz, her class or her school."""
    from ..conftest import copy_of

    folder = copy_of(pristine, tmp_path_factory.mktemp("rights") / "demo")
    with Workbench.open(folder, actor="admin:office", clock=clock) as bench:
        luz = bench.learners.named(cast.LUZ)
        which = bench.learners.class_named("4B")
        bench.accounts.tie("substitute:s1", class_=which, until=date.max)
        bench.accounts.tie("coach:c1", school=which.school, until=date.max)
        bench.accounts.tie("family:f1", learner=luz, until=date.max)
        bench.accounts.tie("supporter:m1", learner=luz, until=date.max)
    return folder


@pytest.fixture(scope="module")
def of_luz(school: Path) -> dict[str, Any]:
    with Workbench.open(school, actor="teacher:t17", clock=clock) as own:
        return records(own)


def asked(bench: Workbench, of_luz: dict[str, Any]) -> Iterator[tuple[str, Action, Any, Callable[[], Any]]]:
    """Every method that is asked about one learner: its name, what it asks for, what it gives instead, and a call."""
    for name, method in methods(bench):
        action = getattr(method, "__asks__", None)
        first = next(iter(inspect.signature(method).parameters), None)
        if isinstance(action, Action) and first in of_luz:
            call = lambda method=method, first=first: method(of_luz[first], **arguments(method, of_luz["learner"]))  # noqa: E731
            yield name, action, getattr(method, "__instead__", None), call


@pytest.mark.parametrize("right", RIGHTS, ids=lambda one: f"{one.role} {one.relation.name}")
def test_a_method_does_what_the_table_allows_and_nothing_else(
    school: Path, of_luz: dict[str, Any], right: Right
) -> None:
    actor = ACTORS.get((right.role, right.relation))
    if actor is None:  # whoever teaches by the office's rosters, or is trusted, may do as the one who is tried
        assert right.may == next(one.may for one in RIGHTS if one.relation is Relation.OWN_LIST)
        return
    tried = {"looked": 0, "left out": 0, "refused": 0}
    with Workbench.open(school, actor=actor, clock=clock) as bench:
        before = bench.snapshot
        for name, action, instead, call in asked(bench, of_luz):
            allowed = action in right.may
            assert bench.gate.may(action, of_luz["learner"].id) is allowed, name
            if allowed and action in LOOKS:
                call()
                tried["looked"] += 1
            elif not allowed and instead is not None:
                assert call() == instead(), name
                tried["left out"] += 1
            elif not allowed:
                with pytest.raises(NotAllowed):
                    call()
                tried["refused"] += 1
        assert bench.snapshot == before
        last = bench._audit.of(of_luz["learner"].id)[-1]
    assert sum(tried.values()) > 20
    assert last["actor"] == actor


@pytest.mark.parametrize("actor", sorted({*ACTORS.values()} - {f"learner:{cast.LUZ}"}))
def test_a_class_s_values_are_of_those_the_table_allows(school: Path, of_luz: dict[str, Any], actor: str) -> None:
    with Workbench.open(school, actor=actor, clock=clock) as bench:
        which = bench.learners.class_named("4B")
        for action, found in (
            (Action.MEET, bench.learners.in_class(which)),
            (Action.FOLLOW, bench.goals.due(until=date.max)),
            (Action.FOLLOW, bench.conferences.unfinished()),
            (Action.HEAR, bench.flags.up()),
        ):
            if not bench.gate.may(action, of_luz["learner"].id):
                assert list(found) == []


def test_a_neighbour_of_a_relation_has_none_of_it(school: Path) -> None:
    for role in LINKED:
        with Workbench.open(school, actor=f"{role}:neighbour", clock=clock) as bench:
            assert bench.learners.all() == ()
            assert bench.learners.my_classes() == ()


def test_without_a_relation_nobody_does_anything() -> None:
    circle = Circle(1, code="7", teachers=frozenset({"t1"}), linked={Role.COACH: frozenset({"c1"})})
    for role in set(Role) - {Role.ADMIN, Role.OFFICE}:
        actor = Actor(role, "other")
        assert relation(actor, circle) is Relation.NONE
        for action in Action:
            decision = why_allowed(actor, action, circle)
            assert not decision.allowed
            assert decision.reason
    for role in LINKED:  # a code is somebody's by its role
        assert relation(Actor(role, "c1"), circle) is (Relation.SERVES if role is Role.COACH else Relation.NONE)


def test_every_duty_is_somebody_s_and_a_learner_s_is_none() -> None:
    held = set().union(*(one.may for one in DUTIES))
    for action in held:
        assert not why_dutiful(Actor(Role.LEARNER, "7"), action, *Relation).allowed
        assert not why_dutiful(Actor(Role.FAMILY, "7"), action, *Relation).allowed
    assert held | set().union(*(one.may for one in RIGHTS)) == set(Action)


def test_an_admin_whom_the_school_trusts_with_words_does_as_an_educator(school: Path, of_luz: dict[str, Any]) -> None:
    settings = school / "workbench.toml"
    text = settings.read_text(encoding="utf-8")
    assert "admins_hear = false" in text
    try:
        settings.write_text(text.replace("admins_hear = false", "admins_hear = true"), encoding="utf-8")
        with Workbench.open(school, actor="admin:office", clock=clock) as bench:
            assert bench.reflections.of_learner(of_luz["learner"])
            assert bench.gate.may(Action.GUIDE, of_luz["learner"].id)
    finally:
        settings.write_text(text, encoding="utf-8")


def test_the_page_says_what_the_table_does() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_access.py"))["page"]()
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == made, "run: python docs/make_access.py"
