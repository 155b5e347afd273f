"""A line to a kernel (`wire`), and its channels, as nbclient wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient

from workbench.kernels.wire import IOPUB, SHELL


class LineClient(KernelClient):
    """What nbclient asks of a client, for a kernel at the end of a line; those who make one say how to `write`."""

    allow_stdin = False

    def __init__(self) -> None:
        super().__init__()
        self.session.key = b""  # nobody else can write into the line
        self.arrived = {SHELL: Channel(self, SHELL), IOPUB: Channel(self, IOPUB)}

    @property
    def shell_channel(self) -> Channel:
        return self.arrived[SHELL]

    @property
    def iopub_channel(self) -> Channel:
        return self.arrived[IOPUB]

    def write(self, channel: bytes, parts: Sequence[bytes]) -> None:
        """Sends a message."""
        raise NotImplementedError


class Channel:
    """One channel of the line, with what nbclient asks of a ZeroMQ one."""

    def __init__(self, client: LineClient, name: bytes) -> None:
        self._client = client
        self._name = name
        self._arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def put(self, message: dict[str, Any]) -> None:
        self._arrived.put_nowait(message)

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message; raises Empty after so many seconds."""
        if not self._arrived.empty():
            return self._arrived.get_nowait()
        try:
            return await asyncio.wait_for(self._arrived.get(), timeout)
        except TimeoutError:
            raise Empty from None

    def send(self, message: Mapping[str, Any]) -> None:
        self._client.session.send(self, message)

    def send_multipart(self, parts: Sequence[bytes], **_options: object) -> None:
        """Where a session puts what it has made of a message."""
        self._client.write(self._name, parts)
