"""What runs in a process that several kernels share: each of an open page, all of one person.

A kernel here has its own shell, names and messages. One message is answered at a time, and before it is, what there is
but one of in a process (what `get_ipython` gives, `__main__`, where output goes) is turned to the kernel it is for.
Nothing of a process is hidden from whoever it belongs to, so sharing one shows nobody anything.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import zmq
from ipykernel.utils import _async_in_context
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.paths import get_ipython_dir
from ipywidgets.widgets.widget import _instances, _remove_buffers
from tornado.ioloop import IOLoop
from traitlets.config import SingletonConfigurable

from workbench.kernels import NO_HISTORY
from workbench.kernels.wire import END, GONE, IOPUB, OPEN, SHELL, Outlet, Part, Unpacker, packed
from workbench.kernels.wired import Publisher, WiredApp, WiredKernel, discard

assert sys.platform == "linux"  # noqa: S101 - mypy follows it


def run(line: socket.socket) -> None:
    """Runs the kernels that `line`'s other end opens, until that is closed."""
    sys.argv = ["ipykernel_launcher"]
    if not WiredApp.initialized() or WiredApp.instance().ipython_dir != get_ipython_dir():
        discard()
        WiredApp.instance().initialize([NO_HISTORY])
    app = WiredApp.instance()
    app.connect(line)
    Sharing(app, line).serve()


@dataclass(frozen=True, slots=True)
class _One:
    """A kernel, and what answers a message of its."""

    kernel: Any
    answer: Callable[[Sequence[Any]], Awaitable[None]]
    publisher: Publisher


class Sharing:
    """The kernels of this process by the names that their owner gave them."""

    def __init__(self, app: WiredApp, line: socket.socket) -> None:
        self._app = app
        self._line = line
        self._kernels: dict[bytes, _One] = {}
        self._prepared: Any = app.kernel  # before the fork, for the first of them
        self._turned: _One | None = None
        self._arrived: asyncio.Queue[tuple[bytes, bytes, list[bytes]]] = asyncio.Queue()

    def serve(self) -> None:
        """Answers until the line is closed, which ends the process and all that cells have started."""
        loop = self._app.io_loop = IOLoop.current()
        unpacker = Unpacker()

        def read(*_event: object) -> None:
            data = self._line.recv(1 << 20)
            if not data:
                os.killpg(0, signal.SIGKILL)
            for channel, (name, *parts) in unpacker.feed(data):
                self._arrived.put_nowait((channel, name, parts))

        loop.add_handler(self._line.fileno(), read, IOLoop.READ)
        loop.add_callback(self._work)
        loop.start()

    async def _work(self) -> None:
        while True:
            channel, name, parts = await self._arrived.get()
            if channel == OPEN:
                self._open(name)
            elif channel == END:
                self._end(name)
            elif (one := self._kernels.get(name)) is not None:
                self._turn_to(one)
                with suppress(Exception):  # ipykernel has said so
                    await one.answer([zmq.Frame(part) for part in parts])

    def _open(self, name: bytes) -> None:
        shell = Outlet(self._app.line, SHELL, name)
        publisher = Publisher(Outlet(self._app.line, IOPUB, name))
        kernel, self._prepared = self._prepared or self._another(shell, publisher), None
        kernel.shell_stream, kernel.iopub_thread = shell, publisher
        kernel.iopub_socket = publisher.background_socket
        kernel.shell.displayhook.pub_socket = kernel.shell.display_pub.pub_socket = kernel.iopub_socket
        kernel.io_loop = _Loop(self._app.io_loop, partial(self._arrived.put_nowait, (END, name, [])))
        kernel.shell_handlers["comm_info_request"] = partial(_told_of_comms, kernel)
        kernel.comm_manager.register_target("jupyter.widget.control", _states_asked)
        one = _One(kernel, _async_in_context(partial(kernel.shell_main, None)), publisher)
        self._kernels[name] = one
        self._turn_to(one)
        kernel._publish_status_and_flush("starting", "shell", shell)

    def _another(self, shell: Outlet, publisher: Publisher) -> Any:
        """One more kernel, as the first was made."""
        app = self._app
        for kind in (WiredKernel, ZMQInteractiveShell):
            _turn(kind, None)
        kernel = app.make_kernel(shell, publisher)
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        kernel.shell.configurables.append(app)
        kernel.shell._sys_modules_keys = app.modules
        return kernel

    def _turn_to(self, one: _One) -> None:
        """From now on what the process has one of is this kernel's."""
        if self._turned is one:
            return
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.pub_thread = one.publisher  # type: ignore[union-attr]
        _turn(type(one.kernel), one.kernel)
        _turn(type(one.kernel.shell), one.kernel.shell)
        sys.modules["__main__"] = one.kernel.shell.user_module
        self._turned = one

    def _end(self, name: bytes) -> None:
        """Lets a kernel go, with its widgets and what its notebook opened."""
        if (one := self._kernels.pop(name, None)) is not None:
            self._turn_to(one)
            _let_go(one.kernel)
            self._turned = None
            one = None
            gc.collect()
        self._app.line.send(b"".join(packed(GONE, [name])))
        self._app.line.release()


class _Loop:
    """The process's loop as a kernel has it, which a cell that says `exit` stops for its own kernel alone."""

    def __init__(self, loop: Any, stop: Callable[[], None]) -> None:
        self._loop = loop
        self.stop = stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)


def _turn(kind: type[SingletonConfigurable], instance: Any) -> None:
    for one in kind._walk_mro():
        one._instance = instance


def _own(kernel: Any) -> list[Any]:
    return [one for one in list(_instances.values()) if getattr(one.comm, "kernel", None) is kernel]


def _let_go(kernel: Any) -> None:
    shell, comms = kernel.shell, kernel.comm_manager.comms
    for widget in _own(kernel):
        with suppress(Exception):
            widget.close()
    for value in list(shell.user_ns.values()):
        if isinstance(value, AbstractContextManager):
            with suppress(Exception):
                value.__exit__(None, None, None)
    for key in [key for key, comm in comms.items() if getattr(comm, "kernel", None) is kernel]:
        del comms[key]
    atexit.unregister(shell.atexit_operations)
    for names in (shell.user_ns, shell.user_ns_hidden, shell.user_module.__dict__):
        names.clear()
    shell.configurables.clear()


async def _told_of_comms(kernel: Any, stream: Any, ident: Any, parent: Any) -> None:
    """Tells which comms there are of this kernel, as ipykernel tells of all."""
    wanted = parent["content"].get("target_name")
    comms = {
        key: {"target_name": one.target_name}
        for key, one in kernel.comm_manager.comms.items()
        if getattr(one, "kernel", None) in (None, kernel) and wanted in (None, one.target_name)
    }
    kernel.session.send(stream, "comm_info_reply", {"comms": comms, "status": "ok"}, parent, ident)


def _states_asked(comm: Any, _opened: Any) -> None:
    """Tells a page that asks for its widgets' states those of its own kernel, as ipywidgets tells all there are."""

    def tell(message: Any) -> None:
        if message["content"]["data"].get("method") != "request_states":
            return
        states: dict[str, Any] = {}
        buffers: list[Part] = []
        places: list[list[Any]] = []
        for one in _own(comm.kernel):
            state, paths, found = _remove_buffers(one.get_state())
            states[one.model_id] = {
                "model_name": one._model_name,
                "model_module": one._model_module,
                "model_module_version": one._model_module_version,
                "state": state,
            }
            places += [[one.model_id, "state", *path] for path in paths]
            buffers += found
        comm.send({"method": "update_states", "states": states, "buffer_paths": places}, buffers=buffers)

    comm.on_msg(tell)
