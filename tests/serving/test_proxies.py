"""Behind a real Caddy and a real nginx, set up as docs/guides/school.md says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from workbench.serving import Reach, certificates

from ..browser import PROJECTOR, VoilaServer, began, chromium, seen_on, wait_for_another, watched
from ..conftest import copy_of
from .network import HOST, WORDS, School, Visitor, an_answer_is_kept, free_port, networked, staffed, walked
from .proxies import proxy

CERTIFICATE = "/srv/workbench/certificates"


@pytest.fixture(scope="module", params=["caddyfile", "nginx"])
def school(
    request: pytest.FixtureRequest, pristine: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[School]:
    """A school whose proxy has the certificate: Caddy with a host for it, nginx with a path."""
    kind, base = request.param, tmp_path_factory.mktemp("proxy")
    folder, port, inner = copy_of(pristine, base / "demo"), free_port(), free_port()
    prefix = "/workbench" if kind == "nginx" else ""
    networked(folder, port, prefix)
    staffed(folder)
    said = {CERTIFICATE: str(folder / certificates.FOLDER), "127.0.0.1:8866": f"127.0.0.1:{inner}"}
    if kind == "nginx":
        said |= {"listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "school.example": HOST}
    else:
        said |= {"wb.school.example": f"{HOST}:{port}"}
    with proxy(kind, port, base / kind, said), VoilaServer(folder, port=inner, reach=Reach.PROXY) as server:
        yield School(server, folder, port, prefix)


def test_all_that_there_is_comes_through(school: School) -> None:
    met = walked(Visitor(school).sign_in("rivera"), "Luz Marín")
    assert {one for one in met if not one.startswith(f"{school.prefix}/")} == set()


@pytest.mark.browser
def test_an_answer_is_kept_over_the_socket_and_the_page_outlasts_its_server(school: School) -> None:
    with chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as browser:
        page = watched(browser, PROJECTOR, ignore_https_errors=True)
        page.goto(f"{school.address}/")
        page.locator("#name").fill("rivera")
        page.locator("#password").fill(WORDS)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("main.page")).to_be_visible()
        an_answer_is_kept(page, school.folder)
        assert seen_on(page).errors == []
        since = began(page)
        school.server.kill()
        expect(page.get_by_text("No connection just now.")).to_be_visible()  # though the proxy answers
        school.server.again()
        wait_for_another(page, since)
        expect(page.get_by_text("I ask when I am stuck").first).to_be_visible()
        page.context.close()


@pytest.mark.parametrize("header", [
    {"X_Forwarded_Host": "elsewhere.test"}, {"X_Forwarded_Proto": "http"}, {"X_Forwarded_For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=elsewhere.test;proto=http"}, {"X_Forwarded_Prefix": "/elsewhere"},
    {"X_Workbench_Actor": "admin:boss"},
])  # fmt: skip
def test_nothing_that_a_browser_says_of_the_way_is_believed(school: School, header: dict[str, str]) -> None:
    visitor = Visitor(school)
    for place in (school.port, int(str(school.server.asked["port"]))):
        visitor.port = place
        visitor.secure = place == school.port
        status, text, told = visitor.ask("GET", f"{school.prefix}/", **header)
        assert status == 200
        assert "Sign in" in text
        assert "elsewhere" not in text + str(told)
    visitor.port, visitor.secure = school.port, True
    rivera = visitor.sign_in("rivera")
    assert "Ms Rivera" in rivera.ask("GET", f"{school.prefix}/", **header)[1]
    assert all("Secure" in one for one in rivera.given if "workbench-" in one and "reached" not in one)


def test_whoever_goes_around_the_proxy_meets_the_same_door(school: School) -> None:
    visitor = Visitor(school)
    visitor.port, visitor.secure = int(str(school.server.asked["port"])), False
    assert visitor.get(f"{school.prefix}/me")[0] == 403
    visitor.host = f"127.0.0.1:{visitor.port}"
    assert visitor.get(f"{school.prefix}/")[0] == 403
