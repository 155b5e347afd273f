"""How soon an answer is kept beside another build's, in turns in one run: python -m benchmarks.saves /path/to/the/other

    WORKBENCH_BENCH_SESSIONS=40 python -m benchmarks.saves ../base

The other is a checkout with an environment of its own (`.venv`). Each build serves a demo school of its own; so many
people sit at a conference each, all pages of both open, and one build's people answer while the other's wait, in turns.
Counts a save from the message that a left field sends until the form says that it is kept.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from benchmarks.measure import ROOT
from benchmarks.pages import ACTOR, Ours, Server
from tests.people import Sitting, box

SESSIONS = int(os.environ.get("WORKBENCH_BENCH_SESSIONS", "40"))
ROUNDS = int(os.environ.get("WORKBENCH_BENCH_ROUNDS", "4"))
SECONDS = float(os.environ.get("WORKBENCH_BENCH_SECONDS", "20"))  # of each build's turn
OFTEN = 2.0  # seconds between two answers of one person
MADE = """
import sys
from datetime import date
from pathlib import Path
from workbench.sample.demo import prepare
prepare(Path(sys.argv[1]) / "demo", today=date(2026, 11, 21))
"""


class Build(Ours):
    """The server of a checkout, with its own environment."""

    def __init__(self, root: Path, folder: Path) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        python = root / ".venv/bin/python"
        subprocess.run([python, "-c", MADE, folder], check=True, cwd=root, env=own)
        self.folder = folder
        command = [str(root / ".venv/bin/workbench"), "serve", "--port", "0", "--actor", ACTOR]
        command += ["--workspace", str(folder / "demo")]
        Server.__init__(self, command, {}, folder)
        assert self.process.stdout is not None
        self.enter = next(line.strip() for line in self.process.stdout if line.startswith("http"))
        self.address = self.enter.partition("/#key=")[0]
        self._learner = 0


async def turn(sittings: list[Sitting], names: list[str], label: str) -> list[float]:
    """The seconds each answer took while one build's people answer."""
    taken: list[float] = []
    until = time.monotonic() + SECONDS

    async def one(sitting: Sitting, name: str, chance: random.Random) -> None:
        count = 0
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * OFTEN)
            count += 1
            told = await sitting.answer(name, f"What I noticed {label}, the {count}th time")
            assert told["kind"] == "saved", told
            taken.append(told["seconds"])

    chances = (random.Random(number) for number in range(len(sittings)))
    await asyncio.gather(*(one(*each) for each in zip(sittings, names, chances, strict=True)))
    return taken


def learners(server: Build) -> list[int]:
    """Everybody of the demo school's classes the actor teaches, most of them one class."""
    from workbench import Workbench
    from workbench.ground.errors import NotReady

    try:
        with Workbench.open(server.folder / "demo", actor=ACTOR) as bench:
            return [one.id for one in bench.learners.all()]
    except NotReady:  # the other build's store is older; the school is the same
        return []


async def compare(builds: dict[str, Build]) -> None:
    people = next(found for found in map(learners, builds.values()) if found)
    async with AsyncExitStack() as stack:
        sat: dict[str, tuple[list[Sitting], list[str]]] = {}
        for name, server in builds.items():
            opened = []
            for number in range(SESSIONS):
                one = people[number % len(people)]
                opened.append(await stack.enter_async_context(Sitting.open(await server.visitor(), learner=one)))
            sat[name] = opened, [(await box(one))["name"] for one in opened]
        taken: dict[str, list[float]] = {name: [] for name in builds}
        for number in range(ROUNDS):
            for name in builds:
                some = await turn(*sat[name], f"{name} {number}")
                taken[name] += some
                print(f"  {name:<6} {said(some)}, load {psutil.getloadavg()[0]:.1f}", flush=True)
        for name, every in taken.items():
            print(f"  {name:<6} in all {said(every)}", flush=True)
        ratios = [of(taken["this"]) / of(taken["other"]) for of in (statistics.median, late)]
        print(f"  this / other: median {ratios[0]:.2f}, 95th percentile {ratios[1]:.2f} (wanted: at most 0.50)")


def late(taken: list[float]) -> float:
    every = sorted(taken)
    return every[min(len(every) - 1, int(0.95 * len(every)))]


def said(taken: list[float]) -> str:
    return (
        f"median {1000 * statistics.median(taken):6,.0f} ms, 95th percentile {1000 * late(taken):6,.0f},"
        f" worst {1000 * max(taken):6,.0f} of {len(taken)}"
    )


def main(other: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        roots = {"other": other.resolve(), "this": ROOT}
        builds: dict[str, Build] = {}
        try:
            for name, root in roots.items():
                (Path(made) / name).mkdir()
                builds[name] = Build(root, Path(made) / name)
            print(f"saves: {SESSIONS} people at each build, {ROUNDS} turns of {SECONDS:.0f} s", flush=True)
            asyncio.run(compare(builds))
        finally:
            for server in builds.values():
                server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
