"""One channel of a line to a kernel (`wire`), as nbclient wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from queue import Empty
from typing import Any, Protocol


class Asking(Protocol):
    """A client with a line of its own."""

    session: Any

    def write(self, channel: bytes, parts: Sequence[bytes]) -> None: ...


class Channel:
    """One channel of the line, with what nbclient asks of a ZeroMQ one."""

    def __init__(self, client: Asking, name: bytes) -> None:
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
