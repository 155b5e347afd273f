"""What an import, or taking one back, takes from whom: classes, educators and learners seen now and then no more.

Pure functions of memberships and enrolments as `Roster.supposing` has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.ground.days import short
from workbench.ground.names import sort_key
from workbench.ground.terms import Term
from workbench.ground.words import _, ngettext

Row = Mapping[Any, Any]
NAMED = 6  # classes or columns that a sentence names
_MANY = 20  # more than one in so many who leave are asked about
_HALF = 2


@dataclass(frozen=True, slots=True)
class ClassTaken:
    """A class of `size` learners, of whom `lost` are not in it afterwards; `educators` are those who lose it.

    `over`: its school moves on to a newer year with it, so that this is ordinary.
    """

    name: str
    school: str
    year: str
    size: int
    lost: int
    educators: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # who have it instead
    over: bool = False


@dataclass(frozen=True, slots=True)
class SchoolLeft:
    """A school of `size` learners, of whom `lost` are at no school afterwards; `after`: its size then.

    `turned`: it moves on to a newer term with it, so that other classes are ordinary.
    """

    name: str
    size: int
    lost: int
    after: int
    turned: bool

    @property
    def asks(self) -> bool:
        """Whether so many leave that it should be asked about."""
        if self.turned:
            return 5 * self.after < 4 * self.size
        return self.lost > 1 and self.lost * _MANY > self.size


@dataclass(frozen=True, slots=True)
class Handover:
    """What is taken away. `gone`: classes without learners afterwards; `handed`: those with other educators than now.

    `educators`: how many have a class less; `alone`: how many have no learner any more. `schools` are by all rosters,
    `enrolling` by enrolments alone: a class may keep whom its school has lost.
    """

    gone: tuple[ClassTaken, ...] = ()
    handed: tuple[ClassTaken, ...] = ()
    thinned: tuple[ClassTaken, ...] = ()  # that lose some of their learners
    schools: tuple[SchoolLeft, ...] = ()
    enrolling: tuple[SchoolLeft, ...] = ()
    learners: int = 0  # with a class or a school now and none afterwards, or enrolled now and not afterwards
    educators: int = 0
    alone: int = 0

    @property
    def takes(self) -> bool:
        """Whether anything is taken from anybody."""
        return bool(self.gone or self.handed or self.thinned or self.learners)

    @property
    def asks(self) -> bool:
        """Whether it takes more than a school's ordinary weeks do, so that somebody should say that it is right."""
        emptied = any(one.size > 1 for one in self.gone if not one.over)
        thinned = any(_HALF * one.lost >= one.size > _HALF for one in self.thinned if not one.over)
        return emptied or thinned or any(one.asks for one in (*self.schools, *self.enrolling))


def handover(before: tuple[Sequence[Row], Sequence[Row]], after: tuple[Sequence[Row], Sequence[Row]]) -> Handover:
    """What is there before and not after; each is memberships and enrolments that count as now."""
    (old, old_enrolled), (new, new_enrolled) = before, after
    turned, years = _turned(old, new), _years(new)
    was, is_ = _classes(old), _classes(new)
    gone, handed, thinned = [], [], []

    def is_over(one: _Class) -> bool:
        return one.row["school"] in turned and _year(one.row) not in years

    for number, one in was.items():
        now = is_.get(number)
        if now is None:
            gone.append(one.taken(one.members, one.educators, {}, is_over(one)))
            continue
        lost_to = {code: name for code, name in one.educators.items() if code not in now.educators}
        if lost_to:
            others = {code: name for code, name in now.educators.items() if code not in one.educators}
            handed.append(one.taken(one.members - now.members, lost_to, others, is_over(one)))
        elif one.members - now.members:
            thinned.append(one.taken(one.members - now.members, {}, {}, is_over(one)))
    schools, left = _left((*old, *old_enrolled), (*new, *new_enrolled), turned)
    enrolling, unenrolled = _left(old_enrolled, new_enrolled, turned)
    had, has = _by_educator(old), _by_educator(new)
    return Handover(
        _in_order(gone), _in_order(handed), _in_order(thinned), schools, enrolling,
        learners=len(left | unenrolled),
        educators=sum(bool(classes - has.get(code, set())) for code, classes in had.items()),
        alone=len(had.keys() - has.keys()),
    )  # fmt: skip


@dataclass(slots=True)
class _Class:
    row: Row
    members: set[int]
    educators: dict[str, str]

    def taken(self, lost: set[int], educators: Mapping[str, str], others: Mapping[str, str], over: bool) -> ClassTaken:
        losing, having = (
            tuple(sorted((name or code for code, name in some.items()), key=sort_key)) for some in (educators, others)
        )
        row = self.row
        return ClassTaken(row["name"], row["school"], row["year"], len(self.members), len(lost), losing, having, over)


def _classes(rows: Iterable[Row]) -> dict[int, _Class]:
    found: dict[int, _Class] = {}
    for row in rows:
        one = found.setdefault(row["class_id"], _Class(row, set(), {}))
        one.members.add(row["learner_id"])
        if row["educator_code"]:
            one.educators[row["educator_code"]] = row["educator_name"]
    return found


def _left(
    old: Iterable[Row], new: Iterable[Row], turned: frozenset[str]
) -> tuple[tuple[SchoolLeft, ...], frozenset[int]]:
    """The schools that have fewer learners, and the learners who are at none any more."""
    there, here = _by_school(old), _by_school(new)
    anywhere: set[int] = set().union(*here.values())
    schools = tuple(
        SchoolLeft(name, len(them), len(them - anywhere), len(here[name]), name in turned)
        for name, them in sorted(there.items(), key=lambda one: sort_key(one[0]))
        if them - anywhere or len(here[name]) < len(them)
    )
    return schools, frozenset(set().union(*there.values()) - anywhere)


def _by_school(rows: Iterable[Row]) -> defaultdict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        found[row["school"]].add(row["learner_id"])
    return found


def _by_educator(rows: Iterable[Row]) -> dict[str, set[int]]:
    """The classes of each educator."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row["educator_code"]:
            found[row["educator_code"]].add(row["class_id"])
    return dict(found)


def _turned(old: Iterable[Row], new: Iterable[Row]) -> frozenset[str]:
    """The schools that move on: a term that counted counts no more, and a newer one does."""
    was, is_ = _terms(old), _terms(new)
    return frozenset(
        school for school, terms in was.items() if terms - is_[school] and is_[school] and max(is_[school]) > max(terms)
    )


def _years(rows: Iterable[Row]) -> frozenset[tuple[str, int]]:
    return frozenset(map(_year, rows))


def _year(row: Row) -> tuple[str, int]:
    """The school and the year of a membership."""
    return row["school"], Term.parse(row["term"]).year


def _terms(rows: Iterable[Row]) -> defaultdict[str, set[Term]]:
    found: defaultdict[str, set[Term]] = defaultdict(set)
    for school, term in {(row["school"], row["term"]) for row in rows}:
        found[school].add(Term.parse(term))
    return found


def _in_order(found: Iterable[ClassTaken]) -> tuple[ClassTaken, ...]:
    return tuple(sorted(found, key=lambda one: (sort_key(one.school), len(one.name), sort_key(one.name), one.year)))


# In sentences


def some(names: Sequence[str]) -> str:
    """The names, or of many the first ones and how many more there are."""
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    return _("{names} and {count} more").format(names=", ".join(names[:NAMED]), count=f"{len(names) - NAMED:,}")


def _names(classes: Sequence[ClassTaken]) -> list[str]:
    """What classes are called, with the school year where they are of several."""
    several = len({one.year for one in classes}) > 1
    return [f"{one.name} ({one.year})" if several else one.name for one in classes]


def all_said(now: Handover, later: Iterable[tuple[date, Handover]]) -> Iterator[str]:
    """What is taken, now and on days to come, a sentence each."""
    yield from said(now)
    for day, found in later:
        for line in said(found):
            yield _("From {day} on: {what}").format(day=short(day), what=line)


def said(found: Handover) -> tuple[str, ...]:
    """What is taken, a sentence each; few classes are named, many counted."""
    lines = []
    taken = (*found.gone, *found.handed)
    if taken:
        classes = ngettext("{count} class", "{count} classes", len(taken)).format(count=f"{len(taken):,}")
        names = some(_names(taken))
        if found.educators:
            educators = ngettext("{count} educator", "{count} educators", found.educators)
            told = _("This takes {classes} from {educators}: {names}.")
            lines.append(told.format(classes=classes, educators=educators.format(count=found.educators), names=names))
        else:
            lines.append(_("This leaves {classes} without learners: {names}.").format(classes=classes, names=names))
    if found.alone:
        told = ngettext(
            "{count} educator has no learner any more then.",
            "{count} educators have no learner any more then.",
            found.alone,
        )
        lines.append(told.format(count=f"{found.alone:,}"))
    if 0 < len(found.handed) <= NAMED:
        for one in found.handed:
            if one.others:
                told = _("{name} goes from {educators} to {others}.")
                was, is_ = ", ".join(one.educators), ", ".join(one.others)
                lines.append(told.format(name=one.name, educators=was, others=is_))
    for school in found.schools:
        if school.lost:
            told = ngettext(
                "{count} of {size} learners at {school} is on no roster any more then.",
                "{count} of {size} learners at {school} are on no roster any more then.",
                school.lost,
            )
            lines.append(told.format(count=f"{school.lost:,}", size=f"{school.size:,}", school=school.name))
    on_none = {school.name: school.lost for school in found.schools}
    for school in found.enrolling:
        if school.lost > on_none.get(school.name, 0):
            told = ngettext(
                "{count} of {size} learners at {school} is not enrolled any more then.",
                "{count} of {size} learners at {school} are not enrolled any more then.",
                school.lost,
            )
            lines.append(told.format(count=f"{school.lost:,}", size=f"{school.size:,}", school=school.name))
    if found.thinned:
        lost = sum(one.lost for one in found.thinned)
        told = ngettext("{count} learner leaves a class: {names}.", "{count} learners leave a class: {names}.", lost)
        names = some([f"{one.name} ({one.lost}/{one.size})" for one in found.thinned])
        lines.append(told.format(count=f"{lost:,}", names=names))
    return tuple(lines)
