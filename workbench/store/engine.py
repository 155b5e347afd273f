"""Connections to SQLite and PostgreSQL, and their failures said as sentences."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from copy import copy
from functools import wraps
from pathlib import Path
from threading import get_ident
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from workbench.errors import BadInput, NotReady
from workbench.words import _

BUSY_SECONDS = 10.0
_WRITE_LOCK = 7_240_011  # PostgreSQL advisory lock: one writer at a time, as in SQLite


class _Compiled(dict[Any, Any]):
    """Statements as compiled for one kind of database, whichever engine asked first: a forked kernel finds them ready.

    SQLAlchemy's key begins with the engine's own dialect, and so would have each engine compile anew.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_COMPILED = {"sqlite": _Compiled(), "postgresql": _Compiled()}


def connect(url: str | URL) -> Engine:
    """An engine for `url`; whoever calls it disposes of it. Nothing is opened yet.

    Raises BadInput for a URL that is neither SQLite's nor PostgreSQL's.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number, among others
        backend = ""
    if backend == "sqlite":
        return _sqlite(parsed)
    if backend == "postgresql":
        patience = {} if "connect_timeout" in parsed.query else {"connect_timeout": int(BUSY_SECONDS)}
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args=patience,
            paramstyle="format",
            pool_pre_ping=True,
            hide_parameters=True,
            execution_options={"compiled_cache": _COMPILED["postgresql"]},
        )
    raise BadInput(
        _("The database’s address is not one the workbench knows."),
        _(
            "Look at --db, or at database in workbench.toml: "
            "write sqlite:///path/to/file.sqlite, or postgresql://user@host/name."
        ),
    )


def _sqlite(url: URL) -> Engine:
    path = Path(url.database) if url.database else None

    def creator() -> sqlite3.Connection:
        if path is None:
            return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        _make_private(path)
        readonly = path.exists() and not os.access(path, os.W_OK)
        uri = path.absolute().as_uri() + ("?mode=ro" if readonly else "?mode=rw")
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA foreign_keys=ON")
        if not readonly:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    pool = sa.pool.StaticPool if path is None else sa.pool.QueuePool
    engine = sa.create_engine(
        url,
        creator=creator,
        poolclass=pool,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED["sqlite"]},
    )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("workbench_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _make_private(path: Path) -> None:
    """Makes a missing database a file of its owner's alone; SQLite gives what it puts beside it the same mode."""
    with suppress(OSError):  # SQLite says why
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


#: The transaction that everything read and written meanwhile belongs to.
_TOGETHER: ContextVar[Connection | None] = ContextVar("together", default=None)


@contextmanager
def together(engine: Engine) -> Iterator[Connection]:
    """Makes one write transaction of what is read and written inside: all of it stands, or nothing does."""
    with writing(engine) as connection:
        before = _TOGETHER.set(connection)
        try:
            yield connection
        finally:
            _TOGETHER.reset(before)


class _Picture:
    """One read transaction that many reads share, and what was found in it; a write begins it anew."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.known: dict[Any, Any] = {}
        self.thread = get_ident()  # a thread begun inside takes the context with it, and has nothing of this
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        if self._connection is None:
            connection = self.engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def end(self) -> None:
        self.known.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_PICTURE: ContextVar[_Picture | None] = ContextVar("picture", default=None)


@contextmanager
def picture(engine: Engine) -> Iterator[None]:
    """Reads inside are of one moment, and what is asked twice is read once; what is written inside is seen after it."""
    if _open(engine) is not None or _pictured(engine) is not None:
        yield
        return
    taken = _Picture(engine)
    before = _PICTURE.set(taken)
    try:
        yield
    finally:
        _PICTURE.reset(before)
        taken.end()


def _pictured(engine: Engine) -> _Picture | None:
    taken = _PICTURE.get()
    if (
        taken is None
        or taken.engine.pool is not engine.pool
        or taken.thread != get_ident()
        or _open(engine) is not None
    ):
        return None
    return taken


S = TypeVar("S", bound="Read")
P = ParamSpec("P")
T = TypeVar("T")


class Read(Protocol):
    """A part of the store."""

    _engine: Engine


def once_a_picture(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Inside one `picture` the same question is answered from memory. Lists and dicts are the asker's own."""

    @wraps(method)
    def asked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        taken = _pictured(self._engine)
        if taken is None:
            return method(self, *args, **kwargs)
        key = (method.__qualname__, *map(_hashable, args), *((name, _hashable(one)) for name, one in kwargs.items()))
        if key not in taken.known:
            found = method(self, *args, **kwargs)
            taken.known[key] = found
        else:
            found = taken.known[key]
        return copy(found) if isinstance(found, list | dict) else found

    return asked


def _hashable(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return tuple(given)
    return frozenset(given) if isinstance(given, set | frozenset) else given


def _open(engine: Engine) -> Connection | None:
    connection = _TOGETHER.get()
    return connection if connection is not None and connection.engine.pool is engine.pool else None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection inside one read transaction: a consistent picture."""
    if (connection := _open(engine)) is not None:
        yield connection
        return
    if (taken := _pictured(engine)) is not None:
        with said():
            yield taken.connection()
        return
    with said(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection inside one write transaction; writers wait for each other in turn."""
    if (connection := _open(engine)) is not None:
        yield connection
        return
    taken = _pictured(engine)
    if taken is not None:
        taken.end()
    try:
        with said(), engine.connect().execution_options(workbench_write=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITE_LOCK)))
            yield connection
    finally:
        if taken is not None:
            taken.end()


@contextmanager
def adding(engine: Engine) -> Iterator[Connection]:
    """A connection inside one write transaction that makes nothing visible, so that its turn does not matter.

    On PostgreSQL nobody waits for it; in SQLite everybody who writes does.
    """
    with said(), engine.connect().execution_options(workbench_write=True) as connection, connection.begin():
        yield connection


_SQLITE_SAYS = {
    sqlite3.SQLITE_BUSY: (
        "The workspace’s database is busy: something else is writing to it.",
        "Wait a moment and try again. If it stays so, close other programs that use the workspace.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "The workspace’s database is locked by another program.",
        "Close the other program and try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The workspace’s database cannot be written to: it is read-only.",
        "Give yourself write permission on the workspace folder, or copy it to a place that is yours.",
    ),
    sqlite3.SQLITE_FULL: (
        "The disk is full, so nothing was saved this time. What was saved before is safe.",
        "Make room on the disk and try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The workspace’s database could not be read or written: the disk reports an error.",
        "Check that the disk is connected and not full, then try again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The workspace’s database could not be opened.",
        "Check that the workspace folder exists and that you may write in it.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "The file that should be the workspace’s database is something else.",
        "Put back a copy of the database, or make a new workspace with “workbench init”.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The workspace’s database is damaged.",
        "Put back the newest copy from the workspace’s backups folder.",
    ),
}


@contextmanager
def said() -> Iterator[None]:
    """Turns what a database refuses for reasons a person can mend into NotReady."""
    try:
        yield
    except DBAPIError as error:
        told = _explain(error)
        if told is None:
            raise
        raise NotReady(_(told[0]), _(told[1])) from None


def _explain(error: DBAPIError) -> tuple[str, str] | None:
    original: Any = error.orig
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE_SAYS.get(code & 0xFF)
    state = getattr(original, "sqlstate", None) or ""
    if state[:2] == "53":
        return "The database server is out of room or memory.", "Tell whoever looks after the server, then try again."
    if state == "25006":
        return _SQLITE_SAYS[sqlite3.SQLITE_READONLY]
    if state[:2] == "55":
        return _SQLITE_SAYS[sqlite3.SQLITE_LOCKED]
    if state == "42501":
        return (
            "The database server does not let this user read or write the workbench’s tables.",
            "Ask whoever looks after the server for that permission, or name another user in the address.",
        )
    if (isinstance(error, OperationalError) and not state) or state[:2] in ("08", "28", "3D"):
        return (
            "The database server did not answer, or did not let the workbench in.",
            "Check the address (--db, or database in workbench.toml), the password, and that the server runs.",
        )
    return None
