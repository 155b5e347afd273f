"""The words people see, in their language, through gettext.

`_("…")` marks a sentence; catalogues are in `workbench/locale`. A sentence without a
translation is shown in English.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "workbench"
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="en")


def speak(language: str) -> None:
    """Say everything from here on (in this context) in `language`, such as "en" or "es"."""
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


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)


def _(sentence: str) -> str:
    return _catalogue(_language.get()).gettext(sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language counts."""
    return _catalogue(_language.get()).ngettext(one, many, count)
