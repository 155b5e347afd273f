"""Notes: what an educator writes beside a conference, shared with the learner or for educators only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.access.gate import Action, asks
from workbench.conferences.conferences import Conference
from workbench.facet import Facet, moment
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner


class Visibility(StrEnum):
    """Who reads a note: the learner too, or educators only."""

    SHARED = "shared"
    EDUCATOR = "educator"


@dataclass(frozen=True, slots=True, repr=False)
class Note:
    """One note; `conference` is "" for one apart from any. `at` and `by`: its newest wording."""

    id: str
    learner: int
    conference: str
    words: str
    visibility: Visibility
    at: datetime
    by: str

    def __repr__(self) -> str:
        return f"<Note: {self.visibility}>"


class Notes(Facet):
    """`bench.notes`: keeps notes; a learner is given none that is for educators only."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def write(
        self, about: Conference | Learner | int | str, words: str, *, visibility: Visibility | str = Visibility.EDUCATOR
    ) -> Note:
        """Keeps a note on a conference or a learner; raises BadInput without words."""
        learner, held = self._held_in(about)
        values = {"conference": held, "words": _worded(words), "visibility": Visibility(visibility)}
        return _note(self._keep("notes", learner, values))

    @asks(Action.GUIDE)
    def revise(self, note: Note | str, *, words: str | None = None, visibility: Visibility | str | None = None) -> Note:
        """Words a note otherwise, or shows it to others; what is None stays."""
        record = note if isinstance(note, str) else note.id
        values: dict[str, Any] = {} if words is None else {"words": _worded(words)}
        if visibility is not None:
            values["visibility"] = Visibility(visibility)
        return _note(self._keep("notes", self.store.owner(record), values, record=record))

    @asks(Action.GUIDE)
    def withdraw(self, note: Note | str) -> None:
        """Takes a note away; `undo` brings it back."""
        self._withdraw("notes", note if isinstance(note, str) else note.id)

    @asks(Action.GUIDE)
    def undo(self, note: Note | str) -> None:
        """Takes back what was last done with a note."""
        self._undo("notes", note if isinstance(note, str) else note.id)

    @asks(Action.READ)
    def of(self, conference: Conference | str) -> tuple[Note, ...]:
        """The notes on a conference that the actor reads, oldest first."""
        record = conference.id if isinstance(conference, Conference) else conference
        return self._read(self._all("notes", conference=record))

    @asks(Action.READ)
    def of_learner(self, learner: Learner | int) -> tuple[Note, ...]:
        """The notes on a learner that the actor reads, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        return self._read(self._all("notes", learner_id=number))

    def _read(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
        every = self.gate.reads_educators_notes
        return tuple(one for one in map(_note, rows) if every or one.visibility is Visibility.SHARED)


def _worded(words: str) -> str:
    if not words.strip():
        raise BadInput(_("This note has no words yet."), _("A few words are enough."))
    return words.strip()


def _note(row: Mapping[str, Any]) -> Note:
    return Note(
        id=row["record"],
        learner=row["learner_id"],
        conference=row["conference"] or "",
        words=row["words"],
        visibility=Visibility(row["visibility"]),
        at=moment(row["at"]),
        by=row["by"],
    )
