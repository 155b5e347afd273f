"""Whom an educator's own import may speak of, and who is an educator's by nothing else.

Whoever keeps the school's rosters is believed of everybody. An educator is believed of learners who are theirs, and of
those whom nobody else has said anything of. Theirs is whom an import of somebody else ever put in a class of theirs,
and whom their own did before anybody else said anything. Anybody else is a *stranger*: what the import says of them
waits for whoever keeps the rosters, but for evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.access.rules import educator
from workbench.store import tables
from workbench.store.engine import adding, parts, reading
from workbench.store.identity import stood_for, who_carry
from workbench.store.visible import among, standing_imports

Row = Mapping[Any, Any]
_ROSTERS = (tables.learner_sightings, tables.enrolment_sightings, tables.membership_sightings)
_KEY = ("learner_id", "class_id", "term", "educator_id")


class OwnLists:
    """Reads and holds back what educators' imports say. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def named(self, import_id: int) -> set[int]:
        """Whom an import names, evidence aside, with whoever carries an id that it newly gives to somebody."""
        with reading(self._engine) as connection:
            found = {
                number
                for table in (*_ROSTERS, tables.identifier_sightings, tables.mention_sightings)
                for number in connection.scalars(
                    sa.select(table.c.learner_id).where(table.c.import_id == import_id).distinct()
                )
            }
            return found.union(*(others for _id, others in _new_ids(connection, import_id)))

    def strangers(self, numbers: Collection[int], *, by: str, codes: Collection[str]) -> set[int]:
        """Those of `numbers` of whom an import of actor `by` is not believed; rosters have `by` under `codes`.

        A number that stands for a learner on a roster is the learner's.
        """
        said: dict[int, int] = {}  # the first import of somebody else, also one that was taken back
        own: dict[int, int] = {}  # the first import of their own that put a learner in a class of theirs
        others: set[int] = set()  # whom somebody else put there
        with reading(self._engine) as connection:
            educators = list(connection.scalars(_EDUCATORS, {"code": list(codes)}))
            means = stood_for(connection, numbers, None)
            for some in parts({*numbers, *means.values()}):
                given = {"learner_id": some, "actor": by}
                for table in tables.SIGHTINGS.values():
                    for number, first in connection.execute(_first_of_others(table), given):
                        said[number] = min(first, said.get(number, first))
                for number, actor, first in connection.execute(_TAUGHT, given | {"educator_id": educators}):
                    if actor != by:
                        others.add(number)
                    else:
                        own[number] = first
        found = {one for one, first in said.items() if one not in others and own.get(one, first) >= first}
        return {one for one in numbers if means.get(one, one) in found}

    def hold_back(self, import_id: int, strangers: Collection[int]) -> set[int]:
        """Takes out of an import nobody sees yet what it says of `strangers`, but for evidence.

        Nor does it keep an id that one of them carries, since what waits under it would be its learner's. Returns of
        whom that is more than a mention: who has to wait.
        """
        waiting: set[int] = set()
        for some in parts(strangers):
            with adding(self._engine) as connection:
                for table in (*_ROSTERS, tables.mention_sightings):
                    mine = table.c.learner_id.in_(some) & (table.c.import_id == import_id)
                    if table in _ROSTERS:
                        waiting.update(connection.scalars(sa.select(table.c.learner_id).where(mine).distinct()))
                    connection.execute(sa.delete(table).where(mine))
        table = tables.identifier_sightings
        with adding(self._engine) as connection:
            for row, others in _new_ids(connection, import_id):
                if found := others & set(strangers):
                    keys = (table.c[name] == row[name] for name in (*table.info["keys"], "import_id"))
                    connection.execute(sa.delete(table).where(*keys))
                    waiting |= found
        return waiting


def alone(connection: Connection, memberships: Iterable[Row]) -> set[tuple[int, str]]:
    """The learners, each with an educator's code, whom these memberships give that educator by own imports alone.

    The memberships are all that count of their learners, as `Roster.memberships` has them.
    """
    keys: defaultdict[tuple[int, str], set[tuple[Any, ...]]] = defaultdict(set)
    elsewhere: set[tuple[int, str]] = set()
    for row in memberships:
        if code := row["educator_code"]:
            keys[row["learner_id"], code].add(tuple(row[name] for name in _KEY))
            if row["actor"] != _own(code):
                elsewhere.add((row["learner_id"], code))
    likely = keys.keys() - elsewhere
    said: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)  # since it was said to be no more
    for some in parts({learner for learner, _code in likely}):
        for one in connection.execute(_TOLD, {"learner_id": some}):
            key = tuple(one[: len(_KEY)])
            said[key] = set() if one.gone else said[key] | {one.actor}
    return {(one, code) for one, code in likely if all(said[key] == {_own(code)} for key in keys[one, code])}


def _own(code: str) -> str:
    """The actor that an educator is."""
    return str(educator(code))


def _new_ids(connection: Connection, import_id: int) -> list[tuple[Row, set[int]]]:
    """The ids that an import gives and none does that stands, each with the other numbers that ever carried it."""
    rows = [row._mapping for row in connection.execute(_NEW_IDS, {"import_id": import_id})]
    carriers = who_carry(connection, {(row["kind"], row["value"]) for row in rows}, past=None, given={})
    return [(row, carriers[row["kind"], row["value"]] - {row["learner_id"]}) for row in rows]


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to answer it.

_EDUCATORS = sa.select(tables.educators.c.id).where(among(tables.educators.c.code))


@cache
def _first_of_others(table: sa.Table) -> sa.Select[Any]:
    imports = tables.imports.c
    by_others = sa.select(imports.id).where(imports.committed.is_not(None), imports.actor != sa.bindparam("actor"))
    return (
        sa.select(table.c.learner_id, sa.func.min(table.c.import_id))
        .where(among(table.c.learner_id), table.c.import_id.in_(by_others))
        .group_by(table.c.learner_id)
    )


def _taught() -> sa.Select[Any]:
    seen, imports = tables.membership_sightings.c, tables.imports.c
    return (
        sa.select(seen.learner_id, imports.actor, sa.func.min(seen.import_id))
        .join(tables.imports, imports.id == seen.import_id)
        .where(among(seen.learner_id), among(seen.educator_id), ~seen.gone, seen.import_id.in_(standing_imports()))
        .group_by(seen.learner_id, imports.actor)
    )


def _told() -> sa.Select[Any]:
    seen, imports = tables.membership_sightings.c, tables.imports.c
    return (
        sa.select(*(seen[name] for name in _KEY), seen.gone, imports.actor)
        .join(tables.imports, imports.id == seen.import_id)
        .where(among(seen.learner_id), seen.import_id.in_(standing_imports()))
        .order_by(seen.import_id)
    )


def _ids_not_said() -> sa.Select[Any]:
    table = tables.identifier_sightings
    before = table.alias("before")
    is_said = sa.exists().where(
        before.c.import_id.in_(standing_imports()), *(before.c[key] == table.c[key] for key in table.info["keys"])
    )
    return sa.select(table).where(table.c.import_id == sa.bindparam("import_id"), ~is_said)


_TAUGHT, _TOLD, _NEW_IDS = _taught(), _told(), _ids_not_said()
