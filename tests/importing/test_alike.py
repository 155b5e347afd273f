"""One mistake made many times is one sentence, with how often and where."""

from __future__ import annotations

from workbench.importing.alike import MOST_KINDS, ONE_BY_ONE, Problems
from workbench.importing.records import Problem


def bad(row: int | None, *, column: str = "Score", value: str = "x", reason: str = "is not a number.") -> Problem:
    return Problem("file.csv", row, column, value, reason, "Correct the cell.", left_out=False)


def kept(*problems: Problem) -> list[Problem]:
    every = Problems("file.csv")
    every.add(problems)
    return every.kept


def test_a_few_are_told_one_by_one_in_the_order_of_their_rows() -> None:
    few = [bad(row) for row in range(2, 2 + ONE_BY_ONE)]
    assert kept(*reversed(few)) == few


def test_a_mistake_made_thousands_of_times_is_one_sentence_with_a_count_and_an_example() -> None:
    (told,) = kept(*(bad(row, value=f"x{row}") for row in range(2, 4_500)))
    assert (told.row, told.value) == (2, "x2")
    assert told.reason == "is not a number. The same in 4,497 more rows: 3, 4, 5, 6, 7, 8 and 4,491 more."


def test_figures_in_a_reason_make_no_other_kind_and_columns_do() -> None:
    copies = [bad(row, reason=f"The row is a copy of row {row - 1}.") for row in range(3, 3 + 2 * ONE_BY_ONE)]
    others = [bad(row, column="Day") for row in (2, 3)]
    assert [(one.row, one.column) for one in kept(*copies, *others)] == [(2, "Day"), (3, "Score"), (3, "Day")]


def test_what_is_said_of_the_whole_file_stands_last() -> None:
    whole = bad(None, reason="3 rows are short.")
    assert kept(whole, bad(9), bad(None, reason="4 rows are short."))[0].row == 9


def test_no_file_has_endless_problems() -> None:
    told = kept(*(bad(row, column=f"column {row}") for row in range(2, MOST_KINDS + 12)))
    assert len(told) == MOST_KINDS + 1
    assert told[-1].reason.startswith("10 more problems")
