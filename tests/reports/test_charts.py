"""What a chart says, and that drawing it leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import pytest

from workbench.ground import design, drawing
from workbench.ground.drawing import Drawer
from workbench.reporting import charts
from workbench.reporting.charts import Stage
from workbench.reporting.html import figure

STAGES = (
    Stage(("Spring", "2025"), 173.0, 176.0, 179.0, series="2020"),
    Stage(("Fall", "2025"), 175.0, 178.0, 181.0, series="2025", label="175 to 181"),
    Stage(("Winter", "2026")),
    Stage(("Fall", "2026"), 189.0, 192.0, 195.0, series="2025", label="189 to 195"),
)


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    with Drawer.open() as opened:
        yield opened


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["data"]["values"])


def test_a_chart_is_compiled_once_and_only_ever_given_other_data() -> None:
    first = charts.path(STAGES, span=30)
    compiled = charts._path.cache_info().misses
    second = charts.path(STAGES[1:2], span=30)
    assert charts._path.cache_info().misses == compiled
    assert len(rows(first)) == 4, "the next learner's data never reaches the chart before"
    assert len(rows(second)) == 1
    assert {key: value for key, value in first.items() if key not in ("data", "params")} == {
        key: value for key, value in second.items() if key not in ("data", "params")
    }


def test_norm_years_are_never_joined_and_their_change_is_marked_once() -> None:
    spec = charts.path(STAGES, span=30)
    (line,) = [layer for layer in spec["layer"] if layer["mark"].get("type") == "line"]
    assert line["encoding"]["detail"]["field"] == "series"
    assert [row["place"] for row in rows(spec) if row["changed"]] == [1]


def test_every_chart_of_a_page_has_the_same_step_from_bottom_to_top() -> None:
    def height(spec: dict[str, Any]) -> float:
        params = {param["name"]: param["value"] for param in spec["params"]}
        return float(params["top"] - params["bottom"])

    assert height(charts.path(STAGES, span=30)) == pytest.approx(height(charts.path(STAGES[:1], span=30)))


def test_the_drawing_keeps_its_words_as_text_in_our_type(drawer: Drawer) -> None:
    svg = drawer.draw(charts.path(STAGES, span=30))
    for words in ("189 to 195", "Winter", "2026"):
        assert f">{words}<" in svg
    assert design.FONT in svg
    assert "<image" not in svg
    assert not re.search(r'(href|src)="(?!#)', svg)


def test_words_are_measured_in_our_type_and_not_in_one_that_stands_in_for_it(drawer: Drawer) -> None:
    wide = Stage(("Spring", "2025"), 173.0, 176.0, 179.0, label="a label that reaches over the edge")
    spec = charts.path([wide, *STAGES], span=30)
    drawn = {font: drawer.draw({**spec, "config": {**spec["config"], "font": font}}) for font in (design.FONT, "Arial")}
    ours = drawer.draw(spec).replace(design.CHART_FONT, design.FONT)
    assert _unquoted(ours) == _unquoted(drawn[design.FONT])
    assert _unquoted(ours) != _unquoted(drawn["Arial"]).replace("Arial", design.FONT)


def test_the_cut_font_draws_what_the_whole_one_draws(drawer: Drawer) -> None:
    spec = charts.path(STAGES, span=30)
    whole = (
        "import json, sys, vl_convert; from workbench.ground import design\n"
        "vl_convert.register_font_directory(str(design.font_file(400).parent))\n"
        "print(vl_convert.vegalite_to_svg(json.load(sys.stdin), allowed_base_urls=[]), end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", whole], input=json.dumps(spec), capture_output=True, check=True, text=True
    )
    assert drawer.draw(spec) == done.stdout


def _unquoted(svg: str) -> str:
    return svg.replace("'", "").replace("&apos;", "")


def test_a_kind_that_was_compiled_before_is_drawn_as_if_anew(drawer: Drawer) -> None:
    changed = [Stage((f"T{n}", "<b>2026"), 1 + n, 3 + n, 4 + n, "ab"[n > 2], str(n), n == 1) for n in range(5)]
    specs = [charts.path(stages, span=7) for stages in ([Stage(("Fall", "2025"))], [], changed, STAGES)]
    bars = {"data": {"values": [{"a": "x", "b": 1}]}, "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}
    param = {"name": "size", "value": 9}
    specs += [
        {**bars, "mark": "bar"},
        {**bars, "mark": "point"},
        {**bars, "mark": "bar", "data": {"values": [{"a": "y", "b": 7}]}},
        {**bars, "mark": {"type": "point", "size": {"expr": "size"}}, "params": [param]},
        {**bars, "mark": {"type": "point", "size": {"expr": "size"}}, "params": [{**param, "value": 900}]},
        {"layer": [{**bars, "mark": "bar"}, {**bars, "mark": "rule"}]},
    ]
    script = (
        "import json, sys, vl_convert; from workbench.ground.design import font_folder\n"
        "vl_convert.register_font_directory(str(font_folder()))\n"
        "json.dump([vl_convert.vegalite_to_svg(s, allowed_base_urls=[]) for s in json.load(sys.stdin)], sys.stdout)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=json.dumps(specs), stdout=subprocess.PIPE, text=True)
    anew = [_rounded(drawing) for drawing in json.loads(done.stdout)]
    for place in (*range(len(specs)), *reversed(range(len(specs)))):
        assert _rounded(drawer.draw(specs[place])) == anew[place]


def _rounded(drawing: str) -> str:
    """A drawing without the last digits of its numbers, and without the numbers that its ids count up."""
    drawing = re.sub(r"(clip|gradient_)\d+", r"\1", drawing)
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.6f}", drawing)


def test_what_is_drawn_does_not_ask_another_host(drawer: Drawer) -> None:
    asking = {"data": {"url": "http://127.0.0.1:9/x.csv"}, "mark": "point", "encoding": {"x": {"field": "a"}}}
    try:
        svg = drawer.draw(asking)
    except ValueError:
        return
    assert "127.0.0.1" not in svg


def test_a_spec_that_is_no_chart_is_refused_and_the_next_one_drawn(drawer: Drawer) -> None:
    with pytest.raises(ValueError, match="no chart"):
        drawer.draw({"mark": 3})
    assert drawer.draw(charts.path(STAGES, span=30)).startswith("<svg")


def test_the_converter_is_not_in_this_process(drawer: Drawer) -> None:
    drawer.draw(charts.path(STAGES, span=30))
    assert "vl_convert" not in sys.modules


def test_others_draw_with_a_servers_drawer_and_strangers_do_not(drawer: Drawer) -> None:
    assert Drawer(drawer.address).draw(charts.path(STAGES, span=30)).startswith("<svg")
    place = drawer.address.partition("@")[2]
    with pytest.raises((AuthenticationError, OSError)):
        Client(place, authkey=b"guessed")
    assert drawer.draw(charts.path(STAGES, span=30)).startswith("<svg")
    assert repr(drawer) == "<Drawer>"


def test_a_kernel_that_is_told_to_leaves_drawing_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(drawing.DRAWER, drawing.LATER)
    assert drawing.here() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="looks at processes as Unix has them")
def test_the_converter_ends_with_its_owner_however_that_ends() -> None:
    opens = (
        "from workbench.ground.drawing import Drawer; import time\n"
        "d = Drawer.open(); print(d.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", opens], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    converter = int(owner.stdout.readline())
    os.kill(converter, 0)
    owner.kill()
    owner.communicate()
    assert _gone(converter)


def _gone(process: int) -> bool:
    for _attempt in range(1000):
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":  # dead, and nobody here to fetch it
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_two_drawings_on_one_page_share_no_id() -> None:
    svg = '<svg width="3" height="2" viewBox="0 0 3 2"><clipPath id="c1"/><g clip-path="url(#c1)"/></svg>'
    page = figure(svg, "One", "1", "a") + figure(svg, "Two", "2", "b")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert "url(#a-c1)" in page
    assert "url(#b-c1)" in page


def test_a_drawing_says_its_sentence_and_its_numbers_to_who_cannot_see_it(drawer: Drawer) -> None:
    drawn = figure(drawer.draw(charts.path(STAGES, span=30)), "Reading <now>", "Fall: 175 to 181", "x")
    assert 'role="img" aria-labelledby="x-title x-desc"' in drawn
    assert '<title id="x-title">Reading &lt;now&gt;</title>' in drawn
    assert '<desc id="x-desc">Fall: 175 to 181</desc>' in drawn


def test_a_spec_is_plain_json() -> None:
    spec = charts.path(STAGES, span=30)
    assert json.loads(json.dumps(spec)) == spec
