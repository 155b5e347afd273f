"""A worker: runs report notebooks one after the other, `python -m workbench.batch.worker`.

A process of its own because papermill changes the process's directory, started afresh rather
than forked so that a batch can be run from anywhere. Jobs come as lines of JSON on its input,
one answer a line goes back, and it ends when its input does. The kernels it starts inherit its
environment, which names the workspace and the actor.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import workbench._quick  # noqa: F401 - before papermill
from workbench.drawing import Drawer
from workbench.errors import WorkbenchError
from workbench.words import _

#: Seconds that one cell may take.
CELL_TIME = 300
_OURS = frozenset({"WorkbenchError", "NotAllowed", "NotFound", "NotReady", "BadInput", "BadProtocol"})
_INJECTED = "injected-parameters"


class Stopped(Exception):
    """A report that could not be made: the `cell` that stopped it, counted from 1, and why."""

    def __init__(self, sentence: str, cell: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cell = cell


def make(
    notebook: Path, parameters: Mapping[str, Any], target: Path, formats: Sequence[str], drawer: Drawer, css: str
) -> list[Path]:
    """Runs a notebook and writes what it makes beside its place, then into it; returns the files.

    Raises Stopped, and nothing is written.
    """
    import nbformat

    from workbench.batch.page import draw_outputs, page

    executed = _executed(notebook, parameters)
    written = {}
    if "html" in formats:
        written[_with_ending(target, "html")] = page(executed, notebook.stem, drawer.draw, css)
    if "ipynb" in formats:
        draw_outputs(executed, drawer.draw)
        executed.metadata.pop("papermill", None)
        written[_with_ending(target, "ipynb")] = nbformat.writes(executed)  # type: ignore[no-untyped-call]
    for path, text in written.items():
        replace(path, text)
    return list(written)


def replace(path: Path, text: str) -> None:
    """Writes a file that only its owner can read: whole, or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _executed(notebook: Path, parameters: Mapping[str, Any]) -> Any:
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError, execute_notebook

    for attempt in ("first", "last"):
        with tempfile.TemporaryDirectory(prefix="workbench-") as own, _from_home():
            try:
                return execute_notebook(
                    nbformat.read(notebook, as_version=4),  # type: ignore[no-untyped-call]
                    None,
                    parameters=dict(parameters),
                    progress_bar=False,
                    request_save_on_cell_execute=False,
                    cwd=own,
                    execution_timeout=CELL_TIME,
                    shutdown_kernel="immediate",  # nothing is lost: what a kernel keeps, the store has
                    **_apart(),
                )
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


def _apart() -> dict[str, Any]:
    """Where there are socket files, kernels are spoken to through one: no port that others could try."""
    from traitlets.config import Config

    return {"config": Config(KernelManager={"transport": "ipc"})} if hasattr(socket, "AF_UNIX") else {}


class _from_home:  # noqa: N801 (a context manager, read as words)
    """Leaves the process's directory as it was, even where papermill's own has gone."""

    def __enter__(self) -> None:
        self._was = Path.cwd()

    def __exit__(self, *_error: object) -> None:
        os.chdir(self._was)


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


def _with_ending(target: Path, ending: str) -> Path:
    return target.with_name(f"{target.name}.{ending}")


def main() -> None:
    """Answers jobs until the input ends. What libraries print goes nowhere near the answers."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for library in ("papermill", "workbench.batch.page"):  # meanwhile the pool makes the setup
        importlib.import_module(library)
    setup = json.loads(sys.stdin.readline())
    drawer = Drawer(setup["drawer"])
    for line in sys.stdin:
        job = json.loads(line)
        try:
            target = Path(job["target"])
            made = make(Path(setup["notebook"]), job["parameters"], target, setup["formats"], drawer, setup["css"])
            answer: dict[str, Any] = {"made": [str(path) for path in made]}
        except Stopped as stopped:
            answer = {"sentence": stopped.sentence, "cell": stopped.cell}
        except WorkbenchError as error:
            answer = {"sentence": str(error).replace("\n", " "), "cell": None}
        except OSError as error:
            answer = {"sentence": _("The report could not be written: {why}.").format(why=error.strerror), "cell": None}
        except Exception as error:  # one report's bug does not take the others with it
            answer = {"sentence": _("It stopped with a {kind}.").format(kind=type(error).__name__), "cell": None}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
