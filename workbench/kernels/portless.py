"""ipykernel's own kernel, without the port that it would listen at for the subprocesses it forks.

What those display goes through a pair of sockets that has no name: inherited by whoever is to have
it, and found by nobody else on the machine.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop

from workbench.kernels import charts
from workbench.kernels.wire import IOPUB, Part, Unpacker, packed

#: Seconds that a subprocess waits for a kernel that does not read.
PATIENCE = 3


class PortlessApp(IPKernelApp):
    """Sets the kernel up as ipykernel does, with another thread that publishes, and with charts that are drawn here."""

    def init_iopub(self, context: Any) -> None:
        kernelapp.IOPubThread = Publisher  # type: ignore[attr-defined]
        try:
            super().init_iopub(context)
        finally:
            kernelapp.IOPubThread = IOPubThread  # type: ignore[attr-defined]

    def init_shell(self) -> None:
        super().init_shell()
        charts.install(self.shell)


class Publisher(IOPubThread):
    """ipykernel's thread that publishes, with a way of our own into it."""

    def _setup_pipe_in(self) -> None:
        if not hasattr(os, "fork"):
            self._pipe_flag = False
            return
        self._pipe_uuid = b""
        here, there = socket.socketpair()
        there.settimeout(PATIENCE)
        self._way = _Way(there)
        unpacker = Unpacker()

        def read(*_event: object) -> None:
            for _channel, parts in unpacker.feed(here.recv(1 << 20)):
                self._handle_pipe_msg(parts)

        self.io_loop.add_handler(here, read, IOLoop.READ)

    def _setup_pipe_out(self) -> tuple[Any, Any]:
        return self._way, self._way


class _Way:
    """A subprocess's end: takes the place of a socket of ZeroMQ and of its context, one for all of them."""

    def __init__(self, out: socket.socket) -> None:
        self._out = out
        self._turn = multiprocessing.get_context("fork").Lock()

    def send_multipart(self, parts: Sequence[Part], *_args: object, **_options: object) -> None:
        with self._turn, suppress(TimeoutError):
            self._out.sendall(b"".join(packed(IOPUB, parts)))

    def close(self) -> None: ...
    def term(self) -> None: ...
