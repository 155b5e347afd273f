"""The main job as a teacher and a learner do it: real Voilà, real Chromium, a real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from workbench import Workbench
from workbench.sample import cast
from workbench.sample.demo import ACTOR, ACTOR_NAME
from workbench.workspace import Workspace

from ..browser import PHONE, PROJECTOR, VoilaServer, assert_clean, assert_fits
from ..conftest import TODAY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with nothing in it yet."""
    place = tmp_path_factory.mktemp("whole") / "school"
    Workspace.create(place, name="Cedar Hill Elementary School", actor=ACTOR, actor_name=ACTOR_NAME)
    return place


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[VoilaServer]:
    with VoilaServer(folder, day=TODAY) as running:
        yield running


def open_conference(page: Page, server: VoilaServer, learner: str) -> None:
    page.goto(server.address)
    page.select_option("select[name=class]", label="4B")
    page.select_option("select[name=learner]", label=learner)
    page.get_by_role("button", name="conference").first.click()
    expect(page.locator(".wb-dot-button").first).to_be_visible()


def go_to(page: Page, move: int, title: str) -> None:
    """Goes to a move by its dot, and waits until it is there."""
    page.locator(".wb-dot-button").nth(move - 1).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def answer(page: Page, question: str, words: str) -> None:
    box = page.get_by_label(question)
    box.fill(words)
    box.blur()
    expect(page.get_by_role("status").filter(has_text="Saved").first).to_be_visible()


def test_1_an_empty_workspace_says_what_to_do_first(browser: Browser, server: VoilaServer) -> None:
    page = server.sign_in(browser)
    expect(page.get_by_text("No learners yet")).to_be_visible()
    assert_clean(page)
    page.context.close()


def test_2_a_teacher_drops_exports_in_and_sees_every_row_accounted_for(
    browser: Browser, server: VoilaServer, exports: Path, folder: Path
) -> None:
    page = server.sign_in(browser)
    page.get_by_role("button", name="Load").first.click()
    chooser = page.get_by_label("Drop your exports here")
    chooser.wait_for(state="attached")
    bad = folder / "exports" / "class_list_with_a_hole.csv"
    bad.write_text("Student ID,First Name,Last Name,Class\n0041207,Luz,Marín,4B\n,Nobody,Known,4B\n", encoding="utf-8")
    nwea = exports / "nwea"
    older = [nwea / "Spring 2025-2026" / f"{name}.csv" for name in ("AssessmentResults", "StudentsBySchool")]
    chooser.set_input_files([nwea / "Fall 2026-2027.zip", *older, bad])

    bring = page.get_by_role("button", name="Bring in")
    expect(bring).to_be_visible()
    expect(page.get_by_text("class_list_with_a_hole.csv").first).to_be_visible()
    assert_clean(page)
    bring.click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    assert_clean(page)
    page.context.close()

    with Workbench.open(folder, actor=ACTOR) as bench:
        (done,) = bench.imports.history()
        assert all(file.tally.adds_up for file in done.files)
        assert sum(file.tally.left_out for file in done.files) == 1
        assert [problem.row for problem in bench.imports.problems()] == [3]
        assert len(bench.learners.in_class("4B")) == cast.CLASS_SIZE


def test_2b_an_unknown_table_is_learned_once_and_its_names_are_matched(
    browser: Browser, server: VoilaServer, exports: Path, tmp_path: Path
) -> None:
    lines = ["Student Name,Class,Day,Laps", *(f"Luz Marín,4B,9/{day}/2026,{day}" for day in range(1, 20))]
    lines += ["Somebody New,4B,9/21/2026,7", "Omar Haddad,4B,9/22/2026,x"]
    (tmp_path / "laps.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "older").mkdir()
    shutil.copy(exports / "lexia" / "core5_year_to_date.csv", tmp_path / "older")
    page = server.sign_in(browser, PHONE)
    page.get_by_role("button", name="Load").first.click()
    page.get_by_label("Or a whole folder").set_input_files(tmp_path)
    page.get_by_role("button", name="Say what its columns are").click()
    expect(page.get_by_role("cell", name="19 laps")).to_have_count(0)
    expect(page.get_by_role("cell", name="8 laps")).to_be_visible()
    assert_clean(page)
    assert_fits(page)
    page.get_by_label("What do you call this kind of file?").fill("Our laps")
    page.get_by_role("button", name="Keep it and read the file").click()
    page.get_by_role("button", name="Bring in").wait_for()
    assert_clean(page)
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_role("heading", name="Whose is it?")).to_be_visible()
    assert_clean(page)
    assert_fits(page)
    page.set_viewport_size(PROJECTOR)
    page.get_by_role("button", name="clear ones").click()
    expect(page.get_by_text("Confirmed")).to_be_visible()
    mark = page.get_by_role("row", name="Luz Marín").get_by_text("result")
    expect(mark.last).to_be_attached()
    assert_clean(page)
    page.context.close()


def test_3_a_whole_conference_survives_a_killed_page(browser: Browser, server: VoilaServer, folder: Path) -> None:
    page = server.sign_in(browser)
    open_conference(page, server, "Luz Marín")
    answer(page, "What do you notice?", "Reading went <b>up</b> & I saw it")
    assert_clean(page)
    go_to(page, 2, "My part")
    page.get_by_text("I lead the whole talk").click()
    go_to(page, 3, "Reflect")
    page.get_by_text("proud", exact=True).click()
    answer(page, "What went well", "I finished the volcano story")
    assert_clean(page)
    page.get_by_label("When was it hard").type("I drew the piz")
    page.close()  # no farewell: the lid is closed in the middle of a word

    page = server.sign_in(browser)
    open_conference(page, server, "Luz Marín")
    expect(page.get_by_role("heading", name="Reflect")).to_be_visible()
    expect(page.get_by_label("What went well")).to_have_value("I finished the volcano story")
    go_to(page, 4, "Name strengths and needs")
    page.get_by_role("button", name="I read every day").click()
    page.get_by_role("button", name="I want to understand fractions").click()
    expect(page.get_by_role("button", name="Remove").nth(1)).to_be_visible()
    assert_clean(page)
    go_to(page, 5, "Choose a goal")
    answer(page, "What will you try?", "Solve five fraction problems")
    page.get_by_role("button", name="Friday", exact=True).click()
    go_to(page, 6, "Say why")
    answer(page, "Why does this goal matter to you?", "For the class bakery")
    go_to(page, 7, "Design how")
    page.get_by_role("button", name="Explain my steps to a partner").click()
    assert_clean(page)
    page.get_by_text("Teach a partner").click()
    go_to(page, 8, "Set the dates")
    assert_clean(page)
    page.get_by_role("button", name="See our agreement").click()
    expect(page.get_by_text("Solve five fraction problems").first).to_be_visible()
    page.get_by_role("button", name="Finish the conference").click()
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    assert_clean(page)
    page.context.close()

    with Workbench.open(folder, actor=ACTOR) as bench:
        luz = bench.learners.named(cast.LUZ)
        (held,) = bench.conferences.of(luz)
        said = bench.reflections.of(held)
        (goal,) = bench.goals.of(held)
        assert held.finished
        assert held.shown
        assert said["look", "notice"].words == "Reading went <b>up</b> & I saw it"
        assert said["part", "lead"].choice == "I lead the whole talk"
        assert said["reflect", "felt"].choice == "proud"
        assert {one.kind for one in bench.strengths.of(held)} == {"strength", "need"}
        assert (goal.words, goal.purpose) == ("Solve five fraction problems", "For the class bakery")
        assert goal.due_on is not None
        plan = bench.plans.of(goal)
        assert [step.words for step in plan.steps] == ["Explain my steps to a partner"]
        assert plan.show == "Teach a partner"


def test_4_the_report_opens_live_and_its_learner_is_not_in_the_address(browser: Browser, server: VoilaServer) -> None:
    page = server.sign_in(browser)
    page.select_option("select[name=class]", label="4B")
    page.select_option("select[name=learner]", label="Luz Marín")
    page.get_by_role("button", name="See the report").click()
    expect(page.get_by_text("Solve five fraction problems").first).to_be_visible()
    expect(page.locator("figure svg").first).to_be_visible()
    assert_clean(page)
    edges = "all => all.map(one => one.getBoundingClientRect().left)"
    stops, (title,) = (
        page.locator(f".report-at-plan {one}").evaluate_all(edges) for one in (".report-path > li", "h2")
    )
    assert set(stops) == {title}  # as on the page that is printed, whatever Jupyter does to lists
    assert "Luz" not in page.url
    assert cast.LUZ not in page.url
    page.set_viewport_size(PHONE)
    assert_fits(page)
    page.context.close()


def test_5_every_move_fits_a_phone_s_width(browser: Browser, server: VoilaServer) -> None:
    page = server.sign_in(browser, PHONE)
    open_conference(page, server, "Maximiliana Guadalupe Fernández de la Concepción-Oyelaran")
    for move in range(8):
        page.locator(".wb-dot-button").nth(move).click()
        page.wait_for_timeout(300)
        assert_fits(page)
    page.context.close()


def test_6_the_log_names_nobody_and_no_words(server: VoilaServer) -> None:
    for secret in ("Luz", "Marín", cast.LUZ, "volcano", "fraction", "bakery"):
        assert secret not in server.log
        assert secret not in server.printed
