"""The data loader: files arrive in pieces, are looked at, brought in, and taken back."""

from __future__ import annotations

import errno
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from widgets import Coverage, DataLoader, MatchingForm
from widgets.data.incoming import LARGEST, MOST_FILES, Incoming
from widgets.data.loader import Stage
from widgets.data.sources import SOURCES
from workbench import Workbench
from workbench.ground.errors import BadInput, NotReady
from workbench.importing import IMPORTERS

from ..conftest import TODAY, clock
from .test_widgets import answer, blocks, pick, saved, shown

PIECE = 7_000
HEADER = "Student ID,First Name,Last Name,Class\n"
CLASS_LIST = HEADER + "9001,Ana,Pinto,4Z\n9002,Ben,Okafor,4Z\n9003,=1+1,Chen,4Z\n"


def stage(loader: DataLoader) -> Stage:
    return loader.stage


def hand_over(loader: DataLoader, files: dict[str, bytes]) -> list[Any]:
    """Sends files as the page does, one piece after the other; waits until they were read."""
    told: list[Any] = []
    loader.send = lambda content, buffers=None: told.append(content)
    listed = [{"name": name, "size": len(held)} for name, held in files.items()]
    loader._handle_custom_msg({"kind": "files", "files": listed}, [])
    for number, held in enumerate(files.values()):
        for start in range(0, len(held), PIECE):
            if not told[-1]["go"]:
                return told
            piece = memoryview(held[start : start + PIECE])
            loader._handle_custom_msg({"kind": "piece", "file": number, "start": start}, [piece])
    if told[-1]["go"]:
        loader._handle_custom_msg({"kind": "arrived"}, [])
        loader.wait(60)
    return told


def incoming(bench: Workbench) -> list[Path]:
    return list(bench.workspace.folder.glob(".incoming-*"))


@pytest.fixture
def loader(teacher: Workbench) -> DataLoader:
    return DataLoader(teacher, today=TODAY)


def table(loader: DataLoader, place: int = 0) -> dict[str, Any]:
    return [one for one in blocks(loader) if one["kind"] == "table"][place]


def test_files_are_looked_at_before_anything_is_kept(teacher: Workbench, loader: DataLoader) -> None:
    before = teacher.snapshot
    hand_over(loader, {"class list.csv": CLASS_LIST.encode()})
    assert stage(loader) is Stage.LOOKED_AT
    assert teacher.snapshot == before
    (row,) = table(loader)["rows"]
    assert row[0] == "class list.csv"
    assert row[2:4] == ["3", "3"]
    assert "Bring in 3 rows" in shown(loader)
    assert oct(incoming(teacher)[0].stat().st_mode & 0o777) == "0o700"


def test_they_are_brought_in_counted_and_taken_back(teacher: Workbench, loader: DataLoader) -> None:
    hand_over(loader, {"class list.csv": CLASS_LIST.encode()})
    known = teacher.imports.totals()["learners"]
    answer(loader, "bring")
    loader.wait(60)
    assert stage(loader) is Stage.DONE
    assert "3 rows are in." in shown(loader)
    assert teacher.imports.totals()["learners"] == known + 3
    assert incoming(teacher) == []
    newest = teacher.imports.history()[0]
    answer(loader, f"undo/{newest.id}")
    assert teacher.imports.totals()["learners"] == known + 3  # it is asked first
    assert "Take it back, with 3 learners" in shown(loader)
    answer(loader, "keep")
    answer(loader, f"undo/{newest.id}")
    answer(loader, f"take back/{newest.id}")
    assert teacher.imports.totals()["learners"] == known
    assert "Taken back." in shown(loader)
    assert teacher.imports.history()[0].undone
    answer(loader, f"redo/{newest.id}")
    assert stage(loader) is Stage.TAKING_BACK
    assert "Bring this import back?" in shown(loader)
    assert teacher.imports.history()[0].undone
    answer(loader, f"bring back/{newest.id}")
    assert teacher.imports.totals()["learners"] == known + 3
    assert "Brought back" in shown(loader)


def test_what_was_brought_in_by_somebody_else_is_not_taken_back_here(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t16", clock=clock) as other:
        loader = DataLoader(other, today=TODAY)
        assert "Earlier imports" in shown(loader)
        assert not [one for one in blocks(loader) if str(one.get("name", "")).startswith("undo/")]


def test_a_bad_file_among_others_is_a_row_that_says_why(loader: DataLoader) -> None:
    hand_over(loader, {"broken.zip": b"PK\x03\x04nothing", "empty.csv": b"", "class list.csv": CLASS_LIST.encode()})
    assert stage(loader) is Stage.LOOKED_AT
    rows = {row[0]: row[1] for row in table(loader)["rows"]}
    assert set(rows) == {"broken.zip", "empty.csv", "class list.csv"}
    assert "not a zip that can be opened" in rows["broken.zip"]
    assert "Bring in 3 rows" in shown(loader)


def test_a_term_far_away_is_asked_about_before_anything_is_read(teacher: Workbench, loader: DataLoader) -> None:
    text = "Student ID,First Name,Last Name,Class,Term\n9001,Ana,Pinto,4Z,Fall 2062-2063\n9002,Ben,Okafor,4Z,\n"
    hand_over(loader, {"class list.csv": text.encode()})
    assert stage(loader) is Stage.ASKING
    assert "which is more than a year away" in shown(loader)
    answer(loader, "question/0", "this school year")
    answer(loader, "go on")
    loader.wait(60)
    assert stage(loader) is Stage.LOOKED_AT
    answer(loader, "bring")
    loader.wait(60)
    assert [one.size for one in teacher.learners.classes() if one.name == "4Z"] == [2]


def test_the_same_file_again_has_nothing_to_bring_in(loader: DataLoader) -> None:
    for _ in range(2):
        hand_over(loader, {"class list.csv": CLASS_LIST.encode()})
        if loader.outcome and not loader.outcome.files[0].note:
            answer(loader, "bring")
            loader.wait(60)
    assert "There is nothing new to bring in." in shown(loader)
    assert not [one for one in blocks(loader) if one["name"] == "bring"]


def test_a_real_export_arrives_whole_and_its_problems_can_be_taken_away(loader: DataLoader, exports: Path) -> None:
    (path, *_more) = sorted(exports.rglob("AssessmentResults.csv"))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    column = lines[0].split(",").index("TestRITScore")
    cells = lines[1].split(",")
    cells[column] = "=cmd"
    hand_over(loader, {"AssessmentResults.csv": "\n".join([lines[0], ",".join(cells), *lines[2:300]]).encode()})
    assert table(loader, 1)["rows"][0][:4] == [
        *("AssessmentResults.csv", "2", "TestRITScore"),
        "“=cmd” is not a whole number.",
    ]
    assert loader.screen["download"]["rows"][0][3] == "=cmd"  # the page puts an apostrophe before it
    answer(loader, "bring")
    loader.wait(120)
    (row,) = table(loader)["rows"]
    rows, read, left_out, not_needed = (int(cell.replace(",", "")) for cell in row[1:5])
    assert rows == read + left_out + not_needed
    assert left_out == 1


def test_a_file_that_is_no_table_is_an_alert(teacher: Workbench, loader: DataLoader) -> None:
    hand_over(loader, {"lunch.csv": b"\x89PNG\r\n\x1a\n" + bytes(200)})
    assert stage(loader) is Stage.WAITING
    assert "lunch.csv is not a table of text" in loader.screen["alert"]["sentence"]
    assert incoming(teacher) == []


LAPS = (
    "Student ID,Runner,Day,Laps,Mood\n1004411,Luz,9/14/2026,7,fine\n1004412,Omar,9/15/2026,x,ok\n"
    "1004413,Mei,9/16/2026,9,fine\n"
)


def test_an_unknown_file_is_read_after_one_says_once_which_column_is_what(
    teacher: Workbench, loader: DataLoader
) -> None:
    hand_over(loader, {"laps.csv": LAPS.encode()})
    assert stage(loader) is Stage.ASKING
    saved(loader, "map/0")
    assert stage(loader) is Stage.MAPPING
    pick(loader, "results", "Laps")
    rows = table(loader)["rows"]
    assert [row[2:] for row in rows if row[3] == "laps"] == [
        ["Sep 14, 2026", "laps", "7 laps"],
        ["Sep 16, 2026", "laps", "9 laps"],
    ]
    refused = answer(loader, "keep")
    assert refused[0]["sentence"] == "This kind of file has no name yet."
    saved(loader, "title", "Our running log")
    saved(loader, "keep")
    loader.wait(30)
    assert stage(loader) is Stage.LOOKED_AT
    assert table(loader)["rows"][0][:3] == ["laps.csv", "Our running log", "3"]
    answer(loader, "bring")
    loader.wait(30)
    assert loader.outcome is not None
    assert loader.outcome.tally.events == 2
    hand_over(loader, {"laps of october.csv": LAPS.replace("9/1", "10/1").encode()})
    assert stage(loader) is Stage.LOOKED_AT  # the next file like it is known


def test_what_may_be_a_class_list_can_be_said_to_be_results(teacher: Workbench, loader: DataLoader) -> None:
    learner = teacher.learners.in_class("4B")[0]
    text = f"Student ID,First Name,Last Name,Class,Shelf\n{learner.code},Ana,Pinto,4B,12\n9002,Ben,Okafor,4B,7\n"
    hand_over(loader, {"shelves.csv": text.encode()})
    assert stage(loader) is Stage.ASKING
    assert "Is this a class list?" in shown(loader)
    saved(loader, "map/question/0/0")
    assert stage(loader) is Stage.MAPPING
    saved(loader, "title", "Shelves")
    pick(loader, "results", "Shelf")
    saved(loader, "keep")
    loader.wait(30)
    assert "On which day was it made? (shelves.csv)" in shown(loader)  # as of any file of results without days
    saved(loader, "question/0", "2026-11-02")
    saved(loader, "go on")
    loader.wait(30)
    assert table(loader)["rows"][0][:3] == ["shelves.csv", "Shelves", "2"]
    hand_over(loader, {"others.csv": text.replace("12", "3").encode()})
    assert "What kind of file is this?" in shown(loader)  # the next one may be a class list


def test_columns_that_nobody_asked_for_are_named_in_the_history_too(teacher: Workbench, loader: DataLoader) -> None:
    text = "Student ID,First Name,Last Name,Class,Locker,Our own\n9001,Ana,Pinto,4Z,12,blue\n"
    hand_over(loader, {"list.csv": text.encode()})
    saved(loader, "question/0", "class list")
    saved(loader, "go on")
    loader.wait(30)
    assert "Nobody leaves a class or the school." in shown(loader)
    answer(loader, "bring")
    loader.wait(30)
    loader.start_over()
    assert teacher.imports.history()[0].files[0].unread == ("Locker", "Our own")
    assert "Columns that are not read: Locker, Our own" in shown(loader)


def test_what_a_file_cannot_tell_is_asked_and_nothing_is_read_before(teacher: Workbench, loader: DataLoader) -> None:
    text = "Student ID,Name,Class,Birth date\n9001,Ana Pinto,4Z,3/4/2017\n"
    hand_over(loader, {"list.csv": text.encode()})
    assert stage(loader) is Stage.ASKING
    assert "Is the month or the day first" in shown(loader)
    saved(loader, "question/0", "day first")
    saved(loader, "go on")
    loader.wait(30)
    assert stage(loader) is Stage.LOOKED_AT
    answer(loader, "bring")
    loader.wait(30)
    assert Workbench.open(teacher.workspace, actor="admin:office").learners.named("9001").birth_date == date(2017, 4, 3)


def test_whoever_follows_the_loader_sees_what_it_brought_in(teacher: Workbench, loader: DataLoader) -> None:
    matching = MatchingForm(teacher, today=TODAY).follow(loader)
    assert not blocks(matching)
    text = "Username,Date,Minutes\nlmarin,2026-09-14,20\n"
    hand_over(loader, {"minutes.csv": text.encode()})
    saved(loader, "map/0")
    saved(loader, "title", "Minutes at home")
    saved(loader, "keep")
    loader.wait(30)
    answer(loader, "bring")
    loader.wait(30)
    assert "lmarin" in shown(matching)


def test_evidence_under_a_name_goes_to_the_learner_a_person_confirms_and_can_be_taken_back(
    teacher: Workbench, loader: DataLoader
) -> None:
    luz = teacher.learners.named("Luz Marín")
    before = len(teacher.evidence.of(luz))
    text = f"Student Name,Class,Date,Minutes\n{luz.given_name} {luz.family_name},4B,2026-09-14,20\n"
    hand_over(loader, {"minutes.csv": text.encode()})
    saved(loader, "map/0")
    saved(loader, "title", "Minutes at home")
    saved(loader, "keep")
    loader.wait(30)
    answer(loader, "bring")
    loader.wait(30)
    matching = MatchingForm(teacher, today=TODAY)
    (one,) = teacher.matching.waiting()
    assert len(teacher.evidence.of(luz)) == before  # never by the name alone
    saved(matching, f"match/{one.id}", str(luz.id))
    assert len(teacher.evidence.of(luz)) == before + 1
    saved(matching, f"back/{one.id}")
    assert len(teacher.evidence.of(luz)) == before


def test_the_picture_shows_what_most_have_and_one_has_not(teacher: Workbench) -> None:
    (grid,) = [one for one in blocks(Coverage(teacher)) if one["kind"] == "grid"]
    rows = {row["name"]: [cell["look"] for cell in row["cells"]] for row in grid["rows"]}
    assert set(rows) == {one.name for one in teacher.learners.in_class("4B")}
    assert set(rows["Wren Abbott"]) <= {"missing", ""} if "Wren Abbott" in rows else True
    assert any("missing" in looks for looks in rows.values())
    assert any(set(looks) == {"here"} for looks in rows.values())
    assert sum(len(group["terms"]) for group in grid["groups"]) == len(grid["totals"])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\x.csv", "x.csv"),
        (".hidden", "hidden"),
        ("", "file"),
        ("..", "file"),
        ("a\ud800.csv", "a.csv"),
    ],
)
def test_a_name_is_never_a_path(tmp_path: Path, name: str, kept: str) -> None:
    place = Incoming(tmp_path, [{"name": name, "size": 1}])
    assert place.paths == [place.folder / "0" / kept]
    place.remove()
    assert list(tmp_path.iterdir()) == []


def test_pieces_out_of_turn_or_too_many_are_refused(tmp_path: Path) -> None:
    place = Incoming(tmp_path, [{"name": "a", "size": 4}, {"name": "a", "size": 4}])
    place.take(1, 0, b"four")
    for number, start, piece in ((0, 2, b"x"), (2, 0, b"x"), (0, 0, b"five!"), (1, 4, b"x")):
        with pytest.raises(BadInput):
            place.take(number, start, piece)
    with pytest.raises(BadInput, match="did not arrive whole"):
        place.check_whole()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([{"name": "a", "size": LARGEST + 1}], "larger"),
        ([{"name": "a", "size": LARGEST + 1}, {"name": "b", "size": -LARGEST}], "larger"),
        ([{"name": "a", "size": 0}] * (MOST_FILES + 1), "more files"),
    ],
)
def test_what_is_too_much_is_refused_and_nothing_is_put_down(
    tmp_path: Path, files: list[dict[str, Any]], why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        Incoming(tmp_path, files)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "touch", refuse)
    with suppress(NotReady):
        Incoming(tmp_path, [{"name": "a", "size": 1}])
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_letters_of_many_bytes_is_put_down_too(tmp_path: Path) -> None:
    place = Incoming(tmp_path, [{"name": "语" * 120 + ".csv", "size": 1}])
    assert place.paths[0].suffix == ".csv"
    place.remove()


def test_a_learner_loads_nothing(demo: Path) -> None:
    with Workbench.open(demo, actor="learner:0041207") as bench:
        loader = DataLoader(bench, today=TODAY)
        told = hand_over(loader, {"a.csv": b"x"})
        assert told == [{"kind": "next", "go": False}]
        assert loader.screen["alert"]["sentence"] == "You may not load exports."
        assert incoming(bench) == []


def test_closing_the_widget_leaves_no_file_behind(teacher: Workbench, loader: DataLoader) -> None:
    hand_over(loader, {"class list.csv": CLASS_LIST.encode()})
    assert incoming(teacher)
    loader.close()
    assert incoming(teacher) == []


def test_whatever_can_be_read_is_offered_by_what_one_has_in_hand(teacher: Workbench) -> None:
    named = [name for have in SOURCES.values() for source in have for name in source.importers]
    assert sorted(named) == sorted(one.name for one in IMPORTERS)
    loader = DataLoader(teacher, today=TODAY)
    (drop,) = [one for one in blocks(loader) if one["kind"] == "drop"]
    assert len(drop["sources"]) == len(SOURCES)
    assert all(source["where"] for have in drop["sources"] for source in have["from"])
