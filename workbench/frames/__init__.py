"""Tables for analysts: what the actor may see, as pandas frames, tidy and of fixed types.

bench.frames.scores("4B")
bench.frames.growth("4B", measure="reading", start="Fall 2025", end="Fall 2026")
bench.frames.columns("scores")

`docs/frames.md` tells each table and column. A row carries the learner's number; names and words stand there only when
they are asked for. Whom the actor may not see is left out, and `frame.attrs["left_out"]` tells how many those are.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.access.actors import Action
from workbench.access.gate import asks_inside, learner_of, no_learner
from workbench.conferences.conferences import CONFERENCES
from workbench.conferences.reflections import REFLECTIONS
from workbench.conferences.strengths import FINDINGS
from workbench.evidence import measures
from workbench.evidence.evidence import Evidence, lines, read
from workbench.evidence.growth import apart, growths
from workbench.evidence.measures import Kind
from workbench.evidence.measures.amounts import amount, began, of_the_year
from workbench.evidence.telling import said_term
from workbench.facet import Facet, Kept
from workbench.frames.columns import ENGLISH, GRADES, TABLES, framed
from workbench.goals.goals import GOALS
from workbench.goals.progress import CHECK_INS
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.terms import Term, school_year
from workbench.ground.words import _, ngettext, speaking
from workbench.learners.learners import Learner, Learners, SchoolClass, by_name

if TYPE_CHECKING:
    import pandas as pd

#: Of whom a table is: a class or a school by name, a learner (also by name), a list of learners; None: all one may see.
Of = str | int | SchoolClass | Learner | Iterable[Learner | int] | None
K = TypeVar("K")
_DAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class _Whom:
    """Whom a table is of: those the actor may see, by family name, what is said of each; how many are left out."""

    table: str
    learners: Sequence[int]
    who: Mapping[int, Mapping[str, Any]]
    left_out: int
    of: str

    def __repr__(self) -> str:
        return f"<{len(self.learners)} learners>"


class Frames(Facet):
    """`bench.frames`: a table of each kind. Each is one look at all whom it shows."""

    __slots__ = ()

    @no_learner
    def columns(self, table: str = "") -> pd.DataFrame:
        """The columns of a table, or of all, with what each means. Raises NotFound with the nearest names."""
        import pandas as pd

        if table and table not in TABLES:
            raise NotFound.among(_("table"), table, TABLES)
        told = [
            {"table": name, "column": one.name, "type": str(one.type), "meaning": one.meaning}
            for name, columns in TABLES.items()
            for one in columns
            if table in ("", name)
        ]
        return pd.DataFrame(told, dtype="string")

    @asks_inside
    def learners(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """A learner a row: grade, school and class now."""
        whom = self._whom("learners", of, Action.MEET)
        own = self.desk.workspace.school
        known = sorted(  # of several schools the one that was asked for speaks, else one's own
            self.store.roster.enrolled(as_of=self.as_of),
            key=lambda row: (row["school"] == whom.of, row["school"] == own, row["school"]),
        )
        enrolled = {row["learner_id"]: row for row in known}
        joined = Counter(number for number, _class in self._memberships(whom.learners))
        rows = [
            {
                "grade": _grade(enrolled[one]["grade"]) if one in enrolled else None,
                "school": enrolled[one]["school"] if one in enrolled else None,
                "classes": joined[one],
                "learner": one,
            }
            for one in whom.learners
        ]
        return self._framed(whom, rows, names=names)

    @asks_inside
    def scores(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """A result of a whole test a row, by learner and day; its areas are in `areas`."""
        whom = self._whom("scores", of, Action.READ)
        return self._framed(whom, map(_score, self._tests(whom)), names=names)

    @asks_inside
    def growth(
        self, of: Of = None, *, measure: str = "", start: str = "", end: str = "", names: bool = False
    ) -> pd.DataFrame:
        """A change between two tests of one learner and measure a row, with its error; see docs/growth.md.

        Of every pair of terms, or of those that `start` and `end` name ("Fall 2025"). Rushed tests and pairs that
        cannot be compared are there, with why not. Raises NotFound with the nearest names of a measure or term.
        """
        whom = self._whom("growth", of, Action.READ)
        facts = list(self._tests(whom))
        if measure:
            _known(_("measure"), measure, {fact.measure for fact in facts})
        wanted = [_term(term, facts) for term in (start, end)]
        rows = [
            _growth(one)
            for own in _by_learner(facts).values()
            for line in _lines(own)
            if measure in ("", line.measure)
            for one in growths(line)
            if wanted[0] in ("", one.start.term) and wanted[1] in ("", one.end.term)
        ]
        return self._framed(whom, rows, names=names)

    @asks_inside
    def areas(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """An area of a test a row, of every term's growth event."""
        whom = self._whom("areas", of, Action.READ)
        tests: dict[tuple[Any, ...], list[Evidence]] = defaultdict(list)
        for fact in self._facts(whom):
            if fact.aspect.startswith(_AREA) and fact.standing != "repeat":
                tests[fact.learner, fact.source, fact.measure, fact.language, fact.term, fact.unit].append(fact)
        rows = []
        for parts in tests.values():
            middle = fmean(one.value for one in parts)
            telling = apart([(one.value, one.error) for one in parts])
            rows += [
                {
                    **_plain(one),
                    "area": one.aspect.removeprefix(_AREA),
                    "away": one.value - middle,
                    "telling": telling,
                }
                for one in parts
            ]
        return self._framed(whom, rows, names=names)

    @asks_inside
    def amounts(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """What each counted measure comes to in each school year, over periods that do not overlap, a row each."""
        whom = self._whom("amounts", of, Action.READ)
        rows = []
        for learner, own in _by_learner(self._facts(whom)).items():
            for year in sorted({school_year(began(fact)) for fact in own}):
                for one in of_the_year(own, date(int(year[:4]) + 1, 6, 30)):
                    rows.append(
                        {
                            "learner": learner,
                            "source": one.measure.source,
                            "measure": " ".join(filter(None, (one.measure.measure, one.measure.aspect))),
                            "year": year,
                            "value": one.value,
                            "of": one.of,
                            "unit": one.measure.unit,
                            "kind": str(one.measure.kind),
                            "from_": min(map(began, one.facts)),
                            "until": max(fact.taken_on for fact in one.facts),
                        }
                    )
        return self._framed(whom, rows, names=names)

    @asks_inside
    def attendance(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """A learner's week a row: days present of those counted. What files tell by month or year only is not here."""
        whom = self._whom("attendance", of, Action.READ)
        weeks: dict[tuple[int, date], dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
        for fact in self._facts(whom):
            monday = fact.taken_on - fact.taken_on.weekday() * _DAYS
            if fact.source == "attendance" and began(fact) >= monday:
                weeks[fact.learner, monday][fact.measure].append(fact)
        rows = []
        for (learner, monday), told in weeks.items():
            here, late = told.get("days present"), told.get("times late")
            if not here:
                continue
            came = amount(measures.of(here[0]), here)
            rows.append(
                {
                    "learner": learner,
                    "week": monday,
                    "present": came.value,
                    "enrolled": came.of,
                    "rate": came.value / came.of if came.of else None,
                    "late": amount(measures.of(late[0]), late).value if late else None,
                }
            )
        return self._framed(whom, rows, names=names)

    @asks_inside
    def coverage(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """Whether each learner has a test, a row for each source, measure and term that anybody among them has."""
        whom = self._whom("coverage", of, Action.READ)
        met = Counter((fact.learner, fact.source, fact.measure, fact.term) for fact in self._tests(whom))
        cells = sorted({key[1:] for key in met})
        rows = [
            {
                "learner": one,
                "source": source,
                "measure": measure,
                "term": term,
                "has": (one, source, measure, term) in met,
                "tests": met[one, source, measure, term],
            }
            for one in whom.learners
            for source, measure, term in cells
        ]
        return self._framed(whom, rows, names=names)

    @asks_inside
    def conferences(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """A conference a row, as it stands."""
        whom = self._whom("conferences", of, Action.FOLLOW)
        last: dict[int, date] = {}
        rows = []
        for one in sorted(self._records(CONFERENCES, whom), key=lambda one: one.held_on):
            before = last.get(one.learner)
            last[one.learner] = one.held_on
            days = (one.held_on - before).days if before else None
            rows.append({**_fields(one, "protocol", "band", "held_on", "finished_on"), "days_since_last": days})
        return self._framed(whom, rows, names=names)

    @asks_inside
    def goals(self, of: Of = None, *, names: bool = False, words: bool = False) -> pd.DataFrame:
        """A goal a row, as it stands, with how often it was looked at."""
        whom = self._whom("goals", of, Action.FOLLOW)
        looks: dict[str, list[date]] = defaultdict(list)
        for look in self._records(CHECK_INS, whom):
            looks[look.goal].append(look.held_on)
        rows = []
        for one in self._records(GOALS, whom):
            newest = max(looks[one.id], default=None)
            more = {
                "long": bool(one.parent),
                "check_ins": len(looks[one.id]),
                "last_check_in": newest,
                "days_open": (newest - one.chosen_on).days if newest else None,
            }
            rows.append({**_fields(one, "words", "horizon", "area", "state", "chosen_on", "due_on"), **more})
        return self._framed(whom, rows, names=names, words=words)

    @asks_inside
    def check_ins(self, of: Of = None, *, names: bool = False, words: bool = False) -> pd.DataFrame:
        """A check-in a row."""
        whom = self._whom("check_ins", of, Action.FOLLOW)
        areas = {one.id: one.area for one in self._records(GOALS, whom)}
        rows = [
            {
                **_fields(one, "words", "held_on", "feeling", "who", "measure", "number"),
                "area": areas.get(one.goal, ""),
            }
            for one in self._records(CHECK_INS, whom)
        ]
        return self._framed(whom, rows, names=names, words=words)

    @asks_inside
    def reflections(self, of: Of = None, *, names: bool = False, words: bool = False) -> pd.DataFrame:
        """What was answered in a conference, an answer a row."""
        whom = self._whom("reflections", of, Action.HEAR)
        held = {one.id: one.held_on for one in self._records(CONFERENCES, whom)}
        rows = [
            {**_fields(one, "words", "move", "prompt", "choice", "said_by"), "held_on": held.get(one.conference)}
            for one in self._records(REFLECTIONS, whom)
        ]
        return self._framed(whom, rows, names=names, words=words)

    @asks_inside
    def findings(self, of: Of = None, *, names: bool = False, words: bool = False) -> pd.DataFrame:
        """A strength or a need a row."""
        whom = self._whom("findings", of, Action.HEAR)
        held = {one.id: one.held_on for one in self._records(CONFERENCES, whom)}
        rows = [
            {**_fields(one, "words", "kind", "domain"), "held_on": held.get(one.conference)}
            for one in self._records(FINDINGS, whom)
        ]
        return self._framed(whom, rows, names=names, words=words)

    @asks_inside
    def evidence(self, of: Of = None, *, names: bool = False) -> pd.DataFrame:
        """Every current fact as it was read, a row each: for what no other table tells."""
        whom = self._whom("evidence", of, Action.READ)
        rows = (
            {**_plain(one), "aspect": one.aspect, "details": json.dumps(dict(one.details), sort_keys=True)}
            for one in self._facts(whom)
        )
        return self._framed(whom, rows, names=names)

    def _whom(self, table: str, of: Of, action: Action) -> _Whom:
        numbers, said = self._meant(of)
        what = f"Frames.{table}"
        if len(numbers) == 1:
            self.gate.permit(action, numbers[0], what)
        seen = self.gate.permitted(action, numbers, what) if len(numbers) > 1 else frozenset(numbers)
        people = map(Learner.of, self.store.roster.learners(seen, as_of=self.as_of))
        classes = {one.id: one.name for one in by_name(self._beside(Learners).classes())}
        order = {number: place for place, number in enumerate(classes)}
        joined: dict[int, list[int]] = defaultdict(list)
        for number, class_ in self._memberships(seen):
            joined[number].append(class_)
        who = {
            one.id: {
                "learner": one.id,
                "name": one.name,
                "class_": next((classes[each] for each in sorted(joined[one.id], key=order.__getitem__)), None),
            }
            for one in sorted(people, key=lambda one: one.sort_key)
        }
        return _Whom(table, tuple(who), who, len(numbers) - len(seen), said)

    def _memberships(self, learners: Iterable[int]) -> set[tuple[int, int]]:
        rows = self.store.roster.memberships(list(learners), as_of=self.as_of)
        return {(row["learner_id"], row["class_id"]) for row in rows}

    def _meant(self, of: Of) -> tuple[list[int], str]:
        """The numbers of the learners that are meant, whoever may see them, and how one calls them."""
        known = self._beside(Learners)
        if of is None:
            return [row["id"] for row in self.store.roster.learners(as_of=self.as_of)], ""
        if isinstance(of, SchoolClass):
            return self._members(of.id), of.name
        if isinstance(of, str):
            return self._called(of, known)
        try:
            if isinstance(of, Learner | int):
                return [learner_of(self.store, of)], ""
            return list(dict.fromkeys(learner_of(self.store, one) for one in of)), "a list"
        except TypeError:
            raise BadInput(
                _("It is not said of whom the table is to be."),
                _("Give a class (\"4B\"), a school, a learner, or a list of learners; nothing for all."),
            ) from None  # fmt: skip

    def _called(self, name: str, known: Learners) -> tuple[list[int], str]:
        """A class of this name, else a school, else a learner; raises NotFound with the nearest classes."""
        try:
            class_ = known.class_named(name)
        except NotFound:
            rows = self.store.roster.enrolled(as_of=self.as_of)
            school = {row["learner_id"] for row in rows if row["school"] == name}
            if school:
                return sorted(school), name
            try:
                return [known.named(name).id], ""
            except NotFound:
                pass
            raise
        return self._members(class_.id), class_.name

    def _facts(self, whom: _Whom) -> Iterable[Evidence]:
        return read(self.store.sightings.evidence(list(whom.learners), as_of=self.as_of))

    def _tests(self, whom: _Whom) -> Iterator[Evidence]:
        """Results of whole tests."""
        return (fact for fact in self._facts(whom) if not fact.aspect and measures.of(fact).kind is Kind.SCORE)

    def _records(self, kept: Kept[K], whom: _Whom) -> tuple[K, ...]:
        return self._all(kept, learner_id=list(whom.learners))

    def _framed(
        self, whom: _Whom, rows: Iterable[Mapping[str, Any]], *, names: bool, words: bool = False
    ) -> pd.DataFrame:
        hidden = {name for name, shown in (("name", names), ("words", words)) if not shown}
        place = {number: place for place, number in enumerate(whom.learners)}
        ordered = sorted(rows, key=lambda row: place[row["learner"]])
        frame = framed(whom.table, ({**row, **whom.who[row["learner"]]} for row in ordered), hidden)
        frame.attrs |= {
            "table": whom.table,
            "of": whom.of,
            "left_out": whom.left_out,
            "on": self.desk.today.isoformat(),
        }
        if whom.left_out and whom.of:
            said = ngettext(
                "{met} of {all}: {count} learner is left out, of whom you may not see this.",
                "{met} of {all}: {count} learners are left out, of whom you may not see this.",
                whom.left_out,
            )
            met = len(whom.learners)
            warnings.warn(said.format(met=met, all=met + whom.left_out, count=whom.left_out), UserWarning, stacklevel=3)
        return frame


_AREA = "area: "


def _plain(one: Evidence) -> dict[str, Any]:
    """What several tables have of a fact."""
    names = ("learner", "source", "measure", "taken_on", "term", "value", "error", "unit")
    return {**_fields(one, *names, "percentile", "norms", "standing"), "language": one.language or ENGLISH}


def _score(one: Evidence) -> dict[str, Any]:
    term = Term.parse(one.term)
    return {
        **_plain(one),
        "season": term.season_name or None,
        "year": term.year or None,
        "low": None if one.error is None else one.value - one.error,
        "high": None if one.error is None else one.value + one.error,
        "rapid_guessing": _number(one.details.get("rapid_guessing")),
        "rushed": one.rushed,
        "minutes": _number(one.details.get("minutes")),
        "before": one.before,
    }


def _growth(one: Any) -> dict[str, Any]:
    return {
        **_fields(one.end, "learner", "source", "measure", "unit"),
        "language": one.end.language or ENGLISH,
        "start_term": one.start.term,
        "end_term": one.end.term,
        "start": one.start.value,
        "end": one.end.value,
        "growth": one.value,
        **_fields(one, "weeks", "error", "verdict", "why_not", "norms_same", "expected"),
        "comparable": not one.why_not,
        "index": _number(one.vendors("index")),
        "growth_percentile": _number(one.vendors("percentile")),
        "met": one.vendors("met"),
    }


def _lines(facts: Sequence[Evidence]) -> Iterator[Any]:
    scales = dict.fromkeys((fact.source, fact.unit) for fact in facts)
    return (line for source, unit in scales for line in lines(facts, source=source, unit=unit))


def _by_learner(facts: Iterable[Evidence]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    for fact in facts:
        found[fact.learner].append(fact)
    return found


def _fields(one: Any, *names: str) -> dict[str, Any]:
    """Some fields of a record, and whose it is; a text that is empty is none."""
    found = {name: getattr(one, name) for name in names}
    plain = {name: (str(value) or None) if isinstance(value, str) else value for name, value in found.items()}
    return {"learner": one.learner, **plain} if hasattr(one, "learner") else plain


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _grade(text: str) -> str | None:
    return text if text in GRADES else None


def _term(wanted: str, facts: Iterable[Evidence]) -> str:
    """The term of some facts that `wanted` names, as files say it or in short; "" for ""."""
    if not wanted:
        return ""
    with speaking("en"):
        short = {said_term(term): term for term in {fact.term for fact in facts}}
    known = {**{term: term for term in short.values()}, **short}
    return known[_known(_("term"), wanted, known)]


def _known(kind: str, name: str, all_: Iterable[str]) -> str:
    if name not in all_:
        raise NotFound.among(kind, name, all_)
    return name
