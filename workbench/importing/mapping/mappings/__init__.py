"""Mappings: which column of a plain table is what, as data.

A mapping is a TOML file. Ours, beside this module, read what most schools note down; a school's own are in
its workspace's `mappings` folder and go before ours. One file shows all there is to say:

    name = "reading_log"              # where its evidence is from; letters, digits and _
    title = "Our reading log"
    order = "month first"             # or "day first"; left out: asked where the dates cannot tell

    [learner]                         # left out: columns by the names they usually have
    id = "Student ID"                 # or state, number, sourced, email
    usernames = { lexia = "Login" }   # the user name in a program
    name = "Student"                  # or given_name and family_name; birth_date, class, grade, school beside

    [day]                             # date, week, week_ending, month (and year), from and to, or so_far;
    week = ["Week Of", "Week"]        # or ask = "day" (or "so far") for files without a date

    [[values]]
    column = "Minutes"                # every column may be a list of names: the first that a file has counts
    measure = "reading at home"       # or measure_in = "…": the column that says it; aspect and unit likewise
    unit = "minutes"
    kind = "count"                    # level (left out), count, share or score: see docs/measures.md
    read = "time"                     # number (left out), time, percent, lexile, quantile, share, yes/no or words

What `read` needs besides: `time`, one of minutes, hours, seconds, hours:minutes and minutes:seconds (left out:
asked where the file does not tell); `of`, a number or a column, for the whole of a share ("4 of 5" needs none);
`words`, worst first, or a table of words and numbers; `between`, the least and the greatest number.

For mappings that are shared: an `optional` value may be missing, and of several of one measure the first counts.
`Skill: *` as a column is every one that begins so, and `*` in the aspect what follows. `known_by` (columns, one of
which must be there) and `least` (how many of the values) keep a mapping from taking other tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbench.ground import durable
from workbench.ground.datafile import DataFile, Header
from workbench.ground.errors import BadData, BadInput
from workbench.ground.words import N_, _
from workbench.importing.mapping.mappings.draft import ASKS, DAYS, IDS, KINDS, LEARNER, READS, Draft, Names, Value
from workbench.importing.mapping.mappings.plain import PAIRS, PlainTable
from workbench.importing.reading.dates import DAY_FIRST, MONTH_FIRST
from workbench.importing.reading.durations import UNITS
from workbench.importing.records import Problem

OURS = Path(__file__).parent

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
_TOP = ("name", "title", "source", "order", "known_by", "least", "learner", "day", "values")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The mappings of a folder, the most telling first, and a problem for each file that holds none."""

    mappings: tuple[PlainTable, ...] = ()
    problems: tuple[Problem, ...] = ()


#: What our own files are called, so that it is said in each language.
TITLES = (N_("attendance, habits, behavior or skills"), N_("classroom skills checks"), N_("myON reading"))


@cache
def ours() -> tuple[PlainTable, ...]:
    """The mappings that come with the workbench."""
    return tuple(PlainTable(read(path), own=False) for path in sorted(OURS.glob("*.toml")))


def load(folder: Path) -> Loaded:
    """A school's own mappings; a folder that is missing has none."""
    found, problems = [], []
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            found.append(PlainTable(read(path)))
        except BadData as error:
            reason = error.sentence.removeprefix(f"{path.name}, ")
            problems.append(Problem(f"{folder.name}/{path.name}", None, None, None, reason, error.next_step))
    return Loaded(tuple(sorted(found, key=lambda one: -len(one.draft.values))), tuple(problems))


def save(folder: Path, draft: Draft, *, replace: bool = False) -> Path:
    """Writes a draft as a file of the folder, whole or not at all.

    Raises BadInput for a name that is no name, one that is taken unless `replace`, and a draft without values.
    """
    if not _NAME.fullmatch(draft.name):
        raise BadInput(
            _("“{name}” cannot be the name of a mapping.").format(name=draft.name),
            _("Use small letters, digits and _, such as reading_log."),
        )
    path = folder / f"{draft.name}.toml"
    if path.exists() and not replace:
        raise BadInput(
            _("There is a mapping “{name}” already.").format(name=draft.name), _("Give this one another name.")
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    waiting = path.with_suffix(".part")
    try:
        waiting.write_text(written(draft), encoding="utf-8")
        try:
            read(waiting)  # what cannot be read again is not kept
        except BadData as error:
            sentence = error.sentence.removeprefix(f"{waiting.name}, ")
            raise BadInput(_("The mapping is not whole: {why}").format(why=sentence), error.next_step) from None
        durable.settle(waiting, path)
    finally:
        waiting.unlink(missing_ok=True)
    return path


def read(path: Path) -> Draft:
    """The draft in a file; raises BadData that names the file, the line and what is expected there."""
    file = DataFile(
        path, step=_("Correct that line, or take the file out of the {folder} folder.").format(folder="mappings")
    )
    data, top = file.data, ("", 0)
    _known(file, data, _TOP, top)
    name = file.text(data, "name", top)
    if not _NAME.fullmatch(name):
        raise file.wrong(_("“name” is made of small letters, digits and _"), "name", top)
    order = file.one_of(data, "order", (MONTH_FIRST, DAY_FIRST), top) if "order" in data else ""
    least = data.get("least", 1)
    if not isinstance(least, int) or least < 1:
        raise file.wrong(_("“least” is a whole number from 1"), "least", top)
    day, ask = _read_day(file)
    values = tuple(_read_value(file, one, ("[[values]]", place)) for place, one in enumerate(file.tables("values")))
    return Draft(
        name=name,
        values=values,
        learner=_read_learner(file) if "learner" in data else LEARNER,
        day=day,
        ask=ask,
        title=_text(file, data, "title", top),
        source=_text(file, data, "source", top),
        order=order,
        known_by=_names(file, data, "known_by", top),
        least=least,
    )


def written(draft: Draft) -> str:
    """The draft as a mapping file."""
    lines = [f"name = {_toml(draft.name)}"]
    for key in ("title", "source", "order", "known_by"):
        if said := getattr(draft, key):
            lines.append(f"{key} = {_toml(said)}")
    if draft.least != 1:
        lines.append(f"least = {draft.least}")
    if draft.learner != LEARNER:
        names = {key: said for key, said in draft.learner.items() if said}
        programs = {key.partition(": ")[2]: said for key, said in names.items() if key.startswith("username: ")}
        lines += ["", "[learner]"]
        lines += [f"{key} = {_toml(said)}" for key, said in names.items() if not key.startswith("username: ")]
        if programs:
            lines.append(f"usernames = {_toml(programs)}")
    lines += ["", "[day]", *(f"{key} = {_toml(said)}" for key, said in draft.day.items() if said)]
    if draft.ask:
        lines.append(f"ask = {_toml(draft.ask)}")
    for value in draft.values:
        lines += ["", "[[values]]"]
        for key in _VALUE:
            said = getattr(value, key)
            if said not in ("", (), {}, None, False) and not (key == "read" and said == "number"):
                lines.append(f"{key} = {_toml(said)}")
    return "\n".join(lines) + "\n"


_VALUE = tuple(Value.__dataclass_fields__)


def _read_learner(file: DataFile) -> dict[str, Names]:
    table, header = file.table("learner"), ("[learner]", 0)
    _known(file, table, (*IDS, *LEARNER, "usernames"), header)
    found = {key: _names(file, table, key, header) for key in table if key != "usernames"}
    programs = table.get("usernames", {})
    if not isinstance(programs, dict):
        raise file.wrong(_("“usernames” is a table of programs and columns"), "usernames", header)
    found |= {f"username: {program}": _names(file, programs, program, header) for program in programs}
    return found


def _read_day(file: DataFile) -> tuple[dict[str, Names], str]:
    table, header = file.table("day"), ("[day]", 0)
    _known(file, table, (*DAYS, "to", "year", "ask"), header)
    ask = file.one_of(table, "ask", ASKS, header) if "ask" in table else ""
    found = {key: _names(file, table, key, header) for key in table if key != "ask"}
    if not ask and not found:
        raise file.wrong(_("[day] names a column, or asks"), "[day]")
    if ("from" in found) != ("to" in found):
        raise file.wrong(_("“from” and “to” go together"), "from" if "from" in found else "to", header)
    return found, ask


def _read_value(file: DataFile, table: dict[str, Any], header: Header) -> Value:
    _known(file, table, _VALUE, header)
    column = _names(file, table, "column", header)
    if not column:
        raise file.wrong(_("“column” must be a text or a list of texts"), "column", header)
    for said, told in PAIRS:
        if said != "aspect" and (said in table) == (told in table):
            raise file.wrong(_("a value needs either “{one}” or “{other}”").format(one=said, other=told), said, header)
    read = file.one_of(table, "read", READS, header) if "read" in table else "number"
    words = _words(file, table, header)
    if (read == "words") != bool(words):
        raise file.wrong(_('“words” and read = "words" go together'), "words", header)
    of = table.get("of", ())
    if isinstance(of, bool) or (isinstance(of, int | float) and not of > 0):
        raise file.wrong(_("“of” is a number above 0 or a column"), "of", header)
    kind = file.one_of(table, "kind", KINDS, header) if "kind" in table else ""
    if kind == "share" and read != "share" and not of:
        raise file.wrong(_('a share needs “of”, the whole, or read = "share"'), "kind", header)
    between = table.get("between")
    if between is not None and not _is_range(between):
        raise file.wrong(_("“between” is the least and the greatest number, [1, 4]"), "between", header)
    unit = table.get("unit", "")
    if (
        isinstance(unit, dict)
        and unit
        and set(unit) <= {*DAYS, *ASKS}
        and all(isinstance(u, str) for u in unit.values())
    ):
        unit = dict(unit)
    else:
        unit = _text(file, table, "unit", header)
    return Value(
        column=column,
        measure=_text(file, table, "measure", header),
        unit=unit,
        kind=kind,
        read=read,
        aspect=_text(file, table, "aspect", header),
        measure_in=_names(file, table, "measure_in", header),
        aspect_in=_names(file, table, "aspect_in", header),
        unit_in=_names(file, table, "unit_in", header),
        of=float(of) if isinstance(of, int | float) else _names(file, table, "of", header),
        words=words,
        time=file.one_of(table, "time", UNITS, header) if "time" in table else "",
        between=(float(between[0]), float(between[1])) if between else None,
        optional=_flag(file, table, "optional", header),
        source=_text(file, table, "source", header),
    )


def _known(file: DataFile, table: dict[str, Any], keys: Names | tuple[str, ...], header: Header) -> None:
    for key in table:
        if key not in keys:
            known = ", ".join(dict.fromkeys(keys))
            raise file.wrong(
                _("“{key}” means nothing here; known are {known}").format(key=key, known=known), key, header
            )


def _text(file: DataFile, table: dict[str, Any], key: str, header: Header) -> str:
    return file.text(table, key, header) if key in table else ""


def _flag(file: DataFile, table: dict[str, Any], key: str, header: Header) -> bool:
    found = table.get(key, False)
    if not isinstance(found, bool):
        raise file.wrong(_("“{key}” is true or false").format(key=key), key, header)
    return found


def _names(file: DataFile, table: dict[str, Any], key: str, header: Header) -> Names:
    found = table.get(key, [])
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(one, str) and one.strip() for one in listed):
        raise file.wrong(_("“{key}” must be a text or a list of texts").format(key=key), key, header)
    if key in table and not listed:
        raise file.wrong(_("“{key}” names no column").format(key=key), key, header)
    return tuple(listed)


def _words(file: DataFile, table: dict[str, Any], header: Header) -> dict[str, float]:
    """The number of each word: those of a list are counted from 1."""
    found = table.get("words", {})
    if isinstance(found, list) and all(isinstance(one, str) and one.strip() for one in found):
        return {word: float(place) for place, word in enumerate(found, start=1)}
    if isinstance(found, dict) and all(isinstance(n, int | float) and not isinstance(n, bool) for n in found.values()):
        return {word: float(n) for word, n in found.items()}
    raise file.wrong(_("“words” is a list of words, worst first, or a table of words and numbers"), "words", header)


def _is_range(found: Any) -> bool:
    pair = isinstance(found, list) and len(found) == 2
    return pair and all(isinstance(n, int | float) and not isinstance(n, bool) for n in found) and found[0] < found[1]


def _toml(said: Any) -> str:
    """A value as TOML: texts as JSON writes them, lists of one as their only one."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, float):
        return str(int(said)) if said.is_integer() else repr(said)
    if isinstance(said, Mapping):
        return "{ " + ", ".join(f"{_toml(str(key))} = {_toml(one)}" for key, one in said.items()) + " }"
    if isinstance(said, tuple):
        return _toml(said[0]) if len(said) == 1 and isinstance(said[0], str) else f"[{', '.join(map(_toml, said))}]"
    text = str(said).encode("utf-8", "replace").decode("utf-8")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
