"""A conference on a real page: words stay words, and what is typed is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from workbench import Workbench
from workbench.ground import strokes
from workbench.learners.learners import Learner

from ..browser import PHONE, PROJECTOR, VoilaServer, assert_clean, assert_fits, assert_one_screen, open_page
from ..conftest import TODAY
from ..serving.test_serving import wait_until

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='taken'\"> {{7*7}} **bold** $x$"


def sit_down(server: VoilaServer, browser: Browser, learner: str) -> Page:
    """The page of a learner's conference."""
    page = server.sign_in(browser)
    names = page.get_by_label("Learner").locator("option").all_inner_texts()
    page.get_by_label("Learner").select_option(label=next(name for name in names if name.startswith(learner)))
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", name="Look at my progress")).to_be_visible()
    return page


def go(page: Page, move: str) -> None:
    page.get_by_role("button", name=f"{move}:").click()
    expect(page.get_by_role("heading", name=move)).to_be_visible()


def is_saved(page: Page) -> None:
    expect(page.locator(".wb-status")).to_have_text("Saved")


def test_what_is_typed_stays_text(server: VoilaServer, browser: Browser, bench: Workbench) -> None:
    page = sit_down(server, browser, "Omar Haddad")
    go(page, "Name strengths and needs")
    box = page.get_by_label("In your own words").first
    box.fill(HOSTILE)
    box.press("Enter")
    expect(page.get_by_text(HOSTILE, exact=True)).to_be_visible()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    go(page, "Choose a goal")
    page.get_by_label("What will you try?").fill(HOSTILE)
    is_saved(page)
    go(page, "Say why")
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.title() != "taken"
    assert page.locator(".wb-form img").count() == 0
    omar = bench.learners.named("Omar Haddad")
    assert bench.goals.of_learner(omar)[-1].words == HOSTILE
    assert_clean(page)
    page.context.close()


def test_a_page_that_is_killed_while_one_types_loses_nothing(
    server: VoilaServer, browser: Browser, bench: Workbench
) -> None:
    page = sit_down(server, browser, "Mei Chen")
    page.evaluate("""() => {  // from here on nothing reaches the server, as with a lost network
        WebSocket.prototype.send = () => {};
    }""")
    page.get_by_label("What do you notice?").type("I read every night")
    expect(page.locator(".wb-status")).to_have_text("Waiting to send")
    mei = bench.learners.named("Mei Chen")
    (held,) = [one for one in bench.conferences.of(mei) if not one.finished]
    assert bench.reflections.of(held) == {}
    page.reload()
    expect(page.get_by_label("What do you notice?")).to_have_value("I read every night")
    is_saved(page)
    assert bench.reflections.of(held)["look", "notice"].words == "I read every night"
    kept = page.evaluate("[sessionStorage, localStorage].flatMap((one) => Object.entries(one)).map(String)")
    assert not [one for one in kept if "read every night" in one]  # wiped once it was saved
    page.context.close()


def test_it_can_be_done_with_the_keyboard_alone(server: VoilaServer, browser: Browser) -> None:
    page = sit_down(server, browser, "Freya Björk")
    go(page, "Reflect")
    assert page.evaluate("document.activeElement.textContent").endswith("Reflect")  # one begins where one is
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="calm")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("I went on")
    is_saved(page)
    expect(page.get_by_label("What did you do when you felt like that?")).to_have_value("I went on")
    page.context.close()


@pytest.mark.parametrize(
    ("viewport", "learner"), [(PHONE, "Maximiliana"), (PROJECTOR, "Luz Marín")], ids=["phone", "projector"]
)
def test_every_move_is_clean_and_fits(
    server: VoilaServer, browser: Browser, viewport: ViewportSize, learner: str
) -> None:
    page = sit_down(server, browser, learner)
    page.set_viewport_size(viewport)

    def is_well() -> None:
        assert_fits(page)
        if viewport == PROJECTOR:
            assert_one_screen(page)
        assert_clean(page)

    for move in ("Look at my progress", "My part", "Reflect"):
        go(page, move)
        is_well()
    go(page, "Name strengths and needs")
    tip, box = page.locator(".wb-tips button").first, page.get_by_label("In your own words").first
    tip.click()
    expect(box).to_be_focused()
    expect(box).to_have_value(tip.locator(".wb-tip-words").inner_text())
    is_well()
    box.fill("My own words")
    tip.click()
    expect(box).to_have_value("My own words " + tip.locator(".wb-tip-words").inner_text())
    box.fill("")
    for words in ("I read every day", "I want to understand fractions"):
        page.get_by_role("button", name=words).click()
        expect(page.get_by_role("button", name=f"Remove “{words}”")).to_be_visible()
    is_well()
    go(page, "Choose a goal")
    page.get_by_label("What will you try?").fill("Read ten minutes before bed")
    is_saved(page)
    is_well()
    go(page, "Say why")
    is_well()
    go(page, "Design how")
    for words in ("Read with a partner and take turns", "Talk about the book in a small group"):
        page.get_by_role("button", name=words).click()
        expect(page.get_by_role("button", name=f"Remove “{words}”")).to_be_visible()
    is_well()
    go(page, "Set the dates")
    is_well()
    page.get_by_role("button", name="See our agreement").click()
    expect(page.get_by_role("button", name="Finish the conference")).to_be_visible()
    is_well()
    page.context.close()


def test_paper_gets_the_agreement_alone(server: VoilaServer, browser: Browser) -> None:
    page = sit_down(server, browser, "Linh")
    go(page, "Choose a goal")
    page.get_by_label("What will you try?").fill("Read ten minutes before bed")
    is_saved(page)
    go(page, "Set the dates")
    page.get_by_role("button", name="See our agreement").click()
    goal = page.get_by_text("Read ten minutes before bed")
    expect(goal).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # as the browser does before it prints
    page.emulate_media(media="print")
    assert [one.is_visible() for one in goal.all()] == [False, True]
    expect(page.get_by_role("button", name="Finish the conference")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(goal).to_be_visible()
    page.context.close()


def test_a_quick_check_is_one_screen_in_spanish_too(server: VoilaServer, browser: Browser, bench: Workbench) -> None:
    page = sit_down(server, browser, "Theo Papadakis")
    page.get_by_label("Kind of conference").select_option("quick")
    expect(page.get_by_role("heading", name="How is my goal?")).to_be_visible()
    page.get_by_role("radio", name="Make it smaller").check(force=True)
    page.get_by_label("What will you try now?").fill("Resolver un problema")  # and at once
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="¿Cómo va mi meta?")).to_be_visible()
    expect(page.get_by_role("button", name="Español")).to_be_focused()
    assert page.title().startswith("Conferencia · ")
    assert page.evaluate("document.documentElement.lang") == "es"
    expect(page.get_by_role("radio", name="La hago más pequeña")).to_be_checked()
    expect(page.get_by_label("¿Qué vas a intentar ahora?")).to_have_value("Resolver un problema")
    expect(page.locator(".wb-status")).to_have_text("Guardado")
    page.get_by_role("button", name="En 1 semana").click()
    assert_one_screen(page)
    assert_clean(page)
    page.get_by_role("button", name="Terminar la conferencia").click()
    expect(page.get_by_text("Esta conferencia terminó. Gracias, Theo.")).to_be_visible()
    assert_clean(page)
    held = bench.conferences.of(bench.learners.named("Theo Papadakis"))[-1]
    assert (held.protocol, held.language, held.finished) == ("quick", "es", True)
    page.context.close()


def test_the_youngest_answer_by_touch_and_by_drawing_on_a_phone(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    bench.settings.choose(learner, band="K-2", language="es")
    held = bench.conferences.start(learner, on=TODAY)
    bench.conferences.go_to(held, "reflect")
    page = open_page(server, browser, "Start the conference", learner.name)
    expect(page.get_by_role("heading", name="¿Cómo te fue?")).to_be_visible()
    page.set_viewport_size(PHONE)
    page.get_by_text("orgullo").click()
    page.evaluate("""() => {  // the device's voice, to be heard here
        window.heard = [];
        speechSynthesis.getVoices = () => [{lang: "es-MX"}];
        speechSynthesis.speak = (one) => heard.push([one.lang, one.text]);
    }""")
    page.get_by_role("button", name="Siguiente", exact=True).click()
    page.get_by_text("leer", exact=True).click()
    expect(page.get_by_label("Con tus palabras")).to_have_value("")  # it is one of the pictures
    page.get_by_role("button", name="Escuchar").click()
    heard = page.evaluate("heard")
    assert heard[:2] == [["es", "Ya puedo"], ["es", "Ya puedo leer más"]]
    assert ["es", "Ya puedo dibujarlo"] in heard
    page.get_by_role("button", name="Dibujar").click()
    sheet = page.locator(".wb-sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.locator(".wb-status")).to_have_text("Guardado")
    assert_fits(page)
    assert_clean(page)
    said = bench.reflections.of(held)
    assert said["reflect", "felt"].choice == "orgullo"
    kept = said["reflect", "went-well"]
    assert kept.words == "Ya puedo leer más"
    ((first, *_more),) = strokes.read(kept.drawing)
    assert first[0] in range(20, 120)
    page.context.close()


def test_a_page_that_is_closed_ends_its_kernel(server: VoilaServer, browser: Browser, learner: Learner) -> None:
    page = open_page(server, browser, "Start the conference", learner.name)
    expect(page.locator(".wb-form").first).to_be_visible()
    ended = server.log.count("Kernel shutdown")
    page.close(run_before_unload=True)
    wait_until(lambda: server.log.count("Kernel shutdown") > ended)
