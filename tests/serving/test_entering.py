"""Doors of staff on the real server: over TLS on the network, by name and password, each as who they are."""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.doors.accounts import Account
from workbench.doors.entrance import Entrance
from workbench.ground.errors import BadInput, NotReady
from workbench.sample import cast
from workbench.serving import Reach, certificates, safe
from workbench.workspace import SETTINGS, Workspace

from ..browser import VoilaServer
from ..conftest import copy_of

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
    import socket

    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def account(folder: Path, name: str, *roles: str, called: str = "") -> Account:
    with Workbench.open(folder, actor="admin:office") as bench:
        made = bench.accounts.add(name, *roles, called=called)
        entrance = Entrance(bench.desk.store, bench.clock)
        chosen = entrance.choose_password(bench.accounts.invite(made).token, WORDS)
        assert chosen is not None
        return chosen


@pytest.fixture(scope="module")
def school(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = copy_of(pristine, tmp_path_factory.mktemp("network") / "demo")
    port = free_port()
    networked(folder, port)
    account(folder, "rivera", "teacher:t17", "coach:c1", called="Ms Rivera")
    account(folder, "okafor", "teacher:t05", called="Mr Okafor")
    account(folder, "office", "office:o1")
    account(folder, "boss", "admin:boss")
    with Workbench.open(folder, actor="admin:office") as bench:
        bench.accounts.tie("coach:c1", school=bench.learners.class_named("4B").school, until=date.max)
    with VoilaServer(folder, port=port, reach=Reach.OTHERS) as server:
        yield School(server, folder, port)


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


def test_each_who_signs_in_sees_what_is_theirs(school: School) -> None:
    rivera, okafor, office, boss = (Visitor(school).sign_in(one) for one in ("rivera", "okafor", "office", "boss"))
    home = {one: visitor.get("/")[1] for one, visitor in
            (("rivera", rivera), ("okafor", okafor), ("office", office), ("boss", boss))}  # fmt: skip
    assert "Ms Rivera" in home["rivera"]
    assert "Luz Marín" in home["rivera"]
    assert "Start the conference" in home["rivera"]
    assert "Mr Okafor" in home["okafor"]
    assert "Luz Marín" not in home["okafor"]
    for one in ("office", "boss"):
        assert "See the report" in home[one]
        assert "Start the conference" not in home[one]
        assert "Load exports" in home[one]


def test_one_opens_no_page_of_another_s_learner_nor_of_another_s_role(school: School) -> None:
    rivera, okafor, office = (Visitor(school).sign_in(one) for one in ("rivera", "okafor", "office"))
    found = re.search(r'<option value="(\d+)"[^>]*>Luz', rivera.get("/")[1])
    assert found
    assert okafor.post("/open", {"app": "conference", "learner": found[1]})[0] == 403
    assert office.post("/open", {"app": "conference", "learner": found[1]})[0] == 403
    assert office.post("/open", {"app": "my_class"})[0] == 403
    opened = rivera.post("/open", {"app": "goals", "learner": found[1]})
    assert opened[0] == 303
    assert okafor.get(opened[2]["Location"])[0] == 404  # the neighbour's handle
    assert rivera.get(opened[2]["Location"])[0] == 200


def test_who_looked_is_the_one_who_signed_in(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    rivera.get("/")
    with Workbench.open(school.folder, actor="admin:office") as bench:
        luz = bench.learners.named(cast.LUZ)
        assert {look.by for look in bench.looks(luz)} >= {"teacher:t17"}
        assert "admin:boss" not in {look.by for look in bench.looks(luz) if look.action == "write"}


def test_without_a_sign_in_or_with_a_wrong_one_nothing_opens(school: School) -> None:
    stranger = Visitor(school)
    status, text = stranger.get("/")
    assert status == 200
    assert "Sign in" in text
    assert "by its link" not in text  # being at the computer that serves is not enough
    assert "Rivera" not in text
    for path in ("/me", "/voila/render/my_class.ipynb?view=x", "/tablet"):
        assert stranger.get(path)[0] == 403
    refused = stranger.post("/sign-in", {"name": "okafor", "password": "wrong words here"})
    assert refused[0] == 403
    assert "do not belong together" in refused[1]
    assert stranger.session == ""
    assert stranger.post("/enter", {"key": "guess"})[2]["Location"] == "/?wrong=1"


def test_the_cookie_goes_nowhere_else_and_no_secret_is_in_the_log(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    (told,) = [one for one in rivera.given if "workbench-" in one]
    assert told.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in told
    assert "expires" not in told.lower()  # it goes with the browser
    log = school.server.log
    assert rivera.session not in log
    assert WORDS not in log
    assert "rivera" not in log.lower()


def test_another_name_for_the_host_and_another_site_are_refused(school: School) -> None:
    assert Visitor(school, host="evil.example").get("/")[0] == 403
    assert Visitor(school, host=f"127.0.0.1:{school.port}").get("/")[0] == 403
    rivera = Visitor(school).sign_in("rivera")
    for origin in ("https://evil.example", f"http://{HOST}:{school.port}", "null"):
        assert rivera.post("/open", {"app": "my_class"}, Origin=origin)[0] == 403
    assert rivera.ask("GET", "/", X_Forwarded_Host="evil.example", X_Forwarded_Proto="http")[0] == 200
    assert rivera.ask("GET", "/", X_Workbench_Actor="admin:boss")[1].count("Who may") == 0


def test_one_sees_where_one_is_signed_in_and_signs_out_there_here_or_everywhere(school: School) -> None:
    here = Visitor(school).sign_in("okafor")
    there = Visitor(school, agent="Mozilla (X11; CrOS) Chrome/156").sign_in("okafor")
    listed = here.get("/me")[1]
    assert "iPad Safari" in listed
    assert "Chromebook Chrome" in listed
    found = re.search(r'Chromebook Chrome(?:(?!<li>).)*?name="out" value="([0-9a-f]{64})"', listed, re.DOTALL)
    assert found
    here.post("/me", {"out": found[1]})
    assert there.get("/me")[0] == 403
    again = Visitor(school).sign_in("okafor")
    here.post("/me", {"out": "others"})
    assert again.get("/me")[0] == 403
    kept = dict(here.cookies)
    assert here.post("/sign-out")[0] == 303
    here.cookies = kept  # a copy of it
    assert here.get("/me")[0] == 403


def test_somebody_with_two_roles_is_one_at_a_time(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    assert "Start the conference" in rivera.get("/")[1]
    before = rivera.session
    rivera.post("/me", {"as": "coach:c1"})
    home = rivera.get("/")[1]
    assert "Start the conference" not in home
    assert "See the report" in home
    assert rivera.session != before
    assert rivera.post("/me", {"as": "admin:boss"})[0] == 403


def test_a_tablet_that_was_handed_over_is_the_class_s_and_comes_back_for_the_number(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    former = dict(rivera.cookies)
    which = re.search(r'<option value="(\d+)"', rivera.get("/tablet")[1])
    assert which
    rivera.post("/tablet", {"class": which[1], "number": "2468"})
    assert "Who are you?" in rivera.get("/")[1]
    assert rivera.ask("GET", "/me")[0] == 302
    copied = Visitor(school)
    copied.cookies = former
    assert copied.get("/me")[0] == 403  # of before, it opens nothing at once
    assert rivera.post("/take-back", {"number": "1357"})[2]["Location"] == "/?wrong=1"
    rivera.post("/take-back", {"number": "2468"})
    assert "Ms Rivera" in rivera.get("/")[1]


def test_somebody_who_is_disabled_is_out_while_the_page_is_open(school: School) -> None:
    account(school.folder, "guest", "teacher:t05")
    guest = Visitor(school).sign_in("guest")
    assert guest.get("/me")[0] == 200
    with Workbench.open(school.folder, actor="admin:office") as bench:
        bench.accounts.disable(bench.accounts.named("guest"))
    assert guest.get("/me")[0] == 403
    assert guest.post("/open", {"app": "my_class"})[0] == 403


def test_a_renewed_certificate_is_served_without_a_restart(school: School) -> None:
    def served() -> str:
        trusted = ssl.create_default_context(cafile=school.folder / certificates.FOLDER / certificates.AUTHORITY)
        line = http.client.HTTPSConnection("127.0.0.1", school.port, context=trusted, timeout=60)
        try:
            line.connect()
            assert isinstance(line.sock, ssl.SSLSocket)
            return str((line.sock.getpeercert() or {})["serialNumber"])
        finally:
            line.close()

    before = served()
    certificates.make(school.folder, [HOST, "127.0.0.1"], school="Cedar Hill", now=datetime.now(UTC))
    until = time.monotonic() + 120
    while served() == before and time.monotonic() < until:
        time.sleep(2)
    assert served() != before
    assert Visitor(school).sign_in("rivera").get("/me")[0] == 200


def test_others_are_let_near_by_tls_alone(demo: Path) -> None:
    plain = Workspace.open(demo)
    safe(plain, Reach.HERE)
    for reach in (Reach.OTHERS, Reach.PROXY):
        with pytest.raises(BadInput, match="https alone"):
            safe(plain, reach)
    settings = demo / SETTINGS
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('address = ""', 'address = "http://school.lan"'), encoding="utf-8")
    with pytest.raises(BadInput):
        safe(Workspace.open(demo), Reach.PROXY)
    settings.write_text(text.replace('address = ""', 'address = "https://school.lan"'), encoding="utf-8")
    safe(Workspace.open(demo), Reach.PROXY)
    with pytest.raises(NotReady, match="no certificate"):
        safe(Workspace.open(demo), Reach.OTHERS)


def test_a_certificate_is_one_that_every_browser_takes(tmp_path: Path) -> None:
    from cryptography import x509

    now = datetime.now(UTC)
    folder = certificates.make(tmp_path, ["wb.school.lan", "192.168.1.20"], school="Cedar Hill", now=now)
    leaf, authority = x509.load_pem_x509_certificates((folder / certificates.SERVER).read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["wb.school.lan"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.20"]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [one.dotted_string for one in usage] == ["1.3.6.1.5.5.7.3.1"]
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    leaf.verify_directly_issued_by(authority)
    assert (folder / certificates.SERVER_KEY).stat().st_mode & 0o777 == 0o600
    again = certificates.make(tmp_path, ["wb.school.lan"], school="Cedar Hill", now=now + timedelta(days=380))
    _leaf, same = x509.load_pem_x509_certificates((again / certificates.SERVER).read_bytes())
    assert same == authority  # what tablets were told to trust goes on
    for odd in ("https://x", "a b", "", "ʻakana.lan"):
        with pytest.raises(BadInput):
            certificates.make(tmp_path, [odd], school="x", now=now)
