"""A conference keeps the words it is held in, is prepared and held as one record, and loses nobody's answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import Workbench
from workbench.conferences.conferences import Conference
from workbench.conferences.protocols import OURS, load
from workbench.evidence import telling
from workbench.goals.goals import Horizon, usual_day
from workbench.ground import strokes
from workbench.ground.days import FRIDAY, MONDAY, next_weekday
from workbench.ground.errors import BadInput
from workbench.learners.learners import Learner
from workbench.reporting import topics
from workbench.workspace import Workspace

from ..store.test_store import ON, ROSTER, opened, write
from .test_evidence import score

LATER = ON + timedelta(days=3)
WORDS = (OURS / "full.3-5.en.toml").read_text(encoding="utf-8")
POINTS = st.tuples(st.integers(0, strokes.WIDTH), st.integers(0, strokes.HEIGHT))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROSTER), on=ON)
        yield bench


@pytest.fixture
def luz(bench: Workbench) -> Learner:
    return bench.learners.named("001")


@pytest.fixture
def held(bench: Workbench, luz: Learner) -> Conference:
    return bench.conferences.start(luz, on=ON)


class TestProtocolAsHeld:
    def test_a_file_edited_or_gone_since_changes_nothing_in_it(
        self, bench: Workbench, luz: Learner, workspace: Workspace
    ) -> None:
        own = workspace.folder / "protocols" / "full.3-5.en.toml"
        own.write_text(WORDS.replace("What do you notice?", "What jumps out?"), encoding="utf-8")
        held = bench.conferences.start(luz, on=ON)
        as_held = bench.conferences.protocol(held)
        own.write_text(WORDS.replace("What do you notice?", "Anything?"), encoding="utf-8")
        assert as_held.prompts[1].ask == "What jumps out?"
        assert bench.conferences.protocol(held) == as_held
        own.unlink()
        with opened(workspace) as another:
            assert another.conferences.protocol(held.id) == as_held
        assert bench.conferences.protocol_named("full", "3-5", "en").prompts[1].ask == "What do you notice?"

    def test_many_conferences_share_one_text(self, bench: Workbench, held: Conference) -> None:
        omar = bench.conferences.start(bench.learners.named("002"), on=ON)
        assert omar.text == held.text
        assert omar.text

    def test_another_language_keeps_the_place_and_what_was_said(self, bench: Workbench, held: Conference) -> None:
        bench.conferences.go_to(held, "reflect")
        bench.reflections.say(held, move="reflect", prompt="felt", asked="?", choice="calm", words="I took a walk")
        spanish = bench.conferences.speak(held, "es")
        assert (spanish.language, spanish.move) == ("es", "reflect")
        assert bench.conferences.protocol(held) == load("full", "3-5", "es")
        said = bench.reflections.of(held)["reflect", "felt"]
        assert (said.choice, said.words) == ("con calma", "I took a walk")  # a picked face is said anew
        assert bench.conferences.speak(held, "en").text == held.text
        assert bench.reflections.of(held)["reflect", "felt"].choice == "calm"


class TestPrepare:
    def test_what_is_prepared_is_there_in_the_conference(self, bench: Workbench, luz: Learner) -> None:
        prepared = bench.conferences.prepare(luz, on=ON)
        bench.reflections.say(prepared, move="look", prompt="notice", asked="?", words="I read more")
        assert bench.conferences.prepare(luz, on=LATER).id == prepared.id
        assert bench.conferences.ready(prepared, on=ON).prepared_on == ON

        held = bench.conferences.start(luz, on=LATER)
        assert (held.id, held.held_on, held.prepared_on) == (prepared.id, LATER, ON)
        assert bench.reflections.of(held)["look", "notice"].words == "I read more"
        assert bench.conferences.ready(held, on=None).prepared_on is None

    def test_the_starters_of_preparing_are_those_of_the_conference(self, bench: Workbench, luz: Learner) -> None:
        prepared = bench.conferences.ready(bench.conferences.prepare(luz, on=ON), on=ON)
        held = bench.conferences.start(luz, on=ON + timedelta(weeks=1))
        notice = bench.conferences.protocol(held).prompts[1]
        assert notice.starters_on(held.starters_on) == notice.starters_on(prepared.starters_on)

    def test_one_that_is_under_way_stays_of_the_day_it_was_begun(self, bench: Workbench, luz: Learner) -> None:
        begun = bench.conferences.go_to(bench.conferences.start(luz, on=ON), "reflect")
        bench.reflections.say(begun, move="reflect", prompt="felt", asked="?", choice="calm")
        assert bench.conferences.start(luz, on=LATER) == begun

    def test_one_that_was_only_opened_is_not_in_the_middle_and_the_next_to_sit_down_begin_it(
        self, bench: Workbench, luz: Learner
    ) -> None:
        opened_only = bench.conferences.prepare(luz, on=ON)
        bench.conferences.start(bench.learners.named("002"), on=ON, protocol="quick")
        assert bench.conferences.unfinished() == ()
        bench.settings.choose(luz, band="K-2", language="es")  # what was opened follows, as nothing was said in it
        begun = bench.conferences.start(luz, on=LATER)
        assert (begun.id, begun.band, begun.language, begun.held_on) == (opened_only.id, "K-2", "es", LATER)

        answer = {"move": "look", "prompt": "notice", "asked": "?"}
        bench.reflections.say(begun, **answer, words="Leo más")
        assert [one.id for one in bench.conferences.unfinished()] == [begun.id]
        bench.settings.choose(luz, band="3-5", language="en")  # what is under way stays as it is
        assert bench.conferences.start(luz, on=LATER).band == "K-2"
        bench.reflections.say(begun, **answer, words=" ")
        assert bench.conferences.unfinished() == ()

    def test_a_family_conference_is_prepared_apart(self, bench: Workbench, luz: Learner, held: Conference) -> None:
        assert bench.conferences.prepare(luz, on=ON, protocol="family").id != held.id


class TestTwoPeople:
    """Two benches, as on a learner's tablet and a teacher's laptop."""

    @pytest.fixture
    def other(self, workspace: Workspace) -> Iterator[Workbench]:
        with opened(workspace) as bench:
            yield bench

    def test_who_answer_the_same_empty_prompt_both_keep_their_words(
        self, bench: Workbench, other: Workbench, held: Conference
    ) -> None:
        place = {"move": "look", "prompt": "notice", "asked": "?"}
        first = bench.reflections.say(held, **place, words="I read more", answer="")
        second = other.reflections.say(held, **place, words="Luz reads aloud now", typed_by="educator", answer="")
        second = other.reflections.say(held, **place, words="Luz reads aloud to Mei", answer=second.id)
        first = bench.reflections.say(held, **place, words="I read more now", answer=first.id)
        assert [one.words for one in bench.reflections.every(held)] == ["I read more now", "Luz reads aloud to Mei"]
        assert bench.reflections.of(held)["look", "notice"] == first
        assert [one.words for one in bench.reflections.revisions(second)] == [
            "Luz reads aloud now",
            "Luz reads aloud to Mei",
        ]

    def test_who_edit_the_same_answer_find_both_among_its_revisions(
        self, bench: Workbench, other: Workbench, held: Conference
    ) -> None:
        place = {"move": "look", "prompt": "notice", "asked": "?"}
        said = bench.reflections.say(held, **place, words="I read")
        bench.reflections.say(held, **place, words="I read more", answer=said.id)
        later = other.reflections.say(held, **place, words="I read at home", answer=said.id)
        assert later.id == said.id
        assert [one.words for one in other.reflections.revisions(said)] == ["I read", "I read more", "I read at home"]

    def test_a_face_and_words_given_at_once_are_both_kept(
        self, bench: Workbench, other: Workbench, held: Conference
    ) -> None:
        place = {"move": "reflect", "prompt": "felt", "asked": "?"}
        bench.reflections.say(held, **place, choice="calm")
        other.reflections.say(held, **place, words="I took a walk")
        said = bench.reflections.of(held)["reflect", "felt"]
        assert (said.choice, said.words) == ("calm", "I took a walk")

    def test_an_answer_sent_again_is_there_once(self, bench: Workbench, held: Conference) -> None:
        for _again in range(2):
            bench.reflections.say(held, move="look", prompt="notice", asked="?", words="I read", answer="")
        assert len(bench.reflections.every(held)) == 1

    def test_an_answer_of_another_prompt_is_not_taken_for_this_one(self, bench: Workbench, held: Conference) -> None:
        said = bench.reflections.say(held, move="look", prompt="notice", asked="?", words="I read")
        with pytest.raises(ValueError, match="another prompt"):
            bench.reflections.say(held, move="part", prompt="first", asked="?", words="x", answer=said.id)

    def test_who_spoke_and_who_typed_are_told_apart(self, bench: Workbench, held: Conference) -> None:
        said = bench.reflections.say(
            held, move="look", prompt="notice", asked="?", words="I read", said_by="learner", typed_by="educator"
        )
        assert (said.said_by, said.typed_by) == ("learner", "educator")
        with pytest.raises(ValueError, match="said_by"):
            bench.reflections.say(held, move="look", prompt="notice", asked="?", words="x", said_by="cat")


class TestQuickCheck:
    def test_a_goal_that_goes_on_is_agreement_enough(self, bench: Workbench, luz: Learner, held: Conference) -> None:
        bench.goals.choose(held, "Read ten minutes", on=ON)
        quick = bench.conferences.start(luz, on=LATER, protocol="quick")
        _move, turn = bench.conferences.protocol(quick).first("turn")  # type: ignore[misc]
        for option, means in zip(turn.options, ("keep", "shrink", "next"), strict=True):
            bench.reflections.say(quick, move="check", prompt="turn", asked="?", choice=option.words)
            assert bench.conferences.turn(quick) == means
        with pytest.raises(BadInput, match="goal has no words"):
            bench.conferences.finish(quick, on=LATER)
        bench.reflections.say(quick, move="check", prompt="turn", asked="?", choice=turn.options[0].words)
        bench.conferences.speak(quick, "es")
        assert bench.conferences.turn(quick) == "keep"
        assert bench.conferences.finish(quick, on=LATER).finished


class TestDrawing:
    def test_is_kept_with_the_words(self, bench: Workbench, held: Conference) -> None:
        drawn = "[[[10,20],[30, 40]], [[5,5]]]"
        said = bench.reflections.say(held, move="look", prompt="notice", asked="?", words="I read", drawing=drawn)
        assert said.drawing == "[[[10,20],[30,40]],[[5,5]]]"
        assert bench.reflections.say(held, move="look", prompt="notice", asked="?", drawing="[]").drawing == ""
        assert bench.reflections.of(held)["look", "notice"].words == "I read"

    def test_becomes_one_path_and_a_dot_is_seen(self) -> None:
        assert strokes.path(strokes.read("[[[10,20],[30,40],[50,60]],[[5,5]]]")) == "M10 20L30 40L50 60 M5 5L5 5"
        assert strokes.path(()) == ""

    @pytest.mark.parametrize(
        "text",
        [
            "{}", "3", "[3]", "[[]]", "[[[1]]]", "[[[1,2,3]]]", "[[[1.5,2]]]", "[[[true,2]]]", '[[["1",2]]]',
            "[[[-1,2]]]",
            f"[[[{strokes.WIDTH + 1},2]]]", "[" * 5000, "<svg onload=x>", '[[[1,2],{"d":"M0 0"}]]',
        ],
    )  # fmt: skip
    def test_what_is_none_is_refused_with_a_sentence(self, text: str) -> None:
        with pytest.raises(BadInput, match="not a drawing"):
            strokes.read(text)

    def test_what_is_too_much_is_refused_with_a_sentence(self) -> None:
        for many in (
            [[[1, 2]]] * (strokes.MOST_STROKES + 1),
            [[[1, 2]] * (strokes.MOST_POINTS + 1)],
            [[[999, 599]] * 20_000],
        ):
            with pytest.raises(BadInput, match="too big"):
                strokes.read(json.dumps(many))

    @given(st.lists(st.lists(POINTS, min_size=1, max_size=20), max_size=9))
    def test_any_drawing_comes_back_as_it_was(self, drawn: list[list[tuple[int, int]]]) -> None:
        expected = tuple(tuple(stroke) for stroke in drawn)
        assert strokes.read(strokes.written(expected)) == expected

    @given(st.text())
    def test_any_text_is_a_drawing_or_a_sentence(self, text: str) -> None:
        with suppress(BadInput):
            strokes.path(strokes.read(text))


class TestWhatAConferenceOpensWith:
    fall, winter = (
        score(187, key=1),
        score(195, key=2, term="Winter 2026-2027", taken_on=date(2027, 1, 12)),
    )
    tested = telling.tests((fall, winter))

    def test_opens_with_the_last_goal_and_this_week_s_work(self) -> None:
        assert topics.order(self.tested, {1, 2}) == ("goal", "week", "scores")
        assert topics.order((), ()) == ("goal", "week", "scores")

    def test_scores_come_forward_until_the_newest_test_was_on_the_table(self) -> None:
        assert topics.order(self.tested, ()) == ("goal", "scores", "week")
        assert topics.order(self.tested, {1}) == ("goal", "scores", "week")


@pytest.mark.parametrize(
    ("words", "due_on"),
    [
        ("By Friday I will read two books", date(2026, 11, 27)),
        ("Read two books by next Monday", date(2026, 11, 30)),
        ("Para el miércoles leo dos libros", date(2026, 11, 25)),
        ("Leer dos libros para manana", date(2026, 11, 24)),
        ("By this Friday I read", date(2026, 11, 27)),
        ("Swim every Friday", None),
        ("By Friday, December 18 I read", None),
        ("By Friday 12/18 I read", None),
        ("By Friday next week I read", None),
        ("By Friday each week I read two books", None),
        ("Para el viernes 18 leo", None),
        ("Para el viernes de la próxima semana leo", None),
        ("I will not be mean until Monday", None),
    ],
)
def test_a_goal_whose_words_name_its_day_has_that_one(
    bench: Workbench, luz: Learner, words: str, due_on: date | None
) -> None:
    on = date(2026, 11, 23)
    chosen = bench.goals.choose(luz, words, on=on, horizon=Horizon.LONG)
    assert chosen.due_on == (due_on or usual_day(Horizon.LONG, on))
    said = bench.goals.choose(luz, words, on=on, due_on=date(2026, 12, 18))
    assert said.due_on == date(2026, 12, 18)


def test_words_that_come_to_name_a_day_move_the_usual_one_alone(bench: Workbench, luz: Learner) -> None:
    chosen = bench.goals.choose(luz, "Read", on=bench.today, horizon=Horizon.LONG)
    named = next_weekday(bench.today, FRIDAY)
    assert bench.goals.revise(chosen, words="Read by Friday").due_on == named
    monday = next_weekday(bench.today, MONDAY)
    assert bench.goals.revise(chosen, words="Read by Monday").due_on == monday
    bench.goals.revise(chosen, due_on=monday + timedelta(days=1))
    assert bench.goals.revise(chosen, words="Read by Friday").due_on == monday + timedelta(days=1)


@pytest.mark.parametrize(
    ("horizon", "on", "due_on"),
    [
        (Horizon.TODAY, date(2026, 11, 23), date(2026, 11, 23)),
        (Horizon.SHORT, date(2026, 11, 23), date(2026, 11, 27)),
        (Horizon.SHORT, date(2026, 11, 26), date(2026, 12, 4)),  # the next day is too near
        (Horizon.LONG, date(2026, 11, 21), date(2027, 1, 18)),  # eight weeks on is a Saturday
    ],
)
def test_a_goal_for_which_nobody_said_a_day_has_the_usual_one(
    bench: Workbench, luz: Learner, horizon: Horizon, on: date, due_on: date
) -> None:
    chosen = bench.goals.choose(luz, "Read two pages", on=on, horizon=horizon)
    assert chosen.due_on == due_on
    assert bench.goals.revise(chosen, horizon=Horizon.LONG).due_on == usual_day(Horizon.LONG, max(bench.today, on))
    said = bench.goals.revise(chosen, due_on=on + timedelta(days=2))
    assert bench.goals.revise(said, horizon=Horizon.SHORT).due_on == on + timedelta(days=2)
