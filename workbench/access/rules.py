"""Who may do what, and why: the one table of rights, and the one place where a role is asked for.

>>> decide = why_allowed(Actor.parse("teacher:t17"), Action.READ, Circle(7, teachers=frozenset({"t17"})))
>>> decide.allowed, decide.reason
(True, 'teaches the learner')
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from workbench.access.actors import LOOKS, Action, Actor, Circle, Decision, Relation, Role
from workbench.ground.words import N_


class Right(NamedTuple):
    """What somebody of a role may do in a relation, and the reason that the audit keeps."""

    role: Role
    relation: Relation
    may: frozenset[Action]
    reason: str


def _right(role: Role, relation: Relation, may: Iterable[Action], reason: str) -> Right:
    return Right(role, relation, frozenset(may), reason)


A, R = Action, Relation
_THEIRS = LOOKS | {A.WRITE, A.REPLY, A.GUIDE, A.REPORT, A.IMPORT}  # of whoever answers for a learner
_SERVED = {A.MEET, A.READ, A.FOLLOW, A.HEAR, A.REPORT}

#: With a learner's data. Whoever stands in two relations has the first of them.
RIGHTS = (
    _right(Role.LEARNER, R.SELF, LOOKS - {A.NOTES} | {A.WRITE}, N_("is the learner")),
    _right(Role.TEACHER, R.TEACHES, _THEIRS, N_("teaches the learner")),
    _right(Role.TEACHER, R.OWN_LIST, _THEIRS, N_("teaches the learner, by a class list of their own")),
    _right(Role.SUBSTITUTE, R.STANDS_IN, {A.MEET, A.FOLLOW}, N_("stands in for the learner’s teacher today")),
    _right(Role.COACH, R.SERVES, _SERVED, N_("is a coach at the learner’s school")),
    _right(Role.FAMILY, R.FAMILY, {A.MEET, A.SHARED, A.REPLY}, N_("is of the learner’s family")),
    _right(Role.SUPPORTER, R.SUPPORTS, {A.MEET, A.FOLLOW, A.SHARED}, N_("supports the learner")),
    _right(Role.OFFICE, R.SCHOOL, {A.MEET, A.READ, A.REPLY, A.REPORT, A.IMPORT}, N_("works in the school’s office")),
    _right(Role.ADMIN, R.TRUSTED, _THEIRS, N_("looks after the school's data")),
    _right(Role.ADMIN, R.SCHOOL, {A.MEET, A.READ, A.REPLY, A.REPORT, A.IMPORT}, N_("looks after the school's data")),
)

#: For the school, a class or an import.
DUTIES = (
    _right(Role.ADMIN, R.SCHOOL, {A.PEOPLE, A.AUDIT, A.DISCLOSE, A.RECORDS, A.IMPORT, A.ROSTERS, A.TAKE_BACK, A.CLASSES,
                                A.ARRANGE}, N_("looks after the school's data")),
    _right(Role.OFFICE, R.SCHOOL, {A.IMPORT, A.ROSTERS, A.CLASSES, A.DISCLOSE}, N_("works in the school’s office")),
    _right(Role.OFFICE, R.BROUGHT, {A.TAKE_BACK}, N_("brought the import in")),
    _right(Role.TEACHER, R.SCHOOL, {A.IMPORT, A.CLASSES}, N_("teaches")),
    _right(Role.TEACHER, R.TEACHES, {A.ARRANGE}, N_("teaches the class")),
    _right(Role.TEACHER, R.BROUGHT, {A.TAKE_BACK}, N_("brought the import in")),
    _right(Role.COACH, R.SCHOOL, {A.CLASSES}, N_("is a coach")),
    _right(Role.SUBSTITUTE, R.SCHOOL, {A.CLASSES}, N_("stands in for a teacher")),
    *(_right(role, R.NAMED, {A.WORRIES}, N_("is the adult the school named for worries"))
      for role in (Role.ADMIN, Role.OFFICE, Role.TEACHER, Role.COACH)),
)  # fmt: skip

_BY_PAIR = {(one.role, one.relation): one for one in RIGHTS}
_DUTIES = {(one.role, one.relation, action): one for one in DUTIES for action in one.may}
#: Whose relation to learners was given to them, for some time; other people's comes from rosters, or from being there.
LINKED = {
    Role.SUBSTITUTE: R.STANDS_IN, Role.COACH: R.SERVES, Role.FAMILY: R.FAMILY, Role.SUPPORTER: R.SUPPORTS
}  # fmt: skip
_REFUSED = {
    Role.LEARNER: N_("a learner reads and writes their own pages only"),
    Role.TEACHER: N_("does not teach the learner now"),
    Role.SUBSTITUTE: N_("does not stand in for the learner’s teacher today"),
    Role.COACH: N_("is no coach at the learner’s school"),
}
_NOT_SO_FAR = {
    Role.LEARNER: N_("a learner reads and writes their own pages only"),
    Role.SUBSTITUTE: N_("whoever stands in sees names and goals"),
    Role.COACH: N_("a coach reads, and changes nothing"),
    Role.OFFICE: N_("the office reads no learner’s words"),
    Role.ADMIN: N_("whoever looks after the data reads no learner’s words"),
    Role.FAMILY: N_("a family sees what the learner shares"),
    Role.SUPPORTER: N_("a supporter sees the goals, and what the learner shares"),
}


def relation(actor: Actor, circle: Circle, *, trusted: bool = False) -> Relation:
    """What `actor` is to the learner inside `circle`. `trusted`: the school lets its admins read learners' words."""
    if actor.role is Role.LEARNER:
        return R.SELF if circle.code and actor.code == circle.code else R.NONE
    if actor.role is Role.TEACHER:
        if actor.code not in circle.teachers:
            return R.NONE
        return R.OWN_LIST if actor.code in circle.themselves else R.TEACHES
    if actor.role in LINKED:
        return LINKED[actor.role] if actor.code in circle.linked.get(actor.role, ()) else R.NONE
    return R.TRUSTED if trusted and actor.role is Role.ADMIN else R.SCHOOL


def why_allowed(actor: Actor, action: Action, circle: Circle, *, trusted: bool = False) -> Decision:
    """Whether `actor` may do `action` with the learner inside `circle`, and why; `trusted`: see `relation`."""
    right = _BY_PAIR.get((actor.role, relation(actor, circle, trusted=trusted)))
    if right is None:
        other = N_("has no relation to the learner")
        return Decision(False, other if actor.role is Role.LEARNER else _REFUSED.get(actor.role, other))
    if action in right.may:
        return Decision(True, right.reason)
    return Decision(False, _NOT_SO_FAR.get(actor.role, N_("is not for this role")))


def why_dutiful(actor: Actor, action: Action, *relations: Relation) -> Decision:
    """Whether `actor` may do `action` for the school, or for what they stand in one of `relations` to, and why."""
    for one in (R.SCHOOL, *relations):
        if right := _DUTIES.get((actor.role, one, action)):
            return Decision(True, right.reason)
    return Decision(False, _NO_DUTY.get((actor.role, action)) or _NO_DUTY_OF[action])


def could(actor: Actor, action: Action, *, trusted: bool = False) -> bool:
    """Whether there is a relation to a learner in which `actor` may do `action`."""
    return any(
        action in one.may for one in RIGHTS if one.role is actor.role and (trusted or one.relation is not R.TRUSTED)
    )


_NO_DUTY = {
    (Role.LEARNER, A.IMPORT): N_("learners do not load exports"),
    (Role.LEARNER, A.CLASSES): N_("learners see their own pages only"),
}
_NO_DUTY_OF = {
    A.IMPORT: N_("does not work with the school’s exports"),
    A.ROSTERS: N_("does not keep the school’s rosters"),
    A.TAKE_BACK: N_("did not bring the import in"),
    A.CLASSES: N_("has no class"),
    A.ARRANGE: N_("does not teach the class now"),
    A.WORRIES: N_("is not the adult the school named for worries"),
    A.PEOPLE: N_("does not say who may come in"),
    A.AUDIT: N_("does not look after the audit"),
    A.DISCLOSE: N_("does not answer for who looked at learners"),
    A.RECORDS: N_("does not look after learners’ records"),
}


def keeps_rosters(actor: Actor) -> bool:
    """Whether what `actor`'s imports say is believed of every learner, not of their own and new ones alone."""
    return why_dutiful(actor, A.ROSTERS).allowed


def to_class(actor: Actor, educators: Collection[str]) -> Relation:
    """What `actor` is to a class whose `educators` have these codes."""
    return R.TEACHES if actor.role is Role.TEACHER and actor.code in educators else R.NONE


def educator(code: str) -> Actor:
    """The educator who has this code, as they sign."""
    return Actor(Role.TEACHER, code)


def themselves(code: str) -> Actor:
    """The learner who has this code, as they sign."""
    return Actor(Role.LEARNER, code)


def of_family(code: str) -> Actor:
    """Somebody of a learner's family, who came by the letter that has this code."""
    return Actor(Role.FAMILY, code)


def grown_up(actor: Actor) -> bool:
    """Whether `actor` may be named as the adult for worries."""
    return (actor.role, R.NAMED, A.WORRIES) in _DUTIES


def alone(local: Actor) -> bool:
    """Whether `local`, who works at this computer, does everything: nobody else is there to hear the learners."""
    return local.role is Role.ADMIN


def works_here(role: Role) -> bool:
    """Whether somebody of this role has an account: staff, who sign in by a password."""
    return role in {one.role for one in DUTIES}
