"""A school on its network: the real server over TLS, with accounts, and people on other computers."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

from playwright.sync_api import Page, expect

from workbench import Workbench
from workbench.doors.accounts import Account
from workbench.doors.entrance import Entrance
from workbench.sample import cast
from workbench.serving import certificates
from workbench.workspace import SETTINGS, Workspace

from ..browser import VoilaServer

WORDS = "seven quiet turtles"
HOST = "workbench.school.test"


def networked(folder: Path, port: int, prefix: str = "") -> Workspace:
    """A workspace with a certificate for its host, and the address that browsers use."""
    found = Workspace.open(folder)
    certificates.make(folder, [HOST, "127.0.0.1"], school=found.school, now=datetime.now(UTC))
    path = folder / SETTINGS
    text = path.read_text(encoding="utf-8")
    for name, value in (
        ("address", f"https://{HOST}:{port}{prefix}"),
        ("certificate", f"{certificates.FOLDER}/{certificates.SERVER}"),
        ("certificate_key", f"{certificates.FOLDER}/{certificates.SERVER_KEY}"),
    ):
        text = re.sub(rf'^{name} = ".*"$', f'{name} = "{value}"', text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return Workspace.open(folder)


def staffed(folder: Path) -> None:
    """People of the school who have accounts."""
    account(folder, "rivera", "teacher:t17", "coach:c1", called="Ms Rivera")
    account(folder, "okafor", "teacher:t05", called="Mr Okafor")
    account(folder, "office", "office:o1")
    account(folder, "boss", "admin:boss")


@dataclass
class School:
    """A school on its network; `port` and `prefix` are those of the address that browsers use."""

    server: VoilaServer
    folder: Path
    port: int
    prefix: str = ""

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.origin}{self.prefix}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def account(folder: Path, name: str, *roles: str, called: str = "") -> Account:
    with Workbench.open(folder, actor="admin:office") as bench:
        made = bench.accounts.add(name, *roles, called=called)
        entrance = Entrance(bench.desk.store, bench.clock)
        chosen = entrance.choose_password(bench.accounts.invite(made).token, WORDS)
        assert chosen is not None
        return chosen


class Visitor:
    """A browser on another computer, without a screen: cookies, no redirects, TLS with the school's authority alone."""

    def __init__(self, school: School, *, host: str = "", agent: str = "Mozilla/5.0 (iPad) Safari/605") -> None:
        self.school = school
        self.port = school.port  # of the server it is led to
        self.secure = True
        self.cookies: dict[str, str] = {}
        self.host = host or f"{HOST}:{school.port}"
        self.agent = agent
        self.given: list[str] = []

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        trusted = ssl.create_default_context(cafile=self.school.folder / certificates.FOLDER / certificates.AUTHORITY)
        line = (
            http.client.HTTPSConnection(HOST, self.port, context=trusted, timeout=120)
            if self.secure
            else http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        )
        if self.secure:
            line.sock = trusted.wrap_socket(
                socket.create_connection(("127.0.0.1", self.port), 120), server_hostname=HOST
            )
        given = {
            "Host": self.host,
            "Accept": "text/html",
            "User-Agent": self.agent,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        try:
            line.request(method, path, body, given)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for one in answer.headers.get_all("Set-Cookie") or ():
            self.given.append(one)
            for name, morsel in SimpleCookie(one).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
        return answer.status, text, dict(answer.headers)

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)[:2]

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        body = urllib.parse.urlencode({"_xsrf": self.cookies.get("_xsrf", ""), **(fields or {})})
        kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": self.school.origin}
        return self.ask("POST", path, body, **{**kind, **headers})

    def sign_in(self, name: str, password: str = WORDS) -> Visitor:
        self.get(f"{self.school.prefix}/")
        self.post(f"{self.school.prefix}/sign-in", {"name": name, "password": password})
        return self

    @property
    def session(self) -> str:
        return next((value for name, value in self.cookies.items() if "workbench-" in name), "")


#: Whatever on a page, in a style or in an answer looks like an address of this origin.
_LOCAL = re.compile(r"""["'(](/[^"'()<>\s{}]*)["')]|(?:href|src|action)="(/[^"]*)""")


def walked(visitor: Visitor, learner: str) -> set[str]:
    """Goes everywhere from home: each link, script and style, each app opened for a learner by their name.

    Returns every address of the origin that was met; each that a browser would get by itself was there.
    """
    root = f"{visitor.school.prefix}/"
    status, home = visitor.get(root)
    assert status == 200, status
    number = re.search(rf'<option value="(\d+)"[^>]*>{learner}', home)
    assert number, "the learner is not at home"
    pages = [home]
    for app in sorted(set(re.findall(r'name="app" value="(\w+)"', home))):
        status, _text, told = visitor.post(f"{root}open", {"app": app, "learner": number[1]})
        assert status == 303, app
        pages.append(f'"{told["Location"]}"')
        status, text = visitor.get(told["Location"])
        assert (status, "data-cut" in text) == (200, False), app
        pages.append(text)
    met: set[str] = set()
    for page in pages:
        met |= _addresses(page)
    waiting = sorted(met)
    while waiting:
        one = waiting.pop().replace("&amp;", "&")
        if _fetched(one, root):
            status, text = visitor.get(one)
            assert status == 200, one
            if one.partition("?")[0].endswith(".css") or "<html" in text:
                new = _addresses(text) - met
                met |= new
                waiting += sorted(new)
    return met


def _addresses(text: str) -> set[str]:
    own = re.sub(r"data:[^\")]*", "", text)
    return {first or second for first, second in _LOCAL.findall(own) if not (first or second).startswith("//")}


def _fetched(address: str, root: str) -> bool:
    """Whether browsers get an address by themselves or by a link: no form's, and no app, which was opened already."""
    path = address.partition("?")[0].removeprefix(root)
    folders = ("/static", "/labextensions", "/themes", "/forms/")
    forms = ("open", "sign-in", "sign-out", "language", "enter", "password", "meant", "next", "take-back")
    return path not in forms and not path.startswith(("voila/", "api/")) and not path.endswith(folders)


def an_answer_is_kept(page: Page, folder: Path) -> None:
    """From home, begins Luz's conference, and says in it what she is good at."""
    page.locator("select[name=learner]").first.select_option(label="Luz Marín")
    page.locator("button.primary").first.click()
    expect(page.locator(".wb-body").first).to_be_visible()
    with Workbench.open(folder, actor="teacher:t17") as bench:
        (held,) = [one for one in bench.conferences.of(bench.learners.named(cast.LUZ)) if not one.finished]
        bench.conferences.go_to(held, "name")
        page.reload()
        box = page.get_by_label("In your own words").first
        box.fill("I ask when I am stuck")
        box.press("Enter")
        expect(page.locator(".wb-status")).to_have_text("Saved")
        assert "I ask when I am stuck" in [one.words for one in bench.strengths.of(held)]
