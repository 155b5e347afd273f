"""What runs in a kernel that was forked ahead: ipykernel's own, up to where it matters whose it is; see `spares`.

A person's own configuration of IPython is code that may look at anything, so where there is any the
kernel says so, and is good only for the environment it was born with.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from traitlets import Any as Anything

from workbench.kernels import NO_HISTORY, launcher, wired
from workbench.kernels.portless import PortlessApp
from workbench.kernels.spares import PERSONAL, PORTS, READY, TAKEN, Claim

assert sys.platform == "linux"  # noqa: S101 - mypy follows it

from workbench.kernels.forking import become, stamps  # noqa: E402


def run(line: socket.socket, address: str, arguments: Sequence[str]) -> None:
    """Runs a kernel that `line`'s other end claims, told `arguments` as ipykernel's own, until it is shut down."""
    wired.discard()
    app = SpareApp.instance(line=line, address=address, born_with=dict(os.environ), files=stamps())
    app.initialize([*arguments, NO_HISTORY])
    app.start()


class SpareApp(PortlessApp):
    """Sets the kernel up as ipykernel does, and waits half-way for a claim."""

    line = Anything()
    address = Anything()
    born_with = Anything()
    files = Anything()

    def init_poller(self) -> None:
        """Nothing: the line tells that the owner is gone."""

    def write_connection_file(self, **_given: Any) -> None:
        """Nothing: whoever claims the kernel has written it."""

    def log_connection_info(self) -> None: ...

    def init_connection_file(self) -> None:
        self.transport, self.ip = "ipc", self.address
        for name, number in PORTS.items():
            setattr(self, name, number)

    def configure_tornado_logger(self) -> None:
        logging.getLogger("tornado").handlers.clear()  # the zygote's
        super().configure_tornado_logger()

    def init_path(self) -> None:
        """Waits for the claim: this is the first step that depends on it."""
        self.line.send(PERSONAL if self._is_personal() else READY)
        claim = Claim.received(self.line)
        if claim is None or not self._fits(claim):
            os._exit(0)
        self._take(claim)
        self.line.send(TAKEN)
        super().init_path()

    def init_code(self) -> None:
        if ipywidgets := sys.modules.get("ipywidgets"):  # was imported when there was no kernel to register with
            ipywidgets.register_comm_target()
        super().init_code()

    def start(self) -> None:
        try:
            super().start()
        finally:  # before ipykernel ends the thread that publishes, for which this one would wait
            self.control_thread.stop()
            self.control_thread.join()

    def _is_personal(self) -> bool:
        """Whether somebody has configured IPython."""
        names = {Path(name).stem for name in ("ipython_config.py", *self.config_files)}
        places = [Path(folder) / name for folder in self.config_file_paths for name in names]
        there = any(place.with_suffix(ending).exists() for place in places for ending in (".py", ".json"))
        return there or bool(self.loaded_config_files)

    def _fits(self, claim: Claim) -> bool:
        """Whether a kernel that was begun only now would be the same."""
        if claim.environ == self.born_with:
            return True
        return not self._is_personal() and stamps(self.files) == self.files

    def _take(self, claim: Claim) -> None:
        for stream, number, given in zip((None, sys.stdout, sys.stderr), range(3), claim.stdio, strict=True):
            outside = getattr(stream, "_original_stdstream_copy", None)  # of what ipykernel has put itself before
            os.dup2(given, number if outside is None else outside, inheritable=outside is None)
            os.close(given)
        become(claim.environ, claim.folder)
        os.environ.setdefault("PYDEVD_USE_FRAME_EVAL", "NO")  # as ipykernel's debugger has it when it is imported
        random.seed()
        sys.argv = [launcher.__file__, *claim.arguments]
        self.connection_file = claim.arguments[1]
        for name in PORTS:
            setattr(self, name, 0)
        super().init_connection_file()  # reads it
        self.kernel.record_ports({name: getattr(self, name) for name in PORTS})
        self.kernel.shell.init_environment()
        self.kernel.shell.starting_dir = os.getcwd()  # noqa: PTH109 - as IPython has it
        self.kernel.shell.history_manager.dir_hist[:] = [Path.cwd()]
        if session := claim.environ.get("JPY_SESSION_NAME"):
            self.kernel.shell.user_ns["__session__"] = session
