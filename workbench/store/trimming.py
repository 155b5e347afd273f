"""What of the audit goes by rule: looks are folded by day, then what is older still is summed up by year.

A row that stands for others has how many in `times`; of a year, also of how many learners in `learners`, and no
learner. What tells of the chain or of a restore stays.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.access.actors import Action
from workbench.store.chain import Mark, audit

#: What the audit calls a restore; an audit that begins with one begins where another was lost.
RESTORE = "restore"

_ROW = audit.c
_LOOK = sa.and_(_ROW.action == str(Action.READ), _ROW.allowed)
_OPEN = sa.and_(_ROW.learners.is_(None), _ROW.action.not_in([*map(str, Mark), RESTORE]))
_DAY = sa.func.date(_ROW.at)
_YEAR = sa.extract("year", _ROW.at)


class Rule(NamedTuple):
    """Moments: looks before `by_day` are folded, before `looks` summed up, as is all else before `deeds`."""

    by_day: datetime
    looks: datetime
    deeds: datetime

    @classmethod
    def of(cls, today: date, *, by_day: int, looks: int, deeds: int) -> Self:
        """The rule of a day, where each is kept so many years; sums are of whole years."""
        day = today.replace(year=today.year - by_day, day=min(today.day, 28))
        began = (date(today.year - years, 1, 1) for years in (looks, deeds))
        return cls(*(datetime.combine(one, time.min).astimezone() for one in (day, *began)))

    def __str__(self) -> str:
        return f"looks by day before {self.by_day.date()}, sums before {self.looks.date()} and {self.deeds.date()}"


def is_due(connection: Connection, rule: Rule) -> bool:
    """Whether anything is old enough to go."""
    asked = (sa.select(_ROW.id).where(_sums(rule)).limit(1), _folded(rule, more_than=1).limit(1))
    return any(connection.execute(one).first() is not None for one in asked)


def trim(connection: Connection, rule: Rule) -> int:
    """Takes away what a rule does not keep; returns how many rows went. Their chain is made anew by whoever asks."""
    year = (_YEAR, _ROW.actor, _ROW.action, _ROW.allowed, _ROW.reason)
    of = sa.func.count(_ROW.learner_id.distinct()).label("of")
    sums: Any = sa.select(*_COUNTED, of).where(_sums(rule)).group_by(*year)
    went = _reduce(connection, sums, _sums(rule), _BECOMES_SUM)
    return went + _reduce(connection, _folded(rule), _looks(rule), _BECOMES_DAY)


def _reduce(connection: Connection, groups: Any, old: sa.ColumnElement[bool], becomes: sa.Update) -> int:
    """Of old rows keeps the first of each group, for all of it."""
    first = [dict(row._mapping) for row in connection.execute(groups)]
    firsts = groups.with_only_columns(sa.func.min(_ROW.id))
    went = connection.execute(sa.delete(audit).where(old, _ROW.id.not_in(firsts))).rowcount
    if first:
        connection.execute(becomes, first)
    return went


def _sums(rule: Rule) -> sa.ColumnElement[bool]:
    looks, deeds = sa.and_(_LOOK, _ROW.at < rule.looks), sa.and_(sa.not_(_LOOK), _ROW.at < rule.deeds)
    return sa.and_(_OPEN, sa.or_(looks, deeds))


def _looks(rule: Rule) -> sa.ColumnElement[bool]:
    return sa.and_(_OPEN, _LOOK, _ROW.at < rule.by_day)


def _folded(rule: Rule, *, more_than: int = 0) -> Any:
    same = (_DAY, _ROW.actor, _ROW.learner_id, _ROW.reason, _ROW.device)
    return sa.select(*_COUNTED).where(_looks(rule)).group_by(*same).having(sa.func.count() > more_than)


_COUNTED = (sa.func.min(_ROW.id).label("this"), sa.func.sum(_ROW.times).label("stands_for"))
_THIS = _ROW.id == sa.bindparam("this")
_BECOMES_DAY = sa.update(audit).where(_THIS).values(times=sa.bindparam("stands_for"))
_BECOMES_SUM = (
    sa.update(audit)
    .where(_THIS)
    .values(times=sa.bindparam("stands_for"), learners=sa.bindparam("of"), learner_id=None, what="", device="")
)
