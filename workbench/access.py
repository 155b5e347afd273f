"""Who may do what with a learner's data, and why.

>>> decide = why_allowed(Actor.parse("teacher:t17"), Action.READ, Circle(7, teachers=frozenset({"t17"})))
>>> decide.allowed, decide.reason
(True, 'teaches the learner')

Every facet method that touches a learner goes through `asks` or `asks_each`, and every
answer is written to the audit. `asks_inside` marks those that ask themselves, `no_learner` those that touch none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from workbench.errors import BadInput, NotAllowed
from workbench.words import _

P = ParamSpec("P")
T = TypeVar("T")


class Role(StrEnum):
    ADMIN = "admin"
    TEACHER = "teacher"
    LEARNER = "learner"


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
    """The people around one learner: the learner's own code and who teaches them now."""

    learner: int
    code: str = ""
    teachers: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "<Circle>"


class Decision(NamedTuple):
    """An answer and its reason; the audit keeps both."""

    allowed: bool
    reason: str


_HANDED_OVER = Decision(False, "handed the device to one learner")


def why_allowed(actor: Actor, action: Action, circle: Circle) -> Decision:
    """Whether `actor` may do `action` with the learner inside `circle`, and why."""
    if actor.role is Role.ADMIN:
        return Decision(True, "looks after the school's data")
    if actor.role is Role.TEACHER and actor.code in circle.teachers:
        return Decision(True, "teaches the learner")
    if actor.role is Role.LEARNER and circle.code and actor.code == circle.code:
        if action in (Action.READ, Action.WRITE):
            return Decision(True, "is the learner")
        return Decision(False, "a learner reads and writes their own pages only")
    if actor.role is Role.TEACHER:
        return Decision(False, "does not teach the learner now")
    return Decision(False, "has no relation to the learner")


def may_import(actor: Actor) -> Decision:
    """Whether `actor` may bring exports in or take an import back."""
    if actor.role in (Role.ADMIN, Role.TEACHER):
        return Decision(True, "works with the school's exports")
    return Decision(False, "learners do not load exports")


def may_take_back(actor: Actor, brought_by: str) -> Decision:
    """Whether `actor` may take back, or bring back, an import that `brought_by` (an actor's name) brought in."""
    if actor.role is Role.ADMIN:
        return Decision(True, "looks after the school's data")
    if actor.role is Role.TEACHER and str(actor) == brought_by:
        return Decision(True, "brought the import in")
    return Decision(False, "did not bring the import in")


def may_see_worries(actor: Actor, named: Actor | None) -> Decision:
    """Whether `actor` reads what troubled a reader: the adult whom the school `named`, and nobody else."""
    if named is not None and actor == named:
        return Decision(True, "is the adult the school named for worries")
    return Decision(False, "is not the adult the school named for worries")


def may_arrange(actor: Actor, educators: Collection[str]) -> Decision:
    """Whether `actor` may change what a class agreed on, whose `educators` have these codes."""
    if actor.role is Role.ADMIN:
        return Decision(True, "looks after the school's data")
    if actor.role is Role.TEACHER and actor.code in educators:
        return Decision(True, "teaches the class")
    return Decision(False, "does not teach the class now")


def reads_educators_notes(actor: Actor) -> bool:
    """Whether `actor`, who may see the learner, also reads notes that are for educators only."""
    return actor.role is not Role.LEARNER


class Relations(Protocol):
    """Where a gate learns who stands around a learner."""

    def circles(self, learners: Iterable[int]) -> Mapping[int, Circle]: ...
    def owner(self, record: str) -> int: ...


class Notebook(Protocol):
    """Where a gate writes down who asked for what."""

    def note(self, entries: Iterable[tuple[Actor, str, str, int | None, Decision]]) -> None: ...


@dataclass(frozen=True, slots=True)
class Gate:
    """Asks `why_allowed` for one actor and writes the audit. Lives as long as its bench.

    With `only`, a learner's number, the actor has handed over: what is left of their rights is what this learner may do
    with the own pages.
    """

    actor: Actor
    relations: Relations
    audit: Notebook
    only: int | None = None

    @property
    def reads_educators_notes(self) -> bool:
        """Whether notes that are for educators only are read here."""
        return self.only is None and reads_educators_notes(self.actor)

    def _decide(self, action: Action, circle: Circle) -> Decision:
        if self.only is not None and (circle.learner != self.only or action not in (Action.READ, Action.WRITE)):
            return _HANDED_OVER
        return why_allowed(self.actor, action, circle)

    def permit(self, action: Action, learner: int, what: str) -> None:
        """Returns when the actor may; raises NotAllowed when not. Audited either way."""
        circle = self.relations.circles([learner]).get(learner, Circle(learner))
        decision = self._decide(action, circle)
        self.audit.note([(self.actor, action, what, learner, decision)])
        if not decision.allowed:
            raise NotAllowed(
                _("You may not see or change this learner’s pages: {reason}.").format(reason=_(decision.reason)),
                _("Ask the office to put the learner in your class, then import the class list again."),
            )

    def permitted(self, action: Action, learners: Iterable[int], what: str) -> frozenset[int]:
        """Those of `learners` the actor may do `action` with; what is passed on is audited."""
        circles = self.relations.circles(learners)
        decisions = {learner: self._decide(action, circle) for learner, circle in circles.items()}
        seen = {learner: decision for learner, decision in decisions.items() if decision.allowed}
        self.audit.note([(self.actor, action, what, learner, decision) for learner, decision in seen.items()])
        return frozenset(seen)

    def shared(self, learners: Iterable[int], what: str) -> None:
        """Notes that goals of `learners` are told to a buddy with whom they share them."""
        decision = Decision(True, "the learner shared it with a buddy")
        self.audit.note([(self.actor, Action.READ, what, learner, decision) for learner in dict.fromkeys(learners)])

    def permit_import(self, what: str) -> None:
        """Returns when the actor may load exports; raises NotAllowed when not. Audited."""
        decision = may_import(self.actor) if self.only is None else _HANDED_OVER
        self.audit.note([(self.actor, Action.IMPORT, what, None, decision)])
        if not decision.allowed:
            raise NotAllowed(_("You may not load exports."), _("Ask a teacher or the office to do it."))

    def may_take_back(self, brought_by: str) -> bool:
        """Whether the actor may take back an import that `brought_by` brought in; asks for no deed, so not audited."""
        return self.only is None and may_take_back(self.actor, brought_by).allowed

    def permit_take_back(self, brought_by: str, what: str) -> None:
        """Returns when the actor may take back or bring back an import; raises NotAllowed when not. Audited."""
        decision = may_take_back(self.actor, brought_by) if self.only is None else _HANDED_OVER
        self.audit.note([(self.actor, Action.IMPORT, what, None, decision)])
        if not decision.allowed:
            raise NotAllowed(
                _("Only whoever brought an import in, or an admin, takes it back or brings it back."),
                _("Ask {who}, or the office.").format(who=brought_by),
            )

    def permit_class(self, educators: Collection[str], what: str) -> None:
        """Returns when the actor may change what a class agreed on; raises NotAllowed when not. Audited."""
        decision = may_arrange(self.actor, educators) if self.only is None else _HANDED_OVER
        self.audit.note([(self.actor, Action.GUIDE, what, None, decision)])
        if not decision.allowed:
            raise NotAllowed(
                _("Only those who teach a class change what it agreed on."),
                _("Ask the class’s teacher, or the office."),
            )

    def permit_worries(self, named: Actor | None, learners: Iterable[int], what: str) -> None:
        """Returns when the actor is the adult named for worries; raises NotAllowed when not. Audited."""
        decision = may_see_worries(self.actor, named) if self.only is None else _HANDED_OVER
        whose = list(dict.fromkeys(learners)) if decision.allowed else [None]
        self.audit.note([(self.actor, Action.READ, what, learner, decision) for learner in whose])
        if not decision.allowed:
            raise NotAllowed(
                _("Worries are read by the adult the school named, and by nobody else."),
                _("What you marked was passed on. If it cannot wait, go to that person now."),
            )


class Guarded(Protocol):
    """A facet: something with a gate."""

    @property
    def gate(self) -> Gate: ...


F = TypeVar("F", bound=Guarded)


def asks(
    action: Action,
) -> Callable[[Callable[Concatenate[F, Any, P], T]], Callable[Concatenate[F, Any, P], T]]:
    """Guards a facet method whose first argument is a learner, or a record of one learner."""

    def guard(method: Callable[Concatenate[F, Any, P], T]) -> Callable[Concatenate[F, Any, P], T]:
        @wraps(method)
        def asked(self: F, about: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self.gate.permit(action, learner_of(self.gate.relations, _named(about)), method.__qualname__)
            return method(self, about, *args, **kwargs)

        asked.__asks__ = action  # type: ignore[attr-defined]
        return asked

    return guard


def asks_each(
    action: Action,
) -> Callable[[Callable[Concatenate[F, P], Iterable[T]]], Callable[Concatenate[F, P], tuple[T, ...]]]:
    """Guards a facet method that returns values of many learners: only permitted ones pass."""

    def guard(method: Callable[Concatenate[F, P], Iterable[T]]) -> Callable[Concatenate[F, P], tuple[T, ...]]:
        @wraps(method)
        def asked(self: F, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, ...]:
            values = tuple(method(self, *args, **kwargs))
            owners = [learner_of(self.gate.relations, value) for value in values]
            seen = self.gate.permitted(action, dict.fromkeys(owners), method.__qualname__)
            return tuple(value for value, owner in zip(values, owners, strict=True) if owner in seen)

        asked.__asks__ = action  # type: ignore[attr-defined]
        return asked

    return guard


def no_learner(method: Callable[P, T]) -> Callable[P, T]:
    """Marks a facet method that neither reads nor writes anything of a learner."""
    method.__asks__ = None  # type: ignore[attr-defined]
    return method


def asks_inside(method: Callable[P, T]) -> Callable[P, T]:
    """Marks a facet method that asks the gate of each learner it meets; a test of its own holds it to that."""
    method.__asks__ = "inside"  # type: ignore[attr-defined]
    return method


def _named(about: Any) -> Any:
    """A record by its id alone: whose it is, the store knows, whatever the value in hand says."""
    record = getattr(about, "id", None)
    return record if isinstance(record, str) else about


def learner_of(relations: Relations, about: Any) -> int:
    """The number of the learner that `about` (a learner, its number, a record or its id) belongs to."""
    if isinstance(about, bool):
        raise TypeError("a learner, a record or an id is wanted")
    if isinstance(about, int):
        return about
    if isinstance(about, str):
        return relations.owner(about)
    owner = getattr(about, "learner", None)
    if isinstance(owner, int):
        return owner
    number = getattr(about, "id", None)
    if isinstance(number, int):
        return number
    raise TypeError("a learner, a record or an id is wanted")
