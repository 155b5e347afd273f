"""`workbench users …`: who may sign in, as what, and what they are to whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.access.actors import Action
from workbench.cli.console import ActorOption, DbOption, Place, WorkspaceOption, bench_of, console, escape, today
from workbench.ground.errors import BadInput
from workbench.ground.words import _

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bench import Workbench
    from workbench.doors.accounts import Account

users = typer.Typer(help="Who may sign in, as what.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="The name they sign in with.")]
Roles = Annotated[
    list[str], typer.Option("--role", help="Whom they act as, such as teacher:t17, coach:c1, admin:office.")
]


@users.command("list")
def list_(workspace: WorkspaceOption = None, db: DbOption = "", actor: ActorOption = "") -> None:
    """Show who may sign in, and the relations that were given."""
    out = console()
    with bench_of(Place(workspace, db, actor)) as bench:
        accounts = bench.accounts.all()
        if not accounts:
            out.print(_("Nobody has an account yet. Make one: workbench users add rivera --role teacher:t17"))
        for one in accounts:
            state = _("may not sign in") if one.disabled else "" if one.ready else _("was invited")
            line = " · ".join(part for part in (one.name, one.called, ", ".join(map(str, one.roles)), state) if part)
            out.print(escape(line), highlight=False)
        for tie in bench.accounts.ties():
            whom = _whom(tie.learner, tie.class_id, tie.school)
            out.print(escape(f"{tie.id}: {tie.actor} · {whom} · {tie.since} – {tie.until}"), highlight=False)


@users.command("add")
def add(
    name: Name,
    role: Roles,
    called: Annotated[str, typer.Option(help="What the pages call them.")] = "",
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Make an account, and show the link with which its owner chooses a password, once, within three days."""
    with bench_of(Place(workspace, db, actor)) as bench:
        account = bench.accounts.add(name, *role, called=called)
        _invited(bench, account, console())


@users.command("invite")
def invite(name: Name, workspace: WorkspaceOption = None, db: DbOption = "", actor: ActorOption = "") -> None:
    """Show a new link, for somebody who forgot the password."""
    with bench_of(Place(workspace, db, actor)) as bench:
        _invited(bench, bench.accounts.named(name), console())


@users.command("role")
def role_(
    name: Name, role: Roles, workspace: WorkspaceOption = None, db: DbOption = "", actor: ActorOption = ""
) -> None:
    """Say whom somebody acts as; they sign in anew."""
    with bench_of(Place(workspace, db, actor)) as bench:
        changed = bench.accounts.act_as(bench.accounts.named(name), *role)
        console().print(
            escape(_("{name} acts as {roles}.").format(name=name, roles=", ".join(map(str, changed.roles))))
        )


@users.command("disable")
def disable(
    name: Name,
    again: Annotated[bool, typer.Option("--again", help="Let them in again.")] = False,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Let somebody in no more, at once."""
    with bench_of(Place(workspace, db, actor)) as bench:
        bench.accounts.disable(bench.accounts.named(name), disabled=not again)
        said = _("{name} may sign in again.") if again else _("{name} is signed out everywhere, and may not sign in.")
        console().print(escape(said.format(name=name)))


@users.command("sign-out")
def sign_out(name: Name, workspace: WorkspaceOption = None, db: DbOption = "", actor: ActorOption = "") -> None:
    """Sign somebody out everywhere."""
    with bench_of(Place(workspace, db, actor)) as bench:
        count = bench.accounts.sign_out(bench.accounts.named(name))
        console().print(escape(_("{name} is signed out in {count} browsers.").format(name=name, count=count)))


@users.command("link")
def link(
    role: Annotated[str, typer.Argument(help="Who, such as coach:c1, substitute:s3, family:f7.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    learner: Annotated[str, typer.Option(help="To one learner: their code or name.")] = "",
    class_: Annotated[str, typer.Option("--class", help="To a class.")] = "",
    school: Annotated[str, typer.Option(help="To a school, as the exports say it.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day. Default: today.")] = None,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """Give a coach, a substitute, a family member or a supporter a relation for some time."""
    with bench_of(Place(workspace, db, actor)) as bench:
        if school and school not in {one.school for one in bench.learners.classes()}:
            raise BadInput(
                _("There is no school called {name} here.").format(name=school), _("Write it as the exports do.")
            )
        tie = bench.accounts.tie(
            role,
            learner=bench.learners.named(learner) if learner else None,
            class_=bench.learners.class_named(class_) if class_ else None,
            school=school,
            since=since.date() if since else today(),
            until=until.date(),
        )
        console().print(_("Given as {number}, until {day}.").format(number=tie.id, day=tie.until))


@users.command("unlink")
def unlink(
    number: Annotated[int, typer.Argument(help="As “workbench users list” shows it.")],
    workspace: WorkspaceOption = None,
    db: DbOption = "",
    actor: ActorOption = "",
) -> None:
    """End a relation that was given."""
    with bench_of(Place(workspace, db, actor)) as bench:
        bench.accounts.untie(number)
        console().print(_("{number} ended.").format(number=number))


def first_account(place: Place, out: Console) -> None:
    """Makes the account of an admin where nobody could sign in, and shows its link."""
    with bench_of(place) as bench:
        if not bench.gate.may_here(Action.PEOPLE):
            admin = Place(place.workspace, place.db, "admin:local")
            with bench_of(admin) as other:
                _first(other, out)
        else:
            _first(bench, out)


def _first(bench: Workbench, out: Console) -> None:
    known = [one for one in bench.accounts.all() if not one.disabled]
    if not known:
        known = [bench.accounts.add("admin", "admin:local", called="")]
    if not any(one.ready for one in known):
        out.print(_("Nobody can sign in yet."))
        _invited(bench, known[0], out)


def _invited(bench: Workbench, account: Account, out: Console) -> None:
    made = bench.accounts.invite(account)
    address = bench.workspace.address or _("the address of the workbench")
    out.print(escape(_("{name} chooses a password with this link, once, within three days:").format(name=account.name)))
    out.print(f"{address}/#invite={made.token}", soft_wrap=True, highlight=False)


def _whom(learner: int | None, class_id: int | None, school: str) -> str:
    if learner is not None:
        return _("one learner")
    return _("one class") if class_id is not None else school
