"""The way of an answer to "Saved": soon, durable before it is said, in few questions to the store, and one look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from widgets import ClassBoard, ConferenceStepper, GoalBoard, PrepareForm, ProfileForm
from widgets.kit.form import Form
from workbench import Workbench
from workbench.ground.errors import NotReady
from workbench.sample import cast

from ..conftest import TODAY, clock
from ..forms.test_widgets import answer, blocks

ANSWERS = 200
PAGE = "ConferenceStepper"


class Wall:
    """A clock that goes on by itself, some seconds at each answer."""

    def __init__(self) -> None:
        self.now = clock()

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def bench(demo: Path, wall: Wall) -> Iterator[Workbench]:
    with Workbench.open(demo, actor="teacher:t17", clock=wall) as bench:
        yield bench


def rows(bench: Workbench) -> list[Any]:
    with bench._audit._engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT actor, action, what, learner_id, allowed, reason FROM audit"))


def size(demo: Path) -> int:
    return (demo / "audit.sqlite").stat().st_size


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that any database is asked meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def box(form: Form) -> str:
    """The first box for words from where a conference is, going on to where there is one."""
    while True:
        for one in blocks(form):
            if one["kind"] == "text" and one["name"]:
                return str(one["name"])
        answer(form, next(one["name"] for one in blocks(form) if one["name"].startswith("go/") and "look" in one))


def at_a_box(bench: Workbench) -> tuple[ConferenceStepper, str]:
    form = ConferenceStepper.of(bench, bench.learners.named(cast.MEI), today=TODAY)
    name = box(form)
    answer(form, name, "first", number="first")
    return form, name


def test_two_hundred_answers_leave_a_tenth_of_the_audit_they_did(demo: Path, wall: Wall) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=wall) as bench:
        form, name = at_a_box(bench)
        before = len(rows(bench))
    small = size(demo)
    with Workbench.open(demo, actor="teacher:t17", clock=wall) as bench:
        form, name = at_a_box(bench)
        for count in range(ANSWERS):
            wall.wait(seconds=10)
            told = answer(form, name, f"What I noticed, the {count}th time", number=f"n{count}")
            assert told == [{"kind": "saved", "name": name, "id": f"n{count}"}]
        added = len(rows(bench)) - before
        said = [row for row in rows(bench)[before:] if row.action == "write"]
        assert sum(row.what == "Reflections.say" for row in said) >= ANSWERS  # what was written, always
    assert added / ANSWERS < 2.4  # 24 rows and 3 KB before
    assert (size(demo) - small) / ANSWERS < 300


def test_an_answer_asks_the_store_few_questions(bench: Workbench) -> None:
    form, name = at_a_box(bench)
    with counted() as said:
        answer(form, name, "once more", number="once")
    inserted = [one for one in said if one.startswith("INSERT INTO audit")]
    assert len(inserted) == 1
    assert len([one for one in said if one.startswith("BEGIN")]) <= 4  # the answer, its audit, and one moment drawn
    assert len(said) <= 45  # 124 before


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda bench, mei: PrepareForm.of(bench, mei, today=TODAY), 3),
        (lambda bench, mei: GoalBoard(bench, mei, today=TODAY), 3),
        (lambda bench, mei: ProfileForm(bench, mei, today=TODAY), 3),
        (lambda bench, _mei: ClassBoard(bench, bench.learners.class_named("4B"), today=TODAY), cast.CLASS_SIZE + 8),
    ],
)
def test_a_page_that_is_opened_is_a_look_at_each_learner_on_it(
    bench: Workbench, make: Callable[[Workbench, Any], Form], most: int
) -> None:
    mei = bench.learners.named(cast.MEI)
    before = len(rows(bench))
    form = make(bench, mei)
    looks = [row for row in rows(bench)[before:] if row.action == "read"]
    assert looks
    assert len(looks) <= most
    there = len(rows(bench))
    form.refresh()
    assert len(rows(bench)) == there  # the same page, the same moment
    form.close()


def test_who_looks_again_after_a_while_is_noted_again(bench: Workbench, wall: Wall) -> None:
    form, _name = at_a_box(bench)
    before = len(rows(bench))
    wall.wait(minutes=4)
    form.refresh()
    assert len(rows(bench)) == before
    wall.wait(minutes=2)
    form.refresh()
    (look,) = rows(bench)[before:]
    assert (look.actor, look.action, look.what) == ("teacher:t17", "read", PAGE)
    wall.wait(days=-1)  # a clock put back
    form.refresh()
    assert len(rows(bench)) == before + 2


def test_refusals_are_noted_each_time(bench: Workbench) -> None:
    stranger = next(
        number
        for number, circle in bench.desk.store.circles(range(1, 400)).items()
        if circle.teachers and "t17" not in circle.teachers
    )
    before = len(rows(bench))
    for _again in range(3):
        with pytest.raises(Exception, match="You may not see"):
            bench.goals.of_learner(stranger)
    assert [row.allowed for row in rows(bench)[before:]] == [0, 0, 0]


def test_nothing_noted_is_lost_by_an_exception(demo: Path, wall: Wall) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=wall) as bench:
        mei = bench.learners.named(cast.MEI)
        before = len(rows(bench))
        with pytest.raises(ZeroDivisionError), bench.sitting("a page"):
            divmod(len(bench.goals.of_learner(mei)), 0)
        assert [row.what for row in rows(bench)[before:]] == ["a page"]


def test_an_answer_whose_audit_cannot_be_written_is_not_said_to_be_kept(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, name = at_a_box(bench)
    held = form.conference
    before = bench.reflections.of(held)

    def full(_rows: Any) -> None:
        raise NotReady("The disk is full.", "Make room.")

    monkeypatch.setattr(bench._audit, "_write", full)
    (told,) = answer(form, name, "not kept", number="full")
    assert (told["kind"], told["again"]) == ("refused", "soon")
    monkeypatch.undo()
    assert bench.reflections.of(held) == before
    assert answer(form, name, "kept", number="full")[0]["kind"] == "saved"
    assert "kept" in {one.words for one in bench.reflections.of(held).values()}


def test_saved_is_said_before_the_page_is_drawn_and_after_the_answer_is_kept(bench: Workbench) -> None:
    form, name = at_a_box(bench)
    seen: list[tuple[int, str]] = []

    def told(_content: Any, _buffers: Any = None) -> None:
        said = {one.words for one in bench.reflections.of(form.conference).values()}
        seen.append((form.drawn, "there" if "in the store" in said else "missing"))

    form.send = told
    drawn = form.drawn
    form._handle_custom_msg({"kind": "answer", "name": name, "value": "in the store", "id": "x"}, [])
    assert seen == [(drawn, "there")]
    assert form.drawn == drawn + 1
    assert any(one.get("value") == "in the store" for one in blocks(form))


def test_what_somebody_else_wrote_meanwhile_is_drawn(bench: Workbench, demo: Path) -> None:
    form, name = at_a_box(bench)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as other:
        move, prompt = name.split("/")[0], name.split("/")[1].partition(".")[0]
        other.reflections.say(form.conference, move=move, prompt=prompt, asked="?", words="by somebody else")
    form.refresh()
    assert any(one.get("value") == "by somebody else" for one in blocks(form))


def test_what_is_drawn_is_of_one_moment(bench: Workbench, demo: Path) -> None:
    mei = bench.learners.named(cast.MEI)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as other, bench.sitting():
        before = bench.goals.of_learner(mei)
        other.goals.choose(mei, "Read twenty pages", on=TODAY)
        assert bench.goals.of_learner(mei) == before
        own = bench.goals.choose(mei, "Draw a map", on=TODAY)  # what is written inside is seen, and all there is then
        assert {one.words for one in bench.goals.of_learner(mei)} >= {own.words, "Read twenty pages"}
