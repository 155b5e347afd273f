"""Bringing exports in: files to sightings, invisible until the whole is committed."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from workbench.access.actors import Action
from workbench.access.gate import asks_inside, no_learner
from workbench.facet import Facet
from workbench.ground.days import short
from workbench.ground.errors import NotAllowed
from workbench.ground.terms import Term
from workbench.ground.words import _, ngettext
from workbench.importing import IMPORTERS
from workbench.importing.alike import Problems
from workbench.importing.doubts import LEAVE_OUT, TERM, FarTerms, leaving, no_answer
from workbench.importing.handover import Handover, Row, handover
from workbench.importing.mapping import mappings
from workbench.importing.mapping.mappings.draft import Draft
from workbench.importing.namesakes import Namesakes
from workbench.importing.outcome import FileOutcome, Import, Outcome
from workbench.importing.prepared import Prepared
from workbench.importing.reading.columns import COLUMNS_OF, Numbers, departures
from workbench.importing.recognised import NONE_GIVEN, Given, Opened, Recognised, content_of, settle
from workbench.importing.records import Batch, Header, Importer, Kind, Problem, Question, Table, Tally
from workbench.importing.roster_columns import (
    LIST,
    filled,
    is_it_a_list,
    may_tell_of_results,
    too_many,
    unknown_columns,
)
from workbench.importing.vendors.class_list import ClassList
from workbench.store.sightings import Counts
from workbench.store.visible import WITH, WITHOUT

#: (file, rows done, rows in all or None)
Progress = Callable[[str, int, int | None], None]
WRITTEN_AT_ONCE = 4_000  # sightings in one transaction, between which others write what a child says
_ROW = 400  # bytes that a row takes in a store, or more; rows of tests hold several facts


@dataclass(frozen=True, slots=True, repr=False)
class Imports(Facet):
    """`bench.imports`: brings exports in and takes imports back."""

    @property
    def school(self) -> str:
        """Where a class list's learners are when the list does not say."""
        return self.desk.workspace.school

    @property
    def own_mappings(self) -> Path:
        """The folder of the school's own mappings."""
        return self.desk.workspace.folder / "mappings"

    @property
    def largest(self) -> int:
        """A file of more bytes is not read."""
        return self.desk.workspace.largest_file

    @no_learner
    def prepare(
        self,
        paths: Path | str | Sequence[Path | str],
        *,
        answers: Given = NONE_GIVEN,
        on: date | None = None,
        progress: Progress | None = None,
    ) -> Prepared:
        """Reads every export at `paths` (files, zips, folders), and lets nobody see anything of it before `commit`.

        While there are questions without an answer nothing is read. `answers` go by the name of a question, or by
        (file, name); `on` is the day that tells the school year of a class list without one (default: today).
        `progress(file, rows done, rows in all or None)` is called along the way. Raises BadInput when there is
        nothing to read, or an answer is none; a bad row becomes a problem, never an exception.
        """
        self.gate.permit_here(Action.IMPORT, "Imports.prepare")
        sightings = self.store.sightings
        sightings.discard_abandoned(self.clock())
        with Opened(paths, self._own(), largest=self.largest) as opened:
            found = [self._met(table, importers, answers) for table, importers in opened.known()]
            digests = tuple(table.digest for table, _what in found)
            again = partial(self.prepare, paths, answers=answers, on=on)
            if any(isinstance(what, Recognised) and what.questions for _table, what in found):
                return Prepared(self, again, digests, _not_read(found, opened.problems), _questions(found))
            if not any(isinstance(what, Recognised) for _table, what in found):
                return Prepared(self, again, digests, _not_read(found, opened.problems))
            rows = sum(table.rows or 0 for table, what in found if isinstance(what, Recognised))
            import_id = sightings.begin(self.by, self.clock(), size=rows * _ROW)
            since = None if self.gate.keeps_rosters else self.store.journal.latest_change()
            waiting: set[int] = set()
            try:
                numbers = Numbers(sightings, self.school, on or self.clock().astimezone().date())
                outcomes: list[FileOutcome] = []
                problems: list[Problem] = []
                far: list[Question] = []
                rosters: list[str] = []
                for table, what in found:
                    if isinstance(what, Recognised):
                        terms = FarTerms(table.file, numbers.on, what.answers.get(TERM, ""))
                        kinds: set[Kind] = set()
                        people: set[int] = set()
                        one, met = self._read(what, import_id, numbers, progress, terms, kinds, people, waiting)
                        far += self._no_roster(what, people)
                        if kinds & {Kind.ENROLMENTS, Kind.MEMBERSHIPS}:
                            rosters.append(one.file)
                        outcomes.append(one)
                        problems += met
                        far += terms.questions
                    else:
                        outcomes.append(what)
                problems += opened.problems
                if far:
                    sightings.discard(import_id)
                    return Prepared(self, again, digests, _not_read(found, opened.problems), tuple(far))
                sightings.note_problems(import_id, [asdict(problem) for problem in problems])
                self.gate.not_believed(sorted(waiting), "Imports.prepare")
                outcome = Outcome(None, tuple(outcomes), tuple(problems), waiting=len(waiting))
                questions: tuple[Question, ...] | None = ()
                if rosters:
                    outcome = self._with_handover(outcome, import_id)
                    questions = leaving(outcome.handover or Handover(), outcome.later, rosters[0], answers)
            except BaseException:
                sightings.discard(import_id)
                raise
        if questions is None:
            sightings.discard(import_id)
            left = tuple(FileOutcome(one.file, one.title, Tally(), note=_left_out()) for one in outcomes)
            return Prepared(self, again, digests, Outcome(None, left, ()))
        return Prepared(self, again, digests, outcome, questions, staged=import_id, since=since)

    @no_learner
    def run(
        self,
        paths: Path | str | Sequence[Path | str],
        *,
        answers: Given = NONE_GIVEN,
        on: date | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Prepares every export at `paths` and brings it in at once; see `prepare`.

        Raises BadInput also when a question has no answer.
        """
        with self.prepare(paths, answers=answers, on=on, progress=progress) as prepared:
            return prepared.commit()

    @no_learner
    def unknown(self, paths: Path | str | Sequence[Path | str]) -> tuple[str, ...]:
        """The tables at `paths` that nothing here can read yet, by the names that messages give them."""
        self.gate.permit_here(Action.IMPORT, "Imports.unknown")
        with Opened(paths, self._own(), largest=self.largest) as opened:
            return tuple(table.file for table in opened.unknown())

    @no_learner
    def keep_mapping(self, draft: Draft) -> None:
        """Keeps a mapping with the school's own, so that every file with these columns is known from now on.

        Raises BadInput for a name that is none or is taken, and for a draft that is not whole.
        """
        self.gate.permit_here(Action.IMPORT, "Imports.keep_mapping")
        mappings.save(self.own_mappings, draft)

    @no_learner
    def undo(self, import_id: int) -> bool:
        """Takes an import back: what other imports said stands again. False when it was not standing.

        Whoever brought it in may, and an admin; others get NotAllowed.
        """
        return self._permitted(import_id, "Imports.undo") and self.store.sightings.undo(
            import_id, self.by, self.clock()
        )

    @no_learner
    def redo(self, import_id: int) -> bool:
        """Brings an import back that was taken back. False when it was not.

        Who may is as for `undo`; NotAllowed also when it names learners of whom the actor is not believed now.
        """
        return self._believed(import_id, "Imports.redo") and self.store.sightings.redo(import_id, self.by, self.clock())

    @no_learner
    def undoing(self, import_id: int) -> Handover:
        """What taking an import back would take from whom; who may ask is as for `undo`."""
        if not self._permitted(import_id, "Imports.undoing"):
            return Handover()
        *before, _later = self.store.roster.supposing(WITH, import_id)
        *after, _later = self.store.roster.supposing(WITHOUT, import_id)
        return handover((before[0], before[1]), (after[0], after[1]))

    @no_learner
    def redoing(self, import_id: int) -> Handover:
        """What bringing an import back would take from whom; who may ask is as for `redo`."""
        return self._handover(import_id)[0] if self._believed(import_id, "Imports.redoing") else Handover()

    def _permitted(self, import_id: int, what: str) -> bool:
        """Whether there is such an import; raises NotAllowed for whoever may not take it back."""
        self.gate.permit_here(Action.IMPORT, what)
        brought_by = next((row["actor"] for row in self.store.sightings.history() if row["number"] == import_id), None)
        if brought_by is None:
            return False
        self.gate.permit_here(Action.TAKE_BACK, what, self.gate.to_import(brought_by), who=brought_by)
        return True

    def _believed(self, import_id: int, what: str) -> bool:
        """The same, and raises NotAllowed where not all of the import would be believed now."""
        if not self._permitted(import_id, what):
            return False
        strangers = self._strangers(self.store.own_lists.named(import_id))
        if strangers:
            self.gate.not_believed(sorted(strangers), what)
            raise NotAllowed(
                _("Somebody else brought in learners of this import meanwhile, so it is not brought back whole."),
                _("Bring its files in again, or ask an admin to bring the import back."),
            )
        return True

    @no_learner
    def history(self) -> tuple[Import, ...]:
        """The imports there were, newest first."""
        self.gate.permit_here(Action.IMPORT, "Imports.history")
        known = (*IMPORTERS, *self._own().mappings)
        titles: dict[Any, str] = {importer.name: importer.title for importer in known}
        found: dict[int, Import] = {}
        for row in self.store.sightings.history():
            tally = Tally(**{name: row[name] for name in _TALLY})
            counts = Counts(row["new"], row["same"], row["changed"], row["others"])
            title = titles.get(row["importer"], "")
            more = {"skipped": row["reasons"], "unread": tuple(row["unread"]), "waiting": row["waiting"]}
            file = FileOutcome(row["file"], title, tally, counts, **more)
            before = found.get(row["number"])
            files = (*before.files, file) if before else (file,)
            mine = self.gate.may_here(Action.TAKE_BACK, self.gate.to_import(row["actor"]))
            found[row["number"]] = Import(
                row["number"], row["started_at"], row["actor"], row["undone"] is not None, files, mine
            )
        return tuple(found.values())

    @asks_inside
    def problems(self, import_id: int | None = None) -> tuple[Problem, ...]:
        """The problems of one import, or of every import that stands.

        What a cell held may name any learner, so only an admin and whoever brought the file in read it.
        """
        self.gate.permit_here(Action.IMPORT, "Imports.problems")
        own = {row["number"] for row in self.store.sightings.history() if row["actor"] == self.by}
        names = ("file", "row", "column", "value", "reason", "advice", "left_out")
        found = []
        for row in self.store.sightings.problems(import_id):
            problem = Problem(**{name: row[name] for name in names})
            hidden = problem.value is not None and not self.gate.sees_everybody and row["import_id"] not in own
            found.append(replace(problem, value="…") if hidden else problem)
        return tuple(found)

    @no_learner
    def unnamed(self) -> str:
        """A sentence on results under names and ids that no learner has, so that nobody sees them; "" when all are."""
        count = len(self.store.identity.waiting())
        if not count:
            return ""
        told = ngettext(
            "Results wait under {count} name or id that no learner here has, so nobody sees them.",
            "Results wait under {count} names or ids that no learner here has, so nobody sees them.",
            count,
        ).format(count=f"{count:,}")
        return told + " " + _("Say in the Data app whose they are, or bring in a roster or a class list that has them.")

    @no_learner
    def by_own_lists(self) -> int:
        """How many learners an educator has by nothing but imports of their own."""
        return len(self.store.roster.by_own_lists())

    @no_learner
    def totals(self) -> dict[str, int]:
        """How many learners, enrolments, memberships and facts are current."""
        return self.store.sightings.totals()

    def _own(self) -> mappings.Loaded:
        return mappings.load(self.own_mappings)

    def _met(
        self, table: Table, importers: Sequence[Importer], answers: Given
    ) -> tuple[Table, Recognised | FileOutcome]:
        """A table with how it is to be read, or with why it need not be."""
        before = self.store.sightings.already(content_of(table, importers), by=self.by)
        if before is not None:
            tally = Tally(**{name: before[name] for name in _TALLY})
            note = _("This very file was brought in on {day}, in import {number}; nothing changed.").format(
                day=short(before["started_at"].date()), number=before["number"]
            )
            counts = Counts(same=before["new"] + before["same"] + before["changed"])
            return table, FileOutcome(table.file, "", tally, counts, note, earlier=before["number"])
        found = settle(table, importers, answers)
        is_list = found.answers.get(LIST) if _is_by_columns(found) else ""
        if found.left_out or LEAVE_OUT in (found.answers.get(TERM), is_list):
            return table, FileOutcome(table.file, found.title, Tally(), note=_left_out())
        return table, found

    def _no_roster(self, found: Recognised, people: set[int]) -> tuple[Question, ...]:
        """Asks whether a file is a roster that has a column of something else and names learners of no roster."""
        if not _is_by_columns(found) or not people or found.answers.get(LIST) == LIST:
            return ()
        columns = filled(found.table, unknown_columns(tuple(getattr(found.table.header, "unread", ()))))
        if not columns:
            return ()
        known = {row["id"] for row in self.store.roster.learners()}
        unsure = may_tell_of_results(columns) or too_many(found.table.header, columns)
        if not unsure and not (known and people - known):
            return ()
        question = is_it_a_list(found.table, columns, mapped=isinstance(found.importer, ClassList))
        if given := found.answers.get(LIST, ""):
            raise no_answer(question.file, given, question.words, (LIST,))
        return (question,)

    def _with_handover(self, outcome: Outcome, import_id: int) -> Outcome:
        """The outcome with what rosters that nobody sees yet would take from whom, and what of them is for later."""
        now, waiting, coming = self._handover(import_id)
        known = {row["class_id"] for row in waiting}
        classes = {(row["name"], row["year"]) for row in coming if row["class_id"] not in known}
        days = sorted({Term.parse(term).begins for *_who, term in _keys(waiting) ^ _keys(coming)})
        later = ((day, self._handover(import_id, day)[0]) for day in days)
        return replace(
            outcome,
            handover=now,
            coming=tuple(sorted(classes, key=lambda one: (one[1], len(one[0]), one[0]))),
            later=tuple((day, found) for day, found in later if found.takes and found != now),
        )

    def _handover(self, import_id: int, on: date | None = None) -> tuple[Handover, list[Row], list[Row]]:
        """What an import takes, now or on a day to come; and the coming memberships without it and with it."""
        before, enrolled, waiting = self.store.roster.supposing(WITHOUT, import_id, on)
        after, enrolled_then, coming = self.store.roster.supposing(WITH, import_id, on)
        return handover((before, enrolled), (after, enrolled_then)), waiting, coming

    def _read(
        self,
        found: Recognised,
        import_id: int,
        numbers: Numbers,
        progress: Progress | None,
        terms: FarTerms,
        every: set[Kind],
        people: set[int],
        waiting: set[int],
    ) -> tuple[FileOutcome, list[Problem]]:
        """Reads one file.

        Adds the kinds of sightings it writes to `every`, whom it puts on rosters to `people`, and those of them of whom
        that waits to `waiting`.
        """
        sightings, table, importer = self.store.sightings, found.table, found.importer
        assert importer is not None  # noqa: S101 (asked, while it is not known)
        file_id = sightings.begin_file(import_id, table.file, content_of(table, (importer,)), importer.name)
        if importer.together and importer.name not in table.place.before:
            table.place.before[importer.name] = sightings.remembered(importer.name, import_id, by=self.by)
        tally, skipped, met = Tally(), Counter[str](), Problems(table.file)
        kinds: set[Kind] = set()
        measured: set[int] = set()
        namesakes = Namesakes(self.store, numbers, terms.meant)
        with _uncollected():
            named = map(partial(namesakes.settle, table.file), importer.read(table, found.answers))
            for batch in map(terms.settle, named):
                for kind, frame in batch.frames.items():
                    if kind is Kind.DEPARTURES:
                        continue
                    for start in range(0, len(frame), WRITTEN_AT_ONCE):
                        kinds.add(kind)
                        columns = COLUMNS_OF[kind](frame.iloc[start : start + WRITTEN_AT_ONCE], numbers)
                        size = len(columns["learner_id"])
                        if kind in _ROSTER:
                            people.update(columns["learner_id"])
                        elif kind is Kind.EVIDENCE:
                            measured.update(columns["learner_id"])
                        columns |= {"import_id": [import_id] * size, "file_id": [file_id] * size}
                        sightings.write(kind, columns, import_id, self.clock())
                if Kind.DEPARTURES in batch.frames:
                    gone = departures(batch.frames[Kind.DEPARTURES], numbers)
                    kinds |= {Kind(one) for one in sightings.depart(gone, import_id, file_id, self.clock())}
                for kind in batch.complete:
                    sightings.complete(kind, importer.name, import_id, file_id, self.clock())
                tally += batch.tally
                skipped.update(batch.skipped)
                met.add(batch.problems)
                _tell(progress, table, batch)
        if importer.name in table.place.after:
            sightings.remember(importer.name, import_id, table.place.after.pop(importer.name))
        every |= kinds
        held, compared = self._hold_back(import_id, measured)
        waiting |= held
        counts = sum((sightings.compare(kind, import_id, file_id, compared) for kind in kinds), Counts())
        unread = table.header.unread if isinstance(table.header, Header) else ()
        sightings.end_file(file_id, {name: getattr(tally, name) for name in _TALLY}, skipped, counts, len(held), unread)
        outcome = FileOutcome(table.file, importer.title, tally, counts, "", dict(skipped), None, unread, len(held))
        return outcome, met.kept

    def _hold_back(self, import_id: int, measured: set[int]) -> tuple[set[int], set[int] | None]:
        """Takes out of an import what is not believed; `measured` are those of whom it has evidence.

        Returns of whom that was something, and whose facts alone may be compared with what stands; None: all of them.
        """
        if self.gate.keeps_rosters:
            return set(), None
        lists = self.store.own_lists
        everybody = lists.named(import_id) | measured
        strangers = self._strangers(everybody)
        return lists.hold_back(import_id, strangers), everybody - strangers if strangers else None

    def _strangers(self, numbers: set[int]) -> set[int]:
        """Those of `numbers` of whom what the actor's imports say is not believed."""
        if self.gate.keeps_rosters:
            return set()
        codes = self.store.roster.codes_of(self.gate.actor.code)
        return self.store.own_lists.strangers(numbers, by=self.by, codes=codes)


def _not_read(found: Sequence[tuple[Table, Recognised | FileOutcome]], problems: Sequence[Problem]) -> Outcome:
    files = (FileOutcome(t.file, what.title, Tally()) if isinstance(what, Recognised) else what for t, what in found)
    return Outcome(None, tuple(files), tuple(problems))


def _questions(found: Sequence[tuple[Table, Recognised | FileOutcome]]) -> tuple[Question, ...]:
    return tuple(one for _table, what in found if isinstance(what, Recognised) for one in what.questions)


def _keys(memberships: Iterable[Row]) -> set[tuple[int, int, str]]:
    return {(row["learner_id"], row["class_id"], row["term"]) for row in memberships}


def _left_out() -> str:
    return _("Left out, as was asked for.")


def _is_by_columns(found: Recognised) -> bool:
    return found.importer is not None and found.importer.name in _BY_COLUMNS


#: Rosters that hardly more than their columns tell from files of results.
_BY_COLUMNS = frozenset(("class_list", "clever", "nwea_students_by_school", "nwea_class_assignments"))
_ROSTER = (Kind.LEARNERS, Kind.ENROLMENTS, Kind.MEMBERSHIPS)
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


def _tell(progress: Progress | None, table: Table, batch: Batch) -> None:
    if progress is not None:
        progress(table.file, batch.rows_done, table.rows)
