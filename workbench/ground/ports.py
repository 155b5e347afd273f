"""Ports of this machine, and why one cannot be had."""

from __future__ import annotations

import errno
import socket

from tornado import netutil

from workbench.ground.errors import BadInput
from workbench.ground.words import _

ADDRESS = "127.0.0.1"
HIGHEST = 65_535


def listen(port: int, *, open_to_others: bool = False) -> list[socket.socket]:
    """Sockets that listen on a port of this machine, alone or `open_to_others`; whoever asks closes them.

    Raises BadInput when the port is taken, is none, or is not for people to use.
    """
    if not 0 <= port <= HIGHEST:  # the system would take the remainder, another port than was asked for
        raise BadInput(_("There is no port {port}.").format(port=port), _("Ports go from 1024 to 65535."))
    try:
        return netutil.bind_sockets(port, "" if open_to_others else ADDRESS)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadInput(
                _("Port {port} is in use: perhaps the workbench runs already.").format(port=port),
                _("Use the window where it runs, or choose another port, such as --port {other}.").format(
                    other=port + 1
                ),
            ) from None
        raise BadInput(
            _("Port {port} cannot be used: {why}.").format(port=port, why=(error.strerror or "").lower()),
            _("Choose a port from 1024 on, such as --port 8866."),
        ) from None
