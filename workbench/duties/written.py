"""A learner's records as a folder to hand out: a page in plain words, the same as JSON, drawings and reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workbench.batch.plan import file_name
from workbench.duties.looks import Look
from workbench.duties.plainly import in_words
from workbench.ground import days, strokes
from workbench.ground.errors import BadInput, NotReady
from workbench.ground.words import N_, _, language
from workbench.learners.learners import Learner
from workbench.workspace import why

Row = Mapping[str, Any]

#: What each table holds, in the order of the page; others come after it by their own name.
_TITLES = {
    "learner_sightings": N_("Name and birth date, as files of the school said them"),
    "mention_sightings": N_("Named in other files"),
    "identifier_sightings": N_("Numbers and ids"),
    "enrolment_sightings": N_("Schools and grades"),
    "membership_sightings": N_("Classes"),
    "evidence_sightings": N_("Results and other facts"),
    "conferences": N_("Conferences"),
    "reflections": N_("Answers"),
    "findings": N_("Strengths and needs"),
    "goals": N_("Goals"),
    "plans": N_("Plans"),
    "steps": N_("Steps of plans"),
    "check_ins": N_("How it went"),
    "profile_entries": N_("My profile"),
    "skills": N_("Skills"),
    "artifacts": N_("Work"),
    "flags": N_("Flags"),
    "notes": N_("Educators’ notes"),
    "replies": N_("What the family answered"),
    "responses": N_("What educators said back"),
    "celebrations": N_("Goals that were celebrated"),
    "bookings": N_("Days of conferences"),
    "buddies": N_("Buddies"),
    "seats": N_("Groups"),
    "companions": N_("Whom one wishes to work with, or is kept apart from"),
    "settings": N_("How the pages look"),
    "symbols": N_("Symbol"),
    "ties": N_("Who was given a relation"),
}
#: What JSON alone has: numbers of the store's, and what vendors add to a fact.
_NOT_TOLD = frozenset(
    (
        *(
            "record",
            "change",
            "learner_id",
            "import_id",
            "file_id",
            "row",
            "key",
            "protocol_text",
            "id",
            "class_id",
            "other",
        ),
        *("details", "standing", "norms"),
    )
)
_SECRET = frozenset({"seal", "session", "pass_id", "handle", "secret"})
_NOT_SHOWN = frozenset({"records", "sessions", "passes", "views", "problems", "matches"})
_PAGE = Markup("""<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; margin: 0 0 2rem; }}
th, td {{ border-bottom: 1px solid #bbb; padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }}
h2 {{ margin: 2rem 0 .5rem; }} img {{ max-width: 15rem; border: 1px solid #bbb; }} .was {{ color: #555; }}
</style>
<h1>{title}</h1>
{parts}
</html>
""")


def written(learner: Learner, rows: Mapping[str, Sequence[Row]], looks: Iterable[Row], to: Path, day: date) -> Path:
    """Writes the folder and returns it; raises NotReady when it is there, or cannot be written."""
    folder = to / f"{file_name(learner.name or learner.code)}-{day.isoformat()}"
    told = [Look.of(row) for row in looks]
    try:
        folder.mkdir(mode=0o700, parents=True)
        drawings = dict(_drawn(rows, folder))
        kept = {
            "learner": {"name": learner.name, "id": learner.code, "birth_date": learner.birth_date},
            "records": {name: [_open(row) for row in some] for name, some in rows.items() if some},
            "looks": [
                {"at": one.at, "by": one.by, "did": one.action, "what": one.what, "why": one.reason} for one in told
            ],
        }
        (folder / "records.json").write_text(
            json.dumps(kept, default=_plain, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        (folder / "records.html").write_text(_page(learner, rows, told, drawings, day), encoding="utf-8")
        for path in folder.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
    except OSError as error:
        raise NotReady(
            _("The records could not be written to {folder}: {why}.").format(folder=folder, why=why(error)),
            _("Name another folder with --to, on a disk with room."),
        ) from None
    return folder


def _page(
    learner: Learner,
    rows: Mapping[str, Sequence[Row]],
    looks: Sequence[Look],
    drawings: Mapping[str, str],
    day: date,
) -> str:
    names = {learner.id: learner.name}
    title = _("All that is kept of {name}, {day}").format(name=learner.name, day=days.short(day))
    lead = _(
        "Written by the workbench from the school’s records. Each line is as it was kept; what was changed later "
        "stands above what was said before. Reports are made from these lines, and can be made again. What an adult "
        "passed on to the person the school named for worries is with that person, and is not in here."
    )
    parts = [Markup("<p>{}</p>").format(lead)]
    known = [*_TITLES, *(name for name in rows if name not in _TITLES)]
    for name in known:
        if name in rows and rows[name] and name not in _NOT_SHOWN:
            parts += [Markup("<h2>{}</h2>").format(_(_TITLES.get(name, name))), _table(rows[name], drawings)]
    parts += [Markup("<h2>{}</h2>").format(_("Who looked, wrote, or was refused")), looked(looks, names)]
    return str(_PAGE.format(lang=language(), title=title, parts=Markup("\n").join(parts)))


def looked(looks: Iterable[Look], names: Mapping[int, str]) -> Markup:
    """The list of who looked, as a table."""
    lines = [in_words(one, names) for one in looks]
    head = (_("When"), _("Who"), _("What"), _("Where"), _("Device"), _("Why they might"))
    cells = ((one.when, one.who, one.did, one.at, one.device, one.why) for one in lines)
    return _rows(head, cells)


def _rows(head: Iterable[str], lines: Iterable[Iterable[Any]]) -> Markup:
    top = Markup("").join(Markup("<th scope=col>{}</th>").format(one) for one in head)
    body = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(one) for one in line))
        for line in lines
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(top, body)


def _table(some: Sequence[Row], drawings: Mapping[str, str]) -> Markup:
    """Rows with the columns that say something, newest revision first."""
    columns = [
        name
        for name in some[0]
        if name not in _NOT_TOLD and any(row[name] not in (None, "", [], False) for row in some)
    ]
    by_day = sorted(some, key=lambda row: str(row.get("taken_on", "")), reverse=True)
    ordered = sorted(by_day, key=lambda row: (str(row.get("record", "")), -int(row.get("change") or 0)))
    return _rows(
        [_(_COLUMNS.get(one, one.replace("_", " "))) for one in columns],
        [[_cell(row[name], drawings) for name in columns] for row in ordered],
    )


def _cell(value: Any, drawings: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value in drawings:
        return Markup('<img src="{}" alt="{}">').format(drawings[value], _("A drawing"))
    if isinstance(value, datetime):
        here = value.astimezone() if value.tzinfo else value
        return f"{days.short(here.date())}, {days.time(here)}"
    if isinstance(value, date):
        return days.short(value)
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else value


def _drawn(rows: Mapping[str, Sequence[Row]], folder: Path) -> Iterator[tuple[str, str]]:
    """Drawings as SVG files: each text with the file's name."""
    texts = dict.fromkeys(row["drawing"] for some in rows.values() for row in some if row.get("drawing"))
    for number, text in enumerate(texts, start=1):
        try:
            path = strokes.path(strokes.read(text))
        except BadInput:  # of another time: it stays as it is, among the words
            continue
        name = f"drawing-{number}.svg"
        size = f'viewBox="0 0 {strokes.WIDTH} {strokes.HEIGHT}"'
        line = f'<path d="{path}" fill="none" stroke="#222" stroke-width="6"/>'
        (folder / name).write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}</svg>', encoding="utf-8")
        yield text, name


def _open(row: Row) -> dict[str, Any]:
    """A row without what lets a browser in."""
    return {name: value for name, value in row.items() if name not in _SECRET}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value.hex() if isinstance(value, bytes) else str(value)


_COLUMNS = {
    "at": N_("when"),
    "by": N_("by"),
    "withdrawn": N_("taken away"),
    "given_name": N_("given name"),
    "family_name": N_("family name"),
    "middle_name": N_("middle name"),
    "birth_date": N_("birth date"),
    "school": N_("school"),
    "term": N_("term"),
    "grade": N_("grade"),
    "gone": N_("left"),
    "class": N_("class"),
    "class_name": N_("class"),
    "aspect": N_("part of it"),
    "test": N_("test"),
    "unit": N_("unit"),
    "error": N_("give or take"),
    "educator_name": N_("educator"),
    "source": N_("source"),
    "measure": N_("measure"),
    "taken_on": N_("day"),
    "value": N_("value"),
    "percentile": N_("percentile"),
    "words": N_("words"),
    "asked": N_("question"),
    "choice": N_("choice"),
    "drawing": N_("drawing"),
    "kind": N_("kind"),
    "held_on": N_("held on"),
    "purpose": N_("why it matters"),
    "due_on": N_("until"),
    "chosen_on": N_("chosen on"),
    "state": N_("how it stands"),
    "feeling": N_("feeling"),
    "caption": N_("caption"),
    "heart": N_("heart"),
    "given_on": N_("said on"),
    "seen_on": N_("seen on"),
}
