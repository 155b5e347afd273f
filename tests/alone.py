"""No test speaks with another computer: an audit hook refuses it in the tests' own process and all it forks."""

from __future__ import annotations

import ipaddress
import socket

HERE = {"", "localhost", socket.gethostname()}


def is_here(host: object) -> bool:
    """Whether a host's name or address is this computer's own; what is neither, as a path, is nobody else's."""
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in HERE:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def stay(event: str, given: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = given[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = given[0]
    else:
        return
    if not is_here(host):
        raise RuntimeError(f"a test asked for another host: {event}")
