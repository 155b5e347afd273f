"""Which servers have a workspace open: told by locks that end with their process, however it ends.

Each server holds `.running/HOST-PORT.lock` and says beside it who it is. A killed server leaves the two files and no
lock, so nothing takes it for one that runs. Whoever puts a backup back holds `.running/restore.lock`.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.ground.errors import NotReady
from workbench.ground.words import _, ngettext

FOLDER = ".running"
_RESTORE = "restore"
_PATIENCE = 5.0  # seconds; whoever asks whether a lock is held holds it for a moment
_A_MOMENT = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its process (0 for one that had no room to tell), its port, and the computer it is on."""

    process: int
    port: int
    computer: str

    @property
    def here(self) -> bool:
        """Whether it is on this computer."""
        return self.computer == socket.gethostname()

    def __str__(self) -> str:
        if not self.process:
            return f"{self.computer}:{self.port}"
        said = (
            _("process {process}, http://127.0.0.1:{port}")
            if self.here
            else _("process {process}, port {port}, on the computer {computer}")
        )
        return said.format(**asdict(self))


@contextmanager
def serving(workspace: Path, port: int) -> Iterator[None]:
    """Counts this process among the servers of a workspace; raises NotReady while a backup is put back there."""
    me = Server(os.getpid(), port, socket.gethostname())
    with _lock(workspace, f"{re.sub(r'[^A-Za-z0-9]+', '-', me.computer)}-{port}", _PATIENCE) as name:
        if _held(workspace, _RESTORE):
            raise _restoring()
        note = workspace / FOLDER / f"{name}.json"
        _OURS[note] = me
        with suppress(OSError):  # a full disk
            note.write_text(json.dumps(asdict(me)), encoding="utf-8")
        try:
            yield
        finally:
            del _OURS[note]
            note.unlink(missing_ok=True)


#: What this process would have found in its own notes.
_OURS: dict[Path, Server] = {}


@contextmanager
def closed(workspace: Path) -> Iterator[None]:
    """Keeps servers from beginning meanwhile; raises NotReady when one runs, or a backup is being put back."""
    with _lock(workspace, _RESTORE, 0):
        if running := servers(workspace):
            said = ngettext(
                "A server has this workspace open: {who}.", "Servers have this workspace open: {who}.", len(running)
            )
            raise NotReady(
                said.format(who="; ".join(map(str, running))),
                _("Press Ctrl-C in the window where it was started, or end that process, and try again."),
            )
        yield


def servers(workspace: Path) -> tuple[Server, ...]:
    """The servers that have a workspace open now, this process among them."""
    locks = (lock for lock in sorted((workspace / FOLDER).glob("*.lock")) if lock.stem != _RESTORE)
    return tuple(_noted(lock.with_suffix(".json")) for lock in locks if _held(workspace, lock.stem))


def _noted(note: Path) -> Server:
    """The server that a note tells of, or its name: it begins just now, or the disk is full."""
    if note in _OURS:
        return _OURS[note]
    try:
        return Server(**json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        computer, _dash, port = note.stem.rpartition("-")
        return Server(0, int(port) if port.isdecimal() else 0, computer)


@contextmanager
def _lock(workspace: Path, name: str, patience: float) -> Iterator[str]:
    folder = workspace / FOLDER
    lock = FileLock(folder / f"{name}.lock", timeout=patience, mode=0o600)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise _restoring() from None  # nobody else holds one for longer than a moment
    except OSError:
        raise NotReady(
            _("The workbench may not write in {folder}.").format(folder=workspace),
            _("Give yourself write permission there: it keeps its log and the key to your sign-in in it."),
        ) from None
    try:
        yield name
    finally:
        lock.release()


def _held(workspace: Path, name: str) -> bool:
    path = workspace / FOLDER / f"{name}.lock"
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=_A_MOMENT, mode=0o600):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that may only be read: nobody else holds it in a way that could be told
        return False


def _restoring() -> NotReady:
    return NotReady(_("A backup is just being put back in this workspace."), _("Wait until it is done, and try again."))
