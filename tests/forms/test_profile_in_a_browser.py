"""A profile on a real page: an inventory answered, shown to family, on a phone, and by the youngest in Spanish."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from workbench import Workbench
from workbench.learners.learners import Learner

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits, open_page

pytestmark = pytest.mark.browser


def test_a_profile_is_answered_and_shown_to_family(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = open_page(server, browser, "See the profile", learner.name)
    expect(page.get_by_role("heading", name="My profile")).to_be_visible()
    assert_clean(page)
    page.get_by_role("button", name="Answer: How I work best").click()
    page.get_by_text("With one partner").click()
    expect(page.locator(".wb-status")).to_have_text("Saved")
    assert_clean(page)
    page.get_by_role("button", name="Done").click()
    page.set_viewport_size(PHONE)
    family = page.get_by_role("button", name="Family sees it: With one partner")
    family.click()
    expect(family).to_have_attribute("aria-pressed", "true")
    assert_fits(page)
    assert_clean(page)
    assert [one.choice for one in bench.profiles.for_family(learner)] == ["With one partner"]
    page.context.close()


def test_the_youngest_answer_in_pictures_in_spanish(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    bench.settings.choose(learner, band="K-2", language="es")
    page = open_page(server, browser, "See the profile", learner.name, viewport=PHONE)
    page.get_by_role("button", name="Responder: Lo que me gusta").click()
    expect(page.get_by_role("heading", name="Me gusta")).to_be_focused()
    page.get_by_text("animales").click()
    expect(page.locator(".wb-status")).to_have_text("Guardado")
    assert_fits(page)
    assert_clean(page)
    assert page.evaluate("document.documentElement.lang") == "es"
    assert [one.choice for one in bench.profiles.of(learner)] == ["Animales"]
    page.context.close()
