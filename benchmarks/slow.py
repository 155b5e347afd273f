"""How soon an app's page is there on a slow computer, and what it costs on the wire, beside an earlier build.

    python -m benchmarks.slow CHECKOUT           everything; CHECKOUT is the earlier build, with a `.venv` of its own
    python -m benchmarks.slow CHECKOUT slow      only the measurements whose name holds "slow"

`slow` is Chromium with a processor four times slower, 1.5 Mbit/s and 60 ms (by its own developer tools): from the click
at home to the first field that can be used, on a first visit and on later ones, and what came and went, by HTTP and
websocket. `panel` is an opening without a cache at full speed, beside a Panel app of one field and three charts, which
is installed for the measurement into a folder of its own. Builds take turns; the median counts. Look at the ratios, and
at the load that is printed: a busy machine stretches all times.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from playwright.sync_api import Browser, Error, Page, sync_playwright

from benchmarks.measure import ROOT
from benchmarks.pages import ACTOR, CHROMIUM, chromium_here
from tests.wire import Wire

ROUNDS = int(os.environ.get("WORKBENCH_BENCH_ROUNDS", "5"))
VISITS = 3
#: Bytes a second and milliseconds.
NETWORK = {"offline": False, "latency": 60, "downloadThroughput": 1_500_000 / 8, "uploadThroughput": 1_500_000 / 8}
SLOWER = 4
#: Notes when something was clicked, and when the first field on the page can be used, to 10 ms.
WATCH = """(() => {
    addEventListener("click", () => (window.name = String(Date.now())), true);
    const look = setInterval(() => {
        const field = document.querySelector("FIELD");
        if (!field || !field.checkVisibility() || !field.getBoundingClientRect().height) return;
        window.usable = Date.now();
        clearInterval(look);
    }, 10);
})();"""
FORM = ".wb-form :is(textarea, input, select, .wb-body button)"
APPS = {
    "conference": "select[name=learner]",
    "prepare": "select[name=learner]",
    "goals": "select[name=learner]",
    "my_class": "",
    "data": "",
}
DEMO = """
import sys
from datetime import date
from pathlib import Path
from workbench.sample.demo import prepare
prepare(Path(sys.argv[1]), today=date.today())
"""
PANEL = """
import altair as alt
import pandas as pd
import panel as pn

pn.extension("vega")
data = pd.DataFrame({"day": range(9), "score": [3, 1, 4, 1, 5, 9, 2, 6, 5]})
chart = alt.Chart(data).mark_line(point=True).encode(x="day", y="score").properties(width=320, height=160)
pn.Column(pn.widgets.TextAreaInput(name="What went well?"), *(pn.pane.Vega(chart) for _ in range(3))).servable()
"""


@dataclass(frozen=True)
class Visit:
    """Seconds from the click to the first field; bytes by HTTP, with their headers, and in websocket frames."""

    seconds: float
    http: int
    frames: int

    @property
    def kilobytes(self) -> float:
        return (self.http + self.frames) / 1000


@contextmanager
def build(checkout: Path, folder: Path) -> Iterator[str]:
    """The address that lets a browser in to the demo school, served by a checkout."""
    binaries = checkout / ".venv" / "bin"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if not folder.exists():
        subprocess.run([str(binaries / "python"), "-c", DEMO, str(folder)], check=True, cwd=checkout, env=environ)
    serving = [str(binaries / "workbench"), "serve", "--port", "0", "--workspace", str(folder), "--actor", ACTOR]
    with running(serving, cwd=checkout, env=environ) as process:
        assert process.stdout is not None
        yield next(line.strip() for line in process.stdout if line.startswith("http"))


@contextmanager
def running(command: list[str], **how: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **how)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def used(page: Page) -> float:
    """Seconds from the last click until a field can be used; our policy forbids what Playwright's own waiting needs."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if usable := page.evaluate("window.usable"):
                return float(usable - float(page.evaluate("window.name"))) / 1000
        except Error:  # between two pages
            pass
        page.wait_for_timeout(50)
    raise TimeoutError("no field came")


def visits(browser: Browser, enter: str, app: str, *, slow: bool, many: int = VISITS) -> list[Visit]:
    """The visits of a new visitor to an app, one after the other."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(WATCH.replace("FIELD", FORM))
    page = context.new_page()
    wire = Wire(page)
    session = wire.session
    page.goto(enter)
    page.wait_for_selector("main.page")
    seen = []
    for _number in range(many):
        page.goto(enter.partition("#")[0], wait_until="networkidle")
        if slow:
            session.send("Network.emulateNetworkConditions", NETWORK)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        button = page.locator(f"button[name=app][value={app}]").first
        before = (wire.http, wire.frames)
        button.evaluate("one => one.click()")
        seconds = used(page)
        wire.settle(page)
        seen.append(Visit(seconds, wire.http - before[0], wire.frames - before[1]))
        if slow:
            session.send("Network.emulateNetworkConditions", NETWORK | {"latency": 0, "downloadThroughput": -1})
            session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    context.close()
    return seen


def bench_slow(enters: dict[str, str], browser: Browser) -> None:
    print(f"slow: processor {SLOWER}x slower, 1.5 Mbit/s, 60 ms; click to first field, {ROUNDS} rounds", flush=True)
    for app in ("conference", "my_class"):
        found: dict[str, list[list[Visit]]] = {name: [] for name in enters}
        for _number in range(ROUNDS):
            for name, enter in enters.items():
                found[name].append(visits(browser, enter, app, slow=True))
        medians = {
            name: [statistics.median(one[place].seconds for one in rounds) for place in range(VISITS)]
            for name, rounds in found.items()
        }
        for name, rounds in found.items():
            sizes = [max(one[place].kilobytes for one in rounds) for place in range(VISITS)]
            print(
                f"  {app:<10} {name:<7} "
                + ", ".join(f"{s:5.2f} s {k:6.0f} kB" for s, k in zip(medians[name], sizes, strict=True)),
                flush=True,
            )
        ratios = [was / now for was, now in zip(medians["earlier"], medians["ours"], strict=True)]
        print(f"  {app:<10} earlier / ours: {', '.join(f'{one:.1f}x' for one in ratios)}, load {load()}", flush=True)


def bench_wire(enters: dict[str, str], browser: Browser) -> None:
    print("wire: kB at a first visit, and at the next (http + websocket frames as they are unpacked)", flush=True)
    for app in APPS:
        for name, enter in enters.items():
            first, later = visits(browser, enter, app, slow=False, many=2)
            told = [f"{one.kilobytes:6.0f} ({one.http / 1000:.0f} + {one.frames / 1000:.0f})" for one in (first, later)]
            print(f"  {app:<10} {name:<7} {'  then '.join(told)}", flush=True)


def bench_panel(enters: dict[str, str], browser: Browser) -> None:
    print(f"panel: opening without a cache, {ROUNDS} rounds", flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made, panel(Path(made)) as address:
        found: dict[str, list[float]] = {"panel": [], **{name: [] for name in enters}}
        for _number in range(ROUNDS):
            for name, enter in enters.items():
                found[name].append(visits(browser, enter, "conference", slow=False, many=1)[0].seconds)
            found["panel"].append(opened(browser, address))
    for name, each in found.items():
        print(f"  {name:<7} {statistics.median(each):5.2f} s  ({', '.join(f'{one:.2f}' for one in each)})", flush=True)
    ratio = statistics.median(found["ours"]) / statistics.median(found["panel"])
    print(f"  ours / panel: {ratio:.2f} (wanted: at most 1), load {load()}", flush=True)


@contextmanager
def panel(folder: Path) -> Iterator[str]:
    """A Panel app of one field and three charts, from an environment made for it."""
    environment = Path(os.environ.get("WORKBENCH_BENCH_PANEL", str(folder / "panel")))
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "panel", "altair", "pandas"], check=True)
    (folder / "app.py").write_text(PANEL, encoding="utf-8")
    serving = [str(python), "-m", "panel", "serve", str(folder / "app.py"), "--port", "0"]
    serving += ["--address", "127.0.0.1", "--allow-websocket-origin", "*"]
    process = subprocess.Popen(serving, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=folder)
    try:
        assert process.stderr is not None
        address = next(line for line in process.stderr if "http://" in line).split()[-1]
        urlopen(address, timeout=60).read()  # what it makes ready at a first visit is ready
        yield address
    finally:
        process.terminate()
        process.wait(30)


def opened(browser: Browser, address: str) -> float:
    """Seconds until Panel's field can be used and its three charts are there; it draws inside of shadow roots."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto("about:blank")
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator("textarea").first.wait_for(timeout=60_000)
    taken = time.monotonic() - begun
    page.locator("canvas, svg.marks").nth(2).wait_for(timeout=60_000)
    context.close()
    return taken


def load() -> str:
    return " ".join(f"{one:.1f}" for one in psutil.getloadavg()[:2])


BENCHES = {"slow": bench_slow, "wire": bench_wire, "panel": bench_panel}


def main(earlier: Path, wanted: str) -> None:
    print(f"{os.cpu_count()} cores, load {load()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        made = os.environ.get("WORKBENCH_BENCH_FOLDER", made)
        with (
            build(earlier.resolve(), Path(made) / "earlier") as was,
            build(ROOT, Path(made) / "ours") as now,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium_here(), args=CHROMIUM)
            time.sleep(5)
            for name, bench in BENCHES.items():
                if wanted in name:
                    bench({"earlier": was, "ours": now}, browser)
            browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(str(__doc__))
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
