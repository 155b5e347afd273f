"""What a class at work takes on our server, by clients that answer as a browser does: `make bench`.

    python -m benchmarks.sessions            everything
    python -m benchmarks.sessions answers    only the measurements whose name holds "answers"

A client opens a page and its line to the kernel, keeps what the widgets tell of themselves, and sends answers in the
message that the page's own script sends when a field is left; it knows nothing else of what is inside.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.measure import ROOT, main, prepare_demo, prepare_import
from benchmarks.pages import ACTOR, PAUSE, TOGETHER, Ours, serving
from tests.people import Script, Sitting, box, hold

if TYPE_CHECKING:
    from workbench import Workbench

SECONDS = 25.0  # that people answer for, in each half of `answers`
OFTEN = 2.0  # seconds between two answers of one person
FLAGS = 10
WARM = 12  # conferences in which whatever is kept for good is met for the first time
WARMING = 4.0  # seconds in which an import begins to write


@asynccontextmanager
async def sitting(server: Ours, app: str = "conference", learner: int = 0) -> AsyncIterator[Sitting]:
    """A page opened by a browser of its own."""
    async with Sitting.open(await server.visitor(), app, learner) as opened:
        yield opened


async def at_work(sittings: Sequence[Sitting], label: str, done: Callable[[], bool]) -> list[float]:
    """The seconds each answer took, everybody giving one every so often, each in other words, until it is `done`."""
    taken: list[float] = []

    async def one(sitting: Sitting, chance: random.Random) -> None:
        name, count = (await box(sitting))["name"], 0
        while not done():
            await asyncio.sleep(chance.uniform(0.5, 1.5) * OFTEN)
            count += 1
            told = await sitting.answer(name, f"What I noticed {label}, the {count}th time")
            assert told["kind"] == "saved", told
            taken.append(told["seconds"])

    await asyncio.gather(*(one(sitting, random.Random(number)) for number, sitting in enumerate(sittings)))
    return taken


def importing(server: Ours, folder: Path) -> subprocess.Popen[bytes]:
    """An import of many rows into the same workspace, in a process of its own."""
    return subprocess.Popen(
        [
            str(Path(sys.executable).with_name("workbench")), "import", str(folder / "AssessmentResults.csv"),
            "--workspace", str(server.folder / "demo"), "--actor", "admin:bench",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def said(what: str, taken: Sequence[float], wanted: str) -> None:
    every = sorted(1000 * one for one in taken)
    late = every[min(len(every) - 1, int(0.95 * len(every)))]
    print(
        f"  {what:<34} median {statistics.median(every):6,.0f} ms, 95th percentile {late:6,.0f},"
        f" worst {every[-1]:6,.0f} of {len(every)}, load {psutil.getloadavg()[0]:.1f} (wanted: {wanted})",
        flush=True,
    )


async def answers(server: Ours) -> None:
    learners = of_class(server)[:TOGETHER]
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(sitting(server, learner=one)) for one in learners]
        quiet = time.monotonic() + SECONDS
        taken = await at_work(opened, "alone", lambda: time.monotonic() > quiet)
        said("left to kept", taken, "median at most 300 ms")
        with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
            prepare_import(Path(made))
            process, until = importing(server, Path(made)), time.monotonic() + SECONDS + WARMING
            try:
                await asyncio.sleep(WARMING)
                taken = await at_work(opened, "beside", lambda: time.monotonic() > until or process.poll() is not None)
                assert process.poll() in (None, 0), "the import went wrong"
            finally:
                process.kill()
                process.wait()
            said("the same beside an import", taken, "median at most 300 ms")
        last = [(await box(one))["value"] for one in opened]
    kept = []
    for learner in learners:
        async with sitting(server, learner=learner) as again:
            kept.append((await box(again))["value"])
    assert kept == last
    print(f"  opened anew, {len(kept)} of {len(kept)} pages show the last answer", flush=True)


async def flags(server: Ours) -> None:
    from workbench import Workbench

    chance = random.Random(4)
    taken = []
    async with sitting(server, "my_class") as board:
        with Workbench.open(server.folder / "demo", actor=ACTOR) as bench:
            for number, learner in enumerate(of_class(server)[:FLAGS]):
                await asyncio.sleep(chance.uniform(0.5, 1.5))  # whenever the page looks
                words = f"My {number}th question"
                begun = time.perf_counter()
                flag = bench.flags.raise_(learner, words=words)
                await board.until(lambda words=words: words in json.dumps(board.forms()))  # type: ignore[misc]
                taken.append(time.perf_counter() - begun)
                bench.flags.answer(flag)
    said("raised elsewhere, shown", taken, "each within 2,000 ms")


async def conferences(held: AsyncIterator[int], learners: int, whose: str, memory: Callable[[], float]) -> None:
    """Times each conference, and looks at the memory once everything was used for the first time, and at the end."""
    taken, count, begun = [], 0, time.perf_counter()
    sizes: dict[int, float] = {}
    async for answered in held:
        taken.append(time.perf_counter() - begun)
        count += answered
        if len(taken) in (WARM, learners):
            await asyncio.sleep(PAUSE)
            sizes[len(taken)] = memory()
        begun = time.perf_counter()
    before, after = sizes[WARM], sizes[learners]
    print(
        f"  {len(taken)} conferences, {count / len(taken):.0f} answers each: median {statistics.median(taken):.2f} s,"
        f" longest {max(taken):.2f} s, load {psutil.getloadavg()[0]:.1f}\n"
        f"  memory of {whose}: after {WARM} conferences {before:.1f} MB, after {len(taken)} {after:.1f} MB,"
        f" {(after - before) / (len(taken) - WARM):+.2f} MB for each (wanted: no growth)",
        flush=True,
    )


async def on_pages(server: Ours, learners: Sequence[int]) -> AsyncIterator[int]:
    """Every conference on a page of its own, as the workbench's pages open them."""
    for number, learner in enumerate(learners):
        async with sitting(server, learner=learner) as page:
            answered = await hold(page, number)
        yield answered


async def in_a_script(bench: Workbench, learners: Sequence[int]) -> AsyncIterator[int]:
    """One after the other with the widgets themselves, as the cells of a notebook would."""
    from widgets import ConferenceStepper

    for number, learner in enumerate(learners):
        widget = ConferenceStepper.of(bench, learner)
        answered = await hold(Script(widget), number)
        widget.close()
        yield answered


def script(demo: str) -> None:
    from workbench import Workbench

    with Workbench.open(demo, actor=ACTOR) as bench:
        learners = [one.id for one in bench.learners.in_class("4B")]

        def memory() -> float:
            gc.collect()
            return float(psutil.Process().memory_full_info().uss) / 2**20

        asyncio.run(conferences(in_a_script(bench, learners), len(learners), "the process", memory))


def of_class(server: Ours) -> list[int]:
    from workbench import Workbench

    with Workbench.open(server.folder / "demo", actor=ACTOR) as bench:
        return [one.id for one in bench.learners.in_class("4B")]


def bench_answers() -> None:
    print(f"answers: an answer is kept after its field was left, {TOGETHER} open conferences", flush=True)
    with serving(Ours) as (server,):
        asyncio.run(answers(server))


def bench_flags() -> None:
    print(f"flags: {FLAGS} flags, until each shows on My class", flush=True)
    with serving(Ours) as (server,):
        asyncio.run(flags(server))


def bench_conferences() -> None:
    print("conferences: a class's, each on a page of its own", flush=True)
    with serving(Ours) as (server,):
        learners = of_class(server)
        held = on_pages(server, learners)
        asyncio.run(conferences(held, len(learners), "the server with all kernels (PSS)", server.memory))


def bench_conferences_script() -> None:
    print("conferences-script: a class's, with the widgets in one process, no page", flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        prepare_demo(Path(made))
        command = [sys.executable, "-m", "benchmarks.sessions", "--script", str(Path(made) / "demo")]
        subprocess.run(command, check=True, cwd=ROOT)


BENCHES = {
    "answers": bench_answers,
    "flags": bench_flags,
    "conferences": bench_conferences,
    "conferences-script": bench_conferences_script,
}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--script"]:
        script(sys.argv[2])
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "", BENCHES)
