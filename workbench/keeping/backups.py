"""Backups: copies of a workspace, made while it is used, each in one file that is whole or not there.

backups/workbench-2026-11-21-101500.zip
  contents.json       when and why it was made, and what the store told of itself
  workbench.sqlite    the store
  audit.sqlite        who looked at what
  workbench.toml      the settings
  device.key          what tablets seal waiting words with
  certificates/       what the workbench serves others by
  protocols/ inventories/ mappings/

Accounts, ties and what learners made are in the store. What the school can have again is not in it (exports/, out/),
nor what lets a browser in (the key to the sign-in; sessions end with a restore). The last 64 bytes of the file, a zip's
comment, are the digest of all before them, so that a file that was damaged later is known. A file is made under another
name, flushed, read back, and only then gets its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from filelock import FileLock, Timeout

from workbench.ground import durable
from workbench.ground.errors import BadInput, NotReady, WorkbenchError
from workbench.ground.sealing import SECRET_FILE
from workbench.ground.words import _
from workbench.store import files
from workbench.store.files import State, Told
from workbench.workspace import AUDIT, SETTINGS, STORE, Workspace, why

FOLDER = "backups"
#: Folders of a school's own words and certificates, which a backup holds beside the store.
OWN = ("protocols", "inventories", "mappings", "certificates")
#: Files at the top of a workspace that it holds as well.
FILES = (SETTINGS, SECRET_FILE)
DAY = timedelta(days=1)
_AHEAD = timedelta(hours=1)
#: Begins the names of folders in `backups` in which something is being made; nobody needs what is left in one.
MAKING = ".making-"
_CONTENTS = "contents.json"
_DIGEST = 64  # bytes at the end of the file
_CHUNK = 2**20
_PATIENCE = 60.0  # seconds until somebody else's backup is done
_COUNT = 14


class Why(StrEnum):
    """What a backup was made for. `ASIDE` is none: it is what stood before a backup was put back."""

    DAILY = "daily"
    ASKED = "asked"
    UPGRADE = "upgrade"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as its name and its contents tell; `told` is None where it cannot be read."""

    file: Path
    at: datetime
    why: Why
    size: int  # bytes
    told: Told | None = None
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.file.name

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is of a day to come: the clock was wrong when it was made, or is now."""
        return self.at > now + _AHEAD


def make(workspace: Workspace, url: str, at: datetime, why_: Why, *, to: Path | None = None) -> Backup:
    """Makes a backup of a workspace whose store is at `url`, in its backups folder or in `to`.

    Older ones made for the same reason go, down to the number that the workspace keeps. Raises NotReady where the
    store is missing, damaged or on a server, or the disk refuses; no file is then left.
    """
    store = files.file_of(url)
    if store is None:
        raise on_a_server(url)
    folder = (to or workspace.folder / FOLDER).absolute()
    try:
        if to is None:
            folder.mkdir(mode=0o700, exist_ok=True)
        elif not folder.is_dir():
            raise BadInput(_("There is no folder {folder}.").format(folder=folder), _("Name one that is there."))
        with _alone(folder), _scratch(folder) as scratch:
            made = _made(workspace, store, at, why_, scratch)
            target = _free_name(folder, at)
            made.rename(target)
            durable.sync_folder(folder)
            if to is None:
                _thin(target, why_, workspace.backups_kept)
        return look(target)
    except Timeout:
        raise NotReady(_("Another backup is just being made."), _("Wait until it is done, and try again.")) from None
    except sqlite3.Error as error:
        raise _not_made(str(error), folder) from None
    except OSError as error:
        raise _not_made(why(error), folder) from None


def kept(folder: Path) -> list[Backup]:
    """The backups in a workspace's folder, newest first; after them, records that were put aside."""
    place = folder / FOLDER
    made = [one for pattern in ("workbench-*.zip", "workbench-*.sqlite") for one in _looks(place.glob(pattern))]
    aside = [one for one in _looks(place.glob("put-aside-*")) if STORE in one.parts]
    return [*sorted(made, key=_age, reverse=True), *sorted(aside, key=_age, reverse=True)]


def _looks(paths: Iterable[Path]) -> Iterator[Backup]:
    for one in paths:
        with suppress(OSError):  # gone by now, or a link to nowhere
            yield look(one)


def _age(backup: Backup) -> tuple[datetime, str]:
    return backup.at, backup.name


def readable(folder: Path) -> list[Backup]:
    """The backups of a workspace that can be read, newest first; what was put aside is none."""
    return [one for one in kept(folder) if one.told is not None and one.why is not Why.ASIDE]


def newest_first(known: Iterable[Backup], now: datetime) -> list[Backup]:
    """Backups as `kept` orders them, with those of a day to come after all others."""
    return sorted(known, key=lambda one: one.is_ahead(now))


def look(path: Path) -> Backup:
    """What a backup tells of itself; whether it is whole, `whole` says."""
    stamp = path.name.removesuffix(path.suffix).removeprefix("workbench-").removeprefix("put-aside-")[:17]
    try:
        at = datetime.strptime(stamp, "%Y-%m-%d-%H%M%S").astimezone()
    except ValueError:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if path.is_dir():
        inside = [one for one in path.rglob("*") if one.is_file()]
        size = sum(one.stat().st_size for one in inside)
        return Backup(path, at, Why.ASIDE, size, None, tuple(str(one.relative_to(path)) for one in inside))
    size = path.stat().st_size
    with suppress(OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, sqlite3.Error):
        if path.suffix == ".sqlite":  # as older workbenches made them before an upgrade
            return Backup(path, at, Why.UPGRADE, size, files.told(path), (STORE,))
        with zipfile.ZipFile(path) as opened:
            said = json.loads(opened.read(_CONTENTS))
            names = tuple(name for name in opened.namelist() if name != _CONTENTS)
        first, last = files.moment(said["first"]), files.moment(said["newest"])
        told = Told(str(said["layout"]), int(said["learners"]), int(said["changes"]), first, last)
        return Backup(path, datetime.fromisoformat(said["at"]), Why(said["why"]), size, told, names)
    return Backup(path, at, Why.ASKED, size)


def whole(backup: Backup) -> bool:
    """Whether every byte of a backup is as it was written."""
    if backup.file.is_dir():
        return True
    if backup.file.suffix == ".sqlite":
        return files.state_of(backup.file, "changes") is State.GOOD
    try:
        with backup.file.open("rb") as file:
            return _digest(file, backup.size - _DIGEST) == file.read(_DIGEST)
    except OSError:
        return False


def unpack(backup: Backup, to: Path) -> None:
    """Takes a backup's files out into a folder. Raises NotReady when it is damaged, or there is no room."""
    try:
        if backup.file.is_dir():
            shutil.copytree(backup.file, to, dirs_exist_ok=True)
        elif backup.file.suffix == ".sqlite":
            shutil.copyfile(backup.file, to / STORE)
        else:
            _unzip(backup, to)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError):
        raise damaged(backup) from None
    except OSError as error:
        raise NotReady(
            _("The backup could not be taken out: {why}.").format(why=why(error)),
            _("Make room on the disk, check that you may write in the workspace, and try again."),
        ) from None


def damaged(backup: Backup) -> NotReady:
    return NotReady(
        _("The backup {file} is damaged, so nothing was put back.").format(file=backup.name),
        _("Choose another: “workbench restore” shows which are whole."),
    )


def on_a_server(url: str) -> NotReady:
    """What to say of a workspace whose store a PostgreSQL server keeps: its own backup is the one that counts."""
    return NotReady(
        _("A PostgreSQL server keeps these records, and its own backup is the one that counts."), server_step(url)
    )


def is_on_a_server(url: str) -> bool:
    """Whether a server keeps the store at an address."""
    return files.file_of(url) is None


def server_step(url: str) -> str:
    """The commands that save a store on a server, and put it back."""
    from sqlalchemy.engine import make_url

    place = make_url(url).set(drivername="postgresql", password=None).render_as_string() if url else ""
    return _(
        'Save it with: pg_dump --format=custom --file=workbench.dump "{place}"\n'
        'Put it back with: pg_restore --clean --if-exists --single-transaction --dbname="{place}" workbench.dump'
    ).format(place=place or "postgresql://user@host/name")


class Daily:
    """Does what is due each day while a server runs, in a thread of its own: a backup. Ends with the `with` block.

    `tell` is given what went wrong, once a day at most.
    """

    FIRST = 20.0  # seconds: the first pages go before
    AGAIN = 600.0  # seconds between looks at the clock: a computer may have slept

    def __init__(self, workspace: Workspace, url: str, tell: Callable[[WorkbenchError], object]) -> None:
        self._workspace = workspace
        self._url = url
        self._tell = tell
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Daily:
        if self.wanted:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()

    @property
    def wanted(self) -> bool:
        return not is_on_a_server(self._url)

    def do(self, now: datetime) -> None:
        """Does what is due, if it is."""
        if due(self._workspace, now):
            make(self._workspace, self._url, now, Why.DAILY)

    def failed(self, why_: str) -> WorkbenchError:
        return _not_made(why_)

    def _run(self) -> None:
        wait, failed = self.FIRST, datetime.min.replace(tzinfo=UTC)
        while not self._ended.wait(wait):
            wait, now = self.AGAIN, datetime.now().astimezone()
            if abs(now - failed) < DAY:
                continue
            try:
                self.do(now)
            except Exception as error:  # by its kind alone: what else it says may name somebody
                failed = now
                with suppress(Exception):  # tomorrow is another day
                    self._tell(error if isinstance(error, WorkbenchError) else self.failed(type(error).__name__))


def due(workspace: Workspace, now: datetime) -> bool:
    """Whether the newest backup is a day old; what was made while the clock was ahead is none."""
    known = [one for one in readable(workspace.folder) if not one.is_ahead(now)]
    return not known or now - known[0].at >= DAY


def sweep(folder: Path) -> None:
    """Removes what an ended process left half made in a folder of backups. For whoever is alone there."""
    for old in folder.glob(f"{MAKING}*"):
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Never two at once in one folder; what an ended one left there goes."""
    with FileLock(folder / ".lock", timeout=_PATIENCE, mode=0o600):
        sweep(folder)
        yield


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    made = Path(mkdtemp(prefix=MAKING, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _made(workspace: Workspace, store: Path, at: datetime, why_: Why, scratch: Path) -> Path:
    """The finished file, in `scratch`: flushed and read back."""
    _copied(store, scratch / STORE)
    if (found := files.state_of(scratch / STORE, "changes")) is not State.GOOD:
        raise unreadable(store, found)
    audit = workspace.folder / AUDIT
    if files.is_good(audit, "audit"):
        files.copy(audit, scratch / AUDIT)
    told = files.told(scratch / STORE)
    contents = {
        "at": at.astimezone().isoformat(timespec="seconds"),
        "why": str(why_),
        "layout": told.layout,
        "learners": told.learners,
        "changes": told.changes,
        "first": told.first and told.first.isoformat(),
        "newest": told.newest and told.newest.isoformat(),
    }
    made = scratch / "made.zip"
    inside = [(scratch / name, name) for name in (STORE, AUDIT)] + list(_own_files(workspace.folder))
    _zip(made, contents, [(path, name) for path, name in inside if path.is_file()])
    again = look(made)
    if not whole(again) or again.told != replace(told, said=None):
        raise _not_made(_("it could not be read back"))
    with zipfile.ZipFile(made) as opened:
        if opened.testzip() is not None:
            raise _not_made(_("it could not be read back"))
    return made


def _copied(store: Path, to: Path) -> None:
    if not store.exists() or not store.stat().st_size:
        raise unreadable(store, State.MISSING if not store.exists() else State.EMPTY)
    try:
        files.copy(store, to)
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        raise unreadable(store, State.DAMAGED) from None


def unreadable(store: Path, found: State) -> NotReady:
    """What to say of a store that is not good, or that could not be looked at."""
    if (error := files.kept_from(store, found)) is not None:
        return error
    said = {
        State.MISSING: _("The file {file}, which should hold the records, is missing."),
        State.EMPTY: _("The file {file}, which should hold the records, is empty."),
        State.FOREIGN: _("The file {file}, which should hold the workspace’s records, is something else."),
    }.get(found, _("The file {file}, which holds the workspace’s records, is damaged."))
    return NotReady(
        said.format(file=store),
        _("Stop the workbench and run “workbench restore”: it shows the backups there are and puts one back."),
    )


def _own_files(workspace: Path) -> Iterator[tuple[Path, str]]:
    """The settings, the key and the school's own words, with their names inside the workspace."""
    for name in FILES:
        yield workspace / name, name
    for folder in OWN:
        for path in sorted((workspace / folder).rglob("*")):
            if path.is_file():
                yield path, path.relative_to(workspace).as_posix()


def _zip(path: Path, contents: dict[str, Any], inside: Iterable[tuple[Path, str]]) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    # A zip has no time before 1980, where a clock may be.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as made:
        made.comment = bytes(_DIGEST)
        made.writestr(zipfile.ZipInfo(_CONTENTS), json.dumps(contents, indent=1), zipfile.ZIP_DEFLATED)
        for file, name in inside:
            made.write(file, name)
    with path.open("r+b") as finished:
        digest = _digest(finished, path.stat().st_size - _DIGEST)
        finished.seek(-_DIGEST, os.SEEK_END)
        finished.write(digest)
    durable.sync(path)


def _digest(file: Any, size: int) -> bytes:
    """The digest of the first `size` bytes, as 64 letters."""
    found = hashlib.sha256()
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        found.update(chunk)
        size -= len(chunk)
    return found.hexdigest().encode("ascii")


def _unzip(backup: Backup, to: Path) -> None:
    if not whole(backup):
        raise damaged(backup)
    with zipfile.ZipFile(backup.file) as opened:
        inside = [one for one in opened.infolist() if _ours(one.filename)]
        room = shutil.disk_usage(to).free
        if sum(one.file_size for one in inside) > room:
            raise OSError(28, os.strerror(28))
        for one in inside:
            target = to / one.filename
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with opened.open(one) as source, target.open("xb") as file:
                target.chmod(0o600)
                shutil.copyfileobj(source, file, _CHUNK)


def _ours(name: str) -> bool:
    """Whether a file of this name belongs in a backup."""
    first, *more = name.split("/")
    if first in OWN:
        return bool(more) and not any(part in ("", ".", "..") or "\\" in part or ":" in part for part in more)
    return name in (STORE, AUDIT, *FILES)


def _free_name(folder: Path, at: datetime) -> Path:
    name, number = f"workbench-{at.astimezone():%Y-%m-%d-%H%M%S}", 1
    while (found := folder / f"{name}{f'-{number}' if number > 1 else ''}.zip").exists():
        number += 1
    return found


def _thin(made: Path, why_: Why, count: int) -> None:
    """Removes the oldest that were made for one reason, down to `count`; never `made`, whatever the clock said.

    Those of a day to come take no place from those of today.
    """
    others = _looks(one for one in made.parent.glob("workbench-*.zip") if one != made)
    same = sorted((one for one in others if one.why is why_ and one.told is not None), key=_age, reverse=True)
    at = look(made).at
    later, before = [one for one in same if one.at > at], [one for one in same if one.at <= at]
    for old in (*later[count:], *before[count - 1 :]):
        old.file.unlink(missing_ok=True)


def _not_made(reason: str, folder: Path | None = None) -> NotReady:
    step = _("Make room on the disk, check that you may write in the workspace, and try again.")
    if folder is not None:
        step = _("Make room on the disk of {folder}, check that you may write there, and try again.")
    return NotReady(_("No backup could be made: {why}.").format(why=reason), step.format(folder=folder))
