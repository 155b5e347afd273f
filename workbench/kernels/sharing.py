"""A process that several kernels share (`shared`), as its owner's event loop speaks to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from workbench.kernels.wire import END, GONE, OPEN, Unpacker, packed
from workbench.kernels.zygote import Child, Zygote

#: Seconds that a kernel may take to let go; then whoever shares its process goes on without its having done so.
GRACE = 3.0
#: So many messages wait for a page that lost its connection.
MOST_HELD = 10_000
Heard = Callable[[bytes, list[bytes]], object]


class Kernel:
    """One kernel of a process: whoever listens hears what it says, on which channel, as parts."""

    def __init__(self, process: Process, name: str) -> None:
        self.name = name
        self.process = process
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost: list[Callable[[], object]] = []  # what is called when its process ends
        self._listeners: dict[str, Heard] = {}
        self._absent = ""  # the listener for whom is held what is said
        self._held: list[tuple[bytes, list[bytes]]] = []

    @property
    def alive(self) -> bool:
        return not self.gone.done() and self.process.alive

    def say(self, channel: bytes, parts: Sequence[bytes]) -> None:
        """Sends a message to it."""
        self.process.write(channel, self.name, parts)

    def listen(self, key: str, heard: Heard) -> None:
        """Tells `heard` from now on; before that what was held for this `key`."""
        held = self._held if key == self._absent else []
        self._absent, self._held = "", []
        self._listeners[key] = heard
        for channel, parts in held:
            heard(channel, parts)

    def leave(self, key: str, *, hold: bool = False) -> None:
        """Tells it no more; `hold` what is said until it comes back, if nobody else listens."""
        self._listeners.pop(key, None)
        if hold and not self._listeners:
            self._absent = key

    def hear(self, channel: bytes, parts: list[bytes]) -> None:
        if not self.begun.done():
            self.begun.set_result(None)
        for heard in list(self._listeners.values()):
            heard(channel, parts)
        if not self._listeners and self._absent and len(self._held) < MOST_HELD:
            self._held.append((channel, parts))

    def end(self) -> None:
        """Marks it as gone."""
        for future in (self.begun, self.gone):
            if not future.done():
                future.set_result(None)


class Process:
    """A forked process and its kernels; ends with the last of them, or when it is closed."""

    def __init__(self, child: Child, line: socket.socket, folder: Path) -> None:
        self.pid = child.pid
        self.folder = folder
        self._child = child
        self._line = line
        self._kernels: dict[str, Kernel] = {}
        self._leaving: dict[str, Kernel] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._pump: asyncio.Task[None] | None = None
        self._closing: asyncio.Future[None] | None = None  # held, so that it is done

    @classmethod
    async def fork(cls, zygote: Zygote, environ: Mapping[str, str], folder: Path) -> Process:
        """Forks one in a folder of its own, which goes with it. Raises CannotFork."""
        ours, theirs = socket.socketpair()
        nothing = os.open(os.devnull, os.O_RDWR)
        stdio = (nothing, nothing, nothing)  # what a kernel prints holds learners' words

        def forked() -> Child:
            return zygote.fork(
                "workbench.kernels.shared:run", {}, theirs, environ=environ, folder=str(folder), stdio=stdio
            )

        try:
            made = cls(await asyncio.to_thread(forked), ours, folder)
        except BaseException:
            ours.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            os.close(nothing)
        reader, made._writer = await asyncio.open_connection(sock=ours)
        made._pump = asyncio.create_task(made._read(reader))
        return made

    @property
    def alive(self) -> bool:
        return self._writer is not None and self._child.poll() is None

    @property
    def empty(self) -> bool:
        return not self._kernels

    def open(self, name: str) -> Kernel:
        """Begins one more kernel."""
        kernel = self._kernels[name] = Kernel(self, name)
        self.write(OPEN, name, [])
        return kernel

    def write(self, channel: bytes, name: str, parts: Sequence[bytes]) -> None:
        if self._writer is not None:
            self._writer.writelines(packed(channel, [name.encode(), *parts]))

    async def end(self, kernel: Kernel, *, now: bool = False) -> None:
        """Ends a kernel, and with the last one the process; at once with `now`, else in good order."""
        self._kernels.pop(kernel.name, None)
        if self._kernels or not now:
            self._leaving[kernel.name] = kernel
            self.write(END, kernel.name, [])
            await asyncio.wait([kernel.gone], timeout=GRACE)
            self._leaving.pop(kernel.name, None)
        kernel.end()
        if self.empty:
            await self.close()

    async def close(self) -> None:
        """Ends the process and all that it started."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            await asyncio.to_thread(self._child.end)
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._pump is not None and self._pump is not asyncio.current_task():
            self._pump.cancel()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        unpacker = Unpacker()
        with suppress(OSError):  # killed before it took all that was said to it, it resets the line
            while data := await reader.read(1 << 20):
                for channel, (name, *parts) in unpacker.feed(data):
                    if channel == GONE:
                        self._gone(name.decode())
                    elif (kernel := self._kernels.get(name.decode())) is not None:
                        kernel.hear(channel, parts)
        for one in [*self._kernels, *self._leaving]:
            self._gone(one)

    def _gone(self, name: str) -> None:
        if kernel := self._leaving.pop(name, None):
            kernel.end()
        elif kernel := self._kernels.pop(name, None):  # by itself
            kernel.end()
            for lost in kernel.lost:
                lost()
            if self.empty:
                self._closing = asyncio.ensure_future(self.close())

    def __repr__(self) -> str:
        return f"<Process {self.pid}>"
