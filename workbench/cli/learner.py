"""`workbench learner …`: all that is kept of a learner, written out, or taken out for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import ActorOption, DbOption, Place, WorkspaceOption, bench_of, console, escape, workspace_of
from workbench.ground.errors import BadInput
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bench import Workbench
    from workbench.learners.learners import Learner

learner = typer.Typer(help="All that is kept of a learner.", no_args_is_help=True, rich_markup_mode=None)


@learner.command("export")
def export(
    who: Annotated[str, typer.Argument(help="The school’s id of the learner, or the name.")],
    to: Annotated[Path | None, typer.Option("--to", help="The folder to write it into. Default: here.")] = None,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Write all that is kept of a learner into a folder: a page to read or print, the same as JSON, and drawings."""
    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        folder = bench.records.export(bench.looks.named(who), to or Path.cwd())
        _say(out, _("Written: {folder}").format(folder=folder))
        _say(out, _("It holds a child’s words and results: give it to whoever may have it, and delete it here."))


@learner.command("forget")
def forget(
    who: Annotated[str, typer.Argument(help="The school’s id of the learner, or the name.")] = "",
    left_before: Annotated[
        int, typer.Option("--left-before", help="Everybody whose last school year ended before this year.")
    ] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Take a learner out for good: records with all that was ever said, results, reports. The audit keeps that it was.

    Without a name, only writes the files anew, so that nothing of earlier ones is left in them.
    """
    from contextlib import nullcontext

    from workbench.keeping.backups import is_on_a_server
    from workbench.keeping.running import closed

    out, place = console(), Place(workspace, db, actor)
    if who and left_before:
        raise BadInput(_("Name one learner, or --left-before a year."), "workbench learner forget --help")
    found = workspace_of(place)
    server = is_on_a_server(db or found.url)
    with nullcontext() if dry_run or server else closed(found.folder), bench_of(place) as bench:
        if not who and not left_before:
            bench.records.clean()
            _say(out, _("The files were written anew."))
            return
        known = _named(bench, bench.records.left_before(left_before)) if left_before else [bench.looks.named(who)]
        for one in known:
            _say_going(out, bench, one)
        if dry_run or not known:
            _say(out, _("Nothing was changed."))
            return
        _say_after(out, bench, server=server)
        if not yes and not typer.confirm(_("Forget for good? It cannot be taken back")):
            raise typer.Abort
        for one in known:
            bench.records.forget(one)
        told = ngettext("{count} learner was forgotten.", "{count} learners were forgotten.", len(known))
        _say(out, told.format(count=len(known)))


def _named(bench: Workbench, numbers: tuple[int, ...]) -> list[Learner]:
    return [bench.learners.get(number) for number in numbers]


def _say_going(out: Console, bench: Workbench, one: Learner) -> None:
    going = bench.records.going(one)
    rows = ngettext("{count} row", "{count} rows", going.count).format(count=f"{going.count:,}")
    files = ngettext("{count} report", "{count} reports", len(going.files)).format(count=len(going.files))
    _say(out, _("{name}: {rows} and {files} go.").format(name=going.name, rows=rows, files=files))
    for path in going.files:
        _say(out, f"  {path}")


def _say_after(out: Console, bench: Workbench, *, server: bool) -> None:
    """What forgetting does not reach."""
    count = bench.workspace.backups_kept
    if server:
        _say(out, _("Backups of the database server hold it until they are deleted there."))
    else:
        _say(out, _("Backups made until now hold it: the newest {count} are kept, a day each.").format(count=count))
    _say(out, _("Files in exports/, printed pages and copies elsewhere hold it until somebody deletes them."))
    _say(out, _("What others wrote stays, also where they wrote the name."))
    _say(
        out, _("If a later file names the learner again, they begin anew: take them out of the school’s system first.")
    )


def _say(out: Console, text: str) -> None:
    out.print(escape(text), soft_wrap=True, highlight=False)
