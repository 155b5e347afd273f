"""Which test of a term is the growth event, which repeat it, and which row is a copy.

NWEA marks one test event per learner, term and course as the growth event; where a layout
has no mark (Combined files), NWEA's own rule decides: of the tests that count, the one with
the lowest standard error. Two rows of one file far apart can belong together, so this looks
at the keys of a whole file, kept as numbers (some 60 bytes a row).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Flag(IntEnum):
    """The vendor's mark of a row."""

    UNKNOWN = -1
    NOT_GROWTH = 0
    GROWTH = 1


class Standing(IntEnum):
    """What became of a row."""

    NOT_READ = 0
    GROWTH = 1
    OTHER = 2
    REPEAT = 3
    COPY = 4


class Part(IntEnum):
    """What keeps a further sitting of the same test on the same day apart."""

    NONE = 0
    TIME = 1
    TEST_ID = 2
    ORDINAL = 3


#: The word in `records.EVIDENCE_COLUMNS` for each standing, by its number.
STANDING_WORDS = np.array(["", "growth", "other", "repeat", ""], dtype=object)


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of each row of a file, in file order; equal numbers are equal things.

    `term_course` holds one number per learner, term and course; `sitting` per learner, course,
    day and test; `time` is minutes after midnight and `test_id` any number, both -1 when absent;
    `alike` is equal for rows that are copies of each other; `good` rows are those that are read.
    """

    row: Ints
    good: npt.NDArray[np.bool_]
    term_course: Ints
    sitting: Ints
    flag: Ints
    screening: npt.NDArray[np.bool_]
    error: Floats
    day: Ints
    time: Ints
    test_id: Ints
    alike: Ints


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each row: its standing, what names its part, and the row (0: none) it is a copy of or stands behind."""

    standing: Ints
    part: Ints
    ordinal: Ints
    copy_of: Ints
    also_marked: Ints

    def __getitem__(self, at: slice) -> Verdicts:
        return Verdicts(*(getattr(self, name)[at] for name in self.__slots__))


def judge(keys: Keys) -> Verdicts:
    """Give each row its standing and part."""
    count = len(keys.row)
    zeros = [np.zeros(count, dtype=np.int64) for _ in range(5)]
    verdicts = Verdicts(*zeros)
    _mark_copies(keys, verdicts)
    verdicts.standing[keys.good & (verdicts.copy_of == 0)] = Standing.OTHER
    verdicts.standing[keys.good & (verdicts.copy_of > 0)] = Standing.COPY
    left = np.flatnonzero(verdicts.standing == Standing.OTHER)
    counts_as_growth = (keys.flag == Flag.GROWTH) | ((keys.flag == Flag.UNKNOWN) & ~keys.screening)
    verdicts.standing[left[counts_as_growth[left]]] = Standing.GROWTH
    for group in _groups(keys.term_course, left, smallest=2):
        _judge_term(keys, verdicts, group)
    for group in _groups(keys.sitting, left, smallest=2):
        _name_parts(keys, verdicts, group)
    return verdicts


def _mark_copies(keys: Keys, verdicts: Verdicts) -> None:
    for group in _groups(keys.alike, np.flatnonzero(keys.good), smallest=2):
        verdicts.copy_of[group[1:]] = keys.row[group[0]]


def _judge_term(keys: Keys, verdicts: Verdicts, group: Sequence[int]) -> None:
    marked = [at for at in group if keys.flag[at] == Flag.GROWTH]
    unknown = [at for at in group if keys.flag[at] == Flag.UNKNOWN and not keys.screening[at]]
    candidates = marked or unknown
    verdicts.standing[list(group)] = Standing.OTHER
    if not candidates:
        return
    growth = min(candidates, key=lambda at: _precision(keys, at))
    for at in group:
        if at == growth:
            verdicts.standing[at] = Standing.GROWTH
        elif not keys.screening[at] or at in marked:
            verdicts.standing[at] = Standing.REPEAT
    for at in marked:
        if at != growth:
            verdicts.also_marked[at] = keys.row[growth]


def _name_parts(keys: Keys, verdicts: Verdicts, group: Sequence[int]) -> None:
    """The growth event, or else the most precise sitting, keeps the plain key."""
    _, *others = sorted(group, key=lambda at: (verdicts.standing[at] != Standing.GROWTH, *_precision(keys, at)))
    times = [keys.time[at] for at in group]
    ids = [keys.test_id[at] for at in group]
    for ordinal, at in enumerate(others, start=2):
        verdicts.ordinal[at] = ordinal
        if keys.time[at] >= 0 and times.count(keys.time[at]) == 1:
            verdicts.part[at] = Part.TIME
        elif keys.test_id[at] >= 0 and ids.count(keys.test_id[at]) == 1:
            verdicts.part[at] = Part.TEST_ID
        else:
            verdicts.part[at] = Part.ORDINAL


def _precision(keys: Keys, at: int) -> tuple[float, int, int, int]:
    """Sorts the lowest standard error first, then the earliest; a missing error comes last."""
    error = float(keys.error[at])
    return (
        error if error == error else float("inf"),
        int(keys.day[at]),
        int(keys.time[at]),
        int(keys.row[at]),
    )


def _groups(values: Ints, among: Ints, smallest: int) -> Iterable[list[int]]:
    """Positions in `among` that have a value in common, each group in file order."""
    order = among[np.argsort(values[among], kind="stable")]
    found = values[order]
    starts = np.flatnonzero(np.r_[True, found[1:] != found[:-1]]) if len(order) else order
    sizes = np.diff(np.r_[starts, len(order)])
    wanted = sizes >= smallest
    for start, size in zip(starts[wanted].tolist(), sizes[wanted].tolist(), strict=True):
        yield order[start : start + size].tolist()
