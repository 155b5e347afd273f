"""A school may edit a conference's words, and is told which line is wrong."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from workbench.cli.doctor import examine
from workbench.conferences.protocols import OURS, STEPS, Prompt, Protocol, check, languages, load, names
from workbench.goals import help as goal_help
from workbench.ground.bands import BANDS, YOUNGEST
from workbench.ground.choices import PICTURES
from workbench.ground.errors import BadProtocol, NotFound
from workbench.sample.demo import ACTOR
from workbench.workspace import Workspace

from ..conftest import ROOT

SHAPE = (OURS / "full.toml").read_text(encoding="utf-8")
WORDS = (OURS / "full.3-5.en.toml").read_text(encoding="utf-8")


def test_the_full_conference_has_five_steps_and_eight_moves() -> None:
    full = load("full", "3-5", "en")

    assert len(full.moves) == 8
    assert tuple(dict.fromkeys(move.step for move in full.moves)) == STEPS
    assert all(prompt.ask for prompt in full.prompts)


def test_what_a_conference_keeps_has_a_prompt_each() -> None:
    saved = {prompt.saves for prompt in load("full", "3-5", "en").prompts}
    wanted = {
        "shown",
        "work",
        "reflection",
        "strength",
        "need",
        "goal",
        "purpose",
        "step",
        "show",
        "check-in",
        "next",
        "celebrate",
    }
    assert saved == wanted


def test_a_school_s_own_words_go_before_ours(tmp_path: Path) -> None:
    (tmp_path / "full.3-5.en.toml").write_text(
        WORDS.replace("What do you notice?", "What jumps out?"), encoding="utf-8"
    )
    assert load("full", "3-5", "en", folder=tmp_path).prompts[1].ask == "What jumps out?"


def test_an_edit_shows_without_a_restart(tmp_path: Path) -> None:
    import os

    own = tmp_path / "full.3-5.en.toml"
    own.write_text(WORDS.replace("What do you notice?", "One"), encoding="utf-8")
    assert load("full", "3-5", "en", folder=tmp_path).prompts[1].ask == "One"
    own.write_text(WORDS.replace("What do you notice?", "Two"), encoding="utf-8")
    os.utime(own, ns=(own.stat().st_atime_ns, own.stat().st_mtime_ns + 1_000_000_000))
    assert load("full", "3-5", "en", folder=tmp_path).prompts[1].ask == "Two"


def test_a_school_may_turn_a_move_off(tmp_path: Path) -> None:
    start = SHAPE.index('[[moves]]\nid = "part"')
    end = SHAPE.index('[[moves]]\nid = "reflect"')
    (tmp_path / "full.toml").write_text(SHAPE[:start] + SHAPE[end:], encoding="utf-8")
    assert [move.id for move in load("full", "3-5", "en", folder=tmp_path).moves][:2] == ["look", "reflect"]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "named"),
    [
        ("full.toml", 'kind = "feeling"', 'kind = "mood"', "no kind"),
        ("full.toml", 'saves = "need"', 'saves = "wish"', "no saves"),
        ("full.toml", 'step = "discuss"', 'step = "talk"', "no step"),
        ("full.3-5.en.toml", 'ask = "What is still hard?"', "ask = 7", "“ask” must be a text"),
        ("full.3-5.en.toml", 'starters = ["By Friday I will …"', "starters = [3", "list of texts"),
        ("full.toml", 'kind = "date", saves = "next"', 'kind = "date", saves = "next", prepare = 3', "true or false"),
        ("full.toml", 'bands = ["3-5", "6-8"]', 'bands = ["4-5"]', "“4-5” is no bands"),
        ("buddy.toml", 'who = "buddy"', 'who = "friend"', "no who"),
        ("quick.toml", 'parts = ["goal"]', 'parts = ["grades"]', "“grades” is no parts"),
        ("full.K-2.en.toml", 'picture = "level"', 'picture = "cat"', "“cat” is no picture"),
        ("buddy.K-2.en.toml", "options = [", 'options = [{ words = "x", lable = "y" },', "an option has words"),
        ("full.3-5.en.toml", '"calm", ', '"proud", ', "“proud” is there twice"),
        ("quick.3-5.en.toml", '["Keep it", ', "[", "three options are wanted"),
        ("full.3-5.en.toml", 'title = "Say why"', 'title = "Say why', "not well-formed"),
    ],
)
def test_the_file_and_the_line_that_is_wrong_are_named(
    tmp_path: Path, file: str, right: str, wrong: str, named: str
) -> None:
    text = (OURS / file).read_text(encoding="utf-8").replace(right, wrong, 1)
    (tmp_path / file).write_text(text, encoding="utf-8")
    name, band = file.split(".")[0], YOUNGEST if YOUNGEST in file else "3-5"
    with pytest.raises(BadProtocol) as caught:
        load(name, band, "en", folder=tmp_path)

    line = line_of(text, wrong) if wrong != "[" else line_of(text, 'options = ["Make it')
    assert re.search(rf"{re.escape(file)}, line {line}\b", caught.value.sentence)
    assert named in caught.value.sentence


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    (tmp_path / "full.3-5.en.toml").write_text(WORDS.replace("[moves.why.prompts.purpose]", "[moves.why.prompts.x]"))
    with pytest.raises(BadProtocol, match=r"full\.3-5\.en\.toml.*\[moves\.why\.prompts\.purpose\]"):
        load("full", "3-5", "en", folder=tmp_path)


def test_an_unknown_protocol_is_answered_with_those_there_are() -> None:
    assert names() == ("buddy", "family", "full", "quick")
    with pytest.raises(NotFound, match="full"):
        load("ful", "3-5", "en")


@pytest.mark.parametrize(
    "wrong",
    ["moves = 3", 'moves = ["look"]', '[[moves]]\nid = "look"\nstep = "discuss"\nprompts = 3', "moves = [{}]"],
)
def test_a_file_of_another_shape_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "full.toml").write_text(f'name = "full"\n{wrong}\n', encoding="utf-8")
    with pytest.raises(BadProtocol, match=r"full\.toml"):
        load("full", "3-5", "en", folder=tmp_path)


EVERY = [(name, band, language) for name in names() for band in BANDS for language in ("en", "es")]
every = pytest.mark.parametrize(("name", "band", "language"), EVERY)


@every
def test_every_protocol_is_worded_for_each_band_in_both_languages(name: str, band: str, language: str) -> None:
    found = load(name, band, language)
    assert (found.band, found.language) == (band, language)
    assert (OURS / f"{name}.{band}.{language}.toml").is_file()
    assert [move.id for move in found.moves] == [move.id for move in load(name, "3-5", "en").moves]
    for one, english in zip(found.prompts, load(name, band, "en").prompts, strict=True):
        assert (one.id, one.kind, len(one.options) > 0) == (english.id, english.kind, len(english.options) > 0)


def test_the_quick_check_is_one_screen_and_two_minutes() -> None:
    quick = load("quick", "3-5", "en")
    assert (len(quick.moves), quick.minutes) == (1, 2)
    assert [prompt.saves for prompt in quick.prompts] == ["shown", "reflection", "reflection", "turn", "goal", "next"]


def test_family_and_buddies_have_a_say_of_their_own() -> None:
    def says(name: str) -> list[str]:
        return [prompt.who for prompt in load(name, "3-5", "en").prompts if prompt.who != "learner"]

    assert says("family") == ["family", "family"]
    assert says("buddy") == ["buddy", "buddy"]
    assert says("full") == says("quick") == []


def test_a_learner_prepares_what_needs_nobody_else() -> None:
    for name, band, language in EVERY:
        prepared = [one for one in load(name, band, language).prompts if one.prepare]
        assert prepared
        assert {one.who for one in prepared} == {"learner"}
        assert {one.saves for one in prepared} <= {"shown", "work", "reflection", "strength", "need"}


@every
def test_the_youngest_read_eight_words_a_screen_at_most_and_answer_by_touch(
    name: str, band: str, language: str
) -> None:
    if band != YOUNGEST:
        return
    for prompt in load(name, band, language).prompts:
        seen = [prompt.ask, prompt.hint, *(one.label or one.words for one in prompt.options)]
        assert len(" ".join(seen).split()) <= 8, (prompt.id, seen)
        if prompt.kind in ("words", "choice", "list"):
            assert len(prompt.options) >= 3
            assert all(one.picture for one in prompt.options), prompt.id
        assert prompt.starters == ()


def test_every_picture_that_a_choice_may_have_is_drawn() -> None:
    script = (ROOT / "widgets" / "kit" / "static" / "pictures.js").read_text(encoding="utf-8")
    drawn = re.findall(r"^  (\w+): \[", script, re.M)
    assert sorted(drawn) == sorted(PICTURES)


GENDERED = re.compile(
    r"\b(orgullos|cansad|segur|content|tranquil|preparad|enojad|frustrad|junt|cómod|nervios|atent|est[áo][sy] list|"
    r"alumn|maestr|profesor|compañer|amig|hij|niñ|motivad|interesad|ocupad|perdid|atascad)(o|a|os|as)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", sorted(path.name for path in OURS.glob("*.es.toml")))
def test_spanish_speaks_to_every_child_alike(file: str) -> None:
    """No word of a learner takes a gender. “Amigo” and its kind are said otherwise: pareja, alguien, docente."""
    assert not GENDERED.findall((OURS / file).read_text(encoding="utf-8"))


class TestStarters:
    monday = date(2026, 11, 23)

    def test_three_are_shown_and_the_same_ones_all_week(self) -> None:
        notice = load("full", "3-5", "en").prompts[1]
        shown = {notice.starters_on(self.monday + timedelta(days=day)) for day in range(7)}
        assert len(shown) == 1
        assert len(shown.pop()) == 3

    def test_others_are_shown_the_week_after(self) -> None:
        for name, band, language in EVERY:
            for prompt in load(name, band, language).prompts:
                if prompt.starters:
                    weeks = [prompt.starters_on(self.monday + timedelta(weeks=week)) for week in range(6)]
                    assert all(one != next_ for one, next_ in pairwise(weeks)), prompt.id
                    assert {starter for week in weeks for starter in week} == set(prompt.starters)
                    assert all(len(set(week)) == 3 for week in weeks)

    def test_few_are_all_shown(self) -> None:
        prompt = Prompt("x", "words", "reflection", "?", starters=("a …", "b …"))
        assert prompt.starters_on(self.monday) == ("a …", "b …")


class TestMenus:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_each_area_of_goals_has_nine_ways(self, language: str) -> None:
        _move, ways = load("full", "3-5", language).first("step")  # type: ignore[misc]
        areas = [area.id for area in goal_help.load(language).areas]
        assert [area for area, _options in ways.areas] == areas
        for area in areas:
            assert len(ways.options_for(area)) == 9
        assert len(ways.options_for("")) == len(ways.options) == 9

    def test_a_school_s_own_menu_goes_before_ours(self, tmp_path: Path) -> None:
        own = (OURS / "menus.en.toml").read_text(encoding="utf-8").replace("Make a game of it", "Use the reading den")
        (tmp_path / "menus.en.toml").write_text(own, encoding="utf-8")
        _move, ways = load("full", "3-5", "en", folder=tmp_path).first("step")  # type: ignore[misc]
        assert ways.options[-1].words == "Use the reading den"

    def test_a_menu_that_is_wrong_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "menus.en.toml").write_text("[ways]\noptions = []\n[show]\n[celebrate]\n", encoding="utf-8")
        with pytest.raises(BadProtocol, match=r"menus\.en\.toml, line 2"):
            load("full", "3-5", "en", folder=tmp_path)


class TestKept:
    @every
    def test_as_text_and_back_it_is_the_same(self, name: str, band: str, language: str) -> None:
        found = load(name, band, language)
        assert Protocol.of_json(found.to_json()) == found

    def test_a_text_of_an_earlier_or_a_later_workbench_is_read(self) -> None:
        text = """{"name": "full", "band": "3-5", "language": "en", "title": "T", "minutes": 9, "colour": 7, "moves": [
            {"id": "look", "step": "prepare", "step_title": "P", "title": "L", "lead": "", "prompts": [
                {"id": "notice", "kind": "words", "saves": "reflection", "ask": "?", "smell": 3}]}]}"""
        (prompt,) = Protocol.of_json(text).prompts
        assert prompt == Prompt("notice", "words", "reflection", "?")


class TestSchoolsOwn:
    def test_words_that_nobody_wrote_are_another_band_s_and_then_english(self, tmp_path: Path) -> None:
        (tmp_path / "garden.toml").write_text(SHAPE.replace('"full"', '"garden"'), encoding="utf-8")
        (tmp_path / "garden.3-5.en.toml").write_text(WORDS, encoding="utf-8")
        found = load("garden", "6-8", "es", folder=tmp_path)
        assert (found.name, found.band, found.language) == ("garden", "6-8", "en")
        assert languages("garden", tmp_path) == ("en",)
        assert languages("full") == ("en", "es")

    def test_ours_are_well(self, tmp_path: Path) -> None:
        assert check(tmp_path) == []

    def test_doctor_names_what_is_wrong_in_a_school_s_own(self, tmp_path: Path) -> None:
        place = Workspace.create(tmp_path / "school", actor=ACTOR)
        own = place.folder / "protocols"
        (own / "full.3-5.en.toml").write_text(WORDS.replace('"What do you notice?"', "7"), encoding="utf-8")
        (own / "ful.3-5.en.toml").write_text(WORDS, encoding="utf-8")
        found = [one for one in examine(place.folder, "", place.folder, {}) if not one.well]
        wrong = [one for one in found if "3-5.en.toml" in one.what]
        assert [one.what for one in wrong] == [
            "There is no conference protocol “ful.3-5.en.toml” here.",
            f"full.3-5.en.toml, line {line_of(WORDS, 'What do you notice?')}: “ask” must be a text.",
        ]
        assert all(one.next_step for one in wrong)
