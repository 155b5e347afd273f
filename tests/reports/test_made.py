"""What there is of a report: for whom it holds, and how it is handed out."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from widgets import ReportsBoard
from workbench import Workbench
from workbench.batch.manifest import Manifest
from workbench.batch.page import together
from workbench.batch.plan import Made
from workbench.ground.errors import NotFound
from workbench.sample.demo import ACTOR

from ..browser import VoilaServer
from ..conftest import TODAY, clock, trusting
from ..forms.test_widgets import answer
from ..people import Visitor
from .test_batch import own_report

REPORT = "learner_report"


def holding(made: tuple[Made, ...]) -> dict[str, bool]:
    return {one.name: one.current for one in made}


def test_a_report_holds_until_something_is_said_of_its_learner(bench: Workbench) -> None:
    ada, bo = bench.learners.in_class("9Z")
    before = bench.reports.made(REPORT, of="9Z")
    assert [(one.name, one.at, one.current) for one in before] == [("Ada Ames", None, False), ("Bo Bell", None, False)]
    bench.reports.run(REPORT, of="9Z")
    assert holding(bench.reports.made(REPORT, of="9Z")) == {"Ada Ames": True, "Bo Bell": True}
    bench.goals.choose(ada, "Read to my brother", on=TODAY)
    after = bench.reports.made(REPORT, of="9Z")
    assert holding(after) == {"Ada Ames": False, "Bo Bell": True}
    assert all(one.at is not None for one in after)
    assert [one.learner for one in bench.reports.made(REPORT, of="9Z", only=(bo.id,))] == [bo.id]
    with pytest.raises(NotFound):
        bench.reports.made("no_such_report", of="9Z")


def test_it_holds_for_those_alone_who_see_as_much_of_the_learner(small: Path, bench: Workbench) -> None:
    ada = bench.learners.in_class("9Z")[0]
    talk = bench.conferences.start(ada, on=TODAY)
    bench.reflections.say(talk, move="reflect", prompt="went-well", asked="What went well?", words="It was fun")
    teachers = bench.reports.run(REPORT, of="9Z")
    assert "It was fun" in teachers.made[0].read_text(encoding="utf-8")

    with Workbench.open(small, actor="office:desk", clock=clock) as office:
        assert holding(office.reports.made(REPORT, of="9Z")) == {"Ada Ames": False, "Bo Bell": False}
        offices = office.reports.run(REPORT, of="9Z")
        assert len(offices.made) == 2  # not up to date: the teacher's show more
        assert "It was fun" not in offices.made[0].read_text(encoding="utf-8")
        assert holding(office.reports.made(REPORT, of="9Z")) == {"Ada Ames": True, "Bo Bell": True}

    assert holding(bench.reports.made(REPORT, of="9Z")) == {"Ada Ames": False, "Bo Bell": False}
    assert "It was fun" in bench.reports.run(REPORT, of="9Z").made[0].read_text(encoding="utf-8")


def test_what_is_read_is_what_was_found_to_hold(bench: Workbench) -> None:
    bench.reports.run(REPORT, of="9Z")
    ada, bo = bench.reports.made(REPORT, of="9Z", read=True)
    assert (ada.content, bo.content) == (ada.file.read_bytes(), bo.file.read_bytes())
    manifest = Manifest.seen(ada.file.parent)
    ada.file.write_text("another's", encoding="utf-8")
    assert (manifest.read(ada.file), manifest.read(bo.file)) == (None, bo.content)
    bo.file.unlink()
    assert manifest.read(bo.file) is None


def test_a_teacher_sees_nothing_of_another_class(bench: Workbench) -> None:
    assert list(holding(bench.reports.made(REPORT, school="Small School"))) == ["Ada Ames", "Bo Bell"]
    assert bench.reports.made(REPORT, of="9Y") == ()


def test_together_each_keeps_its_own_drawings(bench: Workbench) -> None:
    bench.reports.run(REPORT, of="9Z")
    pages = [one.file.read_text(encoding="utf-8") for one in bench.reports.made(REPORT, of="9Z")]
    own = [set(re.findall(r'\sid="([^"]+)"', page)) for page in pages]
    whole = together(pages, "Class 9Z")
    ids = re.findall(r'\sid="([^"]+)"', whole)
    assert len(ids) == len(set(ids)) == sum(map(len, own))
    named = {one for told in re.findall(r'aria-labelledby="([^"]+)"', whole) for one in told.split()}
    assert named <= set(ids)
    assert set(re.findall(r"url\([\"']?#([^)\"']+)", whole)) <= set(ids)
    assert "<script" not in whole
    assert [whole.count(name) > 0 for name in ("Ada Ames", "Bo Bell")] == [True, True]
    with pytest.raises(ValueError, match="no report"):
        together(["<p>something else</p>"], "Class 9Z")


@pytest.mark.parametrize(
    "given",
    [
        {"what": "all"},
        *(
            pytest.param(one, marks=pytest.mark.long)
            for one in ({}, {"what": "read"}, {"learner": "-1"}, {"report": "../x"})
        ),
    ],
)
def test_by_the_server_nobody_gets_reports_that_are_not_theirs(small: Path, given: dict[str, str]) -> None:
    with Workbench.open(small, actor="admin:office") as office:
        classes = {one.name: one.id for one in office.learners.classes()}
    with Workbench.open(small, actor="teacher:t05") as other:
        other.reports.run(REPORT, of="9Y")

    async def asked(server: VoilaServer) -> int:
        visitor = await Visitor.let_in(server.entry)
        fields = {"what": "keep", "report": REPORT, "class": classes["9Y"], **given}
        answer = await visitor.ask("/made", fields)
        assert b"Cole" not in answer.body
        return answer.code

    with VoilaServer(small, actor=ACTOR, day=TODAY) as server:
        assert asyncio.run(asked(server)) in (400, 403, 404)


class TestTheBoard:
    def test_makes_what_is_not_ready_and_says_so(self, bench: Workbench) -> None:
        board = ReportsBoard(bench, today=TODAY)
        assert texts(board)[:1] == ["Reports"]
        assert "2 reports can be made" in texts(board)
        answer(board, "make")
        board.wait(120)
        assert "All 2 reports are ready" in texts(board)
        assert "Made 2 reports." in texts(board)
        bench.goals.choose(bench.learners.in_class("9Z")[0], "Read to my brother", on=TODAY)
        board.refresh()
        assert "1 of 2 reports are ready" in texts(board)
        assert any(one.endswith("; it would come out otherwise now") for one in texts(board))

    def test_stops_when_it_is_told_to_and_goes_on_later(self, bench: Workbench) -> None:
        board = ReportsBoard(bench, today=TODAY)
        answer(board, "make")
        answer(board, "stop")
        board.wait(120)
        assert "Stopped: 0 of 2 are made. The others can be made at any time." in texts(board)
        answer(board, "make")
        board.wait(120)
        assert "All 2 reports are ready" in texts(board)

    def test_one_that_fails_is_told_by_name_and_the_others_are_made(self, small: Path, bench: Workbench) -> None:
        own_report(small, "from workbench import Workbench", "if learner == 1:\n    raise ValueError('x')")
        board = ReportsBoard(bench, today=TODAY)
        answer(board, "report", "own")
        answer(board, "make")
        board.wait(120)
        assert "1 report could not be made" in texts(board)
        assert "1 of 2 reports are ready" in texts(board)

    def test_who_sees_whole_schools_is_offered_them(self, small: Path) -> None:
        trusting(small)
        with Workbench.open(small, actor="admin:office", clock=clock) as office:
            board = ReportsBoard(office, today=TODAY)
            (whom,) = [one for one in board.screen["blocks"][1]["inside"] if one["name"] == "whom"]
            labels = [one["label"] for one in whom["options"]]
        assert labels == ["Class 9Y", "Class 9Z", "Everybody of Small School"]


def texts(board: ReportsBoard) -> list[str]:
    """All words on the page."""

    def of(block: object) -> list[str]:
        if isinstance(block, str):
            return [block]
        if isinstance(block, dict):
            return [one for value in block.values() for one in of(value)]
        return [one for each in block for one in of(each)] if isinstance(block, list) else []

    return [one for one in of(board.screen["blocks"]) if " " in one or one == "Reports"]
