"""The papermill engine `workbench`: a notebook comes out of it as it comes out of papermill's own."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from workbench import kernels
from workbench.ground import resources
from workbench.kernels.zygote import FORK, able
from workbench.sample.demo import ACTOR

forks = pytest.mark.skipif(not able(), reason="nothing is forked here")

OWN, THEIRS = "workbench", "nbclient"

#: Run one after the other in one notebook; each may fail, and the next goes on.
AWKWARD = r"""
21 * 2
---
import sys
print("out"); print("err", file=sys.stderr); print("more", end="")
---
print("half\rwhole\b\b")
---
x = 3;
---
x
---
print("ñandú 🦜 漢字 \u202eabc")
---
from IPython.display import HTML, JSON, Markdown, display
display(HTML("<b>b</b>"), JSON({"a": [1, None]}), Markdown("*m*"))
---
display({"text/plain": "p", "application/x-one": "two"}, raw=True, metadata={"application/x-one": {"k": 1}})
---
h = display("first", display_id="d")
h.update("second")
---
h.update("third, from another cell")
---
from IPython.display import clear_output
print("gone"); clear_output(); print("stays")
---
print("gone"); clear_output(wait=True); print("stays")
---
class M:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "m", "text/html": "<i>m</i>"}
M()
---
class R:
    def __repr__(self):
        raise ValueError("no repr")
R()
---
print("x" * 3_000_000)
---
for i in range(5000):
    print(i)
---
import asyncio
async def later():
    await asyncio.sleep(0.02)
    return "later"
await later()
---
async def tick():
    print("tick")
task = asyncio.ensure_future(tick())
await asyncio.sleep(0.05)
---
async def up():
    for i in range(3):
        yield i
[i async for i in up()]
---
ip = get_ipython()
type(ip).__name__, ip.execution_count, hasattr(ip, "kernel")
---
%alias_magic t timeit
%env HOME_OF_TEST=here
---
%%capture caught
print("into caught")
---
caught.stdout
---
%%bash
echo from bash; echo and wrong >&2; exit 3
---
!echo from the shell
---
lines = !printf 'a\nb\n'
lines
---
import os, time
os.system("echo from system")
---
import subprocess
ended = subprocess.run([sys.executable, "-c", "print(1); import sys; print(2, file=sys.stderr)"]).returncode
time.sleep(1)  # papermill's own engine may be late with what is written below Python
ended
---
subprocess.run(["cat"], input=b"fed", capture_output=True).stdout
---
os.write(1, b"straight into one\n")
time.sleep(0.5)
---
import threading
t = threading.Thread(target=print, args=("in a thread",))
t.start(); t.join()
---
t = threading.Thread(target=display, args=("shown in a thread",))
t.start(); t.join()
---
import multiprocessing as mp
p = mp.get_context("fork").Process(target=print, args=("in a fork",))
p.start(); p.join(); p.exitcode
---
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(len, ["a", "bb", "ccc"])))
---
with ProcessPoolExecutor(2, mp_context=mp.get_context("fork")) as pool:
    print(sum(pool.map(len, ["a", "bb", "ccc"])))
---
import logging
logging.getLogger("mine").warning("warned")
---
import warnings
warnings.warn("careful")
---
import signal
heard = []
signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
heard
---
1 / 0
---
def deep(n):
    return deep(n - 1) if n else {}["missing"]
deep(2)
---
if if
---
try:
    int("x")
except ValueError as error:
    raise RuntimeError("because") from error
---
raise Exception("<script>alert(1)</script>\x1b[31m")
---
input("your name? ")
---
import getpass
getpass.getpass()
---
sys.exit(3)
---
import time
os.kill(os.getpid(), signal.SIGINT)
time.sleep(5)
---
asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
await asyncio.sleep(5)
---
import ipywidgets as w
s = w.IntSlider(value=3, description="n")
s
---
s.value = 7
---
w.Image(value=b"\x89PNG" + bytes(range(200)))
---
o = w.Output()
with o:
    print("inside")
    display("shown inside")
o
---
o.clear_output()
with o:
    print("after")
---
len(o.outputs)
---
import anywidget, traitlets
class A(anywidget.AnyWidget):
    _esm = "export default {}"
    n = traitlets.Int(1).tag(sync=True)
A()
---
from comm import create_comm, get_comm_manager
c = create_comm(target_name="mine", data={"a": 1})
c.send({"b": 2}); c.close()
sorted(get_comm_manager().targets)
---
import pandas as pd
pd.DataFrame({"a": [1, 2], "b": ["x", None]})
---
import altair as alt
alt.Chart(pd.DataFrame({"a": [1]})).mark_point().encode(x="a").to_dict()["mark"]
---
In[1], len(Out) > 3, _i
---
__name__, "__file__" in globals(), sys.path[0]
---
import __main__
__main__.x
---
import pickle
class P: pass
pickle.loads(pickle.dumps(P())).__class__.__module__
---
get_ipython().system("exit 4")
_exit_code
---
len?
---
os.getppid() != 1, os.environ["JPY_PARENT_PID"] != "", os.environ.get("MPLBACKEND"), os.getcwd()
---
[os.environ.get(name) for name in ("TERM", "PAGER", "GIT_PAGER", "CLICOLOR", "FORCE_COLOR", "PYDEVD_USE_FRAME_EVAL")]
---
sys.__stdin__.read()
---
sys.stdout.isatty(), sys.stdout.encoding, sys.flags.safe_path
---
try:
    import matplotlib.pyplot as plt
    plt.plot([1, 2])
except ImportError:
    pass
---
import atexit, pathlib
_ = atexit.register(pathlib.Path("left behind").write_text, "yes")
"""


_MARKS = ("papermill-error-cell-tag", "papermill-error-cell")


def notebook(*sources: str, tags: tuple[str, ...] = (), kernel: str = "python3") -> Any:
    cells = [new_code_cell(source.strip("\n"), id=f"c{place}") for place, source in enumerate(sources)]
    for cell in cells:
        cell.metadata["tags"] = list(tags)
    return new_notebook(
        cells=[new_markdown_cell("# A notebook", id="title"), *cells],
        metadata={"kernelspec": {"name": kernel, "language": "python", "display_name": "Python"}},
    )


def run(which: str, what: Any, to: Path | None = None, **given: Any) -> Any:
    """What papermill makes of a notebook with one of the engines."""
    given = {"progress_bar": False, "execution_timeout": 60, **given}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # ipykernel would not look at what subprocesses print
        return papermill.execute_notebook(what, to, engine_name=which, **given)


def failed(which: str, what: Any, to: Path, error: type[Exception] = PapermillExecutionError, **given: Any) -> Any:
    """What papermill leaves of a notebook that fails."""
    with pytest.raises(error):
        run(which, what, to, **given)
    return nbformat.read(to, as_version=4)


def plain(made: Any, folder: Path | str = "") -> Any:
    """A notebook without what differs between any two runs: times, addresses, and the names of models."""
    made = json.loads(nbformat.writes(made))
    made["cells"] = [cell for cell in made["cells"] if not {*_MARKS} & {*cell["metadata"].get("tags", ())}]
    for cell in made["cells"]:
        told = cell["metadata"]["papermill"]
        for name in ("start_time", "end_time", "duration"):
            told[name] = told[name] is not None
        timing = cell["metadata"].get("execution", {})
        cell["metadata"]["execution"] = {name: bool(timing[name]) for name in timing}
        cell["outputs"] = _joined(cell.get("outputs", ()))
    for name in ("start_time", "end_time", "duration", "input_path", "output_path"):
        made["metadata"]["papermill"].pop(name)
    widgets = made["metadata"].pop("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    text = json.dumps({**made, "widgets": list(widgets.values())}, ensure_ascii=False, sort_keys=True)
    for what, instead in (
        (r"0x[0-9a-f]{6,}", "0x…"),
        (r"ipykernel_\d+/\d+", "ipykernel_…"),
        (r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "model"),
        (re.escape(str(folder)) if folder else r"(?!)", "HERE"),
    ):
        text = re.sub(what, instead, text)
    found = json.loads(text)
    found["widgets"].sort(key=json.dumps)
    return found


def _joined(outputs: Any) -> list[Any]:
    """Outputs with what one stream said in pieces put together: where it is cut is chance."""
    found: list[Any] = []
    for output in outputs:
        before = next((one for one in reversed(found) if one.get("name") == output.get("name")), None)
        recent = found[-2:] if output["output_type"] == "stream" else []
        if before is not None and any(one is before for one in recent):
            before["text"] = "".join([*before["text"], *output["text"]])
        else:
            found.append(dict(output, text="".join(output["text"])) if "text" in output else output)
    return sorted(found, key=lambda one: (one["output_type"] == "stream", one.get("name", "")))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The awkward notebook as papermill's own engine leaves it, and as ours does."""
    what = notebook(*AWKWARD.split("\n---\n"), tags=("raises-exception",))
    made = []
    for which in (THEIRS, OWN):
        folder = tmp_path_factory.mktemp(which)
        made.append(plain(failed(which, what, folder / "out.ipynb", cwd=str(folder)), folder))
        assert (folder / "left behind").read_text() == "yes"
    return made[0], made[1]


@forks
@pytest.mark.parametrize("place", range(AWKWARD.count("\n---\n") + 2))
def test_a_cell_is_what_it_is_with_papermills_own_engine(both: tuple[Any, Any], place: int) -> None:
    theirs, ours = both
    assert ours["cells"][place] == theirs["cells"][place]


@forks
def test_metadata_and_widgets_are_what_they_are_with_papermills_own_engine(both: tuple[Any, Any]) -> None:
    theirs, ours = both
    assert ours["metadata"] == theirs["metadata"]
    assert len(ours["widgets"]) >= 8
    assert ours["widgets"] == theirs["widgets"]


@forks
def test_an_output_widget_takes_an_error_and_much_text(tmp_path: Path) -> None:
    made = run(
        OWN,
        notebook(
            "import ipywidgets as w\no = w.Output()\no",
            'with o:\n    raise ValueError("inside")',
            'with o:\n    for i in range(300):\n        print("y" * 10_000)',
            "[one['output_type'] for one in o.outputs], sum(len(one.get('text', '')) for one in o.outputs)",
        ),
    )
    assert [len(cell.get("outputs", ())) for cell in made.cells[1:]] == [1, 0, 0, 1]
    assert made.cells[4].outputs[0].data["text/plain"] == "(['error', 'stream'], 3000300)"


@forks
@pytest.mark.parametrize(
    "sources",
    [
        ("1", "1 / 0", "never"),
        ("import sys\nprint('so far')\nsys.exit('enough')", "never"),
        ("raise KeyboardInterrupt", "never"),
        ("'fine'", "def broken(:", "never"),
    ],
    ids=["error", "sys.exit", "interrupt", "syntax"],
)
def test_a_notebook_that_fails_stops_where_it_stops_with_papermills_own_engine(
    tmp_path: Path, sources: tuple[str, ...]
) -> None:
    theirs, ours = (plain(failed(which, notebook(*sources), tmp_path / f"{which}.ipynb")) for which in (THEIRS, OWN))
    assert ours == theirs
    assert ours["cells"][-1]["metadata"]["papermill"]["status"] == "pending"


@forks
def test_errors_may_be_allowed(tmp_path: Path) -> None:
    made = failed(OWN, notebook("1 / 0", "'went on'"), tmp_path / "out.ipynb", allow_errors=True)
    assert made.cells[-1].outputs[0].data["text/plain"] == "'went on'"


@forks
def test_a_cell_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    what = notebook("print('begun')\nimport subprocess, time\nsubprocess.Popen(['sleep', '987'])\ntime.sleep(987)")
    made = failed(OWN, what, tmp_path / "out.ipynb", CellTimeoutError, execution_timeout=1)
    assert made.cells[1].outputs[0].text == "begun\n"
    assert not _running("sleep 987")


@forks
def test_a_kernel_that_dies_is_noticed(tmp_path: Path) -> None:
    for source in ("import os\nos._exit(1)", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "exit"):
        what = notebook("print('begun')", source, "import time\ntime.sleep(0.5)", "'never'")
        made = failed(OWN, what, tmp_path / "out.ipynb", DeadKernelError)
        assert made.cells[1].outputs[0].text == "begun\n"
        assert made.cells[-1].outputs == []


@forks
def test_parameters_tags_progress_and_logs_are_papermills(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    what = notebook("who = 'nobody'", "import sys\nprint(who); print('wrong', file=sys.stderr)", "who.upper()")
    what.cells[1].metadata["tags"] = ["parameters"]
    what.cells.append(new_code_cell("print('skipped')", metadata={"tags": ["skip-execution"]}))
    made = []
    for which in (THEIRS, OWN):
        caplog.clear()
        out, err = io.StringIO(), io.StringIO()
        with caplog.at_level(logging.INFO, "papermill"):
            given = {"log_output": True, "stdout_file": out, "stderr_file": err, "progress_bar": True}
            done = run(which, what, tmp_path / f"{which}.ipynb", parameters={"who": "somebody"}, **given)
            done.cells[2].id = "injected"
        said = [record.getMessage() for record in caplog.records if record.name == "papermill"]
        bar = re.findall(r"100%.*6/6", capfd.readouterr().err)
        made.append((plain(done), out.getvalue(), err.getvalue(), [one for one in said if "/" not in one], bool(bar)))
    assert made[1] == made[0]
    assert made[1][1:3] == ("somebody\n", "wrong\n")
    assert made[1][4]
    assert nbformat.read(tmp_path / f"{OWN}.ipynb", as_version=4).cells[-1].outputs == []


@forks
@pytest.mark.parametrize("path", sorted([*resources.notebooks().glob("*.ipynb"), *resources.reports().glob("*.ipynb")]))
def test_our_notebooks_are_what_they_are_with_papermills_own_engine(
    prepared: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(prepared))
    monkeypatch.setenv("WORKBENCH_ACTOR", ACTOR)
    monkeypatch.setenv("WORKBENCH_DRAWER", "later")
    monkeypatch.setenv("JUPYTER_PATH", kernels.jupyter_path(os.environ))
    theirs, ours = (
        plain(run(which, str(path), tmp_path / f"{which}.ipynb", cwd=str(tmp_path)), tmp_path)
        for which in (THEIRS, OWN)
    )
    assert ours == theirs


@forks
def test_the_engine_is_found_by_its_name(tmp_path: Path) -> None:
    nbformat.write(notebook("import os\nos.environ['MINE'], os.getcwd()"), tmp_path / "in.ipynb")
    done = subprocess.run(
        [Path(sys.executable).with_name("papermill"), "--engine", OWN, "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        env={**os.environ, "MINE": "yes"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    shown = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[1].outputs[0].data["text/plain"]
    assert eval(shown) == ("yes", str(tmp_path))
    assert not _running(str(tmp_path))


def test_without_forks_the_ordinary_kernel_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FORK, "0")
    made = run(OWN, notebook("1 + 1"), tmp_path / "out.ipynb")
    assert made.cells[1].outputs[0].data["text/plain"] == "2"
    with pytest.raises(PapermillExecutionError):
        run(OWN, notebook("1 / 0"))


@forks
def test_a_kernel_that_is_not_this_python_is_started_the_ordinary_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "kernels" / "other"
    place.mkdir(parents=True)
    launcher = tmp_path / "other-python"
    launcher.write_text(f'#!/bin/sh\nOTHER=yes exec {sys.executable} "$@"\n')
    launcher.chmod(0o700)
    argv = [str(launcher), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Other", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    made = run(OWN, notebook("import os\nos.environ['OTHER']", kernel="other"))
    assert made.cells[1].outputs[0].data["text/plain"] == "'yes'"


def _running(words: str) -> bool:
    """Whether a process with these words in its command line is at work."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words in command and "pytest" not in command:
                return True
        except OSError:
            continue
    return False
