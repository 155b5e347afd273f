"""What a browser needs to show forms: one script and one style sheet, made of the files in each `static` of `widgets`.

A page of JupyterLab gets them from each form, as text. An app's page gets them from the server, at addresses that
change with their content, so that a browser keeps them for good.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from workbench.ground import design

#: Where the server has them, below its root.
FORMS_AT = "/workbench/forms/"
#: The variable by which a kernel knows the address of the server whose page it is behind.
SERVED = "WORKBENCH_SERVED"
_WIDGETS = Path(__file__).parents[2] / "widgets"
_STYLES = ("kit/static/form.css", "my_class/static/board.css")
_SCRIPTS = (
    "kit/static/vendor/ciphers.js",
    "kit/static/dom.js",
    "kit/static/faces.js",
    "kit/static/pictures.js",
    "kit/static/files.js",
    "kit/static/grid.js",
    "conference/static/prepare.js",
    "goals/static/goals.js",
    "my_class/static/board.js",
    "reports/static/reports.js",
    "kit/static/blocks.js",
    "kit/static/seal.js",
    "kit/static/outbox.js",
    "kit/static/pad.js",
    "kit/static/tell.js",
    "kit/static/form.js",
)


@cache
def content(kind: str) -> str:
    """The script (`js`), as the one module a widget may have, or the style sheet (`css`)."""
    if kind == "js":
        return "\n".join((_WIDGETS / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    # with the tokens: a page of JupyterLab does not have them
    sheets = "".join((_WIDGETS / name).read_text(encoding="utf-8") for name in _STYLES)
    return design.variables().replace(":root", ".wb-form") + sheets


@cache
def address(kind: str) -> str:
    """Where a server has the script or the style sheet; another when it changes."""
    return f"{FORMS_AT}{_mark(content(kind).encode())}.{kind}"


def found(at: str) -> str | None:
    """What is at an address; None when there is nothing. An upgrade under a running server is noticed."""
    kind = at.rpartition(".")[2]
    if at != address(kind):
        content.cache_clear()
        address.cache_clear()
    return content(kind) if at == address(kind) else None


def brought(kind: str) -> str:
    """What a form brings along: the whole address on a page of the server, else the text."""
    served = os.environ.get(SERVED, "")
    return served + address(kind) if served else content(kind)


def mark_of(state: Mapping[str, Any]) -> str:
    """A mark of all that a form shows: the same in its kernel and in the server that heard of it."""
    return _mark(json.dumps(state, sort_keys=True, default=str).encode())


def _mark(of: bytes) -> str:
    return blake2b(of, digest_size=8).hexdigest()
