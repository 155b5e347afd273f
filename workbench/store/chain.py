"""The chain that holds the audit's rows together: each has a hash that goes on from the row before.

Numbers follow one another, and `audit_head` says where the chain ends, so that a row that was changed, taken out or cut
off the end is noticed. What is trimmed by rule takes rows away: those up to a *cut* are then chained anew, gaps and
all, and a row of its own, a *mark*, says where the cut is, by which hash the rest goes on, and by which the kept rows
end. The newest mark counts. There is no key: it would lie beside the file, where whoever can write the one reads the
other. Who writes the whole chain anew is found out by a head that was noted elsewhere before (`keeping/heads.py`).

Writers take turns at the head: on SQLite by its own lock, on PostgreSQL by the head's row, for as long as it takes to
write some rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.store.tables import Id

Row = Mapping[str, Any]

audit_metadata = sa.MetaData()
audit = sa.Table(
    "audit",
    audit_metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("learner_id", Id),
    sa.Column("allowed", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False, server_default=""),
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),  # how many rows it stands for
    sa.Column("learners", sa.Integer),  # of how many learners, where it stands for a year
    sa.Column("hash", sa.LargeBinary),
    sa.Index("ix_audit_learner", "learner_id", "at"),
)
audit_head = sa.Table(
    "audit_head",
    audit_metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", Id, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

_START = b""
_SIZE = 16  # bytes of a hash
_AT_ONCE = 5_000  # rows
_SAID = ("actor", "action", "what", "learner_id", "allowed", "reason", "device", "times", "learners")
#: Columns of layouts before there was a chain; the others are added.
_ONE = {"device": "", "times": 1, "learners": None}


class Mark(StrEnum):
    """Actions of rows that tell of the chain itself: what was trimmed, taken as it was found, or forgotten."""

    TRIM = "trim"
    FOUND = "as found"
    FORGET = "forget"


class Head(NamedTuple):
    """Where a chain ends: the number of its last row, and its hash."""

    number: int
    hash: bytes


class Broken(StrEnum):
    """What is wrong with a chain, at its first row that does not fit."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"  # rows at the end are gone
    OTHER = "other"  # it is not the one that a head was noted of


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk along the chain found. `broken` and `number`, the row where, are None and 0 for a whole one."""

    rows: int
    head: Head
    broken: Broken | None = None
    number: int = 0

    @property
    def whole(self) -> bool:
        return self.broken is None


class _Cut(NamedTuple):
    """What a mark says: rows up to `number` end with `kept`, and the row after goes on from `before`."""

    number: int = 0
    before: bytes = _START
    kept: bytes = _START

    def __str__(self) -> str:
        return f"{self.number} {self.before.hex() or '-'} {self.kept.hex() or '-'}"

    @classmethod
    def parse(cls, text: str) -> _Cut | None:
        try:
            number, before, kept = text.split(" ")
            return cls(int(number), *(bytes.fromhex(one.replace("-", "")) for one in (before, kept)))
        except ValueError:
            return None


def is_there(connection: Connection) -> bool:
    """Whether the audit is there, in this layout."""
    return sa.inspect(connection).has_table(audit_head.name)


def prepare(connection: Connection, at: datetime) -> None:
    """Makes the audit's tables; what an older workbench kept is chained as it is found."""
    if is_there(connection):
        return
    if older := sa.inspect(connection).has_table(audit.name):
        known = {one["name"] for one in sa.inspect(connection).get_columns(audit.name)}
        for column in audit.columns:
            if column.name not in known:
                made = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {audit.name} ADD COLUMN {made}")
    audit_metadata.create_all(connection)
    connection.execute(sa.insert(audit_head).values(id=1, number=0, hash=_START))
    if older:
        as_found(connection, at, "workbench", "of a workbench that had no chain")


def head_of(connection: Connection, *, to_write: bool = False) -> Head:
    """Where the chain ends; `to_write`: nobody else writes until this transaction ends."""
    found = connection.execute(_TO_WRITE if to_write else _HEAD).first()
    return Head(found.number, bytes(found.hash)) if found else Head(0, _START)


def add(connection: Connection, rows: Iterable[Row]) -> None:
    """Writes rows at the end of the chain. Each has all that the table says of it but its number and hash."""
    number, link = head_of(connection, to_write=True)
    linked = []
    for row in rows:
        number += 1
        link = _link(link, number, row)
        linked.append({**_ONE, **row, "id": number, "hash": link})
    connection.execute(_INSERT, linked)
    connection.execute(_MOVE, {"number": number, "hash": link})


def check(connection: Connection, *noted: Head) -> Checked:
    """Walks along the chain, and compares it with heads that were noted before."""
    head, cut, wanted = head_of(connection), _last_cut(connection), {one.number: one.hash for one in noted}
    link, number, count = _START, 0, 0
    for row in chain.from_iterable(_rows(connection, _last(connection))):
        if number <= cut.number < row["id"]:  # what was trimmed ends here
            if link != cut.kept:
                return Checked(count, head, Broken.MISSING, cut.number)
            link, number = cut.before, cut.number
        if row["id"] > cut.number and row["id"] != number + 1:
            return Checked(count, head, Broken.MISSING, number + 1)
        number, link, count = row["id"], _link(link, row["id"], row), count + 1
        if link != bytes(row["hash"] or _START):
            return Checked(count, head, Broken.CHANGED, number)
        if number > cut.number and wanted.get(number, link) != link:
            return Checked(count, head, Broken.OTHER, number)
    if (number, link) != head:
        return Checked(count, head, Broken.CUT, number + 1)
    for one in noted:
        if one.number > number:
            return Checked(count, head, Broken.CUT, number + 1)
        at_cut = one.number == cut.number and one.hash in (cut.before, cut.kept)
        if one.number <= cut.number and not at_cut:
            return Checked(count, head, Broken.OTHER, one.number)
    return Checked(count, head)


@contextmanager
def trimming(connection: Connection, until: int, at: datetime, by: str, mark: Mark, reason: str) -> Iterator[None]:
    """Rows up to number `until` (of one that is there) may go or change inside; then they are chained anew.

    A mark says so. Nobody else writes meanwhile.
    """
    head_of(connection, to_write=True)
    earlier = _last_cut(connection)
    number, before = earlier.number, earlier.before
    if until > number:
        number, before = until, bytes(connection.scalar(sa.select(audit.c.hash).where(audit.c.id == until)) or _START)
    yield
    _mark(connection, _Cut(number, before, _linked(connection, number)), at, by, mark, reason)


def as_found(connection: Connection, at: datetime, by: str, reason: str) -> None:
    """Takes the rows as they are for the chain, whatever was wrong with it, and adds the mark that says so."""
    head_of(connection, to_write=True)
    last = _last(connection)
    kept = _linked(connection, last)
    connection.execute(_MOVE, {"number": last, "hash": kept})
    _mark(connection, _Cut(last, kept, kept), at, by, Mark.FOUND, reason)


def _mark(connection: Connection, cut: _Cut, at: datetime, by: str, mark: Mark, reason: str) -> None:
    of = {"learner_id": None, "allowed": True, "device": ""}
    add(connection, [{"at": at, "actor": by, "action": str(mark), "what": str(cut), "reason": reason, **of}])


def _linked(connection: Connection, until: int) -> bytes:
    """Chains the rows up to a number from the beginning; the hash they end with."""
    link = _START
    for some in _rows(connection, until):
        links = []
        for row in some:
            link = _link(link, row["id"], row)
            links.append({"this": row["id"], "link": link})
        connection.execute(_RELINK, links)
    return link


def _last_cut(connection: Connection) -> _Cut:
    """The cut of the newest mark; one at the beginning where there is none."""
    marks = sa.select(audit.c.what).where(audit.c.action.in_(list(Mark))).order_by(audit.c.id.desc())
    found = map(_Cut.parse, connection.scalars(marks))
    return next((one for one in found if one is not None), _Cut())


def _rows(connection: Connection, until: int) -> Iterator[list[Row]]:
    """The rows up to a number, in order, some at a time."""
    last = 0
    while True:
        query = sa.select(audit).where(audit.c.id > last, audit.c.id <= until).order_by(audit.c.id).limit(_AT_ONCE)
        some: list[Row] = [dict(row._mapping) for row in connection.execute(query)]
        if not some:
            return
        yield some
        last = some[-1]["id"]


def _last(connection: Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.max(audit.c.id))) or 0)


def _link(before: bytes, number: int, row: Row) -> bytes:
    at: datetime = row["at"]
    moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    said = [number, moment, *(row.get(name, _ONE.get(name)) for name in _SAID)]
    return blake2b(before + json.dumps(said, ensure_ascii=False).encode(), digest_size=_SIZE).digest()


_HEAD = sa.select(audit_head.c.number, audit_head.c.hash)
_TO_WRITE = _HEAD.with_for_update()
_INSERT = sa.insert(audit)
_MOVE = sa.update(audit_head).values(number=sa.bindparam("number"), hash=sa.bindparam("hash"))
_RELINK = sa.update(audit).where(audit.c.id == sa.bindparam("this")).values(hash=sa.bindparam("link"))
