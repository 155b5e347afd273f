"""Reports for many learners: one notebook, run once for each, drawn as pages.

outcome = bench.reports.run("learner_report", of="4B")
outcome.made, outcome.up_to_date, outcome.failures
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from workbench import kernels
from workbench.access.actors import Action
from workbench.access.gate import asks_each, asks_inside, no_learner
from workbench.batch.binding import file_of, source_of
from workbench.batch.manifest import Manifest, Source
from workbench.batch.parameters import checked, declared
from workbench.batch.plan import (
    Job,
    Made,
    classes_of,
    file_name,
    jobs,
    notebook_named,
    notebooks,
    sources,
    title_of,
)
from workbench.batch.run import Batch, Failure, known_formats, lead_to, opened, settled
from workbench.conferences.bookings import BOOKINGS
from workbench.facet import Facet
from workbench.ground import days, resources
from workbench.ground.environment import ACTOR, DATABASE, HOME
from workbench.ground.errors import BadInput
from workbench.ground.words import _
from workbench.learners.learners import Learner, Learners, SchoolClass
from workbench.workspace import known_paper

#: Told how many reports are done, and of how many.
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What a batch made: files in class order, what could not be made, and the page that leads to them.

    `bound` are PDFs of a whole class each, for the printer, `up_to_date` files that would have come out the same,
    `set_aside` those that no longer hold, where they are now, `slow` why it took longer than it could, `left_out` how
    many of the class or school the actor may make none of.
    """

    folder: Path
    made: tuple[Path, ...]
    failures: tuple[Failure, ...]
    index: Path | None
    up_to_date: tuple[Path, ...] = ()
    set_aside: tuple[Path, ...] = ()
    bound: tuple[Path, ...] = ()
    slow: str = ""
    left_out: int = 0

    @property
    def files(self) -> tuple[Path, ...]:
        """All that is there now, made by this run or before it."""
        return (*self.made, *self.up_to_date)

    def __repr__(self) -> str:
        return f"<Outcome: {len(self.made)} made, {len(self.up_to_date)} up to date, {len(self.failures)} not>"


class Interrupted(KeyboardInterrupt):
    """A batch that was stopped when `finished` of `total` reports were made or up to date."""

    def __init__(self, finished: int, total: int) -> None:
        super().__init__(finished, total)
        self.finished = finished
        self.total = total


class Reports(Facet):
    """`bench.reports`: runs report notebooks. Lives as long as its bench."""

    @no_learner
    def names(self) -> tuple[str, ...]:
        """The reports there are: the workspace's own, and ours."""
        return tuple(sorted(self._known()))

    @asks_each(Action.REPORT)
    def learners(
        self,
        *,
        of: SchoolClass | str | None = None,
        learner: Learner | int | str | None = None,
        school: str | None = None,
    ) -> Sequence[Learner]:
        """Those of a class, a school, or one learner (also by name or the school's id) the actor may make reports of.

        Raises BadInput unless exactly one is named, NotFound with the nearest names.
        """
        if sum(one is not None for one in (of, learner, school)) != 1:
            raise BadInput(
                _("Say for whom: a class, a learner or a school."), _("For example of=\"4B\", or --class 4B.")
            )  # fmt: skip
        if learner is None:
            return self._found(of, school)
        known = self._beside(Learners)
        one = known.named(learner) if isinstance(learner, str) else known.get(learner)
        self.gate.permit(Action.REPORT, one.id, "Reports.learners")
        return (one,)

    def title(self, name: str) -> str:
        """What a report is called, as its metadata say (`title`). Raises NotFound."""
        return title_of(notebook_named(name, self._known()))

    @asks_each(Action.READ)
    def made(
        self,
        name: str,
        *,
        of: SchoolClass | str | None = None,
        school: str | None = None,
        only: Container[int] | None = None,
        read: bool = False,
    ) -> Sequence[Made]:
        """What there is of a report in the workspace's `out` folder, for each learner of a class or of a school.

        `only`: of these learners there; `read`: with the content of those that hold, as it was found to.
        Raises NotFound for an unknown name.
        """
        members, plan, made_from = self._there(name, of, school)
        manifests = {folder: Manifest.seen(folder) for folder in {job.target.parent for job in plan}}
        names = {one.id: one.name for one in members}
        found = []
        for job in plan:
            learner, file = job.parameters["learner"], job.file("html")
            if only is not None and learner not in only:
                continue
            manifest = manifests[file.parent]
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC) if manifest.knows(file) and file.is_file() else None
            current = at is not None and manifest.current(file, made_from[learner])
            content = manifest.read(file) if read and current else None  # another's run may put its own there now
            found.append(
                Made(learner, names[learner], file, at, current and (content is not None or not read), content)
            )
        return found

    @asks_inside
    def bound(self, name: str, *, of: SchoolClass | str) -> bytes | None:
        """A class's reports as one PDF for the printer, as `run` made it in the workspace's `out` folder.

        None where there is none that would come out the same for whoever asks. Raises NotFound for an unknown name.
        """
        members, plan, made_from = self._there(name, of, None)
        numbers = [one.id for one in members]
        if not plan or len(self.gate.permitted(Action.READ, numbers, "Reports.bound")) < len(numbers):
            return None
        folder = plan[0].target.parent
        manifest, path = Manifest.seen(folder), file_of(folder)
        source = source_of([made_from[number] for number in numbers], self.desk.workspace.paper)
        return manifest.read(path) if manifest.current(path, source) else None

    def run(
        self,
        name: str,
        *,
        of: SchoolClass | str | None = None,
        learner: Learner | int | str | None = None,
        school: str | None = None,
        to: Path | str | None = None,
        jobs: int | None = None,
        formats: Iterable[str] = ("html",),
        paper: str = "",
        one_file: bool = False,
        due: int | None = None,
        parameters: Mapping[str, Any] | None = None,
        force: bool = False,
        progress: Tell | None = None,
    ) -> Outcome:
        """Makes a report for each learner of a class, a school, or for one.

        With `due` it is made only for those with a conference booked for today or one of so many days after it; there
        may be nobody.

        `parameters` go to the notebook's cell tagged "parameters" beside the learner; NotFound or
        BadInput says which one it does not have, or cannot take.

        `paper` is what a PDF is printed on, "letter" or "a4"; else as the workspace's settings say. With `one_file` all
        of a class are one PDF as well, for the printer: a sheet to tick on top, each learner on an odd page.

        Files go to `to`, else into the workspace's `out` folder by report and class; `jobs` run at the
        same time (by default one a core). All see the same snapshot. A report is made whole or not at
        all; one that fails is told in the outcome and the others go on.

        `progress` is told how many are done, and of how many; a KeyboardInterrupt that it raises stops the run.

        A report that would come out as it is already there is left alone, unless `force`; so a run that
        was stopped or killed is gone on with by the next. Raises Interrupted when it is stopped by Ctrl-C,
        NotReady while another run is at work in the same folder.
        """
        notebook = notebook_named(name, self._known())
        known = declared(notebook)
        wanted = known_formats(formats)
        if one_file and learner is not None:
            raise BadInput(
                _("One PDF for the printer is made of a class or a school."), _("For one learner choose --format pdf.")
            )
        paper = known_paper(paper or self.desk.workspace.paper)
        more = checked({one: value for one, value in known.items() if one != "learner"}, parameters or {})
        checked(known, {"learner": 0})
        found = self.learners(of=of, learner=learner, school=school)
        if not found:
            raise BadInput(
                _("There is nobody here you may make reports of."),
                _("Choose a class that you teach. If there is none, import ClassAssignments or a class list first."),
            )
        base = Path(to) if to is not None else self.desk.workspace.out / name
        outside = 0 if learner is not None else self._beside(Learners).how_many(of=of, school=school) - len(found)
        if due is not None:
            found = self._booked(found, due)
            if not found:
                return Outcome(base, (), (), None, left_out=outside)
        snapshot = self.as_of or self.store.journal.latest_change()
        flat = to is not None and school is None
        plan = self._plan(found, base, of, known, more, snapshot, flat=flat)
        made_from = sources(self.desk, notebook, found, snapshot, more)
        folders = tuple(dict.fromkeys(job.target.parent for job in plan))
        with ExitStack() as work:
            manifests = {folder: work.enter_context(opened(folder)) for folder in folders}
            called = _class_name(self._beside(Learners), of) if of is not None else None
            classes = {folder: called if base in folders else folder.name for folder in folders}
            batch = Batch(plan, made_from, wanted, paper, manifests, one_file=one_file, force=force)
            slow = self._make(batch, notebook, jobs or os.cpu_count() or 1, progress)
            if one_file:
                facts = (self.desk.workspace.school, days.dated(self.desk.today))
                for folder, class_name in classes.items():
                    batch.bind(
                        folder, f"{title_of(notebook)}: {class_name}", facts, {one.id: one.name for one in found}
                    )
            aside = settled(batch, () if flat else self._whole(plan))
            listed = [folder for folder in folders if any(folder.glob("*.html"))]
            indexes = [lead_to(folder, classes[folder]) for folder in listed]
        return Outcome(
            folder=base if len(folders) > 1 else folders[0],
            made=batch.files(batch.made),
            failures=tuple(sorted(batch.failures, key=lambda one: one.position)),
            index=indexes[0] if len(indexes) == 1 else None,
            up_to_date=batch.files(batch.up_to_date),
            set_aside=aside,
            bound=tuple(batch.bound),
            slow=slow,
            left_out=outside,
        )

    def _found(self, of: SchoolClass | str | None, school: str | None) -> Sequence[Learner]:
        known = self._beside(Learners)
        return known.in_class(of) if of is not None else known.in_school(school or "")

    def _booked(self, found: Sequence[Learner], ahead: int) -> tuple[Learner, ...]:
        """Those with a conference booked for today, or one of so many days after it."""
        may = self.gate.permitted(Action.FOLLOW, [one.id for one in found], "Reports.run")
        until = self.desk.today + timedelta(days=ahead)
        rows = self._all(BOOKINGS, learner_id=sorted(may)) if may else ()
        booked = {one.learner for one in rows if one.open and self.desk.today <= one.on <= until}
        return tuple(one for one in found if one.id in booked)

    def _there(
        self, name: str, of: SchoolClass | str | None, school: str | None
    ) -> tuple[list[Learner], tuple[Job, ...], dict[int, Source]]:
        """Of whom the actor may make a report, where each is in the `out` folder, and what it would be made from."""
        notebook = notebook_named(name, self._known())
        found = self._found(of, school)
        may = self.gate.all_that((Action.REPORT,), [one.id for one in found])
        members = [one for one in found if may.get(one.id)]
        snapshot = self.as_of or self.store.journal.latest_change()
        base = self.desk.workspace.out / name
        plan = self._plan(members, base, of, declared(notebook), {}, snapshot, flat=False)
        return members, plan, sources(self.desk, notebook, members, snapshot, {})

    def _known(self) -> dict[str, Path]:
        return notebooks(resources.reports(), self.desk.workspace.folder / "reports")

    def _plan(
        self,
        found: Sequence[Learner],
        base: Path,
        of: SchoolClass | str | None,
        known: Mapping[str, Any],
        more: Mapping[str, Any],
        snapshot: int,
        *,
        flat: bool,
    ) -> tuple[Job, ...]:
        if flat:
            places = [(base, one) for one in found]
        elif of is not None:
            folder = base / file_name(_class_name(self._beside(Learners), of))
            places = [(folder, one) for one in found]
        else:
            classes = classes_of(self.desk, found)
            names = {one: theirs[0].name if theirs else _("without a class") for one, theirs in classes.items()}
            places = [(base / file_name(names[one.id]), one) for one in found]
        return jobs(places, known, snapshot, more)

    def _make(self, batch: Batch, notebook: Path, count: int, progress: Tell | None) -> str:
        """Makes what is to be made; returns why that took longer than it could, or ""."""
        from workbench.batch.pool import Pool

        tell = progress or (lambda done, total: None)
        try:
            tell(batch.finished, batch.total)
            if not batch.waiting:
                return ""
            with Pool(min(count, len(batch.waiting)), notebook, batch.written, batch.paper, self._environ()) as pool:
                for job, answer in pool.run(batch.waiting):
                    batch.take(job, answer)
                    tell(batch.finished + len(batch.failures), batch.total)
                kernels.remember(self.desk.workspace.folder, pool.complaint)
                return pool.complaint
        except KeyboardInterrupt:
            raise Interrupted(batch.finished, batch.total) from None

    def _whole(self, plan: Iterable[Job]) -> set[Path]:
        """The folders of one class each that the plan has all of: whoever else has a report there has left."""
        planned = Counter(job.target.parent for job in plan)
        sizes: dict[str, list[int]] = defaultdict(list)
        for one in self._beside(Learners).classes():
            sizes[file_name(one.name)].append(one.size)
        return {folder for folder, count in planned.items() if sizes[folder.name] == [count]}

    def _environ(self) -> dict[str, str]:
        """How the kernels know the workspace and who asks; see `Workbench.here`."""
        desk = self.desk
        database = desk.url if desk.url != desk.workspace.url else ""
        return {HOME: str(desk.workspace.folder), ACTOR: str(self.gate.actor), DATABASE: database}


def _class_name(known: Learners, of: SchoolClass | str) -> str:
    return (of if isinstance(of, SchoolClass) else known.class_named(of)).name
