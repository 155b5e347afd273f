"""A Jupyter kernel that was forked, or waited ready, is the kernel that would have been started."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from workbench import kernels
from workbench.kernels import spares as spares_module
from workbench.kernels.provisioner import ForkProvisioner
from workbench.kernels.spares import Forked, Spares, spares
from workbench.kernels.zygote import FORK, able, zygote

from ..browser import VoilaServer
from ..serving.test_serving import Visitor, notebook, school

FORKED, ORDINARY = "forked", "ordinary"
forks = pytest.mark.skipif(not able(), reason="kernels are forked on Linux only")

FACTS = """
import locale, logging, os, resource, signal, sys, tempfile
shell = get_ipython()
facts = {
    "environment": dict(os.environ), "folder": os.getcwd(), "start": shell.starting_dir, "path": sys.path,
    "flags": str(sys.flags), "command": [os.path.basename(sys.argv[0]), sys.argv[1]],
    "temporary": tempfile.gettempdir(),
    "encoding": (locale.getlocale(), sys.stdout.encoding, sys.getfilesystemencoding()),
    "signals": {one.name: repr(signal.getsignal(one)).partition(" at ")[0] for one in signal.Signals},
    "masked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "mask": (os.umask(0o22), os.umask(0o22)),
    "names": sorted(globals()), "hidden": sorted(shell.user_ns_hidden), "name": __name__,
    "main": vars(sys.modules["__main__"]) is globals(), "extensions": sorted(shell.extension_manager.loaded),
    "magics": sorted(shell.magics_manager.magics["line"]), "profile": shell.profile_dir.location,
    "history": shell.history_manager.enabled, "input": os.read(0, 1), "terminal": [os.isatty(n) for n in range(3)],
    "inherited": [n for n in range(3, 200) if os.path.exists(f"/proc/self/fd/{n}") and os.get_inheritable(n)],
    "leads": os.getpgid(0) == os.getsid(0) == os.getpid(), "files": resource.getrlimit(resource.RLIMIT_NOFILE),
    "loggers": {name: [type(one).__name__ for one in logging.getLogger(name).handlers] for name in ("", "tornado")},
    "connection": shell.kernel.parent.connection_file, "session": shell.user_ns.get("__session__"),
}
"""


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Kernels are forked ahead at once, and found by their name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spares_module, "QUIET", 0.0)
        patch.setenv("JUPYTER_PATH", kernels.jupyter_path(os.environ))
        yield
    if able():
        spares().close()


@pytest.fixture(params=[pytest.param(FORKED, marks=forks), ORDINARY])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How kernels start in this test: each of the two."""
    monkeypatch.setenv(FORK, "0" if request.param == ORDINARY else "")
    return str(request.param)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What a kernel is given: no configuration of IPython but a test's own, and nothing of pytest's."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "JPY", "WORKBENCH"))}
    return {**env, "IPYTHONDIR": str(tmp_path / "ipython"), "WHO": "a claim"}


class Kernel:
    """A kernel with the client that talks to it."""

    def __init__(self, env: Mapping[str, str], *, config: Config | None = None, **given: Any) -> None:
        self.manager = KernelManager(kernel_name=kernels.NAME, config=config)
        self.manager.start_kernel(env=dict(env), **given)
        self.client: BlockingKernelClient = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=180)

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]

    @property
    def forked(self) -> bool:
        return isinstance(self.manager.provisioner.process, Forked)  # type: ignore[union-attr]

    def ask(self, expression: str, *, after: str = "pass") -> Any:
        """The value of an expression in the kernel, once `after` has run there."""
        reply = self.client.execute_interactive(
            after, user_expressions={"it": expression}, timeout=180, output_hook=lambda _: None, store_history=False
        )["content"]
        assert reply["status"] == "ok", reply
        assert reply["user_expressions"]["it"]["status"] == "ok", reply
        return ast.literal_eval(reply["user_expressions"]["it"]["data"]["text/plain"])


def waiting(count: int = 2) -> set[int]:
    """The processes of kernels that were forked ahead, once there are so many."""
    eventually(lambda: len(_children(zygote().pid)) >= count)
    return _children(zygote().pid)


def ready(env: Mapping[str, str]) -> set[int]:
    """Has kernels forked ahead for such an environment; their processes."""
    spares().close()
    spares().prepare(env)
    return waiting()


def eventually(what: Callable[[], object], seconds: float = 120) -> None:
    give_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up, "it did not come to pass"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether a process has ended; whoever is to reap it may take a moment."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _children(pid: int | None) -> set[int]:
    return {one.pid for one in psutil.Process(pid).children()} if pid else set()


def test_a_kernel_starts_is_interrupted_restarts_and_ends(way: str, environ: dict[str, str], tmp_path: Path) -> None:
    with Kernel(environ, cwd=str(tmp_path)) as kernel:
        assert kernel.forked == (way == FORKED)
        assert kernel.ask("kept, os.getcwd()", after="import os\nkept = 7") == (7, str(tmp_path))
        first, connection = kernel.pid, Path(kernel.manager.connection_file)
        another = BlockingKernelClient(connection_file=str(connection))
        another.load_connection_file()
        another.start_channels()
        another.wait_for_ready(timeout=180)
        another.stop_channels()

        asked = kernel.client.execute("import subprocess\nsubprocess.run(['sleep', '789'])")
        eventually(lambda: [one for one in psutil.Process(first).children() if one.name() == "sleep"])
        kernel.manager.interrupt_kernel()
        reply = kernel.client._recv_reply(asked, timeout=180)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert psutil.Process(first).children() == []

        kernel.manager.restart_kernel()
        kernel.client.wait_for_ready(timeout=180)  # the client of before
        assert kernel.ask("'kept' in globals()") is False
        assert kernel.pid != first
        assert gone(first)

        last, where = kernel.pid, kernel.manager.ip
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel()
        assert not kernel.manager.is_alive()
        assert gone(last)
        assert not connection.exists()
        assert way == ORDINARY or list(Path(where).parent.glob(f"{Path(where).name}*")) == []
    assert [one for one in psutil.Process().children(recursive=True) if one.status() == psutil.STATUS_ZOMBIE] == []


@forks
def test_a_forked_kernel_finds_what_an_ordinary_one_finds(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environ |= {"TMPDIR": str(scratch), "TZ": "Asia/Tokyo", "JPY_SESSION_NAME": "a notebook"}
    found = []
    for fork, ahead in (("0", False), ("1", False), ("1", True)):
        monkeypatch.setenv(FORK, fork)
        there = ready({**environ, "LEFT_OVER": "of a birth", "TZ": "Europe/Rome"}) if ahead else set()
        with Kernel(environ, cwd=str(tmp_path)) as kernel:
            assert (kernel.forked, kernel.pid in there) == (fork == "1", ahead)
            facts = kernel.ask("facts", after=FACTS)
            assert facts.pop("connection") == kernel.manager.connection_file
            found.append(facts)
    assert found[0]["environment"]["WHO"] == "a claim"
    assert found[0]["temporary"] == str(scratch)
    assert found[1] == found[0]
    assert found[2] == found[0]


def test_start_up_files_run_with_the_environment_of_whoever_wants_the_kernel(
    way: str, environ: dict[str, str], tmp_path: Path
) -> None:
    place = Path(environ["IPYTHONDIR"]) / "profile_default" / "startup"
    place.mkdir(parents=True)
    (place / "first.py").write_text("import os\nseen = os.environ['WHO'], os.getcwd()")
    if way == FORKED:
        ready({**environ, "WHO": "a birth"})
    with Kernel(environ, cwd=str(tmp_path)) as kernel:
        assert kernel.ask("seen") == ("a claim", str(tmp_path))


def test_a_persons_own_configuration_runs_with_that_environment_too(
    way: str, environ: dict[str, str], tmp_path: Path
) -> None:
    there = ready({**environ, "WHO": "a birth"}) if way == FORKED else set()
    place = Path(environ["IPYTHONDIR"]) / "profile_default"
    place.mkdir(parents=True, exist_ok=True)
    (place / "ipython_config.py").write_text(
        "import os\nc.InteractiveShellApp.exec_lines = [f\"seen = {os.environ['WHO']!r}\"]"
    )
    for _time in range(2):
        with Kernel(environ) as kernel:
            assert kernel.ask("seen") == "a claim"
            assert kernel.pid not in there


def test_widgets_are_connected(way: str, environ: dict[str, str]) -> None:
    if way == FORKED:
        ready(environ)
    with Kernel(environ) as kernel:
        asked = "sorted(get_comm_manager().targets), slider.comm is not None"
        made = "import ipywidgets\nfrom comm import get_comm_manager\nslider = ipywidgets.IntSlider()"
        targets, connected = kernel.ask(asked, after=made)
        assert "jupyter.widget" in targets
        assert connected


@forks
def test_kernels_share_no_randomness(environ: dict[str, str]) -> None:
    drawn = "random.random(), numpy.random.random(), str(uuid.uuid4()), tempfile.mktemp(), session"
    ready(environ)
    found = []
    for _kernel in range(4):
        with Kernel(environ) as kernel:
            after = "import numpy, random, tempfile, uuid\nsession = get_ipython().kernel.session.session"
            found.append(kernel.ask(drawn, after=after))
    assert [len({*values}) for values in zip(*found, strict=True)] == [4] * 5


@forks
@pytest.mark.parametrize(("name", "value"), [("IPYTHONDIR", "elsewhere"), ("HOME", "home"), ("arguments", "")])
def test_a_kernel_that_was_forked_ahead_for_another_is_not_taken(
    environ: dict[str, str], tmp_path: Path, name: str, value: str
) -> None:
    there = ready(environ)
    given: dict[str, Any] = {}
    if name == "arguments":
        given["extra_arguments"] = ["--InteractiveShell.ast_node_interactivity=all"]
    else:
        (tmp_path / value).mkdir()
        environ[name] = str(tmp_path / value)
    with Kernel(environ, **given) as kernel:
        assert kernel.forked
        assert kernel.pid not in there
        assert kernel.ask("get_ipython().ast_node_interactivity") == ("all" if given else "last_expr")
        eventually(lambda: all(map(gone, there)))
        later = waiting(3) - {kernel.pid}
    with Kernel(environ, **given) as kernel:
        assert kernel.pid in later


@forks
@pytest.mark.parametrize("size", [0, 1])
def test_no_more_wait_than_were_wanted(environ: dict[str, str], size: int) -> None:
    spares().close()
    eventually(lambda: not _children(zygote().pid))
    before = _children(zygote().pid)
    few = Spares(zygote(), size)
    few.prepare(environ)
    eventually(lambda: len(_children(zygote().pid) - before) == size)
    time.sleep(0.3)
    assert len(_children(zygote().pid) - before) == size
    few.end()
    eventually(lambda: not _children(zygote().pid) - before)


@forks
def test_ten_kernels_start_at_once(environ: dict[str, str]) -> None:
    async def started() -> set[int]:
        many = AsyncMappingKernelManager(
            default_kernel_name=kernels.NAME, kernel_spec_manager=KernelManager().kernel_spec_manager
        )
        ids = await asyncio.gather(*(many.start_kernel(env={**environ, "NUMBER": str(n)}) for n in range(10)))
        found = set()
        for number, kernel in enumerate(ids):
            client: Any = many.get_kernel(kernel).client()
            client.start_channels()
            await client.wait_for_ready(timeout=180)
            code = "import os"
            reply = await client.execute(code, user_expressions={"it": "os.environ['NUMBER'], os.getpid()"}, reply=True)
            told, pid = ast.literal_eval(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])
            assert told == str(number)
            found.add(pid)
            client.stop_channels()
        await many.shutdown_all(now=True)
        return found

    found = asyncio.run(started())
    assert len(found) == 10
    assert all(map(gone, found))


def test_a_server_starts_a_kernel_that_died_again(way: str, environ: dict[str, str]) -> None:
    async def again() -> None:
        config = Config(KernelRestarter={"time_to_dead": 0.2})
        many = AsyncMappingKernelManager(default_kernel_name=kernels.NAME, config=config)
        kernel: Any = many.get_kernel(await many.start_kernel(env=environ))
        client = kernel.client()
        client.start_channels()
        await client.wait_for_ready(timeout=180)
        first = kernel.provisioner.pid
        psutil.Process(first).kill()
        for _wait in range(2000):
            await asyncio.sleep(0.05)
            if kernel.provisioner.pid != first and await kernel.is_alive():
                break
        await client.wait_for_ready(timeout=180)
        reply = await client.execute("import os", user_expressions={"it": "os.getpid()"}, reply=True, timeout=180)
        assert reply["content"]["user_expressions"]["it"]["data"]["text/plain"] == str(kernel.provisioner.pid)
        client.stop_channels()
        await many.shutdown_all(now=True)

    asyncio.run(again())


@forks
def test_kernels_outlive_their_zygote_and_the_next_start_makes_another(environ: dict[str, str]) -> None:
    with Kernel(environ) as kernel:
        first = zygote().pid
        assert first
        psutil.Process(first).kill()
        assert kernel.ask("6 * 7") == 42
        psutil.Process(kernel.pid).kill()
        eventually(lambda: not kernel.manager.is_alive())
        with Kernel(environ) as other:
            assert other.forked
            assert other.ask("6 * 7") == 42
        assert zygote().pid not in (None, first)


@forks
def test_a_page_s_kernel_is_forked_and_nothing_is_left_of_a_server_that_is_killed(
    environ: dict[str, str], tmp_path: Path
) -> None:
    begun = "import os, subprocess\nsubprocess.Popen(['sleep', '789'])\nprint(f'PROCESS{os.getpid()}END')"
    app = notebook(tmp_path / "page.ipynb", begun)
    with VoilaServer(school(tmp_path / "school", "4B").folder, apps={"page": (app, False)}, env=environ) as server:
        owner = psutil.Process(server.process.pid)
        shown = re.search(r"PROCESS(\d+)END", Visitor(server).enter().open("page").text)
        assert shown
        left = [one.pid for one in owner.children(recursive=True)]
        assert int(shown[1]) in left
        assert len(left) >= 4  # the converter, the zygote, the kernel and what it started
        server.process.kill()
        eventually(lambda: all(map(gone, left)))


def test_what_kernels_that_waited_leave_of_an_owner_that_is_killed_is_taken_away_by_the_next(
    environ: dict[str, str],
) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="wb-"))  # the path of a socket is short, pytest's are not
    env = {**environ, "TMPDIR": str(scratch)}
    keeps = (
        "import os, time\nfrom workbench.kernels.spares import spares\nspares().prepare(os.environ)\ntime.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", keeps], env=env)
    eventually(lambda: len(list(scratch.glob("workbench-kernels-*/*-5"))) == 2)  # two listen
    left = [one.pid for one in psutil.Process(owner.pid).children(recursive=True)]
    owner.kill()
    owner.wait()
    eventually(lambda: all(map(gone, left)))
    assert list(scratch.glob("workbench-kernels-*"))
    again = "from workbench.kernels.spares import spares\nspares()"
    subprocess.run([sys.executable, "-c", again], env=env, check=True)
    assert list(scratch.glob("workbench-kernels-*")) == []
    shutil.rmtree(scratch)


def test_what_a_kernel_writes_goes_where_its_owner_said(way: str, environ: dict[str, str], tmp_path: Path) -> None:
    if way == FORKED:
        ready(environ)
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("w") as one, err.open("w") as two, Kernel(environ, stdout=one, stderr=two) as kernel:
        kernel.ask("0", after="import os\nos.write(1, b'one\\n')\nos.write(2, b'two\\n')")
        eventually(lambda: "two" in err.read_text())
    assert out.read_text() == "one\n"
    with Kernel(environ, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as kernel:
        assert kernel.ask("1") == 1


@pytest.mark.parametrize("given", ["tcp", "pipe", "python"])
def test_what_a_fork_cannot_give_comes_the_ordinary_way(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    config, more = Config(), {}
    if given == "tcp":
        config.KernelManager.ip = "0.0.0.0"
    elif given == "pipe":
        more["stdout"] = subprocess.PIPE
    else:
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o700)
        spec = json.loads((kernels.DATA / "kernels" / kernels.NAME / "kernel.json").read_text())
        place = tmp_path / "kernels" / kernels.NAME
        place.mkdir(parents=True)
        (place / "kernel.json").write_text(json.dumps({**spec, "argv": [str(python), *spec["argv"][1:]]}))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with Kernel(environ, config=config, **more) as kernel:
        assert isinstance(kernel.manager.provisioner, ForkProvisioner)
        assert not kernel.forked
        assert kernel.ask("6 * 7") == 42


@forks
def test_a_debugger_stops_at_a_line(environ: dict[str, str]) -> None:
    code = "a = 1\nb = a + 1\n"
    with Kernel(environ) as kernel:
        client = kernel.client

        def debug(command: str, **arguments: Any) -> Any:
            asked = client.session.msg(
                "debug_request", {"type": "request", "seq": 1, "command": command, "arguments": arguments}
            )
            client.control_channel.send(asked)
            answer = client._recv_reply(asked["header"]["msg_id"], timeout=180, channel="control")["content"]
            assert answer["success"], answer
            return answer.get("body")

        debug("initialize", clientID="test", adapterID="", pathFormat="path", linesStartAt1=True, columnsStartAt1=True)
        debug("attach")
        source = {"path": debug("dumpCell", code=code)["sourcePath"]}
        debug("setBreakpoints", source=source, breakpoints=[{"line": 2}], sourceModified=False)
        debug("configurationDone")
        asked = client.execute(code)
        while (said := client.get_iopub_msg(timeout=180))["content"].get("event") != "stopped":
            pass
        thread = said["content"]["body"]["threadId"]
        assert debug("stackTrace", threadId=thread)["stackFrames"][0]["line"] == 2
        debug("continue", threadId=thread)
        assert client._recv_reply(asked, timeout=180)["content"]["status"] == "ok"


_SPEC = {"name": kernels.NAME, "display_name": "Workbench", "language": "python"}
_PARENT = "from pathlib import Path\nimport os\n'kernels.forking' in Path(f'/proc/{os.getppid()}/cmdline').read_text()"


@forks
def test_papermills_ordinary_engine_runs_it() -> None:
    notebook = new_notebook(cells=[new_code_cell(_PARENT)], metadata={"kernelspec": _SPEC})
    made = papermill.execute_notebook(notebook, None, progress_bar=False)
    assert made.cells[0].outputs[0].data["text/plain"] == "True"


@forks
def test_nbval_runs_it(environ: dict[str, str], tmp_path: Path) -> None:
    shown = nbformat.v4.new_output("execute_result", {"text/plain": "True"}, execution_count=1)
    cell = new_code_cell(_PARENT, outputs=[shown], execution_count=1)
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": _SPEC}), tmp_path / "one.ipynb")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "one.ipynb"],
        cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@forks
def test_a_kernel_that_has_imported_our_code_of_yesterday_is_not_taken(environ: dict[str, str], tmp_path: Path) -> None:
    ours = tmp_path / "library" / "widgets"
    ours.mkdir(parents=True)
    (ours / "__init__.py").write_text("VERSION = 1")
    environ["PYTHONPATH"] = str(ours.parent)
    ready(environ)
    (ours / "__init__.py").write_text("VERSION = 2  # longer, since a file's time may be a coarse one")
    with Kernel(environ) as kernel:
        assert kernel.ask("widgets.VERSION, widgets.__file__", after="import widgets") == (2, str(ours / "__init__.py"))
