"""What all figures need: a measurement in a process of its own, its clock, and schools to measure on."""

from __future__ import annotations

import compileall
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
ROWS = int(os.environ.get("WORKBENCH_BENCH_ROWS", "100000"))
REPORTS = int(os.environ.get("WORKBENCH_BENCH_REPORTS", "6"))
LEARNERS = int(os.environ.get("WORKBENCH_BENCH_LEARNERS", "50000"))
TERMS = [
    f"{season} {year}-{year + 1}" for year in (2024, 2025, 2026) for season in ("Fall", "Winter", "Spring")
]  # in a district: one file each


@dataclass(frozen=True)
class Measured:
    """Seconds of the work itself, by the clock and of all its processes' CPU, what it amounted to, and peak memory.

    The memory is that of the largest process, in MB.
    """

    seconds: float
    cpu: float
    amount: int
    peak_mb: float
    beside: dict[str, float] = field(default_factory=dict)  # further figures, by what they are of


beside: dict[str, float] = {}


class timed:  # noqa: N801 (reads as a verb)
    """Notes the seconds spent in its body, and the CPU seconds of all processes; what is before is set-up."""

    seconds = 0.0
    cpu = 0.0

    def __enter__(self) -> None:
        self._cpu = cpu()
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        timed.seconds = time.perf_counter() - self._start
        timed.cpu = cpu() - self._cpu


def cpu() -> float:
    """CPU seconds of this process and of all below it, those that run and those that have ended."""
    while _reaped():
        pass
    total = sum(os.times()[:4])
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            total += sum(one.cpu_times()[:4])
    return total


def _reaped() -> bool:
    """Waits for a process that was left to us, see `heir`, and has ended."""
    if sys.platform != "win32":
        with suppress(OSError):
            return os.waitpid(-1, os.WNOHANG)[0] != 0
    return False


def heir() -> None:
    """From now on the processes that those below leave behind are ours: what they took counts when they end (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


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


def prepare_district(folder: Path) -> None:
    """`LEARNERS` learners in classes of 28 over nine terms: rosters, and results in three subjects a term."""
    import csv
    import random

    from workbench.sample import School
    from workbench.sample.nwea import (
        ASSESSMENT_COLUMNS,
        CLASS_COLUMNS,
        STUDENT_COLUMNS,
        assessment_results,
        students_by_school,
    )  # fmt: skip

    school = School.build(seed=4)
    place = {name: at for at, name in enumerate(ASSESSMENT_COLUMNS)}
    shown = list(csv.reader(assessment_results(school, school.terms[2]).splitlines()))[1:]
    taught = ("Reading", "Math K-12", "Language Usage")
    courses = [one for one in taught if any(row[place["Course"]] == one for row in shown)]
    assert len(courses) == 3, {row[place["Course"]] for row in shown}
    models = [[row for row in shown if row[place["Course"]] == course and row[place["GrowthMeasureYN"]] == "TRUE"]
              for course in courses]  # fmt: skip
    people = list(csv.reader(students_by_school(school, school.terms[2]).splitlines()))[1:]
    chance = random.Random(4)
    where = {name: STUDENT_COLUMNS.index(name) for name in ("SchoolName", "StudentID", "Student_StateID")}
    for at, term in enumerate(TERMS):
        of_term = folder / "district" / term
        of_term.mkdir(parents=True)
        year, month = int(term.split()[1][:4]), {"Fall": 9, "Winter": 1, "Spring": 5}[term.split()[0]]
        year += month != 9
        with (
            (of_term / "AssessmentResults.csv").open("w", newline="", encoding="utf-8") as results,
            (of_term / "StudentsBySchool.csv").open("w", newline="", encoding="utf-8") as students,
            (of_term / "ClassAssignments.csv").open("w", newline="", encoding="utf-8") as classes,
        ):
            write_result, write_student, write_class = (
                csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
                for file in (results, students, classes)
            )
            write_result(ASSESSMENT_COLUMNS)
            write_student(STUDENT_COLUMNS)
            write_class(CLASS_COLUMNS)
            for number in range(LEARNERS):
                code, building = f"9{number:06}", f"School {number // 560:02}"
                person = people[number % len(people)].copy()
                person[STUDENT_COLUMNS.index("TermName")] = term
                person[where["SchoolName"]], person[where["StudentID"]] = building, code
                person[where["Student_StateID"]] = f"7{code}"  # nobody else's, as it is in a state
                write_student(person)
                room = number // 28
                write_class([term, "District", building, code, f"Room {room}", f"Teacher {room}", f"t{room}"])
                for subject, of_subject in enumerate(models):
                    row = of_subject[(number * 7 + at) % len(of_subject)].copy()
                    row[place["TermName"]], row[place["SchoolName"]], row[place["StudentID"]] = term, building, code
                    row[place["TestStartDate"]] = f"{month:02}/{2 + (number + subject) % 20:02}/{year}"
                    row[place["TestID"]] = str(100_000_000 + (at * LEARNERS + number) * 3 + subject)
                    row[place["TestRITScore"]] = str(int(row[place["TestRITScore"]]) + chance.randint(-3, 3))
                    write_result(row)


def prepare_demo(folder: Path) -> None:
    """The demo workspace."""

    from workbench.sample.demo import prepare

    prepare(folder / "demo", today=date(2026, 11, 21))


def prepare_school(folder: Path, learners: int) -> None:
    """A school of so many learners: the demo school's exports of two terms, over and over."""
    import csv

    from workbench import Workbench
    from workbench.sample import School, write_exports
    from workbench.workspace import Workspace

    write_exports(School.build(seed=4), folder / "demo school")
    exports = folder / "exports"
    kept: set[str] = set()
    for term in ("Fall 2025-2026", "Spring 2025-2026"):
        (exports / term).mkdir(parents=True)
        for path in sorted((folder / "demo school" / "nwea" / term).glob("*.csv"), reverse=True):
            header, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
            who = header.index("StudentID")
            ids = sorted({row[who] for row in rows})
            with (exports / term / path.name).open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL)
                writer.writerow(header)
                for copy in range(learners // len(ids) + 1):
                    for row in rows:
                        name = f"{copy:03}{row[who]}"
                        if len(kept) < learners:
                            kept.add(name)
                        if name in kept:
                            changed = [*row[:who], name, *row[who + 1 :]]
                            if "ClassName" in header:
                                at = header.index("ClassName")
                                changed[at] = f"{copy} {row[at]}"
                            writer.writerow(changed)
    with Workbench.open(Workspace.create(folder / "school"), actor="admin:bench") as bench:
        bench.imports.run(exports)


def measure(side: Callable[[Path], int], folder: Path) -> Measured:
    """Runs a function of `benchmarks.run` in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--child", side.__name__, str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def child(side: Callable[[Path], int], folder: Path) -> None:
    """In that process: does what is measured, and tells the figures on its last line."""
    amount = side(folder)
    if sys.platform == "win32":
        sys.exit("Only Unix tells the peak memory of a process that has ended.")
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    said = {"seconds": timed.seconds, "cpu": timed.cpu, "amount": amount, "peak_mb": peak, "beside": beside}
    print(json.dumps(said))


def say(what: str, measured: Measured, unit: str) -> None:
    rate = measured.amount / measured.seconds
    each = f"{measured.seconds / measured.amount:.2f} s each, " if measured.amount < 1000 else ""
    print(
        f"  {what:<28} {measured.seconds:7.1f} s, CPU {measured.cpu:7.1f} s  {each}{rate:>10,.1f} {unit}/s"
        f"  peak {measured.peak_mb:,.0f} MB",
        flush=True,
    )

    for name, figure in measured.beside.items():
        print(f"    {name:<32} {figure:>10,.1f}", flush=True)


def compare(
    name: str, prepare: Callable[[Path], None], sides: tuple[Callable[[Path], int], ...], unit: str
) -> list[Measured]:
    """Measures each side in turn on what `prepare` made, and says the ratios to the last, which is ours."""
    print(name, flush=True)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as made:
        folder = Path(made)
        prepare(folder)
        measured = []
        for side in sides:
            measured.append(measure(side, folder))
            say(side.__name__, measured[-1], unit)
        ours = measured[-1]
        for side, other in zip(sides[:-1], measured[:-1], strict=True):
            ratio = (ours.amount / ours.seconds) / (other.amount / other.seconds)
            print(f"  {sides[-1].__name__} / {side.__name__}: {ratio:.2f}x as many {unit} a second", flush=True)
    return measured


def main(wanted: str, benches: dict[str, Callable[[], None]]) -> None:
    for name in ("workbench", "widgets"):
        compileall.compile_dir(ROOT / name, quiet=2)
    compileall.compile_path(quiet=2)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}, "
        f"bytecode compiled, {ROWS:,} rows, {REPORTS} plain reports",
        flush=True,
    )
    for name, bench in benches.items():
        if wanted in name:
            bench()
