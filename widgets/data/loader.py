"""Bringing exports in: files dropped, looked at, brought in, and taken back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextvars import copy_context
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from widgets.data import imports as _imports
from widgets.data import sources
from widgets.data.incoming import Incoming
from widgets.data.mapping_form import MappingSheet
from widgets.kit import blocks as _blocks
from widgets.kit.base import error_boundary
from widgets.kit.blocks import Block
from widgets.kit.form import Form
from workbench.bench import Workbench
from workbench.ground import days
from workbench.ground.errors import BadInput
from workbench.ground.words import _, ngettext, speaking
from workbench.importing.doubts import LEAVE_OUT, LEAVING
from workbench.importing.handover import Handover
from workbench.importing.outcome import Import, Outcome
from workbench.importing.prepared import Prepared
from workbench.importing.recognised import KIND
from workbench.importing.records import Question

ACCEPT = ".csv,.txt,.tsv,.tab,.xls,.xlsx,.xlsm,.ods,.zip"
_HISTORY_SHOWN = 8
_LARGE = 200  # rows of an import that is no small thing to take back
_BETWEEN = 0.2  # seconds between two drawings of the bar
_SURE_AFTER = 2.0  # seconds after which the time that is left can be told


class Stage(StrEnum):
    WAITING = "waiting"
    ARRIVING = "arriving"
    LOOKING = "looking"
    ASKING = "asking"
    MAPPING = "mapping"
    LOOKED_AT = "looked at"
    BRINGING_IN = "bringing in"
    DONE = "done"
    TAKING_BACK = "taking back"


class DataLoader(Form):
    """A place to drop exports. Nothing is kept before the rows were seen and brought in.

    `news` counts what was brought in or taken back, for whatever shows the same data: `other.follow(loader)`.

    >>> DataLoader(bench)
    """

    says_saved = False

    def __init__(self, bench: Workbench, *, today: date | None = None, **traits: Any) -> None:
        self.today = today or bench.today
        self.stage = Stage.WAITING
        self.outcome: Outcome | None = None
        self._incoming: Incoming | None = None
        self._prepared: Prepared | None = None
        self._unknown: tuple[str, ...] = ()
        self._answers: dict[str | tuple[str, str], str] = {}
        self._mapping: MappingSheet | None = None
        self._thread: threading.Thread | None = None
        self._bar: dict[str, Any] = {}
        self._began = self._drawn_at = 0.0
        self._said = ""
        self._takes = Handover()
        self._leaving: Import | None = None  # is asked about, whether it is to be taken back or brought back
        self._undone = 0  # the import that was just taken back
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
            self.tell_news()

        self._start(Stage.BRINGING_IN, work, if_it_fails=Stage.LOOKED_AT)

    def start_over(self) -> None:
        """Forgets the files that were looked at."""
        self._put_away()
        self.stage, self.outcome, self._said = Stage.WAITING, None, ""
        self._leaving, self._undone = None, 0

    def ask_back(self, import_id: int) -> None:
        """Shows what goes when an import is taken back, and asks."""
        self._ask(import_id, self.bench.imports.undoing(import_id))  # refuses whoever may not

    def ask_again(self, import_id: int) -> None:
        """Shows what goes when an import is brought back, and asks."""
        self._ask(import_id, self.bench.imports.redoing(import_id))

    def _ask(self, import_id: int, takes: Handover) -> None:
        past = {one.id: one for one in self.bench.imports.history()}
        self.start_over()
        self._leaving, self._takes, self.stage = past[import_id], takes, Stage.TAKING_BACK

    def undo(self, import_id: int) -> None:
        """Takes an import back."""
        undone = self.bench.imports.undo(import_id)
        self.start_over()
        self._said = (
            _("Taken back. What other imports brought in stands as it was.")
            if undone
            else _("This import was taken back already.")
        )
        if undone:
            self._undone = import_id
            self.tell_news()

    def redo(self, import_id: int) -> None:
        """Brings an import back that was taken back."""
        again = self.bench.imports.redo(import_id)
        self.start_over()
        self._said = _("Brought back: all of it stands again.") if again else _("This import stands already.")
        if again:
            self.tell_news()

    def look_again(self) -> None:
        """Reads the files with what was answered meanwhile."""
        self._look()

    def map_file(self, file: str) -> None:
        """Opens the form that says which column of an unknown file is what."""
        incoming = self._arrived()
        self._mapping = MappingSheet(self.bench, incoming.paths, file, today=self.today, leave=self._mapped)
        self.stage = Stage.MAPPING

    def _mapped(self, *, kept: bool) -> None:
        if kept and self._mapping is not None:
            self._answers[self._mapping.table.file, KIND] = self._mapping.kept
        self._close_mapping()
        if kept:
            self._look()
        else:
            self.stage = Stage.ASKING if self._prepared is None or self._prepared.questions else Stage.LOOKED_AT

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
        with speaking(self.spoken), error_boundary(self._failed):
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

    def _arrived(self) -> Incoming:
        if self._incoming is None:
            raise BadInput(_("The files did not arrive whole."), _("Choose them again."))
        return self._incoming

    def _look(self) -> None:
        incoming = self._arrived()
        incoming.check_whole()

        def work() -> None:
            self._forget_prepared()
            imports = self.bench.imports
            self._unknown = imports.unknown(incoming.paths)
            try:
                self._prepared = imports.prepare(
                    incoming.paths, answers=self._answers, on=self.today, progress=self._tell
                )
            except BadInput:
                if not self._unknown:
                    raise
            found = self._prepared
            self.outcome = found.outcome if found else Outcome(None, (), ())
            self.stage = Stage.LOOKED_AT if found and not found.questions else Stage.ASKING

        self._start(Stage.LOOKING, work, if_it_fails=Stage.WAITING)

    # Long work

    def _start(self, stage: Stage, work: Callable[[], None], *, if_it_fails: Stage) -> None:
        """Does `work` beside the page, which goes on answering."""
        self.stage = stage

        def fail(sentence: str, next_step: str) -> None:
            self._failed(sentence, next_step, back_to=if_it_fails)

        def run() -> None:
            with speaking(self.spoken), error_boundary(fail):
                work()
                self.refresh()

        self._began = time.monotonic()
        self._draw_bar(_("Reading the files …"), 0, None, now=True)
        self._thread = threading.Thread(target=copy_context().run, args=(run,), daemon=True)
        self._thread.start()

    def _tell(self, file: str, done: int, total: int | None) -> None:
        words = _("Reading {file}: row {done} of {total}") if total else _("Reading {file}: row {done}")
        label = words.format(file=file, done=f"{done:,}", total=f"{total or 0:,}")
        self._draw_bar(f"{label} {self._left(done, total)}".strip(), done, total)

    def _left(self, done: int, total: int | None) -> str:
        """How long this file will take, once that can be told."""
        took = time.monotonic() - self._began
        if done <= 0 or not total or total <= done:
            self._began = time.monotonic() if done <= 0 or (total and done >= total) else self._began
            return ""
        if took < _SURE_AFTER:
            return ""
        return days.left(took * (total - done) / done)

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
        self._close_mapping()
        self._forget_prepared()
        self._answers, self._unknown = {}, ()
        if self._incoming is not None:
            self._incoming.remove()
            self._incoming = None

    def _forget_prepared(self) -> None:
        if self._prepared is not None:
            self._prepared.discard()
            self._prepared = None

    def _close_mapping(self) -> None:
        if self._mapping is not None:
            self._mapping.close()
            self._mapping = None

    # What is shown

    def frame(self) -> dict[str, Any]:
        if self.outcome is None or not self.outcome.problems or self.stage not in (Stage.LOOKED_AT, Stage.DONE):
            return {"key": str(self.stage) if self.stage in (Stage.MAPPING, Stage.ASKING) else ""}
        return {"key": "", "download": _imports.problem_list(self.outcome.problems)}

    def blocks(self) -> Iterable[Block]:
        if self._said:
            said = _blocks.note(self._said, look="done")
            yield _blocks.group(said, self._bring_back(self._undone), look="row") if self._undone else said
        if self.stage in (Stage.ARRIVING, Stage.LOOKING, Stage.BRINGING_IN):
            yield Block("progress", shown=self._bar)
        elif self.stage is Stage.MAPPING and self._mapping is not None:
            yield from self._mapping.blocks()
        elif self.outcome is not None and self.stage is Stage.ASKING:
            yield from self._asked(self.outcome)
        elif self.outcome is not None and self.stage is Stage.LOOKED_AT:
            yield from self._looked_at(self.outcome)
        elif self.outcome is not None and self.stage is Stage.DONE:
            yield from self._done(self.outcome)
        elif self._leaving is not None and self.stage is Stage.TAKING_BACK:
            yield self._going(self._leaving)
        else:
            yield _drop_area()
        if self.stage in (Stage.WAITING, Stage.DONE):
            yield self._history()

    def _asked(self, outcome: Outcome) -> Iterable[Block]:
        """What the files cannot tell by themselves; nothing is read before it is answered."""
        questions = self._prepared.questions if self._prepared else ()
        other = _blocks.button("over", _("Choose other files"), self.start_over, look="secondary")
        if questions:
            lead = _("The files cannot tell this by themselves. You are asked, because a guess could be wrong.")
            asked = [self._question(place, group) for place, group in enumerate(_alike(questions))]
            yield _blocks.group(_blocks.heading(_("Please say"), lead=lead), *asked, look="card")
        yield from self._offers()
        if outcome.files and not questions:
            yield from _imports.what_it_holds(outcome)
        parts = [other]
        if questions:
            parts.append(_blocks.button("go on", _("Read the files"), self.look_again, look="primary"))
        yield _blocks.group(*parts, look="foot")

    def _question(self, place: int, alike: list[Question]) -> Block:
        """One question for all files that ask it in the same words."""
        first = alike[0]
        files = ", ".join(dict.fromkeys(one.file for one in alike))

        def keep(answer: str) -> None:
            for one in alike:
                self._answers[one.file, one.name] = answer

        given = self._answers.get((first.file, first.name), "")
        asked_of = " ".join(first.shown) if first.name == LEAVING else ""
        hint = (
            asked_of or _("In {file}: {cells}").format(file=files, cells=", ".join(first.shown))
            if first.shown
            else files
        )
        name = f"question/{place}"
        if not first.choices:
            picked = date.fromisoformat(given) if given and given != LEAVE_OUT else None
            words = f"{first.words} ({files})"
            return _blocks.day(
                name, words, picked, lambda day: keep(day.isoformat() if day else ""), today=self.today, past=True
            )
        choices = {one.key: one.words for one in first.choices} | {LEAVE_OUT: _("Leave the file out")}
        asked = _blocks.choice(name, first.words, given, choices, keep, hint=hint)
        ways = [self._way_to_map(f"{name}/{at}", one.file) for at, one in enumerate(alike) if one.mapped]
        return _blocks.group(asked, *ways) if ways else asked

    def _way_to_map(self, name: str, file: str) -> Block:
        words = _("“{file}” has results: say what its columns are").format(file=file)
        return _blocks.button(f"map/{name}", words, partial(self.map_file, file), look="link")

    def _offers(self) -> Iterable[Block]:
        """Files that are not known yet, each with the way to make it known."""
        for place, file in enumerate(self._unknown):
            words = _blocks.facts([(_("“{file}” is not a file that is known here yet.").format(file=file), "")])
            told = _blocks.note(_("Say once which column is what: the next file like it is known then."), look="quiet")
            press = _blocks.button(
                f"map/{place}", _("Say what its columns are"), partial(self.map_file, file), look="secondary"
            )
            yield _blocks.group(words, told, press, look="card")

    def _looked_at(self, outcome: Outcome) -> Iterable[Block]:
        yield from _imports.what_it_holds(outcome)
        yield from self._offers()
        offered = {problem for problem in outcome.problems if problem.row is None and problem.file in self._unknown}
        yield from _imports.problems(tuple(problem for problem in outcome.problems if problem not in offered))
        count = sum(_imports.usable(one) for one in outcome.files)
        other = _blocks.button("over", _("Choose other files"), self.start_over, look="secondary")
        if not count:
            yield _blocks.note(_("There is nothing new to bring in."), look="quiet")
            yield _blocks.group(other, look="foot")
            return
        words = ngettext("Bring in {count} row", "Bring in {count} rows", count).format(count=f"{count:,}")
        yield _blocks.group(other, _blocks.button("bring", words, self.bring_in, look="primary"), look="foot")

    def _done(self, outcome: Outcome) -> Iterable[Block]:
        yield from _imports.what_became(outcome)
        yield from _imports.problems(outcome.problems)
        unnamed = self.bench.imports.unnamed()
        if unnamed:
            yield _blocks.note(unnamed, look="amber")
        parts = [_blocks.button("over", _("Bring in more files"), self.start_over, look="secondary")]
        if outcome.import_id is not None:
            number = outcome.import_id
            parts.append(
                _blocks.button(f"undo/{number}", _("Undo this import …"), lambda: self.ask_back(number), look="link")
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
        names = [file.file for file in one.files]
        listed = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        count = sum(_imports.usable(file) for file in one.files)
        when = self._when(one)
        parts = [_blocks.facts([(f"{when} · {_imports.rows(count)}", listed)])]
        if unread := _imports.not_read(one.files):
            parts.append(_blocks.note(unread, look="quiet"))
        if one.undone:
            parts.append(_blocks.note(_("Taken back"), look="quiet"))
        if one.undone and one.mine:
            parts.append(self._bring_back(one.id))
        elif one.mine:
            large = count >= _LARGE
            words = _("Take back {rows} …").format(rows=_imports.rows(count)) if large else _("Undo …")
            parts.append(
                _blocks.button(
                    f"undo/{one.id}",
                    words,
                    lambda: self.ask_back(one.id),
                    look="link grave" if large else "link",
                    says=_("Undo the import of {when}").format(when=when),
                )
            )
        return _blocks.group(*parts, look="row item", name=f"past/{one.id}")

    def _bring_back(self, number: int) -> Block:
        return _blocks.button(
            f"redo/{number}", _("Bring the import back …"), lambda: self.ask_again(number), look="link"
        )

    def _going(self, one: Import) -> Block:
        """What goes when an import is taken back, or brought back, and the question whether it should."""
        takes = self._takes
        keep = _blocks.button("keep", _("Leave it as it is"), self.start_over, look="secondary")
        if one.undone:
            title = _blocks.heading(_("Bring this import back?"), lead=self._when(one))
            words = _("Bring the import back")
            again = _blocks.button(f"bring back/{one.id}", words, lambda: self.redo(one.id), look="primary")
            lines = _imports.coming_back(one, takes)
            return _blocks.group(title, *lines, _blocks.group(keep, again, look="row"), look="card")
        title = _blocks.heading(_("Take this import back?"), lead=self._when(one))
        if takes.learners:
            words = ngettext(
                "Take it back, with {count} learner", "Take it back, with {count} learners", takes.learners
            ).format(count=f"{takes.learners:,}")
        else:
            words = _("Take the import back")
        back = _blocks.button(f"take back/{one.id}", words, lambda: self.undo(one.id), look="primary")
        lines = _imports.going(one, takes)
        return _blocks.group(title, *lines, _blocks.group(keep, back, look="row"), look="card")

    def _when(self, one: Import) -> str:
        at = one.at.astimezone()
        return _("{day}, {time}").format(day=days.said(at.date(), self.today), time=days.time(at))


def _drop_area() -> Block:
    shown = {
        "label": _("Drop your exports here"),
        "hint": _("CSV, spreadsheets and zip files, or a folder of them. Nothing is kept before you have seen it."),
        "choose": _("Choose files"),
        "folder": _("Or a whole folder"),
        "accept": ACCEPT,
        "sources": sources.shown(),
    }
    return Block("drop", shown=shown)


def _alike(questions: Iterable[Question]) -> list[list[Question]]:
    """Questions by what they ask, in order."""
    found: dict[tuple[Any, ...], list[Question]] = {}
    for one in questions:
        found.setdefault((one.name, one.words, one.choices), []).append(one)
    return list(found.values())
