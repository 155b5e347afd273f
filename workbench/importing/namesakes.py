"""A list without ids names learners who may be on a roster already, with an id: they are not made twice.

A name is taken for the learner of that name only in a class of the same year that has exactly one: there nobody else
can be meant. Accents and apostrophes may be missing in one of the two, unless the list has both forms. The same name
elsewhere in the school leaves the row out, because it may be a learner who moved, or another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.ground import names
from workbench.ground.words import _
from workbench.importing.people import NAME_CODE, name_code
from workbench.importing.records import Batch, Kind, Problem
from workbench.store.departures import year_of

if TYPE_CHECKING:
    from workbench.importing.reading.columns import Numbers
    from workbench.store import Store

Row = Mapping[Any, Any]
#: School, name and school year of a class.
Place = tuple[str, str, str]


class Namesakes:
    """Whom the names of lists without ids mean among those on the rosters.

    `numbers` tell the school and the year of rows that say none; `meant` which term a row means by the one it says.
    """

    def __init__(self, store: Store, numbers: Numbers, meant: Callable[[str], str]) -> None:
        self._store = store
        self._school, self._year = numbers.school, numbers.year
        self._meant_by = meant
        self._known: dict[str, dict[str, set[Place]]] | None = None

    def settle(self, file: str, batch: Batch) -> Batch:
        """The batch with the codes of learners who are known, and without rows that may mean several."""
        learners = batch.frames.get(Kind.LEARNERS)
        if learners is None or not any(code.startswith(NAME_CODE) for code in learners["learner_code"]):
            return batch
        means, doubtful = self._meant(batch)
        frames = {}
        for kind, frame in batch.frames.items():
            kept = frame.loc[~frame["learner_code"].isin(doubtful)]
            frames[kind] = kept.assign(learner_code=[means.get(code, code) for code in kept["learner_code"].tolist()])
        rows = sorted(set(learners.loc[learners["learner_code"].isin(doubtful), "row"].tolist()))
        tally = replace(batch.tally, events=batch.tally.events - len(rows), left_out=batch.tally.left_out + len(rows))
        return replace(
            batch, frames=frames, problems=(*batch.problems, *(_problem(file, row) for row in rows)), tally=tally
        )

    def _meant(self, batch: Batch) -> tuple[dict[str, str], set[str]]:
        """The code of each learner who is known, by the code of the name; and the names that may be several."""
        places: defaultdict[str, set[Place]] = defaultdict(set)
        members = batch.frames.get(Kind.MEMBERSHIPS)
        if members is not None:
            columns = (members[name].tolist() for name in ("learner_code", "school", "class_name", "term"))
            for code, school, name, term in zip(*columns, strict=True):
                year = year_of(self._meant_by(term) or self._year)
                places[code].add((school or self._school, names.spelled(name), year))
        means: dict[str, str] = {}
        doubtful: set[str] = set()
        codes = {names.spelled(code): code for code in batch.frames[Kind.LEARNERS]["learner_code"]}
        for spelled, code in codes.items():
            same = self._named(code)
            if not same or any(names.spelled(one) == spelled for one in same):
                continue
            same = {one: classes for one, classes in same.items() if names.spelled(one) not in codes}
            here = [one for one, classes in same.items() if classes & places[code]]
            schools = {school for school, *_class in places[code]} or {self._school}
            if len(here) == 1:
                means[code] = here[0]
            elif here or any(school in schools for classes in same.values() for school, *_class in classes):
                doubtful.add(code)
        return means, doubtful

    def _named(self, code: str) -> Mapping[str, set[Place]]:
        """The codes of those on rosters who have that name, each with the classes they are in."""
        if self._known is None:
            self._known = _by_name(self._store.roster.learners(), self._store.roster.memberships())
        return self._known.get(names.plain(code), {})


def _by_name(learners: Iterable[Row], memberships: Iterable[Row]) -> dict[str, dict[str, set[Place]]]:
    classes: defaultdict[int, set[Place]] = defaultdict(set)
    for row in memberships:
        classes[row["learner_id"]].add((row["school"], names.spelled(row["name"]), row["year"]))
    found: defaultdict[str, dict[str, set[Place]]] = defaultdict(dict)
    for row in learners:
        if row["id"] in classes:
            found[names.plain(name_code(row["given_name"], row["family_name"]))][row["code"]] = classes[row["id"]]
    return dict(found)


def _problem(file: str, row: int) -> Problem:
    return Problem(
        file,
        row,
        None,
        None,
        _("A learner of this name is on a roster already, in another class or twice, and the list has no ids."),
        _("Add a column “Student ID” and import the list again."),
    )
