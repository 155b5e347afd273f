"""The Jupyter kernel provisioner `workbench`: kernels are forked from a warm zygote, some of them ahead.

All that a kernel manager asks of its kernel's process is answered by jupyter_client's own
provisioner; only where the process comes from is another (`spares`). Where none can be forked, or
a manager wants what a fork cannot give, the process comes from jupyter_client as well.

A kernel that is forked ahead has its sockets already, so what a manager calls their addresses become
links to them: managers, their connection files and clients that come back after a restart know no
difference.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.localinterfaces import localhost
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from workbench.ground import descriptors
from workbench.kernels import launcher
from workbench.kernels.spares import PORTS, Claim, Forked, spares
from workbench.kernels.zygote import CannotFork, able, zygote

_COMMAND = ["-m", launcher.__name__, "-f", "{connection_file}"]
#: What a kernel may be started with, if it is to be forked.
_KNOWN = frozenset({"cwd", "env", "extra_arguments", "kernel_id", "stderr", "stdin", "stdout", "transport_encryption"})


class ForkProvisioner(LocalProvisioner):
    """jupyter_client's provisioner of local kernels, whose process is forked where that can be."""

    _forks = False
    _forked: Forked | None = None
    #: What was said of kernels that start cold, in this process.
    _said: ClassVar[set[str]] = set()

    async def pre_launch(self, **given: Any) -> dict[str, Any]:
        """See `LocalProvisioner.pre_launch`. Sockets are files, in a private folder, unless others were asked for."""
        manager: Any = self.parent
        ours = manager is not None and self._is_ours(manager, given)
        self._forks = ours and able()
        if ours and manager.transport == "tcp" and hasattr(socket, "AF_UNIX"):
            manager.transport, manager.ip, manager.cache_ports = "ipc", spares().address(), False
        return await super().pre_launch(**given)

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        """See `LocalProvisioner.launch_kernel`."""
        if self._forks:
            try:
                return await self._take(cmd[3:], **given)
            except CannotFork as why:
                self._say(str(why))
        told = await super().launch_kernel(cmd, **given)
        if self.pid is not None:
            descriptors.as_before(self.pid)
        return told

    async def cleanup(self, restart: bool = False) -> None:
        """See `LocalProvisioner.cleanup`."""
        await super().cleanup(restart)
        if self._forked is not None:
            self._forked.close()
            self._forked = None

    def _say(self, why: str) -> None:
        """Says once why kernels start cold."""
        if why not in self._said:
            self._said.add(why)
            self.log.warning("Kernels start cold, which takes some ten times as long: %s.", why)

    def _is_ours(self, manager: Any, given: Mapping[str, Any]) -> bool:
        """Whether the kernel is one that can be forked, spoken to through sockets that are files."""
        if not given.keys() <= _KNOWN or self.kernel_spec.argv[1:] != _COMMAND:
            return False
        if subprocess.PIPE in (given.get(name) for name in ("stdin", "stdout", "stderr")):
            return False
        encrypted = given.get("transport_encryption") or getattr(manager, "transport_encryption", "disabled")
        if encrypted != "disabled" or manager.format_kernel_cmd()[0] != sys.executable:
            return False
        return manager.transport == "ipc" or (manager.ip == localhost() and not any(manager.ports))

    async def _take(
        self, arguments: list[str], *, env: dict[str, str], cwd: str | None = None, **given: Any
    ) -> KernelConnectionInfo:
        folder = str(Path(cwd or ".").absolute())
        environ = {**env, "JPY_PARENT_PID": str(os.getpid())}
        with _stdio(given.get("stdin"), given.get("stdout"), given.get("stderr")) as stdio:
            claim = Claim(environ, folder, arguments, stdio)
            kernel = await asyncio.get_running_loop().run_in_executor(spares().threads, spares().take, claim)
        told: Mapping[str, Any] = self.connection_info
        for name, number in PORTS.items():
            link = Path(f"{told['ip']}-{told[name]}")
            link.unlink(missing_ok=True)
            link.symlink_to(f"{kernel.address}-{number}")
        self._forked = kernel
        self.process = kernel  # type: ignore[assignment]  # it does what is asked of it here
        self.pid = self.pgid = kernel.pid
        self.cwd = folder
        return self.connection_info


def prepare(environ: Mapping[str, str]) -> None:
    """Begins to get kernels ready for such an environment, where they can be forked."""
    if able():
        spares().prepare(environ)


def _load_jupyter_server_extension(server: Any) -> None:
    """Has kernels ready by the time that somebody opens a notebook in JupyterLab."""
    prepare(os.environ)
    if able():
        zygote().tell(os.environ, lambda complaint: complaint and server.log.warning(complaint))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


@contextmanager
def _stdio(stdin: Any, stdout: Any, stderr: Any) -> Iterator[tuple[int, int, int]]:
    """The descriptors that `Popen`'s arguments stand for; input is nothing unless it is given."""
    nothing = os.open(os.devnull, os.O_RDWR)

    def number(given: Any, otherwise: int) -> int:
        if given is None:
            return otherwise
        if given == subprocess.DEVNULL:
            return nothing
        return given if isinstance(given, int) else int(given.fileno())

    try:
        out = number(stdout, 1)
        yield number(stdin, nothing), out, out if stderr == subprocess.STDOUT else number(stderr, 2)
    finally:
        os.close(nothing)
