"""JupyterLab in a workspace, with the workbench's notebooks in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from workbench import kernels
from workbench.access.actors import Actor
from workbench.ground import resources
from workbench.ground.environment import ACTOR, DATABASE, HOME
from workbench.ground.ports import ADDRESS, listen
from workbench.workspace import PRIVATE, Workspace

EXPLORE = "explore"  # of `notebooks`: where an analyst starts
READY = "workbench.kernels.provisioner"  # an extension of the server too: it has kernels ready


def start(workspace: Workspace, *, actor: Actor, db: str, port: int, open_browser: bool) -> None:
    """Runs JupyterLab on 127.0.0.1 until it is stopped; raises BadInput when the port cannot be had."""
    for probe in listen(port):
        probe.close()
    bring_notebooks(workspace)
    environment = {
        **os.environ,
        "JUPYTER_PATH": kernels.jupyter_path(os.environ),
        "JUPYTER_CONFIG_PATH": kernels.jupyter_path(os.environ, "JUPYTER_CONFIG_PATH"),
        HOME: str(workspace.folder),
        ACTOR: str(actor),
        DATABASE: db,
    }
    command = [
        sys.executable,
        *("-m", "jupyterlab"),
        f"--port={port}",
        f"--ServerApp.ip={ADDRESS}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={workspace.folder}",
        "--ServerApp.allow_root=True",
        f"--ServerApp.open_browser={open_browser}",
        f"--ServerApp.jpserver_extensions={{'{READY}': True}}",
        "--LabApp.news_url=None",  # no request to any other host
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.default_url=/lab/tree/notebooks/{EXPLORE}/start_here.ipynb",
    ]
    subprocess.run(command, env=environment, check=False)  # noqa: S603 (our own interpreter)


def bring_notebooks(workspace: Workspace) -> None:
    """Copies the notebooks that the workspace's `notebooks` folder does not have yet; own changes stay.

    A report that is to go before ours is saved into the workspace's `reports` folder.
    """
    folder = workspace.folder / "notebooks"
    ours = resources.notebooks()
    for place, found in ((folder, (ours, resources.reports())), (folder / EXPLORE, (ours / EXPLORE,))):
        place.mkdir(mode=PRIVATE, exist_ok=True)
        for notebook in (one for each in found for one in each.glob("*.ipynb")):
            if not (place / notebook.name).exists():
                shutil.copyfile(notebook, place / notebook.name)
