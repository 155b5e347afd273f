"""The family letter: a page in the language spoken at home, of what the learner shows, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground import drawing
from workbench.ground.errors import BadInput, NotAllowed
from workbench.learners.profiles import Domain, Kind
from workbench.learners.settings import UNKNOWN
from workbench.reporting import FamilyLetter
from workbench.reporting.paper import Sheet, pdf
from workbench.sample import cast

from ..conftest import TODAY
from .test_batch import shown
from .test_paper import read
from .test_paper import words as copied
from .test_reporting import words


def letter(bench: Workbench, code: str, language: str = "") -> FamilyLetter:
    return FamilyLetter.of(bench, bench.learners.named(code), on=TODAY, language=language)


def said(made: FamilyLetter) -> str:
    return words(*made.sections())


def test_it_says_what_the_learner_lets_the_family_see_and_nothing_else(teacher: Workbench) -> None:
    luz = teacher.learners.named(cast.LUZ)
    shown_ = teacher.profiles.say(luz, "I do all the voices", domain=Domain.ACADEMICS, kind=Kind.INTEREST)
    teacher.profiles.say(luz, "I am shy at lunch", domain=Domain.ACADEMICS, kind=Kind.INTEREST)
    held = teacher.conferences.start(luz, on=TODAY)
    teacher.notes.write(held, "Tired again, ask the office")
    assert "has not chosen yet what to show you" in said(letter(teacher, cast.LUZ))
    teacher.profiles.show(shown_.id, family_sees=True)
    told = said(letter(teacher, cast.LUZ))
    assert "I do all the voices" in told
    goals = [words for one in teacher.goals.of_learner(luz) for words in (one.words, one.purpose) if words]
    for private in ("shy at lunch", "Tired again", *goals):
        assert private not in told
    with Workbench.open(teacher.workspace, actor="office:desk") as office:  # which is told no words of a learner
        theirs = said(letter(office, cast.LUZ))
        assert "wants you to know" not in theirs
        assert "Reading: 195 to 201" in theirs
    teacher.profiles.show(shown_.id, family_sees=False)
    assert "all the voices" not in said(letter(teacher, cast.LUZ))


def test_each_number_stands_in_a_sentence_and_the_youngest_have_none(teacher: Workbench, prepared: Path) -> None:
    told = words(letter(teacher, cast.LUZ).numbers())
    assert "Reading: 195 to 201 on the test of Fall 2026, more than 187 to 193 in Fall 2025." in told
    assert "nobody is compared here with others" in told
    with Workbench.open(prepared, actor="admin:office") as office:
        youngest = words(letter(office, cast.TOBI).numbers())
    assert not any(letter_.isdigit() for letter_ in youngest)


def test_it_is_in_the_language_spoken_at_home_and_asks_for_an_interpreter_where_there_are_no_words(
    teacher: Workbench,
) -> None:
    luz = teacher.learners.named(cast.LUZ)
    assert teacher.settings.of(luz).home_language == UNKNOWN
    teacher.settings.choose(luz, language="en", home_language="es")
    made = letter(teacher, cast.LUZ)
    assert made.page.language == "es"
    assert "Para la familia de Luz Marín" in said(made)
    assert "For the family of" in said(letter(teacher, cast.LUZ, language="en"))
    teacher.settings.choose(luz, home_language="ar")
    asking = letter(teacher, cast.LUZ)
    assert asking.page.language == "en"
    assert "Needs an interpreter: Arabic" in said(asking)
    teacher.settings.undo(luz)
    assert teacher.settings.of(luz).home_language == "es"
    assert "interpreter" not in said(letter(teacher, cast.LUZ, language="en"))
    for refused in ("xx", "English"):
        with pytest.raises(ValueError, match="one of"):
            teacher.settings.choose(luz, home_language=refused)
    with pytest.raises(BadInput, match="no letters in “fr”"):
        letter(teacher, cast.LUZ, language="fr")


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_it_is_one_page(teacher: Workbench, paper: str) -> None:
    teacher.settings.choose(teacher.learners.named(cast.MAXIMILIANA), home_language="es")
    luz = teacher.learners.named(cast.LUZ)
    for number in range(9):
        entry = teacher.profiles.say(luz, f"{number} is a thing that I like " * 4, domain="academics", kind="interest")
        teacher.profiles.show(entry.id, family_sees=True)
    for code in (cast.LUZ, cast.MAXIMILIANA, cast.WREN):
        made = letter(teacher, code)
        content = pdf([Sheet.of(made.page, made.sections(), drawing.draw)], paper=paper)
        assert len(read(content).pages) == 1
        assert made.page.by in " ".join(copied(content).split())


def test_a_class_gets_its_letters_by_the_same_door_as_reports(small: Path) -> None:
    with Workbench.open(small, actor="teacher:t17") as bench:
        bench.settings.choose(bench.learners.named("902"), home_language="vi")
        outcome = bench.reports.run("family_letter", of="9Z", formats=("html", "pdf"), one_file=True)
        assert not outcome.failures
        assert "Bo Bell · Class 9Z: Needs an interpreter: Vietnamese" in copied(outcome.bound[0].read_bytes())
        assert shown(outcome.folder)[:2] == ["Ames-Ada.html", "Ames-Ada.pdf"]
        assert len(read(outcome.bound[0].read_bytes()).pages) == 5  # a cover, and each on an odd page
        assert "<h3></h3>" not in outcome.made[0].read_text(encoding="utf-8")
        assert bench.reports.run("family_letter", of="9Z", formats=("html", "pdf"), one_file=True).made == ()
    with Workbench.open(small, actor="teacher:t05") as other, pytest.raises(NotAllowed):
        FamilyLetter.of(other, other.learners.named("901"))
