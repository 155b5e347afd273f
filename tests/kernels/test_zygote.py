"""What crosses a fork and what must not: nothing of one run is reachable in the next."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from workbench import Workbench
from workbench.kernels.zygote import CannotFork, Zygote, able, zygote
from workbench.sample.demo import ACTOR
from workbench.workspace import Workspace

from ..conftest import TODAY, clock
from ..faults.conftest import class_list
from .test_engine import OWN, notebook, run

pytestmark = pytest.mark.skipif(not able(), reason="nothing is forked here")

#: Looks for the secret wherever a process can look; it is spelt backwards so as not to find itself.
SEARCH = """
import gc, os, pathlib, sys, tempfile
secret = "tnedifnoc-yrev-si-siht"[::-1]
found = []
if any(secret in value for value in os.environ.values()): found.append("environment")
for name, module in list(sys.modules.items()):
    values = {key: value for key, value in list(getattr(module, "__dict__", {}).items()) if key != "secret"}
    if any(isinstance(value, str) and value == secret for value in values.values()): found.append("module " + name)
for folder in {os.getcwd(), tempfile.gettempdir()}:
    found += [str(path) for path in pathlib.Path(folder).rglob("*planted*")]
if any(secret in line for line in get_ipython().history_manager.input_hist_raw): found.append("history")
needle = secret.encode()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
    copies = 0
    for line in maps:
        span, rights, *_ = line.split()
        if rights.startswith("rw"):
            begin, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(begin); copies += memory.read(end - begin).count(needle)
            except (OSError, ValueError, OverflowError): pass
# the one we are looking with, and what reading made of it
print("found", found, "in memory", copies > 40)
"""
PLANT = """
import builtins, functools, os, pathlib, sys, tempfile, types
import pandas, workbench.ground.words
secret = "tnedifnoc-yrev-si-siht"[::-1]
planted = [secret + str(number) for number in range(500)]
builtins.planted = secret; pandas.planted = secret; workbench.ground.words.planted = secret
sys.modules["planted"] = types.ModuleType("planted", secret); sys.modules["planted"].planted = secret
os.environ["PLANTED"] = secret
pathlib.Path("planted.txt").write_text(secret)
tempfile.NamedTemporaryFile(prefix="planted", delete=False).write(secret.encode())
functools.cache(lambda: secret)()
"""


def shown(made: Any) -> list[str]:
    return ["".join(one.text for one in cell.get("outputs", ()) if "text" in one) for cell in made.cells]


@pytest.mark.parametrize("many", [6, pytest.param(28, marks=pytest.mark.soak)])
def test_nothing_of_one_learners_report_is_reachable_in_the_next(tmp_path: Path, many: int) -> None:
    place = Workspace.create(tmp_path / "school", actor=ACTOR).folder
    made = notebook("learner = 0", SEARCH, PLANT, SEARCH, "os.getcwd(), tempfile.gettempdir()", kernel="workbench")
    made.cells[1].metadata["tags"] = ["parameters"]
    (place / "reports").mkdir()
    nbformat.write(made, place / "reports" / "looks.ipynb")
    with Workbench.open(place, actor="admin:office", clock=clock) as bench:
        bench.imports.run(class_list(place / "exports", "list", "4B", many), on=TODAY)
    with Workbench.open(place, actor=ACTOR, clock=clock) as bench:
        outcome = bench.reports.run("looks", of="4B", to=place / "out" / "looks", formats=["ipynb"], jobs=1)
    assert not outcome.failures
    pages = [nbformat.read(path, as_version=4) for path in outcome.made]
    assert len(pages) == many
    for page in pages:
        said = [text for text in shown(page) if text]
        assert said[0] == "found [] in memory False\n"
        assert "'environment'" in said[1]  # the search does find what is there
        assert "planted.txt" in said[1]
        assert "module pandas" in said[1]
        assert said[1].endswith("in memory True\n")
    places = [page.cells[-1].outputs[0].data["text/plain"] for page in pages]
    assert len(set(places)) == many
    assert not any(Path(place).exists() for text in places for place in eval(text))


def test_seeds_and_ids_differ_between_children() -> None:
    what = notebook(
        "import random, uuid, secrets, tempfile, numpy, json\n"
        "k = get_ipython().kernel\n"
        "[random.random(), numpy.random.rand(), float(numpy.random.default_rng().random()), uuid.uuid4().hex,"
        " secrets.token_hex(8), tempfile.mktemp(), k.session.session, k.ident, k.session.msg_id]"
    )
    drawn = [run(OWN, what).cells[1].outputs[0].data["text/plain"] for _time in range(3)]
    for values in zip(*(eval(text) for text in drawn), strict=True):
        assert len(set(values)) == 3, values


def test_no_file_socket_or_database_crosses_a_fork(tmp_path: Path) -> None:
    listing = (
        "import os\n[os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') "
        "if os.path.exists(f'/proc/self/fd/{n}') or os.path.islink(f'/proc/self/fd/{n}')]"
    )
    with (
        sqlite3.connect(tmp_path / "open.sqlite") as database,
        (tmp_path / "open.txt").open("w") as file,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        database.execute("CREATE TABLE t (a)")
        for descriptor in (file.fileno(), server.fileno()):
            os.set_inheritable(descriptor, True)
        zygote().close()  # the next one is started while all this is open
        open_here = [one.path for one in psutil.Process().open_files() if str(tmp_path) in one.path]
        there = eval(run(OWN, notebook(listing)).cells[1].outputs[0].data["text/plain"])
    assert not [place for place in there if str(tmp_path) in place]
    assert len([place for place in there if place.startswith("socket:")]) <= 3  # the line, and the loop's own pair
    assert open_here


@pytest.fixture
def own_zygote() -> Iterator[None]:
    """This process's zygote begins in the test's environment, and ends with it."""
    zygote.__globals__["_zygote"].cache_clear()
    yield
    zygote().close()
    zygote.__globals__["_zygote"].cache_clear()


THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), name='lazy', daemon=True).start()\n"


@pytest.mark.usefixtures("own_zygote")
def test_what_starts_a_thread_is_left_to_the_notebook_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "starts_a_thread.py").write_text(THREAD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_PRELOAD", "starts_a_thread calendar")
    made = run(
        OWN, notebook("import os, sys\nos.getppid(), 'starts_a_thread' in sys.modules, 'calendar' in sys.modules")
    )
    assert made.cells[1].outputs[0].data["text/plain"] == f"({zygote().pid}, False, True)"
    assert "starts_a_thread is not kept ready" in zygote().complaint
    assert "(lazy)" in zygote().complaint


@pytest.mark.usefixtures("own_zygote")
def test_a_zygote_that_cannot_be_without_threads_does_not_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sitecustomize.py").write_text(THREAD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Zygote([])
    ours, theirs = socket.socketpair()
    with ours, pytest.raises(CannotFork, match="lazy"):
        made.fork("os:getpid", {}, theirs, environ=os.environ, folder="/", stdio=(0, 1, 2))
    assert "(lazy)" in made.complaint
    assert made.look() == made.complaint
    made.close()
    # and a notebook is run all the same
    assert run(OWN, notebook("1 + 1")).cells[1].outputs[0].data["text/plain"] == "2"
    assert "lazy" in caplog.text


@pytest.mark.long
@pytest.mark.usefixtures("own_zygote")
def test_forks_go_on_beside_libraries_that_like_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_PRELOAD", "pyarrow.dataset duckdb matplotlib.pyplot polars")
    look = notebook(
        "import os, sys, pandas, pyarrow, polars, duckdb\n"
        "frame = pandas.DataFrame({'who': ['a', 'b', 'a'], 'many': [1, 2, 3]})\n"
        "sums = (pyarrow.table(frame).group_by('who').aggregate([('many', 'sum')]).to_pandas()['many_sum'].tolist(),\n"
        "        polars.DataFrame(frame).group_by('who').sum().sort('who')['many'].to_list(),\n"
        "        duckdb.sql('select sum(many) from frame group by who order by who').fetchall())\n"
        "os.getppid(), *sums, str(frame['who'].dtype.storage)"
    )
    made = run(OWN, look)
    assert eval(made.cells[1].outputs[0].data["text/plain"]) == (
        zygote().pid, [4, 2], [4, 2], [(4,), (2,)], "pyarrow",
    )  # fmt: skip
    assert zygote().complaint.startswith("polars is not kept ready")


def test_what_cannot_be_preloaded_is_left_to_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Zygote(["no_such_module_at_all"])
    ours, theirs = socket.socketpair()
    with ours:
        child = made.fork("time:sleep", {"secs": 0}, theirs, environ=os.environ, folder="/", stdio=(0, 1, 2))
        assert child.wait(10) is not None
    child.end()
    made.close()


def test_a_zygote_that_dies_is_made_anew() -> None:
    what = notebook("import os\nos.getppid()")
    first = run(OWN, what).cells[1].outputs[0].data["text/plain"]
    assert int(first) == zygote().pid
    psutil.Process(int(first)).kill()
    second = run(OWN, what).cells[1].outputs[0].data["text/plain"]
    assert int(second) == zygote().pid != int(first)


def test_code_that_changed_is_not_forked() -> None:
    from workbench.kernels import wire

    what = notebook("import os\nos.getppid()")
    first = run(OWN, what).cells[1].outputs[0].data["text/plain"]
    path = Path(wire.__file__)
    was = path.stat()
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns + 1_000_000))
    try:
        assert run(OWN, what).cells[1].outputs[0].data["text/plain"] != first
    finally:
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_nothing_is_left_when_the_owner_is_killed(tmp_path: Path) -> None:
    nbformat.write(
        notebook(
            "import os, pathlib, subprocess, time\n"
            "below = subprocess.Popen(['sleep', '300'])\n"
            f"pathlib.Path({str(tmp_path / 'pids')!r}).write_text(f'{{os.getpid()}} {{os.getppid()}} {{below.pid}}')\n"
            "while True: pass"
        ),
        tmp_path / "in.ipynb",
    )
    owner = subprocess.Popen(
        [Path(sys.executable).with_name("papermill"), "--engine", OWN, "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    for _wait in range(1800):
        if (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().count(" ") == 2:
            break
        time.sleep(0.1)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert all(psutil.pid_exists(pid) for pid in pids)
    owner.kill()
    owner.wait()
    deadline = time.monotonic() + 60
    while (left := [pid for pid in pids if _lives(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


@pytest.mark.long
def test_no_zombie_is_left_of_many_runs() -> None:
    for _time in range(5):
        run(OWN, notebook("1"))
    time.sleep(0.2)
    below = psutil.Process(zygote().pid).children(recursive=True)
    assert [(one.status(), one.cmdline()) for one in below] == []


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
