"""A learner's year as one line through time: what was held, said, chosen, met, shown and measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks
from workbench.classes.flags import Flags
from workbench.conferences.conferences import Conferences
from workbench.conferences.notes import Notes
from workbench.evidence import measures
from workbench.evidence.evidence import EvidenceFacet
from workbench.facet import Facet, moment
from workbench.goals.celebrations import Celebrations
from workbench.goals.goals import Goals, State
from workbench.goals.progress import Progress
from workbench.ground.terms import school_year
from workbench.learners.artifacts import Artifacts
from workbench.learners.replies import Replies
from workbench.learners.responses import Responses


class Kind(StrEnum):
    """What a moment of a year is."""

    CONFERENCE = "conference"
    GOAL = "goal"
    CHECK_IN = "check-in"
    ENDED = "ended"  # a goal that was met, or not yet
    WORK = "work"
    FLAG = "flag"
    RESULT = "result"
    NOTE = "note"
    REPLY = "reply"
    RESPONSE = "response"
    CELEBRATED = "celebrated"


@dataclass(frozen=True, slots=True, repr=False)
class Moment:
    """One thing that was on a day: its kind, and the record that tells of it; `year`: the school year, "2026-2027"."""

    kind: Kind
    day: date
    learner: int
    record: Any

    @property
    def year(self) -> str:
        return school_year(self.day)

    def __repr__(self) -> str:
        return f"<Moment: {self.kind}>"


class Years(Facet):
    """`bench.years`: what the actor may see of a learner's time here."""

    __slots__ = ()

    @asks(Action.FOLLOW, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Moment, ...]:
        """Every moment of a learner that the actor may see, the newest first.

        What somebody sees of each is what they see of it elsewhere. A conference in which nothing was
        said is not told.
        """
        found = [Moment(kind, day, learner, record) for kind, day, record in self._found(learner)]
        return tuple(sorted(found, key=lambda one: one.day, reverse=True))

    def _found(self, learner: int) -> Iterator[tuple[Kind, date, Any]]:
        conferences = self._beside(Conferences)
        under_way = {one.id for one in conferences.under_way(learner)}
        for held in conferences.of(learner):
            if held.finished or held.id in under_way:
                yield Kind.CONFERENCE, held.finished_on or held.held_on, held
        goals = {one.id: one for one in self._beside(Goals).of_learner(learner) if one.words}
        for goal in goals.values():
            yield Kind.GOAL, goal.chosen_on, goal
        for check_in in self._beside(Progress).of_learner(learner):
            if check_in.goal in goals:
                yield Kind.CHECK_IN, check_in.held_on, (check_in, goals[check_in.goal])
        ended = [one.id for one in goals.values() if one.state in (State.MET, State.NOT_YET)]
        for record, revisions in self.store.journal.revisions_of("goals", ended).items():
            yield Kind.ENDED, _since(revisions), goals[record]
        for work in self._beside(Artifacts).of(learner):
            yield Kind.WORK, work.on, work
        for flag in self._beside(Flags).of(learner):
            yield Kind.FLAG, flag.raised_at.astimezone().date(), flag
        seen: set[tuple[date, str, str]] = set()
        for fact in self._beside(EvidenceFacet).of(learner):
            test = (fact.taken_on, fact.source, fact.test)
            if test not in seen and not fact.aspect and measures.of(fact).kind is measures.Kind.SCORE:
                seen.add(test)
                yield Kind.RESULT, fact.taken_on, fact
        for note in self._beside(Notes).of_learner(learner):
            yield Kind.NOTE, moment(note.at).astimezone().date(), note
        replies = self._beside(Replies)
        for reply in replies.of(learner) or replies.to_learner(learner):
            yield Kind.REPLY, reply.on, reply
        for response in self._beside(Responses).of(learner):
            yield Kind.RESPONSE, response.given_on, response
        for celebration in self._beside(Celebrations).of(learner):
            if celebration.goal in goals:
                yield Kind.CELEBRATED, celebration.on, goals[celebration.goal]


def _since(revisions: Sequence[Mapping[str, Any]]) -> date:
    """The day from which on a goal has had the state that its newest revision has."""
    same = takewhile(lambda row: row["state"] == revisions[-1]["state"], reversed(revisions))
    return moment([*same][-1]["at"]).astimezone().date()
