"""What a batch will do: which notebook, whose reports, into which files, and from what they are made."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.access.actors import LOOKS
from workbench.batch.manifest import Source, digest, digest_of
from workbench.ground import resources
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _, language
from workbench.learners.learners import Learner, Learners, SchoolClass, by_name

if TYPE_CHECKING:
    from workbench.facet import Desk

#: Whom a report may be about; of these, those that tell of one learner and of nobody else.
ABOUT = ("learner", "family", "class", "school")
ONE_LEARNER = ABOUT[:2]
#: The page that leads to a folder's reports.
INDEX = "index.html"
#: The format of what is kept of a report to make one PDF of many: what paper needs, as JSON.
SHEET = "sheet"
_NOT_IN_NAMES = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A learner's report in its folder: its page, and since when it is there.

    `current`: it would come out the same for whoever asks now, and may be shown to them; `content` is what stood there
    then, where it was asked for. `at` is None where there is none yet.
    """

    learner: int
    name: str
    file: Path
    at: datetime | None = None
    current: bool = False
    content: bytes | None = None

    def __repr__(self) -> str:
        return "<Made current>" if self.current else "<Made>"


@dataclass(frozen=True, slots=True, repr=False)
class Job:
    """One report: its parameters, and the file it becomes, without an ending."""

    position: int
    parameters: Mapping[str, Any]
    target: Path

    def file(self, ending: str) -> Path:
        """The file in one format; a sheet's is out of sight."""
        return self.target.with_name(f"{'.' if ending == SHEET else ''}{self.target.name}.{ending}")

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


def tells_of(notebook: Path) -> str:
    """Whom a report is about, as its metadata say (`workbench.about`): "learner", "family", "class" or "school".

    "" where they do not say: then it may be about anybody. Raises BadInput for another word.
    """
    told = _metadata(notebook).get("workbench", {}).get("about", "")
    if told and told not in ABOUT:
        raise BadInput(
            _("The report {file} says that it is about “{about}”.").format(file=notebook.name, about=told),
            _("In its metadata, workbench.about is one of {all}.").format(all=", ".join(ABOUT)),
        )
    return str(told)


def title_of(notebook: Path) -> str:
    """What a report is called: the `title` in its metadata, else its name."""
    return _(str(_metadata(notebook).get("title", ""))) or notebook.stem.replace("_", " ")


def _metadata(notebook: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8")).get("metadata", {})
    return found


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
    plain = [(folder, stems(one)[0]) for folder, one in found]
    keys = [(folder, name.casefold()) for folder, name in plain]
    made = []
    for position, ((folder, learner), (_folder, name), key) in enumerate(zip(found, plain, keys, strict=True), start=1):
        if not name or keys.count(key) > 1:
            name = stems(learner)[1]
        parameters = (
            {"learner": learner.id} | ({"snapshot": snapshot} if "snapshot" in known else {}) | dict(more or {})
        )
        made.append(Job(position, parameters, folder / name))
    return tuple(made)


def stems(learner: Learner) -> tuple[str, str]:
    """What a learner's reports are called, without an ending: alone, and beside somebody of the same name."""
    plain = file_name(learner.family_name, learner.given_name)
    return plain, file_name(plain, learner.code)


def file_name(*words: str) -> str:
    """Words as a file name: letters and digits, without accents where there is a plain letter."""
    plain = unicodedata.normalize("NFKD", " ".join(words))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", plain)).strip("-")[:120]


def classes_of(desk: Desk, learners: Iterable[Learner]) -> dict[int, list[SchoolClass]]:
    """The classes that each learner is in, the same for whoever asks, by name."""
    numbers = [one.id for one in learners]
    rows = desk.store.roster.memberships(numbers, as_of=desk.as_of)
    joined = {(row["learner_id"], row["class_id"]) for row in rows}
    classes = by_name(Learners(desk).classes())
    return {number: [one for one in classes if (number, one.id) in joined] for number in numbers}


def sources(
    desk: Desk, notebook: Path, learners: Sequence[Learner], snapshot: int, parameters: Mapping[str, Any]
) -> dict[int, Source]:
    """What each learner's report is made from, seen from change `snapshot`: equal means an equal page.

    One of ours that tells of one learner (`tells_of`) stays as it is while nothing is said of them. Any other, also a
    school's copy of ours, may look at anything, so any change makes it anew; what it reads from elsewhere is not known
    here. A page carries its day, so tomorrow's is another, and shows whoever asked for it what they may see of the
    learner, so that another's is another too.
    """
    asked = parameters.get("snapshot")
    if type(asked) is int and asked > 0:
        snapshot = asked
    alone = notebook.parent == resources.reports() and tells_of(notebook) in ONE_LEARNER
    place = desk.workspace
    rest: list[Any] = [
        _program(),
        digest_of(sorted((place.folder / "protocols").glob("*.toml"))),
        place.school,
        desk.today,
        language(),
        dict(parameters),
    ]
    if not alone:
        rest += [str(desk.gate.actor), digest_of(_files(place.folder / "reports"))]
    journal = desk.store.journal
    numbers = [one.id for one in learners]
    changes = journal.latest_changes(numbers, as_of=snapshot) if alone else dict.fromkeys(numbers, snapshot)
    rights = desk.gate.all_that(LOOKS, numbers)
    moments = journal.moments(changes.values())
    classes = classes_of(desk.at(snapshot), learners)
    look, alike = digest_of([notebook]), digest(*rest)
    found = {}
    for one in learners:
        change = changes.get(one.id, 0)
        own = [(each.school, each.name, each.year) for each in classes[one.id]]
        seen = sorted(rights.get(one.id, ()))
        found[one.id] = Source(change, look, digest(alike, one.id, one.code, moments.get(change), own, seen))
    return found


def _program() -> str:
    """All that draws a page: the workbench's own files, and which libraries there are."""
    ours = [*_files(resources.PACKAGE), *_files(resources.reports())]
    places = [Path(place) for place in sys.path if place]
    libraries = sorted(found.name for place in places for found in place.glob("*.dist-info"))
    return digest(sys.version, libraries, digest_of(ours))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
