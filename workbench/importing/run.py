"""Bringing exports in: files to sightings, invisible until the whole is committed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workbench.access import Role, asks_inside, no_learner
from workbench.days import short
from workbench.errors import BadInput
from workbench.facet import Facet
from workbench.importing import IMPORTERS, UNKNOWN_STEP, known_kinds, mappings, open_tables, recognise
from workbench.importing.columns import COLUMNS_OF, Numbers
from workbench.importing.records import Batch, Importer, Kind, Problem, Table, Tally
from workbench.store.sightings import Counts
from workbench.terms import school_year
from workbench.words import _, ngettext

#: (file, rows done, rows in all or None)
Progress = Callable[[str, int, int | None], None]
FILES_NAMED = 12
MOST_PROBLEMS = 2_000  # kept per file; a file with more has one mistake many times


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file. `counts` are of facts: one test row holds several."""

    file: str
    title: str
    tally: Tally
    counts: Counts = Counts()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or (before it is run, `import_id` None) would do."""

    import_id: int | None
    files: tuple[FileOutcome, ...]
    problems: tuple[Problem, ...]

    @property
    def tally(self) -> Tally:
        return sum((one.tally for one in self.files), Tally())

    @property
    def counts(self) -> Counts:
        each = [one.counts for one in self.files]
        return Counts(sum(c.new for c in each), sum(c.same for c in each), sum(c.changed for c in each))


@dataclass(frozen=True, slots=True)
class Import:
    """One import of the past."""

    id: int
    at: datetime
    actor: str
    undone: bool
    files: tuple[FileOutcome, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Imports(Facet):
    """`bench.imports`: brings exports in and takes imports back.

    `school` is where a class list's learners are when the list does not say; `own_mappings` the school's folder.
    """

    school: str = ""
    own_mappings: Path | None = None

    @no_learner
    def preview(self, paths: Path | str | Sequence[Path | str], *, progress: Progress | None = None) -> Outcome:
        """Reads everything and keeps nothing; raises BadInput when there is nothing to read."""
        self.gate.permit_import("Imports.preview")
        outcomes: list[FileOutcome] = []
        problems: list[Problem] = []
        with _Opened(paths, self._own()) as opened:
            for table, importer in opened.known():
                already = self._already(table)
                if already is not None:
                    outcomes.append(already)
                    continue
                tally, met = Tally(), _Problems(table.file)
                for batch in importer.read(table):
                    tally += batch.tally
                    met.add(batch.problems)
                    _tell(progress, table, batch)
                problems.extend(met.kept)
                outcomes.append(FileOutcome(table.file, importer.title, tally))
            problems.extend(opened.problems)
        return Outcome(None, tuple(outcomes), tuple(problems))

    @no_learner
    def run(
        self,
        paths: Path | str | Sequence[Path | str],
        *,
        on: date | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Brings in every export at `paths` (files, zips, folders); nothing shows until all of it is in.

        `on` is the day that tells the school year of a class list without one (default: today).
        `progress(file, rows done, rows in all or None)` is called along the way. Raises BadInput
        when there is nothing to read; a bad row becomes a problem of the outcome, never an exception.
        """
        self.gate.permit_import("Imports.run")
        sightings = self.store.sightings
        sightings.discard_abandoned(self.clock())
        outcomes: list[FileOutcome] = []
        problems: list[Problem] = []
        year = school_year(on or self.clock().date())
        with _Opened(paths, self._own()) as opened:
            known = list(opened.known())
            import_id = sightings.begin(self.by, self.clock())
            numbers = Numbers(sightings, self._names(), self.school, year)
            try:
                for table, importer in known:
                    already = self._already(table)
                    if already is not None:
                        outcomes.append(already)
                        continue
                    outcome, met = self._read(table, importer, import_id, numbers, progress)
                    outcomes.append(outcome)
                    problems.extend(met)
                problems.extend(opened.problems)
                if all(outcome.note for outcome in outcomes):
                    sightings.discard(import_id)
                    return Outcome(None, tuple(outcomes), tuple(problems))
                sightings.note_problems(import_id, [asdict(problem) for problem in problems])
                sightings.commit(import_id, self.by, self.clock())
            except BaseException:
                sightings.discard(import_id)
                raise
        return Outcome(import_id, tuple(outcomes), tuple(problems))

    @no_learner
    def undo(self, import_id: int) -> bool:
        """Takes an import back: what other imports said stands again. False when it was not standing."""
        self.gate.permit_import("Imports.undo")
        known = any(one.id == import_id for one in self.history())
        return known and self.store.sightings.undo(import_id, self.by, self.clock())

    @no_learner
    def history(self) -> tuple[Import, ...]:
        """The imports there were, newest first."""
        self.gate.permit_import("Imports.history")
        known = (*IMPORTERS, *self._own().mappings)
        titles: dict[Any, str] = {importer.name: importer.title for importer in known}
        found: dict[int, Import] = {}
        for row in self.store.sightings.history():
            tally = Tally(**{name: row[name] for name in _TALLY})
            counts = Counts(row["new"], row["same"], row["changed"])
            file = FileOutcome(row["file"], titles.get(row["importer"], ""), tally, counts)
            before = found.get(row["number"])
            files = (*before.files, file) if before else (file,)
            found[row["number"]] = Import(
                row["number"], row["started_at"], row["actor"], row["undone"] is not None, files
            )
        return tuple(found.values())

    @asks_inside
    def problems(self, import_id: int | None = None) -> tuple[Problem, ...]:
        """The problems of one import, or of every import that stands.

        What a cell held may name any learner, so only an admin and whoever brought the file in read it.
        """
        self.gate.permit_import("Imports.problems")
        actor = self.gate.actor
        own = {row["number"] for row in self.store.sightings.history() if row["actor"] == self.by}
        names = ("file", "row", "column", "value", "reason", "advice", "left_out")
        found = []
        for row in self.store.sightings.problems(import_id):
            problem = Problem(**{name: row[name] for name in names})
            hidden = problem.value is not None and actor.role is not Role.ADMIN and row["import_id"] not in own
            found.append(replace(problem, value="…") if hidden else problem)
        return tuple(found)

    @no_learner
    def unnamed(self) -> str:
        """A sentence on learners who have results but are on no roster, so that nobody sees them; "" when all are."""
        count = len(self.store.identity.waiting())
        if not count:
            return ""
        told = ngettext(
            "{count} learner has results and is on no roster yet, so nobody sees them.",
            "{count} learners have results and are on no roster yet, so nobody sees them.",
            count,
        ).format(count=count)
        return told + " " + _("Bring in StudentsBySchool or a class list.")

    @no_learner
    def totals(self) -> dict[str, int]:
        """How many learners, enrolments, memberships and facts are current."""
        return self.store.sightings.totals()

    def _names(self) -> dict[str, str]:
        """The code of each educator by name, as the rosters have them."""
        classes = self.store.roster.classes()
        return {name.casefold(): code for one in classes for code, name in one["educators"].items()}

    def _own(self) -> mappings.Loaded:
        return mappings.load(self.own_mappings) if self.own_mappings else mappings.Loaded()

    def _already(self, table: Table) -> FileOutcome | None:
        before = self.store.sightings.already(table.digest)
        if before is None:
            return None
        tally = Tally(**{name: before[name] for name in _TALLY})
        note = _("This very file was brought in on {day}; nothing changed.").format(
            day=short(before["started_at"].date())
        )
        return FileOutcome(table.file, "", tally, Counts(same=before["new"] + before["same"] + before["changed"]), note)

    def _read(
        self, table: Table, importer: Importer, import_id: int, numbers: Numbers, progress: Progress | None
    ) -> tuple[FileOutcome, list[Problem]]:
        sightings = self.store.sightings
        file_id = sightings.begin_file(import_id, table.file, table.digest, importer.name)
        tally, met = Tally(), _Problems(table.file)
        kinds: set[Kind] = set()
        with _uncollected():
            for batch in importer.read(table):
                for kind, frame in batch.frames.items():
                    if len(frame):
                        kinds.add(kind)
                        columns = COLUMNS_OF[kind](frame, numbers)
                        size = len(columns["learner_id"])
                        columns |= {"import_id": [import_id] * size, "file_id": [file_id] * size}
                        sightings.write(kind, columns, import_id, self.clock())
                tally += batch.tally
                met.add(batch.problems)
                _tell(progress, table, batch)
        counts = [sightings.compare(kind, import_id, file_id) for kind in kinds]
        whole = Counts(sum(c.new for c in counts), sum(c.same for c in counts), sum(c.changed for c in counts))
        sightings.end_file(file_id, {name: getattr(tally, name) for name in _TALLY}, whole)
        return FileOutcome(table.file, importer.title, tally, whole), met.kept


_TALLY = ("rows", "events", "growth", "repeats", "left_out", "skipped", "blank")


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection inside: cells hold no cycles, and looking for some costs a sixth of an import."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Opened:
    """The tables at some paths, each with the importer that knows it. Closes what it opened."""

    def __init__(self, paths: Path | str | Sequence[Path | str], own: mappings.Loaded) -> None:
        self._paths = [paths] if isinstance(paths, Path | str) else list(paths)
        self._own = own
        self._opened: list[Any] = []
        self.problems: list[Problem] = list(own.problems)

    def __enter__(self) -> _Opened:
        try:
            for path in self._paths:
                self._opened.append(open_tables(path))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._opened:
            opened.close()

    def known(self) -> Iterator[tuple[Table, Importer]]:
        """Tables with an importer; the others become problems, or BadInput when there is no known one."""
        seen: set[str] = set()
        found: list[tuple[Table, Importer]] = []
        for opened in self._opened:
            self.problems.extend(opened.problems)
            for table in opened:
                try:
                    importer = recognise(table, self._own.mappings)
                except BadInput as error:
                    said = any(problem.advice == error.next_step for problem in self.problems)  # it is long
                    advice = "" if said else error.next_step
                    self.problems.append(Problem(table.file, None, None, None, error.sentence, advice))
                    continue
                digest = table.digest
                if digest in seen:
                    again = _("The same content stands in another of these files, so it was read once.")
                    self.problems.append(Problem(table.file, None, None, None, again, "", left_out=False))
                    continue
                seen.add(digest)
                found.append((table, importer))
        if not found:
            if len(self.problems) == 1:
                raise BadInput(self.problems[0].reason, self.problems[0].advice)
            raise BadInput(_none_known(self.problems), UNKNOWN_STEP.format(known=known_kinds()))
        yield from sorted(found, key=lambda one: IMPORTERS.index(one[1]) if one[1] in IMPORTERS else len(IMPORTERS))


def _none_known(problems: Sequence[Problem]) -> str:
    said = [_("There is no export that is known here among these files:")]
    for problem in problems[:FILES_NAMED]:
        own = "" if "\n" in problem.advice else problem.advice  # what is looked for is said once, below
        said.append(f"- {problem.reason} {own}".strip())
    if len(problems) > FILES_NAMED:
        said.append(_("- … and {count} more").format(count=len(problems) - FILES_NAMED))
    return "\n".join(said)


class _Problems:
    """The problems of one file, the first `MOST_PROBLEMS` of them and a count of the rest."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._first: list[Problem] = []
        self._more = 0

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self._first) < MOST_PROBLEMS:
                self._first.append(problem)
            else:
                self._more += 1

    @property
    def kept(self) -> list[Problem]:
        if not self._more:
            return self._first
        more = ngettext(
            "{count} more problem of this file is not listed.",
            "{count} more problems of this file are not listed.",
            self._more,
        )
        advice = _("They are most likely one mistake made many times: mend the first ones and import again.")
        return [
            *self._first,
            Problem(self._file, None, None, None, more.format(count=self._more), advice, left_out=False),
        ]


def _tell(progress: Progress | None, table: Table, batch: Batch) -> None:
    if progress is not None:
        progress(table.file, batch.rows_done, table.rows)
