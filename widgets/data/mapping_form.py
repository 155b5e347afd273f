"""Saying once which column of an unknown file is what, with its first rows as evidence beside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from widgets.kit import blocks as _blocks
from widgets.kit.blocks import Block, table
from widgets.kit.form import Form
from workbench.bench import Workbench
from workbench.ground import days
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _
from workbench.importing import Table, open_tables
from workbench.importing.mapping.mappings.draft import Value
from workbench.importing.mapping.mappings.suggest import Preview, Seen, preview, suggest, value_of
from workbench.importing.reading.dates import ORDER

ROWS_SHOWN = 8
NONE = "-"  # the choice that stands for no column


class Leave(Protocol):
    """Told when the form is done with, and whether a mapping was kept."""

    def __call__(self, *, kept: bool) -> None: ...


class MappingSheet:
    """One unknown table of the files at `paths`. Owns what it opened until `close`; raises NotFound without it."""

    def __init__(self, bench: Workbench, paths: Sequence[Path] | Path, file: str, *, today: date, leave: Leave) -> None:
        self.bench = bench
        self.today = today
        self._leave = leave
        self._opened = [open_tables(path) for path in ([paths] if isinstance(paths, Path) else paths)]
        try:
            self.table = _named(self._opened, file)
            self.draft = suggest(self.table)
        except BaseException:
            self.close()
            raise
        self.title = self.kept = ""  # the name it was kept by
        self._whole = {
            _column(value): value for value in self.draft.values
        }  # values that were dropped come back as were

    def close(self) -> None:
        for one in self._opened:
            one.close()

    def keep(self) -> None:
        """Keeps the mapping with the school's own; raises BadInput where something is missing."""
        if not self.title.strip():
            raise BadInput(_("This kind of file has no name yet."), _("A few words are enough: “Our reading log”."))
        if not self.draft.values:
            raise BadInput(_("No column with results is chosen."), _("Choose at least one."))
        draft = replace(self.draft, name=_name_of(self.title), title=self.title.strip())
        found = preview(self.table, draft, rows=1)
        if not found.rows and not found.questions:
            raise BadInput(
                _("By these columns no row says anything."), _("Look at the preview, and choose other columns.")
            )
        self.bench.imports.keep_mapping(draft)
        self.kept = draft.name
        self._leave(kept=True)

    # What is shown

    def blocks(self) -> Iterable[Block]:
        lead = _("Say which column is what. Below you see what the first rows say then; nothing is brought in yet.")
        title = _blocks.heading(_("What is in “{file}”?").format(file=self.table.file), lead=lead)
        name = _blocks.text(
            "title", _("What do you call this kind of file?"), self.title, self._call, size="line", needed=True
        )
        yield _blocks.group(title, name, self._who(), self._day(), look="card")
        yield _blocks.group(*self._values(), look="card")
        yield from self._preview()
        back = _blocks.button("back", _("Back"), lambda: self._leave(kept=False), look="secondary")
        keep = _blocks.button("keep", _("Keep it and read the file"), self.keep, look="primary")
        yield _blocks.group(back, keep, look="foot")

    def _call(self, words: str) -> None:
        self.title = words

    def _who(self) -> Block:
        """Which columns tell whom a row is about."""
        learner = self.draft.learner
        role = next((one for one in _IDS if one in learner), "")
        parts = [self._select("id", _("The learner’s id is in"), _first(learner, role), self._set(role or "id"))]
        if role:
            kinds = {one: words() for one, words in _IDS.items()}
            parts.append(_blocks.select("kind", _("It is"), role, kinds, lambda kind: self._set_kind(role, kind)))
        apart = "family_name" in learner
        if apart:
            parts.append(self._select("given", _("First name"), _first(learner, "given_name"), self._set("given_name")))
            parts.append(
                self._select("family", _("Last name"), _first(learner, "family_name"), self._set("family_name"))
            )
        else:
            parts.append(self._select("name", _("The name is in"), _first(learner, "name"), self._set("name")))
        return _blocks.group(*parts, look="columns")

    def _day(self) -> Block:
        forms = {form: words() for form, words in _DAYS.items()}
        now = next((form for form in _DAYS if form in self.draft.day), "")
        parts = [_blocks.select("day", _("When was it?"), now, forms, self._set_day)]
        roles = {"from": ("from", "to"), "month": ("month", "year")}.get(now, (now,) if now else ())
        labels = {"from": _("First day in"), "to": _("Last day in"), "month": _("Month in"), "year": _("Year in")}
        for role in roles:
            label = labels.get(role, _("It is in"))
            parts.append(self._select(f"day/{role}", label, _first(self.draft.day, role), self._set_day_column(role)))
        return _blocks.group(*parts, look="columns")

    def _values(self) -> Iterable[Block]:
        taken = {name for names in (*self.draft.learner.values(), *self.draft.day.values()) for name in names}
        picked = [_column(value) for value in self.draft.values]
        free = [name for name in self.table.header if name and (name not in taken or name in picked)]
        yield _blocks.menu(
            "results",
            _("Which columns hold results?"),
            picked,
            list(dict.fromkeys(free)),
            add=self._add_value,
            drop=self._drop_value,
            own="",
        )
        for place, value in enumerate(self.draft.values):
            name = f"value/{place}"
            reads = {one: words() for one, words in _READS.items()}
            kinds = {one: words() for one, words in _KINDS.items()}
            change = self._change(place)
            if value.measure_in:
                what = self._select(f"{name}/in", _("What it is of, in"), value.measure_in[0], self._measure_in(place))
            else:
                what = _blocks.text(
                    f"{name}/measure", _("What is it of?"), value.measure, change("measure"), size="line", needed=True
                )
            unit = value.unit if isinstance(value.unit, str) else ""
            yield _blocks.group(
                _blocks.heading(_column(value), level=3),
                _blocks.group(
                    what,
                    _blocks.text(f"{name}/unit", _("Counted in"), unit, change("unit"), size="line"),
                    _blocks.select(f"{name}/read", _("Written as"), value.read, reads, change("read")),
                    _blocks.select(f"{name}/kind", _("It is"), value.kind or "level", kinds, change("kind")),
                    look="parts",
                ),
                look="item",
                name=name,
            )

    def _preview(self) -> Iterable[Block]:
        if not self.draft.values:
            words = _("Choose the columns that hold results, and the first rows are shown here.")
            yield _blocks.empty(_("What the rows will say"), words)
            return
        found = preview(self.table, self.draft, ROWS_SHOWN)
        if any(one.name == ORDER for one in found.questions):
            yield _blocks.note(
                _("Whether the day or the month comes first in the dates is asked when the file is read."), look="quiet"
            )
        rows = [_seen(one, self.today) for one in found.seen]
        if rows:
            header = [_("Row"), _("Learner"), _("Day"), _("What"), _("Result")]
            yield table(_says(found), header, rows, numbers=(0,))
        elif not found.questions:
            words = _("By these columns no row says anything yet. Look whether the learner and the day are chosen.")
            yield _blocks.note(words, look="amber")
        if found.problems:
            header = [_("Row"), _("Column"), _("Why")]
            lines = [
                [
                    "" if one.row is None else str(one.row),
                    one.column or "",
                    one.why,
                ]
                for one in found.problems
            ]
            yield table(_("What could not be read in them"), header, lines, numbers=(0,))

    # What is changed

    def _select(self, name: str, label: str, value: str, keep: Callable[[str], object]) -> Block:
        options = {NONE: _("no column"), **{one: one for one in self.table.header if one}}
        return _blocks.select(
            name, label, value or NONE, options, lambda column: keep("" if column == NONE else column)
        )

    def _set(self, role: str) -> Callable[[str], None]:
        def keep(column: str) -> None:
            learner = {key: names for key, names in self.draft.learner.items() if key != role}
            self.draft = replace(self.draft, learner=learner | ({role: (column,)} if column else {}))

        return keep

    def _set_kind(self, before: str, kind: str) -> None:
        column = _first(self.draft.learner, before)
        self._set(before)("")
        self._set(kind)(column)

    def _set_day(self, form: str) -> None:
        column = next((names[0] for names in self.draft.day.values() if names), "")
        self.draft = replace(self.draft, day={form: (column,)} if form and column else {}, ask="" if form else "day")
        if form and not column:
            self.draft = replace(self.draft, day={form: (next(one for one in self.table.header if one),)})

    def _set_day_column(self, role: str) -> Callable[[str], None]:
        def keep(column: str) -> None:
            day = {key: names for key, names in self.draft.day.items() if key != role}
            self.draft = replace(self.draft, day=day | ({role: (column,)} if column else {}))

        return keep

    def _add_value(self, column: str) -> None:
        value = self._whole.get(column) or value_of(column)
        if value is None:
            return
        self.draft = replace(self.draft, values=(*self.draft.values, value))

    def _drop_value(self, column: str) -> None:
        self._whole |= {_column(value): value for value in self.draft.values}
        self.draft = replace(self.draft, values=tuple(v for v in self.draft.values if _column(v) != column))

    def _change(self, place: int) -> Callable[[str], Callable[[str], None]]:
        def of(field: str) -> Callable[[str], None]:
            def keep(said: str) -> None:
                values = list(self.draft.values)
                changed: dict[str, Any] = {field: said.strip()}
                values[place] = replace(values[place], **changed)
                self.draft = replace(self.draft, values=tuple(values))

            return keep

        return of

    def _measure_in(self, place: int) -> Callable[[str], None]:
        def keep(column: str) -> None:
            values = list(self.draft.values)
            one = values[place]
            values[place] = replace(
                one, measure_in=(column,) if column else (), measure="" if column else _column(one).casefold()
            )
            self.draft = replace(self.draft, values=tuple(values))

        return keep


class MappingForm(Form):
    """Says which column of the table `file` in the files at `paths` is what; `kept` tells when that is done.

    >>> MappingForm(bench, Path("exports/reading log.csv"))
    """

    says_saved = False

    def __init__(
        self,
        bench: Workbench,
        paths: Sequence[Path] | Path,
        file: str = "",
        *,
        today: date | None = None,
        **traits: Any,
    ) -> None:
        self.kept = False
        self._sheet: MappingSheet | None = MappingSheet(
            bench,
            paths,
            file,
            today=today or bench.today,
            leave=self._left,
        )
        super().__init__(bench, view="mapping", **traits)

    def _left(self, *, kept: bool) -> None:
        self.kept = kept
        if kept and self._sheet is not None:
            self._sheet.close()
            self._sheet = None

    def close(self) -> None:
        if self._sheet is not None:
            self._sheet.close()
        super().close()

    def blocks(self) -> Iterable[Block]:
        if self._sheet is None:
            yield _blocks.note(_("Files like this are known from now on."), look="done")
        else:
            yield from self._sheet.blocks()


_IDS: dict[str, Callable[[], str]] = {
    "id": lambda: _("the school’s own id"),
    "state": lambda: _("the state’s id"),
    "number": lambda: _("another number of the school"),
    "email": lambda: _("an e-mail address"),
    "username: username": lambda: _("a user name"),
}
_DAYS: dict[str, Callable[[], str]] = {
    "date": lambda: _("On a day"),
    "week": lambda: _("In a week that begins on a day"),
    "week_ending": lambda: _("In a week that ends on a day"),
    "month": lambda: _("In a month"),
    "from": lambda: _("From one day to another"),
    "so_far": lambda: _("This school year, up to a day"),
    "": lambda: _("The file does not say: ask me"),
}
_READS: dict[str, Callable[[], str]] = {
    "number": lambda: _("a number"),
    "time": lambda: _("a time: 1:05, 65 min"),
    "percent": lambda: _("a percentage"),
    "share": lambda: _("a part of a whole: 4 of 5"),
    "yes/no": lambda: _("yes or no"),
    "words": lambda: _("words for levels"),
    "lexile": lambda: _("a Lexile measure"),
    "quantile": lambda: _("a Quantile measure"),
}
_KINDS: dict[str, Callable[[], str]] = {
    "level": lambda: _("how things stand: the latest counts"),
    "count": lambda: _("an amount: added up"),
    "share": lambda: _("a part of a whole: added up"),
    "score": lambda: _("a test’s result"),
}


def _named(opened: Iterable[Iterable[Table]], file: str) -> Table:
    tables = [one for found in opened for one in found]
    wanted = [one for one in tables if one.file == file] if file else tables[:1]
    if not wanted:
        raise NotFound.among(_("file"), file, (one.file for one in tables))
    return wanted[0]


def _first(columns: Mapping[str, Sequence[str]], role: str) -> str:
    return next(iter(columns.get(role, ())), "")


def _column(value: Value) -> str:
    return value.column[0]


def _name_of(title: str) -> str:
    """A name that a mapping may have: the title in small letters without accents."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]


def _seen(one: Seen, today: date) -> list[str]:
    value = f"{one.value:g}" if one.of is None else _("{n} of {of}").format(n=f"{one.value:g}", of=f"{one.of:g}")
    what = f"{one.measure}, {one.aspect}" if one.aspect else one.measure
    day = days.short(one.day) if one.since in (None, one.day) else f"{days.short(one.since)} – {days.short(one.day)}"
    return [str(one.row), one.learner, day, what, f"{value} {one.unit}".strip()]


def _says(found: Preview) -> str:
    return _("What the first rows say ({rows} of the {of} rows looked at say something)").format(
        rows=found.rows, of=found.of_rows
    )
