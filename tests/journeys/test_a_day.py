"""A day of a school on its network: over TLS, by the school's host name, each at a device of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from workbench import Workbench
from workbench.sample import cast

from ..browser import PHONE, assert_clean, chromium, watched
from ..serving.conftest import school  # noqa: F401
from ..serving.network import HOST, WORDS, School, account
from ..serving.test_codes import scanned

pytestmark = pytest.mark.browser

TABLET: ViewportSize = {"width": 1024, "height": 768}
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
SAID = {"Luz": "I asked a question nobody asked", "Omar": "I read to the end", "Mei": "I showed how I add"}
AT_HOME = "She talks about the moon"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that finds the school's computer by its name."""
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as opened:
        yield opened


class Day:
    """The devices of a day, each a browser of its own."""

    def __init__(self, port: int, browser: Browser) -> None:
        self.home = f"https://{HOST}:{port}/"
        self._browser = browser
        self.devices: list[BrowserContext] = []

    def device(self, size: ViewportSize, address: str = "") -> Page:
        page = watched(self._browser, size, ignore_https_errors=True)
        self.devices.append(page.context)
        page.goto(address or self.home)
        return page

    def signed_in(self, name: str, size: ViewportSize = LAPTOP) -> Page:
        page = self.device(size)
        page.locator("#name").fill(name)
        page.locator("#password").fill(WORDS)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name=re.compile("^Good "))).to_be_visible()
        return page

    def is_out(self, page: Page) -> None:
        page.goto(self.home)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def got_ready(tablet: Page, name: str) -> None:
    """A learner touches their picture, and answers the first thing that is asked."""
    tablet.get_by_role("button", name=name, exact=True).click()
    tablet.get_by_role("button", name="Get ready").click()
    expect(tablet.locator(".wb-form").first).to_be_visible(timeout=60_000)
    box = tablet.locator(".wb-form textarea").first
    while not box.is_visible():
        before = tablet.locator(".wb-form h2").first.text_content()
        tablet.get_by_role("button", name=re.compile("^Next: ")).last.click()
        expect(tablet.locator(".wb-form h2").first).not_to_have_text(before or "")
    box.fill(SAID[name])
    box.blur()
    expect(tablet.locator(".wb-status")).to_have_text("Saved", timeout=40_000)


@pytest.mark.long
def test_a_day_of_a_school(browser: Browser, school: School) -> None:  # noqa: F811
    account(school.folder, "coach", "coach:c1")
    day = Day(school.port, browser)
    teacher = day.signed_in("rivera")
    teacher.get_by_role("link", name="Codes for tablets").click()
    teacher.get_by_label("At which hours").select_option(label="At any hour")
    teacher.get_by_role("button", name="One code for the class").click()
    code = scanned(teacher)

    tablets = [day.device(TABLET, code) for _one in range(3)]
    for tablet, name in zip(tablets, ("Luz", "Omar", "Mei"), strict=True):
        expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
        got_ready(tablet, name)
    tablets[2].get_by_role("button", name="Next person").click()
    expect(tablets[2].get_by_role("heading", name="Who are you?")).to_be_visible()
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        for name, code_of in (("Luz", cast.LUZ), ("Omar", cast.OMAR), ("Mei", cast.MEI)):
            learner = bench.learners.named(code_of)
            heard = [each for one in bench.conferences.of(learner) for each in bench.reflections.every(one)]
            assert SAID[name] in {each.words for each in heard}
            assert all(other not in {each.words for each in heard} for who, other in SAID.items() if who != name)

    teacher.goto(day.home)
    teacher.locator("select[name=learner]").select_option(label="Luz Marín")
    teacher.get_by_role("button", name=re.compile("^(Start|Continue) the conference$")).click()
    expect(teacher.locator(".wb-form")).to_be_visible(timeout=60_000)
    expect(teacher.get_by_role("navigation", name="The moves of this conference")).to_be_visible()
    assert_clean(teacher)

    teacher.goto(f"{day.home}codes")
    teacher.get_by_role("button", name="Letters for the families").click()
    letters = teacher.locator(".letter h2").all_text_contents()
    family = day.device(PHONE, scanned(teacher, letters.index("For the family of Luz")))
    family.get_by_label("What does Luz tell you about school?").fill(AT_HOME)
    family.get_by_role("button", name="Send").click()
    expect(family.get_by_role("status")).to_contain_text("Thank you.")
    expect(family.get_by_text(SAID["Luz"])).to_have_count(0)
    teacher.goto(day.home)
    teacher.get_by_role("button", name="Open my class").click()
    teacher.get_by_role("button", name=re.compile("^To read")).click(timeout=60_000)
    expect(teacher.get_by_text(AT_HOME)).to_be_visible()

    coach = day.signed_in("coach")
    expect(coach.get_by_role("button", name="Start the conference")).to_have_count(0)
    coach.locator("select[name=class]").select_option(label="4B")
    coach.locator("select[name=learner]").select_option(label="Luz Marín")
    coach.get_by_role("button", name="See the report").click()
    expect(coach.get_by_role("heading", name=re.compile("Luz")).first).to_be_visible(timeout=60_000)

    office = day.signed_in("office")
    expect(office.get_by_role("button", name="Load exports")).to_be_visible()
    expect(office.get_by_text(SAID["Luz"])).to_have_count(0)
    expect(office.get_by_role("button", name="Start the conference")).to_have_count(0)

    admin = day.signed_in("boss")
    admin.get_by_role("button", name="See who looked").click()
    who_looked = admin.get_by_label("Who looked", exact=True)
    expect(who_looked).to_be_visible(timeout=60_000)
    known = who_looked.locator("option").all_text_contents()
    family_s = next(one for one in known if one.startswith("family:"))
    for who, told in (
        ("Rivera, Ana", "Rivera, Ana (Teacher)"),
        ("tablet of teacher:t17", "At a device handed over by Rivera, Ana"),
        ("coach:c1", "Coach"),
        (family_s, "amily"),
    ):
        who_looked.select_option(label=who)
        expect(admin.locator("tbody td:nth-child(2)").first).to_contain_text(told)
    for words in (*SAID.values(), AT_HOME):
        expect(admin.get_by_text(words)).to_have_count(0)

    teacher.goto(f"{day.home}codes")
    teacher.get_by_role("button", name="End all of them").click()
    expect(teacher.get_by_text("None yet.")).to_be_visible()
    for page in (*tablets, family):
        day.is_out(page)
    for page in (teacher, coach, office, admin):
        held: Any = page.context.cookies()
        page.goto(f"{day.home}me")
        page.get_by_role("button", name="Sign out", exact=True).click()
        day.is_out(page)
        page.context.add_cookies(held)  # whoever copied them is out, too
        day.is_out(page)
    for one in day.devices:
        one.close()
