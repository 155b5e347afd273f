"""Learners' doors: a code is printed, scanned and leads to the class's pictures, or to one learner's own pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from workbench import Workbench
from workbench.doors.entrance import Entrance
from workbench.doors.passes import Kind, hashed
from workbench.ground.errors import BadInput, NotAllowed
from workbench.sample import cast

from ..browser import PHONE, chromium
from ..conftest import clock
from .network import HOST, WORDS, School, Visitor

TABLET: ViewportSize = {"width": 1024, "height": 768}
PRINTED = 295  # dots, of 25 mm at 300 to the inch


@pytest.fixture(scope="module")
def browser(school: School) -> Iterator[Browser]:
    """A Chromium that finds the school's computer by its name."""
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as opened:
        yield opened


def at(browser: Browser, address: str, viewport: ViewportSize = TABLET) -> Page:
    """A page of a device of its own, which trusts the school's authority."""
    page = browser.new_context(viewport=viewport, ignore_https_errors=True).new_page()
    page.goto(address)
    return page


def teacher_at(browser: Browser, school: School) -> Page:
    page = at(browser, f"https://{HOST}:{school.port}/")
    page.locator("#name").fill("rivera")
    page.locator("#password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Codes for tablets").click()
    page.get_by_label("At which hours").select_option(label="At any hour")  # tests run at night too
    return page


def scanned(page: Page, number: int = 0) -> str:
    """What a camera reads of a code, printed in black and white at 25 mm."""
    shot = page.locator(".scan svg").nth(number).screenshot()
    paper = Image.open(io.BytesIO(shot)).convert("L").resize((PRINTED, PRINTED), Image.Resampling.BILINEAR)
    found = zxingcpp.read_barcodes(paper.point(lambda dot: 255 * (dot > 128)).convert("1").convert("L"))
    assert len(found) == 1
    return found[0].text


@pytest.mark.browser
def test_a_class_s_code_leads_a_tablet_to_its_pictures_until_it_is_ended(browser: Browser, school: School) -> None:
    page = teacher_at(browser, school)
    page.get_by_role("button", name="One code for the class").click()
    address = scanned(page)
    assert re.fullmatch(rf"https://{HOST}:{school.port}/#code=[\w-]{{32}}", address)

    tablet = at(browser, address)
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    assert "code=" not in tablet.url
    tablet.get_by_role("button", name="Luz").click()
    expect(tablet.get_by_role("heading", name="Hello, Luz")).to_be_visible()
    tablet.get_by_role("button", name="My goals").click()
    expect(tablet.locator(".wb-form")).to_be_visible(timeout=60_000)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        looks = [look for look in bench.looks.of(luz) if look.by == "tablet of teacher:t17"]
        assert {(look.what, look.device) for look in looks} >= {("GoalBoard", "Linux Chrome")}

    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="End all of them").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    tablet.goto(f"https://{HOST}:{school.port}/")
    expect(tablet.get_by_role("heading", name="Sign in")).to_be_visible()
    again = at(browser, address)
    expect(again.get_by_role("heading", name="This code does not work just now.")).to_be_visible()


@pytest.mark.browser
def test_a_learner_s_own_code_leads_to_their_pages_and_nobody_else_s(browser: Browser, school: School) -> None:
    page = teacher_at(browser, school)
    page.get_by_role("button", name="A sheet with each learner’s own").click()
    assert page.locator(".code-card").count() == cast.CLASS_SIZE
    names = page.locator(".code-card .called strong").all_text_contents()
    address = scanned(page, names.index("Luz"))
    page.emulate_media(media="print")
    assert page.locator(".scan svg").first.evaluate("one => one.getBoundingClientRect().width") >= 25 / 25.4 * 96

    phone = at(browser, address, PHONE)
    expect(phone.get_by_role("heading", name="Hello, Luz")).to_be_visible()
    phone.get_by_role("button", name="My profile").click()
    expect(phone.locator(".wb-form")).to_be_visible(timeout=60_000)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        assert f"learner:{cast.LUZ}" in {look.by for look in bench.looks.of(luz)}
    phone.goto(f"https://{HOST}:{school.port}/")
    expect(phone.get_by_role("heading", name="Hello, Luz")).to_be_visible()
    for path in ("/me", "/codes", "/tablet"):
        phone.goto(f"https://{HOST}:{school.port}{path}")
        expect(phone.get_by_role("heading", name="Hello, Luz")).to_be_visible()
    phone.get_by_role("button", name="Next person").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    assert phone.evaluate("Object.keys(localStorage).filter((one) => one.includes('outbox')).length") == 0


def test_whoever_did_not_make_it_sees_ends_and_makes_none(school: School) -> None:
    visitor = Visitor(school).sign_in("okafor")
    with Workbench.open(school.folder, actor="teacher:t17") as own:
        which = own.learners.class_named("4B")
        made = own.codes.for_class(which, until=own.clock() + timedelta(days=1))
    with Workbench.open(school.folder, actor="teacher:t05") as bench:
        for ask in (
            lambda: bench.codes.of_class(which),
            lambda: bench.codes.end_all(which),
            lambda: bench.codes.end(which, hashed(made.token)),
            lambda: bench.codes.for_class(which, until=bench.clock() + timedelta(days=1)),
        ):
            with pytest.raises(NotAllowed):
                ask()
    assert visitor.post("/codes", {"what": "end-all", "class": str(which.id)})[0] == 303  # of the own class
    came = Visitor(school)
    came.get("/")
    assert came.post("/come", {"code": made.token}, Accept="application/json")[0] == 200
    assert "Who are you?" in came.get("/")[1]


@pytest.mark.parametrize("token", ["", "guess", "x" * 32])
def test_a_code_nobody_made_opens_nothing(school: School, token: str) -> None:
    visitor = Visitor(school)
    visitor.get("/")
    assert visitor.post("/come", {"code": token}, Accept="application/json")[0] == 403
    assert visitor.session == ""


def test_a_code_ends_with_the_account_of_whoever_made_it(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        made = bench.codes.for_class(bench.learners.class_named("4B"), until=clock() + timedelta(days=2))
        luz = bench.learners.named(cast.LUZ)
        with pytest.raises(BadInput):
            bench.codes.for_learner(luz, until=clock() - timedelta(days=1))
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        office.accounts.add("boss", "admin:boss")
        rivera = office.accounts.add("rivera", "teacher:t17")
        entrance = Entrance(office.desk.store, clock)
        assert entrance.admitted(made.token, Kind.CLASS) is not None
        office.accounts.disable(rivera)
        assert entrance.admitted(made.token, Kind.CLASS) is None


def test_a_code_works_at_its_hours_until_its_day(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as bench:
        which = bench.learners.class_named("4B")
        now = clock().astimezone()
        made = bench.codes.for_class(which, until=now + timedelta(days=2), hours=(now.hour, now.hour + 1))

        def works(later: timedelta) -> bool:
            moment: datetime = clock() + later
            return Entrance(bench.desk.store, lambda: moment).admitted(made.token, Kind.CLASS) is not None

        assert works(timedelta())
        assert works(timedelta(days=1))
        assert not works(timedelta(hours=1))
        assert not works(timedelta(hours=-1))
        assert not works(timedelta(days=2))
        with pytest.raises(BadInput):
            bench.codes.for_class(which, until=now - timedelta(days=1))
        luz = bench.learners.named(cast.LUZ)
        first = bench.codes.for_learner(luz, until=now + timedelta(days=1))
        bench.codes.for_learner(luz, until=now + timedelta(days=1))
        assert Entrance(bench.desk.store, clock).admitted(first.token, Kind.LEARNER) is None  # lost cards end
