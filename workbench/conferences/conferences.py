"""Conferences: one sitting of a learner with an adult, along a protocol's moves.

A conference keeps the protocol it was begun with, moves and words: a file edited since changes nothing in it.
Preparing is the same record: the learner opens the conference first, and what is answered is there already.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, no_learner
from workbench.conferences.bookings import Bookings, kind_of
from workbench.conferences.protocols import TURNS, Move, Prompt, Protocol, languages, load, menu, names
from workbench.facet import Facet, Kept
from workbench.ground.choices import Option
from workbench.ground.errors import BadInput, WorkbenchError
from workbench.ground.words import _
from workbench.ground.words import language as spoken_now
from workbench.learners.settings import SettingsFacet

#: The records that belong to a conference, and the name of that column.
_BELONG = {
    **dict.fromkeys(("reflections", "findings", "goals", "notes"), "conference"),
    "artifacts": "belongs_to",
}
#: A conference begun longer ago is not said to be in the middle.
GOES_ON = timedelta(weeks=12)
#: How a goal may stand (`goals.State`, a room above).
_MET, _SET_ASIDE = "met", "set aside"
#: What an answer is made of; one that was emptied again has none of them.
_ANSWER = ("words", "choice", "drawing")


@dataclass(frozen=True, slots=True, repr=False)
class Conference:
    """A conference as it stands: its protocol, where one is in it, and what was on the table.

    `move` is the id of the move one is at; `shown` holds the keys of the evidence shown. `held_on` is the day one
    sat down, or while nobody did the day it was prepared; `prepared_on` the day the learner said "I am ready", `sat_on`
    the day one first sat down for it, None while nobody did.
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
    prepared_on: date | None = None
    sat_on: date | None = None
    text: str = ""  # the hash of its protocol's text; "" of an older workbench

    @property
    def finished(self) -> bool:
        return self.finished_on is not None

    @property
    def starters_on(self) -> date:
        """The day whose starters it shows: the same while it is prepared and when it is held."""
        return self.prepared_on or self.held_on

    def __repr__(self) -> str:
        return f"<Conference {self.protocol}, {'finished' if self.finished else 'open'}>"


CONFERENCES = Kept("conferences", Conference, stored={"text": "protocol_text"})


@dataclass(frozen=True, slots=True, repr=False)
class Conferences(Facet):
    """`bench.conferences`: starts, resumes and finishes conferences. A school's own protocols go before ours."""

    @property
    def protocols(self) -> Path:
        """The folder of the school's own protocols."""
        return self.desk.workspace.folder / "protocols"

    @asks(Action.WRITE)
    def start(
        self, learner: LearnerId, *, on: date, protocol: str = "full", band: str = "", language: str = ""
    ) -> Conference:
        """The learner's open conference with this protocol, or a new one held `on`.

        Band and language are those of the learner's settings unless given, or the nearest there are words for; one that
        was opened before and in which nobody said anything is taken for the new one. One under way goes on in the
        language that is given.
        One that was only prepared is held on the day one sits down: while it is at its first move.
        Raises NotFound for a protocol that is neither the school's nor ours.
        """
        known = self._open(learner, protocol)
        if known is None or not self._told([known.id]):
            return self._begin(learner, on, protocol, band, language, known, sat_on=on)
        known = self._in_language(known, language)
        changes = {} if known.sat_on else {"sat_on": on}
        if known.move == self.protocol(known).moves[0].id and known.held_on < on:
            changes["held_on"] = on
        return self._change(CONFERENCES, known.id, changes) if changes else known

    @asks(Action.WRITE)
    def prepare(
        self, learner: LearnerId, *, on: date, protocol: str = "full", band: str = "", language: str = ""
    ) -> Conference:
        """The learner's open conference with this protocol, or a new one, for the learner to get ready for."""
        known = self._open(learner, protocol)
        if known is None or not self._told([known.id]):
            return self._begin(learner, on, protocol, band, language, known, sat_on=None)
        return self._in_language(known, language)

    @asks(Action.WRITE)
    def ready(self, conference: RecordId, *, on: date | None) -> Conference:
        """Notes that the learner said "I am ready"; None takes it back."""
        return self._change(CONFERENCES, conference, {"prepared_on": on})

    @asks(Action.WRITE)
    def leave(self, conference: RecordId) -> bool:
        """Takes a conference back in which nothing was said yet; False for one with answers, which stays."""
        if self._told([conference]):
            return False
        self._withdraw(CONFERENCES, conference)
        return True

    def _open(self, learner: LearnerId, protocol: str) -> Conference | None:
        return next((one for one in self.of(learner) if not one.finished and one.protocol == protocol), None)

    def _in_language(self, known: Conference, language: str) -> Conference:
        return self.speak(known, language) if language and language != known.language else known

    def _told(self, conferences: Iterable[str]) -> set[str]:
        """Of some conferences (their ids), those in which anything stands."""
        some = list(conferences)
        return {
            row[column]
            for kind, column in _BELONG.items()
            for row in self._rows(kind, **{column: some})
            if kind != "reflections" or any(row[part].strip() for part in _ANSWER)
        }

    def _begin(
        self,
        learner: LearnerId,
        on: date,
        protocol: str,
        band: str,
        language: str,
        known: Conference | None,
        *,
        sat_on: date | None,
    ) -> Conference:
        """A new conference; or `known` as if it were, at the move one had come to that day."""
        own = self._beside(SettingsFacet).of(learner)
        words = self.protocol_named(protocol, band or own.band, language or own.language or spoken_now())
        moves = [move.id for move in words.moves]
        values: dict[str, Any] = {
            "protocol": protocol,
            "band": words.band,
            "language": words.language,
            "held_on": on,
            "sat_on": sat_on,
            "move": known.move if known is not None and known.held_on == on and known.move in moves else moves[0],
            "text": self.store.texts.keep(words.to_json()),
        }
        if known is not None:
            return self._change(CONFERENCES, known.id, values)
        return self._keep(CONFERENCES, learner, {**values, "shown": (), "finished_on": None})

    @asks(Action.WRITE)
    def speak(self, conference: RecordId, language: str) -> Conference:
        """Goes on in another language; the place one is at and what was typed stay, what was picked is said anew.

        Raises NotFound for a protocol that is no longer there.
        """
        held = self.get(conference)
        words = self.protocol_named(held.protocol, held.band, language)
        moves = [move.id for move in words.moves]
        values = {
            "language": language,
            "move": held.move if held.move in moves else moves[0],
            "text": self.store.texts.keep(words.to_json()),
        }
        before = {(move.id, one.id): one for move in self.protocol(held).moves for one in move.prompts}
        after = {(move.id, one.id): one for move in words.moves for one in move.prompts}
        for row in self.store.journal.current("reflections", conference=held.id):
            place = (row["move"], row["prompt"])
            if place in before and place in after:
                said = _same_options(before[place], after[place])
                changes = {name: said[row[name]] for name in ("words", "choice") if row[name] in said}
                self.store.journal.add(
                    "reflections", held.learner, changes, by=self.by, at=self.clock(), record=row["record"]
                )
        return self._change(CONFERENCES, conference, values)

    @asks(Action.FOLLOW)
    def get(self, conference: RecordId) -> Conference:
        """A conference as it stands now; raises NotFound."""
        return self._one(CONFERENCES, conference)

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Conference, ...]:
        """A learner's conferences, oldest first."""
        return self._all(CONFERENCES, learner_id=learner)

    @asks_each(Action.FOLLOW)
    def held_in(self, class_id: int, *, since: date = date.min, until: date = date.max) -> Iterable[Conference]:
        """The conferences of the learners of a class that were finished from `since` to `until`, oldest first."""
        return self._all(CONFERENCES, span=("finished_on", since, until), learner_id=self._members(class_id))

    @asks_each(Action.FOLLOW)
    def unfinished(self, *, since: date | None = None) -> list[Conference]:
        """The conferences one sat down for, in which something was said and that are not finished, oldest first.

        One that a learner only got ready for is none of them. Those held from `since` (default: `GOES_ON` ago) on; an
        older one goes on when its learner is chosen.
        """
        first = since or self.desk.today - GOES_ON
        open_ones = self._all(CONFERENCES, unset="finished_on", span=("held_on", first, date.max))
        sat = [one for one in open_ones if one.sat_on]
        told = self._told(one.id for one in sat)
        return [one for one in sat if one.id in told]

    @asks(Action.FOLLOW, instead=tuple)
    def under_way(self, learner: LearnerId) -> tuple[Conference, ...]:
        """Those of one learner in which something was said and that are not finished, oldest first."""
        held = [one for one in self.of(learner) if not one.finished]
        told = self._told(one.id for one in held)
        return tuple(one for one in held if one.id in told)

    @asks(Action.FOLLOW)
    def protocol(self, conference: RecordId) -> Protocol:
        """The moves and prompts of a conference as it is held, whatever happened to the files since."""
        return self._protocol(self._one(CONFERENCES, conference))

    @asks(Action.FOLLOW)
    def turn(self, conference: RecordId) -> str:
        """What becomes of the last goal, as a conference with a `turn` decided: one of TURNS, or ""."""
        held = self._one(CONFERENCES, conference)
        asked = self._protocol(held).first("turn")
        if asked is None:
            return ""
        move, prompt = asked
        rows = self._rows("reflections", conference=conference)
        said = {row["choice"] for row in rows if (row["move"], row["prompt"]) == (move.id, prompt.id)}
        return next((turn for turn, one in zip(TURNS, prompt.options, strict=True) if one.words in said), "")

    @asks(Action.FOLLOW)
    def missing(self, conference: RecordId) -> tuple[Move, Prompt] | None:
        """The prompt, with its move, that is to be answered before a conference is finished; None when it may be.

        A goal is wanted, but for one that asks what becomes of the last goal: not where that goes on or was met.
        """
        held = self._one(CONFERENCES, conference)
        protocol = self._protocol(held)
        goal, turn = protocol.first("goal"), protocol.first("turn")
        chosen = [row for row in self._rows("goals", conference=held.id) if row["state"] != _SET_ASIDE]
        if goal is None or any(row["words"].strip() for row in chosen):
            return None
        every = self._rows("goals", learner_id=held.learner)
        before = [row for row in every if row["conference"] != held.id and row["state"] != _SET_ASIDE]
        if turn is None or not before:
            return goal
        said = self.turn(held)
        if before[-1]["state"] == _MET or said == TURNS[0]:
            return None
        return goal if said else turn

    @asks(Action.WRITE)
    def go_to(self, conference: RecordId, move: str) -> Conference:
        """Notes that one is at `move` now; raises BadInput when the protocol has no such move."""
        moves = [one.id for one in self.protocol(conference).moves]
        if move not in moves:
            raise BadInput(_("This conference has no move called “{move}”.").format(move=move), ", ".join(moves))
        return self._change(CONFERENCES, conference, {"move": move})

    @asks(Action.WRITE)
    def show(self, conference: RecordId, evidence: Iterable[int]) -> Conference:
        """Notes the keys of the evidence that was on the table."""
        return self._change(CONFERENCES, conference, {"shown": tuple(sorted(set(evidence)))})

    @asks(Action.WRITE)
    def finish(self, conference: RecordId, *, on: date, next_on: date | None = None) -> Conference:
        """Closes a conference and books the next: on `next_on`, else on the day that its plan says.

        Raises BadInput, about the prompt, while one is `missing`.
        """
        held = self.get(conference)
        missing = self.missing(held)
        if missing is not None:
            move, prompt = missing
            said = (
                (_("The goal has no words yet."), _("A few words, picked or typed, are enough."))
                if prompt.saves == "goal"
                else (_("Nobody said yet what happens with the goal."), _("Choose one."))
            )
            raise BadInput(*said, about=f"{move.id}/{prompt.id}")
        done = self._change(CONFERENCES, conference, {"finished_on": on})
        kind = kind_of(held.protocol)
        if kind is not None:
            self._beside(Bookings).held(held.learner, held.id, kind, on=on, next_on=next_on or self._agreed(held))
        return done

    @asks(Action.WRITE)
    def reopen(self, conference: RecordId) -> Conference:
        """Takes `finish` back."""
        held = self._change(CONFERENCES, conference, {"finished_on": None})
        self._beside(Bookings).reopened(held.learner, held.id)
        return held

    def _agreed(self, held: Conference) -> date | None:
        """The day of the next conference that a plan has been given since this one began."""
        began = self.store.journal.revisions("conferences", held.id)[0]["change"]
        plans = [row for row in self._rows("plans", learner_id=held.learner) if row["change"] > began]
        newest = max(plans, key=lambda row: row["change"], default=None)
        return newest["next_conference_on"] if newest else None

    def _protocol(self, held: Conference) -> Protocol:
        if held.text:
            return _kept(self.store.texts.get(held.text))
        return self.protocol_named(held.protocol, held.band, held.language)

    @no_learner
    def titles(self, band: str, language: str) -> dict[str, str]:
        """What the protocols are called, by name, shortest first; one with a wrong line is left out."""
        found = {}
        for name in names(self.protocols):
            with suppress(WorkbenchError):
                found[name] = self.protocol_named(name, band, language)
        return {name: one.title for name, one in sorted(found.items(), key=lambda pair: pair[1].minutes)}

    @no_learner
    def languages(self, protocol: str) -> tuple[str, ...]:
        """The languages that somebody wrote a protocol's words in, English first."""
        return languages(protocol, self.protocols)

    @no_learner
    def menu(self, name: str, language: str) -> tuple[Option, ...]:
        """A menu that all protocols share, such as "supports"; raises NotFound or BadProtocol."""
        return menu(name, language, folder=self.protocols)

    @no_learner
    def protocol_named(self, name: str, band: str, language: str) -> Protocol:
        """The protocol called `name` in a band's and a language's words; raises NotFound or BadProtocol."""
        return load(name, band, language, folder=self.protocols)


def _same_options(before: Prompt, after: Prompt) -> dict[str, str]:
    """The options of a prompt in other words, one for one."""
    if len(before.options) != len(after.options):
        return {}
    return {one.words: other.words for one, other in zip(before.options, after.options, strict=True)}


@lru_cache(maxsize=32)
def _kept(text: str) -> Protocol:
    return Protocol.of_json(text)
