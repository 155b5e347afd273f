"""Passwords: kept as Argon2id hashes, checked two at a time, so that a class that signs in leaves memory for others."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from workbench.ground.errors import BadInput
from workbench.ground.words import _

LEAST = 10  # letters; NIST SP 800-63B asks for eight, or for fifteen where nothing else is asked for
MOST = 200
#: A check takes 64 MB and half a second; 28 at once would take 1.8 GB.
_AT_ONCE = BoundedSemaphore(2)
_HASHER = PasswordHasher()  # RFC 9106's second recommendation
_KNOWN = frozenset({"password", "passw0rd", "1234567890", "0123456789", "qwertyuiop", "contraseña", "abcdefghij"})


def sealed(password: str, *names: str) -> str:
    """What is kept of a password. Raises BadInput for one that is short, or easily guessed by somebody's `names`."""
    text = _plain(password)
    if not LEAST <= len(text) <= MOST:
        raise BadInput(
            _("A password has {least} letters or more.").format(least=LEAST),
            _("Three or four words that only you put together are easy to keep in mind."),
        )
    simple = text.casefold()
    guesses = {name.casefold() for name in names if len(name) >= 4}
    if simple in _KNOWN or len(set(simple)) < 4 or any(one in simple for one in guesses):
        raise BadInput(_("This password is easy to guess."), _("Take words that have nothing to do with your name."))
    with _AT_ONCE:
        return _HASHER.hash(text)


def fits(password: str, kept: str) -> bool:
    """Whether `password` is the one that was sealed; takes as long where nothing is kept."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _plain(password)[:MOST]) and bool(kept)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _plain(text: str) -> str:
    """The same letters however a keyboard puts them together."""
    return unicodedata.normalize("NFKC", text)


_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5cyBwYXNzd29yZA$"
    "Q0fYbHWjh2XjP0pNq3sX8n6m0m2m4Yq0m1w8q4n2s5E"
)  # the same work, and never right
