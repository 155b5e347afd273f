"""Symbols: the animal or thing each learner of a class is known by, before anybody reads.

Our own drawings stand beside this module, one family: each is told by its shape alone, also printed small in black.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks, asks_each
from workbench.facet import Facet, Kept
from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _

#: Every symbol there is, with its name as it is read aloud; its drawing is the file of its id.
NAMES = {
    "fox": N_("fox"),
    "owl": N_("owl"),
    "turtle": N_("turtle"),
    "whale": N_("whale"),
    "bee": N_("bee"),
    "cat": N_("cat"),
    "rabbit": N_("rabbit"),
    "fish": N_("fish"),
    "snail": N_("snail"),
    "butterfly": N_("butterfly"),
    "frog": N_("frog"),
    "penguin": N_("penguin"),
    "elephant": N_("elephant"),
    "bear": N_("bear"),
    "crab": N_("crab"),
    "hedgehog": N_("hedgehog"),
    "octopus": N_("octopus"),
    "giraffe": N_("giraffe"),
    "lion": N_("lion"),
    "dinosaur": N_("dinosaur"),
    "rocket": N_("rocket"),
    "kite": N_("kite"),
    "drum": N_("drum"),
    "leaf": N_("leaf"),
    "star": N_("star"),
    "sun": N_("sun"),
    "tree": N_("tree"),
    "flower": N_("flower"),
    "mushroom": N_("mushroom"),
    "boat": N_("boat"),
    "balloon": N_("balloon"),
    "umbrella": N_("umbrella"),
    "key": N_("key"),
    "book": N_("book"),
    "bicycle": N_("bicycle"),
    "train": N_("train"),
    "apple": N_("apple"),
    "cactus": N_("cactus"),
    "planet": N_("planet"),
    "robot": N_("robot"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Symbol:
    """A learner's own: one of `NAMES`, and the number of the change since which it is."""

    learner: int
    name: str
    since: int

    def __repr__(self) -> str:
        return "<Symbol>"


SYMBOLS = Kept("symbols", Symbol, stored={"since": "change"})


class Symbols(Facet):
    """`bench.symbols`: who chose which, each one's own in every class they are in."""

    __slots__ = ()

    @asks(Action.MEET)
    def of(self, learner: LearnerId, *, class_id: int | None = None) -> Symbol | None:
        """A learner's symbol in a class, or in each of theirs; None where there is none, or another chose it before."""
        if not self._chosen([learner]):
            return None
        classes = self._classes(learner) if class_id is None else (class_id,)
        around = {learner, *(one for each in classes for one in self._members(each))}
        return next((one for one in shown(self._chosen(around)) if one.learner == learner), None)

    @asks_each(Action.MEET)
    def of_class(self, class_id: int) -> list[Symbol]:
        """The symbols that a class sees: no two alike."""
        return shown(self._chosen(self._members(class_id)))

    @asks(Action.MEET)
    def free(self, learner: LearnerId) -> tuple[str, ...]:
        """The names of those that nobody else in any of a learner's classes has."""
        taken = self._taken(learner)
        return tuple(name for name in NAMES if name not in taken)

    @asks(Action.WRITE)
    def choose(self, learner: LearnerId, name: str) -> Symbol:
        """Makes a symbol the learner's own; raises BadInput when somebody in one of their classes has it."""
        if name not in NAMES:
            raise ValueError("there is no such symbol")
        with self.store.together():  # of two who choose at the same moment, the second finds the first's
            self._refuse_taken(learner, name)
            return self._keep(SYMBOLS, learner, {"name": name, "withdrawn": False}, record=_record(learner))

    @asks(Action.WRITE)
    def undo(self, learner: LearnerId) -> None:
        """Takes the newest choice back; raises NotFound when there was none, BadInput when the one before is taken."""
        with self.store.together():
            before = self.store.journal.revisions(SYMBOLS.kind, _record(learner))[-2:-1]
            if before and not before[0]["withdrawn"]:
                self._refuse_taken(learner, before[0]["name"])
            self._undo(SYMBOLS, _record(learner))

    def _refuse_taken(self, learner: int, name: str) -> None:
        if name in self._taken(learner):
            raise BadInput(_("Somebody in your class has this picture already."), _("Choose another one."))

    def _taken(self, learner: int) -> set[str]:
        others = {one for each in self._classes(learner) for one in self._members(each)} - {learner}
        return {one.name for one in self._chosen(others)}

    def _chosen(self, learners: Iterable[int]) -> tuple[Symbol, ...]:
        return self._all(SYMBOLS, learner_id=sorted(learners))

    def _classes(self, learner: int) -> set[int]:
        return {row["class_id"] for row in self.store.roster.memberships([learner], as_of=self.as_of)}


def shown(chosen: Iterable[Symbol]) -> list[Symbol]:
    """Those of learners who see each other: of two alike, which a change of class may bring, the one chosen first."""
    first: dict[str, Symbol] = {}
    for one in sorted(chosen, key=lambda one: one.since):
        first.setdefault(one.name, one)
    return list(first.values())


@cache
def drawing(name: str) -> str:
    """The drawing of a symbol, as its file has it."""
    return (Path(__file__).parent / f"{name}.svg").read_text(encoding="utf-8").strip()


def drawn(name: str, *, says: str = "") -> str:
    """A symbol to stand within a page; it is told as `says`, or not at all, where words beside it do."""
    told = f'role="img" aria-label="{escape(says)}"' if says else 'aria-hidden="true"'
    return re.sub(r'^<svg xmlns="\S+"', f'<svg class="symbol" {told}', drawing(name))


@cache
def shapes(name: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """The same as data, for a form: each element with its attributes, the drawing's own first."""
    every = ElementTree.fromstring(drawing(name)).iter()  # noqa: S314 (a file of ours)
    return tuple((one.tag.rpartition("}")[2], dict(one.attrib)) for one in every)


def _record(learner: int) -> str:
    return f"symbols.{learner}"
