"""Reads a table as a mapping says, column by column."""

from __future__ import annotations

import calendar
import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.importing.dates import ORDER, Dates, order_question
from workbench.importing.mapping import Day, Detail, Fact, Mapping, Month, Of
from workbench.importing.people import cut_name, frame, name_code
from workbench.importing.records import COLUMNS, NO_ANSWERS, Answers, Batch, Kind, Problem, Question, Table, code_of
from workbench.importing.rows import RowSorter, SortedRows
from workbench.importing.values import (
    Column,
    Columns,
    as_floats,
    cell_problem,
    grade,
    is_nothing,
    json_number,
    json_text,
    number,
    person_code,
    tidy,
)
from workbench.terms import term_of

NO_LEARNER = "The row does not say whom it is about."
NO_DAY = "The row has no date, so nobody can tell when this was."
NOTHING_MEASURED = "Nothing was measured in the row."
NOTHING_NEW = "The row says only what an earlier row of the file said."
TOTALS = "The row holds totals or averages."
SAID_OTHERWISE = "is not what row {row} says of the same learner, day and measure; what was read first was kept."
SAID_OTHERWISE_STEP = "Look which one is right, correct the other, and import the file again."

_CHUNK = 5_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_FIRST_BIRTH = 1900
_TOTALS = frozenset(
    ("total", "totals", "grand total", "average", "averages", "class average", "class total", "mean", "median", "sum")
)
_NAN = float("nan")


def questions(table: Table, mapping: Mapping) -> tuple[Question, ...]:
    """Whether day and month of the file's dates can be told apart; asked only when nothing tells."""
    if mapping.order:
        return ()
    reader = _Reader(table, mapping, NO_ANSWERS)
    reader.look()
    return order_question(table.file, *reader.dates.values())


def read(table: Table, mapping: Mapping, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
    """The table's rows in batches, as the mapping says; see `records.Importer`."""
    return _Reader(table, mapping, answers).batches()


class ByMapping(ABC):
    """An importer that only needs to say which column of a header is what."""

    name: str
    title: str
    looks_for: str

    @abstractmethod
    def recognises(self, header: tuple[str, ...]) -> bool: ...

    @abstractmethod
    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        """How a table with these columns is read."""

    def questions(self, table: Table) -> tuple[Question, ...]:
        return questions(table, self.mapping(Columns(table.header), NO_ANSWERS))

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        return read(table, self.mapping(Columns(table.header), answers), answers)


class _Reader:
    """Reads one table."""

    def __init__(self, table: Table, mapping: Mapping, answers: Answers) -> None:
        self._table = table
        self._mapping = mapping
        self._columns = Columns(table.header)
        order = mapping.order or answers.get(ORDER, "")
        who = mapping.who
        self.dates: dict[str, Dates] = {
            day: Dates(_FIRST_YEAR, _LAST_YEAR, order)
            for day in (mapping.day, *(fact.day for fact in mapping.facts))
            if isinstance(day, str) and day
        }
        self._births = Dates(_FIRST_BIRTH, _LAST_YEAR, order)
        self._people = [(kind, column, Column(person_code, "")) for kind, column in who.ids]
        self._tidy = Column(tidy, "")
        self._grade = Column(grade, "")
        self._name = Column(lambda text: cut_name("" if is_nothing(text) else text), ("", ""))
        self._texts: dict[Of, Column[str]] = {}
        self._values = [Column(fact.read, _NAN) for fact in mapping.facts]
        self._number = Column(number, _NAN)
        self._detail: dict[Detail, Column[str]] = {}
        self._said: dict[tuple[object, ...], tuple[float, int]] = {}
        self._met: set[tuple[object, ...]] = set()

    def look(self) -> None:
        """Shows all dates to those who read them, so that a column is read in one order."""
        if not self.dates and not self._mapping.who.birth_date:
            return
        for chunk in self._table.chunks(_CHUNK):
            cells = chunk.to_numpy()
            for column, dates in self.dates.items():
                dates.see(self._columns.texts(cells, column))
            self._births.see(self._columns.texts(cells, self._mapping.who.birth_date))
        self._table.take_problems()

    def batches(self) -> Iterator[Batch]:
        self.look()
        key = next((column for column in self._mapping.who.columns if column in self._columns), None)
        sorter = RowSorter(self._table, self._columns, self._whom, key, NO_LEARNER, passed_over=self._passed_over)
        for found in sorter.chunks(_CHUNK):
            yield self._batch(found)

    # Whom the rows are about

    def _whom(self, cells: npt.NDArray[np.object_]) -> tuple[list[str], list[tuple[int, str]]]:
        codes = [""] * len(cells)
        unread: dict[int, str] = {}
        for kind, key, column in self._people:
            texts = self._columns.texts(cells, key)
            for at, value in enumerate(column(texts)):
                if value and not codes[at]:
                    codes[at] = code_of(kind, value)
            unread |= dict(column.unreadable(texts))
        given, family = self._names(cells)
        births, classes, grades = self._more(cells)
        for at, code in enumerate(codes):
            if not code and (named := name_code(given[at], family[at])):
                beside = str(births[at]) if births[at] else " ".join(filter(None, (classes[at], grades[at])))
                codes[at] = code_of("named", f"{named}|{beside}")
        return codes, [(at, why) for at, why in unread.items() if not codes[at]]

    def _names(self, cells: npt.NDArray[np.object_]) -> tuple[list[str], list[str]]:
        who = self._mapping.who
        if who.name and who.name in self._columns:
            cut = self._name(self._columns.texts(cells, who.name))
            return [given for given, _family in cut], [family for _given, family in cut]
        return (
            self._tidy(self._columns.texts(cells, who.given_name)),
            self._tidy(self._columns.texts(cells, who.family_name)),
        )

    def _more(self, cells: npt.NDArray[np.object_]) -> tuple[list[dt.date | None], list[str], list[str]]:
        who, texts = self._mapping.who, self._columns.texts
        return (
            self._births(texts(cells, who.birth_date)),
            self._tidy(texts(cells, who.class_name)),
            self._grade(texts(cells, who.grade)),
        )

    def _passed_over(self, cells: npt.NDArray[np.object_]) -> dict[int, str]:
        found = self._mapping.passed_over(self._columns, cells) if self._mapping.passed_over else {}
        for column in self._mapping.who.columns:
            for at, text in enumerate(self._columns.texts(cells, column)):
                if text and text.strip().rstrip(":").casefold() in _TOTALS:
                    found.setdefault(at, TOTALS)
        return found

    def _people_frames(self, found: SortedRows, kept: npt.NDArray[np.intp]) -> dict[Kind, pd.DataFrame]:
        """What the file says of the learners whose rows were read, each learner once."""
        cells, rows = found.cells[kept], found.rows[kept].tolist()
        codes = [found.codes[at] for at in kept]
        given, family = self._names(cells)
        births, classes, grades = self._more(cells)
        schools = self._tidy(self._columns.texts(cells, self._mapping.who.school))
        mentions, ids = [], []
        for at, code in enumerate(codes):
            said = (code, family[at], given[at], births[at], schools[at], classes[at], grades[at])
            if code not in self._met and any(said[1:]):
                mentions.append((rows[at], *said))
                self._met.add(code)
        for kind, key, column in self._people:
            if not kind:
                continue
            for at, value in enumerate(column(self._columns.texts(cells, key))):
                one = (codes[at], kind, value.casefold())
                if value and one not in self._met:
                    self._met.add(one)
                    ids.append((rows[at], *one))
        return {Kind.MENTIONS: frame(Kind.MENTIONS, mentions), Kind.IDENTIFIERS: frame(Kind.IDENTIFIERS, ids)}

    # What the rows say

    def _batch(self, found: SortedRows) -> Batch:
        problems: list[Problem] = []
        unread: set[int] = set()  # positions with something that could not be read
        parts = [self._facts(fact, place, found, problems, unread) for place, fact in enumerate(self._mapping.facts)]
        table = pd.concat(parts, ignore_index=True) if parts else _no_evidence()
        table = table.sort_values("_at", kind="stable", ignore_index=True)
        fresh, repeated = self._fresh(table, found, problems, unread)
        evidence = table[fresh]
        read_rows = set(evidence["_at"].tolist())
        reasons = {}
        for at in range(len(found.rows)):
            if at not in read_rows and at not in unread:
                reasons[at] = NOTHING_NEW if at in repeated else NOTHING_MEASURED
        lost = unread - read_rows
        said = {int(found.rows[at]) for at in lost}
        first: set[int] = set()
        told = []
        for problem in problems:  # a row that is lost is left out once, whatever the number of its problems
            left_out = problem.row in said and problem.row not in first
            first.add(problem.row or 0)
            told.append(replace(problem, left_out=left_out))
        tally = replace(
            found.tally,
            events=len(read_rows),
            left_out=found.tally.left_out + len(lost),
            skipped=found.tally.skipped + len(reasons),
        )
        kept = np.array(sorted(read_rows), dtype=np.intp)
        frames = self._people_frames(found, kept) | {Kind.EVIDENCE: evidence[list(COLUMNS[Kind.EVIDENCE])]}
        skipped = Counter(found.skipped) + Counter(reasons.values())
        return replace(found, tally=tally, skipped=skipped).batch(frames, told)

    def _facts(
        self, fact: Fact, place: int, found: SortedRows, problems: list[Problem], unread: set[int]
    ) -> pd.DataFrame:
        """The facts of one column, one row each, with the position of their row as `_at`."""
        mapping = self._mapping
        texts = self._columns.texts(found.cells, fact.value)
        values = as_floats(self._values[place](texts))
        for at, why in self._values[place].unreadable(texts):
            problems.append(self._problem(found, at, fact.value, texts[at], why))
            unread.add(at)
        here = np.flatnonzero(~np.isnan(values))
        cells, rows = found.cells[here], found.rows[here]

        def bad(which: int, key: str, text: str, why: str) -> None:
            problems.append(self._problem(found, int(here[which]), key, text, why))

        def words(of: str | Of | None, otherwise: str | Of = "") -> tuple[list[str], set[int]]:
            of = otherwise if of is None else of
            if isinstance(of, str):
                return [of] * len(here), set()
            column = self._texts.setdefault(of, Column(of.read, ""))
            told = self._columns.texts(cells, of.column)
            found_texts = column(told)
            gone = column.unreadable(told)
            for which, why in gone:
                bad(which, of.column, told[which], why)
            return found_texts, {which for which, _why in gone}

        days, dayless = self._days(fact.day if fact.day is not None else mapping.day, cells, bad)
        measures, gone = words(fact.measure)
        terms = [
            term or (term_of(day) if day else "")
            for term, day in zip(words(fact.term, mapping.term)[0], days, strict=True)
        ]
        lost = dayless | gone
        unread.update(int(here[which]) for which in lost)
        columns = {
            "_at": here,
            "row": rows.astype(np.int64),
            "learner_code": [found.codes[one] for one in here],
            "source": [mapping.source] * len(here),
            "measure": measures,
            "aspect": words(fact.aspect)[0],
            "taken_on": days,
            "term": terms,
            "test": words(fact.test, mapping.test)[0],
            "part": words(mapping.part)[0],
            "value": values[here],
            "unit": words(fact.unit)[0],
            "error": self._numbers(cells, fact.error, bad),
            "percentile": self._numbers(cells, fact.percentile, bad),
            "norms": words(fact.norms)[0],
            "standing": words(mapping.standing)[0],
            "details": self._details(cells, fact.details, bad),
            "_place": np.full(len(here), place),
        }
        table = pd.DataFrame({name: _series(values) for name, values in columns.items()})
        return table[~table.index.isin(lost)] if lost else table

    def _days(
        self, day: Day, cells: npt.NDArray[np.object_], bad: Callable[[int, str, str, str], None]
    ) -> tuple[list[dt.date | None], set[int]]:
        """A day for each row, and the positions of those without; each of these is a problem."""
        if isinstance(day, dt.date):
            return [day] * len(cells), set()
        if isinstance(day, Month):
            years, months = (self._columns.texts(cells, key) for key in (day.year, day.month))
            found = [_last_day(year, month) for year, month in zip(years, months, strict=True)]
            for at, one in enumerate(found):
                if one is None:
                    bad(at, day.month, f"{months[at]} {years[at]}".strip(), "is not a month of a year.")
            return found, {at for at, one in enumerate(found) if one is None}
        texts = self._columns.texts(cells, day)
        dates = self.dates.get(day)
        known: list[dt.date | None] = dates(texts) if dates else [None] * len(texts)
        reasons = dict(dates.unreadable(texts)) if dates else {}
        for at, one in enumerate(known):
            if one is None:
                bad(at, day, texts[at], reasons.get(at, NO_DAY))
        return known, {at for at, one in enumerate(known) if one is None}

    def _numbers(
        self, cells: npt.NDArray[np.object_], key: str, bad: Callable[[int, str, str, str], None]
    ) -> npt.NDArray[np.float64]:
        texts = self._columns.texts(cells, key)
        values = as_floats(self._number(texts))
        for at, why in self._number.unreadable(texts):
            bad(at, key, texts[at], why)
        return values

    def _details(
        self,
        cells: npt.NDArray[np.object_],
        details: Sequence[Detail],
        bad: Callable[[int, str, str, str], None],
    ) -> list[str]:
        """JSON objects with sorted keys, "" where there is nothing to keep."""
        members: list[list[str]] = []
        for detail in sorted(details, key=lambda one: one.name):
            column = self._detail.setdefault(detail, Column(_member(detail), ""))
            texts = self._columns.texts(cells, detail.column)
            members.append(column(texts))
            for at, why in column.unreadable(texts):
                bad(at, detail.column, texts[at], why)
        joined = [",".join(filter(None, one)) for one in zip(*members, strict=True)] if members else [""] * len(cells)
        return [f"{{{one}}}" if one else "" for one in joined]

    def _fresh(
        self, table: pd.DataFrame, found: SortedRows, problems: list[Problem], unread: set[int]
    ) -> tuple[npt.NDArray[np.bool_], set[int]]:
        """Which facts the file did not say before, and the positions of rows that said one again.

        One that says otherwise than before is a problem, and the first is kept.
        """
        keys = ("learner_code", "measure", "aspect", "taken_on", "test", "part")
        fresh = np.ones(len(table), dtype=bool)
        repeated: set[int] = set()
        facts = zip(*(table[name].tolist() for name in (*keys, "value", "row", "_at", "_place")), strict=True)
        for number_, (*key, value, row, at, place) in enumerate(facts):
            first, where = self._said.setdefault(tuple(key), (value, row))
            if where == row and first == value:
                continue
            fresh[number_] = False
            repeated.add(at)
            if first != value:
                name = self._mapping.facts[place].value
                text = self._columns.texts(found.cells[[at]], name)[0]
                reason = SAID_OTHERWISE.format(row=where)
                problems.append(self._problem(found, at, name, text, reason, SAID_OTHERWISE_STEP))
                unread.add(at)
        return fresh, repeated

    def _problem(self, found: SortedRows, at: int, key: str, text: str, reason: str, advice: str = "") -> Problem:
        row, name = int(found.rows[at]), self._columns.name(key)
        more = {"advice": advice} if advice else {}
        told = cell_problem(self._table.file, row, name, text, reason, left_out=False, **more)
        return told if text.strip() else replace(told, value=None)


def _last_day(year: str, month: str) -> dt.date | None:
    try:
        number_, which = int(float(year)), int(float(month))
        return dt.date(number_, which, calendar.monthrange(number_, which)[1])
    except ValueError:
        return None


def _member(detail: Detail) -> Callable[[str], str]:
    """Reads a cell as a member of a JSON object, "" where there is nothing to keep."""

    def parse(text: str) -> str:
        value = detail.read(text)
        if value is None or value == "" or value != value:
            return ""
        if isinstance(value, bool):
            shown = "true" if value else "false"
        else:
            shown = json_number(value) if isinstance(value, float) else json_text(str(value))
        return f"{json_text(detail.name)}:{shown}"

    return parse


def _series(values: Any) -> pd.Series[Any]:
    kind = values.dtype if isinstance(values, np.ndarray) else object
    return pd.Series(values, dtype=kind)


def _no_evidence() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in ("_at", "_place", *COLUMNS[Kind.EVIDENCE])})
