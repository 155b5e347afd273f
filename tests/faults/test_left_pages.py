"""A page that was left shows nobody: not to a child who presses Back on a tablet that was handed over.

Browsers keep pages in memory and show them again as they were, whatever the server thinks by then. WebKit, which every
browser on an iPad is, keeps all of ours; Playwright's Chromium none, unless it is told to.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import VoilaServer, assert_clean, keeping_pages, watched
from tests.conftest import TODAY, copy_of
from tests.webdriver import KINDS, Driven, driven
from workbench import Workbench
from workbench.sample.demo import ACTOR, CLASS

pytestmark = pytest.mark.browser

NUMBER = "2468"
PICTURES = "Who are you?"


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(pristine, tmp_path_factory.mktemp("left") / "demo")


@pytest.fixture(scope="module")
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture(scope="module")
def names(school: Path) -> list[str]:
    with Workbench.open(school, actor=ACTOR) as bench:
        return [one.name for one in bench.learners.in_class(CLASS)]


@pytest.fixture(scope="module")
def keeping(browser: Browser) -> Iterator[Browser]:
    with keeping_pages(browser) as other:
        yield other


@pytest.mark.skipif(bool(KINDS["webkit"].missing), reason=KINDS["webkit"].missing)
class TestInWebKit:
    @pytest.fixture
    def tablet(self, server: VoilaServer) -> Iterator[Driven]:
        with driven("webkit") as browser:
            browser.go(server.entry)
            browser.sees("Sit down with a learner")
            yield browser

    def hand_over(self, tablet: Driven) -> None:
        tablet.run("location.href = '/tablet'")
        tablet.write("#number", NUMBER)
        tablet.click("Hand over")
        tablet.sees(PICTURES)

    @pytest.mark.parametrize("press", ["Open my class", "See the profile", "Start the conference"])
    def test_back_leads_a_child_to_no_page_of_the_educators(self, tablet: Driven, names: list[str], press: str) -> None:
        if press == "Start the conference":
            tablet.until(lambda: tablet.run("document.querySelector('button.primary').click(); return true"))
        else:
            tablet.click(press)
        tablet.until(lambda: tablet.run("return document.querySelector('.wb-body h2')"))
        assert any(name in tablet.text for name in names)
        self.hand_over(tablet)
        ways = []
        for _time in range(3):  # the number, the page, home
            tablet.back()
            until = time.monotonic() + 3
            while time.monotonic() < until or PICTURES not in tablet.text:
                assert time.monotonic() < until + 30, tablet.text
                shown = tablet.run("return document.documentElement.outerHTML")
                assert [name for name in names if name in shown] == []
                assert "Sit down with a learner" not in shown
            ways.append(tablet.run("return performance.getEntriesByType('navigation')[0].type"))
        assert ways[:2] == ["reload", "reload"]  # they came out of the browser's memory, and asked anew

    def test_back_to_a_page_finds_it_as_it_was_left(self, tablet: Driven) -> None:
        tablet.click("See the profile")
        tablet.sees("In your own words")
        tablet.write("[data-draft='profile/own']", "I draw comics")
        tablet.run("document.querySelector('a.brand').click()")
        tablet.sees("Sit down with a learner")
        tablet.back()
        tablet.until(lambda: tablet.run("return document.querySelector(`[data-draft='profile/own']`)?.value"))
        assert tablet.run("return document.querySelector(`[data-draft='profile/own']`).value") == "I draw comics"
        tablet.until(lambda: tablet.run("return document.getElementById('loading') === null"))
        time.sleep(4)  # the question whether it still lives comes after some seconds
        assert not tablet.run("return document.querySelector('dialog').open")


#: What a page that came out of the browser's memory held before any of its scripts could act.
KEPT = """window.addEventListener("pageshow", (event) => {
    if (event.persisted) sessionStorage.setItem("kept", document.body.innerText.trim() + "|");
}, true)"""


def home(keeping: Browser, server: VoilaServer) -> Page:
    page = watched(keeping)
    page.add_init_script(KEPT)
    page.goto(server.entry)
    expect(page.get_by_role("button", name="Open my class")).to_be_visible()
    return page


class TestInChromium:
    def test_what_its_memory_keeps_is_empty_and_comes_back_as_it_is_now(
        self, server: VoilaServer, keeping: Browser
    ) -> None:
        page = home(keeping, server)
        page.get_by_role("link", name="Hand over the tablet").click()
        page.get_by_label("A number to take it back with").fill(NUMBER)
        page.evaluate("history.back()")
        expect(page.get_by_role("button", name="Open my class")).to_be_visible()
        assert page.evaluate("sessionStorage.getItem('kept')") == "|"  # it was kept, and there was nothing in it
        page.evaluate("history.forward()")
        expect(page.get_by_label("A number to take it back with")).to_have_value("")
        assert_clean(page)
        page.context.close()

    def test_a_page_that_is_put_to_sleep_unseen_is_empty_too(
        self, server: VoilaServer, keeping: Browser, names: list[str]
    ) -> None:
        page = home(keeping, server)
        page.get_by_role("button", name="Open my class").click()
        expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
        assert any(name in page.content() for name in names)
        page.evaluate("document.dispatchEvent(new Event('freeze'))")  # a headless Chromium never does it by itself
        assert [name for name in names if name in page.content()] == []
        with page.expect_navigation():
            page.evaluate("document.dispatchEvent(new Event('resume'))")
        expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
        page.context.close()

    def test_after_a_wrong_number_back_and_a_reload_have_an_address_to_go_to(
        self, server: VoilaServer, keeping: Browser
    ) -> None:
        page = home(keeping, server)
        page.get_by_role("link", name="Hand over the tablet").click()
        page.evaluate("document.querySelector('#number').form.noValidate = true")
        for number in ("12", NUMBER):
            page.get_by_label("A number to take it back with").fill(number)
            page.get_by_role("button", name="Hand over").click()
            if number == "12":
                expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("heading", name=PICTURES)).to_be_visible()
        page.get_by_text("For the teacher").click()
        page.get_by_label("Your number").fill("1111")
        page.get_by_role("button", name="Take the tablet back").click()
        expect(page.get_by_role("alert")).to_contain_text("This is not the number")
        for again in (page.reload, page.go_back, page.go_forward):
            again()
            expect(page.get_by_role("heading", name=PICTURES)).to_be_visible()
        page.goto(f"{server.address}/?wrong=1")
        page.get_by_label("Your number").fill(NUMBER)
        page.get_by_role("button", name="Take the tablet back").click()
        expect(page.get_by_role("button", name="Open my class")).to_be_visible()
        page.context.close()
