"""The one door to a workspace's data.

with Workbench.open("my_school/", actor="teacher:t17") as bench:
    outcome = bench.imports.run("exports/")
    conference = bench.conferences.start(learner, on=today)
    bench.reports.run("learner_report", of="4B")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from workbench.access.actors import A_LEARNER, Actor
from workbench.access.gate import Gate
from workbench.classes.agreements import Classes
from workbench.classes.buddies import Buddies
from workbench.classes.flags import Flags
from workbench.classes.glances import Glances
from workbench.classes.groups import Groups
from workbench.classes.schedule import Schedule
from workbench.classes.worries import Worries
from workbench.classes.years import Years
from workbench.conferences.bookings import Bookings
from workbench.conferences.conferences import Conferences
from workbench.conferences.notes import Notes
from workbench.conferences.reflections import Reflections
from workbench.conferences.strengths import Strengths
from workbench.doors.accounts import Accounts
from workbench.doors.codes import Codes
from workbench.duties.looks import Looks
from workbench.duties.records import Records
from workbench.evidence.evidence import EvidenceFacet
from workbench.evidence.matching import Matching
from workbench.facet import Desk, Facet
from workbench.goals.celebrations import Celebrations
from workbench.goals.goals import Goals
from workbench.goals.plans import Plans
from workbench.goals.progress import Progress
from workbench.goals.pursuits import Pursuits
from workbench.ground.environment import ACTOR, DATABASE, DAY, DEVICE, HOME, LANGUAGE, ONLY
from workbench.ground.errors import NotAllowed, NotReady
from workbench.ground.sealing import key, secret
from workbench.ground.words import _
from workbench.keeping.reached import Reached, older
from workbench.learners.artifacts import Artifacts
from workbench.learners.learners import Learners
from workbench.learners.profiles import Profiles
from workbench.learners.replies import Replies
from workbench.learners.responses import Responses
from workbench.learners.settings import SettingsFacet
from workbench.learners.skills import Skills
from workbench.learners.symbols import Symbols
from workbench.store import Audit, Store, connect
from workbench.workspace import Workspace

if TYPE_CHECKING:
    from workbench.batch import Reports
    from workbench.frames import Frames
    from workbench.importing.run import Imports


def _now() -> datetime:
    return datetime.now(UTC)


def clock_of(day: date | None) -> Callable[[], datetime]:
    """A clock that tells this hour of `day`; the time itself for None."""
    if day is None:
        return _now
    return lambda: datetime.combine(day, datetime.now().time()).astimezone(UTC)  # noqa: DTZ005 (the hour on the wall)


F = TypeVar("F", bound=Facet)


class Part(Generic[F]):
    """One idea's door in a bench's table of contents: made when it is first asked for."""

    def __init__(self, kind: type[F]) -> None:
        self.kind = kind

    @overload
    def __get__(self, bench: None, of: type[Workbench]) -> Self: ...
    @overload
    def __get__(self, bench: Workbench, of: type[Workbench]) -> F: ...
    def __get__(self, bench: Workbench | None, of: type[Workbench]) -> Self | F:
        return self if bench is None else bench.part(self.kind)


class Workbench:
    """A workspace opened for one actor; whoever opens it closes it."""

    learners = Part(Learners)
    evidence = Part(EvidenceFacet)
    matching = Part(Matching)
    settings = Part(SettingsFacet)
    symbols = Part(Symbols)
    profiles = Part(Profiles)
    skills = Part(Skills)
    replies = Part(Replies)
    responses = Part(Responses)
    artifacts = Part(Artifacts)
    conferences = Part(Conferences)
    bookings = Part(Bookings)
    reflections = Part(Reflections)
    strengths = Part(Strengths)
    notes = Part(Notes)
    goals = Part(Goals)
    celebrations = Part(Celebrations)
    plans = Part(Plans)
    progress = Part(Progress)
    pursuits = Part(Pursuits)
    classes = Part(Classes)
    flags = Part(Flags)
    schedule = Part(Schedule)
    glances = Part(Glances)
    years = Part(Years)
    buddies = Part(Buddies)
    groups = Part(Groups)
    worries = Part(Worries)
    accounts = Part(Accounts)
    codes = Part(Codes)
    looks = Part(Looks)
    records = Part(Records)

    @property
    def imports(self) -> Imports:
        """Brings exports in, and takes imports back."""
        from workbench.importing.run import Imports

        return self.part(Imports)

    @property
    def reports(self) -> Reports:
        """Runs report notebooks for many learners."""
        from workbench.batch import Reports

        return self.part(Reports)

    @property
    def frames(self) -> Frames:
        """Tables for analysts, as pandas frames; `bench.frames.columns()` tells what is in each."""
        from workbench.frames import Frames

        return self.part(Frames)

    def part(self, kind: type[F]) -> F:
        """The door of a kind, at this bench's desk."""
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = kind(self.desk)
        return cast(F, found)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.spoken = ""  # the language asked for, such as "es"; "" none: a learner's own, else the one spoken around
        self._audit = desk.audit
        self._parts: dict[type[Facet], Facet] = {}
        self._mark = ""

    @classmethod
    def open(
        cls,
        workspace: Workspace | Path | str,
        *,
        actor: Actor | str,
        db: str = "",
        clock: Callable[[], datetime] = _now,
        device: str = "",
    ) -> Workbench:
        """Opens the workspace in a folder for `actor`, such as "teacher:t17".

        `db` is the address of a store that goes before the workspace's own; `device` what the audit says the person
        sits at. Raises NotReady
        when the workspace is missing or older than this workbench, BadInput for an unreadable actor.
        """
        place = workspace if isinstance(workspace, Workspace) else Workspace.open(Path(workspace))
        who = actor if isinstance(actor, Actor) else Actor.parse(actor)
        url = db or place.url
        store = Store.open(url, clock)
        audit = Audit(connect(place.audit_url(url)), clock, device)
        try:
            audit.prepare()
        except BaseException:
            store.close()
            audit.close()
            raise
        return cls(Desk(place, url, store, Gate(who, store, audit, trusted=place.admins_hear), audit, clock))

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
        place, who, db = Path(given[HOME]), given[ACTOR], given.get(DATABASE, "")
        bench = cls.open(place, actor=who, db=db, clock=clock_of(day), device=given.get(DEVICE, ""))
        bench.spoken = given.get(LANGUAGE, "")
        if given.get(ONLY):
            bench.hand_to(int(given[ONLY]))
        return bench

    def hand_to(self, learner: int) -> None:
        """From now on this bench may do what this one learner may do with the own pages, and nothing else."""
        self.desk = replace(self.desk, gate=replace(self.gate, only=learner))
        self._parts.clear()

    def at(self, snapshot: int) -> Workbench:
        """The same bench looking back to change `snapshot`. Closes with this one."""
        past = Workbench(self.desk.at(snapshot))
        past.spoken = self.spoken
        return past

    @property
    def workspace(self) -> Workspace:
        return self.desk.workspace

    @property
    def actor(self) -> Actor:
        return self.gate.actor

    @property
    def gate(self) -> Gate:
        """What the actor may do, for a page that offers it; the facets ask it themselves."""
        return self.desk.gate

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.desk.clock

    @property
    def today(self) -> date:
        """The day where the person sits."""
        return self.desk.today

    @property
    def snapshot(self) -> int:
        """The number of the newest change."""
        return self.desk.store.journal.latest_change()

    @property
    def full(self) -> bool:
        """Whether the disk was found full while looking: nothing can be saved until there is room."""
        return self._audit.full

    @property
    def reached(self) -> Reached | None:
        """How far the records have come; None where there are none yet."""
        return Reached.of(self.desk.store)

    def older(self, *points: Reached | None) -> NotReady | None:
        """What to say when the records did not go through one of `points`; None when they did through all."""
        return older(self.desk.store, self.today, *points)

    @property
    def mark(self) -> str:
        """What tells this store from any other wherever it lies: its workspace's secret, and when it was begun."""
        if not self._mark:
            self._mark = f"{self.key_for('mark')} {self.desk.store.journal.moments([1])}"
        return self._mark

    @property
    def former_mark(self) -> str:
        """What told it by where it is, in builds that sealed nothing."""
        return f"{self.workspace.folder.resolve()} {self.desk.url} {self.desk.store.journal.moments([1])}"

    @property
    def sits(self) -> str:
        """Who sits at this bench's pages: "learner" for a learner and on a device handed to one, else the actor."""
        return A_LEARNER if self.gate.as_learner else str(self.actor)

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
        with self._audit.gathered(), self.desk.store.journal.once(key, at=self.clock()) as fresh:
            yield fresh
            self._audit.flush()  # what is kept was noted

    @contextmanager
    def sitting(self, page: str = "") -> Iterator[None]:
        """What is looked at inside is one look, at a `page`; reading is of one moment, and nothing is read twice."""
        with self._audit.gathered(page), self.desk.store.picture():
            yield

    def close(self) -> None:
        self._audit.close()
        self.desk.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Workbench for a {self.actor.role}>"
