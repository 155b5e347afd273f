"""A learner asks, from any page of theirs: what was tried is told, nothing has to be, and what became of it is seen."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from widgets import ClassBoard, GoalBoard, PrepareForm
from widgets.kit.form import Form
from workbench import Workbench
from workbench.classes.flags import Flag, Kind
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits, open_page
from ..conftest import TODAY, clock
from .test_widgets import answer, block, blocks, pick, saved, shown

LIST = ("Read it again, slowly", "Look at the wall", "Ask a friend, quietly")


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    teacher.classes.choose(teacher.learners.class_named("4B"), three_before_me=LIST)
    return teacher.learners.named("Mei Chen")


def asking(teacher: Workbench, mei: Learner, kind: type[Form]) -> Form:
    """A page of the learner's, where one asks."""
    if kind is PrepareForm:
        prepare = PrepareForm.of(teacher, mei, today=TODAY)
        prepare.go("ask")
        prepare.refresh()
        return prepare
    goals = GoalBoard(teacher, mei, today=TODAY)
    saved(goals, "ask")
    return goals


@pytest.fixture(params=[PrepareForm, GoalBoard])
def page(request: pytest.FixtureRequest, teacher: Workbench, mei: Learner) -> Form:
    return asking(teacher, mei, request.param)


def up(teacher: Workbench, mei: Learner) -> list[Flag]:
    return [one for one in teacher.flags.of(mei) if one.up]


def test_a_flag_goes_up_with_nothing_ticked_and_nothing_said(teacher: Workbench, mei: Learner, page: Form) -> None:
    saved(page, "wish/help")
    (flag,) = up(teacher, mei)
    assert (flag.kind, flag.tried, flag.words) == (Kind.HELP, (), "")


def test_what_was_tried_of_the_class_s_list_is_told_to_the_class_s_teacher(
    teacher: Workbench, mei: Learner, page: Form
) -> None:
    assert [one["value"] for one in block(page, "flag/tried")["options"]] == list(LIST)
    pick(page, "flag/tried", LIST[0])
    saved(page, "wish/help")
    saved(page, "flag/help/urgency", "now")
    pick(page, "flag/tried", LIST[2])  # and when the flag is up already
    saved(page, "flag/help/words", "Number 7")
    (flag,) = up(teacher, mei)
    assert (flag.urgency, flag.tried, flag.words) == ("now", (LIST[0], LIST[2]), "Number 7")
    seen = block(ClassBoard(teacher, today=TODAY), f"flag/{flag.id}")
    assert seen["tried"] == f"Tried: {LIST[0]} · {LIST[2]}"
    pick(page, "flag/tried", LIST[0], picked=False)
    saved(page, "flag/help/words", "")
    (flag,) = up(teacher, mei)
    assert (flag.tried, flag.words) == ((LIST[2],), "")


def test_the_learner_sees_when_it_was_raised_seen_and_answered_without_a_reload(
    demo: Path, teacher: Workbench, mei: Learner, page: Form
) -> None:
    saved(page, "wish/conference")
    (flag,) = up(teacher, mei)
    assert "Your flag is up since 10:00" in shown(page).replace("\u202f", " ")
    with Workbench.open(demo, actor=ACTOR, clock=lambda: clock() + timedelta(minutes=5)) as elsewhere:
        elsewhere.flags.see(flag)
        page._look_out()
        assert "Your teacher saw it, 10:05" in shown(page)
        elsewhere.flags.answer(flag, "After the break, at my table")
        page._look_out()
    assert "Your teacher answered, 10:05" in shown(page)
    assert [one["words"] for one in blocks(page) if one["kind"] == "quote"] == ["After the break, at my table"]
    saved(page, "wish/conference")  # and may ask again
    assert len(up(teacher, mei)) == 1


def test_it_can_be_taken_back_and_put_up_again(teacher: Workbench, mei: Learner, page: Form) -> None:
    saved(page, "wish/show")
    saved(page, "down/show")
    assert up(teacher, mei) == []
    saved(page, "flag/undo")
    assert [one.kind for one in up(teacher, mei)] == [Kind.SHOW]


def test_words_sent_after_a_reload_reach_their_flag(teacher: Workbench, mei: Learner, page: Form) -> None:
    saved(page, "wish/help")
    again = PrepareForm.of(teacher, mei) if isinstance(page, PrepareForm) else GoalBoard(teacher, mei)
    assert answer(again, "flag/help/words", "Number 7")[0]["kind"] == "saved"
    assert [one.words for one in up(teacher, mei)] == ["Number 7"]


def test_the_youngest_tick_after_the_flag_is_up_and_write_nothing(teacher: Workbench, mei: Learner) -> None:
    teacher.settings.choose(mei, band="K-2")
    page = asking(teacher, mei, GoalBoard)
    assert not [one for one in blocks(page) if one["kind"] in ("menu", "text", "choice")]
    saved(page, "wish/help")
    pick(page, "flag/tried", LIST[1])
    assert up(teacher, mei)[0].tried == (LIST[1],)
    assert LIST[1] in next(one["say"] for one in blocks(page) if one["kind"] == "aloud")
    assert not [one for one in blocks(page) if one["kind"] == "text"]


def test_the_board_of_goals_says_that_a_flag_is_up_and_that_it_was_answered(teacher: Workbench, mei: Learner) -> None:
    board = GoalBoard(teacher, mei, today=TODAY)
    assert block(board, "ask")["label"] == "Ask for something"
    flag = teacher.flags.raise_(mei)
    board._look_out()
    assert block(board, "ask")["label"] == "My flag is up"
    teacher.flags.answer(flag)
    board._look_out()
    assert block(board, "ask")["label"] == "My teacher answered"


def test_a_page_that_is_closed_looks_out_no_more(teacher: Workbench, mei: Learner) -> None:
    async def closed() -> bool:
        page = GoalBoard(teacher, mei, today=TODAY)
        assert page._watch.running
        page.close()
        await asyncio.sleep(0)
        return page._watch.running

    assert not asyncio.run(closed())


@pytest.mark.parametrize("kind", [ClassBoard, GoalBoard, PrepareForm])
def test_a_page_that_nobody_touches_sees_what_others_did(
    teacher: Workbench, mei: Learner, kind: type[Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[kind.__module__], "OFTEN", 0.01)
    flag = teacher.flags.raise_(mei)

    async def drawn_again() -> bool:
        page = ClassBoard(teacher, today=TODAY) if kind is ClassBoard else asking(teacher, mei, kind)
        await asyncio.sleep(0.1)  # it has looked out, and seen nothing
        before = page.drawn
        teacher.flags.answer(flag, "Come to the round table")
        for _look in range(500):
            await asyncio.sleep(0.01)
            if page.drawn != before:
                break
        page.close()
        return page.drawn != before

    assert asyncio.run(drawn_again())


@pytest.mark.browser
def test_on_a_real_page_a_flag_goes_up_with_the_keyboard_and_its_answer_comes_by_itself(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = open_page(server, browser, "See the goals", learner.name)
    page.get_by_role("button", name="Ask for something").press("Enter")
    page.get_by_role("button", name="I asked a classmate").press("Enter")
    page.get_by_role("button", name="I need help with something").press("Enter")
    expect(page.get_by_label("What is it about?")).to_be_focused()
    page.keyboard.type("Number 7")
    expect(page.locator(".wb-status")).to_have_text("Saved")
    assert_clean(page)
    (flag,) = [one for one in bench.flags.of(learner) if one.up]
    assert (flag.words, flag.tried) == ("Number 7", ("I asked a classmate",))
    bench.flags.answer(flag, "Come to the round table")
    expect(page.get_by_text("Come to the round table")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert_fits(page)
    assert_clean(page)
    page.context.close()
