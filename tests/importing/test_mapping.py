"""Tables read by saying which column is what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.importing import Kind
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Asked, Day, Detail, Fact, Mapping, Month, Of, Span, Week, Who
from workbench.importing.reading.dates import DAY, DAY_FIRST, ORDER
from workbench.importing.reading.values import Columns, number_between, part, season
from workbench.importing.records import NO_ANSWERS, Answers

from ..reading import Reading, read_text


class Mapped(ByMapping):
    """An importer that reads by one mapping."""

    name = title = looks_for = "mapped"

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping

    def recognises(self, header: tuple[str, ...]) -> bool:
        return True

    def mapping(self, columns: Columns, answers: Answers) -> Mapping:
        return self._mapping


WHO = Who(
    ids=(("", "id"), ("state", "stateid")),
    given_name="first",
    family_name="last",
    birth_date="born",
    class_name="class",
    grade="grade",
)
LOG = Mapping(
    source="log",
    who=WHO,
    day="date",
    facts=(
        Fact("minutes", "reading time", unit="minutes", read=number_between(0, 1440)),
        Fact("books", "books finished", unit="books", details=(Detail("shelf", "shelf"),)),
    ),
)
FACT = ("learner_code", "measure", "taken_on", "value")


def read(folder: Path, text: str, mapping: Mapping = LOG, answers: Answers = NO_ANSWERS) -> Reading:
    return read_text(folder, text, "log.csv", Mapped(mapping), answers)


def test_every_filled_cell_of_a_row_is_a_fact(tmp_path: Path) -> None:
    reading = read(tmp_path, "ID,Date,Minutes,Books,Shelf\n007,9/14/2026,20,2,blue\n008,9/15/2026,,1,\n")
    assert reading.facts(*FACT) == [
        ("007", "reading time", date(2026, 9, 14), 20),
        ("007", "books finished", date(2026, 9, 14), 2),
        ("008", "books finished", date(2026, 9, 15), 1),
    ]
    assert reading.evidence["details"].tolist() == ["", '{"shelf":"blue"}', ""]
    assert set(reading.evidence["term"]) == {"Fall 2026-2027"}
    assert (reading.tally.rows, reading.tally.events) == (2, 2)


def test_a_bad_cell_costs_its_fact_and_not_the_row(tmp_path: Path) -> None:
    reading = read(tmp_path, "ID,Date,Minutes,Books\n007,9/14/2026,2o,2\n008,9/14/2026,20x,\n")
    assert reading.facts(*FACT) == [("007", "books finished", date(2026, 9, 14), 2)]
    assert [(p.row, p.column, p.value, p.left_out) for p in reading.problems] == [
        (2, "Minutes", "2o", False),
        (3, "Minutes", "20x", True),
    ]
    assert reading.tally.left_out == 1


def test_a_row_without_a_day_is_told_and_one_without_values_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, "ID,Date,Minutes,Books\n007,,20,2\n008,9/14/2026,,\n\nTotal,,20,2\n")
    assert reading.facts(*FACT) == []
    assert {p.row for p in reading.left_out} == {2}
    assert (reading.tally.left_out, reading.tally.skipped, reading.tally.blank) == (1, 2, 1)
    assert sum(reading.batches[0].skipped.values()) == 2


def test_what_is_said_twice_counts_once_and_what_is_said_otherwise_is_told(tmp_path: Path) -> None:
    rows = ["007,9/14/2026,20,2", "007,9/14/2026,20,", "007,9/14/2026,25,"]
    reading = read(tmp_path, "\n".join(["ID,Date,Minutes,Books", *rows]))
    assert [value for *_rest, value in reading.facts(*FACT)] == [20, 2]
    (problem,) = reading.problems
    assert (problem.row, problem.value, problem.left_out) == (4, "25", True)
    assert (reading.tally.events, reading.tally.skipped, reading.tally.left_out) == (1, 1, 1)


def test_a_row_without_an_id_is_about_the_name_and_what_tells_namesakes_apart(tmp_path: Path) -> None:
    rows = [
        "First,Last,Born,State ID,Date,Minutes",
        "Luz,Marín,3/21/2016,,9/14/2026,20",
        "Luz,Marín,3/22/2016,,9/14/2026,30",
        "Omar,Diaz,,S7,9/14/2026,10",
        ",,,,9/14/2026,10",
    ]
    reading = read(tmp_path, "\n".join(rows))
    codes = [code for code, *_ in reading.facts(*FACT)]
    assert len(set(codes)) == 3
    assert codes[2] == "state:s7"
    assert reading.frame(Kind.MENTIONS)["family_name"].tolist() == ["Marín", "Marín", "Diaz"]
    assert reading.frame(Kind.IDENTIFIERS)[["learner_code", "kind", "value"]].to_numpy().tolist() == [
        ["state:s7", "state", "s7"]
    ]
    assert [p.row for p in reading.left_out] == [5]


def test_days_that_could_be_months_are_asked_about(tmp_path: Path) -> None:
    asks = Mapping(source="log", who=WHO, day="date", facts=LOG.facts, order="")
    text = "ID,Date,Minutes\n007,3/4/2026,20\n"
    reading = read(tmp_path, text, asks)
    assert [question.name for question in reading.questions] == [ORDER]
    assert reading.facts(*FACT) == []
    assert reading.tally.left_out == 1
    assert read(tmp_path, text, asks, {ORDER: DAY_FIRST}).facts(*FACT) == [
        ("007", "reading time", date(2026, 4, 3), 20)
    ]


def test_a_measure_may_stand_in_a_column_and_a_month_in_two(tmp_path: Path) -> None:
    long = Mapping(
        source="log",
        who=WHO,
        day=Month("year", "month"),
        facts=(Fact("value", Of("what"), unit=Of("unit")),),
    )
    reading = read(tmp_path, "ID,Year,Month,What,Unit,Value\n007,2026,2,laps,laps,7\n007,2026,13,laps,laps,7\n", long)
    assert reading.facts(*FACT) == [("007", "laps", date(2026, 2, 28), 7)]
    assert [p.row for p in reading.left_out] == [3]


def amounts(reading: Reading) -> list[tuple[object, ...]]:
    columns = ["taken_on", "term", "value", "details"]
    return [tuple(row) for row in reading.evidence[columns].itertuples(index=False)]


@pytest.mark.parametrize(
    ("day", "cells", "period"),
    [
        (Week("start"), "9/14/2026,", ("2026-09-14", date(2026, 9, 20))),
        (Week("start", ends=True), "9/18/2026,", ("2026-09-12", date(2026, 9, 18))),
        (Span("start", "end"), "9/1/2026,9/30/2026", ("2026-09-01", date(2026, 9, 30))),
        (Span("", "end"), ",2/3/2027", ("2026-07-01", date(2027, 2, 3))),
        (Month("", "start"), "September 2026,", ("2026-09-01", date(2026, 9, 30))),
        (Month("end", "start"), "2,2026-2027", ("2027-02-01", date(2027, 2, 28))),
    ],
)
def test_an_amount_keeps_the_first_day_of_its_period(
    tmp_path: Path, day: Day, cells: str, period: tuple[str, date]
) -> None:
    log = Mapping("log", WHO, (Fact("minutes", "reading time", unit="minutes", amount=True),), day=day)
    first, last = period
    reading = read(tmp_path, f"ID,Start,End,Minutes\n007,{cells},20\n", log)
    assert amounts(reading) == [(last, "2026-2027", 20, f'{{"from":"{first}"}}')]


def test_a_period_that_ends_before_it_begins_is_told(tmp_path: Path) -> None:
    log = Mapping("log", WHO, (Fact("minutes", "reading time", unit="minutes", amount=True),), day=Span("start", "end"))
    reading = read(tmp_path, "ID,Start,End,Minutes\n007,9/30/2026,9/1/2026,20\n007,9/30/2026,,20\n", log)
    assert [(p.row, p.column) for p in reading.left_out] == [(2, "End"), (3, "End")]


def test_the_first_date_that_a_row_fills_counts(tmp_path: Path) -> None:
    log = Mapping("log", WHO, LOG.facts, day=("finished", "started"))
    reading = read(tmp_path, "ID,Started,Finished,Minutes\n007,9/1/2026,,20\n008,9/1/2026,9/3/2026,20\n009,,,20", log)
    assert [day for _code, _measure, day, _value in reading.facts(*FACT)] == [date(2026, 9, 1), date(2026, 9, 3)]
    assert [p.row for p in reading.left_out] == [4]


def test_a_file_without_dates_is_asked_for_its_day(tmp_path: Path) -> None:
    log = Mapping("log", WHO, LOG.facts, day=Asked())
    text = "ID,Minutes\n007,20\n"
    reading = read(tmp_path, text, log)
    assert [(one.name, one.choices) for one in reading.questions] == [(DAY, ())]
    assert reading.tally.left_out == 1
    assert read(tmp_path, text, log, {DAY: "2026-11-20"}).facts(*FACT) == [
        ("007", "reading time", date(2026, 11, 20), 20)
    ]


def test_a_part_is_kept_with_its_whole_and_without_one_is_nothing(tmp_path: Path) -> None:
    facts_ = (
        Fact("done", "homework", unit="tasks", of="set", amount=True),
        Fact("jobs", "jobs", unit="jobs", read=part, of="jobs", amount=True),
    )
    rows = ["007,9/14/2026,4,5,3 of 4", "008,9/14/2026,0,0,", "009,9/14/2026,6,5,", "010,9/14/2026,1,2,3"]
    reading = read(tmp_path, "\n".join(["ID,Date,Done,Set,Jobs", *rows]), Mapping("log", WHO, facts_, day="date"))
    assert [(value, details) for _day, _term, value, details in amounts(reading)] == [
        (4, '{"of":5}'),
        (3, '{"of":4}'),
        (1, '{"of":2}'),
    ]
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [(4, "Done", True), (5, "Jobs", False)]
    assert reading.tally.skipped == 1


def test_a_measure_that_is_not_named_is_told(tmp_path: Path) -> None:
    long = Mapping(source="log", who=WHO, day="date", facts=(Fact("value", Of("what"), unit="laps"),))
    reading = read(tmp_path, "ID,Date,What,Value\n007,9/14/2026,,7\n008,9/14/2026,laps,7\n", long)
    assert reading.facts(*FACT) == [("008", "laps", date(2026, 9, 14), 7)]
    assert [(p.row, p.column) for p in reading.left_out] == [(2, "What")]


def test_of_several_columns_the_first_that_says_something_counts(tmp_path: Path) -> None:
    fact = Fact(
        "value",
        "laps",
        Of(("course", "place"), by=": "),
        unit="laps",
        percentile="rank",
        details=(Detail("level", ("schoollevel", "level")),),
    )
    several = Mapping(
        source="log",
        who=WHO,
        day=("local", "world"),
        term=Of("window", season),
        nothing=("Not Assessed",),
        facts=(fact,),
    )
    rows = [
        "ID,Local,World,Window,Course,Place,Value,Rank,School level,Level",
        "007,9/14/2026,9/15/2026,Fall (to November),Hills,Wood,7,0,good,fair",
        "008,00:00.0,9/15/2026,EOY,Hills,,Not Assessed,5,,fair",
        "009,00:00.0,1/15/2027,,Hills,,8,101,Not assessed,fair",
        "010,00:00.0,,,Hills,,8,,,",
    ]
    reading = read(tmp_path, "\n".join(rows), several)
    assert reading.facts(*FACT) == [("007", "laps", date(2026, 9, 14), 7), ("009", "laps", date(2027, 1, 15), 8)]
    found = reading.evidence
    assert found["aspect"].tolist() == ["Hills: Wood", "Hills"]
    assert found["term"].tolist() == ["Fall 2026-2027", "Winter 2026-2027"]
    assert found["percentile"].fillna(-1).tolist() == [0, -1]
    assert found["details"].tolist() == ['{"level":"good"}', '{"level":"fair"}']
    assert [(p.row, p.column, p.value, p.left_out) for p in reading.problems] == [
        (4, "Local", "00:00.0", False),
        (4, "Rank", "101", False),
        (5, "Local", "00:00.0", True),
    ]
    assert reading.tally.skipped == 1


@pytest.mark.parametrize(
    ("window", "day", "term"),
    [
        ("Fall", date(2026, 12, 1), "Fall 2026-2027"),
        ("Summer", date(2027, 6, 20), "Summer 2027-2028"),
        ("Spring", date(2027, 6, 20), "Spring 2026-2027"),
        ("Week 3", date(2027, 6, 20), "Week 3"),
    ],
)
def test_a_season_is_that_of_the_days_school_year(tmp_path: Path, window: str, day: date, term: str) -> None:
    seasons = Mapping(source="log", who=WHO, day="date", term=Of("window"), facts=LOG.facts)
    reading = read(tmp_path, f"ID,Date,Window,Minutes\n007,{day},{window},20\n", seasons)
    assert reading.evidence["term"].tolist() == [term]


def test_a_learner_called_sum_is_no_total(tmp_path: Path) -> None:
    rows = ["First,Last,ID,Date,Minutes", "Ly,Sum,,9/14/2026,20", "Sum,,,9/14/2026,20", ",,Total,9/14/2026,20"]
    reading = read(tmp_path, "\n".join(rows))
    assert len(reading.facts(*FACT)) == 1
    assert reading.tally.skipped == 2


def test_what_cannot_be_read_of_a_learner_is_told(tmp_path: Path) -> None:
    rows = [
        "ID,State ID,First,Born,Grade,Date,Minutes",
        "007,,Luz,???,9x,9/14/2026,20",
        "008,,Omar,,Middle School,9/14/2026,20",
        "#REF!,S9,Ada,,,9/14/2026,20",
        "#REF!,,,,,9/14/2026,20",
    ]
    reading = read(tmp_path, "\n".join(rows))
    assert [(p.row, p.column, p.left_out) for p in reading.problems] == [
        (2, "Born", False),
        (2, "Grade", False),
        (4, "ID", False),
        (5, "ID", True),
    ]
    assert [code for code, *_ in reading.facts(*FACT)] == ["007", "008", "state:s9"]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters='",'), max_size=6)


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=8))
def test_whatever_a_row_holds_a_good_row_is_read_and_all_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    text = "\n".join(["ID,Date,Minutes,Books", *(",".join(row) for row in rows), "good,9/14/2026,20,2"])
    reading = read(tmp_path_factory.mktemp("any"), text)
    assert reading.tally.adds_up
    assert ("good", "reading time", date(2026, 9, 14), 20) in reading.facts(*FACT)
