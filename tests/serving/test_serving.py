"""The server lets one educator's browser in, shows it its own pages, and gives nothing else away."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.web import HTTPError
from tornado.websocket import websocket_connect
from traitlets.config import LoggingConfigurable

from workbench import Workbench
from workbench.access.actors import Actor
from workbench.ground import resources
from workbench.ground.days import lately
from workbench.sample.demo import WORRIES
from workbench.serving.front import Front
from workbench.serving.handles import Handles
from workbench.serving.home import first, news
from workbench.serving.kernels import Ended, Kernels, due, kernel_environment, to_make_room
from workbench.serving.kernels import Page as OpenPage
from workbench.serving.logs import Discreet
from workbench.serving.site import Limits, Site
from workbench.workspace import Workspace

from ..browser import PHONE, VoilaServer, assert_clean, assert_fits, seen_on, watched
from ..conftest import TODAY
from ..conftest import clock as now

LONG_NAME = "Wolfeschlegelsteinhausen-Bergerdorff"
PEOPLE = (("Luz", "Marín"), ("Omar", "Haddad"), ("Mei", "Chen"), ("Maximiliana Alexandra", LONG_NAME))
LIMITS = Limits(pages=3)
ABOUT = """
import os, sys
import ipywidgets as ipw
from workbench import Workbench
bench = Workbench.here()
name = bench.learners.get(learner).name
said, words, button = ipw.Label(), ipw.Text(description="Words"), ipw.Button(description="Say it")
button.on_click(lambda _: setattr(said, "value", "You said " + words.value))
ipw.VBox([ipw.Label("About " + name), words, button, said])
"""
TELLS = """
import json, os, sys
from pathlib import Path
wanted = ("WORKBENCH", "HTTP_", "QUERY", "SCRIPT", "PATH_INFO", "VOILA_REQUEST")
told = {name: value for name, value in os.environ.items() if name.startswith(wanted)}
print("TOLD" + json.dumps([told, os.listdir(), [p for p in sys.path if p in ("", os.getcwd())]]) + "END")
import tempfile
print(f"PROCESS{os.getpid()}END")
print(f"SCRATCH{tempfile.gettempdir()}END")
"""
PRIVATE = (
    "/voila/files/workbench.sqlite",
    "/voila/files/audit.sqlite",
    "/voila/files/conference.ipynb",
    "/voila/files/photo.png",
    "/voila/files/../../workbench.toml",
    "/voila/files/..%2f..%2fworkbench.toml",
    "/voila/api/contents/",
    "/voila/api/contents/conference.ipynb",
    "/voila/templates/lab/static/index.css",
    "/voila/query/01234567-0123-0123-0123-0123456789ab",
    "/voila/static/../app.py",
    "/voila/static/..%2f..%2f..%2fapp.py",
    "/workbench/static/../app.py",
    "/workbench/static/..%2fapp.py",
    "/workbench/static//etc/passwd",
    "/voila/labextensions/../../../../pyvenv.cfg",
    "/voila/labextensions/..%2f..%2f..%2fpyvenv.cfg",
    "/api/kernels",
    "/api/contents",
    "/api/sessions",
    "/files/workbench.sqlite",
    "/serving.key",
    "/logs/serve.log",
    "/exports/list.csv",
)
PUBLIC = (
    "/", "/nowhere", "/voila/static/voila.js", "/workbench/static/look.css", "/voila/static/none.js", "/favicon.ico",
    "/workbench/fonts/400.woff2", "/api/kernels/01234567-0123-0123-0123-0123456789ab",
)  # fmt: skip
WAITS = """
import time
from pathlib import Path
while not Path({gate!r}).exists():
    time.sleep(0.02)
print("ALL THERE")
"""
FORMULA = r"""
from IPython.display import HTML, Math, display
display(HTML("<p>one half</p>"), Math(r"\frac12"))
"""
BUSY = """
import time
import ipywidgets as ipw
from IPython import get_ipython
display(ipw.Text(description="Here after all"))
get_ipython().kernel.io_loop.call_later(0.1, time.sleep, 2.5)
"""
PLAIN = "from IPython.display import HTML\nHTML('<p>one half</p>')"
BREAKS = "raise RuntimeError('Luz said a secret')"


def notebook(path: Path, *cells: str, title: str = "A page", parameters: str = "", kernel: str = "workbench") -> Path:
    """A notebook with code cells, the first with parameters if there are any."""
    sources = [*([parameters] if parameters else []), *cells]
    made: list[dict[str, object]] = [
        {
            "cell_type": "code", "id": f"c{number}", "source": source, "outputs": [], "execution_count": None,
            "metadata": {"tags": ["parameters"]} if parameters and not number else {},
        }
        for number, source in enumerate(sources)
    ]  # fmt: skip
    spec = {"name": "workbench", "display_name": "Workbench", "language": "python"}
    content = {"cells": made, "metadata": {"kernelspec": spec, "title": title}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def school(folder: Path, *classes: str) -> Workspace:
    """A workspace whose teacher has classes with the same four names in each."""
    made = Workspace.create(folder, actor="teacher:t17", actor_name="Ms Rivera")
    rows = ["Student ID,First name,Last name,Class,Teacher,Teacher ID,School,Term"]
    for number, (name, (given, family)) in enumerate([(one, who) for one in classes for who in PEOPLE]):
        rows.append(f"{7_700_000 + number},{given},{family},{name},Rivera,t17,Cedar Hill,Fall 2026-2027")
    listed = folder / "exports" / "list.csv"
    listed.write_text("\n".join(rows), encoding="utf-8")
    with Workbench.open(made, actor="admin:office") as bench:
        bench.imports.run(listed)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VoilaServer]:
    folder = tmp_path_factory.mktemp("serving")
    workspace = school(folder / "school", "4B", "4C")
    with Workbench.open(workspace, actor="teacher:t17") as bench:
        luz = next(one for one in bench.learners.in_class("4B") if one.given_name == "Luz")
        held = bench.conferences.start(luz, on=TODAY)
        bench.reflections.say(held, move="look", prompt="notice", asked="?", words="I read more")
        omar = next(one for one in bench.learners.in_class("4B") if one.given_name == "Omar")
        bench.settings.choose(omar, language="es")
    (folder / "lost.ipynb").write_text('{"cells": [], "metadata": {"title": "A page"}, "nbformat": 99}')
    apps = {
        "conference": (notebook(folder / "about.ipynb", ABOUT, title="Conference", parameters="learner = 0"), True),
        "report": (notebook(folder / "breaks.ipynb", BREAKS, "1", parameters="learner = 0"), True),
        "data": (notebook(folder / "tells.ipynb", TELLS), False),
        "asked": (
            notebook(folder / "asked.ipynb", 'print(f"QUICK {quick}")', parameters="learner = 0\nquick = 0"),
            True,
        ),
        "dies": (notebook(folder / "dies.ipynb", "import os; os._exit(1)", "1"), False),
        "lost": (folder / "lost.ipynb", False),
        "waits": (notebook(folder / "waits.ipynb", WAITS.format(gate=str(folder / "gate"))), False),
        "formula": (notebook(folder / "formula.ipynb", FORMULA), False),
        "busy": (notebook(folder / "busy.ipynb", BUSY), False),
        "plain": (notebook(folder / "plain.ipynb", PLAIN), False),
    }
    with VoilaServer(workspace.folder, apps=apps, limits=LIMITS, env={"WORKBENCH_ACTOR": "admin:spoofed"}) as running:
        yield running


class Answer:
    def __init__(self, status: int, headers: Any, text: str, url: str) -> None:
        self.status, self.headers, self.text, self.url = status, headers, text, url


class Visitor:
    """A browser without a screen: keeps cookies, follows redirects."""

    def __init__(self, server: VoilaServer) -> None:
        self.server = server
        self.jar = CookieJar()

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(self.server.address + path, None, headers)

    def at(self, address: str) -> Answer:
        return self._ask(address, None, {})

    def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Answer:
        body = urllib.parse.urlencode({"_xsrf": self.cookie("_xsrf"), **(fields or {})}).encode()
        return self._ask(self.server.address + path, body, headers)

    def enter(self, key: str | None = None) -> Visitor:
        self.get("/")
        self.post("/enter", {"key": self.server.key if key is None else key})
        return self

    def cookie(self, name: str) -> str:
        return next((one.value or "" for one in self.jar if one.name == name), "")

    def copied(self) -> CookieJar:
        """Its cookies as they are now, for another browser."""
        jar = CookieJar()
        for one in self.jar:
            jar.set_cookie(copy(one))
        return jar

    def open(self, app: str, **fields: Any) -> Answer:
        return self.post("/open", {"app": app, **fields})

    def learner(self, name: str) -> int:
        """The number of a learner as the home page's list has it."""
        found = re.search(rf'<option value="(\d+)"[^>]*>{name}', self.get("/").text)
        assert found
        return int(found[1])

    async def ask_kernel(self, kernel: str, *requests: tuple[str, str, dict[str, Any]]) -> None:
        """Sends (channel, kind, content) messages as a page would; returns when the kernel answers a harmless one."""
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.jar)
        address = f"ws://{self.server.host}/api/kernels/{kernel}/channels?session_id=1"
        headers = {"Cookie": cookies, "Origin": self.server.address}
        line = await websocket_connect(HTTPRequest(address, headers=headers))
        for channel, kind, content in (*requests, ("shell", "kernel_info_request", {})):
            header = {"msg_id": kind, "msg_type": kind, "session": "1", "date": "2026-11-21T10:00:00Z"}
            header |= {"username": "", "version": "5.3"}
            told = {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
            await line.write_message(json.dumps(told))
        while True:
            answer = await asyncio.wait_for(line.read_message(), 60)
            assert answer is not None
            if isinstance(answer, str) and json.loads(answer)["header"]["msg_type"] == "kernel_info_reply":
                break
        line.close()

    async def attach(self, kernel: str, origin: str) -> None:
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.jar)
        address = f"ws://{self.server.host}/api/kernels/{kernel}/channels?session_id=1"
        line = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies, "Origin": origin}))
        line.close()

    def opener(self) -> urllib.request.OpenerDirector:
        """What sends its cookies along, and keeps those that come."""
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def _ask(self, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        given = {"Accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = urllib.request.Request(address, body, given)
        try:
            with self.opener().open(request, timeout=180) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"), answer.url)
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode("utf-8", "replace"), error.url)


@pytest.fixture
def teacher(server: VoilaServer) -> Visitor:
    """A browser that was let in."""
    return Visitor(server).enter()


@pytest.fixture
def stranger(server: VoilaServer) -> Visitor:
    """A browser that was not."""
    return Visitor(server)


def kernel_of(answer: Answer) -> str:
    found = re.search(r'"kernelId": "([0-9a-f-]{36})"', answer.text)
    assert found, answer.text[:2000]
    return found[1]


def alive(visitor: Visitor, kernel: str) -> tuple[bool, str]:
    said = json.loads(visitor.post("/alive", {"kernel": kernel}).text)
    return said["alive"], said["why"]


def kernels_started(server: VoilaServer) -> int:
    return server.log.count("Kernel started")


def wait_until(true: Any, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


class TestLettingIn:
    def test_the_bare_address_shows_how_to_get_in_and_no_name(self, stranger: Visitor) -> None:
        seen = stranger.get("/")
        assert "Open the workbench by its link" in seen.text
        assert "Rivera" not in seen.text
        assert "Marín" not in seen.text

    def test_the_printed_link_lets_a_browser_in(self, teacher: Visitor) -> None:
        assert "Ms Rivera" in teacher.get("/").text

    @pytest.mark.parametrize("key", ["", "wrong", "#key="])
    def test_no_other_key_does(self, stranger: Visitor, key: str) -> None:
        assert "Ms Rivera" not in stranger.enter(key).get("/").text

    def test_the_whole_link_may_be_pasted(self, server: VoilaServer, stranger: Visitor) -> None:
        assert "Ms Rivera" in stranger.enter(server.entry).get("/").text

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, server: VoilaServer) -> None:
        visitor = Visitor(server)
        visitor.get("/")
        told = visitor.post("/enter", {"key": server.key}, Accept="application/json").headers["Set-Cookie"]
        assert "HttpOnly" in told
        assert "SameSite=Strict" in told

    def test_what_stands_in_the_store_lets_nobody_in(self, server: VoilaServer) -> None:
        visitor = Visitor(server).enter()
        secret = visitor.cookie(f"workbench-{server.host.partition(':')[2]}")
        kept = b"".join(path.read_bytes() for path in server.workspace.glob("workbench.sqlite*"))
        assert len(secret) == 43
        assert secret.encode() not in kept
        assert server.key.encode() not in kept

    def test_a_copy_of_an_educators_cookie_is_dead_once_the_browser_was_handed_over(self, tmp_path: Path) -> None:
        """So is one of the tablet's once it was taken back; a restart wakes neither."""
        workspace = school(tmp_path / "school", "4B")
        with VoilaServer(workspace.folder) as first:
            teacher, copied = Visitor(first).enter(), Visitor(first)
            named = f"workbench-{first.host.partition(':')[2]}"
            copied.jar = teacher.copied()
            assert "Ms Rivera" in copied.get("/").text
            given = copied.get("/").headers.get_all("Set-Cookie") or ()
            assert [one for one in given if one.startswith(named)] == []  # one on its way puts nothing back
            teacher.get("/tablet")
            teacher.post("/tablet", {"number": "2468"})
            pictures = teacher.get("/")
            assert "Who are you?" in pictures.text
            assert "Open the workbench by its link" in copied.get("/").text
            assert copied.open("my_class").status == 403
            copied.jar = teacher.copied()
            teacher.post("/take-back", {"number": "2468"})
            assert "Ms Rivera" in teacher.get("/").text
            assert "Open the workbench by its link" in copied.get("/").text
            assert teacher.cookie(named) != copied.cookie(named)
        with VoilaServer(workspace.folder, port=int(first.host.partition(":")[2])) as again:
            teacher.server = copied.server = again
            assert "Ms Rivera" in teacher.get("/").text
            assert "Open the workbench by its link" in copied.get("/").text

    def test_a_browser_stays_in_after_a_restart_but_not_as_somebody_else(self, tmp_path: Path) -> None:
        workspace = school(tmp_path / "school", "4B")
        with VoilaServer(workspace.folder) as first:
            visitor = Visitor(first).enter()
            port = int(first.address.rpartition(":")[2])
        with VoilaServer(workspace.folder, port=port) as again:
            visitor.server = again
            assert "Ms Rivera" in visitor.get("/").text
        with VoilaServer(workspace.folder, port=port, actor="teacher:t99") as other:
            visitor.server = other
            assert "Open the workbench by its link" in visitor.get("/").text

    @pytest.mark.parametrize("path", ["/", "/open", "/voila/static/voila.js", "/nowhere", "/workbench/tokens.css"])
    def test_a_name_made_to_point_here_is_refused(self, teacher: Visitor, path: str) -> None:
        seen = teacher.get(path, Host="evil.example:8866")
        assert seen.status == 403
        assert "Rivera" not in seen.text

    def test_localhost_leads_to_the_address_the_cookie_is_for(self, server: VoilaServer, teacher: Visitor) -> None:
        port = server.host.rpartition(":")[2]
        assert "Ms Rivera" in teacher.at(f"http://localhost:{port}/").text

    def test_other_pages_cannot_post_here(self, teacher: Visitor) -> None:
        assert teacher.post("/open", {"app": "data"}, Origin="http://127.0.0.1:1").status == 403
        assert teacher.post("/open", {"app": "data", "_xsrf": "guess"}).status == 403

    def test_somebody_who_is_not_in_reaches_nothing(self, server: VoilaServer, stranger: Visitor) -> None:
        before = kernels_started(server)
        stranger.get("/")
        assert stranger.get("/voila/render/conference.ipynb?view=x").status == 403
        assert stranger.get("/api/kernels/01234567-0123-0123-0123-0123456789ab").status == 403
        for path in ("/open", "/learners", "/alive"):
            assert stranger.post(path, {"app": "data", "class": "1", "kernel": "x"}).status == 403
        assert kernels_started(server) == before

    @pytest.mark.parametrize("path", ["/workbench/static/%00", "/voila/render/%00", "/%00", "/mine?view=%00"])
    def test_an_address_that_nobody_types_is_no_mistake_of_ours(self, teacher: Visitor, path: str) -> None:
        assert teacher.get(path).status in (200, 400, 403, 404)


class TestPages:
    def test_home_greets_and_says_what_waits(self, teacher: Visitor) -> None:
        seen = teacher.get("/").text
        assert "Ms Rivera" in seen
        assert "1 conference is in the middle." in seen
        assert "Last import: today." in seen

    def test_another_class_is_listed_by_post(self, teacher: Visitor) -> None:
        other = re.findall(r'<option value="(\d+)">(4\w)</option>', teacher.get("/").text)[1]
        listed = json.loads(teacher.post("/learners", {"class": other[0]}).text)["learners"]
        assert other[1] == "4C"
        assert listed[0]["name"] == "Mei Chen"
        assert len(listed) == 4

    def test_an_app_opens_for_a_learner_at_an_address_that_tells_neither(self, teacher: Visitor) -> None:
        number = teacher.learner("Omar Haddad")
        seen = teacher.open("conference", learner=number)
        assert re.fullmatch(r".*/voila/render/conference\.ipynb\?view=[\w-]{24}", seen.url)
        assert "kernelId" in seen.text
        assert "learner = " not in seen.text  # no source is sent

    def test_the_page_can_be_reloaded_and_is_useless_to_another_browser(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        address = teacher.open("data").url.removeprefix(server.address)
        assert "TOLD" in teacher.get(address).text
        before = kernels_started(server)
        other = Visitor(server).enter()
        for path in (address, "/voila/render/data.ipynb?view=guess", "/voila/render/data.ipynb",
                     address.replace("data", "conference")):  # fmt: skip
            seen = other.get(path)
            assert (seen.status, "This page went away" in seen.text) == (404, True)
        assert kernels_started(server) == before

    @pytest.mark.parametrize("learner", ["", "x", "999999", "1; drop", "-1", "٣", "9" * 20])
    def test_no_page_is_opened_for_nobody(self, teacher: Visitor, learner: str) -> None:
        seen = teacher.open("conference", learner=learner)
        assert seen.status in (400, 403, 404)
        assert "Go back" in seen.text or "Choose a learner" in seen.text or "Ask the office" in seen.text

    def test_a_teacher_opens_no_page_of_another_class(self, server: VoilaServer, tmp_path: Path) -> None:
        number = Visitor(server).enter().learner("Omar Haddad")
        with VoilaServer(server.workspace, actor="teacher:t99") as other:
            visitor = Visitor(other).enter()
            assert "Omar" not in visitor.get("/").text
            assert visitor.open("conference", learner=number).status == 403

    def test_template_and_theme_cannot_be_chosen_from_outside(self, server: VoilaServer, teacher: Visitor) -> None:
        address = teacher.open("data").url.removeprefix(server.address)
        seen = teacher.get(f"{address}&template=lab&theme=dark").text
        assert 'class="frame"' in seen
        assert "theme-dark" not in seen
        assert "cdn" not in seen

    def test_what_goes_wrong_in_a_cell_is_said_kindly_and_without_its_words(self, teacher: Visitor) -> None:
        seen = teacher.open("report", learner=teacher.learner("Luz")).text
        assert "Something went wrong on this page." in seen
        assert "secret" not in seen
        assert "Traceback" not in seen

    def test_a_kernel_that_dies_under_a_page_is_said_too(self, teacher: Visitor) -> None:
        assert "Something went wrong on this page." in teacher.open("dies").text

    @pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/voila/render/x.ipynb", 404), ("/enter", 405)])
    def test_errors_are_pages_of_ours(self, teacher: Visitor, path: str, status: int) -> None:
        seen = teacher.get(path)
        assert seen.status == status
        assert 'class="frame"' in seen.text
        assert "Go to the home page" in seen.text

    def test_the_tree_is_the_home_page(self, teacher: Visitor) -> None:
        for path in ("/voila", "/voila/tree", "/voila/tree/sub"):
            assert "Ms Rivera" in teacher.get(path).text

    def test_a_quick_check_is_started_and_gone_on_with_from_home(self, server: VoilaServer, teacher: Visitor) -> None:
        number = teacher.learner("Mei Chen")
        opened = teacher.post("/open?quick=1", {"app": "asked", "learner": number})
        assert "QUICK 1" in opened.text
        assert "QUICK 0" in teacher.open("asked", learner=number).text
        with Workbench.open(server.workspace, actor="teacher:t17") as bench:
            held = bench.conferences.start(number, on=TODAY, protocol="quick")
            bench.reflections.say(held, move="check", prompt="helped", asked="?", words="My friend")
            waiting = re.search(r"Mei Chen <small>Quick check · .*?</form>", teacher.get("/").text, re.DOTALL)
            assert waiting
            assert 'name="quick" value="1"' in waiting[0]
            bench.reflections.say(held, move="check", prompt="helped", asked="?", words="")  # others count on it


class TestLanguage:
    def test_a_learner_s_page_is_in_their_language_from_its_first_byte_and_switching_it_is_for_that_page_alone(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        address = teacher.open("conference", learner=teacher.learner("Omar Haddad")).url.removeprefix(server.address)
        view = address.rpartition("=")[2]
        seen = teacher.get(address).text
        assert '<html lang="es"' in seen
        assert "<title>Conferencia · " in seen
        assert "Preparando tu página" in seen
        assert '"kernelId"' in seen
        told = json.loads(teacher.post("/language", {"language": "en", "view": view}, Accept="application/json").text)
        assert '<html lang="en"' in told["frame"]
        assert "<title>Conference · " in teacher.get(address).text
        assert '<html lang="en"' in teacher.get("/").text
        assert teacher.cookie("language") == ""
        again = teacher.open("conference", learner=teacher.learner("Omar Haddad"))
        assert '<html lang="es"' in again.text

    def test_all_other_pages_follow_what_was_chosen_in_this_browser_and_say_errors_in_it(
        self, server: VoilaServer
    ) -> None:
        visitor = Visitor(server)
        assert '<html lang="es"' in visitor.get("/", Accept_Language="es-MX,es;q=0.9,en;q=0.5").text
        visitor.enter()
        assert '<html lang="en"' in visitor.get("/", Accept_Language="fr").text
        seen = visitor.post("/language", {"language": "es"})
        assert (seen.url, visitor.cookie("language")) == (f"{server.address}/", "es")
        assert "Ms Rivera" in seen.text
        assert "Idioma" in seen.text
        assert "Ve a la página de inicio" in visitor.get("/nowhere").text
        assert '"WORKBENCH_LANGUAGE": "es"' in unescape(visitor.open("data").text)
        assert '<html lang="es"' in visitor.open("conference", learner=visitor.learner("Mei Chen")).text
        assert "Algo falló en esta página." in visitor.open("report", learner=visitor.learner("Luz")).text

    def test_nothing_but_a_language_is_taken_for_one(self, teacher: Visitor) -> None:
        assert teacher.post("/language", {"language": "<b>"}).status == 400
        assert teacher.post("/language", {"language": "es", "view": "guess"}, Accept="application/json").text == (
            '{"frame": ""}'
        )


class TestTheFrameComesFirst:
    def test_the_frame_is_there_while_the_notebook_still_runs(self, server: VoilaServer, teacher: Visitor) -> None:
        gate = server.workspace.parent / "gate"
        request = urllib.request.Request(
            teacher.server.address + "/open",
            urllib.parse.urlencode({"_xsrf": teacher.cookie("_xsrf"), "app": "waits"}).encode(),
        )
        with teacher.opener().open(request, timeout=180) as answer:
            frame = b""
            while b'<main id="rendered_cells"' not in frame:
                got = answer.read1()
                assert got, "the page ended before its frame"
                frame += got
            assert b"Getting your page ready" in frame
            assert b"/page.js" in frame
            assert b"ALL THERE" not in frame
            gate.touch()
            assert b"ALL THERE" in answer.read()

    def test_what_goes_wrong_after_it_is_said_on_the_page(self, server: VoilaServer, teacher: Visitor) -> None:
        seen = teacher.open("lost")
        assert 'id="rendered_cells"' in seen.text
        assert "Something went wrong on this page." in seen.text
        assert "Nothing you saved is lost." in seen.text
        assert "lost.ipynb" not in seen.text
        assert "Traceback" not in seen.text
        assert alive(teacher, kernel_of(seen)) == (False, "lost")

    def test_pages_that_push_each_other_out_while_they_begin_leave_no_kernel_behind(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        def running() -> int:
            return server.log.count("Kernel started") - server.log.count("Kernel shutdown")

        before = running()
        with ThreadPoolExecutor(6) as threads:
            seen = list(threads.map(lambda _number: teacher.open("data"), range(6)))
        assert [one.status for one in seen] == [200] * 6
        wait_until(lambda: running() - before <= LIMITS.pages)
        assert sum(alive(teacher, kernel_of(one))[0] for one in seen) <= LIMITS.pages


class TestFront:
    """The scripts of an app's page."""

    def address(self, teacher: Visitor) -> str:
        found = re.search(r'src="(/workbench/front/[0-9a-f]+/page\.js)"', teacher.open("formula").text)
        assert found
        return found[1]

    def fetched(self, server: VoilaServer, path: str, encoding: str) -> tuple[bytes, Any]:
        request = urllib.request.Request(server.address + path, headers={"Accept-Encoding": encoding})
        with urllib.request.urlopen(request, timeout=180) as answer:
            return answer.read(), answer.headers

    def test_it_is_kept_for_good_and_compressed_for_those_who_ask(self, server: VoilaServer, teacher: Visitor) -> None:
        path = self.address(teacher)
        plain, told = self.fetched(server, path, "identity")
        assert told["Content-Encoding"] is None
        packed, said = self.fetched(server, path, "gzip, br")
        assert said["Content-Encoding"] == "gzip"
        for headers in (told, said):
            assert "immutable" in headers["Cache-Control"]
            assert headers["Vary"] == "Accept-Encoding"
            assert headers["Content-Type"].startswith("text/javascript")
        assert gzip.decompress(packed) == plain
        assert len(packed) * 3 < len(plain)

    def test_there_is_nothing_at_another_mark_or_name(self, teacher: Visitor) -> None:
        path = self.address(teacher)
        folder = path.rpartition("/")[0]
        other = re.sub("front/[0-9a-f]", lambda found: found[0][:-1] + ("1" if found[0][-1] == "0" else "0"), path)
        for wrong in (other, f"{folder}/none.js", f"{folder}/static/../page.js", f"{folder}/static/..%2f..%2fapp.py",
                      f"{folder}//etc/passwd", f"{folder}/labextensions/workbench/../app.py"):  # fmt: skip
            for accepted in ("gzip", "identity"):
                assert teacher.get(wrong, Accept_Encoding=accepted).status == 404, wrong

    def test_addresses_change_when_any_file_does(self, tmp_path: Path) -> None:
        first, second, extension = (tmp_path / name for name in ("first", "second", "extension"))
        for folder in (first, second, extension):
            folder.mkdir()
        (first / "voila.js").write_text("r.e(7);'voila'")
        (first / "7.voila.js").write_text("'seven'//no line ends this")
        (second / "7.voila.js").write_text("'another'")
        (second / "8.voila.js").write_text("'nobody asks for it'")
        (extension / "entry.js").write_text("'entry'")
        config = {"federated_extensions": [{"name": "ext", "load": "entry.js"}]}

        def made() -> Front:
            return Front([str(first), str(second)], config, {"ext": extension})

        front = made()
        assert front.at("page.js") == made().at("page.js")
        assert front.bundle == b"(()=>{'seven'//no line ends this\n})();\nr.e(7);'voila'"
        assert front.content(front.mark, "labextensions/ext/entry.js") == b"'entry'"
        assert front.config["fullStaticUrl"] == front.at("static")
        (extension / "entry.js").write_text("'other'")
        assert made().at("page.js") != front.at("page.js")
        assert made().content(front.mark, "page.js") is None


class TestNothingElseIsServed:
    def test_files_of_the_workspace_and_the_server_are_not(self, teacher: Visitor, stranger: Visitor) -> None:
        for who in (teacher, stranger):
            for path in PRIVATE:
                seen = who.get(path)
                assert seen.status in (403, 404), path
                assert "text/html" in seen.headers["Content-Type"], path

    def test_each_answer_carries_the_protecting_headers(self, teacher: Visitor) -> None:
        for path in PUBLIC:
            headers = teacher.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "unsafe" not in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["X-Frame-Options"] == "DENY", path
            assert headers["Referrer-Policy"] == "same-origin", path
            assert "Server" not in headers, path

    def test_an_app_may_run_the_server_s_scripts_only(self, teacher: Visitor) -> None:
        seen = teacher.open("data")
        policy = dict(rule.split(" ", 1) for rule in seen.headers["Content-Security-Policy"].split("; "))
        assert policy["script-src"] == "'self' blob:"
        assert "unsafe-eval" not in seen.headers["Content-Security-Policy"]
        assert seen.headers["X-Frame-Options"] == "DENY"
        assert "no-store" in seen.headers["Cache-Control"]


class TestKernels:
    def test_a_kernel_is_told_who_asks_and_nothing_of_the_request(self, server: VoilaServer, teacher: Visitor) -> None:
        """Neither a header of the browser nor the server's own environment can name somebody else."""
        teacher.get("/")
        address = teacher.open("data").url.removeprefix(server.address)
        seen = teacher.get(address, X_Workbench_Actor="admin:office", X_Workbench_Session="mine")
        found = re.search(r"TOLD(.*)END", seen.text)
        assert found
        told, files, here = json.loads(found[1].replace("&#34;", '"').replace("&#39;", "'"))
        assert told.pop("WORKBENCH_DRAWER")
        assert told == {
            "WORKBENCH_ACTOR": "teacher:t17",
            "WORKBENCH_HOME": str(server.workspace),
            "WORKBENCH_LANGUAGE": "en",
            "WORKBENCH_SERVED": server.address,
        }
        assert files == []
        assert here == []

    def test_what_a_kernel_puts_aside_goes_with_it(self, teacher: Visitor) -> None:
        opened = teacher.open("data")
        found = re.search(r"SCRATCH(.*?)END", opened.text)
        assert found
        assert Path(found[1]).stat().st_mode & 0o777 == 0o700
        (Path(found[1]) / "list.csv").touch()
        teacher.post(f"/voila/api/shutdown/{kernel_of(opened)}")
        wait_until(lambda: not Path(found[1]).exists())

    def test_a_page_no_browser_connects_to_is_ended_soon(self, server: VoilaServer, tmp_path: Path) -> None:
        shown = notebook(tmp_path / "tells.ipynb", TELLS)
        hasty = Limits(unmet=1, sweep=0.2)
        with VoilaServer(server.workspace, apps={"data": (shown, False)}, limits=hasty) as other:
            visitor = Visitor(other).enter()
            kernel = kernel_of(visitor.open("data"))
            wait_until(lambda: not alive(visitor, kernel)[0])
            assert alive(visitor, kernel) == (False, "idle")

    def test_one_page_too_many_puts_the_oldest_to_sleep_and_says_so(self, teacher: Visitor) -> None:
        opened = [kernel_of(teacher.open("data")) for _ in range(LIMITS.pages + 1)]
        assert alive(teacher, opened[0]) == (False, "room")
        assert alive(teacher, opened[-1]) == (True, "")

    def test_a_closing_tab_ends_its_kernel(self, teacher: Visitor) -> None:
        kernel = kernel_of(teacher.open("data"))
        assert teacher.post(f"/voila/api/shutdown/{kernel}").status == 204
        assert alive(teacher, kernel) == (False, "closed")
        assert teacher.post(f"/voila/api/shutdown/{kernel}").status == 204  # twice is no mistake

    def test_files_on_their_way_in_go_with_the_kernel_that_took_them(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        opened = teacher.open("data")
        found = re.search(r"PROCESS(\d+)END", opened.text)
        assert found
        mine, other = (server.workspace / f".incoming-{number}-x" for number in (found[1], "0"))
        for folder in (mine, other):
            folder.mkdir()
            (folder / "list.csv").touch()
        teacher.post(f"/voila/api/shutdown/{kernel_of(opened)}")
        wait_until(lambda: not mine.exists())
        assert other.exists()  # another's are not ours to take away

    def test_another_browser_reaches_no_kernel_though_it_knows_the_id(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        kernel = kernel_of(teacher.open("data"))
        other = Visitor(server).enter()
        assert other.get(f"/api/kernels/{kernel}").status == 403
        assert other.post(f"/voila/api/shutdown/{kernel}").status == 403
        assert alive(other, kernel) == (False, "lost")
        with pytest.raises(HTTPClientError, match="403"):
            asyncio.run(other.attach(kernel, server.address))
        with pytest.raises(HTTPClientError, match="403"):
            asyncio.run(teacher.attach(kernel, "http://evil.example"))
        asyncio.run(teacher.attach(kernel, server.address))
        assert alive(teacher, kernel)[0]

    def test_a_browser_runs_no_code_in_its_kernel(self, teacher: Visitor, tmp_path: Path) -> None:
        kernel = kernel_of(teacher.open("data"))
        ran = tmp_path / "ran"
        code = {"code": f"open({str(ran)!r}, 'w')", "silent": False, "store_history": False}
        asyncio.run(
            teacher.ask_kernel(kernel, ("shell", "execute_request", code), ("control", "execute_request", code))
        )
        assert not ran.exists()

    def test_a_reader_who_leaves_while_the_page_loads_leaves_no_kernel(
        self, server: VoilaServer, teacher: Visitor
    ) -> None:
        number = teacher.learner("Omar Haddad")
        address = teacher.open("conference", learner=number).url.removeprefix(server.address)
        ended = server.log.count("Kernel shutdown")
        host, _colon, port = server.host.partition(":")
        cookies = "; ".join(f"{one.name}={one.value}" for one in teacher.jar)
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"GET {address} HTTP/1.1\r\nHost: {server.host}\r\nCookie: {cookies}\r\n\r\n".encode())
            line.recv(100)
        wait_until(lambda: server.log.count("Kernel shutdown") > ended)


class TestStrayFiles:
    def test_nothing_that_lies_about_changes_the_server(self, tmp_path: Path) -> None:
        """Configuration and modules in the folder one stands in, or in Jupyter's, are not read."""
        workspace = school(tmp_path / "school", "4B")
        stray = tmp_path / "stray"
        (stray / "workbench").mkdir(parents=True)
        (stray / "workbench" / "__init__.py").write_text("raise SystemExit('shadowed')")
        (stray / "voila.py").write_text("raise SystemExit('shadowed')")
        (stray / "ipywidgets.py").write_text("raise SystemExit('shadowed')")
        (stray / "voila.json").write_text('{"VoilaConfiguration": {"template": "lab", "file_allowlist": [".*"]}}')
        shown = notebook(tmp_path / "tells.ipynb", TELLS)
        with VoilaServer(
            workspace.folder, apps={"data": (shown, False)}, cwd=stray,
            env={"JUPYTER_CONFIG_PATH": str(stray)},
        ) as server:  # fmt: skip
            seen = Visitor(server).enter().open("data").text
        assert 'class="frame"' in seen
        assert "TOLD" in seen

    def test_a_port_in_use_is_said_with_a_next_step(self, server: VoilaServer) -> None:
        port = server.host.rpartition(":")[2]
        ran = subprocess.run(
            [Path(sys.executable).with_name("workbench"), "serve", "--port", port, "--workspace", server.workspace],
            capture_output=True, text=True, timeout=180,
        )  # fmt: skip
        assert ran.returncode == 2
        assert f"Port {port} is in use" in ran.stderr
        assert "--port" in ran.stderr
        assert "Traceback" not in ran.stderr


class TestStopping:
    def test_ctrl_c_ends_it_without_a_word(self, tmp_path: Path) -> None:
        folder = school(tmp_path / "school", "4B").folder
        command = [str(Path(sys.executable).with_name("workbench")), "serve", "--port=0", f"--workspace={folder}"]
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        assert running.stdout is not None
        assert "Ctrl-C" in running.stdout.readline()
        assert running.stdout.readline().startswith("http://127.0.0.1:")
        if sys.platform != "win32":
            os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the server and all it started
        assert running.communicate(timeout=180)[0].strip() == ""
        assert running.returncode == 0


class TestDiscretion:
    def test_log_and_terminal_name_nobody(self, server: VoilaServer, teacher: Visitor) -> None:
        number = teacher.learner("Luz Marín")
        address = teacher.open("report", learner=number).url
        teacher.get(f"/Luz?learner={number}")
        log = server.log
        assert "AppPage 200" in log
        for word in (
            "Luz",
            "Marín",
            "secret",
            "770000",
            "learner =",
            "learner=",
            server.key,
            address.partition("=")[2],
        ):
            assert word not in log
        assert server.printed == ""

    def test_of_a_log_call_only_numbers_and_random_ids_are_written(self) -> None:
        record = logging.LogRecord(
            "voila", logging.ERROR, "x.py", 1, "cell %r took %d s in %s",
            ("learner = 7", 3, "01234567-0123-0123-0123-0123456789ab"), None,
        )  # fmt: skip
        said = Discreet().format(record)
        assert said.endswith("cell '…' took 3 s in 01234567-0123-0123-0123-0123456789ab")

    def test_of_an_exception_only_its_kind_and_place_are_written(self) -> None:
        try:
            raise ValueError("Luz said a secret")
        except ValueError:
            record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), sys.exc_info())
        said = Discreet().format(record)
        assert "ValueError at test_serving.py:" in said
        assert "Luz" not in said

    @pytest.mark.parametrize(
        "said",
        [
            "Exception in callback heard(b'Luz said') at x.py:1", "Exception in callback <Task Luz>", "No target 'Luz'",
            "Could not read: Luz", "No comm target “Luz”", 'No target "Luz"', "Got [Luz]", "Got {Luz: 1}",
            "learner = Luz",
        ],
    )  # fmt: skip
    def test_what_others_filled_into_a_sentence_themselves_is_left_out(self, said: str) -> None:
        assert "Luz" not in Discreet().format(logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, said, (), None))

    def test_an_object_logged_is_named_by_its_kind(self) -> None:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, ValueError("Luz"), (), None)
        assert Discreet().format(record).endswith("x: ValueError")


class TestRules:
    """The decisions, without a server."""

    @pytest.fixture
    def kept(self, demo: Path) -> Iterator[Workbench]:
        with Workbench.open(demo, actor="teacher:t17", clock=now) as bench:
            yield bench

    def test_a_handle_works_in_its_own_browser_only(self, kept: Workbench) -> None:
        handles = Handles(kept.desk.store.people, now)
        handle = handles.mint("conference", "mine", {"learner": 7})
        view = handles.find(handle, "mine")
        assert view is not None
        assert dict(view.parameters) == {"learner": 7}
        assert handles.find(handle, "yours") is None
        assert handles.find("guess", "mine") is None
        assert "7" not in repr(view)

    def test_a_handle_is_known_to_the_next_server_until_its_browser_is_forgotten(self, kept: Workbench) -> None:
        people = kept.desk.store.people
        handles, other = Handles(people, now, most=1), Handles(people, now)
        first, second = (handles.mint("data", "me", {}) for _ in range(2))
        assert handles.find(first, "me") == handles.find(second, "me") == other.find(first, "me")
        Handles(people, now).forget("me")
        assert Handles(people, now).find(first, "me") is None

    def test_pages_nobody_is_connected_to_make_room_first_then_hidden_ones(self) -> None:
        def page(name: str, opened: float, connections: int, *, hidden: bool = False) -> OpenPage:
            return OpenPage(name, "me", opened, met=True, connections=connections, hidden=hidden)

        pages = [page("seen", 1, 1), page("hidden", 3, 1, hidden=True), page("left", 4, 0), page("new", 5, 1)]
        for many, names in ((4, ["left"]), (3, ["left", "hidden"]), (2, ["left", "hidden", "seen"])):
            assert [one.kernel for one in to_make_room(pages, Limits(pages=many))] == names
        assert to_make_room(pages, Limits(pages=5)) == []

    def test_a_connected_page_is_never_idle_and_one_left_is_after_half_an_hour(self) -> None:
        limits = Limits()
        assert not due(OpenPage("k", "me", 0, rendered=1, met=True, connections=1), 1e6, limits)
        left = OpenPage("k", "me", 0, rendered=1, met=True, left=100)
        assert not due(left, 100 + 1800, limits)
        assert due(left, 100 + 1801, limits)

    def test_a_page_still_loading_is_not_taken_for_abandoned(self) -> None:
        assert not due(OpenPage("k", "me", 0), 1e6, Limits())
        assert due(OpenPage("k", "me", 0, rendered=0), 61, Limits())

    def test_a_kernel_s_actor_is_the_server_s_word_alone(self, tmp_path: Path) -> None:
        workspace = Workspace.create(tmp_path / "school")
        site = Site(workspace, Actor.parse("teacher:t17"), "", tmp_path)
        env = {"WORKBENCH_ACTOR": "admin:x", "HTTP_X_WORKBENCH_ACTOR": "admin:y", "QUERY_STRING": "view=1", "PATH": "p"}
        told = kernel_environment(env, site, "teacher:t17", "")
        assert told["WORKBENCH_ACTOR"] == "teacher:t17"
        assert told["PATH"] == "p"
        assert not {"HTTP_X_WORKBENCH_ACTOR", "QUERY_STRING", "WORKBENCH_DB", "WORKBENCH_DRAWER"} & set(told)

    def test_a_page_that_was_ended_before_its_kernel_was_there_gets_none(self, tmp_path: Path) -> None:
        class Owner(LoggingConfigurable):
            site = Site(Workspace.create(tmp_path / "school"), Actor.parse("teacher:t17"), "", tmp_path)

        async def handed_on() -> None:
            kernels = Kernels(parent=Owner())
            env = {f"HTTP_X_WORKBENCH_{name}": "one" for name in ("ACTOR", "SESSION", "KERNEL")}
            with kernels.opening("one", "one"):
                assert [page.kernel for page in kernels.of("one")] == ["one"]
                await kernels.end("one", Ended.CLOSED)
                with pytest.raises(HTTPError, match="ended before"):
                    await kernels.start_kernel(env=env)
            assert not kernels.pages
            assert not list(kernels.list_kernel_ids())

        asyncio.run(handed_on())

    def test_what_waits_is_said_in_a_sentence(self) -> None:
        assert news([], 0) == "No flag is up, and no conference is booked this week."
        assert news(["Omar (today)", "Luz (Friday)"], 2) == (
            "Conferences this week: Omar (today), Luz (Friday). 2 flags are up."
        )
        assert news([], 1) == "1 flag is up."

    def test_somebody_without_a_class_reads_what_to_load(self, prepared: Path, tmp_path: Path) -> None:
        workspace = Workspace.create(tmp_path / "school", actor="teacher:t17")
        with Workbench.open(workspace, actor="teacher:t17") as bench:
            assert first(bench) == "No learners yet. Load your school’s exports first."
        with Workbench.open(prepared, actor="teacher:t99") as stranger:
            assert first(stranger).endswith(
                "no class that you see. Load ClassAssignments, or a class list with its teachers."
            )
        with Workbench.open(prepared, actor=WORRIES) as named:
            assert first(named) == "You have no class of your own. What is shared with you waits here."

    def test_days_are_said(self) -> None:
        said = [lately(TODAY.replace(day=day), TODAY) for day in (21, 20, 17, 1)]
        assert said == ["today", "yesterday", "Tuesday", "November 1"]

    def test_notebooks_come_from_the_checkout_else_from_the_package(self, tmp_path: Path) -> None:
        assert resources.notebooks() == Path(__file__).parents[2] / "notebooks"
        assert resources.reports().is_dir()
        package = tmp_path / "site-packages" / "workbench"
        assert resources._shipped("notebooks", package) == package / "_notebooks"
        (package.parent / "notebooks").mkdir(parents=True)  # somebody else's folder, beside an installed package
        assert resources._shipped("notebooks", package) == package / "_notebooks"
        (package.parent / "pyproject.toml").touch()
        assert resources._shipped("notebooks", package) == package.parent / "notebooks"


@pytest.mark.browser
class TestInABrowser:
    def test_the_link_s_key_leaves_the_address_and_is_sent_to_nobody(
        self, server: VoilaServer, browser: Browser
    ) -> None:
        page = server.sign_in(browser)
        assert page.url == server.address + "/"
        assert not any(server.key in url for url in seen_on(page).requests if "#" not in url)
        assert_clean(page)

    def test_somebody_without_the_link_reads_what_to_do(self, server: VoilaServer, browser: Browser) -> None:
        page = watched(browser)
        page.goto(server.address)
        expect(page.get_by_role("heading", name="Open the workbench by its link")).to_be_visible()
        assert_clean(page)
        page.get_by_label("Or paste the link here").fill(server.entry)
        page.get_by_role("button", name="Open the workbench").click()
        page.wait_for_selector("main.page")

    def test_a_link_of_yesterday_says_that_it_is_old(self, server: VoilaServer, browser: Browser) -> None:
        page = watched(browser)
        page.goto(f"{server.address}/#key={'0' * len(server.key)}")
        expect(page.get_by_role("alert")).to_have_text("This link is not the one of the workbench that runs now.")
        page.goto("about:blank")
        page.goto(server.entry)
        page.wait_for_selector("main.page")
        page.goto("about:blank")
        page.goto(f"{server.address}/#key=old")  # whoever is in stays in
        page.wait_for_selector("main.page")

    def test_a_learner_is_chosen_and_the_conference_opens(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        page.get_by_role("combobox", name="Class").select_option(label="4C")
        page.get_by_label("Learner").select_option(label="Omar Haddad")
        expect(page.locator("button.primary")).to_have_text("Start the conference")
        page.get_by_role("combobox", name="Class").select_option(label="4B")
        page.get_by_label("Learner").select_option(label="Luz Marín")
        expect(page.locator("button.primary")).to_have_text("Continue the conference")
        page.locator("button.primary").click()
        expect(page.get_by_text("About Luz Marín")).to_be_visible()
        assert page.title() == "Conference · Learner-Led Workbench"
        page.get_by_label("Words").fill("I read <b>every</b> night")
        page.get_by_role("button", name="Say it").click()
        expect(page.get_by_text("You said I read <b>every</b> night")).to_be_visible()
        assert_clean(page)
        page.set_viewport_size(PHONE)
        assert_fits(page)
        self.assert_closing_ends_the_kernel(server, page)

    def assert_closing_ends_the_kernel(self, server: VoilaServer, page: Page) -> None:
        ended = server.log.count("Kernel shutdown")
        page.close(run_before_unload=True)
        wait_until(lambda: server.log.count("Kernel shutdown") > ended)

    def test_a_page_whose_kernel_is_gone_has_another_by_itself_unless_words_are_only_there(
        self, server: VoilaServer, browser: Browser
    ) -> None:
        end = """() => {
            const id = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
            const xsrf = document.cookie.match(/_xsrf=([^;]*)/)[1];
            return fetch("/voila/api/shutdown/" + id, {method: "POST", headers: {"X-XSRFToken": xsrf}});
        }"""
        page = server.sign_in(browser)
        page.locator("button.primary").click()
        expect(page.get_by_text("About ")).to_be_visible()
        with page.expect_navigation():
            page.evaluate(end)
            page.get_by_text("About ").click()
        expect(page.get_by_text("About ")).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_label("Words").fill("In no form of ours")
        page.evaluate(end)
        page.get_by_role("button", name="Say it").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("not saved yet")
        dialog.get_by_role("button", name="Not yet").click()
        expect(page.get_by_label("Words")).to_have_value("In no form of ours")
        page.evaluate("document.getElementById('asleep').showModal()")
        dialog.get_by_role("button", name="Reload the page").click()
        expect(page.get_by_label("Words")).to_have_value("")

    def test_a_page_asks_for_few_files_and_for_none_of_them_again(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        for number in range(2):
            page.goto(server.address)
            before = len(seen_on(page).requests)
            page.locator("button.primary").click()
            expect(page.get_by_text("About ")).to_be_visible()
            assert len(seen_on(page).requests) - before < 30
            sizes = page.evaluate(
                """() => performance.getEntriesByType("resource")
                    .filter((one) => one.name.includes("/front/")).map((one) => one.transferSize)"""
            )
            assert len(sizes) >= 5
            assert (sum(sizes) == 0) == (number == 1)
        assert_clean(page)

    def test_only_a_page_with_a_formula_gets_what_draws_it(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        scripts = []
        for app, formulas in (("plain", 0), ("formula", 1)):
            before = len(seen_on(page).requests)
            self.go_to(page, app)
            expect(page.get_by_text("one half")).to_be_visible()
            expect(page.locator("mjx-container")).to_have_count(formulas)
            page.wait_for_load_state("networkidle")
            scripts.append(sum(".voila.js" in url for url in seen_on(page).requests[before:]))
        assert scripts[0] == 0
        assert scripts[1] > 0
        assert_clean(page)

    def test_a_widget_of_a_busy_kernel_comes_when_the_kernel_answers(
        self, server: VoilaServer, browser: Browser
    ) -> None:
        page = server.sign_in(browser)
        self.go_to(page, "busy")
        expect(page.get_by_label("Here after all")).to_be_visible()
        assert_clean(page)

    def test_a_page_that_was_cut_short_says_so_and_stays_quiet(self, server: VoilaServer, browser: Browser) -> None:
        page = server.sign_in(browser)
        self.go_to(page, "lost")
        expect(page.get_by_role("heading", name="Something went wrong on this page.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert not [url for url in seen_on(page).requests if "/api/kernels" in url]
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert_clean(page)

    def go_to(self, page: Page, app: str) -> None:
        """Opens an app that the home page does not offer."""
        page.goto(page.url.partition("/voila")[0])
        page.evaluate(
            """(app) => {
                const form = document.querySelector("form[action='/open']");
                form.querySelectorAll("button, select").forEach((one) => one.remove());
                form.insertAdjacentHTML("beforeend", `<input name=app value=${app}>`);
                form.submit();
            }""",
            app,
        )

    @pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}])
    def test_home_fits_with_a_long_name(self, server: VoilaServer, browser: Browser, size: ViewportSize) -> None:
        page = server.sign_in(browser, size)
        page.get_by_label("Learner").select_option(label=f"Maximiliana Alexandra {LONG_NAME}")
        assert_fits(page)
        page.get_by_text("A conference in eight moves").click()
        assert_fits(page)
        assert_clean(page)

    def test_an_empty_workspace_asks_for_exports_first(self, browser: Browser, tmp_path: Path) -> None:
        workspace = Workspace.create(tmp_path / "school", actor_name="Ms Rivera")
        with VoilaServer(workspace.folder) as server:
            page = server.sign_in(browser)
            expect(page.get_by_text("No learners yet. Load your school’s exports first.")).to_be_visible()
            expect(page.locator("button.primary")).to_have_text("Load exports")
            assert page.locator("button.primary").count() == 1
            assert_clean(page)
