"""Who asks: a role and a code, and what is done with a learner's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _


class Role(StrEnum):
    """What somebody is to the school. One person may be several; at a page they are one."""

    ADMIN = "admin"  # looks after the school's data and who may come in
    OFFICE = "office"  # brings exports in and prints
    TEACHER = "teacher"
    SUBSTITUTE = "substitute"
    COACH = "coach"
    LEARNER = "learner"
    FAMILY = "family"
    SUPPORTER = "supporter"


#: What each is called on pages.
ROLES = {
    Role.ADMIN: N_("Admin"),
    Role.OFFICE: N_("Office"),
    Role.TEACHER: N_("Teacher"),
    Role.SUBSTITUTE: N_("Substitute"),
    Role.COACH: N_("Coach"),
    Role.LEARNER: N_("Learner"),
    Role.FAMILY: N_("Family"),
    Role.SUPPORTER: N_("Supporter"),
}

#: Whoever sits at a page as a learner.
A_LEARNER = str(Role.LEARNER)
#: Begins how somebody signs who handed a device over.
TABLET = "tablet of "
#: How a learner signed whom the school has forgotten.
FORGOTTEN = f"{Role.LEARNER}: forgotten"


class Relation(StrEnum):
    """What an actor is, at a date, to a learner, or to a class, an import, the school."""

    SELF = "is the learner"
    TEACHES = "teaches them"
    OWN_LIST = "teaches them by a class list of their own"
    STANDS_IN = "stands in for their teacher"
    SERVES = "coaches at their school"
    FAMILY = "is of their family"
    SUPPORTS = "supports them"
    SCHOOL = "works for the school"
    TRUSTED = "works for the school, which lets them read learners’ words"
    BROUGHT = "brought it in"
    NAMED = "is the adult the school named for worries"
    NONE = "none"


class Action(StrEnum):
    """What is done with a learner's data, or for the school."""

    MEET = "meet"  # who they are: name, class, the language and look of their pages
    READ = "read"  # what the school's data say of them
    FOLLOW = "follow"  # their goals, the plans, and how it goes
    HEAR = "hear"  # what else they said, made and chose
    SHARED = "shared"  # what they show their family
    NOTES = "notes"  # what educators keep to themselves
    WRITE = "write"  # their own pages
    REPLY = "reply"  # what their family answers
    GUIDE = "guide"  # what educators do for a learner: settings, notes of their own, bookings
    REPORT = "report"
    IMPORT = "import"
    ROSTERS = "rosters"  # what they bring in is believed of every learner
    TAKE_BACK = "take back"  # an import
    CLASSES = "classes"  # pages of whole classes
    ARRANGE = "arrange"  # what a class agreed on
    WORRIES = "worries"
    PEOPLE = "people"  # who may come in, as what
    AUDIT = "audit"
    DISCLOSE = "disclose"  # who looked at a learner
    RECORDS = "records"  # all that is kept of a learner, to hand out or to forget

    @property
    def noted(self) -> str:
        """As the audit has it: to look is to look, whatever at, and to write is to write."""
        return str(Action.READ if self in LOOKS else Action.WRITE if self is Action.REPLY else self)


#: What changes nothing.
LOOKS = frozenset({Action.MEET, Action.READ, Action.FOLLOW, Action.HEAR, Action.SHARED, Action.NOTES})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a role and the school's code of the person."""

    role: Role
    code: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Actor:
        """The actor that `text` names, such as "teacher:t17", "learner:0041207", "admin:office".

        Raises BadInput for anything else.
        """
        role, sep, code = text.partition(":")
        if not sep or not code or role not in set(Role):
            raise BadInput(
                _("An actor is written role:code, where the role is one of {roles}.").format(roles=", ".join(Role)),
                _("For example teacher:t17, or admin:office."),
            )
        return cls(Role(role), code)

    def __str__(self) -> str:
        return f"{self.role}:{self.code}"


@dataclass(frozen=True, slots=True, repr=False)
class Circle:
    """The people around one learner: the learner's own code and who teaches them now.

    `themselves`: those of the teachers who are so by nothing but imports of their own. `linked`: who else was given
    a relation to the learner that holds today, by `Role`.
    """

    learner: int
    code: str = ""
    teachers: frozenset[str] = frozenset()
    themselves: frozenset[str] = frozenset()
    linked: Mapping[Role, frozenset[str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "<Circle>"


class Decision(NamedTuple):
    """An answer and its reason; the audit keeps both."""

    allowed: bool
    reason: str
