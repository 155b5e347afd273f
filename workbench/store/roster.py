"""Learners, educators and classes as the committed rosters have them.

Which of them count as now, the day tells and what most of a school's rosters say: `terms.present`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.access.actors import Actor, Circle
from workbench.access.rules import keeps_rosters
from workbench.ground import names
from workbench.ground.terms import Present, Term, present
from workbench.store import tables
from workbench.store.census import census
from workbench.store.engine import once_a_picture, parts, reading
from workbench.store.own_lists import alone
from workbench.store.people import linked
from workbench.store.visible import current_of, standing_imports, when

Row = Mapping[Any, Any]
_BY_NAME = "name:"


class Query(Protocol):
    """Makes the statement for rows narrowed by lists of some columns' values; see `standing_imports`."""

    def __call__(self, *columns: str, past: bool, suppose: str = "") -> sa.Select[Any]: ...


@dataclass(frozen=True, slots=True)
class _Look:
    """Whence one looks: back to change `as_of`, or at how it would be `WITH` or `WITHOUT` an import, on a later day."""

    as_of: int | None = None
    suppose: str = ""
    supposed: int | None = None
    on: date | None = None

    @property
    def bound(self) -> dict[str, int]:
        return when(self.as_of, self.supposed)

    def query(self, query: Query, *columns: str) -> sa.Select[Any]:
        return query(*columns, past=self.as_of is not None, suppose=self.suppose)


_NOW = _Look()


@dataclass(slots=True)
class _Seen:
    """What was read of one change on one day, and so holds until the next."""

    present: dict[str, Present] | None = None  # by school
    educators: dict[tuple[str, str], set[str]] | None = None  # the codes of those who have one, by name and who says so
    circles: dict[int, Circle] = field(default_factory=dict)


class Roster:
    """Reads who is enrolled where. Lives as long as its store, whose `clock` tells the day."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._seen: dict[tuple[_Look, int, date], _Seen] = {}

    @once_a_picture
    def learners(self, ids: Collection[int] | None = None, *, as_of: int | None = None) -> list[Row]:
        """Learners (all, or those numbered `ids`) with code, names and birth date."""
        return self._parts(_learners, ids, as_of)

    def by_code(self, code: str) -> int | None:
        """The number of the learner with the school's own `code`, or None."""
        with reading(self._engine) as connection:
            return connection.scalar(sa.select(tables.learners.c.id).where(tables.learners.c.code == code))

    @once_a_picture
    def enrolments(self, ids: Collection[int] | None = None, *, as_of: int | None = None) -> list[Row]:
        """Learner, school, term and grade, over time."""
        return self._parts(partial(current_of, tables.enrolment_sightings), ids, as_of)

    @once_a_picture
    def enrolled(self, *, as_of: int | None = None) -> list[Row]:
        """The enrolments of the terms that count as now."""
        with reading(self._engine) as connection:
            return self._enrolled(connection, _Look(as_of))

    def supposing(self, suppose: str, import_id: int, on: date | None = None) -> tuple[list[Row], list[Row], list[Row]]:
        """Memberships and enrolments as they would be `WITH` or `WITHOUT` an import, and the coming memberships.

        Now, or on a day to come.
        """
        look = _Look(None, suppose, import_id, on)
        with reading(self._engine) as connection:
            return (
                self._memberships(connection, None, None, look),
                self._enrolled(connection, look),
                self._memberships(connection, None, None, look, coming=True),
            )

    def _enrolled(self, connection: Connection, look: _Look) -> list[Row]:
        rows = _rows(connection, partial(current_of, tables.enrolment_sightings), None, look)
        day = self._day(connection, look)
        of_classes = self._present(connection, look)
        said: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for row in rows:
            said[row["school"]][row["term"]].add(row["learner_id"])
        now = {
            school: present({term: len(them) for term, them in terms.items()}, day).now
            | of_classes.get(school, Present()).now  # whoever is in a class is at the school
            for school, terms in said.items()
        }
        return [row for row in rows if row["term"] in now[row["school"]]]

    @once_a_picture
    def memberships(
        self,
        ids: Collection[int] | None = None,
        *,
        class_id: int | None = None,
        as_of: int | None = None,
    ) -> list[Row]:
        """Learner, class, term and educator of the terms that count as now, and the actor who said it last."""
        with reading(self._engine) as connection:
            return self._memberships(connection, ids, class_id, _Look(as_of))

    def by_own_lists(self) -> set[int]:
        """The learners whom an educator has now by nothing but imports of their own."""
        with reading(self._engine) as connection:
            return {learner for learner, _code in alone(connection, self._memberships(connection, None, None, _NOW))}

    def codes_of(self, educator: str) -> set[str]:
        """The codes by which whoever keeps the rosters means an educator: the own, and a name that is theirs alone."""
        with reading(self._engine) as connection:
            named = self._educators(connection, _NOW)
        return {educator, *(name for (name, by), codes in named.items() if not by and codes == {educator})}

    @once_a_picture
    def classes(
        self, ids: Collection[int] | None = None, *, as_of: int | None = None, coming: bool = False
    ) -> list[Row]:
        """Classes (all, or those numbered `ids`) that have learners now: id, school, name, year, educators, size.

        With `coming` those whose term has not begun.
        """
        with reading(self._engine) as connection:
            look = _Look(as_of)
            each: Iterable[int | None] = [None] if ids is None else ids
            return _as_classes(
                row for one in each for row in self._memberships(connection, None, one, look, coming=coming)
            )

    def circles(self, learners: Iterable[int]) -> dict[int, Circle]:
        """Who stands around each of `learners` now; one nobody sighted has an empty circle."""
        return self._circles(tuple(dict.fromkeys(learners)))

    @once_a_picture
    def _circles(self, ids: tuple[int, ...]) -> dict[int, Circle]:
        with reading(self._engine) as connection:
            known = self._of_change(connection, _NOW).circles
            new = [one for one in ids if one not in known]
            teachers: dict[int, set[str]] = defaultdict(set)
            themselves: dict[int, set[str]] = defaultdict(set)
            if new:
                codes = {row["id"]: row["code"] for row in _rows(connection, _codes, new, _NOW)}
                memberships = self._memberships(connection, new, None, _NOW)
                for row in memberships:
                    if row["educator_code"]:
                        teachers[row["learner_id"]].add(row["educator_code"])
                for learner, code in alone(connection, memberships):
                    themselves[learner].add(code)
                given = linked(connection, new, memberships, self._day(connection, _NOW))
                known.update(
                    (
                        one,
                        Circle(
                            one,
                            codes.get(one, ""),
                            frozenset(teachers[one]),
                            frozenset(themselves[one]),
                            given.get(one, {}),
                        ),
                    )
                    for one in new
                )
        return {one: known[one] for one in ids}

    def _parts(self, query: Query, ids: Collection[int] | None, as_of: int | None) -> list[Row]:
        """The rows of all learners, or of so many at a time as a statement takes."""
        with reading(self._engine) as connection:
            return _rows(connection, query, ids, _Look(as_of))

    def _memberships(
        self,
        connection: Connection,
        ids: Collection[int] | None,
        class_id: int | None,
        look: _Look,
        *,
        coming: bool = False,
    ) -> list[Row]:
        of_school = self._present(connection, look)
        wanted = {school: one.coming if coming else one.now for school, one in of_school.items()}
        given: dict[str, Any] = {"term": sorted(set().union(*wanted.values()))}
        if class_id is None:
            rows = _rows(connection, partial(_members, "term"), ids, look, given)
        else:
            by_class = partial(_members, "term", "class_id")
            rows = _rows(connection, by_class, ids, look, given | {"class_id": [class_id]})
        rows = [row for row in rows if row["term"] in wanted.get(row["school"], ())]
        if not coming:
            rows = self._in_their_year(connection, rows, wanted, look, whole=class_id is None)
        return [self._with_code(connection, row, look) for row in rows]

    def _in_their_year(
        self,
        connection: Connection,
        rows: list[Row],
        wanted: Mapping[str, Collection[str]],
        look: _Look,
        *,
        whole: bool,
    ) -> list[Row]:
        """The rows without those of a year that is over for a learner, who is in the school's next one already.

        `whole`: whether they are all rows of their learners.
        """
        turning = {school for school, terms in wanted.items() if len({Term.parse(one).year for one in terms}) > 1}
        learners = {row["learner_id"] for row in rows if row["school"] in turning}
        if not learners:
            return rows
        every = rows
        if not whole:
            terms = sorted(set().union(*(wanted[school] for school in turning)))
            every = _rows(connection, partial(_members, "term"), learners, look, {"term": terms})
        newest: dict[tuple[int, str], int] = {}
        for row in every:
            if row["term"] in wanted.get(row["school"], ()):
                key = row["learner_id"], row["school"]
                newest[key] = max(newest.get(key, 0), Term.parse(row["term"]).year)
        return [row for row in rows if Term.parse(row["term"]).year == newest[row["learner_id"], row["school"]]]

    def _with_code(self, connection: Connection, row: Row, look: _Look) -> Row:
        """A membership whose educator a roster only names, with the code that other rosters have for the name.

        Those of whoever keeps the rosters, or of the same actor: nobody takes a class by going by its educator's name.
        """
        code = row["educator_code"]
        if not code or not code.startswith(_BY_NAME):
            return row
        named = self._educators(connection, look)
        name = name_code(row["educator_name"])
        codes = named.get((name, ""), set()) | named.get((name, row["actor"]), set())
        return {**row, "educator_code": next(iter(codes))} if len(codes) == 1 else row

    def _educators(self, connection: Connection, look: _Look) -> Mapping[tuple[str, str], set[str]]:
        """The codes of educators by their name and the actor who says so, "" for whoever keeps the rosters."""
        seen = self._of_change(connection, look)
        if seen.educators is None:
            seen.educators = defaultdict(set)
            for known in connection.execute(look.query(_educators), look.bound):
                by = "" if keeps_rosters(Actor.parse(known.actor)) else known.actor
                seen.educators[name_code(known.educator_name), by].add(known.code)
        return seen.educators

    def _present(self, connection: Connection, look: _Look) -> Mapping[str, Present]:
        """By school, the terms that count as now and those that are coming."""
        seen = self._of_change(connection, look)
        if seen.present is None:
            day = self._day(connection, look)
            counted = census(connection, as_of=look.as_of, suppose=look.suppose, supposed=look.supposed)
            seen.present = {
                school: present(
                    {term: count.learners for term, count in terms.items()},
                    day,
                    {term: count.classes for term, count in terms.items()},
                )
                for school, terms in counted.items()
            }
        return seen.present

    def _day(self, connection: Connection, look: _Look) -> date:
        """The day asked for, or today; for a look back the last on which that change was the newest, perhaps today."""
        if look.on is not None:
            return look.on
        at = None
        if look.as_of is not None:
            at = connection.scalar(_NEXT, {"as_of": look.as_of})
        return (self._clock() if at is None else _in_utc(at)).astimezone().date()

    def _of_change(self, connection: Connection, look: _Look) -> _Seen:
        change = look.as_of
        if change is None:
            change = connection.scalar(_NEWEST) or 0
        key = (look, change, self._clock().astimezone().date())
        if key not in self._seen:
            newest = list(self._seen.items())[-1:]  # a snapshot and now are asked for in turn
            self._seen = dict([*newest, (key, _Seen())])
        return self._seen[key]


def _as_classes(rows: Iterable[Row]) -> list[Row]:
    """Memberships by class: id, school, name, year, educators, size."""
    found: dict[int, dict[str, Any]] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        one = found.setdefault(
            row["class_id"],
            {"id": row["class_id"], "school": row["school"], "name": row["name"], "year": row["year"], "educators": {}},
        )
        members[row["class_id"]].add(row["learner_id"])
        if row["educator_code"]:
            one["educators"][row["educator_code"]] = row["educator_name"]
    return [{**one, "size": len(members[number])} for number, one in found.items()]


def _in_utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite does not keep it


def name_code(name: str) -> str:
    """The code of an educator of whom a roster has the name alone."""
    return _BY_NAME + names.spelled(name)


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to answer it.

_NEWEST = sa.select(sa.func.max(tables.changes.c.id))
_NEXT = (
    sa.select(tables.changes.c.at)
    .where(tables.changes.c.id > sa.bindparam("as_of"))
    .order_by(tables.changes.c.id)
    .limit(1)
)


@cache
def _codes(*columns: str, past: bool, suppose: str = "") -> sa.Select[Any]:
    return sa.select(tables.learners).where(tables.learners.c.id.in_(sa.bindparam("learner_id", expanding=True)))


@cache
def _learners(*columns: str, past: bool, suppose: str = "") -> sa.Select[Any]:
    seen = current_of(tables.learner_sightings, *columns, past=past, suppose=suppose).subquery()
    return sa.select(tables.learners.c.id, tables.learners.c.code, seen).join(
        seen, seen.c.learner_id == tables.learners.c.id
    )


@cache
def _members(*columns: str, past: bool, suppose: str = "") -> sa.Select[Any]:
    classes, educators = tables.classes, tables.educators
    seen = current_of(tables.membership_sightings, *columns, past=past, suppose=suppose).subquery()
    return (
        sa.select(
            seen.c.learner_id,
            seen.c.class_id,
            seen.c.term,
            seen.c.educator_id,
            seen.c.educator_name,
            tables.imports.c.actor,
            classes.c.school,
            classes.c.name,
            classes.c.year,
            educators.c.code.label("educator_code"),
        )
        .join(classes, classes.c.id == seen.c.class_id)
        .join(tables.imports, tables.imports.c.id == seen.c.import_id)
        .outerjoin(educators, educators.c.id == seen.c.educator_id)
    )


@cache
def _educators(*columns: str, past: bool, suppose: str = "") -> sa.Select[Any]:
    seen, educators, imports = tables.membership_sightings.c, tables.educators.c, tables.imports.c
    return (
        sa.select(educators.code, seen.educator_name, imports.actor)
        .join(tables.educators, educators.id == seen.educator_id)
        .join(tables.imports, imports.id == seen.import_id)
        .where(
            seen.import_id.in_(standing_imports(past=past, suppose=suppose)), educators.code.not_like(_BY_NAME + "%")
        )
        .distinct()
    )


def _rows(
    connection: Connection,
    query: Query,
    ids: Collection[int] | None,
    look: _Look,
    given: Mapping[str, Any] | None = None,
) -> list[Row]:
    """What a statement finds of all learners, or of `ids`, so many at a time as one takes."""
    bound = {**(given or {}), **look.bound}
    if ids is None:
        return [row._mapping for row in connection.execute(look.query(query), bound)]
    found: list[Row] = []
    for part in parts(ids):
        given = bound | {"learner_id": part}
        found.extend(row._mapping for row in connection.execute(look.query(query, "learner_id"), given))
    return found
