"""A district's JupyterHub as the way in: the real Hub and its proxy, and the workbench as one of its services."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from workbench import Workbench
from workbench.ground.errors import BadInput, NotReady
from workbench.serving import Reach, safe, serve
from workbench.workspace import SETTINGS, Workspace

from ..browser import chromium, seen_on, settled, watched
from ..conftest import copy_of
from ..people import drawers_of, kernels_of, zygotes_of
from .network import an_answer_is_kept, free_port

pytest.importorskip("configurable_http_proxy", reason="the Hub’s proxy is one of the project’s own test tools")

PREFIX = "/services/workbench"
SECRET = "what they say at the Hub"
PATIENCE = 120  # seconds
CONFIG = """
import sys
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {inner}
# Browsers offer to compress what sockets say; this proxy passes that on, and cannot read what is compressed then.
c.ConfigurableHTTPProxy.command = [{proxy!r}, "--custom-header", "Sec-Websocket-Extensions: "]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {secret!r}
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{
    "name": "workbench",
    "url": "http://127.0.0.1:{served}",
    "command": [sys.executable, "-P", "-m", "workbench.cli", "serve", "--hub", "--workspace", {folder!r}],
    "oauth_no_confirm": True,
}}]
c.JupyterHub.load_roles = [
    {{"name": "user", "scopes": ["self", "access:services!service=workbench"]}},
]
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = [sys.executable, "-P", "-m", "workbench.cli", "serve", "--hub", "--workspace", {alone!r}]
c.Spawner.args = []
"""


@dataclass
class District:
    """A Hub that runs, and the workspace that it serves."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def server(self) -> psutil.Process:
        """The workbench's own process."""
        found = [one for one in psutil.Process(self.process.pid).children() if str(self.folder) in one.cmdline()]
        assert len(found) == 1
        return found[0]

    @property
    def log(self) -> str:
        return (self.folder / "logs" / "serve.log").read_text(encoding="utf-8")


def reached(folder: Path, address: str) -> None:
    path = folder / SETTINGS
    path.write_text(path.read_text().replace('address = ""', f'address = "{address}"'))


@pytest.fixture(scope="module")
def district(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    base = tmp_path_factory.mktemp("district")
    folder, alone = copy_of(pristine, base / "demo"), copy_of(pristine, base / "alone")
    port, inner, api, served = (free_port() for _ in range(4))
    reached(folder, f"http://127.0.0.1:{port}{PREFIX}")
    reached(alone, f"http://127.0.0.1:{port}/user/rivera")
    with Workbench.open(alone, actor="admin:office") as bench:
        bench.accounts.add("rivera", "teacher:t17", called="Ms Rivera")
    with Workbench.open(folder, actor="admin:office") as bench:
        bench.accounts.add("rivera", "teacher:t17", "coach:c1", called="Ms Rivera")
        bench.accounts.add("okafor", "teacher:t05", called="Mr Okafor")
        bench.accounts.disable(bench.accounts.add("former", "teacher:t17"))
    config = base / "jupyterhub_config.py"
    told = {
        "port": port,
        "inner": inner,
        "api": api,
        "served": served,
        "secret": SECRET,
        "folder": str(folder),
        "alone": str(alone),
        "proxy": str(Path(sys.executable).with_name("configurable-http-proxy")),
    }
    config.write_text(CONFIG.format(**told), encoding="utf-8")
    with (base / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)], cwd=base, stdout=log, stderr=log, text=True
        )
        try:
            wait_for(port, process, base / "hub.log")
            yield District(folder, port, process)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def wait_for(port: int, process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request("GET", f"{PREFIX}/", headers={"Accept": "text/html"})
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            line.close()
        time.sleep(0.3)
    raise RuntimeError(f"the Hub did not start: {log.read_text()}")


@dataclass
class Browser:
    """A browser without a screen: cookies by their paths, redirects followed."""

    district: District
    jar: dict[tuple[str, str], str] = field(default_factory=dict)  # by path and name
    at: str = ""
    led: list[str] = field(default_factory=list)  # through which addresses

    @property
    def session(self) -> str:
        return next((value for (_path, name), value in self.jar.items() if name.startswith("workbench-")), "")

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """The answer after all redirects; `at` is where it came from."""
        for _ in range(12):
            self.led.append(path)
            status, text, location = self._once(method, path, fields)
            if not location:
                self.at = path
                return status, text
            method, fields, path = "GET", None, urllib.parse.urljoin(path, location)
        raise AssertionError("led around in a circle")

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        return self.ask("POST", path, {"_xsrf": self.named("_xsrf", path), **(fields or {})})

    def named(self, name: str, path: str) -> str:
        """A cookie as the page at a path has it."""
        found = [(where, value) for (where, one), value in self.jar.items() if one == name and path.startswith(where)]
        return max(found, default=("", ""))[1]

    def sign_in(self, name: str) -> Browser:
        """Goes from the workbench to the Hub, says who one is there, and comes back."""
        _status, text = self.get(f"{PREFIX}/hub")
        assert self.at.startswith("/hub/login"), self.at
        asked = re.search(r'<form action="([^"]+)"', text)
        assert asked
        self.post(asked[1].replace("&#x2F;", "/").replace("&amp;", "&"), {"username": name, "password": SECRET})
        return self

    def _once(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str, str]:
        origin = f"http://127.0.0.1:{self.district.port}"
        path = path.removeprefix(origin)
        assert path.startswith("/"), path
        sent = "; ".join(f"{name}={value}" for (where, name), value in sorted(self.jar.items(), reverse=True)
                         if path.startswith(where))  # fmt: skip
        told = {"Cookie": sent, "Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
                "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Chrome/156"}  # fmt: skip
        body = urllib.parse.urlencode(fields) if fields is not None else None
        if body is not None:
            told |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": origin,
                "Referer": f"{origin}{path}",
            }
        line = http.client.HTTPConnection("127.0.0.1", self.district.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, told)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for one in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(one).items():
                key = (morsel["path"] or "/", name)
                self.jar[key] = morsel.value
                if not morsel.value:
                    del self.jar[key]
        return answer.status, text, answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""


def test_whoever_signs_in_at_the_hub_comes_in_as_the_account_of_that_name(district: District) -> None:
    rivera, okafor = Browser(district).sign_in("rivera"), Browser(district).sign_in("okafor")
    assert rivera.at == f"{PREFIX}/"
    assert "Ms Rivera" in rivera.get(f"{PREFIX}/")[1]
    assert "Luz Marín" in rivera.get(f"{PREFIX}/")[1]
    assert "Mr Okafor" in okafor.get(f"{PREFIX}/")[1]
    assert "Luz Marín" not in okafor.get(f"{PREFIX}/")[1]


@pytest.mark.parametrize("name", ["stranger", "former"])
def test_somebody_without_an_account_is_told_whom_to_ask(district: District, name: str) -> None:
    browser = Browser(district).sign_in(name)
    assert browser.at.startswith(f"{PREFIX}/oauth_callback")
    status, text = browser.get(f"{PREFIX}/hub")  # the Hub knows them still
    assert status == 403
    assert f"You are signed in as {name}, and nobody of that name may come in here." in text
    assert "Ask whoever looks after the workbench" in text
    assert browser.session == ""
    assert browser.get(f"{PREFIX}/me")[0] == 403


@pytest.mark.parametrize("told", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied&state=x"])
def test_an_answer_that_nobody_asked_for_lets_nobody_in(district: District, told: str) -> None:
    browser = Browser(district)
    assert browser.get(f"{PREFIX}/oauth_callback{told}")[0] == 403
    assert browser.session == ""


def test_an_answer_to_one_browser_lets_no_other_in_nor_the_same_twice(district: District) -> None:
    rivera, other = Browser(district), Browser(district)
    rivera.sign_in("rivera")
    other.get(f"{PREFIX}/hub")  # has asked, too
    (answer,) = [one for one in rivera.led if one.startswith(f"{PREFIX}/oauth_callback")]
    for browser in (other, rivera):
        browser.jar = {key: value for key, value in browser.jar.items() if "workbench-" not in key[1]}
        assert browser.get(answer)[0] == 403
        assert browser.session == ""


def test_no_name_and_no_password_is_asked_for_beside_the_hub(district: District) -> None:
    browser = Browser(district)
    status, text = browser.get(f"{PREFIX}/")
    assert status == 200
    assert "With your district’s account" in text
    assert 'type="password" autocomplete="current-password"' not in text
    for path in ("/sign-in", "/password"):
        assert browser.post(f"{PREFIX}{path}", {"name": "rivera", "password": SECRET})[0] == 403
        assert browser.session == ""


def test_signing_out_ends_what_is_open_and_the_sign_in_at_the_hub(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    kernel = opened(rivera)
    assert kernel.is_running()
    rivera.post(f"{PREFIX}/sign-out")
    assert rivera.at.startswith("/hub/login")
    wait_for_the_end(kernel)
    assert rivera.get(f"{PREFIX}/me")[0] == 403
    rivera.get(f"{PREFIX}/hub")
    assert rivera.at.startswith("/hub/login")  # a password is asked for


def test_signing_out_at_the_hub_ends_what_is_open_here(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    kernel = opened(rivera)
    rivera.get("/hub/logout")
    assert rivera.get(f"{PREFIX}/me")[0] == 403
    wait_for_the_end(kernel)
    rivera.sign_in("okafor")  # somebody else, in the same browser
    assert "Mr Okafor" in rivera.get(f"{PREFIX}/")[1]


def test_with_another_role_one_goes_on_until_the_hub_ends_it(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    rivera.post(f"{PREFIX}/me", {"as": "coach:c1"})
    assert rivera.get(f"{PREFIX}/me")[0] == 200
    rivera.get("/hub/logout")
    assert rivera.get(f"{PREFIX}/me")[0] == 403


def test_a_tablet_that_is_handed_over_is_nobody_s_at_the_hub(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    rivera.get("/hub/home")
    assert rivera.at == "/hub/home"
    _status, text = rivera.post(f"{PREFIX}/tablet", {"number": "2468"})
    assert "Who are you?" in text
    for path in ("/hub/home", "/hub/token", "/hub/spawn"):
        rivera.get(path)
        assert rivera.at.startswith("/hub/login")
    assert "Who are you?" in rivera.get(f"{PREFIX}/hub")[1]  # no way back through the Hub
    assert "Who are you?" in rivera.get(f"{PREFIX}/oauth_callback")[1]
    rivera.post(f"{PREFIX}/take-back", {"number": "2468"})
    assert "Ms Rivera" in rivera.get(f"{PREFIX}/")[1]


def test_nothing_of_the_hub_is_told_to_kernels_nor_to_the_log(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    opened(rivera)
    assert any(name == "JUPYTERHUB_API_TOKEN" for name in district.server.environ())  # it was told, and took it out
    server = district.server.pid
    below = [*zygotes_of(server), *drawers_of(server), *kernels_of(server)]
    assert len(below) >= 3
    for one in below:
        assert [name for name in one.environ() if name.startswith("JUPYTERHUB_")] == []
    assert "rivera" not in district.log.lower()
    assert "code=" not in district.log


def test_a_server_of_one_s_own_at_the_hub_is_entered_the_same_way(district: District) -> None:
    rivera = Browser(district).sign_in("rivera")
    until = time.monotonic() + PATIENCE
    rivera.get("/hub/spawn")
    while "/user/rivera/" not in rivera.at or rivera.at.startswith("/hub"):
        assert time.monotonic() < until
        time.sleep(0.5)
        rivera.get("/user/rivera/")
    assert "With your district’s account" in rivera.get("/user/rivera/")[1]
    rivera.get("/user/rivera/hub")
    assert rivera.at == "/user/rivera/"
    assert "Ms Rivera" in rivera.get("/user/rivera/")[1]
    okafor = Browser(district).sign_in("okafor")
    okafor.get("/user/rivera/hub")
    assert okafor.get("/user/rivera/me")[0] == 403


@pytest.mark.long
@pytest.mark.browser
def test_every_app_opens_and_keeps_an_answer_through_the_hub(district: District) -> None:
    with chromium() as browser:
        page = watched(browser)
        page.goto(f"http://127.0.0.1:{district.port}{PREFIX}")
        page.get_by_role("link", name="With your district’s account").click()
        page.locator("#username_input").fill("rivera")
        page.locator("#password_input").fill(SECRET)
        page.locator("#login_submit").click()
        home = f"http://127.0.0.1:{district.port}{PREFIX}/"
        page.wait_for_url(home)
        apps = page.locator("button[name=app]").evaluate_all("all => [...new Set(all.map((one) => one.value))]")
        assert {"conference", "prepare", "goals", "profile", "report", "my_class", "data"} <= set(apps)
        for app in apps:
            page.goto(home)
            page.get_by_label("Learner").or_(page.locator("select[name=learner]")).first.select_option(
                label="Luz Marín"
            )
            page.locator(f"button[name=app][value={app}]").first.click()
            expect(page.locator("#rendered_cells")).to_be_visible()
            expect(page.locator(".wb-form, .wb-report, article, section").first).to_be_visible()
            settled(page)
        page.goto(home)
        an_answer_is_kept(page, district.folder)
        # nor does this proxy tell which of a page's protocols was chosen; that of npm does, and is quiet here
        assert [one for one in seen_on(page).errors if "Sec-WebSocket-Protocol" not in one] == []
        assert seen_on(page).failures == []
        page.context.close()


@pytest.mark.parametrize("address", ["http://hub.school.example/services/workbench", ""])
def test_a_hub_on_the_network_is_reached_by_tls_or_not_at_all(pristine: Path, tmp_path: Path, address: str) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    reached(folder, address)
    with pytest.raises(BadInput):
        safe(Workspace.open(folder), Reach.HUB)


@pytest.mark.parametrize("told", [
    {},
    {"OAUTH_CALLBACK_URL": "/services/other/oauth_callback"},
    {"HOST": "https://hub.school.example"},
], ids=["started by nobody", "another path", "hosts of their own"])  # fmt: skip
def test_a_hub_that_has_it_elsewhere_is_said_at_the_start(pristine: Path, tmp_path: Path, told: dict[str, str]) -> None:
    folder = copy_of(pristine, tmp_path / "demo")
    reached(folder, f"https://hub.school.example{PREFIX}")
    workspace = Workspace.open(folder)
    known = {"API_TOKEN": "x", "API_URL": "x", "CLIENT_ID": "service-workbench", "BASE_URL": "/",
             "OAUTH_ACCESS_SCOPES": "[]", "OAUTH_CALLBACK_URL": f"{PREFIX}/oauth_callback"}  # fmt: skip
    with pytest.raises(NotReady):
        serve(workspace, actor=workspace.local, port=0, reach=Reach.HUB, told={**known, **told} if told else {})


def opened(browser: Browser) -> psutil.Process:
    """The process of a page that is open."""
    server = browser.district.server.pid
    before = set(kernels_of(server))
    _status, text = browser.post(f"{PREFIX}/open", {"app": "my_class"})
    assert '"kernelId": "' in text
    (process,) = set(kernels_of(server)) - before
    return process


def wait_for_the_end(process: psutil.Process) -> None:
    until = time.monotonic() + PATIENCE
    while process.is_running():
        assert time.monotonic() < until
        time.sleep(0.2)
