"""Protocols: a conference's moves and prompts, as data.

A protocol is two kinds of TOML file: `NAME.toml` lists moves and prompts, and
`NAME.BAND.LANGUAGE.toml` holds their words. A school's own files, in its workspace's
`protocols` folder, go before ours of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench.datafile import DataFile
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
    skeleton, said = DataFile(shape, BadProtocol), DataFile(words, BadProtocol)
    titles = said.table("steps")
    moves = []
    for place, raw in enumerate(skeleton.tables("moves")):
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
