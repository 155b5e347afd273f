"""Who can reach a server: this computer alone, or others too, and then only where it is safe."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext

from workbench.ground.errors import BadInput, NotReady
from workbench.ground.ports import ADDRESS
from workbench.ground.words import _
from workbench.serving import certificates
from workbench.workspace import Workspace

_LOOPBACK = re.compile(
    rf"http://({re.escape(ADDRESS)}|localhost)[:/]"
)  # a Hub that is tried: nothing leaves the computer


class Reach(StrEnum):
    """From where browsers come."""

    HERE = "here"  # this computer, by the printed address
    PROXY = "proxy"  # others, through a proxy on this computer that speaks TLS
    OTHERS = "others"  # others, by the workbench's own certificate
    HUB = "hub"  # others, through a JupyterHub whose service it is


def safe(workspace: Workspace, reach: Reach) -> None:
    """Returns when children's records may be served so far; raises BadInput or NotReady, with what to do."""
    if reach is Reach.HERE or (reach is Reach.HUB and _LOOPBACK.match(workspace.address)):
        return
    if not workspace.address.startswith("https://"):
        raise BadInput(
            _("Other computers reach the workbench by https alone, and no such address is named."),
            _('Write it into workbench.toml, under [serving]: address = "https://workbench.school.lan:8866"'),
        )
    if reach is Reach.OTHERS and not (workspace.certificate and workspace.certificate_key):
        raise NotReady(
            _("There is no certificate, so what children say could be read on the way."),
            _(
                "Name the school’s in workbench.toml, under [serving]; or make one: workbench certificate HOST; "
                "or put a proxy that has one in front, and serve with --behind-proxy."
            ),
        )


class Renewed:
    """The certificate of a workspace, read anew when its file changes. Lives as long as the server."""

    def __init__(self, workspace: Workspace) -> None:
        self._files = tuple(workspace.folder / Path(one) for one in (workspace.certificate, workspace.certificate_key))
        self._seen = self._when()
        self.context: SSLContext = certificates.context(*self._files)

    def look(self) -> None:
        """Takes a newer certificate for whoever connects from now on; one that cannot be used changes nothing."""
        now = self._when()
        if now == self._seen:
            return
        try:
            certificates.load(self.context, *self._files)
        except BadInput:  # half of it is there: the next look
            return
        self._seen = now

    def _when(self) -> tuple[int, ...]:
        return tuple(one.stat().st_mtime_ns if one.exists() else 0 for one in self._files)
