"""Forms on an app's page: drawn at once, light on the wire, and Voilà's scripts only for what needs them."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from widgets import LearnerPicker
from workbench import Workbench
from workbench.ground import forms
from workbench.serving.apps import App, apps
from workbench.serving.outputs import WIDGET, drawn

from ..browser import PATIENCE, VoilaServer, assert_clean, seen_on, watched
from ..faults.test_older_browsers import LACKING
from ..wire import Wire
from .test_serving import notebook, school

FIRST, LATER = 800_000, 100_000
FORMS_AT = "http://127.0.0.1:1/workbench/forms/"
BEGIN = """
from widgets import LearnerPicker
from workbench import Workbench
bench = Workbench.here()
"""
#: What is shown changes after the last cell, when nobody listens yet.
CHANGES = """
from IPython import get_ipython
from widgets.kit.blocks import note
from widgets.kit.form import Form

class Counts(Form):
    said = "as it was"

    def blocks(self):
        yield note(self.said)

form = Counts(bench, view="counts")

def change():
    form.said = "as it is"
    form.refresh()

get_ipython().kernel.io_loop.call_later(0.05, change)
form
"""
#: And what is shown changes when the page has been heard, and nobody does anything there.
CHANGES_LATER = CHANGES.replace(
    "get_ipython().kernel.io_loop.call_later(0.05, change)",
    "form.on_msg(lambda *_heard: get_ipython().kernel.io_loop.call_later(0.5, change))",
)
#: A page on which nothing happens by the clock, nor by a device that finds its voices.
TIMELESS = """
window.setInterval = () => 0;
speechSynthesis.addEventListener = () => {};
const { setTimeout } = window;
window.setTimeout = (act, time) => time < 2500 && setTimeout(act, time);
"""
MIXED = """
from IPython.display import HTML, display
import ipywidgets as ipw
display(LearnerPicker(bench), HTML("<p class='beside'>a table of one's own</p>"), ipw.Text(description="Beside it"))
"""
#: A form whose presses are counted.
COUNTS = """
import ipywidgets as ipw
from IPython.display import display
from widgets.kit import blocks as _blocks
from widgets.kit.form import Form

class Presses(Form):
    count = 0

    def press(self):
        self.count += 1

    def blocks(self):
        yield _blocks.note(f"Pressed {self.count} times")
        yield _blocks.text("words", "Words", "", lambda words: None)
        yield _blocks.button("do", "Do it", self.press)

form = Presses(bench, view="presses")
"""
TWICE = COUNTS + "display(form)\ndisplay(form)"
#: It gets a second form before it while somebody types.
GROWS = (
    COUNTS
    + """
box = ipw.VBox([form])

def grow(*_heard):
    box.children = (Presses(bench, view="another"), form)

form.on_msg(lambda _form, content, _buffers: content.get("kind") == "answer" and grow())
box
"""
)
#: In a row forms are drawn by Voilà's scripts, as in JupyterLab.
IN_A_ROW = """
import ipywidgets as ipw
from widgets import ConferenceStepper
ipw.HBox([LearnerPicker(bench).then(ConferenceStepper.of)])
"""
FOLLOWED = """
import ipywidgets as ipw
def show(bench, learner, leave):
    back = ipw.Button(description="Back to the list")
    back.on_click(lambda _button: leave())
    return ipw.VBox([ipw.Label("This is " + learner.given_name), back])
LearnerPicker(bench).then(show)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    folder = tmp_path_factory.mktemp("host")
    own = {
        "changes": notebook(folder / "changes.ipynb", BEGIN, CHANGES),
        "changes-later": notebook(folder / "changes-later.ipynb", BEGIN, CHANGES_LATER),
        "counts": notebook(folder / "counts.ipynb", BEGIN, COUNTS + "form"),
        "twice": notebook(folder / "twice.ipynb", BEGIN, TWICE),
        "grows": notebook(folder / "grows.ipynb", BEGIN, GROWS),
        "in-a-row": notebook(folder / "in-a-row.ipynb", BEGIN, IN_A_ROW),
        "mixed": notebook(folder / "mixed.ipynb", BEGIN, MIXED),
        "followed": notebook(folder / "followed.ipynb", BEGIN, FOLLOWED),
    }
    served = {**apps(), **{name: App(name, path) for name, path in own.items()}}
    known = {name: (one.notebook, one.about_learner) for name, one in served.items()}
    with VoilaServer(school(folder / "school", "4B").folder, apps=known) as running:
        yield running


def go_to(page: Page, server: VoilaServer, app: str) -> None:
    """Opens an app, for the first learner of the list if it is about one."""
    page.goto(server.address)
    page.evaluate(
        """(app) => {
            const form = document.querySelector("form.choose");
            form.querySelectorAll("button").forEach((one) => one.remove());
            form.insertAdjacentHTML("beforeend", `<input name=app value=${app}>`);
            form.submit();
        }""",
        app,
    )


def voilas(page: Page) -> list[str]:
    return [url for url in seen_on(page).requests if "/workbench/front/" in url]


#: Each line that a page opened.
LINES = """
window.lines = [];
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        lines.push(this);
    }
};
"""


def until(page: Page, holds: str) -> None:
    """Waits until it holds on a page, whose policy forbids what Playwright's own waiting needs."""
    ends = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(holds):
        assert time.monotonic() < ends, holds
        page.wait_for_timeout(50)


@pytest.mark.browser
class TestOnTheWire:
    @pytest.mark.parametrize(
        "app",
        [
            "conference",
            *(pytest.param(one, marks=pytest.mark.long) for one in ("my_class", "goals", "prepare", "data")),
        ],
    )
    def test_a_first_visit_is_light_and_later_ones_are_lighter(
        self, server: VoilaServer, browser: Browser, app: str
    ) -> None:
        """From the first byte of the home page on, so that nothing was fetched before."""
        page = watched(browser)
        wire = Wire(page)
        page.goto(server.entry)
        page.wait_for_selector("main.page")
        sizes = []
        for _visit in range(2):
            go_to(page, server, app)
            expect(page.locator(".wb-form .wb-body *").first).to_be_visible(timeout=60_000)
            wire.settle(page)
            sizes.append(wire.http + wire.frames)
        assert 20_000 < sizes[0] <= FIRST
        assert sizes[1] - sizes[0] <= LATER
        assert voilas(page) == []
        assert_clean(page)

    def test_script_and_style_are_kept_for_good(self, server: VoilaServer) -> None:
        for kind in ("js", "css"):
            with urllib.request.urlopen(server.address + forms.address(kind), timeout=60) as answer:
                assert answer.read().decode() == forms.content(kind)
                assert "immutable" in answer.headers["Cache-Control"]

    def test_an_upgrade_under_a_running_server_is_noticed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        before = forms.address("js")
        for name in forms._SCRIPTS:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(f"// {name}", encoding="utf-8")
        monkeypatch.setattr(forms, "_WIDGETS", tmp_path)
        after = f"{forms.FORMS_AT}{forms._mark(chr(10).join(f'// {name}' for name in forms._SCRIPTS).encode())}.js"
        assert forms.found(after) == forms.content("js") == "\n".join(f"// {name}" for name in forms._SCRIPTS)
        assert forms.found(before) is None
        monkeypatch.undo()
        assert forms.found(before) == forms.content("js")


@pytest.mark.browser
class TestDrawing:
    def test_what_changed_before_the_line_stood_is_shown(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "changes")
        expect(page.get_by_text("as it is")).to_be_visible(timeout=60_000)
        assert_clean(page)

    def test_what_a_kernel_draws_by_itself_is_shown_when_it_comes(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        page.add_init_script(TIMELESS)
        go_to(page, server, "changes-later")
        expect(page.get_by_text("as it is")).to_be_visible()
        assert_clean(page)

    def test_a_form_is_there_before_its_line(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        page.add_init_script("window.WebSocket = class { static CLOSING = 2; static OPEN = 1; readyState = 0; };")
        go_to(page, server, "conference")
        field = page.locator(".wb-form textarea").first
        expect(field).to_be_visible(timeout=60_000)
        field.fill("I read more")
        expect(page.locator(".wb-status")).to_have_text("Waiting to send", timeout=30_000)
        assert page.evaluate("Object.keys(localStorage).some((name) => name.startsWith('workbench:outbox:'))")

    @pytest.mark.parametrize("lacking", ["", LACKING], ids=["today", "oldest"])
    def test_beside_other_outputs_voila_draws_those(self, server: VoilaServer, browser: Browser, lacking: str) -> None:
        page = server.sign_in(browser)
        page.add_init_script(lacking)
        go_to(page, server, "mixed")
        expect(page.locator(".wb-form").get_by_text("Luz Marín")).to_be_visible(timeout=60_000)
        expect(page.locator("p.beside")).to_be_visible(timeout=60_000)
        expect(page.get_by_label("Beside it")).to_be_visible(timeout=60_000)
        assert voilas(page)
        assert_clean(page)

    def test_another_s_widget_may_follow_a_form_again_and_again(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "followed")
        search = page.locator(".wb-form input[type=search]")
        search.fill("MARIN", timeout=60_000)
        expect(page.locator(".wb-person")).to_contain_text(["Luz Marín"])
        search.fill("")
        for name in ("Luz", "Mei"):
            page.locator(".wb-form").get_by_text(name).click(timeout=60_000)
            expect(page.get_by_text(f"This is {name}")).to_be_visible(timeout=60_000)
            expect(page.locator(".wb-form")).to_have_count(0)
            page.get_by_role("button", name="Back to the list").click()
            expect(page.locator(".wb-form")).to_be_visible(timeout=30_000)
        assert_clean(page)

    def test_a_form_that_goes_away_by_a_press_is_not_pressed_again_when_it_comes_back(
        self, server: VoilaServer, browser: Browser
    ) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "in-a-row")
        luz = page.locator(".wb-person").get_by_text("Luz Marín")  # in the list: the form that goes has her name, too
        for _time in range(2):
            luz.click()
            page.get_by_role("button", name="Choose another learner").click()
            expect(luz).to_be_visible()
        page.wait_for_timeout(2000)
        expect(luz).to_be_visible()
        assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('outbox'))") == []
        assert_clean(page)

    def test_a_press_that_is_not_known_to_be_done_is_done_once(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        page.add_init_script(LINES)
        go_to(page, server, "counts")
        expect(page.get_by_text("Pressed 0 times")).to_be_visible()
        until(page, "lines.at(-1)?.readyState === WebSocket.OPEN")
        page.get_by_role("button", name="Do it").evaluate("(one) => { one.click(); lines.at(-1).close(); }")
        expect(page.get_by_text("Pressed 1 times")).to_be_visible()
        until(page, "lines.length === 2 && lines[1].readyState === WebSocket.OPEN")
        until(page, "!Object.keys(localStorage).some((name) => name.includes('outbox'))")
        page.get_by_role("button", name="Do it").click()
        expect(page.get_by_text("Pressed 2 times")).to_be_visible()
        assert_clean(page)

    def test_a_form_shown_twice_is_one_form(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "twice")
        for count in (0, 1):
            page.get_by_role("button", name="Do it").nth(count).click()
            expect(page.get_by_text(f"Pressed {count + 1} times")).to_have_count(2)
        assert voilas(page) == []

    def test_who_types_goes_on_when_a_form_comes_beside(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "grows")
        page.get_by_label("Words").focus()
        page.keyboard.type("abc")
        expect(page.locator(".wb-form")).to_have_count(2)
        page.keyboard.type("def")
        expect(page.get_by_label("Words").nth(1)).to_have_value("abcdef")
        expect(page.get_by_label("Words").nth(1)).to_be_focused()

    def test_words_that_waited_are_there_where_no_browser_keeps_locks(
        self, server: VoilaServer, browser: Browser
    ) -> None:
        page = server.sign_in(browser)
        page.add_init_script("delete Navigator.prototype.locks")
        page.add_init_script("window.WebSocket = class { static CLOSING = 2; static OPEN = 1; readyState = 0; };")
        go_to(page, server, "counts")
        page.get_by_label("Words").fill("I read more")
        for _time in range(2):
            page.reload()
            expect(page.get_by_label("Words")).to_have_value("I read more")
        assert seen_on(page).errors == []

    def test_half_a_letter_is_kept_as_one_and_holds_nothing_up(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        go_to(page, server, "counts")
        page.get_by_label("Words").evaluate(
            "(box) => { box.value = 'I like \\ud83d'; box.dispatchEvent(new Event('input', {bubbles: true})); }"
        )
        expect(page.locator(".wb-status")).to_have_text("Saved")
        page.get_by_role("button", name="Do it").click()
        expect(page.get_by_text("Pressed 1 times")).to_be_visible()

    def test_a_script_that_cannot_run_is_said_in_a_sentence(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        page.route("**/workbench/forms/*.js", lambda route: route.abort())
        go_to(page, server, "conference")
        expect(page.get_by_role("heading", name="Something went wrong on this page.")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name="Reload the page")).to_be_visible()


class TestWhatIsDrawn:
    def bundle(self, number: str) -> dict[str, Any]:
        return {"output_type": "display_data", "data": {WIDGET: {"model_id": number}, "text/plain": ""}}

    def test_forms_and_columns_of_them_are_and_nothing_else(self) -> None:
        form = {"_esm": FORMS_AT + "a.js", "_css": "b", "_view_name": "v", "screen": {"blocks": ["</script>"]}}
        heard: dict[str, dict[str, Any]] = {
            "form": form,
            "column": {"_model_name": "VBoxModel", "children": ["IPY_MODEL_form"]},
            "row": {"_model_name": "HBoxModel", "children": ["IPY_MODEL_form"]},
            "mixed": {"_model_name": "VBoxModel", "children": ["IPY_MODEL_form", "IPY_MODEL_other"]},
            "half": {"_model_name": "VBoxModel", "children": ["IPY_MODEL_nowhere"]},
            "other": {"_esm": "export default {}"},
            "elsewhere": {"_esm": "https://elsewhere.example/workbench/forms/a.js"},
        }
        for number in ("row", "mixed", "half", "other", "elsewhere", "nowhere"):
            assert drawn(self.bundle(number), heard, FORMS_AT) is None, number
        assert drawn({"data": {"text/html": "<p>"}}, heard, FORMS_AT) is None
        assert drawn({"output_type": "stream"}, heard, FORMS_AT) is None
        told = drawn(self.bundle("column"), heard, FORMS_AT)
        assert told is not None
        assert "</script>" not in told
        found = json.loads(told)
        assert set(found["models"]) == {"column", "form"}
        assert found["models"]["form"]["state"]["screen"] == form["screen"]
        assert "_view_name" not in found["models"]["form"]["state"]

    def test_a_form_has_the_mark_that_its_state_had_on_the_way(self, bench: Workbench) -> None:
        form = LearnerPicker(bench)
        heard = json.loads(json.dumps(form.get_state()))
        assert forms.mark_of(heard) == forms.mark_of(form.get_state())
        sent: list[Any] = []
        form.send = lambda content, _buffers=None: sent.append(content)
        form.send_state = lambda *_keys: sent.append("all of it")
        form._heard(form, {"kind": "held", "mark": forms.mark_of(heard)}, [])
        assert sent == [{"kind": "held"}]
        form._heard(form, {"kind": "held", "mark": ""}, [])
        assert sent == [{"kind": "held"}, "all of it", {"kind": "held"}]

    def test_a_form_brings_its_script_along_where_there_is_no_server(
        self, bench: Workbench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(forms.SERVED, raising=False)
        assert "export default" in LearnerPicker(bench)._esm
        monkeypatch.setenv(forms.SERVED, "http://127.0.0.1:1")
        form = LearnerPicker(bench)
        assert (form._esm, form._css) == tuple("http://127.0.0.1:1" + forms.address(kind) for kind in ("js", "css"))
