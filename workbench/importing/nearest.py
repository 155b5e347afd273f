"""Which known kind of file one that is not known comes nearest to, and which columns it lacks to be one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.importing.reading.values import header_key
from workbench.importing.records import Importer
from workbench.importing.roster_columns import is_known_word, unknown_columns

_MOST_LACKING = 2
_BETWEEN = re.compile(r",|;|\bor\b|\band\b|\bwith\b|\bsuch as\b|\bone of:|…")


@dataclass(frozen=True, slots=True)
class Nearest:
    """A kind of file, the columns that are lacking, and how many are there that no roster has."""

    importer: Importer
    lacking: tuple[str, ...]
    there: int


def nearest(header: Sequence[str], importers: Iterable[Importer]) -> Nearest | None:
    """The kind that fewest columns are lacking to, one or two; None where more are, or nothing else is its own."""
    found = [one for one in (_lacking(header, importer) for importer in importers) if one]
    return min(found, key=lambda one: (len(one.lacking), -one.there), default=None)


def names_columns(header: Sequence[str], importers: Iterable[Importer]) -> bool:
    """Whether a cell of a first row is a column name that somebody here knows; else it may be a child's."""
    known = {header_key(name) for importer in importers for name in _names(importer)}
    return any(header_key(name) in known or is_known_word(name) for name in header if name.strip())


def _lacking(header: Sequence[str], importer: Importer) -> Nearest | None:
    keys = {header_key(name) for name in header}
    names = _names(importer)
    lacking = [name for name in names if header_key(name) not in keys]
    if not len(names) - len(lacking) > 0 or not importer.recognises((*header, *lacking)):
        return None
    for name in tuple(lacking):
        without = [one for one in lacking if one != name]
        if importer.recognises((*header, *without)):
            lacking = without
    there = sum(header_key(name) in keys for name in unknown_columns(names))
    return Nearest(importer, tuple(lacking), there) if 0 < len(lacking) <= min(_MOST_LACKING, there) else None


def _names(importer: Importer) -> tuple[str, ...]:
    """The columns that an importer says it looks for."""
    return tuple(name for part in _BETWEEN.split(importer.looks_for) if (name := part.strip()) and name[0].isupper())
