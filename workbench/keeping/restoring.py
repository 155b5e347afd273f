"""Puts a backup back: checks it first, and puts aside what stands now, so that it can be brought back.

What is to change is first laid out beside the workspace and flushed, then moved: each file that stands into
`backups/put-aside-…`, the new one into its place. Killed in the middle, every file is either the old one or the new
one, or is moved back by the next restore (`mend`).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from workbench.access.actors import Actor, Decision
from workbench.ground import durable
from workbench.ground.errors import NotReady, WorkbenchError
from workbench.ground.words import _
from workbench.keeping import backups, heads
from workbench.keeping.backups import FILES, FOLDER, OWN, Backup, Why
from workbench.keeping.running import closed
from workbench.store import Audit, connect, files, migrations
from workbench.store.chain import Mark
from workbench.store.trimming import RESTORE
from workbench.workspace import AUDIT, SETTINGS, STORE, Workspace, why, written

#: Begins the name of a folder in `backups` in which what is put back is laid out.
LAYING = ".restoring-"
_MOVES = "moves.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a backup is to be put back. With `records` alone, what else is missing or unreadable comes too.

    `anew`: where no backup has it, an empty one is made.
    """

    records: bool = True
    audit: bool = False
    settings: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, what was begun anew, and where that is which stood before; None when nothing did.

    `differ`: settings and words of the school's own that are other ones in the backup, and were left as they stand.
    `noted`: the audit tells of it. `forgotten`: so many learners were, since the backup that has the records back.
    """

    put: tuple[str, ...]
    anew: tuple[str, ...]
    aside: Path | None
    differ: tuple[str, ...]
    older: bool
    noted: bool
    forgotten: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.put or self.anew)


def restore(folder: Path, backup: Backup | None, wanted: Wanted, at: datetime) -> Restored:
    """Puts a backup of the workspace in `folder` back; with None, begins anew what is wanted.

    Raises NotReady when a server or something else has the workspace open, the backup is damaged, its store is a newer
    workbench's, or the disk refuses: nothing is then changed.
    """
    with closed(folder), _laid_out(folder) as laid:
        if backup is not None:
            backups.unpack(backup, laid)
        store, place = _store(folder, laid)
        older = _checked(laid, backup, wanted)
        targets = {name: store if name == STORE else folder / name for name in _names(laid)}
        moves = dict(_chosen(folder, laid, targets, store, wanted, at))
        anew = [name for name in _lacking(folder, wanted, backup, store) if name not in moves]
        for name in anew:
            _begin(laid / name, name, folder)
            moves[name] = store if name == STORE else folder / name
        if wanted.records and files.others_have(store):
            raise NotReady(
                _("Something has this workspace’s records open: JupyterLab, an import, or another window."),
                _("Close it, and try again."),
            )
        differ = [
            name
            for name, target in targets.items()
            if name not in moves and name not in (STORE, AUDIT) and not _same(target, laid / name)
        ]
        if STORE in moves and STORE not in anew:
            _shut_doors(laid / STORE, at)
        aside = _move(folder, laid, moves, at)
        put = tuple(name for name in moves if name not in anew)
    noted = _note(folder, place, backup, put, tuple(anew), at, looked=wanted.audit)
    forgotten = _forgotten_since(folder, backup.at) if backup is not None and STORE in put else 0
    return Restored(put, tuple(anew), aside, tuple(sorted(differ)), older, noted, forgotten)


def halfway(folder: Path) -> bool:
    """Whether a restore was stopped in the middle of moving files."""
    return any(_unmoved(folder, laid) for laid in (folder / FOLDER).glob(f"{LAYING}*"))


def mend(folder: Path) -> None:
    """Moves back what a stopped restore had put aside and not replaced. For whoever holds the workspace closed."""
    for laid in (folder / FOLDER).glob(f"{LAYING}*"):
        for source, target in _unmoved(folder, laid):
            for old, new in zip((*files.beside(source), source), (*files.beside(target), target), strict=True):
                if old.exists() and not new.exists():
                    old.rename(new)
            durable.sync_folder(target.parent)
        shutil.rmtree(laid, ignore_errors=True)


def _unmoved(folder: Path, laid: Path) -> list[tuple[Path, Path]]:
    """What was put aside and where it belongs, where nothing stands there now."""
    try:
        said = json.loads((laid / _MOVES).read_text(encoding="utf-8"))
        pairs = [(Path(source), Path(target)) for source, target in said]
    except (OSError, ValueError, TypeError):
        return []
    return [(source, target) for source, target in pairs if source.exists() and not target.exists()]


@contextmanager
def _laid_out(folder: Path) -> Iterator[Path]:
    try:
        place = folder / FOLDER
        place.mkdir(mode=0o700, exist_ok=True)
        mend(folder)
        laid = Path(mkdtemp(prefix=LAYING, dir=place))
    except OSError as error:
        raise _refused(why(error)) from None
    try:
        yield laid
    except (OSError, sqlite3.Error) as error:
        mend(folder)
        raise _refused(why(error) if isinstance(error, OSError) else str(error)) from None
    finally:
        shutil.rmtree(laid, ignore_errors=True)


def _store(folder: Path, laid: Path) -> tuple[Path, Workspace | None]:
    """Where the store's file is, by the settings that stand, else by those of the backup."""
    for place in (folder, laid):
        try:
            found = Workspace.open(place)
        except WorkbenchError:
            continue
        store = files.file_of(found.url) if found.database else folder / STORE
        if store is None:
            raise backups.on_a_server(found.url)
        return store, found if place == folder else None
    return folder / STORE, None


def _checked(laid: Path, backup: Backup | None, wanted: Wanted) -> bool:
    """Whether the backup's store is of an older workbench; raises NotReady when it is not to be used."""
    store, audit = laid / STORE, laid / AUDIT
    if audit.exists() and not files.is_good(audit, "audit"):
        audit.unlink()
    if backup is None or not wanted.records:
        return False
    if not files.is_good(store, "changes", thorough=True):
        raise backups.damaged(backup)
    with files.opened(store) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # what waited beside it is taken in
    told = files.told(store)
    if told.layout > migrations.NEWEST:
        raise NotReady(
            _("This backup was made by a newer workbench."), _("Install the newer workbench, then put it back.")
        )
    return told.layout < migrations.NEWEST


def _names(laid: Path) -> list[str]:
    """The files laid out, by their names inside the workspace."""
    inside = (one.relative_to(laid) for one in sorted(laid.rglob("*")) if one.is_file())
    return [one.as_posix() for one in inside if one.parts[0] in (STORE, AUDIT, *FILES, *OWN)]


def _chosen(
    folder: Path, laid: Path, targets: dict[str, Path], store: Path, wanted: Wanted, at: datetime
) -> Iterator[tuple[str, Path]]:
    """Which of the files laid out are put into the workspace, and where."""
    for name, target in targets.items():
        if name == STORE:
            yes = wanted.records
        elif name == AUDIT:
            yes = (wanted.records or wanted.audit) and _audit_wanted(folder, laid, at)
        else:
            yes = wanted.settings if target.exists() and _readable(target) else wanted.settings or wanted.records
            yes = yes and not _same(target, laid / name)
        if yes:
            yield name, target


def _same(path: Path, other: Path) -> bool:
    """Whether two files say the same; one that is missing says nothing."""
    return path.is_file() and path.read_bytes() == other.read_bytes()


def _readable(path: Path) -> bool:
    if path.suffix != ".toml":
        return True
    try:
        return bool(path.stat().st_size) and tomllib.loads(path.read_text(encoding="utf-8")) is not None
    except (OSError, ValueError):
        return False


def _audit_wanted(folder: Path, laid: Path, at: datetime) -> bool:
    """Whether the laid out audit is to be put in place; it then also has what only the present one tells.

    The present one stays as it is where it goes on from the backup's.
    """
    present, before = folder / AUDIT, laid / AUDIT
    if not files.is_good(present, "audit"):
        return True
    with closing(sqlite3.connect(before)) as both:
        both.execute("ATTACH ? AS present", (str(present),))
        of_either = "SELECT name FROM pragma_table_info('audit', ?)"
        columns = [f'"{name}"' for (name,) in both.execute(f"{of_either} INTERSECT {of_either}", ("main", "present"))]
        columns = [name for name in columns if name not in ('"id"', '"hash"')]
        same = " AND ".join(f"old.{name} IS new.{name}" for name in columns if name not in ('"times"', '"learners"'))
        if not both.execute(
            f"SELECT 1 FROM audit AS old WHERE id = (SELECT max(id) FROM audit)"  # noqa: S608 (ours)
            f" AND NOT EXISTS (SELECT 1 FROM present.audit AS new WHERE {same})"
        ).fetchone():
            return False
        listed = ",".join(columns)
        both.execute(
            f"INSERT INTO main.audit ({listed}) SELECT {listed} FROM present.audit AS new"  # noqa: S608
            f" WHERE NOT EXISTS (SELECT 1 FROM main.audit AS old WHERE {same}) ORDER BY id"
        )
        both.commit()
    joined = Audit(connect(files.address_of(before)), lambda: at)
    try:
        joined.prepare()
        joined.take_as_found("workbench", "a backup’s, joined with the one that stood")
    finally:
        joined.close()
    return True


def _lacking(folder: Path, wanted: Wanted, backup: Backup | None, store: Path) -> Iterator[str]:
    """What is to be begun anew, if the backup does not have it."""
    if wanted.records and wanted.anew and backup is None:
        yield STORE
    if (wanted.audit or wanted.records) and not files.is_good(folder / AUDIT, "audit"):
        yield AUDIT
    if not _readable(folder / SETTINGS) or (wanted.settings and not _settings_good(folder)):
        yield SETTINGS


def _settings_good(folder: Path) -> bool:
    try:
        Workspace.open(folder)
    except WorkbenchError:
        return False
    return True


def _begin(path: Path, name: str, folder: Path) -> None:
    """An empty store or audit, or settings with the usual values."""
    if name == SETTINGS:
        path.touch(mode=0o600)
        path.write_text(written(folder), encoding="utf-8")
        return
    for each in (path, *files.beside(path)):
        each.unlink(missing_ok=True)
    engine = connect(files.address_of(path))
    try:
        if name == STORE:
            migrations.upgrade(engine)
        else:
            Audit(engine, datetime.now).prepare()
    finally:
        engine.dispose()


def _shut_doors(store: Path, at: datetime) -> None:
    """Ends what lets a browser in: whoever was signed out, and what was ended, since the copy was made, stays so."""
    ended = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    with closing(sqlite3.connect(store)) as database:
        for table, column in (("sessions", "ended"), ("passes", "ended_at")):
            with suppress(sqlite3.OperationalError):  # an older layout had none
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NULL", (ended,))  # noqa: S608
        database.commit()


def _move(folder: Path, laid: Path, moves: dict[str, Path], at: datetime) -> Path | None:
    """Puts what stands aside and the new into its place; the folder with what stood, None when nothing did."""
    if not moves:
        return None
    aside = folder / FOLDER / f"put-aside-{at.astimezone():%Y-%m-%d-%H%M%S}"
    while aside.exists():
        aside = aside.with_name(f"{aside.name}-2")
    plan = [(str(aside / name), str(target)) for name, target in moves.items()]
    durable.write(laid / _MOVES, json.dumps(plan).encode())
    for name in moves:
        durable.sync(laid / name)
    durable.sync_folder(folder / FOLDER)
    for name, target in moves.items():
        kept = aside / name
        # The log goes last: it fits no file but the one that it was written for.
        for old, new in zip((target, *files.beside(target)), (kept, *files.beside(kept)), strict=True):
            if old.exists():
                new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(old, new)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if kept.parent.exists():
            durable.sync_folder(kept.parent)
        shutil.move(laid / name, target)
        durable.sync_folder(target.parent)
    return aside if aside.exists() else None


def _note(
    folder: Path,
    place: Workspace | None,
    backup: Backup | None,
    put: tuple[str, ...],
    anew: tuple[str, ...],
    at: datetime,
    *,
    looked: bool,
) -> bool:
    """Writes into the audit what was put back or begun anew; `looked`: it was itself looked after."""
    what = [*put, *(f"{name} begun anew" for name in anew)]
    if looked and AUDIT not in put and AUDIT not in anew:
        what.append(f"{AUDIT} as it stands")
    if not what:
        return False
    actor = place.local if place else Actor.parse("admin:local")
    reason = f"backup of {backup.at:%Y-%m-%d %H:%M:%S}" if backup else "no backup"
    audit = Audit(connect(files.address_of(folder / AUDIT)), lambda: at.astimezone(UTC))
    try:
        audit.prepare()
        audit.note([(str(actor), RESTORE, ", ".join(what), None, Decision(True, reason))])
        if AUDIT in put or AUDIT in anew:
            heads.go_on(folder, audit, at)
    finally:
        audit.close()
    return True


def _forgotten_since(folder: Path, at: datetime) -> int:
    """How many learners were forgotten since a moment, as the audit tells."""
    audit = Audit(connect(files.address_of(folder / AUDIT)), datetime.now)
    try:
        return sum(row["action"] == Mark.FORGET for row in audit.rows(since=at.astimezone(UTC)))
    finally:
        audit.close()


def _refused(reason: str) -> NotReady:
    return NotReady(
        _("The backup could not be put back: {why}.").format(why=reason),
        _("Make room on the disk, check that you may write in the workspace, and try again."),
    )


def choose(folder: Path, named: str) -> Backup:
    """The backup of a name, a number in the list, a path, or "newest" that is whole; raises NotFound."""
    from workbench.ground.errors import NotFound

    known = backups.kept(folder)
    if named == "newest":
        own = (one for one in backups.newest_first(known, datetime.now(UTC)) if one.why is not Why.ASIDE)
        found = next(filter(backups.whole, own), None)
        if found is not None:
            return found
    for one in known:
        if named in (one.name, one.file.stem):
            return one
    if named.isdecimal() and 0 < int(named) <= len(known):
        return known[int(named) - 1]
    if Path(named).exists():
        return backups.look(Path(named).absolute())
    raise NotFound.among(
        _("backup"), named, [one.name for one in known], _("“workbench restore” without a name lists them.")
    )
