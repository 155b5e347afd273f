"""Help with wording goals as data, one file a language (`words.LANGUAGE.toml`), as a teacher may change it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from workbench.ground.choices import Option, options_in
from workbench.ground.datafile import DataFile
from workbench.ground.words import _

OURS = Path(__file__).parent
FALLBACK = "en"
#: What an answer to a door's question becomes: fields of the goal, its plan's `show`, or a step "obstacle → answer".
KEEPS = ("words", "purpose", "due", "show", "obstacle", "answer")
_WORDS = ("[words]", 0)


@dataclass(frozen=True, slots=True)
class Area:
    """What goals are about. `subject` tells school subjects from all else.

    `examples` are (vague, good) pairs; `short` whole goals, `young` a word for it, and a `picture`, for those who begin
    to read. `signs`: how words begin that tell of it.
    """

    id: str
    name: str
    subject: bool
    examples: tuple[tuple[str, str], ...]
    short: tuple[Option, ...] = ()
    picture: str = ""
    signs: tuple[str, ...] = ()
    young: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A step of a door. `keeps`: what its answer becomes, one of `KEEPS`; "" is only thought about."""

    name: str
    ask: str
    keeps: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A way to word a goal: its name, and its questions in order."""

    id: str
    name: str
    steps: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The words that the adviser knows a goal by, all in small letters; what each kind is for stands in the file."""

    verbs: frozenset[str]
    outcome_verbs: frozenset[str]
    states: frozenset[str]
    verb_endings: tuple[str, ...]
    first_endings: tuple[str, ...]
    no_verbs: frozenset[str]
    openers: frozenset[str]
    small: frozenset[str]
    general: frozenset[str]
    quality: frozenset[str]
    numbers: frozenset[str]
    when: frozenset[str]
    how: frozenset[str]
    whom: frozenset[str]
    result_words: frozenset[str]
    joiners: frozenset[str]
    no_goals: frozenset[str]
    no_reasons: frozenset[str]


@dataclass(frozen=True, slots=True)
class Help:
    """The data of one language. `others`: forms of words that measure a learner by others."""

    known: Known
    others: tuple[re.Pattern[str], ...]
    areas: tuple[Area, ...]
    doors: tuple[Door, ...]

    def area(self, id: str) -> Area | None:  # noqa: A002
        return next((one for one in self.areas if one.id == id), None)


@cache
def load(spoken: str = FALLBACK, folder: Path = OURS) -> Help:
    """The help of a language, English where there is none. Raises BadData naming the file and the line."""
    path = folder / f"words.{spoken}.toml"
    file = DataFile(path if path.is_file() else folder / f"words.{FALLBACK}.toml")
    table = file.table("words")
    known = {one.name: file.texts(table, one.name, _WORDS) for one in fields(Known)}
    kept = {name: words if name.endswith("_endings") else frozenset(words) for name, words in known.items()}
    return Help(
        known=Known(**kept),  # type: ignore[arg-type]
        others=tuple(_form(file, one) for one in file.texts(table, "others", _WORDS)),
        areas=tuple(_area(file, raw, place) for place, raw in enumerate(file.tables("areas"))),
        doors=tuple(_door(file, raw, place) for place, raw in enumerate(file.tables("doors"))),
    )


def _form(file: DataFile, form: str) -> re.Pattern[str]:
    try:
        return re.compile(form)
    except re.error:
        raise file.wrong(_("“{form}” is no form of words").format(form=form), "others", _WORDS) from None


def _area(file: DataFile, raw: dict[str, object], place: int) -> Area:
    at = ("[[areas]]", place)
    pairs = raw.get("examples", [])
    if not isinstance(pairs, list) or not all(isinstance(p, dict) and set(p) == {"vague", "good"} for p in pairs):
        raise file.wrong(_("“examples” must be pairs of vague and good"), "examples", at)
    if not isinstance(raw.get("subject"), bool):
        raise file.wrong(_("“{key}” must be true or false").format(key="subject"), "subject", at)
    examples = tuple((file.text(pair, "vague", at), file.text(pair, "good", at)) for pair in pairs)
    return Area(
        file.text(raw, "id", at),
        file.text(raw, "name", at),
        bool(raw["subject"]),
        examples,
        options_in(file, raw, at, "short"),
        file.text(raw, "picture", at) if "picture" in raw else "",
        file.texts(raw, "signs", at),
        file.text(raw, "young", at) if "young" in raw else "",
    )


def _door(file: DataFile, raw: dict[str, object], place: int) -> Door:
    at = ("[[doors]]", place)
    steps = raw.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise file.wrong(_("“steps” must be tables"), "steps", at)
    told = tuple(
        Question(
            file.text(step, "name", at),
            file.text(step, "ask", at),
            file.one_of(step, "keeps", KEEPS, at) if "keeps" in step else "",
        )
        for step in steps
    )
    return Door(file.text(raw, "id", at), file.text(raw, "name", at), told)
