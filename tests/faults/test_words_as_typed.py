"""What a person typed is shown as it was typed: no formula, no link, no mark-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import VoilaServer, assert_clean, open_page
from tests.conftest import TODAY, clock, copy_of
from workbench import Workbench
from workbench.sample.demo import ACTOR

TYPED = (
    "I saved $5 for books and then $10 for my brother",
    r"\href{https://example.org}{press} \(x^2\) and \[y\]",
    "**loud** _soft_ [words](https://example.org) <b>&amp;</b> https://example.org \x1b[31mred",
)


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy_of(pristine, tmp_path_factory.mktemp("typed") / "demo")
    with Workbench.open(made, actor=ACTOR, clock=clock) as bench:
        luz = bench.learners.named("Luz Marín")
        held = bench.conferences.start(luz, on=TODAY)
        bench.reflections.say(held, move="look", prompt="notice", asked="What do you notice?", words=TYPED[1])
        bench.reflections.say(held, move="reflect", prompt="went-well", asked="What went well?", words=TYPED[2])
        bench.goals.choose(held, TYPED[0], on=TODAY)
    return made


@pytest.fixture(scope="module")
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


@pytest.mark.browser
@pytest.mark.parametrize("button", ["See the report", "See the goals", "Continue the conference"])
def test_no_page_reads_words_as_formulas_links_or_marks(server: VoilaServer, browser: Browser, button: str) -> None:
    page = open_page(server, browser, button, "Luz Marín")
    if button == "Continue the conference":
        expect(page.get_by_label("What do you notice?")).to_have_value(TYPED[1])
    else:
        expect(page.get_by_text(TYPED[0]).first).to_be_visible()
    if button == "See the report":
        shown = page.locator("#rendered_cells").inner_text()
        assert [words for words in TYPED if words not in shown] == []
    page.wait_for_load_state("networkidle")
    expect(page.locator("mjx-container")).to_have_count(0)
    expect(page.locator("#rendered_cells a[href*='example.org']")).to_have_count(0)
    assert_clean(page)
    page.context.close()


def test_a_notebooks_own_page_elsewhere_passes_over_them_too() -> None:
    """JupyterLab's MathJax and nbconvert's leave out what has these classes."""
    from workbench.reporting.html import html
    from workbench.reporting.section import Section

    made = html(Section("goals", "Goals", ()), None)
    assert {"mathjax_ignore", "tex2jax_ignore"} <= set(made.split('"')[1].split())
