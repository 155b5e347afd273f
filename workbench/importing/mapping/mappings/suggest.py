"""Proposes how an unknown table may be read, and shows what its first rows would say.

A proposal is for a person to look at: nothing is ever read by one unasked.

    draft = suggest(table)
    preview(table, draft).seen          # the first rows as evidence
    save(folder, draft)                 # once the person has changed and named it
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd

from workbench.importing.mapping.mapped import questions
from workbench.importing.mapping.mappings.draft import LEARNER, Draft, Names, Value
from workbench.importing.mapping.mappings.plain import PlainTable
from workbench.importing.reading.dates import NOT_DATE, Dates
from workbench.importing.reading.durations import Durations
from workbench.importing.reading.values import Columns, Unreadable, header_key, is_nothing, number, part, truth, whole
from workbench.importing.records import COLUMNS, NO_ANSWERS, Answers, Batch, Kind, Place, Problem, Question, Table

LOOKED_AT = 2_000  # rows
_ENOUGH = 0.9  # so many of a column's cells that say something must be of a kind
_MOST_WORDS = 8
_DATES = ("date", "day", "when", "taken", "time stamp", "timestamp", "completed")
_WEEKS = re.compile(r"^week(?:of|starting|beginning|start|begins)?$")
_WEEKS_END = re.compile(r"^week(?:ending|end|ends)$")
_MONTHS = re.compile(r"^month$")
_FROM, _TO = re.compile(r"^(?:startdate|from|fromdate|periodstart)$"), re.compile(r"^(?:enddate|to|todate|periodend)$")
_MEASURES = ("measure", "test", "assessment", "skill", "subject", "task", "activity", "standard", "assignment", "quiz")
_RESULTS = ("score", "value", "result", "points", "level", "mark", "percent", "count", "amount", "number")
_UNITS = (
    ("minutes", r"min(?:ute)?s?"),
    ("percent", r"%|percent(?:age)?|pct"),
    ("books", r"books?"),
    ("pages", r"pages?"),
    ("words a minute", r"wpm|wcpm|words (?:a|per) minute"),
    ("words", r"words?"),
    ("days", r"days?"),
    ("times", r"times?|count|how often"),
    ("questions", r"questions?"),
    ("laps", r"laps?"),
)
_COUNTED = ("minutes", "books", "pages", "days", "times", "questions", "laps")


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A fact as a row would say it. `learner` is the name or the id in the row, `since` the period's first day."""

    row: int
    learner: str
    measure: str
    aspect: str
    since: dt.date | None
    day: dt.date
    value: float
    of: float | None
    unit: str


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """What the first rows would say, what they could not, and what would have to be asked."""

    seen: tuple[Seen, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...]
    rows: int  # rows with evidence, of those looked at
    of_rows: int


def preview(table: Table, mapping: Draft | PlainTable, rows: int = 8, answers: Answers = NO_ANSWERS) -> Preview:
    """The first `rows` rows with evidence, as evidence, and the problems met up to there."""
    importer = PlainTable(mapping) if isinstance(mapping, Draft) else mapping
    head = _Head(table, LOOKED_AT)
    said = importer.mapping(Columns(table.header), answers)
    batches = list(importer.read(head, answers))
    facts = _rows(batches, Kind.EVIDENCE)
    named = {
        row["learner_code"]: " ".join(filter(None, (row["given_name"], row["family_name"])))
        for row in _rows(batches, Kind.MENTIONS)
    }
    told = sorted({fact["row"] for fact in facts})
    first = set(told[:rows])
    last = max(first) if len(first) == rows else None
    seen = []
    for fact in facts:
        if fact["row"] not in first:
            continue
        kept = json.loads(fact["details"] or "{}")
        code = fact["learner_code"]
        seen.append(
            Seen(
                row=fact["row"],
                learner=named.get(code) or code.partition(":")[2] or code,
                measure=fact["measure"],
                aspect=fact["aspect"],
                since=dt.date.fromisoformat(kept["from"]) if "from" in kept else None,
                day=fact["taken_on"],
                value=fact["value"],
                of=kept.get("of"),
                unit=fact["unit"],
            )
        )
    problems = [one for batch in batches for one in batch.problems]
    return Preview(
        seen=tuple(seen),
        problems=tuple(one for one in problems if last is None or one.row is None or one.row <= last)[:rows],
        questions=tuple(one for one in questions(head, said) if one.name not in answers),
        rows=len(told),
        of_rows=sum(batch.tally.rows for batch in batches),
    )


def _rows(batches: Iterable[Batch], kind: Kind) -> list[dict[str, Any]]:
    frames = [batch.frames[kind] for batch in batches if kind in batch.frames]
    return [dict(zip(COLUMNS[kind], row, strict=True)) for frame in frames for row in frame.itertuples(index=False)]


def suggest(table: Table) -> Draft:
    """How a table may be read, from its columns' names and the look of their first cells.

    The name is left open (""). A draft without values or a day says that none were found.
    """
    columns = Columns(table.header)
    chunk = next(iter(_Head(table, LOOKED_AT).chunks(LOOKED_AT)))
    cells = chunk.to_numpy()
    table.take_problems()
    looks = {key: _look([text.strip() for text in columns.texts(cells, key)]) for key in columns}
    names = {key: columns.name(key) or "" for key in columns}
    learner = _learner(columns, names, looks)
    used = {header_key(name) for told in learner.values() for name in told}
    day = _day([key for key in columns if key not in used], names, looks)
    used |= {header_key(name) for told in day.values() for name in told}
    rest = [key for key in columns if key not in used and looks[key] not in ("empty", "date")]
    return Draft(
        name="",
        values=_long(rest, names, looks) or tuple(_wide(rest, names, looks, columns, cells)),
        learner=learner,
        day=day,
        ask="" if day else "day",
    )


def _learner(columns: Columns, names: dict[str, str], looks: dict[str, str]) -> dict[str, Names]:
    found: dict[str, Names] = {}
    taken: set[str] = set()
    for role, usual in LEARNER.items():
        key = columns.first(*map(header_key, usual))
        if key and key not in taken:
            taken.add(key)
            found[role] = (names[key],)
    if "given_name" in found and "family_name" in found:
        found.pop("name", None)
    if not {"id", "state", "email", "name", "given_name", "username: username"} & set(found):
        other = next((key for key in columns if looks[key] == "text"), None)
        if other:
            found["name"] = (names[other],)
    return found


def _day(keys: list[str], names: dict[str, str], looks: dict[str, str]) -> dict[str, Names]:
    for form, pattern in (("week", _WEEKS), ("week_ending", _WEEKS_END)):
        for key in keys:
            if pattern.match(key) and looks[key] == "date":
                return {form: (names[key],)}
    starts = [key for key in keys if _FROM.match(key) and looks[key] == "date"]
    ends = [key for key in keys if _TO.match(key) and looks[key] == "date"]
    if starts and ends:
        return {"from": (names[starts[0]],), "to": (names[ends[0]],)}
    dated = [key for key in keys if looks[key] == "date"]
    if dated:
        best = next((key for key in dated if any(word in key for word in _DATES)), dated[0])
        return {"date": (names[best],)}
    months = [key for key in keys if _MONTHS.match(key)]
    if months:
        year = {"year": (names["year"],)} if "year" in keys else {}
        return {"month": (names[months[0]],), **year}
    return {}


def _long(keys: list[str], names: dict[str, str], looks: dict[str, str]) -> tuple[Value, ...]:
    """A table with a column for what was measured and one for the result."""
    told = [key for key in keys if looks[key] in ("text", "words") and any(word in key for word in _MEASURES)]
    found = [key for key in keys if looks[key] not in ("text", "words") and any(word in key for word in _RESULTS)]
    if not told or not found:
        return ()
    unit = next((key for key in keys if key in ("unit", "units")), "")
    made = value_of(names[found[0]], looks[found[0]])
    if made is None:
        return ()
    return (
        Value(
            column=made.column,
            measure_in=(names[told[0]],),
            unit="" if unit else made.unit,
            unit_in=(names[unit],) if unit else (),
            kind="level" if made.kind == "count" else made.kind,
            read=made.read,
        ),
    )


def _wide(
    keys: list[str], names: dict[str, str], looks: dict[str, str], columns: Columns, cells: object
) -> Iterator[Value]:
    """A table with a column for each measure."""
    for key in keys:
        if looks[key] == "words":
            texts = {text.strip().casefold(): text.strip() for text in columns.texts(cells, key)}  # type: ignore[arg-type]
            said = [text for fold, text in sorted(texts.items()) if not is_nothing(fold)]
            words = {text: float(place) for place, text in enumerate(said, start=1)}
            yield Value(column=(names[key],), measure=_measure(names[key]), unit="level", read="words", words=words)
        elif (value := value_of(names[key], looks[key])) is not None:
            yield value


def value_of(name: str, look: str = "number") -> Value | None:
    """What a column of this name may hold whose cells look so (one of `READS`, or "text"); None for plain text."""
    if look == "text":
        return None
    unit = next((unit for unit, form in _UNITS if re.search(rf"(?<![a-z]){form}(?![a-z])", name.casefold())), "points")
    of: float | Names = ()
    if look == "yes/no":
        unit, of = "times", 1.0
    unit = {"time": "minutes", "lexile": "L", "quantile": "Q", "percent": "percent"}.get(look, unit)
    counted = look == "time" or (look == "number" and unit in _COUNTED)
    kind = "share" if look in ("share", "yes/no") else ("count" if counted else "level")
    return Value(
        column=(name,),
        measure="reading" if look == "lexile" else ("mathematics" if look == "quantile" else _measure(name)),
        aspect=look if look in ("lexile", "quantile") else "",
        unit=unit,
        kind=kind,
        read=look,
        of=of,
    )


def _measure(name: str) -> str:
    return " ".join(re.sub(r"[_()\[\]]+", " ", name).split()).casefold() or "value"


def _look(texts: list[str]) -> str:
    """What most cells of a column look like: "date", one of `READS`, "text", or "empty"."""
    filled = [text for text in texts if not is_nothing(text)]
    if not filled:
        return "empty"

    def are(read: Callable[[str], object]) -> bool:
        return sum(_reads(read, text) for text in filled) >= _ENOUGH * len(filled)

    kinds = set(filled)
    if are(number):
        return "date" if are(_plain_date) and len(kinds) > 1 else "number"
    if are(lambda text: _form(r"(?:BR)?\s*\d{1,4}L", text)):
        return "lexile"
    if are(lambda text: _form(r"(?:EM)?\s*\d{1,4}Q", text)):
        return "quantile"
    if are(lambda text: _form(r"[\d.,]+\s*%", text)):
        return "percent"
    if are(_date):
        return "date"
    if are(lambda text: (part(text), whole(text))):
        return "share"
    if are(Durations("", "hours:minutes")):
        return "time"
    if are(truth):
        return "yes/no"
    return "words" if len(kinds) <= _MOST_WORDS and len(filled) > 2 * len(kinds) else "text"


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except Unreadable:
        return False
    return True


def _form(pattern: str, text: str) -> None:
    if not re.fullmatch(pattern, text, re.IGNORECASE):
        raise Unreadable(NOT_DATE)


def _date(text: str) -> None:
    if not re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):  # day and month are told apart later
        if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
            raise Unreadable(NOT_DATE)  # by a number somebody may mean a day; nobody is offered it for one
        Dates(1990, 2099).read(text)


def _plain_date(text: str) -> None:
    _form(r"(?:19|20)\d{6}", text)
    _date(text)


class _Head:
    """The first rows of a table."""

    def __init__(self, table: Table, most: int) -> None:
        self._table = table
        self._most = most
        self.file, self.header = table.file, table.header

    @property
    def place(self) -> Place:
        return self._table.place

    @property
    def rows(self) -> int | None:
        return self._table.rows

    @property
    def digest(self) -> str:
        return self._table.digest

    def chunks(self, size: int) -> Iterator[pd.DataFrame]:
        left = self._most
        for chunk in islice(self._table.chunks(size), 1 + self._most // size):
            yield chunk.head(left)
            left -= len(chunk)
            if left <= 0:
                return

    def take_problems(self) -> tuple[Problem, ...]:
        return self._table.take_problems()
