"""A chart in a kernel of ours is drawn here, whoever starts the kernel: no other host's script, valid for Jupyter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from workbench import kernels
from workbench.kernels.charts import CHART, described

CHART_OF_MANY = """
import altair as alt
rows = [{'a': n % 7, 'b': n} for n in range(6000)]
chart = alt.Chart(alt.Data(values=rows), title='Six thousand').mark_point().encode(x='a:Q', y='b:Q')
chart
"""
CELLS = (
    CHART_OF_MANY,
    "chart | chart",
    "alt.renderers.enable('jupyterlab')\nchart",
    "alt.Chart('https://elsewhere.example/x.csv').mark_point().encode(x='a:Q')",
    "import pandas as pd\nalt.Chart(pd.DataFrame({'a': range(6000)})).mark_bar().encode(x='a:Q')",
    "alt.renderers.enable('png')\nalt.Chart(alt.Data(values=[{'a': 1}])).mark_bar().encode(x='a:Q')",
)


@pytest.mark.parametrize("engine", ["workbench", None])
def test_a_chart_is_a_drawing_in_every_kernel_of_ours(
    engine: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", kernels.jupyter_path(os.environ))
    notebook = new_notebook(cells=[new_code_cell(one) for one in CELLS])
    notebook.metadata["kernelspec"] = {"name": "workbench", "display_name": "Workbench (Python)", "language": "python"}
    nbformat.write(notebook, tmp_path / "in.ipynb")
    done = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name=engine, progress_bar=False, cwd=tmp_path
    )
    nbformat.validate(done)
    shown: list[dict[str, Any]] = [cell.outputs[-1]["data"] for cell in done.cells]
    for number in (0, 1, 2, 4):
        assert shown[number]["image/svg+xml"].startswith("<svg")
        assert "text/html" not in shown[number]
        assert shown[number][CHART]["$schema"]
    assert shown[0]["text/plain"] == "Six thousand"
    assert "image/svg+xml" not in shown[3]
    assert "This chart cannot be drawn." in shown[3]["text/plain"]
    assert "image/png" in shown[5]  # as it was asked for


def test_a_chart_says_its_title_and_its_description() -> None:
    assert (
        described({"title": {"text": ["Two", "lines"]}, "description": "What it shows."}) == "Two lines What it shows."
    )
    assert described({"title": "A sentence", "description": "A sentence. And more."}) == "A sentence. And more."
    assert described({}) == "A chart without a description"
