"""A family's door: a letter's code leads to what the learner shows, and to an answer; and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from workbench import Workbench
from workbench.doors.passes import hashed
from workbench.sample import cast

from ..browser import PHONE, assert_clean, assert_fits, chromium, watched
from .network import HOST, School, Visitor
from .test_codes import TABLET, scanned, teacher_at

ANSWER = "She reads to her brother"
SHOWN = "I draw maps of imagined towns"
HIDDEN = "I hide at lunch"


@pytest.fixture(scope="module")
def browser(school: School) -> Iterator[Browser]:
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def shown(school: School) -> None:
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        bench.profiles.show(bench.profiles.say(luz, SHOWN, domain="thinking", kind="strength"), family_sees=True)
        bench.profiles.say(luz, HIDDEN, domain="feelings", kind="need")


@pytest.fixture
def token(school: School) -> str:
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        return bench.codes.for_family(bench.learners.named(cast.LUZ), until=tomorrow()).token


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def come(school: School, token: str) -> Visitor:
    visitor = Visitor(school)
    visitor.ask("GET", "/")
    assert visitor.post("/come", {"code": token})[0] == 200
    return visitor


@pytest.mark.browser
def test_a_letter_leads_a_family_to_what_is_shown_and_its_answer_reaches_who_it_is_for(
    browser: Browser, school: School, tmp_path: Path
) -> None:
    page = teacher_at(browser, school)
    page.get_by_role("button", name="Letters for the families").click()
    assert page.locator(".code-card").count() == cast.CLASS_SIZE
    headings = page.locator(".letter h2").all_text_contents()
    address = scanned(page, headings.index("For the family of Luz"))

    phone = watched(browser, PHONE, ignore_https_errors=True)
    phone.goto(address)
    expect(phone.get_by_role("heading", name="For the family of Luz")).to_be_visible()
    expect(phone.get_by_text(SHOWN)).to_be_visible()
    expect(phone.get_by_text(HIDDEN)).to_have_count(0)
    assert_clean(phone)
    assert_fits(phone)
    phone.get_by_label("What does Luz tell you about school?").fill(ANSWER)
    phone.get_by_label("Luz may read it, too").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("status")).to_have_text("Thank you. It is kept, and the teacher reads it.")
    expect(phone.get_by_role("listitem")).to_contain_text(ANSWER)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        kept = bench.replies.of(luz)[-1]
        assert (kept.words, kept.to_learner) == (ANSWER, True)
        assert re.fullmatch(r"family:[0-9a-f]{12}", kept.by)
        assert kept.by in {look.by for look in bench.looks.of(luz)}

    phone.get_by_role("button", name=f"Take back “{ANSWER}”").click()
    expect(phone.get_by_role("status")).to_have_text("It is taken back, and shown to nobody.")
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        assert ANSWER not in {one.words for one in bench.replies.of(luz)}
    phone.get_by_role("button", name="Bring it back").click()
    expect(phone.get_by_role("listitem")).to_contain_text(ANSWER)
    phone.get_by_role("button", name="Close").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_family_reaches_nothing_else(school: School, token: str) -> None:
    family = come(school, token)
    assert family.ask("GET", "/")[2]["Location"] == "/family"
    for path in ("/me", "/codes", "/tablet", "/mine?view=abc", "/voila/render/goals.ipynb?view=abc"):
        status, page, headers = family.ask("GET", path)
        assert SHOWN not in page
        assert status in (302, 403, 404) or headers.get("Location") == "/"
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        for path, body in (
            ("/open", {"app": "goals", "learner": str(luz.id)}),
            ("/open", {"app": "my_class"}),
            ("/learners", {"class": "1"}),
            ("/mine", {"learner": str(luz.id)}),
            ("/take-back", {"number": "1234"}),
            ("/codes", {"what": "families", "span": "week"}),
        ):
            assert family.post(path, body)[0] in (303, 403, 404), path
    assert SHOWN in family.ask("GET", "/family")[1]


def test_whoever_came_otherwise_has_no_family_page(school: School) -> None:
    assert Visitor(school).ask("GET", "/family")[0] == 403
    assert Visitor(school).sign_in("rivera").ask("GET", "/family")[0] in (302, 404)


def test_a_letter_that_is_ended_ends_who_came_by_it(school: School, token: str) -> None:
    family, other = come(school, token), come(school, token)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        which = bench.learners.class_named("4B")
        bench.codes.end(which, hashed(token))
    with Workbench.open(school.folder, actor="admin:office") as office:
        assert hashed(token)[:12] not in {tie.actor.code for tie in office.accounts.ties()}
    for one in (family, other):
        assert one.ask("GET", "/family")[0] == 403
    fresh = Visitor(school)
    fresh.ask("GET", "/")
    assert fresh.post("/come", {"code": token})[0] == 403


def test_one_family_takes_nothing_of_another_s_back(school: School, token: str) -> None:
    family = come(school, token)
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
        other = bench.replies.add(luz, "wish", "typed in by the teacher", via="phone")
    assert family.post("/family", {"take": other.id})[0] == 403
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        assert other.id in {one.id for one in bench.replies.of(luz)}


@pytest.mark.browser
def test_a_letter_home_prints_its_code_large_enough(browser: Browser, school: School) -> None:
    page: Page = teacher_at(browser, school)
    page.get_by_role("button", name="Letters for the families").click()
    page.emulate_media(media="print")
    assert page.locator(".scan svg").first.evaluate("one => one.getBoundingClientRect().width") >= 25 / 25.4 * 96
    assert page.viewport_size == TABLET
