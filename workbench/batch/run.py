"""The reports of one run, put into their folders: made, up to date or not made; what no longer holds is put aside."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.batch.binding import bind, cover_of, file_of, source_of
from workbench.batch.manifest import Manifest, Source, not_written, replace
from workbench.batch.plan import INDEX, SHEET, Job, file_name
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    from workbench.batch.pool import Answer

FORMATS = ("html", "pdf", "ipynb")
_WRITTEN = (*FORMATS, SHEET)


@dataclass(frozen=True, slots=True, repr=False)
class Failure:
    """A report that was not made: its place in the list, the file it would have been, the cell, and why."""

    position: int
    total: int
    file: Path
    cell: int | None
    sentence: str

    def __str__(self) -> str:
        where = _("Report {position} of {total}").format(position=self.position, total=self.total)
        if self.cell:
            where += ", " + _("cell {number}").format(number=self.cell)
        return f"{where}: {self.sentence}"

    def __repr__(self) -> str:
        return f"<Failure {self.position} of {self.total}>"


class Batch:
    """The reports of one run, each up to date, made, or not made. Lives as long as its manifests."""

    def __init__(
        self,
        plan: Sequence[Job],
        made_from: Mapping[int, Source],
        formats: tuple[str, ...],
        paper: str,
        manifests: Mapping[Path, Manifest],
        *,
        one_file: bool,
        force: bool,
    ) -> None:
        self.formats = formats
        #: What a report is written in: the formats wanted, and what PDFs are made from and searched by.
        self.written = (*formats, SHEET) if one_file or "pdf" in formats else formats
        self.bound: list[Path] = []
        self.paper = paper
        self._force = force
        self.made: list[Job] = []
        self.failures: list[Failure] = []
        self._plan = plan
        self._made_from = made_from
        self._manifests = manifests
        self.up_to_date: list[Job] = []
        self.waiting: list[Job] = []
        for job in plan:
            current = not force and all(self._is_current(job, job.file(ending)) for ending in self.written)
            (self.up_to_date if current else self.waiting).append(job)

    @property
    def total(self) -> int:
        return len(self._plan)

    @property
    def finished(self) -> int:
        return len(self.up_to_date) + len(self.made)

    def take(self, job: Job, answer: Answer) -> None:
        """Puts a worker's files into their places, or notes why there are none."""
        manifest = self._manifests[job.target.parent]
        written = {Path(path): Path(part) for path, part in answer.get("made", {}).items()}
        try:
            for path, part in written.items():
                manifest.keep(part, path, self._source(job, path))
        except OSError as error:
            for part in written.values():
                part.unlink(missing_ok=True)
            answer = {"sentence": not_written(error), "cell": None}
        if "made" in answer:
            self.made.append(job)
            return
        for ending in _WRITTEN:
            manifest.forget(job.file(ending))
        self.failures.append(Failure(job.position, self.total, job.target, answer["cell"], answer["sentence"]))

    def files(self, jobs: Iterable[Job]) -> tuple[Path, ...]:
        """The files of reports in the formats wanted, in class order."""
        in_order = sorted(jobs, key=lambda job: job.position)
        return tuple(job.file(ending) for job in in_order for ending in self.formats)

    def bind(self, folder: Path, title: str, facts: Iterable[str], names: Mapping[int, str]) -> None:
        """Makes one PDF of a folder's reports, unless it would come out as it is there. Raises NotReady."""
        good = [*self.up_to_date, *self.made]
        here = [job for job in self._plan if job.target.parent == folder]
        bound = [job for job in here if job in good]
        if not bound:
            return
        path, source, manifest = file_of(folder), self._bound_from(bound), self._manifests[folder]
        if self._force or not manifest.current(path, source):
            missing = (names[job.parameters["learner"]] for job in here if job not in good)
            cover = cover_of(title, facts, (names[job.parameters["learner"]] for job in bound), missing)
            part = bind(path, [job.file(SHEET) for job in bound], cover, self.paper)
            try:
                manifest.keep(part, path, source)
            except OSError as error:
                raise NotReady(not_written(error), _("Make room on the disk, and run it again.")) from None
        self.bound.append(path)

    def settle(self, whole: Container[Path]) -> tuple[Path, ...]:
        """Puts aside what no longer holds, and returns where it is.

        That is a page which could not be made again: on paper nobody sees that it is an old one. It is another
        format of a report, made from something else. And, in a folder whose class was run `whole`, it is the
        report of a learner who left the class or has another name now. Last, it is one PDF of many
        that has such a page.
        """
        good = {*(job.file(ending) for job in (*self.up_to_date, *self.made) for ending in self.written), *self.bound}
        expected = {job.file(ending): job for job in self._plan for ending in _WRITTEN}
        aside = []
        for folder, manifest in self._manifests.items():
            for path in sorted(folder.iterdir()):
                earlier = folder / file_name(_("earlier")) / path.name
                if path in good:
                    earlier.unlink(missing_ok=True)
                    continue
                job = expected.get(path)
                if job is not None:
                    outdated = not self._is_current(job, path)
                elif path == file_of(folder):
                    outdated = not self._still_binds(folder, path, whole)
                else:
                    outdated = folder in whole and manifest.knows(path)
                if outdated:
                    earlier.parent.mkdir(mode=0o700, exist_ok=True)
                    path.replace(earlier)
                    if path.suffix != f".{SHEET}":
                        aside.append(earlier)
        return tuple(aside)

    def _still_binds(self, folder: Path, path: Path, whole: Container[Path]) -> bool:
        """Whether one PDF of many still has what this run found: all of a class, or of some of it nothing new."""
        here = [job for job in self._plan if job.target.parent == folder]
        if folder in whole:
            return self._manifests[folder].current(path, self._bound_from(here))
        return all(job in self.up_to_date for job in here)

    def _bound_from(self, those: Iterable[Job]) -> Source:
        return source_of([self._made_from[job.parameters["learner"]] for job in those], self.paper)

    def _is_current(self, job: Job, path: Path) -> bool:
        return self._manifests[job.target.parent].current(path, self._source(job, path))

    def _source(self, job: Job, path: Path) -> Source:
        source = self._made_from[job.parameters["learner"]]
        return source.on(self.paper) if path.suffix == ".pdf" else source


def settled(batch: Batch, whole: Container[Path]) -> tuple[Path, ...]:
    finished = batch.files([*batch.up_to_date, *batch.made])
    lost = [path for path in finished if not path.exists()]
    if lost:
        said = ngettext(
            "{count} of {total} finished files in {folder} was removed while the others were made.",
            "{count} of {total} finished files in {folder} were removed while the others were made.",
            len(lost),
        )
        raise NotReady(
            said.format(count=len(lost), total=len(finished), folder=lost[0].parent),
            _("Leave the folder as it is while reports are made, and run it again: it makes what is missing."),
        )
    try:
        return batch.settle(whole)
    except OSError as error:
        raise NotReady(
            _("An older report could not be put aside: {why}.").format(why=_why(error)),
            _("Close the programs that show reports, and run it again: what was made is good and stays."),
        ) from None


def lead_to(folder: Path, class_name: str | None) -> Path:
    """Writes the page that leads to all reports in a folder."""
    from workbench.batch.page import index

    count = sum(path.name != INDEX for path in folder.glob("*.html"))
    title = ngettext("{count} report", "{count} reports", count).format(count=count)
    if class_name:
        title = _("Class {name}: {reports}").format(name=class_name, reports=title)
    target = folder / INDEX
    try:
        replace(target, index(folder, title))
    except OSError as error:
        raise NotReady(
            _("The page that leads to the reports, {file}, could not be written: {why}.").format(
                file=target, why=_why(error)
            ),
            _("The reports that were made are good. Make room on the disk and run it again for the others."),
        ) from None
    return target


def known_formats(formats: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(formats))
    unknown = [one for one in wanted if one not in FORMATS]
    if unknown or not wanted:
        raise BadInput(
            _("There is no format “{name}”.").format(name=", ".join(unknown)),
            _("Formats: {all}.").format(all=", ".join(FORMATS)),
        )
    return wanted


def opened(folder: Path) -> Manifest:
    """The manifest of a folder that only its owner can open, and that can be written to."""
    try:
        for place in (*reversed(folder.parents), folder):
            if not place.exists():
                place.mkdir(mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
        return Manifest.open(folder)
    except OSError as error:
        raise NotReady(
            _("No reports can be written to {folder}: {why}.").format(folder=folder, why=_why(error)),
            _("Name another folder with --to, on a disk that you may write to."),
        ) from None


def _why(error: OSError) -> str:
    return (error.strerror or _("the disk refused")).lower()
