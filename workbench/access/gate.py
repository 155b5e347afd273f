"""The gate that every facet asks, and writes down what it answers.

Every facet method that touches a learner goes through `asks` or `asks_each`, and every
answer is written to the audit. `asks_inside` marks those that ask themselves, `no_learner` those that touch none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from workbench.access.actors import LOOKS, TABLET, Action, Actor, Circle, Decision, Relation, Role
from workbench.access.rules import LINKED, could, keeps_rosters, to_class, why_allowed, why_dutiful
from workbench.ground.errors import NotAllowed
from workbench.ground.words import N_, _

#: What a guarded method is handed for its first argument. Whoever calls may give the learner or the record itself.
LearnerId = int
RecordId = str

P = ParamSpec("P")
T = TypeVar("T")


_HANDED_OVER = Decision(False, N_("handed the device to one learner"))
_AS_THE_LEARNER = Decision(True, N_("a handed-over device, opened as the learner"))
_NOT_BELIEVED = Decision(False, N_("is in the school already and not in the educator’s classes"))
#: What a learner does at a device that was handed over.
_OF_THE_LEARNER = LOOKS - {Action.NOTES} | {Action.WRITE}


class Relations(Protocol):
    """Where a gate learns who stands around a learner."""

    def circles(self, learners: Iterable[int]) -> Mapping[int, Circle]: ...
    def owner(self, record: str) -> int: ...


class Notebook(Protocol):
    """Where a gate writes down who asked for what."""

    def note(self, entries: Iterable[tuple[str, str, str, int | None, Decision]]) -> None: ...


#: What is said to whoever may not do something for the school.
_REFUSED = {
    Action.IMPORT: (N_("You may not load exports."), N_("Ask a teacher or the office to do it.")),
    Action.TAKE_BACK: (
        N_("Only whoever brought an import in, or an admin, takes it back or brings it back."),
        N_("Ask {who}, or the office."),
    ),
    Action.CLASSES: (N_("Pages of a class are for those who teach it."), N_("Ask your teacher, or the office.")),
    Action.ARRANGE: (
        N_("Only those who teach a class change what it agreed on."),
        N_("Ask the class’s teacher, or the office."),
    ),
    Action.WORRIES: (
        N_("Worries are read by the adult the school named, and by nobody else."),
        N_("What you marked was shared. If it cannot wait, go to that person now."),
    ),
    Action.PEOPLE: (N_("Only an admin says who may come in."), N_("Ask whoever looks after the school’s data.")),
    Action.AUDIT: (N_("Only an admin looks after the audit."), N_("Ask whoever looks after the school’s data.")),
    Action.DISCLOSE: (
        N_("Who looked at a learner is told by the office."),
        N_("Ask the office, or whoever looks after the school’s data."),
    ),
    Action.RECORDS: (
        N_("Only an admin hands out all that is kept of a learner, and forgets a learner."),
        N_("Ask whoever looks after the school’s data."),
    ),
}
#: What else an action for the school is noted as: what is read and what is done with a class.
_NOTED = {
    Action.TAKE_BACK: Action.IMPORT,
    Action.CLASSES: Action.READ,
    Action.WORRIES: Action.READ,
    Action.AUDIT: Action.READ,
    Action.DISCLOSE: Action.READ,
    Action.ARRANGE: Action.GUIDE,
}


@dataclass(frozen=True, slots=True)
class Gate:
    """Asks the table of rights for one actor and writes the audit. Lives as long as its bench.

    With `only`, a learner's number, the actor has handed over: what is left of their rights is what this learner may do
    with the own pages. `trusted`: the school lets its admins read learners' words.
    """

    actor: Actor
    relations: Relations
    audit: Notebook
    only: int | None = None
    trusted: bool = False

    @property
    def signed(self) -> str:
        """Who did it, as revisions and the audit keep it: "teacher:t17"; handed over, "tablet of teacher:t17"."""
        return str(self.actor) if self.only is None else f"{TABLET}{self.actor}"

    @property
    def teaches(self) -> bool:
        """Whether an educator is told what is shown, also by a device they handed over."""
        return self.actor.role in (Role.TEACHER, Role.SUBSTITUTE, Role.COACH)

    @property
    def by_tie(self) -> bool:
        """Whether it is by what an admin gave for some time that the actor is anything to a learner."""
        return self.actor.role in LINKED

    @property
    def as_learner(self) -> bool:
        """Whether it is a learner who sits here, also at a device that was handed over."""
        return self.only is not None or self.actor.role is Role.LEARNER

    @property
    def sees_everybody(self) -> bool:
        """Whether the learners the actor may meet are the whole school."""
        return self.only is None and self.actor.role in (Role.ADMIN, Role.OFFICE)

    # with a learner's data

    def may(self, action: Action, learner: int) -> bool:
        """Whether the actor may do `action` with a learner: for a page that offers it. Nothing is done, nor noted."""
        return self._decide(action, self._circle(learner)).allowed

    def all_that(self, actions: Iterable[Action], learners: Iterable[int]) -> dict[int, frozenset[Action]]:
        """Which of `actions` the actor may do with each of `learners`, asked at once."""
        asked = tuple(actions)
        return {
            learner: frozenset(one for one in asked if self._decide(one, circle).allowed)
            for learner, circle in self.relations.circles(learners).items()
        }

    def could(self, action: Action) -> bool:
        """Whether there may be learners with whom the actor may do `action`: for what is offered before."""
        return self.only is None and could(self.actor, action, trusted=self.trusted)

    def _circle(self, learner: int) -> Circle:
        return self.relations.circles([learner]).get(learner, Circle(learner))

    def _decide(self, action: Action, circle: Circle) -> Decision:
        decision = why_allowed(self.actor, action, circle, trusted=self.trusted)
        if self.only is None:
            return decision
        if circle.learner != self.only or action not in _OF_THE_LEARNER:
            return _HANDED_OVER
        held = why_allowed(self.actor, Action.GUIDE, circle, trusted=self.trusted)  # whoever guides may hand over
        return _AS_THE_LEARNER if held.allowed else held

    def permit(self, action: Action, learner: int, what: str) -> None:
        """Returns when the actor may; raises NotAllowed when not. Audited either way."""
        self._permit(action, self._circle(learner), what)

    def _permit(self, action: Action, circle: Circle, what: str) -> None:
        decision = self._decide(action, circle)
        self.audit.note([(self.signed, action.noted, what, circle.learner, decision)])
        if not decision.allowed:
            raise NotAllowed(
                _("You may not see or change this learner’s pages: {reason}.").format(reason=_(decision.reason)),
                _("Ask the office to put the learner in your class, then import the class list again."),
            )

    def hears(self, action: Action, learner: int, what: str) -> bool:
        """The same for what is left out for those who may meet the learner and no more: whether there is any of it."""
        circle = self._circle(learner)
        if not self._decide(action, circle).allowed and self._decide(Action.MEET, circle).allowed:
            return False
        self._permit(action, circle, what)
        return True

    def permitted(self, action: Action, learners: Iterable[int], what: str) -> frozenset[int]:
        """Those of `learners` the actor may do `action` with; what is passed on is audited."""
        circles = self.relations.circles(learners)
        decisions = {learner: self._decide(action, circle) for learner, circle in circles.items()}
        seen = {learner: decision for learner, decision in decisions.items() if decision.allowed}
        self.audit.note([(self.signed, action.noted, what, learner, decision) for learner, decision in seen.items()])
        return frozenset(seen)

    def shared(self, learners: Iterable[int], what: str) -> None:
        """Notes that goals of `learners` are told to a buddy with whom they share them."""
        decision = Decision(True, N_("the learner shared it with a buddy"))
        self.audit.note([(self.signed, Action.READ, what, learner, decision) for learner in dict.fromkeys(learners)])

    # for the school, a class or an import

    def may_here(self, action: Action, *relations: Relation) -> bool:
        """Whether the actor may do `action` for the school, or for what they stand in `relations` to. Not audited."""
        return self._here(action, relations).allowed

    def permit_here(self, action: Action, what: str, *relations: Relation, who: str = "") -> None:
        """Returns when they may; raises NotAllowed when not, naming `who` could. Audited either way."""
        decision = self._here(action, relations)
        self.audit.note([(self.signed, _NOTED.get(action, action), what, None, decision)])
        self._refuse(action, decision, who)

    def _here(self, action: Action, relations: Iterable[Relation]) -> Decision:
        return why_dutiful(self.actor, action, *relations) if self.only is None else _HANDED_OVER

    @staticmethod
    def _refuse(action: Action, decision: Decision, who: str = "") -> None:
        if not decision.allowed:
            sentence, step = _REFUSED[action]
            raise NotAllowed(_(sentence), _(step).format(who=who))

    @property
    def keeps_rosters(self) -> bool:
        """Whether what the actor's imports say is believed of every learner."""
        return self.only is None and keeps_rosters(self.actor)

    def not_believed(self, learners: Iterable[int], what: str) -> None:
        """Notes that what the actor's import says of `learners` waits for whoever keeps the rosters."""
        self.audit.note([(self.signed, Action.IMPORT, what, learner, _NOT_BELIEVED) for learner in learners])

    def to_import(self, brought_by: str) -> Relation:
        """What the actor is to an import that `brought_by` (as revisions sign) brought in."""
        return Relation.BROUGHT if str(self.actor) == brought_by else Relation.NONE

    def to_class(self, educators: Collection[str]) -> Relation:
        """What the actor is to a class whose `educators` have these codes."""
        return to_class(self.actor, educators)

    def to_worries(self, named: Actor | None) -> Relation:
        """What the actor is to worries, for which the school `named` somebody."""
        return Relation.NAMED if self.actor == named else Relation.NONE

    def permit_worries(self, named: Actor | None, learners: Iterable[int], what: str) -> None:
        """Returns when the actor is the adult named for worries; raises NotAllowed when not. Audited, by learner."""
        decision = self._here(Action.WORRIES, [self.to_worries(named)])
        whose = list(dict.fromkeys(learners)) if decision.allowed else [None]
        self.audit.note([(self.signed, Action.READ, what, learner, decision) for learner in whose])
        self._refuse(Action.WORRIES, decision)


class Guarded(Protocol):
    """A facet: something with a gate."""

    @property
    def gate(self) -> Gate: ...


F = TypeVar("F", bound=Guarded)


def asks(
    action: Action, *, instead: Callable[[], Any] | None = None
) -> Callable[[Callable[Concatenate[F, Any, P], T]], Callable[Concatenate[F, Any, P], T]]:
    """Guards a facet method whose first argument is a learner, or a record of one learner.

    Whatever value is given, the method gets what the gate asked for: the learner's number, or the record's id. So it
    cannot read or write for another than was asked, however the value was made. `instead` makes what those get who may
    meet the learner and not do this: nothing, where another is refused.
    """

    def guard(method: Callable[Concatenate[F, Any, P], T]) -> Callable[Concatenate[F, Any, P], T]:
        @wraps(method)
        def asked(self: F, about: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
            meant = _meant(about)
            learner = learner_of(self.gate.relations, meant)
            if instead is None:
                self.gate.permit(action, learner, method.__qualname__)
            elif not self.gate.hears(action, learner, method.__qualname__):
                return instead()  # type: ignore[no-any-return]
            return method(self, meant, *args, **kwargs)

        asked.__asks__ = action  # type: ignore[attr-defined]
        asked.__instead__ = instead  # type: ignore[attr-defined]
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


class Fact(NamedTuple):
    """What is known of a learner, by its key: a value that the school's data say, and no record of its own."""

    learner: int
    key: int


def _meant(about: Any) -> int | str | Fact:
    """The learner's number, the record's id, or the fact that a value stands for; each is read once."""
    if type(about) in (int, str):
        return about  # type: ignore[no-any-return]
    parts = _parts(about)
    if "id" in parts:
        return _meant(about.id)
    if {"learner", "key"} <= parts:
        fact = Fact(about.learner, about.key)
        if type(fact.learner) is int and type(fact.key) is int:
            return fact
    raise _unknown()


def record_of(about: Any) -> str:
    """The id of the record that `about` is, or is the id of; raises TypeError for anything else."""
    meant = _meant(about)
    if type(meant) is not str:
        raise _unknown()
    return meant


def learner_of(relations: Relations, about: Any) -> int:
    """The number of the learner that `about` (a learner, its number, a record or its id) belongs to.

    Raises TypeError for anything else, also for what only behaves like one.
    """
    if type(about) is str:
        return relations.owner(about)
    if type(about) is int:
        return about
    parts = _parts(about)
    number = getattr(about, "learner" if "learner" in parts else "id", None)
    if type(number) is int:
        return number
    raise _unknown()


def _parts(about: Any) -> frozenset[str]:
    """The names of a value's own parts; of none but ours, and of no class made from them."""
    kind = type(about)
    if kind.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return frozenset()
    return frozenset(getattr(kind, "__dataclass_fields__", ())) | frozenset(getattr(kind, "_fields", ()))


def _unknown() -> TypeError:
    return TypeError("a learner, a record or an id is wanted")
