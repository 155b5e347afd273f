"""Which terms count as now: by the day, and by what most of a school's rosters say."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from workbench.ground.terms import SEASONS, Term, is_far, present, school_year

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
TERMS = st.builds(
    lambda season, year: f"{season} {year}-{year + 1}".strip(), st.sampled_from(SEASONS), st.integers(2022, 2063)
)
ROSTERS = st.dictionaries(TERMS, st.integers(1, 500), max_size=6)
NOVEMBER = date(2026, 11, 21)


@given(ROSTERS, DAYS)
def test_whoever_is_on_a_roster_is_seen_and_nothing_is_both_now_and_coming(said: dict[str, int], day: date) -> None:
    found = present(said, day)
    assert bool(found.now) == bool(said)
    assert not found.now & found.coming
    assert found.now | found.coming <= set(said)


@given(ROSTERS, DAYS)
def test_nothing_counts_before_it_begins_where_something_has_begun(said: dict[str, int], day: date) -> None:
    begun = {text for text in said if Term.parse(text).begins <= day}
    if begun:
        assert present(said, day).now <= begun


@given(ROSTERS.map(lambda said: {term: count + 2 for term, count in said.items()}), TERMS, DAYS)
@example({"Fall 2026-2027": 400}, "Fall 2062-2063", NOVEMBER)
@example({"Fall 2026-2027": 400}, "Winter 2026-2027", date(2027, 1, 15))
@example({"2026-2027": 400}, "2027-2028", date(2027, 7, 1))
@example({"2026-2027": 400}, "2027-2028", date(2027, 9, 1))
def test_one_row_takes_nothing_away_once_something_has_begun(said: dict[str, int], typed: str, day: date) -> None:
    before = present(said, day).now
    after = present({**said, typed: said.get(typed, 0) + 1}, day).now
    if any(Term.parse(text).begins <= day for text in said):
        assert before <= after


@given(ROSTERS, DAYS, st.integers(0, 700))
def test_days_pass_and_what_has_begun_goes_on_till_most_have_moved_on(
    said: dict[str, int], day: date, days: int
) -> None:
    later = present(said, day + timedelta(days=days)).now
    newest = max(map(Term.parse, later), default=None)
    if newest and newest.begins <= day:
        assert max(map(Term.parse, present(said, day).now)) <= newest


@given(st.lists(st.integers(1, 40), min_size=2, max_size=30), st.integers(1, 40), st.data())
def test_one_classs_list_of_a_newer_season_takes_nothing(sizes: list[int], listed: int, data: st.DataObject) -> None:
    earlier, later = data.draw(st.sampled_from([(a, b) for a in range(1, 5) for b in range(a + 1, 5)]))
    first, then = f"{SEASONS[earlier]} 2026-2027", f"{SEASONS[later]} 2026-2027"
    day = data.draw(st.dates(Term.parse(then).begins, date(2027, 7, 31)))
    assert present({first: sum(sizes), then: listed}, day, {first: len(sizes), then: 1}).now == {first, then}
    assert present({first: sum(sizes), then: sum(sizes)}, day, {first: len(sizes), then: len(sizes)}).now == {then}


def test_one_of_two_classes_is_not_most_of_a_school() -> None:
    january = date(2027, 1, 11)
    assert present({"Fall 2026-2027": 40, "Spring 2026-2027": 20}, january).now == {
        "Fall 2026-2027",
        "Spring 2026-2027",
    }
    assert present({"2026-2027": 40, "2027-2028": 20}, date(2027, 9, 1)).now == {"2026-2027", "2027-2028"}


def test_next_years_list_waits_for_the_new_year() -> None:
    said = {"Spring 2026-2027": 404, "2027-2028": 398}
    july, august = present(said, date(2027, 7, 1)), present(said, date(2027, 8, 1))
    assert july.now == {"Spring 2026-2027"}
    assert july.coming == {"2027-2028"}
    assert august.now == {"2027-2028"}
    assert not august.coming


def test_a_new_workspace_with_one_roster_of_another_year_shows_it() -> None:
    assert present({"Fall 2027-2028": 28, "Spring 2027-2028": 28}, date(2027, 5, 1)).now == {"Fall 2027-2028"}
    assert present({"2025-2026": 28}, NOVEMBER).now == {"2025-2026"}
    assert present({"Semester B": 28}, NOVEMBER).now == {"Semester B"}


def test_a_second_semester_begins_in_january_and_a_whole_year_counts_beside_it() -> None:
    said = {"Fall 2026-2027": 400, "Spring 2026-2027": 396, "2026-2027": 402}
    assert present(said, NOVEMBER).now == {"Fall 2026-2027", "2026-2027"}
    assert present(said, date(2027, 1, 11)).now == {"Spring 2026-2027", "2026-2027"}


def test_one_class_of_the_newer_term_is_seen_beside_the_older_ones() -> None:
    said = {"Fall 2026-2027": 400, "Winter 2026-2027": 28}
    assert present(said, date(2027, 1, 11)).now == set(said)


def test_a_school_that_shrank_over_the_years_is_in_its_newest_one() -> None:
    said = {"2022-2023": 800, "2023-2024": 700, "2024-2025": 520, "2025-2026": 380, "2026-2027": 300}
    assert present(said, NOVEMBER).now == {"2026-2027"}


def test_a_term_more_than_a_year_ahead_is_far() -> None:
    assert is_far("Fall 2062-2063", NOVEMBER)
    assert is_far("2028-2029", NOVEMBER)
    assert not is_far("Fall 2027-2028", NOVEMBER)
    assert not is_far("2027-2028", date(2027, 7, 1))
    assert not is_far("Fall 2006-2007", NOVEMBER)
    assert not is_far("Quarter 3", NOVEMBER)
    assert is_far("Spring 9999-9999", NOVEMBER)
    assert school_year(NOVEMBER) == "2026-2027"
