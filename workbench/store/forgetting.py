"""Takes a learner out of the store: every row that is of them, in every table there is.

The learner's number stays, with a code that tells nobody: the audit goes on naming it, and no one else gets it.
What others said in their own words stays theirs, also where it names somebody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.access.actors import FORGOTTEN
from workbench.access.rules import themselves
from workbench.ground.terms import Term
from workbench.store import tables
from workbench.store.changes import note_change
from workbench.store.engine import reading, write_anew, writing
from workbench.store.identity import kin
from workbench.store.people import sessions, views
from workbench.store.tables import metadata

#: Tables that hold nothing of a learner; of those in `_SIGNED` who did it may be one.
OF_NOBODY = frozenset(
    (
        *("accounts", "changes", "censuses", "class_settings", "classes", "deliveries", "educators"),
        *("import_files", "imports", "protocol_texts", "reinstatements"),
    )
)
#: Tables that tell of a learner by words, not by a number: `_reworded`.
BY_WORDS = frozenset({"problems", "remembered", "views"})
_SIGNED = ("actor", "by", "ended_by")
_CODE = "forgotten:{number}"
_LONG = 5  # letters of an id that stands for nothing else
Row = Mapping[str, Any]


class Whom(NamedTuple):
    """A learner's numbers, the own first and those of stand-ins after it, and what files call them."""

    numbers: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """What means the learner where it stands alone."""
        return frozenset(one for one in (*self.codes, *self.names) if one)

    @property
    def telling(self) -> frozenset[str]:
        """What means the learner wherever it stands; a short id or a single name is part of much else."""
        ids = (one for one in self.codes if len(one) >= _LONG)
        return frozenset((*ids, *(one for one in self.names if " " in one)))


class Forgetting:
    """Finds and takes out all that is of one learner. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def whom(self, learner: int) -> Whom:
        with reading(self._engine) as connection:
            return _whom(connection, learner)

    def rows(self, whom: Whom) -> dict[str, list[Row]]:
        """Every row that is of a learner, by table."""
        with reading(self._engine) as connection:
            return {
                table.name: [dict(row._mapping) for row in connection.execute(_told(table).where(where))]
                for table, where in _theirs(connection, whom)
            }

    def take_out(self, whom: Whom, *, at: datetime, by: str) -> dict[str, int]:
        """Takes out every row of a learner; how many went, by table."""
        with writing(self._engine) as connection:
            note_change(connection, at, by, "learners")
            went = {}
            for table, where in list(_theirs(connection, whom)):
                went[table.name] = connection.execute(sa.delete(table).where(where)).rowcount
            went["remembered"] = _reworded(connection, whom)
            _unsigned(connection, whom)
            for number in whom.numbers:
                this = tables.learners.c.id == number
                connection.execute(sa.update(tables.learners).where(this).values(code=_CODE.format(number=number)))
        return went

    def clean(self) -> None:
        """Writes the file anew, so that nothing that was taken out is in it or its log any more. Raises NotReady."""
        write_anew(self._engine)

    def left_before(self, year: int) -> tuple[int, ...]:
        """The learners whose last school year, by any roster, ended before a calendar year."""
        last: dict[int, int] = {}
        with reading(self._engine) as connection:
            for table in (tables.enrolment_sightings, tables.membership_sightings):
                for learner, term in connection.execute(sa.select(table.c.learner_id, table.c.term).distinct()):
                    ended = Term.parse(term).year + 1
                    last[learner] = max(last.get(learner, 0), ended)
        return tuple(sorted(one for one, ended in last.items() if 1 < ended < year))


def _whom(connection: Connection, learner: int) -> Whom:
    """A stand-in that is on no roster and of whom nothing was said is the learner's; anybody else is somebody else."""
    near = kin(connection, [learner])[learner] - {learner}
    own = [tables.records, tables.enrolment_sightings, tables.membership_sightings]
    others = {one for table in own for one in connection.scalars(_numbers(table, near))}
    numbers = (learner, *sorted(near - others))
    codes = list(connection.scalars(sa.select(tables.learners.c.code).where(tables.learners.c.id.in_(numbers))))
    ids = sa.select(tables.identifier_sightings.c.value).where(tables.identifier_sightings.c.learner_id.in_(numbers))
    names = []
    for table in (tables.learner_sightings, tables.mention_sightings):
        said_of = sa.select(table.c.given_name, table.c.family_name).where(table.c.learner_id.in_(numbers)).distinct()
        for given, family in connection.execute(said_of):
            names += [f"{given} {family}".strip(), f"{family}, {given}".strip(", ")]
    return Whom(numbers, tuple(dict.fromkeys([*codes, *connection.scalars(ids)])), tuple(dict.fromkeys(names)))


def _told(table: sa.Table) -> sa.Select[Any]:
    """A table's rows, with the name of the class where there is one."""
    classes = tables.classes
    if "class_id" not in table.c:
        return sa.select(table)
    return sa.select(table, classes.c.name.label("class")).outerjoin(classes, classes.c.id == table.c.class_id)


def _numbers(table: sa.Table, among: Collection[int]) -> sa.Select[Any]:
    return sa.select(table.c.learner_id).where(table.c.learner_id.in_(among)).distinct()


def _theirs(connection: Connection, whom: Whom) -> Iterator[tuple[sa.Table, Any]]:
    """Tables and which of their rows are of a learner, those first that lean on others."""
    pairs = ((tables.buddies, tables.buddies.c.buddy), (tables.companions, tables.companions.c.other))
    paired = sa.union(*(sa.select(table.c.record).where(other.in_(whom.numbers)) for table, other in pairs))
    records = sa.or_(tables.records.c.learner_id.in_(whom.numbers), tables.records.c.record.in_(paired))
    every = list(connection.scalars(sa.select(tables.records.c.record).where(records)))
    signed = [str(themselves(code)) for code in whom.codes]
    for table in reversed(metadata.sorted_tables):
        wheres: list[Any] = [column.in_(whom.numbers) for column in of_learners(table)]
        if "record" in table.c:
            wheres.append(table.c.record.in_(every))
        if table is sessions:
            wheres.append(table.c.actor.in_(signed))
        if table is views:
            theirs = sa.or_(sessions.c.learner_id.in_(whom.numbers), sessions.c.actor.in_(signed))
            of = sa.select(sessions.c.id).where(theirs)
            wheres.append(table.c.session.in_(of))
            for one in whom.numbers:
                wheres += (table.c.parameters.contains(f'"learner": {one}{end}') for end in (",", "}"))
        if table is tables.problems:
            wheres += _problems(whom)
        if wheres and table is not tables.learners:
            yield table, sa.or_(*wheres)


def of_learners(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table that hold a learner's number."""
    learners = tables.learners.c.id
    return [one for one in table.columns if one.name == "learner_id" or one.references(learners)]


def _problems(whom: Whom) -> Iterator[sa.ColumnElement[bool]]:
    """Problems with rows that told of a learner, and with cells that name them."""
    table, files = tables.problems.c, tables.import_files.c
    for seen in tables.SIGHTINGS.values():
        yield (
            sa.exists()
            .where(seen.c.learner_id.in_(whom.numbers), seen.c.import_id == table.import_id, seen.c.row == table.row)
            .where(files.id == seen.c.file_id, files.file == table.file)
        )
    yield table.value.in_(whom.words)
    for word in whom.telling:
        yield table.value.contains(word, autoescape=True)


def _reworded(connection: Connection, whom: Whom) -> int:
    """Takes a learner out of what importers remember of packages; of how many."""
    table, changed = tables.remembered, 0
    for row in connection.execute(sa.select(table)).all():
        without = _without(row.said, whom.words)
        if without != row.said:
            this = sa.and_(table.c.importer == row.importer, table.c.import_id == row.import_id)
            connection.execute(sa.update(table).where(this).values(said=without))
            changed += 1
    return changed


def _without(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key not in words and not _tells(one, words)}
        return {key: _without(one, words) for key, one in kept.items()}
    return [_without(one, words) for one in value if not _tells(one, words)] if isinstance(value, list) else value


def _tells(value: Any, words: Collection[str]) -> bool:
    if isinstance(value, list):
        return any(isinstance(one, str) and one in words for one in value)
    return isinstance(value, str) and value in words


def _unsigned(connection: Connection, whom: Whom) -> None:
    """Takes a learner's code out of who did what."""
    signed = [str(themselves(code)) for code in whom.codes]
    for table in metadata.sorted_tables:
        for name in _SIGNED:
            if name in table.c:
                connection.execute(sa.update(table).where(table.c[name].in_(signed)).values({name: FORGOTTEN}))
