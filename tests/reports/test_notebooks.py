"""The app notebooks: thin, clean, and running as they are in JupyterLab and under nbval."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import kernels
from workbench.ground import resources
from workbench.sample.demo import ACTOR

from ..conftest import ROOT
from ..notebook_is_clean import holds_outputs

APPS = sorted(resources.notebooks().glob("*.ipynb"))
EXPLORE = sorted((resources.notebooks() / "explore").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", APPS, ids=lambda path: path.stem)
class TestAnApp:
    def test_holds_no_output(self, notebook: Path) -> None:
        assert not holds_outputs(notebook)

    def test_is_thin(self, notebook: Path) -> None:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        assert len(code) <= 4
        assert not any(word in cell for cell in code for word in ("def ", "for ", "with ", "Output("))

    def test_has_a_title_and_our_kernel(self, notebook: Path) -> None:
        metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
        assert metadata["title"]
        assert metadata["kernelspec"]["name"] == "workbench"
        assert metadata["kernelspec"]["display_name"] == "Workbench (Python)"


def run_nbval(notebooks: list[Path], **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs every cell as the notebook is saved, in the kernel it names."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("WORKBENCH", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", *map(str, notebooks)],
        cwd=ROOT,
        env={**bare, **environment, "JUPYTER_PATH": kernels.jupyter_path(os.environ)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("notebook", EXPLORE, ids=lambda path: path.stem)
def test_a_notebook_to_start_from_is_clean_and_says_what_it_is_for(notebook: Path) -> None:
    assert not holds_outputs(notebook)
    told = json.loads(notebook.read_text(encoding="utf-8"))
    assert told["metadata"]["title"]
    assert told["metadata"]["kernelspec"]["name"] == "workbench"
    assert [cell["metadata"].get("tags") for cell in told["cells"]].count(["parameters"]) == 1
    assert sum(cell["cell_type"] == "markdown" for cell in told["cells"]) > 3


def test_every_cell_runs_in_a_prepared_workspace(demo: Path) -> None:
    done = run_nbval([*APPS, *EXPLORE], WORKBENCH_HOME=str(demo), WORKBENCH_ACTOR=ACTOR)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_an_actor_no_data_is_opened(demo: Path) -> None:
    done = run_nbval(APPS[:1], WORKBENCH_HOME=str(demo))
    assert done.returncode == 1
    assert "Nobody is named as the one who asks" in done.stdout
