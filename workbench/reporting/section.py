"""A report's sections as values: plain data, drawn late.

A section shows itself in a notebook as HTML and as JSON. Pages and paper are drawn from
the JSON, so everything a page needs is inside it. Words are plain text throughout;
a learner's own words are always `Said`, never mixed into what the software says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, TypeVar

from workbench.ground import drawing
from workbench.ground.words import speaking
from workbench.reporting.blocks import Block, of_plain, to_plain
from workbench.reporting.html import heading, html

SECTION = "application/vnd.workbench.section+json"
PAGE = "application/vnd.workbench.page+json"


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
        told: dict[str, Any] = json.loads(json.dumps(to_plain(self)))
        return told

    @classmethod
    def of_json(cls, plain: Mapping[str, Any]) -> Section:
        """The section that `to_json` told; raises ValueError for anything else."""
        try:
            found: Section = of_plain(cls, plain)
        except (KeyError, TypeError, AttributeError):
            raise ValueError("this is not a section") from None
        return found

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, Any]:
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
        return {"text/html": heading(self), "text/plain": repr(self), PAGE: self.to_json()}

    def __repr__(self) -> str:
        return "<Page>"


class InALanguage(Protocol):
    """A report that is said in one language as a whole."""

    @property
    def language(self) -> str: ...


R = TypeVar("R", bound=InALanguage)
T = TypeVar("T")


def in_its_language(method: Callable[[R], T]) -> Callable[[R], T]:
    """A report's method, said in the report's language whatever is spoken around it."""

    @wraps(method)
    def said(report: R) -> T:
        with speaking(report.language):
            return method(report)

    return said
