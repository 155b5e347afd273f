"""The report notebooks as they are saved: thin, without outputs, and running from top to bottom."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbench import kernels
from workbench.batch.parameters import declared
from workbench.ground import drawing, resources
from workbench.ground.environment import ACTOR as ACTOR_VARIABLE
from workbench.ground.environment import HOME
from workbench.sample.demo import ACTOR

NOTEBOOKS = sorted(resources.reports().glob("*.ipynb"))


def test_there_is_a_learner_report() -> None:
    assert "learner_report.ipynb" in [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_report_notebook_is_saved_clean_and_thin(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert notebook.metadata.kernelspec.name == kernels.NAME
    assert notebook.metadata.title
    assert [cell.metadata.get("tags") for cell in code].count(["parameters"]) == 1
    assert declared(path) == {"learner": 0, "snapshot": 0, "language": ""}
    for cell in code:
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, defined)]


def test_a_report_notebook_runs_as_saved(prepared: Path) -> None:
    environment = {
        **os.environ,
        HOME: str(prepared),
        ACTOR_VARIABLE: ACTOR,
        drawing.DRAWER: drawing.LATER,
        "JUPYTER_PATH": kernels.jupyter_path(os.environ),
    }
    checked = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", *map(str, NOTEBOOKS)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-2000:]


def test_a_kernel_without_an_actor_opens_no_data(prepared: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_")}
    checked = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOKS[0])],
        env={**environment, HOME: str(prepared), "JUPYTER_PATH": kernels.jupyter_path(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode != 0
    assert "NotAllowed" in checked.stdout
