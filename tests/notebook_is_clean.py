"""Tells which of the named notebooks hold outputs: an executed notebook is a learner's record."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def holds_outputs(notebook: Path) -> bool:
    """Whether any cell of a notebook was saved with what it printed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


if __name__ == "__main__":
    full = [name for name in sys.argv[1:] if holds_outputs(Path(name))]
    for name in full:
        print(f"{name} holds outputs: clear them (in JupyterLab: Edit, Clear Outputs of All Cells).")
    sys.exit(bool(full))
