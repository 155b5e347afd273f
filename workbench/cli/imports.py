"""`workbench import`: brings exports in, takes imports back, watches a folder."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.console import (
    WITH_PROBLEMS,
    ActorOption,
    DbOption,
    Place,
    WorkspaceOption,
    bench_of,
    console,
    escape,
    leave,
    progress,
    say_error,
)
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bench import Workbench
    from workbench.importing.handover import Handover
    from workbench.importing.outcome import Outcome
    from workbench.importing.records import Question


PROBLEMS_SHOWN = 12


def import_(
    paths: Annotated[list[Path] | None, typer.Argument(help="Exports: files, zips, or folders of them.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and change nothing.")] = False,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            help="An answer to what a file cannot tell, as [FILE:]NAME=CHOICE; may be repeated.",
            metavar="…",
        ),
    ] = None,
    undo: Annotated[
        int | None, typer.Option("--undo", help="Take this import back; “workbench status” shows the numbers.")
    ] = None,
    redo: Annotated[int | None, typer.Option("--redo", help="Bring this import back that was taken back.")] = None,
    watch: Annotated[
        Path | None,
        typer.Option(
            "--watch", help="Bring in what lands in this folder, until Ctrl-C; it is moved to done or problems."
        ),
    ] = None,
    still: Annotated[
        float,
        typer.Option("--still", min=0.1, help="Seconds that a file must not have changed for --watch to take it."),
    ] = 5.0,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Bring a school’s exports in, or take an import back."""
    out = console()
    if sum((bool(paths), undo is not None, redo is not None, watch is not None)) != 1 or (
        dry_run and watch is not None
    ):
        raise BadInput(
            _("Name the files or folders to bring in, or --undo with an import, or --watch with a folder."),
            _("For example: workbench import exports/"),
        )
    with bench_of(Place(workspace, db, actor)) as bench:
        if undo is not None:
            if _undo(bench, undo, dry_run=dry_run):
                out.print(_("Import {number} is taken back. What other imports said stands.").format(number=undo))
                told = _("To bring it back: workbench import --redo {number}").format(number=undo)
                out.print(escape(told), highlight=False)
            return
        if redo is not None:
            if _redo(bench, redo, dry_run=dry_run):
                out.print(_("Import {number} stands again.").format(number=redo))
            return
        if watch is not None:
            _watch(bench, watch, still, dict(map(_answer, answer or ())))
            return
        outcome = _bring_in(bench, paths or [], dict(map(_answer, answer or ())), dry_run=dry_run)
        _say_outcome(out, outcome, dry_run)
        if not dry_run:
            say_unnamed(out, bench)
    if outcome.problems:
        leave(WITH_PROBLEMS)


def _watch(bench: Workbench, folder: Path, still: float, answers: dict[Any, str]) -> None:
    """Brings in what lands in a folder until somebody ends it."""
    import time

    from workbench.importing.watching import Watched

    out = console()
    waiting = ""
    with suppress(KeyboardInterrupt), Watched(bench, folder, still=still, answers=answers) as watched:
        out.print(escape(_("Watching {folder} (press Ctrl-C to stop).").format(folder=folder)), soft_wrap=True)
        while True:
            try:
                for taken in watched.look(time.monotonic()):
                    place = taken.moved_to.relative_to(folder) if taken.moved_to else folder / taken.file
                    mark = "[green]✓[/green]" if taken.well else "[yellow]![/yellow]"
                    out.print(f"{mark} {escape(taken.file)} → {escape(str(place))}", highlight=False)
                    for line in taken.sentences:
                        out.print(escape(line), highlight=False)
                waiting = ""
            except NotReady as error:  # a busy database, a full disk: the files wait with us
                if waiting != str(error):
                    waiting = str(error)
                    say_error(error)
            sys.stdout.flush()
            time.sleep(min(2.0, still))
    out.print(_("Stopped. What was finished before is kept."))


def _bring_in(bench: Workbench, paths: list[Path], answers: dict[Any, str], *, dry_run: bool) -> Outcome:
    """Reads exports, asks what they cannot tell where somebody sits at a terminal, and brings them in."""
    while True:
        with progress(console()) as bar:
            prepared = bench.imports.prepare(paths, answers=answers, progress=bar.file)
        with prepared:
            if not prepared.questions or not (sys.stdin.isatty() and sys.stdout.isatty()):
                return prepared.outcome if dry_run and prepared.was_read else prepared.commit()
        answers |= {(one.file, one.name): _ask(one) for one in prepared.questions}


def _ask(question: Question) -> str:
    """Asks at the terminal until an answer fits."""
    from workbench.importing.doubts import LEAVE_OUT
    from workbench.importing.recognised import fits

    out = console()
    out.print(f"[bold]{escape(question.file)}[/bold]  {escape(question.words)}", highlight=False)
    if question.shown:
        out.print("  " + escape(" · ".join(question.shown)), highlight=False)
    choices = [one.key for one in question.choices]
    for number, one in enumerate(question.choices, start=1):
        out.print(f"  {number}  {escape(one.words)}", highlight=False)
    told = (
        _("A number, or 0 to leave the file out") if choices else _("The day as YEAR-MONTH-DAY, or 0 to leave it out")
    )
    while True:
        given = str(typer.prompt(told)).strip()
        if given == "0":
            return LEAVE_OUT
        if given.isdecimal() and 0 < int(given) <= len(choices):
            return choices[int(given) - 1]
        if fits(question, given):
            return given


def _answer(text: str) -> tuple[str | tuple[str, str], str]:
    """What [FILE:]NAME=CHOICE answers."""
    name, sep, choice = text.rpartition("=")
    if not (sep and name and choice):
        raise BadInput(
            _("“{text}” is not an answer written name=choice.").format(text=text),
            _("Import without --answer: it tells what is to be answered, and how."),
        )
    file, sep, name = name.rpartition(":")
    return ((file, name) if sep else name), choice


def _undo(bench: Workbench, number: int, *, dry_run: bool) -> bool:
    """Takes an import back, after telling what goes, and asking where somebody sits at a terminal."""
    one = next((one for one in bench.imports.history() if one.id == number and not one.undone), None)
    if one is not None:
        told = ngettext("{count} fact goes.", "{count} facts go.", one.facts).format(count=f"{one.facts:,}")
        asked = _("Take import {number} back?").format(number=number)
        if not _is_meant(bench.imports.undoing(number), told, asked, dry_run=dry_run):
            return False
    if not bench.imports.undo(number):
        known = [str(one.id) for one in bench.imports.history() if not one.undone and one.mine]
        raise BadInput(
            _("There is no import {number} to take back.").format(number=number),
            _("Imports that stand: {known}.").format(known=", ".join(known) or "–"),
        )
    return True


def _redo(bench: Workbench, number: int, *, dry_run: bool) -> bool:
    """Brings an import back, after telling what that takes, and asking where somebody sits at a terminal."""
    one = next((one for one in bench.imports.history() if one.id == number and one.undone), None)
    if one is not None:
        told = ngettext("{count} fact comes back.", "{count} facts come back.", one.facts)
        asked = _("Bring import {number} back?").format(number=number)
        told = told.format(count=f"{one.facts:,}")
        if not _is_meant(bench.imports.redoing(number), told, asked, dry_run=dry_run):
            return False
    if not bench.imports.redo(number):
        known = [str(one.id) for one in bench.imports.history() if one.undone and one.mine]
        raise BadInput(
            _("There is no import {number} to bring back.").format(number=number),
            _("Imports that were taken back: {known}.").format(known=", ".join(known) or "–"),
        )
    return True


def _is_meant(takes: Handover, told: str, asked: str, *, dry_run: bool) -> bool:
    """Tells what something takes; whether it is to be done, which somebody at a terminal is asked."""
    from workbench.importing.handover import said

    out = console()
    for line in (*said(takes), told):
        out.print(escape(line), highlight=False)
    if dry_run or (sys.stdin.isatty() and not typer.confirm(asked)):
        out.print(_("Nothing was changed."))
        return False
    return True


def _say_outcome(out: Console, outcome: Outcome, dry_run: bool) -> None:
    from workbench.importing import told

    for one in outcome.files:
        out.print(f"[bold]{escape(one.file)}[/bold]  {escape(one.title)}", highlight=False)
        for line in told.of_file(one, dry_run=dry_run):
            out.print(f"  {escape(line)}", highlight=False)
    whole = list(told.in_all(outcome, dry_run=dry_run))
    if whole:
        out.print(f"[bold]{escape(_('All files'))}[/bold]", highlight=False)
        for line in whole:
            out.print(f"  {escape(line)}", highlight=False)
    for line in told.taken(outcome):
        out.print(escape(line), highlight=False)
    if outcome.problems:
        said = ngettext("{count} problem:", "{count} problems:", len(outcome.problems))
        out.print(said.format(count=len(outcome.problems)))
        say_problems(out, outcome.problems)
    out.print(escape(told.at_the_end(outcome, dry_run=dry_run)), highlight=False)


def say_unnamed(out: Console, bench: Workbench) -> None:
    told = bench.imports.unnamed()
    if told:
        out.print(told, highlight=False)


def say_problems(out: Console, problems: Any, *, everything: bool = False) -> None:
    alike: dict[Any, list[Any]] = {}
    for problem in problems:
        key = problem if everything else replace(problem, row=problem.row and 0)
        alike.setdefault(key, []).append(problem)
    groups = list(alike.values())
    shown = groups if everything else groups[:PROBLEMS_SHOWN]
    for first, *others in shown:
        line = str(first)
        if others:
            told = ngettext("{count} more row says the same.", "{count} more rows say the same.", len(others))
            line += " " + told.format(count=f"{len(others):,}")
        out.print(f"  {escape(line)}", highlight=False)
    hidden = sum(map(len, groups[len(shown) :]))
    if hidden:
        out.print("  " + _("… and {count} more: workbench status --problems").format(count=hidden))
