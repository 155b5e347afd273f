"""Browsers of some years ago work; one that cannot says so in a sentence of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import VoilaServer, assert_clean, assert_fits, watched
from tests.conftest import TODAY, copy_of
from workbench.sample.demo import ACTOR

pytestmark = pytest.mark.browser

#: What Safari 15.4, Chrome 105 and Firefox 115, which the README names, do not all have.
LACKING = """
for (const [owner, ...names] of [
    [AbortSignal, "any", "timeout"],
    [window, "requestIdleCallback", "cancelIdleCallback", "scheduler", "navigation", "CompressionStream",
        "DecompressionStream", "Iterator", "Sanitizer", "trustedTypes"],
    [Array.prototype, "toSorted", "toReversed", "toSpliced", "with"],
    [Array, "fromAsync"], [Promise, "withResolvers", "try"], [Object, "groupBy"], [Map, "groupBy"],
    [URL, "canParse", "parse"], [String.prototype, "isWellFormed", "toWellFormed"], [Intl, "Segmenter"],
    [Set.prototype, "union", "intersection", "difference", "isSubsetOf"], [RegExp, "escape"],
    [Element.prototype, "setHTML", "setHTMLUnsafe"],
    [HTMLElement.prototype, "showPopover", "popover"], [HTMLInputElement.prototype, "showPicker"],
    [HTMLDialogElement.prototype, "requestClose"], [Document.prototype, "startViewTransition"],
]) for (const name of names) delete owner[name];
"""
#: Rules that such a browser drops: `:has()` (Firefox 121), `field-sizing` (Chrome 123).
PLAIN = """() => {
    const plain = (rules, holder) => [...rules].reverse().forEach((rule) => {
        if (rule.selectorText?.includes(":has(")) holder.deleteRule([...holder.cssRules].indexOf(rule));
        else if (rule.cssRules?.length) plain(rule.cssRules, rule);
        rule.style?.removeProperty("field-sizing");
    });
    const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
    for (const sheet of sheets) plain(sheet.cssRules, sheet);
    return sheets.length;
}"""
TOO_OLD, WRONG = "This browser is too old for the workbench.", "Something went wrong on this page."


@pytest.fixture(scope="module")
def server(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    school = copy_of(pristine, tmp_path_factory.mktemp("older") / "demo")
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


def at_home(server: VoilaServer, browser: Browser, lacking: str = "") -> Page:
    page = watched(browser)
    page.add_init_script(lacking)
    page.goto(server.entry)
    expect(page.locator("button[name=app].primary")).to_be_visible()
    return page


@pytest.mark.long
def test_a_conference_is_held_in_a_browser_that_lacks_what_the_oldest_lack(
    server: VoilaServer, browser: Browser
) -> None:
    page = at_home(server, browser, LACKING)
    page.locator("button[name=app].primary").click()
    box = page.get_by_label("What do you notice?")
    expect(box).to_be_visible()
    assert page.evaluate(PLAIN) > 0
    assert_fits(page)
    box.fill("My reading went up, and I wrote about it at length. " * 4)
    expect(page.locator(".wb-status")).to_have_text("Saved")
    assert box.evaluate("(box) => box.scrollHeight - box.clientHeight") <= 2  # it grew with its words
    page.get_by_role("button", name="Next").first.click()
    expect(page.get_by_role("heading", name="My part")).to_be_visible()
    assert_fits(page)
    assert_clean(page)
    page.context.close()


@pytest.mark.parametrize(
    ("lacking", "broken", "said"),
    [
        ("delete window.structuredClone", "", TOO_OLD),
        ("delete Array.prototype.at", "", TOO_OLD),
        ("", "**/static/app.js*", TOO_OLD),
        ("", "**/static/host.js*", TOO_OLD),
        ("", "gone **/static/host.js*", WRONG),
        ("", "**/workbench/forms/*.js", TOO_OLD),
        ("", "gone **/workbench/forms/*.js", WRONG),
    ],
)
def test_a_page_that_cannot_run_says_so_in_a_sentence_of_ours(
    server: VoilaServer, browser: Browser, lacking: str, broken: str, said: str
) -> None:
    page = at_home(server, browser, lacking)
    gone, pattern = broken.startswith("gone"), broken.removeprefix("gone ")
    if broken:  # words that this browser does not understand
        page.route(
            pattern,
            lambda route: route.abort() if gone else route.fulfill(body="let new = ;", content_type="text/javascript"),
        )
    page.locator("button[name=app].primary").click()
    expect(page.locator("main .broken")).to_contain_text(said, timeout=60_000)
    expect(page.get_by_text("javascript error")).to_have_count(0)
    expect(page.get_by_text("Getting your page ready")).to_have_count(0)
    page.unroute_all()
    if said == WRONG and not lacking:
        page.get_by_role("button", name="Reload the page").click()
        expect(page.locator(".wb-stepper")).to_be_visible()
    page.context.close()


def test_a_way_that_is_not_safe_is_said_instead_of_half_a_page(server: VoilaServer, browser: Browser) -> None:
    page = watched(browser)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(server.address)
    expect(page.get_by_role("alert")).to_contain_text("This way to the workbench is not safe.")
    expect(page.locator("form[action='/enter']")).to_have_count(0)
