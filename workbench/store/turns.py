"""Writers of one file in turn.

SQLite lets those who wait try again at ever longer intervals, so whoever comes at the right moment goes first and, of
thirty, some wait until they are refused. Here everybody draws a number and goes when nobody with a smaller one is left.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import ClassVar
from weakref import WeakValueDictionary

if sys.platform != "win32":
    import fcntl

#: Whether bytes of a file can be locked; on Windows SQLite's own waiting has to do.
LOCKS = sys.platform != "win32"

NAME = "-turns"
#: So long nobody moves on before whoever waits goes ahead: one who was stopped in the middle keeps nobody longer.
STALLED = 5.0  # seconds
#: The file keeps some room, given up where a full disk has none for what SQLite needs to open the store.
_KEPT_ROOM = 128 << 10  # bytes
_LONGEST_LOOK = 0.02  # seconds between looks of one far behind
_DRAWING, _HERE, _FIRST = 0, 1, 64  # bytes that are locked: while drawing, while open, and from here on a number's own
_HEAD = struct.Struct("<4q")  # the next number, the number that is on, and the inodes of the store and its log


class Turns:
    """The queue before the SQLite file at `path`, in a file beside it; one for a process.

    A number is a byte that is locked, so the system takes out whoever dies. It is a courtesy: SQLite's own lock keeps
    the data right, and where nothing can be locked, everybody goes ahead.
    """

    _known: ClassVar[WeakValueDictionary[Path, Turns]] = WeakValueDictionary()

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + NAME)
        self._thread = Lock()
        self._fd: int | None = None
        self._process = 0
        self._noted = False

    @classmethod
    def of(cls, path: Path) -> Turns:
        found = cls._known.get(path)
        if found is None:
            found = cls._known[path] = cls(path)
        return found

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for its turn, and has it inside."""
        alone = self._thread.acquire(timeout=STALLED)
        try:
            number = self._waited() if alone else None
            try:
                yield
            finally:
                if number is not None:
                    self._unlock(_FIRST, number + 1)
        finally:
            if alone:
                self._thread.release()

    @contextmanager
    def quiet(self) -> Iterator[tuple[int, int] | None]:
        """Nobody else draws or opens inside. Gives the inodes that were last noted of the store and its log while
        somebody had it open who still has; None where nobody has, or nothing can be locked."""
        fd = self._opened()
        if fd is None or not self._drawing(fd):
            yield None
            return
        try:
            others = not self._lock(_HERE, 1)
            self._lock(_HERE, 1, shared=True)  # from now on, as long as this process has the file open
            _next, _now, store, log = self._head(fd)
            yield (store, log) if others or self._noted else None
        finally:
            self._unlock(_DRAWING, 1)

    def note(self, store: int, log: int) -> None:
        """Notes the inodes of the store and its log, inside `quiet`."""
        if sys.platform != "win32" and self._fd is not None:
            drawn, now, *_before = self._head(self._fd)
            self._write(self._fd, drawn, now, store, log)
            self._noted = True
            if os.fstat(self._fd).st_size < _KEPT_ROOM:
                with suppress(OSError):  # a full disk
                    os.pwrite(self._fd, bytes(_KEPT_ROOM - _HEAD.size), _HEAD.size)

    def give_up(self) -> None:
        """Gives up the room that this file keeps."""
        if (fd := self._opened()) is not None:
            os.ftruncate(fd, _HEAD.size)

    def _waited(self) -> int | None:
        """Draws a number and waits until it is on; None where that cannot be done."""
        fd = self._opened()
        if fd is None or not self._drawing(fd):
            return None
        try:
            number, *rest = self._head(fd)
            self._write(fd, number + 1, *rest)
            if not self._lock(_FIRST + number, 1):
                return None
        finally:
            self._unlock(_DRAWING, 1)
        seen, since = -1, time.monotonic()
        while True:
            on = min(self._head(fd)[1], number)
            if on == number or self._lock(_FIRST + on, number - on):
                break
            if on != seen:
                seen, since = on, time.monotonic()
            elif time.monotonic() - since > STALLED:
                break
            time.sleep(min(0.001 * (number - on), _LONGEST_LOOK))
        if self._drawing(fd):
            drawn, on, *rest = self._head(fd)
            self._write(fd, drawn, max(on, number), *rest)
            self._unlock(_DRAWING, 1)
        return number

    def _drawing(self, fd: int) -> bool:
        """Takes the lock of what is written at the file's head; False where somebody keeps it, who must be stopped."""
        until = time.monotonic() + 1
        while not self._lock(_DRAWING, 1):
            if time.monotonic() > until:
                return False
            time.sleep(0.001)
        return True

    def _opened(self) -> int | None:
        """The file, this process's own: locks are not handed on by a fork."""
        if not LOCKS:
            return None
        if self._process != os.getpid():
            self._process, self._fd, self._noted = os.getpid(), None, False
            with suppress(OSError):  # a folder nobody may write in
                self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        return self._fd

    def _head(self, fd: int) -> tuple[int, int, int, int]:
        if sys.platform == "win32":
            return 0, 0, 0, 0
        found = os.pread(fd, _HEAD.size, 0).ljust(_HEAD.size, b"\0")
        drawn, on, store, log = _HEAD.unpack(found)
        return drawn, on, store, log

    def _write(self, fd: int, *head: int) -> None:
        if sys.platform != "win32":
            with suppress(OSError):  # a full disk, before the file had its one block
                os.pwrite(fd, _HEAD.pack(*head), 0)

    def _lock(self, start: int, length: int, *, shared: bool = False) -> bool:
        if sys.platform != "win32":
            how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
            with suppress(OSError):
                fcntl.lockf(self._fd or 0, how, length, start)
                return True
        return False

    def _unlock(self, start: int, length: int) -> None:
        if sys.platform != "win32":
            with suppress(OSError):
                fcntl.lockf(self._fd or 0, fcntl.LOCK_UN, length, start)

    def __del__(self) -> None:
        if self._fd is not None and self._process == os.getpid():
            os.close(self._fd)

    def __repr__(self) -> str:
        return f"<Turns beside {self._path.name}>"
