"""Whatever stands on a page is there in each language, and says the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from workbench.evidence.measures.words import number as shown
from workbench.ground import days
from workbench.ground.errors import NotFound
from workbench.ground.words import LOCALE, _, language, ngettext, speak, speaking

from ..conftest import ROOT
from .test_protocols import GENDERED

#: How words are written elsewhere, and words that mean something else in schools of the United States.
NOT_AMERICAN = re.compile(
    r"\b(practis\w+|maths|behaviour\w*|colour\w*|favourite\w*|neighbour\w*|honour\w*|centre|metre|licence|grey|"
    r"(organ|recogn|memor|summar|real|apolog|prior|emphas|util)is(e|es|ed|ing|ation)|analys(e|es|ed|ing)|learnt|spelt|"
    r"travell\w+|cancelled|programmes?|whilst|amongst|mum|full stops?|supper|fortnight|half past|play ?time|football|"
    r"timetable|rubbish|plaster|queue|holidays|mend(s|ed|ing)?|tick(s|ed)? (it|them|things)? ?off)\b",
    re.IGNORECASE,
)
#: What adults alone read, but for a learner's sheets; a learner's pages and what both may see say tú.
OF_ADULTS = (
    "widgets/data", "widgets/my_class", "widgets/audit", "widgets/worries", "workbench/importing", "workbench/keeping",
    "workbench/duties", "workbench/store", "workbench/batch", "workbench/doors", "workbench/cli",
    "workbench/classes/agreements.py", "workbench/classes/buddies.py", "workbench/classes/worries.py",
    "workbench/serving/pages/hand_over.html", "workbench/serving/pages/codes.html",
)  # fmt: skip
OF_A_SHEET = ("paper.py", "sheet.py")
TO_A_CHILD = re.compile(
    r"\b(?i:tú|tus?|te|ti|contigo|tuy[oa]s?|eres|estás|puedes|tienes|quieres|necesitas|sabes|hiciste|dijiste|escribiste|"
    r"pregúntale|quítalo|inténtalo)\b|"
    r"(^|[.:;] )(Vuelve|Ve|Carga|Abre|Toca|Escribe|Elige|Pulsa|Haz|Pon|Di|Usa|Mira|Habla|Prueba|Espera|Instala)\b"
)

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
        assert days.time(datetime(2026, 11, 27, 14, 5).astimezone()) == "2:05\u202fp.m."
    assert language() == "en"
    assert _("My goal") == "My goal"
    assert days.time(datetime(2026, 11, 27, 14, 5).astimezone()) == "2:05\u202fPM"


def test_what_nobody_said_in_a_language_is_english() -> None:
    speak("fr")
    try:
        assert _("My goal") == "My goal"
    finally:
        speak("en")


def texts(value: Any) -> Iterator[str]:
    """The texts of a data file, without its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


@pytest.mark.parametrize("file", sorted((ROOT / "workbench").rglob("*.en.toml")), ids=lambda path: path.name)
def test_english_is_that_of_the_united_states_in_each_data_file(file: Path) -> None:
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    assert [one for one in texts(found) if NOT_AMERICAN.search(one)] == []


def test_english_is_that_of_the_united_states_on_each_page() -> None:
    said = {words for path in SEEN for one in sentences(path) for words in each(one)}
    assert sorted(one for one in said if NOT_AMERICAN.search(one)) == []


def test_the_demo_school_writes_as_schools_of_the_united_states_do() -> None:
    assert not NOT_AMERICAN.findall((ROOT / "workbench" / "sample" / "demo.py").read_text(encoding="utf-8"))


def test_adults_are_spoken_to_as_usted() -> None:
    catalogue = said_in("es")
    adults = [path for path in SEEN if path.relative_to(ROOT).as_posix().startswith(OF_ADULTS)]
    theirs = [path for path in adults if path.name not in OF_A_SHEET]
    said = {one for path in theirs for one in sentences(path)} - {
        one for path in SEEN if path not in theirs for one in sentences(path)
    }
    spoken = [words for one in said for entry in [catalogue.get(one)] if entry for words in each(entry.string)]
    assert sorted(words for words in spoken if TO_A_CHILD.search(words)) == []


@pytest.mark.parametrize("file", sorted((ROOT / "workbench").rglob("*.es.toml")), ids=lambda path: path.name)
def test_children_are_spoken_to_as_tu(file: Path) -> None:
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    assert [one for one in texts(found) if re.search(r"\busted(es)?\b", one)] == []


def test_a_number_and_a_time_are_as_schools_of_the_united_states_write_them() -> None:
    for spoken, time in (("en", "8:05\u202fAM"), ("es", "8:05\u202fa.m.")):
        with speaking(spoken):
            assert days.time(datetime(2026, 11, 27, 8, 5).astimezone()) == time
            assert shown(1240.5) == "1,240.5"
