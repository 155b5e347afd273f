"""What the reports in a folder were made from, so that a run makes only those that would come out different.

`.reports.jsonl` has a line for each file that was finished, and the last line on a file counts:

    {"file": "5c1f…", "change": 41, "notebook": "e09a…", "rest": "77d2…", "content": "b91c…"}

Lines are added as reports get done, so that a run which was killed is gone on with. There is no name
in them and no score: digests, and the number of a change. Whatever cannot be read is not known, and
what is not known is made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from dataclasses import replace as replace_
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from workbench.ground import durable
from workbench.ground.errors import NotReady
from workbench.ground.words import _

NAME = ".reports.jsonl"
LOCK = ".reports.lock"
_HEAD = {"reports": 1}
_NOTED = {"file": str, "change": int, "notebook": str, "rest": str, "content": str}
_FORGOTTEN = {"file": str}


@dataclass(frozen=True, slots=True)
class Source:
    """What a report is made from: the newest change that it can show, the notebook, and all the rest."""

    change: int
    notebook: str
    rest: str

    def on(self, paper: str) -> Source:
        """What it is made from on paper of a kind."""
        return replace_(self, rest=digest(self.rest, paper))


class Manifest:
    """A folder's manifest, and the lock by which one run at a time works there; whoever opens it closes it."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._file = folder / NAME
        self._lock = lock
        self._known = _read(self._file)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Takes the lock, and clears away what a run that was killed left. Raises NotReady while another run has it."""
        lock = FileLock(folder / LOCK, timeout=0, mode=0o600)  # the system frees it when its holder dies
        try:
            lock.acquire()
        except Timeout:
            raise NotReady(
                _("Another run is making reports in {folder} at this moment.").format(folder=folder),
                _("Wait until it has finished, or stop it, and run this again."),
            ) from None
        found = cls(folder, lock)
        found._tidy(folder)
        return found

    @classmethod
    def seen(cls, folder: Path) -> Self:
        """The manifest as it is at this moment, to ask and not to change."""
        return cls(folder, FileLock(folder / LOCK))

    def knows(self, path: Path) -> bool:
        """Whether a run wrote a file of this name."""
        return _key(path) in self._known

    def read(self, path: Path) -> bytes | None:
        """The file's content as it was noted; None when another stands there by now."""
        with suppress(OSError):
            content = path.read_bytes()
            return content if sha256(content).hexdigest() == self._known.get(_key(path), {}).get("content") else None
        return None

    def current(self, path: Path, source: Source) -> bool:
        """Whether the file is as it was written, and would be made from the same again."""
        noted = self._known.get(_key(path), {})
        alike = noted.items() >= asdict(source).items()
        return alike and path.is_file() and noted == _note(path, path, source)

    def keep(self, part: Path, path: Path, source: Source) -> None:
        """Puts a finished file into its place and notes what it was made from. Raises OSError when it cannot."""
        try:
            with part.open("r+b") as file:
                os.fsync(file.fileno())  # whole even if the power fails
            noted = _note(part, path, source)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._known[noted["file"]] = noted
        self._add(noted)

    def forget(self, path: Path) -> None:
        """Makes the file one that nothing is known of."""
        if self._known.pop(_key(path), None) is not None:
            self._add({"file": _key(path)})

    def close(self) -> None:
        durable.sync_folder(self._file.parent)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Manifest of {len(self._known)} files>"

    def _tidy(self, folder: Path) -> None:
        for part in folder.glob(".*.part"):
            with suppress(OSError):
                part.unlink()
        here = {_key(path) for path in folder.iterdir()}
        self._known = {key: noted for key, noted in self._known.items() if key in here}
        with suppress(OSError):
            replace(self._file, "".join(map(_line, [_HEAD, *self._known.values()])))

    def _add(self, told: dict[str, Any]) -> None:
        with suppress(OSError):  # not noted: it is made again next time
            file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, _line(told).encode())
            finally:
                os.close(file)


def unfinished(path: Path, content: bytes) -> Path:
    """Writes what is to become `path` into a file beside it that only its owner can read."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def replace(path: Path, text: str) -> None:
    """Writes a file that only its owner can read: whole, or not at all."""
    durable.write(path, text.encode("utf-8"))


def not_written(error: OSError) -> str:
    """Why a report's file is not there, as a sentence."""
    return _("The report could not be written: {why}.").format(why=(error.strerror or _("the disk refused")).lower())


def digest(*values: object) -> str:
    """A short name for what these plain values say."""
    return sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:32]


def digest_of(files: Iterable[Path]) -> str:
    """A short name for these files' names and contents."""
    return digest([(path.name, _content(path)) for path in files])


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """The last note on each file; nothing of a manifest that is none of ours, no line that is damaged."""
    known: dict[str, dict[str, Any]] = {}
    try:
        head, *lines = file.read_bytes().splitlines()
    except (OSError, ValueError):
        return known
    if _told(head) != _HEAD:
        return known
    for line in lines:
        told = _told(line)
        shape = {name: type(value) for name, value in told.items()}
        if shape == _NOTED:
            known[told["file"]] = told
        elif shape == _FORGOTTEN:
            known.pop(told["file"], None)
    return known


def _told(line: bytes) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        told = json.loads(line)
        return told if isinstance(told, dict) else {}
    return {}


def _content(file: Path) -> str:
    with suppress(OSError):
        return sha256(file.read_bytes()).hexdigest()
    return ""


def _note(written: Path, path: Path, source: Source) -> dict[str, Any]:
    return {"file": _key(path), **asdict(source), "content": _content(written)}


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told) + "\n"


def _key(path: Path) -> str:
    return sha256(path.name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
