"""The problems of one file, those that are one mistake made many times told once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbench.ground.words import _, ngettext
from workbench.importing.records import Problem

#: So many of one kind are told one by one; of more the first is, with how often and where.
ONE_BY_ONE = 5
#: Of so many kinds are those that are kept of a file.
MOST_KINDS = 2_000
_ROWS_NAMED = 6
_FIGURES = re.compile(r"[0-9][0-9,]*")


@dataclass(slots=True)
class _Kind:
    """Problems of one kind: the first ones, the rows of some, and how many there are."""

    first: list[Problem] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.first) < ONE_BY_ONE:
            self.first.append(problem)
        if problem.row is not None and len(self.rows) <= _ROWS_NAMED:
            self.rows.append(problem.row)

    @property
    def told(self) -> list[Problem]:
        if self.count <= ONE_BY_ONE:
            return self.first
        others = self.count - 1
        named = ", ".join(f"{row:,}" for row in self.rows[1 : _ROWS_NAMED + 1])
        if others > _ROWS_NAMED:
            named = _("{names} and {count} more").format(names=named, count=f"{others - _ROWS_NAMED:,}")
        more = ngettext("The same in {count} more row: {rows}.", "The same in {count} more rows: {rows}.", others)
        first = self.first[0]
        return [replace(first, reason=f"{_(first.reason)} {more.format(count=f'{others:,}', rows=named)}")]


class Problems:
    """The problems of one file, by their kind: the column, the reason but for its figures, and what to do."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._kinds: dict[tuple[object, ...], _Kind] = {}
        self._more = 0

    def add(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            # What is said of the whole file is told as often as it is met.
            alike = _FIGURES.sub("#", one.reason) if one.row is not None else one.reason
            key = (one.column, alike, one.advice, one.left_out, one.row is None)
            if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
                self._more += 1
            else:
                self._kinds.setdefault(key, _Kind()).add(one)

    @property
    def kept(self) -> list[Problem]:
        """In the order of the rows, what is said of the whole file last."""
        told = [one for kind in self._kinds.values() for one in kind.told]
        told.sort(key=lambda one: (one.row is None, one.row or 0))
        if self._more:
            words = ngettext(
                "{count} more problem of this file is not listed.",
                "{count} more problems of this file are not listed.",
                self._more,
            ).format(count=f"{self._more:,}")
            advice = _("They are most likely one mistake made many times: correct the first ones and import again.")
            told.append(Problem(self._file, None, None, None, words, advice, left_out=False))
        return told
