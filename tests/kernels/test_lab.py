"""`workbench lab`: the real JupyterLab, where a notebook to start from runs and no other host is asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, expect

from workbench.ground.ports import ADDRESS
from workbench.sample.demo import ACTOR

from ..serving.network import free_port

SECRET = 190_123

CELL = f"""
import altair as alt
alt.Chart(alt.Data(values=[{{'term': 'Fall', 'score': {SECRET}}}]), title='Drawn here').mark_bar().encode(
    x='term:N', y='score:Q'
)
"""


@pytest.fixture
def lab(demo: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """JupyterLab in the demo workspace: its address with the token, and its log."""
    log, port = tmp_path / "lab.log", free_port()
    command = [sys.executable, "-m", "workbench.cli", "lab", "--workspace", str(demo), "--actor", ACTOR]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--no-open", "--port", str(port)], stdout=out, stderr=out, start_new_session=True
        )
    try:
        for _second in range(120):
            found = re.search(rf"http://{ADDRESS}:{port}/lab\S*?\?token=(\w+)", log.read_text())
            if found:
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
        assert found
        yield f"http://{ADDRESS}:{port}/lab/tree/notebooks/explore/start_here.ipynb?token={found[1]}", log
    finally:
        if sys.platform == "win32":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


@pytest.mark.browser
def test_the_notebook_to_start_from_runs_in_jupyterlab_and_asks_nobody(
    browser: Browser, lab: tuple[str, Path], demo: Path
) -> None:
    address, log = lab
    place = demo / "notebooks" / "explore" / "start_here.ipynb"
    notebook = nbformat.read(place, as_version=4)
    notebook.cells.insert(0, new_code_cell(CELL))
    nbformat.write(notebook, place)
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        expect(page.get_by_text("Workbench (Python) | Idle")).to_be_attached(timeout=60_000)
        page.locator(".jp-CodeCell .cm-content").first.click()
        for _cell in notebook.cells:
            page.keyboard.press("Shift+Enter")
        drawn = page.locator(".jp-OutputArea-output img")
        expect(drawn.nth(1)).to_be_visible(timeout=60_000)
        assert "Drawn here" in unquote(drawn.first.get_attribute("src") or "")
        assert drawn.first.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
        assert "tests are missing" in unquote(drawn.nth(1).get_attribute("src") or "")
        page.keyboard.press("Control+s")
        expect(page.get_by_text("Saving completed")).to_be_visible()
        expect(page.get_by_text("Jupyter news")).to_have_count(0)
    hosts = {url.split("/")[2].split(":")[0] for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {ADDRESS}
    assert str(SECRET) not in log.read_text()
