"""Worries: words of a learner that trouble a reader, passed on to the adult the school named, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from workbench.access.actors import Action, Actor
from workbench.access.gate import LearnerId, RecordId, asks, asks_inside, no_learner, record_of
from workbench.facet import Facet, moment
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _
from workbench.learners.learners import Learner

#: The records that hold a learner's words to worry about.
MARKED = ("reflections", "flags", "check_ins")


class Words(Protocol):
    """A reflection, a flag or a check-in."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True, repr=False)
class Worry:
    """What the named adult reads: whose words they are, the words as they stood when `by` marked them, and why.

    `of_class` is where the learner is found. `asked` is the question they answered, "" for a flag; `said_at` when they
    were said; `marked_by` what `by` is called; `done` what the adult named did about it.
    """

    id: str
    learner: int
    name: str
    of_class: str
    about: str
    asked: str
    said: str
    drawing: str
    said_at: datetime
    words: str
    by: str
    marked_by: str
    raised_at: datetime
    seen_at: datetime | None
    closed_at: datetime | None
    done: str

    def __repr__(self) -> str:
        return "<Worry>"


@dataclass(frozen=True, slots=True, repr=False)
class Worries(Facet):
    """`bench.worries`: passes on what troubles a reader, to the adult named in workbench.toml.

    Whoever is named now reads all of them. Whoever marked one is told only that it was passed on.
    """

    @property
    def named(self) -> Actor | None:
        """The adult named in workbench.toml, if there is one."""
        return self.desk.workspace.worries

    @no_learner
    def ready(self) -> bool:
        """Whether the school has named an adult, so that words can be marked."""
        return self.named is not None

    @no_learner
    def duty(self) -> str:
        """What whoever fears for a child must do first, in the school's own words where it gave some."""
        default = _("If a child may be unsafe, follow your school’s reporting rule now; this note does not replace it.")
        return self.desk.workspace.duty or default

    @no_learner
    def mine(self) -> bool:
        """Whether the actor is the adult named."""
        return self.gate.may_here(Action.WORRIES, self.gate.to_worries(self.named))

    @no_learner
    def waiting(self) -> int:
        """How many the adult named has not seen yet; 0 for everybody else."""
        return sum(row["seen_at"] is None for row in self._rows("worries")) if self.mine() else 0

    @asks(Action.GUIDE)
    def mark(self, about: RecordId, words: str = "") -> datetime:
        """Passes the words of a reflection, a flag or a check-in on, with the reader's own; returns when they were.

        Raises NotReady when nobody is named, BadInput for a record without a learner's words. Passing on the
        same thing again changes nothing.
        """
        if self.named is None:
            raise NotReady(
                _("The school has named nobody to whom concerns go, so this was not shared."),
                _("Go to the person responsible yourself, now. The office can name somebody in workbench.toml."),
            )
        if not any(self._rows(kind, record=about) for kind in MARKED):
            raise BadInput(_("These are no words of a learner."), _("Mark an answer or a flag."))
        known = [row for row in self._rows("worries", about=about) if row["closed_at"] is None]
        same = [row for row in known if self._born(row)["by"] == self.by and row["words"] == words.strip()]
        if same:
            return _when(same[0])
        now = self.clock()
        values = {"about": about, "words": words.strip(), "to": str(self.named), "raised_at": now, "done": ""}
        self._write(self.store.owner(about), {**values, "seen_at": None, "closed_at": None})
        return now

    @asks(Action.GUIDE)
    def passed_on(self, learner: LearnerId) -> dict[str, datetime]:
        """What the actor passed on of a learner's words: the record's id, and when last. Of others' marks nothing."""
        mine = [row for row in self._rows("worries", learner_id=learner) if self._born(row)["by"] == self.by]
        return {row["about"]: _when(row) for row in sorted(mine, key=_when)}

    @asks_inside
    def open(self) -> tuple[Worry, ...]:
        """The worries that are not closed, oldest first; raises NotAllowed for all but the adult named."""
        return tuple(one for one in self._every("Worries.open") if one.closed_at is None)

    @asks_inside
    def closed(self) -> tuple[Worry, ...]:
        """The worries that were closed, oldest first; raises NotAllowed for all but the adult named."""
        return tuple(one for one in self._every("Worries.closed") if one.closed_at is not None)

    @asks_inside
    def see(self, worry: Worry | str) -> Worry:
        """Notes that the adult named has read it."""
        known = self._met(worry, "Worries.see")
        return known if known.seen_at else self._do(known, seen_at=self.clock())

    @asks_inside
    def note(self, worry: Worry | str, done: str) -> Worry:
        """Writes down what was done about it."""
        return self._do(self._met(worry, "Worries.note"), done=done.strip())

    @asks_inside
    def close(self, worry: Worry | str) -> Worry:
        """Closes a worry that was dealt with."""
        known = self._met(worry, "Worries.close")
        now = self.clock()
        return self._do(known, seen_at=known.seen_at or now, closed_at=now)

    @asks_inside
    def reopen(self, worry: Worry | str) -> Worry:
        """Takes `close` back."""
        return self._do(self._met(worry, "Worries.reopen"), closed_at=None)

    def _every(self, what: str) -> list[Worry]:
        rows = self._rows("worries")
        self.gate.permit_worries(self.named, (row["learner_id"] for row in rows), what)
        return [self._worry(row) for row in rows]

    def _met(self, worry: Worry | str, what: str) -> Worry:
        record = record_of(worry)
        self.gate.permit_worries(self.named, [self.store.owner(record)], what)
        return self._worry(self.store.journal.one("worries", record, as_of=self.as_of))

    def _do(self, worry: Worry, **values: Any) -> Worry:
        return self._worry(self._write(worry.learner, values, worry.id))

    def _write(self, learner: int, values: Mapping[str, Any], record: str = "") -> Mapping[str, Any]:
        journal = self.store.journal
        return journal.one(
            "worries", journal.add("worries", learner, values, by=self.by, at=self.clock(), record=record)
        )

    def _born(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """A worry as it was marked."""
        return self.store.journal.revisions("worries", row["record"])[0]

    def _worry(self, row: Mapping[str, Any]) -> Worry:
        born = self._born(row)
        found = [self.store.journal.current(kind, as_of=born["change"], record=row["about"]) for kind in MARKED]
        said = next((rows[0] for rows in found if rows), {})
        people = self.store.roster.learners([row["learner_id"]])
        return Worry(
            id=row["record"],
            learner=row["learner_id"],
            name=next((Learner.of(one).name for one in people), ""),
            of_class=", ".join(
                dict.fromkeys(one["name"] for one in self.store.roster.memberships([row["learner_id"]]))
            ),
            about=row["about"],
            asked=said.get("asked", ""),
            said=" ".join(part for part in (said.get("choice", ""), said.get("words", "")) if part),
            drawing=said.get("drawing", ""),
            said_at=moment(said.get("at", born["at"])),
            words=row["words"],
            by=born["by"],
            marked_by=self._called(born["by"]),
            raised_at=_when(row),
            seen_at=_or_none(row["seen_at"]),
            closed_at=_or_none(row["closed_at"]),
            done=row["done"],
        )

    def _called(self, by: str) -> str:
        """What the rosters call whoever marked a worry; else as the actor is written."""
        code = Actor.parse(by).code
        known = {code: name for one in self.store.roster.classes() for code, name in one["educators"].items()}
        return known.get(code) or by


def _or_none(at: datetime | None) -> datetime | None:
    return None if at is None else moment(at)


def _when(row: Mapping[str, Any]) -> datetime:
    return moment(row["raised_at"])
