"""Who may come in: accounts, relations that were given, the sessions of browsers, and the passes of links and codes.

Of a session or a pass only the hash of its secret is kept: whoever reads the store comes in by none of them. What ended
is kept as ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.engine import Connection, Engine

from workbench.access.actors import Actor, Role
from workbench.store.changes import note_change
from workbench.store.engine import reading, writing
from workbench.store.tables import Id, metadata

Row = Mapping[str, Any]

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("called", Text, nullable=False),
    Column("roles", Text, nullable=False),  # actors, apart by blanks; the first is whom one begins as
    Column("secret", Text, nullable=False),  # how a password is checked; "" while there is none
    Column("disabled", Boolean, nullable=False),
    Column("wrong", Integer, nullable=False),  # passwords in a row
    Column("wrong_at", DateTime(timezone=True)),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
)
ties = Table(
    "ties",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("actor", Text, nullable=False),
    Column("learner_id", Id, ForeignKey("learners.id"), index=True),
    Column("class_id", Id, ForeignKey("classes.id"), index=True),
    Column("school", Text),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)
passes = Table(
    "passes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), index=True),
    Column("class_id", Id, ForeignKey("classes.id"), index=True),
    Column("learner_id", Id, ForeignKey("learners.id"), index=True),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("from_hour", Integer, nullable=False),
    Column("to_hour", Integer, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), index=True),
    Column("pass_id", Text, ForeignKey("passes.id")),  # what it came in by, if by one
    Column("class_id", Id, ForeignKey("classes.id")),  # of a device that was handed to one
    Column("learner_id", Id, ForeignKey("learners.id")),
    Column("seal", Text, nullable=False),  # of the number with which a device is taken back, or of a sign-in elsewhere
    Column("device", Text, nullable=False),
    Column("begun", DateTime(timezone=True), nullable=False),
    Column("seen", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False, index=True),
    Column("ended", DateTime(timezone=True)),
    Column("wrong", Integer, nullable=False),
    Column("wrong_at", DateTime(timezone=True)),
)
views = Table(  # what a page's address stands for
    "views",
    metadata,
    Column("handle", Text, primary_key=True),
    Column("session", Text, nullable=False, index=True),
    Column("app", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_views_at", "at"),
)
_TABLES = {one.name: one for one in (accounts, ties, sessions, passes, views)}


class People:
    """Reads and writes who may come in. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, table: str, values: Row) -> int | str:
        """Adds a row to one of the tables; returns its key."""
        with writing(self._engine) as connection:
            key = connection.execute(sa.insert(_TABLES[table]).values(**values)).inserted_primary_key
            assert key is not None  # noqa: S101 (one row was inserted)
            return key[0]  # type: ignore[no-any-return]

    def change(self, table: str, values: Row, **where: Any) -> int:
        """Changes the rows where columns have these values; returns how many there were."""
        kind = _TABLES[table]
        with writing(self._engine) as connection:
            return connection.execute(sa.update(kind).where(*_where(kind, where)).values(**values)).rowcount

    def remove(self, table: str, **where: Any) -> None:
        """Takes rows away: those of `views`, which are of no use without their session."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(_TABLES[table]).where(*_where(_TABLES[table], where)))

    def all(self, table: str, **where: Any) -> list[Row]:
        """The rows where columns have these values (None: none; a list: one of them), oldest first."""
        kind = _TABLES[table]
        with reading(self._engine) as connection:
            query = sa.select(kind).where(*_where(kind, where)).order_by(*kind.primary_key)
            return [dict(row._mapping) for row in connection.execute(query)]

    def one(self, table: str, **where: Any) -> Row | None:
        found = self.all(table, **where)
        return found[0] if found else None

    def count_wrong(self, table: str, key: Any, at: datetime) -> int:
        """One more wrong guess at what a row's secret is; returns how many there were in a row."""
        kind = _TABLES[table]
        this = next(iter(kind.primary_key)) == key
        with writing(self._engine) as connection:
            connection.execute(sa.update(kind).where(this).values(wrong=kind.c.wrong + 1, wrong_at=at))
            return int(connection.scalar(sa.select(kind.c.wrong).where(this)) or 0)

    def use(self, pass_id: str, at: datetime, *, most: int) -> bool:
        """Counts one use of a pass, at most so many (0: any number); False when there were as many already."""
        kind = passes.c
        unused = [] if not most else [kind.uses < most]
        with writing(self._engine) as connection:
            done = connection.execute(
                sa.update(passes).where(kind.id == pass_id, *unused).values(uses=kind.uses + 1, used_at=at)
            )
            return done.rowcount == 1

    def trim(self, now: datetime) -> None:
        """Forgets addresses of pages after a month, and sessions and passes a year after they ended or were of use."""
        month, year = now - timedelta(days=30), now - timedelta(days=365)
        with writing(self._engine) as connection:
            connection.execute(sa.delete(views).where(views.c.at < month))
            connection.execute(sa.delete(sessions).where(sessions.c.until < year))
            used = sa.select(sessions.c.pass_id).where(sessions.c.pass_id.is_not(None))
            connection.execute(sa.delete(passes).where(passes.c.until < year, passes.c.id.not_in(used)))

    def tie(self, values: Row, *, at: datetime, by: str) -> int:
        """Gives somebody a relation, from this change on."""
        with writing(self._engine) as connection:
            note_change(connection, at, by, "ties")
            key = connection.execute(sa.insert(ties).values(**values, at=at, by=by)).inserted_primary_key
            assert key is not None  # noqa: S101 (one row was inserted)
            return int(key[0])

    def untie(self, tie: int, *, at: datetime, by: str) -> None:
        """Ends a relation that was given, from this change on."""
        with writing(self._engine) as connection:
            note_change(connection, at, by, "ties")
            connection.execute(
                sa.update(ties).where(ties.c.id == tie, ties.c.ended_at.is_(None)).values(ended_at=at, ended_by=by)
            )


def linked(
    connection: Connection, learners: Iterable[int], memberships: Iterable[Mapping[Any, Any]], day: date
) -> dict[int, dict[Role, frozenset[str]]]:
    """Who was given a relation to each of `learners` that holds on a day, by themselves, a class or a school of now.

    By learner and role, the codes.
    """
    where: dict[tuple[str, Any], set[int]] = defaultdict(set)
    for one in learners:
        where["learner_id", one].add(one)
    for row in memberships:
        where["class_id", row["class_id"]].add(row["learner_id"])
        where["school", row["school"]].add(row["learner_id"])
    held = sa.select(ties).where(ties.c.ended_at.is_(None), ties.c.since <= day, ties.c.until >= day)
    found: dict[int, dict[Role, set[str]]] = defaultdict(lambda: defaultdict(set))
    for tie in connection.execute(held).mappings():
        actor = Actor.parse(tie["actor"])
        for column in ("learner_id", "class_id", "school"):
            for learner in where.get((column, tie[column]), ()):
                found[learner][actor.role].add(actor.code)
    return {one: {role: frozenset(codes) for role, codes in by.items()} for one, by in found.items()}


def _where(table: Table, given: Mapping[str, Any]) -> list[Any]:
    return [
        table.c[name].in_(value)
        if isinstance(value, Collection) and not isinstance(value, str)
        else table.c[name].is_(None)
        if value is None
        else table.c[name] == value
        for name, value in given.items()
    ]
