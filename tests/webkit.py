"""WebKit, the engine of every browser on an iPad: GTK's small browser, driven by its own WebDriver.

with webkit() as browser:
    browser.go("http://127.0.0.1:8866/")
    browser.back()
"""

from __future__ import annotations

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRIVER = "WebKitWebDriver"
BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
#: Why there is no WebKit to test with here; "" where there is one.
MISSING = (
    ""
    if shutil.which(DRIVER) and shutil.which("xvfb-run") and BROWSERS
    else "no WebKit here: apt-get install webkit2gtk-driver xvfb"
)
_KEY = "element-6066-11e4-a52e-4f735466cecf"  # what the protocol calls an element


@dataclass(frozen=True, slots=True)
class WebKit:
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
def webkit() -> Iterator[WebKit]:
    """A new WebKit without a screen, which ends with the block."""
    port = _free_port()
    run = ["xvfb-run", "-a", "-s", "-screen 0 1280x900x24", DRIVER, f"--port={port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    driver = subprocess.Popen(run, start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        browser = {"binary": str(BROWSERS[-1]), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": browser}}}
        root = WebKit(f"http://127.0.0.1:{port}")
        session = root.until(lambda: _begin(root, wanted))["sessionId"]
        made = WebKit(f"{root.at}/session/{session}")
        yield made
        made._ask("DELETE", "")
    finally:
        if sys.platform != "win32":
            os.killpg(driver.pid, signal.SIGTERM)
        driver.wait()


def _begin(root: WebKit, wanted: dict[str, Any]) -> Any:
    try:
        return root._ask("POST", "/session", **wanted)
    except OSError as error:
        raise AssertionError(str(error)) from error


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
