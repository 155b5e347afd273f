"""The lines between a browser's open pages and their kernels, when networks and browsers behave badly."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from workbench.learners.learners import Learner
from workbench.sample.demo import ACTOR
from workbench.serving.site import Limits

from ..browser import VoilaServer
from ..conftest import TODAY, copy_of
from ..people import PATIENCE, Visitor, message


def dead_line(visitor: Visitor) -> socket.socket:
    """A line of the visitor's page whose device is out of reach: nothing it is told is answered."""
    at = urlsplit(visitor.address)
    line = socket.create_connection((at.hostname, at.port))
    asked = (
        f"GET /api/kernels/{visitor.kernel}/channels?session_id=1 HTTP/1.1",
        f"Host: {at.netloc}",
        f"Origin: {visitor.address}",
        f"Cookie: {visitor.worn}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    line.sendall(("\r\n".join(asked) + "\r\n\r\n").encode())
    assert b" 101 " in line.recv(100)
    return line


async def answered(line: Any) -> list[str]:
    """What a line hears when its kernel is asked something."""
    await line.write_message(message("kernel_info_request", {}))
    kinds: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while True:
            told = json.loads(await line.read_message())
            kinds.append(told["header"]["msg_type"])
            if told["content"].get("execution_state") == "idle":
                return kinds


def test_a_device_that_comes_back_before_it_was_missed_is_told_on_its_new_line(
    server: VoilaServer, learner: Learner
) -> None:
    async def tried() -> None:
        visitor = await Visitor.let_in(server.entry)
        await visitor.render(await visitor.handle("goals", learner.id))
        with await asyncio.to_thread(dead_line, visitor) as dead:
            line = await visitor.connect()
            assert "kernel_info_reply" in await answered(line)
            assert await asyncio.to_thread(_closed, dead)
            assert "kernel_info_reply" in await answered(line)
        line.close()
        await visitor.leave()

    asyncio.run(tried())


def _closed(line: socket.socket) -> bool:
    """Whether the server gives a line up in the end."""
    line.settimeout(PATIENCE)
    while line.recv(1 << 16):
        pass
    return True


def test_a_page_that_somebody_looks_at_stays(tmp_path_factory: pytest.TempPathFactory, pristine: Path) -> None:
    """One that nobody ever connected to goes after a while, and of two the one that is looked at is not it."""
    folder = copy_of(pristine, tmp_path_factory.mktemp("looked at") / "demo")

    async def tried(entry: str) -> None:
        visitor = await Visitor.let_in(entry)
        await visitor.render(await visitor.handle("my_class"))
        unmet = visitor.kernel
        await visitor.render(await visitor.handle("my_class"))
        line = await visitor.connect()
        async with asyncio.timeout(PATIENCE):
            while b'"alive": true' in (await visitor.ask("/alive", {"kernel": unmet})).body:
                await asyncio.sleep(0.2)
        assert b'"alive": true' in (await visitor.ask("/alive", {"kernel": visitor.kernel})).body
        assert "kernel_info_reply" in await answered(line)
        line.close()
        await visitor.leave()

    with VoilaServer(folder, actor=ACTOR, day=TODAY, limits=Limits(unmet=1, sweep=0.5)) as server:
        asyncio.run(tried(server.entry))
