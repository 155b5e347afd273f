"""The page "Reports" in a browser: a class's reports made, read together, kept in one file; and nobody else's."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from workbench.sample.demo import ACTOR

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits
from ..conftest import TODAY

pytestmark = pytest.mark.browser


def test_a_class_s_reports_are_made_opened_and_kept(small: Path, browser: Browser, tmp_path: Path) -> None:
    with VoilaServer(small, actor=ACTOR, day=TODAY) as server:
        page = server.sign_in(browser)
        page.get_by_role("button", name="Open reports").click()
        expect(page.get_by_role("heading", name="2 reports can be made")).to_be_visible()
        page.get_by_role("button", name="Make the reports").click()
        expect(page.get_by_role("heading", name="All 2 reports are ready")).to_be_visible()
        assert_clean(page)

        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Open all to print").click()
        together = opened.value
        expect(together.get_by_role("heading", name="Ada Ames")).to_be_visible()
        expect(together.get_by_role("heading", name="Bo Bell")).to_be_visible()
        expect(together.get_by_role("button", name="Print")).to_be_visible()
        assert together.title() == "Learner report: 9Z"
        assert "Ames" not in together.url
        together.set_viewport_size(PHONE)
        assert_fits(together)
        assert Axe().run(together).response["violations"] == []

        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Open the report of Bo Bell").click()
        expect(opened.value.get_by_role("heading", name="Bo Bell")).to_be_visible()
        expect(opened.value.get_by_role("heading", name="Ada Ames")).to_have_count(0)

        with page.expect_download() as kept:
            page.get_by_role("button", name="Download all in one file").click()
        kept.value.save_as(tmp_path / "reports.zip")
        with ZipFile(tmp_path / "reports.zip") as packed:
            assert packed.namelist() == ["Ames-Ada.html", "Bell-Bo.html"]
        page.get_by_role("button", name="Make one PDF for the printer").click()
        with page.expect_download() as bound:
            page.get_by_role("button", name="Download the PDF for the printer").click()
        assert bound.value.suggested_filename == "reports.pdf"
        assert len(PdfReader(bound.value.path()).pages) == 6
        page.set_viewport_size(PHONE)
        assert_fits(page)
        page.context.close()
