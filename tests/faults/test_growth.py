"""Nothing grows with use: pages opened and closed leave the server, its helpers and its folder as they were."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from workbench import Workbench

from ..browser import VoilaServer
from ..people import Sitting, Visitor, family, kernels_of

ACTOR = "teacher:t17"
#: What a server may take more after many pages than after some: threads of pools come and go.
LEEWAY = {"descriptors": 3, "threads": 2, "processes": 0, "files": 3}
#: Bytes that each page may add to the server's own memory, and what is met for the first time in all of them.
EACH, ONCE = 20_000, 8_000_000
#: Looks, half a second apart, in which nothing changes: a kernel that was killed is noticed within seconds.
STILL = 24


@dataclass(frozen=True)
class Size:
    """What a server takes, nobody being there."""

    descriptors: int
    threads: int
    processes: int
    files: int
    memory: int

    @classmethod
    def of(cls, server: VoilaServer, scratch: Path) -> Size:
        """The least of some looks: what still ends, ends meanwhile."""
        one = psutil.Process(server.process.pid)
        below = family(one.pid)
        helpers = [each for each in below if each.ppid() == one.pid or each.pid == one.pid]
        return cls(
            sum(each.num_fds() for each in helpers),
            sum(each.num_threads() for each in helpers),
            len(below),
            sum(1 for _file in scratch.rglob("*")),
            one.memory_info().rss,
        )


async def settled(server: VoilaServer, scratch: Path) -> Size:
    """What it takes once no page is open and nothing ends any more."""
    before, still = None, 0
    for _look in range(400):
        try:
            now = Size.of(server, scratch)
        except psutil.NoSuchProcess:  # one ended while it was looked at
            still = 0
            continue
        is_ready = not kernels_of(server.process.pid)
        still = still + 1 if is_ready and (now.descriptors, now.processes, now.files) == before else 0
        if still == STILL:
            return now
        before = (now.descriptors, now.processes, now.files)
        await asyncio.sleep(0.5)
    raise AssertionError("it never came to rest")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A temporary folder of the server's own, whose path is as short as an ordinary one."""
    import shutil
    import tempfile

    made = Path(tempfile.mkdtemp(prefix="grow-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def learners(demo: Path) -> list[int]:
    with Workbench.open(demo, actor=ACTOR) as bench:
        return [one.id for one in bench.learners.in_class("4B")]


async def use(server: VoilaServer, visitor: Visitor, pages: int, learners: list[int]) -> None:
    """Opens pages and closes them, in every way there is: closed, reloaded, left before a line was there, killed."""
    for number in range(pages):
        learner = learners[number % len(learners)]
        match number % 4:
            case 0 | 1:
                async with Sitting.open(visitor, "my_class" if number % 8 else "goals", learner):
                    pass
            case 2:  # closed before its line was there
                await visitor.render(await visitor.handle("my_class"))
                await visitor.leave()
            case 3:  # its line comes and goes, and then the kernel dies
                line = await visitor.open(await visitor.handle("my_class"), shows='"screen"')
                line.close()
                line = await visitor.connect()
                ended = kernels_of(server.process.pid)
                for one in ended:
                    one.kill()
                psutil.wait_procs(ended, timeout=60)  # a page that opens in one that dies is lost with it
                line.close()


def grown(first: Size, last: Size, pages: int) -> Mapping[str, int]:
    """What grew by more than it may."""
    more = {name: getattr(last, name) - getattr(first, name) for name in LEEWAY}
    more = {name: by for name, by in more.items() if by > LEEWAY[name]}
    memory = last.memory - first.memory
    return {**more, **({"memory": memory} if memory > ONCE + EACH * pages else {})}


@pytest.mark.parametrize("pages", [pytest.param(24, marks=pytest.mark.long), pytest.param(300, marks=pytest.mark.soak)])
def test_nothing_grows_with_pages(demo: Path, scratch: Path, learners: list[int], pages: int) -> None:
    async def visits(server: VoilaServer) -> tuple[Size, Size]:
        visitor = await Visitor.let_in(server.entry)
        await use(server, visitor, max(8, pages // 2), learners)  # what is kept for good is met for the first time
        first = await settled(server, scratch)
        await use(server, visitor, pages, learners)
        return first, await settled(server, scratch)

    with VoilaServer(demo, actor=ACTOR, env={"TMPDIR": str(scratch)}) as server:
        first, last = asyncio.run(visits(server))
    print(f"\n{pages} pages: {(last.memory - first.memory) / 2**20:.1f} MB more")
    assert grown(first, last, pages) == {}, (first, last)
    assert list(scratch.iterdir()) == []
