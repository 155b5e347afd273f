"""Doors of staff on the real server: over TLS on the network, by name and password, each as who they are."""

from __future__ import annotations

import http.client
import re
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import BadInput, NotReady
from workbench.sample import cast
from workbench.serving import Reach, certificates, safe
from workbench.workspace import SETTINGS, Workspace

from .network import HOST, WORDS, School, Visitor, account


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
        assert {look.by for look in bench.looks.of(luz)} >= {"teacher:t17"}
        assert "admin:boss" not in {look.by for look in bench.looks.of(luz) if look.action == "write"}


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
    assert home.index("Reports") < home.index("See the report")  # a coach's own task comes before the learners
    assert rivera.session != before
    assert rivera.post("/me", {"as": "admin:boss"})[0] == 403


def test_a_tablet_that_was_handed_over_is_the_class_s_and_comes_back_for_the_number(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    former = dict(rivera.cookies)
    which = re.search(r'<option value="(\d+)"', rivera.get("/tablet")[1])
    assert which
    rivera.post("/tablet", {"class": which[1], "number": "2468"})
    assert "Who are you?" in rivera.get("/")[1]
    assert rivera.ask("GET", "/me")[0] == 303
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


@pytest.mark.long
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
