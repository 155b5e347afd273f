"""Hundreds of thousands of sightings, each database's fastest way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from workbench.store import tables
from workbench.store.evidence import BESIDE
from workbench.store.visible import says

Columns = Mapping[str, Sequence[Any]]


class Bulk:
    """Inserts sightings; a key sighted again by the same import is as both sightings together say, the last first.

    SQLAlchemy is passed by: handing it a dictionary for every row costs half the speed of an import. PostgreSQL is
    given rows by COPY until a key occurs again. Lives as long as its store.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._again: set[tuple[str, int]] = set()  # kinds and imports in which a key occurred again

    def insert(self, connection: Connection, kind: str, columns: Columns, import_id: int) -> None:
        """Inserts rows given as equally long columns."""
        if self._engine.dialect.name == "postgresql":
            if (kind, import_id) not in self._again and _copied(connection, tables.SIGHTINGS[kind], columns):
                return
            self._again.add((kind, import_id))
        else:  # its driver is handed rows as they are, and knows no dates
            dates = {column.name for column in tables.SIGHTINGS[kind].columns if isinstance(column.type, sa.Date)}
            columns = {name: _iso(values) if name in dates else values for name, values in columns.items()}
        statement, order = self._statement(kind)
        connection.exec_driver_sql(statement, list(_rows(columns, order)))

    def _statement(self, kind: str) -> tuple[str, tuple[str, ...]]:
        """The insert as the driver wants it, and the order of its values."""
        if kind not in self._statements:
            table = tables.SIGHTINGS[kind]
            keys = [column.name for column in table.primary_key]
            values = [column.name for column in table.columns if column.name not in keys]
            dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(table)
            upsert = insert.on_conflict_do_update(index_elements=keys, set_=_over(table, insert.excluded, values))
            compiled = upsert.values({column.name: sa.bindparam(column.name) for column in table.columns}).compile(
                dialect=self._engine.dialect
            )
            self._statements[kind] = (str(compiled), tuple(compiled.positiontup or ()))
        return self._statements[kind]


def _over(table: sa.Table, new: Any, names: Sequence[str]) -> dict[str, Any]:
    """What becomes of each column of a sighting when its key is sighted again by the same import."""
    values: dict[str, Any] = {name: new[name] for name in names}
    for part in table.info["parts"]:
        values |= {name: sa.case((says(new, part), new[name]), else_=table.c[name]) for name in part}
    if table is tables.evidence_sightings:
        kept = (table.c.value == new.value) & (table.c.unit == new.unit)
        for name in BESIDE:
            values[name] = sa.case((kept & ~says(new, (name,)), table.c[name]), else_=new[name])
    return values


def _copied(connection: Connection, table: sa.Table, columns: Columns) -> bool:
    """Copies rows into a table of PostgreSQL; False, and nothing, when a key is there already."""
    import psycopg
    from psycopg import sql

    order = [column.name for column in table.columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, order))
    )
    driver: Any = connection.connection.driver_connection
    try:
        with connection.begin_nested(), driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in _rows(columns, order):
                copy.write_row(row)
    except psycopg.errors.UniqueViolation:
        return False
    except psycopg.Error as error:  # as SQLAlchemy says it, so that it becomes a sentence
        raise sa.exc.DBAPIError.instance(None, None, error, psycopg.Error) from error
    return True


def _rows(columns: Columns, order: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    return zip(*(columns[name] for name in order), strict=True)


def _iso(days: Sequence[date | None]) -> list[str | None]:
    said = {day: day.isoformat() if day else None for day in set(days)}
    return [said[day] for day in days]
