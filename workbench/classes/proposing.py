"""Proposes groups of a class: by what learners share, by wishes, or well mixed, with few who sat together lately.

Pure. Two rules hold always: sizes differ by one at most, and those kept apart sit apart where that is possible at all.
Of what is left, the best that a local search finds within its steps: it exchanges two learners as long as that helps,
from several beginnings. `tests/ideas/test_proposing.py` says how far that is from the best there is, where all can be
tried.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, combinations

LEAST, MOST = 2, 6
#: Nobody should be in a group of the same need so many times running.
RUNNING = 3
_BEGINNINGS = 32  # shared out among the groups: fewer of them are settled sooner
_LEAST_BEGINNINGS = 3
_PASSES = 12  # over all exchanges, from one beginning
# What one of each counts for, so that a greater one outweighs all smaller ones of a class.
_APART, _PURPOSE, _AGAIN, _WISH, _RUNNING = 10**9, 10**6, 10**3, 10**2, 10

Pair = frozenset[int]


class By(StrEnum):
    """What groups are made by: a need or an interest that is shared, wishes, unlike learners, or an educator's hand."""

    NEED = "need"
    INTEREST = "interest"
    WISH = "wish"
    MIX = "mix"
    HAND = "hand"


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What groups are made from, by learners' numbers.

    `traits`: what each needs, or likes; by these groups are alike or mixed. `apart`: pairs who are not to sit together.
    `wishes`: with whom each would like to work. `together`: how often a pair sat together lately. `running`: for each
    learner, how many times running they sat in the group of a need.
    """

    traits: Mapping[int, Collection[str]] = field(default_factory=dict)
    apart: Collection[Pair] = ()
    wishes: Mapping[int, Collection[int]] = field(default_factory=dict)
    together: Mapping[Pair, int] = field(default_factory=dict)
    running: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """Some learners and what they share (`about`, "" for nothing), with what speaks for and against it.

    `sharing`: those who share it. `again`: pairs who sat together lately; `wished`: whose wish it keeps; `apart`: pairs
    who should not sit together; `running`: who would be in the group of this need for the third time or more.
    """

    members: tuple[int, ...]
    about: str = ""
    sharing: tuple[int, ...] = ()
    again: tuple[tuple[int, int], ...] = ()
    wished: tuple[int, ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    running: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<Group of {len(self.members)}>"


def sizes(count: int, size: int) -> tuple[int, ...]:
    """The sizes of groups of `count` learners, near `size`; nobody is alone unless they are the only one."""
    groups = max(1, min((count + size // 2) // size, count // LEAST)) if count else 0
    return tuple(count // groups + (place < count % groups) for place in range(groups))


def propose(learners: Iterable[int], by: By | str, known: Known, *, size: int = 4, seed: int = 0) -> tuple[Group, ...]:
    """Groups of near `size`; another `seed` proposes others that are nearly as good. Raises ValueError for `HAND`."""
    by = By(by)
    if by is By.HAND:
        raise ValueError("groups made by hand are not proposed")
    cost = _Cost(by, known, learners)
    drawn = random.Random(seed)  # noqa: S311 (which of many beginnings, nothing secret)
    bits = list(cost.bits.values())
    wanted = sizes(len(bits), size)
    best: list[int] = []
    least = -1
    for _beginning in range(max(_LEAST_BEGINNINGS, _BEGINNINGS // max(1, len(wanted)))):
        drawn.shuffle(bits)
        found = _settled(_dealt(bits, wanted, cost), cost)
        total = sum(map(cost.of, found))
        if least < 0 or total < least:
            best, least = found, total
    groups = [tuple(one for one, bit in cost.bits.items() if bit & group) for group in best]
    return tuple(told(group, by, known) for group in sorted(groups))


def told(members: Sequence[int], by: By | str, known: Known) -> Group:
    """A group with what speaks for and against it, however it was made."""
    by = By(by)
    cost = _Cost(by, known, members)
    about, having = cost.shared(cost.bits_of(members)) if by in (By.NEED, By.INTEREST) else ("", 0)
    if having.bit_count() < LEAST:  # what only one has, nobody shares
        about, having = "", 0
    sharing = tuple(one for one in members if cost.bits[one] & having)
    pairs = list(combinations(sorted(members), 2))
    here = set(members)
    return Group(
        tuple(members),
        about,
        sharing,
        tuple(pair for pair in pairs if known.together.get(frozenset(pair))),
        tuple(one for one in members if here.intersection(known.wishes.get(one, ()))),
        tuple(pair for pair in pairs if frozenset(pair) in cost.apart),
        tuple(one for one in sharing if cost.often(one, about)),
    )


def cost_of(groups: Sequence[Sequence[int]], by: By | str, known: Known) -> int:
    """How much speaks against groups, all in all: what `propose` makes small."""
    return _Cost(By(by), known, chain.from_iterable(groups)).of_all(groups)


class _Cost:
    """How much speaks against a group; what was once worked out is remembered. Groups are bits, one a learner."""

    def __init__(self, by: By, known: Known, everybody: Iterable[int]) -> None:
        self.apart = frozenset(map(frozenset, known.apart))
        self.bits = {one: 1 << place for place, one in enumerate(sorted(everybody))}
        self._by = by
        self._known = known
        traits = {one: frozenset(known.traits.get(one, ())) for one in self.bits}
        named = sorted(frozenset().union(*traits.values()))
        self._having = {trait: self.bits_of(one for one in traits if trait in traits[one]) for trait in named}
        self._often = {trait: self.bits_of(one for one in traits if self.often(one, trait)) for trait in named}
        self._wished = {
            self.bits[one]: self.bits_of(others) for one, others in known.wishes.items() if one in self.bits and others
        }
        self._pairs = {
            (self.bits[one], self.bits[other]): self._pair(one, other, traits)
            for one, other in combinations(self.bits, 2)
        }
        self._groups: dict[int, int] = {}

    def bits_of(self, learners: Iterable[int]) -> int:
        return sum(self.bits.get(one, 0) for one in set(learners))

    def of_all(self, groups: Iterable[Sequence[int]]) -> int:
        return sum(self.of(self.bits_of(one)) for one in groups)

    def of(self, group: int) -> int:
        found = self._groups.get(group)
        if found is None:
            found = self._groups[group] = self._of(group)
        return found

    def shared(self, group: int) -> tuple[str, int]:
        """What most of a group have, of several the first by name, and who."""
        if not self._having:
            return "", 0
        most, _tired, about = min(
            (-(group & who).bit_count(), self._tired(group & who, trait), trait) for trait, who in self._having.items()
        )
        return (about, group & self._having[about]) if most else ("", 0)

    def often(self, learner: int, need: str) -> bool:
        """Whether a learner would sit in the group of this need too many times running."""
        return self._by is By.NEED and self._known.running.get(learner, {}).get(need, 0) + 1 >= RUNNING

    def _tired(self, group: int, need: str) -> int:
        return (group & self._often.get(need, 0)).bit_count()

    def _of(self, group: int) -> int:
        members = [bit for bit in self.bits.values() if bit & group]
        total = sum(self._pairs[pair] for pair in combinations(members, 2))
        unmet = sum(bit in self._wished and not self._wished[bit] & group for bit in members)
        total += unmet * (_PURPOSE if self._by is By.WISH else _WISH)
        if self._by in (By.NEED, By.INTEREST):
            about, sharing = self.shared(group)
            # squares, so that three and one are better than two and two: an exchange at a time leads there
            total += (len(members) ** 2 - sharing.bit_count() ** 2) * _PURPOSE + self._tired(sharing, about) * _RUNNING
        return total

    def _pair(self, one: int, other: int, traits: Mapping[int, frozenset[str]]) -> int:
        pair = frozenset((one, other))
        found = self._known.together.get(pair, 0) * _AGAIN + (pair in self.apart) * _APART
        return found + (self._by is By.MIX) * len(traits[one] & traits[other]) * _PURPOSE


def _dealt(everybody: Sequence[int], wanted: Sequence[int], cost: _Cost) -> list[int]:
    """Each learner in turn into the group with room that costs least with them."""
    groups = [0 for _size in wanted]
    for bit in everybody:
        open_ = [place for place, size in enumerate(wanted) if groups[place].bit_count() < size]
        at = min(open_, key=lambda place: cost.of(groups[place] | bit) - cost.of(groups[place]))
        groups[at] |= bit
    return groups


def _settled(groups: list[int], cost: _Cost) -> list[int]:
    """The groups after every exchange of two learners that helped, and every move from a larger group to a smaller."""
    for _pass in range(_PASSES):
        changes = [_exchanged(groups, at, other, cost) for at, other in combinations(range(len(groups)), 2)]
        if not any(changes):
            break
    return groups


def _exchanged(groups: list[int], at: int, other: int, cost: _Cost) -> bool:
    """Makes the best exchange or move between two groups, if one helps."""
    here, there = groups[at], groups[other]
    now = cost.of(here) + cost.of(there)
    if not now:
        return False
    larger = here.bit_count() - there.bit_count()
    ones = [*_each(here), *([0] if larger < 0 else [])]
    twos = [*_each(there), *([0] if larger > 0 else [])]
    best = min(
        (cost.of(here ^ one | two) + cost.of(there ^ two | one), here ^ one | two, there ^ two | one)
        for one in ones
        for two in twos
    )
    if best[0] >= now:
        return False
    groups[at], groups[other] = best[1:]
    return True


def _each(group: int) -> Iterator[int]:
    """The bits of a group, one by one."""
    while group:
        bit = group & -group
        yield bit
        group ^= bit
