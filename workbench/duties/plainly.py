"""A row of the audit in plain words: who, did what, on whom, where, from what, and why they might."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from workbench.access.actors import FORGOTTEN, ROLES, TABLET, Action, Role
from workbench.duties.looks import Look
from workbench.ground import days
from workbench.ground.words import N_, _, ngettext
from workbench.store.chain import Mark
from workbench.store.trimming import RESTORE

_DID = {
    Action.READ: N_("looked"),
    Action.WRITE: N_("wrote"),
    Action.GUIDE: N_("changed something as an educator"),
    Action.REPORT: N_("made a report"),
    Action.IMPORT: N_("brought exports in"),
    Action.PEOPLE: N_("changed who may come in"),
    Action.RECORDS: N_("handed out or took away all that is kept"),
    Mark.TRIM: N_("summed up what is old"),
    Mark.FOUND: N_("went on from what was there"),
    Mark.FORGET: N_("had a learner forgotten"),
    RESTORE: N_("put a backup back"),
}
#: Where a look or a deed was, by the page's or the part's own name. Of worries nobody is told here that there is one.
_AT = {
    "ConferenceStepper": N_("Conference"),
    "PrepareForm": N_("Get ready"),
    "GoalBoard": N_("Goals"),
    "ProfileForm": N_("My profile"),
    "ClassBoard": N_("My class"),
    "DataLoader": N_("Data"),
    "AuditBoard": N_("Who looked at what"),
    "LearnerReport": N_("Learner report"),
    "FamilyLetter": N_("Family letter"),
    "Learners": N_("name and class"),
    "EvidenceFacet": N_("results"),
    "Matching": N_("whose results are whose"),
    "SettingsFacet": N_("how the pages look"),
    "Symbols": N_("symbol"),
    "Profiles": N_("My profile"),
    "Skills": N_("skills"),
    "Artifacts": N_("work"),
    "Conferences": N_("Conference"),
    "Bookings": N_("days of conferences"),
    "Reflections": N_("what the learner said"),
    "Strengths": N_("strengths and needs"),
    "Notes": N_("educators’ notes"),
    "Goals": N_("Goals"),
    "Plans": N_("Goals"),
    "Progress": N_("Goals"),
    "Flags": N_("flags"),
    "Schedule": N_("days of conferences"),
    "Buddies": N_("buddies"),
    "Groups": N_("groups"),
    "Classes": N_("My class"),
    "Reports": N_("Learner report"),
    "Imports": N_("Data"),
    "Accounts": N_("who may come in"),
    "Codes": N_("codes for tablets"),
    "Looks": N_("Who looked at what"),
    "Records": N_("all that is kept"),
    "WorryBoard": "",
    "Worries": "",
}


_SAID = {str(action): said for action, said in _DID.items()}


_NOBODY: Mapping[str, str] = MappingProxyType({})


class Plainly(NamedTuple):
    """What one reads of a row; a part that says nothing is ""."""

    when: str
    who: str
    did: str
    whom: str
    at: str
    device: str
    why: str


def in_words(look: Look, names: Mapping[int, str], people: Mapping[str, str] = _NOBODY) -> Plainly:
    """A row in words; `names` of learners by number, and whoever is not among them stays a number.

    `people`: what adults are called, by how they sign.
    """
    here = look.at.astimezone()
    when = f"{days.short(here.date())}, {days.time(here)}"
    if look.learners is not None:
        when = str(here.year)
    chain = look.action in set(Mark)
    return Plainly(
        when,
        who(look.by, people),
        _did(look),
        _whom(look, names),
        "" if chain else at(look.what),
        look.device,
        _(look.reason),
    )


def for_family(looks: Iterable[Look], people: Mapping[str, str]) -> list[list[str]]:
    """Who looked at one learner, in a line for each day, person and thing done, the newest first.

    Each line is the day, who, what, where and why.
    """
    lines: dict[tuple[str, ...], None] = {}
    for one in looks:
        told = in_words(one, {}, people)
        day = str(one.at.astimezone().year) if one.learners is not None else days.short(one.at.astimezone().date())
        did = told.did if one.learners is not None else _did(replace(one, times=1))
        lines[day, told.who, did, told.at, told.why] = None
    return [list(line) for line in reversed(lines)]


def who(by: str, people: Mapping[str, str] = _NOBODY) -> str:
    """Whoever signed so: what they are called, or their role and the school's own code."""
    if by == FORGOTTEN:
        return _("A learner who was forgotten")
    tablet, actor = by.startswith(TABLET), by.removeprefix(TABLET)
    role, _sep, code = actor.partition(":")
    if role not in set(Role):
        return _("The workbench itself")
    name = f"{people[actor]} ({_(ROLES[Role(role)])})" if people.get(actor) else f"{_(ROLES[Role(role)])} {code}"
    return _("At a device handed over by {who}").format(who=name) if tablet else name


def at(what: str) -> str:
    """The page, or the part of the workbench, that a row names."""
    known = _AT.get(what.partition(".")[0])
    return what if known is None else _(known) if known else ""


def _did(look: Look) -> str:
    did = _(_SAID.get(look.action, look.action))
    if not look.allowed:
        did = _("was refused: {did}").format(did=did)
    if look.times > 1:
        did += " " + ngettext("({count} time)", "({count} times)", look.times).format(count=f"{look.times:,}")
    return did


def _whom(look: Look, names: Mapping[int, str]) -> str:
    if look.learners:
        return ngettext("{count} learner", "{count} learners", look.learners).format(count=f"{look.learners:,}")
    if look.learner is None:
        return ""
    return names.get(look.learner) or _("learner number {number}").format(number=look.learner)
