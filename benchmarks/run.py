"""Figures, each beside a baseline measured in the same run: `make bench`.

Every measurement runs in a process of its own, so that its peak memory is its own. Times
depend on the machine; the ratios are what to look at.

    python benchmarks/run.py            everything
    python benchmarks/run.py import     only the measurements whose name holds "import"
"""

from __future__ import annotations

import compileall
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = int(os.environ.get("WORKBENCH_BENCH_ROWS", "100000"))
REPORTS = int(os.environ.get("WORKBENCH_BENCH_REPORTS", "6"))


@dataclass(frozen=True)
class Measured:
    """Seconds of the work itself, what it amounted to, and the peak memory in MB of the largest process in it."""

    seconds: float
    amount: int
    peak_mb: float


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


def report_ours(folder: Path) -> int:
    """The reports of a class by `bench.reports.run`, one at a time."""
    from workbench import Workbench

    with Workbench.open(folder / "demo", actor="teacher:t17") as bench, timed():
        made = bench.reports.run("learner_report", of="4B", to=folder / "ours", jobs=1)
        assert not made.failures, made.failures
    return len(made.made)


def report_plain(folder: Path) -> int:
    """The same notebook by papermill's own engine and nbconvert, in a loop."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    from workbench import Workbench, kernels, resources

    with Workbench.open(folder / "demo", actor="teacher:t17") as bench:
        learners = [learner.id for learner in bench.learners.in_class("4B")[:REPORTS]]
        snapshot = bench.snapshot
    os.environ["JUPYTER_PATH"] = kernels.jupyter_path(os.environ)
    os.environ.update({"WORKBENCH_HOME": str(folder / "demo"), "WORKBENCH_ACTOR": "teacher:t17"})
    with timed():
        for number, learner in enumerate(learners):
            out = folder / f"plain-{number}.ipynb"
            papermill.execute_notebook(
                resources.reports() / "learner_report.ipynb",
                out,
                {"learner": learner, "snapshot": snapshot},
                progress_bar=False,
            )
            body, _resources = HTMLExporter().from_notebook_node(nbformat.read(out, as_version=4))
            (folder / f"plain-{number}.html").write_text(body, encoding="utf-8")
    return len(learners)


class timed:  # noqa: N801 (reads as a verb)
    """Notes the seconds spent in its body; what is before is set-up."""

    seconds = 0.0

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        timed.seconds = time.perf_counter() - self._start


def prepare_import(folder: Path) -> None:
    """A current-layout AssessmentResults with `ROWS` rows: the demo school's fall, over and over."""
    import csv

    from workbench.sample import School
    from workbench.sample.nwea import assessment_results

    school = School.build(seed=4)
    lines = list(csv.reader(assessment_results(school, school.terms[2]).splitlines()))
    header, body = lines[0], lines[1:]
    learner = header.index("StudentID")
    with (folder / "AssessmentResults.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header)
        for number in range(ROWS):
            copy, place = divmod(number, len(body))
            row = body[place].copy()
            row[learner] = f"{copy:03}{row[learner]}"
            writer.writerow(row)


def prepare_report(folder: Path) -> None:
    """The demo workspace."""
    from datetime import date

    from workbench.sample.demo import prepare

    prepare(folder / "demo", today=date(2026, 11, 21))


#: name: (set-up, ours, baseline, unit)
MEASUREMENTS: dict[str, tuple[Callable[[Path], None], Callable[[Path], int], Callable[[Path], int], str]] = {
    "import": (prepare_import, import_ours, import_plain, "evidence rows"),
    "report": (prepare_report, report_ours, report_plain, "reports"),
}


def measure(function: str, folder: Path) -> Measured:
    """Runs one function of this file in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, __file__, "--child", function, str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def child(function: str, folder: str) -> None:
    amount = globals()[function](Path(folder))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": timed.seconds, "amount": amount, "peak_mb": peak}))


def say(what: str, measured: Measured, unit: str) -> None:
    rate = measured.amount / measured.seconds
    each = f"{measured.seconds / measured.amount:.2f} s each, " if measured.amount < 1000 else ""
    print(
        f"  {what:<28} {measured.seconds:7.1f} s  {each}{rate:>10,.1f} {unit}/s  peak {measured.peak_mb:,.0f} MB",
        flush=True,
    )


def main(wanted: str) -> None:
    for name in ("workbench", "widgets"):
        compileall.compile_dir(ROOT / name, quiet=2)
    compileall.compile_path(quiet=2)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"bytecode compiled, {ROWS:,} rows, {REPORTS} reports",
        flush=True,
    )
    for name, (prepare, ours, plain, unit) in MEASUREMENTS.items():
        if wanted not in name:
            continue
        print(f"{name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
            folder = Path(made)
            prepare(folder)
            baseline = measure(plain.__name__, folder)
            say(f"baseline: {plain.__name__}", baseline, unit)
            result = measure(ours.__name__, folder)
            say(f"ours: {ours.__name__}", result, unit)
            ratio = (result.amount / result.seconds) / (baseline.amount / baseline.seconds)
            print(f"  ours / baseline: {ratio:.2f}x as many {unit} a second", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3])
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
