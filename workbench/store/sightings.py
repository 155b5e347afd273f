"""Imports: sightings written in short batches that one row makes visible.

An import that is killed leaves rows nobody sees; `discard_abandoned` sweeps them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from workbench.store import tables
from workbench.store.changes import note_change, number_of
from workbench.store.engine import reading, writing
from workbench.store.identity import stand_ins_of
from workbench.store.visible import current, current_of, standing_imports, when

Row = Mapping[Any, Any]
ABANDONED_AFTER = timedelta(minutes=10)  # an import that wrote nothing for so long is dead
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sightings of a file say something new, the same as before, or otherwise."""

    new: int = 0
    same: int = 0
    changed: int = 0


class Sightings:
    """Writes imports and reads evidence. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements: dict[str, tuple[str, tuple[str, ...]]] = {}

    # An import, from begin to commit

    def begin(self, actor: str, at: datetime) -> int:
        """The id of a new import that nobody sees yet."""
        with writing(self._engine) as connection:
            result = connection.execute(sa.insert(tables.imports).values(started_at=at, alive_at=at, actor=actor))
            return number_of(result)

    def begin_file(self, import_id: int, file: str, sha256: str, importer: str) -> int:
        """The id of a file within an import."""
        counted = ("rows", "events", "growth", "repeats", "left_out", "skipped", "blank", "new", "same", "changed")
        zeros: dict[str, Any] = {**dict.fromkeys(counted, 0), "reasons": {}}
        with writing(self._engine) as connection:
            result = connection.execute(
                sa.insert(tables.import_files).values(
                    import_id=import_id, file=file, sha256=sha256, importer=importer, **zeros
                )
            )
            return number_of(result)

    def numbers(self, kind: str, codes: Sequence[str]) -> dict[str, int]:
        """The number of each learner or educator code, minting those never met."""
        table = {"learners": tables.learners, "educators": tables.educators}[kind]
        return self._mint(table, [{"code": code} for code in dict.fromkeys(codes)], lambda row: row.code)

    def class_numbers(self, classes: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
        """The number of each (school, name, year), minting those never met."""
        rows = [{"school": school, "name": name, "year": year} for school, name, year in dict.fromkeys(classes)]
        return self._mint(tables.classes, rows, lambda row: (row.school, row.name, row.year))

    def _mint(self, table: sa.Table, rows: list[dict[str, str]], key: Any) -> dict[Any, int]:
        if not rows:
            return {}
        names = list(rows[0])
        found: dict[Any, int] = {}
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        with writing(self._engine) as connection:
            for start in range(0, len(rows), _AT_ONCE):
                some = rows[start : start + _AT_ONCE]
                connection.execute(dialect.insert(table).on_conflict_do_nothing(index_elements=names), some)
                wanted = sa.tuple_(*(table.c[name] for name in names)).in_([tuple(row.values()) for row in some])
                found.update((key(row), row.id) for row in connection.execute(sa.select(table).where(wanted)))
        return found

    def write(self, kind: str, columns: Mapping[str, Sequence[Any]], import_id: int, at: datetime) -> None:
        """Writes sightings, given as equally long columns, as one short transaction.

        A key sighted twice by one import keeps its last sighting.
        """
        statement, order = self._statement(kind)
        dates = {column.name for column in tables.SIGHTINGS[kind].columns if isinstance(column.type, sa.Date)}
        if self._engine.dialect.name == "sqlite":  # its driver is handed rows as they are, and knows no dates
            columns = {name: _iso(values) if name in dates else values for name, values in columns.items()}
        with writing(self._engine) as connection:
            connection.exec_driver_sql(statement, list(zip(*(columns[name] for name in order), strict=True)))
            alive = sa.update(tables.imports).where(tables.imports.c.id == import_id).values(alive_at=at)
            connection.execute(alive)

    def _statement(self, kind: str) -> tuple[str, tuple[str, ...]]:
        """The insert as the driver wants it: hundreds of thousands of rows pass through it."""
        if kind not in self._statements:
            table = tables.SIGHTINGS[kind]
            keys = [column.name for column in table.primary_key]
            values = [column.name for column in table.columns if column.name not in keys]
            dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(table)
            upsert = insert.on_conflict_do_update(
                index_elements=keys, set_={name: insert.excluded[name] for name in values}
            )
            compiled = upsert.values({column.name: sa.bindparam(column.name) for column in table.columns}).compile(
                dialect=self._engine.dialect
            )
            self._statements[kind] = (str(compiled), tuple(compiled.positiontup or ()))
        return self._statements[kind]

    def end_file(self, file_id: int, tally: Mapping[str, int], counts: Counts) -> None:
        """Notes how the rows of a file were used."""
        with writing(self._engine) as connection:
            connection.execute(
                sa.update(tables.import_files)
                .where(tables.import_files.c.id == file_id)
                .values(**tally, new=counts.new, same=counts.same, changed=counts.changed)
            )

    def note_problems(self, import_id: int, problems: Sequence[Mapping[str, Any]]) -> None:
        if problems:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(tables.problems), [{"import_id": import_id, **p} for p in problems])

    def commit(self, import_id: int, actor: str, at: datetime) -> int:
        """Makes an import visible, whole; returns the change's number."""
        with writing(self._engine) as connection:
            change = note_change(connection, at, actor, "import")
            connection.execute(
                sa.update(tables.imports).where(tables.imports.c.id == import_id).values(committed=change)
            )
            return change

    def undo(self, import_id: int, actor: str, at: datetime) -> bool:
        """Takes an import back; False when it was not standing."""
        with writing(self._engine) as connection:
            standing = connection.scalar(standing_imports().where(tables.imports.c.id == import_id))
            if standing is None:
                return False
            change = note_change(connection, at, actor, "undo import")
            connection.execute(sa.update(tables.imports).where(tables.imports.c.id == import_id).values(undone=change))
            return True

    def discard(self, import_id: int) -> None:
        """Removes what an import wrote before it was committed."""
        for table in tables.SIGHTINGS.values():
            with writing(self._engine) as connection:
                connection.execute(sa.delete(table).where(table.c.import_id == import_id))
        with writing(self._engine) as connection:
            for table in (tables.problems, tables.import_files):
                connection.execute(sa.delete(table).where(table.c.import_id == import_id))
            connection.execute(
                sa.delete(tables.imports).where(tables.imports.c.id == import_id, tables.imports.c.committed.is_(None))
            )

    def discard_abandoned(self, now: datetime) -> int:
        """Sweeps out imports that died in the middle; returns how many."""
        imports = tables.imports.c
        with reading(self._engine) as connection:
            dead = list(
                connection.scalars(
                    sa.select(imports.id).where(imports.committed.is_(None), imports.alive_at < now - ABANDONED_AFTER)
                )
            )
        for import_id in dead:
            self.discard(import_id)
        return len(dead)

    # What imports say

    def already(self, sha256: str) -> Row | None:
        """The standing import that read a file with exactly this content, or None."""
        files, imports = tables.import_files, tables.imports
        query = (
            sa.select(imports.c.id, imports.c.started_at, files)
            .join(files, files.c.import_id == imports.c.id)
            .where(files.c.sha256 == sha256, imports.c.id.in_(standing_imports()))
            .order_by(imports.c.id.desc())
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return row._mapping if row else None

    def compare(self, kind: str, import_id: int, file_id: int) -> Counts:
        """Counts a file's sightings against what was current before."""
        table = tables.SIGHTINGS[kind]
        mine = sa.select(table).where(table.c.import_id == import_id, table.c.file_id == file_id).subquery()
        with reading(self._engine) as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(mine)) or 0
            if not total or connection.scalar(standing_imports().limit(1)) is None:
                return Counts(new=total)
            before = current(table, _touched(table, import_id, file_id)).subquery()
            keys = table.info["keys"]
            beside = {*keys, "import_id", "file_id", "row"}
            values = [column.name for column in table.columns if column.name not in beside]
            alike = sa.and_(sa.true(), *(mine.c[name].is_not_distinct_from(before.c[name]) for name in values))
            joined = mine.join(before, sa.and_(*(mine.c[name] == before.c[name] for name in keys)))
            met, same = connection.execute(
                sa.select(sa.func.count(), sa.func.sum(sa.case((alike, 1), else_=0))).select_from(joined)
            ).one()
        return Counts(new=total - met, same=int(same or 0), changed=met - int(same or 0))

    def history(self) -> list[Row]:
        """Imports that were committed, newest first, each file a row."""
        files, imports = tables.import_files, tables.imports
        query = (
            sa.select(imports.c.id.label("number"), imports.c.started_at, imports.c.actor, imports.c.undone, files)
            .join(files, files.c.import_id == imports.c.id)
            .where(imports.c.committed.is_not(None))
            .order_by(imports.c.id.desc(), files.c.id)
        )
        with reading(self._engine) as connection:
            return [row._mapping for row in connection.execute(query)]

    def problems(self, import_id: int | None = None) -> list[Row]:
        """Problems of one import, or of every import that stands."""
        table = tables.problems
        which = table.c.import_id == import_id if import_id is not None else table.c.import_id.in_(standing_imports())
        with reading(self._engine) as connection:
            return [row._mapping for row in connection.execute(sa.select(table).where(which).order_by(table.c.id))]

    def evidence(self, learners: Sequence[int], *, as_of: int | None = None) -> list[Row]:
        """Current evidence of some learners, that of their stand-ins among it, in order of date.

        Of what several numbers of one learner carry, the newest import's counts.
        """
        found: list[Row] = []
        with reading(self._engine) as connection:
            for start in range(0, len(learners), _AT_ONCE):
                some = learners[start : start + _AT_ONCE]
                found += _evidence(connection, some, stand_ins_of(connection, some, as_of), as_of)
        return found

    def totals(self) -> dict[str, int]:
        """How much of each kind is current."""
        with reading(self._engine) as connection:
            return {kind: _count(connection, table) for kind, table in tables.SIGHTINGS.items()}


def _evidence(
    connection: Connection, learners: Sequence[int], stand_ins: Mapping[int, int], as_of: int | None
) -> list[Row]:
    query = _facts(past=as_of is not None)
    numbers = [*learners, *stand_ins]
    found: list[Row] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = {"learner_id": numbers[start : start + _AT_ONCE], **when(as_of)}
        found += (row._mapping for row in connection.execute(query, some))
    if not stand_ins:
        return found
    newest: dict[tuple[int, int], Row] = {}
    for row in sorted(found, key=lambda row: (row["import_id"], row["file_id"], row["row"])):
        learner = stand_ins.get(row["learner_id"], row["learner_id"])
        newest[learner, row["key"]] = {**row, "learner_id": learner}
    return sorted(newest.values(), key=lambda row: (row["learner_id"], row["taken_on"]))


@cache
def _facts(*, past: bool) -> sa.Select[Any]:
    table = tables.evidence_sightings
    return current_of(table, "learner_id", past=past).order_by(table.c.learner_id, table.c.taken_on)


def _touched(table: sa.Table, import_id: int, file_id: int) -> sa.ColumnElement[bool]:
    learners = sa.select(table.c.learner_id).where(table.c.import_id == import_id, table.c.file_id == file_id)
    return table.c.learner_id.in_(learners)


def _count(connection: Connection, table: sa.Table) -> int:
    keys = [table.c[name] for name in table.info["keys"]]
    distinct = sa.select(*keys).where(table.c.import_id.in_(standing_imports())).distinct().subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(distinct)) or 0)


def _iso(days: Sequence[date | None]) -> list[str | None]:
    said = {day: day.isoformat() if day else None for day in set(days)}
    return [said[day] for day in days]
