"""No kernel listens at a port: other people of the machine could knock there."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from pathlib import Path

import psutil
import pytest

from workbench.kernels import NAME
from workbench.kernels.zygote import FORK, able

from ..browser import VoilaServer
from ..kernels.test_engine import THEIRS, notebook, run
from ..people import Sitting, Visitor, family

ACTOR = "teacher:t17"
WAYS = [pytest.param("", marks=pytest.mark.skipif(not able(), reason="nothing is forked here")), "0"]
#: Subprocesses that Python forks, and what they print: ipykernel brings that home by the port that ours has not.
#: One after the other, for ipykernel sends a line and its end apart.
SUBPROCESS = """
import multiprocessing, os
def speak(number):
    print(f"from below, {number}", flush=True)
for number in range(3):
    below = multiprocessing.get_context("fork").Process(target=speak, args=(number,))
    below.start()
    below.join()
"""


def listening(pid: int) -> list[str]:
    """Where a process and those below it listen, or are bound, other than at files."""
    found = []
    for one in family(pid):
        try:
            found += [f"{one.pid} {' '.join(one.cmdline())[:80]} {each.laddr}" for each in one.net_connections("inet")]
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("fork", WAYS)
def test_nothing_but_the_server_listens_while_pages_are_open(demo: Path, fork: str) -> None:
    async def visit(server: VoilaServer) -> list[str]:
        visitor = await Visitor.let_in(server.entry)
        async with Sitting.open(visitor, "my_class"), Sitting.open(await Visitor.let_in(server.entry), "my_class"):
            return listening(server.process.pid)

    with VoilaServer(demo, actor=ACTOR, env={FORK: fork}) as server:
        found = asyncio.run(visit(server))
    port = int(server.address.rpartition(":")[2])
    assert [one for one in found if f"port={port}" not in one] == []


@pytest.mark.parametrize("fork", WAYS)
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="nothing is forked here")
def test_what_a_subprocess_prints_arrives_without_a_port(
    fork: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from workbench import kernels

    monkeypatch.setenv(FORK, fork)
    monkeypatch.setenv("JUPYTER_PATH", kernels.jupyter_path(os.environ))
    monkeypatch.chdir(tmp_path)
    made = run(
        THEIRS,
        notebook(
            SUBPROCESS, "import os, psutil\n[str(one) for one in psutil.Process().net_connections('inet')]", kernel=NAME
        ),
    )
    said = "".join(one.text for one in made.cells[1].outputs).splitlines()
    assert said == [f"from below, {number}" for number in range(3)]
    assert made.cells[2].outputs[0].data["text/plain"] == "[]"
