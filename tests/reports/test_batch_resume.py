"""A run of reports makes what would come out different, and goes on where the one before was stopped."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from workbench import Workbench
from workbench.batch import pool
from workbench.batch.manifest import LOCK, NAME, Manifest, Source, unfinished
from workbench.batch.plan import sources
from workbench.ground.errors import NotReady
from workbench.ground.resources import reports
from workbench.ground.words import speak
from workbench.kernels.zygote import able
from workbench.reporting import LearnerReport
from workbench.sample.demo import ACTOR
from workbench.store import tables
from workbench.workspace import SETTINGS, Workspace

from ..conftest import TODAY, clock, trusting
from ..importing.nwea_files import CURRENT, csv_text, result
from .conftest import ROSTER
from .test_batch import own_report, shown

OFFICE = "admin:office"
OURS = reports() / "learner_report.ipynb"
SOON = 180  # seconds; a stopped run is gone in one, on a machine that has nothing else to do
HEAD = ROSTER.splitlines()[0]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A school of three learners in two classes."""
    place = tmp_path / "small"
    Workspace.create(place, name="Small School", actor=ACTOR, worries="teacher:t09")
    with Workbench.open(place, actor=OFFICE, clock=clock) as bench:
        bring(bench, ROSTER)
    return trusting(place)


@pytest.fixture
def bench(small: Path) -> Iterator[Workbench]:
    with Workbench.open(small, actor=ACTOR, clock=clock) as opened:
        yield opened


def bring(bench: Workbench, text: str, **answers: str) -> int:
    """Imports a file of this text; returns the import's number."""
    exports = bench.workspace.folder / "exports"
    path = exports / f"{len(list(exports.iterdir()))}.csv"
    path.write_text(text, encoding="utf-8")
    outcome = bench.imports.run(path, answers=dict(answers.items()), on=TODAY)
    assert not outcome.problems
    assert outcome.import_id is not None
    return outcome.import_id


def scores(code: str, *values: int) -> str:
    """Test results of one learner, a year apart."""
    rows = [
        result(StudentID=code, TermName=f"Fall {year}-{year + 1}", TestStartDate=f"09/16/{year}", TestRITScore=value)
        for year, value in enumerate(values, start=2027 - len(values))
    ]
    return csv_text(CURRENT, rows)


def made_from(bench: Workbench, notebook: Path = OURS, snapshot: int = 0, **parameters: Any) -> dict[str, Source]:
    """What each learner's report would be made from, by the school's code."""
    found = bench.learners.all()
    each = sources(bench.desk, notebook, found, snapshot or bench.snapshot, parameters)
    return {one.code: each[one.id] for one in found}


def different(before: dict[str, Source], after: dict[str, Source]) -> set[str]:
    return {code for code in before if before[code] != after.get(code)}


def page_values(bench: Workbench) -> dict[str, Any]:
    """Everything that each learner's page shows, by the school's code."""
    found = {one.code: LearnerReport.of(bench, one) for one in bench.learners.all()}
    return {
        code: [report.page.to_json(), *(one.to_json() for one in report.sections())] for code, report in found.items()
    }


# When a report would come out different


def test_a_report_is_made_anew_when_something_of_its_learner_changed_and_only_then(small: Path) -> None:
    ada, bo, cy = "901", "902", "903"
    row = f"{HEAD}\n{{}},9Z,Ms Rivera,t17,Fall 2026-2027\n"
    winter = f"{HEAD}\n903,Cole,Cy,1,9Y,Mr Feld,t05,Winter 2026-2027\n"
    with Workbench.open(small, actor=OFFICE, clock=clock) as bench:
        made: dict[str, Any] = {"learner": bench.learners.named(ada)}

        def keep(what: str, value: object) -> None:
            made[what] = value

        def begin_an_import() -> None:
            sightings = bench.desk.store.sightings
            number = sightings.begin(OFFICE, clock())
            names = {"family_name": ["Gone"], "given_name": ["X"], "middle_name": [""]}
            place: dict[str, list[Any]] = {"learner_id": [made["learner"].id], "import_id": [number], "file_id": [1]}
            sightings.write("learners", names | place | {"row": [2], "birth_date": [None]}, number, clock())

        steps: dict[str, tuple[Callable[[], object], set[str]]] = {
            "scores of another": (lambda: bring(bench, scores(cy, 170)), {cy}),
            "scores": (lambda: keep("scores", bring(bench, scores(ada, 180, 195))), {ada}),
            "scores taken back": (lambda: bench.imports.undo(made["scores"]), {ada}),
            "another name": (lambda: bring(bench, row.format("902,Bell,Bobby,4")), {bo}),
            "another grade": (lambda: bring(bench, row.format("902,Bell,Bobby,2")), {bo}),
            "conferences": (lambda: keep("talk", bench.conferences.start(made["learner"], on=TODAY)), {ada}),
            "reflections": (
                lambda: bench.reflections.say(
                    made["talk"], move="reflect", prompt="went-well", asked="What went well?", words="It was fun"
                ),
                {ada},
            ),
            "findings": (lambda: bench.strengths.name(made["talk"], "I ask questions", kind="strength"), {ada}),
            "goals": (lambda: keep("goal", bench.goals.choose(made["talk"], "Read", on=TODAY)), {ada}),
            "plans": (lambda: bench.plans.shape(made["goal"], show="Teach it"), {ada}),
            "steps": (lambda: bench.plans.add_step(made["goal"], "In bed"), {ada}),
            "check_ins": (lambda: bench.progress.check_in(made["goal"], on=TODAY, words="Good"), {ada}),
            "settings": (lambda: bench.settings.choose(made["learner"], band="K-2"), {ada}),
            "replies": (lambda: bench.replies.add(made["learner"], "wish", "She sings"), set()),
            "responses": (lambda: bench.responses.give(made["talk"], on=TODAY, heart=True), set()),
            "celebrations": (lambda: bench.celebrations.tick(made["goal"]), set()),
            "symbols": (lambda: bench.symbols.choose(made["learner"], "fox"), set()),
            "flags": (lambda: keep("flag", bench.flags.raise_(made["learner"])), {ada}),
            "bookings": (lambda: bench.bookings.book(made["learner"], TODAY), {ada}),
            "notes": (lambda: bench.notes.write(made["learner"], "Asked twice"), {ada}),
            "skills": (lambda: bench.skills.add(made["learner"], "I can add"), {ada}),
            "artifacts": (lambda: bench.artifacts.add(made["learner"], "My story"), {ada}),
            "profile_entries": (lambda: bench.profiles.answer(made["learner"], "make", choice="Games"), {ada}),
            "buddies": (lambda: bench.buddies.pair(made["learner"], bench.learners.named(bo)), {ada}),
            "companions": (lambda: bench.groups.wish(made["learner"], bench.learners.named(bo)), set()),
            "seats": (
                lambda: bench.groups.keep(
                    bench.learners.class_named("9Z"),
                    {"River": [made["learner"].id, bench.learners.named(bo).id]},
                    by="mix",
                    on=TODAY,
                ),
                set(),
            ),
            "worries": (lambda: bench.worries.mark(made["flag"]), set()),
            "a goal withdrawn": (lambda: bench.goals.withdraw(made["goal"]), {ada}),
            "an import that is not committed": (begin_an_import, set()),
            "a look": (lambda: bench.learners.all(), set()),
            "a term in which only another has a class": (lambda: bring(bench, winter), {cy}),
        }
        assert set(tables.JOURNALS) <= set(steps)
        before, pages = made_from(bench), page_values(bench)
        shown = 0
        for what, (step, whose) in steps.items():
            step()
            after, pages_after = made_from(bench), page_values(bench)
            changed = {code for code in pages if pages[code] != pages_after[code]}
            shown += bool(changed)
            assert different(before, after) == whose, what
            assert changed <= whose, what
            before, pages = after, pages_after
        assert shown > 9, "most of these steps show on a page"


def test_a_look_back_is_made_from_what_was_known_then(workspace: Workspace) -> None:
    with Workbench.open(workspace, actor=OFFICE, clock=clock) as bench:
        bring(bench, ROSTER)
        then, at = made_from(bench), bench.snapshot
        bring(bench, scores("901", 180))
        assert different(then, made_from(bench)) == {"901"}
        assert made_from(bench, snapshot=at) == made_from(bench.at(at), snapshot=at) == then


def test_a_schools_copy_of_ours_may_look_at_more_and_is_made_anew_after_any_change(small: Path) -> None:
    with Workbench.open(small, actor=OFFICE, clock=clock) as bench:
        own = bench.workspace.folder / "reports" / OURS.name
        own.parent.mkdir(exist_ok=True)
        shutil.copy(OURS, own)
        then = made_from(bench, own)
        bring(bench, scores("901", 180))
        assert different(then, made_from(bench, own)) == set(then)


def test_how_many_learners_there_are_does_not_change_how_often_the_store_is_asked(teacher: Workbench) -> None:
    asked: list[str] = []
    sa.event.listen(teacher.desk.store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    many = teacher.learners.in_class("4B")
    counts = []
    for some in (many, many[:2], many):  # what holds until the next change is read by the first
        asked.clear()
        sources(teacher.desk, OURS, some, teacher.snapshot, {})
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_whatever_else_a_page_shows_makes_all_anew(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = {"901", "902", "903"}

    def now(at: Callable[[], datetime] = clock, **more: Any) -> dict[str, Source]:
        with Workbench.open(small, actor=OFFICE, clock=at) as bench:
            return made_from(bench, **more)

    before = now()
    other = tmp_path / "other.ipynb"
    shutil.copy(OURS, other)
    (tmp_path / "lib" / "altair-99.0.dist-info").mkdir(parents=True)
    assert different(before, now(lambda: clock() + timedelta(days=1))) == everyone
    assert different(before, now(band="K-2")) == everyone
    assert different(before, now(notebook=other)) == everyone
    speak("es")
    try:
        assert different(before, now()) == everyone
    finally:
        speak("en")
    with monkeypatch.context() as patched:
        patched.syspath_prepend(tmp_path / "lib")
        assert different(before, now()) == everyone
    assert now() == now(lambda: clock() + timedelta(hours=1)) == before

    (small / "protocols" / "full.toml").write_text("name = 'full'")
    after = now()
    assert different(before, after) == everyone
    settings = small / SETTINGS
    settings.write_text(settings.read_text().replace("Small School", "Big School"))
    assert different(after, now()) == everyone


def test_a_report_of_the_school_s_own_may_look_at_anything(small: Path) -> None:
    own_report(small, "1")
    own = small / "reports" / "own.ipynb"
    with Workbench.open(small, actor=OFFICE, clock=clock) as bench:
        before = made_from(bench, own)
        assert made_from(bench, own) == before
        (small / "reports" / "helper.py").write_text("x = 1")
        after = made_from(bench, own)
        assert different(before, after) == set(before)
        bring(bench, scores("903", 170))
        assert different(after, made_from(bench, own)) == set(before)
        after = made_from(bench, own)
    with Workbench.open(small, actor="admin:other", clock=clock) as bench:
        assert different(after, made_from(bench, own)) == set(before)


def test_a_backup_put_back_does_not_make_an_old_report_look_current(small: Path) -> None:
    copy = small / "backups" / "before.sqlite"
    with closing(sqlite3.connect(small / "workbench.sqlite")) as store:
        store.execute("VACUUM INTO ?", (str(copy),))

    def at(hour: int) -> dict[str, Source]:
        with Workbench.open(small, actor=ACTOR, clock=lambda: datetime(2026, 11, 21, hour, tzinfo=UTC)) as bench:
            bench.goals.choose(bench.learners.named("901"), f"Read at {hour}", on=TODAY)
            return made_from(bench)

    before = at(10)
    for file in small.glob("workbench.sqlite*"):
        file.unlink()
    shutil.copy(copy, small / "workbench.sqlite")
    after = at(11)
    assert before["901"].change == after["901"].change
    assert different(before, after) == {"901"}


# The manifest


def source(change: int = 1) -> Source:
    return Source(change, "notebook", "rest")


def kept(folder: Path, *names: str) -> None:
    with Manifest.open(folder) as manifest:
        for change, name in enumerate(names, start=1):
            manifest.keep(unfinished(folder / name, f"page {name}".encode()), folder / name, source(change))


def test_a_file_is_current_while_it_is_as_it_was_written_from_the_same(tmp_path: Path) -> None:
    kept(tmp_path, "a.html", "b.html")
    with Manifest.open(tmp_path) as manifest:
        assert manifest.current(tmp_path / "a.html", source(1))
        assert manifest.current(tmp_path / "b.html", source(2))
        for other in (source(2), Source(1, "other", "rest"), Source(1, "notebook", "other")):
            assert not manifest.current(tmp_path / "a.html", other)
        for text in ("", "page a.htm", "page A.html", "page a.html."):
            (tmp_path / "a.html").write_text(text)
            assert not manifest.current(tmp_path / "a.html", source(1))
        (tmp_path / "a.html").unlink()
        assert not manifest.current(tmp_path / "a.html", source(1))
        manifest.forget(tmp_path / "b.html")
        assert not manifest.current(tmp_path / "b.html", source(2))
    with Manifest.open(tmp_path) as manifest:
        assert not manifest.knows(tmp_path / "a.html")
        assert not manifest.knows(tmp_path / "b.html")


def test_of_a_manifest_torn_at_any_place_the_whole_lines_count(tmp_path: Path) -> None:
    kept(tmp_path, "a.html", "b.html")
    whole = (tmp_path / NAME).read_bytes()
    lines = whole.splitlines(keepends=True)
    for length in range(len(whole)):
        (tmp_path / NAME).write_bytes(whole[:length])
        with Manifest.open(tmp_path) as manifest:
            known = [manifest.current(tmp_path / name, source(n)) for n, name in enumerate(("a.html", "b.html"), 1)]
        ends = [len(b"".join(lines[:count])) - 1 for count in (2, 3)]
        assert known == [length >= end for end in ends]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00\xff\n{}\n", id="no text"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"reports": 0}\n{"file": "x"}\n', id="older"),
        pytest.param(b'[1]\n"x"\n', id="foreign"),
        pytest.param(b'{"reports": 1}\n[]\n{"file": 7}\n{"file": "x", "change": "1"}\n\xff\n', id="damaged"),
        pytest.param(None, id="a folder"),
    ],
)
def test_a_manifest_that_cannot_be_read_knows_nothing_and_stops_nobody(tmp_path: Path, text: bytes | None) -> None:
    kept(tmp_path, "a.html")
    (tmp_path / NAME).unlink()
    if text is None:
        (tmp_path / NAME).mkdir()
    else:
        (tmp_path / NAME).write_bytes(text)
    with Manifest.open(tmp_path) as manifest:
        assert not manifest.current(tmp_path / "a.html", source())
        manifest.keep(unfinished(tmp_path / "a.html", b"page"), tmp_path / "a.html", source())
        assert manifest.current(tmp_path / "a.html", source())
    with Manifest.open(tmp_path) as manifest:
        assert manifest.current(tmp_path / "a.html", source()) is (text is not None)


def test_two_runs_do_not_work_in_one_folder(bench: Workbench, small: Path) -> None:
    own_report(small, "1")
    folder = small / "out" / "own" / "9Z"
    folder.mkdir(parents=True)
    with Manifest.open(folder), pytest.raises(NotReady, match="Another run"):
        bench.reports.run("own", of="9Z")
    with Manifest.open(folder):
        other = report(small, "--class", "9Z")
        assert "Another run" in other.communicate(timeout=180)[1]
        assert other.returncode == 2
    assert shown(folder) == []


# Runs


def test_what_would_come_out_the_same_is_left_alone(bench: Workbench, small: Path) -> None:
    first = bench.reports.run("learner_report", of="9Z", jobs=2)
    assert (len(first.made), first.up_to_date, first.failures) == (2, (), ())
    ada, bo = first.made
    before = [path.stat().st_mtime_ns for path in first.made]

    bring(bench, scores("903", 170, 180))
    told: list[tuple[int, int]] = []
    again = bench.reports.run("learner_report", of="9Z", progress=lambda *done: told.append(done))
    assert (again.made, again.up_to_date, again.failures) == ((), (ada, bo), ())
    assert told == [(2, 2)]
    assert [path.stat().st_mtime_ns for path in again.up_to_date] == before
    assert again.index is not None

    bench.goals.choose(bench.learners.named("901"), "Read ten minutes", on=TODAY)
    bo.write_text(bo.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    third = bench.reports.run("learner_report", of="9Z", jobs=2)
    assert (third.made, third.up_to_date) == ((ada, bo), ())
    assert "Read ten minutes" in ada.read_text(encoding="utf-8")
    assert bo.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_a_report_is_up_to_date_in_each_format_on_its_own_by_notes_that_tell_nothing(
    bench: Workbench, small: Path
) -> None:
    own_report(small, "'Ada scored 187'")
    (page,) = bench.reports.run("own", learner="901").made
    both = bench.reports.run("own", learner="901", formats=("html", "ipynb"))
    assert [path.suffix for path in both.made] == [".html", ".ipynb"]
    one = bench.reports.run("own", learner="901", formats=("ipynb",))
    assert (one.made, one.up_to_date, one.set_aside) == ((), both.made[1:], ())
    assert page.exists()

    noted = (one.folder / NAME).read_text()
    assert len(noted.splitlines()) == 3
    for secret in ("Ada", "Ames", "901", "187", "t17"):
        assert secret not in re.sub(r'"[0-9a-f]{32,64}"', "", noted)
    for file in (NAME, LOCK):
        assert stat.S_IMODE((one.folder / file).stat().st_mode) == 0o600


def test_an_old_report_never_looks_current(bench: Workbench, small: Path) -> None:
    fails = "from workbench import Workbench\nassert Workbench.here().learners.get(learner).given_name != 'Ada'"
    own_report(small, "'first'")
    first = bench.reports.run("own", of="9Z", jobs=1)
    folder, (ada, bo) = first.folder, first.made
    earlier = folder / "earlier"

    own_report(small, "'second'", fails)
    half = bench.reports.run("own", of="9Z", jobs=1)
    assert half.made == (bo,)
    assert [failure.cell for failure in half.failures] == [3]
    assert half.set_aside == (earlier / ada.name,), "it could not be made again"
    assert "first" in half.set_aside[0].read_text(encoding="utf-8")
    assert shown(folder) == [bo.name, "earlier", "index.html"]
    assert ada.name not in (folder / "index.html").read_text(encoding="utf-8")

    own_report(small, "'third'")
    one = bench.reports.run("own", learner="901")
    assert (one.made, one.set_aside) == ((ada,), ()), "what failed is tried again"
    assert "third" in ada.read_text(encoding="utf-8")
    assert shown(earlier) == [], "what has a successor is not kept"
    assert "second" in bo.read_text(encoding="utf-8"), "a run for one touches nobody else's"

    (folder / "notes.html").write_text("<title>by hand</title>", encoding="utf-8")
    rows = ("901,Ames-Lee,Ada,4,9Z,Ms Rivera,t17", "902,Bell,Bo,4,9Y,Mr Feld,t05")
    listed = "\n".join([HEAD, *(f"{row},Winter 2026-2027" for row in rows)])
    bring(bench, listed, leaving="1 learners, 2 classes")  # one leaves as winter begins
    with Workbench.open(small, actor=bench.actor, clock=lambda: datetime(2026, 12, 5, 10, tzinfo=UTC)) as winter:
        after = winter.reports.run("own", of="9Z")
    assert [path.name for path in after.made] == ["Ames-Lee-Ada.html"]
    assert after.set_aside == (earlier / ada.name, earlier / bo.name), "one has another name, one left"
    assert shown(folder) == ["Ames-Lee-Ada.html", "earlier", "index.html", "notes.html"]
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert re.findall('<a href="([^"]+)"', index) == ["Ames-Lee-Ada.html", "notes.html"]


def test_a_worker_is_replaced_after_so_many_reports(
    bench: Workbench, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_report(small, "import os\nprint('worker', os.environ['JPY_PARENT_PID'])")
    monkeypatch.setattr(pool, "REPORTS_EACH", 1)
    made = bench.reports.run("own", of="9Z", jobs=1).made
    workers = {re.search(r"worker (\d+)", page.read_text(encoding="utf-8"))[1] for page in made}  # type: ignore[index]
    assert len(workers) == 2


@pytest.mark.skipif(not able(), reason="nothing is forked here")
def test_all_kernels_of_a_run_are_forked_from_one_zygote_and_when_that_is_killed_from_another(
    bench: Workbench, small: Path
) -> None:
    def zygotes(jobs: int) -> list[str]:
        made = bench.reports.run("own", of="9Z", jobs=jobs).made
        return [re.search(r"zygote (\d+)", page.read_text(encoding="utf-8"))[1] for page in made]  # type: ignore[index]

    own_report(small, "import os\nprint('zygote', os.getppid())")
    one, other = zygotes(jobs=2)
    assert one == other
    own_report(small, "import os, signal\nprint('zygote', os.getppid())\nos.kill(os.getppid(), signal.SIGKILL)")
    one, other = zygotes(jobs=1)
    assert one != other


# Stopped and killed

POSIX = pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills as Unix does")


def report(small: Path, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    """`workbench report own …`, in a process group of its own."""
    command = [sys.executable, "-m", "workbench.cli", "report", "own", *arguments, "--workspace", str(small)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **more
    )


def halting_report(small: Path) -> Path:
    """A report that halts at Bo, who comes after Ada, as long as the file that is returned is there."""
    halt = small / "halt"
    own_report(
        small,
        "import os, pathlib, subprocess, time\n"
        "from workbench import Workbench\n"
        f"halt = pathlib.Path({str(halt)!r})\n"
        "if Workbench.here().learners.get(learner).given_name == 'Bo' and halt.exists():\n"
        "    pathlib.Path('words.txt').write_text('of a learner')\n"
        "    below = subprocess.Popen(['sleep', '60'])\n"
        "    halt.write_text(f\"{below.pid} {os.environ['JPY_PARENT_PID']}\")\n"
        "    time.sleep(60)",
    )
    halt.write_text("")
    return halt


def until_halted(batch: subprocess.Popen[str], halt: Path) -> list[psutil.Process]:
    """Waits until the run is halted; returns all processes below it, a cell's own among them."""
    wait(lambda: " " in halt.read_text() or batch.poll() is not None, 60)
    assert batch.poll() is None
    below: list[psutil.Process] = psutil.Process(batch.pid).children(recursive=True)
    assert {int(pid) for pid in halt.read_text().split()} <= {one.pid for one in below}
    return below


def wait(until: Callable[[], bool], seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def gone(processes: Iterable[psutil.Process]) -> bool:
    def ended(one: psutil.Process) -> bool:
        try:
            return not one.is_running() or one.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return all(map(ended, processes))


def interrupt(batch: int) -> None:
    if sys.platform != "win32":
        os.killpg(batch, signal.SIGINT)


def hang_up(batch: int) -> None:
    if sys.platform != "win32":
        os.kill(batch, signal.SIGHUP)


@POSIX
@pytest.mark.parametrize(
    ("stop", "code"),
    [
        pytest.param(interrupt, 130, id="Ctrl-C"),
        pytest.param(lambda batch: psutil.Process(batch).terminate(), 130, id="ended"),
        pytest.param(hang_up, 130, id="window closed"),
        pytest.param(lambda batch: psutil.Process(batch).kill(), -9, id="killed"),
    ],
)
def test_a_stopped_run_leaves_no_process_and_the_next_one_goes_on(
    small: Path, stop: Callable[[int], None], code: int
) -> None:
    halt = halting_report(small)
    with tempfile.TemporaryDirectory() as scratch:
        batch = report(small, "--class", "9Z", "--jobs", "1", env={**os.environ, "TMPDIR": scratch})
        below = until_halted(batch, halt)
        assert list(Path(scratch).rglob("words.txt"))
        stop(batch.pid)
        wait(lambda: batch.poll() is not None and gone(below), SOON)
        said = batch.communicate()[1]
        assert batch.returncode == code
        assert "Traceback" not in said
        assert ("1 of 2 reports are finished. Run it again" in said) is (code == 130)
        wait(lambda: not any(Path(scratch).iterdir()), SOON)
    folder = small / "out" / "own" / "9Z"
    assert shown(folder) == ["Ames-Ada.html"]
    assert len((folder / NAME).read_text().splitlines()) == 2, "what was finished is noted"
    if code == 130:
        return
    halt.unlink()
    for arguments, answer in [
        (("--class", "9Z"), "Made 1 report in FOLDER; 1 was up to date"),
        (("--class", "9Z"), "All 2 reports in FOLDER are up to date"),
        (("--learner", "901", "--force"), "Made 1 report in FOLDER"),
    ]:
        again = report(small, *arguments)
        assert again.communicate(timeout=120)[0].strip() == answer.replace("FOLDER", str(folder))
        assert again.returncode == 0
    assert shown(folder) == ["Ames-Ada.html", "Bell-Bo.html", "index.html"]


@POSIX
def test_a_run_killed_at_any_moment_leaves_whole_reports_and_nothing_else(small: Path) -> None:
    own_report(small, "print('x' * 200_000)")
    folder = small / "out" / "own" / "9Z"
    finished = 0
    for seconds in (0.5, 1.6, 2.6):
        batch = report(small, "--class", "9Z", "--jobs", "1")
        below: list[psutil.Process] = []
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up and batch.poll() is None:
            below = [*{*below, *psutil.Process(batch.pid).children(recursive=True)}]
        batch.kill()
        batch.communicate()
        wait(lambda processes=below: gone(processes), SOON)  # type: ignore[misc]
        for page in folder.glob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
        finished = max(finished, len(list(folder.glob("*-*.html"))))
    folder.mkdir(parents=True, exist_ok=True)  # a slow machine may not have come so far
    (folder / ".Ames-Ada.html.1.part").write_text("half")
    with Workbench.open(small, actor=ACTOR) as bench:
        rest = bench.reports.run("own", of="9Z")
    assert not rest.failures
    assert len(rest.made) + len(rest.up_to_date) == 2
    assert len(rest.made) <= 2 - max(0, finished - 1), "at most the one whose note was lost is made again"
    assert {path.name for path in folder.iterdir()} == {NAME, LOCK, "Ames-Ada.html", "Bell-Bo.html", "index.html"}


@POSIX
def test_a_worker_that_is_killed_takes_its_kernel_along_and_the_run_goes_on(small: Path) -> None:
    halt = halting_report(small)
    batch = report(small, "--class", "9Z", "--jobs", "1")
    below = until_halted(batch, halt)
    sleeper, worker = map(int, halt.read_text().split())
    psutil.Process(worker).kill()
    wait(lambda: gone(one for one in below if one.pid != sleeper), SOON)
    printed, said = batch.communicate(timeout=180)
    assert batch.returncode == 1
    assert "Made 1 report in" in printed
    assert "Report 2 of 2: The process that made it has ended." in said
    assert shown(small / "out" / "own" / "9Z") == ["Ames-Ada.html", "index.html"]
    for one in below:
        if one.pid == sleeper and one.is_running():
            one.kill()
