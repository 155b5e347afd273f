"""A class list that a teacher brings in gives that teacher learners who are theirs or new; others wait for an admin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from widgets.data import imports as _imports
from workbench import Workbench
from workbench.cli import app
from workbench.ground.errors import NotAllowed, NotFound
from workbench.importing import told
from workbench.importing.outcome import Outcome
from workbench.workspace import Workspace

OFFICE, MINE, THEIRS = "admin:office", "teacher:t17", "teacher:t05"
HEADER = "Student ID,First Name,Last Name,Class,Teacher ID,Teacher,School,Term"
LUZ, OMAR, NEW = "605001", "605002", "605009"
OWN = "teaches the learner, by a class list of their own"
WAITS = "is in the school already and not in the educator’s classes"


def row(code: str, name: str, class_: str, teacher: str, term: str = "2026-2027", called: str = "") -> str:
    return f"{code},{name},Child,{class_},{teacher},{called},Cedar Hill,{term}"


class School:
    """A workspace with Luz in t17's 4B and Omar in t05's 4A, as the office has them."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder, self.day, self.files = workspace, folder, date(2026, 11, 21), 0

    @contextmanager
    def bench(self, actor: str) -> Iterator[Workbench]:
        with Workbench.open(
            self.workspace, actor=actor, clock=lambda: datetime(*self.day.timetuple()[:3], 15, tzinfo=UTC)
        ) as bench:
            yield bench

    def written(self, *rows: str, header: str = HEADER) -> Path:
        self.files += 1
        path = self.folder / f"file{self.files}.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return path

    def brings(self, actor: str, *rows: str, header: str = HEADER) -> Outcome:
        return self.takes(actor, self.written(*rows, header=header))

    def takes(self, actor: str, path: Path) -> Outcome:
        with self.bench(actor) as bench:
            found = bench.imports.prepare(path)
            answers: dict[str | tuple[str, str], str] = {}
            answers |= {(one.file, one.name): one.choices[0].key for one in found.questions}
            found.discard()
            return bench.imports.run(path, answers=answers)

    def office_brings(self) -> Outcome:
        return self.brings(OFFICE, row(LUZ, "Luz", "4B", "t17"), row(OMAR, "Omar", "4A", "t05"))

    def seen(self, actor: str) -> dict[str, str]:
        """The names of whom somebody sees, by code."""
        with self.bench(actor) as bench:
            return {one.code: one.given_name for one in bench.learners.all()}

    def reasons(self, code: str) -> list[tuple[str, str, bool, str]]:
        with self.bench(OFFICE) as bench:
            looks = bench.looks.of(bench.learners.named(code))
        return [(one.by, one.action, one.allowed, one.reason) for one in looks]


@pytest.fixture
def school(workspace: Workspace, tmp_path: Path) -> School:
    return School(workspace, tmp_path)


def test_a_list_of_one_s_own_neither_gives_nor_renames_somebody_else_s_learner(school: School) -> None:
    school.office_brings()
    listed = school.written(
        row(OMAR, "Grab", "4B", "t17"), row(LUZ, "Luzia", "4B", "t17"), row(NEW, "Nia", "4B", "t17")
    )
    outcome = school.takes(MINE, listed)

    assert outcome.waiting == 1
    assert school.seen(MINE) == {LUZ: "Luzia", NEW: "Nia"}
    assert school.seen(OFFICE) == {LUZ: "Luzia", OMAR: "Omar", NEW: "Nia"}
    (line,) = [one for one in told.taken(outcome) if "in the school already" in one]
    assert line.startswith("1 learner of these files")
    assert "ask one to bring these files in" in line
    shown = repr([block.drawn() for block in _imports.what_became(outcome)])
    assert line in shown
    assert "3 rows were read." in shown
    assert (MINE, "import", False, WAITS) in school.reasons(OMAR)

    whole = school.takes(OFFICE, listed)  # the very file again, by whoever keeps the rosters
    assert whole.import_id is not None
    assert whole.waiting == 0
    assert school.seen(MINE) == {LUZ: "Luzia", NEW: "Nia", OMAR: "Grab"}


def test_nobody_else_is_given_somebody_s_learner_either(school: School) -> None:
    school.office_brings()
    assert school.brings(MINE, row(OMAR, "Omar", "4C", "t33")).waiting == 1
    assert school.seen("teacher:t33") == {}


def test_whoever_works_alone_brings_in_lists_as_ever(school: School) -> None:
    first = school.brings(MINE, row("1", "Ana", "4B", "t17"), row("2", "Ben", "4B", "t17"))
    assert (first.waiting, first.counts.new, first.counts.others) == (0, 6, 0)
    again = school.brings(
        MINE, row("1", "Anna", "4B", "t17"), row("2", "Ben", "4B", "t17"), row("3", "Cy", "4B", "t17")
    )
    assert (again.waiting, again.counts.changed) == (0, 1)
    assert school.seen(MINE) == {"1": "Anna", "2": "Ben", "3": "Cy"}
    school.day = date(2027, 9, 1)
    school.brings(MINE, *(row(code, "Ana", "5B", "t17", "2027-2028") for code in ("1", "2", "3", "4")))
    assert set(school.seen(MINE)) == {"1", "2", "3", "4"}


def test_who_was_new_with_an_own_list_stays_theirs_when_others_tell_of_them_too(school: School) -> None:
    school.brings(MINE, row(NEW, "Nia", "4B", "t17"))
    school.brings(OFFICE, row(LUZ, "Luz", "4B", "t17"), row(NEW, "Nia", "4A", "t05"))
    assert school.brings(MINE, row(NEW, "Nia B", "4B", "t17")).waiting == 0
    assert school.seen(MINE)[NEW] == "Nia B"
    assert school.brings("teacher:t33", row(NEW, "No", "4C", "t33")).waiting == 1


def test_a_learner_of_years_ago_may_come_back_by_an_own_list(school: School) -> None:
    school.day = date(2025, 11, 21)
    school.brings(OFFICE, row(LUZ, "Luz", "3B", "t17", "2025-2026"), row(OMAR, "Omar", "3A", "t05", "2025-2026"))
    school.day = date(2026, 11, 21)
    school.brings(OFFICE, row(LUZ, "Luz", "4A", "t05"), row(OMAR, "Omar", "4A", "t05"))
    assert school.seen(MINE) == {}
    outcome = school.brings(MINE, row(LUZ, "Luz", "4B", "t17"), row(OMAR, "Omar", "4B", "t17"))
    assert outcome.waiting == 1
    assert set(school.seen(MINE)) == {LUZ}


def test_the_audit_tells_access_by_an_own_list_from_that_by_the_school_s(school: School) -> None:
    school.office_brings()
    listed = school.written(row(LUZ, "Luz", "4B", "t17"), row(NEW, "Nia", "4B", "t17"))
    school.takes(MINE, listed)
    school.seen(MINE)
    assert (MINE, "read", True, "teaches the learner") in school.reasons(LUZ)
    assert (MINE, "read", True, OWN) not in school.reasons(LUZ)
    assert (MINE, "read", True, OWN) in school.reasons(NEW)
    with school.bench(OFFICE) as bench:
        assert bench.imports.by_own_lists() == 1
    assert school.takes(OFFICE, listed).import_id is not None  # the very file, which is now the school's word
    with school.bench(OFFICE) as bench:
        assert bench.imports.by_own_lists() == 0
    school.seen(MINE)
    assert [one for one in school.reasons(NEW) if one[0] == MINE][-1] == (MINE, "read", True, "teaches the learner")


def test_taking_back_and_bringing_back_gives_nobody_who_came_otherwise_meanwhile(school: School) -> None:
    mine = school.brings(MINE, row(OMAR, "Omar", "4B", "t17"))
    assert mine.import_id is not None
    with school.bench(MINE) as bench:
        assert bench.imports.undo(mine.import_id)
    theirs = school.office_brings()
    with school.bench(MINE) as bench:
        for act in (bench.imports.redo, bench.imports.redoing):
            with pytest.raises(NotAllowed, match="Bring its files in again, or ask an admin"):
                act(mine.import_id)
        assert bench.imports.history()[-1].undone
    assert set(school.seen(MINE)) == {LUZ}
    with school.bench(OFFICE) as bench:
        assert theirs.import_id is not None
        bench.imports.undo(theirs.import_id)
    assert school.brings(MINE, row(OMAR, "Omar", "4B", "t17")).waiting == 1  # the school told of him, and may again
    with school.bench(OFFICE) as bench:
        assert bench.imports.redo(mine.import_id)
    assert set(school.seen(MINE)) == {OMAR}


def test_a_list_that_was_looked_at_is_read_again_when_others_came_in_meanwhile(school: School) -> None:
    listed = school.written(row(OMAR, "Omar", "4B", "t17"), row(NEW, "Nia", "4B", "t17"))
    with school.bench(MINE) as bench, bench.imports.prepare(listed) as prepared:
        assert prepared.outcome.waiting == 0
        school.office_brings()
        outcome = prepared.commit()
    assert (outcome.waiting, outcome.import_id is not None) == (1, True)
    assert set(school.seen(MINE)) == {LUZ, NEW}


def test_a_look_at_a_file_tells_nothing_of_what_stands_and_is_in_the_audit(school: School) -> None:
    school.office_brings()
    days = "Student ID,Date,Days present,Days enrolled"
    school.brings(OFFICE, f"{OMAR},2026-11-01,30,40", header=days)
    with school.bench(MINE) as bench:
        told_of = set()
        for value in (29, 30, 31):
            listed = school.written(f"{OMAR},2026-11-01,{value},40", f"{LUZ},2026-11-01,9,40", header=days)
            with bench.imports.prepare(listed) as prepared:
                counts = prepared.outcome.counts
                told_of.add((counts.new, counts.same, counts.changed))
                assert counts.others > 0
                assert f"{counts.others} for others in the school" in " ".join(told.whole(prepared.outcome))
        assert told_of == {(counts.others, 0, 0)}  # what is new is Luz's
        for name in ("Omar", "Ada"):
            with bench.imports.prepare(school.written(row(OMAR, name, "4A", "t05"))) as prepared:
                counts = prepared.outcome.counts
                assert (counts.new, counts.same, counts.changed, prepared.outcome.waiting) == (0, 0, 0, 1)
    assert [one for one in school.reasons(OMAR) if one[0] == MINE] == [(MINE, "import", False, WAITS)] * 2


def test_evidence_of_others_is_kept_and_seen_by_those_who_teach_them(school: School) -> None:
    school.office_brings()
    outcome = school.brings(
        MINE, f"{OMAR},2026-11-01,30,40", f"{LUZ},2026-11-01,31,40",
        header="Student ID,Date,Days present,Days enrolled",
    )  # fmt: skip
    assert (outcome.waiting, outcome.counts.new, outcome.counts.others) == (
        0,
        outcome.counts.others,
        outcome.counts.new,
    )
    assert outcome.counts.new > 0
    with school.bench(THEIRS) as bench:
        assert bench.evidence.of(bench.learners.named(OMAR))
    with school.bench(MINE) as bench, pytest.raises(NotAllowed):
        bench.learners.named(OMAR)


def test_no_class_is_taken_by_going_by_its_educator_s_name(school: School) -> None:
    school.brings(OFFICE, row(OMAR, "Omar", "4A", "", called="Sol Smith"), row(LUZ, "Luz", "4B", "t17", called="Ana"))
    school.brings(MINE, row(NEW, "Nia", "4B", "t17", called="Sol Smith"))
    assert set(school.seen(MINE)) == {LUZ, NEW}
    assert school.brings(MINE, row(OMAR, "Omar", "4B", "t17")).waiting == 1
    school.brings(OFFICE, row("605003", "Mei", "4A", "t05", called="Sol Smith"))
    assert set(school.seen(THEIRS)) == {OMAR, "605003"}


def test_an_id_in_an_own_list_takes_no_results_of_somebody_else(school: School) -> None:
    school.office_brings()
    state = "Student ID,State ID,First Name,Last Name,Class,Teacher ID,School"
    days = "State ID,Date,Days present,Days enrolled"
    school.brings(OFFICE, "s77,2026-11-01,30,40", header=days)
    outcome = school.brings(MINE, f"{LUZ},s77,Luz,Child,4B,t17,Cedar Hill", header=state)
    assert outcome.waiting == 1
    with school.bench(MINE) as bench:
        assert bench.evidence.of(bench.learners.named(LUZ)) == ()
    school.brings(OFFICE, f"{LUZ},s77,Luz,Child,4B,t17,Cedar Hill", header=state)
    with school.bench(MINE) as bench:
        assert bench.evidence.of(bench.learners.named(LUZ))
    assert school.brings(MINE, f"{LUZ},s77,Luz,Child,4B,t17,Cedar Hill", header=state).waiting == 0


def test_a_list_by_another_id_of_somebody_else_s_learner_waits_too(school: School) -> None:
    state = "Student ID,State ID,First Name,Last Name,Class,Teacher ID,School"
    days = "State ID,Date,Days present,Days enrolled"
    school.brings(
        OFFICE, f"{OMAR},s77,Omar,Child,4A,t05,Cedar Hill", f"{LUZ},s78,Luz,Child,4B,t17,Cedar Hill", header=state
    )
    assert school.brings(MINE, row("state:s77", "Grab", "4B", "t17")).waiting == 1
    school.brings(OFFICE, "s77,2026-11-01,30,40", "s78,2026-11-01,30,40", header=days)
    assert set(school.seen(MINE)) == {LUZ}
    counts = school.brings(MINE, "s77,2026-11-01,31,40", "s78,2026-11-01,31,40", header=days).counts
    assert (counts.new, counts.same + counts.changed, counts.others) == (0, counts.others, counts.others)
    assert counts.others > 0


def test_an_own_file_opens_nobody_s_waiting_results(school: School) -> None:
    school.office_brings()
    days = "State ID,Date,Days present,Days enrolled"
    school.brings(OFFICE, "s77,2026-11-01,30,40", header=days)
    school.brings(MINE, "s77,2026-11-02,31,41", "s78,2026-11-02,31,41", header=days)
    with school.bench(OFFICE) as bench:
        waiting = {one.code: one.id for one in bench.matching.waiting()}
    assert len(waiting) == 2
    with school.bench(MINE) as bench:
        luz = bench.learners.named(LUZ)
        (own,) = bench.matching.waiting()
        assert own.code.endswith("s78")
        for act in (bench.matching.nobody, lambda one: bench.matching.confirm({one: luz})):
            with pytest.raises(NotFound):
                act(next(number for number in waiting.values() if number != own.id))
        bench.matching.confirm({own.id: luz})
        assert len(bench.evidence.of(luz)) > 0


def test_the_command_line_says_who_waits_and_who_has_whom_by_an_own_list(school: School) -> None:
    school.office_brings()
    listed = school.written(row(OMAR, "Grab", "4B", "t17"), row(NEW, "Nia", "4B", "t17"))

    def said(*words: str, actor: str) -> str:
        place = ["--workspace", str(school.workspace.folder), "--actor", actor]
        return " ".join(CliRunner().invoke(app, [*words, *place]).output.split())

    waits = "1 learner of these files is in the school already and not in your classes."
    assert waits in said("import", str(listed), "--dry-run", actor=MINE)
    assert waits in said("import", str(listed), actor=MINE)
    own = "1 learner is in a class of an educator only by what that educator brought in."
    assert own in said("status", actor=OFFICE)
    assert own not in said("status", actor=MINE)
    assert waits not in said("import", str(listed), actor=OFFICE)
    assert own not in said("status", actor=OFFICE)
