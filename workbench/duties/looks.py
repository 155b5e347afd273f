"""Who looked at a learner, who wrote, and who was refused: the audit, told to whoever looks after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import asks_inside, learner_of, no_learner
from workbench.access.rules import educator
from workbench.facet import Facet, moment
from workbench.keeping import heads
from workbench.keeping.heads import Seen
from workbench.learners.learners import Learner, Learners, the_one
from workbench.store.chain import Checked
from workbench.store.trimming import Rule

MOST = 500


@dataclass(frozen=True, slots=True, repr=False)
class Look:
    """That somebody (`by`, as `Gate.signed` has it) looked at a learner's pages, wrote there, or was refused, and why.

    `action` is an Action's value or a mark of the chain's, `what` the page or the method, `device` what they sat at.
    One that stands for `times` of them is the first of a day, or, with `learners` (how many), of a year.
    """

    at: datetime
    by: str
    action: str
    what: str
    learner: int | None
    allowed: bool
    reason: str
    device: str = ""
    times: int = 1
    learners: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Look:
        parts = ("action", "what", "allowed", "reason", "device", "times", "learners")
        return cls(at=moment(row["at"]), by=row["actor"], learner=row["learner_id"], **{one: row[one] for one in parts})

    def __repr__(self) -> str:
        return f"<Look: {self.action}>"


class Looks(Facet):
    """`bench.looks`: the audit, read, held against its chain, and trimmed by the school's rule."""

    __slots__ = ()

    @asks_inside
    def of(self, learner: Learner | int) -> tuple[Look, ...]:
        """Who looked at a learner's pages, who wrote, and who was refused, oldest first.

        For those who guide the learner, the office and an admin; raises NotAllowed for others.
        """
        number = learner_of(self.store, learner)
        disclosed = self.gate.may_here(Action.DISCLOSE)
        self.gate.permit(Action.MEET if disclosed else Action.GUIDE, number, "Looks.of")
        self.desk.audit.flush()
        return self._told(self.desk.audit.of(number))

    @asks_inside
    def all(
        self,
        *,
        learner: Learner | int | None = None,
        actor: str = "",
        since: date | None = None,
        until: date | None = None,
        most: int = MOST,
    ) -> tuple[Look, ...]:
        """The newest `most`, newest first: on one learner, by an actor, from a day until one. For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.all")
        self.desk.audit.flush()
        day = timedelta(days=1)
        return self._told(
            self.desk.audit.rows(
                learner=None if learner is None else learner_of(self.store, learner),
                actor=actor,
                since=None if since is None else _begin(since),
                until=None if until is None else _begin(until + day),
                most=most,
            )
        )

    @asks_inside
    def names(self, looks: Iterable[Look]) -> dict[int, str]:
        """The names of the learners that rows are on, by number; who was forgotten has none. For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.names")
        numbers = {one.learner for one in looks if one.learner is not None}
        return {row["id"]: Learner.of(row).name for row in self.store.roster.learners(numbers)}

    @asks_inside
    def named(self, text: str) -> Learner:
        """The one learner whose code or name is `text`, as `Learners.named`; who was only read past is not noted.

        For the office and an admin; raises NotAllowed for others, NotFound as that does.
        """
        self.gate.permit_here(Action.DISCLOSE, "Looks.named")
        number = self.store.roster.by_code(text)
        if number is not None:
            return self._beside(Learners).get(number)
        found = the_one([Learner.of(row) for row in self.store.roster.learners()], text)
        self.gate.permit(Action.MEET, found.id, "Looks.named")
        return found

    @no_learner
    def people(self) -> dict[str, str]:
        """What the educators of now's classes are called, by how they sign."""
        taught = (pair for one in self._beside(Learners).classes() for pair in one.educators)
        return {str(educator(code)): name for code, name in taught if name}

    @no_learner
    def who(self) -> tuple[str, ...]:
        """Whoever looked, wrote or was refused, as they signed. For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.who")
        return tuple(self.desk.audit.actors())

    @no_learner
    def check(self) -> Checked:
        """Walks along the audit's chain and notes what was found (`keeping/heads.py`). For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.check")
        self.desk.audit.flush()
        return heads.checked(self.desk.workspace.folder, self.desk.audit, self.clock())

    @no_learner
    def checked(self) -> Seen | None:
        """What the last walk found; None where there was none. For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.checked")
        return heads.noted(self.desk.workspace.folder)

    @no_learner
    def go_on(self) -> None:
        """Takes the audit as it is found for the chain from now on, and notes what was wrong. For an admin."""
        self.gate.permit_here(Action.AUDIT, "Looks.go_on")
        self.desk.audit.flush()
        found = heads.checked(self.desk.workspace.folder, self.desk.audit, self.clock())
        was = f"{found.broken} at {found.number}" if found.broken else "whole"
        self.desk.audit.take_as_found(self.by, was)
        heads.go_on(self.desk.workspace.folder, self.desk.audit, self.clock())

    @no_learner
    def trim(self, rule: Rule | None = None) -> int:
        """Folds and sums up what is older than the rule, by default the workspace's, keeps; how many rows went.

        For an admin. Of a chain that is broken nothing goes: who broke it could not be told any more.
        """
        self.gate.permit_here(Action.AUDIT, "Looks.trim")
        self.desk.audit.flush()
        return heads.trimmed(self.desk.workspace, self.desk.audit, self.clock(), self.by, rule)

    def _told(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Look, ...]:
        return tuple(map(Look.of, rows))


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day).astimezone()
