"""The page, its kernel and the server are killed at every move: every answer is there afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from workbench import Workbench
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR

from ..browser import PATIENCE, PROJECTOR, VoilaServer, began, watched
from ..conftest import TODAY, clock, copy_of
from ..people import kernels_of

pytestmark = pytest.mark.browser

NEXT = date(2026, 12, 7)
AGREEMENT = "See our agreement"


@pytest.fixture
def school(pristine: Path, tmp_path: Path) -> Path:
    return copy_of(pristine, tmp_path / "demo")


@pytest.fixture
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture
def bench(school: Path) -> Iterator[Workbench]:
    with Workbench.open(school, actor=ACTOR, clock=clock) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Stop:
    """Where one goes, what one answers there, and what the store says of it afterwards."""

    at: str
    answer: Callable[[Page], object]
    kept: Callable[[], object]
    is_: object


class Sitting:
    """One learner at one tablet, at which things die."""

    def __init__(self, server: VoilaServer, browser: Browser, learner: Learner) -> None:
        self.server = server
        self.page = watched(browser, PROJECTOR)
        self.learner = learner

    def open(self, button: str) -> None:
        self.page.goto(self.server.entry)
        self.page.get_by_label("Learner").select_option(label=self.learner.name)
        self.page.get_by_role("button", name=button).click()
        self.is_there()

    def is_there(self) -> None:
        expect(self.page.locator(".wb-form")).to_be_visible()

    def go(self, to: str) -> None:
        """Goes to a screen or a move by its dot, or to the agreement."""
        if to == AGREEMENT:
            press(to)(self.page)
            expect(self.page.get_by_role("button", name="Finish the conference")).to_be_visible()
            return
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(to)}:")).click()
        expect(self.page.get_by_role("button", name=f"{to}: you are here", exact=True)).to_be_visible()

    def kill_page(self, stop: Stop) -> None:
        """The browser's tab crashes right after the answer; another one is opened at the same address."""
        address, context = self.page.url, self.page.context
        stop.answer(self.page)
        self.page.wait_for_timeout(150)  # what a tab keeps on the device is there a moment later
        with suppress(Error):
            self.page.goto("chrome://crash", timeout=5000)
        self.page = context.new_page()
        self.page.goto(address)
        self.is_there()

    def kill_kernel(self, stop: Stop) -> None:
        """The kernel is gone before the answer; the page has another."""
        (process,) = kernels_of(self.server.process.pid)  # of all pages of one browser
        first = began(self.page)
        process.kill()
        stop.answer(self.page)
        self.goes_on(first)

    def kill_server(self, stop: Stop) -> None:
        """The server is gone before the answer; it is begun again, and the page goes on."""
        first = began(self.page)
        self.server.kill()
        stop.answer(self.page)
        self.server.again()
        self.goes_on(first)

    def goes_on(self, since: float) -> None:
        """The page renews itself, or asks when it did so a moment ago."""
        wake = self.page.get_by_role("dialog").get_by_role("button", name="Reload the page")
        until = time.monotonic() + PATIENCE / 1000
        while not self._began_after(since):
            assert time.monotonic() < until, f"the page stayed as it was: {self.page.locator('body').inner_text()}"
            with suppress(Error):  # in the middle of it
                if wake.is_visible():
                    wake.click(timeout=1000)
            self.page.wait_for_timeout(50)
        self.is_there()

    def _began_after(self, since: float) -> bool:
        with suppress(Error):  # in the middle of it
            return began(self.page) > since
        return False


def write(label: str, words: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_label(label, exact=True).first.fill(words)


def choose(label: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("radio", name=label, exact=True).locator("xpath=..").click()


def press(label: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role("button", name=label, exact=True).first.click()


#: Whatever dies first: the other two ways at each stop are for the long campaign.
FIRST = [0, *(pytest.param(each, marks=pytest.mark.soak) for each in (1, 2))]


@pytest.mark.parametrize("first", FIRST, ids=["page", "kernel", "server"])
def test_whatever_is_killed_at_whichever_move_every_answer_is_there_afterwards(
    first: int, server: VoilaServer, browser: Browser, bench: Workbench
) -> None:
    hugo = bench.learners.named("Hugo Pohl")

    def said(move: str, prompt: str, part: str = "words") -> Callable[[], object]:
        def answer() -> object:
            found = bench.reflections.of(bench.conferences.of(hugo)[0]).get((move, prompt))
            return found and getattr(found, part)

        return answer

    def named(kind: str) -> Callable[[], object]:
        return lambda: [one.words for one in bench.strengths.of(bench.conferences.of(hugo)[0]) if one.kind == kind]

    def goal(part: str) -> Callable[[], object]:
        return lambda: [getattr(one, part) for one in bench.goals.of_learner(hugo)]

    def plan(part: str) -> Callable[[], object]:
        return lambda: [getattr(bench.plans.of(one), part) for one in bench.goals.of_learner(hugo)]

    def planned() -> object:
        return [step.words for one in bench.goals.of_learner(hugo) for step in bench.plans.of(one).steps]

    def own(page: Page) -> None:
        page.get_by_label("In your own words").first.fill("I get tired")
        page.get_by_label("In your own words").first.press("Enter")

    hard = "When was it hard, and how did you keep going?"
    well = "What went well, and what did you do to make it happen?"
    ready = [
        Stop("What do you notice?", write("What do you notice?", "It moved"), said("look", "notice"), "It moved"),
        Stop(
            "What will you lead today?", choose("I choose my goal"), said("part", "lead", "choice"), "I choose my goal"
        ),
        Stop("How will you begin?", write("How will you begin?", "With maths"), said("part", "first"), "With maths"),
        Stop("How did it feel to learn this week?", choose("calm"), said("reflect", "felt", "choice"), "calm"),
        Stop(well, write(well, "I asked twice"), said("reflect", "went-well"), "I asked twice"),
        Stop(hard, write(hard, "On Tuesday"), said("reflect", "kept-trying"), "On Tuesday"),
        Stop("What are you strong in?", press("I help my group"), named("strength"), ["I help my group"]),
        Stop("What is still hard?", own, named("need"), ["I get tired"]),
        Stop("You are ready", press("I am ready"), lambda: bench.conferences.of(hugo)[0].prepared_on, TODAY),
    ]
    why = "Why does this goal matter to you?"
    held = [
        Stop("Choose a goal", write("What will you try?", "Count the stairs"), goal("words"), ["Count the stairs"]),
        Stop("Say why", write(why, "I like numbers"), goal("purpose"), ["I like numbers"]),
        Stop("Design how", press("Explain my steps to a partner"), planned, ["Explain my steps to a partner"]),
        Stop("Set the dates", press("In 2 weeks"), plan("next_conference_on"), [NEXT]),
        Stop(AGREEMENT, press("Finish the conference"), lambda: bench.conferences.of(hugo)[0].finished, True),
    ]

    sitting = Sitting(server, browser, hugo)
    ways = (sitting.kill_page, sitting.kill_kernel, sitting.kill_server)
    kills = cycle(ways[first:] + ways[:first])  # each way at each stop, over the three tests
    answered: list[Stop] = []
    for button, stops in (("Let the learner get ready", ready), ("Start the conference", held)):
        sitting.open(button)
        for stop in stops:
            sitting.go(stop.at)
            next(kills)(stop)
            answered.append(stop)
            until = time.monotonic() + 60  # an answer that waited goes when the page is there
            while stop.kept() != stop.is_ and time.monotonic() < until:
                sitting.page.wait_for_timeout(100)
            kept = {one.at: one.kept() for one in answered}
            assert kept == {one.at: one.is_ for one in answered}
    sitting.page.context.close()
