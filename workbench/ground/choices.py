"""Choices in a data file: what one picks, and the picture one sees."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from workbench.ground.datafile import DataFile, Header
from workbench.ground.words import _

DOMAINS = ("academic", "beyond")
#: The pictures an option may have; the page draws them.
PICTURES = (
    *("alone", "animal", "ask", "again", "ball", "book", "build", "class", "draw", "family", "flag", "food"),
    *("friend", "game", "grow", "help", "home", "level", "look", "machine", "music", "new", "note", "numbers"),
    *(
        "outside",
        "pencil",
        "rest",
        "run",
        "show",
        "smaller",
        "sound",
        "space",
        "speech",
        "star",
        "teacher",
        "time",
        "up",
    ),
    *("wait", "water"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its `words` are kept and read aloud; `label` (else the words) and `picture` are what one sees.

    `domain` says where a strength or need belongs, when that is clear.
    """

    words: str
    label: str = ""
    picture: str = ""
    domain: str = ""


def options_in(file: DataFile, table: dict[str, Any], header: Header, key: str = "options") -> tuple[Option, ...]:
    """A list of choices in a data file: texts, or tables with `words` and what one sees."""
    listed = table.get(key, [])
    if not isinstance(listed, list):
        raise file.wrong(_("“{key}” must be a list").format(key=key), key, header)
    found: list[Option] = []
    for one in listed:
        if isinstance(one, str) and one.strip():
            option = Option(one)
        elif isinstance(one, dict) and all(isinstance(value, str) for value in one.values()):
            unknown = set(one) - {each.name for each in fields(Option)}
            if unknown or not one.get("words", "").strip():
                raise file.wrong(_("an option has words, and may have a label, a picture and a domain"), key, header)
            option = Option(**one)
        else:
            raise file.wrong(_("“{key}” must be a list of texts, or of tables of texts").format(key=key), key, header)
        for name, value, allowed in (("picture", option.picture, PICTURES), ("domain", option.domain, DOMAINS)):
            if value and value not in allowed:
                message = _("“{value}” is no {key}; it is one of {allowed}")
                raise file.wrong(message.format(value=value, key=name, allowed=", ".join(allowed)), value, header)
        if option.words in [each.words for each in found]:
            raise file.wrong(_("“{words}” is there twice").format(words=option.words), key, header)
        found.append(option)
    return tuple(found)
