"""Takes the pictures of README.md anew, from the real apps on the demo school.

    .venv/bin/python docs/take_screenshots.py [FOLDER]

Needs a Chromium, as the tests do.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from tests.browser import VoilaServer, chromium  # noqa: E402
from workbench import Workbench  # noqa: E402
from workbench.sample.demo import ACTOR, prepare  # noqa: E402

WAIT = 60_000  # ms


def shoot(page: Page, to: Path) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=to)
    print(to)


def choose(page: Page, server: VoilaServer, learner: str, button: str) -> None:
    page.goto(server.address)
    page.select_option("select[name=class]", label="4B")
    page.select_option("select[name=learner]", label=learner)
    page.get_by_role("button", name=button).first.click()


def home(browser: Browser, server: VoilaServer, folder: Path) -> None:
    shoot(server.sign_in(browser), folder / "home.png")


def conference(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    choose(page, server, "Omar Haddad", "conference")
    page.locator(".wb-dot-button").first.wait_for(timeout=WAIT)
    shoot(page, folder / "conference.png")


def goals(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    choose(page, server, "Luz Marín", "See the goals")
    page.get_by_role("article").first.wait_for(timeout=WAIT)
    shoot(page, folder / "goals.png")


def get_ready(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    choose(page, server, "Omar Haddad", "Get ready")
    page.get_by_role("button", name="Next").first.wait_for(timeout=WAIT)
    shoot(page, folder / "get_ready.png")


def my_class(browser: Browser, server: VoilaServer, folder: Path) -> None:
    today = date.today()
    with Workbench.open(server.workspace, actor=ACTOR) as bench:
        raised = (("Luz Marín", "help", "now", "I am stuck on fractions"), ("Mei Chen", "show", "soon", "my bridge"))
        for learner, kind, urgency, words in raised:
            bench.flags.raise_(bench.learners.named(learner), kind, urgency=urgency, words=words)
        held = bench.conferences.prepare(bench.learners.named("Wren Castellano"), on=today)
        bench.reflections.say(held, move="reflect", prompt="went-well", asked="What went well?", words="My poster")
        bench.conferences.ready(held, on=today)
        goal = bench.goals.choose(bench.learners.named("Naomi Dlamini"), "Read ten pages every evening", on=today)
        bench.progress.check_in(goal, on=today, feeling="stuck", words="I fall asleep after two pages")
        goal = bench.goals.choose(bench.learners.named("Linh Nguyễn"), "Finish my volcano story", on=today)
        bench.plans.shape(goal, celebrate="A quiet note")
        bench.goals.revise(goal, state="met")
    page = server.sign_in(browser)
    page.get_by_role("button", name="Open my class").click()
    page.locator(".wb-list-calls").wait_for(timeout=WAIT)
    shoot(page, folder / "my_class.png")


def data(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    page.get_by_role("button", name="Load").first.click()
    chooser = page.get_by_label("Drop your exports here")
    chooser.wait_for(state="attached", timeout=WAIT)
    spoiled = server.workspace / "exports" / "new in November.csv"
    spoiled.write_text(
        "Student ID,First Name,Last Name,Class,Birth Date\n"
        "1004801,Amara,Quist,4B,2017-02-30\n1004802,Ilse,Moreau,4B,2017-05-09\n,Jonas,Pryce,4B,2017-01-21\n",
        encoding="utf-8",
    )
    chooser.set_input_files([server.workspace / "exports" / "rosters" / "class_list.csv", spoiled])
    page.get_by_role("button", name="Bring in").wait_for(timeout=WAIT)
    shoot(page, folder / "data.png")


def report(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    choose(page, server, "Luz Marín", "See the report")
    page.locator("figure svg").first.wait_for(timeout=WAIT)
    shoot(page, folder / "report.png")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        workspace = prepare(Path(made) / "demo", today=date.today())
        with VoilaServer(workspace.folder) as server, chromium() as browser:
            for picture in (home, conference, goals, get_ready, my_class, data, report):
                picture(browser, server, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
