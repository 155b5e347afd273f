"""What texts in exports mean."""

from __future__ import annotations

from datetime import date
from math import isnan

import numpy as np
import pytest

from workbench.importing.reading.dates import DATE_LOST, DAY_FIRST, MONTH_FIRST, NOT_TOLD, Dates
from workbench.importing.reading.grades import grade
from workbench.importing.reading.ids import person_code
from workbench.importing.reading.values import (
    Column,
    Columns,
    Unreadable,
    clock,
    header_key,
    lexile,
    number,
    number_between,
    one_of,
    quantile,
    range_end,
    season,
    term,
    truth,
)
from workbench.importing.records import DAY_ZERO_1904


def texts(*cells: str) -> np.ndarray:
    return np.array(cells, dtype=object)


@pytest.mark.parametrize(
    "name",
    [
        "FallToFallObservedGrowth",
        "FalltoFall ObservedGrowth",
        "fall_to_fall_observed_growth",
        "\ufeffFallToFallObservedGrowth",
        "FallToFall\u200bObserved\u2060Growth",
    ],
)
def test_column_names_are_compared_without_case_spaces_and_underscores(name: str) -> None:
    assert header_key(name) == "falltofallobservedgrowth"


def test_of_two_columns_with_one_name_the_first_counts() -> None:
    cells = np.array([["a", "b"]], dtype=object)
    assert Columns(["StudentID", "studentid"]).texts(cells, "studentid")[0] == "a"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.9", 2.9),
        ("3.40", 3.4),
        ("2.9000001", 2.9000001),
        ("192.0", 192),
        ("-4.88", -4.88),
        ("3,40", 3.4),
        ("1,234", 1234),
    ],
)
def test_numbers_are_read_in_every_form_seen(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "*", "--", "#N/A", "n/a", "NULL"])
def test_signs_for_nothing_are_nothing(text: str) -> None:
    assert isnan(number(text))


@pytest.mark.parametrize("text", ["2l3", "inf", "1e5", "٣", "3 4", "0x10"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable, match="not a whole number"):
        number_between(0, 9999, whole=True)(text)


def test_a_whole_number_may_be_written_with_a_zero_fraction_only() -> None:
    parse = number_between(100, 350, whole=True)
    assert parse("192.0") == 192
    with pytest.raises(Unreadable, match="whole"):
        parse("192.5")
    with pytest.raises(Unreadable, match="between 100 and 350"):
        parse("999")


def test_a_column_reads_good_cells_and_names_the_bad() -> None:
    column = Column(number, float("nan"))
    cells = texts("1", "x", "", "1", "x")
    values = column(cells)
    assert [values[0], values[3]] == [1, 1]
    assert [at for at, _ in column.unreadable(cells)] == [1, 4]


@pytest.mark.parametrize("text", ["Yes*", "No*", "Yes", "No"])
def test_the_star_of_a_met_projection_is_kept(text: str) -> None:
    assert one_of(("Yes", "No", "Yes*", "No*"))(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("TRUE", True), ("True", True), ("false", False), ("", None)),
        *(("VERDADERO", True), ("FALSO", False), ("Sí", True)),
    ],
)
def test_growth_marks_are_read_in_any_case(text: str, value: bool | None) -> None:
    assert truth(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("K", "K"), ("KG", "K"), ("KG 1", "K"), ("KG 2", "K"), ("Kindergarten", "K"), ("0", "K"), ("PK", "PK"),
        ("Pre-K", "PK"),
        ("PreKindergarten", "PK"), ("03", "3"), ("Grade 3", "3"), ("3rd Grade", "3"), ("12", "12"), ("13", "13"),
        ("KF", "K"), ("SK", "K"), ("K2", "K"), ("5K", "K"), ("Kínder", "K"), ("K1", "PK"), ("JK", "PK"), ("EK", "PK"),
        ("PPK", "PK"), ("PK3", "PK"), ("4K", "PK"), ("UE", ""), ("'03", "3"),
        ("", ""), ("Grade K", "K"), ("Eleven", "11"), ("Grade One", "1"), ("Third Grade", "3"),
    ],
)  # fmt: skip
def test_grades_come_in_one_form(text: str, value: str) -> None:
    assert Column(grade, "?").one(text) == value


@pytest.mark.parametrize("text", ["Blue", "14", "Grade", "3-4"])
def test_what_is_no_grade_is_a_problem(text: str) -> None:
    with pytest.raises(Unreadable):
        grade(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("000123", "000123"), ("605000.0", "605000"), ("605,000", "605000"), ("1,234,567.00", "1234567"), ("#N/A", ""),
        ("'00123", "00123"), ("’00123", "00123"), ('="00124"', "00124"), ('= "00124"', "00124"), ('"00125"', "00125"),
        ("“00125”", "00125"), ("'00126'", "00126"), ("605\u200b", "605"), ("\ufeff605", "605"), ("6\u206005", "605"),
        ("\u00a0605\u00a0", "605"), ("６０５", "605"), ("S 605", "S 605"), ("S\u00a0605", "S 605"),
        ("KIS-0042", "KIS-0042"), ("luz@pine.example", "luz@pine.example"), ("12E5", "12E5"), ("891e3", "891e3"),
    ],
)  # fmt: skip
def test_what_people_and_spreadsheets_put_around_an_id_is_no_part_of_it(text: str, code: str) -> None:
    assert person_code(text) == code


@pytest.mark.parametrize(
    "text", ["6.05E+05", "6,05E+05", "8.91E+05", "#REF!", "see note", "see note 3", "???", "12 / 9"]
)
def test_what_is_no_id_any_more_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable):
        person_code(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fall 2013-2014", "Fall 2013-2014"), ("fall 2013-14", "Fall 2013-2014"), ("Fall 2013", "Fall 2013-2014"),
        ("Spring 2014", "Spring 2013-2014"), ("Winter 2014", "Winter 2013-2014"), ("Summer 2014-2015",
        "Summer 2014-2015"),
        ("2025-2026", "2025-2026"), ("", ""),
    ],
)  # fmt: skip
def test_terms_name_the_school_year(text: str, value: str) -> None:
    assert term(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("08:54:50", "08:54:50"), ("9:00:00 AM", "09:00:00"), ("9.38.55", "09:38:55"), ("2:02 PM", "14:02:00"),
        ("01-01-1900 09:21", "09:21:00"), ("01-01-1900", ""), ("1900-01-01 09:21:00", "09:21:00"), ("12:05 AM",
        "00:05:00"), ("", ""),
    ],
)  # fmt: skip
def test_times_survive_what_spreadsheets_do_to_them(text: str, value: str) -> None:
    assert clock(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("960L", 960), ("907", 907), ("BR325L", -325), ("BR 400L", -400), ("0L", 0)]
)
def test_a_beginning_reader_counts_down_below_zero(text: str, value: float) -> None:
    assert lexile(text) == value


def test_a_bare_br_is_no_number_and_no_mistake() -> None:
    assert isnan(lexile("BR"))
    with pytest.raises(Unreadable):
        lexile("soon")


@pytest.mark.parametrize(("text", "value"), [("485Q", 485), ("EM400Q", -400), ("0Q", 0), ("5Q", 5)])
def test_an_emerging_mathematician_counts_down_below_zero(text: str, value: float) -> None:
    assert quantile(text) == value


def days(*cells: str, order: str = MONTH_FIRST) -> list[date | None]:
    dates = Dates(1980, 2099, order)
    dates.see(texts(*cells))
    return dates(texts(*cells))


@pytest.mark.parametrize(
    "text",
    ["09/16/2013", "9/16/2013", "9/16/13", "2013-09-16", "2013/09/16", "16-09-2013", "16.09.2013", "20130916",
    "9/16/2013 0:00",
     "2013-09-16 08:54:50", "2013-09-16T08:54:50", "16-Sep-13", "16 September 2013"],
)  # fmt: skip
def test_dates_are_read_in_every_form_seen(text: str) -> None:
    assert days(text) == [date(2013, 9, 16)]


def test_months_come_first_as_vendors_write_them() -> None:
    assert days("03/02/2021", "3/2/21") == [date(2021, 3, 2)] * 2


def test_a_dashed_date_follows_the_dashed_dates_that_are_sure() -> None:
    assert days("03-02-2021", "22-10-2020")[0] == date(2021, 2, 3)
    assert days("03-02-2021", "10-22-2020")[0] == date(2021, 3, 2)
    assert days("03-02-2021")[0] == date(2021, 3, 2)


def test_a_file_saved_where_days_come_first_is_read_so_whole() -> None:
    assert days("03/02/2021", "22/10/2020") == [date(2021, 2, 3), date(2020, 10, 22)]


def test_one_odd_day_does_not_turn_a_column_of_months() -> None:
    sure = [f"10/{day}/2020" for day in range(13, 29)]
    assert days("03/02/2021", "22/10/2020", *sure)[:2] == [date(2021, 3, 2), date(2020, 10, 22)]


def test_a_date_that_nothing_tells_apart_is_asked_about_and_never_guessed() -> None:
    dates = Dates(1980, 2099)
    dates.see(texts("03/02/2021", "05/05/2021", "2021-03-02"))
    assert dates.unsure() == ["03/02/2021"]
    assert dates(texts("03/02/2021", "05/05/2021")) == [None, date(2021, 5, 5)]
    assert dates.unreadable(texts("03/02/2021")) == [(0, NOT_TOLD)]
    assert days("03/02/2021", order=DAY_FIRST) == [date(2021, 2, 3)]
    mixed = Dates(1980, 2099)
    mixed.see(texts("03/02/2021", "22/10/2020", "10/22/2020"))
    assert mixed.unsure() == ["03/02/2021"]


def test_what_cannot_be_a_day_tells_nothing_of_the_others() -> None:
    dates = Dates(1980, 2099, MONTH_FIRST)
    dates.see(texts("31/12/9999", "1/9/2026"))
    assert dates(texts("1/9/2026")) == [date(2026, 1, 9)]


@pytest.mark.parametrize("text", ["02/30/2021", "31-31-2020", "13/13/2020", "soon", "1/2", "01-01-1900", "99999999"])
def test_a_date_that_cannot_be_is_a_problem(text: str) -> None:
    dates = Dates(1980, 2099)
    assert dates(texts(text)) == [None]
    assert len(dates.unreadable(texts(text))) == 1


def test_a_column_whose_dates_a_spreadsheet_has_eaten_says_so() -> None:
    dates = Dates(1980, 2099)
    assert dates(texts("00:00.0", "13:28:05")) == [None, None]
    assert dates.unreadable(texts("00:00.0", "13:28:05")) == [(0, DATE_LOST), (1, DATE_LOST)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Winter (November 16 - March 1)", "Winter"), ("Fall (Beginning of Year - November 15)", "Fall"),
        ("Spring (March 2 - End of Year)", "Spring"), ("BOY", "Fall"), ("moy", "Winter"), ("EOY 2024", "Spring"),
        ("Middle of Year", "Winter"), ("Autumn Screening", "Fall"), ("Screening Period 4", ""), ("Boyd", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_window_tells_its_season(text: str, value: str) -> None:
    assert season(text) == value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("115L-265L", 115, 265), ("BR400L-BR300L", -400, -300), ("BR35L - 65L", -35, 65), ("115-265", 115, 265),
        ("225Q–325Q", 225, 325),
    ],
)  # fmt: skip
def test_a_range_has_two_ends(text: str, low: float, high: float) -> None:
    read = quantile if "Q" in text else lexile
    assert (range_end(read, 0)(text), range_end(read, 1)(text)) == (low, high)
    with pytest.raises(Unreadable):
        range_end(read, 0)("115L")


@pytest.mark.parametrize(
    "text",
    [
        "Mar 4, 2016", "March 4, 2016", "Mar. 4 2016", "march 4th, 2016", "Fri, Mar 4, 2016", "Friday, March 4, 2016",
        "4 March 2016", "4-Mar-2016", "4-Mar-16", "4th March 2016", "4 de marzo de 2016", "marzo 4, 2016",
        "04 mar. 2016",
        "Mar\u00a04,\u00a02016", "42433", "42433.5", "Mar 4, 2016 8:05 AM", "'2016-03-04", "3/4/16",
    ],
)  # fmt: skip
def test_a_day_is_one_however_it_is_written(text: str) -> None:
    dates = Dates(1980, 2099, MONTH_FIRST)
    assert dates(texts(text)) == [date(2016, 3, 4)]


def test_a_spreadsheet_that_counts_from_1904_means_the_same_day_by_another_number() -> None:
    assert Dates(1980, 2099, day_zero=DAY_ZERO_1904)(texts("40971", "Mar 4, 2016")) == [date(2016, 3, 4)] * 2


@pytest.mark.parametrize("text", ["Marble 4, 2016", "4 Luz 2016", "123", "123456", "9999"])
def test_what_names_no_month_and_counts_no_days_is_no_date(text: str) -> None:
    with pytest.raises(Unreadable, match="not a date"):
        Dates(1980, 2099).read(text)


@pytest.mark.parametrize(("text", "year"), [("3/4/16", 2016), ("4-Mar-09", 2009), ("3/4/98", 1998), ("3/4/1975", 1975)])
def test_two_figures_of_a_birth_date_are_the_year_of_a_child(text: str, year: int) -> None:
    assert Dates(1900, 2099, MONTH_FIRST, births=True).read(text) == date(year, 3, 4)


def test_two_figures_that_are_of_no_child_are_said_to_be_none() -> None:
    with pytest.raises(Unreadable, match="four figures"):
        Dates(1900, 2099, MONTH_FIRST, births=True).read("3/4/68")
