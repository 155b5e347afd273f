"""Whom the codes of files mean, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest

from workbench import Workbench
from workbench.evidence.matching import Known, Mention, Reason, names_of
from workbench.ground.errors import NotAllowed, NotFound
from workbench.importing.reading.columns import COLUMNS_OF, Numbers
from workbench.importing.records import COLUMNS, Kind, code_of
from workbench.learners.learners import Learner
from workbench.workspace import Workspace

from ..conftest import clock

OFFICE = "admin:office"
LUZ, OMAR = "605001", "605002"
LEXIA = code_of("lexia", "LMarin")
ROSTER: dict[Kind, list[dict[str, Any]]] = {
    Kind.LEARNERS: [
        {"learner_code": LUZ, "family_name": "Marín", "given_name": "Luz", "birth_date": date(2016, 5, 1)},
        {"learner_code": OMAR, "family_name": "Haddad", "given_name": "Omar", "birth_date": date(2016, 7, 9)},
    ],
    Kind.MEMBERSHIPS: [
        {"learner_code": LUZ, "school": "Cedar Hill", "class_name": "4B", "term": "2026-2027", "educator_code": "t17"},
        {"learner_code": OMAR, "school": "Cedar Hill", "class_name": "4A", "term": "2026-2027", "educator_code": "t05"},
    ],
}


def minutes(code: str, value: float = 42.0, day: date = date(2026, 11, 2), **more: Any) -> dict[str, Any]:
    fact = {"source": "lexia_core5", "measure": "minutes", "taken_on": day, "term": "2026-2027", "value": value}
    return {"learner_code": code, **fact, "unit": "minutes", "standing": "other", **more}


def identifier(code: str, kind: str, value: str) -> dict[str, Any]:
    return {"learner_code": code, "kind": kind, "value": value}


def mention(code: str, given: str, family: str, **more: Any) -> dict[str, Any]:
    return {"learner_code": code, "given_name": given, "family_name": family, **more}


def bring(bench: Workbench, frames: Mapping[Kind, list[dict[str, Any]]]) -> int:
    """Commits what some file's importer might hand over; returns the import's number."""
    sightings = bench.desk.store.sightings
    import_id = sightings.begin(str(bench.actor), clock())
    file_id = sightings.begin_file(import_id, "file.csv", f"{import_id}", "test")
    numbers = Numbers(sightings, "Cedar Hill", clock().date())
    empty: dict[str, Any] = {"birth_date": None, "error": float("nan"), "percentile": float("nan")}
    for kind, rows in frames.items():
        whole = [
            {name: empty.get(name, "") for name in COLUMNS[kind]} | {"row": at} | row for at, row in enumerate(rows, 2)
        ]
        columns = COLUMNS_OF[kind](pd.DataFrame(whole, columns=list(COLUMNS[kind]), dtype=object), numbers)
        size = len(rows)
        columns |= {"import_id": [import_id] * size, "file_id": [file_id] * size}
        sightings.write(kind, columns, import_id, clock())
    sightings.commit(import_id, str(bench.actor), clock())
    return import_id


@pytest.fixture
def opened(workspace: Workspace) -> Any:
    benches: list[Workbench] = []

    def open_as(actor: str = OFFICE) -> Workbench:
        benches.append(Workbench.open(workspace, actor=actor, clock=clock))
        return benches[-1]

    yield open_as
    for bench in benches:
        bench.close()


Opened = Callable[..., Workbench]


def values(bench: Workbench, code: str) -> list[float]:
    return [fact.value for fact in bench.evidence.of(bench.learners.named(code))]


def test_the_same_id_of_the_same_kind_tells_whom_a_row_means_in_whatever_order_files_came(opened: Opened) -> None:
    usage = {Kind.EVIDENCE: [minutes(LEXIA), minutes(code_of("state", "604821"), 7, date(2026, 11, 3))]}
    ids = {Kind.IDENTIFIERS: [identifier(LUZ, "lexia", "lmarin"), identifier(LUZ, "state", "604821")]}
    bench = opened()
    bring(bench, usage)
    assert "Results wait under 2 names or ids" in bench.imports.unnamed()
    bring(bench, ids)
    assert len(bench.matching.waiting()) == 2
    roster = bring(bench, ROSTER)
    assert values(bench, LUZ) == [42, 7]
    assert {fact.learner for fact in bench.evidence.of(bench.learners.named(LUZ))} == {bench.learners.named(LUZ).id}
    assert values(bench, OMAR) == []
    assert bench.matching.waiting() == ()
    assert bench.imports.unnamed() == ""

    then = bench.snapshot
    bench.imports.undo(roster)
    bring(bench, {kind: rows[1:] for kind, rows in ROSTER.items()})
    assert len(bench.matching.waiting()) == 2
    past = bench.at(then)
    assert [fact.value for fact in past.evidence.of(past.learners.named(LUZ))] == [42, 7]


def test_an_id_that_two_learners_carry_tells_nothing_nor_does_one_of_another_kind_or_a_name(opened: Opened) -> None:
    bench = opened()
    both = [identifier(LUZ, "email", "home@x"), identifier(OMAR, "email", "home@x"), identifier(LUZ, "state", "77")]
    bring(bench, ROSTER | {Kind.IDENTIFIERS: both})
    named = code_of("named", "marín, luz|2016-05-01")
    doubtful = code_of("myon", "both")
    bring(
        bench,
        {
            Kind.EVIDENCE: [
                minutes(one) for one in (code_of("email", "HOME@x"), code_of("lexia", "77"), named, doubtful)
            ],
            Kind.IDENTIFIERS: [identifier(doubtful, "state", "77"), identifier(doubtful, "number", "9")],
        },
    )
    assert values(bench, LUZ) == [42]  # one fact: that of the id of the same kind
    bring(bench, {Kind.IDENTIFIERS: [identifier(OMAR, "number", "9")]})  # now its two ids point at two learners
    assert (values(bench, LUZ), values(bench, OMAR)) == ([], [])
    assert len(bench.matching.waiting()) == 4


def test_what_a_person_confirmed_counts_for_every_later_file_and_can_be_taken_back(opened: Opened) -> None:
    bench = opened()
    bring(bench, ROSTER)
    bring(bench, {Kind.EVIDENCE: [minutes(LEXIA)], Kind.MENTIONS: [mention(LEXIA, "Luz", "Marin")]})
    (waiting,) = bench.matching.waiting()
    assert (waiting.code, waiting.pieces, waiting.sources) == (LEXIA, 1, ("lexia_core5",))
    assert [(one.learner.code, one.reason) for one in waiting.proposals] == [(LUZ, Reason.NAME)]
    assert values(bench, LUZ) == []
    before = bench.snapshot

    bench.matching.confirm({waiting.id: waiting.proposals[0].learner})
    bring(bench, {Kind.EVIDENCE: [minutes(LEXIA, 50, date(2026, 11, 9))]})
    assert values(bench, LUZ) == [42, 50]
    assert bench.matching.waiting() == ()
    assert bench.at(before).evidence.of(bench.learners.named(LUZ)) == ()
    (said,) = bench.matching.decided()
    assert (said.code, said.learner, said.by) == (LEXIA, bench.learners.named(LUZ).id, OFFICE)

    bench.matching.take_back(said)
    assert values(bench, LUZ) == []
    assert [one.id for one in bench.matching.waiting()] == [waiting.id]
    bench.matching.nobody(waiting)
    assert bench.matching.waiting() == ()
    assert [one.learner for one in bench.matching.decided()] == [None]
    bench.matching.take_back(waiting)
    with pytest.raises(NotFound, match="Nothing of this kind"):
        bench.matching.take_back(waiting)
    with pytest.raises(NotFound, match="not waiting"):
        bench.matching.confirm({bench.learners.named(OMAR).id: bench.learners.named(LUZ)})


def test_of_what_two_codes_of_one_learner_say_the_newest_import_counts(opened: Opened) -> None:
    bench = opened()
    bring(bench, ROSTER | {Kind.IDENTIFIERS: [identifier(LUZ, "lexia", "lmarin")]})
    bring(bench, {Kind.EVIDENCE: [minutes(LUZ, 10)]})
    newest = bring(bench, {Kind.EVIDENCE: [minutes(LEXIA, 11)]})
    assert values(bench, LUZ) == [11]
    bring(bench, {Kind.EVIDENCE: [minutes(LUZ, 12)]})
    assert values(bench, LUZ) == [12]
    bench.imports.undo(newest)
    assert values(bench, LUZ) == [12]


def test_a_learner_s_newest_change_is_also_that_of_whoever_stands_for_them(opened: Opened) -> None:
    bench = opened()
    bring(bench, ROSTER)
    luz, omar = (bench.learners.named(code).id for code in (LUZ, OMAR))
    start = bench.snapshot

    def newest() -> tuple[int, int]:
        found = bench.desk.store.journal.latest_changes([luz, omar], as_of=bench.snapshot)
        return found[luz], found[omar]

    usage = bring(bench, {Kind.EVIDENCE: [minutes(LEXIA)]})
    assert newest() == (start, start)
    (waiting,) = bench.matching.waiting()
    bench.matching.confirm({waiting.id: luz})
    matched = bench.snapshot
    assert newest() == (matched, start)
    bring(bench, {Kind.EVIDENCE: [minutes(LEXIA, 50)]})
    assert newest() == (matched + 1, start)
    bench.matching.take_back(waiting)
    assert newest() == (matched + 2, start)
    bring(bench, {Kind.IDENTIFIERS: [identifier(LUZ, "lexia", "lmarin")]})
    bring(bench, {Kind.IDENTIFIERS: [identifier(OMAR, "lexia", "lmarin")]})  # from now on it tells nothing
    assert newest() == (bench.snapshot, bench.snapshot)
    bench.imports.undo(usage)
    assert newest()[0] == bench.snapshot


def test_who_waits_is_shown_to_whoever_brought_the_file_in_with_the_own_learners_alone(opened: Opened) -> None:
    office, own, other = opened(), opened("teacher:t17"), opened("teacher:t05")
    bring(office, ROSTER)
    omar = code_of("lexia", "ohaddad")
    said = [mention(LEXIA, "Luz", "Marín"), mention(omar, "Omar", "Haddad")]
    bring(own, {Kind.EVIDENCE: [minutes(LEXIA), minutes(omar)], Kind.MENTIONS: said})
    seen = {one.code: [each.learner.code for each in one.proposals] for one in own.matching.waiting()}
    assert seen == {LEXIA: [LUZ], omar: []}
    assert {one.code: len(one.proposals) for one in office.matching.waiting()} == {LEXIA: 1, omar: 1}
    assert other.matching.waiting() == ()

    numbers = {one.code: one.id for one in own.matching.waiting()}
    theirs = office.learners.named(OMAR)
    with pytest.raises(NotAllowed):
        own.matching.confirm({numbers[omar]: theirs})
    with pytest.raises(NotFound):
        other.matching.confirm({numbers[omar]: theirs})
    with pytest.raises(NotFound):
        other.matching.nobody(numbers[omar])
    own.matching.confirm({numbers[LEXIA]: own.learners.named(LUZ)})
    assert other.matching.decided() == ()
    with pytest.raises(NotFound):
        other.matching.take_back(numbers[LEXIA])
    learner = opened(f"learner:{LUZ}")
    with pytest.raises(NotAllowed):
        learner.matching.waiting()
    with pytest.raises(NotAllowed):
        learner.matching.decided()
    told = " ".join(map(repr, [*own.matching.waiting(), *own.matching.decided(), said, *office.matching.waiting()[:1]]))
    assert "lmarin" not in told.replace(repr(said), "")


def learner(number: int, given: str, family: str, born: date | None = None, middle: str = "") -> Learner:
    return Learner(number, str(number), given, family, middle, born)


BORN = date(2016, 5, 1)
KNOWN = Known.of(
    [
        learner(1, "Luz", "Marín", BORN),
        learner(2, "Luz Elena", "Marin", None),
        learner(3, "Seán", "O’Neill"),
        learner(4, "Robert (Bob)", "Smith"),
        learner(5, "Wen", "Li", middle="Mei"),
    ],
    {1: [("", "605001"), ("email", "lmarin@school.org")], 3: [("state", "77123")], 99: [("", "nobody")]},
)


@pytest.mark.parametrize(
    ("said", "ids", "proposed"),
    [
        (Mention("LUZ", "Marin", BORN), [], {1: Reason.NAME_AND_BIRTH, 2: Reason.NAME}),
        (Mention("", "MARÍN, LUZ"), [], {1: Reason.NAME, 2: Reason.NAME}),
        (Mention("", "Luz Marín", class_name="4b"), [], {1: Reason.NAME_AND_CLASS, 2: Reason.NAME}),
        (Mention("Luz", "Marín", date(2015, 1, 1)), [], {1: Reason.OTHER_BIRTH, 2: Reason.NAME}),
        (Mention("Sean", "ONeill"), [], {3: Reason.NAME}),
        (Mention("Robert", "Smith"), [], {4: Reason.NAME}),
        (Mention("Wen Mei", "Li"), [], {5: Reason.NAME}),
        (Mention("Bob", "Smith"), [], {}),
        (Mention(), [("lexia", "LMarin")], {1: Reason.SAME_ID}),
        (Mention(), [("number", "0077123")], {3: Reason.SAME_ID}),
        (Mention("Luz", "Marín"), [("email", "605001@x")], {1: Reason.SAME_ID, 2: Reason.NAME}),
        (Mention("Luz", ""), [("lexia", "no")], {}),
    ],
)
def test_who_may_be_meant_is_told_with_a_reason(
    said: Mention, ids: list[tuple[str, str]], proposed: dict[int, Reason]
) -> None:
    assert KNOWN.proposals(said, ids, {1: {"4B"}}) == proposed
    assert all(reason.words for reason in proposed.values())


def test_a_name_without_letters_is_nobody_s() -> None:
    assert names_of("", "") == names_of("-", "?") == names_of("", "Luz") == set()
