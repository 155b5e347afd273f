"""What a section is made of, as values: plain data, drawn late.

Words are plain text throughout; a learner's own words are always `Said`, never mixed into what the software says."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """A sentence or a few, said by the software. `tone`: "plain", "quiet", or "invite" (what will be here)."""

    kind: ClassVar[str] = "text"
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """Words of a learner, with the question `asked`. `size`: "plain", "quote" or "largest".

    Only a `quote` is shown in quotation marks: words the learner said, not ones picked from a list.
    """

    kind: ClassVar[str] = "said"
    words: str
    asked: str = ""
    size: str = "quote"


@dataclass(frozen=True, slots=True, repr=False)
class Picked:
    """What a learner picked in answer to a question."""

    kind: ClassVar[str] = "picked"
    choice: str
    asked: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """An entry of a list: `words`, and a quiet line under them."""

    words: str
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Listing:
    """A titled list; `empty` says what will be here when there are no items."""

    kind: ClassVar[str] = "listing"
    title: str
    items: tuple[Item, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Beside:
    """Blocks that stand side by side where there is room."""

    kind: ClassVar[str] = "beside"
    blocks: tuple[Listing | Topic, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Stop:
    """A day on a path: `day` as ISO 8601, `when` as one says it, what is there, and how it stands.

    `mark`: "done", "ahead", "now" or "end". `quoted`: the words are the learner's own.
    """

    when: str
    words: str
    day: str = ""
    note: str = ""
    mark: str = "ahead"
    quoted: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Path:
    """Dated stops in order."""

    kind: ClassVar[str] = "path"
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A Vega-Lite `spec` with the sentence that says the same, and the numbers in words."""

    kind: ClassVar[str] = "chart"
    spec: Mapping[str, Any]
    sentence: str
    numbers: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Topic:
    """A small heading, its sentences, and a chart where there is one."""

    kind: ClassVar[str] = "topic"
    title: str
    sentences: tuple[str, ...]
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """Who a report is of, in large type, and the facts under it."""

    kind: ClassVar[str] = "name"
    name: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Signatures:
    """Lines to sign on, one for each of `people`."""

    kind: ClassVar[str] = "signatures"
    people: tuple[str, ...]
    date: str


Block = Text | Said | Picked | Listing | Beside | Path | Chart | Topic | Name | Signatures


_BLOCKS: dict[str, type] = {block.kind: block for block in get_args(Block)}


def to_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [to_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        kinds = {block: name for name, block in _BLOCKS.items()}
        kind = {"is": kinds[type(value)]} if type(value) in kinds else {}
        return kind | {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    return value


_hints = cache(get_type_hints)


def of_plain(wanted: Any, plain: Any) -> Any:
    if get_origin(wanted) is tuple:
        return tuple(of_plain(get_args(wanted)[0], one) for one in plain)
    if get_origin(wanted) is types.UnionType:
        if plain is None:
            return None
        return of_plain(_BLOCKS[plain["is"]], plain)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = _hints(wanted)
        return wanted(**{one.name: of_plain(hints[one.name], plain[one.name]) for one in fields(wanted)})
    if wanted in (str, bool) and type(plain) is not wanted:
        raise TypeError("a text is wanted")
    return plain
