"""No test can reach another computer."""

from __future__ import annotations

import socket
import urllib.request

import pytest

from .alone import is_here

#: Addresses that nobody has (RFC 5737, RFC 3849) and a name that nobody has (RFC 2606).
NOBODY, NOBODY_6, NOWHERE = "192.0.2.1", "2001:db8::1", "school.example"


@pytest.mark.parametrize("host", [NOBODY, NOBODY_6, NOWHERE])
def test_nothing_is_asked_of_another_host(host: str) -> None:
    with pytest.raises(RuntimeError, match="another host"):
        socket.create_connection((host, 80), timeout=1)
    with pytest.raises(RuntimeError, match="another host"):
        urllib.request.urlopen(f"http://{f'[{host}]' if ':' in host else host}/", timeout=1)


def test_nothing_is_sent_to_another_host() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, pytest.raises(RuntimeError, match="another host"):
        line.sendto(b"?", (NOBODY, 53))


def test_this_computer_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=10).close()
    assert all(map(is_here, ["127.0.0.1", "::1", "0.0.0.0", b"localhost", "", None]))
