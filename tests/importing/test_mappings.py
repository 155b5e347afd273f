"""Plain tables: read by mappings of ours, of the school's own, and by what a person makes of a proposal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from workbench.bench import Workbench
from workbench.evidence.measures import OWN, named
from workbench.ground.errors import BadData, BadInput
from workbench.importing import Table, open_tables, recognise
from workbench.importing.mapping import mappings
from workbench.importing.mapping.mappings import load, ours, save
from workbench.importing.mapping.mappings.draft import Draft, Value
from workbench.importing.mapping.mappings.plain import PlainTable
from workbench.importing.mapping.mappings.suggest import preview, suggest
from workbench.importing.reading.dates import DAY
from workbench.importing.reading.durations import UNIT
from workbench.importing.records import NO_ANSWERS, Answers, Importer
from workbench.sample import School, everyday
from workbench.workspace import Workspace

from ..reading import Reading, read_text

MAPPING = """\
name = "reading_log"
title = "Our reading log"

[learner]
id = "Student ID"

[day]
week = ["Week Of", "Week"]

[[values]]
column = "Minutes"
measure = "reading at home"
unit = "minutes"
kind = "count"
read = "time"
time = "minutes"

[[values]]
column = "Mood"
measure = "how it felt"
unit = "faces"
read = "words"
words = ["hard", "fine", "fun"]
"""


def read(
    folder: Path, *rows: str, importer: Importer | None = None, answers: Answers = NO_ANSWERS, name: str = "table.csv"
) -> Reading:
    return read_text(folder, "\n".join(rows) + "\n", name, importer, answers)


def facts(reading: Reading, *columns: str) -> list[tuple[object, ...]]:
    if not len(reading.evidence):
        return []
    return [tuple(row) for row in reading.evidence[list(columns)].itertuples(index=False)]


def table_of(folder: Path, *rows: str) -> Table:
    path = folder / "unknown.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (table,) = open_tables(path)
    return table


def own(folder: Path, text: str = MAPPING, name: str = "reading_log.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# What comes with us


@pytest.fixture(scope="module")
def school() -> School:
    return School.build(seed=4)


def test_the_demo_schools_attendance_is_days_of_the_days_there_were(tmp_path: Path, school: School) -> None:
    text = everyday.attendance(school)
    reading = read_text(tmp_path, text, "attendance.csv")
    assert reading.problems == []
    assert reading.tally.events == reading.tally.rows == text.count("\n") - 1
    first = reading.evidence.iloc[0]
    assert (first["source"], first["measure"], first["unit"], first["term"]) == (
        "attendance",
        "days present",
        "days",
        "2026-2027",
    )
    kept = json.loads(first["details"])
    assert (date.fromisoformat(kept["from"]) - first["taken_on"]).days == -6
    assert kept["of"] in (4, 5)
    assert set(reading.evidence["measure"]) == {"days present", "times late"}


def test_the_demo_schools_habits_are_read_and_kindergarten_has_no_homework(tmp_path: Path, school: School) -> None:
    reading = read_text(tmp_path, everyday.habits(school), "habits.csv")
    assert reading.problems == []
    assert reading.tally.events == reading.tally.rows
    evidence = reading.evidence
    assert set(evidence["measure"]) == {
        "homework done",
        "kindness noticed",
        "kept trying",
        "ready to learn",
        "class job done",
    }
    kindergarten = {p.student_id for p in school.roster(2026) if p.grade == 0}
    assert kindergarten
    assert not kindergarten & set(evidence["learner_code"][evidence["measure"] == "homework done"])
    jobs = evidence[evidence["measure"] == "class job done"]
    assert set(jobs["unit"]) == {"weeks"}
    assert {json.loads(one)["of"] for one in jobs["details"]} == {1}


def test_everything_that_comes_with_us_is_known_to_the_registry(tmp_path: Path, school: School) -> None:
    tables = (everyday.attendance(school), everyday.habits(school))
    for text in (*tables, DAILY, SKILLS, WIDE):
        for row in read_text(tmp_path, text, "table.csv").evidence.drop_duplicates(["measure", "unit"]).itertuples():
            assert named(row.source, row.measure, row.aspect, row.unit).words != OWN


DAILY = """\
Student ID,Date,Attendance,Homework,Kindness,Class Job,Behavior Points
007,9/14/2026,P,Y,2,Y,3
008,9/14/2026,Tardy,N,0,,1
009,9/14/2026,A,,,N,
"""
SKILLS = """\
Student ID,Date,Skill,Step
007,9/14/2026,Adding to 20,got it
007,9/14/2026,Telling time,Practicing
008,9/14/2026,Adding to 20,2
"""
WIDE = """\
Student ID,Date,Skill: Adding to 20,Skill: Telling time
007,9/14/2026,got it,taught
008,9/14/2026,,practising
"""


def test_the_same_is_read_day_by_day(tmp_path: Path) -> None:
    reading = read_text(tmp_path, DAILY, "daily.csv")
    assert reading.problems == []
    told = {
        (code, measure): (value, unit, details)
        for code, measure, value, unit, details in facts(reading, "learner_code", "measure", "value", "unit", "details")
    }
    assert told["007", "days present"] == (1, "days", '{"of":1}')
    assert told["009", "days present"] == (0, "days", '{"of":1}')
    assert [told[code, "times late"][0] for code in ("007", "008", "009")] == [0, 1, 0]
    assert told["008", "homework done"] == (0, "tasks", '{"of":1}')
    assert told["007", "class job done"] == (1, "days", '{"of":1}')
    assert told["007", "points"] == (3, "points", "")
    assert ("009", "kindness noticed") not in told


def test_skills_checks_may_have_a_row_or_a_column_for_each_skill(tmp_path: Path) -> None:
    reading = read_text(tmp_path, SKILLS, "skills.csv")
    assert facts(reading, "learner_code", "source", "aspect", "value") == [
        ("007", "skills_checks", "skill: Adding to 20", 3),
        ("007", "skills_checks", "skill: Telling time", 2),
        ("008", "skills_checks", "skill: Adding to 20", 2),
    ]
    assert facts(read_text(tmp_path, WIDE, "wide.csv"), "learner_code", "source", "aspect", "value") == [
        ("007", "skills_checks", "skill: Adding to 20", 3),
        ("007", "skills_checks", "skill: Telling time", 1),
        ("008", "skills_checks", "skill: Telling time", 2),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Student ID,Last Name,First Name,Class",
        "Student ID,Week Of",
        "Week Of,Days Present,Days Enrolled",
        "ID,Date,Score",
    ],
)
def test_ours_take_no_table_without_a_learner_a_day_and_a_value_of_theirs(header: str) -> None:
    assert not any(one.recognises(tuple(header.split(","))) for one in ours())


def test_a_word_that_is_no_step_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "Student ID,Date,Skill,Step", "007,9/14/2026,Adding,superb", "008,9/14/2026,Adding,taught")
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.value) == (2, "Step", "superb")
    assert reading.tally.left_out == 1


# A school's own


def test_a_schools_own_mapping_reads_its_table(tmp_path: Path) -> None:
    (mapping,) = load(own(tmp_path / "mappings")).mappings
    rows = ("Student ID,Week Of,Minutes,Mood", "007,2026-09-14,1h 5m,fun", "008,2026-09-14,20,awful")
    with open_tables(_written(tmp_path, rows)) as (table,):
        assert recognise(table, (mapping,)) == (mapping,)
    reading = read(tmp_path, *rows, importer=mapping)
    assert facts(reading, "source", "measure", "value", "unit", "details") == [
        ("reading_log", "reading at home", 65, "minutes", '{"from":"2026-09-14","kind":"count"}'),
        ("reading_log", "how it felt", 3, "faces", ""),
        ("reading_log", "reading at home", 20, "minutes", '{"from":"2026-09-14","kind":"count"}'),
    ]
    assert [(p.row, p.value, p.left_out) for p in reading.problems] == [(3, "awful", False)]


def _written(folder: Path, rows: Sequence[str]) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ('unit = "faces"', 'units = "faces"', 21, "units"),
        ('read = "time"', 'read = "minutes"', 15, "one of number, time"),
        ('name = "reading_log"', 'name = "Reading log"', 1, "name"),
        ('column = "Mood"', "column = 7", 19, "column"),
        ('week = ["Week Of", "Week"]', 'from = "Start"', 8, "go together"),
        ('kind = "count"', 'kind = "share"', 14, "whole"),
        ('words = ["hard", "fine", "fun"]', "", 22, "words"),
        ('unit = "minutes"', "", 10, "unit_in"),
        ("[learner]", "[learner", 4, "TOML"),
    ],
)
def test_a_mistake_in_a_mapping_names_the_file_and_the_line(
    tmp_path: Path, wrong: str, right: str, line: int, said: str
) -> None:
    folder = own(tmp_path / "mappings", MAPPING.replace(wrong, right, 1))
    with pytest.raises(BadData) as told:
        mappings.read(folder / "reading_log.toml")
    assert f"reading_log.toml, line {line}" in told.value.sentence
    assert said in told.value.sentence
    (problem,) = load(folder).problems
    assert told.value.sentence == f"reading_log.toml, {problem.reason}"


def test_a_mapping_is_written_as_it_is_read(tmp_path: Path) -> None:
    draft = mappings.read(own(tmp_path / "mappings") / "reading_log.toml")
    odd = replace(draft, name="odd", title='Ms “Ode”\'s\n"log"\t', order="day first", values=draft.values[:1])
    for one in (draft, odd, *(mapping.draft for mapping in ours())):
        assert mappings.read(save(tmp_path / "shared", one)) == one
    with pytest.raises(BadInput):
        save(tmp_path / "shared", odd)
    assert mappings.read(save(tmp_path / "shared", replace(odd, title=""), replace=True)).title == ""


@pytest.mark.parametrize("name", ["", "../up", "a b", "Ä"])
def test_a_mapping_cannot_be_written_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        save(tmp_path / "mappings", Draft(name, (Value(("Minutes",), "reading", "minutes"),), day={"date": ("Date",)}))
    assert not list(tmp_path.rglob("*.toml"))


def test_a_draft_that_is_not_whole_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unit"):
        save(tmp_path, Draft("log", (Value(("Minutes",), "reading"),), day={"date": ("Date",)}))
    assert list(tmp_path.iterdir()) == []


def test_an_import_knows_the_files_of_the_schools_own_mappings(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "school", actor="admin:local")
    own(workspace.folder / "mappings")
    own(workspace.folder / "mappings", "name = 7", "broken.toml")
    path = _written(tmp_path, ("Student ID,Week Of,Minutes,Mood", "007,2026-09-14,20,fun"))
    with Workbench.open(
        workspace, actor="admin:local", clock=lambda: datetime.fromisoformat("2026-11-21T10:00Z")
    ) as bench:
        outcome = bench.imports.run(path)
        assert [(one.title, one.counts.new) for one in outcome.files] == [("Our reading log", 2)]
        assert [one.file for one in outcome.problems] == ["mappings/broken.toml"]
        assert bench.imports.history()[0].files[0].title == "Our reading log"


def test_a_file_without_dates_or_units_is_asked_about(tmp_path: Path) -> None:
    draft = Draft("log", (Value(("Time",), "reading", "minutes", "count", "time"),), {"id": ("ID",)}, ask="so far")
    rows = ("ID,Time", "007,1200")
    reading = read(tmp_path, *rows, importer=PlainTable(draft))
    assert [one.name for one in reading.questions] == [DAY, UNIT]
    assert reading.tally.left_out == 1
    answered = read(tmp_path, *rows, importer=PlainTable(draft), answers={DAY: "2026-11-20", UNIT: "seconds"})
    assert facts(answered, "taken_on", "value", "details") == [
        (date(2026, 11, 20), 20, '{"from":"2026-07-01","kind":"count"}')
    ]


# Proposals


def test_a_wide_table_is_proposed_column_by_column(tmp_path: Path) -> None:
    rows = [f"0{n},Luz {n},9/{n}/2026,{n}0,1{n}0L,{n} of 9,Y,quite long words {n}" for n in range(1, 9)]
    table = table_of(tmp_path, "ID,Name,Date,Minutes,Reading Level,Correct,Ready,Notes", *rows)
    draft = suggest(table)
    assert (draft.learner, draft.day) == ({"id": ("ID",), "name": ("Name",)}, {"date": ("Date",)})
    assert [(one.column[0], one.measure, one.unit, one.kind, one.read) for one in draft.values] == [
        ("Minutes", "minutes", "minutes", "count", "number"),
        ("Reading Level", "reading", "L", "level", "lexile"),
        ("Correct", "correct", "points", "share", "share"),
        ("Ready", "ready", "times", "share", "yes/no"),
    ]


def test_a_long_table_is_proposed_with_the_measure_in_a_column(tmp_path: Path) -> None:
    rows = [f"luz{n}@x.org,2026-09-14,Spelling quiz {n % 2},{n}" for n in range(8)]
    draft = suggest(table_of(tmp_path, "Email,When,Assessment,Score", *rows))
    assert draft.learner == {"email": ("Email",)}
    assert [(one.column, one.measure_in, one.read) for one in draft.values] == [(("Score",), ("Assessment",), "number")]


def test_a_proposal_is_shown_as_the_evidence_that_it_would_be_and_saved_once_named(tmp_path: Path) -> None:
    rows = [f"0{n},Luz {n},9/{13 + n}/2026,{n}0" for n in range(1, 10)]
    table = table_of(tmp_path, "ID,Name,Date,Laps run", *rows, "99,Omar,9/20/2026,many")
    draft = suggest(table)
    shown = preview(table, draft, rows=3)
    assert [(one.row, one.learner, one.measure, one.day, one.value, one.unit) for one in shown.seen] == [
        (2, "Luz 1", "laps run", date(2026, 9, 14), 10, "laps"),
        (3, "Luz 2", "laps run", date(2026, 9, 15), 20, "laps"),
        (4, "Luz 3", "laps run", date(2026, 9, 16), 30, "laps"),
    ]
    assert (shown.rows, shown.of_rows, shown.problems) == (9, 10, ())
    save(tmp_path / "mappings", replace(draft, name="laps"))
    (mapping,) = load(tmp_path / "mappings").mappings
    assert recognise(table, (mapping,)) == (mapping,)
    with pytest.raises(BadInput, match="not a file that is known here"):
        recognise(table)  # what is dated row by row is no class list


def test_a_table_without_numbers_has_no_values_to_propose(tmp_path: Path) -> None:
    draft = suggest(table_of(tmp_path, "Who,What", "a,something", "b,another thing"))
    assert (draft.values, draft.ask) == ((), "day")
    assert preview(table_of(tmp_path, "Who,What", "a,something"), draft).seen == ()


def test_what_our_own_files_are_called_is_said_in_each_language() -> None:
    assert {one.title for one in mappings.ours()} == set(mappings.TITLES)
