"""Caddy and nginx as docs/guides/school.md sets them up, where they are installed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "school.md"
#: What stands around the guide's nginx block, in a folder of its own: no log, no daemon, one process.
_AROUND = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {block}
}}
"""


def block(kind: str, number: int = 0) -> str:
    """One of the guide's examples."""
    found = re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found[number])


@contextmanager
def proxy(kind: str, port: int, folder: Path, said: Mapping[str, str], number: int = 0) -> Iterator[None]:
    """The guide's example at a port of its own, with other words for what it names; skips where it is not installed."""
    program = shutil.which("caddy" if kind == "caddyfile" else kind)
    if program is None:
        pytest.skip(f"{kind} is not installed here")
    folder.mkdir()
    text = block(kind, number)
    for name, meant in said.items():
        assert name in text, name
        text = text.replace(name, meant)
    config = folder / kind
    if kind == "nginx":
        config.write_text(_AROUND.format(folder=folder, block=text), encoding="utf-8")
        command = [program, "-e", str(folder / "error.log"), "-c", str(config)]
    else:
        alone = "{\n    admin off\n    auto_https disable_redirects\n    skip_install_trust\n}\n"
        config.write_text(alone + text, encoding="utf-8")
        command = [program, "run", "--adapter", "caddyfile", "--config", str(config)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        )
    try:
        until = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
