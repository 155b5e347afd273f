"""What an app's page shows of an output: a form by itself, anything else by Voilà's scripts.

The server has heard what each widget's state is while the notebook ran, so a form's state goes with the page and is
drawn before there is a line to its kernel (`static/host.js`). Voilà's scripts, thirty times as heavy, are asked
for by the first output of a page that needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from workbench.ground import forms

WIDGET = "application/vnd.jupyter.widget-view+json"
_REFERENCE = "IPY_MODEL_"
State = Mapping[str, Any]


def drawn(output: Mapping[str, Any], heard: Mapping[str, State], forms_at: str) -> Markup | None:
    """A form, or a column of forms, as data for `static/host.js`; None when the output is anything else.

    `heard` is the state of each widget by its number, `forms_at` where forms of ours have their script.
    """
    view = output.get("data", {}).get(WIDGET)
    models: dict[str, dict[str, Any]] = {}
    if view is None or not _take(view["model_id"], heard, forms_at, models):
        return None
    return htmlsafe_json_dumps({"model": view["model_id"], "models": models})


def _take(number: str, heard: Mapping[str, State], forms_at: str, models: dict[str, dict[str, Any]]) -> bool:
    state = heard.get(number)
    if state is None:
        return False
    if str(state.get("_esm", "")).startswith(forms_at):
        shown = {name: value for name, value in state.items() if name in ("_esm", "_css") or not name.startswith("_")}
        models[number] = {"state": shown, "mark": forms.mark_of(state)}
        return True
    children = [str(one).removeprefix(_REFERENCE) for one in state.get("children") or ()]
    models[number] = {"state": {"children": state.get("children")}}
    column = state.get("_model_name") == "VBoxModel" and bool(children)
    return column and all(_take(one, heard, forms_at, models) for one in children)
