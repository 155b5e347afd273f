"""Folders for what a process keeps while it runs; what a killed one has left, the next one sweeps out.

A folder is its owner's as long as that holds the lock of the file in it. Where files cannot be
locked so, folders go with their owners all the same, but nothing is swept.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

if sys.platform != "win32":
    import fcntl

PREFIX = "workbench-"
_LOCK = "owner"
#: The longest temporary folder, in bytes, in which a socket still has room for its path.
_SHORT = 70


class Scratch:
    """A private folder at `path`; whoever makes one closes it, in the same process.

    It lies in the temporary folder of the process, or in `place`; where that is too deep for
    sockets, in /tmp.
    """

    def __init__(self, place: str | None = None, kind: str = "") -> None:
        place = place or tempfile.gettempdir()
        if len(os.fsencode(place)) > _SHORT and sys.platform != "win32":
            place = "/tmp"  # noqa: S108 - the folder in it is private
        _sweep(Path(place))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX + kind, dir=place))
        self._owner = os.getpid()
        self._lock = _locked(self.path)

    def close(self) -> None:
        """Takes it away with all that is in it."""
        if self._owner == os.getpid():
            shutil.rmtree(self.path, ignore_errors=True)
            if self._lock is not None:
                self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _locked(folder: Path) -> IO[bytes] | None:
    """The lock of a new folder: it has its name only once it is held."""
    if sys.platform != "win32":
        lock = (folder / "new").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "new").rename(folder / _LOCK)
        return lock
    return None


def _sweep(place: Path) -> None:
    """Takes away the folders whose owner is gone."""
    if sys.platform != "win32":
        for left in place.glob(f"{PREFIX}*"):
            with suppress(OSError), (left / _LOCK).open("rb") as its_lock:
                if left.is_symlink() or left.stat().st_uid != os.geteuid():
                    continue
                fcntl.flock(its_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
