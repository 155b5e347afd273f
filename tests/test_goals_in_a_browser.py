"""The board of goals on a real page: a new goal, how it goes, not yet, met, and everything undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from workbench import Workbench
from workbench.goals import State
from workbench.sample import cast
from workbench.sample.demo import ACTOR

from .browser import PHONE, VoilaServer, assert_clean, assert_fits, chromium
from .conftest import clock, copy_of

pytestmark = pytest.mark.browser

WORDS = "Pack my bag before supper"


def test_a_goal_is_chosen_followed_made_smaller_met_and_undone(pristine: Path, tmp_path: Path) -> None:
    school = copy_of(pristine, tmp_path / "demo")
    with VoilaServer(school, actor=ACTOR) as server, chromium() as browser:
        page = server.sign_in(browser)
        names = page.get_by_label("Learner").locator("option").all_inner_texts()
        page.get_by_label("Learner").select_option(label=next(name for name in names if name.startswith("Mei")))
        page.get_by_role("button", name="See the goals").click()
        expect(page.get_by_role("heading", name="My goals")).to_be_visible(timeout=30_000)
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

        # how is it going: two clicks
        card.get_by_text("Slowly").click()
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

    with Workbench.open(school, actor=ACTOR, clock=clock) as bench:
        first, small = bench.goals.of_learner(bench.learners.named(cast.MEI))
        assert (first.words, first.state, first.learned, first.area) == (WORDS, State.NOT_YET, "Monday", "habits")
        assert (small.parent, small.state) == (first.id, State.ACTIVE)
        assert bench.plans.of(first).show == "Dad sees it by the door"
        assert [(one.feeling, one.words) for one in bench.progress.of(first)] == [("slow", "Only on Monday")]
