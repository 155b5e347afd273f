"""The papermill engine `workbench`: each notebook runs in a child forked from a warm zygote.

    papermill --engine workbench in.ipynb out.ipynb

papermill's own client does the work, so outputs, errors, times and progress are what papermill's
own engine gives; only the kernel it talks to is another (`wired`), at the end of a socket.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from workbench.kernels.channel import LineClient
from workbench.kernels.wire import END, Unpacker, packed
from workbench.kernels.zygote import CannotFork, Child, able, zygote

#: Seconds that a kernel may take to end in good order, as jupyter_client gives it.
GRACE = 5
_LAUNCHERS = ("ipykernel_launcher", "workbench.kernels.launcher")


class WorkbenchEngine(NBClientEngine):
    """Runs a notebook in a forked child; where that cannot be, as papermill's own engine does."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **given: Any) -> Any:
        """See `NBClientEngine.execute_managed_notebook`, whose arguments it takes."""
        spec = _spec(kernel_name)
        if "km" in given or not able() or spec is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **given)
        arguments = merge_kwargs(
            remove_args(["input_path", "timeout", "startup_timeout", "start_timeout", "execution_timeout"], **given),
            timeout=given.get("execution_timeout") or given.get("timeout"),
            startup_timeout=given.get("start_timeout", 60),
            kernel_name=kernel_name,
            log=logger,
        )
        try:
            return ForkedClient(nb_man, spec, **arguments).execute()
        except CannotFork as why:
            logger.warning(f"No warm start: {why}.")
            return super().execute_managed_notebook(nb_man, kernel_name, **given)


class ForkedClient(PapermillNotebookClient):
    """papermill's client, for a kernel that is a forked child."""

    def __init__(self, nb_man: Any, spec: KernelSpec, **arguments: Any) -> None:
        super().__init__(nb_man, **arguments)
        self._spec = spec

    @contextmanager
    def setup_kernel(self, **_given: Any) -> Iterator[None]:
        """Forks the kernel, and sees that nothing of it is left afterwards."""
        ours, theirs = socket.socketpair()
        with ours, Path(os.devnull).open() as nothing:
            child = zygote().fork(
                "workbench.kernels.wired:run",
                {"arguments": [*(_arguments(self._spec) or ()), *self.extra_arguments]},
                theirs,
                environ={**os.environ, **self._spec.env, "JPY_PARENT_PID": str(os.getpid())},
                folder=self.resources.get("metadata", {}).get("path") or str(Path.cwd()),
                stdio=(nothing.fileno(), 1, 2),
            )
            self.km = self.kc = WiredClient(ours, child)
            orderly = False
            try:
                run_sync(self.kc.begin)(self.startup_timeout)
                yield
                orderly = self.shutdown_kernel == "graceful"
            finally:
                run_sync(self.kc.finish)(orderly=orderly)
                child.end()


class WiredClient(LineClient):
    """What nbclient wants to know of a kernel: the client that asks it, and the manager that looks after it."""

    def __init__(self, line: socket.socket, child: Child) -> None:
        super().__init__()
        self._line = line
        self._child = child
        self._writer: asyncio.StreamWriter | None = None
        self._pump: asyncio.Task[None] | None = None

    def is_alive(self) -> bool:
        return self._child.poll() is None

    def interrupt_kernel(self) -> None:
        self._child.signal(signal.SIGINT)

    async def begin(self, timeout: float) -> None:
        """Waits until the kernel says that it starts. Raises RuntimeError, as jupyter_client does."""
        reader, self._writer = await asyncio.open_connection(sock=self._line)
        self._pump = asyncio.create_task(self._read(reader))
        give_up = time.monotonic() + timeout
        while True:
            try:
                await self.iopub_channel.get_msg(timeout=1)
                return
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if time.monotonic() > give_up:
                    raise RuntimeError(f"Kernel didn't respond in {timeout} seconds") from None

    async def finish(self, *, orderly: bool) -> None:
        """Asks the kernel to end in good order, or only stops listening to it."""
        if self._writer is None:
            return
        if orderly:
            self.write(END, [])
            await self._writer.drain()
            await self._ended(GRACE)
        if self._pump is not None:
            self._pump.cancel()
        self._writer.close()

    async def _ended(self, timeout: float) -> None:
        """Waits for the kernel's end, in no thread: in a process that was forked, a loop has lost its own."""
        give_up, pause = time.monotonic() + timeout, 0.001
        while self.is_alive() and time.monotonic() < give_up:
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.02)

    def write(self, channel: bytes, parts: Sequence[bytes]) -> None:
        if self._writer is not None:
            self._writer.writelines(packed(channel, parts))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        unpacker = Unpacker()
        with suppress(OSError):  # killed before it took all that was said to it, it resets the line
            while data := await reader.read(1 << 20):
                for channel, parts in unpacker.feed(data):
                    _idents, message = self.session.feed_identities(parts)
                    self.arrived[channel].put(self.session.deserialize(message))


def _spec(name: str) -> KernelSpec | None:
    """The kernel of this name if it is one that this very Python runs."""
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None
    return spec if _arguments(spec) is not None else None


def _arguments(spec: KernelSpec) -> list[str] | None:
    """What the spec's command tells ipykernel beside the connection; None when it runs something else."""
    python, *rest = spec.argv or [""]
    same = python in ("python", "python3") or Path(python).absolute() == Path(sys.executable).absolute()
    if rest[:1] == ["-Xfrozen_modules=off"]:  # of no matter here
        rest = rest[1:]
    if not same or rest[:1] != ["-m"] or rest[1] not in _LAUNCHERS or rest[2:4] != ["-f", "{connection_file}"]:
        return None
    return rest[4:]
