"""The words of measures, by language: `words.LANGUAGE.toml` in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from workbench.ground.datafile import DataFile, dotted
from workbench.ground.words import _, language, region

OURS = Path(__file__).parent
SAID = ("name", "learner", "sentence", "youngest")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, as `words.LANGUAGE.toml` has them."""

    sources: Mapping[str, str]
    topics: Mapping[str, str]
    units: Mapping[str, Mapping[str, Any]]
    measures: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, str]


def spoken() -> Words:
    """The words of the language spoken now, English where there are none."""
    return load(language())


@lru_cache(maxsize=8)
def load(language: str, folder: Path = OURS) -> Words:
    """The words of a language. Raises BadData naming the file and the line that is wrong."""
    path = folder / f"words.{language}.toml"
    file = DataFile(path if path.is_file() else folder / "words.en.toml")
    units, measures = {}, {}
    for unit, forms in file.table("units").items():
        if not isinstance(forms, dict):
            raise file.wrong(_("“{key}” must say how a value of it is written").format(key=unit), unit, ("[units]", 0))
        file.text(forms, "other", ("[units]", 0))
        units[unit] = forms
    for name, said in file.table("measures").items():
        header = (f"[{dotted('measures', name)}]", 0)
        measures[name] = {key: file.text(said, key, header) for key in SAID}
    plain = {
        key: {name: file.text(file.table(key), name, (f"[{key}]", 0)) for name in file.table(key)}
        for key in ("sources", "topics", "parts")
    }
    return Words(units=units, measures=measures, **plain)


def source_name(source: str) -> str:
    """A source as people call it."""
    return spoken().sources.get(source, source)


def topic_name(topic: str) -> str:
    """The heading under which a report tells measures of a topic."""
    return spoken().topics[topic]


def number(value: float) -> str:
    """A number as the language writes it, to one decimal place."""
    return str(format_decimal(round(value, 1), locale=region()))


def plural(value: float) -> str:
    """The form that a number asks for, such as "one" or "other"."""
    return str(Locale(language()).plural_form(int(value) if value == int(value) else value))
