"""Kernels forked ahead, as their owner holds them; `spare` is what runs in them.

    owner                           spare
      │──────── fork ─────────────────►│  sockets, threads, shell
      │◄─── READY or PERSONAL ─────────│
      │──────── claim, stdio ─────────►│  environment, folder, connection
      │◄─────── TAKEN ─────────────────│  start-up files, extensions; then it answers its clients

A spare is born knowing nothing of an environment but what it must, and what a claim says takes the
place of that. Where no spare is to be had, or none that fits, a kernel is forked and claimed at once.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self

from jupyter_client.connect import port_names

from workbench.ground.scratch import Scratch
from workbench.kernels.zygote import NOT_HERE, CannotFork, Child, Zygote, zygote

SPARES = "WORKBENCH_SPARES"
#: Seconds after a kernel was taken before another is forked: meanwhile a page starts.
QUIET = 3.0
#: Seconds that a kernel may take to be there, or to say that it is taken.
PATIENCE = 60
#: What a spare says to its owner.
READY, PERSONAL, TAKEN = b"ready", b"personal", b"taken"
#: The sockets of a spare are its address and these numbers.
PORTS = {name: number for number, name in enumerate(sorted(port_names), 1)}
#: How the names begin of what matters in an environment before a kernel is claimed.
_MATTERS = ("HOME", "IPY", "JUPYTER", "LANG", "LC_", "LD_", "PYDEVD", "PYTEST", "PYTHON", "SOURCE_DATE", "USER", "XDG")


@dataclass(frozen=True)
class Birth:
    """What of a claim matters before it is made: a spare is born with this, and fits those of the same."""

    environ: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...] = ()

    @classmethod
    def of(cls, environ: Mapping[str, str], arguments: Sequence[str] = ()) -> Self:
        matters = sorted((name, value) for name, value in environ.items() if name.startswith(_MATTERS))
        return cls(tuple(matters), tuple(arguments))


@dataclass(frozen=True)
class Claim:
    """Whose a kernel is to be: `arguments` are those of its launcher, `stdio` three descriptors."""

    environ: Mapping[str, str]
    folder: str
    arguments: Sequence[str]
    stdio: Sequence[int]

    @property
    def birth(self) -> Birth:
        return Birth.of(self.environ, self.arguments[2:])

    def send(self, line: socket.socket) -> None:
        """Sends it, and the descriptors with it. Raises OSError."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        written = os.memfd_create("claim")
        try:
            os.write(written, json.dumps([dict(self.environ), self.folder, list(self.arguments)]).encode())
            socket.send_fds(line, [b"claim"], [written, *self.stdio])
        finally:
            os.close(written)

    @classmethod
    def received(cls, line: socket.socket) -> Self | None:
        """The one that comes; None when its sender is gone."""
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        said, given, _flags, _address = socket.recv_fds(line, 16, 4)
        if not said:
            return None
        written, *stdio = given
        with os.fdopen(written, "rb") as file:
            file.seek(0)
            environ, folder, arguments = json.load(file)
        return cls(environ, folder, arguments, stdio)


class Forked:
    """A forked kernel, with what is wanted of a `Popen`. It ends when nobody holds it any more."""

    stdin = stdout = stderr = None

    def __init__(self, child: Child, line: socket.socket, address: str) -> None:
        self.pid = child.pid
        self.address = address
        self.personal = False
        self._child = child
        self._line = line
        line.settimeout(PATIENCE)

    def begun(self) -> Self:
        """Waits until it listens; raises CannotFork."""
        said = self._hear()
        if said not in (READY, PERSONAL):
            self.close()
            raise CannotFork("the kernel ended as it began")
        self.personal = said == PERSONAL
        return self

    def claimed(self, claim: Claim) -> bool:
        """Whether it is the claim's from now on; if not, it has ended."""
        with suppress(OSError):
            claim.send(self._line)
            if self._hear() == TAKEN:
                return True
        self.close()
        return False

    def poll(self) -> int | None:
        return self._seen(self._child.poll())

    def wait(self) -> int | None:
        return self._seen(self._child.wait())

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Ends it if it runs, with all it started, and takes its sockets away."""
        if self._line.fileno() >= 0:
            self._line.close()
            self._child.end()
            for number in PORTS.values():
                Path(f"{self.address}-{number}").unlink(missing_ok=True)

    def _seen(self, code: int | None) -> int | None:
        if code is not None:  # nobody clears up after a kernel that died by itself
            self.close()
        return code

    def _hear(self) -> bytes:
        with suppress(OSError):
            return self._line.recv(16)
        return b""


class Spares:
    """The kernels of one process: some forked ahead, and more when they are asked for. Whoever makes it ends it."""

    def __init__(self, parent: Zygote, size: int) -> None:
        self.threads = ThreadPoolExecutor(4, thread_name_prefix="kernels")
        self._zygote = parent
        self._size = size
        self._owner = os.getpid()
        self._scratch = Scratch(kind="kernels-")
        self._numbers = count(1)
        self._turn = threading.Lock()
        self._waiting: list[Forked] = []
        self._birth: Birth | None = None
        self._more = False  # somebody is expected who will want one
        self._quiet_until = 0.0
        self._keeper: threading.Thread | None = None

    def prepare(self, environ: Mapping[str, str]) -> None:
        """Begins to get ready for claims with such an environment, without waiting for it."""
        self._zygote.start(environ)
        with self._turn:
            unfit = self._turn_to(Birth.of(environ))
            self._more = True
            self._keep()
        _end(unfit)

    def take(self, claim: Claim) -> Forked:
        """A kernel that is the claim's; raises CannotFork."""
        kernel = self._next(claim.birth)
        while kernel is not None and not kernel.claimed(claim):
            kernel = self._next(claim.birth)
        if kernel is None:
            kernel = self._fork(claim.environ, claim.folder, claim.birth.arguments)
            if not kernel.claimed(claim):
                raise CannotFork("the kernel ended as it was claimed")
        with self._turn:
            self._quiet_until = time.monotonic() + QUIET
            if self._more and not kernel.personal:
                self._keep()
            self._more = True
        return kernel

    def address(self) -> str:
        """An address that no other kernel has: what the paths of its sockets begin with."""
        return str(self._scratch.path / str(next(self._numbers)))

    def close(self) -> None:
        """Ends the spares; kernels that were taken go on."""
        with self._turn:
            unfit = self._turn_to(None)
        _end(unfit)

    def end(self) -> None:
        """Ends the spares and takes away every kernel's sockets."""
        if self._owner == os.getpid():
            self.close()
            self._scratch.close()

    def _next(self, birth: Birth) -> Forked | None:
        """A spare that was born so, if there is one."""
        with self._turn:
            unfit = self._turn_to(birth)
            found = self._waiting.pop(0) if self._waiting else None
        _end(unfit)
        return found

    def _turn_to(self, birth: Birth | None) -> list[Forked]:
        """From now on spares are born so; returns those that are of no use any more."""
        if birth == self._birth:
            return []
        self._birth, unfit, self._waiting = birth, self._waiting, []
        return unfit

    def _keep(self) -> None:
        if self._size and (self._keeper is None or not self._keeper.is_alive()):
            self._keeper = threading.Thread(target=self._keep_up, name="spares", daemon=True)
            self._keeper.start()

    def _keep_up(self) -> None:
        """Forks one after the other until there are enough, and only while no page is starting."""
        while True:
            with self._turn:
                birth, pause = self._birth, self._quiet_until - time.monotonic()
                if birth is None or len(self._waiting) >= self._size:
                    self._keeper = None
                    return
            if pause > 0:
                time.sleep(pause)
                continue
            spare = None
            with suppress(CannotFork, OSError):
                spare = self._fork(dict(birth.environ), "/", birth.arguments)
            with self._turn:
                if self._birth == birth and (spare is None or spare.personal):
                    self._birth = None  # none of these can be had
                elif self._birth == birth and spare is not None:
                    self._waiting.append(spare)
                    continue
            _end([spare] if spare is not None else [])

    def _fork(self, environ: Mapping[str, str], folder: str, arguments: Sequence[str]) -> Forked:
        if sys.platform != "linux":
            raise CannotFork(NOT_HERE)
        address = self.address()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            child = self._zygote.fork(
                "workbench.kernels.spare:run",
                {"address": address, "arguments": list(arguments)},
                theirs,
                environ=environ,
                folder=folder,
                stdio=(nothing, nothing, nothing),
            )
        except BaseException:
            ours.close()
            raise
        finally:
            os.close(nothing)
        return Forked(child, ours, address).begun()


def _end(kernels: Iterable[Forked]) -> None:
    for kernel in kernels:
        kernel.close()


def spares() -> Spares:
    """This process's kernels, which end with it."""
    return _spares(os.getpid())


@cache
def _spares(_process: int) -> Spares:
    size = os.environ.get(SPARES, "")
    made = Spares(zygote(), int(size) if size.isdecimal() else 2)
    atexit.register(made.end)
    return made
