"""What a batch will do: which notebook, whose reports, into which files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import NotFound
from workbench.learners import Learner
from workbench.words import _

_NOT_IN_NAMES = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """One report: its parameters, and the file it becomes, without an ending."""

    position: int
    parameters: Mapping[str, Any]
    target: Path

    def __repr__(self) -> str:
        return f"<Job {self.position}>"


def notebooks(*folders: Path) -> dict[str, Path]:
    """Report notebooks by name; a later folder's go before an earlier's."""
    return {
        path.stem: path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.glob("*.ipynb"))
        if not path.name.startswith(".")
    }


def notebook_named(name: str, known: Mapping[str, Path]) -> Path:
    """The notebook called `name`; raises NotFound with the nearest names."""
    if name not in known:
        raise NotFound.among(_("report"), name, known)
    return known[name]


def jobs(
    places: Iterable[tuple[Path, Learner]],
    known: Mapping[str, Any],
    snapshot: int,
    more: Mapping[str, Any] | None = None,
) -> tuple[Job, ...]:
    """A job for each learner in a folder; `more` are parameters that all have.

    A file is called by family and given name, so that it stays the same when somebody joins the
    class; learners who share a name have the school's code in it as well.
    """
    found = list(places)
    plain = [(folder, file_name(one.family_name, one.given_name)) for folder, one in found]
    keys = [(folder, name.casefold()) for folder, name in plain]
    made = []
    for position, ((folder, learner), (_folder, name), key) in enumerate(zip(found, plain, keys, strict=True), start=1):
        if not name or keys.count(key) > 1:
            name = file_name(name, learner.code)
        parameters = (
            {"learner": learner.id} | ({"snapshot": snapshot} if "snapshot" in known else {}) | dict(more or {})
        )
        made.append(Job(position, parameters, folder / name))
    return tuple(made)


def file_name(*words: str) -> str:
    """Words as a file name: letters and digits, without accents where there is a plain letter."""
    plain = unicodedata.normalize("NFKD", " ".join(words))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", plain)).strip("-")[:120]
