"""Artifacts: pieces of work a learner is proud of, with the learner's caption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from workbench.access.gate import Action, asks
from workbench.facet import Facet, moment
from workbench.ground import strokes
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner

MOST_LINK = 2000  # letters


class Kind(StrEnum):
    """Where the work is: drawn here, at an address, or a thing in the room that the caption tells of."""

    DRAWING = "drawing"
    LINK = "link"
    THING = "thing"


@dataclass(frozen=True, slots=True, repr=False)
class Artifact:
    """A piece of work: `drawing` as `strokes` has it, or its `link`; `belongs_to` is a goal, skill or conference."""

    id: str
    learner: int
    caption: str
    kind: Kind
    drawing: str
    link: str
    belongs_to: str
    on: date

    def __repr__(self) -> str:
        return f"<Artifact: {self.kind}>"


class Artifacts(Facet):
    """`bench.artifacts`: keeps work with its caption."""

    __slots__ = ()

    @asks(Action.WRITE)
    def add(
        self, learner: Learner | int, caption: str, *, drawing: str = "", link: str = "", belongs_to: str = ""
    ) -> Artifact:
        """Keeps a piece of work: drawn, at an address, or else a thing that is elsewhere.

        Raises BadInput without a caption, for a drawing that is none, an address that is not of the web, or a goal,
        skill or conference of somebody else; NotFound where there is none.
        """
        number = learner.id if isinstance(learner, Learner) else learner
        values = {
            "caption": _worded(caption),
            "kind": _kind(drawing, link.strip()),
            "drawing": strokes.written(strokes.read(drawing)) if drawing else "",
            "link": _address(link),
            "belongs_to": self._own(belongs_to, number),
        }
        return _artifact(self._keep("artifacts", number, values))

    @asks(Action.WRITE)
    def revise(
        self,
        artifact: Artifact | str,
        *,
        caption: str | None = None,
        drawing: str | None = None,
        link: str | None = None,
        belongs_to: str | None = None,
    ) -> Artifact:
        """Says otherwise what it is, where it is, or what it belongs to; what is None stays. Raises as `add` does."""
        record = artifact if isinstance(artifact, str) else artifact.id
        owner = self.store.owner(record)
        values: dict[str, Any] = {} if caption is None else {"caption": _worded(caption)}
        if drawing is not None or link is not None:
            now = self._one("artifacts", record)
            values["drawing"] = now["drawing"] if drawing is None else strokes.written(strokes.read(drawing))
            values["link"] = now["link"] if link is None else _address(link)
            values["kind"] = _kind(values["drawing"], values["link"])
        if belongs_to is not None:
            values["belongs_to"] = self._own(belongs_to, owner)
        return _artifact(self._keep("artifacts", owner, values, record=record))

    @asks(Action.WRITE)
    def withdraw(self, artifact: Artifact | str) -> None:
        """Takes a piece of work away; `undo` brings it back."""
        self._withdraw("artifacts", artifact if isinstance(artifact, str) else artifact.id)

    @asks(Action.WRITE)
    def undo(self, artifact: Artifact | str) -> None:
        """Takes back what was last done with it."""
        self._undo("artifacts", artifact if isinstance(artifact, str) else artifact.id)

    @asks(Action.READ)
    def of(self, learner: Learner | int) -> tuple[Artifact, ...]:
        """A learner's work, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        return tuple(map(_artifact, self._all("artifacts", learner_id=number)))

    def _own(self, record: str, learner: int) -> str | None:
        """What a piece of work belongs to; None for nothing."""
        if record and self.store.owner(record) != learner:
            raise BadInput(_("This belongs to another learner."), _("Choose one of the learner’s own goals or skills."))
        return record or None


def _kind(drawing: str, link: str) -> Kind:
    return Kind.DRAWING if drawing else Kind.LINK if link else Kind.THING


def _worded(caption: str) -> str:
    if not caption.strip():
        raise BadInput(_("This work has no caption yet."), _("Say in a few words what it is and why it is here."))
    return caption.strip()


def _address(link: str) -> str:
    """An address of the web, as written; nothing that would run in the page it is opened from."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if link and (not known or len(link) > MOST_LINK or any(letter.isspace() for letter in link)):
        raise BadInput(_("This is no address of the web."), _("Copy it from the browser: it begins with https://."))
    return link


def _artifact(row: Mapping[str, Any]) -> Artifact:
    return Artifact(
        id=row["record"],
        learner=row["learner_id"],
        caption=row["caption"],
        kind=Kind(row["kind"]),
        drawing=row["drawing"],
        link=row["link"],
        belongs_to=row["belongs_to"] or "",
        on=moment(row["at"]).astimezone().date(),
    )
