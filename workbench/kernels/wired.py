"""ipykernel's own kernel, spoken to through one socket instead of ZeroMQ: no ports, no handshake, no heartbeat.

Shell, display publisher, comms and streams are ipykernel's; only what carries their messages is ours.
"""

from __future__ import annotations

import multiprocessing.synchronize
import os
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import zmq
from ipykernel.iostream import BackgroundSocket, IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.utils import _async_in_context
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.paths import get_ipython_dir
from jupyter_client.session import new_id
from tornado.ioloop import IOLoop
from traitlets import Any as Anything
from traitlets import DottedObjectName, Type

from workbench.kernels import NO_HISTORY, charts
from workbench.kernels.wire import END, IOPUB, SHELL, Line, Outlet, Unpacker

#: Seconds a flush waits for a subprocess that never stops writing.
PATIENCE = 0.1


def prepare() -> None:
    """Sets a kernel up before a fork, as far as it is the same for all; `run` completes it in the child."""
    app = WiredApp.instance()
    app.initialize([NO_HISTORY])
    app.kernel.shell.run_cell("None", silent=True, store_history=False)  # what is made on first use is made here
    app.kernel.shell.display_formatter.format(None)
    app.modules = set(sys.modules)


def discard() -> None:
    """Makes room for another kernel than the prepared one."""
    for one in (WiredApp, WiredKernel, ZMQInteractiveShell):
        one.clear_instance()


def run(line: socket.socket, arguments: Sequence[str]) -> None:
    """Runs a kernel at the other end of `line`, told `arguments` as ipykernel's own, until it is asked to end."""
    sys.argv = ["ipykernel_launcher", *arguments]
    if arguments or not WiredApp.initialized() or WiredApp.instance().ipython_dir != get_ipython_dir():
        discard()
        WiredApp.instance().initialize([*arguments, NO_HISTORY])
    WiredApp.instance().connect(line)
    WiredApp.instance().serve(line)


class WiredKernel(IPythonKernel):
    """The kernel, replying into an outlet."""

    shell_stream = Anything()
    _supports_kernel_subshells = False
    _execute_sleep = 0.0  # nothing can overtake a reply on one line

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing: whoever sends cells here waits for each."""


class WiredApp(IPKernelApp):
    """Sets the kernel up as ipykernel does, without what needs a network: `initialize`, a fork perhaps, `connect`."""

    kernel_class = Type(WiredKernel)
    outstream_class = DottedObjectName(f"{__name__}.Stream")

    def init_connection_file(self) -> None:
        self.session.key = b""  # nobody else can write into the line

    def init_poller(self) -> None: ...
    def init_heartbeat(self) -> None: ...
    def write_connection_file(self, **_given: Any) -> None: ...
    def log_connection_info(self) -> None: ...

    def init_sockets(self) -> None:
        self.configure_tornado_logger()
        self.line = Line()
        self.shell_socket = Outlet(self.line, SHELL)
        self.iopub_thread = Publisher(Outlet(self.line, IOPUB))
        self.iopub_socket = self.iopub_thread.background_socket

    def init_kernel(self) -> None:
        self.modules: set[str] = set()  # that were there before a fork
        self.kernel = self.make_kernel(self.shell_socket, self.iopub_thread)

    def make_kernel(self, shell: Outlet, publisher: Publisher) -> Any:
        """A kernel that answers into `shell` and publishes by `publisher`, the one of its class from then on."""
        kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            shell_stream=shell,
            shell_channel_thread=SimpleNamespace(parent_thread=threading.current_thread()),
            iopub_thread=publisher,
            iopub_socket=publisher.background_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        charts.install(kernel.shell)
        return kernel

    # What belongs to one process, environment and folder comes with `connect`.

    def init_io(self) -> None: ...
    def init_signal(self) -> None: ...
    def init_path(self) -> None: ...
    def init_gui_pylab(self) -> None: ...
    def init_extensions(self) -> None: ...
    def init_code(self) -> None: ...

    def connect(self, line: socket.socket) -> None:
        """Becomes the kernel of this process, at the other end of `line`."""
        self.line.open(line)
        self.iopub_thread._master_pid = self.session.pid = os.getpid()
        self.session.session = new_id()
        self.kernel.ident = str(uuid4())
        self.kernel.shell.displayhook.topic = self.kernel._topic("execute_result")
        super().init_io()
        self.kernel._stdout, self.kernel._stderr = sys.stdout, sys.stderr
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
        self.kernel.shell.init_environment()
        self.kernel.shell.starting_dir = os.getcwd()  # noqa: PTH109 - as IPython has it
        self.kernel.shell.history_manager.dir_hist[:] = [Path.cwd()]
        os.environ.setdefault("PYDEVD_USE_FRAME_EVAL", "NO")  # as ipykernel does when it is imported
        super().init_signal()
        super().init_path()
        super().init_gui_pylab()
        if ipywidgets := sys.modules.get("ipywidgets"):  # was imported when there was no kernel to register with
            ipywidgets.register_comm_target()
        super().init_extensions()
        self._run_startup_files()  # with what follows, as IPython's `init_code`
        self._run_exec_lines()
        self._run_exec_files()
        shell = self.kernel.shell
        if self.hide_initial_ns:
            shell.user_ns_hidden.update(shell.user_ns)
        self._run_cmd_line_code()
        self._run_module()
        sys.stdout.flush()
        sys.stderr.flush()
        # only the new ones are looked at: each of the others would have its page of memory copied
        self.modules.update(islice(reversed(sys.modules), max(0, len(sys.modules) - len(self.modules))))
        shell._sys_modules_keys = self.modules

    def serve(self, end: socket.socket) -> None:
        """Answers requests until END comes, the line is closed, or a cell says `exit`."""
        self.kernel.io_loop = self.io_loop = IOLoop.current()
        self.kernel.shell.exit_now = False
        handle = _async_in_context(partial(self.kernel.shell_main, None))
        unpacker = Unpacker()

        def read(*_event: object) -> None:
            data = end.recv(1 << 20)
            if not data:
                self.io_loop.stop()
            for channel, parts in unpacker.feed(data):
                if channel == END:
                    self.io_loop.stop()
                else:
                    self.io_loop.add_callback(handle, [zmq.Frame(part) for part in parts])

        self.io_loop.add_handler(end.fileno(), read, IOLoop.READ)
        self.kernel._publish_status_and_flush("starting", "shell", self.shell_socket)
        self.io_loop.start()


class Publisher(IOPubThread):
    """Publishes at once, in whatever thread or forked process it is called."""

    def __init__(self, outlet: Outlet) -> None:
        self.socket = outlet
        self.thread = threading.Thread()  # never started: what is scheduled is done at once
        self.background_socket = BackgroundSocket(self)
        self.io_loop: Any = _Later()
        self._pipe_flag = False  # a forked process writes into the line itself


class Stream(OutStream):
    """ipykernel's stream, of which nothing is still on its way when a cell is done.

    One thread flushes at a time, and a flush waits for what subprocesses have written so far.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._flushing = multiprocessing.get_context("fork").RLock()
        self._reading = threading.Lock()
        super().__init__(*args, **kwargs)

    def flush(self) -> None:
        patience = time.monotonic() + PATIENCE
        while self._is_master_process() and time.monotonic() < patience:
            with self._reading:
                if not self._written(0):
                    break
            time.sleep(0.0002)  # the other thread's turn
        super().flush()

    def _flush(self) -> None:
        with self._flushing:
            super()._flush()

    def _written(self, wait: float | None) -> bool:
        """Whether there is something that was written below Python."""
        return self._fid is not None and bool(select.select([self._fid], [], [], wait)[0])

    def _watch_pipe_fd(self) -> None:
        while self._should_watch and self._written(None):
            with self._reading:
                data = os.read(self._fid or 0, 1 << 16)
                self.write(data.decode(errors="replace"))
                os.write(self._original_stdstream_copy, data)


class _Later:
    """Calls things a little later, as a stream wants to be flushed while a long cell runs."""

    def call_later(self, delay: float, call: Callable[[], object]) -> None:
        timer = threading.Timer(delay, call)
        timer.daemon = True
        timer.start()
