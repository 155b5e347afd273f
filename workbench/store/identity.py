"""Whom the rows of files mean.

A file names a learner by the school's own id or by another: a state's, a user name, an e-mail address. Each code has a
number, and a number that no current roster names is a *stand-in*. It stands for a learner on a roster when somebody
said so (`matches`), or when both carry the same id of the same kind and no other learner on a roster carries it. Never
by name, and never across kinds: a guess could put one child's results on another's page.

This is found out while reading, so the order of imports does not matter, and whatever is taken back is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.store import tables
from workbench.store.changes import note_change
from workbench.store.engine import parts, reading, writing
from workbench.store.visible import among, current, current_of, standing_imports, when

Row = Mapping[Any, Any]
Key = tuple[str, str]  # a kind of id and its value

MATCHED, NOBODY, OPEN = "matched", "nobody", "open"
_BY_NAME = ("name", "named")  # kinds of codes that are made from names


class Identity:
    """Stand-ins, and what was said of them. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, *, by: str | None = None, as_of: int | None = None) -> list[int]:
        """Stand-ins with evidence (all of imports of `by`, if given) that stand for nobody, unless that was said."""
        with reading(self._engine) as connection:
            given = when(as_of) | ({} if by is None else {"actor": by})
            query = _unnamed(past=as_of is not None, own=by is not None)
            numbers = list(connection.scalars(query, given))
            known = stood_for(connection, numbers, as_of)
            said = _decided(connection, numbers, as_of)
        settled = {one for one, row in said.items() if row["state"] == NOBODY}
        return [one for one in numbers if one not in known and one not in settled]

    def said_of(
        self, stand_ins: Collection[int], *, by: str | None = None, as_of: int | None = None
    ) -> tuple[dict[int, Row], dict[int, list[Row]]]:
        """What the files call stand-ins, and how much evidence of them there is from which source, until when."""
        past, own = as_of is not None, by is not None
        given = when(as_of) | ({"actor": by} if own else {})
        sums: dict[int, list[Row]] = defaultdict(list)
        with reading(self._engine) as connection:
            mentions = _among(connection, _mentions(past=past, own=own), "learner_id", stand_ins, given)
            for row in _among(connection, _sums(past=past, own=own), "learner_id", stand_ins, given):
                sums[row["learner_id"]].append(row)
        return {row["learner_id"]: row for row in mentions}, sums

    def codes(self, numbers: Collection[int]) -> dict[int, str]:
        """The code behind each number."""
        with reading(self._engine) as connection:
            return _codes(connection, numbers)

    def ids(self, numbers: Collection[int], *, as_of: int | None = None) -> dict[int, set[Key]]:
        """The ids that each number carries, its own code among them."""
        with reading(self._engine) as connection:
            return _carried(connection, numbers, past=as_of is not None, given=when(as_of))

    def decisions(self, *, as_of: int | None = None) -> list[Row]:
        """Each stand-in of which somebody said whom it means, or that it means nobody, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(_decisions(past=as_of is not None), when(as_of))
            return [row._mapping for row in found if row.state != OPEN]

    def decide(self, means: Mapping[int, int | None], state: str, *, by: str, at: datetime) -> None:
        """Notes whom stand-ins mean, all in one change; what stands already adds nothing."""
        with writing(self._engine) as connection:
            before = {one: (row["state"], row["learner_id"]) for one, row in _decided(connection, means, None).items()}
            new = {one: learner for one, learner in means.items() if before.get(one, (OPEN, None)) != (state, learner)}
            if new:
                change = note_change(connection, at, by, "match")
                rows = [
                    {"stand_in": one, "change": change, "learner_id": learner, "state": state, "at": at, "by": by}
                    for one, learner in new.items()
                ]
                connection.execute(sa.insert(tables.matches), rows)


def stood_for(connection: Connection, numbers: Iterable[int], as_of: int | None) -> dict[int, int]:
    """The learner on a roster that each of `numbers` stands for; those on a roster, and those in doubt, are missing."""
    past, given = as_of is not None, when(as_of)
    asked = list(dict.fromkeys(numbers))
    stand_ins = set(asked) - _rostered(connection, asked, past=past, given=given)
    if not stand_ins:
        return {}
    said = _decided(connection, stand_ins, as_of)
    matched = {one: row["learner_id"] for one, row in said.items() if row["state"] == MATCHED}
    open_ = [one for one in stand_ins if one not in said or said[one]["state"] == OPEN]
    carried = _carried(connection, open_, past=past, given=given)
    carriers = who_carry(connection, set().union(*carried.values()), past=past, given=given)
    met = set().union(*carriers.values(), matched.values())
    here = _rostered(connection, met, past=past, given=given)
    found = {one: learner for one, learner in matched.items() if learner in here}
    for one, keys in carried.items():
        those = (carriers[key] & here for key in keys)
        means = {learner for each in those if len(each) == 1 for learner in each}
        if len(means) == 1:
            found[one] = means.pop()
    return found


def stand_ins_of(connection: Connection, learners: Collection[int], as_of: int | None) -> dict[int, int]:
    """The stand-ins of some learners, each with its learner."""
    past, given = as_of is not None, when(as_of)
    wanted = set(learners)
    carried = _carried(connection, wanted, past=past, given=given)
    carriers = who_carry(connection, set().union(*carried.values()), past=past, given=given)
    likely = set().union(*carriers.values(), _matched_with(connection, wanted)) - wanted
    return {one: learner for one, learner in stood_for(connection, likely, as_of).items() if learner in wanted}


def kin(connection: Connection, learners: Collection[int]) -> dict[int, set[int]]:
    """All numbers that ever had a bearing on what is known of each learner, with the learner's own.

    More than need be, never less: what an import said that was taken back counts as well.
    """
    near = _near(connection, learners)
    further = _near(connection, set().union(*near.values()) - set(learners)) | near
    return {one: {one}.union(*(further[other] | {other} for other in others)) for one, others in near.items()}


def _near(connection: Connection, numbers: Collection[int]) -> dict[int, set[int]]:
    """For each number the others that ever carried an id of it, or were ever matched with it."""
    carried = _carried(connection, numbers, past=None, given={})
    carriers = who_carry(connection, set().union(*carried.values()), past=None, given={})
    found = {one: set().union(*(carriers[key] for key in keys)) for one, keys in carried.items()}
    for stand_in, learner in _matched_with(connection, numbers).items():
        found[learner].add(stand_in)
    return found


def key_of(code: str) -> Key:
    """The kind and value that a code is made of; "" is the school's own kind."""
    kind, sep, value = code.partition(":")
    return (kind, value) if sep else ("", code)


def _carried(
    connection: Connection, numbers: Collection[int], *, past: bool | None, given: Mapping[str, Any]
) -> dict[int, set[Key]]:
    found = {one: {key_of(code)} for one, code in _codes(connection, numbers).items()}
    for row in _among(connection, _identifiers("learner_id", past=past), "learner_id", numbers, given):
        found[row["learner_id"]].add((row["kind"], row["value"]))
    return {one: {key for key in keys if key[0] not in _BY_NAME} for one, keys in found.items()}


def who_carry(
    connection: Connection, keys: Collection[Key], *, past: bool | None, given: Mapping[str, Any]
) -> dict[Key, set[int]]:
    """The numbers that carry each id; see `_identifiers`."""
    found: dict[Key, set[int]] = {key: set() for key in keys}
    values = {value for _kind, value in keys}
    for row in _among(connection, _identifiers("value", past=past), "value", values, given):
        if (row["kind"], row["value"]) in found:
            found[row["kind"], row["value"]].add(row["learner_id"])
    codes = {f"{kind}:{value}" if kind else value: (kind, value) for kind, value in keys}
    for row in _among(connection, _NUMBERS, "code", codes, {}):
        found[codes[row["code"]]].add(row["id"])
    return found


def _rostered(connection: Connection, numbers: Collection[int], *, past: bool, given: Mapping[str, Any]) -> set[int]:
    return {row["learner_id"] for row in _among(connection, _on_rosters(past=past), "learner_id", numbers, given)}


def _codes(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    return {row["id"]: row["code"] for row in _among(connection, _CODES, "id", numbers, {})}


def _decided(connection: Connection, stand_ins: Collection[int], as_of: int | None) -> dict[int, Row]:
    """The latest revision of what was said of each stand-in."""
    rows = _among(connection, _revisions(past=as_of is not None), "stand_in", stand_ins, when(as_of))
    return {row["stand_in"]: row for row in rows}  # the last one counts


def _matched_with(connection: Connection, learners: Collection[int]) -> dict[int, int]:
    """Stand-ins that were ever matched with one of `learners`."""
    return {row["stand_in"]: row["learner_id"] for row in _among(connection, _MATCHED, "learner_id", learners, {})}


def _among(
    connection: Connection, query: sa.Select[Any], name: str, values: Collection[Any], given: Mapping[str, Any]
) -> list[Row]:
    """The rows of a statement that takes a list under `name`, so many values at a time."""
    found: list[Row] = []
    for part in parts(values):
        found.extend(row._mapping for row in connection.execute(query, {**given, name: part}))
    return found


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to answer it.

_CODES = sa.select(tables.learners).where(among(tables.learners.c.id))
_NUMBERS = sa.select(tables.learners).where(among(tables.learners.c.code))
_MATCHED = (
    sa.select(tables.matches.c.stand_in, tables.matches.c.learner_id)
    .where(among(tables.matches.c.learner_id))
    .distinct()
)


@cache
def _identifiers(column: str, *, past: bool | None) -> sa.Select[Any]:
    """Ids by `column`; `past` None: whatever any import ever said."""
    table = tables.identifier_sightings
    query = sa.select(table.c.learner_id, table.c.kind, table.c.value).where(among(table.c[column])).distinct()
    return query if past is None else query.where(table.c.import_id.in_(standing_imports(past=past)))


@cache
def _on_rosters(*, past: bool) -> sa.Select[Any]:
    table = tables.learner_sightings.c
    return (
        sa.select(table.learner_id)
        .where(among(table.learner_id), table.import_id.in_(standing_imports(past=past)))
        .distinct()
    )


@cache
def _revisions(*, past: bool) -> sa.Select[Any]:
    table = tables.matches
    query = sa.select(table).where(among(table.c.stand_in)).order_by(table.c.change)
    return query.where(table.c.change <= sa.bindparam("as_of")) if past else query


@cache
def _decisions(*, past: bool) -> sa.Select[Any]:
    table = tables.matches
    newest = sa.select(table.c.stand_in, sa.func.max(table.c.change).label("change")).group_by(table.c.stand_in)
    if past:
        newest = newest.where(table.c.change <= sa.bindparam("as_of"))
    last = newest.subquery()
    match = (table.c.stand_in == last.c.stand_in) & (table.c.change == last.c.change)
    return sa.select(table).join(last, match).order_by(table.c.change, table.c.stand_in)


def _seen(*, past: bool, own: bool) -> sa.Select[Any]:
    """Imports that count, of one actor alone if `own`."""
    standing = standing_imports(past=past)
    return standing.where(tables.imports.c.actor == sa.bindparam("actor")) if own else standing


@cache
def _unnamed(*, past: bool, own: bool) -> sa.Select[Any]:
    learner = tables.learners.c.id
    evidence, roster = tables.evidence_sightings.c, tables.learner_sightings.c
    has_evidence = sa.exists().where(evidence.learner_id == learner, evidence.import_id.in_(_seen(past=past, own=own)))
    others = standing_imports(past=past).where(tables.imports.c.actor != sa.bindparam("actor"))
    of_others = sa.exists().where(evidence.learner_id == learner, evidence.import_id.in_(others))
    on_roster = sa.exists().where(roster.learner_id == learner, roster.import_id.in_(standing_imports(past=past)))
    waiting = sa.select(learner).where(has_evidence, ~on_roster).order_by(learner)
    return waiting.where(~of_others) if own else waiting


@cache
def _mentions(*, past: bool, own: bool) -> sa.Select[Any]:
    table = tables.mention_sightings
    if own:
        return current(table, among(table.c.learner_id), table.c.import_id.in_(_seen(past=past, own=True)), past=past)
    return current_of(table, "learner_id", past=past)


@cache
def _sums(*, past: bool, own: bool) -> sa.Select[Any]:
    table = tables.evidence_sightings.c
    return (
        sa.select(
            table.learner_id,
            table.source,
            sa.func.count(table.key.distinct()).label("pieces"),
            sa.func.max(table.taken_on).label("newest"),
        )
        .where(among(table.learner_id), table.import_id.in_(_seen(past=past, own=own)))
        .group_by(table.learner_id, table.source)
        .order_by(table.learner_id, table.source)
    )
