"""The kernel that notebooks of the workbench name, and where Jupyter finds it.

Its spec ships as shared data of the wheel. A checkout has no shared data, so whoever starts
kernels adds `jupyter_path()` to their own JUPYTER_PATH; Jupyter replaces the spec's "python"
by the Python it runs in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

NAME = "workbench"
#: A Jupyter data folder with nothing but our kernel spec.
DATA = Path(__file__).parent / "share" / "jupyter"


def jupyter_path(environ: Mapping[str, str]) -> str:
    """JUPYTER_PATH as in `environ`, with our kernel spec found first."""
    known = environ.get("JUPYTER_PATH", "")
    return os.pathsep.join(filter(None, [str(DATA), known]))
