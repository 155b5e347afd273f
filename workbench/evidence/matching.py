"""Whom codes mean that no roster has: what the files say of them, and who they may be.

A user name of a reading program or a name on a list is not enough to know a child by, so evidence under such a code
waits until somebody says whose it is. What is proposed here is for a person to confirm; nothing is ever chosen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import asks_inside, learner_of
from workbench.facet import Facet
from workbench.ground import names
from workbench.ground.errors import NotFound
from workbench.ground.words import _
from workbench.learners.learners import Learner

Key = tuple[str, str]  # a kind of id and its value: ("lexia", "lmarin")

_ASIDE = re.compile(r"\([^)]*\)|[\"“„«][^\"”“»]*[\"”“»]")  # a name one is called by, beside the name
_WORDS = re.compile(r"[^\W_]+")
_SHORTEST = 3  # an id of fewer letters says nothing about whose it is
PROPOSED = 8  # more learners than this are no help


class Reason(IntEnum):
    """Why a learner may be meant, the best reason first."""

    NAME_AND_BIRTH = 1
    NAME_AND_CLASS = 2
    SAME_ID = 3
    NAME = 4
    OTHER_BIRTH = 5

    @property
    def words(self) -> str:
        return {
            Reason.NAME_AND_BIRTH: _("Same name and birth date"),
            Reason.NAME_AND_CLASS: _("Same name and class"),
            Reason.SAME_ID: _("Has this as another id"),
            Reason.NAME: _("Same name"),
            Reason.OTHER_BIRTH: _("Same name, but another birth date"),
        }[self]


@dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """What files call somebody; texts are "" and the date None where they say nothing."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    school: str = ""
    class_name: str = ""
    grade: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    def __repr__(self) -> str:
        return "<Mention>"


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A learner who may be meant, and why."""

    learner: Learner
    reason: Reason

    def __repr__(self) -> str:
        return "<Proposal>"


@dataclass(frozen=True, slots=True, repr=False)
class StandIn:
    """Somebody with evidence whom no roster names, under the number `id`.

    `code` is what the files have: "lexia:lmarin". `pieces` counts the evidence from `sources`, the newest of
    `newest`. `proposals` come best first; two of the same reason are both there.
    """

    id: int
    code: str
    mention: Mention
    sources: tuple[str, ...]
    pieces: int
    newest: date
    proposals: tuple[Proposal, ...] = ()

    def __repr__(self) -> str:
        return "<StandIn>"


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """What somebody said of a stand-in: the learner it means, or None for nobody here."""

    stand_in: int
    code: str
    learner: int | None
    at: datetime
    by: str

    def __repr__(self) -> str:
        return "<Decision>"


@dataclass(slots=True, repr=False)
class Known:
    """The learners on rosters, so that they are found by name and by id."""

    learners: Mapping[int, Learner]
    names: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, learners: Iterable[Learner], ids: Mapping[int, Iterable[Key]]) -> Known:
        known = cls({one.id: one for one in learners})
        for one in known.learners.values():
            for name in names_of(one.given_name, one.family_name, one.middle_name):
                known.names[name].add(one.id)
        for number, keys in ids.items():
            if number in known.learners:
                for value in values_of(keys):
                    known.ids[value].add(number)
        return known

    def proposals(self, said: Mention, ids: Iterable[Key], classes: Mapping[int, Collection[str]]) -> dict[int, Reason]:
        """Who may be meant, each with the best reason; `classes` has the names of the classes of each learner."""
        found: dict[int, Reason] = {}
        for value in values_of(ids):
            found |= dict.fromkeys(self.ids.get(value, ()), Reason.SAME_ID)
        for number in self.named(said):
            born = self.learners[number].birth_date
            alike = said.class_name and names.plain(said.class_name) in map(names.plain, classes.get(number, ()))
            if said.birth_date and born == said.birth_date:
                reason = Reason.NAME_AND_BIRTH
            elif said.birth_date and born:
                reason = Reason.OTHER_BIRTH
            else:
                reason = Reason.NAME_AND_CLASS if alike else Reason.NAME
            found[number] = min(reason, found.get(number, reason))
        return found

    def named(self, said: Mention) -> set[int]:
        """The learners of the same name: case, accents, order and further given names aside."""
        return {one for name in names_of(said.given_name, said.family_name) for one in self.names.get(name, ())}


def names_of(given: str, family: str, middle: str = "") -> set[tuple[str, ...]]:
    """A name in the forms to compare: all its words, and the first given name with the family name."""
    if not given and "," in family:
        family, given = (part.strip() for part in family.split(",", 1))
    firsts, lasts, others = _words(given), _words(family), _words(middle)
    forms = ([*firsts, *lasts], [*firsts[:1], *lasts], [*firsts, *others, *lasts])
    return {tuple(sorted(form)) for form in forms if len(form) > 1}


def values_of(ids: Iterable[Key]) -> set[str]:
    """Ids of any kind in the forms to compare: zeros in front aside, of an e-mail address what stands before the @."""
    found = set()
    for _kind, value in ids:
        plain = value.casefold().lstrip("0")
        found |= {plain, plain.partition("@")[0]}
    return {value for value in found if len(value) >= _SHORTEST}


def _words(name: str) -> list[str]:
    """The words of a name without accents, case, and what stands in brackets or quotation marks."""
    return _WORDS.findall(names.plain(_ASIDE.sub(" ", name)))


class Matching(Facet):
    """`bench.matching`: says whose the evidence is that waits.

    What files say of somebody who waits is shown to an admin, and to whoever brought in all the evidence that waits
    with them: a user name in a file of one's own opens nobody's else. A learner is proposed only to those who may see
    the learner.
    """

    __slots__ = ()

    @asks_inside
    def waiting(self) -> tuple[StandIn, ...]:
        """Those with evidence who stand for nobody yet, with who they may be; those with the best reasons first."""
        numbers = self._waiting("Matching.waiting")
        if not numbers:
            return ()
        identity = self.store.identity
        mentions, sums = identity.said_of(numbers, by=self._own, as_of=self.as_of)
        codes, ids = identity.codes(numbers), identity.ids(numbers, as_of=self.as_of)
        said = {one: _mention(mentions.get(one, {})) for one in numbers}
        proposals = self._proposals(said, ids)
        found = [
            StandIn(
                id=one,
                code=codes[one],
                mention=said[one],
                sources=tuple(row["source"] for row in sums[one]),
                pieces=sum(row["pieces"] for row in sums[one]),
                newest=max(row["newest"] for row in sums[one]),
                proposals=proposals[one],
            )
            for one in numbers
        ]
        return tuple(sorted(found, key=_best_first))

    @asks_inside
    def confirm(self, pairs: Mapping[int, Learner | int]) -> None:
        """Says whom stand-ins mean, for these files and all that come: the number of each with its learner.

        Raises NotAllowed for a learner the actor may not write about, NotFound for a stand-in that is not waiting.
        """
        means = {one: learner_of(self.store, learner) for one, learner in pairs.items()}
        self._meet(means, "Matching.confirm")
        for learner in dict.fromkeys(means.values()):
            self.gate.permit(Action.IMPORT, learner, "Matching.confirm")
        rostered = {row["id"] for row in self.store.roster.learners(set(means.values()))}
        if not rostered.issuperset(means.values()):
            raise NotFound(_("There is no such learner here."), _("Choose a learner from a class."))
        self.store.identity.decide(means, "matched", by=self.by, at=self.clock())

    @asks_inside
    def nobody(self, stand_in: StandIn | int) -> None:
        """Says that a stand-in is nobody of this school, so that it waits no longer."""
        number = _number(stand_in)
        self._meet([number], "Matching.nobody")
        self.store.identity.decide({number: None}, "nobody", by=self.by, at=self.clock())

    @asks_inside
    def decided(self) -> tuple[Decision, ...]:
        """What was said of stand-ins and stands, newest first: to an admin all, else what one said oneself."""
        self.gate.permit_here(Action.IMPORT, "Matching.decided")
        rows = [
            row
            for row in self.store.identity.decisions(as_of=self.as_of)
            if self._own is None or row["by"] == self._own
        ]
        codes = self.store.identity.codes([row["stand_in"] for row in rows])
        found = [
            Decision(row["stand_in"], codes[row["stand_in"]], row["learner_id"], row["at"], row["by"]) for row in rows
        ]
        learners = {one.learner for one in found if one.learner is not None}
        seen = self.gate.permitted(Action.READ, learners, "Matching.decided")
        return tuple(one for one in reversed(found) if one.learner is None or one.learner in seen)

    @asks_inside
    def take_back(self, stand_in: StandIn | Decision | int) -> None:
        """Takes back what was said of a stand-in, so that it waits again; raises NotFound when nothing was."""
        number = stand_in.stand_in if isinstance(stand_in, Decision) else _number(stand_in)
        said = [one for one in self.decided() if one.stand_in == number]
        if not said:
            raise NotFound(_("Nothing of this kind was said here."), _("Look at the list again."))
        if said[0].learner is not None:
            self.gate.permit(Action.IMPORT, said[0].learner, "Matching.take_back")
        self.store.identity.decide({number: None}, "open", by=self.by, at=self.clock())

    @property
    def _own(self) -> str | None:
        """The actor whose imports alone are looked at; None for an admin, who sees all."""
        return None if self.gate.sees_everybody else self.by

    def _waiting(self, what: str) -> list[int]:
        self.gate.permit_here(Action.IMPORT, what)
        return self.store.identity.waiting(by=self._own, as_of=self.as_of)

    def _meet(self, stand_ins: Iterable[int], what: str) -> None:
        if not set(self._waiting(what)).issuperset(stand_ins):
            raise NotFound(_("This one is not waiting to be matched."), _("Look at the list again."))

    def _proposals(self, said: Mapping[int, Mention], ids: Mapping[int, set[Key]]) -> dict[int, tuple[Proposal, ...]]:
        roster = self.store.roster
        learners = {row["id"]: Learner.of(row) for row in roster.learners(as_of=self.as_of)}
        known = Known.of(learners.values(), self.store.identity.ids(learners, as_of=self.as_of))
        classes: dict[int, set[str]] = defaultdict(set)
        named = set().union(*(known.named(one) for one in said.values()))
        for row in roster.memberships(named, as_of=self.as_of):
            classes[row["learner_id"]].add(row["name"])
        found = {one: known.proposals(mention, ids[one], classes) for one, mention in said.items()}
        seen = self.gate.permitted(Action.READ, set().union(*found.values()), "Matching.waiting")
        return {
            one: tuple(
                Proposal(learners[number], reason)
                for number, reason in sorted(reasons.items(), key=lambda each: (each[1], learners[each[0]].sort_key))
                if number in seen
            )[:PROPOSED]
            for one, reasons in found.items()
        }


def _number(stand_in: StandIn | int) -> int:
    return stand_in.id if isinstance(stand_in, StandIn) else stand_in


def _best_first(one: StandIn) -> tuple[Any, ...]:
    best = one.proposals[0].reason if one.proposals else len(Reason) + 1
    return best, names.sort_key(one.mention.family_name), names.sort_key(one.mention.given_name), one.code


def _mention(row: Mapping[str, Any]) -> Mention:
    parts = ("given_name", "family_name", "birth_date", "school", "class_name", "grade")
    return Mention(**{part: row[part] for part in parts if part in row})
