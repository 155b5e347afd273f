"""What reading by a mapping is made of: days that are asked, terms, and details kept as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from workbench.ground.terms import SEASONS, in_season
from workbench.importing.mapping.mapping import Asked, Day, Detail, Instead, Span, Week
from workbench.importing.reading.values import (
    Texts,
    json_number,
    json_text,
)
from workbench.importing.records import COLUMNS, Kind, Question


def dated(day: Day) -> tuple[str, ...]:
    """The columns of dates that tell a day."""
    if isinstance(day, Week):
        return dated(day.column)
    if isinstance(day, Instead):
        return (*dated(day.meant), day.other)
    if isinstance(day, Span):
        return dated(day.first) + dated(day.last)
    return several(day) if isinstance(day, str | tuple) else ()


def several(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(columns, tuple):
        return columns
    return (columns,) if columns else ()


def term_named(name: str, day: dt.date | None, of_term: Callable[[dt.date], str]) -> str:
    if day is None:
        return name
    return in_season(name, day) if name in SEASONS[1:] else name or of_term(day)


def is_asked(day: Day) -> bool:
    return isinstance(day, Asked) or (isinstance(day, Span) and isinstance(day.last, Asked))


def iso_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def json_of(detail: Detail) -> Callable[[str], str]:
    """Reads a cell as JSON, "" where there is nothing to keep."""

    def parse(text: str) -> str:
        value = detail.read(text)
        if value is None or value == "" or value != value:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return json_number(value) if isinstance(value, float) else json_text(str(value))

    return parse


def objects(members: dict[str, list[str]], count: int) -> list[str]:
    """JSON objects with sorted keys from columns of members; "" where there is nothing to keep."""
    named = [[f"{json_text(name)}:{one}" if one else "" for one in members[name]] for name in sorted(members)]
    joined = (",".join(filter(None, one)) for one in zip(*named, strict=True)) if named else [""] * count
    return [f"{{{one}}}" if one else "" for one in joined]


def series(values: Any) -> pd.Series[Any]:
    kind = values.dtype if isinstance(values, np.ndarray) else object
    return pd.Series(values, dtype=kind)


def no_evidence() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in ("_at", "_place", *COLUMNS[Kind.EVIDENCE])})


@runtime_checkable
class Looking(Protocol):
    """A `Fact.read` that looks at all texts of its column before it reads one, and may have to ask."""

    def __call__(self, text: str) -> float: ...

    def see(self, cells: Texts) -> None: ...

    def questions(self, file: str) -> tuple[Question, ...]: ...
