"""Bringing exports in: files dropped, looked at, brought in, and taken back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextvars import copy_context
from datetime import date
from enum import StrEnum
from typing import Any

from widgets import _blocks
from widgets._base import error_boundary
from widgets._blocks import Block
from widgets._form import Form
from widgets._incoming import Incoming
from workbench import days
from workbench.bench import Workbench
from workbench.errors import BadInput
from workbench.importing import IMPORTERS
from workbench.importing.recognised import how_to_answer
from workbench.importing.records import Problem
from workbench.importing.run import FileOutcome, Import, Outcome, Prepared
from workbench.words import _, ngettext

ACCEPT = ".csv,.txt,.tsv,.xlsx,.xlsm,.zip"
_PROBLEMS_SHOWN = 200
_HISTORY_SHOWN = 8
_BETWEEN = 0.2  # seconds between two drawings of the bar


class Stage(StrEnum):
    WAITING = "waiting"
    ARRIVING = "arriving"
    LOOKING = "looking"
    LOOKED_AT = "looked at"
    BRINGING_IN = "bringing in"
    DONE = "done"


class DataLoader(Form):
    """A place to drop exports. Nothing is kept before the rows were seen and brought in.

    >>> DataLoader(bench)  # doctest: +SKIP
    """

    says_saved = False

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self.today = today or date.today()  # noqa: DTZ011  a widget's edge
        self.stage = Stage.WAITING
        self.outcome: Outcome | None = None
        self._incoming: Incoming | None = None
        self._prepared: Prepared | None = None
        self._thread: threading.Thread | None = None
        self._bar: dict[str, Any] = {}
        self._drawn_at = 0.0
        self._said = ""
        super().__init__(bench, view="data", **traits)

    def wait(self, seconds: float | None = None) -> None:
        """Waits until reading or importing has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        self._put_away()
        super().close()

    def bring_in(self) -> None:
        """Brings in the files that were looked at."""
        prepared = self._prepared
        if prepared is None or self.stage is not Stage.LOOKED_AT:
            raise BadInput(_("There are no files to bring in."), _("Choose them first."))

        def work() -> None:
            self.outcome = prepared.commit()
            self.stage = Stage.DONE
            self._put_away()

        self._start(Stage.BRINGING_IN, work, if_it_fails=Stage.LOOKED_AT)

    def start_over(self) -> None:
        """Forgets the files that were looked at."""
        self._put_away()
        self.stage, self.outcome, self._said = Stage.WAITING, None, ""

    def undo(self, import_id: int) -> None:
        """Takes an import back."""
        undone = self.bench.imports.undo(import_id)
        self.start_over()
        self._said = (
            _("Taken back. What other imports brought in stands as it was; to have it again, bring the files in again.")
            if undone
            else _("This import was taken back already.")
        )

    # What arrives

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        steps: dict[Any, Callable[[], None]] = {
            "files": lambda: self._expect(content.get("files") or []),
            "piece": lambda: self._take(content, buffers),
            "arrived": self._look,
        }
        if kind not in steps:
            super()._heard(widget, content, buffers)
            return
        go = False
        with error_boundary(self._failed):
            steps[kind]()
            go = True
        if kind != "arrived":
            self.send({"kind": "next", "go": go})

    def _expect(self, files: list[dict[str, Any]]) -> None:
        if self.stage in (Stage.LOOKING, Stage.BRINGING_IN):
            raise BadInput(
                _("Files are being read already."), _("Wait until they are done, then choose the next ones.")
            )
        self.bench.imports.history()  # refuses those who may not load exports before anything is put down
        self.start_over()
        self._incoming = Incoming(self.bench.workspace.folder, files)
        self.stage = Stage.ARRIVING
        self._draw_bar(_("Taking the files …"), 0, self._incoming.total, now=True)

    def _take(self, content: dict[str, Any], buffers: Any) -> None:
        if self._incoming is None or not buffers:
            raise BadInput(_("The files did not arrive whole."), _("Choose them again."))
        self._incoming.take(int(content.get("file", -1)), int(content.get("start", -1)), buffers[0])
        self._draw_bar(_("Taking the files …"), self._incoming.done, self._incoming.total)

    def _look(self) -> None:
        incoming = self._incoming
        if incoming is None:
            raise BadInput(_("The files did not arrive whole."), _("Choose them again."))
        incoming.check_whole()

        def work() -> None:
            prepared = self.bench.imports.prepare(incoming.paths, on=self.today, progress=self._tell)
            if prepared.questions:
                raise how_to_answer(prepared.questions)
            self._prepared, self.outcome = prepared, prepared.outcome
            self.stage = Stage.LOOKED_AT

        self._start(Stage.LOOKING, work, if_it_fails=Stage.WAITING)

    # Long work

    def _start(self, stage: Stage, work: Callable[[], None], *, if_it_fails: Stage) -> None:
        """Does `work` beside the page, which goes on answering."""
        self.stage = stage

        def fail(sentence: str, next_step: str) -> None:
            self._failed(sentence, next_step, back_to=if_it_fails)

        def run() -> None:
            with error_boundary(fail):
                work()
                self.refresh()

        self._draw_bar(_("Reading the files …"), 0, None, now=True)
        self._thread = threading.Thread(target=copy_context().run, args=(run,), daemon=True)
        self._thread.start()

    def _tell(self, file: str, done: int, total: int | None) -> None:
        words = _("Reading {file}: row {done} of {total}") if total else _("Reading {file}: row {done}")
        self._draw_bar(words.format(file=file, done=f"{done:,}", total=f"{total or 0:,}"), done, total)

    def _draw_bar(self, label: str, done: int, total: int | None, *, now: bool = False) -> None:
        self._bar = {"label": label, "done": done, "total": total}
        if now or time.monotonic() - self._drawn_at > _BETWEEN:
            self._drawn_at = time.monotonic()
            self.refresh()

    def _failed(self, sentence: str, next_step: str, back_to: Stage = Stage.WAITING) -> None:
        self.stage = back_to
        if back_to is Stage.WAITING:
            self._put_away()
        self.refresh()
        self._apologise(sentence, next_step)

    def _put_away(self) -> None:
        if self._prepared is not None:
            self._prepared.discard()
            self._prepared = None
        if self._incoming is not None:
            self._incoming.remove()
            self._incoming = None

    # What is shown

    def frame(self) -> dict[str, Any]:
        if self.outcome is None or not self.outcome.problems or self.stage not in (Stage.LOOKED_AT, Stage.DONE):
            return {"key": ""}
        rows = [_cells(problem) for problem in self.outcome.problems]
        return {"key": "", "download": {"name": _("problems.csv"), "header": _problem_header(), "rows": rows}}

    def blocks(self) -> Iterable[Block]:
        if self._said:
            yield _blocks.note(self._said, look="done")
        if self.stage in (Stage.ARRIVING, Stage.LOOKING, Stage.BRINGING_IN):
            yield Block("progress", shown=self._bar)
        elif self.outcome is not None and self.stage is Stage.LOOKED_AT:
            yield from self._looked_at(self.outcome)
        elif self.outcome is not None and self.stage is Stage.DONE:
            yield from self._done(self.outcome)
        else:
            yield _drop_area()
        if self.stage in (Stage.WAITING, Stage.DONE):
            yield self._history()

    def _looked_at(self, outcome: Outcome) -> Iterable[Block]:
        header = [_("File"), _("Recognised as"), _("Rows"), _("To bring in"), _("Left out")]
        rows = [
            [one.file, one.note or one.title, *(f"{n:,}" for n in (one.tally.rows, _usable(one), one.tally.left_out))]
            for one in outcome.files
        ]
        yield _table(_("What is in these files"), header, rows, numbers=(2, 3, 4))
        yield from _problems(outcome.problems)
        count = sum(_usable(one) for one in outcome.files)
        other = _blocks.button("over", _("Choose other files"), self.start_over, look="secondary")
        if not count:
            yield _blocks.note(_("There is nothing new to bring in."), look="quiet")
            yield _blocks.group(other, look="foot")
            return
        words = ngettext("Bring in {count} row", "Bring in {count} rows", count).format(count=f"{count:,}")
        yield _blocks.group(other, _blocks.button("bring", words, self.bring_in, look="primary"), look="foot")

    def _done(self, outcome: Outcome) -> Iterable[Block]:
        yield _blocks.note(_sentence(outcome), look="done")
        header = [
            _("File"),
            _("Rows"),
            _("Read"),
            _("Growth events"),
            _("Repeats kept apart"),
            _("Left out"),
            _("New"),
            _("Same"),
            _("Changed"),
        ]
        rows = [[one.file, *(f"{number:,}" for number in _numbers(one))] for one in outcome.files]
        yield _table(_("What became of each file"), header, rows, numbers=tuple(range(1, len(header))))
        told = _(
            "Growth events are among the rows read. New, same and changed count facts: one test row holds several."
        )
        yield _blocks.note(told, look="quiet")
        yield from _problems(outcome.problems)
        unnamed = self.bench.imports.unnamed()
        if unnamed:
            yield _blocks.note(unnamed, look="amber")
        parts = [_blocks.button("over", _("Bring in more files"), self.start_over, look="secondary")]
        if outcome.import_id is not None:
            number = outcome.import_id
            parts.append(
                _blocks.button(f"undo/{number}", _("Undo this import"), lambda: self.undo(number), look="link")
            )
        yield _blocks.group(*parts, look="row")

    def _history(self) -> Block:
        title = _blocks.heading(_("Earlier imports"))
        past = self.bench.imports.history()
        if not past:
            words = _("What was brought in is listed here, and can be taken back.")
            return _blocks.group(title, _blocks.note(words, look="quiet"), look="card")
        lines = [self._past(one) for one in past[:_HISTORY_SHOWN]]
        return _blocks.group(title, *lines, look="card", name="history")

    def _past(self, one: Import) -> Block:
        at = one.at.astimezone()
        when = _("{day}, {time}").format(day=days.said(at.date(), self.today), time=f"{at:%H:%M}")
        names = [file.file for file in one.files]
        listed = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        rows = sum(_usable(file) for file in one.files)
        count = ngettext("{count} row", "{count} rows", rows).format(count=f"{rows:,}")
        words = _blocks.facts([(f"{when} · {count}", listed)])
        if one.undone:
            return _blocks.group(
                words, _blocks.note(_("Taken back"), look="quiet"), look="row item", name=f"past/{one.id}"
            )
        undo = _blocks.button(
            f"undo/{one.id}",
            _("Undo"),
            lambda: self.undo(one.id),
            look="link",
            says=_("Undo the import of {when}").format(when=when),
        )
        return _blocks.group(words, undo, look="row item", name=f"past/{one.id}")


def _drop_area() -> Block:
    shown = {
        "label": _("Drop your exports here"),
        "hint": _("CSV, Excel and zip files, as many as you like. Nothing is kept before you have seen it."),
        "accept": ACCEPT,
        "known_label": _("Files that are known here:"),
        "known": [importer.title[:1].upper() + importer.title[1:] for importer in IMPORTERS],
    }
    return Block("drop", shown=shown)


def _table(label: str, header: list[str], rows: list[list[str]], *, numbers: tuple[int, ...] = ()) -> Block:
    return Block("table", shown={"label": label, "header": header, "rows": rows, "numbers": list(numbers)})


def _problems(problems: tuple[Problem, ...]) -> Iterable[Block]:
    if not problems:
        return
    count = ngettext("{count} problem", "{count} problems", len(problems)).format(count=f"{len(problems):,}")
    rows = [_cells(problem) for problem in problems[:_PROBLEMS_SHOWN]]
    yield _table(count, _problem_header(), rows, numbers=(1,))
    parts = [Block("download", shown={"label": _("Download the list")})]
    if len(problems) > _PROBLEMS_SHOWN:
        words = _("The first {count} are shown; the list has all of them.").format(count=_PROBLEMS_SHOWN)
        parts.append(_blocks.note(words, look="quiet"))
    yield _blocks.group(*parts, look="row")


def _problem_header() -> list[str]:
    return [_("File"), _("Row"), _("Column"), _("Value"), _("Why"), _("What to do")]


def _cells(problem: Problem) -> list[str]:
    row = "" if problem.row is None else str(problem.row)
    return [problem.file, row, problem.column or "", problem.value or "", problem.reason, problem.advice]


def _usable(file: FileOutcome) -> int:
    """The rows of a file that are (or would be) brought in."""
    return 0 if file.note else file.tally.events + file.tally.repeats


def _numbers(file: FileOutcome) -> tuple[int, ...]:
    tally, counts = file.tally, file.counts
    return (
        tally.rows,
        tally.events,
        tally.growth,
        tally.repeats,
        tally.left_out,
        counts.new,
        counts.same,
        counts.changed,
    )


def _sentence(outcome: Outcome) -> str:
    if outcome.import_id is None:
        return _("These files were brought in before, so nothing changed.")
    count = sum(_usable(one) for one in outcome.files)
    told = ngettext("{count} row is in.", "{count} rows are in.", count).format(count=f"{count:,}")
    left = outcome.tally.left_out
    if left:
        more = ngettext("{count} row was left out; see why below.", "{count} rows were left out; see why below.", left)
        told = f"{told} {more.format(count=f'{left:,}')}"
    return told
