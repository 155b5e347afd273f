"""The shared tablet: the class's pictures choose the learner, and the next person finds a clean screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from workbench import Workbench
from workbench.ground.errors import NotAllowed
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR, CLASS

from ..browser import PHONE, PROJECTOR, VoilaServer, assert_clean, assert_fits, began, wait_for_another
from ..conftest import TODAY, clock, copy_of

pytestmark = pytest.mark.browser

TABLET: ViewportSize = {"width": 820, "height": 1180}
NUMBER = "2468"
SECRET = "I hide in the library at lunch"
#: All that a page, its tab and its device hold.
HOLDS = """() => [document.documentElement.outerHTML, document.title, location.href,
    ...[sessionStorage, localStorage].flatMap((one) => Object.entries(one).flat())].join(" ")"""


# A school of these tests' own: they need more learners whom nobody met than a shared class has.


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(pristine, tmp_path_factory.mktemp("tablet") / "demo")


@pytest.fixture(scope="module")
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture
def bench(school: Path) -> Iterator[Workbench]:
    with Workbench.open(school, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def unmet(school: Path) -> Iterator[str]:
    with Workbench.open(school, actor=ACTOR) as opened:
        names = [one.name for one in opened.learners.in_class(CLASS)]
    return iter(names)


@pytest.fixture
def learner(bench: Workbench, unmet: Iterator[str]) -> Learner:
    return bench.learners.named(next(unmet))


def hand_over(page: Page) -> Page:
    """A browser at home becomes the class's."""
    page.get_by_role("link", name="Hand over the tablet").click()
    page.get_by_label("A number to take it back with").fill(NUMBER)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    return page


def sit_down(page: Page, learner: Learner, what: str = "Get ready") -> None:
    """A learner touches their picture and chooses."""
    page.get_by_role("button", name=learner.call_name).first.click()
    page.get_by_role("button", name=what).click()
    expect(page.locator(".wb-body h2").first).to_be_visible()


def next_person(page: Page) -> None:
    page.get_by_role("button", name="Next person").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


@pytest.fixture
def tablet(server: VoilaServer, browser: Browser) -> Iterator[Page]:
    page = hand_over(server.sign_in(browser, TABLET))
    yield page
    page.context.close()


@pytest.fixture
def two(bench: Workbench, unmet: Iterator[str]) -> tuple[Learner, Learner]:
    """Two learners of 4B whom no other test has, each with a name that nobody else there begins with."""
    everybody = bench.learners.in_class(CLASS)
    alone = (
        one
        for one in map(bench.learners.named, unmet)
        if sum(other.call_name.startswith(one.call_name) for other in everybody) == 1
    )
    return next(alone), next(alone)


def test_the_pictures_tell_what_each_is_called_and_nothing_else(tablet: Page, bench: Workbench) -> None:
    everybody = bench.learners.in_class(CLASS)
    expect(tablet.locator(".picture")).to_have_count(len(everybody))
    shown = tablet.content()
    for one in everybody:
        assert one.call_name in shown
        assert one.family_name not in re.split(r"\W+", shown)
        assert one.code not in shown
    for size in (PROJECTOR, TABLET, PHONE):
        tablet.set_viewport_size(size)
        assert_fits(tablet)
    assert_clean(tablet)


def test_a_handed_over_browser_leads_to_no_page_of_the_educators(
    server: VoilaServer, browser: Browser, learner: Learner
) -> None:
    page = server.sign_in(browser)
    home = page.context.new_page()
    home.goto(server.address)
    page.get_by_role("button", name="Open my class").click()
    expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
    mine = page.url
    page.get_by_role("link", name="Hand over the tablet").click()
    page.get_by_label("A number to take it back with").fill("12")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Hand over the tablet")).to_be_visible()  # too short a number
    page.get_by_label("A number to take it back with").fill(NUMBER)
    page.get_by_role("button", name="Hand over").click()
    pictures = page.get_by_role("heading", name="Who are you?")
    expect(pictures).to_be_visible()
    expect(home.get_by_role("heading", name="Who are you?")).to_be_visible()  # the other tab gave way
    for path in (mine, f"{server.address}/tablet", f"{server.address}/voila/tree"):
        page.goto(path)
        expect(pictures).to_be_visible()
        assert page.url == f"{server.address}/"
    asked = """([path, given]) => fetch(path, {method: "POST", body: new URLSearchParams({
        _xsrf: document.cookie.match(/_xsrf=([^;]*)/)[1], ...given})}).then((answer) => answer.status)"""
    for path, given in (
        ("/open", {"app": "my_class"}),
        ("/open", {"app": "conference", "learner": str(learner.id)}),
        ("/learners", {"class": "1"}),
        ("/tablet", {"number": "1111"}),
    ):
        assert page.evaluate(asked, [path, given]) == 403
    assert page.evaluate(asked, ["/mine", {"learner": "999999"}]) == 400
    page.go_back()
    expect(pictures).to_be_visible()
    page.context.close()


def test_the_next_person_finds_nothing_of_the_one_before(
    tablet: Page, two: tuple[Learner, Learner], bench: Workbench
) -> None:
    first, second = two
    sit_down(tablet, first)
    theirs = tablet.url
    assert str(first.id) not in theirs.partition("?")[2].split("=")
    tablet.locator("[data-for='to/look/notice']").first.click()
    tablet.locator("textarea").fill(SECRET)
    next_person(tablet)  # in the middle of a word: it went
    (held,) = [one for one in bench.conferences.of(first) if not one.finished]
    assert bench.reflections.of(held)["look", "notice"].words == SECRET
    assert SECRET not in tablet.evaluate(HOLDS)
    for _time in range(3):
        tablet.go_back()
        tablet.wait_for_timeout(300)
        if tablet.url == "about:blank":  # where this tab began
            break
        assert SECRET not in tablet.evaluate(HOLDS)
        assert f"Hello, {first.call_name}" not in tablet.evaluate(HOLDS)
    tablet.goto(theirs)  # from a history, or a photograph of the address
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    sit_down(tablet, second)
    left = tablet.url
    tablet.goto(f"{tablet.url.partition('/voila')[0]}/")  # left without a word
    tablet.goto(left)
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    sit_down(tablet, second)
    said = tablet.evaluate(HOLDS)
    assert SECRET not in said
    assert first.name not in said
    assert_clean(tablet)


def test_what_could_not_go_waits_for_its_owner_alone(
    tablet: Page, two: tuple[Learner, Learner], bench: Workbench
) -> None:
    first, second = two
    sit_down(tablet, first)
    tablet.locator("[data-for='to/look/notice']").first.click()
    box = tablet.locator("textarea")
    box.wait_for()
    tablet.evaluate("() => { WebSocket.prototype.send = () => {}; }")
    tablet.context.set_offline(True)
    box.fill(SECRET)
    tablet.get_by_role("button", name="Next person").click()
    expect(tablet.get_by_text("The pictures come back by themselves.")).to_be_visible()
    assert SECRET not in tablet.content()
    assert first.call_name not in tablet.content()
    tablet.context.set_offline(False)
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    sit_down(tablet, second)
    tablet.locator("[data-for='to/look/notice']").first.click()
    expect(tablet.locator("textarea")).to_have_value("")
    tablet.wait_for_timeout(1200)
    assert SECRET not in tablet.content()
    next_person(tablet)
    sit_down(tablet, first)
    expect(tablet.locator(".wb-status")).to_have_text("Saved")
    assert SECRET not in tablet.evaluate("() => JSON.stringify(localStorage)")
    for one, words in ((first, SECRET), (second, "")):
        (held,) = [held for held in bench.conferences.of(one) if not held.finished]
        said = bench.reflections.of(held).get(("look", "notice"))
        assert (said.words if said else "") == words


def test_asking_and_goals_are_a_touch_away_and_fit_in_spanish(
    server: VoilaServer, browser: Browser, two: tuple[Learner, Learner], bench: Workbench
) -> None:
    learner, _other = two
    bench.settings.choose(learner, language="es")
    page = hand_over(server.sign_in(browser, PHONE))
    for what, there in (("Pedir algo", "¿Necesitas algo?"), ("Mis metas", "Mis metas"), ("Mi perfil", "Mi perfil")):
        page.get_by_role("button", name=learner.call_name).first.click()
        expect(page.get_by_role("heading", name=f"Hola, {learner.call_name}")).to_be_visible()
        assert_fits(page)
        assert_clean(page)
        page.get_by_role("button", name=what).click()
        expect(page.locator(".wb-body").get_by_role("heading", name=there)).to_be_visible()
        assert_fits(page)
        assert_clean(page)
        page.get_by_role("button", name="Siguiente persona").click()
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.context.close()


def test_from_one_own_page_a_touch_leads_to_the_others(tablet: Page, learner: Learner, bench: Workbench) -> None:
    sit_down(tablet, learner)
    tablet.locator("[data-for='to/look/notice']").first.click()
    tablet.locator("textarea").fill(SECRET)
    left = tablet.url
    tablet.get_by_role("button", name="My pages").click()  # in the middle of a word: it went
    expect(tablet.get_by_role("heading", name=f"Hello, {learner.call_name}")).to_be_visible()
    (held,) = [one for one in bench.conferences.of(learner) if not one.finished]
    assert bench.reflections.of(held)["look", "notice"].words == SECRET
    assert SECRET not in tablet.evaluate(HOLDS)
    tablet.get_by_role("button", name="My goals").click()
    expect(tablet.locator(".wb-body h2").first).to_have_text("My goals")
    assert_clean(tablet)
    next_person(tablet)
    ask = """(view) => fetch("/mine", {method: "POST", body: new URLSearchParams({
        _xsrf: document.cookie.match(/_xsrf=([^;]*)/)[1], view})}).then((answer) => answer.status)"""
    assert tablet.evaluate(ask, left.partition("view=")[2]) == 404  # their pages lead nowhere any more
    tablet.context.close()


def test_a_second_tab_takes_the_learner_off_the_first(server: VoilaServer, browser: Browser, learner: Learner) -> None:
    page = hand_over(server.sign_in(browser))
    sit_down(page, learner, "My profile")
    assert learner.call_name in page.evaluate(HOLDS)
    beside = page.context.new_page()
    beside.goto(server.address)
    expect(beside.get_by_role("heading", name="Who are you?")).to_be_visible()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    beside.wait_for_timeout(1000)
    for tab in (page, beside):  # and both stay there
        expect(tab.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.context.close()


def test_the_educator_takes_it_back_with_the_number_or_the_link_and_after_a_restart_too(
    pristine: Path, tmp_path: Path, browser: Browser
) -> None:
    school = copy_of(pristine, tmp_path / "demo")
    with VoilaServer(school, actor=ACTOR, day=TODAY) as server:
        page = hand_over(server.sign_in(browser))
        port = int(server.host.partition(":")[2])
    with VoilaServer(school, actor=ACTOR, day=TODAY, port=port) as server:
        page.goto(server.address)
        for number in ("0000", "1111", "2222", "3333", "4444", NUMBER):  # the last comes too soon
            if not page.get_by_label("Your number").is_visible():
                page.get_by_text("For the teacher").click()
            page.get_by_label("Your number").fill(number)
            first = began(page)
            page.get_by_role("button", name="Take the tablet back").click()
            wait_for_another(page, first)
            expect(page.get_by_role("alert")).to_contain_text("This is not the number")
        assert_clean(page)
        page.goto("about:blank")
        page.goto(server.entry)  # the link
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    with VoilaServer(school, actor=ACTOR, day=TODAY, port=port) as server:
        page.goto(server.address)
        page.get_by_text("For the teacher").click()
        page.get_by_label("Your number").fill(NUMBER)
        page.get_by_role("button", name="Take the tablet back").click()
        expect(page.get_by_role("alert")).to_contain_text("wait a minute")  # a restart makes no guess come sooner
        with Workbench.open(school, actor=ACTOR) as bench:
            earlier = {"wrong_at": datetime.now(UTC) - timedelta(minutes=2)}
            bench.desk.store.people.change("sessions", earlier, ended=None)
        page.get_by_label("Your number").fill(NUMBER)
        page.get_by_role("button", name="Take the tablet back").click()
        expect(page.get_by_role("button", name="Open my class")).to_be_visible()
    page.context.close()


def test_a_bench_that_was_handed_to_a_learner_does_nothing_else(teacher: Workbench) -> None:
    mei, omar = (teacher.learners.named(name) for name in ("Mei Chen", "Omar Haddad"))
    held = teacher.conferences.start(mei, on=TODAY)
    teacher.notes.write(held, "For us alone", visibility="educator")
    classes = teacher.learners.classes()
    teacher.hand_to(mei.id)
    assert teacher.learners.get(mei).name == "Mei Chen"
    teacher.reflections.say(held, move="look", prompt="notice", asked="?", words="Mine")
    assert [one.id for one in teacher.learners.all()] == [mei.id]
    assert [one.words for one in teacher.notes.of_learner(mei)] == []
    for refused in (
        lambda: teacher.learners.get(omar),
        lambda: teacher.settings.choose(mei, band="K-2"),
        lambda: teacher.imports.history(),
        lambda: teacher.classes.choose(classes[0], formal_a_week=7),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_learner_has_another_language_at_once_and_on_the_pages_that_follow(
    tablet: Page, two: tuple[Learner, Learner]
) -> None:
    tablet.get_by_role("button", name=two[0].call_name).first.click()
    expect(tablet.get_by_role("heading", name=f"Hello, {two[0].call_name}")).to_be_visible()
    tablet.get_by_role("button", name="Español").click()
    expect(tablet.get_by_role("heading", name=f"Hola, {two[0].call_name}")).to_be_visible()
    tablet.get_by_role("button", name="Mis metas").click()
    expect(tablet.get_by_role("heading", name="Mis metas")).to_be_visible()
    assert tablet.evaluate("document.documentElement.lang") == "es"
    tablet.get_by_role("button", name="Siguiente persona").click()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()  # the device's own again
