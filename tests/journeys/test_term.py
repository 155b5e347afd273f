"""A term in the life of a learner: with a mouse, with the keyboard alone, and as one of the youngest on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from workbench import Workbench
from workbench.goals.goals import State
from workbench.goals.plans import StepKind
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR, OFFICE

from ..access.test_own_data_alone import Others
from ..browser import PROJECTOR, VoilaServer, assert_clean, assert_fits, watched
from ..conftest import copy_of
from ..hands import ZOOMED, Finger, Keyboard, Mouse, cut_off, moving, small_targets

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 12, 4)
LOOK, WEDNESDAY, LAST = date(2026, 11, 27), date(2026, 12, 9), date(2026, 12, 15)


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(pristine, tmp_path_factory.mktemp("term") / "demo")


@pytest.fixture(scope="module")
def server(school: Path) -> Iterator[VoilaServer]:
    """A server whose days pass."""
    with VoilaServer(school, actor=ACTOR, day=MONDAY) as running:
        yield running


@pytest.fixture(scope="module")
def others(school: Path) -> Others:
    with Workbench.open(school, actor=OFFICE) as bench:
        return Others.of(bench)


@pytest.fixture
def bench(school: Path) -> Iterator[Workbench]:
    with Workbench.open(school, actor=ACTOR) as opened:
        yield opened


class Term:
    """One learner's term on one tablet."""

    def __init__(
        self, server: VoilaServer, page: Page, hands: Mouse, learner: Learner, others: Others, *, least: int = 44
    ) -> None:
        self.server, self.page, self.hands, self.learner, self.others = server, page, hands, learner, others
        self.least = least  # the smallest target, in CSS px
        page.goto(server.entry)

    def open(self, button: str, on: date) -> None:
        """Opens an app for the learner from the home page, on a day."""
        self.server.turn_to(on)
        self.page.goto(self.server.address)
        self.hands.take(self.page.get_by_label("Learner"), self.learner.name)
        self.hands.press(self.page.get_by_role("button", name=re.compile(f"^({button})$")))
        self.page.locator(".wb-form").wait_for()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str, then: str = "") -> None:
        """Presses a button, and waits for a heading."""
        self.hands.press(self.button(name).first)
        if then:
            self.at(then)

    def go_on(self, to: str) -> None:
        """Presses Next until a heading is there; what else is asked on the way is left empty."""
        for _ in range(4):
            heading = self.page.get_by_role("heading", level=2).first
            before = heading.inner_text()
            self.hands.press(self.page.get_by_role("button", name=re.compile("^(Next|Sig)")).last)
            expect(heading).not_to_have_text(before)
            if to in heading.inner_text():
                return self.at(to)
        raise AssertionError(f"“{to}” does not come")

    def at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()
        if not isinstance(self.hands, Keyboard):
            self.is_well()

    def say(self, label: str, words: str) -> None:
        self.hands.say(self.page.get_by_label(label, exact=True).first, words)
        self.saved()

    def choose(self, label: str) -> None:
        self.hands.choose(self.page.get_by_role("radio", name=label, exact=True).first)
        self.saved()

    def choose_on(self, label: str) -> None:
        """Chooses what leads to the next screen at once."""
        radio = self.page.get_by_role("radio", name=label, exact=True)
        self.hands.press(radio.locator("xpath=.."))
        expect(radio).to_have_count(0)

    def pick(self, label: str) -> None:
        """Picks one of a menu."""
        self.press(label)
        expect(self.button(label).first).to_have_attribute("aria-pressed", "true")
        self.saved()

    def saved(self) -> None:
        expect(self.page.locator(".wb-status")).to_have_text(
            ("Saved", "Guardado")[self.page.locator("html[lang=es]").count()]
        )

    def is_well(self) -> None:
        """Nothing wrong, nobody else, no barrier, nothing too small, moving or cut off; also at 200 %."""
        if isinstance(self.hands, Keyboard):  # the rest was looked at with a mouse
            self.hands.walk()
            return
        assert_clean(self.page)
        assert self.others.found(self.page.inner_text("main"), self.learner, set()) == set()
        assert_fits(self.page)
        assert small_targets(self.page, self.least) == []
        assert moving(self.page) == []
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size(ZOOMED)
        assert_fits(self.page)
        assert cut_off(self.page) == []
        self.page.set_viewport_size(size)


BAD = """<!doctype html><html lang=en><title>Bad</title>
<style>
  * { box-sizing: border-box } button { width: 60px; height: 60px } :focus-visible { outline: 3px solid teal }
  #moves { transition: color 150ms } #small { height: 30px } #away { position: absolute; left: 700px; top: 200px }
  #hidden { outline: none !important }
</style>
<main>
<button id=moves>A</button><button id=small>B</button><button id=long>Unbreakable-words</button>
<button id=away>D</button><button id=hidden>E</button><button id=last>F</button>
</main>
"""


def test_what_is_bad_on_a_page_is_noticed(browser: Browser) -> None:
    page = browser.new_page(viewport=ZOOMED)
    page.set_content(BAD)
    for found, wrong in (
        (small_targets(page), ["small"]),
        (moving(page), ["moves"]),
        (cut_off(page), ["long", "away"]),
    ):
        assert [one.partition('id="')[2].partition('"')[0] for one in found] == wrong
    keyboard = Keyboard(page)
    keyboard.reach(page.locator("#small"))
    with pytest.raises(AssertionError, match="nobody sees that the focus is here"):
        keyboard.reach(page.locator("#last"))
    with pytest.raises(AssertionError, match="hidden"):
        keyboard.walk()  # from below it goes back up
    page.locator("#away").evaluate("(one) => one.remove()")
    keyboard.walk()
    page.locator("#small").evaluate("(one) => one.addEventListener('keydown', (event) => event.preventDefault())")
    with pytest.raises(AssertionError, match="long"):
        keyboard.walk()  # a trap
    page.close()


@pytest.fixture(params=[Mouse, pytest.param(Keyboard, marks=pytest.mark.long)])
def term(
    request: pytest.FixtureRequest, server: VoilaServer, browser: Browser, bench: Workbench, others: Others
) -> Iterator[Term]:
    who = bench.learners.named({Mouse: "Naomi Dlamini", Keyboard: "Emmett Larkin"}[request.param])
    page = watched(browser, PROJECTOR, device_scale_factor=2, reduced_motion="reduce")
    yield Term(server, page, request.param(page), who, others)
    page.context.close()


def test_a_term_from_getting_ready_to_the_conference_that_begins_with_the_last_goal(
    term: Term, bench: Workbench
) -> None:
    page, naomi = term.page, term.learner

    # Monday: gets ready
    term.open("Let the learner get ready", MONDAY)
    term.at("What we look at today")
    term.go_on("What do you notice?")
    term.say("What do you notice?", "My reading moved")
    term.go_on("What will you lead today?")
    term.choose("I explain my progress")
    term.go_on("How will you begin?")
    term.go_on("How did it feel to learn this week?")
    term.choose("calm")
    term.say("What did you do when you felt like that?", "I went on")
    term.go_on("What went well")
    term.say("What went well, and what did you do to make it happen?", "I finished two books")
    term.go_on("When was it hard")
    term.go_on("What are you strong in?")
    term.press("I read every day")
    expect(page.get_by_role("button", name="Remove “I read every day”")).to_be_visible()
    term.go_on("What is still hard?")
    term.press("I need help to start")
    expect(page.get_by_role("button", name="Remove “I need help to start”")).to_be_visible()
    term.go_on("Is there something you need?")
    term.go_on("This is what you will say")
    expect(page.get_by_text("I finished two books")).to_be_visible()
    term.press("I am ready")
    expect(page.get_by_text("Your words will be there when you sit down together.")).to_be_visible()

    # the same day: the conference, in which the answers stand already
    term.open("(Start|Continue) the conference", MONDAY)
    term.at("Look at my progress")
    expect(page.get_by_label("What do you notice?")).to_have_value("My reading moved")
    term.go_on("My part")
    expect(page.get_by_role("radio", name="I explain my progress")).to_be_checked()
    term.go_on("Reflect")
    expect(page.get_by_role("radio", name="calm")).to_be_checked()
    term.go_on("Name strengths and needs")
    term.go_on("Choose a goal")
    term.say("What will you try?", "Read ten minutes before bed")
    term.press("Friday, December 4")
    term.saved()
    term.is_well()
    term.go_on("Say why")
    term.say("Why does this goal matter to you?", "I want to read the football book")
    term.go_on("Design how")
    term.press("Read with a partner and take turns")
    expect(page.get_by_role("button", name="Remove “Read with a partner and take turns”")).to_be_visible()
    term.is_well()
    term.go_on("Set the dates")
    term.press("Friday, December 4")  # the day of the way
    term.hands.press(page.locator("[data-for='when/steps'][data-words='Friday']"))
    term.press("In 2 weeks")
    term.choose("Tell my family")
    term.is_well()
    term.press("See our agreement", naomi.name)
    expect(page.get_by_text("Read ten minutes before bed").first).to_be_visible()
    term.press("Finish the conference")
    expect(page.get_by_text("This conference is finished.")).to_be_visible()
    term.is_well()

    # Friday: a look at it
    term.open("See the goals", LOOK)
    term.at("My goals")
    term.choose("Getting there")
    term.say("What happened?", "Only on Monday")

    # a week later its day has come: not yet, and something smaller
    term.open("See the goals", FRIDAY)
    expect(page.get_by_text("Its day has come. How did it go?")).to_be_visible()
    term.press("Not yet: Read ten minutes before bed", "Not yet")
    term.say("Which part did you do?", "Two evenings")
    term.say("What made it hard?", "I was too tired")
    term.press("Something smaller", "Something smaller")
    term.say("What will you try?", "Read five minutes after supper")
    term.press("Put it on the board", "My goals")

    # met, and celebrated the way that was chosen in the conference
    term.open("See the goals", WEDNESDAY)
    term.choose("Great")
    term.press("I did it: Read five minutes after supper", "You did it")
    expect(page.get_by_role("radio", name="Tell my family")).to_be_checked()
    term.say("What did you learn? What helped?", "Small is quick")
    term.press("To my goals", "My goals")
    expect(page.get_by_role("button", name="Met: Read five minutes after supper")).to_be_visible()

    # the second conference begins with the last goal, in getting ready too
    term.open("Let the learner get ready", LAST)
    expect(page.get_by_text("Read five minutes after supper")).to_be_visible()
    term.is_well()
    term.open("(Start|Continue) the conference", LAST)
    term.at("Look at my progress")
    expect(page.get_by_text("Read five minutes after supper")).to_be_visible()

    first, second = bench.conferences.of(naomi)
    assert (first.held_on, first.prepared_on, first.finished) == (MONDAY, MONDAY, True)
    assert (second.held_on, second.finished) == (LAST, False)
    said = {place: one.words or one.choice for place, one in bench.reflections.of(first).items() if not one.empty}
    assert said == {
        ("look", "notice"): "My reading moved",
        ("part", "lead"): "I explain my progress",
        ("reflect", "felt"): "I went on",
        ("reflect", "went-well"): "I finished two books",
    }
    assert [one.words for one in bench.strengths.of(first)] == ["I read every day", "I need help to start"]
    big, small = bench.goals.of_learner(naomi)
    assert (big.words, big.state, big.chosen_on, big.due_on) == (
        "Read ten minutes before bed", State.NOT_YET, MONDAY, FRIDAY,
    )  # fmt: skip
    assert (big.purpose, big.learned) == ("I want to read the football book", "Two evenings\nI was too tired")
    assert (small.words, small.state, small.parent) == ("Read five minutes after supper", State.MET, big.id)
    assert (small.purpose, small.learned, small.chosen_on) == (big.purpose, "Small is quick", FRIDAY)
    plan = bench.plans.of(big)
    ways = [(one.words, one.due_on) for one in plan.steps if one.kind is StepKind.WAY]
    assert ways == [("Read with a partner and take turns", FRIDAY)]
    assert [one.due_on for one in plan.steps if one.kind is StepKind.CHECK_IN] == [LOOK]
    assert (plan.celebrate, plan.next_conference_on) == ("Tell my family", date(2026, 12, 7))
    looks = [(one.held_on, one.feeling, one.words) for goal in (big, small) for one in bench.progress.of(goal)]
    assert looks == [(LOOK, "slow", "Only on Monday"), (WEDNESDAY, "great", "")]


@pytest.mark.long
def test_one_of_the_youngest_in_spanish_on_a_phone(
    server: VoilaServer, browser: Browser, bench: Workbench, others: Others
) -> None:
    mateo = bench.learners.named("Mateo Trujillo")
    bench.settings.choose(mateo, band="K-2", language="es")
    page = watched(browser, PHONE, has_touch=True, is_mobile=True, device_scale_factor=2, reduced_motion="reduce")
    term = Term(server, page, Finger(page), mateo, others, least=48)

    # Monday: gets ready, by pictures
    term.open("Let the learner get ready", MONDAY)
    term.at("Mi semana")
    term.go_on("Veo")
    term.choose("algo nuevo")
    term.go_on("Yo voy a")
    term.choose("mostrar")
    term.go_on("¿Cómo te fue?")
    term.choose("bien")
    term.go_on("Ya puedo")
    term.choose("leer")
    term.go_on("Si me cuesta,")
    term.go_on("Hago bien")
    term.pick("ayudar")
    term.go_on("Todavía me cuesta")
    term.pick("esperar")
    term.go_on("Necesito")
    term.go_on("Voy a decir")
    term.press("¡Todo listo!")
    expect(term.button("Quiero cambiar algo")).to_be_visible()
    term.is_well()

    # the conference: a prompt a screen, answered already
    term.open("(Start|Continue) the conference", MONDAY)
    term.at("Mi semana")
    term.go_on("Veo")
    expect(page.get_by_role("radio", name="algo nuevo")).to_be_checked()
    term.go_on("Yo voy a")
    term.go_on("¿Cómo te fue?")
    expect(page.get_by_role("radio", name="bien")).to_be_checked()
    term.go_on("Ya puedo")
    term.go_on("Si me cuesta,")
    term.choose("repito")
    term.go_on("Hago bien")
    term.go_on("Todavía me cuesta")
    term.go_on("Voy a")
    term.choose("números")
    term.go_on("Así podré")
    term.choose("ayudar")
    term.go_on("Trabajo con")
    term.pick("familia")
    term.go_on("Lo muestro así")
    term.choose("dibujar")
    term.go_on("Hablamos otra vez")
    term.press("2 semanas")
    term.go_on("Celebro con")
    term.choose("nota")
    term.press("Ver nuestro acuerdo", mateo.name)
    term.press("Terminar la conferencia")
    expect(page.get_by_text("Esta conferencia terminó. Gracias, Mateo.")).to_be_visible()
    term.is_well()

    # not yet, and something smaller
    term.open("See the goals", LOOK)
    term.at("Mis metas")
    term.choose("Voy avanzando")
    term.press("Todavía no: Contar hasta cincuenta", "Todavía no")
    term.choose("grande")
    term.press("Algo más pequeño", "Algo más pequeño")
    expect(term.button("Sobre otra cosa")).to_be_visible()  # what it is about is known from the goal before
    page.get_by_role("radio").first.wait_for()
    smaller = page.get_by_role("radio").first.get_attribute("value")
    assert smaller
    term.choose_on(page.locator(".wb-radio").first.inner_text())
    term.choose("Para hoy")
    term.is_well()
    term.press("Ponerla en el tablero", "Mis metas")

    # met, and celebrated the way that was chosen
    term.open("See the goals", FRIDAY)
    term.choose("Muy bien")
    term.press(f"Lo logré: {smaller}", "¡Lo lograste!")
    expect(page.get_by_role("radio", name="nota")).to_be_checked()
    term.press("A mis metas", "Mis metas")

    # the second conference begins with the last goal
    term.open("Let the learner get ready", LAST)
    term.at("Mi semana")
    expect(page.get_by_text(smaller)).to_be_visible()
    page.context.close()

    first, second = bench.conferences.of(mateo)
    assert (first.band, first.language, first.finished, first.prepared_on) == ("K-2", "es", True, MONDAY)
    assert (second.held_on, second.finished) == (LAST, False)
    said = {place: one.words or one.choice for place, one in bench.reflections.of(first).items() if not one.empty}
    assert said == {
        ("look", "notice"): "Veo algo nuevo",
        ("part", "lead"): "Muestro mi trabajo",
        ("reflect", "felt"): "bien",
        ("reflect", "went-well"): "Ya puedo leer más",
        ("reflect", "kept-trying"): "Lo intento otra vez",
    }
    assert {one.words for one in bench.strengths.of(first)} == {"Ayudo a otras personas", "Todavía me cuesta esperar"}
    big, small = bench.goals.of_learner(mateo)
    assert (big.words, big.purpose, big.state) == ("Contar hasta cincuenta", "Así podré ayudar", State.NOT_YET)
    assert (small.words, small.state, small.parent) == (smaller, State.MET, big.id)
    assert bench.plans.of(big).celebrate == "Una nota para mí"
    assert bench.plans.of(big).next_conference_on == date(2026, 12, 7)
    looks = [(one.held_on, one.feeling) for goal in (big, small) for one in bench.progress.of(goal)]
    assert looks == [(LOOK, "slow"), (FRIDAY, "great")]
