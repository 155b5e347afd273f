"""What one server serves: the workspace, for whom, which apps, and how much of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from workbench.access.actors import Actor
from workbench.bench import Workbench, clock_of
from workbench.ground.errors import NotFound
from workbench.ground.words import _
from workbench.serving.apps import App, apps
from workbench.serving.reach import Reach
from workbench.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pages one browser keeps awake, and for how many seconds an unused one stays so.

    `pages`: open at once in one browser; `idle`: since nobody was connected; `unmet`: for a page
    that no browser ever connected to, such as one a link preview asked for.
    """

    pages: int = 8
    idle: float = 1800.0
    unmet: float = 60.0
    sweep: float = 5.0


@dataclass(frozen=True, slots=True)
class Site:
    """One server's workspace, store, apps and limits; `run` is its private folder, gone when it stops.

    `actor` is who works at this computer, and is let in by the printed address. `address` is where browsers reach it
    (`http://host:port`, and a path where it has not the host for itself), "" while it has none, and `reach` who they
    are; `day` tells what is taken for today, None is the day on the wall.
    """

    workspace: Workspace
    actor: Actor
    db: str = field(repr=False)  # may hold a password
    run: Path
    apps: Mapping[str, App] = field(default_factory=apps)
    limits: Limits = Limits()
    day: Callable[[], date] | None = None
    address: str = ""
    reach: Reach = Reach.HERE

    @property
    def listens(self) -> bool:
        """Whether other computers reach it, so that being at this one is not enough."""
        return self.reach is not Reach.HERE

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return self.address.startswith("https://")

    @property
    def host(self) -> str:
        """The host, with its port, that browsers say they reach."""
        return urlsplit(self.address).netloc

    @property
    def origin(self) -> str:
        """What browsers take for one place: scheme and host."""
        return self.address.removesuffix(self.prefix)

    @property
    def prefix(self) -> str:
        """What the paths of all its addresses begin with: "" where it has a host for itself, else `/workbench`."""
        return urlsplit(self.address).path

    def at(self, path: str) -> str:
        """The path, for browsers, of an address of ours (`/open`)."""
        return f"{self.prefix}{path}"

    @property
    def socket(self) -> str:
        """Where its websockets are."""
        return f"{'wss' if self.secure else 'ws'}://{self.host}"

    @property
    def clock(self) -> Callable[[], datetime]:
        return clock_of(self.day and self.day())

    def called(self, actor: Actor) -> str:
        """What the pages call somebody who has no account."""
        return self.workspace.local_name if actor == self.workspace.local else ""

    def code_of(self, learner: int) -> str:
        """The school's own code of a learner; raises NotFound where there is none any more."""
        with self.bench() as bench:
            rows = bench.desk.store.roster.learners([learner])
        if not rows or not rows[0]["code"]:
            raise NotFound(_("This code does not work just now."), _("Ask your teacher."))
        return str(rows[0]["code"])

    def bench(self, actor: Actor | None = None, device: str = "") -> Workbench:
        """A bench for somebody, or for whoever works here; whoever calls it closes it."""
        return Workbench.open(self.workspace, actor=actor or self.actor, db=self.db, clock=self.clock, device=device)
