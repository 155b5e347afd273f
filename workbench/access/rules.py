"""Who may do what, and why: the one place where a role is asked for.

>>> decide = why_allowed(Actor.parse("teacher:t17"), Action.READ, Circle(7, teachers=frozenset({"t17"})))
>>> decide.allowed, decide.reason
(True, 'teaches the learner')
"""

from __future__ import annotations

from collections.abc import Collection

from workbench.access.actors import Action, Actor, Circle, Decision, Role
from workbench.ground.words import N_


def why_allowed(actor: Actor, action: Action, circle: Circle) -> Decision:
    """Whether `actor` may do `action` with the learner inside `circle`, and why."""
    if actor.role is Role.ADMIN:
        return Decision(True, N_("looks after the school's data"))
    if actor.role is Role.TEACHER and actor.code in circle.teachers:
        if actor.code in circle.themselves:
            return Decision(True, N_("teaches the learner, by a class list of their own"))
        return Decision(True, N_("teaches the learner"))
    if actor.role is Role.LEARNER and circle.code and actor.code == circle.code:
        if action in (Action.READ, Action.WRITE):
            return Decision(True, N_("is the learner"))
        return Decision(False, N_("a learner reads and writes their own pages only"))
    if actor.role is Role.TEACHER:
        return Decision(False, N_("does not teach the learner now"))
    return Decision(False, N_("has no relation to the learner"))


def may_import(actor: Actor) -> Decision:
    """Whether `actor` may bring exports in or take an import back."""
    if actor.role in (Role.ADMIN, Role.TEACHER):
        return Decision(True, N_("works with the school's exports"))
    return Decision(False, N_("learners do not load exports"))


def keeps_rosters(actor: Actor) -> bool:
    """Whether what `actor`'s imports say is believed of every learner, not of their own and new ones alone."""
    return actor.role is Role.ADMIN


def may_take_back(actor: Actor, brought_by: str) -> Decision:
    """Whether `actor` may take back, or bring back, an import that `brought_by` (an actor's name) brought in."""
    if actor.role is Role.ADMIN:
        return Decision(True, N_("looks after the school's data"))
    if actor.role is Role.TEACHER and str(actor) == brought_by:
        return Decision(True, N_("brought the import in"))
    return Decision(False, N_("did not bring the import in"))


def may_see_classes(actor: Actor) -> Decision:
    """Whether `actor` sees pages of whole classes, of the learners that are theirs there."""
    if actor.role is Role.ADMIN:
        return Decision(True, N_("looks after the school's data"))
    if actor.role is Role.TEACHER:
        return Decision(True, N_("teaches"))
    return Decision(False, N_("learners see their own pages only"))


def may_see_worries(actor: Actor, named: Actor | None) -> Decision:
    """Whether `actor` reads what troubled a reader: the adult whom the school `named`, and nobody else."""
    if named is not None and actor == named:
        return Decision(True, N_("is the adult the school named for worries"))
    return Decision(False, N_("is not the adult the school named for worries"))


def may_arrange(actor: Actor, educators: Collection[str]) -> Decision:
    """Whether `actor` may change what a class agreed on, whose `educators` have these codes."""
    if actor.role is Role.ADMIN:
        return Decision(True, N_("looks after the school's data"))
    if actor.role is Role.TEACHER and actor.code in educators:
        return Decision(True, N_("teaches the class"))
    return Decision(False, N_("does not teach the class now"))


def educator(code: str) -> Actor:
    """The educator who has this code, as they sign."""
    return Actor(Role.TEACHER, code)


def grown_up(actor: Actor) -> bool:
    """Whether `actor` may be named as an adult of the school."""
    return actor.role is not Role.LEARNER


def reads_educators_notes(actor: Actor) -> bool:
    """Whether `actor`, who may see the learner, also reads notes that are for educators only."""
    return actor.role is not Role.LEARNER
