"""`workbench demo`, `serve` and `lab`: what opens in a browser."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from workbench.cli.console import (
    PORT,
    ActorOption,
    DbOption,
    Place,
    WorkspaceOption,
    actor_of,
    console,
    errors,
    escape,
    leave,
    progress,
    say_finding,
    today,
    workspace_of,
)
from workbench.cli.reports import run_report
from workbench.cli.users import first_account
from workbench.cli.workspace import upgraded
from workbench.ground.words import _

if TYPE_CHECKING:
    from workbench.serving import Reach


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo workspace is or will be.")] = Path("demo"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the apps at the end.")] = True,
    port: Annotated[int, typer.Option(help="The apps’ port.")] = PORT,
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports made at the same time. Default: one a core.")] = None,
) -> None:
    """Make an invented school, import its exports, hold conferences, run reports, serve the apps."""
    from workbench.ground import ports
    from workbench.sample.demo import CLASS, prepare

    out = console()
    if serve:  # before the work, not after it
        for one in ports.listen(port):
            one.close()
    with progress(out) as bar:
        workspace = prepare(
            folder,
            today=today(),
            upgrade=lambda older: upgraded(older, "", out),
            say=lambda text: out.print(escape(text)),
            progress=bar.file,
        )
    place = Place(workspace.folder, "", "")
    made = run_report(place, "learner_report", {"of": CLASS}, None, jobs, ("html",))
    if serve:
        serve_apps(place, port, open_browser=False)
    elif made:
        leave(made)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="The port on this machine.")] = PORT,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
    listen: Annotated[
        bool, typer.Option("--listen", help="To other computers too, by accounts and TLS (docs/guides/school.md).")
    ] = False,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="The same, where a proxy on this computer speaks TLS.")
    ] = False,
    hub: Annotated[bool, typer.Option("--hub", help="The same, as a service that a JupyterHub starts.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Serve the apps on this machine."""
    from workbench.serving import Reach

    told: dict[str, str] = context.obj or {}
    reach = Reach.OTHERS if listen else Reach.PROXY if behind_proxy else Reach.HUB if hub else Reach.HERE
    port = (hub and urlsplit(told.get("SERVICE_URL", "")).port) or port
    serve_apps(Place(workspace, db, actor), port, open_browser=open_browser, reach=reach, told=told)


def certificate(
    hosts: Annotated[list[str], typer.Argument(help="Names and addresses by which tablets reach this computer.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Make a certificate for a school that has none, and the authority that tablets are told to trust."""
    from workbench.serving import certificates

    found = workspace_of(Place(workspace, "", ""))
    folder = certificates.make(found.folder, hosts, school=found.school, now=datetime.now(UTC))
    out = console()
    out.print(escape(_("Made in {folder}, for {hosts}:").format(folder=folder, hosts=", ".join(hosts))))
    for name, what in (
        (certificates.PROFILE, _("for iPads: install it, then switch it on in Settings › General › About › "
                                 "Certificate Trust Settings; a device manager does both")),
        (certificates.AUTHORITY, _("for Chromebooks and other computers: import it as an authority for websites")),
    ):  # fmt: skip
        out.print(escape(f"  {name}: {what}"), soft_wrap=True, highlight=False)
    out.print(_("Write into workbench.toml, under [serving]:"))
    for line in (
        f'address = "https://{hosts[0]}:{PORT}"',
        f'certificate = "{certificates.FOLDER}/{certificates.SERVER}"',
        f'certificate_key = "{certificates.FOLDER}/{certificates.SERVER_KEY}"',
    ):
        out.print(escape(f"  {line}"), soft_wrap=True, highlight=False)
    out.print(_("It is good for 390 days. Make it anew before: the running workbench takes it by itself."))


def lab(
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8888,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Open JupyterLab in the workspace, with the notebooks copied into it."""
    from workbench.cli.lab import start

    place = Place(workspace, db, actor)
    found = workspace_of(place)
    start(found, actor=actor_of(place, found), db=db, port=port, open_browser=open_browser)


def serve_apps(
    place: Place,
    port: int,
    *,
    open_browser: bool,
    reach: Reach | None = None,
    told: Mapping[str, str] | None = None,
) -> None:
    from workbench.serving import Reach, safe
    from workbench.serving import serve as start

    workspace = workspace_of(place)
    out = console()
    reach = reach or Reach.HERE
    if reach is not Reach.HERE:
        safe(workspace, reach)
    if reach in (Reach.OTHERS, Reach.PROXY):
        first_account(Place(workspace.folder, place.db, place.actor), out)

    def ready(address: str) -> None:
        out.print(_("The apps are at (press Ctrl-C to stop):"))
        out.print(address, soft_wrap=True, highlight=False)
        sys.stdout.flush()

    start(
        workspace,
        actor=actor_of(place, workspace),
        db=place.db,
        port=port,
        open_browser=open_browser,
        on_ready=ready,
        on_slow=lambda complaint: errors().print(escape(complaint), highlight=False),
        on_notice=lambda finding: say_finding(errors(), finding),
        reach=reach,
        told=told,
    )
