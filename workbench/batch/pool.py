"""Worker processes, each with its own kernels; whoever opens a pool closes it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from workbench import drawing, kernels
from workbench.batch.plan import Job
from workbench.words import _

Answer = Mapping[str, Any]


class Pool:
    """Some workers for one notebook."""

    def __init__(self, count: int, notebook: Path, formats: Iterable[str], environ: Mapping[str, str]) -> None:
        self._drawer = drawing.Drawer.open()
        self._scratch = tempfile.mkdtemp(prefix="workbench-")
        self._notebook = notebook
        self._formats = list(formats)
        self._environ = {
            **os.environ,
            **environ,
            drawing.DRAWER: drawing.LATER,
            "TMPDIR": self._scratch,  # what a worker that was stopped leaves behind goes with the pool
            "JUPYTER_PATH": kernels.jupyter_path(os.environ),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="report")
        self._idle: SimpleQueue[subprocess.Popen[str] | None] = SimpleQueue()
        self._workers: set[subprocess.Popen[str]] = set()
        for _worker in range(count):
            self._idle.put(None)  # started by the first job that wants it

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, in the order they end."""
        running = {self._threads.submit(self._run, job): job for job in jobs}
        for done in as_completed(running):
            yield running[done], done.result()

    def close(self) -> None:
        """Ends the workers; a report being made is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._workers):
            worker.terminate()
        for worker in tuple(self._workers):
            try:
                worker.wait(timeout=10)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    pipe.close()
        self._workers.clear()
        self._drawer.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _run(self, job: Job) -> Answer:
        worker = self._idle.get() or self._start()
        line = json.dumps({"parameters": dict(job.parameters), "target": str(job.target)})
        try:
            answer = _ask(worker, line)
        finally:
            self._idle.put(worker if worker.poll() is None else None)
        return answer or {"sentence": _("The process that made it has ended."), "cell": None}

    def _start(self) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "workbench.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a kernel's complaints may quote what a cell was given
            encoding="utf-8",
            env=self._environ,
        )
        self._workers.add(worker)
        _tell(worker, self._setup)
        return worker

    @cached_property
    def _setup(self) -> str:
        from workbench.batch.page import look

        drawer = self._drawer.address
        return json.dumps({"notebook": str(self._notebook), "formats": self._formats, "drawer": drawer, "css": look()})


def _ask(worker: subprocess.Popen[str], line: str) -> Answer | None:
    """The worker's answer; None when it has ended."""
    try:
        _tell(worker, line)
        answer = worker.stdout.readline() if worker.stdout else ""
        found: Answer = json.loads(answer)
    except (OSError, ValueError):
        worker.kill()
        worker.wait()
        return None
    return found


def _tell(worker: subprocess.Popen[str], line: str) -> None:
    if worker.stdin is None:
        raise OSError
    worker.stdin.write(line + "\n")
    worker.stdin.flush()
