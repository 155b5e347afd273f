"""The pages of those who begin to read: few words, pictures first, and each screen on one tablet, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from workbench import Workbench
from workbench.learners.learners import Learner

from ..browser import VoilaServer, assert_clean, assert_one_screen, open_page, settled
from ..conftest import TODAY

pytestmark = pytest.mark.browser

MOST_WORDS = 8
TABLET = {"width": 1024, "height": 768}
# What a screen shows to read, each text once. What leads on or back is no part of it, nor a name, nor what somebody
# said: the learner's own words, and those of their class.
_READ = """() => {
  const skipped = [
    ".wb-top", ".wb-trail", ".wb-group-foot", ".wb-group-goals-top .wb-group-row", ".wb-button:not(.wb-door)",
    ".wb-unseen", ".wb-name", ".wb-quote", ".wb-goal-words", ".wb-star-words", ".wb-added", ".wb-waits",
  ].join();
  const walker = document.createTreeWalker(document.querySelector(".wb-body"), NodeFilter.SHOW_TEXT);
  const read = new Set();
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    if (!textContent.trim() || element.closest(skipped)) continue;
    if (getComputedStyle(element).clipPath === "none" && element.checkVisibility()) read.add(textContent.trim());
  }
  return [...read];
}"""
SAYS = {
    "en": {"ready": "I am ready", "new": "New goal", "board": "Put it on the board", "back": "Back to my goals"},
    "es": {
        "ready": "¡Todo listo!",
        "new": "Nueva meta",
        "board": "Ponerla en el tablero",
        "back": "Volver a mis metas",
    },
}


def assert_for_the_youngest(page: Page) -> None:
    settled(page)
    read = page.evaluate(_READ)
    assert sum(len(one.split()) for one in read) <= MOST_WORDS, read
    assert_one_screen(page)


def go(page: Page, button: Locator) -> None:
    """Goes on, and looks at where one comes to."""
    before = page.locator(".wb-body").inner_html()
    button.first.click()
    expect(page.locator(".wb-body")).not_to_have_js_property("innerHTML", before)
    assert_for_the_youngest(page)


@pytest.mark.parametrize("spoken", SAYS)
def test_every_screen_of_getting_ready_and_of_the_conference(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner, spoken: str
) -> None:
    bench.settings.choose(learner, band="K-2", language=spoken)
    bench.goals.choose(learner, "Read two pages", on=TODAY)
    page = open_page(server, browser, "Let the learner get ready", learner.name, viewport=TABLET)
    assert_for_the_youngest(page)
    onward, pictures = page.locator(".wb-group-foot .wb-primary"), page.locator(".wb-radio, .wb-pictures .wb-chip")
    screens = page.locator(".wb-trail li").count()
    for _screen in range(screens - 1):
        if pictures.count() and not page.locator(".wb-told-one").count():
            pictures.first.click()
        go(page, onward)
    ready = page.get_by_role("button", name=SAYS[spoken]["ready"], exact=True)
    go(page, ready)
    expect(page.locator(".wb-group-cheer")).to_contain_text(learner.call_name)
    assert_clean(page)
    page.context.close()

    page = open_page(server, browser, "Start the conference", learner.name, viewport=TABLET)
    assert_for_the_youngest(page)
    onward, pictures = page.locator(".wb-group-foot .wb-primary"), page.locator(".wb-radio, .wb-pictures .wb-chip")
    for _screen in range(30):
        if page.locator(".wb-group-agreement").count():
            break
        if pictures.count() and not page.locator(".wb-told-one").count():
            pictures.first.click()
        onward.first.click()
        settled(page)
        if not page.locator(".wb-group-agreement").count():
            assert_for_the_youngest(page)
    expect(page.locator(".wb-group-agreement")).to_be_visible()  # a paper, for families too
    assert_clean(page)
    page.context.close()


@pytest.mark.parametrize("spoken", SAYS)
def test_every_screen_of_goals_and_profile(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner, spoken: str
) -> None:
    says = SAYS[spoken]
    bench.settings.choose(learner, band="K-2", language=spoken)
    page = open_page(server, browser, "See the goals", learner.name, viewport=TABLET)
    assert_for_the_youngest(page)
    go(page, page.get_by_role("button", name=says["new"]))
    go(page, page.locator(".wb-radio"))  # what it is about
    go(page, page.locator(".wb-radio"))  # the words
    go(page, page.get_by_role("button", name=says["board"]))
    doors, back = page.locator(".wb-goal .wb-door"), page.get_by_role("button", name=says["back"])
    go(page, doors.nth(1))  # not yet
    go(page, back)
    go(page, doors.nth(2))  # the plan
    go(page, page.locator(".wb-group-foot .wb-primary"))
    go(page, back)
    go(page, doors.nth(0))  # done
    go(page, back)
    for place in range(2):  # asking, and the skills
        go(page, page.locator(".wb-group-goals-top > .wb-group-row:last-child .wb-button").nth(place))
        go(page, back)
    assert_clean(page)
    page.context.close()

    page = open_page(server, browser, "See the profile", learner.name, viewport=TABLET)
    assert_for_the_youngest(page)
    go(page, page.locator(".wb-door"))
    page.locator(".wb-radio").first.click()
    onward = page.locator(".wb-group-foot .wb-primary")
    while onward.count():
        go(page, onward)
    go(page, page.locator(".wb-door").last)  # what was said, and who sees it
    go(page, page.locator(".wb-group-row .wb-door").first)
    assert [one.family_sees for one in bench.profiles.of(learner)] == [True]
    assert_clean(page)
    page.context.close()
