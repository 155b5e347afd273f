"""A folder whose files are brought in as they land.

    with Watched(bench, Path("dropped"), still=5) as watched:
        while True:
            for taken in watched.look(time.monotonic()):
                print(taken.moved_to)

A file, a zip or a folder of files is one import: what belongs together lands as a zip or a folder. It is taken once
nothing of it has changed for a while, brought in, and moved to `done/<day>` or, when somebody should look at it, to
`problems`, with a text beside it that says what became of it. The text is written and the file moved once the import is
in. So whenever this is killed, the file is where it belongs, or still there; then it is taken again, and what is in
already changes nothing.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from workbench.ground.errors import BadInput, NotReady, WorkbenchError
from workbench.ground.words import _
from workbench.importing import told
from workbench.importing.outcome import Outcome
from workbench.importing.recognised import NONE_GIVEN, Given

if TYPE_CHECKING:
    from workbench.bench import Workbench

DONE, PROBLEMS = "done", "problems"
LOCK = ".watched.lock"
EMPTY_FOR = 12  # times as long must a file without content have stood still: its writer may be slow to begin
_UNFINISHED = {".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".opdownload"}

#: The size and time of each file of an entry, by its place.
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file or folder: where it is now (None: still where it was), and the sentences on it."""

    file: str
    moved_to: Path | None
    sentences: tuple[str, ...]
    well: bool


class Watched:
    """One watched folder. Held by one process at a time, from `__enter__` to `__exit__`."""

    def __init__(self, bench: Workbench, folder: Path, *, still: float, answers: Given = NONE_GIVEN) -> None:
        """still: seconds that a file must not have changed. Raises BadInput where there is no such folder."""
        if not folder.is_dir():
            raise BadInput(
                _("There is no folder {folder} to watch.").format(folder=folder), _("Make it, or name another one.")
            )
        self._bench = bench
        self._folder = folder
        self._still = still
        self._answers = answers
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._stuck: dict[str, Stamp] = {}
        self._lock = FileLock(folder / LOCK, timeout=0, mode=0o600)  # the system frees it when its holder dies

    def __enter__(self) -> Watched:
        try:
            self._lock.acquire()
        except Timeout:
            raise NotReady(
                _("Another workbench watches {folder} already.").format(folder=self._folder),
                _("Stop that one first, or watch another folder."),
            ) from None
        except OSError as error:
            raise _not_writable(self._folder, error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def look(self, now: float) -> Iterator[Taken]:
        """Takes what has stood still; `now` in seconds, from any beginning. Raises NotReady when the folder is gone."""
        found = self._entries()
        self._seen = {name: seen for name, seen in self._seen.items() if name in found}
        for name, stamp in found.items():
            before, since = self._seen.get(name, (stamp, now))
            if before != stamp:
                since = now
            self._seen[name] = (stamp, since)
            wanted = self._still * (1 if any(size for _path, size, _time in stamp) else EMPTY_FOR)
            if stamp and now - since >= wanted and self._stuck.get(name) != stamp:
                taken = self._take(name, stamp)
                if taken is not None:
                    yield taken

    def _entries(self) -> dict[str, Stamp]:
        """What lies in the folder, by name; what is hidden or still being downloaded is left alone."""
        found = {}
        try:
            entries = sorted(os.scandir(self._folder), key=lambda entry: entry.name)
        except OSError as error:
            raise _not_writable(self._folder, error) from None
        for entry in entries:
            path = Path(entry.path)
            if entry.name in (DONE, PROBLEMS) or entry.name.startswith((".", "~$")):
                continue
            if path.suffix.lower() not in _UNFINISHED:
                found[entry.name] = _stamp(path)
        return found

    def _take(self, name: str, stamp: Stamp) -> Taken | None:
        """Brings one entry in and moves it; None when it has changed meanwhile, and is looked at again later."""
        path = self._folder / name
        try:
            with self._bench.imports.prepare(path, answers=self._answers) as prepared:
                if _stamp(path) != stamp:
                    return None
                outcome = self._with_earlier(prepared.commit())
            well, sentences = not (outcome.problems or outcome.waiting), tuple(told.whole(outcome))
        except BadInput as error:
            well, sentences = False, (str(error),)
        except WorkbenchError:
            raise  # nothing that is wrong with the file
        except Exception as error:
            well, sentences = False, (_of_ours(error),)
        if _stamp(path) != stamp:
            return None
        try:
            moved = self._put_away(path, sentences, well=well)
        except OSError as error:
            self._stuck[name] = stamp
            return Taken(name, None, (*sentences, str(_not_writable(self._folder, error))), well=False)
        return Taken(name, moved, sentences, well)

    def _with_earlier(self, outcome: Outcome) -> Outcome:
        """The outcome with the problems of files that were in already: whoever took them may have been killed."""
        earlier = [
            problem
            for one in outcome.files
            if one.earlier is not None
            for problem in self._bench.imports.problems(one.earlier)
            if problem.file == one.file
        ]
        return replace(outcome, problems=(*outcome.problems, *earlier))

    def _put_away(self, path: Path, sentences: tuple[str, ...], *, well: bool) -> Path:
        day = self._bench.clock().astimezone().date().isoformat()
        place = self._folder / DONE / day if well else self._folder / PROBLEMS
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        to, text = _free(place, path)
        part = text.with_name(f".{text.name}.part")
        part.touch(mode=0o600)
        part.write_text("\n".join(sentences) + "\n", encoding="utf-8")
        part.replace(text)
        return path.rename(to)


def _stamp(path: Path) -> Stamp:
    """Changes when a file, or anything in a folder, does. Nothing where there is none."""
    files = [path]
    if path.is_dir():
        files = [Path(folder, name) for folder, _folders, names in os.walk(path) for name in names]
    found = []
    for file in sorted(files):
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((str(file), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def _free(place: Path, path: Path) -> tuple[Path, Path]:
    """Where a file and its text may go: beside earlier ones of its name."""
    number = 1
    while True:
        to = place / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        if not to.exists():
            return to, place / f"{to.name}.txt"
        number += 1


def _not_writable(folder: Path, error: OSError) -> NotReady:
    why = (error.strerror or _("the disk refused")).lower()
    return NotReady(
        _("Files cannot be taken from {folder}: {why}.").format(folder=folder, why=why),
        _("Check that the folder is there and that you may write in it."),
    )


def _of_ours(error: Exception) -> str:
    """A mistake of ours, by its kind and place: its words may hold what is in the file."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return _("The workbench made a mistake with this file ({kind} in {place}). Please report it.").format(
        kind=type(error).__name__, place=f"{Path(last.filename).name}:{last.lineno}"
    )
