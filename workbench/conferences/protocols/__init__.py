"""Protocols: a conference's moves and prompts, as data.

A protocol is two kinds of TOML file: `NAME.toml` lists moves and prompts, and
`NAME.BAND.LANGUAGE.toml` holds their words; `menus.LANGUAGE.toml` has the choices that all of them share.
A school's own files, in its workspace's `protocols` folder, go before ours of the same name.
`docs/protocols.md` shows how to write one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.ground.bands import BANDS, YOUNGEST, Speaker
from workbench.ground.choices import Option, options_in
from workbench.ground.datafile import DataFile, Header
from workbench.ground.errors import BadData, BadProtocol, NotFound
from workbench.ground.words import _

OURS = Path(__file__).parent
FALLBACK = "en"
STEPS = ("prepare", "discuss", "strengths", "goal", "plan")
KINDS = ("evidence", "words", "feeling", "choice", "list", "date")
SAVES = (
    "shown",
    "work",
    "reflection",
    "strength",
    "need",
    "turn",
    "goal",
    "purpose",
    "step",
    "show",
    "check-in",
    "next",
    "celebrate",
)
#: What an evidence prompt shows.
PARTS = ("goal", "week", "scores")
#: What becomes of the last goal, in the order of a `turn` prompt's options.
TURNS = ("keep", "shrink", "next")
#: The menus of `menus.LANGUAGE.toml`, by what they save.
MENUS = {"step": "ways", "show": "show", "celebrate": "celebrate"}
STARTERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question: how it is answered (`kind`), what the answer becomes (`saves`), and its words.

    `prepare`: a learner may answer it beforehand. `who` answers it. `parts`: what an evidence prompt shows.
    `areas`: further menus, for goals of an area (`goal_help`).
    """

    id: str
    kind: str
    saves: str
    ask: str
    hint: str = ""
    starters: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    prepare: bool = False
    who: str = "learner"
    parts: tuple[str, ...] = PARTS
    areas: tuple[tuple[str, tuple[Option, ...]], ...] = ()

    def starters_on(self, day: date) -> tuple[str, ...]:
        """Three of the starters; others the week after, and all of them in turn. Weeks begin on Monday."""
        count = len(self.starters)
        if count <= STARTERS_SHOWN:
            return self.starters
        first = (day.toordinal() - 1) // 7 * STARTERS_SHOWN
        return tuple(self.starters[(first + place) % count] for place in range(STARTERS_SHOWN))

    def options_for(self, area: str) -> tuple[Option, ...]:
        """The menu for a goal of an area; the general one where there is none."""
        return dict(self.areas).get(area, self.options)


@dataclass(frozen=True, slots=True)
class Move:
    """One of a conference's moves, within one of the five steps."""

    id: str
    step: str
    step_title: str
    title: str
    lead: str
    prompts: tuple[Prompt, ...]

    def prompt(self, saves: str) -> Prompt | None:
        """The first prompt whose answer becomes `saves`."""
        return next((prompt for prompt in self.prompts if prompt.saves == saves), None)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A conference's moves in order, in one band's and language's words. `minutes`: how long it wants."""

    name: str
    band: str
    language: str
    title: str
    minutes: int
    moves: tuple[Move, ...]

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(prompt for move in self.moves for prompt in move.prompts)

    def first(self, saves: str) -> tuple[Move, Prompt] | None:
        """The first prompt whose answer becomes `saves`, with its move."""
        return next(((move, one) for move in self.moves for one in move.prompts if one.saves == saves), None)

    def to_json(self) -> str:
        """Moves and words as text: the same protocol, the same text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_json(cls, text: str) -> Protocol:
        """The protocol that `to_json` told; what a later workbench added or left out does no harm."""
        plain = json.loads(text)
        moves = [_value(Move, one, prompts=tuple(map(_prompt_of, one["prompts"]))) for one in plain["moves"]]
        found: Protocol = _value(cls, plain, moves=tuple(moves))
        return found


def load(name: str, band: str, language: str, *, folder: Path | None = None) -> Protocol:
    """The protocol `name` in the words of a band ("3-5") and language ("en").

    Words that nobody wrote for this band are another band's; for this language, English.
    Raises NotFound when there is no such protocol, BadProtocol naming the file and the line that is wrong.
    """
    shape = _find(f"{name}.toml", folder)
    tongues, bands = (dict.fromkeys((language, FALLBACK)), dict.fromkeys((band, "3-5", "6-8", YOUNGEST)))
    wanted = (f"{name}.{one}.{tongue}.toml" for tongue in tongues for one in bands)
    words = next(filter(None, (_find(file, folder) for file in wanted)), None)
    if shape is None or words is None:
        raise NotFound.among(_("conference protocol"), name, names(folder))
    spoken = words.stem.rpartition(".")[2]
    menus = _find(f"menus.{spoken}.toml", folder) or OURS / f"menus.{FALLBACK}.toml"
    return _read(*((path, path.stat().st_mtime_ns) for path in (shape, words, menus)), band, spoken)


def menu(name: str, language: str, *, folder: Path | None = None) -> tuple[Option, ...]:
    """The choices that all protocols share, by the menu's name; ours where a school's own file has none of them."""
    tongues = [*dict.fromkeys((language, FALLBACK))]
    places = [place / f"menus.{one}.toml" for one in tongues for place in (folder, OURS) if place is not None]
    for path in places:
        if path.is_file() and name in DataFile(path, BadProtocol).data:
            return _menu(path, path.stat().st_mtime_ns, name)[0]
    raise NotFound.among(_("menu"), name, MENUS.values())


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The protocols there are: the school's and ours."""
    return tuple(sorted({path.stem for path in _files(folder) if "." not in path.stem}))


def languages(name: str, folder: Path | None = None) -> tuple[str, ...]:
    """The languages that somebody wrote the words of a protocol in, English first."""
    found = {path.stem.rpartition(".")[2] for path in _files(folder) if path.stem.startswith(f"{name}.")}
    return tuple(sorted(found, key=lambda one: (one != FALLBACK, one)))


def check(folder: Path) -> list[BadData | NotFound]:
    """What is wrong in the protocols, with a school's own files in `folder`: every protocol in all the words it has."""
    wrong: dict[str, BadData | NotFound] = {}
    known = names(folder)
    for path in _files(folder):
        name, _dot, rest = path.stem.partition(".")
        if not rest or name == "menus":
            continue
        band, _dot, language = rest.partition(".")
        try:
            if name not in known:
                raise NotFound.among(_("conference protocol"), path.name, known)
            if band not in BANDS:
                raise NotFound.among(_("band"), path.name, BANDS)
            load(name, band, language, folder=folder)
        except (BadData, NotFound) as error:
            wrong[str(error)] = error
    return list(wrong.values())


def _files(folder: Path | None) -> list[Path]:
    places = [OURS, *([folder] if folder and folder.is_dir() else [])]
    return sorted((path for place in places for path in place.glob("*.toml")), key=lambda path: path.name)


def _find(file: str, folder: Path | None) -> Path | None:
    return next((place / file for place in (folder, OURS) if place is not None and (place / file).is_file()), None)


_Dated = tuple[Path, int]


@lru_cache(maxsize=64)
def _read(shape: _Dated, words: _Dated, menus: _Dated, band: str, language: str) -> Protocol:
    """The protocol of three files; when they were changed belongs to the question."""
    skeleton, said = (DataFile(path, BadProtocol) for path, _changed in (shape, words))
    titles = said.table("steps")
    known: list[Move] = []
    for place, raw in enumerate(skeleton.tables("moves")):
        at = ("[[moves]]", place)
        move_id = skeleton.text(raw, "id", at)
        if move_id in [move.id for move in known]:
            raise skeleton.wrong(_("two moves have this id"), "id", at)
        step = skeleton.one_of(raw, "step", STEPS, at)
        listed = raw.get("prompts", [])
        if not isinstance(listed, list):
            raise skeleton.wrong(_("“prompts” must be a list"), "prompts", at)
        if not listed:
            raise skeleton.wrong(_("the move has no prompts"), "prompts", at)
        asked = [one for one in listed if band in _some(skeleton, one, "bands", BANDS, at)]
        if not asked:
            continue
        spoken = said.table("moves", move_id)
        header = (f"[moves.{move_id}]", 0)
        known.append(
            Move(
                id=move_id,
                step=step,
                step_title=said.text(titles, step, ("[steps]", 0)),
                title=said.text(spoken, "title", header),
                lead=str(spoken.get("lead", "")),
                prompts=tuple(_prompt(skeleton, one, at, said, move_id, menus[0]) for one in asked),
            )
        )
    if not known:
        raise skeleton.wrong(_("no move has a prompt for the band {band}").format(band=band), "moves")
    minutes = skeleton.data.get("minutes", 10)
    if not isinstance(minutes, int):
        raise skeleton.wrong(_("minutes is a whole number"), "minutes")
    return Protocol(
        name=skeleton.text(skeleton.data, "name", ("", 0)),
        band=band,
        language=language,
        title=said.text(said.data, "title", ("", 0)),
        minutes=minutes,
        moves=tuple(known),
    )


def _prompt(skeleton: DataFile, raw: Any, at: Header, said: DataFile, move: str, menus: Path) -> Prompt:
    prompt_id = skeleton.text(raw, "id", at)
    kind = skeleton.one_of(raw, "kind", KINDS, at)
    saves = skeleton.one_of(raw, "saves", SAVES, at)
    prepare = raw.get("prepare", False)
    if not isinstance(prepare, bool):
        raise skeleton.wrong(_("“prepare” is true or false"), "prepare", at)
    spoken = said.table("moves", move, "prompts", prompt_id)
    header = (f"[moves.{move}.prompts.{prompt_id}]", 0)
    options = options_in(said, spoken, header)
    areas: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    if not options and saves in MENUS:
        options, areas = _menu(menus, menus.stat().st_mtime_ns, MENUS[saves])
    if kind in ("choice", "feeling") and not options:
        raise said.wrong(_("a choice needs options"), "options", header)
    if saves == "turn" and len(options) != len(TURNS):
        raise said.wrong(_("three options are wanted here: keep it, make it smaller, the next one"), "options", header)
    return Prompt(
        id=prompt_id,
        kind=kind,
        saves=saves,
        ask=said.text(spoken, "ask", header),
        hint=str(spoken.get("hint", "")),
        starters=said.texts(spoken, "starters", header),
        options=options,
        prepare=prepare,
        who=skeleton.one_of(raw, "who", tuple(Speaker), at) if "who" in raw else Speaker.LEARNER,
        parts=_some(skeleton, raw, "parts", PARTS, at),
        areas=areas,
    )


def _some(file: DataFile, raw: Any, key: str, allowed: tuple[str, ...], at: Header) -> tuple[str, ...]:
    """Some of the `allowed` ones; all of them when nothing is said."""
    if not isinstance(raw, dict) or key not in raw:
        return allowed
    chosen = file.texts(raw, key, at)
    for one in chosen:
        if one not in allowed:
            message = _("“{value}” is no {key}; it is one of {allowed}")
            raise file.wrong(message.format(value=one, key=key, allowed=", ".join(allowed)), key, at)
    return chosen


_Menu = tuple[tuple[Option, ...], tuple[tuple[str, tuple[Option, ...]], ...]]


@lru_cache(maxsize=16)
def _menu(path: Path, _changed: int, name: str) -> _Menu:
    """A menu, and those of its areas: `[ways]` with `options`, `[ways.reading]` …"""
    file = DataFile(path, BadProtocol)
    table = file.table(name)
    options = options_in(file, table, (f"[{name}]", 0))
    if not options:
        raise file.wrong(_("the menu has no options"), "options", (f"[{name}]", 0))
    areas = [
        (area, options_in(file, inner, (f"[{name}.{area}]", 0)))
        for area, inner in table.items()
        if isinstance(inner, dict)
    ]
    return options, tuple(areas)


def _value(kind: type[Any], plain: Mapping[str, Any], **given: Any) -> Any:
    known = {one.name for one in fields(kind)}
    return kind(**{**{name: value for name, value in plain.items() if name in known}, **given})


def _prompt_of(plain: Mapping[str, Any]) -> Prompt:
    listed = {name: tuple(plain[name]) for name in ("starters", "parts") if name in plain}
    areas = tuple((area, _options_of(some)) for area, some in plain.get("areas", ()))
    found: Prompt = _value(Prompt, plain, options=_options_of(plain.get("options", ())), areas=areas, **listed)
    return found


def _options_of(plain: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(_value(Option, one) for one in plain)
