"""Connections to SQLite and PostgreSQL, and their failures said as sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from copy import copy
from functools import wraps
from pathlib import Path
from threading import get_ident
from time import sleep
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from workbench.ground.errors import BadInput, DiskFull, NotReady
from workbench.ground.words import N_, _
from workbench.store.sqlite import File

BUSY_SECONDS = 10.0
AT_ONCE = 500  # values in one IN (…), well under SQLite's limit
_TRIMMED_AT_ONCE = 500  # pages
_BREATH = 0.01  # seconds between trimming in which others may write
_KEPT, _RELAXED = "FULL", "NORMAL"  # when SQLite calls something written: on the disk, or on its way to it
#: PostgreSQL's advisory lock makes one writer at a time, as in SQLite; and whatever the server is set to, what is said
#: to be kept is on its disk.
_IN_TURN_AND_KEPT = """
SELECT pg_advisory_xact_lock(7240011),
       CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
"""


class _Compiled(dict[Any, Any]):
    """Statements as compiled for one kind of database, whichever engine asked first: a forked kernel finds them ready.

    SQLAlchemy's key begins with the engine's own dialect, and so would have each engine compile anew.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_COMPILED = {"sqlite": _Compiled(), "postgresql": _Compiled()}


def parts(values: Iterable[T], at_once: int = AT_ONCE) -> Iterator[list[T]]:
    """Values, so many at a time as a statement takes."""
    every = list(values)
    for start in range(0, len(every), at_once):
        yield every[start : start + at_once]


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
    file = File(Path(url.database), BUSY_SECONDS) if url.database else None

    def memory() -> sqlite3.Connection:
        return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)

    engine = sa.create_engine(
        url,
        creator=file.connect if file else memory,
        poolclass=sa.pool.QueuePool if file else sa.pool.StaticPool,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED["sqlite"]},
    )
    if file:
        _FILES[engine.dialect] = file

        @sa.event.listens_for(engine, "checkout")
        def checkout(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
            try:
                file.check(connection)
            except NotReady:
                record.invalidate()
                raise

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("workbench_write")
        if how:
            connection.exec_driver_sql(f"PRAGMA synchronous={how}")  # SQLite heeds it before a transaction only
        connection.exec_driver_sql("BEGIN IMMEDIATE" if how else "BEGIN")
        if how:
            _check(connection)

    @sa.event.listens_for(engine, "handle_error")
    def tell_which(context: sa.engine.ExceptionContext) -> None:
        context.original_exception.file = file.path.name if file else ""  # type: ignore[attr-defined]

    return engine


#: Which file the engines of a dialect use.
_FILES: WeakKeyDictionary[Dialect, File] = WeakKeyDictionary()


def _check(connection: Connection) -> None:
    """Returns when what is written reaches the file that bears the store's name; raises NotReady when not."""
    file = _FILES.get(connection.dialect)
    driver: Any = connection.connection.driver_connection
    if file is None:
        return
    try:
        file.check(driver)
    except NotReady:
        connection.invalidate()
        raise


#: The transaction that everything read and written meanwhile belongs to, and the thread that began it: another one,
#: begun inside, takes the context with it, and has nothing of this.
_TOGETHER: ContextVar[tuple[Connection, int] | None] = ContextVar("together", default=None)


@contextmanager
def together(engine: Engine) -> Iterator[Connection]:
    """Makes one write transaction of what is read and written inside: all of it stands, or nothing does."""
    with writing(engine) as connection:
        before = _TOGETHER.set((connection, get_ident()))
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
        self.over = False  # for a task of the event loop that was begun inside and goes on
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        if self._connection is None:
            connection = _reader(self.engine)
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
        taken.over = True
        taken.end()


def _pictured(engine: Engine) -> _Picture | None:
    taken = _PICTURE.get()
    if (
        taken is None
        or taken.over
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
    connection, thread = _TOGETHER.get() or (None, 0)
    if connection is None or connection.closed or thread != get_ident():  # closed: for a task that was begun inside
        return None
    return connection if connection.engine.pool is engine.pool else None


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
    with said(), _reader(engine) as connection, connection.begin():
        yield connection


def _reader(engine: Engine) -> Connection:
    """A connection whose transaction is of one moment: in SQLite any is, in PostgreSQL where that is asked for."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection inside one write transaction; writers wait for each other in turn.

    What was written is on the disk when this ends: a power cut takes nothing of it.
    """
    if (connection := _open(engine)) is not None:
        yield connection
        return
    taken = _pictured(engine)
    if taken is not None:
        taken.end()
    try:
        with _turn(engine, _KEPT) as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(_IN_TURN_AND_KEPT)
            yield connection
    finally:
        if taken is not None:
            taken.end()


@contextmanager
def adding(engine: Engine) -> Iterator[Connection]:
    """A connection inside one write transaction that makes nothing visible, so that its turn does not matter.

    On PostgreSQL nobody who writes the records waits for it; in SQLite everybody who writes does. A power cut may take
    it, until something is written by `writing`: what was written before that is then on the disk as well.
    """
    with _turn(engine, _RELAXED) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield connection


@contextmanager
def _turn(engine: Engine, how: str) -> Iterator[Connection]:
    """A write transaction, of SQLite's when its turn has come."""
    file = _FILES.get(engine.dialect)
    turn = file.turns.taken() if file else nullcontext()
    with said(), turn, engine.connect().execution_options(workbench_write=how) as connection:
        with connection.begin():
            yield connection
        _check(connection)


def unsafe(engine: Engine) -> tuple[str, str] | None:
    """What a power cut would take although it was said to be kept, and the step that mends it; None where nothing.

    In SQLite we see to it ourselves; a server of PostgreSQL may have been told not to write to its disk.
    """
    if engine.dialect.name != "postgresql":
        return None
    with reading(engine) as connection:
        off = [
            name
            for name in ("fsync", "full_page_writes")
            if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off"
        ]
    if not off:
        return None
    told = _("The database server would lose what was saved when its power fails: {settings}.")
    return (
        told.format(settings=", ".join(f"{name} = off" for name in off)),
        _("Have whoever looks after the server set that to on in postgresql.conf."),
    )


def file_of(engine: Engine) -> Path | None:
    """The file of a store in SQLite; None for a server's, or one in memory."""
    file = _FILES.get(engine.dialect)
    return file.path if file else None


def trim(engine: Engine) -> None:
    """Gives room that nothing stands in any more back to the disk, as far as nobody needs it at this moment."""
    if file_of(engine) is None:
        return
    left = None
    while left != (0,):
        with adding(engine) as connection:
            driver: Any = connection.connection.driver_connection  # SQLAlchemy would not see each of its steps through
            before = driver.execute("PRAGMA freelist_count").fetchone()
            driver.execute(f"PRAGMA incremental_vacuum({_TRIMMED_AT_ONCE})").fetchall()
            left = driver.execute("PRAGMA freelist_count").fetchone()
        if left == before:  # a store of before this could be done
            break
        sleep(_BREATH)
    with said(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def write_anew(engine: Engine) -> None:
    """Has a database keep no copy of what was deleted. In SQLite nobody else may have it open; raises NotReady then."""
    with said():
        if file_of(engine) is None:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")
            return
        taken = engine.raw_connection()
        try:
            driver: Any = taken.driver_connection
            driver.execute("VACUUM")
            busy, _log, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise OperationalError("VACUUM", None, error) from None
        finally:
            taken.close()
    if busy:
        raise NotReady(*refusal(sqlite3.SQLITE_BUSY))


_SQLITE_SAYS = {
    sqlite3.SQLITE_BUSY: (
        N_("The workspace’s database is busy: something else is writing to it."),
        N_("Wait a moment and try again. If it stays so, close other programs that use the workspace."),
    ),
    sqlite3.SQLITE_LOCKED: (
        N_("The workspace’s database is locked by another program."),
        N_("Close the other program and try again."),
    ),
    sqlite3.SQLITE_READONLY: (
        N_("The workspace’s database cannot be written to: it is read-only."),
        N_("Give yourself write permission on the workspace folder, or copy it to a place that is yours."),
    ),
    sqlite3.SQLITE_FULL: (
        N_("The disk is full, so nothing was saved this time. What was saved before is safe."),
        N_("Make room on the disk and try again."),
    ),
    sqlite3.SQLITE_IOERR: (
        N_("The workspace’s database could not be read or written: the disk reports an error."),
        N_("Check that the disk is connected and not full, then try again."),
    ),
    sqlite3.SQLITE_IOERR_SHMSIZE: (
        N_("The disk is full, so the workspace’s database could not be opened. What was saved before is safe."),
        N_("Make room on the disk and try again."),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        N_("The workspace’s database could not be opened."),
        N_("Check that the workspace folder exists and that you may write in it."),
    ),
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: (
        N_("What this belongs to is not in the workspace’s database any more, so it was not saved."),
        N_("Go back to the start and choose the learner again. If a backup was put back, say it once more."),
    ),
}

#: What stands in a file that cannot be read, and the way back: of the store, and of the audit.
_NOT_READABLE = {
    sqlite3.SQLITE_NOTADB: (
        N_("The file {file}, which should hold the workspace’s records, is something else."),
        N_(
            "The file {file}, which should tell who looked at what, is something else. The records are in another file."
        ),
    ),
    sqlite3.SQLITE_CORRUPT: (
        N_("The file {file}, which holds the workspace’s records, is damaged."),
        N_("The file {file}, which tells who looked at what, is damaged. The records are in another file."),
    ),
}
RESTORE = N_("Stop the workbench and run “workbench restore”: it shows the backups there are and puts one back.")
RESTORE_AUDIT = N_(
    "Stop the workbench and run “workbench restore --audit”: it repairs this file and leaves the records alone."
)
#: The file of the audit, beside a store that is a file.
AUDIT_FILE = "audit.sqlite"

_FULL = (_SQLITE_SAYS[sqlite3.SQLITE_FULL], _SQLITE_SAYS[sqlite3.SQLITE_IOERR_SHMSIZE])


@contextmanager
def said() -> Iterator[None]:
    """Turns what a database refuses for reasons a person can mend into NotReady."""
    try:
        yield
    except DBAPIError as error:
        told = _explain(error)
        if told is None:
            raise
        kind = DiskFull if told in _FULL else NotReady
        raise kind(_(told[0]).format(file=getattr(error.orig, "file", "")), _(told[1])) from None


def refusal(code: int) -> tuple[str, str]:
    """The sentence on what SQLite refuses with a code, and the step that mends it."""
    what, next_step = _SQLITE_SAYS[code]
    return _(what), _(next_step)


def _explain(error: DBAPIError) -> tuple[str, str] | None:
    original: Any = error.orig
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        if (unreadable := _NOT_READABLE.get(code & 0xFF)) is not None:
            of_audit = getattr(original, "file", "") == AUDIT_FILE
            return unreadable[of_audit], RESTORE_AUDIT if of_audit else RESTORE
        return _SQLITE_SAYS.get(code, _SQLITE_SAYS.get(code & 0xFF))
    state = getattr(original, "sqlstate", None) or ""
    if state[:2] == "53":
        return "The database server is out of room or memory.", "Tell whoever looks after the server, then try again."
    if state == "23503":
        return _SQLITE_SAYS[sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY]
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
