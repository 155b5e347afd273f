"""What the tests of pages share: a real server, and a real browser that notices everything.

with VoilaServer(workspace) as server, chromium() as browser:
    page = server.sign_in(browser)
    page.click("text=Start the conference")
    assert_clean(page)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize, expect, sync_playwright

from workbench.serving.reach import Reach
from workbench.serving.site import Limits

from .find_browser import installed

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-quic"]
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 800}
#: Milliseconds that anything on a page may take on a machine that has other work; a quick one waits for none of them.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

_SERVE = """
import json, sys
from datetime import date
from pathlib import Path
asked = json.loads(sys.argv[1])
from workbench.access.gate import Actor
from dataclasses import replace
from workbench.serving import App, Limits, Reach, serve
from workbench.serving.apps import apps as shipped
from workbench.workspace import Workspace
workspace = Workspace.open(Path(asked["workspace"]))
known = shipped()
apps = {
    name: replace(known.get(name, App(name, Path())), notebook=Path(path), about_learner=about, title="")
    for name, (path, about) in asked["apps"].items()
}
apps = {**known, **apps} if apps else None
serve(
    workspace, actor=Actor.parse(asked["actor"]) if asked["actor"] else workspace.local, port=asked["port"],
    limits=Limits(**asked["limits"]), apps=apps,
    day=(lambda: date.fromisoformat(Path(asked["day"]).read_text())) if asked["day"] else None,
    on_ready=lambda address: print(address, flush=True), reach=Reach(asked["reach"]),
)
"""


class VoilaServer:
    """The real server in a process of its own, on any free port; ends with the `with` block.

    `apps` are notebooks by name with whether each is about a learner; without, those that ship. `day` is its today;
    `turn_to` another for what is opened from then on. `files` is how many it may have open, if not as many as we.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        actor: str = "",
        apps: Mapping[str, tuple[Path, bool]] | None = None,
        limits: Limits | None = None,
        day: date | None = None,
        port: int = 0,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        files: int = 0,
        reach: Reach = Reach.HERE,
    ) -> None:
        self.workspace = workspace
        self._files = files
        self._day = workspace.with_name(f"{workspace.name} day")
        self.asked = {
            "workspace": str(workspace),
            "actor": actor,
            "apps": {name: (str(path), about) for name, (path, about) in (apps or {}).items()},
            "limits": asdict(limits or Limits()),
            "port": port,
            "day": str(self._day) if day else "",
            "reach": str(reach),
        }
        if day:
            self.turn_to(day)
        self.cwd = cwd or workspace
        self.env = {**os.environ, **(env or {})}
        self.entry = self.address = ""
        self._said: list[str] = []

    def __enter__(self) -> Self:
        limited = ["prlimit", f"--nofile={self._files}:{self._files}"] if self._files else []
        self.process = subprocess.Popen(
            [*limited, sys.executable, "-P", "-c", _SERVE, json.dumps(self.asked)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.cwd, env=self.env,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.entry = self.process.stdout.readline().strip()
        if not self.entry.startswith("http"):
            self.process.kill()
            said = self.entry + "\n" + self.process.stdout.read()
            self.process.wait()
            raise RuntimeError(f"the server did not start: {said}")
        self.address = self.entry.partition("/#")[0]
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=180)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._listener.join(60)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as printed:
            self._said.extend(printed)

    def kill(self) -> None:
        """Ends it as a power cut would; its kernels end with it."""
        self.process.kill()
        self.process.wait()

    def again(self) -> None:
        """Begins it anew at the same address."""
        self.asked["port"] = self.asked["port"] or int(self.address.rpartition(":")[2])
        self.__enter__()

    def turn_to(self, day: date) -> None:
        """Lets it be another day: home, and each page opened from now on."""
        self._day.write_text(day.isoformat(), encoding="utf-8")

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    @property
    def key(self) -> str:
        return self.entry.partition("#key=")[2]

    @property
    def log(self) -> str:
        """What the server wrote into its log so far."""
        return (self.workspace / "logs" / "serve.log").read_text(encoding="utf-8")

    @property
    def printed(self) -> str:
        """What came to the terminal after the address."""
        return "".join(self._said)

    def sign_in(self, browser: Browser, viewport: ViewportSize = PROJECTOR) -> Page:
        """A new page of a new visitor, let in and at home."""
        page = watched(browser, viewport)
        page.goto(self.entry)
        page.wait_for_selector("main.page")
        return page


def open_page(server: VoilaServer, browser: Browser, button: str, learner: str = "", **context: Any) -> Page:
    """An app, opened from the home page of a new visitor by its `button`, for a learner when one is named."""
    viewport = context.pop("viewport", PROJECTOR)
    page = watched(browser, viewport, **context)
    page.goto(server.entry)
    page.wait_for_selector("main.page")
    if learner:
        page.get_by_label("Learner").select_option(label=learner)
    page.get_by_role("button", name=button).click()
    return page


_installed = cache(installed)


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """A Chromium of this machine, without a window."""
    found = _installed()
    assert found, "no Chromium: run “make test”, or name one with WORKBENCH_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *arguments])
        yield browser
        browser.close()


@contextmanager
def keeping_pages(browser: Browser) -> Iterator[Browser]:
    """A Chromium beside `browser` that keeps left pages in memory, as everybody's does and Playwright's does not."""
    other = browser.browser_type.launch(
        executable_path=_installed(), args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield other
    other.close()


@dataclass
class Seen:
    """What happened on a page so far."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


_seen: dict[int, Seen] = {}


def watched(browser: Browser, viewport: ViewportSize = PROJECTOR, **context: Any) -> Page:
    """A page in a context of its own whose requests, console errors and page errors are kept."""
    page = browser.new_context(viewport=viewport, **context).new_page()
    page.set_default_timeout(PATIENCE)
    seen = _seen[id(page)] = Seen()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    def failed(request: Request) -> None:
        if "ERR_ABORTED" not in str(request.failure):  # a page that was left
            seen.failures.append(f"{request.url} {request.failure}")

    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", console)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("requestfailed", failed)
    return page


def seen_on(page: Page) -> Seen:
    """What a watched page did so far."""
    return _seen[id(page)]


_SETTLED = """(patience) => new Promise((done) => {
    const still = (one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity;
    const whole = () => document.readyState === "complete" && !document.getElementById("loading")
        && document.querySelector("main")?.checkVisibility() && document.getAnimations().every(still);
    const begun = performance.now();
    let quiet = 0;
    const seen = new MutationObserver(() => (quiet = 0));
    seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const look = () => {
        quiet = whole() ? quiet + 1 : 0;
        if (quiet < 10 && performance.now() - begun < patience) return setTimeout(look, 20);
        seen.disconnect();
        done();
    };
    look();
})"""


def settled(page: Page) -> None:
    """Waits until the page is there whole and nothing on it moves any more, so that this is what one looks at.

    A page that never is whole is looked at as it stands; whatever looks then says what is wrong.
    """
    while True:
        try:
            page.evaluate(_SETTLED, PATIENCE)
            return
        except Error as error:  # it was just being replaced
            if "context was destroyed" not in str(error):
                raise
        page.wait_for_load_state()


def assert_clean(page: Page) -> None:
    """Nothing came from elsewhere, nothing went wrong, and axe finds no barrier.

    JupyterLab's scripts warn of "Unsatisfied version"; those are warnings, not errors.
    """
    settled(page)
    seen = seen_on(page)
    origin = "/".join(page.url.split("/")[:3])
    elsewhere = [url for url in seen.requests if not url.startswith((origin, "data:", "blob:"))]
    assert elsewhere == []
    assert seen.errors == []
    assert seen.failures == []
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


def began(page: Page) -> float:
    """When the document that is shown began, in milliseconds; another one has another time."""
    return float(page.evaluate("performance.timeOrigin"))


def wait_for_another(page: Page, since: float, patience: float = PATIENCE / 1000) -> None:
    """Waits until a page that began at `since` was loaded anew, by whomever."""
    until = time.monotonic() + patience
    while True:
        with suppress(Error):  # in the middle of it
            if began(page) > since:
                return
        assert time.monotonic() < until, "the page stayed as it was"
        page.wait_for_timeout(50)


_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - room;
    if (over <= 0) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room);
    return [over, ...wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 160))];
}"""


def assert_fits(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    settled(page)
    assert page.evaluate(_WIDE) == []


def assert_one_screen(page: Page) -> None:
    """Nothing has to be scrolled at all."""
    settled(page)
    assert page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight") <= 0
