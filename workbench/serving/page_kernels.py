"""A page's kernel as Jupyter's parts of the server know it: one of a shared process, or else an ordinary one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import default

from workbench import kernels
from workbench.kernels.channel import LineClient
from workbench.kernels.sharing import Kernel
from workbench.kernels.wire import IOPUB, SHELL

#: Seconds after which a kernel that has not answered is asked once more.
AGAIN = 0.2
_NAMES = {SHELL: "shell", IOPUB: "iopub"}


class PromptClient(AsyncKernelClient):
    """Knows by its answer that a kernel is ready; jupyter_client's waits until nothing has come for a while."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits until the kernel answers and what it publishes arrives. Raises RuntimeError."""
        begun = time.monotonic()
        asked = {self.kernel_info()}
        while True:
            try:
                message = await self.get_iopub_msg(timeout=AGAIN)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
                if timeout is not None and time.monotonic() - begun > timeout:
                    raise RuntimeError(f"the kernel did not answer in {timeout} seconds") from None
                asked.add(self.kernel_info())  # it may have published before we were connected
                continue
            answered = message["parent_header"].get("msg_id")
            if answered in asked and message["content"].get("execution_state") == "idle":
                self._handle_kernel_info_reply(await self._recv_reply(answered, timeout=timeout))
                return


class SharedClient(LineClient):
    """What Voilà asks of a client, for a kernel of a shared process."""

    def __init__(self, kernel: Kernel) -> None:
        super().__init__()
        self._kernel = kernel
        self._key = self.session.session

    def is_alive(self) -> bool:
        return self._kernel.alive

    def start_channels(self, *_which: object, **_given: object) -> None:
        self._kernel.listen(self._key, self._heard)

    def stop_channels(self) -> None:
        self._kernel.leave(self._key)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits until the kernel has begun. Raises RuntimeError."""
        await asyncio.wait([self._kernel.begun], timeout=timeout)
        if not self._kernel.begun.done() or not self.is_alive():
            raise RuntimeError("the kernel did not begin")

    def write(self, channel: bytes, parts: Sequence[bytes]) -> None:
        self._kernel.say(channel, [self._key.encode(), *parts])

    def _heard(self, channel: bytes, parts: list[bytes]) -> None:
        idents, message = self.session.feed_identities(parts)
        if channel != SHELL or idents[:1] == [self._key.encode()]:
            self.arrived[channel].put(self.session.deserialize(message))


class PageKernel(ServerKernelManager):
    """Begins and ends a page's kernel. An ordinary one knows every stream that was opened to it: not all of those who
    open one close it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._streams: list[Any] = []
        self.shared: Kernel | None = None

    async def _async_start_kernel(self, **given: Any) -> None:
        kernels_of: Any = self.parent
        self.shared = await kernels_of.share(given)
        if self.shared is None:
            Path(given["cwd"]).mkdir(mode=0o700, parents=True)
            await super()._async_start_kernel(**given)
            return
        self.kernel_id = given["kernel_id"]
        self.shared.lost.append(partial(kernels_of.lost, self.shared.name))
        self._ready = asyncio.get_running_loop().create_future()
        self._ready.set_result(None)

    start_kernel = _async_start_kernel

    async def _async_shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
        if self.shared is None:
            await super()._async_shutdown_kernel(now=now, restart=restart)
        else:
            await self.shared.process.end(self.shared, now=now)

    shutdown_kernel = _async_shutdown_kernel

    async def _async_is_alive(self) -> bool:
        if self.shared is None:
            return bool(await super()._async_is_alive())
        return self.shared.alive

    is_alive = _async_is_alive  # type: ignore[assignment]  # as jupyter_client has it

    @property
    def has_kernel(self) -> bool:
        return self.shared.alive if self.shared is not None else bool(super().has_kernel)

    def client(self, **given: Any) -> Any:
        return super().client(**given) if self.shared is None else SharedClient(self.shared)

    @property
    def ended(self) -> int | None:
        """The number of its process, where that ended with it."""
        if self.shared is None:
            return getattr(self.provisioner, "pid", None)
        return None if self.shared.process.alive else self.shared.process.pid

    def let_go(self) -> None:
        """Closes what nobody listens to any more, and takes away the files of a kernel that is gone."""
        if self.shared is not None:
            return
        connections = ZMQChannelsWebsocketConnection._open_sockets
        heard = [stream for one in connections for stream in one.channels.values()]  # closed as theirs is
        for stream in self._streams:
            if stream not in heard and not stream.closed():
                stream.on_recv(None)
                stream.close(linger=0)
        self._streams.clear()
        self._close_control_socket()
        self.cleanup_connection_file()
        self.cleanup_ipc_files()

    def _kept(self, stream: Any) -> Any:
        self._streams = [one for one in self._streams if not one.closed()]
        self._streams.append(stream)
        return stream

    def connect_shell(self, *args: Any, **kwargs: Any) -> Any:
        return self._kept(super().connect_shell(*args, **kwargs))

    def connect_control(self, *args: Any, **kwargs: Any) -> Any:
        return self._kept(super().connect_control(*args, **kwargs))

    def connect_iopub(self, *args: Any, **kwargs: Any) -> Any:
        return self._kept(super().connect_iopub(*args, **kwargs))

    def connect_stdin(self, *args: Any, **kwargs: Any) -> Any:
        return self._kept(super().connect_stdin(*args, **kwargs))


class SharedConnection(ZMQChannelsWebsocketConnection):
    """The line between a page and a kernel of a shared process: what jupyter_server checks and limits, on our line."""

    @property
    def _kernel(self) -> Kernel:
        return self.kernel_manager.shared  # type: ignore[no-any-return]

    async def prepare(self) -> None:
        stale = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        await self._register_session()  # type: ignore[no-untyped-call]
        if stale is not None:  # of a device that was out of reach: its line would close in a while, and take this one's
            stale.connection.disconnect()
        self.session.key = b""

    def connect(self) -> asyncio.Future[None]:  # type: ignore[override]  # as it is above
        self.multi_kernel_manager.notify_connect(self.kernel_id)
        own = self.session_key.encode()
        self.channels = {name: _Way(self._kernel, name, own) for name in ("shell", "iopub", "control", "stdin")}
        self._kernel.listen(self.session_key, self._heard)
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def disconnect(self) -> None:  # type: ignore[override]  # as it is above
        """Done twice, nothing happens."""
        if self._close_future.done():
            return
        self._close_future.set_result(None)
        self.multi_kernel_manager.notify_disconnect(self.kernel_id)
        if self._open_sessions.get(self.session_key) is self.websocket_handler:
            self._open_sessions.pop(self.session_key)
        self.channels = {}
        self._kernel.leave(self.session_key, hold=True)

    def _heard(self, channel: bytes, parts: list[bytes]) -> None:
        line = self.websocket_handler.ws_connection
        if line is None or line.is_closing():
            self.disconnect()  # so this is held, too
            return
        idents, _rest = self.session.feed_identities(parts)
        if channel != SHELL or idents[:1] == [self.session_key.encode()]:
            self.handle_outgoing_message(self.channels[_NAMES[channel]], parts)


class _Way:
    """One channel, with what jupyter_server asks of a ZeroMQ stream; a page says nothing on others than the shell's."""

    def __init__(self, kernel: Kernel, name: str, own: bytes) -> None:
        self.channel = name
        self._kernel = kernel
        self._own = own

    def closed(self) -> bool:
        return not self._kernel.alive

    def close(self) -> None: ...

    def send_multipart(self, parts: Sequence[bytes], *_args: object, **_options: object) -> None:
        if self.channel == "shell":
            self._kernel.say(SHELL, [self._own, *parts])


class OwnKernels(KernelSpecManager):
    """Knows the kernels that come with the workbench, and nobody else's of the same name."""

    @default("kernel_dirs")
    def _own_dirs(self) -> list[str]:
        return [str(kernels.DATA / "kernels")]
