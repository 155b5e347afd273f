"""My class: who is next and why, flags as they rise, a week that can move, and a page that may stand on the board."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from widgets import ClassBoard, ConferenceStepper, GoalBoard, PrepareForm, WorryBoard
from widgets.my_class import entry
from workbench import Workbench
from workbench.classes.schedule import Why
from workbench.conferences.bookings import State
from workbench.ground.errors import NotAllowed
from workbench.ground.words import _, speaking
from workbench.learners.learners import Learner, SchoolClass
from workbench.learners.settings import AS_DEVICE, UNKNOWN
from workbench.sample import cast
from workbench.sample.demo import ACTOR, WORRIES
from workbench.workspace import Workspace

from ..conftest import clock, trusting
from ..ideas.test_classes import allowing
from ..ideas.test_worries import naming
from .test_widgets import Told, answer, block, blocks, pick, saved, shown

WEDNESDAY = date(2026, 11, 25)
SECRET = "I cannot do fractions and nobody may know"


@pytest.fixture
def class_(teacher: Workbench) -> SchoolClass:
    return teacher.learners.class_named("4B")


@pytest.fixture
def board(teacher: Workbench) -> ClassBoard:
    return ClassBoard(teacher, today=WEDNESDAY)


@pytest.fixture
def omar(teacher: Workbench) -> Learner:
    return teacher.learners.named(cast.OMAR)


def of_kind(form: ClassBoard, kind: str) -> list[dict[str, Any]]:
    return [one for one in blocks(form) if one["kind"] == kind]


def rows(form: ClassBoard, part: str) -> list[dict[str, Any]]:
    return [one for one in of_kind(form, "person") if one["name"].startswith(part)]


def calls(form: ClassBoard) -> list[dict[str, Any]]:
    """Who calls, in the order of the page."""
    return of_kind(form, "call")


def names_on(form: ClassBoard, teacher: Workbench, class_: SchoolClass) -> set[str]:
    """Whose whole or family names reach the page."""
    told = shown(form)
    return {one.name for one in teacher.learners.in_class(class_) if one.name in told}


class TestWhoIsNext:
    def test_stands_in_the_order_of_the_schedule_with_its_reasons(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        teacher.flags.raise_(omar, "help", words=SECRET)
        saved(board, "go/week")
        saved(board, "due/all")
        due = teacher.schedule.due(class_, on=WEDNESDAY)
        assert len(due) == 28
        assert [row["name"] for row in rows(board, "due/")] == [f"due/{one.learner}" for one in due]
        mine = next(one for one in due if one.learner == omar.id)
        row = block(board, f"due/{omar.id}")
        assert " · ".join(one["words"] for one in row["why"]) == mine.reasons
        amber = [one["words"] for one in row["why"] if one["look"] == "amber"]
        assert amber == [said for why, said in mine.why if why is Why.FLAG]

    def test_books_a_day_moves_it_and_takes_it_off_each_with_a_way_back(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        saved(board, "go/week")
        saved(board, "due/all")
        before = teacher.bookings.of(omar)
        saved(board, f"due/{omar.id}/day", "2026-11-26")
        (booked,) = [one for one in teacher.bookings.of(omar) if one.open]
        assert booked.on == date(2026, 11, 26)
        saved(board, f"due/{omar.id}/day", "")
        assert not [one for one in teacher.bookings.of(omar) if one.open]
        saved(board, "undo")
        (booked,) = [one for one in teacher.bookings.of(omar) if one.open]
        assert booked.on == date(2026, 11, 26)
        assert len(before) <= 1

    def test_any_row_leads_to_the_conference_and_back(self, board: ClassBoard, omar: Learner) -> None:
        box = board.then(ConferenceStepper.of)
        saved(board, "go/week")
        saved(board, "due/all")
        told = answer(board, f"due/{omar.id}/start")  # as in JupyterLab; a page of ours sends a form instead
        assert told[0]["kind"] == "saved"
        (stepper,) = box.children
        assert isinstance(stepper, ConferenceStepper)
        assert stepper.learner.id == omar.id
        answer(stepper, "leave")
        assert box.children == (board,)


class TestFlags:
    def test_are_seen_and_answered_with_words_or_without_and_the_answer_can_be_taken_back(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        flag = teacher.flags.raise_(omar, "help", urgency="now", words=SECRET, tried=["I asked a classmate"])
        board.refresh()
        drawn = block(board, f"flag/{flag.id}")
        assert (drawn["words"], drawn["urgent"]) == (SECRET, True)
        (call, *_others) = calls(board)
        assert (call["name"], drawn in call["inside"]) == (f"call/{omar.id}", True)
        assert "I asked a classmate" in drawn["tried"]
        saved(board, f"flag/{flag.id}/seen")
        assert teacher.flags.of(omar)[0].seen_at is not None
        saved(board, f"flag/{flag.id}/answer", "Come to the round table")
        assert teacher.flags.of(omar)[0].answer == "Come to the round table"
        assert of_kind(board, "flag") == []
        saved(board, "undo")
        assert [one["name"] for one in of_kind(board, "flag")] == [f"flag/{flag.id}"]
        saved(board, f"flag/{flag.id}/answer", "")
        assert not teacher.flags.of(omar)[0].up

    def test_of_other_classes_stay_there(self, demo: Path, board: ClassBoard) -> None:
        with Workbench.open(trusting(demo), actor="admin:office", clock=clock) as office:
            elsewhere = next(one for one in office.learners.classes() if one.name == "1A")
            office.flags.raise_(office.learners.in_class(elsewhere)[0], words=SECRET)
        board.refresh()
        assert of_kind(board, "flag") == []
        assert block(board, "news")["words"] == "No flag is up."

    def test_one_raised_elsewhere_shows_by_itself_until_the_page_is_closed(
        self, demo: Path, teacher: Workbench, omar: Learner
    ) -> None:
        async def wait() -> bool:
            board = ClassBoard(teacher, today=WEDNESDAY)
            with Workbench.open(demo, actor=ACTOR, clock=clock) as elsewhere:
                elsewhere.flags.raise_(omar, "help", words=SECRET)
            async with asyncio.timeout(60):
                while not of_kind(board, "flag"):
                    await asyncio.sleep(0.05)
            board.close()
            await asyncio.sleep(0)
            return board._watch.running

        assert not asyncio.run(wait())


class TestWhoNeedsMe:
    def test_each_call_is_dealt_with_on_its_row_and_can_be_taken_back(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        goal = teacher.goals.choose(omar, "Read ten pages", on=WEDNESDAY)
        look = teacher.progress.check_in(goal, on=WEDNESDAY, feeling="stuck", words=SECRET)
        board.refresh()
        assert calls(board)[0]["name"] == f"call/{omar.id}"
        assert SECRET in shown(board)
        saved(board, f"stuck/{look.id}/back", "Try it with me at ten")
        assert SECRET not in shown(board)
        assert teacher.responses.waiting(omar)[0].words == "Try it with me at ten"
        saved(board, "undo")
        assert SECRET in shown(board)
        assert teacher.responses.of(omar) == ()
        saved(board, f"stuck/{look.id}/heart")
        assert [one.heart for one in teacher.responses.of(omar)] == [True]
        assert answer(board, f"stuck/{look.id}/back", " ")[0]["kind"] == "refused"

    def test_a_goal_that_was_met_waits_with_its_celebration_until_it_is_ticked_off(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        goal = teacher.goals.choose(omar, "Read ten pages", on=WEDNESDAY)
        teacher.plans.shape(goal, celebrate="A quiet note")
        teacher.goals.revise(goal, state="met")
        board.refresh()
        assert "Celebrates: A quiet note" in shown(board)
        saved(board, f"met/{goal.id}/celebrated")
        assert "A quiet note" not in shown(board)
        assert [(one.goal, one.by) for one in teacher.celebrations.of(omar)] == [(goal.id, ACTOR)]
        saved(board, "undo")
        assert teacher.celebrations.of(omar) == ()
        assert "Celebrates: A quiet note" in shown(board)

    def test_one_kind_of_call_is_shown_alone_and_all_where_nobody_is_of_it_any_more(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        flag = teacher.flags.raise_(omar, "help")
        board.refresh()
        assert len(block(board, "glances")["rows"]) == 28
        saved(board, "calls/only", "asked")
        assert [one["name"] for one in calls(board)] == [f"call/{omar.id}"]
        assert [one["who"] for one in block(board, "glances")["rows"]] == [omar.name]
        saved(board, f"flag/{flag.id}/answer", "")
        assert len(block(board, "glances")["rows"]) == 28

    def test_a_class_with_whom_nobody_talked_is_one_sentence(self, board: ClassBoard, teacher: Workbench) -> None:
        told = shown(board)
        assert "We have not talked with 24 yet." in told
        assert "we have not talked yet" not in told
        few = len(rows(board, "call/"))
        saved(board, "calls/all")
        assert len(rows(board, "call/")) == 24 > few

    def test_each_name_leads_to_all_there_is_of_that_learner(self, board: ClassBoard, teacher: Workbench) -> None:
        ways = [one for one in of_kind(board, "start") if one["look"] == "name"]
        assert {one["app"] for one in ways} == {"year"}
        assert {one["learner"] for one in ways} == {one.id for one in teacher.learners.in_class("4B")}

    def test_who_is_stuck_elsewhere_shows_by_itself(self, demo: Path, teacher: Workbench, omar: Learner) -> None:
        async def wait() -> None:
            board = ClassBoard(teacher, today=WEDNESDAY)
            with Workbench.open(demo, actor=ACTOR, clock=clock) as elsewhere:
                goal = elsewhere.goals.choose(omar, "Read ten pages", on=WEDNESDAY)
                elsewhere.progress.check_in(goal, on=WEDNESDAY, feeling="stuck", words=SECRET)
            async with asyncio.timeout(60):
                while SECRET not in shown(board):
                    await asyncio.sleep(0.05)
            board.close()

        asyncio.run(wait())


class TestTheWeek:
    @pytest.fixture
    def board(self, teacher: Workbench) -> ClassBoard:
        board = ClassBoard(teacher, today=WEDNESDAY)
        saved(board, "go/week")
        return board

    def test_a_day_that_did_not_happen_moves_on_and_can_be_put_back(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        booked = teacher.bookings.book(omar, WEDNESDAY)
        board.refresh()
        saved(board, f"day/{WEDNESDAY}/lost")
        (moved,) = [one for one in teacher.bookings.of(omar) if one.id == booked.id]
        assert moved.on > WEDNESDAY
        assert moved.state is State.MOVED
        saved(board, "undo")
        assert teacher.bookings.of(omar)[0].on == WEDNESDAY

    def test_who_is_not_here_is_moved_alone(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        mei = teacher.learners.named("Mei Chen")
        here, away = teacher.bookings.book(mei, WEDNESDAY), teacher.bookings.book(omar, WEDNESDAY)
        board.refresh()
        saved(board, f"booked/{away.id}/away")
        assert [one.on for one in teacher.bookings.of(mei) if one.id == here.id] == [WEDNESDAY]
        assert [one.on > WEDNESDAY for one in teacher.bookings.of(omar) if one.id == away.id] == [True]

    def test_suggestions_are_booked_at_once_and_taken_back_at_once(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        before = teacher.bookings.of_class(class_.id)
        saved(board, "week/book")
        booked = [one for one in teacher.bookings.of_class(class_.id) if one not in before]
        assert booked
        saved(board, "undo")
        assert teacher.bookings.of_class(class_.id) == before

    def test_goes_into_a_calendar_with_no_more_of_names_than_was_chosen(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        teacher.bookings.book(omar, WEDNESDAY)
        board.refresh()

        def exported() -> str:
            told: Told = answer(board, "week/export")
            (file,) = [one for one in told if one["kind"] == "file"]
            assert file["name"].endswith(".ics")
            return str(file["text"])

        assert "Conference: O. H." in exported()
        saved(board, "week/names", "")
        text = exported()
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert "O. H." not in text
        saved(board, "week/names", "given")
        assert "Conference: Omar" in exported()

    def test_quick_checks_count(self, board: ClassBoard, teacher: Workbench, omar: Learner) -> None:
        check = teacher.conferences.start(omar, on=WEDNESDAY, protocol="quick")
        teacher.goals.choose(check, "Read ten minutes", on=WEDNESDAY)
        teacher.conferences.finish(check, on=WEDNESDAY)
        board.refresh()
        assert "0 full conferences · 1 quick check · 1 of 28 talked with" in shown(board)


class TestOnTheBoard:
    def test_flags_are_a_count_and_nothing_else_of_anybody_is_there(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        teacher.flags.raise_(omar, "help", words=SECRET)
        teacher.bookings.book(teacher.learners.named("Mei Chen"), WEDNESDAY)
        board.refresh()
        assert SECRET in shown(board)
        saved(board, "cover", True)
        told = shown(board)
        assert SECRET not in told
        assert names_on(board, teacher, class_) == set()  # who talks when is said by given names
        goals = teacher.goals.due(until=date(2027, 1, 1))
        assert goals
        assert not [one for one in goals if one.words in told]
        assert block(board, "news")["words"] == "1 flag is up."
        wednesday = block(board, f"day/{WEDNESDAY}")
        assert [row["who"] for one in wednesday["inside"] for row in one["rows"]] == ["Omar", "Mei"]
        assert "I asked a classmate" in told  # what the class agreed on helps there

    def test_stays_covered_while_flags_rise(self, board: ClassBoard, teacher: Workbench, omar: Learner) -> None:
        saved(board, "cover", True)
        teacher.flags.raise_(omar, "help", words=SECRET)
        board._look_out()
        assert block(board, "news")["words"] == "1 flag is up."
        assert SECRET not in shown(board)

    def test_two_of_the_same_name_are_told_apart(self, board: ClassBoard, teacher: Workbench) -> None:
        for name in ("Mateo Trujillo", "Mateo Ureña"):
            teacher.bookings.book(teacher.learners.named(name), WEDNESDAY)
        board.cover()
        board.refresh()
        wednesday = block(board, f"day/{WEDNESDAY}")
        told = {row["who"] for one in wednesday["inside"] for row in one["rows"]}
        assert {one for one in told if "Mateo" in one} == {"Mateo T.", "Mateo U."}


class TestToRead:
    def test_what_was_said_is_read_marked_and_unmarked(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        waiting = teacher.schedule.to_read(class_)
        saved(board, "go/read")
        first = waiting[0].conference
        said = next(iter(teacher.reflections.of(first).values()))
        assert said.words in shown(board)
        saved(board, f"read/{first}/mark")
        assert [one.conference for one in teacher.schedule.to_read(class_)] == [
            one.conference for one in waiting if one.conference != first
        ]
        saved(board, "undo")
        assert {one.conference for one in teacher.schedule.to_read(class_)} == {one.conference for one in waiting}
        assert [one.said_at for one in waiting] == sorted((one.said_at for one in waiting), reverse=True)
        saved(board, next(one["name"] for one in of_kind(board, "button") if one["name"].endswith("/all")))
        assert len(teacher.schedule.to_read(class_)) < len(waiting) - 1  # a group at once
        saved(board, "undo")
        assert teacher.schedule.to_read(class_) == waiting

    def test_a_heart_or_a_line_goes_back_to_the_child_and_what_was_said_counts_as_read(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        one, other = teacher.schedule.to_read(class_)[:2]
        saved(board, "go/read")
        saved(board, f"read/{one.conference}/heart")
        saved(board, f"read/{other.conference}/back", "I saw how you asked")
        (given,) = teacher.responses.of(other.learner)
        assert (given.about, given.words, given.heart) == (other.conference, "I saw how you asked", False)
        assert not {one.conference, other.conference} & {each.conference for each in teacher.schedule.to_read(class_)}
        saved(board, "undo")
        assert teacher.responses.of(other.learner) == ()
        assert other.conference in {each.conference for each in teacher.schedule.to_read(class_)}
        page = GoalBoard(teacher, one.learner, today=WEDNESDAY)
        assert "From my teacher" in shown(page)
        (heart,) = teacher.responses.waiting(one.learner)
        saved(page, f"response/{heart.id}/seen")
        assert "From my teacher" not in shown(page)
        assert teacher.responses.of(one.learner)[0].seen_on == WEDNESDAY

    def test_what_families_wrote_is_there_and_not_on_the_board(self, board: ClassBoard, teacher: Workbench) -> None:
        teacher.replies.add(teacher.learners.named(cast.LUZ), "wish", "Please call on Monday", via="phone")
        saved(board, "go/read")
        assert "What families wrote" in shown(board)
        assert "For you; Luz does not see it." in shown(board)
        board.cover()
        board.refresh()
        assert "Please call" not in shown(board)


class TestPaper:
    @pytest.fixture
    def paper(self, board: ClassBoard) -> ClassBoard:
        saved(board, "go/paper")
        return board

    def test_every_agreement_of_the_class_is_a_page_and_only_what_was_agreed_last(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        check = teacher.conferences.start(omar, on=WEDNESDAY, protocol="quick")
        teacher.goals.choose(check, "Read with my cousin", on=WEDNESDAY)
        teacher.conferences.finish(check, on=WEDNESDAY)
        saved(board, "go/paper")
        saved(board, "paper/what", "agreements")
        talked = [
            one for one in teacher.learners.in_class(class_) if any(c.finished for c in teacher.conferences.of(one))
        ]
        pages = [one for one in of_kind(board, "group") if one["name"].startswith("agreed/")]
        assert len(pages) == len(talked) > 1
        assert [one["name"] for one in pages if "Read with my cousin" in json.dumps(one)] == [f"agreed/{check.id}"]
        saved(board, "paper/whose", str(omar.id))
        assert [one["name"] for one in of_kind(board, "group") if one["name"].startswith("agreed/")] == [
            f"agreed/{check.id}"
        ]

    def test_each_sheet_is_one_learner_s_alone(
        self, paper: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        everybody = teacher.learners.in_class(class_)
        sheets = [one for one in blocks(paper) if one["name"].startswith("sheet/")]
        assert len(sheets) == 28
        for learner, sheet in zip(everybody, sheets, strict=True):
            told = json.dumps(sheet, ensure_ascii=False)
            assert [one.name for one in everybody if one.name in told] == [learner.name]
            assert "RIT" not in told

    def test_a_sheet_is_in_the_learner_s_band_and_language(
        self, paper: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        teacher.settings.choose(omar, band="K-2", language="es")
        saved(paper, "paper/whose", str(omar.id))
        (sheet,) = [one for one in blocks(paper) if one["name"].startswith("sheet/")]
        told = json.dumps(sheet, ensure_ascii=False)
        assert "Necesito ayuda" in told
        words = teacher.conferences.protocol_named("full", "K-2", "es")
        asked = [one.ask for one in words.prompts if one.prepare and one.kind != "evidence"]
        assert asked
        assert all(ask in told for ask in asked)

    def test_what_came_back_goes_into_the_conference_as_the_learner_s_words_typed_by_an_educator(
        self, paper: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        saved(paper, f"back/{omar.id}")
        (held,) = [one for one in teacher.conferences.of(omar) if not one.finished]
        saved(paper, f"entry/{held.id}/reflect/went-well", "I asked two questions")
        saved(paper, "back/next")
        said = teacher.reflections.of(held)["reflect", "went-well"]
        assert (said.words, said.said_by, said.typed_by) == ("I asked two questions", "learner", "educator")
        assert teacher.conferences.get(held).prepared_on == WEDNESDAY
        following = teacher.learners.in_class(paper.class_)
        after = following[following.index(omar) + 1]
        assert [one.finished for one in teacher.conferences.of(after)].count(False) == 1
        saved(paper, "back/list")  # nothing was typed, so nothing was begun
        assert [one.finished for one in teacher.conferences.of(after)].count(False) == 0

    def test_a_sheet_is_typed_in_in_its_own_language_and_what_is_ticked_becomes_a_flag_and_back(
        self, paper: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        teacher.settings.choose(omar, band="K-2", language="es")
        for one in teacher.conferences.of(omar):
            if not one.finished:
                teacher.conferences.leave(one)
        saved(paper, f"back/{omar.id}")
        (held,) = [one for one in teacher.conferences.of(omar) if not one.finished]
        own = [one["label"] for one in blocks(paper) if one["name"].endswith("strengths.own")]
        with speaking("es"):
            assert own == [_("In your own words")]
        boxes = f"entry/{held.id}/wishes"
        pick(paper, boxes, "help")
        pick(paper, boxes, "show")
        pick(paper, boxes, "show", picked=False)
        assert [one.kind for one in teacher.flags.of(omar) if one.up] == ["help"]

    def test_what_was_typed_before_a_reload_still_goes_where_it_belongs(
        self, paper: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        saved(paper, f"back/{omar.id}")
        (held,) = [one for one in teacher.conferences.of(omar) if not one.finished]
        again = ClassBoard(teacher, today=WEDNESDAY)
        saved(again, f"entry/{held.id}/reflect/went-well", "I asked two questions")
        assert teacher.reflections.of(held)["reflect", "went-well"].words == "I asked two questions"
        assert entry.keep_of(teacher, "due/all") is None

    def test_a_substitute_gets_the_questions_in_order_and_who_is_booked(
        self, paper: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        teacher.bookings.book(omar, WEDNESDAY)
        teacher.flags.raise_(omar, "help", words=SECRET)
        saved(paper, "paper/what", "script")
        script = json.dumps(block(paper, "script"), ensure_ascii=False)
        asked = [one.ask for one in teacher.conferences.protocol_named("quick", "3-5", "en").prompts]
        places = [script.index(ask) for ask in asked]
        assert places == sorted(places)
        assert [one.name for one in teacher.learners.in_class(class_) if one.name in script] == [omar.name]
        assert SECRET not in script


class TestWhatTheClassAgreedOn:
    def test_its_teacher_sets_days_and_what_to_try_first(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        saved(board, "go/agreed")
        saved(board, "agreed/three", "Read it again\n\nLook at the wall\nAsk a friend")
        saved(board, "agreed/days", {"words": "Tuesday", "picked": False})
        saved(board, "agreed/free", "1")
        saved(board, "agreed/count", "7")
        agreed = teacher.classes.of(class_)
        assert agreed.three_before_me == ("Read it again", "Look at the wall", "Ask a friend")
        assert (agreed.conference_days, agreed.catch_up_day, agreed.formal_a_week) == ((0, 2, 3), 1, 7)

    def test_a_week_without_a_day_for_conferences_is_refused_in_words(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        saved(board, "go/agreed")
        for day in ("Monday", "Tuesday", "Wednesday"):
            saved(board, "agreed/days", {"words": day, "picked": False})
        (told,) = answer(board, "agreed/days", {"words": "Thursday", "picked": False})
        assert told["sentence"] == "Conferences need at least one day of the week."
        assert teacher.classes.of(class_).conference_days == (3,)

    def test_each_choice_has_a_way_back(self, board: ClassBoard, teacher: Workbench, class_: SchoolClass) -> None:
        saved(board, "go/agreed")
        for name, value, kept in (
            ("count", "7", "formal_a_week"),
            ("free", "", "catch_up_day"),
            ("bell", "on", "bell"),
        ):
            before = getattr(teacher.classes.of(class_), kept)
            saved(board, f"agreed/{name}", value)
            assert getattr(teacher.classes.of(class_), kept) != before
            saved(board, "undo")
            assert getattr(teacher.classes.of(class_), kept) == before

    def test_an_earlier_wording_is_kept_and_comes_back(
        self, demo: Path, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        with Workbench.open(demo, actor=ACTOR, clock=lambda: clock() - timedelta(days=1)) as yesterday:
            yesterday.classes.choose(class_, agreements=["We whisper"])
        saved(board, "go/agreed")
        saved(board, "agreed/agreements", "We are quiet\nWe wait")
        assert "We whisper" not in shown(board)
        saved(board, "agreed/agreements/earlier")
        saved(board, "agreed/agreements/back/0")
        assert teacher.classes.of(class_).agreements == ("We whisper",)
        saved(board, "undo")
        assert teacher.classes.of(class_).agreements == ("We are quiet", "We wait")

    def test_its_agreements_stand_in_get_ready_in_the_conference_and_on_the_board(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        stepper = ConferenceStepper.of(teacher, omar, today=WEDNESDAY)
        assert not [one for one in stepper.screen["blocks"][0]["tools"] if one["name"] == "agreed"]
        saved(board, "go/agreed")
        saved(board, "agreed/agreements", "We whisper")
        stepper.refresh()
        assert "We whisper" not in shown(stepper)
        saved(stepper, "agreed")
        assert "We whisper" in shown(stepper)
        prepare = PrepareForm.of(teacher, omar, today=WEDNESDAY)
        saved(prepare, "reflect/went-well", "I asked")
        prepare.go("ready")
        prepare.refresh()
        assert "We whisper" in shown(prepare)
        saved(board, "cover", True)
        assert "We whisper" in shown(board)

    def test_what_is_expected_by_spring_is_shown_only_where_school_and_class_switched_it_on_and_never_to_the_youngest(
        self, demo: Path, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        def told(bench: Workbench) -> list[str]:
            stepper = ConferenceStepper.of(bench, omar, today=WEDNESDAY)
            rows = [row for one in blocks(stepper) if one["kind"] == "ranges" for row in one["rows"]]
            assert rows or stepper.band == "K-2"
            return [row["said"] for row in rows if row.get("expected")]

        saved(board, "go/agreed")
        assert "the school has not switched it on" in shown(board)
        assert answer(board, "agreed/projections", "on")[0]["kind"] == "refused"
        assert told(teacher) == []
        with Workbench.open(allowing(Workspace.open(demo), "true"), actor=ACTOR, clock=clock) as allowed:
            page = ClassBoard(allowed, today=WEDNESDAY)
            saved(page, "go/agreed")
            assert told(allowed) == []
            saved(page, "agreed/projections", "on")
            assert told(allowed)
            assert all(said.startswith("about ") for said in told(allowed))
            saved(page, "undo")
            assert told(allowed) == []
            saved(page, "agreed/projections", "on")
            for one in allowed.conferences.of(omar):
                if not one.finished:
                    allowed.conferences.leave(one)
            allowed.settings.choose(omar, band="K-2")
            assert told(allowed) == []


def test_a_stranger_sees_nobody_and_a_learner_is_told_whose_page_it_is(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t99", clock=clock) as stranger:
        assert [one["kind"] for one in ClassBoard(stranger, today=WEDNESDAY).screen["blocks"]] == ["empty"]
    with Workbench.open(demo, actor="learner:1004411", clock=clock) as learner:
        (only,) = ClassBoard(learner, today=WEDNESDAY).screen["blocks"]
        assert only["title"] == "This page is for teachers"


def test_another_s_class_cannot_be_opened_by_its_number(demo: Path, board: ClassBoard) -> None:
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        other = next(one for one in office.learners.classes() if one.name == "1A")
    (told,) = answer(board, "class", str(other.id))
    assert told["kind"] == "refused"
    with pytest.raises(NotAllowed), Workbench.open(demo, actor="teacher:t99", clock=clock) as stranger:
        stranger.classes.choose(board.class_, formal_a_week=3)


class TestPassingWordsOn:
    """What troubles a reader goes on from where it is read; the page names no worry, and the board shows none of it."""

    def test_an_answer_goes_to_the_adult_named_with_the_reader_s_why(
        self, demo: Path, board: ClassBoard, teacher: Workbench, class_: SchoolClass
    ) -> None:
        saved(board, "go/read")
        first = teacher.schedule.to_read(class_)[0].conference
        said = teacher.reflections.every(first)[0]
        saved(board, f"pass-on/{said.id}")
        assert "This goes to the adult the school named, and to nobody else." in shown(board)
        saved(board, f"pass-on/{said.id}/why", "Twice this week")
        assert block(board, f"pass-on/{said.id}")["label"].startswith("Concern shared")
        assert "Twice this week" not in shown(board)
        with Workbench.open(demo, actor=WORRIES, clock=clock) as named:
            (worry,) = named.worries.open()
            assert (worry.said, worry.words, worry.marked_by) == (said.words, "Twice this week", "Rivera, Ana")

    def test_so_do_a_flag_s_words_and_a_mark_is_never_on_the_board(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        flag = teacher.flags.raise_(omar, "help", words=SECRET)
        board.refresh()
        saved(board, f"pass-on/{flag.id}")
        saved(board, "cover", True)
        assert "pass-on" not in shown(board)
        saved(board, "cover", False)
        assert not [one for one in blocks(board) if one["name"].endswith("/panel")]  # closed meanwhile

    def test_a_reason_sent_after_a_reload_still_arrives(self, demo: Path, teacher: Workbench, omar: Learner) -> None:
        flag = teacher.flags.raise_(omar, "help", words=SECRET)
        saved(ClassBoard(teacher, today=WEDNESDAY), f"pass-on/{flag.id}/why", "Please talk to him")
        with Workbench.open(demo, actor=WORRIES, clock=clock) as named:
            assert [one.words for one in named.worries.open()] == ["Please talk to him"]

    def test_where_nobody_is_named_it_says_what_to_do_and_takes_nothing(self, demo: Path, omar: Learner) -> None:
        with Workbench.open(naming(Workspace.open(demo), ""), actor=ACTOR, clock=clock) as teacher:
            flag = teacher.flags.raise_(omar, "help", words=SECRET)
            board = ClassBoard(teacher, today=WEDNESDAY)
            saved(board, f"pass-on/{flag.id}")
            assert "Go to the person responsible yourself, now." in shown(board)
            assert answer(board, f"pass-on/{flag.id}/why", "He is unwell")[0]["kind"] == "refused"

    def test_in_a_conference_the_marks_are_folded_away_among_the_educator_s_notes(
        self, demo: Path, teacher: Workbench, omar: Learner
    ) -> None:
        stepper = ConferenceStepper.of(teacher, omar, today=WEDNESDAY)
        saved(stepper, "look/notice", SECRET)
        assert not [words for words in ("to share", "pass-on", "Share a concern") if words in shown(stepper)]
        saved(stepper, "notes")
        assert "Answers, to share a concern about" in shown(stepper)
        assert "Share a concern:" not in shown(stepper)
        saved(stepper, "note.answers")
        said = next(one for one in teacher.reflections.every(stepper.conference) if one.words == SECRET)
        saved(stepper, f"pass-on/{said.id}/why", "")
        saved(stepper, "notes")
        assert not [words for words in ("Concern shared", "pass-on", "Share a concern") if words in shown(stepper)]
        with Workbench.open(demo, actor=WORRIES, clock=clock) as named:
            assert [one.said for one in named.worries.open()] == [SECRET]


class TestTheAdultNamed:
    @pytest.fixture
    def worry(self, teacher: Workbench, omar: Learner) -> str:
        flag = teacher.flags.raise_(omar, "help", words=SECRET)
        teacher.worries.mark(flag, "Please talk to him")
        return flag.id

    def test_reads_one_at_a_time_writes_what_was_done_closes_and_opens_again(self, demo: Path, worry: str) -> None:
        with Workbench.open(demo, actor=WORRIES, clock=clock) as bench:
            page = WorryBoard(bench, today=WEDNESDAY)
            (one,) = bench.worries.open()
            assert "Omar Haddad" in shown(page)
            assert SECRET not in shown(page)  # a list may be glanced at
            saved(page, f"worry/{one.id}")
            assert SECRET in shown(page)
            assert "Please talk to him" in shown(page)
            assert bench.worries.waiting() == 0
            saved(page, f"worry/{one.id}/done", "I called his family")
            saved(page, "close")
            (closed,) = bench.worries.closed()
            assert (closed.done, closed.closed_at) == ("I called his family", clock())
            saved(page, "undo")
            assert [one.done for one in bench.worries.open()] == ["I called his family"]

    def test_shows_nothing_when_covered(self, demo: Path, worry: str) -> None:
        with Workbench.open(demo, actor=WORRIES, clock=clock) as bench:
            page = WorryBoard(bench, today=WEDNESDAY)
            page.read(bench.worries.open()[0].id)
            saved(page, "cover", True)
            assert "Omar" not in shown(page)
            assert SECRET not in shown(page)
            assert [one["kind"] for one in blocks(page) if one["kind"] in ("tabs", "person")] == []

    @pytest.mark.parametrize("actor", [ACTOR, "admin:office", "learner:1004411", "admin:c01"])
    def test_is_nobody_else_whose_page_is_the_same_with_and_without_entries(
        self, demo: Path, teacher: Workbench, omar: Learner, actor: str
    ) -> None:
        with Workbench.open(demo, actor=actor, clock=clock) as other:
            before = WorryBoard(other, today=WEDNESDAY).screen
            flag = teacher.flags.raise_(omar, "help", words=SECRET)
            teacher.worries.mark(flag)
            page = WorryBoard(other, today=WEDNESDAY)
            assert page.screen == before
            assert block(page, "")["title"] == "This page went away."
            for name in ("go/closed", f"worry/{flag.id}", f"worry/{flag.id}/done"):
                assert answer(page, name, "x")[0]["kind"] == "refused"


class TestTheirPages:
    def test_form_language_and_voice_are_set_in_private_each_with_a_way_back(
        self, board: ClassBoard, teacher: Workbench, omar: Learner
    ) -> None:
        saved(board, "go/pages")
        assert len(rows(board, "pages")) == 1 + 28  # the first is for everybody
        saved(board, f"pages/{omar.id}/band", "K-2")
        assert teacher.settings.of(omar).language == AS_DEVICE  # which nobody chose
        saved(board, f"pages/{omar.id}/language", "es")
        saved(board, f"pages/{omar.id}/aloud", "aloud")
        settings = teacher.settings.of(omar)
        assert (settings.language, settings.band, settings.read_aloud) == ("es", "K-2", True)
        saved(board, "undo")
        assert not teacher.settings.of(omar).read_aloud
        assert PrepareForm.of(teacher, omar).screen["language"] == "es"
        saved(board, f"pages/{omar.id}/home", "ar")
        assert teacher.settings.of(omar).home_language == "ar"
        saved(board, "undo")
        assert teacher.settings.of(omar).home_language == UNKNOWN
        board.cover()
        board.refresh()
        assert "K-2" not in json.dumps(board.screen)

    def test_everybody_is_set_at_once_and_undone_at_once(
        self, board: ClassBoard, teacher: Workbench, class_: SchoolClass, omar: Learner
    ) -> None:
        teacher.settings.choose(omar, band="K-2", language="es")
        saved(board, "go/pages")
        saved(board, "pages/all/band", "K-2")
        saved(board, "pages/all/language", "device")
        bands = {teacher.settings.of(one).band for one in teacher.learners.in_class(class_)}
        assert (bands, teacher.settings.of(omar).language) == ({"K-2"}, AS_DEVICE)
        saved(board, "undo")
        assert teacher.settings.of(omar).language == "es"
        saved(board, "pages/all/home_language", "es")
        assert {teacher.settings.of(one).home_language for one in teacher.learners.in_class(class_)} == {"es"}
        saved(board, "undo")
        saved(board, "pages/all/band", "3-5")
        saved(board, "undo")
        assert {teacher.settings.of(one).band for one in teacher.learners.in_class(class_)} == {"K-2"}
