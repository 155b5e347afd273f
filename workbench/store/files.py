"""A store or an audit as a file: whether it is whole, what it tells, a copy of it while somebody writes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from workbench.ground.errors import DiskFull, NotReady
from workbench.ground.words import _
from workbench.store import tables
from workbench.store.engine import BUSY_SECONDS, refusal
from workbench.store.turns import Turns

#: Learners whom an import that stands tells of: in every layout there was.
_LEARNERS = (
    "SELECT count(DISTINCT learner_id) FROM learner_sightings WHERE import_id IN "
    "(SELECT id FROM imports WHERE committed IS NOT NULL AND undone IS NULL)"
)
_SAID = (*tables.JOURNALS, tables.class_settings.name)
_PLACES = ",".join("?" * len(_SAID))


class State(StrEnum):
    """What a file is found to be. `FOREIGN`: no database, or not one of ours.

    `BUSY`, `FULL`, `FAILED`: it could not be looked at, since another program keeps it, the disk has no room, or an
    error.
    """

    GOOD = "good"
    MISSING = "missing"
    EMPTY = "empty"
    FOREIGN = "foreign"
    DAMAGED = "damaged"
    BUSY = "busy"
    FULL = "full"
    FAILED = "failed"


#: What an error of SQLite's says of a file; any other is the disk's.
_SAYS = {
    sqlite3.SQLITE_BUSY: State.BUSY,
    sqlite3.SQLITE_LOCKED: State.BUSY,
    sqlite3.SQLITE_PROTOCOL: State.BUSY,
    sqlite3.SQLITE_CANTOPEN: State.BUSY,
    sqlite3.SQLITE_NOTADB: State.FOREIGN,
    sqlite3.SQLITE_CORRUPT: State.DAMAGED,
    sqlite3.SQLITE_ERROR: State.DAMAGED,  # a format that is none, or a part that is missing
    sqlite3.SQLITE_FULL: State.FULL,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a store's file tells of itself: its layout, how many learners, the first and the newest change.

    `said` is when something was said last: a change of people, not of an import.
    """

    layout: str = ""
    learners: int = 0
    changes: int = 0
    first: datetime | None = None
    newest: datetime | None = None
    said: datetime | None = None


def file_of(url: str) -> Path | None:
    """The file at an address; None where a server keeps the store."""
    parsed = sa.make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def address_of(path: Path) -> str:
    """The address of a file, whatever its folders are called."""
    return sa.URL.create("sqlite", database=str(path.absolute())).render_as_string()


def beside(path: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside a file while it is open, and after a process was killed."""
    return Path(f"{path}-shm"), Path(f"{path}-wal"), Path(f"{path}-journal")


def state_of(path: Path, table: str, *, thorough: bool = False) -> State:
    """Reads a whole file to see whether it is good and has `table`; `thorough` also compares what belongs together."""
    try:
        size = path.stat().st_size
    except OSError:
        return State.MISSING
    if not size:
        return State.EMPTY
    try:
        with opened(path) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall():
                return State.FOREIGN
            said = database.execute(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(1)").fetchall()
            apart = database.execute("PRAGMA foreign_key_check").fetchone() if thorough else None
    except sqlite3.Error as error:
        return _said_by(error)
    return State.GOOD if said == [("ok",)] and apart is None else State.DAMAGED


def is_good(path: Path, table: str, *, thorough: bool = False) -> bool:
    """Whether a file is good; raises NotReady when it cannot be told."""
    state = state_of(path, table, thorough=thorough)
    if (error := kept_from(path, state)) is not None:
        raise error
    return state is State.GOOD


def _said_by(error: sqlite3.Error) -> State:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # none: a text that is none
    return State.FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else _SAYS.get(code & 0xFF, State.FAILED)


def kept_from(path: Path, state: State) -> NotReady | None:
    """Why a file could not be looked at; None where it could."""
    if state is State.BUSY:
        return NotReady(
            _("The file {file} could not be looked at: another program keeps it for itself.").format(file=path),
            _("Close other programs that use the workspace, such as one that makes copies, and try again."),
        )
    if state is State.FULL:
        return DiskFull(*refusal(sqlite3.SQLITE_IOERR_SHMSIZE))
    return NotReady(*refusal(sqlite3.SQLITE_IOERR)) if state is State.FAILED else None


def copy(source: Path, target: Path) -> None:
    """Copies a database to a new file, whoever writes meanwhile: all of it is of one moment. Raises sqlite3.Error."""
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with opened(source) as live, closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous=OFF")  # it is flushed as a whole, by whoever gives it its name
        live.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it


def told(path: Path) -> Told:
    """What a good store tells of itself, of whatever layout it is. Raises sqlite3.Error."""
    with opened(path) as database:
        (learners,) = database.execute(_LEARNERS).fetchone()
        changes, first, newest = database.execute("SELECT count(*), min(at), max(at) FROM changes").fetchone()
        (said,) = database.execute(f"SELECT max(at) FROM changes WHERE what IN ({_PLACES})", _SAID).fetchone()  # noqa: S608
        layout = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return Told(layout[0] if layout else "", learners, changes, moment(first), moment(newest), moment(said))


def moment(kept: str | None) -> datetime | None:
    """A moment as SQLite keeps it; None for none, and for what is no moment."""
    try:
        return datetime.fromisoformat(kept).replace(tzinfo=UTC) if kept else None
    except ValueError:
        return None


def others_have(path: Path) -> bool:
    """Whether another process, or another part of this one, has a good database open now."""
    try:
        with closing(_connection(path, 0.2)) as database:
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


@contextmanager
def opened(path: Path, *, patience: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A file that is there, opened as it is. Raises sqlite3.Error."""
    try:
        database = _read(path, patience)
    except sqlite3.Error as error:
        if _said_by(error) is not State.FULL:
            raise
        Turns.of(path.absolute()).give_up()
        database = _read(path, patience)
    with closing(database):
        yield database


def _read(path: Path, patience: float) -> sqlite3.Connection:
    """A connection that has what it needs to read: the memory, too, that those who have a store open share."""
    database = _connection(path, patience)
    try:
        database.execute("PRAGMA schema_version").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def _connection(path: Path, patience: float) -> sqlite3.Connection:
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)
