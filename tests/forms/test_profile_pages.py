"""A learner's profile on its pages: answered, looked back on, shown to whom the learner wants, looked at again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from widgets import ClassBoard, ConferenceStepper, PrepareForm, ProfileForm
from workbench import Workbench
from workbench.ground.choices import PICTURES
from workbench.learners.learners import Learner
from workbench.learners.profiles import load
from workbench.sample.demo import ACTOR

from ..conftest import TODAY
from .test_widgets import answer, block, blocks, saved, shown


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named("Mei Chen")


@pytest.fixture
def form(teacher: Workbench, mei: Learner) -> ProfileForm:
    return ProfileForm(teacher, mei, today=TODAY)


def quotes(form: ProfileForm) -> list[str]:
    return [one["words"] for one in blocks(form) if one["kind"] == "quote"]


def test_an_inventory_is_answered_by_picking_or_in_own_words(
    teacher: Workbench, mei: Learner, form: ProfileForm
) -> None:
    saved(form, "profile/open/preferences")
    saved(form, "profile/ask/with-whom", "With one partner")
    saved(form, "profile/ask/sound", "Only the rain")
    saved(form, "profile/done")
    assert quotes(form) == ["With one partner", "Only the rain"]
    assert "2 of 8 answered" in shown(form)
    kept = {one.item: (one.choice, one.words) for one in teacher.profiles.of(mei)}
    assert kept == {"with-whom": ("With one partner", ""), "sound": ("", "Only the rain")}


def test_an_answer_sent_again_after_a_reload_finds_its_question(teacher: Workbench, mei: Learner) -> None:
    saved(ProfileForm(teacher, mei, today=TODAY), "profile/ask/make", "Music")
    assert [one.choice for one in teacher.profiles.of(mei)] == ["Music"]
    for name in ("profile/ask/shoe-size", "profile/no/make"):
        assert "moved on" in answer(ProfileForm(teacher, mei, today=TODAY), name, "31")[0]["sentence"]


def test_the_learner_decides_who_sees_each_and_takes_out_and_puts_back(
    teacher: Workbench, mei: Learner, form: ProfileForm
) -> None:
    saved(form, "profile/domain", "culture")
    saved(form, "profile/own", "I write two languages")
    (one,) = teacher.profiles.of(mei)
    assert (one.domain, one.family_sees, one.next_teacher_sees) == ("culture", False, False)
    saved(form, f"profile/entry/{one.id}/family_sees")
    assert block(form, f"profile/entry/{one.id}/family_sees")["pressed"] is True
    assert [each.words for each in teacher.profiles.for_family(mei)] == ["I write two languages"]
    saved(form, f"profile/entry/{one.id}/remove")
    assert teacher.profiles.of(mei) == ()
    saved(form, "profile/undo")
    assert teacher.profiles.of(mei)[0].family_sees


def test_what_was_said_before_can_be_looked_back_on_and_all_said_to_be_still_so(
    teacher: Workbench, demo: object
) -> None:
    when = [datetime(2026, 9, 10, 10, tzinfo=UTC)]
    with Workbench.open(teacher.workspace, actor=ACTOR, clock=lambda: when[0]) as bench:
        mei = bench.learners.named("Mei Chen")
        bench.profiles.answer(mei, "make", choice="Music")
        when[0] = datetime(2026, 10, 10, 10, tzinfo=UTC)
        entry = bench.profiles.answer(mei, "make", choice="Games")
        when[0] = datetime(2026, 12, 10, 10, tzinfo=UTC)
        form = ProfileForm(bench, mei, today=date(2026, 12, 10))
        assert "time to look at it again" in shown(form)
        saved(form, "profile/still")
        assert "time to look at it again" not in shown(form)
        saved(form, f"profile/entry/{entry.id}/before")
        (told,) = [one["pairs"] for one in blocks(form) if one["kind"] == "facts"]
        assert told == [["September 10, 2026", "Music"]]


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_the_youngest_are_asked_one_thing_a_screen_in_pictures_and_few_words(
    teacher: Workbench, mei: Learner, spoken: str
) -> None:
    asked = [item for one in load(spoken).inventories for item in one.items if item.young]
    assert len(asked) >= 10
    for item in asked:
        assert len(" ".join([item.young, *(one.label for one in item.options)]).split()) <= 8, item.id
        assert all(one.picture in PICTURES for one in item.options)
    teacher.settings.choose(mei, band="K-2", language=spoken)
    form = ProfileForm(teacher, mei, today=TODAY)
    saved(form, "profile/open/interests")
    choices = [one for one in blocks(form) if one["kind"] == "choice"]
    assert [one["name"] for one in choices] == ["profile/ask/talk-about"]
    saved(form, "profile/on")
    assert [one["name"] for one in blocks(form) if one["kind"] == "choice"] == ["profile/ask/make"]


def test_get_ready_asks_for_it_when_it_is_time_and_not_otherwise(teacher: Workbench, mei: Learner) -> None:
    form = PrepareForm.of(teacher, mei, today=TODAY)
    assert "profile" in [one.name for one in form.screens]
    form.go("profile")
    form.refresh()
    saved(form, "profile/open/interests")
    saved(form, "profile/ask/make", "Music")
    saved(form, "profile/done")
    saved(form, "on")
    assert form.at == "ask"
    assert "profile" not in [one.name for one in PrepareForm.of(teacher, mei, today=TODAY).screens]


def test_the_educator_sees_it_beside_the_conference_and_whose_turn_it_is_on_my_class(
    teacher: Workbench, mei: Learner
) -> None:
    teacher.profiles.answer(mei, "make", choice="Music")
    stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
    assert "Music" not in json.dumps(stepper.screen)
    saved(stepper, "notes")
    assert ["Music", "What do you like to make?"] in [
        pair for one in blocks(stepper) if one["kind"] == "facts" for pair in one["pairs"]
    ]
    board = ClassBoard(teacher, today=TODAY)
    saved(board, "go/week")
    card = block(board, "profiles")
    assert "27 of 28" in json.dumps(card)
    assert f"profile/{mei.id}" not in json.dumps(card)
    board.cover()
    board.refresh()
    assert "profiles" not in [one["name"] for one in blocks(board)]
    board.close()


def test_what_the_family_wrote_for_the_learner_stands_there_and_nothing_else_of_theirs(
    teacher: Workbench, mei: Learner, form: ProfileForm
) -> None:
    assert "From my family" not in shown(form)
    teacher.replies.add(mei, "wish", "Please call on Monday")
    teacher.replies.add(mei, "at home", "We are proud of you", to_learner=True)
    form.refresh()
    assert quotes(form) == ["We are proud of you"]
    assert "Please call" not in shown(form)
