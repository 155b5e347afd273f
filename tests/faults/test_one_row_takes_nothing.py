"""One row of another term takes no class from anybody, and next year's list waits for its year."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.ground.errors import NotAllowed
from workbench.store import connect, migrations
from workbench.workspace import Workspace

from .conftest import NEWER, PEOPLES

HEADER = "Student ID,First Name,Last Name,Class,Teacher ID,Teacher,School,Term"
CEDAR, HARBOR = "Cedar Hill", "Harbor Elementary"


def rows(term: str, class_: str, teacher: str, numbers: range, school: str = CEDAR) -> list[str]:
    return [f'{n:03},Child,N{n},{class_},{teacher},"Last, {teacher}",{school},{term}' for n in numbers]


class School:
    """A workspace whose clock is set by hand."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder, self.day, self.lists = workspace, folder, date(2026, 11, 21), 0

    @contextmanager
    def bench(self, actor: str = "admin:office") -> Iterator[Workbench]:
        with Workbench.open(
            self.workspace, actor=actor, clock=lambda: datetime(*self.day.timetuple()[:3], 15, tzinfo=UTC)
        ) as bench:
            yield bench

    def brings(self, *listed: list[str]) -> None:
        with self.bench() as bench:
            bench.imports.run(self.written(*listed))

    def asked(self, *listed: list[str]) -> list[str]:
        """What is asked before lists come in, which then do."""
        path = self.written(*listed)
        with self.bench() as bench, bench.imports.prepare(path) as prepared:
            questions = prepared.questions
            bench.imports.run(path, answers={(one.file, one.name): one.choices[0].key for one in questions})
        return [line for one in questions for line in one.shown]

    def written(self, *listed: list[str]) -> Path:
        self.lists += 1
        path = self.folder / f"list{self.lists}.csv"
        path.write_text("\n".join([HEADER, *(row for some in listed for row in some)]) + "\n", encoding="utf-8")
        return path

    def classes(self) -> set[tuple[str, str]]:
        with self.bench() as bench:
            return {(one.name, one.year) for one in bench.learners.classes()}

    def coming(self) -> set[tuple[str, str]]:
        with self.bench() as bench:
            return {(one.name, one.year) for one in bench.learners.coming_classes()}

    def seen_by(self, teacher: str) -> int:
        with self.bench(f"teacher:{teacher}") as bench:
            return len(bench.learners.all())


@pytest.fixture
def school(workspace: Workspace, tmp_path: Path) -> School:
    return School(workspace, tmp_path)


def test_one_row_of_the_next_season_adds_a_learner_and_takes_no_class(school: School) -> None:
    fall = "Fall 2026-2027"
    school.brings(rows(fall, "4A", "t16", range(1, 21)), rows(fall, "4B", "t17", range(21, 41)))
    school.day = date(2027, 1, 15)
    school.brings(rows("Winter 2026-2027", "4B", "t17", range(41, 42)))
    assert school.classes() == {("4A", "2026-2027"), ("4B", "2026-2027")}
    assert (school.seen_by("t16"), school.seen_by("t17")) == (20, 21)


@pytest.mark.parametrize("size", [20, 4])
def test_one_classs_list_of_a_coming_season_takes_the_other_class_from_nobody(school: School, size: int) -> None:
    fall, spring = "Fall 2026-2027", "Spring 2026-2027"
    school.brings(rows(fall, "A", "t1", range(1, 21)), rows(fall, "B", "t2", range(101, 101 + size)))
    school.day = date(2026, 12, 20)
    assert school.asked(rows(spring, "A", "t1", range(1, 21))) == []
    school.day = date(2027, 1, 2)
    assert (school.seen_by("t1"), school.seen_by("t2")) == (20, size)
    with school.bench() as bench:
        assert len(bench.learners.in_school(CEDAR)) == 20 + size
    assert school.asked(rows(spring, "B", "t2", range(101, 101 + size - 1))) == []
    assert (school.seen_by("t1"), school.seen_by("t2")) == (20, size - 1)  # all have moved on, and one has left


def test_what_a_coming_season_takes_on_its_first_day_is_asked_before(school: School) -> None:
    fall, spring = "Fall 2026-2027", "Spring 2026-2027"
    three = {"A": range(1, 21), "B": range(21, 41), "C": range(41, 47)}
    school.brings(*(rows(fall, name, f"t{name}", numbers) for name, numbers in three.items()))
    school.day = date(2026, 12, 20)
    most = [rows(spring, name, f"t{name}", three[name]) for name in "AB"]
    shown = school.asked(*most)
    assert shown[0].startswith("From Jan 1, 2027 on: This takes 1 class from 1 educator: C")
    assert school.seen_by("tC") == 6
    assert school.asked(rows(spring, "C", "tC", three["C"])) == []
    school.day = date(2027, 1, 2)
    assert [school.seen_by(f"t{name}") for name in "ABC"] == [20, 20, 6]


def test_half_a_list_of_a_coming_term_is_asked_about(school: School) -> None:
    for term, next_one, begins in (
        ("Fall 2026-2027", "Spring 2026-2027", "Jan 1, 2027"),
        ("Spring 2026-2027", "2027-2028", "Aug 1, 2027"),
    ):
        school.brings(rows(term, "A", "t1", range(1, 21)))
        shown = school.asked(rows(next_one, "A", "t1", range(1, 12)))
        assert shown
        assert all(line.startswith(f"From {begins} on: ") for line in shown)


def test_half_a_class_that_goes_is_asked_about(school: School) -> None:
    fall, spring = "Fall 2026-2027", "Spring 2026-2027"
    school.brings(rows(fall, "A", "t1", range(1, 21)), rows(fall, "B", "t2", range(21, 101)))
    shown = school.asked(rows(spring, "A", "t1", range(1, 11)), rows(spring, "B", "t2", range(21, 101)))
    assert any("10 learners leave a class: A (10/20)" in line for line in shown), shown


def test_next_years_list_in_july_is_coming_and_takes_over_in_august(school: School) -> None:
    school.brings(rows("2026-2027", "4B", "t17", range(1, 21)), rows("2026-2027", "5A", "t20", range(21, 41)))
    school.day = date(2027, 7, 1)
    school.brings(rows("2027-2028", "5B", "t21", range(1, 21)), rows("2027-2028", "KA", "t01", range(51, 71)))
    assert school.classes() == {("4B", "2026-2027"), ("5A", "2026-2027")}
    assert school.coming() == {("5B", "2027-2028"), ("KA", "2027-2028")}
    assert (school.seen_by("t17"), school.seen_by("t21")) == (20, 0)
    with school.bench() as bench:
        snapshot = bench.snapshot
    school.day = date(2027, 8, 10)
    assert school.classes() == {("5B", "2027-2028"), ("KA", "2027-2028")}
    assert (school.seen_by("t17"), school.seen_by("t21")) == (0, 20)
    school.brings(rows("2027-2028", "KA", "t01", range(71, 72)))
    with school.bench() as bench:
        assert {one.year for one in bench.at(snapshot).learners.classes()} == {"2027-2028"}  # as it was by then


def test_one_class_of_the_new_year_moves_its_own_learners_only(school: School) -> None:
    school.brings(rows("2026-2027", "3A", "t10", range(1, 31)), rows("2026-2027", "4A", "t16", range(31, 61)))
    school.day = date(2027, 9, 2)
    school.brings(rows("2027-2028", "4C", "t18", range(1, 11)))
    assert school.classes() == {("3A", "2026-2027"), ("4A", "2026-2027"), ("4C", "2027-2028")}
    assert (school.seen_by("t10"), school.seen_by("t16"), school.seen_by("t18")) == (20, 30, 10)
    with school.bench() as bench:
        old = next(one for one in bench.learners.classes() if one.name == "3A")
        assert old.size == len(bench.learners.in_class(old)) == 20


def test_a_school_that_has_not_rolled_over_keeps_its_classes(school: School) -> None:
    school.brings(rows("2026-2027", "4B", "t17", range(1, 21)), rows("2026-2027", "H1", "t90", range(101, 121), HARBOR))
    school.day = date(2027, 9, 2)
    school.brings(rows("2027-2028", "H2", "t91", range(101, 121), HARBOR))
    assert school.classes() == {("4B", "2026-2027"), ("H2", "2027-2028")}
    assert (school.seen_by("t17"), school.seen_by("t90"), school.seen_by("t91")) == (20, 0, 20)


def test_a_list_of_a_new_workspace_is_seen_though_its_year_has_not_begun(school: School) -> None:
    school.day = date(2027, 6, 20)
    school.brings(rows("2027-2028", "4B", "t17", range(1, 21)))
    assert school.classes() == {("4B", "2027-2028")}
    assert school.seen_by("t17") == 20


def test_a_page_that_stays_open_over_the_turn_of_the_year_sees_it(school: School) -> None:
    school.brings(rows("2026-2027", "4B", "t17", range(1, 21)))
    school.brings(rows("2027-2028", "5B", "t21", range(1, 21)))
    with school.bench("teacher:t17") as bench:
        school.day = date(2027, 7, 31)
        assert len(bench.learners.all()) == 20
        school.day = date(2027, 8, 1)
        assert len(bench.learners.all()) == 0


def test_the_learners_of_a_school_are_not_taken_by_a_row_of_another_term(school: School) -> None:
    school.brings(rows("2026-2027", "4B", "t17", range(1, 21)))
    school.brings(rows("2027-2028", "4B", "t17", range(21, 22)))
    with school.bench() as bench:
        assert len(bench.learners.in_school(CEDAR)) == 20


def test_a_learner_in_the_middle_of_a_conference_stays_their_teachers(school: School) -> None:
    school.brings(rows("2026-2027", "4B", "t17", range(1, 21)))
    with school.bench("teacher:t17") as bench:
        learner = bench.learners.all()[0]
        goal = bench.goals.choose(learner, "Read before bed", on=school.day)
        school.brings(rows("2027-2028", "KA", "t01", range(21, 22)))
        bench.progress.check_in(goal, feeling="going", words="Three pages", on=school.day)
    with school.bench("teacher:t01") as bench, pytest.raises(NotAllowed):
        bench.learners.get(learner)


def test_a_store_of_an_older_workbench_knows_what_counts_now(workspace: Workspace, tmp_path: Path) -> None:
    import sqlalchemy as sa

    school = School(workspace, tmp_path)
    school.brings(rows("Fall 2026-2027", "4B", "t17", range(1, 21)))
    engine = connect(workspace.url)
    with engine.begin() as connection:  # as the layout before was
        for table in ("censuses", *PEOPLES):
            connection.execute(sa.text(f"DROP TABLE {table}"))
        connection.execute(sa.text("DROP TABLE reinstatements"))
        for newer in (
            "conferences_finished",
            "conferences_held",
            "reflections_said",
            "goals_due",
            "goals_said",
            "check_ins_said",
            "bookings_day",
        ):
            connection.execute(sa.text(f"DROP INDEX ix_{newer}"))
        for table, columns in NEWER.items():
            for column in columns:
                connection.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0009'"))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        counted = connection.execute(sa.text("SELECT school, term, learners, classes FROM censuses")).all()
    engine.dispose()
    assert [tuple(row) for row in counted] == [(CEDAR, "Fall 2026-2027", 20, 1)]
    assert school.classes() == {("4B", "2026-2027")}
