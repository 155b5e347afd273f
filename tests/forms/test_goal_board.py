"""The board of goals: chosen with help, followed in two clicks, changed, met or not yet; every turn is undone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from widgets import GoalBoard
from workbench import Workbench
from workbench.conferences.conferences import Conference
from workbench.evidence.evidence import Evidence
from workbench.goals import targets
from workbench.goals.goals import Goal, Horizon, State, long_above
from workbench.goals.help import Rule
from workbench.ground.errors import BadInput
from workbench.learners.learners import Learner
from workbench.sample import cast

from ..conftest import ROOT, TODAY
from .test_widgets import answer, block, blocks, saved, shown

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def mei(teacher: Workbench) -> Learner:
    return teacher.learners.named(cast.MEI)


@pytest.fixture
def board(teacher: Workbench, mei: Learner) -> GoalBoard:
    return GoalBoard(teacher, mei, today=TODAY)


@pytest.fixture
def goal(teacher: Workbench, mei: Learner) -> Goal:
    return teacher.goals.choose(mei, "Read ten minutes before bed", on=TODAY, due_on=FRIDAY, area="reading")


def kinds(board: GoalBoard) -> list[str]:
    return [one["kind"] for one in blocks(board)]


def cards(board: GoalBoard) -> list[str]:
    return [one["words"] for one in blocks(board) if one["kind"] == "goal"]


def sentences(board: GoalBoard) -> list[str]:
    return [said for one in blocks(board) if one["kind"] == "advice" for said in one["sentences"]]


def again(board: GoalBoard) -> GoalBoard:
    """The page reloaded."""
    return GoalBoard(board.bench, board.learner, today=TODAY)


class TestTheBoard:
    def test_an_empty_one_says_the_one_thing_to_do(self, board: GoalBoard) -> None:
        assert "empty" in kinds(board)
        saved(board, "new")
        assert block(board, "new/words")["label"] == "What will you try?"

    def test_a_small_goal_hangs_from_its_long_one_also_by_way_of_one_not_met(
        self, teacher: Workbench, mei: Learner
    ) -> None:
        choose = teacher.goals.choose
        long = choose(mei, "Read the whole volcano book", on=TODAY, horizon=Horizon.LONG)
        short = choose(mei, "Read two chapters", on=TODAY, parent=long)
        teacher.goals.revise(short, state=State.NOT_YET)
        small = choose(mei, "Read one page", on=TODAY, horizon=Horizon.TODAY, parent=short)
        alone = choose(mei, "Pack my bag", on=TODAY)
        assert long_above(small, teacher.goals.of_learner(mei)) == long
        strands = [one for one in blocks(GoalBoard(teacher, mei, today=TODAY)) if one["kind"] == "strand"]
        under = [[one["words"] for cell in strand["inside"] for one in cell["inside"]] for strand in strands]
        assert under == [[long.words, small.words], [alone.words]]
        assert [strand["hangs"] for strand in strands] == [True, False]

    def test_it_tells_of_nobody_else(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        told = shown(again(board))
        others = [one for one in teacher.learners.in_class(teacher.learners.classes()[0]) if one.id != board.learner.id]
        assert others
        assert not [one.name for one in others if one.name in told]

    def test_a_goal_of_another_learner_takes_no_answer_here(self, teacher: Workbench, board: GoalBoard) -> None:
        luz = teacher.learners.named(cast.LUZ)
        hers = teacher.goals.of_learner(luz)[-1]
        (told,) = answer(board, f"change/{hers.id}/words", "Mine now")
        assert told["kind"] == "refused"
        assert teacher.goals.get(hers).words == hers.words


class TestANewGoal:
    def test_through_a_door_each_answer_goes_where_it_belongs(
        self, teacher: Workbench, board: GoalBoard, mei: Learner
    ) -> None:
        saved(board, "new")
        saved(board, "new/area", "habits")
        saved(board, "new/door", "smart")
        assert block(board, "new/words")["label"] == "What exactly will you do?"
        saved(board, "new/words", "Pack my bag before supper")
        saved(board, "new/asked.show", "Dad sees it by the door")
        saved(board, "new/asked.purpose", "I have my book with me")
        saved(board, "new/asked.due", FRIDAY.isoformat())
        (made,) = teacher.goals.of_learner(mei)
        assert (made.words, made.purpose, made.area, made.due_on) == (
            "Pack my bag before supper", "I have my book with me", "habits", FRIDAY,
        )  # fmt: skip
        assert teacher.plans.of(made).show == "Dad sees it by the door"
        saved(board, "done")
        assert cards(board) == [made.words]

    def test_an_obstacle_and_what_one_does_then_become_a_step(self, teacher: Workbench, board: GoalBoard) -> None:
        saved(board, "new")
        saved(board, "new/door", "woop")
        saved(board, "new/words", "Read ten minutes before bed")
        saved(board, "new/asked.answer", "I read in the morning")
        saved(board, "new/asked.obstacle", "I am tired")
        (made,) = teacher.goals.of_learner(board.learner)
        (step,) = teacher.plans.of(made).steps
        assert step.words == "I am tired → I read in the morning"
        assert block(board, "new/asked.obstacle")["value"] == "I am tired"

    def test_examples_are_of_the_area_chosen_and_go_into_the_box(self, board: GoalBoard) -> None:
        saved(board, "new")
        assert "examples" not in kinds(board)
        saved(board, "new/area", "mathematics")
        (shown_,) = [one for one in blocks(board) if one["kind"] == "examples"]
        assert shown_["to"] == "new/words"
        assert shown_["rows"][0]["vague"] == "Be good at fractions"

    def test_the_adviser_is_quiet_beneath_and_stops_nothing(self, teacher: Workbench, board: GoalBoard) -> None:
        saved(board, "new")
        saved(board, "new/words", "Fractions")
        assert any("What will you do?" in one for one in sentences(board))
        saved(board, "done")
        assert cards(board) == ["Fractions"]

    def test_words_sent_again_after_a_reload_are_one_goal(
        self, teacher: Workbench, board: GoalBoard, mei: Learner
    ) -> None:
        saved(board, "new")
        saved(board, "new/words", "Read te")
        reloaded = again(board)
        saved(reloaded, "new/words", "Read ten minutes")
        assert [one.words for one in teacher.goals.of_learner(mei)] == ["Read ten minutes"]

    def test_words_that_come_late_make_their_own_goal_beside_one_made_meanwhile(
        self, teacher: Workbench, board: GoalBoard, mei: Learner
    ) -> None:
        saved(board, "new")
        there = board.screen["key"]
        teacher.goals.choose(mei, "Made meanwhile", on=TODAY)
        reloaded = again(board)
        saved(reloaded, "new")  # and on the page of another new one
        for name, value in (("new/area", "habits"), ("new/words", "Pack my bag"), ("new/purpose", "Less to carry")):
            assert answer(reloaded, name, value, at=there)[-1]["kind"] == "saved"
        saved(reloaded, "new/words", "A third")
        made = teacher.goals.of_learner(mei)
        assert [one.words for one in made] == ["Made meanwhile", "Pack my bag", "A third"]
        assert [one.purpose for one in made] == ["", "Less to carry", ""]

    def test_what_comes_late_for_one_takes_nothing_from_another_that_is_open(
        self, teacher: Workbench, board: GoalBoard, mei: Learner
    ) -> None:
        saved(board, "new")
        there = board.screen["key"]
        reloaded = again(board)
        saved(reloaded, "new")
        saved(reloaded, "new/area", "mathematics")
        for name, value in (("new/area", "habits"), ("new/words", "Pack my bag")):
            assert answer(reloaded, name, value, at=there)[-1]["kind"] == "saved"
        saved(reloaded, "new/words", "Count to ten")
        assert {one.words: one.area for one in teacher.goals.of_learner(mei)} == {
            "Pack my bag": "habits", "Count to ten": "mathematics",
        }  # fmt: skip

    def test_the_youngest_pick_a_whole_goal_of_few_words(self, teacher: Workbench, mei: Learner) -> None:
        teacher.settings.choose(mei, band="K-2")
        board = GoalBoard(teacher, mei, today=TODAY)
        saved(board, "new")
        saved(board, "new/area", "reading")
        offered = [one["value"] for one in block(board, "new/words")["options"]]
        assert all(len(one.split()) <= 8 for one in offered)
        saved(board, "new/words", offered[0])
        saved(board, "done")
        assert cards(board) == [offered[0]]
        assert board.screen["size"] == 24


class TestHowItIsGoing:
    def test_a_face_is_a_check_in_and_another_face_the_same_one(
        self, teacher: Workbench, board: GoalBoard, goal: Goal
    ) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.feeling", "slow")
        saved(board, f"goal/{goal.id}.feeling", "great")
        saved(board, f"goal/{goal.id}.words", "I finished the chapter")
        (look,) = teacher.progress.of(goal)
        assert (look.feeling, look.words, look.held_on) == ("great", "I finished the chapter", TODAY)

    def test_it_can_be_taken_back_and_put_there_again(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.feeling", "stuck")
        saved(board, f"goal/{goal.id}.back")
        assert teacher.progress.of(goal) == ()
        saved(board, "undo")
        assert [one.feeling for one in teacher.progress.of(goal)] == ["stuck"]

    def test_the_number_is_read_from_the_newest_evidence_by_itself(self, teacher: Workbench) -> None:
        luz = teacher.learners.named(cast.LUZ)
        known = teacher.evidence.of(luz)
        measure = next(key for key in targets.offers(known, TODAY) if key.startswith("myon | minutes read"))
        goal = teacher.goals.choose(luz, "Read on myON", on=TODAY, measure=measure, target="60")
        saved(GoalBoard(teacher, luz, today=TODAY), f"goal/{goal.id}.feeling", "going")
        (look,) = teacher.progress.of(goal)
        newest = max(
            (one for one in known if one.source == "myon" and one.measure == "minutes read"),
            key=lambda one: one.taken_on,
        )
        assert (look.number, look.measure) == (newest.value, measure)

    def test_the_path_marks_today_and_stays_short(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        teacher.goals.revise(goal, due_on=TODAY + timedelta(days=40))
        for ahead in range(1, 20):
            teacher.plans.add_step(goal, f"Page {ahead}", due_on=TODAY + timedelta(days=ahead))
        (trail,) = [one for one in blocks(again(board)) if one["kind"] == "goal-path"]
        stops = trail["stops"]
        assert len(stops) <= 8
        assert [one["on"] for one in stops].count("today") == 1
        assert stops[-1]["kind"] == "due"


class TestNotYet:
    def test_a_smaller_one_is_linked_and_what_was_learned_is_kept(
        self, teacher: Workbench, board: GoalBoard, goal: Goal, mei: Learner
    ) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.not-yet")
        saved(board, f"not-yet/{goal.id}/did", "Three evenings")
        saved(board, f"not-yet/{goal.id}/hard", "We had guests")
        assert teacher.goals.get(goal).state is State.ACTIVE  # nothing is chosen yet
        saved(board, "smaller")
        assert teacher.goals.get(goal).state is State.NOT_YET
        saved(board, "new/words", "Read one page before bed")
        first, small = teacher.goals.of_learner(mei)
        assert first.learned == "Three evenings\nWe had guests"
        assert (small.parent, small.area) == (first.id, first.area)

    def test_the_same_goes_on_with_a_new_day(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.not-yet")
        saved(board, "same")
        kept = teacher.goals.get(goal)
        assert kept.state is State.ACTIVE
        assert kept.due_on == date(2026, 11, 30)  # a week on is a Saturday
        saved(board, "undo")
        again_now = teacher.goals.get(goal)
        assert (again_now.state, again_now.due_on) == (State.ACTIVE, FRIDAY)

    def test_whoever_looks_and_goes_back_still_has_the_goal(
        self, teacher: Workbench, board: GoalBoard, goal: Goal
    ) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.not-yet")
        saved(board, "board")
        assert teacher.goals.get(goal).state is State.ACTIVE

    @pytest.mark.parametrize("way", ["stop", "another", "smaller"])
    def test_an_ending_is_taken_back_where_one_comes_to(
        self, teacher: Workbench, board: GoalBoard, goal: Goal, way: str
    ) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.not-yet")
        saved(board, way)
        assert teacher.goals.get(goal).state is State.NOT_YET
        saved(board, "undo")
        assert teacher.goals.get(goal).state is State.ACTIVE

    def test_a_small_goal_cannot_hang_under_one_that_goes_on(
        self, teacher: Workbench, goal: Goal, mei: Learner
    ) -> None:
        with pytest.raises(BadInput):
            teacher.goals.choose(mei, "One page", on=TODAY, parent=goal)


class TestMet:
    def test_it_becomes_a_star_with_what_was_learned(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.met")
        saved(board, f"met/{goal.id}/learned", "Ten minutes is short")
        saved(board, f"met/{goal.id}/celebrate", "Tell my family")
        saved(board, "done")
        (row,) = block(board, "stars")["rows"]
        assert (row["words"], row["met"], row["learned"]) == (goal.words, True, "Ten minutes is short")
        assert teacher.plans.of(goal).celebrate == "Tell my family"
        assert cards(board) == []

    def test_it_can_be_undone_at_once_and_later(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.met")
        saved(board, "done")
        saved(board, "undo")
        assert cards(board) == [goal.words]
        saved(board, f"goal/{goal.id}.met")
        later = again(board)
        saved(later, f"star/{goal.id}")
        saved(later, "again")
        assert cards(later) == [goal.words]


class TestChanging:
    def test_it_is_changed_with_the_reason(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.change")
        saved(board, f"change/{goal.id}/words", "Read five minutes before bed")
        saved(board, f"change/{goal.id}/why-changed", "Ten was too long")
        kept = teacher.goals.get(goal)
        assert (kept.words, kept.why_changed) == ("Read five minutes before bed", "Ten was too long")

    def test_what_is_taken_off_comes_back(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        board = again(board)
        saved(board, f"goal/{goal.id}.change")
        saved(board, "remove")
        assert cards(board) == []
        saved(board, "undo")
        assert cards(board) == [goal.words]

    def test_words_held_while_the_page_was_reloaded_are_kept(
        self, teacher: Workbench, board: GoalBoard, goal: Goal
    ) -> None:
        saved(again(board), f"change/{goal.id}/words", "Read five minutes")
        assert teacher.goals.get(goal).words == "Read five minutes"

    def test_a_goal_of_a_day_is_shared_with_buddies(self, teacher: Workbench, board: GoalBoard, goal: Goal) -> None:
        teacher.buddies.pair(goal.learner, teacher.learners.named("Omar Haddad"))
        board = again(board)
        saved(board, f"goal/{goal.id}.change")
        saved(board, f"change/{goal.id}/horizon", "today")
        saved(board, f"change/{goal.id}/shared")
        kept = teacher.goals.get(goal)
        assert (kept.horizon, kept.due_on, kept.shared) == (Horizon.TODAY, TODAY, True)


class TestATarget:
    def test_one_far_beyond_the_learner_s_own_weeks_gets_a_first_step(self, goal: Goal) -> None:
        weeks = [_minutes(TODAY - timedelta(weeks=week), value) for week, value in enumerate((20, 22, 18, 20, 21))]
        aim = replace(goal, measure="myon | minutes read |  | minutes", target="60 minutes")
        advice = targets.advise(aim, weeks, on=TODAY)
        assert advice is not None
        assert advice.rule is Rule.PACE
        assert "3 times" in advice.sentence
        assert targets.advise(replace(aim, target="21"), weeks, on=TODAY) is None
        assert targets.advise(replace(aim, target="a lot"), weeks, on=TODAY) is None

    def test_a_level_is_held_against_the_learner_s_own_pace(self, goal: Goal) -> None:
        facts = [
            replace(_minutes(TODAY - timedelta(weeks=week), 12.0 - week), measure="level", unit="level", source="own")
            for week in range(5)
        ]
        aim = replace(goal, measure="own | level |  | level", target="20", due_on=TODAY + timedelta(weeks=2))
        advice = targets.advise(aim, facts, on=TODAY)
        assert advice is not None
        assert "4 times" in advice.sentence


def _minutes(on: date, value: float) -> Evidence:
    return Evidence(1, on.toordinal(), "myon", "minutes read", "", on, "Fall 2026-2027", "", float(value), "minutes")


def test_the_goal_of_a_conference_gets_the_same_help(teacher: Workbench, mei: Learner) -> None:
    from widgets import GoalForm

    held: Conference = teacher.conferences.start(mei, on=TODAY)
    form = GoalForm(teacher, held, today=TODAY)
    saved(form, "goal/goal", "Fractions")
    assert [one for one in blocks(form) if one["kind"] == "advice"]


def test_no_kind_of_block_is_drawn_in_two_places() -> None:
    tables = [
        table
        for path in (ROOT / "widgets").glob("*/static/*.js")
        for table in re.findall(
            r"^const (?:\w+_)?BLOCKS = \{\n(.*?)^\};", path.read_text(encoding="utf-8"), re.M | re.S
        )
    ]
    kinds = [kind for table in tables for kind in re.findall(r'^  "?([\w-]+)"?(?:\(|: )', table, re.M)]
    assert {"goal-path", "trail", "text", "drop"} <= set(kinds)
    assert sorted(kinds) == sorted(set(kinds))


class TestSkills:
    def test_a_skill_is_written_moved_on_shown_and_seen(self, teacher: Workbench, board: GoalBoard) -> None:
        saved(board, "skills")
        saved(board, "skill/new", "I can add fractions")
        saved(board, "skill/new", "I can add fractions")  # sent again
        (skill,) = teacher.skills.of(board.learner)
        saved(board, f"skill/{skill.id}/state", "practising")
        saved(board, f"skill/{skill.id}/shows", "My pizza drawing")
        saved(board, f"skill/{skill.id}/confirm")
        (kept,) = teacher.skills.of(board.learner)
        assert (kept.state, kept.shows, kept.confirmed_by) == ("got it", "My pizza drawing", "teacher:t17")

    def test_one_that_is_taken_out_comes_back(self, teacher: Workbench, board: GoalBoard) -> None:
        skill = teacher.skills.add(board.learner, "I can tell the time")
        saved(board, "skills")
        saved(board, f"skill/{skill.id}/remove")
        assert teacher.skills.of(board.learner) == ()
        saved(board, "undo")
        assert teacher.skills.of(board.learner) == (skill,)

    def test_what_was_held_while_the_page_was_reloaded_is_kept(self, teacher: Workbench, board: GoalBoard) -> None:
        skill = teacher.skills.add(board.learner, "I can tell the time")
        saved(board, f"skill/{skill.id}/shows", "I read the clock")
        assert teacher.skills.of(board.learner)[0].shows == "I read the clock"
