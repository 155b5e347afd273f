"""What one server serves: the workspace, for whom, which apps, and how much of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from workbench.access.actors import Actor
from workbench.bench import Workbench, clock_of
from workbench.serving.apps import App, apps
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
    """One server's workspace, actor, store, apps and limits; `run` is its private folder, gone when it stops.

    `address` is its own (`http://host:port`), "" while it has none; `day` tells what is taken for today, None is the
    day on the wall.
    """

    workspace: Workspace
    actor: Actor
    db: str = field(repr=False)  # may hold a password
    run: Path
    apps: Mapping[str, App] = field(default_factory=apps)
    limits: Limits = Limits()
    day: Callable[[], date] | None = None
    address: str = ""

    @property
    def educator(self) -> str:
        """What the pages call the person who works here."""
        return self.workspace.local_name if self.actor == self.workspace.local else ""

    def bench(self) -> Workbench:
        """A bench for the one who works here; whoever calls it closes it."""
        return Workbench.open(self.workspace, actor=self.actor, db=self.db, clock=clock_of(self.day and self.day()))
