"""Artifacts: pieces of work a learner is proud of, with the learner's caption."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks
from workbench.facet import Facet, Kept, given
from workbench.ground import strokes
from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _

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


def _strokes(drawing: str) -> str:
    return strokes.written(strokes.read(drawing)) if drawing else ""


def _kind(drawing: str, link: str) -> Kind:
    return Kind.DRAWING if drawing else Kind.LINK if link else Kind.THING


ARTIFACTS = Kept(
    "artifacts",
    Artifact,
    stored={"on": "at"},
    needed={"caption": (N_("This work has no caption yet."), N_("Say in a few words what it is and why it is here."))},
    tidy={"link": _address, "drawing": _strokes},
)


class Artifacts(Facet):
    """`bench.artifacts`: keeps work with its caption."""

    __slots__ = ()

    @asks(Action.WRITE)
    def add(
        self, learner: LearnerId, caption: str, *, drawing: str = "", link: str = "", belongs_to: str = ""
    ) -> Artifact:
        """Keeps a piece of work: drawn, at an address, or else a thing that is elsewhere.

        Raises BadInput without a caption, for a drawing that is none, an address that is not of the web, or a goal,
        skill or conference of somebody else; NotFound where there is none.
        """
        values = {
            "caption": caption,
            "kind": _kind(drawing, link.strip()),
            "drawing": drawing,
            "link": link,
            "belongs_to": self._own(belongs_to, learner),
        }
        return self._keep(ARTIFACTS, learner, values)

    @asks(Action.WRITE)
    def revise(
        self,
        artifact: RecordId,
        *,
        caption: str | None = None,
        drawing: str | None = None,
        link: str | None = None,
        belongs_to: str | None = None,
    ) -> Artifact:
        """Says otherwise what it is, where it is, or what it belongs to; what is None stays. Raises as `add` does."""
        values = given(caption=caption, drawing=drawing, link=link)
        if drawing is not None or link is not None:
            known = self._one(ARTIFACTS, artifact)
            values["kind"] = _kind(
                known.drawing if drawing is None else drawing, known.link if link is None else link.strip()
            )
        if belongs_to is not None:
            values["belongs_to"] = self._own(belongs_to, self.store.owner(artifact))
        return self._change(ARTIFACTS, artifact, values)

    @asks(Action.WRITE)
    def withdraw(self, artifact: RecordId) -> None:
        """Takes a piece of work away; `undo` brings it back."""
        self._withdraw(ARTIFACTS, artifact)

    @asks(Action.WRITE)
    def undo(self, artifact: RecordId) -> None:
        """Takes back what was last done with it."""
        self._undo(ARTIFACTS, artifact)

    @asks(Action.HEAR, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Artifact, ...]:
        """A learner's work, oldest first."""
        return self._all(ARTIFACTS, learner_id=learner)

    def _own(self, record: str, learner: int) -> str | None:
        """What a piece of work belongs to; None for nothing."""
        if record and self.store.owner(record) != learner:
            raise BadInput(_("This belongs to another learner."), _("Choose one of the learner’s own goals or skills."))
        return record or None
