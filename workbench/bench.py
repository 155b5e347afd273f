"""The one door to a workspace's data.

with Workbench.open("my_school/", actor="teacher:t17") as bench:
    outcome = bench.imports.run("exports/")
    conference = bench.conferences.start(learner, on=today)
    bench.reports.run("learner_report", of="4B")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from workbench.access.gate import A_LEARNER, Action, Actor, Gate, Look, learner_of
from workbench.classes.agreements import Classes
from workbench.classes.buddies import Buddies
from workbench.classes.flags import Flags
from workbench.classes.schedule import Schedule
from workbench.classes.worries import Worries
from workbench.conferences.bookings import Bookings
from workbench.conferences.conferences import Conferences
from workbench.conferences.notes import Notes
from workbench.conferences.reflections import Reflections
from workbench.conferences.strengths import Strengths
from workbench.evidence.evidence import EvidenceFacet
from workbench.evidence.matching import Matching
from workbench.facet import Facet, moment
from workbench.goals.goals import Goals
from workbench.goals.plans import Plans
from workbench.goals.progress import Progress
from workbench.ground.errors import NotAllowed, NotReady
from workbench.ground.sealing import key, secret
from workbench.ground.words import _
from workbench.keeping.reached import Reached, older
from workbench.learners.artifacts import Artifacts
from workbench.learners.learners import Learner, Learners
from workbench.learners.profiles import Profiles
from workbench.learners.settings import SettingsFacet
from workbench.learners.skills import Skills
from workbench.store import Audit, Store, connect
from workbench.workspace import Workspace

if TYPE_CHECKING:
    from workbench.batch import Reports
    from workbench.importing.run import Imports

#: How a served kernel, a batch or a person's shell says who is asking.
ACTOR = "WORKBENCH_ACTOR"
HOME = "WORKBENCH_HOME"
DATABASE = "WORKBENCH_DB"
ONLY = "WORKBENCH_ONLY"  # the number of the one learner whom a device was handed to
#: The day a served kernel is told to take for today; unset, it is the day on the wall.
DAY = "WORKBENCH_DAY"
#: The language a page was asked for in.
LANGUAGE = "WORKBENCH_LANGUAGE"


def _now() -> datetime:
    return datetime.now(UTC)


def clock_of(day: date | None) -> Callable[[], datetime]:
    """A clock that tells this hour of `day`; the time itself for None."""
    if day is None:
        return _now
    return lambda: datetime.combine(day, datetime.now().time()).astimezone(UTC)  # noqa: DTZ005 (the hour on the wall)


class Workbench:
    """A workspace opened for one actor; whoever opens it closes it."""

    def __init__(
        self, workspace: Workspace, actor: Actor, store: Store, audit: Audit, clock: Callable[[], datetime], url: str
    ) -> None:
        self.workspace = workspace
        self.actor = actor
        self.url = url
        self.clock = clock
        self.spoken = ""  # the language asked for, such as "es"; "" none: a learner's own, else the one spoken around
        self._store = store
        self._audit = audit
        self._gate = Gate(actor, store, audit)
        self._as_of: int | None = None
        self._mark = ""

    @classmethod
    def open(
        cls,
        workspace: Workspace | Path | str,
        *,
        actor: Actor | str,
        db: str = "",
        clock: Callable[[], datetime] = _now,
    ) -> Workbench:
        """Opens the workspace in a folder for `actor`, such as "teacher:t17".

        `db` is the address of a store that goes before the workspace's own. Raises NotReady
        when the workspace is missing or older than this workbench, BadInput for an unreadable actor.
        """
        place = workspace if isinstance(workspace, Workspace) else Workspace.open(Path(workspace))
        who = actor if isinstance(actor, Actor) else Actor.parse(actor)
        url = db or place.url
        store = Store.open(url, clock)
        audit = Audit(connect(place.audit_url(url)), clock)
        try:
            audit.prepare()
        except BaseException:
            store.close()
            audit.close()
            raise
        return cls(place, who, store, audit, clock, url)

    @classmethod
    def here(cls, environ: Mapping[str, str] | None = None) -> Workbench:
        """The bench of the kernel a notebook runs in: its workspace and actor come from the environment.

        Raises NotAllowed when nobody is named, so that a kernel without an actor opens no data.
        """
        import os

        given = os.environ if environ is None else environ
        if not given.get(ACTOR):
            raise NotAllowed(
                _("Nobody is named as the one who asks, so no data was opened."),
                _("Open the page from the workbench’s home, or start JupyterLab with “workbench lab”."),
            )
        if not given.get(HOME):
            raise NotReady(_("No workspace is named."), _("Start JupyterLab with “workbench lab” inside a workspace."))
        day = date.fromisoformat(given[DAY]) if given.get(DAY) else None
        bench = cls.open(Path(given[HOME]), actor=given[ACTOR], db=given.get(DATABASE, ""), clock=clock_of(day))
        bench.spoken = given.get(LANGUAGE, "")
        if given.get(ONLY):
            bench.hand_to(int(given[ONLY]))
        return bench

    def hand_to(self, learner: int) -> None:
        """From now on this bench may do what this one learner may do with the own pages, and nothing else."""
        self._gate = Gate(self.actor, self._store, self._audit, only=learner)
        for name in [name for name, value in vars(self).items() if isinstance(value, Facet)]:
            delattr(self, name)

    def at(self, snapshot: int) -> Workbench:
        """The same bench looking back to change `snapshot`. Closes with this one."""
        past = Workbench(self.workspace, self.actor, self._store, self._audit, self.clock, self.url)
        past._as_of, past.spoken, past._gate = snapshot, self.spoken, self._gate
        return past

    @property
    def gate(self) -> Gate:
        """What the actor may do, for a page that offers it; the facets ask it themselves."""
        return self._gate

    @property
    def today(self) -> date:
        """The day where the person sits."""
        return self.clock().astimezone().date()

    @property
    def snapshot(self) -> int:
        """The number of the newest change."""
        return self._store.journal.latest_change()

    @property
    def full(self) -> bool:
        """Whether the disk was found full while looking: nothing can be saved until there is room."""
        return self._audit.full

    @property
    def reached(self) -> Reached | None:
        """How far the records have come; None where there are none yet."""
        return Reached.of(self._store)

    def older(self, *points: Reached | None) -> NotReady | None:
        """What to say when the records did not go through one of `points`; None when they did through all."""
        return older(self._store, self.clock().astimezone().date(), *points)

    @property
    def mark(self) -> str:
        """What tells this store from any other wherever it lies: its workspace's secret, and when it was begun."""
        if not self._mark:
            self._mark = f"{self.key_for('mark')} {self._store.journal.moments([1])}"
        return self._mark

    @property
    def former_mark(self) -> str:
        """What told it by where it is, in builds that sealed nothing."""
        return f"{self.workspace.folder.resolve()} {self.url} {self._store.journal.moments([1])}"

    @property
    def sits(self) -> str:
        """Who sits at this bench's pages: "learner" for a learner and on a device handed to one, else the actor."""
        return A_LEARNER if self._gate.as_learner else str(self.actor)

    def key_for(self, use: str) -> str:
        """A key of 32 bytes, in hex, that this workspace alone can work out again; "" where none can be had."""
        return key(self._secret, use)

    @cached_property
    def _secret(self) -> bytes:
        return secret(self.workspace.folder)

    @contextmanager
    def once(self, key: str) -> Iterator[bool]:
        """What is written inside is one answer, which carries `key`: it is kept whole, and known if it comes again.

        Gives False when it came before.
        """
        with self._audit.gathered(), self._store.journal.once(key, at=self.clock()) as fresh:
            yield fresh
            self._audit.flush()  # what is kept was noted

    @contextmanager
    def sitting(self, page: str = "") -> Iterator[None]:
        """What is looked at inside is one look, at a `page`; reading is of one moment, and nothing is read twice."""
        with self._audit.gathered(page), self._store.picture():
            yield

    def looks(self, learner: Learner | int) -> tuple[Look, ...]:
        """Who looked at a learner's pages, who wrote, and who was refused, oldest first.

        For those who guide the learner; raises NotAllowed for others.
        """
        number = learner_of(self._store, learner)
        self._gate.permit(Action.GUIDE, number, "Workbench.looks")
        self._audit.flush()
        return tuple(
            Look(moment(row["at"]), row["actor"], row["action"], row["what"], row["allowed"], row["reason"])
            for row in self._audit.of(number)
        )

    def fold_looks(self, *, before: date) -> int:
        """Keeps of looks before a day one a day by each person at each learner; returns how many rows went.

        For an admin; raises NotAllowed for others.
        """
        if not self._gate.sees_everybody:
            raise NotAllowed(_("Only the office trims the audit."), _("Ask whoever looks after the school’s data."))
        return self._audit.fold(datetime(before.year, before.month, before.day, tzinfo=UTC))

    def close(self) -> None:
        self._audit.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Workbench for a {self.actor.role}>"

    @property
    def _with(self) -> dict[str, Any]:
        return {"store": self._store, "gate": self._gate, "clock": self.clock, "as_of": self._as_of}

    @cached_property
    def learners(self) -> Learners:
        """Learners and classes."""
        return Learners(**self._with)

    @cached_property
    def evidence(self) -> EvidenceFacet:
        """What is known of a learner."""
        return EvidenceFacet(**self._with)

    @cached_property
    def conferences(self) -> Conferences:
        """Starts, resumes and finishes conferences."""
        return Conferences(**self._with, protocols=self.workspace.folder / "protocols")

    @cached_property
    def reflections(self) -> Reflections:
        """What learners answered."""
        return Reflections(**self._with)

    @cached_property
    def strengths(self) -> Strengths:
        """Strengths and needs."""
        return Strengths(**self._with)

    @cached_property
    def goals(self) -> Goals:
        """Goals and their purpose."""
        return Goals(**self._with)

    @cached_property
    def plans(self) -> Plans:
        """Plans and their steps."""
        return Plans(**self._with)

    @cached_property
    def progress(self) -> Progress:
        """Check-ins."""
        return Progress(**self._with)

    @cached_property
    def settings(self) -> SettingsFacet:
        """How a learner's pages are made."""
        return SettingsFacet(**self._with)

    @cached_property
    def classes(self) -> Classes:
        """What each class agreed on."""
        return Classes(**self._with, projections_allowed=self.workspace.projections)

    @cached_property
    def flags(self) -> Flags:
        """What learners ask for."""
        return Flags(**self._with)

    @cached_property
    def worries(self) -> Worries:
        """Passes on what troubles a reader, to the adult the school named."""
        return Worries(**self._with, named=self.workspace.worries)

    @cached_property
    def bookings(self) -> Bookings:
        """Days for conferences."""
        return Bookings(**self._with)

    @cached_property
    def schedule(self) -> Schedule:
        """Who is due, and a class's conferences by day."""
        return Schedule(**self._with)

    @cached_property
    def notes(self) -> Notes:
        """What educators write beside a conference."""
        return Notes(**self._with)

    @cached_property
    def skills(self) -> Skills:
        """The skills notebook."""
        return Skills(**self._with)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Work that learners are proud of."""
        return Artifacts(**self._with)

    @cached_property
    def buddies(self) -> Buddies:
        """Learning buddies."""
        return Buddies(**self._with)

    @cached_property
    def profiles(self) -> Profiles:
        """What learners say of themselves."""
        return Profiles(**self._with, own=self.workspace.folder / "inventories")

    @cached_property
    def imports(self) -> Imports:
        """Brings exports in, and takes imports back."""
        from workbench.importing.run import Imports

        place = self.workspace
        own = place.folder / "mappings"
        return Imports(**self._with, school=place.school, own_mappings=own, largest=place.largest_file)

    @cached_property
    def matching(self) -> Matching:
        """Says whose the evidence is that no roster names anybody for."""
        return Matching(**self._with)

    @cached_property
    def reports(self) -> Reports:
        """Runs report notebooks for many learners."""
        from workbench.batch import Reports

        return Reports(self)
