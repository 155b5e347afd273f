"""Profiles: who a learner is as a learner, in six domains, in the learner's own words.

The inventories are data (`inventories.LANGUAGE.toml`); another language is another file with the same ids. What was
said stays visible as history. The learner decides what family and next year's teacher see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, RecordId, asks, asks_each, no_learner
from workbench.facet import Facet, Kept, given
from workbench.ground.choices import Option, options_in
from workbench.ground.datafile import DataFile
from workbench.ground.errors import BadData, BadInput, NotFound
from workbench.ground.terms import SEASONS, Term, school_year, term_of
from workbench.ground.words import _, language

OURS = Path(__file__).parent
FALLBACK = "en"
LOOKED = "looked"  # the item of a record that only notes the day on which somebody found all of it still so


class Domain(StrEnum):
    """The six domains of LEAP's Learner Focused component, in its order (research: `seeds`, seed 002)."""

    ACADEMICS = "academics"
    HEALTH = "health"
    FEELINGS = "feelings"  # social and emotional
    CULTURE = "culture"  # and language
    LIVING = "living"
    THINKING = "thinking"  # cognitive skills


class Kind(StrEnum):
    INTEREST = "interest"
    PREFERENCE = "preference"
    STRENGTH = "strength"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an inventory; `options` to pick from, own words instead are always possible.

    `young`: the same in a word or two, for those who begin to read; its options have pictures.
    """

    id: str
    inventory: str
    domain: Domain
    kind: Kind
    ask: str
    options: tuple[Option, ...] = ()
    young: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """A few questions that belong together; `young` its title in a word or two, with a `picture`, for K to 2."""

    id: str
    title: str
    lead: str
    items: tuple[Item, ...]
    young: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Inventories:
    """One language's: what the domains are called, and the inventories in order."""

    domains: Mapping[str, str]
    inventories: tuple[Inventory, ...]

    def item(self, id: str) -> Item | None:  # noqa: A002
        return next((item for one in self.inventories for item in one.items if item.id == id), None)


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One thing said: `item` is the inventory's question it answers, "" for one's own; `on` the day of its wording."""

    id: str
    learner: int
    domain: Domain
    kind: Kind
    item: str
    words: str
    choice: str
    family_sees: bool
    next_teacher_sees: bool
    on: date

    def __repr__(self) -> str:
        return f"<Entry: {self.domain}, {self.kind}>"


def to_look_at(last: date | None, on: date) -> bool:
    """Whether it is time to look at a profile again: three times a year, in fall, winter and spring."""
    if Term.parse(term_of(on)).season_name == SEASONS[1]:
        return False
    return last is None or term_of(last) != term_of(on)


def told_to_teachers(entry: Entry, on: date) -> bool:
    """Whether a teacher is told: what was said this school year is, what is from before only if the learner lets it."""
    return entry.next_teacher_sees or school_year(entry.on) == school_year(on)


def load(spoken: str = FALLBACK, own: Path | None = None) -> Inventories:
    """The inventories of a language, English where there are none; a school's `own` file goes before ours.

    Raises BadData naming the file and the line.
    """
    tongues = dict.fromkeys((spoken, FALLBACK))
    places = (place / f"inventories.{one}.toml" for one in tongues for place in (own, OURS) if place is not None)
    path = next(place for place in places if place.is_file())
    return _read(path, path.stat().st_mtime_ns)


def check(own: Path) -> list[BadData]:
    """What is wrong in a school's own inventories."""
    wrong = []
    for path in sorted(own.glob("inventories.*.toml")):
        try:
            _read(path, path.stat().st_mtime_ns)
        except BadData as error:
            wrong.append(error)
    return wrong


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Inventories:
    file = DataFile(path)
    domains = {one.value: file.text(file.table("domains"), one, ("[domains]", 0)) for one in Domain}
    heads = [
        {
            key: file.text(raw, key, ("[[inventories]]", place))
            for key in ("id", "title", "lead", "young", "picture")
            if key in raw or key in ("id", "title", "lead")
        }
        for place, raw in enumerate(file.tables("inventories"))
    ]
    names = tuple(head["id"] for head in heads)
    items: list[Item] = []
    for place, raw in enumerate(file.tables("items")):
        at = ("[[items]]", place)
        item = Item(
            id=file.text(raw, "id", at),
            inventory=file.one_of(raw, "inventory", names, at),
            domain=Domain(file.one_of(raw, "domain", tuple(Domain), at)),
            kind=Kind(file.one_of(raw, "kind", tuple(Kind), at)),
            ask=file.text(raw, "ask", at),
            options=options_in(file, raw, at),
            young=file.text(raw, "young", at) if "young" in raw else "",
        )
        if item.id in {one.id for one in items}:
            raise file.wrong(_("two items have this id"), "id", at)
        items.append(item)
    return Inventories(
        domains, tuple(Inventory(**head, items=tuple(i for i in items if i.inventory == head["id"])) for head in heads)
    )


ENTRIES = Kept(
    "profile_entries",
    Entry,
    stored={"on": "at"},
    tidy=dict.fromkeys(("words", "choice"), str.strip),
)
_SEEN_BY_NOBODY = {"family_sees": False, "next_teacher_sees": False}


@dataclass(frozen=True, slots=True, repr=False)
class Profiles(Facet):
    """`bench.profiles`: what learners say of themselves."""

    @property
    def own(self) -> Path:
        """The folder of the school's own inventories."""
        return self.desk.workspace.folder / "inventories"

    @no_learner
    def inventories(self, spoken: str) -> Inventories:
        """The inventories of a language; raises BadData for a school's own file with a wrong line."""
        return load(spoken, self.own)

    @asks(Action.WRITE)
    def answer(
        self, learner: LearnerId, item: Item | str, *, words: str | None = None, choice: str | None = None
    ) -> Entry:
        """Keeps the answer to an inventory's question, over the one before; what is None stays. Raises NotFound."""
        asked = item if isinstance(item, Item) else self.inventories(language()).item(item)
        if asked is None:
            raise NotFound(_("There is no such question."), _("Open the inventory again."))
        record = f"profile.{learner}.{asked.id}"
        values = {} if self._all(ENTRIES, record=record) else {"words": "", "choice": "", **_SEEN_BY_NOBODY}
        values |= {"domain": asked.domain, "kind": asked.kind, "item": asked.id, "withdrawn": False}
        return self._keep(ENTRIES, learner, values | given(words=words, choice=choice), record=record)

    @asks(Action.WRITE)
    def say(self, learner: LearnerId, words: str, *, domain: Domain | str, kind: Kind | str) -> Entry:
        """Keeps something of one's own; raises BadInput without words."""
        values = {"domain": domain, "kind": kind, "item": "", "words": _worded(words), "choice": ""}
        return self._keep(ENTRIES, learner, {**values, **_SEEN_BY_NOBODY})

    @asks(Action.WRITE)
    def reword(self, entry: RecordId, words: str) -> Entry:
        """Says it otherwise; the old words stay in its history."""
        return self._change(ENTRIES, entry, {"words": _worded(words)})

    @asks(Action.WRITE)
    def show(self, entry: RecordId, *, family_sees: bool | None = None, next_teacher_sees: bool | None = None) -> Entry:
        """Decides who sees it beside this year's teachers; what is None stays."""
        return self._change(ENTRIES, entry, given(family_sees=family_sees, next_teacher_sees=next_teacher_sees))

    @asks(Action.WRITE)
    def confirm(self, learner: LearnerId) -> None:
        """Says that all of it is still so."""
        today = self.clock().date().isoformat()
        values = {"domain": Domain.ACADEMICS, "kind": Kind.INTEREST, "item": LOOKED, "choice": "", "words": today}
        self._keep(ENTRIES, learner, {**values, **_SEEN_BY_NOBODY}, record=f"profile.{learner}.{LOOKED}")

    @asks(Action.WRITE)
    def withdraw(self, entry: RecordId) -> None:
        """Takes something out of the profile; `undo` brings it back."""
        self._withdraw(ENTRIES, entry)

    @asks(Action.WRITE)
    def undo(self, entry: RecordId) -> None:
        """Takes back what was last done with it."""
        self._undo(ENTRIES, entry)

    @asks(Action.HEAR, instead=tuple)
    def of(self, learner: LearnerId) -> tuple[Entry, ...]:
        """What the actor is told of a learner's profile, oldest first; see `told_to_teachers`."""
        known = self._entries(learner)
        if not self.gate.teaches:
            return known
        return tuple(one for one in known if told_to_teachers(one, self.desk.today))

    @asks(Action.SHARED, instead=tuple)
    def for_family(self, learner: LearnerId) -> tuple[Entry, ...]:
        """What the learner lets family see."""
        return tuple(one for one in self._entries(learner) if one.family_sees)

    @asks(Action.HEAR, instead=tuple)
    def history(self, entry: RecordId) -> tuple[Entry, ...]:
        """Every wording of one thing, oldest first, as far as the actor is told."""
        told = {one.id for one in self.of(self.store.owner(entry))}
        return self._history(ENTRIES, entry) if entry in told else ()

    @asks(Action.HEAR, instead=bool)
    def due(self, learner: LearnerId, *, on: date) -> bool:
        """Whether it is time to look at the profile again; see `to_look_at`."""
        return to_look_at(max((one.on for one in self._all(ENTRIES, learner_id=learner)), default=None), on)

    @asks_each(Action.HEAR)
    def due_in(self, class_id: int, *, on: date) -> list[int]:
        """The numbers of the learners of a class whose profile it is time to look at again; see `to_look_at`."""
        members = self._members(class_id)
        last: dict[int, date] = {}
        for one in self._all(ENTRIES, learner_id=members) if members else ():
            last[one.learner] = max(one.on, last.get(one.learner, one.on))
        return [one for one in members if to_look_at(last.get(one), on)]

    def _entries(self, learner: int) -> tuple[Entry, ...]:
        return tuple(one for one in self._all(ENTRIES, learner_id=learner) if one.item != LOOKED)


def _worded(words: str) -> str:
    if not words.strip():
        raise BadInput(_("Nothing was written yet."), _("A word or two is enough."))
    return words
