"""Reads FastBridge's aReading and aMath: one row for each learner, with a block of columns for each season."""

from __future__ import annotations

import re

from workbench.ground.words import N_
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Detail, Fact, Mapping, Who
from workbench.importing.reading.values import (
    Columns,
    header_key,
    lexile,
    number,
    number_between,
    quantile,
    season,
    tidy,
)
from workbench.importing.records import NO_ANSWERS, Answers

_BLOCK = re.compile(r"(.+)(areading|amath)testtheta")
_GROWTH = re.compile(r"(national)?growth(score|percentile)from(.+)to(.+)")
_MEASURES = {"areading": ("reading", "aReading"), "amath": ("mathematics", "aMath")}
_theta = number_between(0, 1_000)


class FastBridge(ByMapping):
    """A screening export; its seasons are Fall, Winter and Spring and up to two more periods."""

    name = "fastbridge"
    title = N_("FastBridge aReading and aMath")
    looks_for = "Local ID, FAST ID, Fall aReading Test Theta or Fall aMath Test Theta, Fall aReading Final Date"

    def recognises(self, header: tuple[str, ...]) -> bool:
        return any(_BLOCK.fullmatch(header_key(name)) for name in header)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> Mapping:
        return Mapping(
            source="fastbridge",
            who=Who(
                ids=(("", "localid"), ("state", "stateid"), ("fastbridge", "fastid")),
                given_name="firstname",
                family_name="lastname",
                birth_date="dob",
                school="school",
                grade="grade",
            ),
            nothing=("N/A*", "N/A**"),
            facts=tuple(
                fact for key in columns if (found := _BLOCK.fullmatch(key)) for fact in _season(columns, found)
            ),
        )


def _season(columns: Columns, found: re.Match[str]) -> list[Fact]:
    """The facts of a season's block of columns."""
    period, of = found.groups()
    block = f"{period}{of}"
    measure, test = _MEASURES[of]
    window = season(period)
    day = f"{block}finaldate"
    details = (
        Detail("level", f"{block}risklevel"),
        Detail("percentile_school", f"{block}percentileatschool", number),
        Detail("percentile_district", f"{block}percentileatlea", number),
        Detail("language", "assessmentlanguage", lambda text: "Spanish" if text.casefold() == "spanish" else ""),
        *_growth(columns, period),
    )
    score = Fact(
        found[0],
        measure,
        unit="theta scale",
        read=_theta,
        test=test,
        percentile=f"{block}percentileatnation",
        day=day,
        term=window,
        details=details,
    )
    levels = ((lexile, "reading", "lexile", "L"), (quantile, "mathematics", "quantile", "Q"))
    return [
        score,
        *(
            Fact(f"{period}{name}", what, name, unit, read, test=test, day=day, term=window)
            for read, what, name, unit in levels
            if what == measure
        ),
    ]


def _growth(columns: Columns, period: str) -> list[Detail]:
    """FastBridge's own growth to this season: its score, and its percentile in the nation."""
    details = []
    for key in columns:
        found = _GROWTH.fullmatch(key)
        if found and found[4] == period and (found[1] is not None) == (found[2] == "percentile"):
            since = tidy((columns.name(key) or "").partition(" from ")[2].partition(" to ")[0])
            details.append(Detail(f"growth {found[2]} since {since}", key, number))
    return details
