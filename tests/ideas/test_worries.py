"""What troubles a reader reaches the adult whom the school named, and nobody else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.access.actors import Actor
from workbench.cli.doctor import examine
from workbench.facet import Facet
from workbench.ground.errors import BadInput, NotAllowed, NotFound, NotReady, WorkbenchError
from workbench.learners.learners import Learner
from workbench.workspace import SETTINGS, Workspace

from ..access.test_access import FACETS
from ..conftest import clock
from ..store.test_store import ON, write
from .test_flags import CLASSES

SAID = "Nobody at home talks to me"
NAMED = "teacher:t09"


def naming(workspace: Workspace, adult: str) -> Workspace:
    """The workspace with another adult named for worries."""
    file = workspace.folder / SETTINGS
    lines = [f'worries = "{adult}"' if line.startswith("worries") else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines))
    return Workspace.open(workspace.folder)


@pytest.fixture
def school(workspace: Workspace, tmp_path: Path) -> Workspace:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    return naming(workspace, NAMED)


@pytest.fixture
def bench(school: Workspace) -> Iterator[Workbench]:
    with Workbench.open(school, actor="teacher:t17", clock=clock) as opened:
        yield opened


@pytest.fixture
def luz(bench: Workbench) -> Learner:
    return bench.learners.named("001")


def says(bench: Workbench, luz: Learner, words: str = SAID) -> str:
    """The id of something the learner wrote."""
    conference = bench.conferences.start(luz, on=ON)
    return bench.reflections.say(conference, move="reflect", prompt="felt", asked="How was it?", words=words).id


def everybody_else() -> list[str]:
    return ["admin:office", "teacher:t17", "teacher:t05", "learner:001", "admin:t09"]


def test_the_adult_named_reads_the_words_as_they_stood_and_why_even_of_a_learner_they_do_not_teach(
    school: Workspace, bench: Workbench, luz: Learner
) -> None:
    said = says(bench, luz)
    bench.worries.mark(said, "Said it twice this week")
    says(bench, luz, "Nothing")
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        (worry,) = named.worries.open()
        assert (worry.name, worry.asked, worry.said) == ("Luz Marín", "How was it?", SAID)
        assert (worry.words, worry.by) == ("Said it twice this week", "teacher:t17")
        with pytest.raises(NotAllowed):
            named.reflections.of_learner(luz)


def test_a_flag_s_words_can_be_passed_on_too(school: Workspace, bench: Workbench, luz: Learner) -> None:
    bench.worries.mark(bench.flags.raise_(luz, "help", words=SAID))
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        assert [one.said for one in named.worries.open()] == [SAID]


def test_it_is_seen_closed_and_opened_again_by_that_adult(school: Workspace, bench: Workbench, luz: Learner) -> None:
    bench.worries.mark(says(bench, luz))
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        (worry,) = named.worries.open()
        assert named.worries.mine()
        assert worry.seen_at is None
        assert named.worries.waiting() == 1
        assert named.worries.see(worry).seen_at == clock()
        assert named.worries.waiting() == 0
        assert named.worries.note(worry, " I called her family ").done == "I called her family"
        assert named.worries.close(worry).closed_at == clock()
        assert named.worries.open() == ()
        assert [one.id for one in named.worries.closed()] == [worry.id]
        named.worries.reopen(worry)
        assert [one.id for one in named.worries.open()] == [worry.id]


@pytest.mark.parametrize("actor", everybody_else())
def test_nobody_else_learns_of_it_not_an_admin_not_the_class_teacher_not_the_learner(
    school: Workspace, bench: Workbench, luz: Learner, actor: str
) -> None:
    said = says(bench, luz)
    with Workbench.open(school, actor="admin:head", clock=clock) as head:
        head.worries.mark(said, "Please talk to her")
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        worry = named.worries.open()[0].id
    with Workbench.open(school, actor=actor, clock=clock) as other:
        assert not other.worries.mine()
        for look in (other.worries.open, other.worries.closed):
            with pytest.raises(NotAllowed, match="nobody else"):
                look()
        assert other.worries.waiting() == 0
        for do in (other.worries.see, other.worries.close, other.worries.reopen):
            with pytest.raises(NotAllowed):
                do(worry)
        with pytest.raises(NotAllowed):
            other.worries.note(worry, "Nothing")
        if actor in ("admin:office", "teacher:t17", "admin:t09"):
            assert other.worries.passed_on(luz) == {}
        else:
            with pytest.raises(NotAllowed):
                other.worries.passed_on(luz)
        told = repr([other, other.worries])
        assert "talk to her" not in told


def test_no_other_door_gives_a_worry_out(school: Workspace, bench: Workbench, luz: Learner) -> None:
    bench.worries.mark(says(bench, luz), "Please talk to her")
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        worry = named.worries.open()[0].id
    before = bench.snapshot
    tried = 0
    for name in FACETS:
        facet = getattr(bench, name)
        assert isinstance(facet, Facet)
        for method_name, method in inspect.getmembers(facet, inspect.ismethod):
            parameters = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty]
            others = ("class_", "class_id", "which", "learner", "learners", "since", "name")
            takes_a_record = len(parameters) == 1 and parameters[0].name not in others
            if method_name.startswith("_") or not takes_a_record or name in ("imports", "matching", "learners"):
                continue
            try:
                given = method(worry)
            except (WorkbenchError, TypeError, AttributeError):
                continue
            assert not given or "talk to her" not in str(
                [getattr(one, "words", one) for one in (given if isinstance(given, tuple) else (given,))]
            ), f"{name}.{method_name}"
            tried += 1
    assert tried > 3
    assert bench.snapshot == before


def test_whoever_marked_it_is_told_only_that_it_was_passed_on(bench: Workbench, luz: Learner) -> None:
    said = says(bench, luz)
    assert bench.worries.passed_on(luz) == {}
    at = bench.worries.mark(said, "Please talk to her")
    assert bench.worries.passed_on(luz) == {said: at}
    assert at == clock()
    before = bench.snapshot
    assert bench.worries.mark(said, "Please talk to her") == at
    assert bench.snapshot == before


def test_the_learner_cannot_mark_and_only_words_can_be_marked(
    school: Workspace, bench: Workbench, luz: Learner
) -> None:
    said = says(bench, luz)
    goal = bench.goals.choose(luz, "Read", on=ON)
    with pytest.raises(BadInput, match="no words of a learner"):
        bench.worries.mark(goal)
    with pytest.raises(NotFound):
        bench.worries.mark("no such record")
    for actor in ("learner:001", "teacher:t05"):
        with Workbench.open(school, actor=actor, clock=clock) as other, pytest.raises(NotAllowed):
            other.worries.mark(said)


def test_what_must_be_done_first_is_said_in_the_school_s_own_words_where_it_has_some(school: Workspace) -> None:
    with Workbench.open(school, actor="teacher:t17", clock=clock) as bench:
        assert "reporting rule" in bench.worries.duty()
    file = school.folder / SETTINGS
    file.write_text(file.read_text().replace('duty = ""', 'duty = "Call 555-0100 first."'))
    with Workbench.open(Workspace.open(school.folder), actor="teacher:t17", clock=clock) as bench:
        assert bench.worries.duty() == "Call 555-0100 first."


def test_while_nobody_is_named_nothing_can_be_marked_and_what_to_do_is_said(
    school: Workspace, bench: Workbench, luz: Learner
) -> None:
    said = says(bench, luz)
    with Workbench.open(naming(school, ""), actor="teacher:t17", clock=clock) as nobody:
        assert not nobody.worries.ready()
        with pytest.raises(NotReady, match="named nobody"):
            nobody.worries.mark(said)


def test_the_doctor_says_whether_somebody_is_named_and_not_who(school: Workspace) -> None:
    def said() -> tuple[bool, str]:
        found = [one for one in examine(school.folder, "", school.folder, {}) if "orries" in one.what + one.next_step]
        assert len(found) == 1
        return found[0].well, f"{found[0].what} {found[0].next_step}"

    well, words = said()
    assert well
    assert "t09" not in words.replace('worries = "teacher:t09"', "")
    naming(school, "")
    well, words = said()
    assert not well
    assert "Nobody is named" in words


def test_who_is_named_later_takes_over_what_is_open_and_the_one_before_sees_nothing_more(
    school: Workspace, bench: Workbench, luz: Learner
) -> None:
    bench.worries.mark(says(bench, luz))
    later = naming(school, "admin:counsellor")
    with Workbench.open(later, actor="admin:counsellor", clock=clock) as named:
        assert len(named.worries.open()) == 1
    with Workbench.open(later, actor=NAMED, clock=clock) as before, pytest.raises(NotAllowed):
        before.worries.open()


def test_a_learner_cannot_be_named_nor_a_name_that_is_none(school: Workspace) -> None:
    assert school.worries == Actor.parse(NAMED)
    for wrong in ("learner:001", "Ms Quintero"):
        with pytest.raises(BadInput, match="settings in"):
            naming(school, wrong)


def test_the_audit_notes_who_looked_and_no_words(school: Workspace, bench: Workbench, luz: Learner) -> None:
    bench.worries.mark(says(bench, luz), "Please talk to her")
    with Workbench.open(school, actor=NAMED, clock=clock) as named:
        named.worries.open()
        looks = named._audit.of(luz.id)
    assert {"Worries.mark", "Worries.open"} <= {one["what"] for one in looks}
    assert "named for worries" in str(looks)
    assert "talk to her" not in str(looks)
    assert SAID not in str(looks)


def test_a_worry_makes_no_report_look_outdated(bench: Workbench, luz: Learner) -> None:
    said = says(bench, luz)
    before = bench.desk.store.journal.latest_changes([luz.id], as_of=bench.snapshot)
    bench.worries.mark(said)
    assert bench.desk.store.journal.latest_changes([luz.id], as_of=bench.snapshot) == before
