"""My class on a real page: flags as they rise, what the board may show, the way to a conference, and paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from workbench import Workbench
from workbench.learners.learners import Learner

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits
from ..conftest import TODAY

pytestmark = pytest.mark.browser

LETTER: ViewportSize = {"width": 710, "height": 965}  # what is left of a page of that size between its margins

SECRET = "I cannot do fractions <b>and</b> nobody may know"


@pytest.fixture
def page(server: VoilaServer, browser: Browser) -> Iterator[Page]:
    """My class, opened from the home page."""
    opened = server.sign_in(browser)
    opened.get_by_role("button", name="Open my class").click()
    expect(opened.get_by_role("heading", name="Who needs me now")).to_be_visible()
    yield opened
    opened.context.close()


def test_a_flag_raised_elsewhere_shows_by_itself_and_one_key_takes_it_off_the_board(
    page: Page, bench: Workbench
) -> None:
    expect(page.get_by_role("status").filter(has_text="No flag is up.")).to_be_visible()
    luz = bench.learners.named("Luz Marín")
    bench.flags.raise_(luz, "help", urgency="now", words=SECRET)
    reason = page.get_by_text(SECRET)
    expect(reason).to_be_visible()
    assert_clean(page)
    box = page.get_by_label("Say something back, if you like")
    box.fill("Come to the")
    page.keyboard.press("Escape")  # in the middle of a word
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    assert SECRET not in page.content()
    assert "Marín" not in page.content()
    expect(page.get_by_role("status").filter(has_text="1 flag is up.")).to_be_visible()
    assert_clean(page)
    page.reload()  # a reload does not uncover
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    expect(page.get_by_text("Come to the")).to_have_count(0)
    page.get_by_role("button", name="Show all").press("Enter")
    expect(reason).to_be_visible()
    expect(box).to_have_value("Come to the")  # what was begun is still there
    box.fill("Come to the round table")
    box.press("Enter")
    expect(page.get_by_text("The flag of Luz is answered.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Answered: take the flag of Luz Marín down").press("Enter")  # a word is not needed
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(reason).to_be_visible()
    box.fill("Come to the round table")
    box.press("Enter")
    expect(page.get_by_text("The flag of Luz is answered.")).to_be_visible()
    assert bench.flags.of(luz)[-1].answer == "Come to the round table"


def test_a_row_leads_to_the_conference_of_its_learner_at_an_address_that_names_nobody(
    page: Page, bench: Workbench
) -> None:
    wren = bench.learners.named("Wren Castellano")
    page.get_by_label("Find a learner by name").fill("castellano wr")
    expect(page.locator(".wb-glances li")).to_have_count(1)
    page.get_by_role("button", name="Wren Castellano").click()  # all there is of somebody
    expect(page.get_by_role("heading", name="Wren Castellano")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="This week", exact=True).click()
    page.get_by_role("button", name="Show all 28").click()
    page.get_by_role("button", name="Start: a conference with Wren Castellano").first.press("Enter")
    expect(page.get_by_role("heading", name="Look at my progress")).to_be_visible()
    expect(page.get_by_text("Wren Castellano", exact=True)).to_be_visible()
    address = page.url.partition("?")[2]
    assert "Wren" not in address
    assert f"={wren.id}" not in address
    page.go_back()
    page.get_by_role("button", name="Quick check with").first.click()
    expect(page.get_by_label("Kind of conference")).to_have_value("quick")


def test_every_part_is_clean_and_fits_a_phone_and_a_sheet_prints_one_learner_alone(
    page: Page, bench: Workbench
) -> None:
    page.set_viewport_size(PHONE)
    assert_fits(page)
    for part, there in (("Our class", "Three before me"), ("To read", "Mark as read"), ("On paper", "What came back")):
        page.get_by_role("navigation").get_by_role("button", name=part).click()
        expect(page.get_by_text(there).first).to_be_visible()
        assert_fits(page)
        assert_clean(page)
    page.set_viewport_size(LETTER)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".wb-print .wb-group-page").count() == 28
    assert page.evaluate(_CUT_OFF) == []  # a sheet is a page, with its boxes at the foot
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    page.get_by_label("For", exact=True).select_option(label="Omar Haddad")
    expect(page.get_by_text("1 sheet, a page each.")).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = page.locator("body").inner_text()
    names = [one.name for one in bench.learners.in_class("4B") if one.name in printed]
    assert names == ["Omar Haddad"]
    assert "What do you notice?" in printed
    assert "Type in" not in printed


#: The keystroke-level model's time for a keystroke of somebody who types 40 words a minute (Card, Moran, Newell 1980).
KEYSTROKE = 0.28  # seconds


@pytest.mark.parametrize(("band", "language"), [("K-2", "es"), ("6-8", "es"), ("K-2", "en")])
def test_a_sheet_of_each_band_is_a_page(
    page: Page, bench: Workbench, learner: Learner, band: str, language: str
) -> None:
    bench.settings.choose(learner, band=band, language=language)
    bench.goals.choose(learner, "Read ten minutes every evening with somebody at home until Friday", on=TODAY)
    page.get_by_role("navigation").get_by_role("button", name="On paper").click()
    page.get_by_label("For", exact=True).select_option(label=learner.name)
    expect(page.locator(f"[data-key='sheet/{learner.id}']")).to_be_visible()
    page.set_viewport_size(LETTER)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".wb-print .wb-boxes li")).to_have_count(4)
    assert page.evaluate(_CUT_OFF) == []


def test_a_sheet_is_typed_in_with_the_keyboard_alone_in_half_a_minute_and_its_ticks_are_flags(
    page: Page, bench: Workbench, learner: Learner
) -> None:
    keys = 0

    def press(*some: str) -> None:
        nonlocal keys
        for one in some:
            page.keyboard.press(one)
            keys += 1

    def write(words: str) -> None:
        nonlocal keys
        page.keyboard.type(words)
        keys += len(words)

    page.get_by_role("navigation").get_by_role("button", name="On paper").click()
    page.get_by_role("button", name=f"Type in the sheet of {learner.name}").press("Enter")
    expect(page.get_by_role("heading", name=learner.name)).to_be_focused()
    assert_clean(page)
    press("Tab")
    write("I read more")
    press("Tab", "Space", "Tab", "Tab", "Tab", "Space", "Tab", "Tab")  # what one leads; no first words, no work; felt
    write("My poster")
    press("Tab", "Tab")
    write("I ask")
    press("Tab")
    write("Fractions")
    press("Tab", "Space", "Tab", "Space")  # help, and a talk
    expect(page.locator("[data-for$='/wishes'][aria-pressed='true']")).to_have_count(2)
    press("Tab", "Tab", "Tab", "Tab")
    expect(page.get_by_role("button", name="Next: ")).to_be_focused()
    press("Enter")
    expect(page.get_by_role("heading", name=learner.name)).to_have_count(0)  # typed faster than kept
    expect(page.locator(".wb-form h2")).to_be_focused()  # the next sheet
    assert keys * KEYSTROKE < 30
    (held,) = bench.conferences.of(learner)
    said = {prompt: one.words or one.choice for (_move, prompt), one in bench.reflections.of(held).items()}
    assert said == {"notice": "I read more", "lead": "I tell about my work", "felt": "proud", "went-well": "My poster"}
    assert [one.words for one in bench.strengths.of(held)] == ["I ask", "Fractions"]
    flags = [one for one in bench.flags.of(learner) if one.up]
    assert {(one.kind, one.urgency) for one in flags} == {("help", "today"), ("conference", "today")}
    for one in flags:
        bench.flags.take_down(one)


_CUT_OFF = """() => [...document.querySelectorAll(".wb-print .wb-group-page")]
    .filter((one) => one.scrollHeight > one.clientHeight).map((one) => one.firstElementChild.textContent)"""
_COUNT_TONES = """() => {
    const made = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        document.body.dataset.tones = Number(document.body.dataset.tones ?? 0) + 1;
        return made.call(this);
    };
}"""


def test_a_flag_is_heard_on_the_board_where_the_class_wants_a_bell(
    page: Page, bench: Workbench, learner: Learner
) -> None:
    class_ = bench.learners.class_named("4B")
    page.get_by_role("navigation").get_by_role("button", name="Our class").click()
    page.get_by_role("group", name="A soft bell for a flag").get_by_label("On").check(force=True)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert bench.classes.of(class_).bell
    assert_clean(page)
    page.evaluate(_COUNT_TONES)
    first = bench.flags.raise_(learner, "help")
    expect(page.get_by_role("status").filter(has_text="up.")).not_to_have_text("No flag is up.")
    assert page.locator("body").get_attribute("data-tones") is None  # whoever sees the flag need not hear it
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    second = bench.flags.raise_(learner, "show")
    expect(page.locator("body")).to_have_attribute("data-tones", "2")
    bench.flags.take_down(first)
    bench.flags.take_down(second)
    bench.classes.undo(class_, "bell")
