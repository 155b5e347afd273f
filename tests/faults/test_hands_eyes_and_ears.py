"""Fingers, palms and pens on a sheet; days half typed; a device without a voice; what a screen reader hears."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser import VoilaServer, seen_on, watched
from tests.conftest import TODAY, copy_of
from tests.serving.test_serving import notebook
from workbench.sample.demo import ACTOR

pytestmark = pytest.mark.browser

SHEET = """
import json
from datetime import date
from pathlib import Path
from widgets.kit import blocks as _blocks
from widgets.kit.form import Form
from workbench.bench import Workbench

HERE = Path({here!r})

class Everything(Form):
    ink = day = ""
    removed = elsewhere = False

    def turn(self):
        self.elsewhere = not self.elsewhere

    def frame(self):
        return {{"key": str(self.elsewhere)}}

    def keep(self, **what):
        for name, value in what.items():
            setattr(self, name, value)
        with (HERE / "kept").open("a") as file:
            file.write(json.dumps(what, default=str) + "\\n")

    def take_away(self):
        self.removed = True

    def put_back(self):
        self.removed = False

    def blocks(self):
        yield _blocks.heading("A page", level=2)
        yield _blocks.button("turn", "Turn over", self.turn)
        if self.elsewhere:
            return
        yield _blocks.aloud(["One sentence", "Another one"])
        yield _blocks.text("words", "Words", "", lambda value: self.keep(said=value))
        yield _blocks.day("day", "When?", self.day or None, lambda day: self.keep(day=day), today=date(2026, 11, 21))
        letters = {{one: one.upper() for one in "abcd"}}
        yield _blocks.select("list", "List", "a", letters, lambda one: self.keep(list=one))
        inside = [_blocks.heading("A part", level=3)]
        if self.removed:
            inside.append(_blocks.undo("gone", "It was taken away.", _blocks.button("undo", "Undo", self.put_back)))
        else:
            inside.append(_blocks.button("take", "Take away", self.take_away, focus="undo"))
        yield _blocks.group(*inside, look="card", name="part")
        yield _blocks.pad("pad", "Draw", self.ink, lambda value: self.keep(ink=value))

Everything(Workbench.here(), view="everything", spoken="en")
"""
VOICES = """(languages) => {
    window.heard = [];
    window.voices = languages.map((lang) => ({lang, default: false, name: lang}));
    speechSynthesis.getVoices = () => window.voices;
}"""


class Kept:
    """What a page gave to be kept."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kept"
        self.file.write_text("")

    def all(self, name: str) -> list[Any]:
        told = map(json.loads, self.file.read_text().splitlines())
        return [one[name] for one in told if name in one]


@pytest.fixture(scope="module")
def server(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    folder = tmp_path_factory.mktemp("everything")
    page = notebook(folder / "page.ipynb", SHEET.format(here=str(folder)))
    with VoilaServer(copy_of(pristine, folder / "demo"), actor=ACTOR, apps={"my_class": (page, False)}) as running:
        yield running


def opened(server: VoilaServer, browser: Browser, voices: list[str] | None = None, **context: Any) -> tuple[Page, Kept]:
    kept = Kept(server.workspace.parent)
    page = watched(browser, {"width": 820, "height": 1180}, **context)
    if voices is not None:
        page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto(server.entry)
    page.get_by_role("button", name="Open my class").click()
    page.locator("[data-name=words]").wait_for(timeout=40_000)
    return page, kept


def is_saved(page: Page) -> None:
    expect(page.locator(".wb-status")).to_have_attribute("data-state", "saved", timeout=20_000)


class Glass:
    """The sheet of a page, touched by points that have a size."""

    def __init__(self, page: Page) -> None:
        page.locator("[data-act=unfold]").click()
        self.sheet = page.locator("[data-pad]")
        self.sheet.scroll_into_view_if_needed()
        box = self.sheet.bounding_box()
        assert box is not None
        self.left, self.top = box["x"], box["y"]
        self.devtools: CDPSession = page.context.new_cdp_session(page)

    def touch(self, kind: str, **points: tuple[float, float, float]) -> None:
        """`points`: x, y and radius, in CSS px from the sheet's corner."""
        told = [
            {
                "x": self.left + x,
                "y": self.top + y,
                "radiusX": size,
                "radiusY": size,
                "id": {"finger": 1, "palm": 2}[name],
            }
            for name, (x, y, size) in points.items()
        ]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        told = {"type": kind, "x": self.left + x, "y": self.top + y, "button": "left", "clickCount": 1, **more}
        self.devtools.send("Input.dispatchMouseEvent", told)


def strokes(kept: Kept) -> list[list[list[int]]]:
    drawn = kept.all("ink")
    return json.loads(drawn[-1]) if drawn else []


def flat(stroke: list[list[int]]) -> bool:
    """Whether a stroke is one line from left to right, at one height."""
    across, down = [x for x, _y in stroke], [y for _x, y in stroke]
    return across == sorted(across) and max(down) - min(down) < 30


@pytest.mark.parametrize("size", [4, 60], ids=["second finger", "palm"])
def test_the_line_of_the_first_finger_stays_when_a_palm_or_another_finger_comes_and_goes(
    size: int, server: VoilaServer, browser: Browser
) -> None:
    page, kept = opened(server, browser, has_touch=True)
    glass = Glass(page)
    glass.touch("touchStart", finger=(40, 60, 4))
    for x in range(50, 120, 10):
        glass.touch("touchMove", finger=(x, 60, 4))
    glass.touch("touchStart", finger=(120, 60, 4), palm=(200, 250, size))
    for x in range(130, 200, 10):
        glass.touch("touchMove", finger=(x, 60, 4), palm=(200 + x % 7, 250, size))
    glass.touch("touchEnd", palm=(200, 250, size))  # it lifts
    for x in range(210, 300, 10):
        glass.touch("touchMove", finger=(x, 60, 4))
    glass.touch("touchEnd")
    is_saved(page)
    (line,) = strokes(kept)
    assert flat(line)
    box = page.locator("[data-pad]").bounding_box()
    assert box is not None
    width = box["width"]
    assert line[0][0] < 1000 * 45 / width
    assert line[-1][0] > 1000 * 280 / width
    page.context.close()


def test_a_stroke_that_is_cut_off_is_kept_as_far_as_it_came_and_the_next_one_is_its_own(
    server: VoilaServer, browser: Browser
) -> None:
    page, kept = opened(server, browser, has_touch=True)
    glass = Glass(page)
    glass.touch("touchStart", finger=(40, 60, 4))
    glass.touch("touchMove", finger=(90, 60, 4))
    glass.touch("touchCancel")
    glass.touch("touchStart", finger=(40, 160, 4))
    glass.touch("touchMove", finger=(120, 160, 4))
    glass.touch("touchEnd")
    is_saved(page)
    first, second = strokes(kept)
    assert flat(first)
    assert flat(second)
    page.context.close()


def test_a_pen_whose_end_nobody_told_does_not_swallow_the_next_press_and_goes_before_the_hand(
    server: VoilaServer, browser: Browser
) -> None:
    page, kept = opened(server, browser, has_touch=True)
    glass = Glass(page)
    glass.touch("touchStart", palm=(200, 200, 10))  # the hand rests before the pen does
    glass.mouse("mousePressed", 40, 60, pointerType="pen", buttons=1)
    glass.mouse("mouseMoved", 140, 60, pointerType="pen", buttons=1)
    glass.touch("touchEnd")
    glass.mouse("mousePressed", 40, 160)  # and never a word of the pen again
    glass.mouse("mouseMoved", 140, 160, buttons=1)
    glass.mouse("mouseReleased", 140, 160)
    is_saved(page)
    first, second = strokes(kept)
    assert flat(first)
    assert flat(second)
    assert first[0][1] < second[0][1]
    page.context.close()


def test_one_can_scroll_past_the_sheet(server: VoilaServer, browser: Browser) -> None:
    page, _kept = opened(server, browser, has_touch=True)
    for width, height in ((390, 800), (820, 1180), (1080, 810)):
        page.set_viewport_size({"width": width, "height": height})
        if page.locator("[data-pad]").count() == 0:
            page.locator("[data-act=unfold]").click()
        room = page.evaluate("""() => {
            const sheet = document.querySelector("[data-pad]").getBoundingClientRect();
            return [document.documentElement.clientWidth - sheet.width, innerHeight - sheet.height];
        }""")
        assert room[0] >= 56
        assert room[1] >= 100
    page.context.close()


def test_a_day_half_typed_says_so_and_an_empty_one_looks_empty(server: VoilaServer, browser: Browser) -> None:
    page, kept = opened(server, browser)
    box = page.locator("input[type=date]")
    expect(box).to_have_class("wb-unset")
    nothing = page.evaluate("getComputedStyle(document.querySelector('input[type=date]'), '::before').content")
    assert nothing == '"No day yet"'
    box.focus()
    page.keyboard.type("12")
    assert box.evaluate("(one) => one.validity.badInput")
    page.locator("[data-name=words]").click()
    said = "This day is not complete"
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(box).not_to_have_class("wb-unset")  # one sees what is typed
    page.locator("[data-name=words]").fill("Something else")
    is_saved(page)
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert box.evaluate("(one) => one.validity.badInput")
    assert kept.all("day") == []
    box.fill("2026-12-09")
    expect(page.get_by_role("alert").filter(has_text=said)).to_have_count(0)
    is_saved(page)
    assert kept.all("day") == ["2026-12-09"]
    box.focus()
    page.keyboard.press("Backspace")  # a part of a day that was kept
    page.locator("[data-name=words]").click()
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert kept.all("day") == ["2026-12-09"]
    page.evaluate("dispatchEvent(new CustomEvent('workbench:speak', {cancelable: true, detail: 'es'}))")
    expect(page.get_by_role("alert").filter(has_text="Este día no está completo")).to_be_visible()
    expect(box).to_have_attribute("data-unset", "Aún sin día")
    page.context.close()


def test_a_day_left_half_typed_is_no_more_spoken_of_when_one_comes_back(server: VoilaServer, browser: Browser) -> None:
    page, _kept = opened(server, browser)
    box, turn = page.locator("input[type=date]"), page.get_by_role("button", name="Turn over")
    box.focus()
    page.keyboard.type("12")
    page.locator("[data-name=words]").click()
    expect(page.get_by_role("alert").filter(has_text="This day is not complete")).to_be_visible()
    turn.click()
    expect(box).to_have_count(0)
    turn.click()
    expect(box).to_have_class("wb-unset")
    expect(page.get_by_role("alert").filter(has_text="This day is not complete")).to_have_count(0)
    page.context.close()


def test_read_aloud_is_there_when_the_device_has_a_voice_for_the_page(server: VoilaServer, browser: Browser) -> None:
    page, _kept = opened(server, browser, [])
    aloud = page.locator("[data-act=aloud]")
    page.wait_for_timeout(700)
    expect(aloud).to_have_count(0)
    change = "(lang) => { voices = [{lang}]; speechSynthesis.dispatchEvent(new Event('voiceschanged')); }"
    page.evaluate(change, "es-MX")
    page.wait_for_timeout(200)
    expect(aloud).to_have_count(0)
    page.evaluate(change, "en_US")
    expect(aloud).to_be_visible()
    assert seen_on(page).errors == []
    page.context.close()


def test_a_voice_that_never_begins_or_never_ends_is_stopped_and_nothing_is_queued_twice(
    server: VoilaServer, browser: Browser
) -> None:
    page, _kept = opened(server, browser, ["en-GB"])
    page.evaluate("""() => {
        window.queue = 0; window.cancelled = 0;
        Object.defineProperty(speechSynthesis, "speaking", {get: () => true});  // for ever
        Object.defineProperty(speechSynthesis, "pending", {get: () => queue > 0});
        speechSynthesis.speak = () => { queue += 1; };
        speechSynthesis.cancel = () => { queue = 0; cancelled += 1; };
    }""")
    aloud = page.locator("[data-act=aloud]")
    begin = aloud.inner_text()
    aloud.click()
    page.wait_for_function("() => queue === 2")
    assert aloud.inner_text() != begin
    for _time in range(4):  # stops, begins, stops, begins
        aloud.click()
        page.wait_for_timeout(200)
        assert page.evaluate("queue") in (0, 2)
    expect(aloud).to_have_text(begin, timeout=8000)  # by itself
    assert page.evaluate("queue") == 0
    page.context.close()


def heard(page: Page) -> None:
    """From now on what live regions tell is written down."""
    page.evaluate("""() => {
        window.told = [];
        for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
            if (region.getAttribute("aria-live") === "off") continue;
            new MutationObserver(() => region.textContent && told.push(region.textContent.replace("\\u2060", "")))
                .observe(region, {childList: true, characterData: true, subtree: true});
        }
    }""")


def test_what_was_done_and_undone_is_told_once_and_the_focus_goes_back_to_where_one_was(
    server: VoilaServer, browser: Browser
) -> None:
    page, _kept = opened(server, browser)
    heard(page)
    page.locator("[data-for=take]").press("Enter")
    expect(page.locator("[data-for=undo]")).to_be_focused()
    page.wait_for_function("() => told.length > 0")
    page.evaluate("dispatchEvent(new Event('workbench:back'))")  # drawn again
    page.wait_for_timeout(400)
    assert page.evaluate("told") == ["It was taken away."]
    page.locator("[data-for=undo]").press("Enter")
    expect(page.locator("[data-for=take]")).to_be_focused()
    page.wait_for_function("() => told.length > 1")
    page.wait_for_timeout(2000)
    # a press is no answer: nobody tells that it is saved
    assert page.evaluate("told") == ["It was taken away.", "It is undone."]
    page.context.close()


def test_saved_is_told_once_after_a_pause(server: VoilaServer, browser: Browser) -> None:
    page, _kept = opened(server, browser)
    heard(page)
    for words in ("I", "I read", "I read more"):
        page.locator("[data-name=words]").fill(words)
        is_saved(page)
    page.wait_for_function("() => told.length > 0")
    page.wait_for_timeout(1800)
    assert page.evaluate("told") == ["Saved"]
    page.context.close()


@pytest.mark.parametrize("taken", ["Enter", "Tab"])
def test_the_arrows_go_through_a_list_and_it_is_taken_once(taken: str, server: VoilaServer, browser: Browser) -> None:
    page, kept = opened(server, browser)
    choice = page.locator("select[data-name=list]")
    choice.focus()
    for _time in range(3):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(150)
    page.evaluate("dispatchEvent(new Event('workbench:back'))")  # drawn again
    assert choice.input_value() == "d"
    assert kept.all("list") == []
    page.keyboard.press(taken)
    is_saved(page)
    assert kept.all("list") == ["d"]
    choice.select_option("b")  # by a pointer, at once
    is_saved(page)
    assert kept.all("list") == ["d", "b"]
    assert TODAY
    page.context.close()
