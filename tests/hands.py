"""Three ways to work a page: with a mouse, with a finger, with the keyboard alone.

hands = Keyboard(page)
hands.say(page.get_by_label("What will you try?"), "Read ten minutes")
hands.press(page.get_by_role("button", name="Next"))
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, expect

from .browser import settled

MOST_STOPS = 150  # on one page, before one is in a trap

_FOCUS = """(wanted) => {
    const here = document.activeElement;
    if (!here || here === document.body) return {there: false};
    const drawn = [here, here.nextElementSibling].filter(Boolean).map((one) => [one, getComputedStyle(one)]);
    const seen = drawn.some(([one, style]) => {
        const box = one.getBoundingClientRect();
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return ring && box.width > 4 && box.height > 4 && box.bottom > 0 && box.top < innerHeight;
    });
    return {
        there: here === wanted, seen, at: here.outerHTML.slice(0, 160), programmatic: here.tabIndex < 0,
        beside: here.type === "radio" && wanted.type === "radio" && here.name === wanted.name,
    };
}"""


# Every control one can get at, one for a group of radios, in the order of the page; kept aside, not written into it
_LIST = """() => {
    const groups = new Map();
    const found = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
        if (one.disabled || one.tabIndex < 0 || one.type === "hidden") return false;
        if (!one.checkVisibility({visibilityProperty: true})) return false;
        if (one.type !== "radio") return true;
        const checked = document.querySelector(`[name="${CSS.escape(one.name)}"]:checked`);
        if (!groups.has(one.name)) groups.set(one.name, checked ?? one);
        return groups.get(one.name) === one;
    });
    window.journeyStops = found;
}"""
_STOP = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return "outside";
    const place = window.journeyStops.indexOf(here);
    return place < 0 ? here.outerHTML.slice(0, 100) : place;
}"""
_BACKWARDS = """() => {
    const drawn = (one) => (one.type === "radio" ? one.closest("label") : one);
    const boxes = window.journeyStops.map((one) => drawn(one).getBoundingClientRect());
    return boxes.flatMap((box, place) => {
        const last = boxes[place - 1];
        const back = last && box.bottom <= last.top && box.left < last.right && last.left > -500;
        return back ? [window.journeyStops[place].outerHTML.slice(0, 120)] : [];
    });
}"""


class Mouse:
    """Clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: Locator) -> None:
        """Presses a button."""
        button.click()

    def choose(self, radio: Locator) -> None:
        """Chooses one of several; its drawn label is what one aims at."""
        self.press(radio.locator("xpath=.."))
        expect(radio).to_be_checked()

    def take(self, select: Locator, label: str) -> None:
        """Takes one of a folded list."""
        select.select_option(label=label)

    def say(self, box: Locator, words: str) -> None:
        """Puts words in a box, in place of those that are there."""
        box.fill(words)
        box.blur()


class Finger(Mouse):
    """Taps, on a page whose context has touch."""

    def press(self, button: Locator) -> None:
        button.tap()


class Keyboard(Mouse):
    """Tab, Enter, Space and arrows; the focus is seen at each stop."""

    def press(self, button: Locator) -> None:
        self.reach(button)
        self.page.keyboard.press("Enter")

    def choose(self, radio: Locator) -> None:
        self.reach(radio, group=True)
        for _ in range(20):
            if radio.is_checked():
                return
            here = radio.evaluate("(one) => document.activeElement === one")
            self.page.keyboard.press("Space" if here else "ArrowDown")
        raise AssertionError("the arrows do not lead to this choice")

    def take(self, select: Locator, label: str) -> None:
        self.reach(select)
        said = "(one) => one.selectedOptions[0].textContent.trim()"
        self.page.keyboard.press("Home")
        for _ in range(select.locator("option").count()):
            if select.evaluate(said) == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrows do not lead to this line")

    def say(self, box: Locator, words: str) -> None:
        self.reach(box)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Tab")

    def walk(self) -> None:
        """Goes once around the page: every control is a stop, in the order one reads them, and none holds one."""
        settled(self.page)
        self.page.evaluate(_LIST)
        came: list[int] = []
        for _ in range(2 * MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_STOP)
            if stop in (0, "outside") and came[:1] == [0]:
                break
            if stop == 0:
                came = [0]
            elif isinstance(stop, int) and came[-1:] != [stop]:
                came.append(stop)
        wanted = self.page.evaluate("window.journeyStops.length")
        assert came == list(range(wanted)), self.page.evaluate(
            "(missed) => missed.map((one) => window.journeyStops[one].outerHTML.slice(0, 120))",
            sorted(set(range(wanted)) ^ set(came)),
        )
        assert self.page.evaluate(_BACKWARDS) == []

    def reach(self, wanted: Locator, *, group: bool = False) -> None:
        """Goes on with Tab until one is there, or at another of its radios, which are one stop."""
        stops: list[str | None] = []
        for _ in range(MOST_STOPS):
            focus = wanted.evaluate(_FOCUS)
            if stops and "at" in focus:
                assert focus["seen"] or focus["programmatic"], f"nobody sees that the focus is here: {focus['at']}"
            if focus["there"] or (group and focus.get("beside")):
                return
            stops.append(focus.get("at"))
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to it, but to {stops[-8:]}")


# What must be so of every page of a learner

# The dots of a path have Next and Back beside them, which lead the same ways (2.5.8's "equivalent"): 24 px are enough.
_SMALL = """(wanted) => {
    const named = "button, input:not([type=hidden]), select, textarea, a[href], summary, [role=button]";
    const found = [];
    for (const one of document.querySelectorAll(named)) {
        const target = one.type === "radio" || one.type === "checkbox" ? one.closest("label") ?? one : one;
        if (!target.checkVisibility({visibilityProperty: true}) || one.disabled) continue;
        const {width, height} = target.getBoundingClientRect();
        if (width < 2 || height < 2) continue;  // for ears alone
        const least = one.matches(".wb-dot-button") ? 24 : one.closest(".wb-form") ? wanted : Math.min(wanted, 44);
        if (width < least - 0.5 || height < least - 0.5)
            found.push(`${Math.round(width)}x${Math.round(height)} ${one.outerHTML.slice(0, 140)}`);
    }
    return found;
}"""

_CUT = """() => {
    const room = document.documentElement.clientWidth;
    const found = [];
    for (const one of document.querySelectorAll("button, input:not([type=hidden]), select, textarea, summary")) {
        const target = one.type === "radio" || one.type === "checkbox" ? one.closest("label") ?? one : one;
        const size = target.getBoundingClientRect();
        if (!target.checkVisibility({visibilityProperty: true}) || size.width < 2 || size.height < 2) continue;
        target.scrollIntoView({block: "center", inline: "nearest"});
        scrollTo(0, scrollY);
        const box = target.getBoundingClientRect();
        const on = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 200) / 2);
        const away = box.left < -0.5 || box.right > room + 0.5 || !on || !(target.contains(on) || on.contains(target));
        const short = one.nodeName === "BUTTON" && one.scrollWidth > one.clientWidth + 1;
        if (away || short) found.push(`${short ? "its words" : "itself"}: ${one.outerHTML.slice(0, 140)}`);
    }
    scrollTo(0, 0);
    return found;
}"""

_MOVING = """() => [...document.querySelectorAll("*")].flatMap((one) => ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(one, part || null);
    const long = (list) => list.split(",").some((time) => parseFloat(time) > 0.001);
    const runs = (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration);
    return runs ? [one.outerHTML.slice(0, 100) + part] : [];
}))"""

#: 1280 x 720 at 200 %.
ZOOMED: ViewportSize = {"width": 640, "height": 360}


def small_targets(page: Page, least: int = 44) -> Any:
    """The controls of a form that are smaller than `least` CSS px, and those around it than 44 (WCAG 2.5.5)."""
    settled(page)
    return page.evaluate(_SMALL, least)


def cut_off(page: Page) -> Any:
    """The controls that one cannot get at whole, or whose words do not fit them."""
    settled(page)
    return page.evaluate(_CUT)


def moving(page: Page) -> Any:
    """What is animated, or will be when it changes."""
    return page.evaluate(_MOVING)
