"""Drawing: specs to SVG, by one converter in a process of its own.

The converter takes 40 MB and must never be in a process that is forked later, so kernels
and batches ask a `Drawer` instead. Whoever opens one closes it; the process also ends when
its owner does, and when it ends before that, another takes its place at the same address.
`WORKBENCH_DRAWER` tells a kernel whom to ask:

    unset                   one of its own, started when the first chart is drawn
    later                   nobody: sections keep their specs, and a page draws them afterwards
    what `Drawer.address` says    the drawer of the server it belongs to
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, Self

from workbench.ground import descriptors
from workbench.ground.errors import NotReady
from workbench.ground.scratch import Scratch
from workbench.ground.words import _

DRAWER = "WORKBENCH_DRAWER"
LATER = "later"
#: Seconds that somebody who wants a chart waits for a converter to begin.
PATIENCE = 10.0
#: Seconds until one that has ended is followed by another: at once, and ever later where each ends within STEADY.
SOON, STEADY = 0.05, 30.0
#: Kinds of charts that a converter keeps compiled.
KINDS = 64
_SOURCE = "source_0"  # what Vega-Lite calls the data of a chart as a whole
Draw = Callable[[Mapping[str, Any]], str]


class Drawer:
    """The way to a converter process, one that was opened here or another's; whoever opens it closes it."""

    def __init__(self, address: str, keeper: _Keeper | None = None) -> None:
        #: What others put into WORKBENCH_DRAWER to draw here; holds a key, so it is never logged.
        self.address = address
        self._keeper = keeper
        self._lock = threading.Lock()
        self._line: Connection[Any, Any] | None = None
        self._line_of = 0

    @property
    def pid(self) -> int | None:
        """The converter's process, if it was opened here."""
        return self._keeper.pid if self._keeper is not None else None

    @classmethod
    def open(cls, environ: Mapping[str, str] | None = None, errors: int | None = None) -> Self:
        """Starts a converter process, in `environ` if not in ours; it says what goes wrong to `errors`.

        One that ends is followed by another at the same address. Raises NotReady when none could be started.
        """
        keeper = _Keeper(environ, errors)
        return cls(keeper.address, keeper)

    def draw(self, spec: Mapping[str, Any]) -> str:
        """The spec as SVG. Raises ValueError for a spec that is no chart, NotReady when the converter is gone."""
        with self._lock:
            answer = self._asked(json.dumps(spec).encode())
        if answer[:1] != b"+":
            raise ValueError("this is no chart: " + answer[1:].decode())
        return answer[1:].decode()

    def close(self) -> None:
        """Ends the process if it was opened here."""
        if self._line is not None and self._line_of == os.getpid():
            self._line.close()
        self._line = None
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _asked(self, spec: bytes) -> bytes:
        """The converter's answer: from the next one, if the one that was asked has ended."""
        for again in (True, False):
            try:
                line = self._connected()
                line.send_bytes(spec)
                return line.recv_bytes()
            except (OSError, EOFError, AuthenticationError):
                self._line = None
                if not again:
                    break
        raise NotReady(_("The charts cannot be drawn: the converter has ended."), _("Try again."))

    def _connected(self) -> Connection[Any, Any]:
        """The line to the converter; waits a little for one that is beginning. Raises OSError."""
        if self._line is None or self._line_of != os.getpid():  # a forked child needs a line of its own
            key, _at, place = self.address.partition("@")
            give_up = time.monotonic() + PATIENCE
            while True:
                try:
                    line: Any = Client(place, authkey=key.encode())  # on Windows of another class, used alike
                    break
                except (FileNotFoundError, ConnectionError):
                    if time.monotonic() > give_up:
                        raise
                    time.sleep(0.05)
            self._line, self._line_of = line, os.getpid()
        return self._line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Drawer>"


class _Keeper:
    """A converter process, and another in its place whenever it ends, until it is closed."""

    def __init__(self, environ: Mapping[str, str] | None, errors: int | None) -> None:
        self._environ = environ
        self._errors = errors
        self._scratch = Scratch((os.environ if environ is None else environ).get("TMPDIR"))
        self._key = secrets.token_hex(16)
        files = hasattr(os, "fork")
        self._place = str(self._scratch.path / "draw") if files else rf"\\.\pipe\workbench-{secrets.token_hex(8)}"
        self._closing = threading.Event()
        self._turn = threading.Lock()
        try:
            self._process = self._begun()
        except BaseException:
            self._scratch.close()
            raise
        self._thread = threading.Thread(target=self._keep, name="drawer", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"{self._key}@{self._place}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """Ends the process."""
        self._closing.set()
        with self._turn:
            if self._process.stdin is not None:
                self._process.stdin.close()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
        self._thread.join()
        self._scratch.close()

    def _keep(self) -> None:
        pause = SOON
        while True:
            begun = time.monotonic()
            self._process.wait()
            pause = SOON if time.monotonic() - begun > STEADY else min(2 * pause, STEADY)
            if self._closing.wait(pause):
                return
            with self._turn, suppress(NotReady, OSError):
                if not self._closing.is_set():
                    for end in (self._process.stdin, self._process.stdout):
                        if end is not None:
                            end.close()
                    self._process = self._begun()

    def _begun(self) -> subprocess.Popen[bytes]:
        """A process that listens. Raises NotReady."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench.ground.drawing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=self._environ,
            start_new_session=True,  # out of reach of the terminal's Ctrl-C, which is for its owner
        )
        descriptors.as_before(process.pid)
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the converter has no pipes")
        with suppress(OSError):
            process.stdin.write(f"{self._key}\n{self._place}\n".encode())
            process.stdin.flush()
        if not process.stdout.readline():
            process.kill()
            process.wait()
            raise NotReady(_("The charts cannot be drawn: the converter did not start."), _("Try again."))
        return process


def here() -> Draw | None:
    """How this process draws, as WORKBENCH_DRAWER says; None when charts are drawn later."""
    asked = os.environ.get(DRAWER, "")
    return None if asked == LATER else _drawer(os.getpid(), asked).draw


def draw(spec: Mapping[str, Any]) -> str:
    """The spec as SVG, drawn now."""
    asked = os.environ.get(DRAWER, "")
    return _drawer(os.getpid(), "" if asked == LATER else asked).draw(spec)


@cache
def _drawer(_process: int, address: str) -> Drawer:
    if address:
        return Drawer(address)
    own = Drawer.open()
    atexit.register(own.close)
    return own


def _serve() -> None:
    """The converter process: reads its key, says where it listens, and draws until its owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner, whose end is ours
    key, place = (sys.stdin.buffer.readline().strip() for _line in range(2))
    if hasattr(os, "fork"):
        Path(place.decode()).unlink(missing_ok=True)  # of the one before
    listener = Listener(place.decode(), authkey=key)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    threading.Thread(target=_welcome, args=(listener,), daemon=True).start()
    sys.stdin.buffer.read()  # returns when the owner closes its end, or dies
    if hasattr(os, "fork"):  # the folder is the owner's, who may not be there to take it away
        shutil.rmtree(Path(place.decode()).parent, ignore_errors=True)
    os._exit(0)


def _welcome(listener: Listener) -> None:
    import vl_convert

    from workbench.ground.design import font_folder

    vl_convert.register_font_directory(str(font_folder()))
    converter, turn = _Converter(vl_convert), threading.Lock()
    while True:
        try:
            line = listener.accept()
        except (OSError, EOFError, AuthenticationError):
            continue
        threading.Thread(target=_answer, args=(line, turn, converter.svg), daemon=True).start()


def _answer(line: Connection[Any, Any], turn: threading.Lock, convert: Callable[[dict[str, Any]], str]) -> None:
    while True:
        try:
            spec = line.recv_bytes()
        except (OSError, EOFError):
            return
        try:
            with turn:
                answer = b"+" + convert(json.loads(spec)).encode()
        except Exception as error:  # whatever a spec can do wrong is told to whoever sent it, by its kind alone
            answer = b"-" + type(error).__name__.encode()
        try:
            line.send_bytes(answer)
        except OSError:  # whoever asked is gone
            return


class _Converter:
    """Draws, and compiles each kind of chart from Vega-Lite to Vega once: that is half of a drawing's time.

    Charts of a kind differ only in the values of their data and of their parameters, which compiling
    does not look at.
    """

    def __init__(self, library: Any) -> None:
        self._library = library
        self._kinds: dict[str, dict[str, Any]] = {}

    def svg(self, spec: dict[str, Any]) -> str:
        """A Vega-Lite spec as SVG."""
        rows, given = _values(spec), _parameters(spec)
        kind = json.dumps({**spec, "data": None if rows is not None else spec.get("data"), "params": _others(spec)})
        vega = self._kinds.get(kind)
        if vega is None:
            vega = self._library.vegalite_to_vega(spec)
            if len(self._kinds) >= KINDS:
                self._kinds.clear()
            self._kinds[kind] = vega
        for source in vega.get("data", ()):
            if rows is not None and source["name"] == _SOURCE:
                source["values"] = rows
        for named in vega.get("signals", ()):
            if named["name"] in given:
                named["value"] = given[named["name"]]
        drawn: str = self._library.vega_to_svg(vega, allowed_base_urls=[])
        return drawn


def _values(spec: Mapping[str, Any]) -> Any:
    """The rows that a chart as a whole has; None when its data is anything else."""
    data = spec.get("data")
    return data["values"] if isinstance(data, dict) and set(data) == {"values"} else None


def _parameters(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The values of those parameters that are nothing but a value."""
    return {one["name"]: one["value"] for one in spec.get("params", ()) if set(one) == {"name", "value"}}


def _others(spec: Mapping[str, Any]) -> list[Any]:
    """The parameters, without the values of those that are nothing but one."""
    given = _parameters(spec)
    return [one["name"] if one["name"] in given else one for one in spec.get("params", ())]


if __name__ == "__main__":
    _serve()
