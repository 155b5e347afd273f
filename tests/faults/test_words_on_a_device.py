"""What one person typed is never readable by the next one at the device, and comes to its owner all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import VoilaServer, seen_on, watched
from tests.conftest import TODAY, clock, copy_of
from tests.serving.test_serving import notebook
from workbench import Workbench
from workbench.ground.sealing import SECRET_FILE
from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR, CLASS

pytestmark = pytest.mark.browser

SECRET = "zzz I hide at lunch"
DRAFT = "zzz I am scared at home"
NUMBER = "2468"
TABLET: ViewportSize = {"width": 820, "height": 1180}
#: From here on nothing reaches the server.
DEAF = "() => { WebSocket.prototype.send = () => {}; }"
#: All that a browser keeps for a site, and the page itself.
EVERYWHERE = """async () => {
    const found = [document.title, document.body.outerHTML, document.cookie, window.name, location.href];
    found.push(JSON.stringify(history.state));
    for (const one of [localStorage, sessionStorage]) found.push(...Object.entries(one).flat());
    for (const {name} of await indexedDB.databases()) {
        const db = await new Promise((done) => {
            const asked = indexedDB.open(name);
            asked.onsuccess = () => done(asked.result);
        });
        for (const store of db.objectStoreNames) {
            const rows = db.transaction(store).objectStore(store).getAll();
            found.push(JSON.stringify(await new Promise((done) => { rows.onsuccess = () => done(rows.result); })));
        }
        db.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) found.push(asked.url, await (await cache.match(asked)).text());
    }
    for (const one of await navigator.serviceWorker.getRegistrations()) found.push(one.scope);
    return found.join(" ");
}"""
HELD = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('workbench:outbox:'))"


@pytest.fixture(scope="module")
def server(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    school = copy_of(pristine, tmp_path_factory.mktemp("words") / "demo")
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture
def bench(server: VoilaServer) -> Iterator[Workbench]:
    with Workbench.open(server.workspace, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def alone(server: VoilaServer) -> Iterator[str]:
    """Names of learners whose first name nobody else in the class begins with; each test takes its own."""
    with Workbench.open(server.workspace, actor=ACTOR) as opened:
        everybody = opened.learners.in_class(CLASS)
        called = [one.call_name for one in everybody]
        names = [one.name for one in everybody if sum(name.startswith(one.call_name) for name in called) == 1]
    return iter(names)


@pytest.fixture
def learner(bench: Workbench, alone: Iterator[str]) -> Learner:
    return bench.learners.named(next(alone))


def hand_over(page: Page) -> Page:
    page.get_by_role("link", name="Hand over the tablet").click()
    page.get_by_label("A number to take it back with").fill(NUMBER)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    return page


def sit_down(page: Page, learner: Learner, what: str) -> None:
    page.get_by_role("button", name=learner.call_name).first.click()
    page.get_by_role("button", name=what).click()
    expect(page.locator(".wb-body :is(h2, h3)").first).to_be_visible(timeout=40_000)


def tells(found: str, *words: str) -> list[str]:
    """Which of `words` stand in what was found: as words, since by chance any three letters stand in what is sealed."""
    return [word for word in words if re.search(rf"(?<![\w+/-]){re.escape(word)}(?![\w+/-])", found)]


def nobody_reads(page: Page, *more: str) -> None:
    """Nothing on this device tells what was typed, by whom or into what."""
    found = page.evaluate(EVERYWHERE)
    assert not tells(found, SECRET, DRAFT, "zzz", "drafts", "held", "look/notice", "profile/own", *more)


def typed_without_adding(page: Page) -> None:
    box = page.locator("[data-draft='profile/own']").first
    box.fill(DRAFT)


@pytest.mark.parametrize("cut", ["online", pytest.param("killed", marks=pytest.mark.long)])
def test_a_childs_words_are_nowhere_on_the_device_for_the_next_one_and_come_back_to_the_child(
    cut: str, server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = hand_over(server.sign_in(browser, TABLET))
    sit_down(page, learner, "My profile")
    typed_without_adding(page)
    expect(page.locator("[data-draft='profile/own']").first).to_have_value(DRAFT)
    page.wait_for_function(f"() => ({HELD})().length > 0")
    nobody_reads_on_device = page.evaluate("() => JSON.stringify(localStorage)")
    assert not tells(nobody_reads_on_device, "zzz")  # not even while it is open
    if cut == "killed":
        server.kill()
    page.get_by_role("button", name="Next person").click()
    if cut == "killed":
        expect(page.get_by_text("The pictures come back by themselves.")).to_be_visible(timeout=15_000)
        nobody_reads(page, learner.call_name)
        assert page.evaluate("sessionStorage.length") == 0
        server.again()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible(timeout=30_000)
    nobody_reads(page)
    assert page.evaluate("sessionStorage.length") == 0
    sit_down(page, learner, "My profile")
    expect(page.locator("[data-draft='profile/own']").first).to_have_value(DRAFT)
    page.context.close()


@pytest.mark.parametrize("how", ["left", pytest.param("killed", marks=pytest.mark.long)])
def test_answers_that_could_not_go_reach_the_store_when_their_owner_is_back(
    how: str, server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = hand_over(server.sign_in(browser, TABLET))
    sit_down(page, learner, "Get ready")
    page.locator("[data-for='to/look/notice']").first.click()
    box = page.locator("textarea")
    box.wait_for()
    if how == "killed":
        server.kill()
        box.fill(SECRET)
        page.get_by_role("button", name="Next person").click()
        expect(page.get_by_text("The pictures come back by themselves.")).to_be_visible(timeout=15_000)
        nobody_reads(page, learner.call_name)
        server.again()
    else:
        page.evaluate(DEAF)
        box.fill(SECRET)
        page.goto(f"{server.address}/")
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible(timeout=30_000)
    nobody_reads(page)
    assert len(page.evaluate(HELD)) == 1
    page.get_by_text("For the teacher").click()
    page.get_by_label("Your number").fill(NUMBER)
    page.get_by_role("button", name="Take the tablet back").click()
    expect(page.get_by_role("button", name="Open my class")).to_be_visible()
    nobody_reads(page)
    hand_over(page)
    sit_down(page, learner, "Get ready")
    expect(page.locator(".wb-status")).to_have_text("Saved", timeout=20_000)
    assert page.evaluate(HELD) == []
    (held,) = [one for one in bench.conferences.of(learner) if not one.finished]
    assert bench.reflections.of(held)["look", "notice"].words == SECRET
    page.context.close()


def test_an_educators_words_are_sealed_and_come_to_no_page_of_the_learner(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    conference = bench.conferences.start(learner, on=TODAY)
    page = server.sign_in(browser, TABLET)
    page.get_by_label("Learner").select_option(label=learner.name)
    page.locator("button.primary").click()
    page.get_by_role("button", name=re.compile("^Notes")).first.click(timeout=40_000)
    note = page.locator("[data-draft='note.new']")
    expect(note).to_be_visible(timeout=30_000)
    page.evaluate(DEAF)
    note.fill(SECRET)
    note.press("Enter")
    page.goto(f"{server.address}/tablet")
    page.get_by_label("A number to take it back with").fill(NUMBER)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    nobody_reads(page)
    sit_down(page, learner, "Get ready")
    page.wait_for_timeout(1500)
    assert len(page.evaluate(HELD)) == 1  # it was not taken up
    assert SECRET not in page.evaluate(EVERYWHERE)
    page.get_by_role("button", name="Next person").click()
    page.get_by_text("For the teacher").click(timeout=20_000)
    page.get_by_label("Your number").fill(NUMBER)
    page.get_by_role("button", name="Take the tablet back").click()
    page.get_by_label("Learner").select_option(label=learner.name)
    page.locator("button.primary").click()
    expect(page.locator(".wb-status")).to_have_text("Saved", timeout=40_000)
    assert SECRET in [one.words for one in bench.notes.of_learner(learner)]
    assert conference.id
    page.context.close()


def tampered(page: Page, change: str) -> None:
    page.evaluate(f"""() => {{
        const [place, text] = Object.entries(localStorage).find(([name]) => name.startsWith("workbench:outbox:"));
        const record = place.split(":").slice(0, 3).join(":");
        ({change})(place, text, record);
    }}""")


FORGED = """(place, _text, record) => {
    const held = [{key: "look/notice", name: "look/notice", id: "0".repeat(32), value: "Forged", since: Date.now()}];
    localStorage.removeItem(place);
    localStorage.setItem(`${record}:0`, JSON.stringify({held}));
}"""
CHANGES = {
    "flipped": "(place, text) => localStorage.setItem(place, text.slice(0, -9) + ('A' === text.at(-9) ? 'B' : 'A') + text.slice(-8))",  # noqa: E501
    "cut": "(place, text) => localStorage.setItem(place, text.slice(0, 40))",
    "made younger": "(place, text) => localStorage.setItem(place, text.replace(/[.].*?[.]/, '.99999.'))",
    "moved": """(place, text, record) => {
        localStorage.removeItem(place);
        localStorage.setItem(`${record}:moved`, text);
    }""",
    "forged": FORGED,
    "nothing": "(place) => localStorage.setItem(place, 'null')",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_somebody_changed_on_the_device_is_dropped_without_an_error(
    change: str, server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    page = server.sign_in(browser)
    page.get_by_label("Learner").select_option(label=learner.name)
    page.get_by_role("button", name="Let the learner get ready").click()
    page.locator("[data-for='to/look/notice']").first.click(timeout=40_000)
    page.locator("textarea").wait_for()
    page.evaluate(DEAF)
    page.locator("textarea").fill(SECRET)
    there = page.url
    page.goto(f"{server.address}/")
    tampered(page, change)
    page.goto(there)
    page.locator("[data-for='to/look/notice']").first.click(timeout=40_000)
    expect(page.locator("textarea")).to_have_value("")
    page.wait_for_function(f"() => ({HELD})().length === 0")
    assert seen_on(page).errors == []
    (held,) = [one for one in bench.conferences.of(learner) if not one.finished]
    assert ("look", "notice") not in bench.reflections.of(held)
    page.context.close()


def test_what_a_build_without_seals_left_is_taken_over_once(
    server: VoilaServer, browser: Browser, bench: Workbench, learner: Learner
) -> None:
    from widgets.kit.vaults import vaults

    conference = bench.conferences.prepare(learner, on=TODAY)
    former = vaults(bench, f"conference {conference.id}")[0].former
    page = server.sign_in(browser)
    page.evaluate(
        """([place, words, draft]) => localStorage.setItem(place, JSON.stringify({
            held: [{key: "look/notice", name: "look/notice", id: "ab".repeat(16), value: words, since: Date.now()}],
            drafts: {"part/work.own": draft}}))""",
        [f"workbench:outbox:{former}:{'cd' * 16}", SECRET, DRAFT],
    )
    page.get_by_label("Learner").select_option(label=learner.name)
    page.get_by_role("button", name="Let the learner get ready").click()
    expect(page.locator(".wb-status")).to_have_text("Saved", timeout=40_000)
    nobody_reads_here = page.evaluate("() => JSON.stringify(localStorage)")
    assert not tells(nobody_reads_here, "zzz")
    assert bench.reflections.of(conference)["look", "notice"].words == SECRET
    assert len(page.evaluate(HELD)) == 1  # the draft, sealed
    page.context.close()


def test_what_nobody_fetched_in_a_month_goes(server: VoilaServer, browser: Browser, learner: Learner) -> None:
    page = server.sign_in(browser)
    page.evaluate("""() => {
        const day = Math.floor(Date.now() / 864e5);
        localStorage.setItem(`workbench:outbox:${"0".repeat(32)}:old`, `2.${day - 33}.AAAA`);
        localStorage.setItem(`workbench:outbox:${"0".repeat(32)}:new`, `2.${day - 20}.AAAA`);
    }""")
    page.get_by_label("Learner").select_option(label=learner.name)
    page.get_by_role("button", name="See the goals").click()
    expect(page.locator(".wb-body :is(h2, h3)").first).to_be_visible(timeout=40_000)
    assert [name[-3:] for name, _text in page.evaluate(HELD)] == ["new"]
    page.context.close()


def test_the_secret_is_its_owners_alone_and_the_same_for_everybody_who_opens_the_workspace(bench: Workbench) -> None:
    assert bench.key_for("a") != bench.key_for("b")
    assert re.fullmatch("[0-9a-f]{64}", bench.key_for("a"))
    with Workbench.open(bench.workspace.folder, actor="admin:office") as other:
        assert other.key_for("a") == bench.key_for("a")
    assert (bench.workspace.folder / SECRET_FILE).stat().st_mode & 0o077 == 0


# What a page refuses

MOODY = """
from pathlib import Path
from widgets.kit import blocks as _blocks
from widgets.kit.form import Form
from workbench.ground import errors
from workbench.bench import Workbench

HERE = Path({here!r})

class Moody(Form):
    def keep(self, name, value):
        mood = (HERE / "mood").read_text()
        if mood == "broken":
            1 / 0
        if mood:
            raise getattr(errors, mood)("It is not possible just now.", "Do something about it.")
        with (HERE / "kept").open("a") as file:
            file.write(f"{{name}}: {{value}}\\n")

    def blocks(self):
        yield _blocks.heading("A page")
        yield _blocks.text("first", "First", "", lambda value: self.keep("first", value))
        yield _blocks.choice("face", "Face", "", ["happy", "sad"], lambda value: self.keep("face", value))
        yield _blocks.adder("more", "More", lambda value: self.keep("more", value))
        yield _blocks.button("do", "Do it", lambda: self.keep("do", ""))

Moody(Workbench.here(), view="moody")
"""


@pytest.fixture(scope="module")
def moody(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Browser, str], Page]]:
    """A page that keeps or refuses what it is told, as the file `mood` says."""
    folder = tmp_path_factory.mktemp("moody")
    page_file = notebook(folder / "moody.ipynb", MOODY.format(here=str(folder)))
    with VoilaServer(copy_of(pristine, folder / "demo"), actor=ACTOR, apps={"my_class": (page_file, False)}) as running:

        def opened(browser: Browser, mood: str) -> Page:
            (folder / "mood").write_text(mood)
            (folder / "kept").write_text("")
            page = watched(browser)
            page.goto(running.entry)
            page.get_by_role("button", name="Open my class").click()
            page.get_by_label("First").wait_for(timeout=40_000)
            return page

        opened.folder = folder  # type: ignore[attr-defined]
        yield opened


def all_said(page: Page) -> None:
    page.get_by_label("First").fill("zzz first")
    page.get_by_label("More").fill("zzz more")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("radio", name="sad").check(force=True)


@pytest.mark.parametrize(
    "mood", ["NotAllowed", *(pytest.param(one, marks=pytest.mark.long) for one in ("NotFound", "BadData", "broken"))]
)
def test_what_a_page_cannot_keep_just_now_waits_and_is_said_and_is_tried_when_it_is_opened_anew(
    mood: str, moody: Any, browser: Browser
) -> None:
    page = moody(browser, mood)
    all_said(page)
    sentence = "Something went wrong on our side" if mood == "broken" else "It is not possible just now."
    expect(page.locator(".wb-cut")).to_contain_text(sentence)
    expect(page.locator(".wb-cut")).to_contain_text("tried again when this page is opened anew")
    expect(page.locator(".wb-status")).to_have_text("Waiting to send")
    assert not tells(page.evaluate("() => JSON.stringify(localStorage)"), "zzz")
    page.reload()
    expect(page.get_by_label("First")).to_have_value("zzz first", timeout=40_000)  # and is refused once more
    expect(page.locator(".wb-cut")).to_contain_text(sentence)
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_have_count(3)
    assert (moody.folder / "kept").read_text() == ""
    (moody.folder / "mood").write_text("")
    page.reload()
    expect(page.locator(".wb-status")).to_have_text("Saved", timeout=40_000)
    assert (moody.folder / "kept").read_text().splitlines() == ["first: zzz first", "more: zzz more", "face: sad"]
    assert page.evaluate(HELD) == []
    expect(page.locator(".wb-cut")).to_be_hidden()
    page.context.close()


def test_what_is_not_ready_goes_by_itself_and_a_press_that_was_refused_is_not_pressed_later(
    moody: Any, browser: Browser
) -> None:
    page = moody(browser, "NotReady")
    all_said(page)
    expect(page.locator(".wb-status")).to_have_text("Waiting to send")
    (moody.folder / "mood").write_text("")
    expect(page.locator(".wb-status")).to_have_text("Saved", timeout=30_000)
    assert (moody.folder / "kept").read_text().splitlines() == ["first: zzz first", "more: zzz more", "face: sad"]
    (moody.folder / "mood").write_text("NotAllowed")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("alert").filter(has_text="It is not possible just now.")).to_be_visible()
    (moody.folder / "mood").write_text("")
    page.reload()
    page.get_by_label("First").wait_for(timeout=40_000)
    page.wait_for_timeout(1500)
    assert "do:" not in (moody.folder / "kept").read_text()
    page.context.close()


def test_words_that_break_a_rule_of_their_box_stay_in_it_after_a_reload_too_and_are_not_sent_again(
    moody: Any, browser: Browser
) -> None:
    page = moody(browser, "BadInput")
    all_said(page)
    told = page.get_by_role("alert").filter(has_text="It is not possible just now.")
    expect(told).to_have_count(3)
    (moody.folder / "mood").write_text("")
    page.reload()
    expect(page.get_by_label("First")).to_have_value("zzz first", timeout=40_000)
    expect(page.get_by_label("More")).to_have_value("zzz more")
    expect(told).to_have_count(1)
    page.wait_for_timeout(1500)
    assert (moody.folder / "kept").read_text() == ""
    page.get_by_label("First").fill("better")
    expect(page.locator(".wb-status")).to_have_text("Saved")
    expect(told).to_have_count(0)
    assert (moody.folder / "kept").read_text().splitlines() == ["first: better"]
    page.context.close()


def test_the_right_to_a_learners_page_that_went_keeps_what_was_said_on_it(teacher: Workbench) -> None:
    from tests.forms.test_widgets import answer
    from widgets import PrepareForm

    mei, omar = (teacher.learners.named(name) for name in ("Mei Chen", "Omar Haddad"))
    form = PrepareForm.of(teacher, mei, today=TODAY)
    teacher.hand_to(omar.id)
    (refused,) = answer(form, "look/notice", "I can read it")
    assert (refused["kind"], refused["again"]) == ("refused", "later")
    assert "You may not" in refused["sentence"]
