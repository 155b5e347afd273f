"""A process that has imported what kernels need and forks itself for each, so that they start warm.

    owner ──request──► zygote ──fork──► child
      │                  │                │
      └─── line, stdio ──┼────────────────┘     straight from owner to child
      ◄──── pid, end ────┘

The zygote runs nobody's code: it imports, forks, and tells how its children ended. It has one
thread, which it checks before each fork: what starts another as it is imported is left to the
children, and said (`Zygote.complaint`). It ends when its owner does. A child keeps no file
or socket but what its owner gave it, gets an environment, a folder and random numbers of its own,
and ends when the owner's end of its line is closed. What Python reads of an environment only as it
starts, a child cannot change: asked for another, a zygote begins anew.

Linux only: elsewhere, and with WORKBENCH_FORK=0, `able` says so and the ordinary kernel runs.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import cache, partial
from typing import Any

from workbench import kernels
from workbench.ground import descriptors
from workbench.ground.words import _

FORK = "WORKBENCH_FORK"
#: Seconds that a zygote may take to import everything.
PATIENCE = 120
#: What a zygote says when it is, followed by what it had to leave out.
WARM = b"warm"
#: Seconds after which whoever waits for a child's end looks whether another has seen it.
LOOK_AGAIN = 1.0
#: How the names begin of what Python reads as it starts, and libraries as they are imported.
_READ_AT_START = ("PYTHON", "LANG", "LC_", "LD_", "MPLBACKEND")
#: What has libraries do without threads of their own, which would not live through a fork.
_NO_THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "_RJEM_MALLOC_CONF": "background_thread:false",
}


NOT_HERE = "only Linux has what forking them asks for"


class CannotFork(Exception):
    """No child could be forked here; the ordinary way still works. Says why."""


def able() -> bool:
    """Whether kernels can be forked here and nobody asked for the ordinary ones."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get(FORK, "") != "0"


class Child:
    """A forked process as its owner sees it. Once its end is known, no descriptor is held any more."""

    def __init__(self, pid: int, handle: int, status: socket.socket) -> None:
        self.pid = pid
        self._handle = handle
        self._status = status
        self._code: int | None = None
        self._turn = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether it still runs; takes nothing from whoever wants to know how it ended."""
        return not _readable(self._handle, 0)

    def poll(self) -> int | None:
        """None while it runs, then how it ended: its exit code, or minus the signal."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Waits up to `timeout` seconds for its end; see `poll`."""
        until = None if timeout is None else time.monotonic() + timeout
        while self._code is None:
            left = LOOK_AGAIN if until is None else min(LOOK_AGAIN, max(0.0, until - time.monotonic()))
            if _readable(self._handle, left):
                self._ended()
            elif until is not None and time.monotonic() >= until:
                return None
        return self._code

    def _ended(self) -> None:
        """Takes down how it ended, and lets go of it."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        with self._turn:
            if self._code is not None:
                return
            code = -signal.SIGKILL
            try:
                self._status.settimeout(1)
                code = int(self._status.recv(64) or "")
            except (OSError, ValueError):  # the zygote ended first and took the answer with it
                with suppress(ChildProcessError):  # and perhaps left us the child
                    os.waitid(os.P_PIDFD, self._handle, os.WEXITED | os.WNOHANG)
            self._status.close()
            os.close(self._handle)
            self._handle, self._code = -1, code

    def signal(self, number: int) -> None:
        """Sends a signal to the process and those it started; one that has ended is no mistake."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def end(self, patience: float = 0) -> None:
        """Waits so many seconds for its end, then kills it and whatever it started."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        self.wait(patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._status.close()

    def __repr__(self) -> str:
        return f"<Child {self.pid}>"


class Zygote:
    """The owner's end of a zygote, which is started by the first fork; whoever makes one closes it.

    It starts in `environ` (by default as its owner's is then), and says what goes wrong to `errors`.
    """

    def __init__(self, preload: Iterable[str], environ: Mapping[str, str] | None = None, errors: int | None = None):
        self._preload = tuple(preload)
        self._environ = environ
        self._errors = errors
        self._process: subprocess.Popen[bytes] | None = None
        self._borrowed = False
        self._warm = False
        self._closing = False
        self._children: tuple[Child, ...] = ()
        self._control: socket.socket | None = None
        self._owner = 0
        self._read_at_start: Mapping[str, str] = {}
        self._turn = threading.Lock()
        #: Why children do not start as warm as they could, for people to read; "" while nothing is known of it.
        self.complaint = ""

    @property
    def pid(self) -> int | None:
        """The zygote's process, while there is one."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def children(self) -> list[int]:
        """The processes that it forked for its owner and that still run."""
        return [child.pid for child in self._children if child.alive]

    def borrow(self, descriptor: int) -> None:
        """Forks from another process's zygote, whose line this is, until that ends or another kind is wanted."""
        with self._turn:
            self._drop()
            self._control = socket.socket(fileno=descriptor)
            self._control.set_inheritable(False)
            self._owner, self._borrowed, self._warm = os.getpid(), True, True
            self._read_at_start = _read_at_start(os.environ)

    def start(self, environ: Mapping[str, str] | None = None) -> None:
        """Begins to warm up, for children with such an environment or ours, without waiting for it."""
        with self._turn:
            self._ready(os.environ if environ is None else environ)

    def look(self, environ: Mapping[str, str] | None = None) -> str:
        """Waits until it is warm, or cannot be; returns the `complaint`."""
        try:
            with self._turn:
                self._ready(os.environ if environ is None else environ)
                self._asked({}, None, ())
        except CannotFork as why:
            self.complaint = "" if self._closing else _cold(why)
        return self.complaint

    def tell(self, environ: Mapping[str, str], say: Callable[[str], object]) -> None:
        """Says the `complaint`, once it is known; "" where there is none. Does not wait."""
        asked = partial(copy_context().run, lambda: say(self.look(environ)))  # in the language spoken here
        threading.Thread(target=asked, name="look", daemon=True).start()

    def fork(
        self,
        run: str,
        arguments: Mapping[str, Any],
        line: socket.socket,
        *,
        environ: Mapping[str, str],
        folder: str,
        stdio: Sequence[int | None],
        watched: bool = True,
    ) -> Child:
        """A child that calls `run` ("module:function") with its line and `arguments`, which are JSON.

        `line` is the child's end and is closed here. Of `stdio` None stands for this zygote's line, by which
        the child may `borrow` it. A child that is not `watched` sees itself that it ends with its owner.
        Raises CannotFork.
        """
        request = {
            "run": run, "arguments": arguments, "environ": dict(environ), "folder": folder, "watched": watched,
        }  # fmt: skip
        with line:
            try:
                return self._forked(request, line, stdio, environ)
            except CannotFork as why:
                self.complaint = "" if self._closing else _cold(why)
                raise

    def _forked(
        self, request: Mapping[str, Any], line: socket.socket, stdio: Sequence[int | None], environ: Mapping[str, str]
    ) -> Child:
        for _attempt in range(3):  # a zygote that was killed, or is out of date, is made anew
            with self._turn:
                self._ready(environ)
                child = self._asked(request, line, stdio)
                if child is not None:
                    self._children = (*(one for one in self._children if one.alive), child)
                    return child
                self._drop()
        raise CannotFork(_("the process that forks them ended again and again"))

    def close(self) -> None:
        """Ends the zygote at once, even as it warms up. Its children go on until their lines are closed."""
        self._closing = True
        process = self._process
        if process is not None and self._owner == os.getpid():
            process.kill()  # whoever waits for it lets go of the turn
        with self._turn:
            self._drop()
            self._closing = False

    def _ready(self, environ: Mapping[str, str]) -> None:
        if self._closing:
            raise CannotFork(_("the process that forks them is being closed"))
        wanted = _read_at_start(environ)
        here = self._borrowed or self.pid is not None
        if not here or self._owner != os.getpid() or wanted != self._read_at_start:
            self._read_at_start = wanted
            self._begin()

    def _begin(self) -> None:
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        self._drop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        given = os.environ if self._environ is None else self._environ
        environ = {
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel says where nobody does
            **{name: value for name, value in given.items() if not name.startswith(_READ_AT_START)},
            **self._read_at_start,
            **_NO_THREADS,
        }
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                command(theirs.fileno(), self._preload, {}),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",  # no file of the folder one stands in is taken for a library
                env=environ,
                start_new_session=True,  # out of reach of the terminal's Ctrl-C, which is for its owner
            )
        descriptors.as_before(self._process.pid)
        self._control = ours
        self._owner = os.getpid()
        self._warm = False
        self.complaint = ""

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()  # it holds nothing, and may still be busy warming up
            self._process.wait()
        self._process = None
        self._borrowed = False

    def _warmed(self, control: socket.socket) -> bool:
        """Waits until the zygote is warm; says whether it is: what is sent to it before would keep it from ending."""
        if not self._warm:
            if not _readable(control.fileno(), PATIENCE):
                raise TimeoutError
            said = control.recv(1 << 16)
            self._warm = said.startswith(WARM)
            if self._warm:
                self.complaint = " ".join(
                    _(
                        "{module} is not kept ready: as it is imported it starts a thread ({thread}), and a process"
                        " with threads cannot be forked. What uses it starts slower."
                    ).format(module=module, thread=thread)
                    for module, thread in json.loads(said[len(WARM) :]).items()
                )
        return self._warm

    def _asked(
        self, request: Mapping[str, Any], line: socket.socket | None, stdio: Sequence[int | None]
    ) -> Child | None:
        """The child that was forked; None when the zygote is gone or out of date, or there is no line and it looks."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        written = os.memfd_create("request")
        try:
            with theirs:
                os.write(written, json.dumps(request).encode())
                if self._control is None or not self._warmed(self._control):
                    return None
                handed = [self._control.fileno() if one is None else one for one in stdio]
                lines = [] if line is None else [line.fileno()]
                socket.send_fds(self._control, [b"fork"], [written, theirs.fileno(), *lines, *handed])
            status.settimeout(PATIENCE)
            answer, handles, _flags, _address = socket.recv_fds(status, 4096, 1)
            said = json.loads(answer or b"{}")
            if "pid" in said:
                return Child(said["pid"], handles[0], status)
        except TimeoutError:
            raise CannotFork(_("the process that forks them does not answer")) from None
        except OSError:
            said = {}
        finally:
            os.close(written)
        status.close()
        if "threads" in said:
            threads = ", ".join(said["threads"])
            raise CannotFork(_("the process that forks them has threads ({threads})").format(threads=threads))
        return None


def _cold(why: CannotFork) -> str:
    return _("Pages and reports start some ten times slower than they could: {why}.").format(why=why)


def command(control: int, preload: Iterable[str], left_out: Mapping[str, str]) -> list[str]:
    plan = json.dumps([list(preload), dict(left_out)])
    return [sys.executable, "-Xfrozen_modules=off", "-m", "workbench.kernels.forking", str(control), plan]


def _read_at_start(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(_READ_AT_START)}


def zygote() -> Zygote:
    """This process's zygote, which ends with it."""
    return _zygote(os.getpid())


@cache
def _zygote(_process: int) -> Zygote:
    made = Zygote(kernels.preload())
    atexit.register(made.close)
    return made


def _readable(descriptor: int, timeout: float | None) -> bool:
    if sys.platform != "linux":
        raise CannotFork(NOT_HERE)
    if descriptor < 0:
        return True
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(None if timeout is None else timeout * 1000))
