"""`workbench audit …`: who looked at what, told to whoever looks after it; whether it is whole; what goes by rule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from workbench.cli.console import ActorOption, DbOption, Place, WorkspaceOption, bench_of, console, escape, leave
from workbench.ground.words import _, ngettext

audit = typer.Typer(help="Who looked at what.", no_args_is_help=True, rich_markup_mode=None)

Day = datetime | None


@audit.command("show")
def show(
    learner: Annotated[str, typer.Option(help="On one learner: the school’s id or the name.")] = "",
    by: Annotated[str, typer.Option(help="By somebody, such as teacher:t17.")] = "",
    since: Annotated[Day, typer.Option(formats=["%Y-%m-%d"], help="The first day.")] = None,
    until: Annotated[Day, typer.Option(formats=["%Y-%m-%d"], help="The last day.")] = None,
    most: Annotated[int, typer.Option(help="So many at most, the newest.")] = 200,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Tell who looked, wrote or was refused, on whom, when, why, and from what device: the newest first."""
    from workbench.duties.plainly import in_words

    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        found = bench.looks.all(
            learner=bench.looks.named(learner) if learner else None,
            actor=by,
            since=since.date() if since else None,
            until=until.date() if until else None,
            most=most,
        )
        names = bench.looks.names(found)
        for one in found:
            line = in_words(one, names)
            parts = (
                line.when,
                line.who,
                line.did,
                line.whom,
                line.at,
                line.device,
                f"({line.why})" if line.why else "",
            )
            out.print(escape("  ".join(filter(None, parts))), soft_wrap=True, highlight=False)
        if not found:
            out.print(_("Nothing was noted that fits. Without options, the newest of all is shown."))


@audit.command("verify")
def verify(
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Take it as it is from now on; what was wrong is noted.")
    ] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Tell whether any of it was changed or is missing; the exit code is 2 where it was."""
    from workbench.keeping import heads

    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        if go_on:
            bench.looks.go_on()
            out.print(_("It goes on from what is there now; that is noted in it."))
        found = bench.looks.check()
        said, step = heads.told(found.broken)
        out.print(escape(said), soft_wrap=True)
        rows = ngettext("{count} row", "{count} rows", found.rows).format(count=f"{found.rows:,}")
        if found.whole:
            end = f"{found.head.number}-{found.head.hash.hex()}"
            told = _("{rows}. It ends with {end}: noted elsewhere, that shows later that nothing before was changed.")
            out.print(escape(told.format(rows=rows, end=end)), soft_wrap=True, highlight=False)
            return
        out.print(escape(_("Near row {number}.").format(number=found.number)), soft_wrap=True, highlight=False)
        out.print(escape(step), soft_wrap=True, highlight=False)
    leave(2)


@audit.command("trim")
def trim(workspace: WorkspaceOption = None, db: DbOption = "", actor: ActorOption = "") -> None:
    """Fold and sum up what is older than the school’s rule keeps ([keep] in workbench.toml); a server does it daily."""
    from workbench.keeping import heads

    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        gone = bench.looks.trim()
        out.print(ngettext("{count} row was folded.", "{count} rows were folded.", gone).format(count=f"{gone:,}"))
        seen = bench.looks.checked()
    if seen is not None and seen.broken is not None:
        for line in heads.told(seen.broken):
            out.print(escape(line), soft_wrap=True)
        leave(2)
