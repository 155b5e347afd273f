"""Every process that we own comes back when it was killed, and a killed server leaves nothing."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from workbench import Workbench
from workbench.ground.drawing import Drawer
from workbench.ground.scratch import Scratch
from workbench.kernels.zygote import able

from ..browser import VoilaServer
from ..people import Refused, Sitting, Visitor, box, drawers_of, family, kernels_of, zygotes_of

ACTOR = "teacher:t17"
SPEC = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}

pytestmark = pytest.mark.skipif(not able(), reason="looks at processes as Linux has them")


def test_the_converter_of_charts_comes_back_at_its_address() -> None:
    with Drawer.open() as drawer:
        others = Drawer(drawer.address)  # as the kernels of open pages have it
        assert others.draw(SPEC).startswith("<svg")
        for _time in range(2):
            killed = drawer.pid
            assert killed is not None
            psutil.Process(killed).kill()
            assert others.draw(SPEC).startswith("<svg")
            assert drawer.pid != killed
            assert not psutil.pid_exists(killed)  # not even a zombie


@pytest.fixture
def shallow() -> Iterator[Path]:
    """A folder whose path is as short as that of an ordinary temporary one."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def test_folders_of_the_killed_are_swept_and_of_the_living_kept(shallow: Path) -> None:
    with Scratch(str(shallow)) as kept:
        dies = (
            "import os, sys; from workbench.ground.scratch import Scratch; "
            "one = Scratch(sys.argv[1]); os.kill(os.getpid(), 9)"
        )
        subprocess.run([sys.executable, "-c", dies, str(shallow)], check=False)
        assert len(list(shallow.glob("workbench-*"))) == 2
        (shallow / "workbench-of-somebody-else").mkdir()
        with Scratch(str(shallow)) as another:
            left = {one.name for one in shallow.iterdir()}
            assert left == {kept.path.name, another.path.name, "workbench-of-somebody-else"}


def learners_of(workspace: Path) -> list[int]:
    with Workbench.open(workspace, actor=ACTOR) as bench:
        return [one.id for one in bench.learners.in_class("4B")]


@pytest.mark.long
def test_at_the_limit_of_open_files_a_page_is_refused_and_the_others_go_on(demo: Path) -> None:
    learners = learners_of(demo)

    async def visit(server: VoilaServer) -> None:
        opened: list[Any] = []
        told: Refused | None = None
        try:
            for number in range(20):
                visitor = await Visitor.let_in(server.entry)
                page = Sitting.open(visitor, "conference", learners[number])
                try:
                    opened.append((page, await page.__aenter__()))
                except Refused as refused:
                    told = refused
                    break
            assert told is not None
            assert told.answer.code == 503
            assert "Close some you do not need" in told.text
            assert opened
            for _page, sitting in opened:
                assert (await sitting.answer((await box(sitting))["name"], "Still here"))["kind"] == "saved"
        finally:
            for page, _sitting in opened:
                await page.__aexit__(None, None, None)
        async with Sitting.open(await Visitor.let_in(server.entry), "conference", learners[20]):
            pass
        assert server.process.poll() is None

    with VoilaServer(demo, actor=ACTOR, files=192) as server:
        asyncio.run(visit(server))


# ---------------------------------------------------------------------------------------------- chaos


def _one(found: list[psutil.Process]) -> psutil.Process | None:
    return random.choice(found) if found else None


KINDS: dict[str, Callable[[int], psutil.Process | None]] = {
    "zygote": lambda server: _one(zygotes_of(server)),
    "kernel": lambda server: _one(kernels_of(server)),
    "drawer": lambda server: _one(drawers_of(server)),
    "server": lambda server: psutil.Process(server),
}


class Writer:
    """Somebody who writes all the time, and opens the page again whenever it went away."""

    def __init__(self, learner: int) -> None:
        self.learner = learner
        self.kept: list[str] = []
        self.done = False

    async def write(self, server: VoilaServer) -> None:
        count = 0
        while not self.done:
            try:
                async with Sitting.open(await Visitor.let_in(server.entry), "conference", self.learner) as page:
                    name = (await box(page))["name"]
                    while not self.done:
                        count += 1
                        words = f"Word {count} of {self.learner}"
                        if (await page.answer(name, words))["kind"] == "saved":
                            self.kept.append(words)
                        await asyncio.sleep(random.uniform(0.05, 0.4))
            except (OSError, Refused, AssertionError, IndexError, TimeoutError):
                await asyncio.sleep(0.2)


def missing(workspace: Path, writers: list[Writer]) -> list[str]:
    """What was said to be kept and is not: the last words of each, which take the place of those before."""
    lost = []
    with Workbench.open(workspace, actor=ACTOR) as bench:
        for writer in writers:
            learner = bench.learners.get(writer.learner)
            said = " ".join(one.words for one in bench.reflections.of_learner(learner))
            if writer.kept and writer.kept[-1] not in said:
                lost.append(writer.kept[-1])
    return lost


async def kill_and_write(server: VoilaServer, learners: list[int], kills: int) -> list[Writer]:
    """Kills one process of each kind so often, at any moment, while people write; a page opens after each."""
    writers = [Writer(one) for one in learners[:3]]
    at_work = [asyncio.create_task(one.write(server)) for one in writers]
    try:
        for kind in [*KINDS] * kills:
            await asyncio.sleep(random.uniform(0.2, 2))
            found = KINDS[kind](server.process.pid)
            if kind == "server":
                server.kill()
                await asyncio.to_thread(server.again)
            elif found is not None:
                found.kill()
            begun = time.monotonic()
            while True:
                try:
                    async with Sitting.open(await Visitor.let_in(server.entry), "conference", learners[4]):
                        break
                except (OSError, Refused, IndexError):
                    assert time.monotonic() - begun < 120, f"no page opens after a {kind} was killed"
                    await asyncio.sleep(0.2)
    finally:
        for one in writers:
            one.done = True
        await asyncio.gather(*at_work)
    return writers


@pytest.mark.parametrize("kills", [pytest.param(2, marks=pytest.mark.long), pytest.param(100, marks=pytest.mark.soak)])
def test_whatever_is_killed_nothing_kept_is_lost_and_the_next_page_opens(demo: Path, kills: int) -> None:
    with VoilaServer(demo, actor=ACTOR) as server:
        writers = asyncio.run(kill_and_write(server, learners_of(demo), kills))
    assert missing(demo, writers) == []
    assert all(writer.kept for writer in writers)


def _whole(folder: Path) -> list[str]:
    """The reports in a folder, none of them cut."""
    found = sorted(folder.glob("*-*.html"))
    assert [one.name for one in found if not one.read_text(encoding="utf-8").rstrip().endswith("</html>")] == []
    return [one.name for one in found]


@pytest.mark.parametrize("kills", [pytest.param(2, marks=pytest.mark.long), pytest.param(100, marks=pytest.mark.soak)])
def test_whatever_of_a_batch_is_killed_whole_reports_are_left_and_the_next_run_makes_the_rest(
    demo: Path, tmp_path: Path, kills: int
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "workbench.cli", "report", "learner_report", "--class", "4B", "--to", str(out)]
    command += ["--workspace", str(demo), "--actor", ACTOR]
    killed = Counter[str]()
    while killed.total() < kills:
        batch = subprocess.Popen([*command, "--force"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.3, 3))
        victim = random.choice(family(batch.pid))  # of the command, its zygote, workers, their kernels and converters
        with suppress(psutil.Error):
            killed["the command" if victim.pid == batch.pid else "one below"] += batch.poll() is None
            victim.kill()
        batch.wait(300)
        _whole(out)
    last = subprocess.run(command, capture_output=True, text=True, check=False)
    assert last.returncode == 0, last.stdout + last.stderr
    assert len(_whole(out)) == len(learners_of(demo))
    assert not [one.name for one in out.rglob("*.part*")]
    print(f"\nbatches killed: {dict(killed)}")
