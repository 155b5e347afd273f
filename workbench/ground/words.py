"""The words people see, in their language, through gettext.

`_("…")` marks a sentence; catalogues are in `workbench/ground/locale`, one `.po` file a language, compiled when it
is first spoken. A sentence without a translation is shown in English.
"""

from __future__ import annotations

import gettext as _gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

DOMAIN = "workbench"
LOCALE = Path(__file__).parent / "locale"

_SOUNDS_I = re.compile(r"h?[ií](?![aeouáéóú])", re.IGNORECASE)

_REGIONS = {"en": "en_US", "es": "es_US"}

_language: ContextVar[str] = ContextVar("language", default="en")


def speak(language: str) -> None:
    """Say everything from here on (in this context, such as one request) in `language`, such as "en" or "es"."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Says everything inside in `language`."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def language() -> str:
    """The language spoken now."""
    return _language.get()


def region() -> str:
    """The language spoken now as schools in the United States write it: "es_US" says 1:05 p.m. and 1,240."""
    return _REGIONS.get(language(), language())


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return _gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def N_(sentence: str) -> str:  # noqa: N802  gettext's name for it
    """Marks a sentence that is said later."""
    return sentence


def _(sentence: str) -> str:
    return _catalogue(_language.get()).gettext(sentence)


def both(one: str, other: str) -> str:
    """Two things said together: "Ana and Inés"; Spanish says "e" before the sound of i, «Ana e Inés».

    The rule is the Real Academia's (Diccionario panhispánico de dudas, "y" 2): not before a diphthong, «nieve y hielo».
    Babel's lists do not know it.
    """
    form = "{one} e {other}" if language() == "es" and _SOUNDS_I.match(other) else _("{one} and {other}")
    return form.format(one=one, other=other)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language counts."""
    return _catalogue(_language.get()).ngettext(one, many, count)
