"""After the server was started again, what waited on an open page goes by itself, as the page says it will."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import VoilaServer, began, open_page, wait_for_another
from tests.conftest import TODAY, copy_of
from workbench import Workbench
from workbench.sample.demo import ACTOR

pytestmark = pytest.mark.browser

CUT = "No connection just now."
#: Every dialog and every line of the status that was ever seen, from page to page.
WATCH = """addEventListener("DOMContentLoaded", () => setInterval(() => {
    const seen = new Set(JSON.parse(sessionStorage.getItem("seen") ?? "[]"));
    if (document.querySelector("dialog[open]")) seen.add("a dialog");
    sessionStorage.setItem("seen", JSON.stringify([...seen]));
}, 20))"""


@pytest.mark.long
def test_words_go_by_themselves_and_one_writes_on_where_one_was(
    pristine: Path, tmp_path: Path, browser: Browser
) -> None:
    server = VoilaServer(copy_of(pristine, tmp_path / "demo"), actor=ACTOR, day=TODAY).__enter__()
    try:
        page = open_page(server, browser, "the conference", "Luz Marín")
        page.add_init_script(WATCH)
        box = page.get_by_label("What do you notice?")
        expect(box).to_be_visible()
        box.press_sequentially("My reading")
        expect(page.locator(".wb-status")).to_have_text("Saved")
        server.kill()
        cut = time.monotonic()
        expect(page.get_by_text(CUT)).to_be_visible()
        assert time.monotonic() - cut < 6  # it was more than eleven
        box.press_sequentially(" went up")
        expect(page.locator(".wb-status")).to_have_text("Waiting to send")
        first = began(page)
        with ThreadPoolExecutor(1) as beside:
            back = beside.submit(server.again)
            while not back.done():
                box.press_sequentially(" so", delay=100)
                assert began(page) == first  # not into a word
        for _word in range(20):  # nor when it is there
            box.press_sequentially(" so", delay=100)
        assert began(page) == first
        words = box.input_value()
        wait_for_another(page, first)
        expect(box).to_have_value(words)
        expect(box).to_be_focused()
        expect(page.get_by_text(CUT)).to_be_hidden()
        page.keyboard.type(" good")
        words += " good"
        with Workbench.open(server.workspace, actor=ACTOR) as bench:
            (held,) = [one for one in bench.conferences.of(bench.learners.named("Luz Marín")) if not one.finished]
            until = time.monotonic() + 20
            while (said := bench.reflections.of(held).get(("look", "notice"))) is None or said.words != words:
                assert time.monotonic() < until, said
                time.sleep(0.1)
        assert page.evaluate("sessionStorage.getItem('seen')") in (None, "[]")
        page.context.close()
    finally:
        server.__exit__()
