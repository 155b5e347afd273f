"""Sorts the rows of a plain table into those to read and those to leave out or count as blank.

For tables in which a row needs little more than whom it is about: rosters and class lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.words import N_, _
from workbench.importing.people import named
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.values import (
    CORRECT_CELL,
    Column,
    Columns,
    blank_rows,
    cell_problem,
    is_beneath,
    is_nothing,
    is_total,
    says_of_all,
)
from workbench.importing.records import Batch, Kind, Problem, Table, Tally

COPY = N_("The row is a copy of row {row}, which was read.")
COPY_STEP = N_("Nothing needs to be done.")
TOTALS = N_("The row holds totals or averages.")
BENEATH = N_("The row stands beneath the table and is about all of it.")


@dataclass(frozen=True, slots=True, repr=False)
class SortedRows:
    """The rows of a chunk to read: their cells, spreadsheet row numbers and learners' codes."""

    cells: npt.NDArray[np.object_]
    rows: npt.NDArray[np.int64]
    codes: list[str]
    problems: tuple[Problem, ...]
    tally: Tally
    rows_done: int
    skipped: Mapping[str, int] = field(default_factory=dict)

    def batch(self, frames: dict[Kind, pd.DataFrame], problems: list[Problem]) -> Batch:
        """The batch of these rows, with the problems met in reading them."""
        every = sorted([*self.problems, *problems], key=lambda p: (p.row is None, p.row or 0))
        return Batch(frames, tuple(every), self.tally, self.rows_done, self.skipped)


#: Reads whom each row of a chunk is about: codes, "" where it names nobody, and what was unreadable.
Who = Callable[[npt.NDArray[np.object_]], tuple[list[str], list[tuple[int, str]]]]
#: The position of each row of a chunk that is passed over knowingly, with the reason.
PassedOver = Callable[[npt.NDArray[np.object_]], Mapping[int, str]]
#: Looks at the rows that would be read (cells, row numbers, codes); its problems with `left_out` leave rows out.
Check = Callable[[npt.NDArray[np.object_], list[int], list[str]], list[Problem]]


def by_id(columns: Columns, key: str | None, read: Callable[[str], str] = person_code) -> Who:
    """Whom a row is about, by the id in column `key`."""
    person = Column(read, "")

    def who(cells: npt.NDArray[np.object_]) -> tuple[list[str], list[tuple[int, str]]]:
        texts = columns.texts(cells, key)
        return person(texts), person.unreadable(texts)

    return who


@dataclass(frozen=True, slots=True)
class RowSorter:
    """Sorts the rows of one table.

    who: whom a row is about, told by column `key`; `nobody` is the reason to leave out a row
    about none. needed: further columns no row can do without, with the reason. passed_over:
    rows that are not meant to be read. check: a last look at the rows that would be read.
    """

    table: Table
    columns: Columns
    who: Who
    key: str | None
    nobody: str
    needed: Mapping[str, str] = field(default_factory=dict)
    passed_over: PassedOver | None = None
    check: Check | None = None

    def chunks(self, size: int) -> Iterator[SortedRows]:
        """All rows, `size` at a time; a row that is a copy of an earlier one is left out."""
        rows_done = 0
        seen: dict[int, int] = {}
        for chunk in self.table.chunks(size):
            shape = self.table.take_problems()
            uncut = sum(problem.left_out for problem in shape)
            rows_done += len(chunk) + uncut
            cells = chunk.to_numpy()
            rows = chunk.index.to_numpy(dtype=np.int64)
            codes, unreadable = self.who(cells)
            blank = blank_rows(cells)
            over = self._totals(cells, codes, unreadable)
            over |= (
                {at: why for at, why in self.passed_over(cells).items() if not blank[at]} if self.passed_over else {}
            )
            empty = blank.copy()
            blank[list(over)] = True  # nobody looks at them either
            problems = self._left_out(cells, rows, codes, blank, unreadable)
            problems |= _copies(self.table.file, cells, rows, blank, seen, set(problems))
            found = list(problems.values())
            kept = self._kept(rows, blank, found)
            if self.check:
                found += self.check(cells[kept], rows[kept].tolist(), [codes[at] for at in kept])
                kept = self._kept(rows, blank, found)
            yield SortedRows(
                cells=cells[kept],
                rows=rows[kept],
                codes=[codes[at] for at in kept],
                problems=(*shape, *found),
                tally=Tally(
                    rows=len(rows) + uncut,
                    events=len(kept),
                    left_out=len(rows) - len(kept) - int(blank.sum()) + uncut,
                    skipped=len(over),
                    blank=int(empty.sum()),
                ),
                rows_done=rows_done,
                skipped=Counter(over.values()),
            )

    @staticmethod
    def _kept(
        rows: npt.NDArray[np.int64], blank: npt.NDArray[np.bool_], problems: list[Problem]
    ) -> npt.NDArray[np.intp]:
        left_out = [problem.row for problem in problems if problem.left_out and problem.row is not None]
        return np.flatnonzero(~blank & ~np.isin(rows, left_out))

    def _totals(
        self, cells: npt.NDArray[np.object_], codes: list[str], unreadable: list[tuple[int, str]]
    ) -> dict[int, str]:
        """The rows that name nobody but sum up others: by the id, or the whole name where there is none."""
        found = {at: TOTALS for at, code in enumerate(codes) if code and is_total(named(code))}
        texts = self.columns.texts(cells, self.key)
        found |= {at: TOTALS for at, _why in unreadable if is_total(texts[at])}
        of_all = Column(says_of_all, blank=False)(cells[:, 0]) if cells.shape[1] else []
        said = [at for at, is_said in enumerate(of_all) if is_said and at not in found]
        return found | {at: BENEATH for at in said if is_beneath(cells[at].tolist())}

    def _left_out(
        self,
        cells: npt.NDArray[np.object_],
        rows: npt.NDArray[np.int64],
        codes: list[str],
        blank: npt.NDArray[np.bool_],
        unreadable: list[tuple[int, str]],
    ) -> dict[int, Problem]:
        file = self.table.file
        texts = self.columns.texts(cells, self.key)
        name = self.columns.name(self.key)
        found = {
            at: cell_problem(file, int(rows[at]), name, texts[at], why, left_out=True)
            for at, why in unreadable
            if not blank[at]
        }
        for at, code in enumerate(codes):
            if not code and not blank[at] and at not in found:
                found[at] = Problem(file, int(rows[at]), name, None, self.nobody, CORRECT_CELL)
        for key, reason in self.needed.items():
            for at, text in enumerate(self.columns.texts(cells, key)):
                if is_nothing(text.strip()) and not blank[at] and at not in found:
                    found[at] = Problem(file, int(rows[at]), self.columns.name(key), None, reason, CORRECT_CELL)
        return found


def _copies(
    file: str,
    cells: npt.NDArray[np.object_],
    rows: npt.NDArray[np.int64],
    blank: npt.NDArray[np.bool_],
    seen: dict[int, int],
    but: set[int],
) -> dict[int, Problem]:
    found: dict[int, Problem] = {}
    for at, row in enumerate(cells.tolist()):
        if blank[at] or at in but:
            continue
        first = seen.setdefault(hash(tuple(row)), int(rows[at]))
        if first != rows[at]:
            found[at] = Problem(file, int(rows[at]), None, None, _(COPY).format(row=first), COPY_STEP)
    return found
