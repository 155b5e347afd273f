"""Imports: sightings written in short batches that one row makes visible.

An import that is killed leaves rows nobody sees; `discard_abandoned` sweeps them out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from workbench.access.actors import Actor
from workbench.access.rules import keeps_rosters
from workbench.ground import names
from workbench.ground.errors import NotReady
from workbench.ground.words import _
from workbench.store import evidence, tables
from workbench.store.bulk import Bulk
from workbench.store.census import note_census
from workbench.store.changes import note_change, number_of
from workbench.store.departures import Departure, gone, missing
from workbench.store.engine import adding, file_of, once_a_picture, parts, reading, trim, writing
from workbench.store.evidence import Sighted
from workbench.store.room import Room
from workbench.store.visible import current, says, standing_imports

Row = Mapping[Any, Any]
ABANDONED_AFTER = timedelta(minutes=10)  # an import that wrote nothing for so long is dead
_REMEMBERED = 5  # imports of one importer: as many may be taken back without a later delta being at a loss
_SWEPT_AT_ONCE = 20  # learners; a district's import has hundreds of sightings of each
_COMPARED = ("new", "same", "changed", "others")
_IMPORT, _UNDO, _REDO = _OF_IMPORTS = ("import", "undo import", "redo import")  # changes of what stands
_FROM_NAMES = ("name:", "named:")  # codes of whoever a file only names
_FROM_A_NAME = {
    kind: sa.or_(*(table.c.code.startswith(one) for one in _FROM_NAMES))
    for kind, table in (("learners", tables.learners), ("educators", tables.educators))
}
_BREATH = 0.01  # seconds between sweeps in which others may write


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sightings of a file say something new, the same as before, or otherwise.

    `others`: those of learners of whom whoever brought the file in is not told that.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    others: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new, self.same + other.same, self.changed + other.changed, self.others + other.others
        )


class Sightings:
    """Writes imports and reads evidence. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bulk = Bulk(engine)
        self._room = Room(file_of(engine))

    # An import, from begin to commit

    def begin(self, actor: str, at: datetime, *, size: int = 0) -> int:
        """The id of a new import that nobody sees yet; raises NotReady when `size` bytes have no room on the disk."""
        self._room.want(size)
        with writing(self._engine) as connection:
            result = connection.execute(sa.insert(tables.imports).values(started_at=at, alive_at=at, actor=actor))
            number = number_of(result)
            self._room.reserve(number)
            return number

    def begin_file(self, import_id: int, file: str, sha256: str, importer: str) -> int:
        """The id of a file within an import."""
        counted = ("rows", "events", "growth", "repeats", "left_out", "skipped", "blank", *_COMPARED, "waiting")
        zeros: dict[str, Any] = {**dict.fromkeys(counted, 0), "reasons": {}}
        with adding(self._engine) as connection:
            result = connection.execute(
                sa.insert(tables.import_files).values(
                    import_id=import_id, file=file, sha256=sha256, importer=importer, **zeros
                )
            )
            return number_of(result)

    def numbers(self, kind: str, codes: Sequence[str]) -> dict[str, int]:
        """The number of each learner or educator code, minting those never met.

        A code made from a name is the one that was met before, however its apostrophes were typed.
        """
        table = {"learners": tables.learners, "educators": tables.educators}[kind]
        of_names = [code for code in codes if code.startswith(_FROM_NAMES)]
        known = self._known(sa.select(table.c.code).where(_FROM_A_NAME[kind]), names.spelled) if of_names else {}
        meant = _meant(codes, known, lambda code: names.spelled(code) if code.startswith(_FROM_NAMES) else code)
        minted = self._mint(table, [{"code": code} for code in dict.fromkeys(meant.values())], lambda row: row.code)
        return {code: minted[one] for code, one in meant.items()}

    def class_numbers(self, classes: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
        """The number of each (school, name, year), minting those never met; a name is one however it was typed."""
        table = tables.classes.c
        years = {year for _school, _name, year in classes}
        known = self._known(sa.select(table.school, table.name, table.year).where(table.year.in_(years)), _class_typed)
        meant = _meant(classes, known, _class_typed)
        rows = [{"school": school, "name": name, "year": year} for school, name, year in dict.fromkeys(meant.values())]
        minted = self._mint(tables.classes, rows, lambda row: (row.school, row.name, row.year))
        return {place: minted[one] for place, one in meant.items()}

    def _known(self, query: sa.Select[Any], alike: Callable[[Any], Any]) -> dict[Any, Any]:
        """What the store has, by what is alike in it; of those alike the oldest."""
        found: dict[Any, Any] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query):
                one = row[0] if len(row) == 1 else tuple(row)
                found.setdefault(alike(one), one)
                found[one] = one
        return found

    def _mint(self, table: sa.Table, rows: list[dict[str, str]], key: Any) -> dict[Any, int]:
        if not rows:
            return {}
        columns = list(rows[0])
        found: dict[Any, int] = {}
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        with adding(self._engine) as connection:
            for part in parts(rows):
                connection.execute(dialect.insert(table).on_conflict_do_nothing(index_elements=columns), part)
                wanted = sa.tuple_(*(table.c[name] for name in columns)).in_([tuple(row.values()) for row in part])
                found.update((key(row), row.id) for row in connection.execute(sa.select(table).where(wanted)))
        return found

    def write(self, kind: str, columns: Mapping[str, Sequence[Any]], import_id: int, at: datetime) -> None:
        """Writes sightings, given as equally long columns, as one transaction; see `Bulk`.

        A few thousand keep others waiting for a moment only. Raises NotReady when the import was swept out, and when
        the disk is nearly full.
        """
        self._room.look()
        with adding(self._engine) as connection:
            imports = tables.imports
            alive = sa.update(imports).where(imports.c.id == import_id, ~imports.c.swept).values(alive_at=at)
            if not connection.execute(alive).rowcount:
                raise NotReady(
                    _("Bringing the files in was interrupted for so long that it was given up. Nothing was kept."),
                    _("Start it again."),
                )
            self._bulk.insert(connection, kind, columns, import_id)

    def depart(self, departures: Sequence[Departure], import_id: int, file_id: int, at: datetime) -> set[str]:
        """Writes what departures hide; returns of which kinds."""
        with reading(self._engine) as connection:
            found = gone(connection, departures, import_id)
        return {kind for kind, rows in found.items() if self._write_rows(kind, rows, import_id, file_id, at)}

    def complete(self, kind: str, importer: str, import_id: int, file_id: int, at: datetime) -> None:
        """Hides what the importer said before, and a complete file of it no more, of the schools and years it names."""
        with reading(self._engine) as connection:
            rows = missing(connection, kind, importer, import_id, file_id)
        self._write_rows(kind, rows, import_id, file_id, at)

    def _write_rows(self, kind: str, rows: Sequence[Row], import_id: int, file_id: int, at: datetime) -> bool:
        names = [column.name for column in tables.SIGHTINGS[kind].columns]
        for part in parts(rows):
            told = [{**row, "import_id": import_id, "file_id": file_id} for row in part]
            self.write(kind, {name: [row[name] for row in told] for name in names}, import_id, at)
        return bool(rows)

    def remember(self, importer: str, import_id: int, said: Mapping[str, Any]) -> None:
        """Keeps what an importer must know to read later packages, and forgets what is older than a few imports."""
        table = tables.remembered
        with writing(self._engine) as connection:
            connection.execute(sa.delete(table).where(table.c.importer == importer, table.c.import_id == import_id))
            connection.execute(sa.insert(table).values(importer=importer, import_id=import_id, said=dict(said)))
            newest = sa.select(table.c.import_id).where(table.c.importer == importer).order_by(table.c.import_id.desc())
            kept = list(connection.scalars(newest.limit(_REMEMBERED)))
            connection.execute(sa.delete(table).where(table.c.importer == importer, table.c.import_id < kept[-1]))

    def remembered(self, importer: str, import_id: int, *, by: str) -> Row:
        """What the newest import that counts, or `import_id` itself, left for later packages of an importer.

        One of actor `by`, or of whoever keeps the rosters.
        """
        table, imports = tables.remembered, tables.imports
        counts = (table.c.import_id == import_id) | table.c.import_id.in_(standing_imports())
        query = (
            sa.select(table.c.said, imports.c.actor)
            .join(imports, imports.c.id == table.c.import_id)
            .where(table.c.importer == importer, counts)
            .order_by(table.c.import_id.desc())
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).all()
        return next((row.said for row in found if _counts_for(by, row.actor)), {})

    def end_file(
        self,
        file_id: int,
        tally: Mapping[str, int],
        reasons: Mapping[str, int],
        counts: Counts,
        waiting: int,
        unread: Sequence[str],
    ) -> None:
        """Notes how a file's rows were used, how many were skipped why, who has to wait, and the columns not read."""
        files = tables.import_files
        compared = {name: getattr(counts, name) for name in _COMPARED}
        with adding(self._engine) as connection:
            used = {**tally, **compared, "reasons": dict(reasons), "waiting": waiting, "unread": list(unread)}
            connection.execute(sa.update(files).where(files.c.id == file_id).values(**used))

    def note_problems(self, import_id: int, problems: Sequence[Mapping[str, Any]]) -> None:
        if problems:
            with adding(self._engine) as connection:
                connection.execute(sa.insert(tables.problems), [{"import_id": import_id, **p} for p in problems])

    def commit(self, import_id: int, actor: str, at: datetime, *, since: int | None = None) -> bool:
        """Makes an import visible, whole; False, and nothing, when it was swept out.

        Nor when another began or ceased to stand after the change `since`.
        """
        imports, changes = tables.imports, tables.changes.c
        mine = (imports.c.id == import_id) & imports.c.committed.is_(None) & ~imports.c.swept
        with writing(self._engine) as connection:
            if connection.scalar(sa.select(imports.c.id).where(mine)) is None:
                return False
            if since is not None:
                others = sa.select(changes.id).where(changes.id > since, changes.what.in_(_OF_IMPORTS))
                if connection.scalar(others.limit(1)) is not None:
                    return False
            change = note_change(connection, at, actor, _IMPORT)
            connection.execute(sa.update(imports).where(mine).values(committed=change))
            note_census(connection, import_id, change)
        self._room.release(import_id)
        return True

    def undo(self, import_id: int, actor: str, at: datetime) -> bool:
        """Takes an import back; False when it was not standing."""
        with writing(self._engine) as connection:
            standing = connection.scalar(standing_imports().where(tables.imports.c.id == import_id))
            if standing is None:
                return False
            change = note_change(connection, at, actor, _UNDO)
            connection.execute(sa.update(tables.imports).where(tables.imports.c.id == import_id).values(undone=change))
            note_census(connection, import_id, change)
            return True

    def redo(self, import_id: int, actor: str, at: datetime) -> bool:
        """Lets an import that was taken back stand again; False when it was not taken back."""
        imports = tables.imports
        with writing(self._engine) as connection:
            undone = connection.scalar(sa.select(imports.c.undone).where(imports.c.id == import_id))
            if undone is None:
                return False
            change = note_change(connection, at, actor, _REDO)
            again = sa.insert(tables.reinstatements).values(import_id=import_id, undone=undone, redone=change)
            connection.execute(again)
            connection.execute(sa.update(imports).where(imports.c.id == import_id).values(undone=None))
            note_census(connection, import_id, change)
            return True

    def discard(self, import_id: int) -> None:
        """Removes what an import wrote before it was committed, some learners at a time, and numbers nobody else has.

        From the first moment on it can be committed no more. In the end the disk has the room back.
        """
        self._room.release(import_id)
        imports = tables.imports
        mine = (imports.c.id == import_id) & imports.c.committed.is_(None)
        with writing(self._engine) as connection:
            if not connection.execute(sa.update(imports).where(mine).values(swept=True)).rowcount:
                return
        for some in self._learners_in(import_id):
            sleep(_BREATH)
            with writing(self._engine) as connection:
                for table in tables.SIGHTINGS.values():
                    of_some = table.c.learner_id.in_(some)
                    connection.execute(sa.delete(table).where(of_some, table.c.import_id == import_id))
                others = ~imports.c.swept & imports.c.committed.is_(None)  # they may be about to use a number
                if connection.scalar(sa.select(imports.c.id).where(others).limit(1)) is None:
                    connection.execute(_unused(some))
        with writing(self._engine) as connection:
            for table in (tables.problems, tables.import_files, tables.remembered):
                connection.execute(sa.delete(table).where(table.c.import_id == import_id))
            connection.execute(sa.delete(imports).where(mine))
        trim(self._engine)

    def _learners_in(self, import_id: int) -> Iterator[list[int]]:
        """The numbers of those whom an import says anything of, some at a time."""
        with reading(self._engine) as connection:
            found = {
                number
                for table in tables.SIGHTINGS.values()
                for number in connection.scalars(
                    sa.select(table.c.learner_id).where(table.c.import_id == import_id).distinct()
                )
            }
        yield from parts(sorted(found), _SWEPT_AT_ONCE)

    def discard_abandoned(self, now: datetime) -> int:
        """Sweeps out imports that died in the middle; returns how many."""
        imports = tables.imports.c
        dead = imports.committed.is_(None) & (imports.swept | (imports.alive_at < now - ABANDONED_AFTER))
        with reading(self._engine) as connection:
            found = list(connection.scalars(sa.select(imports.id).where(dead)))
        for import_id in found:
            self.discard(import_id)
        return len(found)

    # What imports say

    def already(self, sha256: str, *, by: str) -> Row | None:
        """The standing import that read a file with exactly this content, so that nothing of it waits; or None.

        One of actor `by`, or of whoever keeps the rosters.
        """
        files, imports = tables.import_files, tables.imports
        query = (
            sa.select(imports.c.id.label("number"), imports.c.started_at, imports.c.actor, files)
            .join(files, files.c.import_id == imports.c.id)
            .where(files.c.sha256 == sha256, files.c.waiting == 0, imports.c.id.in_(standing_imports()))
            .order_by(imports.c.id.desc())
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).all()
        return next((row._mapping for row in found if _counts_for(by, row.actor)), None)

    def compare(self, kind: str, import_id: int, file_id: int, of: Collection[int] | None = None) -> Counts:
        """Counts a file's sightings against what was current before; those of others than learners `of` alone."""
        table = tables.SIGHTINGS[kind]
        mine = (table.c.import_id == import_id) & (table.c.file_id == file_id)
        with reading(self._engine) as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine)) or 0
            if not total or (of is None and connection.scalar(standing_imports().limit(1)) is None):
                return Counts(new=total)
            if of is None:
                touched = table.c.learner_id.in_(sa.select(table.c.learner_id).where(mine))
                return _compared(connection, table, mine, touched, total)
            found = Counts()
            for part in parts(of):
                theirs = table.c.learner_id.in_(part)
                own = connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine, theirs)) or 0
                found += _compared(connection, table, mine & theirs, theirs, own)
        return replace(found, others=total - found.new - found.same - found.changed)

    @once_a_picture
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

    @once_a_picture
    def evidence(self, learners: Sequence[int], *, as_of: int | None = None) -> list[Sighted]:
        """Current evidence of some learners, that of their stand-ins among it; see `store.evidence`."""
        with reading(self._engine) as connection:
            return evidence.evidence(connection, learners, as_of)

    def revisions(self, learner: int, key: int, *, as_of: int | None = None) -> list[tuple[Sighted, str, datetime]]:
        """What imports said of a fact, oldest first; see `store.evidence`."""
        with reading(self._engine) as connection:
            return evidence.revisions(connection, learner, key, as_of)

    @once_a_picture
    def newest(self, learners: Sequence[int], *, as_of: int | None = None) -> list[Row]:
        """For each learner and each measure as a whole (source, measure, unit) the newest `day` there is a fact of."""
        with reading(self._engine) as connection:
            return evidence.newest(connection, learners, as_of)

    def totals(self) -> dict[str, int]:
        """How much of each kind is current."""
        with reading(self._engine) as connection:
            return {kind: _count(connection, table) for kind, table in tables.SIGHTINGS.items()}


def _counts_for(by: str, actor: str) -> bool:
    """Whether actor `by` builds on what `actor` brought in."""
    return actor == by or keeps_rosters(Actor.parse(actor))


def _unused(learners: Sequence[int]) -> sa.Delete:
    """Deletes those of `learners` of whom nothing at all is said."""
    number = tables.learners.c.id
    columns = [table.c.learner_id for table in (*tables.SIGHTINGS.values(), tables.records, tables.matches)]
    said = (sa.exists().where(column == number) for column in (*columns, tables.matches.c.stand_in))
    return sa.delete(tables.learners).where(number.in_(learners), *(~one for one in said))


def _compared(
    connection: Connection,
    table: sa.Table,
    which: sa.ColumnElement[bool],
    whose: sa.ColumnElement[bool],
    total: int,
) -> Counts:
    """Counts `total` sightings, `which` they are and of learners `whose`, against what was current before."""
    mine = sa.select(table).where(which).subquery()
    before = current(table, whose).subquery()
    keys = table.info["keys"]
    beside = {*keys, "import_id", "file_id", "row"}
    values = [column.name for column in table.columns if column.name not in beside]
    alike = sa.and_(sa.true(), *(~says(mine.c, (name,)) | (mine.c[name] == before.c[name]) for name in values))
    joined = mine.join(before, sa.and_(*(mine.c[name] == before.c[name] for name in keys)))
    met, same = connection.execute(
        sa.select(sa.func.count(), sa.func.sum(sa.case((alike, 1), else_=0))).select_from(joined)
    ).one()
    return Counts(new=total - met, same=int(same or 0), changed=met - int(same or 0))


def _count(connection: Connection, table: sa.Table) -> int:
    if "gone" in table.c:
        rows = current(table).subquery()
    else:
        keys = [table.c[name] for name in table.info["keys"]]
        rows = sa.select(*keys).where(table.c.import_id.in_(standing_imports())).distinct().subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0)


def _meant(asked: Sequence[Any], known: dict[Any, Any], alike: Callable[[Any], Any]) -> dict[Any, Any]:
    """What each of `asked` is called in the store: as it is there, else as what is alike, else as it came first."""
    return {one: known[one] if one in known else known.setdefault(alike(one), one) for one in dict.fromkeys(asked)}


def _class_typed(place: tuple[str, str, str]) -> tuple[str, ...]:
    return tuple(map(names.typed_alike, place))
