"""Notes: what an educator writes beside a conference, shared with the learner or for educators only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept, given
from workbench.ground.words import N_


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


NOTES = Kept("notes", Note, needed={"words": (N_("This note has no words yet."), N_("A few words are enough."))})


class Notes(Facet):
    """`bench.notes`: keeps notes; a learner is given none that is for educators only."""

    __slots__ = ()

    @asks(Action.GUIDE)
    def write(
        self, about: LearnerId | RecordId, words: str, *, visibility: Visibility | str = Visibility.EDUCATOR
    ) -> Note:
        """Keeps a note on a conference or a learner; raises BadInput without words."""
        learner, held = self._held_in(about)
        return self._keep(NOTES, learner, {"conference": held, "words": words, "visibility": visibility})

    @asks(Action.GUIDE)
    def revise(self, note: RecordId, *, words: str | None = None, visibility: Visibility | str | None = None) -> Note:
        """Words a note otherwise, or shows it to others; what is None stays."""
        return self._change(NOTES, note, given(words=words, visibility=visibility))

    @asks(Action.GUIDE)
    def withdraw(self, note: RecordId) -> None:
        """Takes a note away; `undo` brings it back."""
        self._withdraw(NOTES, note)

    @asks(Action.GUIDE)
    def undo(self, note: RecordId) -> None:
        """Takes back what was last done with a note."""
        self._undo(NOTES, note)

    @asks(Action.HEAR, instead=tuple)
    def of(self, conference: RecordId) -> tuple[Note, ...]:
        """The notes on a conference that the actor reads, oldest first."""
        return self._read(self._all(NOTES, conference=conference))

    @asks(Action.HEAR, instead=tuple)
    def of_learner(self, learner: LearnerId) -> tuple[Note, ...]:
        """The notes on a learner that the actor reads, oldest first."""
        return self._read(self._all(NOTES, learner_id=learner))

    def _read(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        return tuple(
            one for one in notes if one.visibility is Visibility.SHARED or self.gate.may(Action.NOTES, one.learner)
        )
