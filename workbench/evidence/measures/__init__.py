"""Measures: what evidence is of, how its values go together, and who says it in which words.

`measures.toml` says what a measure is, `words.LANGUAGE.toml` how it is said; another language is
another file. An importer writes source, measure, aspect and unit as `docs/measures.md` has them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.evidence.evidence import Evidence
from workbench.evidence.measures.words import number, plural, spoken
from workbench.ground.datafile import DataFile
from workbench.ground.words import _

OURS = Path(__file__).parent
BETTER = ("higher", "lower", "neither")
SEEN_BY = ("learner", "adults")
BANDS_OF = ("value", "percentile")
OWN = "own"  # the words and the topic of a measure that only the school knows


class Kind(StrEnum):
    """How values of one measure go together over a school year."""

    SCORE = "score"  # a test's result: each its own
    LEVEL = "level"  # how things stand: the latest
    COUNT = "count"  # an amount of a period: added up
    SHARE = "share"  # a part of a whole: both added up


@dataclass(frozen=True, slots=True)
class Band:
    """A vendor's band; `start` is where it begins, None where only the file can tell."""

    name: str
    start: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What evidence of one source, measure, aspect and unit is. Fields as `measures.toml` explains them.

    `place` is the order of telling; words are those of the language spoken when they are asked for.
    """

    source: str
    measure: str
    aspect: str
    unit: str
    kind: Kind
    better: str = "higher"
    seen_by: str = "learner"
    words: str = ""
    topic: str = ""
    compared: bool = True
    bands: tuple[Band, ...] = ()
    bands_of: str = "value"
    level_in: str = "level"
    usual_week: tuple[tuple[str, float], ...] = ()
    usual_source: str = ""
    place: int = 0

    @property
    def name(self) -> str:
        """For adults, and as a heading."""
        return self._say("name")

    @property
    def learner(self) -> str:
        """For a learner, before an amount."""
        return self._say("learner")

    @property
    def youngest(self) -> str:
        """A sentence for grades K to 2, without a number."""
        return self._say("youngest")

    @property
    def part(self) -> str:
        """The aspect's own name: in our words where it has some, else the vendor's."""
        name = self.aspect.partition(": ")[2] or self.aspect
        return spoken().parts.get(name, name)

    def sentence(self, value: float, of: float | None = None) -> str:
        """A learner's sentence with an amount in it."""
        return self._say("sentence", amount=self.amount(value, of))

    def amount(self, value: float, of: float | None = None) -> str:
        """A value in its unit, `of` a whole where it is a part: "1,240 minutes", "38 of 45 days", "BR325L"."""
        unit = spoken().units.get(self.unit, {})
        named = unit.get("named", ())
        if value in range(1, len(named) + 1):
            return str(named[int(value) - 1])
        if of is not None:
            form = unit.get("of") or _("{n} of {of}")
        elif value < 0 and "below" in unit:
            form, value = unit["below"], -value
        else:
            form = unit.get(plural(value), unit.get("other")) or "{n} {unit}"
        return str(form).format(n=number(value), of=number(of or 0), unit=self.unit)

    def band(self, fact: Evidence) -> str:
        """The vendor's band of a fact: the file's own word, else where the vendor publishes each beginning; or ""."""
        told = fact.details.get(self.level_in)
        if isinstance(told, str) and told:
            return told
        counted = fact.percentile if self.bands_of == "percentile" else fact.value
        met = [band.name for band in self.bands if None not in (counted, band.start) and band.start <= counted]  # type: ignore[operator]
        return met[-1] if met else ""

    def usual(self, grade: str) -> float | None:
        """A usual change in a week, in `unit`, for learners of a grade; None where nobody publishes one."""
        return dict(self.usual_week).get(grade)

    def _say(self, which: str, **given: str) -> str:
        known = spoken().measures
        form = known.get(self.words) or known[OWN]
        own = f"{self.measure}, {self.part}" if self.aspect else self.measure
        aspect = self.aspect.partition(": ")[2] or self.aspect
        said = form[which].format(part=self.part, aspect=aspect, measure=own, **given)
        return said[:1].upper() + said[1:]


def of(fact: Evidence) -> Measure:
    """The measure that a fact is of; one that only the school knows is made from its own name and unit."""
    found = named(fact.source, fact.measure, fact.aspect, fact.unit)
    if found.words != OWN:
        return found
    kind = fact.details.get("kind") or (Kind.SHARE if "of" in fact.details else Kind.LEVEL)
    return replace(found, kind=Kind(kind)) if kind in tuple(Kind) else found


@lru_cache(maxsize=4096)
def named(source: str, measure: str, aspect: str, unit: str) -> Measure:
    """The measure of a source that is called so."""
    for entry in load():
        if entry.meets(source, measure, aspect, unit):
            return replace(entry.what, source=source, measure=measure, aspect=aspect, words=entry.what.words or measure)
    return Measure(source, measure, aspect, unit, Kind.LEVEL, words=OWN, topic=OWN, place=len(load()))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of `measures.toml`: what it meets (nothing: everything) and what that is."""

    sources: tuple[str, ...]
    measures: tuple[str, ...]
    aspects: tuple[str, ...]
    what: Measure

    def meets(self, source: str, measure: str, aspect: str, unit: str) -> bool:
        return (
            unit == self.what.unit
            and (not self.sources or source in self.sources)
            and (not self.measures or measure in self.measures)
            and any(aspect == one or (one.endswith("*") and aspect.startswith(one[:-1])) for one in self.aspects)
        )


@lru_cache(maxsize=2)
def load(folder: Path = OURS) -> tuple[Entry, ...]:
    """The entries of `measures.toml`, in order. Raises BadData naming the file and the line that is wrong."""
    file = DataFile(folder / "measures.toml")
    return tuple(_entry(file, raw, place) for place, raw in enumerate(file.tables("measures")))


def _entry(file: DataFile, raw: dict[str, Any], place: int) -> Entry:
    at = ("[[measures]]", place)
    for key in raw:
        if key not in ("measure", *Measure.__dataclass_fields__):
            raise file.wrong(_("“{key}” is not a thing that a measure has").format(key=key), key, at)
    several = {
        key: file.texts({key: [raw[key]] if isinstance(raw[key], str) else raw[key]}, key, at) if key in raw else ()
        for key in ("source", "measure", "aspect")
    }
    if not isinstance(raw.get("compared", True), bool):
        raise file.wrong(_("“{key}” must be true or false").format(key="compared"), "compared", at)
    usual = raw.get("usual_week", {})
    if not isinstance(usual, dict) or not all(isinstance(one, int | float) for one in usual.values()):
        raise file.wrong(_("“{key}” must be numbers by grade").format(key="usual_week"), "usual_week", at)
    chosen = {
        key: file.one_of(raw, key, allowed, at)
        for key, allowed in (("better", BETTER), ("seen_by", SEEN_BY), ("bands_of", BANDS_OF))
        if key in raw
    }
    texts = ("words", "topic", "level_in", "usual_source")
    plain = {key: file.text(raw, key, at) for key in texts if key in raw or (usual and key == "usual_source")}
    what = Measure(
        source="",
        measure="",
        aspect="",
        unit=file.text(raw, "unit", at),
        kind=Kind(file.one_of(raw, "kind", tuple(Kind), at)),
        compared=raw.get("compared", True),
        bands=_bands(file, raw, at),
        usual_week=tuple((str(grade), float(figure)) for grade, figure in usual.items()),
        place=place,
        **chosen,
        **plain,
    )
    return Entry(several["source"], several["measure"], several["aspect"] or ("",), what)


def _bands(file: DataFile, raw: dict[str, Any], at: tuple[str, int]) -> tuple[Band, ...]:
    listed = raw.get("bands", [])
    found = [
        Band(one) if isinstance(one, str) else Band(str(one["name"]), float(one["from"]))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, str)
        or (isinstance(one, dict) and "name" in one and isinstance(one.get("from"), int | float))
    ]
    starts = [band.start for band in found if band.start is not None]
    if not isinstance(listed, list) or len(found) != len(listed) or starts != sorted(starts):
        raise file.wrong(_("“bands” are names, or a name and a number “from” each, lowest first"), "bands", at)
    return tuple(found)
