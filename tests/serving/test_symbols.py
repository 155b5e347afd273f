"""The symbols on the shared tablet: chosen with one touch, shown back, and told by anybody at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from workbench import Workbench
from workbench.learners.learners import Learner
from workbench.learners.symbols import NAMES, SYMBOLS, drawn
from workbench.sample.demo import ACTOR, CLASS

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits
from ..conftest import TODAY, clock, copy_of
from ..hands import Keyboard
from .test_shared_tablet import hand_over, next_person

pytestmark = pytest.mark.browser

LANDSCAPE: ViewportSize = {"width": 1024, "height": 768}
MOST_WORDS = 8  # on a screen of those who begin to read


# A school of these tests' own: they need more learners whom nobody met than a shared class has.


@pytest.fixture(scope="module")
def served(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(pristine, tmp_path_factory.mktemp("symbols") / "demo")


@pytest.fixture(scope="module")
def server(served: Path) -> Iterator[VoilaServer]:
    with VoilaServer(served, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture
def bench(served: Path) -> Iterator[Workbench]:
    with Workbench.open(served, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def unmet(served: Path) -> Iterator[str]:
    with Workbench.open(served, actor=ACTOR) as opened:
        names = [one.name for one in opened.learners.in_class(CLASS)]
    return iter(names)


@pytest.fixture
def tablet(server: VoilaServer, browser: Browser) -> Iterator[Page]:
    page = hand_over(server.sign_in(browser, LANDSCAPE))
    yield page
    page.context.close()


@pytest.fixture
def other(bench: Workbench, unmet: Iterator[str]) -> Learner:
    """Another learner of the class whom no other test has."""
    return bench.learners.named(next(unmet))


def picture(page: Page, learner: Learner) -> Locator:
    return page.locator(f".picture[value='{learner.id}']")


def own(bench: Workbench, learner: Learner) -> str:
    found = bench.symbols.of(learner)
    return found.name if found else ""


def is_well(page: Page) -> None:
    """Big, few words, no barrier."""
    assert_fits(page)
    assert_clean(page)
    assert len(page.locator("main").inner_text().split()) <= MOST_WORDS
    boxes = [one.bounding_box() for one in page.locator("main button").all()]
    assert min(min(one["width"], one["height"]) for one in boxes if one) >= 56


def test_a_picture_is_chosen_with_one_touch_and_shown_back(
    tablet: Page, learner: Learner, other: Learner, bench: Workbench
) -> None:
    expect(picture(tablet, learner).locator(".initial")).to_be_visible()
    picture(tablet, learner).click()
    tablet.get_by_role("button", name="Choose your picture").click()
    free = tablet.locator(".symbols button")
    expect(free).to_have_count(len(bench.symbols.free(learner)))
    is_well(tablet)
    tablet.get_by_role("button", name="turtle").click()
    expect(tablet.get_by_role("heading", name="Is this yours?")).to_be_visible()
    expect(tablet.locator("figcaption")).to_have_text("turtle")
    is_well(tablet)
    tablet.get_by_role("button", name="Another one").click()
    expect(tablet.get_by_role("button", name="turtle")).to_have_attribute("aria-current", "true")
    tablet.get_by_role("button", name="kite").click()
    address = tablet.url.partition("?")[2]
    assert str(learner.id) not in address.split("=")
    assert "kite" not in address
    tablet.get_by_role("button", name="Yes").click()
    expect(tablet.get_by_role("heading", name=f"Hello, {learner.call_name}").locator("svg.symbol")).to_be_visible()
    expect(tablet.get_by_role("button", name="Change my picture")).to_be_visible()
    assert_fits(tablet)
    assert_clean(tablet)
    assert own(bench, learner) == "kite"
    said = bench.desk.store.journal.revisions(SYMBOLS.kind, f"symbols.{learner.id}")
    assert [(one["name"], one["by"].partition(":")[0]) for one in said] == [
        ("turtle", "tablet of teacher"),
        ("kite", "tablet of teacher"),
    ]
    tablet.get_by_role("button", name="My profile").click()
    expect(tablet.locator(".wb-name svg")).to_be_visible()
    assert_clean(tablet)
    next_person(tablet)
    expect(picture(tablet, learner).locator("svg.symbol")).to_be_visible()
    expect(picture(tablet, learner)).to_contain_text(learner.call_name)
    assert_clean(tablet)
    picture(tablet, other).click()
    tablet.get_by_role("button", name="Choose your picture").click()
    expect(tablet.get_by_role("button", name="turtle")).to_be_visible()
    expect(tablet.get_by_role("button", name="kite")).to_have_count(0)


def test_one_that_somebody_took_meanwhile_is_said_and_offered_no_more(
    tablet: Page, learner: Learner, other: Learner, bench: Workbench
) -> None:
    picture(tablet, learner).click()
    tablet.get_by_role("button", name="Choose your picture").click()
    expect(tablet.get_by_role("button", name="whale")).to_be_visible()
    bench.symbols.choose(other, "whale")
    tablet.get_by_role("button", name="whale").click()
    expect(tablet.get_by_role("alert")).to_have_text("That one is taken.")
    expect(tablet.get_by_role("button", name="whale")).to_have_count(0)
    is_well(tablet)
    assert own(bench, learner) == ""


def test_it_fits_a_phone_in_spanish_and_goes_by_keyboard(
    server: VoilaServer, browser: Browser, learner: Learner, bench: Workbench
) -> None:
    bench.settings.choose(learner, language="es")
    page = hand_over(server.sign_in(browser, PHONE))
    hands = Keyboard(page)
    hands.press(picture(page, learner))
    hands.press(page.get_by_role("button", name="Elige tu imagen"))
    expect(page.get_by_role("heading", name="Elige tu imagen")).to_be_visible()
    is_well(page)
    hands.press(page.get_by_role("button", name="abeja"))
    expect(page.get_by_role("heading", name="¿Es esta la tuya?")).to_be_visible()
    is_well(page)
    hands.press(page.get_by_role("button", name="Sí"))
    expect(page.get_by_role("button", name="Cambiar mi imagen")).to_be_visible()
    assert_fits(page)
    assert_clean(page)
    assert own(bench, learner) == "bee"
    page.context.close()


#: Each drawing as its points, "1" where it is darker than half: small, and printed in black.
_BLACK = """async (drawings) => Promise.all(drawings.map(async (drawing) => {
    const image = new Image(24, 24);
    image.src = "data:image/svg+xml," + encodeURIComponent(drawing);
    await image.decode();
    const sheet = new OffscreenCanvas(24, 24).getContext("2d");
    sheet.fillStyle = "#fff";
    sheet.fillRect(0, 0, 24, 24);
    sheet.drawImage(image, 0, 0, 24, 24);
    const {data} = sheet.getImageData(0, 0, 24, 24);
    return Array.from({length: 576}, (_, at) => [0.299, 0.587, 0.114]
        .reduce((sum, share, part) => sum + share * data[4 * at + part], 0) < 128 ? "1" : "0").join("");
}))"""
#: Of all points, how many are another's at least.
APART = 0.15


def test_small_and_in_black_no_two_look_alike(browser: Browser) -> None:
    page = browser.new_page()
    drawings = [
        drawn(name).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"') for name in NAMES
    ]
    points = dict(zip(NAMES, page.evaluate(_BLACK, drawings), strict=True))
    page.close()
    apart = {
        (one, other): sum(a != b for a, b in zip(points[one], points[other], strict=True)) / 576
        for one, other in combinations(NAMES, 2)
    }
    alike = sorted(apart, key=lambda pair: apart[pair])[:5]
    assert apart[alike[0]] >= APART, [(pair, round(apart[pair], 2)) for pair in alike]
