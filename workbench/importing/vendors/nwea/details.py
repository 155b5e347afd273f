"""What NWEA says about a test event beside its score, as compact JSON with sorted keys.

Only what is present is there. The shape, with every key it can have:

    {"accommodations": "Text-to-speech",
     "growth": {"fall to spring": {"index": -0.4, "met": "No*", "observed": 9, "observed_error": 4.2,
                                   "percentile": 34, "projected": 12, "quintile": "LoAvg"}},
     "lexile": "BR",                       the text of a reading level that has no number
     "minutes": 42, "percent_correct": 50,
     "proficiency": [{"level": "On Track 24", "study": "SAT (Spring)"}],
     "quantile": "EM", "quintile": "Avg", "rapid_guessing": 11.3208,
     "start_time": "08:54:50", "test_id": "711521234", "test_type": "Survey With Goals",
     "typical_growth": {"fall to spring": 13},
     "weeks": {"fall": 4, "previous spring": 32}}

`growth` looks back: filled for pairs of seasons that END in the exported term, when both
tests exist. `typical_growth` looks forward from this test: pairs that START in it. They are
two projections, so a goal for a coming term is read from `typical_growth`.

`met` is the vendor's word. `Yes*` and `No*` mean within one standard error of the
projection: neither is to be shown as a firm yes or no. A block in which every number is 0
and the error is empty is a district's filling, not growth; it counts as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from workbench.importing.reading.ids import person_code
from workbench.importing.reading.values import (
    MET_PROJECTION,
    QUINTILES,
    Column,
    Columns,
    clock,
    is_nothing,
    json_number,
    json_text,
    number_between,
    one_of,
)
from workbench.importing.vendors.nwea import layout

#: Position in the chunk, key of the column, reason.
BadCell = tuple[int, str, str]

_FILLED_WITH_ZEROS = ("projectedgrowth", "observedgrowth", "conditionalgrowthindex")
_NOTHING, _ZERO, _SOMETHING = range(3)


def number_member(key: str, low: float, high: float, *, nothing: float | None = None) -> Column[str]:
    """Reads cells as `"key":number`, "" where there is none or it equals `nothing`."""
    parse = number_between(low, high)

    def member(text: str) -> str:
        value = parse(text)
        return "" if value != value or value == nothing else f'"{key}":{json_number(value)}'

    return Column(member, "")


def text_member(key: str, parse: Callable[[str], str] | None = None) -> Column[str]:
    """Reads cells as `"key":"text"`, "" where there is none."""

    def member(text: str) -> str:
        kept = parse(text) if parse else ("" if is_nothing(text) else text)
        return f'"{key}":{json_text(kept)}' if kept else ""

    return Column(member, "")


def objects(members: list[list[str]], key: str | None = None) -> list[str]:
    """Row by row, the members that are there as one JSON object, `"key":{…}` if a key is given; "" without any."""
    prefix = f'"{key}":' if key else ""
    texts = [",".join(filter(None, row)) for row in zip(*members, strict=True)]
    return [f"{prefix}{{{text}}}" if text else "" for text in texts]


def _filling(text: str) -> int:
    if is_nothing(text):
        return _NOTHING
    return _SOMETHING if text.strip("+-0.") else _ZERO


class Details:
    """Writes the details of a file's rows, chunk by chunk."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._filling = Column(_filling, _NOTHING)
        self._plain: list[tuple[str, str | None, Column[str]]] = [
            ("accommodations", columns.first(*layout.ACCOMMODATIONS), text_member("accommodations")),
            ("minutes", layout.MINUTES, number_member("minutes", 0, 10_000)),
            ("percent_correct", layout.PERCENT_CORRECT, number_member("percent_correct", 0, 100)),
            ("quintile", layout.QUINTILE, text_member("quintile", one_of(QUINTILES))),
            ("rapid_guessing", layout.RAPID_GUESSING, number_member("rapid_guessing", 0, 100)),
            ("start_time", layout.TIME, text_member("start_time", clock)),
            ("test_id", layout.TEST_ID, text_member("test_id", person_code)),
            ("test_type", layout.TEST_TYPE, text_member("test_type")),
        ]
        self._block = (
            ("conditionalgrowthindex", number_member("index", -100, 100)),
            ("metprojectedgrowth", text_member("met", one_of(MET_PROJECTION))),
            ("observedgrowth", number_member("observed", -250, 250)),
            ("observedgrowthse", number_member("observed_error", 0, 100)),
            ("conditionalgrowthpercentile", number_member("percentile", 0, 100, nothing=0)),
            ("projectedgrowth", number_member("projected", -250, 250)),
            ("growthquintile", text_member("quintile", one_of(QUINTILES))),
        )
        self._typical = [
            (f"typical{pair}growth", number_member(words, -250, 250)) for pair, words in layout.SEASON_PAIRS
        ]
        self._weeks = [(key, number_member(words, 0, 100)) for key, words in layout.WEEKS]
        self._levels = [(text_member("level"), text_member("study")) for _ in range(layout.PROFICIENCIES + 1)]

    def __call__(self, cells: npt.NDArray[np.object_], extra: dict[str, list[str]]) -> tuple[list[str], list[BadCell]]:
        """The JSON text of each row, "" without any; and the cells that could not be read.

        extra: further members by key, as `"key":value` or "" for each row.
        """
        bad: list[BadCell] = []

        def read(key: str | None, column: Column[str], *, but: Iterable[int] = ()) -> list[str] | None:
            if key is None or key not in self._columns:
                return None
            texts = self._columns.texts(cells, key)
            if not any(texts.tolist()):
                return None
            members = column(texts)
            bad.extend((at, key, reason) for at, reason in column.unreadable(texts) if at not in but)
            return members

        members = dict(extra)
        for name, key, column in self._plain:
            members |= _if_any(name, read(key, column))
        members |= _if_any("growth", self._growth(cells, read))
        typical = [found for key, column in self._typical if (found := read(key, column))]
        members |= _if_any("typical_growth", objects(typical, "typical_growth") if typical else None)
        weeks = [found for key, column in self._weeks if (found := read(key, column))]
        members |= _if_any("weeks", objects(weeks, "weeks") if weeks else None)
        members |= _if_any("proficiency", self._proficiency(read))
        ordered = [members[name] for name in sorted(members)]
        return (objects(ordered) if ordered else [""] * len(cells)), bad

    def _growth(self, cells: npt.NDArray[np.object_], read: Callable[..., list[str] | None]) -> list[str] | None:
        blocks = []
        for pair, words in layout.SEASON_PAIRS:
            if not any(any(self._columns.texts(cells, pair + ending).tolist()) for ending, _ in self._block):
                continue
            zero = self._all_zero(cells, pair)
            block = []
            for ending, column in self._block:
                members = read(pair + ending, column, but=zero)
                if members:
                    block.append(members)
            if block:
                found = objects(block, words)
                for at in zero:
                    found[at] = ""
                blocks.append(found)
        return objects(blocks, "growth") if blocks else None

    def _all_zero(self, cells: npt.NDArray[np.object_], pair: str) -> set[int]:
        """Rows whose block was filled with zeros."""
        numbers = [self._filling(self._columns.texts(cells, pair + ending)) for ending in _FILLED_WITH_ZEROS]
        error = np.array(self._filling(self._columns.texts(cells, f"{pair}observedgrowthse")))
        zero = (np.max(numbers, axis=0) == _ZERO) & (error == _NOTHING)
        return set(np.flatnonzero(zero).tolist())

    def _proficiency(self, read: Callable[..., list[str] | None]) -> list[str] | None:
        found = []
        for number, (level, study) in enumerate(self._levels):
            suffix = f"level{number}" if number else ""
            levels = read(f"projectedproficiency{suffix}", level)
            studies = read(f"projectedproficiencystudy{number}", study) if number else None
            present = [members for members in (levels, studies) if members]
            if levels:
                both = objects(present)
                found.append([text if at else "" for text, at in zip(both, levels, strict=True)])
        if not found:
            return None
        lists = [",".join(filter(None, row)) for row in zip(*found, strict=True)]
        return [f'"proficiency":[{text}]' if text else "" for text in lists]


def _if_any(name: str, members: list[str] | None) -> dict[str, list[str]]:
    return {} if members is None else {name: members}
