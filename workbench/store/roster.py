"""Learners, educators and classes as the committed rosters have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.access import Circle
from workbench.store import tables
from workbench.store.engine import reading
from workbench.store.visible import current_of, standing_imports, when
from workbench.terms import Term, latest_terms

Row = Mapping[Any, Any]
_BY_NAME = "name:"
_AT_ONCE = 500  # values in one IN (…), well under SQLite's limit


class Query(Protocol):
    """Makes the statement for rows narrowed by lists of some columns' values, now or in the past."""

    def __call__(self, *columns: str, past: bool) -> sa.Select[Any]: ...


@dataclass(slots=True)
class _Seen:
    """What was read of one change, and so holds until the next."""

    terms: list[str] | None = None
    educators: dict[str, set[str]] | None = None  # the codes of those who have one, by name
    circles: dict[int, Circle] = field(default_factory=dict)


class Roster:
    """Reads who is enrolled where. Lives as long as its store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[int, _Seen] = {}

    def learners(self, ids: Collection[int] | None = None, *, as_of: int | None = None) -> list[Row]:
        """Learners (all, or those numbered `ids`) with code, names and birth date."""
        return self._parts(_learners, ids, as_of)

    def by_code(self, code: str) -> int | None:
        """The number of the learner with the school's own `code`, or None."""
        with reading(self._engine) as connection:
            return connection.scalar(sa.select(tables.learners.c.id).where(tables.learners.c.code == code))

    def enrolments(self, ids: Collection[int] | None = None, *, as_of: int | None = None) -> list[Row]:
        """Learner, school, term and grade, over time."""
        return self._parts(partial(current_of, tables.enrolment_sightings), ids, as_of)

    def memberships(
        self, ids: Collection[int] | None = None, *, class_id: int | None = None, as_of: int | None = None
    ) -> list[Row]:
        """Learner, class, term and educator of the terms that count as now."""
        with reading(self._engine) as connection:
            return self._memberships(connection, ids, class_id, as_of)

    def classes(self, ids: Collection[int] | None = None, *, as_of: int | None = None) -> list[Row]:
        """Classes (all, or those numbered `ids`) that have learners now: id, school, name, year, educators, size."""
        if ids is None:
            rows = self.memberships(as_of=as_of)
        else:
            rows = [row for one in ids for row in self.memberships(class_id=one, as_of=as_of)]
        found: dict[int, dict[str, Any]] = {}
        members: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            one = found.setdefault(
                row["class_id"],
                {
                    "id": row["class_id"],
                    "school": row["school"],
                    "name": row["name"],
                    "year": row["year"],
                    "educators": {},
                },
            )
            members[row["class_id"]].add(row["learner_id"])
            if row["educator_code"]:
                one["educators"][row["educator_code"]] = row["educator_name"]
        return [{**one, "size": len(members[number])} for number, one in found.items()]

    def circles(self, learners: Iterable[int]) -> dict[int, Circle]:
        """Who stands around each of `learners` now; one nobody sighted has an empty circle."""
        ids = list(dict.fromkeys(learners))
        with reading(self._engine) as connection:
            known = self._of_change(connection, None).circles
            new = [one for one in ids if one not in known]
            teachers: dict[int, set[str]] = defaultdict(set)
            if new:
                codes = {row["id"]: row["code"] for row in _rows(connection, _codes, new, None)}
                for row in self._memberships(connection, new, None, None):
                    if row["educator_code"]:
                        teachers[row["learner_id"]].add(row["educator_code"])
                known.update((one, Circle(one, codes.get(one, ""), frozenset(teachers[one]))) for one in new)
        return {one: known[one] for one in ids}

    def _parts(self, query: Query, ids: Collection[int] | None, as_of: int | None) -> list[Row]:
        """The rows of all learners, or of so many at a time as a statement takes."""
        with reading(self._engine) as connection:
            return _rows(connection, query, ids, as_of)

    def _memberships(
        self, connection: Connection, ids: Collection[int] | None, class_id: int | None, as_of: int | None
    ) -> list[Row]:
        given: dict[str, Any] = {"term": self._terms(connection, as_of)}
        if class_id is None:
            rows = _rows(connection, partial(_members, "term"), ids, as_of, given)
        else:
            by_class = partial(_members, "term", "class_id")
            rows = _rows(connection, by_class, ids, as_of, given | {"class_id": [class_id]})
        return [self._with_code(connection, row, as_of) for row in rows]

    def _with_code(self, connection: Connection, row: Row, as_of: int | None) -> Row:
        """A membership whose educator a roster only names, with the code that other rosters have for the name."""
        code = row["educator_code"]
        if not code or not code.startswith(_BY_NAME):
            return row
        seen = self._of_change(connection, as_of)
        if seen.educators is None:
            seen.educators = defaultdict(set)
            for known in connection.execute(_educators(past=as_of is not None), when(as_of)):
                seen.educators[name_code(known.educator_name)].add(known.code)
        codes = seen.educators.get(code, set())
        return {**row, "educator_code": next(iter(codes))} if len(codes) == 1 else row

    def _terms(self, connection: Connection, as_of: int | None) -> list[str]:
        """The terms that count as now among what is visible."""
        seen = self._of_change(connection, as_of)
        if seen.terms is None:
            known = connection.scalars(_terms(past=as_of is not None), when(as_of))
            seen.terms = [term.text for term in latest_terms(map(Term.parse, known))]
        return seen.terms

    def _of_change(self, connection: Connection, as_of: int | None) -> _Seen:
        change = as_of
        if change is None:
            change = connection.scalar(_NEWEST) or 0
        if change not in self._seen:
            newest = list(self._seen.items())[-1:]  # a snapshot and now are asked for in turn
            self._seen = dict([*newest, (change, _Seen())])
        return self._seen[change]


def name_code(name: str) -> str:
    """The code of an educator of whom a roster has the name alone."""
    return _BY_NAME + name.casefold()


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to answer it.

_NEWEST = sa.select(sa.func.max(tables.changes.c.id))


@cache
def _codes(*columns: str, past: bool) -> sa.Select[Any]:
    return sa.select(tables.learners).where(tables.learners.c.id.in_(sa.bindparam("learner_id", expanding=True)))


@cache
def _learners(*columns: str, past: bool) -> sa.Select[Any]:
    seen = current_of(tables.learner_sightings, *columns, past=past).subquery()
    return sa.select(tables.learners.c.id, tables.learners.c.code, seen).join(
        seen, seen.c.learner_id == tables.learners.c.id
    )


@cache
def _members(*columns: str, past: bool) -> sa.Select[Any]:
    classes, educators = tables.classes, tables.educators
    seen = current_of(tables.membership_sightings, *columns, past=past).subquery()
    return (
        sa.select(
            seen.c.learner_id,
            seen.c.class_id,
            seen.c.term,
            seen.c.educator_name,
            classes.c.school,
            classes.c.name,
            classes.c.year,
            educators.c.code.label("educator_code"),
        )
        .join(classes, classes.c.id == seen.c.class_id)
        .outerjoin(educators, educators.c.id == seen.c.educator_id)
    )


@cache
def _terms(*, past: bool) -> sa.Select[Any]:
    """The terms there are, each found in the index behind the one before: few in very many rows."""
    seen = tables.membership_sightings.c
    terms = sa.select(sa.func.min(seen.term).label("term")).cte("terms", recursive=True)
    after = sa.select(sa.func.min(seen.term)).where(seen.term > terms.c.term).correlate(terms).scalar_subquery()
    terms = terms.union_all(sa.select(after).where(terms.c.term.is_not(None)))
    # The first import from one on, and not just that one: else PostgreSQL reads every row of a term, not the index.
    imports = tables.imports.c
    said = seen.term == terms.c.term, seen.import_id >= imports.id
    first = sa.select(sa.func.min(seen.import_id)).where(*said).correlate(terms, tables.imports).scalar_subquery()
    stands = standing_imports(past=past).where(first == imports.id).correlate(terms).exists()
    return sa.select(terms.c.term).where(terms.c.term.is_not(None), stands)


@cache
def _educators(*, past: bool) -> sa.Select[Any]:
    seen, educators = tables.membership_sightings.c, tables.educators.c
    return (
        sa.select(educators.code, seen.educator_name)
        .join(tables.educators, educators.id == seen.educator_id)
        .where(seen.import_id.in_(standing_imports(past=past)), educators.code.not_like(_BY_NAME + "%"))
        .distinct()
    )


def _rows(
    connection: Connection,
    query: Query,
    ids: Collection[int] | None,
    as_of: int | None,
    given: Mapping[str, Any] | None = None,
) -> list[Row]:
    """What a statement finds of all learners, or of `ids`, so many at a time as one takes."""
    bound = {**(given or {}), **when(as_of)}
    past = as_of is not None
    if ids is None:
        return [row._mapping for row in connection.execute(query(past=past), bound)]
    numbers = list(ids)
    found: list[Row] = []
    for start in range(0, len(numbers), _AT_ONCE):
        some = {"learner_id": numbers[start : start + _AT_ONCE]}
        found.extend(row._mapping for row in connection.execute(query("learner_id", past=past), bound | some))
    return found
