"""Learners and their classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks, asks_each, no_learner
from workbench.facet import Facet
from workbench.ground import names
from workbench.ground.errors import NotFound
from workbench.ground.terms import Term
from workbench.ground.words import _


@dataclass(frozen=True, slots=True, repr=False)
class Learner:
    """One learner as the newest roster names them."""

    id: int
    code: str
    given_name: str
    family_name: str
    middle_name: str = ""
    birth_date: date | None = None

    @property
    def name(self) -> str:
        """The whole name, or the school's code where no roster gave a name."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or self.code

    @property
    def call_name(self) -> str:
        """What one says: the given name, or the school's code."""
        return self.given_name or self.family_name or self.code

    @property
    def sort_key(self) -> tuple[names.Key, names.Key, str]:
        """The place in every list: by family name, see `names.sort_key`."""
        return (names.sort_key(self.family_name), names.sort_key(self.given_name), self.code)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The learner whom a row of the roster names."""
        return cls(**{name: row[name] for name in cls.__slots__})

    def __repr__(self) -> str:
        return "<Learner>"


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """A learner at a school for a term, in a grade."""

    learner: int
    school: str
    term: str
    grade: str

    def __repr__(self) -> str:
        return "<Enrolment>"


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class with learners in it now. `educators` are (code, name) pairs; `size` counts learners."""

    id: int
    name: str
    school: str
    year: str
    educators: tuple[tuple[str, str], ...]
    size: int


def class_number(class_: SchoolClass | int) -> int:
    """The number of the class that `class_` is, or is the number of."""
    return class_.id if isinstance(class_, SchoolClass) else class_


def class_labels(classes: Iterable[SchoolClass]) -> dict[str, str]:
    """What each class is called, by its number as text, with its school where two share a name."""
    every = tuple(classes)
    same = Counter(one.name for one in every)
    return {str(one.id): one.name if same[one.name] == 1 else f"{one.name}, {one.school}" for one in every}


def by_name(classes: Iterable[SchoolClass]) -> list[SchoolClass]:
    """Classes in the order of their names, whoever asks: the first is the one that a learner's pages name."""
    return sorted(classes, key=lambda one: (len(one.name), names.sort_key(one.name), names.sort_key(one.school)))


class Learners(Facet):
    """`bench.learners`: finds learners and tells their classes."""

    __slots__ = ()

    @asks(Action.MEET)
    def get(self, learner: LearnerId) -> Learner:
        """The learner numbered `learner`; raises NotFound."""
        rows = self.store.roster.learners([learner], as_of=self.as_of)
        if not rows:
            raise NotFound(_("There is no such learner here."), _("Choose a learner from a class."))
        return Learner.of(rows[0])

    @asks_each(Action.MEET)
    def all(self) -> list[Learner]:
        """Every learner the actor may see, by family name."""
        return sorted(map(Learner.of, self.store.roster.learners(as_of=self.as_of)), key=lambda one: one.sort_key)

    @asks_each(Action.MEET)
    def found(self, words: str, among: Iterable[int]) -> list[Learner]:
        """The learners of some classes (their numbers) whose name has all of some words (`names.has`), by family name.

        Nobody for no words.
        """
        rows = [row for one in among for row in self.store.roster.memberships(class_id=one, as_of=self.as_of)]
        members = {row["learner_id"] for row in rows} if words.strip() else set()
        people = map(Learner.of, self.store.roster.learners(members, as_of=self.as_of))
        return sorted((one for one in people if names.has(one.name, words)), key=lambda one: one.sort_key)

    @asks_each(Action.MEET)
    def in_class(self, name: str | SchoolClass) -> list[Learner]:
        """The learners of a class now, by family name; raises NotFound with the nearest names."""
        found = name if isinstance(name, SchoolClass) else self.class_named(name)
        members = {row["learner_id"] for row in self.store.roster.memberships(class_id=found.id, as_of=self.as_of)}
        rows = self.store.roster.learners(members, as_of=self.as_of)
        return sorted(map(Learner.of, rows), key=lambda one: one.sort_key)

    @asks_each(Action.MEET)
    def in_school(self, name: str) -> list[Learner]:
        """The learners enrolled at a school now (`terms.present`); raises NotFound with the nearest names."""
        rows = self.store.roster.enrolled(as_of=self.as_of)
        schools = {row["school"] for row in rows}
        if name not in schools:
            raise NotFound.among(_("school"), name, schools)
        members = {row["learner_id"] for row in rows if row["school"] == name}
        return sorted(
            map(Learner.of, self.store.roster.learners(members, as_of=self.as_of)), key=lambda one: one.sort_key
        )

    @no_learner
    def how_many(self, *, of: str | SchoolClass | None = None, school: str | None = None) -> int:
        """How many learners are in a class, in a school, or here at all, whether or not the actor may meet them."""
        if of is not None:
            return (of if isinstance(of, SchoolClass) else self.class_named(of)).size
        if school is not None:
            rows = self.store.roster.enrolled(as_of=self.as_of)
            return len({row["learner_id"] for row in rows if row["school"] == school})
        return len(self.store.roster.learners(as_of=self.as_of))

    def named(self, text: str) -> Learner:
        """The one learner whose code or name is `text`, in any case, accents and apostrophes aside if need be.

        Raises NotFound with the nearest names, or when two learners share the name.
        """
        number = self.store.roster.by_code(text)
        if number is not None:
            return self.get(number)
        return the_one(self.all(), text)

    @no_learner
    def classes(self) -> tuple[SchoolClass, ...]:
        """The classes that have learners now; a teacher's own ones first, then by name."""
        return self._in_order(self.store.roster.classes(as_of=self.as_of))

    @no_learner
    def my_classes(self) -> tuple[SchoolClass, ...]:
        """Those whose learners the actor meets: the own, those a tie is to, or, for the school's office, all."""
        known = self.classes()
        if self.gate.sees_everybody:
            return known
        if self.gate.by_tie:
            ties = self.store.people.all("ties", actor=str(self.gate.actor), ended_at=None)
            held = [one for one in ties if one["since"] <= self.desk.today <= one["until"]]
            classes, schools = {one["class_id"] for one in held}, {one["school"] for one in held}
            return tuple(one for one in known if one.id in classes or one.school in schools)
        return tuple(one for one in known if self.gate.actor.code in dict(one.educators))

    @no_learner
    def coming_classes(self) -> tuple[SchoolClass, ...]:
        """The classes of terms that have not begun, such as next year's whose list is in already."""
        return self._in_order(self.store.roster.classes(as_of=self.as_of, coming=True))

    @no_learner
    def class_named(self, name: str) -> SchoolClass:
        """The class called `name`; raises NotFound with the nearest names."""
        classes = self.classes()
        same = [one for one in classes if one.name.casefold() == name.casefold()]
        if not same:
            step = "" if classes else _("Bring in ClassAssignments or a class list first: no class is known yet.")
            raise NotFound.among(_("class"), name, (one.name for one in classes), step)
        return same[0]

    @asks(Action.MEET)
    def classes_of(self, learner: LearnerId) -> tuple[SchoolClass, ...]:
        """The classes a learner is in now."""
        theirs = {row["class_id"] for row in self.store.roster.memberships([learner], as_of=self.as_of)}
        return self._in_order(self.store.roster.classes(theirs, as_of=self.as_of))

    @asks(Action.READ, instead=tuple)
    def enrolments(self, learner: LearnerId) -> tuple[Enrolment, ...]:
        """Where a learner was enrolled, oldest term first."""
        rows = self.store.roster.enrolments([learner], as_of=self.as_of)
        found = [Enrolment(row["learner_id"], row["school"], row["term"], row["grade"]) for row in rows]
        return tuple(sorted(found, key=lambda one: (Term.parse(one.term), one.school)))

    def _in_order(self, rows: Iterable[Mapping[str, Any]]) -> tuple[SchoolClass, ...]:
        """Classes, the actor's own ones first, then by name."""
        found = [
            SchoolClass(
                row["id"], row["name"], row["school"], row["year"], tuple(sorted(row["educators"].items())), row["size"]
            )
            for row in rows
        ]
        mine = self.gate.actor.code
        return tuple(sorted(by_name(found), key=lambda one: mine not in dict(one.educators)))


def the_one(known: Sequence[Learner], text: str) -> Learner:
    """The one of `known` whose name is `text`; raises NotFound as `Learners.named` does."""
    said: list[Learner] = []
    for alike in (names.spelled, names.plain):
        wanted = alike(text)
        said = [one for one in known if wanted in (alike(one.name), alike(f"{one.family_name}, {one.given_name}"))]
        if said:
            break
    if len(said) == 1:
        return said[0]
    if said:
        raise NotFound(_("More than one learner has this name."), _("Use the school’s own id of the learner instead."))
    raise NotFound.among(_("learner"), text, (one.name for one in known))


def call_names(members: Iterable[Learner]) -> dict[int, str]:
    """What each learner is called: the given name, and of those who share it as much of the family name as tells."""
    sharing: defaultdict[str, list[Learner]] = defaultdict(list)
    for one in members:
        sharing[names.plain(one.call_name)].append(one)
    return {one.id: called for group in sharing.values() for one, called in _told_apart(group)}


def _told_apart(group: Sequence[Learner]) -> Iterator[tuple[Learner, str]]:
    """Those who share a given name, each with what they are called."""
    for one in group:
        name, others = one.family_name, [other.family_name for other in group if other is not one]
        lengths = (n for n in range(1, len(name)) if _differs(name, others, n))
        letters = f"{names.initial(name, short)}." if (short := next(lengths, 0)) else name
        yield one, f"{one.call_name} {letters}" if others and one.given_name and name else one.call_name


def _differs(name: str, others: Iterable[str], letters: int) -> bool:
    mine = names.plain(names.initial(name, letters))
    return all(names.plain(names.initial(other, letters)) != mine for other in others)
