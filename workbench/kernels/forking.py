"""What a zygote's process does: it imports, waits for orders, and forks; and what a child of it becomes."""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from workbench.kernels.zygote import WARM, command

assert sys.platform == "linux"  # noqa: S101 - mypy follows it

#: Seconds after which a zygote that is warming up looks again whether it is still wanted.
LOOK = 0.1
_OURS = ("workbench", "widgets")


def hung_up(line: int, timeout: float | None = None) -> bool:
    """Waits, up to `timeout` seconds, until the other end is closed; says whether it is."""
    waiting = select.poll()
    waiting.register(line, 0)
    return bool(waiting.poll(None if timeout is None else timeout * 1000))


@dataclass(frozen=True, slots=True)
class _Forked:
    pid: int
    handle: int
    status: socket.socket


def serve(control: socket.socket, preload: Sequence[str], left_out: Mapping[str, str]) -> NoReturn:
    """Imports, then forks whenever it is asked, until its owner's end is closed.

    Where something starts a thread, it begins anew without that.
    """
    with _not_alone(control):
        threaded = _warm(preload)
    if threaded is not None:
        name, thread = threaded
        without = [one for one in preload if one != name]
        os.execv(sys.executable, command(control.fileno(), without, {**left_out, name: thread}))  # noqa: S606
    with suppress(OSError):
        control.send(WARM + json.dumps(left_out).encode())
    files = stamps()
    waiting = selectors.DefaultSelector()
    waiting.register(control, selectors.EVENT_READ)
    while True:
        for key, _events in waiting.select():
            if isinstance(key.data, _Forked):
                waiting.unregister(key.fileobj)
                _report(key.data)
                continue
            message, given, _flags, _address = socket.recv_fds(control, 16, 8)
            if not message:
                os._exit(0)
            forked = _answer(given, files)
            if forked is not None:
                waiting.register(forked.handle, selectors.EVENT_READ, forked)


@contextmanager
def _not_alone(control: socket.socket) -> Iterator[None]:
    """Leaves the process when the owner's end is closed: looks by a timer, since a thread would stop all forking."""

    def look(*_signal: object) -> None:
        if hung_up(control.fileno(), 0):
            os._exit(0)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _warm(preload: Iterable[str]) -> tuple[str, str] | None:
    """Imports; returns what started a thread, and that thread's name, if anything did."""
    import workbench.ground.quick  # noqa: F401

    before = len(_threads())

    if sys.path[:1] == ["/"] and not sys.flags.safe_path:
        del sys.path[0]
    gc.disable()  # it would look at all that is imported again and again, and leave holes for children to write into
    for name in preload:
        module, _colon, function = name.partition(":")
        with suppress(Exception):  # the notebook that needs it will say so better
            found = importlib.import_module(module)
            if function:
                getattr(found, function)()
        if len(now := _threads()) > before:
            return name, now[-1]
    gc.freeze()  # nothing that is shared is looked at, and so copied, by a child's collections
    gc.enable()
    return None


def _threads() -> list[str]:
    """The names of this process's threads, as Python or else the system knows them; the main one comes first."""
    named = {one.native_id: one.name for one in threading.enumerate()}
    found = []
    for task in sorted(map(int, os.listdir("/proc/self/task"))):  # noqa: PTH208 - numbers
        with suppress(OSError):
            found.append(named.get(task) or Path(f"/proc/self/task/{task}/comm").read_text().strip())
    return found


def _answer(given: Sequence[int], files: Mapping[str, int]) -> _Forked | None:
    request, status_number, *others = given
    status = socket.socket(fileno=status_number)
    threads = _threads()
    if len(threads) != 1:
        status.send(json.dumps({"threads": threads[1:]}).encode())
    # if the code it has imported is not the code there is, whoever asks begins another
    if len(threads) != 1 or stamps(files) != files or not others:
        status.close()
        _close(request, *others)
        return None
    line, *stdio = others
    pid = os.fork()
    if pid == 0:
        _become(request, line, stdio)
    handle = os.pidfd_open(pid)
    _close(request, line, *stdio)
    with suppress(OSError):  # the owner is gone, and the child will see that too
        socket.send_fds(status, [json.dumps({"pid": pid}).encode()], [handle])
    return _Forked(pid, handle, status)


def _report(ended: _Forked) -> None:
    _pid, how = os.waitpid(ended.pid, 0)
    with suppress(OSError):
        ended.status.send(str(os.waitstatus_to_exitcode(how)).encode())
    ended.status.close()
    os.close(ended.handle)


def stamps(known: Iterable[str] | None = None) -> dict[str, int]:
    """When the files of our own modules were last changed."""
    if known is None:
        ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in _OURS]
        known = [module.__file__ for module in ours if module.__file__]
    found = {}
    for file in known:
        with suppress(OSError):
            found[file] = Path(file).stat().st_mtime_ns
    return found


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _become(request: int, line_number: int, stdio: Sequence[int]) -> NoReturn:
    """Becomes the process that was asked for, and never returns to the zygote's loop."""
    code = 1
    try:
        os.setsid()
        os.lseek(request, 0, os.SEEK_SET)
        with os.fdopen(os.dup(request), "rb") as file:
            asked = json.load(file)
        for number, given in enumerate(stdio):
            os.dup2(given, number)
        keep_only({0, 1, 2, line_number})
        line = socket.socket(fileno=line_number)
        line.set_inheritable(False)
        become(asked["environ"], asked["folder"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if asked["watched"]:
            watch = threading.Thread(target=_end_with, args=(line_number,), name="line", daemon=True)
            watch.pydev_do_not_trace = watch.is_pydev_daemon_thread = True  # type: ignore[attr-defined]  # nor stop, in a debugger
            watch.start()
        module, _colon, function = asked["run"].partition(":")
        run: Callable[..., int | None] = getattr(importlib.import_module(module), function)
        code = run(line, **asked["arguments"]) or 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc(file=sys.__stderr__)
    finally:
        leave(code)


def keep_only(descriptors: set[int]) -> None:
    """Closes every other file and socket of the process."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers
        if int(name) not in descriptors:
            with suppress(OSError):
                os.close(int(name))


def become(environ: Mapping[str, str], folder: str) -> None:
    """Takes an environment and a folder, and forgets what was remembered of the ones before."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    time.tzset()
    tempfile.tempdir = None
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    for place in environ.get("PYTHONPATH", "").split(os.pathsep):
        if place and not Path(place).is_absolute():  # was looked for from the zygote's folder
            was = os.path.normpath(Path("/", place))
            sys.path[:] = [str(Path(folder, place)) if one == was else one for one in sys.path]


def leave(code: int) -> NoReturn:
    """Ends the process as Python would, without taking apart what it shares with the zygote."""
    with suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with suppress(BaseException):
            stream.flush()  # type: ignore[union-attr]
    os._exit(code)


def _end_with(line: int) -> None:
    """Kills this process, and those it started, once the owner's end of the line is closed."""
    hung_up(line)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), *json.loads(sys.argv[2]))
