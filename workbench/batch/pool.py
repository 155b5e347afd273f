"""Worker processes, each with its own kernels; whoever opens a pool closes it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

import psutil

from workbench import drawing, kernels
from workbench.batch.plan import Job
from workbench.batch.worker import end
from workbench.kernels.zygote import Zygote, able
from workbench.words import _

Answer = Mapping[str, Any]
#: Reports that one worker makes before another takes its place, so that what libraries keep does not add up.
REPORTS_EACH = 200


class Pool:
    """Some workers for one notebook, and the zygote that all their kernels are forked from."""

    def __init__(self, count: int, notebook: Path, formats: Iterable[str], environ: Mapping[str, str]) -> None:
        self._count = count
        self._scratch = tempfile.mkdtemp(prefix="workbench-")
        self._notebook = notebook
        self._formats = tuple(formats)
        self._environ = {
            **os.environ,
            **environ,
            drawing.DRAWER: drawing.LATER,
            "TMPDIR": self._scratch,  # what a worker that was stopped leaves behind goes with the pool
            "JUPYTER_PATH": kernels.jupyter_path(os.environ),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        self._turn = threading.Lock()
        self._closed = False
        self._workers: set[Worker] = set()
        self._zygote = Zygote(kernels.preload(), self._environ, subprocess.DEVNULL) if able() else None

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, in the order they end."""
        waiting = deque(jobs)
        done: SimpleQueue[tuple[Job, Answer] | Exception] = SimpleQueue()
        total = len(waiting)
        for _thread in range(min(self._count, total)):
            threading.Thread(target=self._work, args=(waiting, done), name="reports", daemon=True).start()
        for _job in range(total):
            ended = _next(done)
            if isinstance(ended, Exception):
                raise ended
            yield ended

    def close(self) -> None:
        """Ends the workers at once, with all they started; a report being made is dropped."""
        with self._turn:
            self._closed = True
        if self._zygote is not None and self._zygote.pid is not None:  # the kernels first: then no cell's own is missed
            with suppress(psutil.NoSuchProcess):
                end(psutil.Process(self._zygote.pid))
            self._zygote.close()
        for worker in tuple(self._workers):
            worker.end()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _work(self, waiting: deque[Job], done: SimpleQueue[tuple[Job, Answer] | Exception]) -> None:
        """Takes jobs while there are any, and hands each to a worker."""
        worker: Worker | None = None
        try:
            while job := _taken(waiting):
                worker = self._fresh(worker)
                files = {ending: str(job.file(ending)) for ending in self._formats}
                done.put((job, worker.ask({"parameters": dict(job.parameters), "files": files})))
        except Exception as error:
            done.put(error)
        finally:
            if worker is not None:
                self._end(worker)

    def _fresh(self, worker: Worker | None) -> Worker:
        """A worker that runs and has not made too many reports: this one, or another."""
        if worker is not None:
            if worker.asked < REPORTS_EACH and worker.alive:
                return worker
            self._end(worker)
        with self._turn:
            if self._closed:
                raise RuntimeError("the pool is closed")
            started = Worker(self._environ, self._scratch, self._zygote)
            self._workers.add(started)
        started.tell(self._setup)
        return started

    def _end(self, worker: Worker) -> None:
        worker.end()
        self._workers.discard(worker)

    @cached_property
    def _setup(self) -> Mapping[str, Any]:
        from workbench.batch.page import look

        return {"notebook": str(self._notebook), "css": look()}


class Worker:
    """One worker process; whoever starts it ends it."""

    def __init__(self, environ: Mapping[str, str], scratch: str, zygote: Zygote | None) -> None:
        self.asked = 0
        self._ending = threading.Lock()
        lent = () if zygote is None else zygote.lend()
        self._process = subprocess.Popen(  # noqa: S603 (ourselves)
            [sys.executable, "-m", "workbench.batch.worker", scratch, *map(str, lent)],
            pass_fds=lent[:1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a kernel's complaints may quote what a cell was given
            encoding="utf-8",
            env=environ,
            # out of reach of the terminal's Ctrl-C, which is for whoever opened the pool
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def tell(self, what: Mapping[str, Any]) -> None:
        """Sends a line; one that has ended does not hear it."""
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(what) + "\n")
                self._process.stdin.flush()

    def ask(self, what: Mapping[str, Any]) -> Answer:
        """Sends a job; returns what became of it."""
        self.asked += 1
        self.tell(what)
        with suppress(OSError, ValueError):
            if self._process.stdout is not None:
                answer: Answer = json.loads(self._process.stdout.readline())
                return answer
        self.end()
        return {"sentence": _("The process that made it has ended."), "cell": None}

    def end(self) -> None:
        """Ends the process and all it started."""
        with self._ending:
            with suppress(psutil.NoSuchProcess):
                if self.alive:
                    end(psutil.Process(self._process.pid))
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # a line that it did not hear
                        pipe.close()


def _taken(waiting: deque[Job]) -> Job | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _next(done: SimpleQueue[tuple[Job, Answer] | Exception]) -> tuple[Job, Answer] | Exception:
    while True:
        with suppress(Empty):
            return done.get(timeout=0.5)  # Windows hears Ctrl-C only between two waits
