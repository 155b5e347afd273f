"""What every part of a bench works on, and what each can do there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_origin, get_type_hints

from workbench.access.gate import Gate
from workbench.ground.errors import BadInput
from workbench.ground.words import _

if TYPE_CHECKING:
    from workbench.store import Audit, Store
    from workbench.workspace import Workspace

F = TypeVar("F", bound="Facet")
K = TypeVar("K")
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """What every part of a bench works on: the records, who asks, what time it is, how far to look back.

    `url` is the address of the store; `as_of` the change that reads look back to (None: now).
    """

    workspace: Workspace
    url: str
    store: Store
    gate: Gate
    audit: Audit
    clock: Callable[[], datetime]
    as_of: int | None = None

    @property
    def today(self) -> date:
        """The day where the person sits."""
        return self.clock().astimezone().date()

    def at(self, change: int) -> Desk:
        """The same, looking back to a change."""
        return replace(self, as_of=change)

    def __repr__(self) -> str:
        return "<Desk>"


class Kept(Generic[K]):
    """How one kind of record is kept: the journal of its revisions, and the value that one of them becomes.

    A field is the column of its name, `id` the record's, `learner` the number of whose it is; what is called otherwise
    is in `stored`. Texts, enums, lists, days and moments are told apart by the value's own annotations, and what a
    column has no text for is "". `revisable` fields are changed by `Facet._revise`; `needed` ones are texts that are
    not to be empty, each with the sentence and the step for whoever leaves it so; `tidy` is what becomes of one before
    it is kept.
    """

    def __init__(
        self,
        kind: str,
        value: type[K],
        *,
        stored: Mapping[str, str] = _NONE,
        revisable: Iterable[str] = (),
        needed: Mapping[str, tuple[str, str]] = _NONE,
        tidy: Mapping[str, Callable[[Any], Any]] = _NONE,
    ) -> None:
        self.kind = kind
        self.value = value
        self.revisable = frozenset(revisable)
        self._needed = needed
        self._tidy = tidy
        names = {"id": "record", "learner": "learner_id", **stored}
        self.columns = {one.name: names.get(one.name, one.name) for one in fields(value)}  # type: ignore[arg-type]

    @cached_property
    def _told(self) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        """The columns in the order of the fields, each with what makes the field of it."""
        hints = get_type_hints(self.value)
        return tuple((column, _reads(hints[name])) for name, column in self.columns.items())

    @cached_property
    def _kinds(self) -> Mapping[str, type[StrEnum]]:
        hints = get_type_hints(self.value)
        return {name: hint for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, StrEnum)}

    def of(self, row: Mapping[Any, Any]) -> K:
        """The value of a revision."""
        return self.value(*(row[column] if read is None else read(row[column]) for column, read in self._told))

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Fields as their columns; raises BadInput for a text that is needed and empty, ValueError for no such kind."""
        kept = {}
        for name, value in given.items():
            if name in self._needed and not value.strip():
                sentence, step = self._needed[name]
                raise BadInput(_(sentence), _(step))
            if name in self._needed:
                value = value.strip()
            elif name in self._tidy:
                value = self._tidy[name](value)
            elif name in self._kinds:
                value = _one_of(name, self._kinds[name], value)
            kept[self.columns.get(name, name)] = list(value) if isinstance(value, tuple) else value
        return kept

    def __repr__(self) -> str:
        return f"<Kept: {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class Facet:
    """One idea's door to the store. Lives as long as its bench."""

    desk: Desk

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def gate(self) -> Gate:
        return self.desk.gate

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.desk.clock

    @property
    def as_of(self) -> int | None:
        return self.desk.as_of

    @property
    def by(self) -> str:
        """Who does it, as revisions keep it; see `Gate.signed`."""
        return self.gate.signed

    def _keep(self, kept: Kept[K], learner: int, values: Mapping[str, Any], *, record: str = "") -> K:
        """Writes a record, or its next revision, and returns it as it stands; raises as `Kept.values` does."""
        return self._written(kept, learner, kept.values(values), record)

    def _change(self, kept: Kept[K], record: str, changes: Mapping[str, Any]) -> K:
        """Writes the next revision of a record; raises NotFound, and as `Kept.values` does."""
        return self._keep(kept, self.store.owner(record), changes, record=record)

    def _revise(self, kept: Kept[K], record: str, changes: Mapping[str, Any], **also: Any) -> K:
        """The same with what a caller gave; raises TypeError for what is not `revisable`. `also`: what goes with it."""
        unknown = set(changes) - kept.revisable
        if unknown:
            raise TypeError(f"{kept.value.__name__} has no {', '.join(sorted(unknown))} to change")
        return self._change(kept, record, {**changes, **also})

    def _written(self, kept: Kept[K], learner: int, columns: Mapping[str, Any], record: str, **how: Any) -> K:
        """Writes columns as they are; `how`: see `Journal.add`."""
        journal, by, at = self.store.journal, self.by, self.clock()
        return kept.of(
            journal.one(kept.kind, journal.add(kept.kind, learner, columns, by=by, at=at, record=record, **how))
        )

    def _one(self, kept: Kept[K], record: str) -> K:
        """A record as it stands; raises NotFound."""
        return kept.of(self.store.journal.one(kept.kind, record, as_of=self.as_of))

    def _all(self, kept: Kept[K], **where: Any) -> tuple[K, ...]:
        """The records of a kind as they stand, oldest first; see `Journal.current`."""
        return tuple(map(kept.of, self._rows(kept.kind, **where)))

    def _rows(self, kind: str, **where: Any) -> list[Mapping[Any, Any]]:
        """The same as rows, for what is looked at across kinds."""
        return self.store.journal.current(kind, as_of=self.as_of, **where)

    def _history(self, kept: Kept[K], record: str) -> tuple[K, ...]:
        """Every revision of a record, oldest first."""
        return tuple(map(kept.of, self.store.journal.revisions(kept.kind, record)))

    def _members(self, class_id: int) -> list[int]:
        """The numbers of the learners of a class now."""
        rows = self.store.roster.memberships(class_id=class_id, as_of=self.as_of)
        return sorted({row["learner_id"] for row in rows})

    def _held_in(self, about: Any) -> tuple[int, str | None]:
        """Of what `asks` hands on, the learner's number, and the conference it is if it is one; raises NotFound."""
        if isinstance(about, int):
            return about, None
        return self.store.owner(about), self.store.journal.one("conferences", about, as_of=self.as_of)["record"]

    def _withdraw(self, kept: Kept[Any], record: str) -> None:
        """Takes a record off; `_restore` and `_undo` bring it back."""
        learner = self.store.owner(record)
        self.store.journal.add(kept.kind, learner, {"withdrawn": True}, by=self.by, at=self.clock(), record=record)

    def _restore(self, kept: Kept[K], record: str) -> K:
        """Puts a withdrawn record back."""
        return self._written(kept, self.store.owner(record), {"withdrawn": False}, record)

    def _beside(self, kind: type[F]) -> F:
        """Another idea's door, at the same desk."""
        return kind(self.desk)

    def _undo(self, kept: Kept[Any], record: str) -> None:
        """Takes the newest revision of a record back."""
        self.store.journal.undo(kept.kind, record, by=self.by, at=self.clock())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def given(**changes: Any) -> dict[str, Any]:
    """Those that are not None: what is None stays as it was."""
    return {name: value for name, value in changes.items() if value is not None}


def moment(at: datetime) -> datetime:
    """A moment from the store: SQLite does not keep that it is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _one_of(name: str, kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{name} is one of {', '.join(kind)}") from None


def _reads(hint: Any) -> Callable[[Any], Any] | None:
    """What makes a field with an annotation of what its column has; None where that is the same."""
    if hint is str:
        return lambda text: text or ""
    if hint is date:
        return lambda day: moment(day).astimezone().date() if isinstance(day, datetime) else day
    if hint is datetime:
        return moment
    if hint == datetime | None:
        return lambda at: None if at is None else moment(at)
    if get_origin(hint) is tuple:
        return tuple
    return hint if isinstance(hint, type) and issubclass(hint, StrEnum) else None
