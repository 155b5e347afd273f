"""Strengths and needs, academic and not, each tied to evidence or work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept, given
from workbench.ground.words import N_


class Kind(StrEnum):
    STRENGTH = "strength"
    NEED = "need"


class Domain(StrEnum):
    """Where it shows: in school subjects, or in everything else one learns."""

    ACADEMIC = "academic"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A strength or a need in the learner's words; `tied_to` says which evidence or work shows it."""

    id: str
    learner: int
    conference: str
    kind: Kind
    domain: Domain
    words: str
    tied_to: str

    def __repr__(self) -> str:
        return f"<Finding: {self.kind}, {self.domain}>"


FINDINGS = Kept(
    "findings",
    Finding,
    needed={"words": (N_("Nothing was written yet."), N_("A word or two is enough; then add it to the list."))},
    tidy={"tied_to": str.strip},
)


class Strengths(Facet):
    """`bench.strengths`: names strengths and needs."""

    __slots__ = ()

    @asks(Action.WRITE)
    def name(
        self,
        conference: RecordId,
        words: str,
        *,
        kind: Kind | str,
        domain: Domain | str = Domain.ACADEMIC,
        tied_to: str = "",
    ) -> Finding:
        """Keeps a strength or a need; raises BadInput without words."""
        learner, held = self._held_in(conference)
        values = {"conference": held, "kind": kind, "domain": domain, "words": words, "tied_to": tied_to}
        return self._keep(FINDINGS, learner, values)

    @asks(Action.WRITE)
    def reword(
        self,
        finding: RecordId,
        *,
        words: str | None = None,
        domain: Domain | str | None = None,
        tied_to: str | None = None,
    ) -> Finding:
        """Says a strength or a need otherwise, or moves it to the other domain; what is None stays."""
        return self._change(FINDINGS, finding, given(words=words, domain=domain, tied_to=tied_to))

    @asks(Action.WRITE)
    def withdraw(self, finding: RecordId) -> None:
        """Takes a strength or a need off the list; `restore` puts it back."""
        self._withdraw(FINDINGS, finding)

    @asks(Action.WRITE)
    def restore(self, finding: RecordId) -> Finding:
        """Puts a withdrawn strength or need back."""
        return self._restore(FINDINGS, finding)

    @asks(Action.HEAR, instead=tuple)
    def of(self, conference: RecordId) -> tuple[Finding, ...]:
        """The strengths and needs named in a conference, in the order named."""
        return self._all(FINDINGS, conference=conference)

    @asks(Action.HEAR, instead=tuple)
    def of_learner(self, learner: LearnerId) -> tuple[Finding, ...]:
        """Every strength and need a learner named, oldest first."""
        return self._all(FINDINGS, learner_id=learner)
