"""A SQLite file and the connections to it: in turn, on the disk, and still the file of that name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from workbench.ground.errors import NotReady
from workbench.ground.words import _
from workbench.store.turns import Turns

#: Devices and inodes of the store, its log, and the memory its users share.
Files = tuple[tuple[int, int] | None, ...]
#: A moment in a store's history: the newest change's number and time. After a backup was put back its number is given
#: again, its time is not.
Moment = tuple[int, str]
_BESIDE = ("", "-wal", "-shm")
_REPLACED = ".replaced"  # ends the name of a log whose store another file has taken the place of


class Connection(sqlite3.Connection):
    """A connection that knows which files it has open."""

    files: Files = ()


class File:
    """The SQLite file at `path` while an engine uses it.

    What takes its place meanwhile (a restore, a program that keeps folders in step) is noticed by `check`: nothing is
    written to, or read from, a file that no longer has its name.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.path = path
        self.turns = Turns.of(path.absolute())
        self._patience = patience
        self._opened = False
        self._newest: Moment | None = None  # what the file must know that takes the place of the one that was open

    def connect(self) -> Connection:
        """A new connection. Raises NotReady when the file has gone, or does not know what was read and written here."""
        if self._opened and not self.path.exists():
            raise _gone()
        _make_private(self.path)
        readonly = not os.access(self.path, os.W_OK)
        with self.turns.quiet() as noted:
            if not readonly:
                self._put_aside(noted)
            try:
                connection = self._connection(readonly)
            except sqlite3.OperationalError:  # a full disk has no room for the memory its users share
                self.turns.give_up()
                connection = self._connection(readonly)
            try:
                if not readonly:
                    store, log, _memory = connection.files
                    self.turns.note(store[1] if store else 0, log[1] if log else 0)
                if self._newest is not None and not _knows(connection, self._newest):
                    raise _another()
            except BaseException:
                connection.close()
                raise
        self._opened, self._newest = True, None
        return connection

    def check(self, connection: Connection) -> None:
        """Returns when the connection has the files open that bear the names; raises NotReady when not."""
        now = _files(self.path)
        if now == connection.files:
            return
        if self._newest is None:
            with suppress(sqlite3.Error):
                self._newest = _newest(connection)
        raise _gone() if now[0] is None else _replaced()

    def _connection(self, readonly: bool) -> Connection:
        uri = self.path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rw")
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=self._patience,
            check_same_thread=False,
            isolation_level=None,
            factory=Connection,
        )
        try:
            before = _files(self.path)[0]
            connection.execute("PRAGMA foreign_keys=ON")
            if not readonly:
                if not self.path.stat().st_size:  # in one that is there it waits for whoever writes
                    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # room is given back by `trim`
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA fullfsync=ON")  # macOS, whose fsync stops at the disk's own cache
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # opens the log
            connection.files = _files(self.path)
        except BaseException:
            connection.close()
            raise
        if connection.files[0] != before:
            connection.close()
            raise _replaced()
        return connection

    def _put_aside(self, noted: tuple[int, int] | None) -> None:
        """Takes away the log of a file that another has taken the place of: SQLite would read it into this one."""
        store, log, _memory = _files(self.path)
        if noted is None or store is None or log is None or store[1] == noted[0] or log[1] != noted[1]:
            return
        with suppress(OSError):
            name = self.path.name
            self.path.with_name(f"{name}-wal").replace(self.path.with_name(f"{name}-wal{_REPLACED}"))
            self.path.with_name(f"{name}-shm").unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    """Makes a missing database a file of its owner's alone; SQLite gives what it puts beside it the same mode."""
    with suppress(OSError):  # SQLite says why
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _files(path: Path) -> Files:
    found: list[tuple[int, int] | None] = []
    for name in _BESIDE:
        try:
            one = Path(f"{path}{name}").stat()
        except OSError:
            found.append(None)
        else:
            found.append((one.st_dev, one.st_ino))
    return tuple(found)


def _newest(connection: sqlite3.Connection) -> Moment | None:
    """The newest change a store knows; None for one without changes, such as the audit's."""
    with closing(connection.execute("SELECT id, at FROM changes ORDER BY id DESC LIMIT 1")) as found:
        row = found.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _knows(connection: sqlite3.Connection, moment: Moment) -> bool:
    try:
        with closing(connection.execute("SELECT at FROM changes WHERE id = ?", moment[:1])) as found:
            row = found.fetchone()
    except sqlite3.Error:
        return False
    return row is not None and str(row[0]) == moment[1]


def _replaced() -> NotReady:
    return NotReady(
        _("The workspace’s database was replaced while it was open, so nothing was read or saved this time."),
        _("Try again in a moment. If you put no backup back, take the workspace out of folders that are synced."),
    )


def _another() -> NotReady:
    return NotReady(
        _(
            "The workspace’s database is an older one than this page began with, so nothing was read or saved this "
            "time."
        ),
        _("Reload the page, or start the command again: it goes on from what is there now."),
    )


def _gone() -> NotReady:
    return NotReady(
        _("The workspace’s database is no longer in its place, so nothing was read or saved this time."),
        _("Put the workspace’s folder back as it was, then try again. “workbench doctor” says what is missing."),
    )
