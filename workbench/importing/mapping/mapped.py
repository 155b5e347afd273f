"""Reads a table as a mapping says, column by column."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.terms import school_year, term_of
from workbench.ground.words import N_, _
from workbench.importing.mapping.mapping import Asked, Day, Detail, Fact, Instead, Mapping, Month, Of, Span, Week
from workbench.importing.mapping.parts import (
    Looking,
    dated,
    is_asked,
    iso_day,
    json_of,
    no_evidence,
    objects,
    series,
    several,
    term_named,
)
from workbench.importing.people import cut_name, frame, name_code
from workbench.importing.reading.dates import DAY, ORDER, Dates, day_question, month_of, order_question
from workbench.importing.reading.grades import grade
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.rows import TOTALS, RowSorter, SortedRows
from workbench.importing.reading.values import (
    Column,
    Columns,
    Texts,
    Unreadable,
    as_floats,
    cell_problem,
    is_nothing,
    is_total,
    json_number,
    number,
    number_between,
    tidy,
    whole,
)
from workbench.importing.records import (
    COLUMNS,
    NO_ANSWERS,
    Answers,
    Batch,
    Kind,
    Problem,
    Question,
    Table,
    code_of,
    day_zero,
)

NO_LEARNER = N_("The row does not say whom it is about.")
NO_DAY = N_("The row has no date, so nobody can tell when this was.")
NO_MEASURE = N_("The row does not say what was measured.")
TAKEN_INSTEAD = N_("The row has no such day; that of {column} was taken, which may be a later or earlier one.")
NOT_ANSWERED = N_("The file has no dates, and nobody has said which day it is of.")
ENDS_FIRST = N_("is before the period’s first day.")
MORE_THAN_WHOLE = N_("is more than the {whole:g} that it is a part of.")
NOTHING_MEASURED = N_("Nothing was measured in the row.")
NOTHING_NEW = N_("The row says only what an earlier row of the file said.")
SAID_OTHERWISE = N_("is not what row {row} says of the same learner, day and measure; what was read first was kept.")
SAID_OTHERWISE_STEP = N_("Look which one is right, correct the other, and import the file again.")

_CHUNK = 5_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_FIRST_BIRTH = 1900
_NAN = float("nan")
_error = number_between(0, 1_000)
_percentile = number_between(0, 100)
_NO_DAYS, _SIX_DAYS = dt.timedelta(), dt.timedelta(days=6)


#: Notes what is wrong with a cell: the fact's position, the column or columns, the text and why.
_Bad = Callable[[int, str | tuple[str, ...], str, str], None]


def questions(table: Table, mapping: Mapping) -> tuple[Question, ...]:
    """What only a person can tell of a file: whether day or month is first, its day, or the unit of its times."""
    reader = _Reader(table, mapping, NO_ANSWERS)
    asked = [day_question(table.file)] if reader.asks_day else []
    if not mapping.order or reader.looking:
        reader.look()
        asked += order_question(table.file, *reader.dates.values())
        asked += [one for read in reader.looking.values() for one in read.questions(table.file)]
    return tuple({one.name: one for one in asked}.values())


def read(table: Table, mapping: Mapping, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
    """The table's rows in batches, as the mapping says; see `records.Importer`."""
    return _Reader(table, mapping, answers).batches()


class _Reader:
    """Reads one table."""

    def __init__(self, table: Table, mapping: Mapping, answers: Answers) -> None:
        self._table = table
        self._mapping = mapping
        self._columns = Columns(table.header)
        order = mapping.order or answers.get(ORDER, "")
        who = mapping.who
        days = [mapping.day if fact.day is None else fact.day for fact in mapping.facts]
        zero = day_zero(table.header)
        self.dates = {key: Dates(_FIRST_YEAR, _LAST_YEAR, order, day_zero=zero) for day in days for key in dated(day)}
        self.asks_day = any(is_asked(day) for day in days)
        self._asked = iso_day(answers.get(DAY, ""))
        self.looking = {fact.value: fact.read for fact in mapping.facts if isinstance(fact.read, Looking)}
        self._births = Dates(_FIRST_BIRTH, _LAST_YEAR, order, births=True, day_zero=zero)
        self._people = [(kind, column, Column(person_code, "")) for kind, column in who.ids]
        self._tidy = Column(tidy, "")
        self._grade = Column(grade, "")
        self._name = Column(lambda text: cut_name("" if is_nothing(text) else text), ("", ""))
        self._nothing = frozenset(word.casefold() for word in mapping.nothing)
        self._read: dict[Of | Detail, Column[Any]] = {}
        self._values = [self._column(fact.read, _NAN) for fact in mapping.facts]
        self._number = self._column(number, _NAN)
        self._whole = self._column(whole, _NAN)
        self._said: dict[tuple[object, ...], tuple[float, int]] = {}
        self._met: set[tuple[object, ...]] = set()

    def look(self) -> None:
        """Shows all dates and times to those who read them, so that a column is read in one way."""
        if not self.dates and not self.looking and not self._mapping.who.birth_date:
            return
        for chunk in self._table.chunks(_CHUNK):
            cells = chunk.to_numpy()
            for column, dates in self.dates.items():
                dates.see(self._columns.texts(cells, column))
            for column, read in self.looking.items():
                read.see(self._columns.texts(cells, column))
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
        of_class = who.class_name if isinstance(who.class_name, Of) else Of(who.class_name)
        return (
            self._births(texts(cells, who.birth_date)),
            self._made_of(of_class, "")(self._texts(cells, of_class)),
            self._grade(texts(cells, who.grade)),
        )

    def _passed_over(self, cells: npt.NDArray[np.object_]) -> dict[int, str]:
        found = self._mapping.passed_over(self._columns, cells) if self._mapping.passed_over else {}
        named = [self._columns.texts(cells, column) for column in self._mapping.who.columns]
        for at, texts in enumerate(zip(*named, strict=True)):
            filled = [text for text in texts if text.strip()]
            if filled and all(map(is_total, filled)):  # a learner may be called Sum
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

    def _unread_people(self, found: SortedRows, kept: npt.NDArray[np.intp]) -> list[Problem]:
        """What else of the learners could not be read: further ids, birth dates and grades."""
        who = self._mapping.who
        problems = []
        columns: list[tuple[str, Column[str] | Dates]] = [(key, column) for _kind, key, column in self._people]
        for key, column in (*columns, (who.birth_date, self._births), (who.grade, self._grade)):
            texts = self._columns.texts(found.cells[kept], key)
            column(texts)
            problems += [
                self._problem(found, int(kept[at]), key, texts[at], why) for at, why in column.unreadable(texts)
            ]
        return problems

    # What the rows say

    def _column(self, read: Callable[[str], Any], blank: Any) -> Column[Any]:
        """A column in which the vendor's words for nothing are nothing."""
        nothing = self._nothing
        if not nothing:
            return Column(read, blank)
        return Column(lambda text: read("" if text.casefold() in nothing else text), blank)

    def _made_of(self, of: Of | Detail, blank: Any) -> Column[Any]:
        read = json_of(of) if isinstance(of, Detail) else of.read
        return self._read.setdefault(of, self._column(read, blank))

    def _texts(self, cells: npt.NDArray[np.object_], of: Of | Detail) -> Texts:
        """The cells of the columns that are meant, one text for each row."""
        keys = [key for key in several(of.column) if key in self._columns]
        if len(keys) < 2:
            return self._columns.texts(cells, keys[0] if keys else None)
        by = of.by if isinstance(of, Of) else None
        found = np.full(len(cells), "", dtype=object)
        for at, texts in enumerate(zip(*(self._columns.texts(cells, key) for key in keys), strict=True)):
            filled = [text for text in map(str.strip, texts) if not self._says_nothing(text)]
            if filled:
                found[at] = filled[0] if by is None else by.join(filled)
        return found

    def _says_nothing(self, text: str) -> bool:
        return is_nothing(text) or text.casefold() in self._nothing

    def _batch(self, found: SortedRows) -> Batch:
        problems: list[Problem] = []
        unread: set[int] = set()  # positions with something that could not be read
        parts = [self._facts(fact, place, found, problems, unread) for place, fact in enumerate(self._mapping.facts)]
        table = pd.concat(parts, ignore_index=True) if parts else no_evidence()
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
        # What several facts of a row share is told once; a row that is lost is left out once.
        for problem in dict.fromkeys(problems):
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
        told += self._unread_people(found, kept)
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

        lost: set[int] = set()  # positions of facts that cannot be told, each with a problem

        def bad(which: int, key: str | tuple[str, ...], text: str, why: str) -> None:
            problems.append(self._problem(found, int(here[which]), key, text, why))

        def words(of: str | Of, *, must: bool = False) -> list[str]:
            if isinstance(of, str):
                return [of] * len(here)
            texts, column = self._texts(cells, of), self._made_of(of, "")
            made: list[str] = column(texts)
            for which, why in column.unreadable(texts):
                bad(which, of.column, texts[which], why)
                if must:
                    lost.add(which)
            return made

        def needed(of: str | Of) -> list[str]:
            made = words(of, must=True)
            for which in {which for which, word in enumerate(made) if not word} - lost:
                bad(which, of.column if isinstance(of, Of) else fact.value, "", NO_MEASURE)
                lost.add(which)
            return made

        periods = self._periods(mapping.day if fact.day is None else fact.day, cells, bad)
        of, partless = self._wholes(fact, cells, values[here], bad)
        dayless = {which for which, period in enumerate(periods) if period is None}
        measures, aspects, units = needed(fact.measure), words(fact.aspect, must=True), needed(fact.unit)
        unread.update(int(here[which]) for which in lost | dayless | partless)
        lost |= dayless | set(np.flatnonzero(~(of > 0)).tolist())
        days = [period[1] if period else None for period in periods]
        of_term = school_year if fact.amount else term_of
        named = words(mapping.term if fact.term is None else fact.term)
        terms = [term_named(name, day, of_term) for name, day in zip(named, days, strict=True)]
        kept = self._details(cells, fact.details, bad)
        if fact.amount:
            kept["from"] = [f'"{one[0]}"' if one and one[0] != one[1] else "" for one in periods]
        if fact.of:
            kept["of"] = [json_number(one) if one > 0 else "" for one in of.tolist()]
        columns = {
            "_at": here,
            "row": rows.astype(np.int64),
            "learner_code": [found.codes[one] for one in here],
            "source": [fact.source or mapping.source] * len(here),
            "measure": measures,
            "aspect": aspects,
            "taken_on": days,
            "term": terms,
            "test": words(mapping.test if fact.test is None else fact.test),
            "part": words(mapping.part),
            "value": values[here],
            "unit": units,
            "error": self._numbers(cells, fact.error, _error, bad),
            "percentile": self._numbers(cells, fact.percentile, _percentile, bad),
            "norms": words(fact.norms),
            "standing": words(mapping.standing),
            "details": objects(kept, len(here)),
            "_place": np.full(len(here), place),
        }
        table = pd.DataFrame({name: series(values) for name, values in columns.items()})
        return table[~table.index.isin(lost)] if lost else table

    def _periods(self, day: Day, cells: npt.NDArray[np.object_], bad: _Bad) -> list[tuple[dt.date, dt.date] | None]:
        """The first and last day for each row, None for those without; each of these is a problem."""
        if isinstance(day, Month):
            return self._months(day, cells, bad)
        if isinstance(day, Week):
            before, after = (_SIX_DAYS, _NO_DAYS) if day.ends else (_NO_DAYS, _SIX_DAYS)
            return [(one - before, one + after) if one else None for one in self._days(day.column, cells, bad)]
        if isinstance(day, Span):
            lasts = self._days(day.last, cells, bad)
            if not day.first:
                return [(dt.date(int(school_year(one)[:4]), 7, 1), one) if one else None for one in lasts]
            firsts = self._days(day.first, cells, lambda at, *more: bad(at, *more) if lasts[at] else None)
            periods = [(a, b) if a and b else None for a, b in zip(firsts, lasts, strict=True)]
            for at, period in enumerate(periods):
                if period and period[0] > period[1]:
                    key = day.last if isinstance(day.last, str) else day.first
                    bad(at, key, self._columns.texts(cells, key)[at], ENDS_FIRST)
                    periods[at] = None
            return periods
        return [(one, one) if one else None for one in self._days(day, cells, bad)]

    def _days(
        self,
        day: str | tuple[str, ...] | dt.date | Asked | Instead,
        cells: npt.NDArray[np.object_],
        bad: _Bad,
    ) -> list[dt.date | None]:
        """A day for each row, None for those without; each of these is a problem."""
        if isinstance(day, Asked):
            if self._asked is None:
                for at in range(len(cells)):
                    bad(at, "", "", NOT_ANSWERED)
            return [self._asked] * len(cells)
        if isinstance(day, dt.date):
            return [day] * len(cells)
        keys = dated(day.meant if isinstance(day, Instead) else day)
        known, unread = self._first_days(keys, cells)
        instead: list[dt.date | None] = [None] * len(cells)
        if isinstance(day, Instead):
            instead, _unread = self._first_days((day.other,), cells)
        for at, one in enumerate(known):
            if at in unread:  # told even where a later column has a day
                bad(at, *unread[at])
            elif one is None and instead[at] is None:
                bad(at, keys[0] if keys else "", "", NO_DAY)
            if one is None and instead[at] and isinstance(day, Instead):
                bad(at, keys, "", _(TAKEN_INSTEAD).format(column=self._columns.name(day.other)))
        return [one or other for one, other in zip(known, instead, strict=True)]

    def _first_days(
        self, keys: Sequence[str], cells: npt.NDArray[np.object_]
    ) -> tuple[list[dt.date | None], dict[int, tuple[str, str, str]]]:
        """The first day that the columns have for each row, and the cells before it that could not be read."""
        known: list[dt.date | None] = [None] * len(cells)
        unread: dict[int, tuple[str, str, str]] = {}
        for key in keys:
            texts = self._columns.texts(cells, key)
            known = [one or other for one, other in zip(known, self.dates[key](texts), strict=True)]
            for at, why in self.dates[key].unreadable(texts):
                if known[at] is None:
                    unread.setdefault(at, (key, texts[at], why))
        return known, unread

    def _months(self, day: Month, cells: npt.NDArray[np.object_], bad: _Bad) -> list[tuple[dt.date, dt.date] | None]:
        found: list[tuple[dt.date, dt.date] | None] = []
        texts = zip(*(self._columns.texts(cells, key).tolist() for key in (day.year, day.month)), strict=True)
        for at, (year, month) in enumerate(texts):
            try:
                period, why = month_of(year, month), NO_DAY
            except Unreadable as problem:
                period, why = None, problem.reason
            if period is None:
                bad(at, day.month, f"{month} {year}".strip(), why)
            found.append(period)
        return found

    def _wholes(
        self,
        fact: Fact,
        cells: npt.NDArray[np.object_],
        values: npt.NDArray[np.float64],
        bad: _Bad,
    ) -> tuple[npt.NDArray[np.float64], set[int]]:
        """What each value is a part of, NaN where there is no whole, and the positions of those that are a problem."""
        if not isinstance(fact.of, str):
            wholes, texts, unread = np.full(len(cells), float(fact.of)), self._columns.texts(cells, ""), []
        elif fact.of:
            texts = self._columns.texts(cells, fact.of)
            read = self._whole if fact.of == fact.value else self._number
            wholes = as_floats(read(texts))
            unread = read.unreadable(texts)
        else:
            return np.ones(len(cells)), set()
        for at, why in unread:
            bad(at, str(fact.of), texts[at], why)
        over = [] if fact.beyond else np.flatnonzero(values > wholes).tolist()
        for at in over:
            bad(at, fact.value, self._columns.texts(cells, fact.value)[at], _(MORE_THAN_WHOLE).format(whole=wholes[at]))
        wholes[over] = _NAN
        return wholes, {at for at, _why in unread}.union(over)

    def _numbers(
        self, cells: npt.NDArray[np.object_], of: str | Of, read: Callable[[str], float], bad: _Bad
    ) -> npt.NDArray[np.float64]:
        of = of if isinstance(of, Of) else Of(of, read)
        texts, column = self._texts(cells, of), self._made_of(of, _NAN)
        values = as_floats(column(texts))
        for at, why in column.unreadable(texts):
            bad(at, of.column, texts[at], why)
        return values

    def _details(self, cells: npt.NDArray[np.object_], details: Sequence[Detail], bad: _Bad) -> dict[str, list[str]]:
        """What to keep beside each fact, as JSON by name; "" where there is nothing."""
        members: dict[str, list[str]] = {}
        for detail in details:
            texts, column = self._texts(cells, detail), self._made_of(detail, "")
            members[detail.name] = column(texts)
            for at, why in column.unreadable(texts):
                bad(at, detail.column, texts[at], why)
        return members

    def _fresh(
        self, table: pd.DataFrame, found: SortedRows, problems: list[Problem], unread: set[int]
    ) -> tuple[npt.NDArray[np.bool_], set[int]]:
        """Which facts the file did not say before, and the positions of rows that said one again.

        One that says otherwise than before is a problem, and the first is kept.
        """
        keys = ("learner_code", "source", "measure", "aspect", "taken_on", "test", "part")
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
                reason = _(SAID_OTHERWISE).format(row=where)
                problems.append(self._problem(found, at, name, text, reason, SAID_OTHERWISE_STEP))
                unread.add(at)
        return fresh, repeated

    def _problem(
        self, found: SortedRows, at: int, key: str | tuple[str, ...], text: str, reason: str, advice: str = ""
    ) -> Problem:
        row, name = int(found.rows[at]), self._columns.name(self._columns.first(*several(key)))
        more = {"advice": advice} if advice else {}
        told = cell_problem(self._table.file, row, name, text, reason, left_out=False, **more)
        return told if text.strip() else replace(told, value=None)
