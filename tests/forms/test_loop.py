"""The loop closes: help for who is stuck, what a teacher says back, and where one goes on to after a conference."""

from __future__ import annotations

import pytest

from widgets import ConferenceStepper, GoalBoard, PrepareForm, YearBoard
from workbench import Workbench
from workbench.classes.flags import Kind
from workbench.learners.learners import Learner
from workbench.sample import cast

from ..conftest import TODAY, clock
from .test_widgets import block, blocks, pick, saved, shown


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named(cast.MEI)


def own(teacher: Workbench, learner: Learner) -> Workbench:
    return Workbench.open(teacher.workspace, actor=f"learner:{learner.code}", clock=clock)


def test_who_is_stuck_is_offered_the_teacher_a_buddy_and_what_helps(teacher: Workbench, mei: Learner) -> None:
    goal = teacher.goals.choose(mei, "Read ten minutes before bed", on=TODAY)
    with own(teacher, mei) as learner:
        page = GoalBoard(learner, mei, today=TODAY)
        assert "What would help now?" not in shown(page)
        saved(page, f"goal/{goal.id}.feeling", "stuck")
        saved(page, f"goal/{goal.id}/ask/help")
        assert [one.kind for one in learner.flags.of(mei)] == [Kind.HELP]
        assert "Your flag is up." in shown(page)
        pick(page, f"goal/{goal.id}/supports", "Find a quieter place")
        assert [one.words for one in learner.plans.of(goal).steps] == ["Find a quieter place"]
        pick(page, f"goal/{goal.id}/supports", "Find a quieter place", picked=False)
        assert learner.plans.of(goal).steps == ()
        assert block(page, f"goal/{goal.id}/ask/buddy")
    teacher.buddies.pair(mei, teacher.learners.named(cast.OMAR))
    with own(teacher, mei) as learner:
        assert "Look at it with Omar" in shown(GoalBoard(learner, mei, today=TODAY))


@pytest.mark.parametrize("make", [PrepareForm.of, GoalBoard, YearBoard])
def test_what_was_said_back_stands_on_the_next_page_as_a_picture_read_aloud_until_it_is_seen(
    teacher: Workbench, mei: Learner, make: type[GoalBoard]
) -> None:
    teacher.settings.choose(mei, band="K-2")
    goal = teacher.goals.choose(mei, "Read", on=TODAY)
    look = teacher.progress.check_in(goal, on=TODAY, feeling="stuck")
    given = teacher.responses.give(look, on=TODAY, heart=True, words="Come to me")
    with own(teacher, mei) as learner:
        page = make(learner, mei, today=TODAY)
        card = block(page, "responses")
        assert [one["picture"] for one in blocks(page) if one["kind"] == "pictured"] == ["help"] * (
            1 + (make is YearBoard)
        )
        assert card["inside"][0]["inside"][1]["say"] == ["From my teacher", "A heart", "Come to me"]
        saved(page, f"response/{given.id}/seen")
        assert not [one for one in blocks(page) if one["name"] == "responses"]
        assert "Come to me" in shown(YearBoard(learner, mei, today=TODAY))


def test_after_a_conference_an_educator_goes_on_to_who_is_next_and_a_learner_sees_nobody(
    teacher: Workbench, mei: Learner
) -> None:
    omar = teacher.learners.named(cast.OMAR)
    teacher.flags.raise_(omar, "help", urgency="now")
    stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
    teacher.goals.choose(stepper.conference, "Read", on=TODAY)
    stepper.go("agreement")
    stepper.refresh()
    assert not [one for one in blocks(stepper) if one["name"] == "onward"]
    saved(stepper, "finish")
    assert block(stepper, "joy")["words"] == "This conference is finished. Thank you, Mei."
    ways = {one["name"]: one for one in blocks(stepper) if one["name"].startswith("onward/")}
    assert (ways["onward/next"]["learner"], ways["onward/next"]["app"]) == (omar.id, "conference")
    assert "Omar" not in shown(stepper)  # who sits beside the educator reads it, too
    assert (ways["onward/class"]["app"], ways["onward/year"]["app"]) == ("my_class", "year")
    with own(teacher, mei) as learner:
        page = ConferenceStepper(learner, stepper.conference, today=TODAY)
        assert "Omar" not in shown(page)
        assert not [one for one in blocks(page) if one["kind"] == "start"]


def test_a_learner_s_page_leads_an_educator_everywhere_and_opens_each_thing_as_it_was(
    teacher: Workbench, mei: Learner
) -> None:
    goal = teacher.goals.choose(mei, "Read ten minutes before bed", on=TODAY, purpose="I like it")
    teacher.plans.shape(goal, celebrate="A quiet note")
    teacher.progress.check_in(goal, on=TODAY, feeling="slow", words="I forgot twice")
    page = YearBoard(teacher, mei, today=TODAY)
    apps = {one["app"] for one in blocks(page) if one["kind"] == "start"}
    assert apps == {"conference", "goals", "prepare", "profile", "report"}
    saved(page, f"open/{goal.id}")
    for words in ("I like it", "A quiet note", "I forgot twice", "Getting there"):
        assert words in shown(page)
    saved(page, "back")
    with own(teacher, mei) as learner:
        assert not [one for one in blocks(YearBoard(learner, mei, today=TODAY)) if one["kind"] == "start"]


def test_earlier_school_years_are_folded_until_they_are_asked_for(teacher: Workbench, mei: Learner) -> None:
    page = YearBoard(teacher, mei, today=TODAY)
    (first, *_rest) = [one for one in blocks(page) if one["name"].startswith("unfold/")]
    before = len(shown(page))
    saved(page, first["name"])
    assert len(shown(page)) > before
