"""Words passed on, on real pages: from the reader to the adult named, and no sign of it for anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from workbench import Workbench
from workbench.sample.demo import ACTOR, WORRIES

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits, chromium, seen_on
from ..conftest import clock, copy_of

pytestmark = pytest.mark.browser

SECRET = "Nobody at home talks to me"
WHY = "Please talk to her"


def test_words_go_from_my_class_to_the_adult_named_and_to_nobody_else(pristine: Path, tmp_path: Path) -> None:
    school = copy_of(pristine, tmp_path / "demo")
    with Workbench.open(school, actor=ACTOR, clock=clock) as bench:
        bench.flags.raise_(bench.learners.named("Luz Marín"), "help", words=SECRET)
    with chromium() as browser, VoilaServer(school, actor=ACTOR) as server:
        page = server.sign_in(browser)
        expect(page.get_by_text("Concerns shared with you")).to_have_count(0)
        page.get_by_role("button", name="Open my class").click()
        mark = page.get_by_role("button", name="Share a concern: what Luz Marín wrote on the flag")
        mark.press("Enter")
        expect(page.get_by_text("This goes to the adult the school named, and to nobody else.")).to_be_visible()
        assert_clean(page)
        page.get_by_label("Why, if you like").fill(WHY)
        assert WHY not in page.evaluate(_STORED)  # nobody finds it on the device, if it is not sent
        page.get_by_label("Why, if you like").press("Enter")
        expect(page.get_by_role("button", name="Concern shared, ")).to_be_focused()
        assert WHY not in page.content()
        assert WHY not in page.evaluate(_STORED)
        # whoever is not named cannot tell the page from one that does not exist
        answers = [page.evaluate(_OPEN, app) for app in ("worries", "no-such-page")]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
        logged = server.log
        asked = seen_on(page).requests
    with chromium() as browser, VoilaServer(school, actor=WORRIES) as server:
        page = server.sign_in(browser)
        expect(page.get_by_text("1 waits to be read.")).to_be_visible()
        assert_clean(page)
        page.get_by_role("button", name="Read them alone").click()
        page.get_by_role("button", name="Read what Luz Marín said").press("Enter")
        expect(page.get_by_text(SECRET)).to_be_visible()
        expect(page.get_by_text(WHY)).to_be_visible()
        assert_clean(page)
        page.set_viewport_size(PHONE)
        assert_fits(page)
        page.get_by_label("What was done").fill("We talked")
        page.get_by_role("button", name="Close it").press("Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Show all")).to_be_visible()
        assert "Luz" not in page.locator("main").inner_text()
        assert_clean(page)
        logged += server.log
        asked += seen_on(page).requests
    told = logged + "".join(asked)
    assert not [words for words in (SECRET, WHY, "Luz", "We talked") if words in told]
    with Workbench.open(school, actor=WORRIES, clock=clock) as bench:
        assert [one.done for one in bench.worries.closed()] == ["We talked"]


_STORED = "JSON.stringify({...sessionStorage, ...localStorage})"
_OPEN = """async (app) => {
    const xsrf = document.cookie.match(/\\b_xsrf=([^;]*)/)?.[1] ?? "";
    const body = new URLSearchParams({app, _xsrf: xsrf});
    const answer = await fetch("/open", {method: "POST", body});
    return [answer.status, (await answer.text()).replaceAll(app, "")];
}"""
