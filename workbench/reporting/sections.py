"""A report's sections as values: plain data, drawn late.

A section shows itself in a notebook as HTML and as JSON. Pages and paper are drawn from
the JSON, so everything a page needs is inside it. Words are plain text throughout;
a learner's own words are always `Said`, never mixed into what the software says.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

SECTION = "application/vnd.workbench.section+json"
PAGE = "application/vnd.workbench.page+json"


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


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """One section of a report. `kind` names its place ("progress", "goal" …), `band` whom its type suits."""

    kind: str
    title: str
    blocks: tuple[Block, ...]
    band: str = "3-5"
    language: str = "en"

    def to_json(self) -> dict[str, Any]:
        """The section as plain JSON."""
        plain: dict[str, Any] = json.loads(json.dumps(_plain(self)))
        return plain

    @classmethod
    def of_json(cls, plain: Mapping[str, Any]) -> Section:
        """The section that `to_json` told; raises ValueError for anything else."""
        try:
            found: Section = _read(cls, plain)
        except (KeyError, TypeError, AttributeError):
            raise ValueError("this is not a section") from None
        return found

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, Any]:
        from workbench.reporting import drawing
        from workbench.reporting.html import html

        return {
            "text/html": html(self, drawing.here()),
            "text/plain": repr(self),
            SECTION: self.to_json(),
        }

    def __repr__(self) -> str:
        return f"<Section: {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What a page as a whole needs to know: its title, language and band, and whose (`by`) it is.

    Shown in a notebook it brings the page's style; `note` is for whoever looks at the notebook.
    """

    title: str
    by: str = ""
    language: str = "en"
    band: str = "3-5"
    note: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        return {"title": self.title, "by": self.by, "language": self.language, "band": self.band}

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, Any]:
        from workbench.reporting.html import heading

        return {"text/html": heading(self), "text/plain": repr(self), PAGE: self.to_json()}

    def __repr__(self) -> str:
        return "<Page>"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        kinds = {block: name for name, block in _BLOCKS.items()}
        kind = {"is": kinds[type(value)]} if type(value) in kinds else {}
        return kind | {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


_hints = cache(get_type_hints)


def _read(wanted: Any, plain: Any) -> Any:
    if get_origin(wanted) is tuple:
        return tuple(_read(get_args(wanted)[0], one) for one in plain)
    if get_origin(wanted) is types.UnionType:
        if plain is None:
            return None
        return _read(_BLOCKS[plain["is"]], plain)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = _hints(wanted)
        return wanted(**{one.name: _read(hints[one.name], plain[one.name]) for one in fields(wanted)})
    if wanted in (str, bool) and type(plain) is not wanted:
        raise TypeError("a text is wanted")
    return plain
