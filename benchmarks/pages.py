"""How soon an app's page is there, beside stock Voilà's, in the same run: `make bench`.

    python -m benchmarks.pages             everything
    python -m benchmarks.pages together    only the measurements whose name holds "together"

`stock` is `voila` as it is installed: its own handler and template, all extensions, an ordinary
`python3` kernel; it shows the same notebook of the same workspace for the same learner. `floor`
is stock Voilà with a page that it has executed before anybody asked, in our template and with the
extensions that we need: what its front end takes alone, for one learner who is known beforehand.
`ours` is `workbench serve`. All have their bytecode compiled; rounds take turns, and the median counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

from benchmarks.measure import ROOT, main, prepare_demo
from tests.people import Visitor

ROUNDS = int(os.environ.get("WORKBENCH_BENCH_ROUNDS", "5"))
TOGETHER = 10
ACTOR = "teacher:t17"
#: Seconds between two pages, in which kernels end and others are got ready.
PAUSE = 5.0
#: No page may go to the internet, and none has to wait until that fails.
CHROMIUM = [
    "--no-sandbox", "--disable-background-networking", "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
#: Notes when a page was asked for, and when its first field can be used, to 10 ms.
WATCH = """(() => {
    addEventListener("click", () => (window.name = String(Date.now())), true);
    const look = setInterval(() => {
        const field = document.querySelector(".wb-form textarea");
        if (!field || !field.checkVisibility() || !field.getBoundingClientRect().height) return;
        window.usable = Date.now();
        clearInterval(look);
    }, 10);
})();"""
ASKED = "url => { window.name = String(Date.now()); location.assign(url); }"


class Server:
    """A running server. `enter` is what a browser opens first, `page` an app's page for a visitor."""

    name = ""

    def __init__(self, command: list[str], environ: Mapping[str, str], folder: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder, env={**clean, **environ}
        )
        self.address = self.enter = ""

    async def visitor(self) -> Visitor:
        return Visitor(self.address)

    async def page(self, visitor: Visitor, app: str = "conference", learner: int = 0) -> str:
        """The address of an app for a learner, or the one all servers show."""
        raise NotImplementedError

    async def ask(self, page: Any) -> None:
        """Asks for the Conference in a browser that is at home."""
        await page.evaluate(ASKED, await self.page(Visitor(self.address)))

    def memory(self) -> float:
        """The proportional set size, in MB, of it and all that it has started."""
        total = 0
        for process in _family(self.process.pid):
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
            except (FileNotFoundError, ProcessLookupError):
                continue
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
        return total / 1024

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            yield from _family(int(child))


class Ours(Server):
    name = "ours"

    def __init__(self, folder: Path, learner: int) -> None:
        self.folder = folder
        command = [str(Path(sys.executable).with_name("workbench")), "serve", "--port", "0", "--actor", ACTOR]
        super().__init__([*command, "--workspace", str(folder / "demo")], {}, folder)
        assert self.process.stdout is not None
        self.enter = next(line.strip() for line in self.process.stdout if line.startswith("http"))
        self.address = self.enter.partition("/#key=")[0]
        self._learner = learner

    async def visitor(self) -> Visitor:
        return await Visitor.let_in(self.enter)

    async def page(self, visitor: Visitor, app: str = "conference", learner: int = 0) -> str:
        return await visitor.handle(app, learner or self._learner)

    async def ask(self, page: Any) -> None:
        await page.locator("select[name=learner]").select_option(str(self._learner))
        await page.evaluate("document.querySelector('button.primary').click()")


class Stock(Server):
    name = "stock"

    def __init__(self, folder: Path, learner: int, *, preheated: bool = False) -> None:
        if preheated:
            self.name = "floor"
        served = folder / self.name
        served.mkdir()
        for app, path in {"conference": "notebooks/conference.ipynb", "report": "reports/learner_report.ipynb"}.items():
            if preheated and app == "report":
                continue  # it would be executed too
            notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
            notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            first = next(cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
            first["source"] = [*first["source"], f"\nlearner = {learner}"]
            (served / f"{app}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environ = {"WORKBENCH_HOME": str(folder / "demo"), "WORKBENCH_ACTOR": ACTOR}
        command = [str(Path(sys.executable).with_name("voila")), "--no-browser", f"--port={port}"]
        if preheated:
            self._floor(folder, served)
            environ["JUPYTER_PATH"] = str(folder / "share")
            command += ["--template=floor", "--preheat_kernel=True"]
        super().__init__(command, environ, served)
        self.address = f"http://127.0.0.1:{port}"
        self.enter = f"{self.address}/voila/static/voila.js"  # nothing of a page but this
        _until_it_answers(self.enter)

    def _floor(self, folder: Path, served: Path) -> None:
        """Our page as a template for stock Voilà, which has the scripts come from where they are."""
        from workbench.serving.app import WIDGET_EXTENSIONS
        from workbench.serving.pages import STATIC, tokens

        template = folder / "share" / "voila" / "templates" / "floor"
        template.mkdir(parents=True)
        (template / "conf.json").write_text('{"base_template": "base"}', encoding="utf-8")
        ours = ROOT / "workbench" / "serving"
        frame = (ours / "pages" / "app.html").read_text(encoding="utf-8")
        frame = re.sub(
            r'^<link rel="(icon|preload|stylesheet).*\n|^<script.*\n|^{%.*%}\n|^{#[^}]*#}\n', "", frame, flags=re.M
        )
        frame = re.sub(r"\{\{ asset\(.*?\) \}\}", "data:,", re.sub(r'\{\{ _\("(.*?)"\) \}\}', r"\1", frame))
        frame = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "Conference", frame)
        look = tokens().decode() + "".join(
            (STATIC / name).read_text(encoding="utf-8") for name in ("look.css", "app.css")
        )
        static = "{{ page_config.fullStaticUrl }}"
        head = (
            f'<link rel="stylesheet" href="{static}/theme-light.css"><script src="{static}/voila-style.js"></script>'
            f"<style>{look}</style><script>{(STATIC / 'app.js').read_text(encoding='utf-8')}</script></head>"
        )
        outputs = (ours / "template" / "voila" / "templates" / "workbench" / "index.html.j2").read_text(
            encoding="utf-8"
        )
        kernel = "{%- with kernel_id = kernel_start(nb) -%}"
        config = (
            "{% set page = page_config.copy() %}"
            "{% set _ = page.update(baseUrl=resources.base_url, kernelId=kernel_id) %}"
            '<script id="jupyter-config-data" type="application/json">{{ page | tojson }}</script>'
        )
        outputs = outputs.replace(kernel, kernel + config)
        outputs = outputs.replace("</main>", f'</main><script src="{static}/voila.js"></script>')
        (template / "index.html.j2").write_text(frame.replace("</head>", head) + outputs, encoding="utf-8")
        configured = {"VoilaConfiguration": {"extension_allowlist": WIDGET_EXTENSIONS}}
        (served / "voila.json").write_text(json.dumps(configured), encoding="utf-8")

    async def page(self, visitor: Visitor, app: str = "conference", learner: int = 0) -> str:
        return f"/voila/render/{app}.ipynb"


def _until_it_answers(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(address, timeout=10):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


S = TypeVar("S", bound=Server)


@contextmanager
def serving(*kinds: Callable[[Path, int], S]) -> Iterator[list[S]]:
    """The servers, each showing the same learner of the demo school."""
    from workbench import Workbench

    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made, ExitStack() as stack:
        folder = Path(made)
        prepare_demo(folder)
        with Workbench.open(folder / "demo", actor=ACTOR) as bench:
            learner = bench.learners.in_class("4B")[0].id
        servers = []
        for kind in kinds:
            servers.append(kind(folder, learner))
            stack.callback(servers[-1].stop)
        time.sleep(2 * PAUSE)
        yield servers


async def in_browsers(server: Server, many: int) -> float:
    """Seconds from the first click to the last usable page, in a new Chromium with so many visitors."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_here(), args=CHROMIUM)
        pages = []
        for _number in range(many):
            context = await browser.new_context(viewport={"width": 1280, "height": 720})
            await context.add_init_script(WATCH)
            pages.append(await context.new_page())
            await pages[-1].goto(server.enter, wait_until="networkidle")
        if isinstance(server, Ours):
            for page in pages:
                await page.wait_for_selector("main.page")
        await asyncio.sleep(1)
        await asyncio.gather(*(server.ask(page) for page in pages))
        for page in pages:
            await _usable(page)
        times = [await page.evaluate("[Number(window.name), window.usable]") for page in pages]
        for page in pages:
            await page.close(run_before_unload=True)  # its kernel ends with it
        await browser.close()
    return float(max(end for _begin, end in times) - min(begin for begin, _end in times)) / 1000


async def _usable(page: Any) -> None:
    """Waits until the page has noted that it is; our policy forbids what Playwright's own waiting needs."""
    until = time.monotonic() + 300
    while not await _told(page, "window.usable"):
        assert time.monotonic() < until, "the page never came"
        await asyncio.sleep(0.1)


async def _told(page: Any, what: str) -> Any:
    from playwright.async_api import Error

    try:
        return await page.evaluate(what)
    except Error:  # between two pages
        return None


def chromium_here() -> str | None:
    from tests.find_browser import NAMES, installed

    return next(filter(None, map(shutil.which, NAMES)), None) or installed()


async def by_clients(server: Server, many: int) -> float:
    """Seconds until so many clients that ask at the same moment have their page, kernel and widgets' state."""
    visitors = [await server.visitor() for _number in range(many)]
    paths = [await server.page(visitor) for visitor in visitors]
    begun = time.perf_counter()
    lines = await asyncio.gather(*(visitor.open(path) for visitor, path in zip(visitors, paths, strict=True)))
    taken = time.perf_counter() - begun
    for line in lines:
        line.close()
    return taken


async def memory_of_one_more(server: Server, many: int) -> float:
    """MB that each open report beyond the first adds, when so many more are open."""
    lines = []
    sizes = []
    for count in (1, many):
        for _number in range(count):
            visitor = await server.visitor()
            lines.append(await visitor.open(await server.page(visitor, "report"), widgets=False))
        await asyncio.sleep(PAUSE)
        sizes.append(server.memory())
    for line in lines:
        line.close()
    return (sizes[1] - sizes[0]) / many


def taking_turns(
    servers: list[Server], rounds: int, measure: Callable[[Server], Any], unit: str = "s"
) -> dict[str, float]:
    """The median of each server's rounds."""
    seen: dict[str, list[float]] = {server.name: [] for server in servers}
    for _number in range(rounds):
        for server in servers:
            seen[server.name].append(asyncio.run(measure(server)))
            time.sleep(PAUSE)
    for name, each in seen.items():
        print(
            f"  {name:<6} {statistics.median(each):8.2f} {unit}  ({', '.join(f'{one:.2f}' for one in each)})",
            flush=True,
        )
    return {name: statistics.median(each) for name, each in seen.items()}


def _floor(folder: Path, learner: int) -> Server:
    return Stock(folder, learner, preheated=True)


def bench_opening() -> None:
    print(f"opening: click to first usable field, a new Chromium each time, {ROUNDS} rounds", flush=True)
    with serving(Stock, _floor, Ours) as servers:
        median = taking_turns(servers, ROUNDS, lambda server: in_browsers(server, 1))
    print(f"  stock / ours: {median['stock'] / median['ours']:.2f}x (wanted: at least 2.2)")
    print(f"  ours / floor: {median['ours'] / median['floor']:.2f} (wanted: at most 1.2)", flush=True)


def bench_together() -> None:
    rounds = max(1, ROUNDS // 2)
    print(f"together: {TOGETHER} pages at the same moment, by clients without a screen, {rounds} rounds", flush=True)
    with serving(Stock, Ours) as servers:
        median = taking_turns(servers, rounds, lambda server: by_clients(server, TOGETHER))
    print(f"  stock / ours: {median['stock'] / median['ours']:.2f}x (wanted: at least 5)", flush=True)


def bench_together_browsers() -> None:
    rounds = max(1, ROUNDS // 2)
    print(f"together-browsers: {TOGETHER} pages at the same moment in Chromium, {rounds} rounds", flush=True)
    with serving(Stock, Ours) as servers:
        median = taking_turns(servers, rounds, lambda server: in_browsers(server, TOGETHER))
    print(f"  stock / ours: {median['stock'] / median['ours']:.2f}x (wanted: at least 2)", flush=True)


def bench_session_memory() -> None:
    print(f"session-memory: what each of {TOGETHER} more open reports adds, charts shown", flush=True)
    if not Path("/proc/self/smaps_rollup").exists():
        print("  not measured: this system does not tell proportional set sizes", flush=True)
        return
    with serving(Stock, Ours) as servers:
        median = taking_turns(servers, 1, lambda server: memory_of_one_more(server, TOGETHER), "MB")
    ratio = median["stock"] / median["ours"]
    print(f"  stock / ours: {ratio:.2f}x (wanted: at least 2.5), ours {median['ours']:.0f} MB (at most 60)", flush=True)


BENCHES = {
    "opening": bench_opening,
    "together": bench_together,
    "together-browsers": bench_together_browsers,
    "session-memory": bench_session_memory,
}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "", BENCHES)
