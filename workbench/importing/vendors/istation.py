"""Reads Istation's ISIP: one row for each learner, with a block of columns for each month that has a test's own date.

What a block's OVERFLOW counts is nowhere said, so it is left unread.
"""

from __future__ import annotations

import calendar

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Mapping, Who
from workbench.importing.reading.values import Columns, header_key, number_between, tidy
from workbench.importing.records import NO_ANSWERS, Answers

_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_score = number_between(0, 1_500)


class Isip(ByMapping):
    """The export of Istation's Indicators of Progress, a test in each month."""

    name = "istation_isip"
    title = N_("Istation ISIP results by month")
    looks_for = "STUDENT_ID, September_SCORE, September_ADMIN_DATE and so on for each month"

    def recognises(self, header: tuple[str, ...]) -> bool:
        keys = {header_key(name) for name in header}
        return "studentid" in keys and any({f"{month}score", f"{month}admindate"} <= keys for month in _MONTHS)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        return Mapping(
            source="istation",
            who=Who(
                ids=(("", "studentid"),),
                given_name="fname",
                family_name="lname",
                birth_date="birthdate",
                school="domainattake" if "domainattake" in columns else "domain",
                grade="grade",
            ),
            test="ISIP",
            facts=tuple(
                Fact(
                    f"{month}score",
                    "reading",
                    unit="index",
                    read=_score,
                    percentile=f"{month}ptile",
                    day=f"{month}admindate",
                    details=(Detail("level", f"{month}tier", _tier),),
                )
                for month in _MONTHS
            ),
        )


def _tier(text: str) -> str:
    word = tidy(text).removesuffix(".0")
    return f"Tier {word}" if word.isdigit() else word
