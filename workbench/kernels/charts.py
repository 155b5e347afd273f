"""Altair's charts in our kernels are drawn here: a page that shows one asks no other host for a script.

Altair's usual renderers bring a page a script's address, or a spec that nobody here draws. In their place a chart is an
SVG, and its spec for whoever draws it later. Who wants another renderer enables it, as in
`alt.renderers.enable("jupyter", offline=True)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.ground import drawing
from workbench.ground.words import _

#: An output's Vega-Lite spec, for a page that draws it. The names that Altair's own renderers give it.
CHART = "application/vnd.workbench.chart+json"
VEGA_LITE = "application/vnd.vegalite."
_NOT_DRAWN_HERE = frozenset({"default", "html", "colab", "kaggle", "zeppelin", "mimetype", "jupyterlab", "nteract"})


def install(shell: Any) -> None:
    """Has an IPython shell show Altair's charts so; Altair is not imported for it."""
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", shown)


def shown(chart: Any) -> Any:
    """A chart's outputs by kind, of however many rows."""
    import altair as alt

    if alt.renderers.active not in _NOT_DRAWN_HERE:
        return chart._repr_mimebundle_()
    with alt.data_transformers.disable_max_rows():
        spec = chart.to_dict()
    draw = drawing.here()
    data = {"text/plain": described(spec), CHART: spec}
    if draw is not None:
        try:
            data["image/svg+xml"] = draw(spec)
        except ValueError:
            data["text/plain"] = _(
                "This chart cannot be drawn. Give it its data as a table; no address is asked for any."
            )
    return data


def described(spec: Mapping[str, Any]) -> str:
    """What a chart says in words: its title, and its description, which may begin with that."""
    title = spec.get("title", "")
    said = title.get("text", "") if isinstance(title, Mapping) else title
    named = " ".join(said) if isinstance(said, list) else said
    more = spec.get("description", "")
    parts = [more] if more.startswith(named) and more else [named, more]
    return " ".join(part for part in parts if part) or _("A chart without a description")
