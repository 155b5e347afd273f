"""Groups: what is proposed is the best, or near it; what is kept is remembered, and told to nobody else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations, permutations
from pathlib import Path

import pytest

from workbench import Workbench
from workbench.classes.groups import MEMORY, MOST_WISHES, NAMES, standing
from workbench.classes.proposing import By, Known, cost_of, propose, sizes, told
from workbench.ground.errors import BadInput, NotAllowed
from workbench.sample import cast
from workbench.store import tables

from ..conftest import TODAY, clock

NEEDS = "reading fluency fractions spelling planning listening measuring writing".split()
MADE = (By.NEED, By.INTEREST, By.WISH, By.MIX)


def a_class(count: int, seed: int) -> tuple[list[int], Known]:
    """An invented class: needs, wishes, some kept apart, and who sat together lately."""
    drawn = random.Random(seed)
    everybody = list(range(1, count + 1))
    pairs = [frozenset(pair) for pair in combinations(everybody, 2)]
    return everybody, Known(
        {one: drawn.sample(NEEDS, drawn.randint(0, 3)) for one in everybody},
        drawn.sample(pairs, min(len(pairs), count // 6)),
        {one: set(drawn.choices(everybody, k=drawn.randint(0, 3))) - {one} for one in everybody},
        {pair: drawn.randint(1, 3) for pair in drawn.sample(pairs, min(len(pairs) // 2, count * 2))},
        {one: {drawn.choice(NEEDS): drawn.randint(1, 3)} for one in everybody},
    )


def every(learners: Sequence[int], wanted: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to put learners into groups of these sizes, in this order."""
    if not wanted:
        yield []
        return
    for more in combinations(learners[1:], wanted[0] - 1):
        group = [learners[0], *more]
        for rest in every([one for one in learners if one not in group], wanted[1:]):
            yield [group, *rest]


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [
        (28, 4, (4,) * 7),
        (7, 2, (3, 2, 2)),
        (11, 4, (4, 4, 3)),
        (9, 5, (5, 4)),
        (5, 4, (5,)),
        (3, 2, (3,)),
        (1, 4, (1,)),
        (0, 4, ()),
    ],
)
def test_sizes_are_near_what_is_wanted_and_nobody_is_alone(count: int, size: int, expected: tuple[int, ...]) -> None:
    assert sizes(count, size) == expected


@pytest.mark.parametrize("by", MADE)
@pytest.mark.parametrize("count", [1, 2, 5, 17, 28, 36])
def test_each_is_in_one_group_of_the_right_size_and_apart_from_whom_they_should_be(by: By, count: int) -> None:
    everybody, known = a_class(count, seed=count)
    found = propose(everybody, by, known, size=4)
    assert sorted(one for group in found for one in group.members) == everybody
    assert sorted((len(group.members) for group in found), reverse=True) == list(sizes(count, 4))
    assert count < 17 or not [pair for group in found for pair in group.apart]
    assert propose(everybody, by, known, size=4) == found  # the same again, until one asks for others
    assert count < 28 or propose(everybody, by, known, size=4, seed=1) != found


@pytest.mark.parametrize("by", [By.NEED, By.WISH, By.MIX])
@pytest.mark.parametrize(("count", "size"), [(8, 4), (9, 3), (8, 2)])
def test_where_all_ways_can_be_tried_what_is_proposed_is_the_best(by: By, count: int, size: int) -> None:
    for seed in range(12):
        everybody, known = a_class(count, seed)
        orders = set(permutations(sizes(count, size)))
        least = min(cost_of(ways, by, known) for order in orders for ways in every(everybody, order))
        found = cost_of([group.members for group in propose(everybody, by, known, size=size)], by, known)
        assert found == least, seed


def test_who_sat_together_lately_is_mixed_anew_and_a_wish_is_kept() -> None:
    everybody = list(range(1, 9))
    before = [(1, 2, 3, 4), (5, 6, 7, 8)]
    together = {frozenset(pair): 1 for group in before for pair in combinations(group, 2)}
    found = propose(everybody, By.MIX, Known(together=together, wishes={1: [5], 8: [2]}), size=2)
    assert [group.again for group in found] == [()] * 4
    assert {group.members for group in found} >= {(1, 5), (2, 8)}
    assert [group.wished for group in found if 1 in group.members] == [(1,)]


def test_nobody_is_in_the_group_of_one_need_for_the_third_time_where_that_can_be_helped_and_else_it_is_said() -> None:
    needs = dict.fromkeys((1, 2, 3, 4), ("reading", "planning"))
    known = Known(needs, running={1: {"reading": 2}, 2: {"reading": 2}})
    assert [group.about for group in propose(needs, By.NEED, known, size=2)] == ["planning", "planning"]
    alone = Known(dict.fromkeys((1, 2), ("reading",)), running={1: {"reading": 2}})
    (group,) = propose((1, 2), By.NEED, alone, size=2)
    assert (group.about, group.sharing, group.running) == ("reading", (1, 2), (1,))


def test_a_group_that_was_made_by_hand_says_what_speaks_against_it() -> None:
    known = Known(apart=[frozenset((1, 2))], together={frozenset((2, 3)): 1})
    group = told((1, 2, 3), By.HAND, known)
    assert (group.apart, group.again, group.about) == (((1, 2),), ((2, 3),), "")
    with pytest.raises(ValueError, match="by hand"):
        propose((1, 2), By.HAND, known)


def test_groups_are_kept_remembered_and_taken_apart(teacher: Workbench) -> None:
    class_ = teacher.learners.class_named("4B")
    luz, omar, mei, marcus = (teacher.learners.named(one).id for one in (cast.LUZ, cast.OMAR, cast.MEI, cast.MARCUS))
    seats = teacher.groups.keep(
        class_, {"River": [luz, omar], "Lake": [mei, marcus]}, by="need", on=TODAY, about={"River": "reading"}
    )
    (found,) = standing(teacher.groups.in_class(class_.id, since=TODAY, until=TODAY))
    assert [(name, about, [seat.learner for seat in some]) for name, about, some in found.groups] == [
        (NAMES[0], "reading", [luz, omar]),
        ("Lake", "", [mei, marcus]),
    ]
    assert teacher.groups.in_class(class_.id, since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=9)) == ()
    known = teacher.groups.known(class_, "mix", on=TODAY)
    assert (known.together[frozenset((luz, omar))], frozenset((luz, mei)) in known.together) == (1, False)
    assert known.running[luz] == {"reading": 1}
    later = teacher.groups.known(class_, "mix", on=TODAY + MEMORY + timedelta(days=1))
    assert not later.together

    teacher.groups.take_apart(seats)
    assert teacher.groups.in_class(class_.id, since=TODAY, until=TODAY) == ()
    teacher.groups.seat_again(seats)
    assert len(teacher.groups.in_class(class_.id, since=TODAY, until=TODAY)) == 4


def test_what_cannot_be_kept_is_said(teacher: Workbench) -> None:
    class_ = teacher.learners.class_named("4B")
    members = {one.id for one in teacher.learners.in_class(class_)}
    luz, omar = (teacher.learners.named(one).id for one in (cast.LUZ, cast.OMAR))
    with pytest.raises(BadInput, match="one group"):
        teacher.groups.keep(class_, {"River": [luz, omar], "Lake": [luz]}, by="hand", on=TODAY)
    with pytest.raises(BadInput, match="the day they begin"):
        teacher.groups.keep(class_, {"River": [luz, omar]}, by="hand", on=TODAY, until=TODAY - timedelta(days=1))
    with pytest.raises(BadInput, match="one and the same"):
        teacher.groups.wish(luz, luz)
    stranger = next(one.id for one in teacher.learners.all() if one.id not in members)
    with pytest.raises(BadInput, match="not in the class any more"):
        teacher.groups.keep(class_, {"River": [luz, stranger]}, by="hand", on=TODAY)
    teacher.groups.part(luz, omar)
    with pytest.raises(BadInput, match="kept apart"):
        teacher.groups.wish(omar, luz)


def test_groups_of_a_class_are_made_by_those_who_teach_it(demo: Path) -> None:
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        class_ = office.learners.class_named("4B")
        learners = [one.id for one in office.learners.in_class(class_)]
        taught = {code for code, _name in class_.educators}
        other = next(one for one in office.learners.classes() if not taught.intersection(dict(one.educators)))
    for actor in (f"teacher:{other.educators[0][0]}", "admin:office"):
        with Workbench.open(demo, actor=actor, clock=clock) as bench:
            assert not bench.groups.may_keep(class_)
            with pytest.raises(NotAllowed):
                bench.groups.keep(class_, {"River": learners[:2]}, by="hand", on=TODAY)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as teacher:
        assert teacher.groups.may_keep(class_)


def test_of_two_sets_of_one_day_one_counts_for_the_memory(teacher: Workbench) -> None:
    class_ = teacher.learners.class_named("4B")
    luz, omar = (teacher.learners.named(one).id for one in (cast.LUZ, cast.OMAR))
    for _time in range(2):
        teacher.groups.keep(class_, {"River": [luz, omar]}, by="need", on=TODAY, about={"River": "reading"})
    known = teacher.groups.known(class_, "need", on=TODAY)
    assert (known.together[frozenset((luz, omar))], known.running[luz]) == (1, {"reading": 1})


def test_wishes_are_three_at_most_and_two_are_kept_apart_whoever_is_named_first(teacher: Workbench) -> None:
    class_ = teacher.learners.class_named("4B")
    luz, *others = teacher.learners.in_class("4B")
    for other in others[:MOST_WISHES]:
        teacher.groups.wish(luz, other)
    with pytest.raises(BadInput, match="wishes already"):
        teacher.groups.wish(luz, others[3])
    parted = teacher.groups.part(others[5], luz)
    assert teacher.groups.part(luz, others[5]) == parted
    known = teacher.groups.known(class_, "wish", on=TODAY)
    assert known.apart == (frozenset((luz.id, others[5].id)),)
    assert set(known.wishes[luz.id]) == {one.id for one in others[:MOST_WISHES]}
    teacher.groups.drop(parted)
    assert [one.apart for one in teacher.groups.companions(class_.id)] == [False] * MOST_WISHES
    teacher.groups.undo(parted)
    assert len(teacher.groups.companions(class_.id)) == MOST_WISHES + 1


def test_no_learner_reads_wishes_nor_who_is_kept_apart(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as teacher:
        class_ = teacher.learners.class_named("4B")
        luz, omar, mei = (teacher.learners.named(one) for one in (cast.LUZ, cast.OMAR, cast.MEI))
        teacher.groups.keep(class_, {"River": [luz.id, omar.id], "Lake": [mei.id]}, by="mix", on=TODAY)
        teacher.groups.part(luz, mei)
    with Workbench.open(demo, actor=f"learner:{cast.LUZ}", clock=clock) as bench:
        assert bench.groups.companions(class_.id) == ()
        assert bench.groups.in_class(class_.id, since=TODAY, until=TODAY) == ()
        assert bench.groups.known(class_.id, "mix", on=TODAY) == Known()
        with pytest.raises(NotAllowed):
            bench.groups.wish(luz, omar)


def test_whoever_is_forgotten_is_in_nobody_s_wishes(demo: Path) -> None:
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as teacher:
        luz, omar, mei = (teacher.learners.named(one) for one in (cast.LUZ, cast.OMAR, cast.MEI))
        teacher.groups.wish(omar, luz)
        teacher.groups.part(mei, omar)
    with Workbench.open(demo, actor="admin:office", clock=clock) as office:
        office.records.forget(luz)
    with Workbench.open(demo, actor="teacher:t17", clock=clock) as teacher:
        left = teacher.groups.companions(teacher.learners.class_named("4B").id)
        assert [(one.learner, one.other) for one in left] == [(mei.id, omar.id)]


def test_both_are_told_in_no_report() -> None:
    assert not {"seats", "companions"} & set(tables.SHOWN)
