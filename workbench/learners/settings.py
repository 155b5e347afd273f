"""Settings: how a learner's pages are made, set privately by an educator and never shown.

A fourth-grader who reads like a first-grader gets pictures and read-aloud, and nobody sees why.
"""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from workbench.access.actors import Action
from workbench.access.gate import LearnerId, asks
from workbench.facet import Facet, Kept
from workbench.ground.bands import BANDS, YOUNGEST
from workbench.ground.terms import Term
from workbench.ground.words import language

LANGUAGES = ("en", "es")
#: Languages that families of a school may speak, by their codes; letters home are written in `LANGUAGES`.
AT_HOME = ("en", "es", "am", "ar", "bn", "fa", "fr", "hi", "hmn", "ht", "km", "ko", "my", "ne", "pl", "ps", "pt", "ru",
           "so", "sw", "ti", "tl", "uk", "ur", "vi", "zh")  # fmt: skip
UNKNOWN = ""  # in place of a language at home: nobody said one
AS_DEVICE = ""  # in place of a language: that of the browser, or of whoever asks


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """One learner's: a band, the language of the pages or `AS_DEVICE`, whether words are read aloud, and what is spoken
    at home or `UNKNOWN`."""

    learner: int
    band: str
    language: str = AS_DEVICE
    read_aloud: bool = False
    home_language: str = UNKNOWN

    def __repr__(self) -> str:
        return "<Settings>"


SETTINGS = Kept("settings", Settings)


class SettingsFacet(Facet):
    """`bench.settings`: how a learner's pages are made."""

    __slots__ = ()

    @asks(Action.MEET)
    def of(self, learner: LearnerId) -> Settings:
        """What was set for a learner; until somebody did, what the newest grade suggests."""
        known = self._all(SETTINGS, record=_record(learner))
        if known:
            return known[0]
        enrolled = self.store.roster.enrolments([learner], as_of=self.as_of)
        begun = [row for row in enrolled if Term.parse(row["term"]).begins <= self.desk.today]
        newest = max(begun or enrolled, key=lambda row: Term.parse(row["term"]), default=None)
        band = band_of(newest["grade"] if newest else "")
        return Settings(learner, band, read_aloud=band == YOUNGEST)

    @asks(Action.GUIDE)
    def choose(
        self,
        learner: LearnerId,
        *,
        band: str | None = None,
        language: str | None = None,
        read_aloud: bool | None = None,
        home_language: str | None = None,
    ) -> Settings:
        """Sets some of a learner's; what is None stays. Raises ValueError for a band or language there is none of."""
        known = self.of(learner)
        values = {
            "band": _one_of(band or known.band, BANDS),
            "language": _one_of(known.language if language is None else language, (*LANGUAGES, AS_DEVICE)),
            "read_aloud": known.read_aloud if read_aloud is None else read_aloud,
            "home_language": _one_of(
                known.home_language if home_language is None else home_language, (*AT_HOME, UNKNOWN)
            ),
            "withdrawn": False,  # after an undo of the first choice
        }
        return self._keep(SETTINGS, learner, values, record=_record(learner))

    @asks(Action.GUIDE)
    def undo(self, learner: LearnerId) -> Settings:
        """Takes the newest choice back; raises NotFound when there was none."""
        self._undo(SETTINGS, _record(learner))
        return self.of(learner)


def language_name(code: str) -> str:
    """What a language is called, in the language spoken now."""
    return str(Locale(language()).languages[code])


def band_of(grade: str) -> str:
    """The band a grade suggests: "K" is "K-2", "4" is "3-5"."""
    try:
        number = int(grade)
    except ValueError:
        return "K-2" if grade.upper() in ("PK", "K", "KG", "TK") else "3-5"
    return "K-2" if number <= 2 else "3-5" if number <= 5 else "6-8"


def _record(learner: int) -> str:
    return f"settings.{learner}"


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)}")
    return value
