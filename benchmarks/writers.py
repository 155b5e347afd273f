"""Thirty who write at once, and imports beside them: how long each waits, and whether anybody is refused.

    python -m benchmarks.writers [--seconds 30] [--writers 30] [--imports 3] [--python OTHER/bin/python]

With `--python` another build's interpreter does the same beside it, in turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

ON = date(2026, 11, 21)
HEAD = "Student ID,First Name,Last Name,Class,Teacher ID,Grade,School"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--writers", type=int, default=30)
    asked.add_argument("--imports", type=int, default=3)
    asked.add_argument("--python", default="")
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)  # what a process does, and where
    given = asked.parse_args()
    if given.one:
        {"make": make, "write": write, "import": bring_in}[given.one[0]](Path(given.one[1]), given.seconds)
        return
    for python in filter(None, (sys.executable, given.python)):
        print(json.dumps({"python": python, **measure(python, given.seconds, given.writers, given.imports)}))


def measure(python: str, seconds: float, writers: int, imports: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "school"

        def begun(what: str) -> subprocess.Popen[str]:
            command = [python, __file__, "--seconds", str(seconds), "--one", what, str(folder)]
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        begun("make").communicate()
        running = [begun("write") for _one in range(writers)] + [begun("import") for _one in range(imports)]
        for one in running:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        load = Path("/proc/loadavg").read_text().split()[0] if Path("/proc/loadavg").exists() else ""
        told = []
        for one in running:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        for one in running:
            told.append(json.loads(one.communicate()[0]))
        kept = json.loads(subprocess.check_output([python, "-c", COUNT, str(folder)], text=True))
    waited = sorted(time for one in told for time in one.get("waited", ()))
    cuts = statistics.quantiles(waited, n=100)
    return {
        "load": load,
        "saves": len(waited),
        "kept": kept,
        "refused": sum(one["refused"] for one in told),
        "p50_ms": round(cuts[49] * 1000),
        "p95_ms": round(cuts[94] * 1000),
        "max_ms": round(waited[-1] * 1000),
        "imports": [round(one["took"], 1) for one in told if "took" in one],
        "fewest_saves_of_one": min(len(one["waited"]) for one in told if "waited" in one),
    }


COUNT = """
import sqlite3, sys
print(sqlite3.connect(sys.argv[1] + "/workbench.sqlite").execute("SELECT count(*) FROM goals").fetchone()[0])
"""


def make(folder: Path, _seconds: float) -> None:
    from workbench import Workbench
    from workbench.workspace import Workspace

    place = Workspace.create(folder, name="Cedar Hill").folder
    with Workbench.open(place, actor="admin:office") as bench:
        bench.imports.run(class_list(place / "exports", "first", "4B", 28), on=ON)


def class_list(folder: Path, name: str, class_: str, count: int) -> Path:
    path = folder / f"{name}.csv"
    lines = [f"{name}{number:05},Ada,Learner {number},{class_},t17,4,Cedar Hill" for number in range(count)]
    path.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    return path


def write(folder: Path, seconds: float) -> None:
    from workbench import Workbench
    from workbench.ground.errors import NotReady

    with Workbench.open(folder, actor="teacher:t17", clock=lambda: datetime.now(UTC)) as bench:
        learners = bench.learners.in_class("4B")
        print("ready", flush=True)
        input()
        waited: list[float] = []
        refused, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                bench.goals.choose(learners[len(waited) % len(learners)], "Read before bed", on=ON)
                waited.append(time.monotonic() - began)
            except NotReady:
                refused += 1
    print(json.dumps({"waited": waited, "refused": refused}))


def bring_in(folder: Path, _seconds: float) -> None:
    import os

    from workbench import Workbench
    from workbench.ground.errors import NotReady

    name = f"p{os.getpid()}"
    with Workbench.open(folder, actor="admin:office") as bench:
        exports = class_list(folder / "exports", name, name, 4_000)
        print("ready", flush=True)
        input()
        began, refused = time.monotonic(), 0
        try:
            bench.imports.run(exports, on=ON)
        except NotReady:
            refused = 1
        print(json.dumps({"took": time.monotonic() - began, "refused": refused}))


if __name__ == "__main__":
    main()
