"""A Monday of a teacher: whoever needs one is dealt with without searching, and a year opens where it is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from workbench import Workbench
from workbench.classes.glances import Glance
from workbench.learners.learners import Learner
from workbench.sample import cast
from workbench.sample.demo import ACTOR, CLASS

from ..browser import VoilaServer, assert_clean, seen_on

pytestmark = pytest.mark.browser

MONDAY = date(2026, 11, 30)
NOW, STUCK, ASHAMED = "I cannot find my book", "I fall asleep after two pages", "I still do not get it"


def morning() -> datetime:
    return datetime(2026, 11, 30, 15, tzinfo=UTC)


def begin(bench: Workbench) -> tuple[Sequence[Learner], dict[str, Learner]]:
    """Three are ready, two stuck, one met a goal, one asks now; returns everybody, and some of these by kind."""
    people = bench.learners.in_class(CLASS)
    wren, samir, emmett, naomi, hugo, linh, kenji = (
        bench.learners.named(name)
        for name in (
            *("Wren Castellano", "Samir Rahimi", "Emmett Larkin", "Naomi Dlamini", "Hugo Pohl", "Linh Nguyễn"),
            "Kenji Xiong",
        )
    )
    for one in (wren, samir, emmett):
        held = bench.conferences.prepare(one, on=MONDAY)
        bench.reflections.say(held, move="reflect", prompt="went-well", asked="What went well?", words="My poster")
        bench.conferences.ready(held, on=MONDAY)
    for one, words in ((naomi, STUCK), (hugo, ASHAMED)):
        goal = bench.goals.choose(one, "Read ten pages", on=MONDAY, due_on=MONDAY + timedelta(days=7))
        bench.progress.check_in(goal, on=MONDAY, feeling="stuck", words=words)
    goal = bench.goals.choose(linh, "Finish my story", on=MONDAY)
    bench.plans.shape(goal, celebrate="A quiet note")
    bench.goals.revise(goal, state="met")
    bench.flags.raise_(kenji, "help", urgency="now", words=NOW)
    return people, {"now": kenji, "stuck": naomi, "too": hugo, "met": linh}


def calling(page: Page) -> list[str]:
    """Who calls and said so, in the order of the page."""
    return page.locator(".wb-call h3").all_inner_texts()


def talk(page: Page, bench: Workbench, name: str) -> None:
    """The conference that is open, from where it is to its end."""
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    (held,) = bench.conferences.under_way(bench.learners.named(name))
    bench.goals.choose(held, "Ask one question a day", on=MONDAY, due_on=MONDAY + timedelta(days=7))
    page.locator("[data-for='go/when']").first.click()
    page.get_by_role("button", name="See our agreement").click()
    page.get_by_role("button", name="Finish the conference").click()
    expect(page.get_by_role("status").filter(has_text="This conference is finished.")).to_be_visible()


def test_a_monday_of_a_teacher(demo: Path, browser: Browser) -> None:
    with (
        Workbench.open(demo, actor=ACTOR, clock=morning) as bench,
        VoilaServer(demo, actor=ACTOR, day=MONDAY) as server,
    ):
        people, who = begin(bench)
        page = server.sign_in(browser)
        page.get_by_role("button", name="Open my class").click()
        expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
        expect(page.locator(".wb-glances li")).to_have_count(28)
        first = calling(page)
        assert first[0] == who["now"].name
        assert set(first[1:3]) == {who["stuck"].name, who["too"].name}
        assert set(first[3:6]) == {"Wren Castellano", "Samir Rahimi", "Emmett Larkin"}
        assert first[6] == who["met"].name
        assert_clean(page)

        answer = page.get_by_label("Say something back, if you like")
        answer.fill("Look behind the globe")
        answer.press("Enter")
        expect(page.get_by_text(NOW)).to_have_count(0)
        line = page.locator("li", has=page.get_by_text(STUCK)).get_by_label("A line back")
        line.fill("Read with me at ten")
        line.press("Enter")
        expect(page.get_by_text(STUCK)).to_have_count(0)
        page.get_by_role("button", name=f"Send {who['too'].name} a heart").click()
        expect(page.get_by_text(ASHAMED)).to_have_count(0)
        expect(page.get_by_text("Celebrates: A quiet note")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Celebrated: Finish my story")).click()
        expect(page.get_by_text("Celebrates: A quiet note")).to_have_count(0)

        ready = calling(page)[:3]
        page.get_by_role("button", name=f"Start: a conference with {ready[0]}").click()
        talk(page, bench, ready[0])
        assert_clean(page)
        for name in ready[1:]:
            page.get_by_role("button", name="On to who is next").click()  # who is not named beside this learner
            talk(page, bench, name)
        page.get_by_role("button", name="Back to my class").click()
        expect(page.get_by_role("heading", name="Who needs me now")).to_be_visible()
        dealt_with = {one.name for one in who.values()} | set(ready)
        assert not dealt_with & {*calling(page)[:1]}
        assert all(one.calls in ((), ("due",), ("unseen",), ("due", "unseen")) for one in glances(bench))

        page.get_by_label("Find a learner by name").fill("dlamini na")
        expect(page.locator(".wb-glances li")).to_have_count(1)
        page.locator(".wb-glances").get_by_role("button", name=who["stuck"].name).click()
        expect(page.get_by_text("Read with me at ten")).to_be_visible()
        assert_clean(page)
        page.get_by_role("button", name="See the goals").click()
        expect(page.get_by_text("Read with me at ten")).to_be_visible()  # where the child finds it
        page.get_by_role("button", name="I saw it").click()
        expect(page.get_by_role("heading", name="From my teacher")).to_have_count(0)
        assert bench.responses.of(who["stuck"])[0].seen_on == MONDAY
        assert_clean(page)

        page.goto(server.address)
        page.get_by_label("Find somebody by name").fill("marin")
        page.get_by_role("button", name="Luz Marín").click()
        luz = bench.learners.named(cast.LUZ)
        (held,) = [one for one in bench.conferences.of(luz) if one.finished]
        page.get_by_role("button", name=re.compile("^Open The full conference of")).click()
        expect(page.get_by_role("group", name="Our agreement")).to_be_visible()
        goal = bench.goals.of(held)[0]
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        printed = page.locator("body").inner_text()
        assert goal.words in printed
        assert not [one.name for one in people if one.id != luz.id and one.name in printed]
        assert page.pdf().startswith(b"%PDF")
        assert seen_on(page).errors == []


def glances(bench: Workbench) -> list[Glance]:
    """The class as it is at the end of the day."""
    return list(bench.glances.of(bench.learners.class_named(CLASS), on=MONDAY))
