"""Who looked at what: an admin's page of all of it, and the list that the office prints for a family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from widgets import AuditBoard
from workbench import Workbench
from workbench.ground.words import speaking
from workbench.sample import cast
from workbench.store.chain import audit
from workbench.store.engine import writing

from ..browser import PHONE, PROJECTOR, VoilaServer, assert_clean, assert_fits, chromium, watched
from ..conftest import TODAY, clock, copy_of
from ..serving.test_every_app import ADULTS, is_well
from .test_widgets import answer, blocks


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace after a teacher and a learner were there."""
    folder = copy_of(pristine, tmp_path_factory.mktemp("audit") / "demo")
    with Workbench.open(folder, actor="teacher:t17", clock=clock, device="iPad Safari") as bench:
        bench.goals.choose(bench.learners.named(cast.LUZ), "Read", on=TODAY)
        bench.learners.get(bench.learners.named(cast.MEI).id)
    with Workbench.open(folder, actor=f"learner:{cast.LUZ}", clock=clock) as own:
        own.goals.of_learner(own.desk.store.roster.by_code(cast.LUZ) or 0)
    return folder


@pytest.fixture
def admin(school: Path) -> Iterator[Workbench]:
    with Workbench.open(school, actor="admin:office", clock=clock) as bench:
        yield bench


def rows(form: AuditBoard) -> list[list[str]]:
    return next((one["rows"] for one in blocks(form) if one["kind"] == "table"), [])


def words(form: AuditBoard) -> str:
    return str(form.screen)


def test_an_admin_sees_who_did_what_on_whom_and_narrows_it(admin: Workbench) -> None:
    form = AuditBoard(admin, today=TODAY)
    assert any(row[1:4] == ["Rivera, Ana (Teacher)", "wrote", "Luz Marín"] for row in rows(form))
    assert any(row[5] == "iPad Safari" for row in rows(form))
    noted = len(admin.looks.all(most=10_000))
    answer(form, "learner", "Mei Chen")
    assert {row[3] for row in rows(form)} == {"Mei Chen"}
    answer(form, "by", "admin:office")
    assert {row[1] for row in rows(form)} == {"Admin office"}
    answer(form, "by", "")
    answer(form, "until", "2020-01-01")
    assert rows(form) == []
    assert "Take a wider span of days" in words(form)
    answer(form, "until", "")
    answer(form, "learner", "Nobody Atall")
    assert "There is no learner" in words(form)
    assert len(admin.looks.all(most=10_000)) == noted + 1  # the one who was found: nobody else was looked at


def test_the_list_for_a_family_names_what_was_looked_at_and_is_the_office_s_too(school: Path, admin: Workbench) -> None:
    form = AuditBoard(admin, today=TODAY)
    answer(form, "learner", cast.LUZ)
    answer(form, "view", "family")
    told = rows(form)
    assert "Who looked at the records of Luz Marín" in words(form)
    assert any(row[2:4] == ["wrote", "Goals"] for row in told)
    assert len(told) == len({tuple(row) for row in told})
    with Workbench.open(school, actor="office:o1", clock=clock) as office:
        theirs = AuditBoard(office, today=TODAY)
        assert rows(theirs) == []
        assert not [one for one in blocks(theirs) if one["name"] in ("by", "check", "view")]
        answer(theirs, "learner", cast.LUZ)
        assert any(row[2:4] == ["wrote", "Goals"] for row in rows(theirs))
    with Workbench.open(school, actor="teacher:t17", clock=clock) as teacher:
        assert "This page went away." in words(AuditBoard(teacher, today=TODAY))
    with speaking("es"), Workbench.open(school, actor="office:o1", clock=clock) as office:
        office.spoken = "es"
        spanish = AuditBoard(office, today=TODAY)
        answer(spanish, "learner", cast.LUZ)
        assert any(row[2:4] == ["escribió", "Metas"] for row in rows(spanish))


def test_a_worry_is_in_no_family_s_list(pristine: Path, tmp_path: Path) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    with Workbench.open(folder, actor="teacher:t17", clock=clock) as bench:
        luz = bench.learners.named(cast.LUZ)
        flag = bench.flags.raise_(luz, "help", words="Nobody talks to me")
        bench.worries.mark(flag, "Please talk to her")
    with Workbench.open(folder, actor="office:o1", clock=clock) as office:
        form = AuditBoard(office, today=TODAY)
        answer(form, "learner", cast.LUZ)
        assert rows(form)
        assert "orr" not in str([row[2:4] for row in rows(form)])


def test_it_says_whether_it_is_whole(pristine: Path, tmp_path: Path) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    with Workbench.open(folder, actor="admin:office", clock=clock) as bench:
        form = AuditBoard(bench, today=TODAY)
        assert "was never looked at" in words(form)
        answer(form, "check", True, press="1")
        assert "is whole" in words(form)
        with writing(bench._audit._engine) as connection:
            connection.execute(sa.update(audit).where(audit.c.id == 2).values(actor="teacher:t99"))
        answer(form, "check", True, press="1")
        assert "was changed by somebody else" in words(form)
        assert "workbench restore --audit" in words(form)


@pytest.mark.browser
def test_the_page_in_a_browser_on_a_laptop_and_a_phone(school: Path) -> None:
    with chromium() as browser, VoilaServer(school, actor="admin:office", day=TODAY) as server:
        page = watched(browser, PROJECTOR, device_scale_factor=2, reduced_motion="reduce")
        page.goto(server.entry)
        page.get_by_role("button", name="See who looked").click()
        page.get_by_role("button", name="Look now").click()
        expect(page.get_by_text("is whole").first).to_be_visible()
        page.get_by_label("Learner").first.fill("Luz Marín")
        page.get_by_label("Learner").first.press("Enter")
        page.get_by_text("A list for the family").click()
        expect(page.get_by_role("heading", name="Who looked at the records of Luz Marín")).to_be_visible()
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        assert_clean(page)
        is_well(page, ADULTS)
        page.set_viewport_size(PHONE)
        assert_fits(page)
