"""Names of people: what counts as the same, and in which order they stand.

An apostrophe is typed in many ways, an accent as a letter of its own or as a mark behind one, or not at all; databases
put Á and ʻ after Z. So names are compared, found and sorted by what is made here, never by their letters alone.
"""

from __future__ import annotations

import re
import unicodedata

#: Typed for one another: typewriter and curly ones, primes and accents alone, the ʻokina, modifiers, the saltillo.
APOSTROPHES = "'’‘‛`´′ʻʼʽʾʿˈʹꞌ＇"
#: Letters that hold no mark to take off, as they are typed without them.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_MARKS_ASIDE = str.maketrans(dict.fromkeys(APOSTROPHES, ""))
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""))
_DASHES = re.compile(r"[\u2010-\u2015-]")
_AFTER_N = "n\U0010ffff"  # Ñ is a letter after N

Key = tuple[str, str]


def typed_alike(name: str) -> str:
    """A name with one form of apostrophe, accents on their letters, and single spaces; case stays."""
    same = unicodedata.normalize("NFC", name).translate(_UNSEEN).translate(_ONE_APOSTROPHE)
    return " ".join(same.split())


def spelled(name: str) -> str:
    """A name as it is spelled: case, spaces, and how its apostrophes and accents were typed aside.

    >>> spelled("O’Neil,  Jose\\u0301") == spelled("o'neil, josé"), spelled("José") == spelled("Jose")
    (True, False)
    """
    return unicodedata.normalize("NFC", typed_alike(name).casefold())


def plain(name: str) -> str:
    """A name in its plainest letters: no accents, apostrophes or case.

    >>> plain("ʻAkana Nuñez-Øst")
    'akana nunez-ost'
    """
    return _without_marks(spelled(name).translate(_MARKS_ASIDE))


def sort_key(name: str) -> Key:
    """Where a name stands in a list: accents and apostrophes tell apart only what is alike without, Ñ is after N.

    >>> sorted(["Zed", "Ñandú", "Álvarez", "ʻAkana", "Nunez", "Alvarez"], key=sort_key)
    ['ʻAkana', 'Alvarez', 'Álvarez', 'Nunez', 'Ñandú', 'Zed']
    """
    same = spelled(name)
    letters = _DASHES.sub(" ", same).translate(_MARKS_ASIDE).replace("ñ", _AFTER_N)
    return _without_marks(letters), same


def has(name: str, typed: str) -> bool:
    """Whether a name has every word that was typed, as a part of it, in any order and spelled plainly.

    >>> has("Luz Marín", "mar luz"), has("ʻAkana Nuñez-Øst", "nunez akan"), has("Luz Marín", "luis")
    (True, True, False)
    """
    known = plain(name)
    return all(word in known for word in plain(typed).replace(",", " ").split())


def initial(name: str, letters: int = 1) -> str:
    """The first letters of a name, with an apostrophe before them: "ʻA" of ʻAkana, "D" of d'Arc with one letter.

    >>> initial("ʻAkana"), initial("álvarez"), initial("O’Neil", 2)
    ('ʻA', 'Á', 'O’N')
    """
    found, count = "", 0
    for one in unicodedata.normalize("NFC", name):
        is_letter = one not in APOSTROPHES and not unicodedata.combining(one)
        if is_letter and count == letters:
            break
        count += is_letter
        found += one
    return (found[:2].upper() + found[2:] if found[:1] in APOSTROPHES else found[:1].upper() + found[1:]).rstrip()


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_PLAIN)
