"""The board of goals on a real page: a new goal, how it goes, not yet, met, and everything undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from workbench import Workbench
from workbench.goals.goals import State
from workbench.learners.learners import Learner

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits, open_page

pytestmark = pytest.mark.browser

WORDS = "Pack my bag before supper"


def test_a_goal_is_chosen_followed_made_smaller_met_and_undone(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = open_page(server, browser, "See the goals", learner.name)
    expect(page.get_by_role("heading", name="My goals")).to_be_visible()
    assert_clean(page)

    # a new one, through a door
    page.get_by_role("button", name="New goal").click()
    page.get_by_text("How I work", exact=True).first.click()
    page.get_by_text("Make it clear").click()
    page.get_by_label("What exactly will you do?").fill(WORDS)
    page.get_by_label("How will we see that it is done?").fill("Dad sees it by the door")
    page.get_by_role("button", name="Friday", exact=True).click()
    expect(page.get_by_role("button", name="Friday", exact=True)).to_have_attribute("aria-pressed", "true")
    assert_clean(page)
    page.get_by_role("button", name="Put it on the board").click()
    card = page.get_by_role("article")
    expect(card.get_by_role("heading", name=WORDS)).to_be_visible()

    # its plan, and the week on paper
    card.get_by_role("button", name="My plan").click()
    for words in ("Make a list and check things off", "Set a timer", "Pack my bag the evening before"):
        page.get_by_role("button", name=words).first.click()
    expect(page.get_by_text("Three in a row!")).to_be_visible()
    page.get_by_role("button", name="Done: Set a timer").click()
    expect(page.get_by_text("1 of 3 steps done")).to_be_visible()
    assert_clean(page)
    page.get_by_role("button", name="Back to my goals").click()
    page.get_by_role("button", name="My week on paper").click()
    expect(page.get_by_role("heading", name="When there is time")).to_be_visible()
    assert_clean(page)
    page.get_by_role("button", name="Back to my goals").click()

    # how is it going: two clicks
    card.get_by_text("Getting there").click()
    card.get_by_label("What happened?").fill("Only on Monday")
    expect(page.locator(".wb-status")).to_have_text("Saved")

    # not yet, and something smaller
    card.get_by_role("button", name="Not yet").click()
    page.get_by_label("Which part did you do?").fill("Monday")
    assert_clean(page)
    page.get_by_role("button", name="Something smaller").click()
    page.get_by_label("What will you try?").fill("Put my bag by the door")
    page.get_by_role("button", name="Put it on the board").click()
    page.set_viewport_size(PHONE)
    assert_fits(page)
    assert_clean(page)

    # met, with the keyboard alone; undone
    done = page.get_by_role("button", name="I did it: Put my bag by the door")
    done.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You did it")).to_be_focused()
    assert_clean(page)
    page.get_by_role("button", name="To my goals", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Met: Put my bag by the door")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("article").get_by_role("heading", name="Put my bag by the door")).to_be_visible()

    first, small = bench.goals.of_learner(learner)
    assert (first.words, first.state, first.learned, first.area) == (WORDS, State.NOT_YET, "Monday", "habits")
    assert (small.parent, small.state) == (first.id, State.ACTIVE)
    assert bench.plans.of(first).show == "Dad sees it by the door"
    assert [(one.feeling, one.words) for one in bench.progress.of(first)] == [("slow", "Only on Monday")]
