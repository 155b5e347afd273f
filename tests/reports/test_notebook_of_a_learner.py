"""Notes in two visibilities, the skills notebook, work with its caption, and learning buddies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.conferences.notes import Visibility
from workbench.ground.errors import BadInput, NotAllowed, NotFound
from workbench.learners.artifacts import Kind
from workbench.learners.learners import Learner
from workbench.learners.skills import State
from workbench.workspace import Workspace

from ..conftest import clock
from ..ideas.test_flags import CLASSES
from ..store.test_store import ON, write


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as opened:
        yield opened


@pytest.fixture
def luz(bench: Workbench) -> Learner:
    return bench.learners.named("001")


@pytest.fixture
def own(workspace: Workspace, bench: Workbench) -> Iterator[Workbench]:
    """The workspace as Luz opens it."""
    with Workbench.open(workspace, actor="learner:001", clock=clock) as opened:
        yield opened


def test_a_note_for_educators_only_never_reaches_a_learner_and_a_shared_one_does(
    bench: Workbench, luz: Learner, own: Workbench
) -> None:
    conference = bench.conferences.start(luz, on=ON)
    private = bench.notes.write(conference, "Tired again; ask at home")
    shared = bench.notes.write(luz, "You explained it well", visibility="shared")
    assert bench.notes.of(conference) == (private,)
    assert bench.notes.of_learner(luz) == (private, shared)
    assert own.notes.of(conference) == ()
    assert own.notes.of_learner(luz) == (shared,)
    for act in (own.notes.withdraw, own.notes.undo, own.notes.revise):
        with pytest.raises(NotAllowed):
            act(private)
    with pytest.raises(NotAllowed):
        own.notes.write(luz, "Mine")


def test_a_note_can_be_shared_later_worded_otherwise_withdrawn_and_brought_back(
    bench: Workbench, luz: Learner, own: Workbench
) -> None:
    note = bench.notes.write(luz, "Ready for thirds")
    shared = bench.notes.revise(note, words="You are ready for thirds", visibility=Visibility.SHARED)
    assert [one.words for one in own.notes.of_learner(luz)] == ["You are ready for thirds"]
    bench.notes.withdraw(shared)
    assert bench.notes.of_learner(luz) == ()
    bench.notes.undo(shared)
    bench.notes.undo(shared)
    bench.notes.undo(shared)
    assert [one.id for one in bench.notes.of_learner(luz)] == [note.id]
    with pytest.raises(BadInput, match="no words"):
        bench.notes.write(luz, "  ")


def test_a_skill_grows_from_taught_to_got_it_with_what_shows_it_and_its_history_stays(
    bench: Workbench, luz: Learner, own: Workbench
) -> None:
    skill = own.skills.add(luz, "I can compare fractions", area="mathematics")
    own.skills.revise(skill, state="practising", shows="Page 12")
    with pytest.raises(NotAllowed):
        own.skills.confirm(skill)
    confirmed = bench.skills.confirm(skill)
    assert (confirmed.state, confirmed.confirmed_by, confirmed.shows) == (State.GOT_IT, "teacher:t17", "Page 12")
    assert [one.state for one in own.skills.history(skill)] == ["taught", "practising", "got it"]
    assert own.skills.of(luz) == (confirmed,)


def test_what_was_confirmed_is_confirmed_no_more_once_it_says_something_else(bench: Workbench, luz: Learner) -> None:
    skill = bench.skills.confirm(bench.skills.add(luz, "I can compare fractions"))
    assert bench.skills.revise(skill, area="mathematics").confirmed_by == "teacher:t17"
    assert bench.skills.revise(skill, words="I can add fractions").confirmed_by == ""
    bench.skills.undo(skill)
    assert bench.skills.of(luz)[0].confirmed_by == "teacher:t17"
    bench.skills.withdraw(skill)
    assert bench.skills.of(luz) == ()
    bench.skills.undo(skill)
    assert bench.skills.of(luz)[0].words == "I can compare fractions"
    with pytest.raises(TypeError, match="has no colour"):
        bench.skills.revise(skill, colour="red")


def test_work_is_kept_with_its_caption_drawn_at_an_address_or_as_a_thing(
    bench: Workbench, luz: Learner, own: Workbench
) -> None:
    goal = own.goals.choose(luz, "Write a story", on=ON)
    drawn = own.artifacts.add(luz, "My volcano", drawing="[[[1,2],[3,4]]]", belongs_to=goal.id)
    linked = own.artifacts.add(luz, "My slides", link="https://school.example/slides?id=7")
    thing = own.artifacts.add(luz, "The clay pot by the window")
    assert [one.kind for one in own.artifacts.of(luz)] == [Kind.DRAWING, Kind.LINK, Kind.THING]
    assert (drawn.belongs_to, linked.link, thing.drawing) == (goal.id, "https://school.example/slides?id=7", "")
    assert own.artifacts.revise(thing, link="https://school.example/pot").kind is Kind.LINK
    assert own.artifacts.revise(thing, drawing="[[[1,2]]]").kind is Kind.DRAWING
    assert own.artifacts.revise(thing, drawing="", link="").kind is Kind.THING
    assert own.artifacts.revise(thing, caption="My pot").caption == "My pot"
    own.artifacts.withdraw(thing)
    assert len(own.artifacts.of(luz)) == 2
    own.artifacts.undo(thing)
    assert own.artifacts.of(luz)[-1].caption == "My pot"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "slides", "https://"]
)
def test_an_address_that_is_none_of_the_web_is_refused(bench: Workbench, luz: Learner, link: str) -> None:
    with pytest.raises(BadInput, match="no address of the web"):
        bench.artifacts.add(luz, "My slides", link=link)


def test_work_belongs_only_to_what_is_the_learner_s_own(bench: Workbench, luz: Learner) -> None:
    other = bench.goals.choose(bench.learners.named("002"), "Read", on=ON)
    with pytest.raises(BadInput, match="another learner"):
        bench.artifacts.add(luz, "My volcano", belongs_to=other.id)
    with pytest.raises(NotFound):
        bench.artifacts.add(luz, "My volcano", belongs_to="no such record")
    with pytest.raises(BadInput, match="no caption"):
        bench.artifacts.add(luz, " ")


def test_buddies_find_each_other_until_the_day_they_were_paired_for(bench: Workbench, luz: Learner) -> None:
    omar = bench.learners.named("002")
    pair = bench.buddies.pair(luz, omar, purpose="Reading", until=ON + timedelta(days=7))
    assert [one.other(omar.id) for one in bench.buddies.of(omar, on=ON)] == [luz.id]
    assert bench.buddies.of(luz, on=ON + timedelta(days=8)) == ()
    assert bench.buddies.pair(omar, luz, purpose="Fractions").id == pair.id
    assert [one.purpose for one in bench.buddies.of(luz, on=date.max)] == ["Fractions"]
    bench.buddies.part(pair)
    assert bench.buddies.of(luz, on=ON) == ()
    bench.buddies.undo(pair)
    assert len(bench.buddies.of(omar, on=ON)) == 1
    with pytest.raises(BadInput, match="own buddy"):
        bench.buddies.pair(luz, luz)


def test_a_buddy_is_told_a_goal_that_was_shared_and_nothing_else(
    bench: Workbench, luz: Learner, own: Workbench
) -> None:
    omar = bench.learners.named("002")
    bench.goals.choose(omar, "Keep this to myself", on=ON)
    shared = bench.goals.choose(omar, "Ask one question", on=ON, horizon="today", shared=True)
    bench.goals.choose(omar, "An old one", on=ON - timedelta(days=3), horizon="today", shared=True)
    assert own.buddies.shared_with(luz, on=ON) == ()
    bench.buddies.pair(omar, luz)
    told = own.buddies.shared_with(luz, on=ON)
    assert {(one.name, one.words) for one in told} == {("Omar", "Ask one question"), ("Omar", "An old one")}
    bench.goals.revise(shared, state="met")
    assert {one.state for one in own.buddies.shared_with(luz, on=ON)} == {"met", "active"}
    with pytest.raises(NotAllowed):
        own.goals.get(shared)
    look = bench._audit.of(omar.id)
    assert "the learner shared it with a buddy" in {one["reason"] for one in look}


def test_only_an_educator_of_both_pairs_two_learners(
    workspace: Workspace, bench: Workbench, luz: Learner, own: Workbench
) -> None:
    bea = bench.desk.store.roster.by_code("003")
    assert bea is not None
    with pytest.raises(NotAllowed):
        bench.buddies.pair(luz, bea)
    with pytest.raises(NotAllowed):
        own.buddies.pair(luz, bench.learners.named("002"))
