"""Who sees what, and that nobody goes round it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench
from workbench.access.actors import Action, Actor, Circle
from workbench.access.gate import learner_of
from workbench.access.rules import why_allowed
from workbench.bench import Part
from workbench.facet import Facet
from workbench.frames.columns import TABLES
from workbench.ground.errors import BadInput, NotAllowed
from workbench.sample import cast

from ..conftest import clock

ON = date(2026, 11, 21)
OWN = frozenset({"t17"})


@pytest.mark.parametrize(
    ("actor", "action", "allowed"),
    [
        ("admin:office", Action.REPORT, True),
        ("teacher:t17", Action.WRITE, True),
        ("teacher:t05", Action.READ, False),
        ("learner:0041207", Action.READ, True),
        ("learner:0041207", Action.WRITE, True),
        ("learner:0041207", Action.REPORT, False),
        ("learner:0041212", Action.READ, False),
    ],
)
def test_a_role_and_a_relation_decide_and_say_why(actor: str, action: Action, allowed: bool) -> None:
    decision = why_allowed(Actor.parse(actor), action, Circle(1, code="0041207", teachers=OWN))
    assert decision.allowed is allowed
    assert decision.reason


def test_an_actor_must_be_a_role_and_a_code() -> None:
    for text in ("", "teacher", "teacher:", "boss:1", ":t17"):
        with pytest.raises(BadInput, match="role:code"):
            Actor.parse(text)


def test_a_learner_with_no_code_is_nobody_in_particular() -> None:
    assert not why_allowed(Actor.parse("learner:x"), Action.READ, Circle(1, code="")).allowed


FACETS = (*(name for name, part in vars(Workbench).items() if isinstance(part, Part)), "imports", "frames")


def methods(bench: Workbench) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in FACETS:
        facet = getattr(bench, name)
        assert isinstance(facet, Facet)
        for method_name, method in inspect.getmembers(facet, inspect.ismethod):
            if not method_name.startswith("_"):
                yield f"{name}.{method_name}", method


def test_every_facet_is_among_those_that_are_walked(teacher: Workbench) -> None:
    parts = {name for name in vars(Workbench) if isinstance(getattr(teacher, name, None), Facet)}
    assert parts == {*FACETS, "reports"}


#: Methods that look for a learner through guarded methods of their own facet.
THROUGH_OTHERS = {"learners.named"}


#: Methods that ask of each learner they meet; a test of their own holds each to it.
INSIDE = {
    "imports.problems",  # test_what_stood_in_a_row_is_told_to_whoever_brought_it_in_alone
    *(f"matching.{name}" for name in ("waiting", "confirm", "nobody", "decided", "take_back")),  # test_matching
    *(f"schedule.{name}" for name in ("week", "book_week", "did_not_happen", "absent", "undo")),  # test_schedule
    *(f"schedule.{name}" for name in ("mark_read", "mark_unread", "calendar")),  # test_schedule
    *(f"accounts.{name}" for name in ("tie", "untie", "ties")),  # tests/doors/test_accounts.py
    *(f"records.{name}" for name in ("export", "going", "forget", "clean", "left_before")),  # test_forgetting
    *(f"looks.{name}" for name in ("of", "all", "names", "named")),  # test_audit
    *(f"codes.{name}" for name in ("for_class", "of_class", "end", "end_all")),  # tests/serving/test_codes.py
    *(f"frames.{name}" for name in TABLES),  # tests/frames
    *(f"groups.{name}" for name in ("keep", "take_apart", "seat_again", "known")),  # test_groups
    *(f"worries.{name}" for name in ("open", "closed", "see", "note", "close", "reopen")),  # test_worries
}


def test_every_facet_method_says_what_it_asks_for(teacher: Workbench) -> None:
    silent = {name for name, method in methods(teacher) if not hasattr(method, "__asks__")}
    assert silent == THROUGH_OTHERS
    assert {name for name, method in methods(teacher) if getattr(method, "__asks__", None) == "inside"} == INSIDE


def arguments(method: Callable[..., Any], about: Any) -> dict[str, Any]:
    """Believable values for a method's required parameters after the first."""
    known = {
        "on": ON,
        "words": "Read",
        "kind": "strength",
        "move": "look",
        "prompt": "notice",
        "asked": "?",
        "evidence": [1],
        "learner": about,
        "language": "es",
        "conference": "a conference",
        "buddy": about,
        "other": about,
        "domain": "thinking",
        "item": "make",
        "caption": "Mine",
        "until": datetime(2026, 12, 1, tzinfo=UTC),
        "name": "fox",
        "question": "wish",
    }
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return {p.name: known[p.name] for p in parameters if p.default is p.empty and p.kind not in (p.VAR_KEYWORD,)}


def records(bench: Workbench) -> dict[str, Any]:
    """One of everything that belongs to a learner of 4B."""
    luz = bench.learners.named(cast.LUZ)
    conference = bench.conferences.of(luz)[0]
    goal = bench.goals.of(conference)[0]
    return {
        "learner": luz,
        "about": conference,
        "conference": conference,
        "reflection": next(iter(bench.reflections.of(conference).values())),
        "finding": bench.strengths.of(conference)[0],
        "goal": goal,
        "step": bench.plans.of(goal).steps[0],
        "check_in": bench.progress.of(goal)[0],
        "reply": bench.replies.add(luz, "wish", "She sings at home"),
        "response": bench.responses.give(conference, on=ON, heart=True),
        "celebration": bench.celebrations.tick(goal),
        "flag": bench.flags.raise_(luz, "help", words="I am lost"),
        "booking": bench.bookings.of(luz)[0],
        "entry": bench.profiles.say(luz, "I draw maps", domain="thinking", kind="strength"),
        "note": bench.notes.write(luz, "Asked twice about it"),
        "skill": bench.skills.add(luz, "I can compare fractions"),
        "artifact": bench.artifacts.add(luz, "My volcano story"),
        "pair": bench.buddies.pair(luz, bench.learners.named(cast.MEI)),
        "companion": bench.groups.wish(luz, bench.learners.named(cast.MEI)),
        "fact": bench.evidence.of(luz)[0],
    }


@pytest.mark.parametrize("stranger", ["teacher:t05", f"learner:{cast.OMAR}", "learner:nobody"])
def test_no_facet_method_gives_a_stranger_anything_of_a_learner(demo: Path, stranger: str) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as own:
        of_luz = records(own)
        class_4b = own.learners.class_named("4B").id
        before = own.snapshot
    tried = 0
    with Workbench.open(demo, actor=stranger, clock=clock) as bench:
        for name, method in methods(bench):
            if getattr(method, "__asks__", None) in (None, "inside"):
                continue
            first = next(iter(inspect.signature(method).parameters), None)
            if first in of_luz:
                with pytest.raises(NotAllowed):
                    method(of_luz[first], **arguments(method, of_luz["learner"]))
                tried += 1
            else:
                known: dict[str, Any] = {
                    "until": date.max,
                    "since": ON,
                    "on": ON,
                    "class_": class_4b,
                    "class_id": class_4b,
                }
                known["name"] = bench.workspace.school if name == "learners.in_school" else "4B"
                known["learners"] = [of_luz["learner"]]
                known |= {"words": "Luz", "among": [class_4b]}
                known["records"] = [of_luz["conference"].id]
                known["words"], known["among"] = "Luz", [class_4b]
                wanted = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty]
                seen = method(
                    *(known[p.name] for p in wanted if p.kind is not p.KEYWORD_ONLY),
                    **{p.name: known[p.name] for p in wanted if p.kind is p.KEYWORD_ONLY},
                )
                assert all(learner_of(bench.desk.store, one) != of_luz["learner"].id for one in seen), name
                tried += 1
        assert bench.snapshot == before
    assert tried > 20


def test_every_look_is_written_down_with_its_reason(teacher: Workbench) -> None:
    luz = teacher.learners.named(cast.LUZ)
    before = len(teacher._audit.of(luz.id))
    teacher.goals.of_learner(luz)
    look = teacher._audit.of(luz.id)[-1]

    assert len(teacher._audit.of(luz.id)) == before + 1
    assert (look["actor"], look["action"], look["allowed"]) == ("teacher:t17", "read", True)
    assert look["reason"] == "teaches the learner, by a class list of their own"
    assert look["what"] == "Goals.of_learner"


def test_a_refusal_is_written_down_too(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t05", clock=clock) as bench:
        with pytest.raises(NotAllowed):
            bench.goals.of_learner(bench.desk.store.roster.by_code(cast.LUZ))
        luz = bench.desk.store.roster.by_code(cast.LUZ)
        assert luz is not None
        assert bench._audit.of(luz)[-1]["allowed"] is False


def test_a_teacher_sees_exactly_the_own_class(teacher: Workbench) -> None:
    assert len(teacher.learners.in_class("4B")) == cast.CLASS_SIZE
    codes = {one.code for one in teacher.learners.all()}
    assert cast.LUZ in codes
    assert cast.TOBI not in codes
    assert cast.DELPHINE not in codes


def test_a_record_is_asked_about_by_what_the_store_knows_of_it(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as own:
        luz = own.learners.named(cast.LUZ)
        goal = own.goals.of_learner(luz)[0]
        conference = own.conferences.of(luz)[0]
    with Workbench.open(demo, actor="teacher:t05", clock=clock) as bench:
        mine = bench.learners.all()[0].id
        with pytest.raises(NotAllowed):
            bench.goals.get(replace(goal, learner=mine))
        with pytest.raises(NotAllowed):
            bench.reflections.of(replace(conference, learner=mine))


def test_a_look_back_asks_as_well(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t05", clock=clock) as bench:
        luz = bench.desk.store.roster.by_code(cast.LUZ)
        with pytest.raises(NotAllowed):
            bench.at(bench.snapshot).goals.of_learner(luz)


def test_what_stood_in_a_row_is_told_to_whoever_brought_it_in_alone(demo: Path, tmp_path: Path) -> None:
    header = "Student ID,First Name,Last Name,Class,Teacher ID\n"
    for actor, number in (("admin:office", "55501"), ("teacher:t05", "55502")):
        listed = tmp_path / f"{number}.csv"
        listed.write_text(f"{header}{number},Ana,Pinto,9Z,t88\n{number},Ben,Okafor,9Z,t88\n")
        with Workbench.open(demo, actor=actor, clock=clock) as bench:
            assert bench.imports.run(listed, on=ON).problems
    seen = {}
    for actor in ("admin:office", "teacher:t05", "teacher:t17"):
        with Workbench.open(demo, actor=actor, clock=clock) as bench:
            found = bench.imports.problems()
            seen[actor] = {one.value for one in found} & {"55501", "55502"}
            assert {one.file for one in found} >= {"55501.csv", "55502.csv"}
    assert seen == {"admin:office": {"55501", "55502"}, "teacher:t05": {"55502"}, "teacher:t17": set()}


def test_a_learner_does_not_load_exports(demo: Path) -> None:
    with Workbench.open(demo, actor=f"learner:{cast.LUZ}", clock=clock) as bench, pytest.raises(NotAllowed):
        bench.imports.run(demo)


def test_a_kernel_without_an_actor_opens_no_data(demo: Path) -> None:
    with pytest.raises(NotAllowed, match="Nobody is named"):
        Workbench.here({"WORKBENCH_HOME": str(demo)})


def test_no_value_tells_its_data_in_its_repr(teacher: Workbench) -> None:
    of_luz = records(teacher)
    facts = teacher.evidence.of(of_luz["learner"])
    around = teacher.desk.store.circles([of_luz["learner"].id])[of_luz["learner"].id]
    others = [*teacher.learners.enrolments(of_luz["learner"]), around, Actor.parse(f"learner:{cast.LUZ}")]
    told = " ".join(map(repr, [*of_luz.values(), teacher, *facts[:3], *others, *(m for _, m in methods(teacher))]))
    assert "Luz" not in told
    assert "Marín" not in told
    assert cast.LUZ not in told
    assert "learner=" not in told
    assert not any(str(round(fact.value)) in told for fact in facts[:3] if fact.value > 100)
