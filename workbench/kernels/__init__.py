"""The kernel that notebooks of the workbench name, and where Jupyter finds it.

Its spec ships as shared data of the wheel. A checkout has no shared data, so whoever starts
kernels adds `jupyter_path()` to their own JUPYTER_PATH; Jupyter replaces the spec's "python"
by the Python it runs in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NAME = "workbench"
#: A Jupyter data folder with nothing but our kernel spec, and what JupyterLab is told to ask nobody for.
DATA = Path(__file__).parent / "share" / "jupyter"
#: A history file would keep what was typed, and which learner was opened, in the user's home.
NO_HISTORY = "--HistoryManager.enabled=False"
PRELOAD = "WORKBENCH_PRELOAD"
_SLOW = Path("logs", "slow-start.txt")


def preload() -> tuple[str, ...]:
    """What a zygote imports before it forks: as the kernel's spec says, and the modules WORKBENCH_PRELOAD names."""
    spec = json.loads((DATA / "kernels" / NAME / "kernel.json").read_text(encoding="utf-8"))
    more = os.environ.get(PRELOAD, "").replace(",", " ").split()
    return tuple(dict.fromkeys([*spec["metadata"]["preload"], *more]))


def jupyter_path(environ: Mapping[str, str], name: str = "JUPYTER_PATH") -> str:
    """A search path of Jupyter as in `environ`, with our folder first: where kernels are, or JUPYTER_CONFIG_PATH."""
    known = environ.get(name, "")
    return os.pathsep.join(filter(None, [str(DATA), known]))


def remember(workspace: Path, complaint: str) -> None:
    """Notes why kernels of a workspace start slower than they could, for `workbench status`; "" when they do not."""
    with suppress(OSError):
        if complaint:
            (workspace / _SLOW).parent.mkdir(mode=0o700, exist_ok=True)
            (workspace / _SLOW).write_text(complaint, encoding="utf-8")
        else:
            (workspace / _SLOW).unlink(missing_ok=True)


def remembered(workspace: Path) -> str:
    """What was noted last; "" when nothing was."""
    try:
        return (workspace / _SLOW).read_text(encoding="utf-8")
    except OSError:
        return ""
