"""Pursuits: what the learners of a class work on now, how each is going, and who is stuck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import asks_each
from workbench.facet import Facet
from workbench.goals.goals import GOALS, OVERDUE, Goal, State
from workbench.goals.progress import CHECK_INS, STUCK, CheckIn

#: A goal without a day to come is pursued for so long after it was chosen or changed.
LATELY = timedelta(weeks=8)
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class Pursuits(Facet):
    """`bench.pursuits`: the active goals of a class."""

    __slots__ = ()

    @asks_each(Action.FOLLOW)
    def goals(self, class_id: int, *, on: date) -> Iterable[Goal]:
        """The active goals of a class's learners, those changed last first.

        Those whose day is to come, or passed within `OVERDUE`, and those chosen or changed within `LATELY`.
        """
        return map(GOALS.of, reversed(self._goals(class_id, on)))

    @asks_each(Action.FOLLOW)
    def looks(self, class_id: int, *, on: date) -> Iterable[CheckIn]:
        """The newest check-in of each of these goals, the newest first."""
        return map(CHECK_INS.of, reversed(self._looks(class_id, on)))

    @asks_each(Action.FOLLOW)
    def stuck(self, class_id: int, *, on: date) -> Iterable[CheckIn]:
        """Those of `looks` that say “I am stuck” and still wait, the newest first.

        One waits until an educator said something back to it, or a conference was finished after it.
        """
        said = [row for row in self._looks(class_id, on) if row["feeling"] == STUCK]
        if not said:
            return ()
        answered = {row["about"] for row in self._rows("responses", about=[row["record"] for row in said])}
        talked = self._talked({row["learner_id"] for row in said}, min(row["held_on"] for row in said), on)
        waits = [
            row for row in said if row["record"] not in answered and talked.get(row["learner_id"], 0) < row["change"]
        ]
        return map(CHECK_INS.of, reversed(waits))

    def _goals(self, class_id: int, on: date) -> list[Mapping[str, Any]]:
        members = self._members(class_id)
        since = datetime.combine(on - LATELY, time(), UTC)
        ahead = self._rows("goals", span=("due_on", on - OVERDUE, date.max), learner_id=members)
        lately = self._rows("goals", span=("at", since, _EVER), learner_id=members)
        rows = {row["record"]: row for row in (*ahead, *lately) if row["state"] == State.ACTIVE}
        return sorted(rows.values(), key=lambda row: row["change"])

    def _looks(self, class_id: int, on: date) -> list[Mapping[str, Any]]:
        goals = [row["record"] for row in self._goals(class_id, on)]
        rows = self._rows("check_ins", goal=goals) if goals else []
        rows.sort(key=lambda row: (row["held_on"], row["change"]))
        return sorted({row["goal"]: row for row in rows}.values(), key=lambda row: (row["held_on"], row["change"]))

    def _talked(self, learners: set[int], since: date, until: date) -> dict[int, int]:
        """The change at which each of some learners last finished a conference on one of these days."""
        held = self._rows("conferences", span=("finished_on", since, until), learner_id=sorted(learners))
        found: dict[int, int] = {}
        for rows in self.store.journal.revisions_of("conferences", [row["record"] for row in held]).values():
            end = next(row for row in rows if row["finished_on"] is not None)
            found[end["learner_id"]] = max(end["change"], found.get(end["learner_id"], 0))
        return found
