"""Two learners, a teacher and somebody of a family at once, in four browsers: nothing crosses."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Response, WebSocket, expect

from workbench import Workbench
from workbench.sample import cast

from ..browser import chromium, watched
from .network import HOST, WORDS, School
from .test_attacks import kernel_of, tomorrow

pytestmark = pytest.mark.browser

SAID = {
    "luz": "I put the planets in order by heart",
    "omar": "I counted every tram on my street",
    "teacher": "She asked for the longer book",
    "family": "He tells us of the school garden",
}
NAMES = {"luz": "Luz", "omar": "Omar", "teacher": "Mei", "family": "Freya"}


class Device:
    """A browser of its own, and all that it was sent."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.page: Page = watched(browser, ignore_https_errors=True)
        self._frames: list[str] = []
        self._answers: list[Response] = []
        self.page.on("websocket", self._line)
        self.page.on("response", lambda answer: self._answers.append(answer))
        self.page.goto(address)

    def _line(self, line: WebSocket) -> None:
        line.on("framereceived", lambda told: self._frames.append(told if isinstance(told, str) else repr(told)))

    def heard(self) -> str:
        """What its pages and lines were told."""
        kinds = ("document", "fetch", "xhr")
        texts = [*self._frames, self.page.content()]
        for one in self._answers:
            with suppress(Error):  # one that led elsewhere has no body
                texts += [one.text()] if one.request.resource_type in kinds else []
        return "\n".join(texts)


def says(page: Page, words: str) -> None:
    """Goes on to the first box there is, and answers."""
    expect(page.locator(".wb-form").first).to_be_visible()
    box = page.locator(".wb-form textarea").first
    while not box.is_visible():
        before = page.locator(".wb-form h2").first.text_content()
        page.get_by_role("button", name=re.compile("^Next: ")).last.click()
        expect(page.locator(".wb-form h2").first).not_to_have_text(before or "")
    box.fill(words)
    box.blur()


@pytest.mark.long
def test_nothing_crosses(school: School) -> None:
    home = f"https://{HOST}:{school.port}/"
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        mei = bench.learners.named(cast.MEI).name
        luz, omar, freya = (bench.learners.named(one) for one in (cast.LUZ, cast.OMAR, cast.FREYA))
        codes = {
            "luz": bench.codes.for_learner(luz, until=tomorrow()),
            "omar": bench.codes.for_learner(omar, until=tomorrow()),
            "family": bench.codes.for_family(freya, until=tomorrow()),
        }
        links = {who: f"{home}#code={code.token}" for who, code in codes.items()}
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as browser:
        at = {who: Device(browser, links.get(who, home)) for who in SAID}
        teacher = at["teacher"].page
        teacher.locator("#name").fill("rivera")
        teacher.locator("#password").fill(WORDS)
        teacher.get_by_role("button", name="Sign in").click()
        teacher.locator("select[name=learner]").select_option(label=mei)
        for who in ("luz", "omar"):
            at[who].page.get_by_role("button", name="Get ready").click(no_wait_after=True)
        teacher.get_by_role("button", name=re.compile("^(Start|Continue) the conference$")).click(no_wait_after=True)
        at["family"].page.get_by_role("textbox").first.fill(SAID["family"])
        at["family"].page.get_by_role("button", name="Send").click(no_wait_after=True)
        for who in ("luz", "omar", "teacher"):
            says(at[who].page, SAID[who])
        for who in ("luz", "omar", "teacher"):
            expect(at[who].page.locator(".wb-status")).to_have_text("Saved")
        expect(at["family"].page.get_by_role("status")).to_contain_text("Thank you.")
        heard = {who: one.heard() for who, one in at.items()}
    kernels = {who: kernel_of(heard[who]) for who in ("luz", "omar", "teacher")}
    for who, text in heard.items():
        assert NAMES[who] in text
        assert SAID[who] in text
        for other in SAID.keys() - {who}:
            assert SAID[other] not in text, (who, other)
            assert kernels.get(other, "no kernel") not in text, (who, other)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        for who, learner in (("luz", luz), ("omar", omar)):
            said = {each.words for one in bench.conferences.of(learner) for each in bench.reflections.every(one)}
            assert said & set(SAID.values()) == {SAID[who]}
        assert [one.words for one in bench.replies.of(freya)] == [SAID["family"]]
