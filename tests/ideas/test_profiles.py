"""What a learner says of themselves, who is told, and when it is time to look again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground import words
from workbench.ground.errors import BadData, BadInput, NotAllowed, NotFound
from workbench.learners.learners import Learner
from workbench.learners.profiles import OURS, Domain, check, load, to_look_at
from workbench.workspace import Workspace

from ..conftest import clock
from ..store.test_store import ON, write
from .test_flags import CLASSES


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workspace, actor="admin:office", clock=clock) as office:
        office.imports.run(write(tmp_path, "class.csv", CLASSES), on=ON)
    with Workbench.open(workspace, actor="learner:001", clock=clock) as opened:
        yield opened


@pytest.fixture
def luz(bench: Workbench) -> Learner:
    return bench.learners.named("001")


def a_year_later() -> datetime:
    return datetime(2027, 9, 20, 10, tzinfo=UTC)


def test_both_languages_ask_the_same_of_all_six_domains() -> None:
    english, spanish = load("en"), load("es")
    shape = [
        [
            (one.id, [(item.id, item.domain, item.kind, len(item.options)) for item in one.items])
            for one in each.inventories
        ]
        for each in (english, spanish)
    ]
    assert shape[0] == shape[1]
    asked = [item for one in english.inventories for item in one.items]
    assert {item.domain for item in asked} == set(Domain)
    assert len(asked) > 20
    assert all(one.items for one in english.inventories)
    assert not {one.ask for one in asked} & {item.ask for one in spanish.inventories for item in one.items}
    assert load("fr") == english


def test_a_wrong_line_of_an_inventory_is_named(tmp_path: Path) -> None:
    text = (OURS / "inventories.en.toml").read_text()
    (tmp_path / "inventories.en.toml").write_text(text.replace('domain = "living"', 'domain = "home"', 1))
    line = text.splitlines().index('domain = "living"') + 1
    with pytest.raises(BadData, match=f"line {line}: “home” is no domain"):
        load("en", tmp_path)


def test_a_school_s_own_questions_go_before_ours_and_doctor_reads_them(workspace: Workspace, bench: Workbench) -> None:
    own = workspace.folder / "inventories"
    text = (OURS / "inventories.en.toml").read_text(encoding="utf-8")
    asked = "What do you like to make?"
    (own / "inventories.en.toml").write_text(text.replace(asked, "What do you make in our garden?"), encoding="utf-8")
    item = bench.profiles.inventories("en").item("make")
    assert item is not None
    assert item.ask == "What do you make in our garden?"
    assert bench.profiles.inventories("es") == load("es")
    assert check(own) == []
    (own / "inventories.en.toml").write_text(text.replace('picture = "music"', 'picture = "drum"'), encoding="utf-8")
    (wrong,) = check(own)
    assert "“drum” is no picture" in wrong.sentence


def test_an_answer_is_kept_over_the_one_before_and_the_one_before_stays_to_be_seen(
    bench: Workbench, luz: Learner
) -> None:
    bench.profiles.answer(luz, "with-whom", choice="By myself")
    entry = bench.profiles.answer(luz, "with-whom", choice="With one partner", words="With Mei")
    assert bench.profiles.of(luz) == (entry,)
    assert (entry.domain, entry.kind, entry.words) == ("feelings", "preference", "With Mei")
    assert [one.choice for one in bench.profiles.history(entry)] == ["By myself", "With one partner"]
    bench.profiles.undo(entry)
    assert bench.profiles.of(luz)[0].choice == "By myself"
    bench.profiles.withdraw(entry)
    assert bench.profiles.of(luz) == ()
    assert bench.profiles.answer(luz, "with-whom", choice="By myself") in bench.profiles.of(luz)
    with pytest.raises(NotFound):
        bench.profiles.answer(luz, "shoe size", words="31")


def test_something_of_one_s_own_can_be_said_and_worded_otherwise(bench: Workbench, luz: Learner) -> None:
    entry = bench.profiles.say(luz, " I draw maps ", domain="thinking", kind="strength")
    assert bench.profiles.reword(entry, "I draw maps of our street").words == "I draw maps of our street"
    assert [one.words for one in bench.profiles.history(entry)] == ["I draw maps", "I draw maps of our street"]
    with pytest.raises(BadInput):
        bench.profiles.say(luz, " ", domain="thinking", kind="strength")


def test_family_sees_what_the_learner_lets_it_see_and_nothing_by_itself(bench: Workbench, luz: Learner) -> None:
    entry = bench.profiles.answer(luz, "make", choice="Music")
    bench.profiles.answer(luz, "calm", choice="Draw")
    assert bench.profiles.for_family(luz) == ()
    bench.profiles.show(entry, family_sees=True)
    assert [one.item for one in bench.profiles.for_family(luz)] == ["make"]
    assert bench.profiles.answer(luz, "make", choice="Games").family_sees


def test_next_year_s_teacher_is_told_only_what_the_learner_passed_on(
    workspace: Workspace, bench: Workbench, luz: Learner
) -> None:
    passed_on = bench.profiles.answer(luz, "make", choice="Music")
    kept = bench.profiles.answer(luz, "homework-place", choice="It is hard to find a place")
    bench.profiles.show(passed_on, next_teacher_sees=True)
    with Workbench.open(workspace, actor="teacher:t17", clock=clock) as now:
        assert len(now.profiles.of(luz)) == 2
    with Workbench.open(workspace, actor="teacher:t17", clock=a_year_later) as later:
        assert [one.item for one in later.profiles.of(luz)] == ["make"]
        assert later.profiles.history(kept) == ()
        assert len(later.profiles.history(passed_on)) == 2
    with Workbench.open(workspace, actor="learner:001", clock=a_year_later) as own:
        assert len(own.profiles.of(luz)) == 2
    with Workbench.open(workspace, actor="admin:office", clock=a_year_later) as office:
        assert len(office.profiles.of(luz)) == 2
    with Workbench.open(workspace, actor="teacher:t05", clock=clock) as other, pytest.raises(NotAllowed):
        other.profiles.of(luz)


@pytest.mark.parametrize(
    ("last", "on", "due"),
    [
        (None, date(2026, 9, 10), True),
        (date(2026, 9, 10), date(2026, 11, 20), False),
        (date(2026, 9, 10), date(2026, 12, 2), True),
        (date(2026, 12, 2), date(2027, 3, 1), True),
        (date(2027, 3, 1), date(2027, 6, 10), False),
        (date(2027, 3, 1), date(2027, 7, 10), False),
        (date(2027, 3, 1), date(2027, 9, 1), True),
    ],
)
def test_three_times_a_year_it_is_time_to_look_again(last: date | None, on: date, due: bool) -> None:
    assert to_look_at(last, on) is due


def test_a_profile_just_looked_at_is_not_due(bench: Workbench, luz: Learner) -> None:
    assert bench.profiles.due(luz, on=ON)
    bench.profiles.answer(luz, "make", choice="Music")
    assert not bench.profiles.due(luz, on=ON)
    assert bench.profiles.due(luz, on=date(2026, 12, 10))


def test_questions_come_in_the_language_spoken() -> None:
    words.speak("es")
    try:
        item = load(words.language()).item("make")
    finally:
        words.speak("en")
    assert item is not None
    assert item.ask.startswith("¿")
