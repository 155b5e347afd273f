"""`workbench init`, `upgrade`, `status` and `doctor`: a workspace and how it is."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import kernels
from workbench.access.actors import Action
from workbench.cli.backups import say_newest
from workbench.cli.console import (
    ActorOption,
    DbOption,
    Place,
    WorkspaceOption,
    bench_of,
    console,
    escape,
    leave,
    now,
    say_finding,
    workspace_of,
)
from workbench.cli.imports import say_problems, say_unnamed
from workbench.ground.words import _, ngettext
from workbench.keeping import reached

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bench import Workbench
    from workbench.workspace import Workspace


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    name: Annotated[str, typer.Option(help="The school’s name.")] = "",
    actor: Annotated[str, typer.Option(help="Who works here when nobody else is named, as role:code.")] = "admin:local",
    db: DbOption = "",
) -> None:
    """Make a workspace in a new folder."""
    from workbench.access.actors import Actor
    from workbench.workspace import Workspace

    Actor.parse(actor)
    made = Workspace.create(folder, name=name, actor=actor, db=db)
    out = console()
    out.print(escape(_("Made a workspace in {folder}.").format(folder=made.folder)), soft_wrap=True)
    said = _("Next: workbench import PATH --workspace {folder}").format(folder=shlex.quote(str(folder)))
    out.print(escape(said), soft_wrap=True)


def upgrade(workspace: WorkspaceOption = None, db: DbOption = "") -> None:
    """Bring an older workspace to this version, after a backup."""
    out = console()
    if not upgraded(workspace_of(Place(workspace, db, "")), db, out):
        out.print(_("This workspace is up to date."))


def status(
    problems: Annotated[bool, typer.Option("--problems", help="List every open problem.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Tell what is in the store, the last imports and the open problems."""
    from workbench.importing.handover import some
    from workbench.keeping import heads

    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        history = bench.imports.history()
        out.print(
            f"[bold]{escape(bench.workspace.school)}[/bold]  {escape(str(bench.workspace.folder))}", soft_wrap=True
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
            out.print(escape(told.format(count=len(coming), classes=names)), highlight=False)
        if older := bench.older(reached.noted(bench.workspace.folder)):
            out.print(escape(f"{older.sentence} {older.next_step}"), highlight=False)
        say_newest(out, bench.workspace.folder, bench.desk.url)
        if bench.gate.may_here(Action.AUDIT):
            seen = bench.looks.checked()
            told = heads.last(seen) + ("" if seen else " " + _("Next: workbench audit verify"))
            out.print(escape(told), soft_wrap=True, highlight=False)
        _say_left(out, bench)
        say_unnamed(out, bench)
        if bench.gate.keeps_rosters and (count := bench.imports.by_own_lists()):
            told = ngettext(
                "{count} learner is in a class of an educator only by what that educator brought in.",
                "{count} learners are in a class of an educator only by what that educator brought in.",
                count,
            )
            step = _(
                "To make it the school’s word, bring in a roster that says so, or take the educator’s import back."
            )
            out.print(escape(f"{told.format(count=f'{count:,}')} {step}"), highlight=False)
        if slow := kernels.remembered(bench.workspace.folder):
            out.print(escape(slow), highlight=False)
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
            say_problems(out, found, everything=problems)


def _say_left(out: Console, bench: Workbench) -> None:
    """Learners who left so long ago that the school's rule has them forgotten."""
    years = bench.workspace.keep.learners
    if not years or not bench.gate.may_here(Action.RECORDS):
        return
    year = bench.today.year - years + 1
    if count := len(bench.records.left_before(year)):
        told = ngettext(
            "{count} learner left {years} years ago or earlier: workbench learner forget --left-before {year}",
            "{count} learners left {years} years ago or earlier: workbench learner forget --left-before {year}",
            count,
        )
        out.print(escape(told.format(count=f"{count:,}", years=years, year=year)), soft_wrap=True, highlight=False)


def doctor(workspace: WorkspaceOption = None, db: DbOption = "") -> None:
    """Check that this installation is healthy."""
    from workbench.cli.doctor import examine

    out = console()
    wrong = 0
    for finding in examine(workspace, db, Path.cwd(), dict(os.environ)):
        say_finding(out, finding)
        wrong += not finding.well
    if wrong:
        leave(2)


def upgraded(workspace: Workspace, db: str, out: Console) -> bool:
    """Brings a workspace's store to this version, after a backup where it is the workspace's own; False when it is."""
    from workbench.keeping import backups
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
            made = backups.make(workspace, url, now(), backups.Why.UPGRADE)
            out.print(escape(_("Backup: {file}").format(file=made.file)), soft_wrap=True)
        migrations.upgrade(engine)
    finally:
        engine.dispose()
    out.print(_("The workspace is upgraded."))
    return True
