"""Getting ready: a learner's words stand in the conference already, and nothing is said twice."""

from __future__ import annotations

import pytest

from widgets import ConferenceStepper, PrepareForm
from workbench import Workbench
from workbench.classes.flags import Kind
from workbench.learners.learners import Learner

from ..conftest import TODAY
from .test_widgets import answer, block, blocks, pick, saved, shown


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named("Mei Chen")


@pytest.fixture
def form(teacher: Workbench, mei: Learner) -> PrepareForm:
    return PrepareForm.of(teacher, mei, today=TODAY)


def test_one_thing_is_asked_on_a_screen_and_the_answers_stand_in_the_conference(
    teacher: Workbench, mei: Learner, form: PrepareForm
) -> None:
    while form.at != "reflect/went-well":
        saved(form, "on")
    assert [one["name"] for one in blocks(form) if one["kind"] == "text"] == ["reflect/went-well"]
    saved(form, "reflect/went-well", "I can explain fractions")
    stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
    assert stepper.conference.id == form.conference.id
    saved(stepper, "go/reflect")
    assert block(stepper, "reflect/went-well")["value"] == "I can explain fractions"


def test_words_that_come_late_go_to_the_conference_they_were_said_for(
    teacher: Workbench, mei: Learner, form: PrepareForm
) -> None:
    before = form.conference
    teacher.goals.choose(before, "Agreed on", on=TODAY)
    teacher.conferences.finish(before, on=TODAY)
    later = PrepareForm.of(teacher, mei, today=TODAY)
    assert later.conference.id != before.id
    assert answer(later, "look/notice", "From last week", record=form.vault)[-1]["kind"] == "saved"
    refused = answer(later, "goal/goal", "Agreed on long ago", record=form.vault)[-1]
    assert (refused["kind"], refused["again"]) == ("refused", "later")
    assert answer(later, "look/notice", "Now", record=later.vault)[-1]["kind"] == "saved"
    told = [teacher.reflections.of(one)["look", "notice"].words for one in (before, later.conference)]
    assert told == ["From last week", "Now"]
    omar = PrepareForm.of(teacher, teacher.learners.named("Omar Haddad"), today=TODAY)
    assert form.vault not in omar.earlier


def test_work_one_is_proud_of_is_picked_for_this_conference_and_shown_in_it(
    teacher: Workbench, mei: Learner, form: PrepareForm
) -> None:
    earlier = teacher.artifacts.add(mei, "The map of our street")
    form.go("part/work")
    form.refresh()
    pick(form, "part/work", "The map of our street")
    saved(form, "part/work.own", "My bridge, because it holds three books")
    bridge = teacher.artifacts.of(mei)[-1]
    saved(form, f"part/work.{bridge.id}.link", "https://school.example/bridge")
    saved(form, f"part/work.{earlier.id}.drawing", "[[[1,2],[30,40]]]")
    told = answer(form, f"part/work.{bridge.id}.link", "javascript:alert(1)")
    assert "no address of the web" in told[0]["sentence"]

    stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
    saved(stepper, "go/part")
    assert [one["words"] for one in blocks(stepper) if one["kind"] == "quote"] == [earlier.caption, bridge.caption]
    assert [one["href"] for one in blocks(stepper) if one["kind"] == "link"] == ["https://school.example/bridge"]
    assert [one["path"] for one in blocks(stepper) if one["kind"] == "drawing"] == ["M1 2L30 40"]
    form.go("ready")
    form.refresh()
    assert f"{earlier.caption}, {bridge.caption}" in shown(form)


def test_work_can_wait_for_another_conference_or_be_removed_and_put_back(
    teacher: Workbench, mei: Learner, form: PrepareForm
) -> None:
    form.go("part/work")
    form.refresh()
    saved(form, "part/work.own", "My bridge")
    (bridge,) = teacher.artifacts.of(mei)
    saved(form, f"part/work.{bridge.id}.leave")
    assert [one["label"] for one in block(form, "part/work")["options"]] == ["My bridge"]
    pick(form, "part/work", "My bridge")
    saved(form, f"part/work.{bridge.id}.remove")
    assert teacher.artifacts.of(mei) == ()
    saved(form, "part/work.undo")
    assert teacher.artifacts.of(mei)[0].belongs_to == form.conference.id


def test_the_last_screen_says_ones_own_words_and_rehearses_them_line_by_line(form: PrepareForm) -> None:
    form.go("reflect/felt")
    saved(form, "reflect/felt", "proud")
    form.go("name/strengths")
    pick(form, "name/strengths", "I help my group")
    form.go("ready")
    form.refresh()
    assert [one["words"] for one in blocks(form) if one["kind"] == "quote"] == ["proud", "I help my group"]
    saved(form, "rehearse")
    assert [one["words"] for one in blocks(form) if one["kind"] == "quote"] == ["proud"]
    saved(form, "said")
    assert [one["words"] for one in blocks(form) if one["kind"] == "quote"] == ["I help my group"]
    saved(form, "said")
    saved(form, "ready")
    assert form.conference.prepared_on == TODAY
    saved(form, "not ready")
    assert form.conference.prepared_on is None


def test_opened_again_it_shows_that_one_is_ready(teacher: Workbench, mei: Learner, form: PrepareForm) -> None:
    form.go("reflect/felt")
    saved(form, "reflect/felt", "calm")
    form.ready()
    again = PrepareForm.of(teacher, mei, today=TODAY)
    assert again.at == "ready"
    assert "calm" in shown(again)


def test_a_flag_goes_up_and_down_from_here(teacher: Workbench, mei: Learner, form: PrepareForm) -> None:
    form.go("ask")
    form.refresh()
    saved(form, "wish/help")
    saved(form, "flag/help/urgency", "now")
    (flag,) = [one for one in teacher.flags.of(mei) if one.up]
    assert (flag.kind, flag.urgency) == (Kind.HELP, "now")
    assert "Your flag is up" in shown(form)
    saved(form, "down/help")
    assert not [one for one in teacher.flags.of(mei) if one.up]


def test_words_of_a_screen_are_given_to_be_read_aloud(form: PrepareForm) -> None:
    form.go("reflect/went-well")
    form.refresh()
    (aloud,) = [one for one in blocks(form) if one["kind"] == "aloud"]
    assert form.here.title in aloud["say"]


def test_the_youngest_see_pictures_and_no_score(teacher: Workbench, mei: Learner) -> None:
    teacher.settings.choose(mei, band="K-2")
    form = PrepareForm.of(teacher, mei, today=TODAY)
    for screen in form.screens:
        form.go(screen.name)
        form.refresh()
        assert not [one for one in blocks(form) if one["kind"] == "ranges"]
    form.go("reflect/felt")
    form.refresh()
    assert [one for one in blocks(form) if one["kind"] == "faces"]


def test_an_answer_sent_after_a_reload_is_kept_whatever_screen_is_open(teacher: Workbench, form: PrepareForm) -> None:
    form.go("ask")
    form.refresh()
    assert answer(form, "reflect/went-well", "I kept on")[0]["kind"] == "saved"
    assert teacher.reflections.of(form.conference)["reflect", "went-well"].words == "I kept on"


def test_no_other_learner_is_named(teacher: Workbench, mei: Learner, form: PrepareForm) -> None:
    others = {one.family_name for one in teacher.learners.in_class("4B")} - {mei.family_name}
    for screen in form.screens:
        form.go(screen.name)
        form.refresh()
        assert not any(name in shown(form) for name in others)


def test_the_youngest_ask_with_pictures_and_hear_what_there_is(teacher: Workbench, mei: Learner) -> None:
    teacher.settings.choose(mei, band="K-2")
    form = PrepareForm.of(teacher, mei, today=TODAY)
    saved(form, "to/ask")
    wish = block(form, "wish/help")
    assert (wish["picture"], wish["label"]) == ("ask", "help")
    assert wish["says"] in next(one for one in blocks(form) if one["kind"] == "aloud")["say"]
