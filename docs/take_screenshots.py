"""Takes the pictures of README.md and of the guides anew, from the real apps on the demo school.

    .venv/bin/python docs/take_screenshots.py [FOLDER]

Those of the guides are in English and in Spanish. Needs a Chromium, as the tests do.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, ViewportSize  # noqa: E402

from tests.browser import VoilaServer, chromium  # noqa: E402
from workbench import Workbench  # noqa: E402
from workbench.ground.words import _, speaking  # noqa: E402
from workbench.learners import symbols  # noqa: E402
from workbench.sample.demo import ACTOR, prepare  # noqa: E402

WAIT = 60_000  # ms
LAPTOP: ViewportSize = {"width": 1120, "height": 640}
TABLET: ViewportSize = {"width": 900, "height": 640}


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


def spoiled(workspace: Path) -> list[Path]:
    """A list that was brought in already, and one that nobody typed with care."""
    new = workspace / "exports" / "new in November.csv"
    new.write_text(
        "Student ID,First Name,Last Name,Class,Birth Date\n"
        "1004801,Amara,Quist,4B,2017-02-30\n1004802,Ilse,Moreau,4B,2017-05-09\n,Jonas,Pryce,4B,2017-01-21\n",
        encoding="utf-8",
    )
    return [workspace / "exports" / "rosters" / "class_list.csv", new]


def data(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    page.get_by_role("button", name="Load").first.click()
    chooser = page.get_by_label("Drop your exports here")
    chooser.wait_for(state="attached", timeout=WAIT)
    chooser.set_input_files(spoiled(server.workspace))
    page.get_by_role("button", name="Bring in").wait_for(timeout=WAIT)
    shoot(page, folder / "data.png")


def report(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    choose(page, server, "Luz Marín", "See the report")
    page.locator("figure svg").first.wait_for(timeout=WAIT)
    shoot(page, folder / "report.png")


class Guide:
    """The pictures of the guides in one language, from a school where a conference was just held."""

    def __init__(self, browser: Browser, server: VoilaServer, folder: Path, language: str) -> None:
        self.server, self.folder, self.language = server, folder, language
        self.page = server.sign_in(browser, LAPTOP)
        self.page.locator(f"form.language button[value={language}]").click()
        self.page.locator(f"html[lang={language}]").wait_for(timeout=WAIT)

    def take(self) -> None:
        """All of them; every button is found by its name in this language."""
        with speaking(self.language):
            self.data()
            self.open(_("Open my class"))
            self.shoot("my_class", ".wb-glances")
            self.of_learner("Omar Haddad", "prepare")
            self.go_on(2)
            self.shoot("get_ready", ".wb-body h2")
            self.of_learner("Mei Chen", "conference")
            self.shoot("conference", ".wb-dot-button")
            self.agreement()
            self.of_learner("Luz Marín", "goals")
            self.shoot("goals", "article")
            self.of_learner("Luz Marín", "year")
            self.shoot("year", ".wb-body")
            self.reports()
            self.tablet()

    def shoot(self, name: str, there: str) -> None:
        self.page.locator(there).first.wait_for(timeout=WAIT)
        shoot(self.page, self.folder / f"{name}.{self.language}.png")

    def open(self, button: str) -> None:
        self.page.goto(self.server.address)
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def of_learner(self, learner: str, app: str) -> None:
        self.page.goto(self.server.address)
        self.page.select_option("select[name=learner]", label=learner)
        self.page.locator(f"button[name=app][value={app}]").first.click()
        self.page.locator(".wb-body").first.wait_for(timeout=WAIT)
        if self.language != "en":  # a learner's page is in the learner's language
            self.page.locator(f"form.language button[value={self.language}]").click()
            self.page.locator(f"html[lang={self.language}]").wait_for(timeout=WAIT)

    def go_on(self, times: int) -> None:
        for _time in range(times):
            self.page.locator(".wb-form button.wb-primary").last.click()
            self.page.wait_for_timeout(800)

    def data(self) -> None:
        self.open(_("Load exports"))
        chooser = self.page.locator("input[type=file]").first
        chooser.wait_for(state="attached", timeout=WAIT)
        chooser.set_input_files(spoiled(self.server.workspace))
        self.shoot("data", ".wb-table")

    def agreement(self) -> None:
        """As it is on the page of the learner's year."""
        self.of_learner("Luz Marín", "year")
        self.page.locator("button[data-key^='open/'][aria-label*=conferen i]").first.click()
        self.shoot("agreement", ".wb-group-agreement")

    def reports(self) -> None:
        self.open(_("Open reports"))
        self.page.get_by_role("button", name=_("Make the reports")).or_(
            self.page.get_by_role("button", name=_("Open all to print"))
        ).first.wait_for(timeout=WAIT)
        if self.page.get_by_role("button", name=_("Make the reports")).count():
            self.page.get_by_role("button", name=_("Make the reports")).click()
        self.page.get_by_role("button", name=_("Open all to print")).wait_for(timeout=3 * WAIT)
        self.shoot("reports", ".wb-group-card")

    def tablet(self) -> None:
        self.page.set_viewport_size(TABLET)
        self.page.goto(self.server.address)
        self.page.get_by_role("link", name=_("Hand over the tablet")).click()
        self.page.locator("#number").fill("2468")
        self.page.get_by_role("button", name=_("Hand over"), exact=True).click()
        self.shoot("pictures", ".picture")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        workspace = prepare(Path(made) / "demo", today=date.today())
        with VoilaServer(workspace.folder) as server, chromium() as browser:
            for shot in (home, conference, goals, get_ready, my_class, data, report):
                shot(browser, server, folder)
            with Workbench.open(server.workspace, actor=ACTOR) as bench:
                for learner, picture in zip(bench.learners.in_class("4B"), symbols.NAMES, strict=False):
                    bench.symbols.choose(learner, picture)
            for language in ("en", "es"):
                Guide(browser, server, folder / "guide", language).take()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
