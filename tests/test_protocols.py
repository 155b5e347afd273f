"""A school may edit a conference's words, and is told which line is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import BadProtocol, NotFound
from workbench.protocols import OURS, STEPS, load, names

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
        ("full.3-5.en.toml", 'starters = ["I need it for …"', 'starters = [3, "I need it for …"', "list of texts"),
        ("full.3-5.en.toml", 'title = "Say why"', 'title = "Say why', "not well-formed"),
    ],
)
def test_the_file_and_the_line_that_is_wrong_are_named(
    tmp_path: Path, file: str, right: str, wrong: str, named: str
) -> None:
    text = (OURS / file).read_text(encoding="utf-8").replace(right, wrong, 1)
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BadProtocol) as caught:
        load("full", "3-5", "en", folder=tmp_path)

    assert f"{file}, line {line_of(text, wrong)}" in caught.value.sentence
    assert named in caught.value.sentence


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    (tmp_path / "full.3-5.en.toml").write_text(WORDS.replace("[moves.why.prompts.purpose]", "[moves.why.prompts.x]"))
    with pytest.raises(BadProtocol, match=r"full\.3-5\.en\.toml.*\[moves\.why\.prompts\.purpose\]"):
        load("full", "3-5", "en", folder=tmp_path)


def test_an_unknown_protocol_is_answered_with_those_there_are() -> None:
    assert names() == ("full",)
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
