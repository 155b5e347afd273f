"""Drawing: specs to SVG, by one converter in a process of its own.

The converter takes 40 MB and must never be in a process that is forked later, so kernels
and batches ask a `Drawer` instead. Whoever opens one closes it; the process also ends when
its owner does. `WORKBENCH_DRAWER` tells a kernel whom to ask:

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
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, Self

from workbench.errors import NotReady
from workbench.words import _

DRAWER = "WORKBENCH_DRAWER"
LATER = "later"
#: Kinds of charts that a converter keeps compiled.
KINDS = 64
_SOURCE = "source_0"  # what Vega-Lite calls the data of a chart as a whole
Draw = Callable[[Mapping[str, Any]], str]


class Drawer:
    """A converter process, or the way to another's; whoever opens it closes it."""

    def __init__(self, address: str, process: subprocess.Popen[bytes] | None = None) -> None:
        #: What others put into WORKBENCH_DRAWER to draw here; holds a key, so it is never logged.
        self.address = address
        self._process = process
        self._lock = threading.Lock()
        self._line: Connection[Any, Any] | None = None
        self._line_of = 0

    @classmethod
    def open(cls, environ: Mapping[str, str] | None = None, errors: int | None = None) -> Self:
        """Starts a converter process, in `environ` if not in ours; it says what goes wrong to `errors`.

        Raises NotReady when none could be started.
        """
        key = secrets.token_hex(16)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbench.drawing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environ,
            start_new_session=True,  # out of reach of the terminal's Ctrl-C, which is for its owner
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the converter has no pipes")
        process.stdin.write(f"{key}\n".encode())
        process.stdin.flush()
        place = process.stdout.readline().decode().strip()
        if not place:
            process.kill()
            process.wait()
            raise NotReady(_("The charts cannot be drawn: the converter did not start."), _("Try again."))
        return cls(f"{key}@{place}", process)

    def draw(self, spec: Mapping[str, Any]) -> str:
        """The spec as SVG. Raises ValueError for a spec that is no chart, NotReady when the converter is gone."""
        with self._lock:
            try:
                line = self._connected()
                line.send_bytes(json.dumps(spec).encode())
                answer = line.recv_bytes()
            except (OSError, EOFError, AuthenticationError):
                self._line = None
                raise NotReady(_("The charts cannot be drawn: the converter has ended."), _("Try again.")) from None
        if answer[:1] != b"+":
            raise ValueError("this is no chart: " + answer[1:].decode())
        return answer[1:].decode()

    def close(self) -> None:
        """Ends the process if it was opened here."""
        if self._line is not None and self._line_of == os.getpid():
            self._line.close()
        self._line = None
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def _connected(self) -> Connection[Any, Any]:
        if self._line is None or self._line_of != os.getpid():  # a forked child needs a line of its own
            key, _at, place = self.address.partition("@")
            self._line = Client(place, authkey=key.encode())
            self._line_of = os.getpid()
        return self._line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Drawer>"


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
    key = sys.stdin.buffer.readline().strip()
    folder = Path(tempfile.mkdtemp(prefix="workbench-"))
    place = str(folder / "draw") if hasattr(os, "fork") else None
    listener = Listener(place, authkey=key)
    sys.stdout.write(f"{listener.address}\n")
    sys.stdout.flush()
    threading.Thread(target=_welcome, args=(listener,), daemon=True).start()
    sys.stdin.buffer.read()  # returns when the owner closes its end, or dies
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _welcome(listener: Listener) -> None:
    import vl_convert

    from workbench.design import font_folder

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
