"""What became of an import: of each file, of the whole, and as it is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workbench.importing.handover import Handover
from workbench.importing.records import Problem, Tally
from workbench.store.sightings import Counts


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file, recognised as `title`. `counts` are of facts: one test row holds several.

    `skipped` tells how many rows were passed over, by the reason; a `note` why the file was not read; `earlier` which
    import brought it in before; `unread` the columns that nobody asked for; `waiting` of how many learners more waits
    for whoever keeps the rosters (`store.own_lists`).
    """

    file: str
    title: str
    tally: Tally
    counts: Counts = Counts()
    note: str = ""
    skipped: Mapping[str, int] = field(default_factory=dict)
    earlier: int | None = None
    unread: tuple[str, ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or (before it is run, `import_id` None) would do.

    `handover`: what its rosters take from whom; None where it has none. `coming`: the classes of terms that have not
    begun, as (name, school year), which its rosters tell of; `later`: what these terms take on the days they begin.
    `waiting`: of how many learners who they are and where waits for whoever keeps the rosters.
    """

    import_id: int | None
    files: tuple[FileOutcome, ...]
    problems: tuple[Problem, ...]
    handover: Handover | None = None
    coming: tuple[tuple[str, str], ...] = ()
    later: tuple[tuple[date, Handover], ...] = ()
    waiting: int = 0

    @property
    def tally(self) -> Tally:
        return sum((one.tally for one in self.files), Tally())

    @property
    def counts(self) -> Counts:
        return sum((one.counts for one in self.files), Counts())


@dataclass(frozen=True, slots=True)
class Import:
    """One import of the past; `mine`: whoever asks may take it back, and bring it back."""

    id: int
    at: datetime
    actor: str
    undone: bool
    files: tuple[FileOutcome, ...]
    mine: bool = False

    @property
    def facts(self) -> int:
        """How many facts it brought that were new or otherwise before, or of which that is not told."""
        return sum(one.counts.new + one.counts.changed + one.counts.others for one in self.files)
