"""A workbench below a path of a host that serves more than it: nothing leads, listens or is kept outside of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from workbench import Workbench, serving
from workbench.ground.errors import BadInput
from workbench.serving import Reach
from workbench.workspace import SETTINGS, Workspace

from ..browser import PROJECTOR, VoilaServer, assert_clean, chromium, seen_on, watched
from ..conftest import copy_of
from .network import HOST, WORDS, School, Visitor, an_answer_is_kept, free_port, networked, staffed, walked

PREFIX = "/school/workbench"
SERVING = Path(serving.__file__).parent


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder, port = copy_of(pristine, tmp_path_factory.mktemp("prefix") / "demo"), free_port()
    networked(folder, port, PREFIX)
    staffed(folder)
    with VoilaServer(folder, port=port, reach=Reach.OTHERS) as server:
        yield School(server, folder, port, PREFIX)


def test_every_address_that_a_browser_meets_is_below_the_path(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    met = walked(rivera, "Luz Marín")
    assert {one for one in met if not one.startswith(f"{PREFIX}/")} == set()
    assert {f"{PREFIX}/tablet", f"{PREFIX}/codes", f"{PREFIX}/me", f"{PREFIX}/open"} <= met
    assert re.search(rf"{PREFIX}/workbench/tokens.css", " ".join(met))
    assert rivera.get(f"{PREFIX}/workbench/fonts/400.woff2")[0] == 200  # named from beside the style sheet


def test_redirects_and_cookies_stay_below_the_path(school: School) -> None:
    rivera = Visitor(school)
    assert rivera.ask("GET", PREFIX)[2]["Location"] == f"{PREFIX}/"
    rivera.get(f"{PREFIX}/")
    signed = rivera.post(f"{PREFIX}/sign-in", {"name": "rivera", "password": WORDS})
    assert (signed[0], signed[2]["Location"]) == (303, f"{PREFIX}/")
    rivera.get(f"{PREFIX}/")
    rivera.post(f"{PREFIX}/language", {"language": "en"})
    assert rivera.given
    for told in rivera.given:
        assert f"path={PREFIX}/;" in f"{told};".lower().replace(" ", "")
    (own,) = [one for one in rivera.given if "workbench-" in one and "reached" not in one]
    assert own.startswith("__Secure-")  # `__Host-` is for a whole host
    for path in ("/voila/", "/voila/tree"):
        assert rivera.ask("GET", f"{PREFIX}{path}")[2]["Location"] == f"{PREFIX}/"
    out = rivera.post(f"{PREFIX}/sign-out")
    assert (out[0], out[2]["Location"]) == (303, f"{PREFIX}/")
    assert rivera.get(f"{PREFIX}/me")[0] == 403


@pytest.mark.parametrize("path", ["/", "/open", "/me", "/workbench/tokens.css", f"{PREFIX}x/", "/api/kernels"])
def test_nothing_answers_outside_of_the_path(school: School, path: str) -> None:
    rivera = Visitor(school).sign_in("rivera")
    assert rivera.get(path)[0] == 404
    assert rivera.post(path)[0] == 404


@pytest.mark.browser
def test_a_conference_is_held_and_a_tablet_is_handed_over(school: School) -> None:
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as browser:
        page = signed_in(browser, school)
        an_answer_is_kept(page, school.folder)
        assert_clean(page)
        sockets = [one for one in seen_on(page).requests if "/api/kernels" in one]
        assert all(f"{HOST}:{school.port}{PREFIX}/" in one for one in sockets)

        page.goto(f"{school.address}/")
        page.get_by_role("button", name="Open my class").or_(page.locator("button[value=my_class]")).first.click()
        page.locator(".wb-hand-over").first.click()
        page.get_by_label(re.compile("number", re.IGNORECASE)).first.fill("2468")
        page.locator("main form button.primary").click()
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
        page.get_by_role("button", name="Luz").click()
        page.get_by_role("button", name="My goals").click()
        expect(page.locator(".wb-form")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Next person").click()
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
        assert page.url == f"{school.address}/"
        page.context.close()


@pytest.mark.browser
def test_a_scanned_code_leads_below_the_path(school: School) -> None:
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        made = bench.codes.for_class(bench.learners.class_named("4B"), until=bench.clock() + timedelta(days=1))
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as browser:
        tablet = watched(browser, PROJECTOR, ignore_https_errors=True)
        tablet.goto(f"{school.address}/#code={made.token}")
        expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
        assert tablet.url == f"{school.address}/"
        tablet.context.close()


def signed_in(browser: Browser, school: School) -> Page:
    page = watched(browser, PROJECTOR, ignore_https_errors=True)
    page.goto(school.address)
    page.locator("#name").fill("rivera")
    page.locator("#password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("main.page")
    return page


@pytest.mark.parametrize("address", [
    "workbench.school.example", "https://a.example/b?c", "https://a.example/b#c", "https://a.example//b",
    "https://a.example/../b", "https://a.example/b c", "https://me@a.example",
])  # fmt: skip
def test_what_is_no_address_is_said(pristine: Path, tmp_path: Path, address: str) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    path = folder / SETTINGS
    path.write_text(path.read_text().replace('address = ""', f'address = "{address}"'))
    with pytest.raises(BadInput):
        Workspace.open(folder)


@pytest.mark.parametrize(("written", "meant"), [
    ("https://A.Example/School/", "https://a.example/School"),
    ("https://a.example:8866", "https://a.example:8866"),
    ("https://a.example/services/work-bench", "https://a.example/services/work-bench"),
])  # fmt: skip
def test_a_host_has_no_case_and_a_path_has(pristine: Path, tmp_path: Path, written: str, meant: str) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    path = folder / SETTINGS
    path.write_text(path.read_text().replace('address = ""', f'address = "{written}"'))
    assert Workspace.open(folder).address == meant


@pytest.mark.parametrize(
    "one", sorted([*SERVING.glob("pages/*.html"), *SERVING.glob("static/*.js")]), ids=lambda one: one.name
)
def test_no_page_names_an_address_from_the_host_s_root(one: Path) -> None:
    """Pages say `at("/open")`, scripts begin with `data-root`, handlers `lead`."""
    assert (
        re.findall(r"""(?:href|action|src|fetch\(|replace\()=?["'`]/[^"'`]*""", one.read_text(encoding="utf-8")) == []
    )
