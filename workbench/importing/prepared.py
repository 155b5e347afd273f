"""Files that were read, and are not brought in yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbench.facet import Facet
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.importing.outcome import Outcome
from workbench.importing.recognised import how_to_answer
from workbench.importing.records import Question


class Prepared:
    """Files that were read and of which nobody sees anything yet. Closed, it discards what was not brought in.

    outcome: what bringing them in would do. questions: what must be answered first; `was_read`: whether the files were
    read all the same, since what is asked about is what came out. since: the change of which the outcome is, where
    another import would change whom the actor is believed of.
    """

    def __init__(
        self,
        at: Facet,
        again: Callable[[], Prepared],
        digests: tuple[str, ...],
        outcome: Outcome,
        questions: tuple[Question, ...] = (),
        staged: int | None = None,
        since: int | None = None,
    ) -> None:
        self.outcome = outcome
        self.questions = questions
        self._at = at
        self._again = again
        self._digests = digests
        self._staged = staged
        self._since = since

    @property
    def was_read(self) -> bool:
        return self._staged is not None or not self.questions

    def commit(self) -> Outcome:
        """Brings it all in at once. What waited so long that it was swept out, or is told otherwise now, is read again.

        Raises BadInput when there are questions, or when files are no longer those that were read.
        """
        if self.questions:
            raise how_to_answer(self.questions)
        if self._staged is None:
            return self.outcome
        at, number = self._at, self._staged
        if at.store.sightings.commit(number, at.by, at.clock(), since=self._since):
            self._staged = None
            self.outcome = replace(self.outcome, import_id=number)
            return self.outcome
        self.discard()
        with self._again() as other:
            if other._digests != self._digests or other.questions:
                raise BadInput(_("The files are no longer those that were looked at."), _("Look at them again."))
            self.outcome = other.commit()
        return self.outcome

    def discard(self) -> None:
        """Forgets what was read and not brought in."""
        if self._staged is not None:
            self._at.store.sightings.discard(self._staged)
            self._staged = None

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def __repr__(self) -> str:
        return f"<Prepared: {len(self.outcome.files)} files, {len(self.questions)} questions>"
