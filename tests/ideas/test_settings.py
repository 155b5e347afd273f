"""How a learner's pages are made is set in private, and everything that makes pages asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput, NotAllowed
from workbench.learners.learners import Learner
from workbench.learners.settings import AS_DEVICE, band_of
from workbench.reporting.blocks import Said
from workbench.reporting.learner import LearnerReport
from workbench.sample import cast
from workbench.workspace import Workspace

from ..conftest import clock
from ..store.test_store import OFFICE, ON, ROSTER, opened, write

ROWS = ROSTER + '003,Bea,Okafor,1A,"Feld, Jo",1,Cedar Hill\n004,Ada,Li,6C,"Osei, Mo",6,Cedar Hill\n'


@pytest.fixture
def office(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with opened(workspace) as bench:
        bench.imports.run(write(tmp_path, "class.csv", ROWS), on=ON)
        yield bench


@pytest.fixture
def luz(office: Workbench) -> Learner:
    return office.learners.named("001")


def test_until_somebody_chose_a_band_the_newest_grade_suggests_one(office: Workbench) -> None:
    suggested = {code: office.settings.of(office.learners.named(code)) for code in ("001", "003", "004")}
    assert {code: one.band for code, one in suggested.items()} == {"001": "3-5", "003": "K-2", "004": "6-8"}
    assert {code: one.read_aloud for code, one in suggested.items()} == {"001": False, "003": True, "004": False}
    assert {one.language for one in suggested.values()} == {AS_DEVICE}


def test_grades_have_bands() -> None:
    assert [band_of(grade) for grade in ("PK", "K", "2", "3", "5", "6", "")] == [
        *("K-2", "K-2", "K-2", "3-5", "3-5", "6-8", "3-5")
    ]


def test_what_an_educator_chose_stands_until_it_is_undone(office: Workbench, luz: Learner) -> None:
    office.settings.choose(luz, band="K-2", read_aloud=True)
    office.settings.choose(luz, language="es")
    chosen = office.settings.of(luz)
    assert (chosen.band, chosen.language, chosen.read_aloud) == ("K-2", "es", True)
    assert office.settings.undo(luz).language == AS_DEVICE
    with pytest.raises(ValueError, match="one of"):
        office.settings.choose(luz, band="9-12")


def test_a_learner_cannot_choose_but_the_software_reads_it_for_them(workspace: Workspace, office: Workbench) -> None:
    with Workbench.open(workspace, actor="learner:001", clock=clock) as own:
        luz = own.learners.named("001")
        with pytest.raises(NotAllowed):
            own.settings.choose(luz, band="K-2")
        assert own.settings.of(luz).band == "3-5"
        with pytest.raises(NotAllowed):
            own.settings.of(office.learners.named("002"))


def test_a_report_is_made_for_the_band_that_was_chosen(office: Workbench, luz: Learner) -> None:
    assert LearnerReport.of(office, luz, on=ON).page.band == "3-5"
    office.settings.choose(luz, band="K-2")
    assert LearnerReport.of(office, luz, on=ON).page.band == "K-2"


def test_a_conference_begins_in_the_learner_s_band_and_language_or_the_nearest_there_are_words_for(
    teacher: Workbench,
) -> None:
    mei = teacher.learners.named(cast.MEI)
    folder = teacher.workspace.folder / "protocols"
    (folder / "short.toml").write_text(
        'name = "short"\n[[moves]]\nid = "say"\nstep = "discuss"\n'
        'prompts = [{ id = "it", kind = "words", saves = "reflection" }]\n'
    )
    words = 'title = "{}"\n[steps]\ndiscuss = "x"\n[moves.say]\ntitle = "x"\n[moves.say.prompts.it]\nask = "x"\n'
    for name in ("short.3-5.en", "short.6-8.es"):
        (folder / f"{name}.toml").write_text(words.format(name))

    def begun() -> tuple[str, str]:
        made = teacher.conferences.start(mei, on=date(2026, 11, 21), protocol="short")
        teacher.conferences.finish(made, on=date(2026, 11, 21))
        return made.band, teacher.conferences.protocol(made).title

    assert begun() == ("3-5", "short.3-5.en")
    teacher.settings.choose(mei, language="es")
    assert begun() == ("3-5", "short.6-8.es")
    teacher.settings.choose(mei, band="K-2", language="en")
    assert begun() == ("K-2", "short.3-5.en")  # words of another band, in the learner's own size and without scores


def test_nothing_says_that_a_setting_was_made(office: Workbench, luz: Learner) -> None:
    assert "K-2" not in repr(office.settings.choose(luz, band="K-2"))
    assert OFFICE not in repr(office.settings)


def test_a_report_is_in_the_learner_s_language_whatever_is_spoken_around_it_unless_another_is_asked_for(
    office: Workbench, luz: Learner
) -> None:
    office.settings.choose(luz, language="es")
    report = LearnerReport.of(office, luz, on=ON)
    assert (report.page.language, report.goal().title, report.goal().language) == ("es", "Mi meta", "es")
    english = LearnerReport.of(office, luz, on=ON, language="en")
    assert (english.page.title, english.progress().title) == ("Luz Marín: my report", "My progress")
    with pytest.raises(BadInput):
        LearnerReport.of(office, luz, language="tlh")


def test_a_report_shows_the_long_goal_a_small_one_hangs_from_and_no_other(office: Workbench, luz: Learner) -> None:
    long = office.goals.choose(luz, "Read a whole book", on=ON, horizon="long")
    small = office.goals.choose(luz, "Read ten minutes", on=ON, parent=long)
    office.goals.choose(luz, "Learn to swim", on=ON, horizon="long")
    office.goals.revise(small, state="not yet")
    office.goals.choose(luz, "Read one page", on=ON, parent=small)
    said = [block.words for block in LearnerReport.of(office, luz, on=ON).goal().blocks if isinstance(block, Said)]
    assert said == ["Read a whole book", "Read one page"]
