"""All that is kept of a learner: written out for whoever may ask for it, and taken out for good."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.access.actors import Action
from workbench.access.gate import asks_inside, learner_of
from workbench.duties import written
from workbench.facet import Facet
from workbench.keeping import heads
from workbench.learners.learners import Learner
from workbench.store.forgetting import Whom

#: What the export leaves with the adult whom the school named for it.
APART = ("worries",)


@dataclass(frozen=True, slots=True, repr=False)
class Going:
    """What is kept of a learner: rows by table, and files that were made of them (`out/`)."""

    name: str
    rows: dict[str, int]
    files: tuple[Path, ...]

    @property
    def count(self) -> int:
        return sum(self.rows.values())

    def __repr__(self) -> str:
        return "<Going>"


class Records(Facet):
    """`bench.records`: a learner's records as a whole. For an admin; each use is noted on the learner."""

    __slots__ = ()

    @asks_inside
    def export(self, learner: Learner | int, to: Path) -> Path:
        """Writes all that is kept of a learner into a new folder in `to`: a page, the same as JSON, and
        drawings.

        Returns the folder. What was passed on to the adult for worries stays with that adult. Raises NotReady when the
        folder cannot be written.
        """
        number = self._permit(learner, "Records.export")
        whom = self.store.forgetting.whom(number)
        rows = {name: some for name, some in self.store.forgetting.rows(whom).items() if name not in APART}
        looks = [row for one in whom.numbers for row in self.desk.audit.of(one)]
        return written.written(self._named(number), rows, looks, to, self.desk.today)

    @asks_inside
    def going(self, learner: Learner | int) -> Going:
        """What would go with a learner; nothing is changed."""
        number = self._permit(learner, "Records.going")
        whom = self.store.forgetting.whom(number)
        rows = {name: len(some) for name, some in self.store.forgetting.rows(whom).items() if some}
        return Going(self._named(number).name, rows, self._files(whom))

    @asks_inside
    def forget(self, learner: Learner | int) -> Going:
        """Takes a learner out of the store, with all that was made of them; the audit keeps that it happened.

        The file is written anew, so nothing of it is left there; for that nobody else may have a SQLite store open.
        """
        number = self._permit(learner, "Records.forget")
        went, whom = self.going(number), self.store.forgetting.whom(number)
        for path in went.files:
            path.unlink(missing_ok=True)
        self.store.forgetting.take_out(whom, at=self.clock(), by=self.by)
        self.desk.audit.flush()
        self.desk.audit.forget(number, whom.codes, self.by)
        self.clean()
        return went

    @asks_inside
    def clean(self) -> None:
        """Writes the store and the audit anew, so that nothing is left in them of what was taken out."""
        self.gate.permit_here(Action.RECORDS, "Records.clean")
        self.desk.audit.flush()
        self.store.forgetting.clean()
        self.desk.audit.clean()
        heads.go_on(self.desk.workspace.folder, self.desk.audit, self.clock())

    @asks_inside
    def left_before(self, year: int) -> tuple[int, ...]:
        """The numbers of learners whose last school year ended before a calendar year."""
        self.gate.permit_here(Action.RECORDS, "Records.left_before")
        return self.store.forgetting.left_before(year)

    def _permit(self, learner: Learner | int, what: str) -> int:
        number = learner_of(self.store, learner)
        self.gate.permit_here(Action.RECORDS, what)
        self.gate.permit(Action.MEET, number, what)
        return number

    def _named(self, number: int) -> Learner:
        rows = self.store.roster.learners([number])
        return Learner.of(rows[0]) if rows else Learner(number, "", "", "")

    def _files(self, whom: Whom) -> tuple[Path, ...]:
        """Reports that are of a learner or name one, in `out/`."""
        return tuple(_naming(self.desk.workspace.out, whom, map(Learner.of, self.store.roster.learners(whom.numbers))))


def _naming(folder: Path, whom: Whom, known: Iterable[Learner]) -> Iterator[Path]:
    """What is called by a name or says one, and what leads to it.

    A PDF's words cannot be searched: it says what its sheet does. Nor can a name of one word, which is part of much
    else: what is called by it is known by how reports are called.
    """
    from workbench.batch.binding import BOUND
    from workbench.batch.plan import INDEX, file_name, stems

    called = {file_name(one) for one in whom.names if " " in one}.union(*map(stems, known))
    forms = {form.encode() for one in whom.telling for form in (one, html.escape(one), json.dumps(one)[1:-1])}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.is_dir() else []
    named = {
        path for path in files if path.stem.lstrip(".") in called or any(form in path.read_bytes() for form in forms)
    }
    drawn = {path.with_name(f"{path.stem.lstrip('.')}.pdf") for path in named}
    here = {path.parent for path in named}
    above = {place.parent for place in here}
    for path in files:
        bound = path.name.startswith(BOUND) and (path.parent in here | above or path.parent.parent in here)
        leads = path.name == INDEX and path.parent in here
        if path in named or path in drawn or bound or leads:
            yield path
