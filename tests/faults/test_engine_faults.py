"""What people met who used the engine in ways of their own."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from workbench.kernels.zygote import able, zygote

from ..kernels.test_engine import OWN, THEIRS, notebook, run

pytestmark = pytest.mark.skipif(not able(), reason="nothing is forked here")


def printed(number: int) -> str:
    return str(run(OWN, notebook(f"print({number})")).cells[1].outputs[0].text)


def test_forked_workers_of_a_process_that_used_the_engine_use_it_too() -> None:
    assert printed(1) == "1\n"
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(printed, [2, 3, 4]).get(120) == ["2\n", "3\n", "4\n"]


@pytest.fixture
def own_zygote() -> Any:
    zygote.__globals__["_zygote"].cache_clear()
    yield
    zygote().close()
    zygote.__globals__["_zygote"].cache_clear()


@pytest.mark.usefixtures("own_zygote")
def test_figures_are_shown_where_matplotlib_was_preloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_PRELOAD", "matplotlib.pyplot")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    made = run(
        OWN, notebook("import sys\n'matplotlib' in sys.modules", "import matplotlib.pyplot as p\np.plot([1, 2]);")
    )
    assert made.cells[1].outputs[0].data["text/plain"] == "True"
    assert "image/png" in made.cells[2].outputs[0].data


@pytest.mark.parametrize("engine", [OWN, THEIRS])
def test_a_notebook_begins_where_it_is_run(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = run(engine, notebook("%cd /\n%cd -\n[str(one) for one in _dh][:1], get_ipython().starting_dir"))
    assert eval(made.cells[1].outputs[-1].data["text/plain"]) == ([str(tmp_path)], str(tmp_path))


@pytest.mark.parametrize("engine", [OWN, THEIRS])
def test_arguments_of_a_kernel_reach_it(engine: str) -> None:
    made = run(engine, notebook("given"), extra_arguments=["--IPKernelApp.exec_lines=given = 7"])
    assert made.cells[1].outputs[0].data["text/plain"] == "7"
