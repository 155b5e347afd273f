"""What each table for analysts has: its columns in order, what they mean, in which unit, from where.

`docs/frames.md` is made from this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from workbench.conferences.strengths import Domain
from workbench.conferences.strengths import Kind as Finds
from workbench.goals.goals import Horizon, State
from workbench.goals.progress import FEELINGS
from workbench.ground.bands import Speaker
from workbench.ground.terms import SEASONS, Term

if TYPE_CHECKING:
    import pandas as pd


class Type(StrEnum):
    """A column's kind; its value is the dtype that pandas has for it, also when the table is empty."""

    WHOLE = "Int64"
    NUMBER = "Float64"
    TEXT = "string"
    NAMES = "category"
    ORDER = "category, ordered"
    DAY = "datetime64[s]"
    FLAG = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `order` are the categories of an ordered one, from first to last; of terms they are by time."""

    name: str
    type: Type
    meaning: str
    order: Sequence[str] = ()


GRADES = ("PK", "K", *(str(grade) for grade in range(1, 13)))
ENGLISH = "English"
VERDICTS = ("lower", "about the same", "higher")
MET = ("No", "No*", "Yes*", "Yes")

_LEARNER = Column("learner", Type.WHOLE, "The learner’s number here.")
_NAME = Column("name", Type.TEXT, "The learner’s name; only with `names=True`.")
_CLASS = Column("class_", Type.NAMES, "The first of the learner’s classes now, by name.")
_WHO = (_LEARNER, _NAME, _CLASS)
_SOURCE = Column("source", Type.NAMES, "Which program the file is from, as in docs/measures.md.")
_MEASURE = Column(
    "measure", Type.NAMES, "What it is of, such as reading; tables are joined by it, not by learner alone."
)
_LANGUAGE = Column("language", Type.NAMES, "The test’s language.")
_UNIT = Column("unit", Type.NAMES, "What the value is counted in.")
_TERM = Column("term", Type.ORDER, "The testing term, ordered by time.")
_VALUE = Column("value", Type.NUMBER, "The value, in `unit`.")
_ERROR = Column("error", Type.NUMBER, "Its standard error, in `unit`; empty where the file has none.")
_WORDS = Column("words", Type.TEXT, "The learner’s words; only with `words=True`.")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "learners": (
        *_WHO,
        Column("grade", Type.ORDER, "The grade of this term’s enrolment.", GRADES),
        Column("school", Type.NAMES, "The school of this term’s enrolment."),
        Column("classes", Type.WHOLE, "How many classes the learner is in now."),
    ),
    "scores": (
        *_WHO,
        *(_SOURCE, _MEASURE, _LANGUAGE),
        Column("taken_on", Type.DAY, "The day of the test."),
        _TERM,
        Column("season", Type.ORDER, "The term’s season.", SEASONS[1:]),
        Column("year", Type.WHOLE, "The first calendar year of the term’s school year."),
        *(_VALUE, _ERROR),
        Column("low", Type.NUMBER, "One standard error below the value."),
        Column("high", Type.NUMBER, "One standard error above it."),
        _UNIT,
        Column("percentile", Type.NUMBER, "The vendor’s percentile, of its own norms; never subtracted across norms."),
        Column("norms", Type.NAMES, "The year of the norms that the percentile is read against."),
        Column("standing", Type.NAMES, "“growth”: the term’s growth event; “repeat”: another sitting; else “other”."),
        Column("rapid_guessing", Type.NUMBER, "Share of answers that were rapid guesses, in percent, where told."),
        Column("rushed", Type.FLAG, "Whether the score may not show what the learner can do (20 percent and more)."),
        Column("minutes", Type.NUMBER, "How long the test took, where told."),
        Column("before", Type.NUMBER, "What an earlier file said, where a later one corrected it."),
    ),
    "growth": (
        *_WHO,
        *(_SOURCE, _MEASURE, _LANGUAGE),
        Column("start_term", Type.ORDER, "The term of the earlier test."),
        Column("end_term", Type.ORDER, "The term of the later test."),
        Column("start", Type.NUMBER, "The earlier value."),
        Column("end", Type.NUMBER, "The later value."),
        _UNIT,
        Column("weeks", Type.NUMBER, "Weeks between the two tests."),
        Column("growth", Type.NUMBER, "end − start."),
        Column("error", Type.NUMBER, "Its standard error: the vendor’s for this window, else √(error² + error²)."),
        Column("verdict", Type.ORDER, "“about the same” is within one standard error.", VERDICTS),
        Column("comparable", Type.FLAG, "Whether it may be held beside others’; by docs/growth.md."),
        Column("why_not", Type.NAMES, "Why not: “rushed”, “summer” between, or too few or many “weeks”."),
        Column("norms_same", Type.FLAG, "Whether both tests were read against one set of norms."),
        Column("expected", Type.NUMBER, "The growth that the vendor projected for this window, where the file has it."),
        Column("index", Type.NUMBER, "The vendor’s conditional growth index."),
        Column("growth_percentile", Type.NUMBER, "The vendor’s conditional growth percentile."),
        Column("met", Type.ORDER, "The vendor’s “met projection”; a star is within one standard error of it.", MET),
    ),
    "areas": (
        *_WHO,
        *(_SOURCE, _MEASURE, _LANGUAGE, _TERM),
        Column("area", Type.NAMES, "The part of the test, as the vendor calls it."),
        *(_VALUE, _ERROR, _UNIT),
        Column("away", Type.NUMBER, "The value less the mean of the learner’s own areas of that test."),
        Column("telling", Type.FLAG, "Whether the highest and the lowest area of that test can be told apart."),
    ),
    "amounts": (
        *_WHO,
        *(_SOURCE, _MEASURE),
        Column("year", Type.NAMES, "The school year."),
        Column("value", Type.NUMBER, "What it comes to over periods that do not overlap; of a level the newest."),
        Column("of", Type.NUMBER, "Of how many, where it is a share."),
        _UNIT,
        Column("kind", Type.NAMES, "count, share or level: how values of it go together."),
        Column("from_", Type.DAY, "The first day of what was added up."),
        Column("until", Type.DAY, "The last day of it."),
    ),
    "attendance": (
        *_WHO,
        Column("week", Type.DAY, "The Monday of the week."),
        Column("present", Type.NUMBER, "Days present."),
        Column("enrolled", Type.NUMBER, "School days that were counted."),
        Column("rate", Type.NUMBER, "present / enrolled of the week; sum both before dividing over more."),
        Column("late", Type.NUMBER, "Times late; empty where not told."),
    ),
    "coverage": (
        *_WHO,
        *(_SOURCE, _MEASURE, _TERM),
        Column("has", Type.FLAG, "Whether there is a test; a row for each learner and each term anybody here has one."),
        Column("tests", Type.WHOLE, "How many sittings."),
    ),
    "conferences": (
        *_WHO,
        Column("protocol", Type.NAMES, "Its protocol: full, quick …"),
        Column("band", Type.NAMES, "The band whose words it had."),
        Column("held_on", Type.DAY, "The day it was held."),
        Column("finished_on", Type.DAY, "The day it was finished; empty while open."),
        Column("days_since_last", Type.WHOLE, "Days since the learner’s conference before."),
    ),
    "goals": (
        *_WHO,
        _WORDS,
        Column("horizon", Type.ORDER, "How far off it was when it was chosen.", tuple(Horizon)),
        Column("area", Type.NAMES, "What it is about; empty where not said."),
        Column("state", Type.NAMES, "How it stands: " + ", ".join(State) + "."),
        Column("chosen_on", Type.DAY, "The day it was chosen."),
        Column("due_on", Type.DAY, "The day it is to be met by."),
        Column("long", Type.FLAG, "Whether it hangs under another goal."),
        Column("check_ins", Type.WHOLE, "How many check-ins it has."),
        Column("last_check_in", Type.DAY, "The day of the newest."),
        Column("days_open", Type.WHOLE, "Days from its choice until its newest check-in."),
    ),
    "check_ins": (
        *_WHO,
        _WORDS,
        Column("held_on", Type.DAY, "The day."),
        Column("feeling", Type.ORDER, "How it goes, from needing help to great.", FEELINGS[::-1]),
        Column("who", Type.NAMES, "Who spoke: " + ", ".join(Speaker) + "."),
        Column("area", Type.NAMES, "What its goal is about."),
        Column("measure", Type.NAMES, "The measure of its number, if it has one."),
        Column("number", Type.NUMBER, "That number."),
    ),
    "reflections": (
        *_WHO,
        _WORDS,
        Column("held_on", Type.DAY, "The day of its conference."),
        Column("move", Type.NAMES, "The move of the conference."),
        Column("prompt", Type.NAMES, "The prompt it answers."),
        Column("choice", Type.NAMES, "What was picked, if anything."),
        Column("said_by", Type.NAMES, "Whose words they are."),
    ),
    "findings": (
        *_WHO,
        _WORDS,
        Column("held_on", Type.DAY, "The day of its conference."),
        Column("kind", Type.NAMES, "One of: " + ", ".join(Finds) + "."),
        Column("domain", Type.NAMES, "One of: " + ", ".join(Domain) + "."),
    ),
    "evidence": (
        *_WHO,
        *(_SOURCE, _MEASURE),
        Column("aspect", Type.NAMES, "Empty for the whole measure; “area: …” and others for a part of it."),
        Column("taken_on", Type.DAY, "The day, or the last of a period."),
        Column("term", Type.ORDER, "The term or school year that the file says."),
        *(_VALUE, _ERROR, _UNIT),
        Column("percentile", Type.NUMBER, "The vendor’s percentile."),
        Column("norms", Type.NAMES, "The year of its norms."),
        Column("standing", Type.NAMES, "As in scores."),
        Column("details", Type.TEXT, "Whatever else the file says, as JSON."),
    ),
}


def framed(table: str, rows: Iterable[Mapping[str, Any]], hidden: Iterable[str] = ()) -> pd.DataFrame:
    """Rows as a table with the columns of its kind but the `hidden` ones; each of its dtype, also with no row."""
    import pandas as pd

    columns = [one for one in TABLES[table] if one.name not in hidden]
    names = [one.name for one in columns]
    frame = pd.DataFrame([[row[name] for name in names] for row in rows], columns=names, dtype=object)
    return frame.assign(**{one.name: _typed(frame[one.name], one) for one in columns})


def _typed(values: pd.Series, column: Column) -> Any:
    import pandas as pd

    dtype: Any = column.type.value
    if column.type is Type.DAY:
        return pd.to_datetime(values).astype(dtype)
    if column.type in (Type.NAMES, Type.ORDER):
        told = [str(one) if one else None for one in values]
        met = sorted({one for one in told if one}, key=Term.parse if column.type is Type.ORDER else None)
        ordered = column.type is Type.ORDER
        return pd.Categorical(told, dtype=pd.CategoricalDtype([str(one) for one in column.order or met], ordered))
    return values.astype(dtype)
