"""A worker: runs report notebooks one after the other, in a process of its own.

It is forked from the zygote that its kernels are forked from too, so that what both need is imported once;
where nothing can be forked it is `python -m workbench.batch.worker`. Jobs come as lines of JSON and one
answer a line goes back. When nobody can ask any more, because whoever started it has died, it ends at
once with all it started. The kernels inherit its environment, which names the workspace and the actor.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import psutil

import workbench.ground.quick  # noqa: F401 - before papermill
from workbench.batch.manifest import not_written, unfinished
from workbench.batch.plan import SHEET
from workbench.ground import errors
from workbench.ground.drawing import Draw, Drawer
from workbench.ground.words import _
from workbench.kernels.zygote import zygote
from workbench.reporting.paper import Sheet, pdf

ENGINE = "workbench"
#: Seconds that one cell may take.
CELL_TIME = 300
#: What says a sentence of ours, by its name: all that a kernel tells of an exception.
_OURS = frozenset(
    name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.WorkbenchError)
)


class Stopped(Exception):
    """A report that could not be made: the `cell` that stopped it, counted from 1, and why."""

    def __init__(self, sentence: str, cell: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cell = cell


def make(
    notebook: Path, parameters: Mapping[str, Any], files: Mapping[str, Path], drawer: Drawer, css: str, paper: str
) -> dict[Path, Path]:
    """Runs a notebook and writes what is to become `files`, by format, beside them; returns which is to become which.

    Each chart is drawn once for all formats.

    Raises Stopped, and nothing is written.
    """
    import nbformat

    from workbench.batch.page import draw_outputs, page

    executed = _executed(notebook, parameters)
    draw = _once(drawer.draw)
    made = {}
    if "pdf" in files or SHEET in files:
        sheet = _sheet(executed, notebook, draw)
    if "pdf" in files:
        made[files["pdf"]] = pdf([sheet], paper=paper)
    if SHEET in files:
        made[files[SHEET]] = json.dumps(sheet.to_json()).encode()
    if "html" in files:
        made[files["html"]] = page(executed, notebook.stem, draw, css).encode()
    if "ipynb" in files:
        draw_outputs(executed, draw)
        executed.metadata.pop("papermill", None)
        made[files["ipynb"]] = nbformat.writes(executed).encode()
    written: dict[Path, Path] = {}
    try:
        for path, content in made.items():
            written[path] = unfinished(path, content)
    except BaseException:
        for part in written.values():
            part.unlink(missing_ok=True)
        raise
    return written


def _once(draw: Draw) -> Draw:
    drawn: dict[str, str] = {}

    def again(spec: Mapping[str, Any]) -> str:
        known = json.dumps(spec)
        if known not in drawn:
            drawn[known] = draw(spec)
        return drawn[known]

    return again


def _sheet(executed: Any, notebook: Path, draw: Draw) -> Sheet:
    from workbench.batch.page import sections

    found = sections(executed, notebook.stem)
    if found is None:
        raise Stopped(_("This report shows more than sections, which a PDF is made of. Choose html, and print that."))
    return Sheet.of(*found, draw)


def end(process: psutil.Process) -> None:
    """Kills a process and all below it. It is halted first, so that it starts no more of them."""
    with suppress(psutil.Error):
        process.suspend()
        _end_below(process)
    with suppress(psutil.Error):
        process.kill()


def _end_below(process: psutil.Process) -> None:
    with suppress(psutil.Error):
        for one in process.children(recursive=True):
            with suppress(psutil.Error):
                one.kill()


def _executed(notebook: Path, parameters: Mapping[str, Any]) -> Any:
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError
    from papermill.engines import papermill_engines
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors
    from papermill.parameterize import parameterize_notebook

    for attempt in ("first", "last"):
        with tempfile.TemporaryDirectory(prefix="workbench-") as own:
            os.environ["TMPDIR"] = own
            try:  # as papermill.execute_notebook does, without writing the notebook out on the way
                given = parameterize_notebook(deepcopy(_loaded(notebook)), dict(parameters), engine_name=ENGINE)
                given = prepare_notebook_metadata(given, str(notebook), None)
                executed = papermill_engines.execute_notebook_with_engine(
                    ENGINE,
                    given,
                    papermill_engines.nb_kernel_name(ENGINE, given),
                    progress_bar=False,
                    execution_timeout=CELL_TIME,
                    shutdown_kernel="immediate",  # nothing is lost: what a kernel keeps, the store has
                    resources={"metadata": {"path": own}},
                    **_apart(own),
                )
                raise_for_execution_errors(executed, None)
                return executed
            except PapermillExecutionError as error:
                raise Stopped(_why(error), _cell(notebook, error.cell_index)) from None
            except CellTimeoutError:
                raise Stopped(_("A cell took longer than {count} seconds.").format(count=CELL_TIME)) from None
            except NoSuchKernel:
                raise Stopped(
                    _("The notebook wants a kernel that is not here. Choose “Workbench (Python)” in JupyterLab.")
                ) from None
            except (DeadKernelError, RuntimeError):  # two kernels may have been given one port: once more
                if attempt == "last":
                    raise Stopped(_("The kernel ended before the report was done.")) from None
    raise AssertionError


@cache
def _loaded(notebook: Path) -> Any:
    from papermill.iorw import load_notebook_node

    return load_notebook_node(str(notebook))


def _apart(folder: str) -> dict[str, Any]:
    """Where there are socket files, ordinary kernels are spoken to through some: no port that others could try."""
    from traitlets.config import Config

    place = {"transport": "ipc", "ip": os.path.join(folder, "kernel")}  # noqa: PTH118 - it wants text
    return {"config": Config(KernelManager=place)} if hasattr(socket, "AF_UNIX") else {}


def _why(error: Any) -> str:
    """A sentence of ours as it is; of anything else only the kind, since its text may name a learner."""
    if error.ename in _OURS:
        return str(error.evalue).replace("\n", " ")
    return _("It stopped with a {kind}. Open the notebook in JupyterLab to see where.").format(kind=error.ename)


def _cell(notebook: Path, index: int) -> int:
    """The cell's place in the file, from 1: papermill has put one in after the parameters."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [place for place, cell in enumerate(cells) if "parameters" in cell.get("metadata", {}).get("tags", ())]
    return index + 1 - (1 if tagged and index > tagged[0] else 0)


def preload() -> None:
    """Imports what a worker needs."""
    for library in ("papermill", "workbench.batch.page"):
        importlib.import_module(library)


def run(line: socket.socket, scratch: str) -> None:
    """A worker that was forked from a zygote, and borrows that for its kernels: it finds it as its standard input."""
    zygote().borrow(os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    _work(line.makefile("r", encoding="utf-8"), line.makefile("w", encoding="utf-8"), scratch)


def main() -> None:
    """A worker that was started as a process. What libraries print goes nowhere near the answers."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _work(sys.stdin, answers, sys.argv[1])


def _work(asked: IO[str], answers: IO[str], scratch: str) -> None:
    """Answers jobs until it is ended."""
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, lines, scratch), name="owner", daemon=True).start()
    preload()
    setup = json.loads(lines.get())
    drawer = Drawer(setup["drawer"])
    while True:
        job = json.loads(lines.get())
        answers.write(json.dumps(_answer(setup, drawer, job)) + "\n")
        answers.flush()


def _answer(setup: Mapping[str, Any], drawer: Drawer, job: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        files = {ending: Path(path) for ending, path in job["files"].items()}
        made = make(Path(setup["notebook"]), job["parameters"], files, drawer, setup["css"], setup["paper"])
        return {"made": {str(path): str(part) for path, part in made.items()}}
    except Stopped as stopped:
        return {"sentence": stopped.sentence, "cell": stopped.cell}
    except errors.WorkbenchError as error:
        return {"sentence": str(error).replace("\n", " "), "cell": None}
    except OSError as error:
        return {"sentence": not_written(error), "cell": None}
    except Exception as error:  # one report's bug does not take the others with it
        return {"sentence": _("It stopped with a {kind}.").format(kind=type(error).__name__), "cell": None}


def _listen(asked: IO[str], lines: SimpleQueue[str], scratch: str) -> None:
    """Passes on what the owner says. With the owner all ends that was started here, and its `scratch` folder goes."""
    for line in asked:
        lines.put(line)
    _end_all()
    shutil.rmtree(scratch, ignore_errors=True)
    _end_all()  # the report being made may have started another kernel
    os._exit(0)


def _end_all() -> None:
    """Kills the kernels, and whatever else this process and they have started."""
    for kernel in zygote().children:
        with suppress(psutil.NoSuchProcess):
            end(psutil.Process(kernel))
    _end_below(psutil.Process())


if __name__ == "__main__":
    main()
