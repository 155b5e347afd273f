"""A user's folder: the settings, the database, and what the workbench writes.

my_school/
  workbench.toml      settings a person may edit
  workbench.sqlite    the store (unless `database` in workbench.toml names another)
  audit.sqlite        who looked at what
  device.key          what tablets seal waiting words with
  protocols/          conferences in the school's own words, over ours of the same name
  inventories/        questions of learners' profiles, over ours of the same language
  mappings/           which column is what, for files that only the school knows
  exports/            a place for exports, if one likes
  out/                reports
  backups/            copies of all of this but exports and reports: one a day, and before an upgrade
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.access.actors import Actor
from workbench.access.rules import alone, grown_up
from workbench.ground.environment import HOME
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _

if TYPE_CHECKING:
    from workbench.store.trimming import Rule

SETTINGS = "workbench.toml"
STORE = "workbench.sqlite"
AUDIT = "audit.sqlite"
PAPERS = ("letter", "a4")
FOLDERS = ("exports", "protocols", "inventories", "mappings", "out", "backups")
PRIVATE = 0o700
#: Begins the name of a folder with files on their way in; the process that takes them comes next.
INCOMING = ".incoming-"
_GIGABYTE = 1024**3
_FORGOTTEN_AFTER = 24 * 60 * 60  # seconds

_TEMPLATE = """\
# Settings of this workspace. Change them with any text editor.

[school]
name = "{name}"
# The paper in the school's printer: letter or a4.
paper = "letter"

[people]
# Who works here when nobody else is named, written role:code.
# teacher:CODE sees the classes that the rosters give this teacher; admin:CODE sees the school.
local = "{actor}"
# What the apps call that person.
local_name = "{actor_name}"
# The adult who reads what a learner wrote and a reader marked as a worry, such as teacher:t09; nobody else sees it.
# Until somebody is named, nothing can be marked.
worries = "{worries}"
# Your school's own sentence about what must be done when a child may be unsafe. It stands where a concern is shared.
duty = ""
# Whether an admin, who looks after the data, also reads what learners said and acts as an educator: true or false.
# For one person who does everything, true.
admins_hear = {admins_hear}

[learners]
# Whether classes may show learners what is expected of them by spring: true or false. It is other children's average
# growth, so each class switches it on for itself, and grades K to 2 never see it.
projections = false

[serving]
# Where other computers reach the workbench, such as https://workbench.school.example or, below a host that is not its
# own, https://school.example/workbench; empty: it is for this computer alone.
address = ""
# The certificate and its key, as files, where no proxy in front of the workbench has them.
certificate = ""
certificate_key = ""

[store]
# Empty: workbench.sqlite in this folder. Or postgresql://user@host/name.
database = ""
# A backup is made each day while the workbench is served; so many are kept, the newest.
backups_kept = 14

[keep]
# Years. Who looked at what: of looks older than by_day one a day by each person at each learner; looks older than
# looks, and all else (written, reported, imported, refused) older than deeds, as counts by year.
by_day = 1
looks = 3
deeds = 7
# Learners who left so many years ago are named by "workbench status", to be forgotten; 0: never.
learners = 5

[imports]
# A file larger than so many gigabytes, unpacked, is not read.
largest_file_gb = 2
"""


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many years what is kept: looks each by itself, then by day; all else in the audit; learners who left."""

    by_day: int = 1
    looks: int = 3
    deeds: int = 7
    learners: int = 5  # 0: for ever

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Keep:
        """As the settings say; raises BadInput for what is no number of years."""
        known = {one.name: one.default for one in fields(cls)}
        return cls(
            **{
                name: _count(name, said.get(name, usual), least=int(name != "learners"))
                for name, usual in known.items()
            }
        )

    def rule(self, today: date) -> Rule:
        """What of the audit goes on a day."""
        from workbench.store.trimming import Rule

        return Rule.of(today, by_day=self.by_day, looks=self.looks, deeds=self.deeds)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace folder and its settings, read once."""

    folder: Path
    school: str
    local: Actor
    local_name: str
    database: str = field(repr=False)  # its address may hold a password
    worries: Actor | None = None  # the adult to whom what worries a reader goes
    paper: str = "letter"  # in the school's printer, or "a4"
    duty: str = ""  # the school's own sentence about what comes first when a child may be unsafe
    largest_file: int = 2 * _GIGABYTE  # bytes of an export, unpacked
    projections: bool = False  # whether classes may show learners what is expected of them
    backups_kept: int = 14  # of those made for the same reason
    keep: Keep = Keep()
    admins_hear: bool = False  # whether admins read learners' words
    address: str = ""  # where other computers reach it, "" when none does
    certificate: str = ""  # a file, beside its key's
    certificate_key: str = ""

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        name: str = "",
        actor: str = "admin:local",
        actor_name: str = "",
        worries: str = "",
        db: str = "",
    ) -> Workspace:
        """Makes a workspace in `folder` (made if missing) with an empty store.

        Raises BadInput when `folder` is a workspace already, or holds other things.
        """
        from workbench.store import connect, migrations

        if (folder / SETTINGS).exists():
            raise BadInput(
                _("{folder} is a workspace already.").format(folder=folder),
                _("Use it with --workspace, or choose another."),
            )
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(
                _("{folder} holds other things, so no workspace was made there.").format(folder=folder),
                _("Name a folder that is new or empty."),
            )
        try:
            str(folder.absolute()).encode()
        except UnicodeEncodeError:
            raise BadInput(
                _("The folder’s name has letters that this machine cannot write as UTF-8."), _("Choose another name.")
            ) from None
        made_here = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(PRIVATE)
            for inner in FOLDERS:
                (folder / inner).mkdir(mode=PRIVATE)
            db = _lasting(db)
            engine = connect(db or _sqlite(folder / STORE))
            try:
                migrations.upgrade(engine)
            finally:
                engine.dispose()
            settings = written(folder, name=name, actor=actor, actor_name=actor_name, worries=worries, db=db)
            (folder / SETTINGS).touch(mode=0o600)  # a database's address may hold a password
            (folder / SETTINGS).write_text(settings, encoding="utf-8")
        except OSError as error:
            _take_away(folder, made_here)
            raise NotReady(
                _("No workspace could be made in {folder}: {why}.").format(folder=folder, why=why(error)),
                _("Choose a folder that you may write in, on a disk with room."),
            ) from None
        except BaseException:
            _take_away(folder, made_here)
            raise
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace in `folder`; raises NotReady when there is none or its settings are unreadable."""
        path = folder / SETTINGS
        if not path.is_file() or not path.stat().st_size:
            raise _without_settings(folder)
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            school, people, store = (_section(settings, name) for name in ("school", "people", "store"))
            local = Actor.parse(str(people.get("local", "admin:local")))
            worries = _adult(str(people.get("worries", "")))
            largest = _gigabytes(_section(settings, "imports").get("largest_file_gb", 2))
            backups = _count("backups_kept", store.get("backups_kept", 14))
            keep = Keep.of(_section(settings, "keep"))
            serving = _section(settings, "serving")
            address = _outer(str(serving.get("address", "")))
            hear = _yes_or_no("admins_hear", people.get("admins_hear", alone(local)))
            paper = known_paper(str(school.get("paper", "letter")))
            projections = _yes_or_no("projections", _section(settings, "learners").get("projections", False))
        except OSError as error:
            raise NotReady(
                _("The settings in {file} cannot be read: {why}.").format(file=path, why=why(error)),
                _("Ask whoever made the workspace to let you read it, or name another with --workspace."),
            ) from None
        except UnicodeDecodeError:
            raise BadInput(
                _("The settings in {file} are not saved as UTF-8 text.").format(file=path),
                _("Save them again as UTF-8, or put those of a backup back: workbench restore --settings"),
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise BadInput(
                _("The settings in {file} cannot be read: {why}.").format(file=path, why=error),
                _(
                    "Correct that line with a text editor, or put the settings of a backup back: "
                    "workbench restore --settings"
                ),
            ) from None
        except BadInput as error:
            raise BadInput(
                _("The settings in {file} are wrong: {why}").format(file=path, why=error.sentence), error.next_step
            ) from None
        return cls(
            folder=folder.absolute(),
            school=str(school.get("name", folder.name)),
            local=local,
            local_name=str(people.get("local_name", "")),
            paper=paper,
            database=str(store.get("database", "")),
            worries=worries,
            duty=str(people.get("duty", "")).strip(),
            largest_file=largest,
            projections=projections,
            backups_kept=backups,
            keep=keep,
            admins_hear=hear,
            address=address,
            certificate=str(serving.get("certificate", "")),
            certificate_key=str(serving.get("certificate_key", "")),
        )

    @classmethod
    def find(cls, named: Path | None, start: Path, environ: Mapping[str, str]) -> Workspace:
        """The workspace `named`, else WORKBENCH_HOME's, else the one `start` stands in or under."""
        return cls.open(cls.folder_of(named, start, environ))

    @staticmethod
    def folder_of(named: Path | None, start: Path, environ: Mapping[str, str]) -> Path:
        """The folder of the same, whatever became of what is in it."""
        if named is not None:
            return named
        if environ.get(HOME):
            return Path(environ[HOME])
        for folder in (start, *start.parents):
            if was_one(folder):
                return folder
        raise NotReady(
            _("This folder is not in a workspace."),
            _("Go to your workspace’s folder, name it with --workspace, or make one with “workbench init my_school”."),
        )

    @property
    def url(self) -> str:
        """The address of the store."""
        return self.database or _sqlite(self.folder / STORE)

    def audit_url(self, store_url: str) -> str:
        """The address of the audit: a file of the workspace, or the same server as the store."""
        return store_url if store_url.startswith("postgresql") else _sqlite(self.folder / AUDIT)

    @property
    def out(self) -> Path:
        return self.folder / "out"


def written(
    folder: Path,
    *,
    name: str = "",
    actor: str = "admin:local",
    actor_name: str = "",
    worries: str = "",
    db: str = "",
) -> str:
    """The text of new settings."""
    settings = _TEMPLATE.format(
        name=_toml(name or folder.absolute().name),
        actor=_toml(actor),
        actor_name=_toml(actor_name),
        worries=_toml(worries),
        admins_hear="true" if alone(Actor.parse(actor)) else "false",
    )
    return settings.replace('database = ""', f'database = "{_toml(db)}"') if db else settings


def was_one(folder: Path) -> bool:
    """Whether a folder holds what only a workspace does, whatever became of its settings."""
    return any((folder / name).exists() for name in (SETTINGS, STORE, AUDIT)) or any(
        folder.glob("backups/workbench-*.zip")
    )


def _without_settings(folder: Path) -> NotReady:
    if not was_one(folder):
        return NotReady(
            _("{folder} is not a workspace.").format(folder=folder),
            _("Make one with “workbench init {folder}”, or name another with --workspace.").format(folder=folder),
        )
    return NotReady(
        _("The settings of this workspace, {file}, are missing or empty.").format(file=folder / SETTINGS),
        _("Run: workbench restore --settings --workspace {folder}").format(folder=shlex.quote(str(folder))),
    )


def clear_incoming(workspace: Path, process: int | None = None) -> None:
    """Removes files on their way in that nobody will bring in: those of a `process` that ended, else day-old ones."""
    for old in workspace.glob(f"{INCOMING}{process}-*" if process else f"{INCOMING}*"):
        if process or time.time() - old.stat().st_mtime > _FORGOTTEN_AFTER:
            shutil.rmtree(old, ignore_errors=True)


def _take_away(folder: Path, made_here: bool) -> None:
    """Leaves a folder that was to be a workspace as it was: missing, or empty."""
    if made_here:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for inside in folder.iterdir() if folder.is_dir() else ():
        if inside.is_dir():
            shutil.rmtree(inside, ignore_errors=True)
        else:
            inside.unlink(missing_ok=True)


def _sqlite(path: Path) -> str:
    """The address of a file, whatever its folders are called."""
    from sqlalchemy.engine import URL

    return URL.create("sqlite", database=str(path.absolute())).render_as_string()


def _lasting(db: str) -> str:
    """An address that means the same from every folder."""
    relative = db.removeprefix("sqlite:///")
    return _sqlite(Path(relative)) if relative not in (db, "") and "?" not in relative else db


def _section(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = settings.get(name, {})
    if not isinstance(found, Mapping):
        raise BadInput(
            _("“{name}” is a section, written [{name}] on a line of its own.").format(name=name),
            _("Correct it with a text editor and try again."),
        )
    return found


def _outer(text: str) -> str:
    """The address that other computers use, without a slash at its end; raises BadInput for what is none."""
    address = text.strip().rstrip("/")
    found = re.fullmatch(r"(https?://[\w.-]+(?::[0-9]{1,5})?)((?:/\w[\w.~-]*)*)", address, re.ASCII | re.IGNORECASE)
    if address and not found:
        raise BadInput(
            _("“address” is written as a browser shows it, with a path where the host serves more than this."),
            _(
                "For example https://workbench.school.example, https://192.168.1.20:8866 or https://school.example/workbench"
            ),
        )
    return found[1].lower() + found[2] if found else ""


def _gigabytes(said: object) -> int:
    """So many gigabytes in bytes; raises BadInput for what is no number above 0."""
    if not isinstance(said, int | float) or isinstance(said, bool) or said <= 0:
        raise BadInput(
            _("largest_file_gb must be a number above 0."), _("For example 2, for files of up to two gigabytes.")
        )
    return int(said * _GIGABYTE)


def known_paper(name: str) -> str:
    """The name of a paper, as it is; raises BadInput where there is no such paper."""
    if name not in PAPERS:
        raise BadInput(
            _("There is no paper “{name}”.").format(name=name), _("Paper: {all}.").format(all=", ".join(PAPERS))
        )
    return name


def _count(name: str, said: object, *, least: int = 1) -> int:
    if least == 0 and said == 0 and not isinstance(said, bool):
        return 0
    if not isinstance(said, int) or isinstance(said, bool) or said < 1:
        raise BadInput(_("{name} must be a whole number above 0.").format(name=name), _("For example 14."))
    return said


def _yes_or_no(name: str, said: object) -> bool:
    if not isinstance(said, bool):
        raise BadInput(_("{name} is either true or false.").format(name=name), _("Write it without quotation marks."))
    return said


def _adult(text: str) -> Actor | None:
    """The adult that `text` names; None for nobody."""
    if not text.strip():
        return None
    named = Actor.parse(text.strip())
    if not grown_up(named):
        raise BadInput(_("“worries” names a learner."), _("Name an adult, such as teacher:t09."))
    return named


def _toml(text: str) -> str:
    """As the inside of a TOML text, whose escapes are those of JSON."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\x7f", "")
    return json.dumps(whole, ensure_ascii=False)[1:-1]


def why(error: OSError) -> str:
    """What the disk says, inside a sentence."""
    return (error.strerror or _("the disk refused")).lower()
