"""The command line: `workbench …`.

Exit codes: 0 well; 1 done, with problems listed; 2 the user must change something;
anything else is a mistake of ours.
"""

from __future__ import annotations

import io
import os
import shlex
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import backup_words, kernels, reached
from workbench.errors import BadInput, NotReady, WorkbenchError
from workbench.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.backups import Backup
    from workbench.batch import Outcome as Made
    from workbench.bench import Workbench
    from workbench.health import Finding
    from workbench.importing.handover import Handover
    from workbench.importing.records import Question
    from workbench.importing.run import Outcome
    from workbench.restoring import Wanted
    from workbench.workspace import Workspace

app = typer.Typer(
    name="workbench",
    help="Turns a school’s data exports into conferences that learners lead.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

WITH_PROBLEMS = 1
STOPPED = 130
PROBLEMS_SHOWN = 12
PORT = 8866


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the command works and for whom, as its options say."""

    workspace: Path | None
    db: str
    actor: str


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", help="The workspace folder. Default: WORKBENCH_HOME, else this folder or one above it."
    ),
]
DbOption = Annotated[str, typer.Option("--db", help="The store’s address, when it is not the workspace’s own.")]
ActorOption = Annotated[
    str, typer.Option("--actor", help="Who asks, as role:code. Default: `local` in workbench.toml.")
]


def main() -> None:
    """The `workbench` command: user errors are a sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters shows ? instead
    _end_in_order()
    try:
        code = app(standalone_mode=False)
        if code == STOPPED:  # so typer answers Ctrl-C
            raise KeyboardInterrupt
    except WorkbenchError as error:
        _say_error(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _errors().print(_("Stopped. What was finished before is kept."))
        sys.exit(STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        show = getattr(error, "show", None)  # typer's usage errors, whichever click it carries
        if show is None:
            raise
        show()
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _end_in_order() -> None:
    """Lets a closed window or a shutdown do what Ctrl-C does, so that nothing put aside for a while is left."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _leave(code: int) -> None:
    raise typer.Exit(code)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="The school’s name.")] = "",
    actor: Annotated[str, typer.Option(help="Who works here when nobody else is named, as role:code.")] = "admin:local",
    db: DbOption = "",
) -> None:
    """Make a workspace in a new folder."""
    from workbench.access import Actor
    from workbench.workspace import Workspace

    Actor.parse(actor)
    made = Workspace.create(folder, name=name, actor=actor, db=db)
    out = _console()
    out.print(_escape(_("Made a workspace in {folder}.").format(folder=made.folder)), soft_wrap=True)
    said = _("Next: workbench import PATH --workspace {folder}").format(folder=shlex.quote(str(folder)))
    out.print(_escape(said), soft_wrap=True)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo workspace is or will be.")] = Path("demo"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the apps at the end.")] = True,
    port: Annotated[int, typer.Option(help="The apps’ port.")] = PORT,
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports made at the same time. Default: one a core.")] = None,
) -> None:
    """Make an invented school, import its exports, hold conferences, run reports, serve the apps."""
    from workbench import ports
    from workbench.sample.demo import CLASS, prepare

    out = _console()
    if serve:  # before the work, not after it
        for one in ports.listen(port):
            one.close()
    with _progress(out) as bar:
        workspace = prepare(
            folder,
            today=_today(),
            upgrade=lambda older: _upgrade(older, "", out),
            say=lambda text: out.print(_escape(text)),
            progress=bar.file,
        )
    place = _Place(workspace.folder, "", "")
    made = _run_report(place, "learner_report", {"of": CLASS}, None, jobs, ("html",))
    if serve:
        _serve(place, port, open_browser=False)
    elif made:
        _leave(made)


@app.command("import")
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
    out = _console()
    if sum((bool(paths), undo is not None, redo is not None, watch is not None)) != 1 or (
        dry_run and watch is not None
    ):
        raise BadInput(
            _("Name the files or folders to bring in, or --undo with an import, or --watch with a folder."),
            _("For example: workbench import exports/"),
        )
    with _bench(_Place(workspace, db, actor)) as bench:
        if undo is not None:
            if _undo(bench, undo, dry_run=dry_run):
                out.print(_("Import {number} is taken back. What other imports said stands.").format(number=undo))
                told = _("To bring it back: workbench import --redo {number}").format(number=undo)
                out.print(_escape(told), highlight=False)
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
            _say_unnamed(out, bench)
    if outcome.problems:
        _leave(WITH_PROBLEMS)


def _watch(bench: Workbench, folder: Path, still: float, answers: dict[Any, str]) -> None:
    """Brings in what lands in a folder until somebody ends it."""
    import time

    from workbench.importing.watching import Watched

    out = _console()
    waiting = ""
    with suppress(KeyboardInterrupt), Watched(bench, folder, still=still, answers=answers) as watched:
        out.print(_escape(_("Watching {folder} (press Ctrl-C to stop).").format(folder=folder)), soft_wrap=True)
        while True:
            try:
                for taken in watched.look(time.monotonic()):
                    place = taken.moved_to.relative_to(folder) if taken.moved_to else folder / taken.file
                    mark = "[green]✓[/green]" if taken.well else "[yellow]![/yellow]"
                    out.print(f"{mark} {_escape(taken.file)} → {_escape(str(place))}", highlight=False)
                    for line in taken.sentences:
                        out.print(_escape(line), highlight=False)
                waiting = ""
            except NotReady as error:  # a busy database, a full disk: the files wait with us
                if waiting != str(error):
                    waiting = str(error)
                    _say_error(error)
            sys.stdout.flush()
            time.sleep(min(2.0, still))
    out.print(_("Stopped. What was finished before is kept."))


def _bring_in(bench: Workbench, paths: list[Path], answers: dict[Any, str], *, dry_run: bool) -> Outcome:
    """Reads exports, asks what they cannot tell where somebody sits at a terminal, and brings them in."""
    while True:
        with _progress(_console()) as bar:
            prepared = bench.imports.prepare(paths, answers=answers, progress=bar.file)
        with prepared:
            if not prepared.questions or not (sys.stdin.isatty() and sys.stdout.isatty()):
                return prepared.outcome if dry_run and prepared.was_read else prepared.commit()
        answers |= {(one.file, one.name): _ask(one) for one in prepared.questions}


def _ask(question: Question) -> str:
    """Asks at the terminal until an answer fits."""
    from workbench.importing.doubts import LEAVE_OUT
    from workbench.importing.recognised import fits

    out = _console()
    out.print(f"[bold]{_escape(question.file)}[/bold]  {_escape(question.words)}", highlight=False)
    if question.shown:
        out.print("  " + _escape(" · ".join(question.shown)), highlight=False)
    choices = [one.key for one in question.choices]
    for number, one in enumerate(question.choices, start=1):
        out.print(f"  {number}  {_escape(one.words)}", highlight=False)
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

    out = _console()
    for line in (*said(takes), told):
        out.print(_escape(line), highlight=False)
    if dry_run or (sys.stdin.isatty() and not typer.confirm(asked)):
        out.print(_("Nothing was changed."))
        return False
    return True


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="The report, such as learner_report.")],
    class_: Annotated[str | None, typer.Option("--class", help="For every learner of this class.")] = None,
    learner: Annotated[str | None, typer.Option(help="For this learner: the school’s id, or the name.")] = None,
    school: Annotated[str | None, typer.Option(help="For every learner of this school.")] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder to write to. Default: the workspace’s out folder.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports made at the same time. Default: one a core.")] = None,
    format_: Annotated[str, typer.Option("--format", help="html, ipynb, or html,ipynb.")] = "html",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter of the report, as name=value; may be repeated.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make every report anew, also one that is up to date.")
    ] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Run a report for a learner, a class or a school.

    What is up to date is left as it is, so a run that was stopped goes on where it was.
    """
    whom = {key: value for key, value in (("of", class_), ("learner", learner), ("school", school)) if value}
    if len(whom) != 1:
        raise BadInput(_("Say for whom: one of --class, --learner or --school."), _("For example --class 4B."))
    formats = tuple(part.strip() for part in format_.split(",") if part.strip())
    parameters = dict(_parameter(text) for text in set_ or ())
    failed = _run_report(_Place(workspace, db, actor), name, whom, to, jobs, formats, parameters, force=force)
    if failed:
        _leave(failed)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port on this machine.")] = PORT,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Serve the apps on this machine."""
    _serve(_Place(workspace, db, actor), port, open_browser=open_browser)


@app.command()
def lab(
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8888,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Open JupyterLab in the workspace, with the notebooks copied into it."""
    from workbench.lab import start

    place = _Place(workspace, db, actor)
    found = _workspace(place)
    start(found, actor=_actor(place, found), db=db, port=port, open_browser=open_browser)


@app.command()
def upgrade(workspace: WorkspaceOption = None, db: DbOption = "") -> None:
    """Bring an older workspace to this version, after a backup."""
    out = _console()
    if not _upgrade(_workspace(_Place(workspace, db, "")), db, out):
        out.print(_("This workspace is up to date."))


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to write it to. Default: the workspace’s backups.")
    ] = None,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
) -> None:
    """Copy what the school cannot have again into one file, also while the apps are used."""
    from workbench import backups

    place = _workspace(_Place(workspace, db, ""))
    made = backups.make(place, db or place.url, _now(), backups.Why.ASKED, to=to)
    backup_words.say_made(_console(), made, elsewhere=to is not None)


@app.command()
def restore(
    backup: Annotated[str, typer.Argument(help="A name in the list, a number, a file, or newest.")] = "",
    audit: Annotated[bool, typer.Option("--audit", help="Only who looked at what.")] = False,
    settings: Annotated[
        bool, typer.Option("--settings", help="Only settings, protocols, inventories and mappings.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Begin with no records at all, where there is no backup of them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Put a backup back. What stands now is put aside, never deleted; without a name, backups are listed."""
    from workbench import restoring
    from workbench.running import closed
    from workbench.workspace import Workspace

    out = _console()
    folder = Workspace.folder_of(workspace, Path.cwd(), os.environ)
    wanted = restoring.Wanted(records=not (audit or settings), audit=audit, settings=settings, anew=empty)
    if empty and (audit or settings or backup):
        raise BadInput(_("--empty begins with no records, so it goes with nothing else."), "workbench restore --empty")
    chosen = None if empty else _which_backup(out, folder, backup, wanted, asks=not yes and sys.stdin.isatty())
    with closed(folder):  # else there is nothing to ask
        backup_words.say_intent(out, chosen, wanted)
    if not yes and not typer.confirm(_("Do it?")):
        raise typer.Abort
    backup_words.say_restored(out, chosen, restoring.restore(folder, chosen, wanted, _now()))


def _which_backup(out: Console, folder: Path, named: str, wanted: Wanted, *, asks: bool) -> Backup | None:
    """The backup that is named, or chosen from the list; None where what is wanted can begin anew without one."""
    from workbench import backups, restoring
    from workbench.workspace import AUDIT, SETTINGS

    if named:
        return restoring.choose(folder, named)
    known = backups.kept(folder)
    if not wanted.records:
        part = AUDIT if wanted.audit else SETTINGS
        own = [one for one in known if one.why is not backups.Why.ASIDE and part in one.parts]
        return next(filter(backups.whole, backups.newest_first(own, datetime.now(UTC))), None)
    if not known:
        raise NotReady(
            _("There is no backup of this workspace."),
            _(
                "If one was copied to another disk, name its file: workbench restore FILE\n"
                "If there is none, begin with no records, and import the exports again: workbench restore --empty"
            ),
        )
    backup_words.say_list(out, folder, known)
    if not asks:
        raise BadInput(_("Name the backup to put back."), _("For example: workbench restore newest"))
    while True:
        given = str(typer.prompt(_("Which one? A number, or 0 to leave everything as it is"))).strip()
        if given == "0":
            raise typer.Abort
        if given.isdecimal() and 0 < int(given) <= len(known):
            return known[int(given) - 1]


@app.command()
def status(
    problems: Annotated[bool, typer.Option("--problems", help="List every open problem.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Tell what is in the store, the last imports and the open problems."""
    from workbench.importing.handover import some

    out = _console()
    with _bench(_Place(workspace, db, actor)) as bench:
        history = bench.imports.history()
        out.print(
            f"[bold]{_escape(bench.workspace.school)}[/bold]  {_escape(str(bench.workspace.folder))}", soft_wrap=True
        )
        totals = bench.imports.totals()
        out.print(
            _("{learners} learners, {classes} classes, {evidence} facts").format(
                learners=f"{totals['learners']:,}",
                classes=len(bench.learners.classes()),
                evidence=f"{totals['evidence']:,}",
            )
        )
        if coming := bench.learners.coming_classes():
            told = ngettext(
                "{count} class of a term that has not begun is in as well: {classes}.",
                "{count} classes of a term that has not begun are in as well: {classes}.",
                len(coming),
            )
            names = some([f"{one.name} ({one.year})" for one in coming])
            out.print(_escape(told.format(count=len(coming), classes=names)), highlight=False)
        if older := bench.older(reached.noted(bench.workspace.folder)):
            out.print(_escape(f"{older.sentence} {older.next_step}"), highlight=False)
        backup_words.say_newest(out, bench.workspace.folder, bench.url)
        _say_unnamed(out, bench)
        if bench.gate.keeps_rosters and (count := bench.imports.by_own_lists()):
            told = ngettext(
                "{count} learner is in a class of an educator only by what that educator brought in.",
                "{count} learners are in a class of an educator only by what that educator brought in.",
                count,
            )
            step = _(
                "To make it the school’s word, bring in a roster that says so, or take the educator’s import back."
            )
            out.print(_escape(f"{told.format(count=f'{count:,}')} {step}"), highlight=False)
        if slow := kernels.remembered(bench.workspace.folder):
            out.print(_escape(slow), highlight=False)
        if not history:
            out.print(_("Nothing was imported yet. Next: workbench import PATH"))
        for one in history[:5]:
            tally = [file.tally for file in one.files]
            line = _("Import {number}, {day}: {files}, {rows} rows, {left_out} left out{undone}").format(
                number=one.id,
                day=f"{one.at:%Y-%m-%d}",
                files=ngettext("{count} file", "{count} files", len(one.files)).format(count=len(one.files)),
                rows=f"{sum(t.rows for t in tally):,}",
                left_out=sum(t.left_out for t in tally),
                undone=_(", taken back") if one.undone else "",
            )
            out.print("  " + line)
        found = bench.imports.problems()
        if found:
            said = ngettext("{count} open problem", "{count} open problems", len(found))
            out.print(said.format(count=len(found)))
            _say_problems(out, found, everything=problems)


@app.command()
def audit(
    learner: Annotated[str, typer.Argument(help="The learner’s id or name.")] = "",
    trim: Annotated[bool, typer.Option("--trim", help="Of looks older than a year keep one a day.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Tell who looked at a learner’s pages, who wrote there, and why they might."""
    out = _console()
    with _bench(_Place(workspace, db, actor)) as bench:
        if trim:
            gone = bench.fold_looks(before=bench.today - timedelta(days=365))
            out.print(ngettext("{count} row was folded.", "{count} rows were folded.", gone).format(count=f"{gone:,}"))
        if learner:
            for one in bench.looks(bench.learners.named(learner)):
                did = one.action if one.allowed else _("{action}, refused").format(action=one.action)
                told = f"{one.at.astimezone():%Y-%m-%d %H:%M}  {one.by}  {did}  {one.what}  ({_(one.reason)})"
                out.print(_escape(told), soft_wrap=True)
        elif not trim:
            out.print(_("Say of whom: workbench audit LEARNER."))


@app.command()
def doctor(workspace: WorkspaceOption = None, db: DbOption = "") -> None:
    """Check that this installation is healthy."""
    from workbench.doctor import examine

    out = _console()
    wrong = 0
    for finding in examine(workspace, db, Path.cwd(), dict(os.environ)):
        _say_finding(out, finding)
        wrong += not finding.well
    if wrong:
        _leave(2)


def _say_finding(out: Console, finding: Finding) -> None:
    mark = "[green]✓[/green]" if finding.well else "[red]✗[/red]"
    out.print(f"{mark} {_escape(finding.what)}", soft_wrap=True)
    if not finding.well:
        out.print(f"  → {_escape(finding.next_step)}", soft_wrap=True)


def _upgrade(workspace: Workspace, db: str, out: Console) -> bool:
    """Brings a workspace's store to this version, after a backup where it is the workspace's own; False when it is."""
    from workbench import backups
    from workbench.store import connect, migrations

    url = db or workspace.url
    engine = connect(url)
    try:
        if migrations.lost(engine):
            raise migrations.gone(engine)
        before = migrations.version(engine)
        if before is not None and before >= migrations.NEWEST:
            migrations.check(engine)  # a newer workbench's is not touched
            return False
        own = not backups.is_on_a_server(url)
        if before is None and own:
            raise migrations.gone(engine)
        if own:
            made = backups.make(workspace, url, _now(), backups.Why.UPGRADE)
            out.print(_escape(_("Backup: {file}").format(file=made.file)), soft_wrap=True)
        migrations.upgrade(engine)
    finally:
        engine.dispose()
    out.print(_("The workspace is upgraded."))
    return True


def _now() -> datetime:
    return datetime.now().astimezone()


def _today() -> date:
    return date.today()  # noqa: DTZ011 (the day on the wall where the person sits)


def _workspace(place: _Place) -> Workspace:
    from workbench.workspace import Workspace

    return Workspace.find(place.workspace, Path.cwd(), os.environ)


def _actor(place: _Place, workspace: Workspace) -> Any:
    from workbench.access import Actor

    named = place.actor or os.environ.get("WORKBENCH_ACTOR", "")
    return Actor.parse(named) if named else workspace.local


def _bench(place: _Place) -> Workbench:
    from workbench.bench import Workbench

    workspace = _workspace(place)
    return Workbench.open(workspace, actor=_actor(place, workspace), db=place.db)


def _parameter(text: str) -> tuple[str, Any]:
    """A name and a value from name=value; a value that reads as JSON (3, true) is that, else it is text."""
    import json

    name, sep, value = text.partition("=")
    if not sep or not name:
        raise BadInput(
            _("“{text}” is not a parameter written name=value.").format(text=text), _("For example --set snapshot=12.")
        )
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _run_report(
    place: _Place,
    name: str,
    whom: dict[str, str],
    to: Path | None,
    jobs: int | None,
    formats: tuple[str, ...],
    parameters: dict[str, Any] | None = None,
    *,
    force: bool = False,
) -> int:
    from workbench.batch import Interrupted

    out = _console()
    try:
        with _bench(place) as bench, _progress(out) as bar:
            made = bench.reports.run(
                name,
                **whom,
                parameters=parameters,
                to=to,
                jobs=jobs,
                formats=formats,
                force=force,
                progress=lambda done, total: bar.file(name, done, total),
            )
    except Interrupted as stopped:
        said = _("{finished} of {total} reports are finished. Run it again to go on with the others.")
        _errors().print(said.format(finished=stopped.finished, total=stopped.total), highlight=False)
        raise
    _say_made(out, made)
    if made.slow:
        _errors().print(_escape(made.slow), highlight=False)
    for failure in made.failures:
        _errors().print(_escape(str(failure)))
    return WITH_PROBLEMS if made.failures else 0


def _say_made(out: Console, made: Made) -> None:
    count, before = (len({path.with_suffix("") for path in files}) for files in (made.made, made.up_to_date))
    if before and not count and not made.failures:
        said = ngettext(
            "The report in {folder} is up to date", "All {before} reports in {folder} are up to date", before
        )
    else:
        said = ngettext("Made {count} report in {folder}", "Made {count} reports in {folder}", count)
        if before:
            said += ngettext("; {before} was up to date", "; {before} were up to date", before)
    out.print(_escape(said.format(count=count, before=before, folder=made.folder)), soft_wrap=True)
    if made.set_aside:
        aside = len(made.set_aside)
        said = ngettext(
            "{count} older file no longer holds and is now in {folder}",
            "{count} older files no longer hold and are now in {folder}",
            aside,
        )
        place = os.path.commonpath([path.parent for path in made.set_aside])
        out.print(_escape(said.format(count=aside, folder=place)), soft_wrap=True)


def _serve(place: _Place, port: int, *, open_browser: bool) -> None:
    from workbench.serving import serve as start

    workspace = _workspace(place)
    out = _console()

    def ready(address: str) -> None:
        out.print(_("The apps are at (press Ctrl-C to stop):"))
        out.print(address, soft_wrap=True, highlight=False)
        sys.stdout.flush()

    start(
        workspace,
        actor=_actor(place, workspace),
        db=place.db,
        port=port,
        open_browser=open_browser,
        on_ready=ready,
        on_slow=lambda complaint: _errors().print(_escape(complaint), highlight=False),
        on_notice=lambda finding: _say_finding(_errors(), finding),
    )


def _say_outcome(out: Console, outcome: Outcome, dry_run: bool) -> None:
    from workbench.importing import told

    for one in outcome.files:
        out.print(f"[bold]{_escape(one.file)}[/bold]  {_escape(one.title)}", highlight=False)
        for line in told.of_file(one, dry_run=dry_run):
            out.print(f"  {_escape(line)}", highlight=False)
    whole = list(told.in_all(outcome, dry_run=dry_run))
    if whole:
        out.print(f"[bold]{_escape(_('All files'))}[/bold]", highlight=False)
        for line in whole:
            out.print(f"  {_escape(line)}", highlight=False)
    for line in told.taken(outcome):
        out.print(_escape(line), highlight=False)
    if outcome.problems:
        said = ngettext("{count} problem:", "{count} problems:", len(outcome.problems))
        out.print(said.format(count=len(outcome.problems)))
        _say_problems(out, outcome.problems)
    out.print(_escape(told.at_the_end(outcome, dry_run=dry_run)), highlight=False)


def _say_unnamed(out: Console, bench: Workbench) -> None:
    told = bench.imports.unnamed()
    if told:
        out.print(told, highlight=False)


def _say_problems(out: Console, problems: Any, *, everything: bool = False) -> None:
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
        out.print(f"  {_escape(line)}", highlight=False)
    hidden = sum(map(len, groups[len(shown) :]))
    if hidden:
        out.print("  " + _("… and {count} more: workbench status --problems").format(count=hidden))


class _Bar:
    """A progress bar for files and reports; silent where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def file(self, name: str, done: int, total: int | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(_escape(name), total=total, completed=done)
        self._progress.update(self._tasks[name], completed=done, total=total)


def _progress(console: Console) -> _Bar:
    return _Bar(console)


def _console() -> Console:
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty())  # what a file or another program reads is not cut


def _errors() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=not sys.stderr.isatty())


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _say_error(error: WorkbenchError) -> None:
    out = _errors()
    out.print(_escape(error.sentence), highlight=False)
    if error.next_step:
        out.print(_escape(error.next_step), highlight=False)


if __name__ == "__main__":
    main()
