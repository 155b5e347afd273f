"""Widgets: each keeps what is answered in it, shows nothing else, and says what goes wrong."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as ipw
import pytest
from ipywidgets.widgets.widget import _instances

import widgets
from widgets import (
    AuditBoard,
    ClassBoard,
    ConferenceStepper,
    Coverage,
    DataLoader,
    GoalBoard,
    GoalForm,
    LearnerPicker,
    MappingForm,
    MatchingForm,
    PlanForm,
    PrepareForm,
    ProfileForm,
    ReflectionForm,
    ReportsBoard,
    StrengthsForm,
    WorryBoard,
    YearBoard,
)
from widgets.conference.evidence import _of_these_days, _these_days
from widgets.kit.form import Form
from widgets.kit.vaults import vaults
from workbench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.strengths import Domain, Kind
from workbench.goals.goals import Horizon, State, usual_day
from workbench.goals.plans import StepKind
from workbench.ground.bands import BANDS, YOUNGEST
from workbench.ground.errors import NotAllowed, NotFound
from workbench.learners.learners import Learner
from workbench.reporting.topics import these_days

from ..conftest import TODAY, clock, trusting
from ..reports.test_reporting import a_year

FRIDAY = date(2026, 11, 27)
SECRET = "my cat Pablo is ill"

Told = list[dict[str, Any]]


def answer(form: Form, name: str, value: Any = True, number: str | None = None, **more: str) -> Told:
    """Hands a form what its page would send; returns what it answers."""
    told: Told = []
    form.send = lambda content, buffers=None: told.append(content)
    form._handle_custom_msg({"kind": "answer", "name": name, "value": value, "id": number, **more}, [])
    return told


def saved(form: Form, name: str, value: Any = True) -> None:
    """An answer that is kept."""
    told = answer(form, name, value)
    assert told == [{"kind": "saved", "name": name, "id": None}], told


def pick(form: Form, name: str, words: str, *, picked: bool = True) -> None:
    saved(form, name, {"words": words, "picked": picked})


def blocks(form: Form) -> list[dict[str, Any]]:
    """Every block that a form shows, whatever it is inside of."""

    def all_of(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for block in some for one in (block, *all_of(block.get("inside", [])))]

    return all_of(form.screen["blocks"])


def block(form: Form, name: str) -> dict[str, Any]:
    return next(one for one in blocks(form) if one["name"] == name)


def shown(form: Form) -> str:
    """Everything that reaches the page."""
    return json.dumps(form.get_state(), default=str, ensure_ascii=False)


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named("Mei Chen")


@pytest.fixture
def luz(teacher: Workbench) -> Learner:
    return teacher.learners.named("Luz Marín")


@pytest.fixture
def conference(teacher: Workbench, mei: Learner) -> Conference:
    return teacher.conferences.start(mei, on=TODAY)


def _log_of(bench: Workbench) -> Path:
    path = bench.workspace.folder / "log.csv"
    path.write_text("Student ID,Date,Laps\n1004411,9/14/2026,7\n", encoding="utf-8")
    return path


MAKE: dict[str, Callable[..., Form]] = {
    "AuditBoard": lambda bench, _held, **more: AuditBoard(bench, today=TODAY, **more),
    "ReportsBoard": lambda bench, _held, **more: ReportsBoard(bench, today=TODAY, **more),
    "ClassBoard": lambda bench, _held, **more: ClassBoard(bench, today=TODAY, **more),
    "ConferenceStepper": lambda bench, held, **more: ConferenceStepper(bench, held, today=TODAY, **more),
    "Coverage": lambda bench, _held, **more: Coverage(bench, **more),
    "DataLoader": lambda bench, _held, **more: DataLoader(bench, today=TODAY, **more),
    "GoalBoard": lambda bench, held, **more: GoalBoard(bench, held.learner, today=TODAY, **more),
    "YearBoard": lambda bench, held, **more: YearBoard(bench, held.learner, today=TODAY, **more),
    "GoalForm": lambda bench, held, **more: GoalForm(bench, held, today=TODAY, **more),
    "LearnerPicker": lambda bench, _held, **more: LearnerPicker(bench, **more),
    "MappingForm": lambda bench, _held, **more: MappingForm(bench, _log_of(bench), today=TODAY, **more),
    "MatchingForm": lambda bench, _held, **more: MatchingForm(bench, today=TODAY, **more),
    "PlanForm": lambda bench, held, **more: PlanForm(bench, held, today=TODAY, **more),
    "PrepareForm": lambda bench, held, **more: PrepareForm(bench, held, today=TODAY, **more),
    "WorryBoard": lambda bench, _held, **more: WorryBoard(bench, today=TODAY, **more),
    "ProfileForm": lambda bench, held, **more: ProfileForm(bench, held.learner, today=TODAY, **more),
    "ReflectionForm": lambda bench, held, **more: ReflectionForm(bench, held, **more),
    "StrengthsForm": lambda bench, held, **more: StrengthsForm(bench, held, **more),
}


def test_what_nobody_types_is_not_kept(teacher: Workbench, conference: Conference) -> None:
    form = GoalForm(teacher, conference, today=TODAY)
    name = next(one["name"] for one in blocks(form) if one["kind"] == "text")
    saved(form, name, "Read\x00 ten\n minutes \ud83d")
    assert [one.words for one in teacher.goals.of_learner(conference.learner)] == ["Read ten\n minutes"]


def test_a_device_finds_what_waits_when_the_workspace_was_moved(demo: Path) -> None:
    def names(folder: Path) -> list[tuple[str, str]]:
        with Workbench.open(folder, actor="teacher:t17") as bench:
            return [(one.name, one.key) for one in vaults(bench, "goals 1")]

    before = names(demo)
    assert names(demo.rename(demo.with_name("moved"))) == before


@pytest.mark.parametrize("name", widgets.__all__)
class TestEveryWidget:
    def test_refuses_an_unknown_keyword_and_names_the_near_ones(
        self, name: str, teacher: Workbench, conference: Conference
    ) -> None:
        with pytest.raises(TypeError, match=rf"{name} has no “layuot”.*layout"):
            MAKE[name](teacher, conference, layuot={})

    def test_takes_a_layout(self, name: str, teacher: Workbench, conference: Conference) -> None:
        assert MAKE[name](teacher, conference, layout=ipw.Layout(width="50%")).layout.width == "50%"

    def test_shows_no_data_where_it_is_printed_or_saved_as_text(
        self, name: str, teacher: Workbench, conference: Conference
    ) -> None:
        form = MAKE[name](teacher, conference)
        assert repr(form) == f"<{name}>"
        bundle = form._repr_mimebundle_()
        assert bundle is not None
        assert bundle[0]["text/plain"] == f"<{name}>"

    def test_brings_no_alert_at_first(self, name: str, teacher: Workbench, conference: Conference) -> None:
        assert "alert" not in MAKE[name](teacher, conference).screen

    def test_files_unsent_words_under_a_name_that_tells_nobody(
        self, name: str, teacher: Workbench, conference: Conference
    ) -> None:
        first, again = MAKE[name](teacher, conference), MAKE[name](teacher, conference)
        assert first.vault == again.vault  # the same after a reload
        assert conference.id not in first.vault


def test_nothing_is_made_at_import() -> None:
    code = "import widgets, ipywidgets.widgets.widget as w; print(len(w._instances))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_nobody_gets_a_form_of_a_learner_whom_they_do_not_teach(demo: Path, conference: Conference) -> None:
    with Workbench.open(demo, actor="teacher:t99") as stranger, pytest.raises(NotAllowed):
        GoalForm(stranger, conference.id)


class TestReflection:
    def test_keeps_words_and_the_question_as_it_was_asked(self, teacher: Workbench, conference: Conference) -> None:
        form = ReflectionForm(teacher, conference)
        saved(form, "reflect/went-well", "I could teach long division")
        saved(form, "reflect/went-well", "I could teach long division to Omar")
        kept = teacher.reflections.of(conference)["reflect", "went-well"]
        assert kept.words == "I could teach long division to Omar"
        assert kept.asked == block(form, "reflect/went-well")["label"]
        assert len(teacher.reflections.revisions(kept)) == 2

    def test_keeps_a_feeling_and_what_was_done_about_it(self, teacher: Workbench, conference: Conference) -> None:
        form = ReflectionForm(teacher, conference.id)
        saved(form, "reflect/felt", "tired")
        saved(form, "reflect/felt.words", "I asked for a break")
        kept = teacher.reflections.of(conference)["reflect", "felt"]
        assert (kept.choice, kept.words) == ("tired", "I asked for a break")

    def test_refuses_a_feeling_that_is_not_shown(self, teacher: Workbench, conference: Conference) -> None:
        (told,) = answer(ReflectionForm(teacher, conference), "reflect/felt", "enraged")
        assert told["kind"] == "refused"
        assert told["sentence"] == "This is not one of the choices."
        assert teacher.reflections.of(conference) == {}

    def test_shows_another_move_s_questions(self, teacher: Workbench, conference: Conference) -> None:
        form = ReflectionForm(teacher, conference, "part")
        saved(form, "part/lead", "I choose my goal")
        assert teacher.reflections.of(conference)["part", "lead"].choice == "I choose my goal"
        with pytest.raises(NotFound, match="reflect"):
            ReflectionForm(teacher, conference, "reflekt")

    def test_is_rebuilt_from_the_store(self, teacher: Workbench, conference: Conference) -> None:
        here, there = ReflectionForm(teacher, conference), ReflectionForm(teacher, conference)
        saved(here, "reflect/kept-trying", "I drew it")
        assert block(there, "reflect/kept-trying")["value"] == ""
        there.refresh()
        assert block(there, "reflect/kept-trying")["value"] == "I drew it"


class TestStrengths:
    def test_names_picked_and_own_ones_in_a_subject_and_beyond(
        self, teacher: Workbench, conference: Conference
    ) -> None:
        form = StrengthsForm(teacher, conference)
        pick(form, "name/strengths", "I read every day")
        saved(form, "name/strengths.own", "I look after my brother")
        pick(form, "name/needs", "I want to slow down and check")
        found = [(one.kind, one.domain, one.words) for one in teacher.strengths.of(conference)]
        assert found == [
            (Kind.STRENGTH, Domain.ACADEMIC, "I read every day"),
            (Kind.STRENGTH, Domain.BEYOND, "I look after my brother"),
            (Kind.NEED, Domain.BEYOND, "I want to slow down and check"),  # the protocol knows where it belongs
        ]

    def test_says_what_shows_it_and_moves_it_to_where_it_belongs(
        self, teacher: Workbench, conference: Conference
    ) -> None:
        form = StrengthsForm(teacher, conference)
        pick(form, "name/strengths", "I help my group")
        (one,) = teacher.strengths.of(conference)
        saved(form, f"name/strengths.{one.id}.shows", "the poster")
        saved(form, f"name/strengths.{one.id}.domain")
        (one,) = teacher.strengths.of(conference)
        assert (one.tied_to, one.domain) == ("the poster", Domain.ACADEMIC)

    def test_a_suggestion_says_where_it_is_from_and_is_worded_further_by_the_learner(
        self, teacher: Workbench, luz: Learner
    ) -> None:
        form = StrengthsForm(teacher, teacher.conferences.start(luz, on=TODAY))
        tips = {one["to"]: one["rows"] for one in blocks(form) if one["kind"] == "tips"}
        offered = {"words": "Next for me: spelling and punctuation", "why": "from your language test, fall 2026"}
        assert offered in tips["name/needs.own"]  # the one that is lower beyond chance
        assert "Going well: Kindness" in [one["words"] for one in tips["name/strengths.own"]]
        saved(form, "name/needs.own", "Next for me: spelling and punctuation, above all commas")
        (one,) = teacher.strengths.of(form.conference)
        assert (one.domain, one.words) == (Domain.ACADEMIC, "Next for me: spelling and punctuation, above all commas")
        assert one.tied_to == "Language, Fall 2026"
        assert "spelling and punctuation" not in [
            row["words"] for each in blocks(form) if each["kind"] == "tips" for row in each["rows"]
        ]
        (label,) = [one["label"] for one in blocks(form) if one["kind"] == "tips" and one["to"] == "name/needs.own"]
        assert label == "Nothing yet: in everything else"

    def test_the_youngest_pick_a_suggestion_as_a_picture_without_a_number(self, teacher: Workbench) -> None:
        with Workbench.open(trusting(teacher.workspace.folder), actor="admin:office", clock=clock) as office:
            tobi = office.learners.named("Tobi Adeyemi")
            form = StrengthsForm(office, office.conferences.prepare(tobi, on=TODAY, band="K-2"))
            (offered,) = [
                one for one in block(form, "name/strengths")["options"] if one["value"].startswith("Going well")
            ]
            assert (offered["label"], offered["picture"]) == ("Kindness", "star")
            pick(form, "name/strengths", offered["value"])
            (found,) = office.strengths.of(form.conference)
            assert (found.domain, found.tied_to) == (Domain.BEYOND, "")

    def test_what_is_removed_can_be_put_back(self, teacher: Workbench, conference: Conference) -> None:
        form = StrengthsForm(teacher, conference)
        pick(form, "name/needs", "I need help to start")
        (one,) = teacher.strengths.of(conference)
        saved(form, f"name/needs.{one.id}.remove")
        assert teacher.strengths.of(conference) == ()
        saved(form, "name/needs.undo")
        assert [kept.id for kept in teacher.strengths.of(conference)] == [one.id]
        pick(form, "name/needs", "I need help to start", picked=False)
        assert teacher.strengths.of(conference) == ()

    def test_words_sent_again_after_a_reload_are_named_once(self, teacher: Workbench, conference: Conference) -> None:
        form = StrengthsForm(teacher, conference)
        for _ in range(2):
            saved(form, "name/needs.own", "long texts")
            pick(form, "name/needs", "I want to slow down and check")
        assert len(teacher.strengths.of(conference)) == 2


class TestGoal:
    def test_the_first_words_choose_it_and_the_next_ones_revise_it(
        self, teacher: Workbench, conference: Conference
    ) -> None:
        form = GoalForm(teacher, conference, today=TODAY)
        saved(form, "goal/goal.horizon", "long")
        saved(form, "goal/goal.due", FRIDAY.isoformat())
        saved(form, "goal/goal", "Read ten")
        saved(form, "goal/goal", "Read ten minutes before bed")
        saved(form, "why/purpose", "It gets easier to fall asleep")
        (goal,) = teacher.goals.of(conference)
        assert (goal.words, goal.horizon, goal.due_on) == ("Read ten minutes before bed", Horizon.LONG, FRIDAY)
        assert (goal.purpose, goal.chosen_on) == ("It gets easier to fall asleep", TODAY)
        assert block(form, "goal/goal.due")["said"] == "Friday, in 6 days"

    @pytest.mark.parametrize("value", ["2026-11-20", "not a day", 7])
    def test_a_day_that_cannot_be_is_refused_with_a_sentence(
        self, teacher: Workbench, conference: Conference, value: Any
    ) -> None:
        form = GoalForm(teacher, conference, today=TODAY)
        saved(form, "goal/goal", "Read ten")
        (told,) = answer(form, "goal/goal.due", value)
        assert told["kind"] == "refused"
        assert told["sentence"]
        assert told["next"]
        assert teacher.goals.of(conference)[0].due_on == usual_day(Horizon.SHORT, TODAY)

    def test_emptied_words_leave_the_goal_as_it_was(self, teacher: Workbench, conference: Conference) -> None:
        form = GoalForm(teacher, conference, today=TODAY)
        saved(form, "goal/goal", "Read ten")
        (told,) = answer(form, "goal/goal", "  ")
        assert told["sentence"] == "The goal has no words yet."
        assert teacher.goals.of(conference)[0].words == "Read ten"


class TestPlan:
    @pytest.fixture
    def form(self, teacher: Workbench, conference: Conference) -> PlanForm:
        teacher.goals.choose(conference, "Read ten", on=TODAY)
        return PlanForm(teacher, conference, today=TODAY)

    def test_first_wants_a_goal(self, teacher: Workbench, conference: Conference) -> None:
        form = PlanForm(teacher, conference, today=TODAY)
        assert [one["kind"] for one in blocks(form)] == ["empty"]
        assert "First choose a goal" in shown(form)

    def test_keeps_ways_with_where_with_whom_and_with_what(
        self, teacher: Workbench, conference: Conference, form: PlanForm
    ) -> None:
        pick(form, "how/ways", "Practice with a partner")
        saved(form, "how/ways.own", "Count the stairs")
        (goal,) = teacher.goals.of(conference)
        step = teacher.plans.of(goal).steps[0]
        for field, words in (("place", "the hall"), ("partner", "Omar"), ("material", "tiles")):
            saved(form, f"how/ways.{step.id}.{field}", words)
        saved(form, "how/show", "Sing it")
        plan = teacher.plans.of(goal)
        assert [one.words for one in plan.steps] == ["Practice with a partner", "Count the stairs"]
        assert (plan.steps[0].place, plan.steps[0].partner, plan.steps[0].material) == ("the hall", "Omar", "tiles")
        assert plan.show == "Sing it"
        saved(form, f"how/ways.{step.id}.remove")
        saved(form, "how/ways.undo")
        assert teacher.plans.of(goal).steps == plan.steps

    def test_keeps_the_days(self, teacher: Workbench, conference: Conference, form: PlanForm) -> None:
        pick(form, "how/ways", "Practice with a partner")
        (goal,) = teacher.goals.of(conference)
        step = teacher.plans.of(goal).steps[0]
        saved(form, f"when/steps.{step.id}", "2026-11-24")
        pick(form, "when/steps", "Friday")
        saved(form, "when/steps.other", "2026-12-01")
        saved(form, "when/next", "2026-12-18")
        saved(form, "when/celebrate", "A quiet note")
        plan = teacher.plans.of(goal)
        assert [(one.kind, one.due_on) for one in plan.timeline] == [
            (StepKind.WAY, date(2026, 11, 24)),
            (StepKind.CHECK_IN, FRIDAY),
            (StepKind.CHECK_IN, date(2026, 12, 1)),
        ]
        assert (plan.next_conference_on, plan.celebrate) == (date(2026, 12, 18), "A quiet note")
        pick(form, "when/steps", "Friday", picked=False)
        assert len(teacher.plans.of(goal).timeline) == 2

    def test_takes_a_goal_or_its_id_as_well(self, teacher: Workbench, conference: Conference, form: PlanForm) -> None:
        (goal,) = teacher.goals.of(conference)
        for about in (goal, goal.id, conference.id):
            assert "Read ten" in shown(PlanForm(teacher, about, today=TODAY))


class TestConference:
    @pytest.fixture
    def stepper(self, teacher: Workbench, mei: Learner) -> ConferenceStepper:
        return ConferenceStepper.of(teacher, mei, today=TODAY)

    def test_opened_again_it_is_where_it_was_left_with_every_answer(
        self, teacher: Workbench, mei: Learner, stepper: ConferenceStepper
    ) -> None:
        saved(stepper, "look/notice", "Reading went up")
        saved(stepper, "go/reflect")
        saved(stepper, "reflect/felt", "calm")
        again = ConferenceStepper.of(teacher, mei, today=FRIDAY)
        assert again.conference.id == stepper.conference.id
        assert again.move.id == "reflect"
        assert block(again, "reflect/felt")["value"] == "calm"
        saved(again, "go/look")
        assert block(again, "look/notice")["value"] == "Reading went up"

    def test_an_answer_held_back_in_another_move_is_still_kept(
        self, teacher: Workbench, stepper: ConferenceStepper
    ) -> None:
        saved(stepper, "go/goal")
        saved(stepper, "reflect/went-well", "sent late")
        assert teacher.reflections.of(stepper.conference)["reflect", "went-well"].words == "sent late"

    def test_notes_the_evidence_that_was_on_the_table(self, teacher: Workbench, stepper: ConferenceStepper) -> None:
        on_the_table = set(teacher.conferences.get(stepper.conference).shown)
        assert on_the_table
        assert on_the_table <= {fact.key for fact in teacher.evidence.of(stepper.learner)}

    def test_brings_back_the_last_goal_and_hears_how_it_went(self, teacher: Workbench, luz: Learner) -> None:
        before = teacher.goals.of_learner(luz)[-1]
        stepper = ConferenceStepper.of(teacher, luz, today=TODAY)
        assert before.words in shown(stepper)
        saved(stepper, "look/evidence.went", "not yet")
        assert teacher.goals.get(before).state is State.NOT_YET

    def test_nothing_that_is_for_adults_reaches_the_shared_page(
        self, teacher: Workbench, stepper: ConferenceStepper
    ) -> None:
        for word in ("percentile", "norms", "projection", "average"):
            assert word not in shown(stepper).replace(stepper._esm, "").replace(stepper._css, "").lower()

    def test_the_youngest_see_no_scores_and_hear_what_they_did(self, teacher: Workbench, mei: Learner) -> None:
        teacher.settings.choose(mei, band="K-2")
        stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
        (told,) = [one for one in blocks(stepper) if one["kind"] == "told"]
        assert 1 < len(told["rows"]) <= 5
        assert not [one for one in blocks(stepper) if one["kind"] in ("ranges", "facts")]
        for row in told["rows"]:
            assert len(row["says"].split()) > len(row["label"].split())
            assert not re.search(r"\d", row["says"])

    def test_these_days_stand_beside_the_tests_and_the_youngest_hear_them_without_numbers(self) -> None:
        told = these_days(a_year(), TODAY)
        assert ["Homework", "4 of 5"] in _these_days(told).inside[1].shown["pairs"]
        says = [_of_these_days(one)[2] for one in told]
        assert "You did homework." in says
        assert not re.search(r"\d", " ".join(says))

    def test_marks_what_has_answers_as_done(self, stepper: ConferenceStepper) -> None:
        saved(stepper, "reflect/felt", "calm")
        path = block(stepper, "path")
        states = {move["title"]: move["state"] for step in path["steps"] for move in step["moves"]}
        assert states["Look at my progress"] == "here"
        assert states["Reflect"] == "done"
        assert states["Choose a goal"] == "ahead"

    def test_is_not_finished_without_a_goal(self, teacher: Workbench, stepper: ConferenceStepper) -> None:
        saved(stepper, "go/when")
        saved(stepper, "go/agreement")
        (told,) = answer(stepper, "finish")
        assert told["sentence"] == "The goal has no words yet."
        assert not teacher.conferences.get(stepper.conference).finished

    def test_is_finished_and_opened_again(self, teacher: Workbench, stepper: ConferenceStepper) -> None:
        saved(stepper, "goal/goal", "Read ten minutes")
        saved(stepper, "go/when")
        saved(stepper, "go/agreement")
        assert "Read ten minutes" in shown(stepper)
        saved(stepper, "finish")
        assert teacher.conferences.get(stepper.conference).finished_on == TODAY
        assert "This conference is finished." in shown(stepper)
        assert answer(stepper, "goal/goal", "sneaked in")[0]["kind"] == "refused"
        saved(stepper, "again")
        assert not teacher.conferences.get(stepper.conference).finished
        assert teacher.goals.of(stepper.conference)[0].words == "Read ten minutes"

    def test_the_goal_is_one_press_away_where_it_is_missing(self, stepper: ConferenceStepper) -> None:
        saved(stepper, "go/how")
        saved(stepper, "to/goal")
        assert stepper.move.id == "goal"


def step_through(teacher: Workbench, held: Conference) -> None:
    """Answers every prompt of a conference and finishes it, screen by screen."""
    stepper = ConferenceStepper(teacher, held, today=TODAY)
    met: set[str] = set()
    for _screen in range(40):
        assert "alert" not in stepper.screen
        for one in (one for _again in range(2) for one in blocks(stepper)):  # an answer may bring a further question
            if one["kind"] in ("choice", "faces") and not one["name"].endswith(".domain"):
                saved(stepper, one["name"], one["options"][-1]["value"])
            elif one["kind"] == "text":
                saved(stepper, one["name"], f"{held.band} {held.language}")
        fields = ("text", "choice", "faces", "menu", "day")
        asked = {one["name"].split(".")[0] for one in blocks(stepper) if one["kind"] in fields}
        met |= asked
        assert held.band != YOUNGEST or len(asked) <= 1
        (onward,) = [one["name"] for one in blocks(stepper) if one.get("look") == "primary"]
        if onward == "finish":
            break
        saved(stepper, onward)
    assert {
        f"{move.id}/{one.id}" for move in stepper.protocol.moves for one in move.prompts if one.saves != "shown"
    } <= met
    saved(stepper, "finish")
    assert teacher.conferences.get(held).finished
    assert "agreement" in [one["name"] for one in blocks(stepper)]


@pytest.mark.parametrize("protocol", ["buddy", "family", "full", "quick"])
def test_any_protocol_is_stepped_through_in_every_band_and_language(
    teacher: Workbench, luz: Learner, protocol: str
) -> None:
    for band in BANDS:
        for language in ("en", "es"):
            step_through(
                teacher, teacher.conferences.start(luz, on=TODAY, protocol=protocol, band=band, language=language)
            )


class TestQuickCheck:
    @pytest.fixture
    def quick(self, teacher: Workbench, luz: Learner) -> ConferenceStepper:
        return ConferenceStepper.of(teacher, luz, today=TODAY, protocol="quick")

    def test_is_one_screen_that_ends_with_a_date(
        self, teacher: Workbench, luz: Learner, quick: ConferenceStepper
    ) -> None:
        before = teacher.goals.of_learner(luz)[-1]
        assert before.words in shown(quick)
        saved(quick, "check/helped", "Reading with my sister")
        saved(quick, "check/turn", "Keep it")
        saved(quick, "check/next", "2026-12-01")
        assert "check/goal" not in [one["name"] for one in blocks(quick)]
        saved(quick, "finish")
        assert teacher.conferences.get(quick.conference).finished
        assert teacher.plans.of(before).next_conference_on == date(2026, 12, 1)
        agreed = json.dumps(quick.screen, ensure_ascii=False)
        assert before.words in agreed
        assert "Reading with my sister" in agreed
        assert "I am strong in" not in agreed

    def test_a_smaller_goal_begins_with_the_words_of_the_last_one(
        self, teacher: Workbench, luz: Learner, quick: ConferenceStepper
    ) -> None:
        before = teacher.goals.of_learner(luz)[-1]
        saved(quick, "check/turn", "Make it smaller")
        assert block(quick, "check/goal")["options"] == [before.words]
        saved(quick, "check/goal", "Read two pages")
        assert teacher.goals.get(before).state is State.NOT_YET
        saved(quick, "check/turn", "Keep it")  # thought again: the smaller one waits
        (smaller,) = teacher.goals.of(quick.conference)
        assert (teacher.goals.get(before).state, smaller.state) == (State.ACTIVE, State.SET_ASIDE)
        saved(quick, "check/turn", "Choose the next one")
        (smaller,) = teacher.goals.of(quick.conference)
        assert (teacher.goals.get(before).state, smaller.state) == (State.NOT_YET, State.ACTIVE)

    def test_a_goal_that_was_met_needs_no_next_one(
        self, teacher: Workbench, luz: Learner, quick: ConferenceStepper
    ) -> None:
        before = teacher.goals.of_learner(luz)[-1]
        saved(quick, "check/evidence.went", "met")
        names = [one["name"] for one in blocks(quick)]
        assert "check/turn" not in names
        assert block(quick, "check/goal")["value"] == ""
        saved(quick, "finish")
        assert teacher.conferences.get(quick.conference).finished
        assert before.words in shown(quick)
        assert "First choose a goal" not in shown(quick)

    def test_what_is_missing_is_said_beside_it(
        self, teacher: Workbench, luz: Learner, quick: ConferenceStepper
    ) -> None:
        assert answer(quick, "finish")[0]["about"] == "check/turn"
        saved(quick, "check/turn", "Choose the next one")
        assert answer(quick, "finish")[0]["about"] == "check/goal"
        saved(quick, "check/goal", "Read two pages")
        (chosen,) = teacher.goals.of(quick.conference)
        assert chosen.due_on == FRIDAY  # nobody said a day
        saved(quick, "finish")


class TestAnotherProtocol:
    def test_is_taken_up_on_the_page_and_an_empty_one_leaves_no_trace(self, teacher: Workbench, luz: Learner) -> None:
        stepper = ConferenceStepper.of(teacher, luz, today=TODAY)
        left = stepper.conference
        saved(stepper, "protocol", "quick")
        assert (stepper.conference.protocol, stepper.move.id) == ("quick", "check")
        assert [one.protocol for one in teacher.conferences.of(luz) if not one.finished] == ["quick"]
        saved(stepper, "check/helped", "My sister")
        saved(stepper, "protocol", "full")
        assert stepper.conference.id != left.id
        assert [one.protocol for one in teacher.conferences.of(luz) if not one.finished] == ["quick", "full"]
        saved(stepper, "protocol", "quick")
        assert block(stepper, "check/helped")["value"] == "My sister"


class TestTwoPages:
    """A learner's tablet and a teacher's laptop at one conference."""

    def test_both_answers_to_a_question_that_was_empty_are_shown_on_both(
        self, teacher: Workbench, conference: Conference
    ) -> None:
        tablet, laptop = (ReflectionForm(teacher, conference) for _page in range(2))
        saved(tablet, "reflect/went-well", "I read")
        saved(laptop, "reflect/went-well", "Mei explained it to Omar")
        saved(laptop, "reflect/went-well", "Mei explained it well")
        saved(tablet, "reflect/went-well", "I read every day")
        assert block(laptop, "reflect/went-well")["value"] == "Mei explained it well"
        assert block(tablet, "reflect/went-well")["value"] == "I read every day"
        laptop.refresh()
        for page in (tablet, laptop):
            for words in ("I read every day", "Mei explained it well"):
                assert words in json.dumps(page.screen)

    def test_an_educator_types_what_a_learner_says(self, teacher: Workbench, mei: Learner) -> None:
        stepper = ConferenceStepper.of(teacher, mei, today=TODAY)
        saved(stepper, "look/notice", "I see more")
        assert teacher.reflections.of(stepper.conference)["look", "notice"].typed_by == "learner"
        saved(stepper, "scribe")
        assert block(stepper, "path")["tools"][1]["pressed"] is True
        saved(stepper, "look/notice", "I see much more")
        said = teacher.reflections.of(stepper.conference)["look", "notice"]
        assert (said.said_by, said.typed_by) == ("learner", "educator")

    def test_a_drawing_is_kept_and_a_hostile_one_refused(self, teacher: Workbench, luz: Learner) -> None:
        held = teacher.conferences.start(luz, on=TODAY, band="K-2")
        form = ReflectionForm(teacher, held, "reflect")
        saved(form, "reflect/went-well.drawing", "[[[1,2],[3,4]]]")
        assert teacher.reflections.of(held)["reflect", "went-well"].drawing == "[[[1,2],[3,4]]]"
        (told,) = answer(form, "reflect/went-well.drawing", "<svg onload=alert(1)>")
        assert told["sentence"] == "This is not a drawing."


class TestNotes:
    def test_are_closed_until_asked_for_and_only_shared_ones_are_on_the_agreement(
        self, teacher: Workbench, luz: Learner
    ) -> None:
        teacher.goals.choose(held := teacher.conferences.start(luz, on=TODAY), "Read ten", on=TODAY)
        stepper = ConferenceStepper(teacher, held, today=TODAY)
        saved(stepper, "notes")
        saved(stepper, "note.new", "Seems tired on Mondays")
        saved(stepper, "note.for", "shared")
        saved(stepper, "note.new", "Luz asked two questions")
        assert "Seems tired on Mondays" in json.dumps(stepper.screen)
        saved(stepper, "notes")
        saved(stepper, "go/when")
        saved(stepper, "go/agreement")
        page = json.dumps(stepper.screen)
        assert "Luz asked two questions" in page
        assert "Seems tired on Mondays" not in page
        tired, _asked = teacher.notes.of(held)
        saved(stepper, "notes")
        saved(stepper, f"note.{tired.id}.remove")
        saved(stepper, "note.undo")
        assert len(teacher.notes.of(held)) == 2


class TestReadAloud:
    def test_each_question_of_whoever_wants_it_is_read_with_its_chips_and_their_own_words(
        self, teacher: Workbench, luz: Learner
    ) -> None:
        assert '"say"' not in json.dumps(ConferenceStepper.of(teacher, luz, today=TODAY).screen)
        teacher.settings.choose(luz, read_aloud=True)
        stepper = ConferenceStepper.of(teacher, luz, today=TODAY)
        saved(stepper, "look/notice", "I see more")
        notice = block(stepper, "look/notice")
        say = notice["aloud"]["say"]
        assert say[0] == "What do you notice?"
        assert set(notice["starters"]) < set(say)
        assert say[-1] == "I see more"

    def test_no_page_of_a_learner_tells_their_band(self, teacher: Workbench, luz: Learner) -> None:
        for band in BANDS:
            teacher.settings.choose(luz, band=band, read_aloud=True)
            for page in (ConferenceStepper.of, PrepareForm.of, GoalBoard):
                assert band not in json.dumps(page(teacher, luz, today=TODAY).screen)


class TestLanguage:
    def test_is_switched_on_the_page_and_the_words_of_the_learner_stay(self, teacher: Workbench, luz: Learner) -> None:
        stepper = ConferenceStepper.of(teacher, luz, today=TODAY)
        saved(stepper, "look/notice", "I see more")
        stepper._heard(stepper, {"kind": "speak", "language": "es"}, [])
        assert stepper.screen["language"] == "es"
        assert "¿Qué notas?" in shown(stepper)
        assert block(stepper, "look/notice")["value"] == "I see more"
        again = ConferenceStepper.of(teacher, luz, today=TODAY)
        assert again.screen["language"] == "es"
        again._heard(again, {"kind": "speak", "language": "fr"}, [])  # there are no words in it
        assert again.screen["language"] == "es"
        again._heard(again, {"kind": "speak", "language": "en"}, [])
        assert "What do you notice?" in shown(again)


class TestPicker:
    def test_offers_only_the_teacher_s_own_classes(self, teacher: Workbench, demo: Path) -> None:
        own = LearnerPicker(teacher)
        assert all(teacher.actor.code in dict(one.educators) for one in own._classes.values())
        with Workbench.open(demo, actor="admin:office", clock=clock) as office:
            assert len(LearnerPicker(office)._classes) > len(own._classes)

    def test_marks_open_conferences_and_tells_who_was_chosen(self, teacher: Workbench, luz: Learner) -> None:
        held = teacher.conferences.start(luz, on=TODAY)
        teacher.reflections.say(held, move="look", prompt="notice", asked="?", words="I read more")
        chosen: list[Learner] = []
        picker = LearnerPicker(teacher, on_choose=chosen.append)
        row = next(one for one in block(picker, "people")["rows"] if one["label"] == luz.name)
        assert row["mark"] == "Continue"
        saved(picker, row["name"])
        assert picker.learner == luz
        assert chosen == [luz]

    def test_shows_the_conference_of_whoever_is_chosen_and_the_list_again(
        self, teacher: Workbench, luz: Learner
    ) -> None:
        picker = LearnerPicker(teacher)
        box = picker.then(lambda *about, **more: ConferenceStepper.of(*about, today=TODAY, **more))
        saved(picker, f"learner/{luz.id}")
        (stepper,) = box.children
        assert stepper.learner == luz
        answer(stepper, "leave")
        assert box.children == (picker,)
        assert picker.learner is None

    def test_says_what_will_be_here_when_there_is_nobody(self, tmp_path: Path) -> None:
        from workbench.workspace import Workspace

        Workspace.create(tmp_path / "new")
        with Workbench.open(tmp_path / "new", actor="teacher:t1") as bench:
            assert "Your learners will be here" in shown(LearnerPicker(bench))

    def test_a_mistake_in_on_choose_becomes_a_sentence(
        self, teacher: Workbench, luz: Learner, caplog: pytest.LogCaptureFixture
    ) -> None:
        def breaks(learner: Learner) -> None:
            raise KeyError(f"{SECRET} {learner.name}")

        with caplog.at_level(logging.DEBUG):
            (told,) = answer(LearnerPicker(teacher, on_choose=breaks), f"learner/{luz.id}")
        assert told["sentence"] == "Something went wrong on our side; what you typed is still here."
        assert told["again"] == "later"  # the page keeps it
        (record,) = [one for one in caplog.records if one.name == "workbench.widgets"]
        assert "KeyError at" in record.getMessage()
        assert "learner/picker.py" in record.getMessage()
        assert record.exc_info is None
        assert SECRET not in caplog.text
        assert luz.name not in caplog.text


def test_what_cannot_be_drawn_is_an_alert_and_the_page_stays(
    teacher: Workbench, conference: Conference, caplog: pytest.LogCaptureFixture
) -> None:
    form = GoalForm(teacher, conference, today=TODAY)
    teacher.close()  # the store goes away under the page
    form._sheet.bench = None  # type: ignore[assignment]
    form.refresh()
    assert form.screen["alert"]["sentence"].startswith("Something went wrong on our side")
    assert "AttributeError at" in caplog.text


def test_an_answer_to_what_is_no_longer_there_is_refused(teacher: Workbench, conference: Conference) -> None:
    (told,) = answer(GoalForm(teacher, conference, today=TODAY), "gone/for-good", "x")
    assert told["sentence"] == "This page has moved on."


@pytest.mark.parametrize("content", [None, "x", [], {}, {"kind": "answer"}, {"kind": "answer", "name": 3}])
def test_nonsense_from_a_page_changes_nothing(teacher: Workbench, conference: Conference, content: Any) -> None:
    form = GoalForm(teacher, conference, today=TODAY)
    before = teacher.snapshot
    form._handle_custom_msg(content, [])
    assert teacher.snapshot == before


def test_an_answer_too_long_to_be_one_is_refused(teacher: Workbench, conference: Conference) -> None:
    (told,) = answer(ReflectionForm(teacher, conference), "reflect/went-well", "a" * 6000)
    assert told["sentence"] == "This is too long to keep."


def test_a_closed_conference_leaves_nothing_behind(teacher: Workbench, conference: Conference) -> None:
    before = set(_instances)
    ConferenceStepper(teacher, conference, today=TODAY).close()
    assert set(_instances) == before


def test_a_layout_of_somebody_s_own_outlives_a_form(teacher: Workbench, conference: Conference) -> None:
    shared = ipw.Layout(width="50%")
    ConferenceStepper(teacher, conference, today=TODAY, layout=shared).close()
    assert shared.model_id in _instances
    shared.close()


def test_a_conference_s_id_that_is_nobody_s_says_so(teacher: Workbench) -> None:
    with pytest.raises(NotFound):
        GoalForm(teacher, "no-such-id")
    with pytest.raises(NotFound):
        PlanForm(teacher, "no-such-id")
