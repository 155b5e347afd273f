"""Worker processes, each with its own kernels and its own converter; whoever opens a pool closes it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Self

import psutil

from workbench import kernels
from workbench.batch.plan import Job
from workbench.batch.worker import end
from workbench.ground import drawing
from workbench.ground.drawing import Drawer
from workbench.ground.errors import NotReady
from workbench.ground.scratch import Scratch
from workbench.ground.words import _
from workbench.kernels.zygote import CannotFork, Child, Zygote, able

Answer = Mapping[str, Any]
#: Reports that one worker makes before another takes its place, so that what libraries keep does not add up.
REPORTS_EACH = 200


class Pool:
    """Some workers for one notebook, and the zygote that they and their kernels are forked from."""

    def __init__(
        self, count: int, notebook: Path, formats: Iterable[str], paper: str, environ: Mapping[str, str]
    ) -> None:
        self._count = count
        self._owned = Scratch()
        self._scratch = str(self._owned.path)
        self._notebook = notebook
        self._formats = tuple(formats)
        self._paper = paper
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
        imported = (*kernels.preload(), "workbench.batch.worker:preload")
        self._zygote = Zygote(imported, self._environ, subprocess.DEVNULL) if able() else None

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, in the order they end."""
        waiting = deque(jobs)
        done: SimpleQueue[tuple[Job, Answer] | Exception] = SimpleQueue()
        total = len(waiting)
        if self._zygote is not None:
            self._zygote.start(self._environ)
        for _thread in range(min(self._count, total)):
            work = partial(copy_context().run, self._work, waiting, done)  # in the language of whoever asks
            threading.Thread(target=work, name="reports", daemon=True).start()
        for _job in range(total):
            ended = _next(done)
            if isinstance(ended, Exception):
                raise ended
            yield ended

    @property
    def complaint(self) -> str:
        """Why reports start slower than they could; "" while nothing is known of it."""
        return self._zygote.complaint if self._zygote is not None else ""

    def close(self) -> None:
        """Ends the workers at once, with all they started; a report being made is dropped."""
        self._closed = True
        self._end_zygote()
        with self._turn:
            self._end_zygote()
            workers = tuple(self._workers)
        for worker in workers:
            worker.end()
        self._owned.close()

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
        drawer = None
        with suppress(NotReady):  # said of the first report instead
            drawer = Drawer.open(self._environ, subprocess.DEVNULL)
        setup = {**self._setup, "drawer": drawer.address if drawer is not None else ""}
        try:
            with self._turn:
                started = Worker(self._process(), drawer)
                self._workers.add(started)
        except BaseException:
            if drawer is not None:
                drawer.close()
            raise
        started.tell(setup)
        return started

    def _process(self) -> Process:
        """A worker's process: forked, or where that cannot be, started."""
        if self._zygote is not None and not self._closed:
            with suppress(CannotFork):
                return _forked(self._zygote, self._environ, self._scratch)
        if self._closed:
            raise RuntimeError("the pool is closed")
        return _started(self._environ, self._scratch)

    def _end_zygote(self) -> None:
        """Ends the zygote and all below it: the kernels with what cells have started, and the workers."""
        if self._zygote is not None and self._zygote.pid is not None:
            with suppress(psutil.NoSuchProcess):
                end(psutil.Process(self._zygote.pid))
            self._zygote.close()

    def _end(self, worker: Worker) -> None:
        worker.end()
        self._workers.discard(worker)

    @cached_property
    def _setup(self) -> Mapping[str, Any]:
        from workbench.batch.page import look

        return {"notebook": str(self._notebook), "css": look(), "paper": self._paper}


@dataclass(frozen=True, slots=True)
class Process:
    """A process, and the two ends of what is said with it."""

    process: Child | subprocess.Popen[str]
    asked: IO[str]
    answers: IO[str]


class Worker:
    """One worker and its converter; whoever makes it ends it."""

    def __init__(self, made: Process, drawer: Drawer | None) -> None:
        self.asked = 0
        self._ending = threading.Lock()
        self._process = made.process
        self._asked, self._answers = made.asked, made.answers
        self._drawer = drawer

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def tell(self, what: Mapping[str, Any]) -> None:
        """Sends a line; one that has ended does not hear it."""
        with suppress(OSError, ValueError):
            self._asked.write(json.dumps(what) + "\n")
            self._asked.flush()

    def ask(self, what: Mapping[str, Any]) -> Answer:
        """Sends a job; returns what became of it."""
        self.asked += 1
        self.tell(what)
        with suppress(OSError, ValueError):
            answer: Answer = json.loads(self._answers.readline())
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
            if self._drawer is not None:
                self._drawer.close()
            for line in (self._asked, self._answers):
                with suppress(OSError):  # a line that it did not hear
                    line.close()


def _forked(zygote: Zygote, environ: Mapping[str, str], scratch: str) -> Process:
    ours, theirs = socket.socketpair()
    with ours, Path(os.devnull).open("r+b", buffering=0) as nothing:
        child = zygote.fork(
            "workbench.batch.worker:run",
            {"scratch": scratch},
            theirs,
            environ=environ,
            folder=str(Path.cwd()),
            stdio=(None, nothing.fileno(), nothing.fileno()),  # a kernel's complaints may quote what a cell was given
            watched=False,
        )
        return Process(child, ours.makefile("w", encoding="utf-8"), ours.makefile("r", encoding="utf-8"))


def _started(environ: Mapping[str, str], scratch: str) -> Process:
    process = subprocess.Popen(  # noqa: S603 (ourselves)
        [sys.executable, "-m", "workbench.batch.worker", scratch],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=environ,
        # out of reach of the terminal's Ctrl-C, which is for whoever opened the pool
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the worker has no pipes")
    return Process(process, process.stdin, process.stdout)


def _taken(waiting: deque[Job]) -> Job | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _next(done: SimpleQueue[tuple[Job, Answer] | Exception]) -> tuple[Job, Answer] | Exception:
    while True:
        with suppress(Empty):
            return done.get(timeout=0.5)  # Windows hears Ctrl-C only between two waits
