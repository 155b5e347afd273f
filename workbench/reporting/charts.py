"""Charts: specs compiled once, given a learner's data as often as needed.

Building and checking a layered chart takes some 30 ms, swapping its data almost nothing,
so each kind of chart is compiled once in a process, to JSON: reading that is the quickest copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from workbench.ground.design import CHART_FONT, COLOURS, SERIES

WIDTH, HEIGHT = 340, 124
#: Terms on one chart; as many labels stand under it.
MOST_TERMS = 5
_TEXT = re.compile(r"<text (?P<look>[^>]*?)(?:/>|>(?P<words>.*?)</text>)", re.DOTALL)
_AT = re.compile(r'transform="[^"]*"')
_OUTLINE = re.compile(r' stroke="[^"]+" stroke-width="[^"]+" stroke-linejoin="[^"]+"')
_FOR_LABEL = 0.22  # of the height, above and below the ranges


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    """One term on a path chart: its two-line name, and the range if there was a test.

    `label` is written above the range, or `under` it. `series` tells which norms it was read
    against: only stages of one series are joined.
    """

    term: tuple[str, str]
    low: float | None = None
    value: float | None = None
    high: float | None = None
    series: str = ""
    label: str = ""
    under: bool = False


def path(stages: Sequence[Stage], *, span: float) -> dict[str, Any]:
    """The spec of a path over terms. `span`: units from bottom to top, one for all charts of a page.

    A dotted upright marks where the norms changed.
    """
    known = [bound for stage in stages for bound in (stage.low, stage.high) if bound is not None]
    middle = (min(known) + max(known)) / 2 if known else 0.0
    reach = max(span, 1.0) / 2 / (1 - 2 * _FOR_LABEL)
    params = {"bottom": middle - reach, "top": middle + reach, "names": [list(stage.term) for stage in stages]}
    return _filled(_path(), _rows(stages, 2 * reach * _FOR_LABEL * 0.6), params)


def _rows(stages: Sequence[Stage], lift: float) -> Iterator[dict[str, Any]]:
    """The stages as data; labels stand `lift` from their range."""
    series = ""
    for place, stage in enumerate(stages):
        tested = stage.value is not None
        edge, away = (stage.low, -lift) if stage.under else (stage.high, lift)
        yield {
            "place": place,
            "low": stage.low,
            "value": stage.value,
            "high": stage.high,
            "series": stage.series,
            "label": stage.label,
            "label_at": None if edge is None else edge + away,
            "changed": tested and bool(series) and stage.series != series,
        }
        series = stage.series if tested else series


def _filled(spec: str, rows: Iterable[Mapping[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = json.loads(spec)
    filled["data"] = {"values": list(rows)}
    for param in filled.get("params", ()):
        param["value"] = params[param["name"]]
    return filled


@cache
def _path() -> str:
    import altair as alt

    colour, dash, mark = SERIES[0]
    terms = alt.X(
        "place:O",
        scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3),
        axis=alt.Axis(
            title=None, labelAngle=0, labelExpr="names[datum.value]", ticks=False, domain=False, labelPadding=6
        ),
    )
    scale = alt.Scale(domainMin=alt.ExprRef("bottom"), domainMax=alt.ExprRef("top"), zero=False, nice=False)
    level: dict[str, Any] = {"scale": scale, "axis": None}
    base = alt.Chart(alt.InlineData(values=[])).encode(x=terms)
    tested = base.transform_filter("isValid(datum.value)")
    changed = base.transform_filter("datum.changed")
    label: dict[str, Any] = {"baseline": "middle", "fontSize": 14, "fontWeight": 600}
    where: dict[str, Any] = {"y": alt.Y("label_at:Q", **level), "text": "label:N"}
    layers = (
        # keeps the terms without a test on the axis
        base.mark_tick(opacity=0).encode(),
        changed.mark_rule(strokeDash=[1, 4], strokeWidth=1.2, stroke=COLOURS["quiet"], strokeCap="round").encode(
            x=alt.X("place:O", bandPosition=0)
        ),
        tested.mark_bar(width=18, cornerRadius=8, color=COLOURS["band"]).encode(y=alt.Y("low:Q", **level), y2="high:Q"),
        tested.mark_line(strokeWidth=2, stroke=COLOURS[colour], **({"strokeDash": list(dash)} if dash else {})).encode(
            y=alt.Y("value:Q", **level), detail="series:N"
        ),
        tested.mark_point(shape=mark, size=46, filled=True, color=COLOURS[colour], opacity=1).encode(
            y=alt.Y("value:Q", **level)
        ),
        # the halo keeps a label readable where it crosses the line or the upright
        tested.mark_text(**label, stroke=COLOURS["card"], strokeWidth=5, strokeJoin="round").encode(**where),
        tested.mark_text(**label, color=COLOURS["ink"]).encode(**where),
    )
    chart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT, autosize=alt.AutoSizeParams(type="fit", contains="padding"))
        .add_params(alt.param("bottom", value=0), alt.param("top", value=1), alt.param("names", value=[]))
    )
    return _compiled(chart)


def _compiled(chart: Any) -> str:
    """The checked spec in our type and colours, as JSON."""
    spec: dict[str, Any] = chart.configure(**_look()).to_dict()
    spec.pop("datasets", None)
    return json.dumps(spec)


def with_outlines(svg: str) -> str:
    """A drawing in which the halo of a label is the label's own outline: text that is there twice is read twice."""
    halos = {}

    def away(found: re.Match[str]) -> str:
        outline = _OUTLINE.search(found["look"])
        if outline is None:
            return found[0]
        halos[_AT.findall(found["look"])[0], found["words"]] = outline[0]
        return ""

    def outlined(found: re.Match[str]) -> str:
        halo = halos.get((_AT.findall(found["look"])[0], found["words"])) if _AT.search(found["look"]) else None
        return found[0].replace("<text ", f'<text paint-order="stroke"{halo} ', 1) if halo else found[0]

    return _TEXT.sub(outlined, _TEXT.sub(away, svg))


def _look() -> dict[str, Any]:
    return {
        "aria": False,  # the figure around the drawing speaks for it as a whole
        "background": "transparent",
        "font": CHART_FONT,
        "padding": 4,
        "view": {"stroke": None},
        # no limit: else each label is measured once more, which is a fifth of a drawing
        "axis": {"labelColor": COLOURS["quiet"], "labelFontSize": 13, "labelLimit": 0, "grid": False},
    }
