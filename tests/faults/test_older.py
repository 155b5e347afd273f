"""Records older than what was seen before: who opens them, and who comes back with a device, is told."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.keeping import reached
from workbench.keeping.reached import FILE, Reached

from ..browser import VoilaServer
from ..conftest import TODAY, clock, copy_of
from .conftest import ACTOR


def say(folder: Path, words: str, later: int) -> Reached:
    """Says something so many seconds later, and tells how far the records have come."""
    with Workbench.open(folder, actor=ACTOR, clock=lambda: clock() + timedelta(seconds=later)) as bench:
        bench.goals.choose(bench.learners.in_class("4B")[0], words, on=TODAY)
        assert bench.reached is not None
        return bench.reached


def test_a_point_is_known_to_its_own_history_alone(school: Path, tmp_path: Path) -> None:
    first = say(school, "first", 1)
    older = copy_of(school, tmp_path / "older")
    second = say(school, "second", 2)
    other = say(older, "other", 3)

    assert Reached.parse(str(second)) == second
    assert second.change == other.change
    with Workbench.open(older, actor=ACTOR, clock=clock) as bench:
        assert bench.older(first, other, None) is None
        told = bench.older(first, second)
    assert told is not None
    assert "older than what was seen" in told.sentence
    assert "restore" in told.next_step


@pytest.mark.long
def test_the_commands_tell_of_older_records_too(school: Path, tmp_path: Path) -> None:
    say(school, "first", 1)
    older = copy_of(school, tmp_path / "older")
    reached.note(older, say(school, "second", 2))

    def said(command: str, folder: Path) -> str:
        run = [sys.executable, "-m", "workbench.cli", command, "--workspace", str(folder)]
        return " ".join(subprocess.run(run, capture_output=True, text=True, check=False).stdout.split())

    for command in ("status", "doctor"):
        told = said(command, older)
        assert "older than what was seen" in told
        assert "workbench restore" in told
        assert "older than" not in said(command, school)


@pytest.mark.parametrize("text", ["", "12", "12-", "a-b", "1-2-3", "9" * 40 + "-1"])
def test_what_is_no_point_is_none(text: str) -> None:
    assert Reached.parse(text) is None


class Device:
    """A browser with cookies."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def enters(self, server: VoilaServer) -> str:
        self._base = server.address + "/"
        return self.posts("enter", key=server.entry.partition("#key=")[2])

    def home(self) -> str:
        return self._read(self._base)

    def posts(self, where: str, **values: str) -> str:
        token = re.search(r'name="_xsrf" value="([^"]+)"', self.home())
        body = urllib.parse.urlencode({"_xsrf": token[1] if token else "", **values}).encode()
        asked = urllib.request.Request(self._base + where, body, {"Accept": "text/html"})
        return self._read(asked)

    def opens(self, app: str) -> str:
        """The address of an app's page, opened for this browser."""
        token = re.search(r'name="_xsrf" value="([^"]+)"', self.home())
        assert token is not None
        body = urllib.parse.urlencode({"_xsrf": token[1], "app": app}).encode()
        with self._opener.open(urllib.request.Request(self._base + "open", body), timeout=120) as answer:
            answer.read()
            return str(answer.url)

    def sees(self, address: str) -> bool:
        """Whether a page is still there for this browser."""
        try:
            self._read(address)
        except urllib.error.HTTPError as refused:
            refused.close()
            return False
        return True

    def _read(self, asked: urllib.request.Request | str) -> str:
        with self._opener.open(asked, timeout=120) as answer:
            return str(answer.read(), "utf-8")


@pytest.mark.long
def test_a_device_that_comes_back_to_older_records_is_told(school: Path, tmp_path: Path) -> None:
    say(school, "first", 1)
    older = copy_of(school, tmp_path / "older")
    say(school, "second", 2)
    device = Device()
    with VoilaServer(school, actor=ACTOR, day=TODAY) as server:
        device.enters(server)
        assert "older than" not in device.home()
    assert reached.noted(school) is not None

    def put_back() -> None:
        for name in ("workbench.sqlite", "workbench.sqlite-wal", "workbench.sqlite-shm"):
            (school / name).unlink(missing_ok=True)
        shutil.copy(older / "workbench.sqlite", school)

    put_back()
    with VoilaServer(school, actor=ACTOR, day=TODAY) as server:  # the workspace itself knows
        other = Device()
        other.enters(server)
        assert "older than" in other.home()
        other.posts("meant")
        open_page = other.opens("my_class")
        (school / FILE).unlink()  # as where the whole workspace was put back: the device alone knows
        device.enters(server)
        assert "older than" in device.home()
        assert other.sees(open_page)  # what one device says of itself takes nobody else's pages away
        assert "older than" not in device.posts("meant")
        assert "older than" not in device.home()
        (school / FILE).write_text("999-1", encoding="utf-8")
        assert "older than" in device.home()
        assert not other.sees(open_page)
