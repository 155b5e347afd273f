"""What every command stands on: where it works, for whom, and how it speaks."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.ground.environment import ACTOR
from workbench.ground.errors import WorkbenchError

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bench import Workbench
    from workbench.keeping.health import Finding
    from workbench.workspace import Workspace


WITH_PROBLEMS = 1


STOPPED = 130


PORT = 8866


@dataclass(frozen=True, slots=True)
class Place:
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


def leave(code: int) -> None:
    raise typer.Exit(code)


def say_finding(out: Console, finding: Finding) -> None:
    mark = "[green]✓[/green]" if finding.well else "[red]✗[/red]"
    out.print(f"{mark} {escape(finding.what)}", soft_wrap=True)
    if not finding.well:
        out.print(f"  → {escape(finding.next_step)}", soft_wrap=True)


def now() -> datetime:
    return datetime.now().astimezone()


def told_by_hub() -> dict[str, str]:
    """What a JupyterHub told this process, by names without `JUPYTERHUB_`.

    It is taken out of the environment, so that no kernel nor any other process that starts from here has it.
    """
    mark = "JUPYTERHUB_"
    return {name.removeprefix(mark): os.environ.pop(name) for name in list(os.environ) if name.startswith(mark)}


def today() -> date:
    return date.today()  # noqa: DTZ011 (the day on the wall where the person sits)


def workspace_of(place: Place) -> Workspace:
    from workbench.workspace import Workspace

    return Workspace.find(place.workspace, Path.cwd(), os.environ)


def actor_of(place: Place, workspace: Workspace) -> Any:
    from workbench.access.actors import Actor

    named = place.actor or os.environ.get(ACTOR, "")
    return Actor.parse(named) if named else workspace.local


def bench_of(place: Place) -> Workbench:
    from workbench.bench import Workbench

    workspace = workspace_of(place)
    return Workbench.open(workspace, actor=actor_of(place, workspace), db=place.db)


class Bar:
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

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def file(self, name: str, done: int, total: int | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(escape(name), total=total, completed=done)
        self._progress.update(self._tasks[name], completed=done, total=total)


def progress(console: Console) -> Bar:
    return Bar(console)


def console() -> Console:
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty())  # what a file or another program reads is not cut


def errors() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=not sys.stderr.isatty())


def escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def say_error(error: WorkbenchError) -> None:
    out = errors()
    out.print(escape(error.sentence), highlight=False)
    if error.next_step:
        out.print(escape(error.next_step), highlight=False)
