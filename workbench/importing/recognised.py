"""The tables at some paths, each with the importer that knows it, and what a person must still tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.importing import IMPORTERS, open_tables, recognise, unknown_step
from workbench.importing.doubts import LEAVE_OUT, LEAVING
from workbench.importing.mapping.mappings import Loaded
from workbench.importing.reading.excel import Allowance
from workbench.importing.records import Answers, Choice, Importer, Place, Problem, Question, Table

#: Answers by the name of a question, or by (file, name) for one file alone.
Given = Mapping[str | tuple[str, str], str]
NONE_GIVEN: Given = MappingProxyType({})
#: The question which of several kinds a file is of; its choices are the importers' names.
KIND = "kind"
FILES_NAMED = 12
_COLUMNS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table and how to read it: with which importer (None while that is asked), and by which answers.

    `questions` are those without an answer; with any, or when it is `left_out`, the table is not to be read.
    """

    table: Table
    importer: Importer | None
    answers: Answers
    questions: tuple[Question, ...] = ()
    left_out: bool = False

    @property
    def title(self) -> str:
        return self.importer.title if self.importer else ""


class Opened:
    """The tables at some paths. Closes what it opened; `problems` are of the files that are none of these tables."""

    def __init__(self, paths: Path | str | Sequence[Path | str], own: Loaded, *, largest: int) -> None:
        self._paths = [paths] if isinstance(paths, Path | str) else list(paths)
        self._own = own.mappings
        self._largest = largest
        self._opened: list[Any] = []
        self.problems: list[Problem] = list(own.problems)

    def __enter__(self) -> Opened:
        try:
            loose, allowance = Place(), Allowance()
            for path in self._paths:
                try:
                    self._opened.append(open_tables(path, loose, allowance, largest=self._largest))
                except BadInput as error:  # of several files the others are read
                    if len(self._paths) == 1:
                        raise
                    name = Path(path).name
                    self.problems.append(Problem(name, None, None, None, error.sentence, error.next_step))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._opened:
            opened.close()

    def known(self) -> list[tuple[Table, tuple[Importer, ...]]]:
        """The tables that are known, with whatever may read them; raises BadInput when there are none."""
        seen: set[str] = set()
        found: list[tuple[Table, tuple[Importer, ...]]] = []
        for table in self._tables():
            try:
                importers = recognise(table, self._own)
            except BadInput as error:
                said = any(problem.advice == error.next_step for problem in self.problems)  # it is long
                advice = "" if said else error.next_step
                self.problems.append(Problem(table.file, None, None, None, error.sentence, advice))
                continue
            digest = content_of(table, importers)
            if digest in seen:
                again = _("The same content stands in another of these files, so it was read once.")
                self.problems.append(Problem(table.file, None, None, None, again, "", left_out=False))
                continue
            seen.add(digest)
            found.append((table, importers))
        if not found:
            if len(self.problems) == 1:
                raise BadInput(self.problems[0].reason, self.problems[0].advice)
            raise BadInput(_none_known(self.problems), unknown_step(self._own))
        order = {importer: at for at, importer in enumerate((*IMPORTERS, *self._own))}
        return sorted(found, key=lambda one: order.get(one[1][0], len(order)))

    def unknown(self) -> Iterator[Table]:
        """The tables that no importer knows."""
        for table in self._tables():
            try:
                recognise(table, self._own)
            except BadInput:
                yield table

    def _tables(self) -> Iterator[Table]:
        for opened in self._opened:
            self.problems.extend(opened.problems)
            yield from opened


def content_of(table: Table, importers: Sequence[Importer]) -> str:
    """What tells the content of a file from another's: of one that others are read with, all of theirs too."""
    if not any(importer.together for importer in importers):
        return table.digest
    beside = (one for one in table.place.tables if any(importer.recognises(one.header) for importer in importers))
    whole = " ".join([table.digest, *sorted(one.digest for one in beside)])
    return sha256(whole.encode()).hexdigest()


def settle(table: Table, importers: Sequence[Importer], given: Given) -> Recognised:
    """How a table is read, as far as the answers go; raises BadInput for an answer that is none."""
    answers = {name: choice for name, choice in given.items() if isinstance(name, str)}
    answers |= {
        name[1]: choice for name, choice in given.items() if not isinstance(name, str) and name[0] == table.file
    }
    found = Recognised(table, importers[0] if len(importers) == 1 else None, answers)
    if found.importer is None:
        found = _settled(found, (_kind(table, importers),))
        if found.questions or found.left_out:
            return found
        found = replace(found, importer=next(one for one in importers if one.name == answers[KIND]))
    return _settled(found, found.importer.questions(table) if found.importer else ())


def how_to_answer(questions: Sequence[Question]) -> BadInput:
    """What to say when files cannot be brought in before questions are answered."""
    said = [_("Before these files can be brought in, somebody must say:")]
    for question in questions[:FILES_NAMED]:
        said.append(f"- {question.file}: {question.words}")
        shown = question.shown if question.name == LEAVING else filter(None, (" · ".join(question.shown),))
        said += [f"    {line}" for line in shown]
        choices = question.choices or (Choice(_("YEAR-MONTH-DAY"), _("the day")),)
        said += [f'    --answer "{question.name}={one.key}"  {one.words}' for one in choices]
    if len(questions) > FILES_NAMED:
        said.append(_("- … and {count} more").format(count=len(questions) - FILES_NAMED))
    step = _(
        'Import again with one of these answers for each. --answer "FILE:NAME=CHOICE" is for one file alone; the '
        "choice “{leave_out}” leaves a file where it is."
    )
    return BadInput("\n".join(said), step.format(leave_out=LEAVE_OUT))


def _kind(table: Table, importers: Sequence[Importer]) -> Question:
    choices = tuple(Choice(one.name, _(one.title)) for one in importers)
    return Question(table.file, KIND, _("What kind of file is this?"), choices, table.header[:_COLUMNS_SHOWN])


def _settled(found: Recognised, questions: Sequence[Question]) -> Recognised:
    """The same with those of the questions that have no answer."""
    for question in questions:
        given = found.answers.get(question.name, LEAVE_OUT)
        if given != LEAVE_OUT and not fits(question, given):
            choices = ", ".join(one.key for one in question.choices) or _("a day such as 2026-11-20")
            raise BadInput(
                _("{file}: “{given}” is no answer to “{question}”").format(
                    file=question.file, given=given, question=question.words
                ),
                _("It can be: {choices}.").format(choices=choices),
            )
    left_out = any(found.answers.get(question.name) == LEAVE_OUT for question in questions)
    open_ = () if left_out else tuple(one for one in questions if one.name not in found.answers)
    return replace(found, questions=open_, left_out=left_out)


def fits(question: Question, given: str) -> bool:
    """Whether an answer is one of the choices, or a day where there are none."""
    if question.choices:
        return any(given == one.key for one in question.choices)
    try:
        date.fromisoformat(given)
    except ValueError:
        return False
    return True


def _none_known(problems: Sequence[Problem]) -> str:
    said = [_("There is no export that is known here among these files:")]
    for problem in problems[:FILES_NAMED]:
        own = "" if "\n" in problem.advice else problem.advice  # what is looked for is said once, below
        said.append(f"- {problem.reason} {own}".strip())
    if len(problems) > FILES_NAMED:
        said.append(_("- … and {count} more").format(count=len(problems) - FILES_NAMED))
    return "\n".join(said)
