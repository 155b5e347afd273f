"""Lost Wi-Fi: what is said stays on the device until the server has it, and goes in once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from workbench import Workbench
from workbench.conferences.strengths import Kind
from workbench.ground import strokes
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR, CLASS

from ..browser import PHONE, VoilaServer, assert_fits
from ..conftest import TODAY, clock, copy_of

pytestmark = pytest.mark.browser

PREPARE, GOALS, SIT = "Let the learner get ready", "See the goals", "Start the conference"
#: From here on nothing reaches the server, and nothing comes back.
DEAF = "() => { WebSocket.prototype.send = () => {}; }"
HELD = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('workbench:outbox:')).map(String)"


# A school of these tests' own: they need more learners whom nobody met than a shared class has.


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(pristine, tmp_path_factory.mktemp("lost") / "demo")


@pytest.fixture(scope="module")
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture
def bench(school: Path) -> Iterator[Workbench]:
    with Workbench.open(school, actor=ACTOR, clock=clock) as found:
        yield found


@pytest.fixture(scope="module")
def unmet(school: Path) -> Iterator[str]:
    with Workbench.open(school, actor=ACTOR) as found:
        names = [one.name for one in found.learners.in_class(CLASS)]
    return iter(names)


@pytest.fixture
def learner(bench: Workbench, unmet: Iterator[str]) -> Learner:
    return bench.learners.named(next(unmet))


def opened(page: Page, what: str, learner: str) -> Page:
    """One of a learner's pages, from home."""
    page.get_by_label("Learner").select_option(label=learner)
    (page.locator("button.primary") if what == SIT else page.get_by_role("button", name=what)).click()
    expect(page.locator(".wb-body h2, .wb-body h3").first).to_be_visible()
    return page


def is_saved(page: Page, words: str = "Saved") -> None:
    expect(page.locator(".wb-status")).to_have_text(words)
    assert page.evaluate(HELD) == []  # wiped, now that it is kept


def test_what_is_said_without_a_network_goes_in_once_and_in_order(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    held = bench.conferences.start(learner, on=TODAY)
    bench.conferences.go_to(held, "name")
    page = opened(server.sign_in(browser), SIT, learner.name)
    said = ["I ask when I am stuck", "I wait for my turn", "I read every night"]
    page.context.set_offline(True)
    expect(page.get_by_text("No connection just now.")).to_be_visible()
    box = page.get_by_label("In your own words").first
    for words in said:
        box.fill(words)
        box.press("Enter")
    page.get_by_role("button", name="I want to understand fractions").click()
    column = page.locator(".wb-menu").first
    expect(column.get_by_text("Waiting to send")).to_be_visible()
    expect(column.locator(".wb-added li")).to_have_text(said)  # seen where they will be
    expect(page.locator(".wb-status")).to_have_text("Waiting to send")
    page.wait_for_timeout(7000)  # it was tried again meanwhile
    assert bench.strengths.of(held) == ()
    page.context.set_offline(False)
    is_saved(page)
    expect(page.get_by_text("No connection just now.")).to_be_hidden()
    kept = bench.strengths.of(held)
    assert [one.words for one in kept] == [*said, "I want to understand fractions"]
    assert [one.kind for one in kept] == [Kind.STRENGTH] * 3 + [Kind.NEED]
    page.context.close()


def test_a_field_filled_twice_without_a_network_is_what_it_was_last(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    held = bench.conferences.start(learner, on=TODAY)
    bench.conferences.go_to(held, "reflect")
    page = opened(server.sign_in(browser), SIT, learner.name)
    page.context.set_offline(True)
    first, second = page.locator("textarea").nth(1), page.locator("textarea").nth(2)
    first.fill("I read")
    second.fill("In maths")
    first.fill("I read to my brother")
    page.get_by_role("radio", name="calm").check(force=True)
    page.context.set_offline(False)
    is_saved(page)
    said = bench.reflections.of(held)
    assert [one.words for one in said.values() if one.words] == ["I read to my brother", "In maths"]
    assert said["reflect", "felt"].choice == "calm"
    page.context.close()


@pytest.mark.parametrize("what", ["kernel", pytest.param("server", marks=pytest.mark.long)])
def test_words_outlast_a_dead_kernel_and_a_server_started_anew(
    what: str, pristine: Path, tmp_path: Path, browser: Browser
) -> None:
    school = copy_of(pristine, tmp_path / "demo")
    server = VoilaServer(school, actor=ACTOR, day=TODAY).__enter__()
    try:
        page = opened(server.sign_in(browser), GOALS, "Luz Marín")
        page.get_by_role("button", name="New goal").click()
        page.get_by_text("How I work", exact=True).first.click()
        is_saved(page)
        if what == "server":
            server.process.kill()
            server.process.wait()
        else:
            page.evaluate("""() => {
                const id = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
                const xsrf = document.cookie.match(/_xsrf=([^;]*)/)[1];
                return fetch("/voila/api/shutdown/" + id, {method: "POST", headers: {"X-XSRFToken": xsrf}});
            }""")
        box = page.get_by_label("What will you try?")
        if what == "server":
            box.press_sequentially("Pack my bag")
            expect(page.get_by_text("No connection just now.")).to_be_visible()
            expect(page.get_by_text("Waiting to send").first).to_be_visible()
            box.press_sequentially(" before supper")  # nothing stands in the way
            server = VoilaServer(school, actor=ACTOR, day=TODAY, port=int(server.host.partition(":")[2])).__enter__()
        else:
            page.wait_for_timeout(2000)  # what is asked twice within two seconds is asked once
            box.press_sequentially("Pack my bag before supper")
        # by itself: nobody presses anything
        expect(page.get_by_role("heading", name="Pack my bag before supper")).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()
        is_saved(page)
        with Workbench.open(school, actor=ACTOR, clock=clock) as bench:
            goals = bench.goals.of_learner(bench.learners.named("Luz Marín"))
        assert [one.words for one in goals].count("Pack my bag before supper") == 1
        page.context.close()
    finally:
        server.__exit__()


@pytest.mark.long
def test_a_drawing_and_a_face_wait_on_a_phone_in_spanish(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    bench.settings.choose(learner, band="K-2", language="es")
    held = bench.conferences.start(learner, on=TODAY)
    page = opened(server.sign_in(browser), PREPARE, learner.name)
    page.set_viewport_size(PHONE)
    page.locator("[data-for='to/reflect/went-well']").click()
    page.get_by_role("button", name="Dibujar").click()
    page.context.set_offline(True)
    page.get_by_text("leer", exact=True).click()
    sheet = page.locator(".wb-sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.locator(".wb-waits")).to_have_text(["Esperando para enviar"] * 2)
    expect(page.get_by_text("Ahora no hay conexión.")).to_be_visible()
    assert_fits(page)
    page.evaluate(DEAF)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(".wb-status")).to_have_text("Guardado")
    kept = bench.reflections.of(held)["reflect", "went-well"]
    assert kept.words == "Ya puedo leer más"
    assert len(strokes.read(kept.drawing)) == 1
    is_saved(page, "Guardado")
    page.context.close()


def test_words_wait_for_their_own_record_and_come_to_no_other(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner, unmet: Iterator[str]
) -> None:
    other = bench.learners.named(next(unmet))
    page = opened(server.sign_in(browser), PREPARE, learner.name)
    page.locator("[data-for='to/look/notice']").first.click()
    page.locator("textarea").wait_for()
    page.evaluate(DEAF)
    page.locator("textarea").fill("Nobody else may read this")
    page.goto(server.address)
    opened(page, PREPARE, other.name)
    page.locator("[data-for='to/look/notice']").first.click()
    expect(page.locator("textarea")).to_have_value("")
    page.wait_for_timeout(1500)
    assert "Nobody else" not in page.content()
    page.goto(server.address)
    opened(page, SIT, learner.name)  # the same conference, from its other page
    expect(page.get_by_label("What do you notice?")).to_have_value("Nobody else may read this")
    is_saved(page)
    for one, words in ((learner, "Nobody else may read this"), (other, "")):
        (held,) = [held for held in bench.conferences.of(one) if not held.finished]
        said = bench.reflections.of(held).get(("look", "notice"))
        assert (said.words if said else "") == words
    page.context.close()


def test_words_find_their_conference_after_the_next_one_began(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = opened(server.sign_in(browser), PREPARE, learner.name)
    page.locator("[data-for='to/look/notice']").first.click()
    page.locator("textarea").wait_for()
    page.evaluate(DEAF)
    page.locator("textarea").fill("From last week")
    page.goto(server.address)
    (before,) = bench.conferences.of(learner)
    bench.goals.choose(before, "Read before bed", on=TODAY)
    bench.conferences.finish(before, on=TODAY)
    opened(page, PREPARE, learner.name)
    is_saved(page)
    page.locator("[data-for='to/look/notice']").first.click()
    expect(page.locator("textarea")).to_have_value("")
    assert "From last week" not in page.content()
    assert bench.reflections.of(before)["look", "notice"].words == "From last week"
    page.context.close()


def test_a_second_tab_leaves_the_words_of_the_first_alone_until_it_is_closed(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    first = opened(server.sign_in(browser), PREPARE, learner.name)
    first.locator("[data-for='to/look/notice']").first.click()
    first.locator("textarea").wait_for()
    first.evaluate(DEAF)
    first.locator("textarea").fill("From the first tab")
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("[data-for='to/look/notice']").first.click()
    second.wait_for_timeout(1000)
    expect(second.locator("textarea")).to_have_value("")
    first.close()
    expect(second.locator("textarea")).to_have_value("From the first tab")
    is_saved(second)
    (held,) = [one for one in bench.conferences.of(learner) if not one.finished]
    assert bench.reflections.of(held)["look", "notice"].words == "From the first tab"
    second.context.close()
