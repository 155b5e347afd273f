"""What the command line says of backups."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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
        said = _("Who looked at what is mended; the records stay as they are.")
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
