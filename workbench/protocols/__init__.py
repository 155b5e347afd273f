"""Protocols: a conference's moves and prompts, as data.

A protocol is two kinds of TOML file: `NAME.toml` lists moves and prompts, and
`NAME.BAND.LANGUAGE.toml` holds their words. A school's own files, in its workspace's
`protocols` folder, go before ours of the same name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.errors import BadProtocol, NotFound
from workbench.words import _

OURS = Path(__file__).parent
STEPS = ("prepare", "discuss", "strengths", "goal", "plan")
KINDS = ("evidence", "words", "feeling", "choice", "list", "date")
SAVES = (
    "shown",
    "reflection",
    "strength",
    "need",
    "goal",
    "purpose",
    "step",
    "show",
    "check-in",
    "next",
    "celebrate",
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question: how it is answered (`kind`), what the answer becomes (`saves`), and its words."""

    id: str
    kind: str
    saves: str
    ask: str
    hint: str = ""
    starters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


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


def load(name: str, band: str, language: str, *, folder: Path | None = None) -> Protocol:
    """The protocol `name` in the words of a band ("3-5") and language ("en").

    Raises NotFound when there is no such file, BadProtocol naming the file and the line that is wrong.
    """
    shape = _find(f"{name}.toml", folder, name)
    words = _find(f"{name}.{band}.{language}.toml", folder, f"{name}, {band}, {language}")
    return _read(shape, shape.stat().st_mtime_ns, words, words.stat().st_mtime_ns, band, language)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The protocols there are: the school's and ours."""
    places = [OURS, *([folder] if folder and folder.is_dir() else [])]
    return tuple(sorted({path.stem for place in places for path in place.glob("*.toml") if "." not in path.stem}))


def _find(file: str, folder: Path | None, asked: str) -> Path:
    for place in (folder, OURS):
        if place is not None and (place / file).is_file():
            return place / file
    raise NotFound.among(_("conference protocol"), asked, names(folder))


@lru_cache(maxsize=32)
def _read(shape: Path, _shape_time: int, words: Path, _words_time: int, band: str, language: str) -> Protocol:
    skeleton, said = _File(shape), _File(words)
    titles = said.table("steps")
    moves = []
    listed = skeleton.data.get("moves")
    if not isinstance(listed, list) or not listed:
        raise skeleton.wrong(_("lists no moves"), "moves")
    for place, raw in enumerate(listed):
        at = ("[[moves]]", place)
        move_id = skeleton.text(raw, "id", at)
        step = skeleton.one_of(raw, "step", STEPS, at)
        spoken = said.table("moves", move_id)
        prompts = []
        listed_prompts = raw.get("prompts", [])
        if not isinstance(listed_prompts, list):
            raise skeleton.wrong(_("“prompts” must be a list"), "prompts", at)
        for prompt in listed_prompts:
            prompt_id = skeleton.text(prompt, "id", at)
            kind = skeleton.one_of(prompt, "kind", KINDS, at)
            saves = skeleton.one_of(prompt, "saves", SAVES, at)
            asked = said.table("moves", move_id, "prompts", prompt_id)
            header = (f"[moves.{move_id}.prompts.{prompt_id}]", 0)
            options = said.texts(asked, "options", header)
            if kind == "choice" and not options:
                raise said.wrong(_("a choice needs options"), "options", header)
            prompts.append(
                Prompt(
                    id=prompt_id,
                    kind=kind,
                    saves=saves,
                    ask=said.text(asked, "ask", header),
                    hint=str(asked.get("hint", "")),
                    starters=said.texts(asked, "starters", header),
                    options=options,
                )
            )
        if not prompts:
            raise skeleton.wrong(_("the move has no prompts"), "prompts", at)
        header = (f"[moves.{move_id}]", 0)
        moves.append(
            Move(
                id=move_id,
                step=step,
                step_title=said.text(titles, step, ("[steps]", 0)),
                title=said.text(spoken, "title", header),
                lead=str(spoken.get("lead", "")),
                prompts=tuple(prompts),
            )
        )
    known = [move.id for move in moves]
    for place, move_id in enumerate(known):
        if move_id in known[:place]:
            raise skeleton.wrong(_("two moves have this id"), "id", ("[[moves]]", place))
    minutes = skeleton.data.get("minutes", 10)
    if not isinstance(minutes, int):
        raise skeleton.wrong(_("minutes is a whole number"), "minutes")
    return Protocol(
        name=skeleton.text(skeleton.data, "name", ("", 0)),
        band=band,
        language=language,
        title=said.text(said.data, "title", ("", 0)),
        minutes=minutes,
        moves=tuple(moves),
    )


class _File:
    """One TOML file, able to say on which line a key stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.source = path.read_text(encoding="utf-8")
            self.data: dict[str, Any] = tomllib.loads(self.source)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = _("line {number}").format(number=line[1]) if line else _("its last line")
            raise BadProtocol(
                _("{file}, {where}, is not well-formed TOML: {why}.").format(
                    file=path.name, where=where, why=str(error).split(" (at")[0]
                ),
                _("Look for a missing quotation mark or bracket on that line or the one above."),
            ) from None
        except OSError as error:
            raise BadProtocol(
                _("{file} cannot be read: {why}.").format(file=path.name, why=(error.strerror or "").lower()),
                _("Check that you may read it, or take it out of the protocols folder."),
            ) from None
        except UnicodeDecodeError:
            raise BadProtocol(
                _("{file} is not saved as UTF-8 text.").format(file=path.name), _("Save it again as UTF-8.")
            ) from None

    def table(self, *path: str) -> dict[str, Any]:
        found: Any = self.data
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise self.wrong(_("has no section [{path}]").format(path=".".join(path)), None)
        return found

    def text(self, table: Any, key: str, header: tuple[str, int]) -> str:
        value = table.get(key) if isinstance(table, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(_("“{key}” must be a text").format(key=key), key, header)
        return value

    def texts(self, table: dict[str, Any], key: str, header: tuple[str, int]) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(_("“{key}” must be a list of texts").format(key=key), key, header)
        return tuple(value)

    def one_of(self, table: dict[str, Any], key: str, allowed: tuple[str, ...], header: tuple[str, int]) -> str:
        value = self.text(table, key, header)
        if value not in allowed:
            message = _("“{value}” is no {key}; it is one of {allowed}").format(
                value=value, key=key, allowed=", ".join(allowed)
            )
            raise self.wrong(message, value, header)
        return value

    def wrong(self, what: str, key: str | None, header: tuple[str, int] = ("", 0)) -> BadProtocol:
        line = self._line(key, header)
        where = f"{self.path.name}, " + _("line {number}").format(number=line) if line else self.path.name
        return BadProtocol(f"{where}: {what}.", _("Correct that line; our own file of the same name shows the form."))

    def _line(self, key: str | None, header: tuple[str, int]) -> int | None:
        """The line of `key` under the nth `header`; the header's own line when the key is missing."""
        lines = self.source.splitlines()
        start = 0
        if header[0]:
            places = [number for number, line in enumerate(lines) if line.strip() == header[0]]
            if len(places) <= header[1]:
                return None
            start = places[header[1]]
        if key is None:
            return None
        for number in range(start, len(lines)):
            if number > start and header[0] and lines[number].startswith("["):
                break
            if re.search(rf'(^|[\s{{,"])"?{re.escape(key)}"?($|[\s=",}}])', lines[number]):
                return number + 1
        return start + 1 if header[0] else None
