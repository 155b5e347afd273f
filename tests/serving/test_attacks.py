"""What somebody means to do who should not: at every door, as every role, against the real server over TLS."""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.doors.passes import hashed
from workbench.learners.learners import Learner
from workbench.sample import cast

from .network import School, Visitor

#: Read as a page's end, mark-up, a template, a formula of a spreadsheet's or TeX's, it would not be shown so.
WICKED = r"""=1+1</script><b id=x>&amp;'"{name}%(name)s{{ 1 }}$x^2$ **b** \(y\)"""
GIVEN = {"First", "Last", "Noticed", "Goal", "Note", "Profile", "Caption", "Reply"}
CODE = "S990001"


def wicked(what: str) -> str:
    return f"{what} {WICKED}"


def told(page: str) -> set[str]:
    """What of all that was given stands on a page as it was typed; nothing is there otherwise."""
    assert "<b id=x>" not in page
    plain = html.unescape(page)
    data = re.sub(r"\\(u[0-9a-f]{4}|.)", _meant, plain)
    return {one for one in GIVEN if wicked(one) in plain or wicked(one) in data}


def _meant(escaped: re.Match[str]) -> str:
    """A character as JSON writes it."""
    return str(json.loads(f'"{escaped[0]}"')) if escaped[1][0] in 'u"\\/bfnrt' else escaped[0]


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def come(school: School, token: str) -> Visitor:
    """Somebody who scanned a code."""
    visitor = Visitor(school)
    visitor.get("/")
    assert visitor.post("/come", {"code": token})[0] == 200
    return visitor


def kernel_of(page: str) -> str:
    """The number of a page's kernel."""
    found = re.search(r'"kernelId": "([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def opened(visitor: Visitor, app: str, learner: Learner) -> tuple[int, str]:
    """An app's page, which is closed again."""
    address = visitor.post("/open", {"app": app, "learner": str(learner.id)})[2]["Location"]
    status, page = visitor.get(address)
    assert visitor.post(f"/voila/api/shutdown/{kernel_of(page)}")[0] == 204
    return status, page


@pytest.fixture(scope="module")
def named(school: School, tmp_path_factory: pytest.TempPathFactory) -> Learner:
    """A learner of 4B whom everybody gave the worst words there are."""
    path = tmp_path_factory.mktemp("export") / "class_list.csv"
    cells = (CODE, wicked("Last"), wicked("First"), "4", "4B", "Rivera, Ana", "t17", "Cedar Hill Elementary School")
    heads = ("Student ID", "Last Name", "First Name", "Grade", "Class", "Teacher", "Teacher ID", "School")
    path.write_text(
        "\n".join(",".join(f'"{one.replace(chr(34), chr(34) * 2)}"' for one in row) for row in (heads, cells))
    )
    with Workbench.open(school.folder, actor="admin:office") as bench:
        assert not bench.imports.run(path).problems
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        made = bench.learners.named(CODE)
        today = bench.desk.today
        held = bench.conferences.start(made, on=today)
        bench.reflections.say(held, move="look", prompt="notice", asked="What?", words=wicked("Noticed"))
        bench.goals.choose(held, wicked("Goal"), on=today)
        bench.notes.write(held, wicked("Note"))
        bench.profiles.show(
            bench.profiles.say(made, wicked("Profile"), domain="thinking", kind="strength"), family_sees=True
        )
        bench.artifacts.add(made, wicked("Caption"))
        return made


def test_whatever_anybody_typed_is_shown_as_it_was_typed(school: School, named: Learner, tmp_path: Path) -> None:
    rivera, boss = Visitor(school).sign_in("rivera"), Visitor(school).sign_in("boss")
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        family = come(school, bench.codes.for_family(named, until=tomorrow()).token)
        own = come(school, bench.codes.for_learner(named, until=tomorrow()).token)
        tablet = come(school, bench.codes.for_class(bench.learners.class_named("4B"), until=tomorrow()).token)
        (made,) = bench.reports.run("learner_report", learner=CODE, jobs=1).made
    assert family.post("/family", {"AT_HOME": wicked("Reply"), "to_learner": "1"})[0] == 303
    with Workbench.open(school.folder, actor="admin:office") as office:
        given = office.records.export(named, tmp_path)
    mine = tablet.post("/mine", {"learner": str(named.id)})[2]["Location"]
    profile = tablet.post("/mine", {"view": mine.partition("view=")[2], "what": "profile"})[2]["Location"]
    name, words = {"First", "Last"}, {"Goal", "Noticed"}
    own_page = own.ask("GET", "/")[2]["Location"]
    for page, there in (
        (own.get(own_page), {"First"}),
        (tablet.get(profile), name | {"Profile", "Reply"}),
        (tablet.get("/"), {"First"}),
        (rivera.get("/"), name),
        (opened(rivera, "conference", named), name | {"Noticed"}),
        (opened(rivera, "goals", named), name | {"Goal"}),
        (opened(rivera, "my_class", named), set()),
        (opened(rivera, "prepare", named), {"First"}),
        (opened(rivera, "report", named), name | words),
        (opened(boss, "audit", named), name),
        (rivera.post("/codes", {"what": "each", "span": "week"}), {"First"}),
        (rivera.post("/codes", {"what": "families", "span": "week"}), {"First"}),
        (rivera.get("/codes"), {"First"}),
        (family.get("/family"), {"First", "Profile", "Reply"}),
        ((200, (given / "records.html").read_text(encoding="utf-8")), GIVEN),
        ((200, made.read_text(encoding="utf-8")), name | words),
        ((200, (made.parent / "index.html").read_text(encoding="utf-8")), name),
    ):
        assert page[0] == 200
        assert told(page[1]) >= there
    assert "=1+1" not in (school.folder / "logs" / "serve.log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def others(school: School) -> dict[str, Visitor]:
    """A browser of everybody there is, but 4B's teacher's own."""
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz, theo = (bench.learners.named(one) for one in (cast.LUZ, cast.THEO))
        codes = {
            "tablet": bench.codes.for_class(bench.learners.class_named("4B"), until=tomorrow()),
            "luz": bench.codes.for_learner(luz, until=tomorrow()),
            "theo": bench.codes.for_learner(theo, until=tomorrow()),
            "family": bench.codes.for_family(luz, until=tomorrow()),
        }
    nobody = Visitor(school)
    nobody.get("/")
    staff = {name: Visitor(school).sign_in(name) for name in ("rivera", "okafor", "office", "boss")}
    return {"nobody": nobody, **staff, **{name: come(school, code.token) for name, code in codes.items()}}


def test_what_one_browser_opened_is_reached_by_no_other(school: School, others: dict[str, Visitor]) -> None:
    """Neither by its address nor by its kernel's number, whoever asks and whatever the request says of itself."""
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        luz = bench.learners.named(cast.LUZ)
    rivera = Visitor(school).sign_in("rivera")
    address = rivera.post("/open", {"app": "goals", "learner": str(luz.id)})[2]["Location"]
    kernel = kernel_of(rivera.get(address)[1])
    handle = address.partition("view=")[2]
    line = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": school.origin}
    line |= {"Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    said = {"X_Workbench_Actor": "teacher:t17", "X_Workbench_Session": hashed(rivera.session), "X_Workbench_Only": "1"}
    said |= {"X_Forwarded_User": "rivera", "X_Forwarded_For": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=127.0.0.1"}
    for who, one in others.items():
        sent = {"Origin": school.origin, "X_XSRFToken": one.cookies["_xsrf"], **said}
        for status, text, _headers in (
            one.ask("GET", address, **said),
            one.ask("GET", f"/mine?view={handle}", **said),
            one.ask("GET", f"/api/kernels/{kernel}", **said),
            one.ask("DELETE", f"/api/kernels/{kernel}", **sent),
            one.ask("GET", f"/api/kernels/{kernel}/channels?session_id=1", **line, **said),
            one.post(f"/voila/api/shutdown/{kernel}", {}, **said),
            one.post("/mine", {"view": handle, "what": "goals"}, **said),
        ):
            assert status in (303, 403, 404), who
            assert kernel not in text, who
        assert '"alive": true' not in one.post("/alive", {"kernel": kernel}, **said)[1], who
    assert '"alive": true' in rivera.post("/alive", {"kernel": kernel})[1]
    assert rivera.post("/sign-out")[0] == 303


def test_whoever_comes_in_takes_nothing_that_others_have_open(school: School, others: dict[str, Visitor]) -> None:
    mine = others["luz"].ask("GET", "/")[2]["Location"]
    with Workbench.open(school.folder, actor="teacher:t17") as bench:
        come(school, bench.codes.for_class(bench.learners.class_named("4B"), until=tomorrow()).token)
    Visitor(school).sign_in("okafor")
    assert "Hello, Luz" in others["luz"].get(mine)[1]


def test_a_cookie_that_was_altered_made_up_or_ended_is_nobody_s(school: School) -> None:
    rivera = Visitor(school).sign_in("rivera")
    name, token = next((name, value) for name, value in rivera.cookies.items() if "workbench-" in name)
    former = dict(rivera.cookies)
    for made_up in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), hashed(token), "x"):
        rivera.cookies = {**former, name: made_up}
        assert rivera.get("/me")[0] == 403
    rivera.cookies = dict(former)
    assert rivera.get("/me")[0] == 200
    for changed in ({"Origin": "https://elsewhere.test"}, {"Origin": "null"}, {"Host": "elsewhere.test"}):
        assert rivera.post("/sign-out", {}, **changed)[0] == 403
    rivera.cookies["_xsrf"] = ""
    assert rivera.post("/sign-out")[0] == 403
    rivera.cookies = dict(former)
    assert rivera.post("/sign-out")[0] == 303
    rivera.cookies = former
    assert rivera.get("/me")[0] == 403


@pytest.mark.parametrize("words", [b"\xff", b"\0", b"9" * 30, b"../../workbench.toml"])
def test_what_no_page_of_ours_sends_is_no_mistake_of_ours(
    school: School, others: dict[str, Visitor], words: bytes
) -> None:
    odd = urllib.parse.quote(words)
    asked = ("app", "learner", "class", "code", "what", "span", "view", "kernel", "number", "take", "back", "language")
    body = "&".join(f"{one}={odd}" for one in (*asked, "AT_HOME", "symbol", "as", "out", "name", "token"))
    for who in ("nobody", "rivera", "tablet", "luz", "family"):
        one = others[who]
        for path in ("me", "codes", "come", "family", "learners", "open", "alive", "mine", "language", "password"):
            sent = {"Content_Type": "application/x-www-form-urlencoded", "Origin": school.origin}
            assert one.ask("POST", f"/{path}", f"_xsrf={one.cookies['_xsrf']}&{body}", **sent)[0] < 500, (who, path)
        for path in (f"mine?view={odd}", f"codes?class={odd}", f"voila/render/{odd}", f"workbench/static/{odd}"):
            assert one.get(f"/{path}")[0] < 500, (who, path)
    log = (school.folder / "logs" / "serve.log").read_text(encoding="utf-8")
    assert " ERROR " not in log
