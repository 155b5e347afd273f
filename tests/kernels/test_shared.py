"""Kernels that share a process: each has its own names, outputs and widgets, and takes nothing of another's along."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from workbench import kernels
from workbench.kernels.sharing import Kernel, Process
from workbench.kernels.wire import IOPUB, SHELL
from workbench.kernels.zygote import Zygote, able
from workbench.serving.page_kernels import SharedClient

pytestmark = pytest.mark.skipif(not able(), reason="kernels are forked on Linux alone")


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote(kernels.preload(), {**os.environ, "IPYTHONDIR": str(tmp_path_factory.mktemp("ipython"))})
    yield made
    made.close()


@asynccontextmanager
async def process(zygote: Zygote, folder: Path) -> AsyncIterator[Process]:
    folder.mkdir(exist_ok=True)
    made = await Process.fork(zygote, {**os.environ}, folder)
    try:
        yield made
    finally:
        await made.close()


async def run(kernel: Kernel, code: str) -> list[dict[str, Any]]:
    """What a cell published."""
    client = SharedClient(kernel)
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    client.execute(code)
    found: list[dict[str, Any]] = []
    while True:
        told = await client.iopub_channel.get_msg(timeout=60)
        if told["content"].get("execution_state") == "idle" and found:
            break
        found.append(told)
    reply = await client.shell_channel.get_msg(timeout=60)
    client.stop_channels()
    assert reply["content"]["status"] == "ok", reply["content"]
    return found


def _note(heard: list[tuple[str, bytes]], name: str, channel: bytes, _parts: list[bytes]) -> None:
    heard.append((name, channel))


async def said(kernel: Kernel, code: str) -> str:
    """What a cell printed."""
    return "".join(one["content"]["text"] for one in await run(kernel, code) if one["msg_type"] == "stream")


def test_each_has_its_own_names_shell_and_output(zygote: Zygote, tmp_path: Path) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            first, second = shared.open("first"), shared.open("second")
            assert await said(first, "mine = 1; print('first')") == "first\n"
            assert (
                await said(second, "print('mine' in globals(), __import__('os').getpid())") == f"False {shared.pid}\n"
            )
            assert await said(first, "import __main__; print(__main__.mine, get_ipython().user_ns['mine'])") == "1 1\n"
            shells = [await said(each, "print(id(get_ipython()))") for each in (first, second)]
            assert shells[0] != shells[1]

    asyncio.run(tried())


def test_what_is_published_comes_to_the_kernel_whose_cell_it_is(zygote: Zygote, tmp_path: Path) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            first, second = shared.open("first"), shared.open("second")
            heard: list[tuple[str, bytes]] = []
            for kernel in (first, second):
                kernel.listen("watch", partial(_note, heard, kernel.name))
            await first.begun
            await second.begun
            heard.clear()
            shown = await run(first, "import ipywidgets; w = ipywidgets.IntText(7); display(w); w")
            assert {"display_data", "execute_result", "comm_open"} <= {one["msg_type"] for one in shown}
            assert {name for name, _channel in heard} == {"first"}
            assert {channel for _name, channel in heard} == {SHELL, IOPUB}

    asyncio.run(tried())


def test_a_page_is_told_of_the_widgets_of_its_own_kernel(zygote: Zygote, tmp_path: Path) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            kernels_here = {name: shared.open(name) for name in ("first", "second")}
            for number, kernel in enumerate(kernels_here.values()):
                await run(kernel, f"import ipywidgets; w = ipywidgets.IntText({number + 40})")
            for number, kernel in enumerate(kernels_here.values()):
                client = SharedClient(kernel)
                client.start_channels()
                client.comm_info()
                known = (await client.shell_channel.get_msg(timeout=60))["content"]["comms"]
                opened = {"comm_id": f"control {number}", "target_name": "jupyter.widget.control", "data": {}}
                client.shell_channel.send(client.session.msg("comm_open", opened))
                asked = {"comm_id": f"control {number}", "data": {"method": "request_states"}}
                client.shell_channel.send(client.session.msg("comm_msg", asked))
                while (told := await client.iopub_channel.get_msg(timeout=60))["msg_type"] != "comm_msg":
                    pass
                client.stop_channels()
                states = told["content"]["data"]["states"]
                assert {one["state"]["value"] for one in states.values() if "value" in one["state"]} == {number + 40}
                assert set(states) == set(known)

    asyncio.run(tried())


def test_one_that_ends_closes_what_it_opened_and_the_others_go_on(zygote: Zygote, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    opens = f"""
import contextlib, pathlib, ipywidgets, weakref
class Opened(contextlib.AbstractContextManager):
    def __exit__(self, *_): pathlib.Path({str(closed)!r}).touch()
class Text(ipywidgets.IntText):
    def close(self):
        super().close()
bench, w = Opened(), Text(1)
"""

    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            first, second = shared.open("first"), shared.open("second")
            await said(second, "kept = 5")
            await run(first, opens)
            count = "from ipywidgets.widgets.widget import _instances; print(len(_instances))"
            before = int(await said(second, count))
            await shared.end(first)
            assert closed.exists()
            assert not first.alive
            assert second.alive
            assert int(await said(second, count)) < before
            assert await said(second, "print(kept)") == "5\n"
            await shared.end(second)
            assert not shared.alive
            assert not shared.folder.exists()

    asyncio.run(tried())


def test_nothing_of_many_that_came_and_went_is_kept(zygote: Zygote, tmp_path: Path) -> None:
    counts = (
        "import gc; from IPython.core.interactiveshell import InteractiveShell as Shell;"
        "print(sum(isinstance(one, Shell) for one in gc.get_objects()))"
    )

    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            stays = shared.open("stays")
            for number in range(6):
                passing = shared.open(f"passing {number}")
                await run(passing, "import ipywidgets; w = ipywidgets.IntText(1); big = bytearray(10**6)")
                await shared.end(passing)
            assert int(await said(stays, counts)) <= 2

    asyncio.run(tried())


@pytest.mark.parametrize("unheard", [False, True], ids=["quiet", "spoken to"])
def test_when_the_process_dies_each_of_its_kernels_is_told_lost(zygote: Zygote, tmp_path: Path, unheard: bool) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            lost: list[str] = []
            for name in ("first", "second"):
                kernel = shared.open(name)
                kernel.lost.append(partial(lost.append, name))
                await kernel.begun
            if unheard:  # what it has not taken when it dies resets the line, where an end alone closes it
                psutil.Process(shared.pid).suspend()
                kernel.say(SHELL, [b"too late"])
                await asyncio.sleep(0.2)
            psutil.Process(shared.pid).kill()
            async with asyncio.timeout(30):
                while len(lost) < 2:
                    await asyncio.sleep(0.05)
            assert sorted(lost) == ["first", "second"]
            assert not shared.alive

    asyncio.run(tried())


def test_a_cell_that_fails_or_leaves_takes_no_other_along(zygote: Zygote, tmp_path: Path) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            first, second = shared.open("first"), shared.open("second")
            client = SharedClient(first)
            client.start_channels()
            for code in ("1 / 0", "import sys; sys.exit(3)", "exit()"):
                client.execute(code)
                await client.shell_channel.get_msg(timeout=60)
            client.stop_channels()
            await asyncio.wait_for(first.gone, 60)
            assert await said(second, "print('on')") == "on\n"

    asyncio.run(tried())


def test_what_is_said_while_a_page_is_away_is_told_when_it_is_back(zygote: Zygote, tmp_path: Path) -> None:
    async def tried() -> None:
        async with process(zygote, tmp_path / "one") as shared:
            kernel = shared.open("first")
            await kernel.begun
            heard: list[bytes] = []
            kernel.listen("page", lambda channel, _parts: heard.append(channel))
            kernel.leave("page", hold=True)
            kernel.hear(IOPUB, [b"while away"])
            assert heard == []
            kernel.listen("page", lambda channel, _parts: heard.append(channel))
            assert heard == [IOPUB]
            kernel.leave("page", hold=True)
            kernel.hear(IOPUB, [b"while away"])
            kernel.listen("another", lambda channel, _parts: heard.append(channel))
            assert heard == [IOPUB]

    asyncio.run(tried())
