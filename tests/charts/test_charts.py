"""Charts for analysts: a true sentence as title, errors drawn, a description, and nothing drawn that says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench import Workbench, charts
from workbench.ground.drawing import Drawer
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import speaking
from workbench.sample.demo import ACTOR

from ..conftest import clock


@pytest.fixture(scope="module")
def bench(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor=ACTOR, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    with Drawer.open() as opened:
        yield opened


def growth(bench: Workbench, **given: Any) -> Any:
    return bench.frames.growth("4B", measure="reading", start="Fall 2025", end="Fall 2026", **given)


def scores(bench: Workbench, **given: Any) -> Any:
    return bench.frames.scores("4B", **given)[lambda frame: frame.source == "nwea_map"]


def coverage(bench: Workbench, **given: Any) -> Any:
    return bench.frames.coverage("4B", **given)[lambda frame: frame.source == "nwea_map"]


def test_growth_is_drawn_with_its_error_and_ordered_only_where_it_is_reliable(bench: Workbench, drawer: Drawer) -> None:
    spec = charts.growths(growth(bench)).to_dict()
    assert spec["title"]["text"] == "Reading: 20 of 24 higher, 4 about the same, 0 lower"
    assert spec["title"]["subtitle"] == [
        "Fall 2025 to Fall 2026. A line is one standard error up and down.",
        "Of the differences in growth, 41 percent are more than errors of measurement.",
        "1 that cannot be compared is left aside.",
    ]
    assert spec["description"].startswith("Reading: 20 of 24 higher")
    rows = next(data for data in spec["datasets"].values() if "verdict" in data[0])
    assert len(rows) == 24
    assert [one["growth"] for one in rows] != sorted(one["growth"] for one in rows)  # two fifths are too little
    svg = drawer.draw(spec)
    assert "Luz" not in svg
    assert "Luz" in drawer.draw(charts.growths(growth(bench, names=True)).to_dict())


def test_a_few_have_no_figure_of_the_group(bench: Workbench) -> None:
    few = growth(bench).head(5)
    told = charts.growths(few).to_dict()["title"]["subtitle"]
    assert not any("percent" in one for one in told)


def test_charts_of_a_kind_stand_side_by_side(bench: Workbench, drawer: Drawer) -> None:
    maths = bench.frames.growth("4B", measure="mathematics", start="Fall 2025", end="Fall 2026")
    both = charts.growths(growth(bench)) | charts.growths(maths)
    drawn = drawer.draw(both.to_dict())
    assert "Reading: 20 of 24" in drawn
    assert "Mathematics: " in drawn


def test_lines_are_ones_own_and_break_where_the_norms_changed(bench: Workbench, drawer: Drawer) -> None:
    frame = scores(bench)
    spec = charts.lines(frame, measure="mathematics").to_dict()
    assert spec["title"]["text"] == "Mathematics of 27 learners over 6 terms, all on one scale"
    series = spec["spec"]["layer"][1]["encoding"]["detail"]
    assert series["field"] == "norms"
    drawer.draw(spec)
    with pytest.raises(NotFound, match="mathematics"):
        charts.lines(frame, measure="mathematic")
    with pytest.raises(BadInput, match="several of “source”"):
        charts.lines(frame.assign(source=["star", *frame["source"].astype(str)[1:]]), measure="reading")


def test_holes_are_counted_and_crossed(bench: Workbench, drawer: Drawer) -> None:
    frame = coverage(bench)
    spec = charts.holes(frame).to_dict()
    assert spec["title"]["text"] == f"{int((~frame['has']).sum())} of {len(frame)} tests are missing"
    assert "missing" in drawer.draw(spec)


def test_nothing_and_several_at_once_are_refused_in_a_sentence(bench: Workbench) -> None:
    for make in (charts.growths, charts.holes):
        with pytest.raises(BadInput, match="the table has no row"):
            make((growth(bench) if make is charts.growths else coverage(bench)).head(0))
    with pytest.raises(BadInput, match="several of “measure”"):
        charts.growths(bench.frames.growth("4B", start="Fall 2025", end="Fall 2026"))


def test_charts_speak_the_language_spoken_around(bench: Workbench, drawer: Drawer) -> None:
    with speaking("es"):
        made = (
            charts.growths(growth(bench)),
            charts.lines(scores(bench), measure="reading"),
            charts.holes(coverage(bench)),
        )
        told = [one.to_dict()["title"]["text"] for one in made]
    assert told[0] == "Lectura: 20 de 24 más alto, 4 más o menos igual, 0 más bajo"
    assert told[1].startswith("Lectura de 27 estudiantes en 6 periodos")
    assert told[2].startswith("Faltan ")
