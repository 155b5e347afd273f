"""People's ids, without what spreadsheets and people put around them."""

from __future__ import annotations

import re
import unicodedata

from workbench.ground.words import N_
from workbench.importing.reading.values import Unreadable, is_nothing

NOT_ID = N_("is not an id.")
LOST_ID = N_("is an error that a spreadsheet has put in an id’s place.")
SHORTENED_ID = N_("is an id that a spreadsheet has shortened, so the learner cannot be told.")

_ID = re.compile(r"(?!#)\S*[^\W_]\S*")  # "see note", "???" and "#REF!" are none
_PART_OF_ID = r"(?:[A-Za-z]{1,3}|[\w-]*[0-9][\w-]*)"
_ID_IN_PARTS = re.compile(rf"(?=.*[0-9]){_PART_OF_ID}(?: {_PART_OF_ID}){{1,3}}")  # "S 605"; a note has longer words
_AROUND_ID = "'\"‘’‚“”„`´ \t\r\n\u00a0"
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_AS_TEXT = re.compile(r'=\s*"(.*)"')
_ERRORS = frozenset(("#ref!", "#value!", "#null!", "#name?", "#div/0!"))  # `#N/A` says that there is none
_ID_WITH_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.0+)?")
_ID_WITH_FRACTION = re.compile(r"[0-9]+\.0+")
_ID_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)


def person_code(text: str) -> str:
    """A person's id as text, leading zeros kept; "" where nothing is given.

    What spreadsheets and people put around an id is no part of it: `'00123`, `="00123"`, quotation marks, what nobody
    sees. Their `605000.0` and `605,000` are 605000 again; what was shortened to `6.05E+05` or turned into an error
    cannot be read. One may have spaces inside, "S 605".
    """
    text = bare_id(text)
    if text.casefold() in _ERRORS:
        raise Unreadable(LOST_ID)
    if _ID_WITH_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    if _ID_WITH_FRACTION.fullmatch(text):
        return text.partition(".")[0]
    if _ID_SHORTENED.fullmatch(text):
        raise Unreadable(SHORTENED_ID)
    if is_nothing(text):
        return ""
    if not _ID.fullmatch(text) and not _ID_IN_PARTS.fullmatch(text):
        raise Unreadable(NOT_ID)
    return text


def bare_id(text: str) -> str:
    """An id without what spreadsheets and people put around it, its figures and letters in their plain form."""
    found = _AS_TEXT.fullmatch(text)
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return " ".join((found[1] if found else text).strip(_AROUND_ID).split())
