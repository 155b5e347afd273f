"""The README's commands, on a machine that has nothing of ours: only where asked for by its name (make fresh)."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.request import urlopen

import pytest

from ..conftest import ROOT

WITHOUT_MAKE = re.compile(r"^Without make.*?^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What git has, as it is in the folder now, and nothing else."""
    to = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(to)], check=True)
    changed = subprocess.run(["git", "diff", "HEAD", "--binary"], cwd=ROOT, check=True, capture_output=True).stdout
    if changed:
        subprocess.run(["git", "apply", "--allow-empty", "-"], cwd=to, check=True, input=changed)
    return to


@pytest.fixture
def nothing_set() -> dict[str, str]:
    """An environment that knows nothing of the one these tests run in."""
    ours = ("VIRTUAL_ENV", "PYTHON", "WORKBENCH_", "JUPYTER_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def addresses(said: IO[str]) -> Iterator[str]:
    for line in said:
        yield from re.findall(r"http://127\.0\.0\.1:\d+/", line)


@pytest.mark.fresh
def test_without_make_a_virtual_environment_and_two_commands_set_it_up(
    clone: Path, nothing_set: dict[str, str]
) -> None:
    shown = WITHOUT_MAKE.search((clone / "README.md").read_text(encoding="utf-8"))
    assert shown
    *set_up, demo = [shlex.split(line, comments=True) for line in shown[1].splitlines()]
    for command in set_up:
        words = [sys.executable if word == "python3" else word for word in command]
        done = subprocess.run(
            words,
            cwd=clone,
            env=nothing_set,
            check=False,
            timeout=1200,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout.decode()[-2000:]
    with subprocess.Popen(
        [*demo, "--port", "0"], cwd=clone, env=nothing_set, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as serving:
        try:
            assert serving.stdout is not None
            with urlopen(next(addresses(serving.stdout)), timeout=60) as home:
                assert home.status == 200
            assert len(list(clone.glob("demo/out/*/*/*.html"))) >= 28
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(timeout=120)
