"""Several servers on one PostgreSQL, behind one address: who is in, and out, is so at each of them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from workbench import Workbench
from workbench.ground.sealing import SECRET_FILE
from workbench.serving import Reach, certificates
from workbench.workspace import SETTINGS, Workspace

from ..browser import VoilaServer, began, chromium, seen_on, wait_for_another, watched
from ..conftest import TODAY, new_database
from ..people import kernels_of
from .network import HOST, WORDS, School, Visitor, account, an_answer_is_kept, free_port, networked, staffed
from .proxies import proxy


@pytest.fixture(scope="module")
def schools(
    postgresql: str, exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[School, School]]:
    """Two servers, each with a folder of its own as on a computer of its own, and one store."""
    base, outer = tmp_path_factory.mktemp("several"), free_port()
    made = Workspace.create(base / "one", name="Cedar Hill", db=new_database(postgresql))
    with Workbench.open(made, actor="admin:office") as bench:
        bench.imports.run(exports / "oneroster.zip", on=TODAY)
    networked(made.folder, outer)
    staffed(made.folder)
    with ExitStack() as held:
        one = held.enter_context(VoilaServer(made.folder, port=free_port(), reach=Reach.OTHERS))
        alike(made.folder, base / "two")
        two = held.enter_context(VoilaServer(base / "two", port=free_port(), reach=Reach.OTHERS))
        yield School(one, made.folder, outer), School(two, base / "two", outer)


@pytest.fixture
def at(schools: tuple[School, School]) -> Callable[[Visitor, int], Visitor]:
    """Leads a visitor to one of the servers."""

    def lead(visitor: Visitor, server: int) -> Visitor:
        visitor.port = int(str(schools[server].server.asked["port"]))
        return visitor

    return lead


Leads = Callable[[Visitor, int], Visitor]


def _kernels(schools: tuple[School, School]) -> set[psutil.Process]:
    return {one for school in schools for one in kernels_of(school.server.process.pid)}


def opened(schools: tuple[School, School], visitor: Visitor, app: str = "my_class") -> tuple[str, psutil.Process]:
    """The address of a page that is open, and the process of its kernel."""
    before = _kernels(schools)
    address = visitor.post("/open", {"app": app})[2]["Location"]
    assert '"kernelId": "' in visitor.get(address)[1]
    (process,) = _kernels(schools) - before
    return address, process


def wait_for_the_end(process: psutil.Process) -> None:
    until = time.monotonic() + 60
    while process.is_running():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_who_signs_in_at_one_goes_on_at_the_other(schools: tuple[School, School], at: Leads) -> None:
    rivera = at(Visitor(schools[0]), 0).sign_in("rivera")
    assert "Ms Rivera" in at(rivera, 1).get("/")[1]
    address = rivera.post("/open", {"app": "my_class"})[2]["Location"]
    assert at(rivera, 0).get(address)[0] == 200  # an address made at the other


def test_signing_out_at_one_ends_both_and_what_is_open_there(schools: tuple[School, School], at: Leads) -> None:
    rivera = at(Visitor(schools[0]), 0).sign_in("rivera")
    address, kernel = opened(schools, rivera)
    assert kernel.is_running()
    former = dict(rivera.cookies)
    assert at(rivera, 1).post("/sign-out")[0] == 303
    rivera.cookies = former
    for server in (0, 1):
        assert at(rivera, server).get("/me")[0] == 403
        assert rivera.get(address)[0] == 403
    wait_for_the_end(kernel)


def test_a_hand_over_at_one_shuts_what_the_device_has_open_at_the_other(
    schools: tuple[School, School], at: Leads
) -> None:
    rivera = at(Visitor(schools[0]), 0).sign_in("rivera")
    address, kernel = opened(schools, rivera)
    former = dict(rivera.cookies)
    at(rivera, 1).post("/tablet", {"number": "2468"})
    assert "Who are you?" in at(rivera, 0).get("/")[1]
    wait_for_the_end(kernel)
    rivera.cookies = former
    for server in (0, 1):
        assert at(rivera, server).get(address)[0] == 403


def test_whoever_is_disabled_is_out_everywhere_with_what_is_open(schools: tuple[School, School], at: Leads) -> None:
    account(schools[0].folder, "guest", "teacher:t17")
    guest = at(Visitor(schools[0]), 0).sign_in("guest")
    _address, kernel = opened(schools, guest)
    with Workbench.open(schools[1].folder, actor="admin:office") as bench:
        bench.accounts.disable(bench.accounts.named("guest"))
    for server in (0, 1):
        assert at(guest, server).get("/me")[0] == 403
    wait_for_the_end(kernel)


def test_guesses_count_at_all_servers_together(schools: tuple[School, School], at: Leads) -> None:
    account(schools[0].folder, "guessed", "teacher:t05")
    visitor = Visitor(schools[0])
    at(visitor, 0).get("/")
    for turn in range(5):
        assert (
            "do not belong together" in at(visitor, turn % 2).post("/sign-in", {"name": "guessed", "password": "x"})[1]
        )
    for server in (0, 1):
        assert "many wrong ones" in at(visitor, server).post("/sign-in", {"name": "guessed", "password": "x"})[1]


def alike(one: Path, two: Path) -> None:
    """What docs/guides/school.md copies to a second computer."""
    two.mkdir(mode=0o700)
    for name in (SETTINGS, SECRET_FILE):
        shutil.copy(one / name, two / name)
    shutil.copytree(one / certificates.FOLDER, two / certificates.FOLDER)


def test_what_waits_on_a_device_is_sealed_for_both(schools: tuple[School, School], at: Leads) -> None:
    for server in (0, 1):
        opened(schools, at(Visitor(schools[0]), server).sign_in("rivera"), "my_class")
    assert len({(one.folder / SECRET_FILE).read_bytes() for one in schools}) == 1


@pytest.mark.browser
def test_behind_caddy_a_browser_stays_at_one_and_goes_on_at_the_other_when_that_is_gone(
    schools: tuple[School, School], tmp_path: Path
) -> None:
    one = schools[0]
    ports = [int(str(each.server.asked["port"])) for each in schools]
    said = {
        "/srv/workbench/certificates": str(one.folder / certificates.FOLDER),
        "10.0.0.11:8866": f"127.0.0.1:{ports[0]}",
        "10.0.0.12:8866": f"127.0.0.1:{ports[1]}",
        "tls_server_name wb.school.example": f"tls_server_name {HOST}",
        "wb.school.example": f"{HOST}:{one.port}",
    }
    with (
        proxy("caddyfile", one.port, tmp_path / "caddy", said, 1),
        chromium(f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as browser,
    ):
        page = watched(browser, ignore_https_errors=True)
        page.goto(f"{one.address}/")
        page.locator("#name").fill("rivera")
        page.locator("#password").fill(WORDS)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("main.page")).to_be_visible()
        before = _kernels(schools)
        an_answer_is_kept(page, one.folder)
        assert seen_on(page).errors == []
        (process,) = _kernels(schools) - before
        (its,) = [each for each in schools if process in kernels_of(each.server.process.pid)]
        since = began(page)
        its.server.kill()  # the last of these tests
        wait_for_another(page, since)
        expect(page.get_by_text("I ask when I am stuck").first).to_be_visible()
        page.context.close()
