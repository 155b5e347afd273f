"""How many learners and classes the rosters of each school put into each term: what tells which terms count as now.

Counted when an import begins or ceases to stand, and kept from that change on, so that a page need not read a
district's rosters to know which of them count. Whoever was said to have left since is counted still: it serves to tell
most from few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.store import tables
from workbench.store.visible import standing_imports, when


class Count(NamedTuple):
    """How many are in one term of a school."""

    learners: int
    classes: int


#: By school and term.
Census = Mapping[str, Mapping[str, Count]]


def census(
    connection: Connection, *, as_of: int | None = None, suppose: str = "", supposed: int | None = None
) -> Census:
    """What was counted last, `as_of` a change; or as it would be with or without the import `supposed`."""
    counted = _counted(past=as_of is not None)
    found: defaultdict[str, dict[str, Count]] = defaultdict(dict)
    for row in connection.execute(counted, when(as_of)):
        found[row.school][row.term] = Count(row.learners, row.classes)
    if not found and as_of is not None:  # from before anything was counted
        for row in connection.execute(_count(past=True), when(as_of)):
            found[row.school][row.term] = Count(row.learners, row.classes)
    if supposed is not None:
        for school, term, count in _counted_anew(connection, supposed, suppose):
            found[school][term] = count
    return found


def note_census(connection: Connection, import_id: int, change: int) -> None:
    """Counts anew where an import said anything, once it stands or does no more from `change` on."""
    known = census(connection)
    rows = [
        {"school": school, "term": term, "change": change, **count._asdict()}
        for school, term, count in _counted_anew(connection, import_id)
        if known.get(school, {}).get(term) != count
    ]
    if rows:
        connection.execute(sa.insert(tables.censuses), rows)


def _counted_anew(connection: Connection, import_id: int, suppose: str = "") -> list[tuple[str, str, Count]]:
    """School, term and how many are there wherever an import puts or put somebody."""
    seen, classes = tables.membership_sightings.c, tables.classes.c
    here = (
        sa.select(classes.school, seen.term)
        .join(tables.classes, classes.id == seen.class_id)
        .where(seen.term.in_(sa.select(terms_said())), seen.import_id == import_id)
        .distinct()
    )
    touched = [(row.school, row.term) for row in connection.execute(here)]
    if not touched:
        return []
    among = _count(past=False, suppose=suppose).where(seen.term.in_({term for _school, term in touched}))
    counted = {
        (row.school, row.term): Count(row.learners, row.classes)
        for row in connection.execute(among, when(None, import_id if suppose else None))
    }
    return [(*place, counted.get(place, Count(0, 0))) for place in touched]


def terms_said() -> sa.ScalarSelect[str] | Any:
    """The terms there are, each found in the index behind the one before: few in very many rows."""
    seen = tables.membership_sightings.c
    terms = sa.select(sa.func.min(seen.term).label("term")).cte("terms", recursive=True)
    after = sa.select(sa.func.min(seen.term)).where(seen.term > terms.c.term).correlate(terms).scalar_subquery()
    terms = terms.union_all(sa.select(after).where(terms.c.term.is_not(None)))
    return terms.c.term


@cache
def _counted(*, past: bool) -> sa.Select[Any]:
    table = tables.censuses
    newest = sa.select(table.c.school, table.c.term, sa.func.max(table.c.change).label("change"))
    if past:
        newest = newest.where(table.c.change <= sa.bindparam("as_of"))
    last = newest.group_by(table.c.school, table.c.term).subquery()
    match = (table.c[name] == last.c[name] for name in ("school", "term", "change"))
    return sa.select(table).join(last, sa.and_(*match)).where(table.c.learners > 0)


@cache
def _count(*, past: bool, suppose: str = "") -> sa.Select[Any]:
    seen, classes = tables.membership_sightings.c, tables.classes.c
    return (
        sa.select(
            classes.school,
            seen.term,
            sa.func.count(seen.learner_id.distinct()).label("learners"),
            sa.func.count(seen.class_id.distinct()).label("classes"),
        )
        .join(tables.classes, classes.id == seen.class_id)
        .where(seen.import_id.in_(standing_imports(past=past, suppose=suppose)), ~seen.gone)
        .group_by(classes.school, seen.term)
    )
