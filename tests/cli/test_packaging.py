"""One wheel carries everything, and works where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from workbench.ground import resources

from ..conftest import ROOT
from ..notebook_is_clean import holds_outputs


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_carries_apps_reports_words_and_the_kernel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "workbench/_notebooks/conference.ipynb",
        "workbench/_notebooks/data.ipynb",
        "workbench/_reports/learner_report.ipynb",
        "workbench/conferences/protocols/full.toml",
        "workbench/conferences/protocols/menus.es.toml",
        "workbench/ground/locale/es/LC_MESSAGES/workbench.po",
        "workbench/store/migrations/env.py",
        "workbench/py.typed",
        "widgets/__init__.py",
    ):
        assert wanted in names
    assert any(name.endswith("share/jupyter/kernels/workbench/kernel.json") for name in names)
    assert any(name.startswith("widgets/kit/static/") and name.endswith(".js") for name in names)
    assert any("serving/template" in name for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_the_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """From the unpacked wheel alone: make a workspace, and find the notebooks that it carries."""
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import workbench, widgets; from pathlib import Path; from workbench import kernels;"
        "from workbench.ground import resources;"
        "from workbench.workspace import Workspace;"
        "assert Path(workbench.__file__).parent.parent == Path.cwd() / 'installed', workbench.__file__;"
        "Workspace.create(Path('school'));"
        "print(resources.notebooks(), resources.reports(), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    notebooks, reports = done.stdout.split()
    assert notebooks == str(installed / "workbench" / "_notebooks")
    assert (Path(reports) / "learner_report.ipynb").is_file()


def test_a_checkout_s_own_notebooks_go_before_a_stale_copy() -> None:
    assert resources.notebooks() == ROOT / "notebooks"
    assert resources.reports() == ROOT / "reports"


@pytest.mark.parametrize("notebook", sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("reports/*.ipynb")]), ids=str)
def test_a_notebook_that_ships_holds_no_outputs(notebook: Path) -> None:
    assert not holds_outputs(notebook)


def test_the_lock_holds_pins_and_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    assert lock.count("--hash=sha256:") > 150
