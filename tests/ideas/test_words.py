"""Whatever stands on a page is there in each language, and says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from workbench.ground import days
from workbench.ground.errors import NotFound
from workbench.ground.words import LOCALE, _, language, ngettext, speak, speaking

from ..conftest import ROOT
from .test_protocols import GENDERED

LANGUAGES = sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/*.po"))
Sentence = str | tuple[str, ...]

#: Said on the command line alone.
OF_THE_COMMAND_LINE = {"cli", "workspace.py", "migrations", "sample"}
SEEN = [
    path
    for place in ("widgets", "workbench")
    for kind in ("py", "html")
    for path in sorted((ROOT / place).rglob(f"*.{kind}"))
    if not OF_THE_COMMAND_LINE & {path.name, path.parent.name}
]


def sentences(path: Path) -> set[Sentence]:
    """What a file says."""
    how = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    return {found[1] for found in extract_from_file(how, str(path))}


@cache
def said_in(spoken: str) -> Catalog:
    """The sentences of a language."""
    with (LOCALE / spoken / "LC_MESSAGES" / "workbench.po").open("rb") as file:
        return read_po(file, locale=spoken)


def each(said: str | list[str] | tuple[str, ...] | None) -> Sequence[str]:
    """The forms of a sentence: one, or one for each number."""
    return (said or "",) if isinstance(said, str | None) else said


def fields(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("spoken", LANGUAGES)
class TestEachLanguage:
    def test_says_everything_that_stands_on_a_page(self, spoken: str) -> None:
        catalogue = said_in(spoken)
        missing = [
            (path.name, said)
            for path in SEEN
            for said in sorted(sentences(path), key=str)
            for entry in [catalogue.get(said)]
            if entry is None or entry.fuzzy or not all(each(entry.string))
        ]
        assert missing == [], "run “make words”, then say these in the language’s .po"

    def test_fills_in_the_same_places(self, spoken: str) -> None:
        catalogue = said_in(spoken)
        for entry in catalogue:
            if entry.id and any(each(entry.string)):
                one, *_more = each(entry.id)
                for said in each(entry.string):
                    assert fields(said) == fields(one), said


def test_what_is_not_found_is_said_in_the_language_of_the_page() -> None:
    with speaking("es"):
        told = NotFound.among(_("class"), "4Z", ["4A", "4B"])
    assert (told.sentence, told.next_step) == ("Aquí no hay clase “4Z”.", "¿Quiso decir 4B, 4A?")


def test_no_sentence_is_left_in_english_at_the_end_of_another() -> None:
    catalogue = said_in("es")
    strings = [(one.id, one.string) for one in catalogue if isinstance(one.id, str) and isinstance(one.string, str)]
    long = {said for said, _spanish in strings if len(said.split()) > 4}
    assert [(said, spanish) for said, spanish in strings for other in long if other in spanish and said != ""] == []


def test_spanish_takes_no_gender_of_the_reader() -> None:
    text = (LOCALE / "es" / "LC_MESSAGES" / "workbench.po").read_text(encoding="utf-8")
    assert not GENDERED.findall(text)


def test_a_language_is_spoken_for_a_while_and_days_follow() -> None:
    friday = date(2026, 11, 27)
    with speaking("es"):
        assert _("My goal") == "Mi meta"
        assert ngettext("{count} check-in", "{count} check-ins", 2) == "{count} revisiones"
        assert days.said(friday, date(2026, 11, 23)) == "Viernes, en 4 días"
        assert days.full(friday) == "Viernes, 27 de noviembre"
        assert days.within(friday) == "viernes, 27 de noviembre"
        assert days.time(datetime(2026, 11, 27, 14, 5).astimezone()) == "14:05"
    assert language() == "en"
    assert _("My goal") == "My goal"
    assert days.time(datetime(2026, 11, 27, 14, 5).astimezone()) == "2:05\u202fPM"


def test_what_nobody_said_in_a_language_is_english() -> None:
    speak("fr")
    try:
        assert _("My goal") == "My goal"
    finally:
        speak("en")
