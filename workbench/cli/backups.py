"""`workbench backup` and `restore`, and what is said of them."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import DbOption, Place, WorkspaceOption, console, now, workspace_of
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.keeping.backups import Backup
    from workbench.keeping.restoring import Restored, Wanted


def say_made(out: Console, made: Backup, *, elsewhere: bool) -> None:
    from workbench.workspace import AUDIT

    _say(out, _("Made {file}, and read it back.").format(file=made.file))
    _say(out, told_of(made))
    if AUDIT not in made.parts:
        _say(out, _("Who looked at what is not in it: see “workbench doctor”."))
    _say(out, _("Not in it: exports/, out/ and the key to the sign-in. Keep it as carefully as the workspace itself."))
    if not elsewhere:
        _say(out, _("A disk that breaks takes it along: have one on another disk, too (--to FOLDER)."))


def say_list(out: Console, folder: Path, known: Sequence[Backup]) -> None:
    from workbench.keeping import backups

    _say(out, _("Backups in {folder}:").format(folder=folder / backups.FOLDER))
    for number, one in enumerate(known, start=1):
        mark = "" if backups.whole(one) else "  " + _("DAMAGED, not to be used")
        _say(out, f"  {number}  {one.name}  {told_of(one)}{mark}")


def say_newest(out: Console, folder: Path, url: str) -> None:
    from workbench.keeping import backups

    if backups.is_on_a_server(url):
        _say(out, _("Backups: those of the PostgreSQL server; “workbench backup” tells how."))
        return
    known = backups.newest_first(backups.readable(folder), datetime.now(UTC))
    if not known:
        _say(out, _("There is no backup yet. Next: workbench backup"))
        return
    said = _("Newest backup: {day}, {count} in {folder}")
    _say(out, said.format(day=moment(known[0].at), count=len(known), folder=folder / backups.FOLDER))


def say_intent(out: Console, chosen: Backup | None, wanted: Wanted) -> None:
    """What a restore is about to do."""
    if chosen is not None:
        _say(out, _("From the backup of {day}.").format(day=moment(chosen.at)))
    if wanted.records and wanted.anew:
        said = _("The workspace begins with no learners and nothing said.")
    elif wanted.records:
        said = _("The records become what they were then. What was said later is no longer shown.")
    elif wanted.audit:
        said = _("Who looked at what is repaired; the records stay as they are.")
    else:
        said = _("Settings, protocols, inventories and mappings become what they were then; the records stay.")
    _say(out, said + " " + _("What stands now is put aside and can be brought back."))


def say_restored(out: Console, chosen: Backup | None, done: Restored) -> None:
    from workbench.workspace import STORE

    if done.nothing and done.noted:
        _say(out, _("No backup tells more of who looked at what than what stands; that is noted in it."))
        return
    if done.nothing:
        _say(out, _("Everything asked for is well as it is; nothing was changed."))
        return
    if done.put:
        _say(out, _("Put back: {files}").format(files=", ".join(done.put)))
    if done.anew:
        _say(out, _("Begun anew: {files}").format(files=", ".join(done.anew)))
    if done.aside is not None:
        said = _("What stood before is in {folder}. To bring it back: workbench restore {name}")
        _say(out, said.format(folder=done.aside, name=done.aside.name))
    if done.differ and chosen is not None:
        said = _("Left as they stand, though the backup has others: {files}. To put those back: {command}")
        command = f"workbench restore {shlex.quote(chosen.name)} --settings"
        _say(out, said.format(files=", ".join(done.differ), command=command))
    if done.forgotten:
        said = ngettext(
            "Since that backup {count} learner was forgotten. If it has that learner, forget them once more: "
            "workbench learner forget",
            "Since that backup {count} learners were forgotten. Those it has, forget once more: "
            "workbench learner forget",
            done.forgotten,
        )
        _say(out, said.format(count=done.forgotten))
    if done.older:
        _say(out, _("This backup is of an older workbench. Next: workbench upgrade"))
    elif STORE in done.anew:
        _say(out, _("Next: workbench import PATH"))


def told_of(one: Backup) -> str:
    """A backup in a line: its day, size, why it was made, and what is in it."""
    from workbench.keeping.backups import Why

    made_for = {
        Why.DAILY: _("made daily"),
        Why.ASKED: _("asked for"),
        Why.UPGRADE: _("before an upgrade"),
        Why.ASIDE: _("what stood before a backup was put back"),
    }
    parts = [moment(one.at), f"{one.size / 1e6:.1f} MB", made_for[one.why]]
    if one.told is not None:
        learners = one.told.learners
        parts.append(ngettext("{count} learner", "{count} learners", learners).format(count=f"{learners:,}"))
        newest = moment(one.told.newest) if one.told.newest else _("none")
        parts.append(_("newest change: {day}").format(day=newest))
    return " · ".join(parts)


def moment(at: datetime) -> str:
    from workbench.ground import days

    here = at.astimezone()
    return f"{days.short(here.date())}, {days.time(here)}"


def _say(out: Console, text: str) -> None:
    out.print(text, soft_wrap=True, highlight=False, markup=False)


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to write it to. Default: the workspace’s backups.")
    ] = None,
    workspace: WorkspaceOption = None,
    db: DbOption = "",
) -> None:
    """Copy what the school cannot have again into one file, also while the apps are used."""
    from workbench.keeping import backups

    place = workspace_of(Place(workspace, db, ""))
    made = backups.make(place, db or place.url, now(), backups.Why.ASKED, to=to)
    say_made(console(), made, elsewhere=to is not None)


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
    from workbench.keeping import restoring
    from workbench.keeping.running import closed
    from workbench.workspace import Workspace

    out = console()
    folder = Workspace.folder_of(workspace, Path.cwd(), os.environ)
    wanted = restoring.Wanted(records=not (audit or settings), audit=audit, settings=settings, anew=empty)
    if empty and (audit or settings or backup):
        raise BadInput(_("--empty begins with no records, so it goes with nothing else."), "workbench restore --empty")
    chosen = None if empty else _which_backup(out, folder, backup, wanted, asks=not yes and sys.stdin.isatty())
    with closed(folder):  # else there is nothing to ask
        say_intent(out, chosen, wanted)
    if not yes and not typer.confirm(_("Do it?")):
        raise typer.Abort
    say_restored(out, chosen, restoring.restore(folder, chosen, wanted, now()))


def _which_backup(out: Console, folder: Path, named: str, wanted: Wanted, *, asks: bool) -> Backup | None:
    """The backup that is named, or chosen from the list; None where what is wanted can begin anew without one."""
    from workbench.keeping import backups, restoring
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
    say_list(out, folder, known)
    if not asks:
        raise BadInput(_("Name the backup to put back."), _("For example: workbench restore newest"))
    while True:
        given = str(typer.prompt(_("Which one? A number, or 0 to leave everything as it is"))).strip()
        if given == "0":
            raise typer.Abort
        if given.isdecimal() and 0 < int(given) <= len(known):
            return known[int(given) - 1]
