"""A table that is read as a draft says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from workbench.ground.words import _
from workbench.importing.mapping import mapping as read_as
from workbench.importing.mapping.by_mapping import ByMapping
from workbench.importing.mapping.mapping import Asked, Day, Detail, Fact, Month, Of, Span, Week, Who
from workbench.importing.mapping.mappings.draft import DAYS, IDS, Draft, Names, Value
from workbench.importing.reading.durations import Durations
from workbench.importing.reading.values import (
    Columns,
    Unreadable,
    header_key,
    is_nothing,
    lexile,
    number,
    number_between,
    part,
    percent,
    quantile,
    tidy,
    truth,
)
from workbench.importing.records import NO_ANSWERS, Answers

_TESTS = DAYS | {"day": "", "so far": "so far", "": ""}


NAMED = 6  # columns of those that may be missing
PAIRS = (("measure", "measure_in"), ("aspect", "aspect_in"), ("unit", "unit_in"))


class PlainTable(ByMapping):
    """Reads tables as a draft says."""

    def __init__(self, draft: Draft, *, own: bool = True) -> None:
        self.draft = draft
        self.name = draft.name
        self.title = draft.title or draft.name
        self.own = own
        days = " or ".join(dict.fromkeys(draft.day[form][0] for form in ("date", "week") if form in draft.day))
        days = days or next((names[0] for names in draft.day.values()), "")
        needed = dict.fromkeys(value.column[0] for value in draft.values if not value.optional)
        free = list(dict.fromkeys(value.column[0] for value in draft.values if value.optional))
        more = ", ".join(free[:NAMED]) + (" …" if len(free) > NAMED else "")
        self.looks_for = ", ".join(filter(None, (days, *needed, more and f"one of: {more}")))

    def __repr__(self) -> str:
        return f"PlainTable({self.name!r})"

    def recognises(self, header: tuple[str, ...]) -> bool:
        """Whether a table has the columns for a learner, a day and the values that must be there."""
        draft, columns = self.draft, Columns(header)
        if draft.known_by and not _first(columns, draft.known_by):
            return False
        form, _day = self._day(columns)
        found = [bool(list(self._of(value, columns, form))) for value in draft.values]
        needed = all(here or value.optional for here, value in zip(found, draft.values, strict=True))
        return bool(form and self._who(columns).columns and needed and sum(found) >= draft.least)

    def mapping(self, columns: Columns, answers: Answers = NO_ANSWERS) -> read_as.Mapping:
        draft = self.draft
        form, day = self._day(columns)
        facts: dict[tuple[str | Of, ...], Fact] = {}
        for value in draft.values:
            for column, aspect in self._of(value, columns, form):
                fact = self._fact(value, column, aspect, columns, form, answers)
                facts.setdefault((fact.source, fact.measure, fact.aspect), fact)
        return read_as.Mapping(
            draft.source or draft.name,
            self._who(columns),
            tuple(facts.values()),
            day=day,
            test=_TESTS[form],
            order=draft.order,
        )

    def _who(self, columns: Columns) -> Who:
        learner = self.draft.learner
        here = {role: key for role, names in learner.items() if (key := _first(columns, names))}
        ids = [(IDS[role], here[role]) for role in IDS if role in here]
        ids += [(role.partition(": ")[2], key) for role, key in here.items() if role.startswith("username: ")]
        both = "given_name" in here and "family_name" in here
        return Who(
            ids=tuple(ids),
            given_name=here.get("given_name", "") if both else "",
            family_name=here.get("family_name", "") if both else "",
            name="" if both else here.get("name", ""),
            birth_date=here.get("birth_date", ""),
            school=here.get("school", ""),
            class_name=here.get("class", ""),
            grade=here.get("grade", ""),
        )

    def _day(self, columns: Columns) -> tuple[str, Day]:
        """How rows tell their day: one of `DAYS` or `ASKS`, "" where they do not."""
        here = {role: key for role, names in self.draft.day.items() if (key := _first(columns, names))}
        form = next((form for form in DAYS if form in here and (form != "from" or "to" in here)), "")
        if form in ("week", "week_ending"):
            return form, Week(here[form], ends=form == "week_ending")
        if form == "from":
            return form, Span(here["from"], here["to"])
        if form == "so_far":
            return form, Span("", here[form])
        if form == "month":
            return form, Month(here.get("year", ""), here[form])
        if form == "date":
            return form, here[form]
        return self.draft.ask, Span("", Asked()) if self.draft.ask == "so far" else Asked()

    @staticmethod
    def _of(value: Value, columns: Columns, form: str) -> Iterator[tuple[str, str]]:
        """The table's columns of a value, each with what `*` stands for; none where it needs one that is missing."""
        needs = (value.measure_in, value.aspect_in, value.unit_in, value.of if isinstance(value.of, tuple) else ())
        if not all(_first(columns, names) for names in needs if names):
            return
        if isinstance(value.unit, Mapping) and form not in value.unit:
            return
        for name in value.column:
            if name.endswith("*"):
                start = header_key(name[:-1])
                found = [key for key in columns if key.startswith(start) and key != start]
                yield from ((key, _after(columns.name(key) or "", start)) for key in found)
                if found:
                    return
            elif header_key(name) in columns:
                yield header_key(name), ""
                return

    def _fact(self, value: Value, column: str, star: str, columns: Columns, form: str, answers: Answers) -> Fact:
        of: str | float = ""
        if value.of:
            of = _first(columns, value.of) if isinstance(value.of, tuple) else value.of
        elif value.read == "share":
            of = column
        kind = value.kind or ("share" if of != "" else "level")
        own = self.own and kind != "level"
        unit = value.unit if isinstance(value.unit, str) else value.unit[form]
        return Fact(
            column,
            measure=_text_or_column(value.measure, value.measure_in, columns),
            aspect=_text_or_column(value.aspect.replace("*", star), value.aspect_in, columns, value.aspect),
            unit=_text_or_column(unit, value.unit_in, columns),
            read=_reader(value, columns.name(column) or "", answers),
            amount=kind in ("count", "share"),
            of=of,
            details=(Detail("kind", "", lambda _text: kind),) if own else (),
            source=value.source,
        )


def _first(columns: Columns, names: Names) -> str:
    """The key of the first of `names` that a table has, "" without any."""
    return columns.first(*map(header_key, names)) or ""


def _after(name: str, start: str) -> str:
    """What follows in a column's name after its beginning."""
    for at in range(1, len(name) + 1):
        if header_key(name[:at]) == start:
            return name[at:].strip(" :-_")
    return name if not start else ""


def _text_or_column(text: str, names: Names, columns: Columns, form: str = "*") -> str | Of:
    """A text of the mapping's own or the text of a column, put where the text has `*`."""
    if not names:
        return text
    around = form if "*" in form else "*"

    def told(cell: str) -> str:
        return around.replace("*", tidy(cell)) if tidy(cell) else ""

    return Of(_first(columns, names), told)


def _reader(value: Value, column: str, answers: Answers) -> Callable[[str], float]:
    if value.read == "time":
        return Durations(column, value.time, answers)
    if value.read == "words":
        return _word_reader(value.words)
    if value.read == "number" and value.between:
        return number_between(*value.between)
    return {
        "number": number,
        "percent": percent,
        "lexile": lexile,
        "quantile": quantile,
        "share": part,
        "yes/no": _yes_or_no,
    }[value.read]


def _word_reader(words: Mapping[str, float]) -> Callable[[str], float]:
    numbers = {" ".join(word.split()).casefold(): n for word, n in words.items()}
    named = ", ".join(words)

    def parse(text: str) -> float:
        key = " ".join(text.split()).casefold()
        if key in numbers:
            return numbers[key]
        if is_nothing(text):
            return float("nan")
        raise Unreadable(_("is not one of {choices}.").format(choices=named))

    return parse


def _yes_or_no(text: str) -> float:
    found = truth(text)
    return float("nan") if found is None else float(found)
