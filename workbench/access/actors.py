"""Who asks: a role and a code, and what is done with a learner's data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from workbench.ground.errors import BadInput
from workbench.ground.words import _


class Role(StrEnum):
    ADMIN = "admin"
    TEACHER = "teacher"
    LEARNER = "learner"


#: Whoever sits at a page as a learner.
A_LEARNER = str(Role.LEARNER)


class Action(StrEnum):
    """What is done with a learner's data."""

    READ = "read"
    WRITE = "write"
    GUIDE = "guide"  # what educators do for a learner: settings, notes of their own, bookings
    REPORT = "report"
    IMPORT = "import"


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

    `themselves`: those of the teachers who are so by nothing but imports of their own.
    """

    learner: int
    code: str = ""
    teachers: frozenset[str] = frozenset()
    themselves: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "<Circle>"


class Decision(NamedTuple):
    """An answer and its reason; the audit keeps both."""

    allowed: bool
    reason: str
