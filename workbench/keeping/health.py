"""Whether a workspace is well: its records, its audit, its place, its clock, its backups.

`serve` looks at what is quickly seen, `workbench doctor` at everything. Each finding that is not well has a next step
that mends it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from workbench.ground import days
from workbench.ground.errors import NotReady, WorkbenchError
from workbench.ground.words import _, ngettext
from workbench.keeping import backups, heads, place, reached, restoring
from workbench.keeping.running import servers
from workbench.store import Store, connect, files, migrations, wal
from workbench.store.engine import unsafe
from workbench.store.files import State, Told
from workbench.store.trimming import RESTORE
from workbench.workspace import AUDIT, Workspace

ROOM_WANTED = 500_000_000  # bytes: a school's store, its reports and a backup
#: A clock that is behind the newest record by so much went back.
_BEHIND = timedelta(minutes=10)
#: What is written is noted in the audit before it; so much later, the note is missing.
_NOTED_WITHIN = timedelta(minutes=10)
#: Words written so long after the newest backup want another.
_TOO_OLD = timedelta(days=2)
#: So many things noted as written, an hour and more after the newest record, tell of records that are gone.
_UNKEPT, _UNKEPT_AFTER = 10, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and the step that mends it.

    `stops`: with it nothing can be kept, so nothing is served.
    """

    well: bool
    what: str
    next_step: str = ""
    stops: bool = False


def at_start(workspace: Workspace, url: str, now: datetime) -> list[Finding]:
    """What a server says when it starts; raises NotReady for what stops it."""
    found = [one for one in _looked_at(workspace, url, now, dict(os.environ), thorough=False) if not one.well]
    for one in found:
        if one.stops:
            raise NotReady(one.what, one.next_step)
    return found


def examined(workspace: Workspace, url: str, now: datetime, environ: Mapping[str, str]) -> Iterator[Finding]:
    """All that can be told of a workspace."""
    yield from _looked_at(workspace, url, now, environ, thorough=True)
    yield from _backups(workspace, url, now)


def _looked_at(
    workspace: Workspace, url: str, now: datetime, environ: Mapping[str, str], *, thorough: bool
) -> Iterator[Finding]:
    folder = workspace.folder
    if restoring.halfway(folder):
        yield Finding(
            False,
            _("Putting a backup back was stopped in the middle, and a file of the workspace is missing."),
            _("Run “workbench restore” again: it first moves back what stood before."),
            stops=True,
        )
    store = files.file_of(url)
    if store is None:
        yield from _on_a_server(url, folder, now, thorough=thorough)
    else:
        told = None
        for one in _records(store, folder, now, thorough=thorough):
            yield one
            told = files.told(store) if one.well else told
        if (foreign := _foreign_log(folder / AUDIT, "audit", folder)) is not None:
            yield foreign
        else:
            yield from _audit(folder / AUDIT, told, thorough=thorough)
            if files.state_of(folder / AUDIT, "audit") is State.GOOD:
                yield from _chain(folder, files.address_of(folder / AUDIT), thorough=thorough)
        if told is not None:
            yield from _clock(told, folder / AUDIT, now)
    yield from _room(folder)
    yield from _place(folder if store is None else store.parent, environ)
    yield from _servers(folder, thorough=thorough)


def _on_a_server(url: str, folder: Path, now: datetime, *, thorough: bool) -> Iterator[Finding]:
    engine = connect(url)
    try:
        migrations.check(engine)
        risk = unsafe(engine)
        older = reached.older(Store(engine), _day(now), reached.noted(folder))
    except WorkbenchError as error:
        yield Finding(False, error.sentence, error.next_step, stops=True)
        return
    finally:
        engine.dispose()
    yield Finding(True, _("Records: on a PostgreSQL server"))
    if risk is not None:
        yield Finding(False, *risk)
    if older is not None:
        yield Finding(False, older.sentence, older.next_step)
    yield from _chain(folder, url, thorough=thorough)


def _chain(folder: Path, audit_url: str, *, thorough: bool) -> Iterator[Finding]:
    """Whether the audit's chain is whole: walked along, or, quickly, as it was found when that was done last."""
    if thorough:
        found = heads.walked(folder, audit_url)
        if found is not None:
            yield Finding(found.whole, *heads.told(found.broken))
        return
    seen = heads.noted(folder)
    if seen is not None and seen.broken is not None:
        yield Finding(False, *heads.told(seen.broken))


def _day(now: datetime) -> date:
    return now.astimezone().date()


def _records(store: Path, folder: Path, now: datetime, *, thorough: bool) -> Iterator[Finding]:
    """The store's file, and what waits beside it to be taken in."""
    log = wal.fault(store)  # before anybody opens it: SQLite then forgets what it found
    if (foreign := _foreign_log(store, "changes", folder)) is not None:
        yield foreign
        return
    state = files.state_of(store, "changes", thorough=thorough)
    if state is not State.GOOD:
        yield _unreadable(store, state)
        return
    try:
        with closing(Store.open(files.address_of(store))) as opened:
            older = reached.older(opened, _day(now), reached.noted(folder))
    except WorkbenchError as error:
        yield Finding(False, error.sentence, error.next_step, stops=True)
        return
    if log is not None:
        yield Finding(
            False,
            _("What was written last before the workbench was ended may be lost: the file {file} is damaged.").format(
                file=f"{store.name}-wal"
            ),
            _(
                "Open the workbench and look at what was said last; write again what is missing. "
                "Devices that still hold an answer send it by themselves."
            ),
        )
    yield Finding(True, _("Records: {file}").format(file=store))
    if older is not None:
        yield Finding(False, older.sentence, older.next_step)


def _unreadable(store: Path, state: State) -> Finding:
    error = backups.unreadable(store, state)
    return Finding(False, error.sentence, error.next_step, stops=True)


def _foreign_log(path: Path, table: str, folder: Path) -> Finding | None:
    """Whether a file is good without the log that lies beside it, and not with it. Tried on a copy: it is for good."""
    if not wal.waits(path) or not path.exists():
        return None
    try:
        (folder / backups.FOLDER).mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=backups.MAKING, dir=folder / backups.FOLDER) as scratch:
            alone, together = Path(scratch) / "alone.sqlite", Path(scratch) / "together.sqlite"
            shutil.copyfile(path, together)
            shutil.copyfile(f"{path}-wal", f"{together}-wal")
            if files.state_of(together, table, thorough=True) is State.GOOD:
                return None
            shutil.copyfile(path, alone)
            if files.state_of(alone, table, thorough=True) is not State.GOOD:
                return None
    except OSError:  # no room to try it
        return None
    return Finding(
        False,
        _("The file {log} belongs to another file than {file}, which is whole without it.").format(
            log=f"{path.name}-wal", file=path
        ),
        _("Stop the workbench, and move {log} and {index} to another folder.").format(
            log=f"{path}-wal", index=f"{path.name}-shm"
        ),
        stops=True,
    )


def _audit(audit: Path, told: Told | None, *, thorough: bool) -> Iterator[Finding]:
    """Who looked at what: whether it is there, whole, and as old and as new as the records."""
    state = files.state_of(audit, "audit", thorough=thorough)
    mend = _("Run “workbench restore --audit”: it brings back what a backup tells, and leaves the records alone.")
    if state in (State.MISSING, State.EMPTY):
        if told is not None and not told.changes:
            return  # nobody looked at anything yet
        said = (
            _("The file {file}, which tells who looked at what, is missing.")
            if state is State.MISSING
            else _("The file {file}, which tells who looked at what, is empty.")
        )
        yield Finding(False, said.format(file=audit), mend)
        return
    if (error := files.kept_from(audit, state)) is not None:
        yield Finding(False, error.sentence, error.next_step, stops=True)
        return
    if state is not State.GOOD:
        said = (
            _("The file {file}, which should tell who looked at what, is something else.")
            if state is State.FOREIGN
            else _("The file {file}, which tells who looked at what, is damaged.")
        )
        yield Finding(False, said.format(file=audit) + " " + _("The records are in another file."), mend, stops=True)
        return
    missing = _not_told(audit, told) if told is not None else ""
    yield Finding(not missing, missing or _("Who looked at what: {file}").format(file=audit), mend if missing else "")
    if thorough and told is not None and told.newest is not None:
        yield from _unkept(audit, told.newest)


def _not_told(audit: Path, told: Told) -> str:
    """Which time an audit does not tell of; "" when it tells of all."""
    with files.opened(audit) as database:
        first, newest = map(files.moment, database.execute("SELECT min(at), max(at) FROM audit").fetchone())
        known = database.execute(
            "SELECT 1 FROM audit WHERE action = ? AND what LIKE ?", (RESTORE, f"%{AUDIT}%")
        ).fetchone()
    if first is None or newest is None:
        return (
            _("The audit is empty, and the records are not: who looked at them is not known.") if told.changes else ""
        )
    if told.first and first > told.first + _NOTED_WITHIN and not known:
        return _("The audit begins on {day}, and the records on {before}: who looked before is not known.").format(
            day=days.short(first.date()), before=days.short(told.first.date())
        )
    if told.said and told.said > newest + _NOTED_WITHIN:
        return _("The audit ends on {day}, and the records on {after}: an older audit was put in its place.").format(
            day=days.short(newest.date()), after=days.short(told.said.date())
        )
    return ""


def _unkept(audit: Path, newest: datetime) -> Iterator[Finding]:
    """Whether the audit tells of much that was written and that the records do not hold."""
    since = f"{newest + _UNKEPT_AFTER:%Y-%m-%d %H:%M:%S}"
    with files.opened(audit) as database:
        asked = "SELECT count(*), max(at) FROM audit WHERE action IN ('write', 'guide') AND allowed AND at > ?"
        after = "AND id > (SELECT coalesce(max(id), 0) FROM audit WHERE action = ?)"
        count, last = database.execute(f"{asked} {after}", (since, RESTORE)).fetchone()
    if count >= _UNKEPT and (until := files.moment(last)) is not None:
        yield Finding(
            False,
            _(
                "The records end on {day}, and people wrote until {until}: older records were put in their place."
            ).format(day=days.short(newest.date()), until=days.short(until.date())),
            _(
                "If somebody put an older file there, put the newer one back; “workbench restore” shows the backups. "
                "If it was meant, go on: this is no longer said once something new was written."
            ),
        )


def _clock(told: Told, audit: Path, now: datetime) -> Iterator[Finding]:
    known = [told.newest] if told.newest else []
    try:
        with files.opened(audit) as database:
            known += [at for (kept,) in database.execute("SELECT max(at) FROM audit") if (at := files.moment(kept))]
    except sqlite3.Error:
        pass  # what is wrong with it was said
    last = max(known, default=now)
    if last > now + _BEHIND:
        yield Finding(
            False,
            _(
                "The clock of this computer says {now}, and the newest record is of {last}: one of them is wrong."
            ).format(now=_at(now), last=_at(last)),
            _(
                "Look at the date and time in the computer’s settings, and set them right. If they are right now and "
                "were wrong before, go on: until {last}, the newest may not stand first."
            ).format(last=_at(last)),
        )


def _at(moment: datetime) -> str:
    here = moment.astimezone()
    return f"{days.short(here.date())}, {days.time(here)}"


def _room(folder: Path) -> Iterator[Finding]:
    room = shutil.disk_usage(folder).free
    yield Finding(
        room > ROOM_WANTED,
        _("Room on the disk: {size:.0f} MB").format(size=room / 1e6),
        _(
            "Make room: empty the wastebasket, and move what is not needed from this disk to another. "
            "At least {size:.0f} MB should be free."
        ).format(size=ROOM_WANTED / 1e6),
    )


def _place(folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    name = folder.name or "my_school"
    move = _(
        "Stop the workbench, move the folder to a place on this computer alone, such as {place}, and start it there. "
        "For a copy elsewhere: workbench backup --to FOLDER"
    ).format(place=Path.home() / name)
    if synced := place.synced_by(folder, environ):
        yield Finding(
            False,
            _("The workspace is in a folder that {program} copies: {folder}. That can damage the records.").format(
                program=synced, folder=folder
            ),
            move,
        )
    if kind := place.shared_by(folder):
        yield Finding(
            False,
            _("The workspace is on a network drive ({kind}): {folder}. That can damage the records.").format(
                kind=kind, folder=folder
            ),
            move,
        )


def _servers(folder: Path, *, thorough: bool) -> Iterator[Finding]:
    """Whether two servers have one folder; at a start, whether another has."""
    running = servers(folder)
    others = [one for one in running if one.process != os.getpid() or not one.here]
    if len(running) > 1 or (others and not thorough):
        yield Finding(
            False,
            _("More than one server has this workspace open: {who}.").format(who="; ".join(map(str, running))),
            _("Keep one, and press Ctrl-C in the window of each other (or end its process)."),
        )
    elif thorough and running:
        yield Finding(True, _("Served now: {who}").format(who=running[0]))


def _backups(workspace: Workspace, url: str, now: datetime) -> Iterator[Finding]:
    store = files.file_of(url)
    if store is None:
        yield Finding(True, _("Backups: those of the PostgreSQL server.") + "\n" + backups.server_step(url))
        return
    known = [one for one in backups.kept(workspace.folder) if one.why is not backups.Why.ASIDE]
    bad = [one.name for one in known if not backups.whole(one)]
    if bad:
        said = ngettext("{count} backup is damaged: {names}", "{count} backups are damaged: {names}", len(bad))
        yield Finding(
            False,
            said.format(count=len(bad), names=", ".join(bad)),
            _("Move it out of {folder}, and make another: workbench backup").format(
                folder=workspace.folder / backups.FOLDER
            ),
        )
    good = backups.newest_first((one for one in known if one.name not in bad), now)
    wants = _("Run “workbench backup”. While the workbench is served, one is made each day.")
    try:
        newest = files.told(store).newest
    except sqlite3.Error:
        newest = None  # what is wrong with the store was said
    if not good:
        yield Finding(newest is None, _("There is no backup of this workspace."), wants)
        return
    late = newest is not None and newest > good[0].at + _TOO_OLD
    said = _("Newest backup: {day}, {count} in {folder}").format(
        day=_at(good[0].at), count=len(good), folder=workspace.folder / backups.FOLDER
    )
    yield Finding(not late, said, wants if late else "")
