"""Reports for many learners: one notebook, run once for each, drawn as pages.

outcome = bench.reports.run("learner_report", of="4B")
outcome.made, outcome.failures
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import resources
from workbench.access import Action, Gate, asks_each, no_learner
from workbench.batch.parameters import checked, declared
from workbench.batch.plan import Job, file_name, jobs, notebook_named, notebooks
from workbench.errors import BadInput, NotReady
from workbench.learners import Learner
from workbench.words import _, ngettext

if TYPE_CHECKING:
    from workbench.bench import Workbench

FORMATS = ("html", "ipynb")
#: Told how many reports are done, and of how many.
Tell = Callable[[int, int], None]


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


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What a batch made: files in class order, what could not be made, and the page that leads to them."""

    folder: Path
    made: tuple[Path, ...]
    failures: tuple[Failure, ...]
    index: Path | None

    def __repr__(self) -> str:
        return f"<Outcome: {len(self.made)} made, {len(self.failures)} not>"


class Reports:
    """`bench.reports`: runs report notebooks. Lives as long as its bench."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    @property
    def gate(self) -> Gate:
        return self._bench._gate

    @no_learner
    def names(self) -> tuple[str, ...]:
        """The reports there are: the workspace's own, and ours."""
        return tuple(sorted(self._known()))

    @asks_each(Action.REPORT)
    def learners(
        self, *, of: str | None = None, learner: Learner | int | str | None = None, school: str | None = None
    ) -> Sequence[Learner]:
        """Those of a class, a school, or one learner (also by name or the school's id) the actor may make reports of.

        Raises BadInput unless exactly one is named, NotFound with the nearest names.
        """
        if sum(one is not None for one in (of, learner, school)) != 1:
            raise BadInput(
                _("Say for whom: a class, a learner or a school."), _("For example of=\"4B\", or --class 4B.")
            )  # fmt: skip
        if of is not None:
            return self._bench.learners.in_class(of)
        if school is not None:
            return self._bench.learners.in_school(school)
        one = self._bench.learners.named(learner) if isinstance(learner, str) else self._bench.learners.get(learner)
        self.gate.permit(Action.REPORT, one.id, "Reports.learners")
        return (one,)

    def run(
        self,
        name: str,
        *,
        of: str | None = None,
        learner: Learner | int | str | None = None,
        school: str | None = None,
        to: Path | str | None = None,
        jobs: int | None = None,
        formats: Iterable[str] = ("html",),
        parameters: Mapping[str, Any] | None = None,
        progress: Tell | None = None,
    ) -> Outcome:
        """Makes a report for each learner of a class, a school, or for one.

        `parameters` go to the notebook's cell tagged "parameters" beside the learner; NotFound or
        BadInput says which one it does not have, or cannot take.

        Files go to `to`, else into the workspace's `out` folder by report and class; `jobs` run at the
        same time (by default one a core). All see the same snapshot. A report is made whole or not at
        all; one that fails is told in the outcome and the others go on.
        """
        notebook = notebook_named(name, self._known())
        known = declared(notebook)
        wanted = _known_formats(formats)
        more = checked({one: value for one, value in known.items() if one != "learner"}, parameters or {})
        checked(known, {"learner": 0})
        found = self.learners(of=of, learner=learner, school=school)
        if not found:
            raise BadInput(_("There is nobody here you may make reports of."), _("Choose a class that you teach."))
        base = Path(to) if to is not None else self._bench.workspace.out / name
        plan = self._plan(found, base, of, known, more, flat=to is not None and school is None)
        folders = dict.fromkeys(job.target.parent for job in plan)
        for folder in folders:
            _make(folder)
        made, failures = self._made(notebook, plan, wanted, jobs or os.cpu_count() or 1, progress)
        flat = base in folders
        listed = [folder for folder in folders if "html" in wanted and any(folder.glob("*.html"))]
        indexes = [_index(folder, of if flat else folder.name) for folder in listed]
        return Outcome(
            folder=base if len(folders) > 1 else next(iter(folders)),
            made=made,
            failures=failures,
            index=indexes[0] if len(indexes) == 1 else None,
        )

    def _known(self) -> dict[str, Path]:
        return notebooks(resources.reports(), self._bench.workspace.folder / "reports")

    def _plan(
        self,
        found: Sequence[Learner],
        base: Path,
        of: str | None,
        known: Mapping[str, Any],
        more: Mapping[str, Any],
        *,
        flat: bool,
    ) -> tuple[Job, ...]:
        places = [(base if flat else base / self._class_folder(one, of), one) for one in found]
        return jobs(places, known, self._bench._as_of or self._bench.snapshot, more)

    def _class_folder(self, learner: Learner, of: str | None) -> str:
        if of is not None:
            return file_name(self._bench.learners.class_named(of).name)
        classes = self._bench.learners.classes_of(learner)
        return file_name(classes[0].name) if classes else file_name(_("without a class"))

    def _made(
        self, notebook: Path, plan: Sequence[Job], formats: tuple[str, ...], count: int, progress: Tell | None
    ) -> tuple[tuple[Path, ...], tuple[Failure, ...]]:
        from workbench.batch.pool import Pool

        made: dict[int, list[Path]] = {}
        failures = []
        if progress:
            progress(0, len(plan))
        with Pool(min(count, len(plan)), notebook, formats, self._environ()) as pool:
            for done, (job, answer) in enumerate(pool.run(plan), start=1):
                if "made" in answer:
                    made[job.position] = [Path(path) for path in answer["made"]]
                else:
                    failures.append(Failure(job.position, len(plan), job.target, answer["cell"], answer["sentence"]))
                if progress:
                    progress(done, len(plan))
        in_order = [path for position in sorted(made) for path in made[position]]
        return tuple(in_order), tuple(sorted(failures, key=lambda one: one.position))

    def _environ(self) -> dict[str, str]:
        """How the kernels know the workspace and who asks; see `Workbench.here`."""
        from workbench.bench import ACTOR, DATABASE, HOME

        place = self._bench.workspace
        database = self._bench.url if self._bench.url != place.url else ""
        return {HOME: str(place.folder), ACTOR: str(self._bench.actor), DATABASE: database}


def _index(folder: Path, class_name: str | None) -> Path:
    """Writes the page that leads to all reports in a folder."""
    from workbench.batch.page import index
    from workbench.batch.worker import replace

    count = sum(path.name != "index.html" for path in folder.glob("*.html"))
    title = ngettext("{count} report", "{count} reports", count).format(count=count)
    if class_name:
        title = _("Class {name}: {reports}").format(name=class_name, reports=title)
    target = folder / "index.html"
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


def _known_formats(formats: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(formats))
    unknown = [one for one in wanted if one not in FORMATS]
    if unknown or not wanted:
        raise BadInput(
            _("There is no format “{name}”.").format(name=", ".join(unknown)),
            _("Formats: {all}.").format(all=", ".join(FORMATS)),
        )
    return wanted


def _make(folder: Path) -> None:
    """A folder that only its owner can open, and that can be written to."""
    try:
        for place in (*reversed(folder.parents), folder):
            if not place.exists():
                place.mkdir(mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NotReady(
            _("No reports can be written to {folder}: {why}.").format(folder=folder, why=_why(error)),
            _("Name another folder with --to, on a disk that you may write to."),
        ) from None


def _why(error: OSError) -> str:
    return (error.strerror or _("the disk refused")).lower()
