"""Every app, in both languages: no barrier, enough contrast, nothing cut off at 200 %, still, open to the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ..browser import PROJECTOR, VoilaServer, assert_clean, assert_fits, watched
from ..hands import ZOOMED, Keyboard, cut_off, moving, small_targets

pytestmark = pytest.mark.browser

#: What is opened from the home page, and how small a target may be: what learners touch, and what adults do.
LEARNERS, ADULTS = 44, 24
APPS = {
    "prepare": LEARNERS,
    "goals": LEARNERS,
    "profile": LEARNERS,
    "year": LEARNERS,
    "conference": LEARNERS,
    "report": LEARNERS,
    "my_class": ADULTS,
    "data": ADULTS,
    "reports": ADULTS,
}


# axe does not judge words over a picture: a folded list's arrow is one, a chart's words stand over its lines.
UNSEEN = ("<select", "<tspan", "<text")
_PALE = r"""() => {
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const solid = (one) => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (!/, 0\)$/.test(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    return [...document.querySelectorAll("select, svg text, svg tspan")].flatMap((one) => {
        const style = getComputedStyle(one);
        const ink = one.nodeName === "SELECT" ? style.color : style.fill;
        if (!one.checkVisibility() || !ink.startsWith("rgb")) return [];
        const [dark, pale] = [light(ink), light(solid(one))].sort((a, b) => a - b);
        const ratio = (pale + 0.05) / (dark + 0.05);
        return ratio < 4.5 ? [`${ratio.toFixed(1)} ${one.outerHTML.slice(0, 100)}`] : [];
    });
}"""


@pytest.fixture(scope="module", params=["en", "es"])
def page(request: pytest.FixtureRequest, server: VoilaServer, browser: Browser) -> Iterator[Page]:
    """Home, in one of the languages."""
    opened = watched(browser, PROJECTOR, device_scale_factor=2, reduced_motion="reduce")
    opened.goto(server.entry)
    opened.locator(f"form.language button[value={request.param}]").click()
    expect(opened.locator(f"html[lang={request.param}]")).to_be_attached()
    yield opened
    opened.context.close()


def is_well(page: Page, least: int) -> None:
    assert_clean(page)
    seen = Axe().run(page).response
    assert "color-contrast" in {one["id"] for one in seen["passes"]}
    unsure = [node["html"] for one in seen["incomplete"] if one["id"] == "color-contrast" for node in one["nodes"]]
    assert [one[:120] for one in unsure if not one.startswith(UNSEEN)] == []
    assert page.evaluate(_PALE) == []
    assert small_targets(page, least) == []
    assert moving(page) == []
    Keyboard(page).walk()
    page.set_viewport_size(ZOOMED)
    assert_fits(page)
    assert cut_off(page) == []
    page.set_viewport_size(PROJECTOR)


def test_home_and_the_tablet(page: Page, server: VoilaServer) -> None:
    page.goto(server.address)
    is_well(page, ADULTS)
    page.locator("a[href='/tablet']").click()
    page.wait_for_load_state()
    is_well(page, LEARNERS)


@pytest.mark.parametrize("app", list(APPS))
def test_an_app(page: Page, server: VoilaServer, app: str) -> None:
    page.goto(server.address)
    page.get_by_label("Learner").or_(page.locator("select[name=learner]")).first.select_option(label="Luz Marín")
    page.locator(f"button[name=app][value={app}]").first.click()
    expect(page.locator("#rendered_cells")).to_be_visible()
    expect(page.locator(".wb-form, .wb-report, article, section").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    is_well(page, APPS[app])


def test_every_part_of_my_class(page: Page, server: VoilaServer) -> None:
    page.goto(server.address)
    page.locator("button[name=app][value=my_class]").click()
    parts = page.locator("#rendered_cells").get_by_role("navigation").get_by_role("button")
    expect(parts.first).to_be_visible()
    for number in range(1, parts.count()):
        parts.nth(number).click()
        expect(parts.nth(number)).to_have_attribute("aria-current", "page")
        assert_clean(page)


def test_words_too_pale_are_found(browser: Browser) -> None:
    bad = browser.new_page()
    bad.set_content(
        "<main style='background: rgb(240, 240, 240)'><select style='color: #999; background: none'></select>"
        "<svg><text y=20 fill='#767676'>A</text><text y=40 fill='#111'>B</text></svg></main>"
    )
    assert [one.partition(" ")[0] for one in bad.evaluate(_PALE)] == ["2.5", "4.0"]
    bad.close()
