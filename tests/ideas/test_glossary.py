"""One word per idea: what the rooms of ideas name is in the glossary."""

from __future__ import annotations

import ast
import re

from ..conftest import ROOT

ROOMS = {
    "learners": "learner",
    "evidence": "evidence",
    "conferences": "conference",
    "goals": "goal",
    "classes": "class",
}
#: Names that only say how something is kept or answered, and need no entry of their own.
TECHNICAL = {
    *("Agreed", "Decision", "Help", "Kind", "Known", "Question", "Reading", "Reason", "Rule", "Shared", "State"),
    *("Unread", "Visibility", "Why", "Words"),
}


def entries() -> set[str]:
    """The words that entries begin with, each word of one by itself."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    heads = [line.split("|")[1] for line in text.splitlines() if line.startswith("| **")]
    return {word.lower() for head in heads for word in re.findall(r"[A-Za-z]+", head)}


def named() -> dict[str, str]:
    """The public classes of the rooms, and where they stand."""
    return {
        node.name: room
        for room in ROOMS
        for path in sorted((ROOT / "workbench" / room).rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def words_of(name: str) -> set[str]:
    """The words that a name is put together of, also as one of several."""
    plain = {one.lower() for one in re.findall(r"[A-Z][a-z]*", name)}
    return plain | {re.sub(how, to, one) for one in plain for how, to in ((r"ies$", "y"), (r"(?<=s)es$|s$|ing$", ""))}


def test_every_idea_that_has_a_class_has_a_word_in_the_glossary() -> None:
    known = entries()
    unknown = {name for name, room in named().items() if not words_of(name) & {*known, ROOMS[room]}}
    assert unknown - TECHNICAL == set(), "give it an entry in docs/glossary.md, or the word that is there already"
    assert TECHNICAL - unknown == set(), "has an entry or is gone: take it off the list"


def test_no_word_has_two_entries() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    heads = re.findall(r"^\| (\*\*.+?) \|", text, flags=re.MULTILINE)
    assert sorted(heads) == sorted(set(heads))
