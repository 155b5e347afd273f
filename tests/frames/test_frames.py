"""Tables for analysts: tidy, typed, of what the actor may see, and what is left out is said."""

from __future__ import annotations

import runpy
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import fmean, stdev

import pandas as pd
import pytest

from workbench import Workbench
from workbench.evidence.growth import difference, reliability
from workbench.frames import Frames
from workbench.frames.columns import TABLES, Type
from workbench.ground.errors import BadInput, NotAllowed, NotFound
from workbench.sample import cast
from workbench.sample.demo import ACTOR

from ..conftest import ROOT, clock


@pytest.fixture(scope="module")
def teacher(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor=ACTOR, clock=clock) as bench:
        yield bench


@pytest.fixture(scope="module")
def office(prepared: Path) -> Iterator[Workbench]:
    with Workbench.open(prepared, actor="admin:office", clock=clock) as bench:
        yield bench


def a_year(bench: Workbench, class_: str, measure: str) -> pd.DataFrame:
    return bench.frames.growth(class_, measure=measure, start="Fall 2025", end="Fall 2026")


# What is in them


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_its_columns_and_types_with_rows_and_without(
    teacher: Workbench, prepared: Path, table: str
) -> None:
    full = getattr(teacher.frames, table)("4B", names=True)
    assert len(full)
    assert set(full["learner"]) <= {one.id for one in teacher.learners.in_class("4B")}
    with Workbench.open(prepared, actor="teacher:t99", clock=clock) as nobody:
        empty = getattr(nobody.frames, table)()
        assert empty.empty
        assert "name" not in empty.columns
    for column in TABLES[table]:
        if column.name == "words":
            continue
        types = {str(frame[column.name].dtype) for frame in (full, empty) if column.name in frame}
        wanted = "category" if column.type in (Type.NAMES, Type.ORDER) else str(column.type)
        assert types == {wanted}, column.name
        if column.type is Type.ORDER:
            assert full[column.name].cat.ordered


def test_names_and_words_stand_there_only_when_they_are_asked_for(teacher: Workbench) -> None:
    plain = teacher.frames.goals("4B")
    assert not {"name", "words"} & set(plain.columns)
    told = teacher.frames.goals("4B", names=True, words=True)
    assert "Luz Marín" in set(told["name"])
    assert "Solve five fraction problems and explain two to a partner" in set(told["words"])
    assert "volcano" not in teacher.frames.reflections("4B").to_csv()
    assert "volcano" in teacher.frames.reflections("4B", words=True).to_csv()


def test_terms_are_in_the_order_of_time_and_seasons_in_that_of_a_year(teacher: Workbench) -> None:
    scores = teacher.frames.scores("4B")
    assert list(scores["term"].cat.categories) == [
        *("Winter 2024-2025", "Spring 2024-2025", "Fall 2025-2026", "Winter 2025-2026", "Spring 2025-2026"),
        "Fall 2026-2027",
    ]
    assert scores["season"].min() == "Fall"
    assert scores["season"].max() == "Spring"
    assert (scores["taken_on"] > pd.Timestamp(2024, 8, 1)).all()


def test_amounts_are_of_periods_that_do_not_overlap(teacher: Workbench) -> None:
    facts = teacher.frames.evidence("4B")
    minutes = facts[(facts.source == "lexia_core5") & (facts.measure == "minutes")]["value"].sum()
    amounts = teacher.frames.amounts("4B")
    told = amounts[(amounts.source == "lexia_core5") & (amounts.measure == "minutes")]["value"].sum()
    assert minutes == 2 * told  # by month and for the year to date


def test_attendance_is_summed_before_it_is_divided(teacher: Workbench) -> None:
    weeks = teacher.frames.attendance("4B")
    assert (weeks["week"].dt.day_of_week == 0).all()
    assert (weeks["present"] <= weeks["enrolled"]).all()
    own = weeks.groupby("learner")[["present", "enrolled"]].sum()
    assert own["enrolled"].between(1, 60).all()


def test_coverage_has_a_row_for_what_is_missing(teacher: Workbench) -> None:
    coverage = teacher.frames.coverage("4B")
    reading = coverage[(coverage.measure == "reading") & (coverage.source == "nwea_map")]
    assert len(reading) == cast.CLASS_SIZE * reading["term"].nunique()
    assert (~reading["has"]).any()
    assert ((reading["tests"] > 0) == reading["has"]).all()


# Growth


def test_growth_of_a_class_is_what_the_raw_files_give(office: Workbench) -> None:
    reading = a_year(office, "4B", "reading")
    growth, errors = list(reading["growth"]), list(reading["error"])
    assert (len(reading), fmean(growth), round(stdev(growth), 3)) == (25, 8.92, 5.816)
    assert reliability(growth, errors) == pytest.approx(
        0.396, abs=0.0005
    )  # 60 of 100 parts of the differences are error
    assert reading["verdict"].value_counts().to_dict() == {"higher": 21, "about the same": 4, "lower": 0}
    assert reading["met"].value_counts().to_dict() == {"No*": 9, "No": 7, "Yes": 5, "Yes*": 4}
    assert list(reading["why_not"].dropna()) == ["weeks"]  # one test was made up 61.6 weeks later
    told, error = difference(growth, list(a_year(office, "4A", "reading")["growth"]))
    assert (round(told, 2), round(error, 2)) == (-0.04, 1.85)
    maths = (list(a_year(office, one, "mathematics")["growth"]) for one in ("4B", "4A"))
    assert difference(*maths) == pytest.approx((1.292, 1.625), abs=0.001)


def test_the_vendors_own_error_of_growth_is_near_to_the_one_worked_out(office: Workbench) -> None:
    reading = a_year(office, "4B", "reading")
    scores = office.frames.scores("4B")
    fall = scores[(scores.measure == "reading") & (scores.source == "nwea_map") & (scores.season == "Fall")]
    fall = fall[fall.standing == "growth"]
    squared = fall.assign(squared=fall["error"] ** 2).groupby("learner")["squared"].sum() ** 0.5
    assert (reading.set_index("learner")["error"] - squared).dropna().abs().max() < 0.005


def test_across_a_summer_nothing_is_comparable_and_norms_are_marked(teacher: Workbench) -> None:
    growth = teacher.frames.growth("4B", measure="reading")
    summer = growth[growth["why_not"] == "summer"]
    assert len(summer)
    assert not summer["comparable"].any()
    across = growth[(growth.start_term == "Spring 2024-2025") & (growth.end_term == "Spring 2025-2026")]
    assert not across["norms_same"].any()
    assert across["comparable"].any()  # the scale is the same, percentiles are not


# Of whom


def test_who_is_left_out_is_counted_and_said(teacher: Workbench) -> None:
    with pytest.warns(UserWarning, match=r"^1 of 26: 25 learners are left out"):
        scores = teacher.frames.scores("4A")
    assert scores.attrs["left_out"] == 25
    assert scores["learner"].nunique() == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert teacher.frames.scores("4B").attrs["left_out"] == 0
        assert teacher.frames.scores().attrs["left_out"] > 300  # all one may see: that others are here is no news
    mine = {one.id for one in teacher.learners.all()}
    others = [row["id"] for row in teacher.desk.store.roster.learners() if row["id"] not in mine][:28]
    with pytest.warns(UserWarning, match="28 learners are left out"):
        some = teacher.frames.learners([*sorted(mine)[:3], *others])
    assert len(some) == 3


def test_a_table_is_of_a_class_a_school_a_learner_by_name_or_a_list(teacher: Workbench, office: Workbench) -> None:
    luz = teacher.learners.named(cast.LUZ)
    class_ = teacher.learners.class_named("4B")
    of_luz = [teacher.frames.scores(one) for one in (luz, luz.id, "Luz Marín", [luz], [luz.id])]
    for one in of_luz:
        pd.testing.assert_frame_equal(one, of_luz[0])
    pd.testing.assert_frame_equal(teacher.frames.scores(class_), teacher.frames.scores("4b"))
    school = office.workspace.school
    assert set(office.frames.learners(school)["school"]) == {school}
    for wrong in (4.5, [None]):
        with pytest.raises(BadInput):
            teacher.frames.scores(wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="4B"):
        teacher.frames.scores("4BB")
    with pytest.raises(NotFound, match="reading"):
        teacher.frames.growth("4B", measure="readin")
    with pytest.raises(NotFound, match="Fall 2025"):
        teacher.frames.growth("4B", start="Fall 2052")


@pytest.mark.parametrize("table", TABLES)
def test_a_stranger_gets_nothing_of_a_learner(prepared: Path, teacher: Workbench, table: str) -> None:
    luz = teacher.learners.named(cast.LUZ)
    with Workbench.open(prepared, actor="teacher:t05", clock=clock) as stranger:
        with pytest.raises(NotAllowed):
            getattr(stranger.frames, table)(luz.id)
        with pytest.warns(UserWarning, match="left out"):
            assert luz.id not in set(getattr(stranger.frames, table)("4B")["learner"])
        assert luz.id not in set(getattr(stranger.frames, table)()["learner"])
    with Workbench.open(prepared, actor=f"learner:{cast.LUZ}", clock=clock) as own:
        assert set(getattr(own.frames, table)()["learner"]) == {luz.id}


def test_a_table_is_one_look_at_each_whom_it_shows(demo: Path) -> None:
    with Workbench.open(demo, actor=ACTOR, clock=clock) as bench:
        luz = bench.learners.named(cast.LUZ)
        before = len(bench._audit.of(luz.id))
        bench.frames.goals("4B")
        looks = bench._audit.of(luz.id)
        assert len(looks) == before + 1
        assert looks[-1]["what"] == "Frames.goals"


def test_a_look_back_is_of_that_change(demo: Path) -> None:
    with Workbench.open(demo, actor=ACTOR, clock=clock) as bench:
        luz = bench.learners.named(cast.LUZ)
        then, before = bench.snapshot, len(bench.frames.goals(luz))
        talk = bench.conferences.of(luz)[-1]
        bench.goals.choose(talk, "Read", purpose="It is fun", horizon="short", on=date(2026, 11, 21))
        assert len(bench.frames.goals(luz)) == before + 1
        assert len(bench.at(then).frames.goals(luz)) == before


# What is written of them


def test_every_table_is_documented_as_it_is() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_frames.py"))["page"]()
    assert (ROOT / "docs" / "frames.md").read_text(encoding="utf-8") == made, "run: python docs/make_frames.py"
    assert {name for name in vars(Frames) if not name.startswith("_")} == {*TABLES, "columns"}


def test_columns_are_told_where_one_works(teacher: Workbench) -> None:
    told = teacher.frames.columns("scores")
    assert list(told["column"]) == [one.name for one in TABLES["scores"]]
    assert set(teacher.frames.columns()["table"]) == set(TABLES)
    with pytest.raises(NotFound, match="scores"):
        teacher.frames.columns("score")
