"""Forty people at their pages while an import and a batch go on beside: nothing is lost, nothing grows."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import pytest

from workbench import Workbench
from workbench.learners.learners import Learner

from ..browser import VoilaServer
from ..conftest import TODAY
from ..people import Sitting, Visitor, box, family

ACTOR = "admin:soak"
CLASSES = ("4B", "4A", "5A")
SEATS = 40
OFTEN = 5.0  # seconds between two answers of one person
FLAG = 20  # every so manyth answer is followed by a flag


@pytest.fixture
def learners(demo: Path) -> list[Learner]:
    with Workbench.open(demo, actor=ACTOR) as bench:
        return [one for name in CLASSES for one in bench.learners.in_class(name)][:SEATS]


class Size:
    """What the server and all below it take, looked at again and again."""

    def __init__(self, server: VoilaServer) -> None:
        self._server = server
        self.looks: list[tuple[int, int, int]] = []  # descriptors, processes, MB

    def look(self) -> None:
        below = family(self._server.process.pid)
        root = psutil.Process(self._server.process.pid)
        memory = sum(one.memory_info().rss for one in below[:1])
        self.looks.append((root.num_fds(), len(below), memory // 2**20))

    def grown(self) -> tuple[float, float, float]:
        """How much more the last third of the looks shows than the second."""
        third = len(self.looks) // 3
        middle, last = self.looks[third : 2 * third], self.looks[2 * third :]
        more = [statistics.median(one) for one in zip(*last, strict=True)]
        before = [statistics.median(one) for one in zip(*middle, strict=True)]
        return more[0] - before[0], more[1] - before[1], more[2] - before[2]


def beside(server: VoilaServer, exports: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An import of the whole school, then a report for each learner of a class, again and again."""
    workbench = [str(Path(sys.executable).with_name("workbench"))]
    whom = ["--workspace", str(server.workspace), "--actor", ACTOR]
    while True:
        report = ["report", "learner_report", "--class", "5A", "--to", str(out), "--force"]
        for what in (["import", str(exports / "nwea")], report):
            yield subprocess.Popen([*workbench, *what, *whom], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def sit(
    server: VoilaServer, learner: Learner, chance: random.Random, until: float, raise_flag: Callable[[Learner], object]
) -> tuple[list[float], str]:
    """Answers in a conference of the learner's until it is time; returns the seconds each took, and the last words."""
    taken: list[float] = []
    words = ""
    async with Sitting.open(await Visitor.let_in(server.entry), "conference", learner.id) as page:
        name = (await box(page))["name"]
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * OFTEN)
            said = f"What I noticed, the {len(taken)}th time"
            told = await page.answer(name, said)
            assert told["kind"] == "saved", told
            taken.append(told["seconds"])
            words = said
            if len(taken) % FLAG == 0:
                await asyncio.to_thread(raise_flag, learner)
    return taken, words


async def campaign(
    server: VoilaServer, learners: list[Learner], minutes: float, exports: Path, out: Path, size: Size
) -> tuple[list[float], dict[int, str], list[int]]:
    until = time.monotonic() + minutes * 60
    ended: list[int] = []

    def raise_flag(learner: Learner) -> None:
        with Workbench.open(server.workspace, actor=ACTOR) as bench:
            bench.flags.raise_(learner, words="A question of mine")

    async def works() -> None:
        for process in beside(server, exports, out):
            while process.poll() is None:
                if time.monotonic() > until:
                    process.terminate()
                    await asyncio.to_thread(process.wait)
                    return
                await asyncio.sleep(0.5)
            ended.append(process.returncode)

    async def looks() -> None:
        while time.monotonic() < until:
            await asyncio.sleep(5)
            await asyncio.to_thread(size.look)

    async with AsyncExitStack():
        people = [sit(server, one, random.Random(one.id), until, raise_flag) for one in learners]
        said, _works, _looks = await asyncio.gather(asyncio.gather(*people), works(), looks())
    taken = [seconds for one, _words in said for seconds in one]
    return taken, {learner.id: words for learner, (_taken, words) in zip(learners, said, strict=True)}, ended


@pytest.mark.soak
def test_forty_sessions_lose_nothing(demo: Path, exports: Path, tmp_path: Path, learners: list[Learner]) -> None:
    minutes = float(os.environ.get("WORKBENCH_SOAK_MINUTES", "10"))
    with VoilaServer(demo, actor=ACTOR, day=TODAY) as server:
        size = Size(server)
        taken, last, ended = asyncio.run(campaign(server, learners, minutes, exports, tmp_path / "out", size))
        kept = server_keeps(demo, last)
    every = sorted(1000 * one for one in taken)
    late = every[int(0.95 * (len(every) - 1))]
    print(
        f"\n{len(learners)} sessions, {minutes:g} minutes, {len(every)} answers, {sum(ended)} errors beside in "
        f"{len(ended)} imports and batches: median {statistics.median(every):,.0f} ms, 95th percentile {late:,.0f}, "
        f"worst {every[-1]:,.0f}; load {psutil.getloadavg()[1]:.1f};"
        f" grown by (descriptors, processes, MB): {size.grown()}"
    )
    assert kept == last
    assert ended
    assert set(ended) <= {0}
    descriptors, processes, memory = size.grown()
    assert descriptors <= 5
    assert processes <= 2
    assert memory <= 10


def server_keeps(demo: Path, last: dict[int, str]) -> dict[int, str]:
    """What the store has as each learner's last words in the conference that was not finished."""
    kept = {}
    with Workbench.open(demo, actor=ACTOR) as bench:
        for number, words in last.items():
            (held,) = [one for one in bench.conferences.of(number) if not one.finished]
            said = [one.words for one in bench.reflections.of(held).values()]
            kept[number] = words if words in said else ""
    return kept
