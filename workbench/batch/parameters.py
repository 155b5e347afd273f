"""A report notebook's parameters: read from its cell, checked before any run.

papermill turns parameters into source code: names and values that are not plain JSON end
up in it unescaped, and a misspelt name is only logged. So both are refused here.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _

_PLAIN = (str, int, float, bool, type(None))


def declared(notebook: Path) -> dict[str, Any]:
    """The names and defaults in the cell tagged "parameters"; {} without such a cell.

    Raises BadInput for a file that is no notebook, or a cell that Python cannot read.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ())]
        tree = ast.parse("".join(tagged[0]["source"])) if tagged else ast.Module([], [])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError):
        raise BadInput(
            _("{file} is not a notebook that can be read.").format(file=notebook.name),
            _("Open it in JupyterLab, look at the cell tagged “parameters”, and save it again."),
        ) from None
    found = {}
    for line in tree.body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            found[line.targets[0].id] = _literal(line.value)
        elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value is not None:
            found[line.target.id] = _literal(line.value)
    return found


def checked(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given`, when every name is known and every value plain JSON, a number where the default is one.

    Raises BadInput or NotFound otherwise.
    """
    for name, value in given.items():
        if name not in known:
            raise NotFound.among(
                _("parameter"), str(name), known, _("A report takes what its cell tagged “parameters” names.")
            )
        if not _is_plain(value):
            raise BadInput(
                _("The parameter {name} is no plain text, number, list or true and false.").format(name=name),
                _("Turn it into one first: int(…) for a number from a table, str(…) for a date."),
            )
        if type(known[name]) in (int, float) and type(value) not in (int, float):
            raise BadInput(
                _("The parameter {name} is a number, and what was given is none.").format(name=name),
                _("For example {name}={default}.").format(name=name, default=known[name]),
            )
    return dict(given)


def _is_plain(value: Any) -> bool:
    if type(value) is list:
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(type(key) is str and _is_plain(one) for key, one in value.items())
    return type(value) in _PLAIN and not (type(value) is float and not math.isfinite(value))


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
