"""Reads NWEA MAP Growth results: AssessmentResults and ComboStudentAssessment, all layouts.

Each test event gives one row for its score, one for each instructional area with a score
("area: NAME": areas are known by name, since their position changes from test to test),
and one for a Lexile or Quantile measure. Rows are read twice: once for the keys of the
whole file, to tell growth events from repeats, then in chunks for the rest.

The norms a score was read against are kept with it: percentiles of different norm years
are not comparable. Facts about the formats are from NWEA's help pages, from real files of
2013 and 2021, and from other people's importers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.ground.errors import BadInput
from workbench.ground.words import N_, _
from workbench.importing.reading.values import (
    Column,
    Columns,
    Texts,
    Unreadable,
    as_floats,
    cell_problem,
    header_key,
    is_nothing,
    json_number,
    json_text,
    lexile,
    number_between,
    quantile,
)
from workbench.importing.records import NO_ANSWERS, Answers, Batch, Kind, Problem, Question, Table, Tally
from workbench.importing.vendors.nwea import layout
from workbench.importing.vendors.nwea.details import BadCell, Details, objects, text_member
from workbench.importing.vendors.nwea.events import STANDING_WORDS, Part, Standing, Verdicts
from workbench.importing.vendors.nwea.facts import Facts, evidence_frame, partial_facts
from workbench.importing.vendors.nwea.keys import HIGHEST_RIT, LARGEST_ERROR, LOWEST_RIT, Needed, RowKeys
from workbench.importing.vendors.nwea.rosters import RosterRows

COPY = N_("The row tells of the same test as row {row}, which was read.")
COPY_STEP = N_("Nothing needs to be done.")
SECOND_GROWTH_EVENT = N_(
    "marks a second growth event of this learner, term and course; the one in row {row} is the more "
    "precise, so this one was read as a repeat."
)
SECOND_GROWTH_STEP = N_("If this is the right one, correct the mark and import the file again.")
NAMELESS_AREA = N_("is the score of an instructional area without a name.")
SECOND_AREA = N_("is an instructional area that this row has already; the first score was kept.")
NOT_RANGE = N_("is not a range of scores.")
MISSING_COLUMNS = N_("The file has no column {missing}, so none of its rows can be read. Looked for: {looked_for}.")
MISSING_STEP = N_("Export the file again with all columns, and import that.")
CHANGED = N_("{file} changed while it was read.")
CHANGED_STEP = N_("Import it again.")

_CHUNK = 5_000
_RANGE = re.compile(r"[0-9]+\s*-\s*[0-9]+")
_NAN = float("nan")
_NO_AREA = -1

T = TypeVar("T")


class _Results:
    """One kind of results file; the two differ in whether their rows name the learner."""

    name: str
    title: str
    looks_for: str
    names_learners: bool

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether the file has learners' RIT scores, and names learners if this kind does."""
        keys = {header_key(name) for name in header}
        names = any(key in keys for key in (*layout.FAMILY_NAME, *layout.GRADE))
        return {layout.STUDENT, layout.RIT} <= keys and self.names_learners == names

    def questions(self, table: Table) -> tuple[Question, ...]:
        """None: the vendor's own order of dates is known."""
        return ()

    def read(self, table: Table, answers: Answers = NO_ANSWERS) -> Iterator[Batch]:
        """The file's test events in batches; see `records.Importer`."""
        return _Reader(table, self.looks_for, names_learners=self.names_learners).batches()


class AssessmentResults(_Results):
    """AssessmentResults.csv of the Comprehensive Data File: 143 columns now, 64 in 2013."""

    name = "nwea_assessment_results"
    title = N_("NWEA MAP Growth results (AssessmentResults)")
    looks_for = "StudentID, Course or MeasurementScale, TestStartDate, TestRITScore"
    together = False
    names_learners = False


class ComboStudentAssessment(_Results):
    """ComboStudentAssessment.csv: results with the learner's name, grade and school in each row.

    It has neither test ids nor growth marks, so the lowest standard error of a term decides.
    """

    name = "nwea_combined"
    title = N_("NWEA MAP Growth results with learners (ComboStudentAssessment)")
    looks_for = "StudentID, StudentLastName or Grade, Course or MeasurementScale, TestStartDate, TestRITScore"
    together = False
    names_learners = True


@dataclass(frozen=True, slots=True)
class _Level:
    """A reading or mathematics level beside the score: its name, unit, parser and columns."""

    name: str
    unit: str
    column: Column[float]
    score: str | None
    low: str | None
    high: str | None


class _Reader:
    """Reads one file."""

    def __init__(self, table: Table, looks_for: str, *, names_learners: bool) -> None:
        self._table = table
        self._looks_for = looks_for
        self._columns = columns = Columns(table.header)
        self._keys = RowKeys(columns)
        self._roster = RosterRows(table.file, columns) if names_learners else None
        self._text = Column(lambda text: "" if is_nothing(text) else " ".join(text.split()), "")
        self._score = Column(number_between(LOWEST_RIT, HIGHEST_RIT), _NAN)
        self._error = Column(number_between(0, LARGEST_ERROR), _NAN)
        self._percentile = Column(number_between(1, 99), _NAN)
        self._range = text_member("range", _score_range)
        self._adjective = text_member("adjective")
        self._details = Details(columns)
        self._areas: dict[str, int] = {}
        self._area = Column(lambda text: f"area: {self._text.one(text)}", "")
        self._area_number = Column(self._number_area, _NO_AREA)
        self._levels = (
            _Level("lexile", "L", Column(lexile, _NAN), *(columns.first(*names) for names in layout.LEXILE)),
            _Level("quantile", "Q", Column(quantile, _NAN), *(columns.first(*names) for names in layout.QUANTILE)),
        )

    def _number_area(self, text: str) -> int:
        name = self._text.one(text)
        return self._areas.setdefault(name, len(self._areas)) if name else _NO_AREA

    def batches(self) -> Iterator[Batch]:
        """All rows; one batch with one problem if a column is missing that every row needs."""
        missing = [key for key in (layout.STUDENT, layout.DATE, layout.RIT) if key not in self._columns]
        if self._columns.first(*layout.COURSE) is None:
            missing.append(layout.COURSE[0])
        if missing:
            yield self._unusable(missing)
            return
        verdicts = self._keys.survey(self._table, _CHUNK, self._roster.see if self._roster else None)
        done = rows_done = 0
        for chunk in self._table.chunks(_CHUNK):
            of_chunk = verdicts[done : done + len(chunk)]
            done += len(chunk)
            if len(of_chunk.standing) != len(chunk):
                raise BadInput(_(CHANGED).format(file=self._table.file), CHANGED_STEP)
            shape = self._table.take_problems()
            rows_done += len(chunk) + sum(problem.left_out for problem in shape)
            yield self._batch(chunk, of_chunk, shape, rows_done)

    def _unusable(self, missing: Sequence[str]) -> Batch:
        names = {layout.STUDENT: "StudentID", layout.DATE: "TestStartDate", layout.RIT: "TestRITScore"}
        words = ", ".join(names.get(key, "Course or MeasurementScale") for key in missing)
        rows = sum(len(chunk) for chunk in self._table.chunks(_CHUNK))
        rows += sum(problem.left_out for problem in self._table.take_problems())
        reason = _(MISSING_COLUMNS).format(missing=words, looked_for=self._looks_for)
        problem = Problem(self._table.file, None, None, None, reason, MISSING_STEP)
        return Batch({}, (problem,), Tally(rows=rows, left_out=rows), rows)

    def _batch(self, chunk: pd.DataFrame, verdicts: Verdicts, shape: Sequence[Problem], rows_done: int) -> Batch:
        cells = chunk.to_numpy()
        rows = chunk.index.to_numpy(dtype=np.int64)
        needed = self._keys.needed(cells)
        problems = [*shape, *self._others(cells, rows, needed, verdicts)]
        for at, (key, text, reason) in needed.reasons.items():
            problems.append(self._problem(rows[at], key, text, reason, left_out=True))
        for at in np.flatnonzero(verdicts.standing == Standing.COPY).tolist():
            reason = _(COPY).format(row=verdicts.copy_of[at])
            problems.append(Problem(self._table.file, int(rows[at]), None, None, reason, COPY_STEP))
        kept = np.flatnonzero(np.isin(verdicts.standing, (Standing.GROWTH, Standing.OTHER, Standing.REPEAT)))
        read, rows_read = (cells, rows) if len(kept) == len(cells) else (cells[kept], rows[kept])
        frame, more = self._evidence(read, rows_read, needed, kept, verdicts)
        problems += more
        frames = {Kind.EVIDENCE: frame}
        if self._roster:
            codes = [needed.learner[at] for at in kept]
            terms = [needed.term[at] for at in kept]
            people, more = self._roster.read(read, rows_read, codes, terms)
            frames |= people
            problems += more
        problems.sort(key=lambda problem: (problem.row is None, problem.row or 0))
        return Batch(frames, tuple(problems), self._tally(verdicts, needed, shape), rows_done)

    def _others(self, cells: Texts, rows: npt.NDArray[np.int64], needed: Needed, verdicts: Verdicts) -> list[Problem]:
        """Leaves out the rows that have the id of another child."""
        if not self._roster:
            return []
        kept = np.flatnonzero(np.isin(verdicts.standing, (Standing.GROWTH, Standing.OTHER, Standing.REPEAT)))
        codes = [needed.learner[at] for at in kept]
        problems = self._roster.others(cells[kept], rows[kept].tolist(), codes)
        verdicts.standing[np.isin(rows, [problem.row for problem in problems if problem.row])] = Standing.NOT_READ
        return problems

    @staticmethod
    def _tally(verdicts: Verdicts, needed: Needed, shape: Sequence[Problem]) -> Tally:
        uncut = sum(problem.left_out for problem in shape)
        counts = np.bincount(verdicts.standing, minlength=len(Standing)).tolist()
        blank = int(needed.blank.sum())
        return Tally(
            rows=len(verdicts.standing) + uncut,
            events=counts[Standing.GROWTH] + counts[Standing.OTHER],
            growth=counts[Standing.GROWTH],
            repeats=counts[Standing.REPEAT],
            left_out=counts[Standing.COPY] + counts[Standing.NOT_READ] - blank + uncut,
            blank=blank,
        )

    def _problem(self, row: int, key: str | None, text: str | None, reason: str, *, left_out: bool) -> Problem:
        column = self._columns.name(key)
        found = cell_problem(self._table.file, int(row), column, text or "", reason, left_out=left_out)
        return (
            found if text is not None else Problem(found.file, found.row, column, None, reason, found.advice, left_out)
        )

    def _evidence(
        self,
        cells: Texts,
        rows: npt.NDArray[np.int64],
        needed: Needed,
        kept: npt.NDArray[np.int64],
        verdicts: Verdicts,
    ) -> tuple[pd.DataFrame, list[Problem]]:
        """The facts of the rows read, and what of them could not be read."""
        bad = self._keys.unreadable(cells)
        texts = self._columns.texts
        count = len(rows)
        norms = np.array(self._text(texts(cells, layout.NORMS)), dtype=object)
        facts: list[Facts] = []
        wordless: dict[str, list[str]] = {}
        for level in self._levels:
            facts += self._level_facts(cells, level, wordless, bad)
        facts += self._area_facts(cells, norms, bad)
        details, bad_details = self._details(cells, wordless)
        bad += bad_details
        percentile = as_floats(self._values(cells, layout.PERCENTILE, self._percentile, bad))
        whole = Facts(
            at=np.arange(count),
            aspect=np.full(count, "", dtype=object),
            value=needed.rit[kept],
            unit="RIT",
            error=needed.error[kept],
            percentile=percentile,
            norms=norms,
            details=np.array(details, dtype=object),
        )

        def of_row(values: Sequence[object]) -> Texts:
            found = np.empty(len(values), dtype=object)
            found[:] = values
            return found[kept]

        standing = verdicts.standing[kept]
        by_row = {
            "row": rows,
            "learner_code": of_row(needed.learner),
            "measure": of_row(needed.measure),
            "taken_on": of_row(needed.day),
            "term": of_row(needed.term),
            "test": of_row(needed.test),
            "part": self._parts(cells, needed, kept, verdicts),
            "standing": STANDING_WORDS[standing],
        }
        problems = [
            self._problem(rows[at], key, texts(cells, key)[at], reason, left_out=False) for at, key, reason in bad
        ]
        for at in np.flatnonzero(verdicts.also_marked[kept]).tolist():
            flag = texts(cells, layout.GROWTH_FLAG)[at]
            reason = _(SECOND_GROWTH_EVENT).format(row=verdicts.also_marked[kept][at])
            problems.append(
                cell_problem(
                    self._table.file,
                    int(rows[at]),
                    self._columns.name(layout.GROWTH_FLAG),
                    flag,
                    reason,
                    left_out=False,
                    advice=SECOND_GROWTH_STEP,
                )
            )
        return evidence_frame(by_row, [whole, *facts]), problems

    def _parts(self, cells: Texts, needed: Needed, kept: npt.NDArray[np.int64], verdicts: Verdicts) -> Texts:
        """What keeps further sittings apart: a start time, the vendor's test id or a number."""
        parts = np.full(len(kept), "", dtype=object)
        ids = self._columns.texts(cells, layout.TEST_ID)
        for at in np.flatnonzero(verdicts.part[kept]).tolist():
            whole_at = kept[at]
            match verdicts.part[whole_at]:
                case Part.TIME:
                    parts[at] = needed.time[whole_at][:5]
                case Part.TEST_ID:
                    parts[at] = ids[at].strip()
                case _:
                    parts[at] = str(verdicts.ordinal[whole_at])
        return parts

    def _values(
        self, cells: Texts, key: str, column: Column[T], bad: list[BadCell], at: npt.NDArray[np.int64] | None = None
    ) -> list[T]:
        """The values of a column, of the rows `at` alone if given; unreadable cells are added to `bad`."""
        texts = self._columns.texts(cells, key)
        texts = texts if at is None else texts[at]
        values = column(texts)
        for where, reason in column.unreadable(texts):
            bad.append((where if at is None else int(at[where]), key, reason))
        return values

    def _level_facts(
        self, cells: Texts, level: _Level, wordless: dict[str, list[str]], bad: list[BadCell]
    ) -> list[Facts]:
        """A Lexile or Quantile measure; one without a number (bare `BR`) goes into `wordless` by its text."""
        texts = self._columns.texts(cells, level.score)
        if level.score is None or not any(texts.tolist()):
            return []
        values = as_floats(self._values(cells, level.score, level.column, bad))
        unread = {at for at, _ in level.column.unreadable(texts)}
        for where in np.flatnonzero(np.isnan(values) & (texts != "")).tolist():
            text = texts[where].strip()
            if where not in unread and not is_nothing(text):
                members = wordless.setdefault(level.name, [""] * len(cells))
                members[where] = f'"{level.name}":{json_text(text)}'
        at = np.flatnonzero(~np.isnan(values))
        bounds = []
        for word, key in (("max", level.high), ("min", level.low)):
            if key is not None:
                found = self._values(cells, key, level.column, bad, at)
                bounds.append([f'"{word}":{json_number(value)}' if value == value else "" for value in found])
        bounds.append([f'"text":{json_text(text.strip())}' for text in texts[at]])
        return [partial_facts(at, level.name, values[at], level.unit, details=objects(bounds))]

    def _area_facts(self, cells: Texts, norms: Texts, bad: list[BadCell]) -> list[Facts]:
        """The instructional areas, by name."""
        found: list[Facts] = []
        earlier: list[npt.NDArray[np.int64]] = []
        for number in range(1, layout.GOALS + 1):
            goal = f"goal{number}"
            if not any(self._columns.texts(cells, f"{goal}ritscore").tolist()):
                continue
            name_texts = self._columns.texts(cells, f"{goal}name")
            names = np.array(self._area_number(name_texts), dtype=np.int64)
            values = as_floats(self._values(cells, f"{goal}ritscore", self._score, bad))
            present = ~np.isnan(values)
            nameless = present & (names == _NO_AREA)
            bad += [(where, f"{goal}ritscore", NAMELESS_AREA) for where in np.flatnonzero(nameless).tolist()]
            present &= ~nameless
            for others in earlier:
                twice = present & (names == others)
                bad += [(where, f"{goal}name", SECOND_AREA) for where in np.flatnonzero(twice).tolist()]
                present &= ~twice
            earlier.append(np.where(present, names, _NO_AREA))
            at = np.flatnonzero(present)
            error = as_floats(self._values(cells, f"{goal}stderr", self._error, bad, at))
            members = [
                self._values(cells, f"{goal}adjective", self._adjective, bad, at),
                self._values(cells, f"{goal}range", self._range, bad, at),
            ]
            area = partial_facts(at, "", values[at], "RIT", error=error, norms=norms[at], details=objects(members))
            area.aspect = np.array(self._area(name_texts[at]), dtype=object)
            found.append(area)
        return found


def _score_range(text: str) -> str:
    if is_nothing(text):
        return ""
    if not _RANGE.fullmatch(text):
        raise Unreadable(NOT_RANGE)
    return text
