"""Strengths and needs, academic and not, each tied to evidence or work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.access.gate import Action, asks
from workbench.conferences.conferences import Conference
from workbench.facet import Facet
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner


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


class Strengths(Facet):
    """`bench.strengths`: names strengths and needs."""

    __slots__ = ()

    @asks(Action.WRITE)
    def name(
        self,
        conference: Conference | str,
        words: str,
        *,
        kind: Kind | str,
        domain: Domain | str = Domain.ACADEMIC,
        tied_to: str = "",
    ) -> Finding:
        """Keeps a strength or a need; raises BadInput without words."""
        learner, held = self._held_in(conference)
        values = {
            "conference": held,
            "kind": Kind(kind),
            "domain": Domain(domain),
            "words": _worded(words),
            "tied_to": tied_to.strip(),
        }
        record = self.store.journal.add("findings", learner, values, by=self.by, at=self.clock())
        return _finding(self.store.journal.one("findings", record))

    @asks(Action.WRITE)
    def reword(
        self,
        finding: Finding | str,
        *,
        words: str | None = None,
        domain: Domain | str | None = None,
        tied_to: str | None = None,
    ) -> Finding:
        """Says a strength or a need otherwise, or moves it to the other domain; what is None stays."""
        values: dict[str, Any] = {}
        if words is not None:
            values["words"] = _worded(words)
        if domain is not None:
            values["domain"] = Domain(domain)
        if tied_to is not None:
            values["tied_to"] = tied_to.strip()
        return self._revise(finding, values)

    @asks(Action.WRITE)
    def withdraw(self, finding: Finding | str) -> None:
        """Takes a strength or a need off the list; `restore` puts it back."""
        self._add(finding, {"withdrawn": True})

    @asks(Action.WRITE)
    def restore(self, finding: Finding | str) -> Finding:
        """Puts a withdrawn strength or need back."""
        return self._revise(finding, {"withdrawn": False})

    @asks(Action.READ)
    def of(self, conference: Conference | str) -> tuple[Finding, ...]:
        """The strengths and needs named in a conference, in the order named."""
        record = conference.id if isinstance(conference, Conference) else conference
        return tuple(map(_finding, self.store.journal.current("findings", as_of=self.as_of, conference=record)))

    @asks(Action.READ)
    def of_learner(self, learner: Learner | int) -> tuple[Finding, ...]:
        """Every strength and need a learner named, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        return tuple(map(_finding, self.store.journal.current("findings", as_of=self.as_of, learner_id=number)))

    def _revise(self, finding: Finding | str, values: Mapping[str, Any]) -> Finding:
        return _finding(self.store.journal.one("findings", self._add(finding, values)))

    def _add(self, finding: Finding | str, values: Mapping[str, Any]) -> str:
        record = finding.id if isinstance(finding, Finding) else finding
        return self.store.journal.add(
            "findings", self.store.owner(record), values, by=self.by, at=self.clock(), record=record
        )


def _worded(words: str) -> str:
    if not words.strip():
        raise BadInput(_("Nothing was written yet."), _("A word or two is enough; then add it to the list."))
    return words.strip()


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        id=row["record"],
        learner=row["learner_id"],
        conference=row["conference"] or "",
        kind=Kind(row["kind"]),
        domain=Domain(row["domain"]),
        words=row["words"],
        tied_to=row["tied_to"],
    )
