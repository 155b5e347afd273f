"""A conference in Firefox, and in WebKit as on an iPad: from home through the eight moves to what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.sample.demo import ACTOR

from ..browser import VoilaServer
from ..conftest import TODAY, clock, copy_of
from ..webdriver import KINDS, Driven, driven

pytestmark = pytest.mark.browser

WHO = "Hugo Pohl"


@pytest.fixture
def school(pristine: Path, tmp_path: Path) -> Path:
    return copy_of(pristine, tmp_path / "demo")


@pytest.fixture
def server(school: Path) -> Iterator[VoilaServer]:
    with VoilaServer(school, actor=ACTOR, day=TODAY) as running:
        yield running


def go(page: Driven, move: str) -> None:
    """Goes to a move by its dot."""
    page.press(f"{move}:")
    page.until(lambda: (page.run("return document.querySelector('.wb-body h2')?.innerText") or "").endswith(move))


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(name, marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing))
        for name, kind in KINDS.items()
    ],
)
def test_a_conference_is_held_and_is_there_after_a_reload(kind: str, server: VoilaServer, school: Path) -> None:
    with driven(kind) as page:
        page.go(server.entry)
        page.sees("Sit down with a learner")
        page.take("Learner", WHO)
        page.press("Start the conference")
        page.sees("Look at my progress")
        page.run("window.faults = []; addEventListener('error', ({message}) => faults.push(message))")

        page.say("What do you notice?", "My reading grew")
        go(page, "Reflect")
        page.choose("calm")
        go(page, "Name strengths and needs")
        page.press("I help my group")
        go(page, "Choose a goal")
        page.say("What will you try?", "Count the stairs at home")
        go(page, "Say why")
        page.say("Why does this goal matter to you?", "I like numbers")
        go(page, "Design how")
        page.press("Explain my steps to a partner")
        go(page, "Set the dates")
        page.press("In 2 weeks")
        assert page.run("return faults") == []

        page.run("location.reload()")
        page.until(lambda: page.run("return typeof faults === 'undefined' && document.querySelector('.wb-body h2')"))
        page.press("See our agreement")
        page.press("Finish the conference")
        page.sees("Count the stairs at home")
        page.sees("Open again")

    with Workbench.open(school, actor=ACTOR, clock=clock) as bench:
        learner = bench.learners.named(WHO)
        held = bench.conferences.of(learner)[0]
        (goal,) = bench.goals.of_learner(learner)
        plan = bench.plans.of(goal)
        said = bench.reflections.of(held)
        assert held.finished
        assert said["look", "notice"].words == "My reading grew"
        assert said["reflect", "felt"].choice == "calm"
        assert [one.words for one in bench.strengths.of(held)] == ["I help my group"]
        assert (goal.words, goal.purpose) == ("Count the stairs at home", "I like numbers")
        assert [step.words for step in plan.steps] == ["Explain my steps to a partner"]
        assert plan.next_conference_on == date(2026, 12, 7)
