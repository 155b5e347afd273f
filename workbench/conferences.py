"""Conferences: one sitting of a learner with an adult, along a protocol's moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workbench.access import Action, asks, asks_each, no_learner
from workbench.errors import BadInput, NotFound
from workbench.facet import Facet
from workbench.learners import Learner
from workbench.protocols import Protocol, load
from workbench.settings import BANDS, LANGUAGES, SettingsFacet
from workbench.words import _

USUAL_BAND = "3-5"


@dataclass(frozen=True, slots=True, repr=False)
class Conference:
    """A conference as it stands: its protocol, where one is in it, and what was on the table.

    `move` is the id of the move one is at; `shown` holds the keys of the evidence shown.
    """

    id: str
    learner: int
    protocol: str
    band: str
    language: str
    held_on: date
    move: str
    shown: tuple[int, ...] = ()
    finished_on: date | None = None

    @property
    def finished(self) -> bool:
        return self.finished_on is not None

    def __repr__(self) -> str:
        return f"<Conference {self.protocol}, {'finished' if self.finished else 'open'}>"


@dataclass(frozen=True, slots=True, repr=False)
class Conferences(Facet):
    """`bench.conferences`: starts, resumes and finishes conferences.

    `protocols` is the folder of the school's own protocols, which go before ours.
    """

    protocols: Path | None = None

    @asks(Action.WRITE)
    def start(
        self, learner: Learner | int, *, on: date, protocol: str = "full", band: str = "", language: str = ""
    ) -> Conference:
        """The learner's open conference with this protocol, or a new one held `on`.

        Band and language are those of the learner's settings unless given, or the nearest there are words for.
        Raises NotFound for a protocol that is neither the school's nor ours.
        """
        for known in self.of(learner):
            if not known.finished and known.protocol == protocol:
                return known
        number = learner.id if isinstance(learner, Learner) else learner
        words = self._words(number, protocol, band, language)
        values = {
            "protocol": protocol,
            "band": words.band,
            "language": words.language,
            "held_on": on,
            "move": words.moves[0].id,
            "shown": [],
            "finished_on": None,
        }
        record = self.store.journal.add("conferences", number, values, by=self.by, at=self.clock())
        return self.get(record)

    @asks(Action.READ)
    def get(self, conference: Conference | str) -> Conference:
        """A conference as it stands now; raises NotFound."""
        return _conference(self.store.journal.one("conferences", _id(conference), as_of=self.as_of))

    @asks(Action.READ)
    def of(self, learner: Learner | int) -> tuple[Conference, ...]:
        """A learner's conferences, oldest first."""
        number = learner.id if isinstance(learner, Learner) else learner
        return tuple(map(_conference, self.store.journal.current("conferences", as_of=self.as_of, learner_id=number)))

    @asks_each(Action.READ)
    def unfinished(self) -> list[Conference]:
        """The conferences that were started and not finished, oldest first."""
        rows = self.store.journal.current("conferences", as_of=self.as_of)
        return [_conference(row) for row in rows if row["finished_on"] is None]

    @asks(Action.READ)
    def protocol(self, conference: Conference | str) -> Protocol:
        """The moves and prompts of a conference, in its band and language."""
        held = self.get(conference)
        return self.protocol_named(held.protocol, held.band, held.language)

    @asks(Action.WRITE)
    def go_to(self, conference: Conference | str, move: str) -> Conference:
        """Notes that one is at `move` now; raises BadInput when the protocol has no such move."""
        moves = [one.id for one in self.protocol(conference).moves]
        if move not in moves:
            raise BadInput(_("This conference has no move called “{move}”.").format(move=move), ", ".join(moves))
        return self._revise(conference, {"move": move})

    @asks(Action.WRITE)
    def show(self, conference: Conference | str, evidence: Iterable[int]) -> Conference:
        """Notes the keys of the evidence that was on the table."""
        return self._revise(conference, {"shown": sorted(set(evidence))})

    @asks(Action.WRITE)
    def finish(self, conference: Conference | str, *, on: date) -> Conference:
        """Closes a conference; raises BadInput while the goal has no words yet."""
        held = self.get(conference)
        needs_goal = any(prompt.saves == "goal" for prompt in self.protocol(held).prompts)
        goals = self.store.journal.current("goals", conference=held.id)
        if needs_goal and not any(row["words"].strip() for row in goals):
            raise BadInput(
                _("The goal has no words yet."), _("Go to “Choose a goal”: a few words, picked or typed, are enough.")
            )
        return self._revise(held, {"finished_on": on})

    @asks(Action.WRITE)
    def reopen(self, conference: Conference | str) -> Conference:
        """Takes `finish` back."""
        return self._revise(conference, {"finished_on": None})

    def _words(self, learner: int, protocol: str, band: str, language: str) -> Protocol:
        """The protocol in what was asked for; else in what suits the learner, the language before the band."""
        if band and language:
            return self.protocol_named(protocol, band, language)
        own = SettingsFacet(self.store, self.gate, self.clock, self.as_of).of(learner)
        wanted, spoken = band or own.band, language or own.language
        near = sorted(BANDS, key=lambda one: (one != wanted, one != USUAL_BAND))
        for tried, said in [(one, said) for said in (spoken, LANGUAGES[0]) for one in near]:
            try:
                return self.protocol_named(protocol, tried, said)
            except NotFound:
                continue
        return self.protocol_named(protocol, wanted, spoken)

    def _revise(self, conference: Conference | str, values: Mapping[str, Any]) -> Conference:
        record = _id(conference)
        self.store.journal.add(
            "conferences", self.store.owner(record), values, by=self.by, at=self.clock(), record=record
        )
        return _conference(self.store.journal.one("conferences", record))

    @no_learner
    def protocol_named(self, name: str, band: str, language: str) -> Protocol:
        """The protocol called `name` in a band's and a language's words; raises NotFound or BadProtocol."""
        return load(name, band, language, folder=self.protocols)


def _id(conference: Conference | str) -> str:
    return conference.id if isinstance(conference, Conference) else conference


def _conference(row: Mapping[str, Any]) -> Conference:
    return Conference(
        id=row["record"],
        learner=row["learner_id"],
        protocol=row["protocol"],
        band=row["band"],
        language=row["language"],
        held_on=row["held_on"],
        move=row["move"],
        shown=tuple(row["shown"]),
        finished_on=row["finished_on"],
    )
