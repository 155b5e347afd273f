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

from workbench import Workbench
from workbench.doors.accounts import Account
from workbench.doors.entrance import Entrance
from workbench.serving import certificates
from workbench.workspace import SETTINGS, Workspace

from ..browser import VoilaServer

WORDS = "seven quiet turtles"
HOST = "workbench.school.test"


def networked(folder: Path, port: int) -> Workspace:
    """A workspace with a certificate for its host, and the address that browsers use."""
    found = Workspace.open(folder)
    certificates.make(folder, [HOST, "127.0.0.1"], school=found.school, now=datetime.now(UTC))
    path = folder / SETTINGS
    text = path.read_text(encoding="utf-8")
    for name, value in (
        ("address", f"https://{HOST}:{port}"),
        ("certificate", f"{certificates.FOLDER}/{certificates.SERVER}"),
        ("certificate_key", f"{certificates.FOLDER}/{certificates.SERVER_KEY}"),
    ):
        text = re.sub(rf'^{name} = ".*"$', f'{name} = "{value}"', text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return Workspace.open(folder)


@dataclass
class School:
    """A school on its network, its people and their passwords."""

    server: VoilaServer
    folder: Path
    port: int


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
        self.cookies: dict[str, str] = {}
        self.host = host or f"{HOST}:{school.port}"
        self.agent = agent
        self.given: list[str] = []

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        trusted = ssl.create_default_context(cafile=self.school.folder / certificates.FOLDER / certificates.AUTHORITY)
        line = http.client.HTTPSConnection("127.0.0.1", self.school.port, context=trusted, timeout=120)
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
        kind = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}:{self.school.port}"}
        return self.ask("POST", path, body, **{**kind, **headers})

    def sign_in(self, name: str, password: str = WORDS) -> Visitor:
        self.get("/")
        self.post("/sign-in", {"name": name, "password": password})
        return self

    @property
    def session(self) -> str:
        return next((value for name, value in self.cookies.items() if "workbench-" in name), "")
