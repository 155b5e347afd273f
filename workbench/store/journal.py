"""What people said, as revisions that are only ever added to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.ground.errors import NotFound
from workbench.ground.words import _
from workbench.store import tables
from workbench.store.changes import latest_changes, note_change
from workbench.store.engine import once_a_picture, parts, reading, together, writing
from workbench.store.identity import kin
from workbench.store.visible import when

Row = Mapping[Any, Any]
Span = tuple[str, Any, Any]  # a column, and the least and the most it is
_NOTHING: Mapping[str, Any] = {}
#: For so long an answer that is sent again is known; a browser does not keep one longer (widgets/kit/static/outbox.js).
REMEMBERED = timedelta(days=60)
#: As many are known whatever their age: a clock that went ahead and back again forgets none that a browser may hold.
MOST_REMEMBERED = 20_000


class Journal:
    """Revisions of records, by kind (a table's name). Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._owners: dict[str, int] = {}  # a record stays its learner's

    def add(
        self,
        kind: str,
        learner: int,
        values: Mapping[str, Any],
        *,
        by: str,
        at: datetime,
        record: str = "",
        first: Mapping[str, Any] = _NOTHING,
        beside: Callable[[Row], bool] | None = None,
    ) -> str:
        """Writes a record, or its next revision when `record` exists; returns the record's id.

        `values` are merged over the current revision's, `first` under those of a new record. Writing what already
        stands adds nothing. Where the current revision is one to write `beside`, a record of its own is written,
        its name begins as this one's. Raises NotFound for a record of another kind.
        """
        table = tables.JOURNALS[kind]
        record = record or uuid4().hex
        with writing(self._engine) as connection:
            current = _latest(connection, table, {"record": record})
            if current and beside is not None and beside(current[0]):
                record = f"{record}.{uuid4().hex[:8]}"
                current = []
            known = connection.execute(sa.select(tables.records).where(tables.records.c.record == record)).first()
            if known is None:
                connection.execute(sa.insert(tables.records).values(record=record, kind=kind, learner_id=learner))
            elif known.kind != kind or known.learner_id != learner:
                raise _gone()
            before = dict(current[0]) if current else {}
            merged = {**first, **{name: before[name] for name in _value_names(table) if name in before}, **values}
            if before and all(before[name] == value for name, value in merged.items()):
                return record
            change = note_change(connection, at, by, kind)
            connection.execute(
                sa.insert(table).values(
                    **{"withdrawn": False, **merged}, record=record, change=change, learner_id=learner, at=at, by=by
                )
            )
        return record

    @contextmanager
    def once(self, key: str, *, at: datetime) -> Iterator[bool]:
        """Keeps all of what is written inside together with `key`; gives False where `key` came before.

        Nothing is kept when something inside raises, so that the same key may come again.
        """
        table = tables.deliveries
        with together(self._engine) as connection:
            known = connection.scalar(sa.select(table.c.key).where(table.c.key == key)) is not None
            yield not known
            if not known:
                connection.execute(sa.insert(table).values(key=key, at=at))
                _forget(connection, at - REMEMBERED)

    def undo(self, kind: str, record: str, *, by: str, at: datetime) -> None:
        """Takes a record's newest revision back, by one more: what stood before stands again, and a new record is gone.

        Done twice, the change is back. Raises NotFound when there is no such record.
        """
        table = tables.JOURNALS[kind]
        with writing(self._engine) as connection:
            query = sa.select(table).where(table.c.record == record).order_by(table.c.change.desc()).limit(2)
            rows = [row._mapping for row in connection.execute(query)]
            if not rows:
                raise _gone()
            standing = rows[1] if len(rows) > 1 else {**rows[0], "withdrawn": True}
            values = {name: standing[name] for name in _value_names(table)}
            change = note_change(connection, at, by, kind)
            whose = {"record": record, "change": change, "learner_id": rows[0]["learner_id"], "at": at, "by": by}
            connection.execute(sa.insert(table).values(**values, **whose))

    @once_a_picture
    def current(
        self, /, kind: str, *, as_of: int | None = None, unset: str = "", span: Span | None = None, **where: Any
    ) -> list[Row]:
        """The latest revision of each record of a kind, oldest record first; withdrawn ones are gone.

        `where` compares columns, such as `learner_id=7`, or `record="…"`; with a list, a column is one of it.
        Those columns are ones that no revision changes. `unset` names one that has no value (yet); `span` a column that
        may change, and from what to what it is now: an index finds the records that ever were there, so that what was
        done with long ago costs nothing.
        """
        table = tables.JOURNALS[kind]
        with reading(self._engine) as connection:
            rows = _latest(connection, table, where, as_of, unset, span)
        return [row for row in rows if not row["withdrawn"]]

    def one(self, kind: str, record: str, *, as_of: int | None = None) -> Row:
        """The latest revision of one record; raises NotFound when there is none."""
        rows = self.current(kind, as_of=as_of, record=record)
        if not rows:
            raise _gone()
        return rows[0]

    @once_a_picture
    def revisions(self, kind: str, record: str) -> list[Row]:
        """Every revision of a record, oldest first."""
        table = tables.JOURNALS[kind]
        with reading(self._engine) as connection:
            found = connection.execute(sa.select(table).where(table.c.record == record).order_by(table.c.change))
            return [row._mapping for row in found]

    @once_a_picture
    def revisions_of(self, kind: str, records: Collection[str]) -> dict[str, list[Row]]:
        """Every revision of each of some records, oldest first."""
        table = tables.JOURNALS[kind]
        found: dict[str, list[Row]] = {}
        with reading(self._engine) as connection:
            for part in parts(sorted(records)):
                of_these = sa.select(table).where(table.c.record.in_(part)).order_by(table.c.change)
                for row in connection.execute(of_these):
                    found.setdefault(row.record, []).append(row._mapping)
        return found

    def owner(self, record: str) -> int:
        """The number of the learner a record belongs to; raises NotFound."""
        if record not in self._owners:
            query = sa.select(tables.records.c.learner_id).where(tables.records.c.record == record)
            with reading(self._engine) as connection:
                learner = connection.scalar(query)
            if learner is None:
                raise _gone()
            self._owners[record] = int(learner)
        return self._owners[record]

    def knows(self, record: str) -> bool:
        """Whether there is, or was, a record of this id."""
        with reading(self._engine) as connection:
            query = sa.select(tables.records.c.record).where(tables.records.c.record == record)
            return connection.scalar(query) is not None

    @once_a_picture
    def latest_change(self) -> int:
        """The number of the newest change: the snapshot that is now. 0 in an empty store."""
        with reading(self._engine) as connection:
            return int(connection.scalar(sa.select(sa.func.max(tables.changes.c.id))) or 0)

    @once_a_picture
    def of_class(self, *class_ids: int, as_of: int | None = None) -> dict[str, Any]:
        """What a class agreed on, by name; of several classes, what was agreed last; not what was undone."""
        table = tables.class_settings
        query = sa.select(table).where(table.c.class_id.in_(class_ids)).order_by(table.c.change)
        if as_of is not None:
            query = query.where(table.c.change <= as_of)
        with reading(self._engine) as connection:
            newest = {(row.class_id, row.name): row for row in connection.execute(query)}
        standing = sorted(newest.values(), key=lambda row: row.change)
        return {row.name: row.value[0] for row in standing if row.value}

    @once_a_picture
    def history_of_class(self, class_id: int, name: str, *, as_of: int | None = None) -> list[Row]:
        """Every revision of what a class agreed on of a name, oldest first; the value of what was undone is []."""
        table = tables.class_settings
        query = sa.select(table).where(table.c.class_id == class_id, table.c.name == name).order_by(table.c.change)
        if as_of is not None:
            query = query.where(table.c.change <= as_of)
        with reading(self._engine) as connection:
            return [row._mapping for row in connection.execute(query)]

    def set_of_class(self, class_id: int, name: str, value: Any, *, by: str, at: datetime) -> None:
        """Writes what a class agreed on; what already stands adds nothing."""
        with writing(self._engine) as connection:
            known = _of_class(connection, class_id, name)
            if not known or known[0] != [value]:
                _add_of_class(connection, class_id, name, [value], by, at)

    def undo_of_class(self, class_id: int, name: str, *, by: str, at: datetime) -> None:
        """Takes back what a class last agreed on of a name, by one more revision; as `undo` does."""
        with writing(self._engine) as connection:
            known = _of_class(connection, class_id, name)
            if known:
                _add_of_class(connection, class_id, name, known[1] if len(known) > 1 else [], by, at)

    def latest_of(self, kinds: Iterable[str], *, since: int) -> int:
        """The newest change after `since` that wrote a record of one of `kinds`; `since` when there is none. Cheap."""
        changes = tables.changes.c
        wanted = sa.select(sa.func.max(changes.id)).where(changes.id > since, changes.what.in_(list(kinds)))
        with reading(self._engine) as connection:
            return int(connection.scalar(wanted) or since)

    def latest_changes(self, learners: Iterable[int], *, as_of: int) -> dict[int, int]:
        """The newest change up to `as_of` that touched each learner: what is known of one is the same until another.

        A change of a stand-in touches the learner it stands for.
        """
        with reading(self._engine) as connection:
            related = kin(connection, list(dict.fromkeys(learners)))
        newest = self._each(set().union(*related.values()), lambda some: latest_changes(some, as_of=as_of))
        touched = {one: [newest[other] for other in others if other in newest] for one, others in related.items()}
        return {one: max(changes) for one, changes in touched.items() if changes}

    def moments(self, changes: Iterable[int]) -> dict[int, datetime]:
        """When each change was. After a backup was put back its number is given again, its moment is not."""
        table = tables.changes.c
        return self._each(changes, lambda some: sa.select(table.id, table.at).where(table.id.in_(some)))

    def _each(self, numbers: Iterable[int], asked: Callable[[list[int]], sa.Select[Any]]) -> dict[int, Any]:
        """Pairs, asked for some numbers at a time."""
        found: dict[int, Any] = {}
        with reading(self._engine) as connection:
            for part in parts(dict.fromkeys(numbers)):
                found.update(tuple(row) for row in connection.execute(asked(part)))
        return found


def _forget(connection: Connection, before: datetime) -> None:
    """Forgets what arrived before a moment, but for the newest so many."""
    table = tables.deliveries
    if connection.scalar(sa.select(table.c.key).where(table.c.at < before).limit(1)) is not None:
        newest = sa.select(table.c.at).order_by(table.c.at.desc()).offset(MOST_REMEMBERED - 1).limit(1)
        connection.execute(sa.delete(table).where(table.c.at < before, table.c.at < newest.scalar_subquery()))


def _gone() -> NotFound:
    return NotFound(_("This page is no longer there."), _("Go back and choose the learner again."))


def _of_class(connection: Connection, class_id: int, name: str) -> list[list[Any]]:
    """The two newest revisions, newest first; each a list of the one value, or of none."""
    table = tables.class_settings
    query = sa.select(table.c.value).where(table.c.class_id == class_id, table.c.name == name)
    return list(connection.scalars(query.order_by(table.c.change.desc()).limit(2)))


def _add_of_class(connection: Connection, class_id: int, name: str, value: list[Any], by: str, at: datetime) -> None:
    change = note_change(connection, at, by, tables.class_settings.name)
    row = {"class_id": class_id, "name": name, "value": value, "at": at, "by": by, "change": change}
    connection.execute(sa.insert(tables.class_settings).values(**row))


def _value_names(table: sa.Table) -> list[str]:
    kept = {"record", "change", "learner_id", "at", "by"}
    return [column.name for column in table.columns if column.name not in kept]


def _latest(
    connection: Connection,
    table: sa.Table,
    where: Mapping[str, Any],
    as_of: int | None = None,
    unset: str = "",
    span: Span | None = None,
) -> list[Row]:
    """Latest revisions whose values are as in `where`, oldest record first."""
    among = next((name for name, value in where.items() if isinstance(value, list)), "")
    name, *ends = span or ("",)
    given = {**where, **dict(zip(("least", "most"), ends, strict=False)), **when(as_of)}
    query = _latest_revisions(table, *sorted(where), among=among, unset=unset, span=name, past=as_of is not None)
    if not among:
        return [row._mapping for row in connection.execute(query, given)]
    found: list[Row] = []
    for part in parts(dict.fromkeys(where[among])):
        found += (row._mapping for row in connection.execute(query, {**given, among: part}))
    return found


@cache
def _latest_revisions(
    table: sa.Table, *columns: str, among: str = "", unset: str = "", span: str = "", past: bool
) -> sa.Select[Any]:
    """Built once; `columns` are bound by their names, `among` to a list. They never change, so they narrow early."""
    newest = sa.select(
        table.c.record, sa.func.max(table.c.change).label("change"), sa.func.min(table.c.change).label("born")
    ).group_by(table.c.record)
    if past:
        newest = newest.where(table.c.change <= sa.bindparam("as_of", type_=table.c.change.type))
    for name in columns:
        newest = newest.where(_is(table.c[name], listed=name == among))
    if span:
        ever = table.alias("ever")
        there = sa.select(ever.c.record).where(_within(ever.c[span]))
        for name in columns:
            there = there.where(_is(ever.c[name], listed=name == among))
        newest = newest.where(table.c.record.in_(there))
    rows = newest.subquery()
    query = sa.select(table).join(rows, (table.c.record == rows.c.record) & (table.c.change == rows.c.change))
    if span:
        query = query.where(_within(table.c[span]))
    return (query.where(table.c[unset].is_(None)) if unset else query).order_by(rows.c.born)


def _is(column: sa.ColumnElement[Any], *, listed: bool) -> sa.ColumnElement[bool]:
    bound = sa.bindparam(column.key, type_=column.type, expanding=listed)
    return column.in_(bound) if listed else column == bound


def _within(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return column.between(sa.bindparam("least", type_=column.type), sa.bindparam("most", type_=column.type))
