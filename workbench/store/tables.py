"""The tables, in four families.

*Sightings* hold what exports said: one row per import and natural key. Nobody sees them
until their import is committed; the current value of a key is its latest committed
sighting.

*Journals* hold what people said: every row is a revision, none is ever changed. A
record's current value is its latest revision.

*Texts* are protocols as they were held, once each.

*Changes* number everything that becomes visible, so that "as of change 41" is a snapshot.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite only numbers rows by itself in an INTEGER column; PostgreSQL wants eight bytes.
Id = BigInteger().with_variant(Integer, "sqlite")

changes = Table(
    "changes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    sqlite_autoincrement=True,
)

# People and places: only a number and the school's own code; what is said of them is sighted.

learners = Table(
    "learners", metadata, Column("id", Id, primary_key=True), Column("code", Text, nullable=False, unique=True)
)
educators = Table(
    "educators",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
)
classes = Table(
    "classes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("school", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("year", Text, nullable=False),
    UniqueConstraint("school", "name", "year"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("alive_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("committed", Id, ForeignKey("changes.id"), nullable=True),
    Column("undone", Id, ForeignKey("changes.id"), nullable=True),
    Column("swept", Boolean, nullable=False, default=False),  # its rows are being removed: it is committed no more
    sqlite_autoincrement=True,
)
#: Imports that were taken back and stand again: they did not from change `undone` on, and do from `redone` on.
reinstatements = Table(
    "reinstatements",
    metadata,
    Column("import_id", Id, ForeignKey("imports.id"), primary_key=True),
    Column("undone", Id, ForeignKey("changes.id"), primary_key=True),
    Column("redone", Id, ForeignKey("changes.id"), nullable=False),
)
import_files = Table(
    "import_files",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("import_id", Id, ForeignKey("imports.id"), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("importer", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("growth", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),  # how many rows were skipped, by the reason
    Column("blank", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("others", Integer, nullable=False, server_default="0"),  # of learners who are not the importing educator's
    Column("waiting", Integer, nullable=False, server_default="0"),  # learners of whom more waits: `store.own_lists`
    Column("unread", JSON, nullable=False, server_default="[]"),  # the columns that nobody asked for
)
problems = Table(
    "problems",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("import_id", Id, ForeignKey("imports.id"), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("row", Integer),
    Column("column", Text),
    Column("value", Text),
    Column("reason", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("left_out", Boolean, nullable=False),
)

#: How many learners the rosters of a school put into a term, and how many classes, from a change on: `store.census`.
censuses = Table(
    "censuses",
    metadata,
    Column("school", Text, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("change", Id, ForeignKey("changes.id"), primary_key=True),
    Column("learners", Integer, nullable=False),
    Column("classes", Integer, nullable=False, server_default="0"),
)

#: What an importer must know of its packages to read later ones that only say what has changed.
remembered = Table(
    "remembered",
    metadata,
    Column("importer", Text, primary_key=True),
    Column("import_id", Id, ForeignKey("imports.id"), primary_key=True),
    Column("said", JSON, nullable=False),
)


def _sightings(
    name: str,
    *columns: Column[Any],
    keys: tuple[str, ...],
    parts: tuple[tuple[str, ...], ...] = (),
    indexes: tuple[Index, ...] = (),
) -> Table:
    """A table of sightings: which import saw which learner where, and the values.

    `parts` are values that are told together: where the newest sighting says nothing of a part, an older one counts.
    """
    return Table(
        name,
        metadata,
        Column("learner_id", Id, ForeignKey("learners.id"), primary_key=True),
        *columns,
        Column("import_id", Id, ForeignKey("imports.id"), primary_key=True),
        Column("file_id", Id, nullable=False),
        Column("row", Integer, nullable=False),
        *indexes,
        info={"keys": ("learner_id", *keys), "parts": parts},
        sqlite_with_rowid=False,
    )


def _key(name: str, kind: type[TypeEngine[Any]] | TypeEngine[Any] = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True)


learner_sightings = _sightings(
    "learner_sightings",
    Column("family_name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("middle_name", Text, nullable=False),
    Column("birth_date", Date),
    keys=(),
    parts=(("family_name", "given_name"), ("middle_name",), ("birth_date",)),
)
enrolment_sightings = _sightings(
    "enrolment_sightings",
    _key("school"),
    _key("term"),
    Column("grade", Text, nullable=False),
    Column("gone", Boolean, nullable=False),  # it is no more
    keys=("school", "term"),
    parts=(("grade",),),
)
membership_sightings = _sightings(
    "membership_sightings",
    Column("class_id", Id, primary_key=True, index=True),
    _key("term"),
    _key("educator_id", Id),  # 0: nobody named
    Column("educator_name", Text, nullable=False),
    Column("gone", Boolean, nullable=False),
    keys=("class_id", "term", "educator_id"),
    parts=(("educator_name",),),
    indexes=(Index("ix_membership_sightings_term", "term", "import_id"),),
)
identifier_sightings = _sightings(
    "identifier_sightings",
    _key("kind"),
    _key("value"),
    keys=("kind", "value"),
    indexes=(Index("ix_identifier_sightings_value", "value", "kind"),),
)
mention_sightings = _sightings(
    "mention_sightings",
    Column("family_name", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("birth_date", Date),
    Column("school", Text, nullable=False),
    Column("class_name", Text, nullable=False),
    Column("grade", Text, nullable=False),
    keys=(),
    parts=(("family_name", "given_name"), ("birth_date",), ("school",), ("class_name",), ("grade",)),
)
evidence_sightings = _sightings(
    "evidence_sightings",
    _key("key", BigInteger),
    Column("source", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("aspect", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("term", Text, nullable=False),
    Column("test", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("unit", Text, nullable=False),
    Column("error", Float),
    Column("percentile", Float),
    Column("norms", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("details", Text, nullable=False),
    keys=("key",),
)

# Whom a code of some file means, where a person said so: revisions, like a journal's.
matches = Table(
    "matches",
    metadata,
    Column("stand_in", Id, ForeignKey("learners.id"), primary_key=True),
    Column("change", Id, ForeignKey("changes.id"), primary_key=True),
    Column("learner_id", Id, ForeignKey("learners.id"), index=True),  # None unless matched
    Column("state", Text, nullable=False),  # "matched", "nobody" or "open"
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("record", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("learner_id", Id, ForeignKey("learners.id"), nullable=False),
)


def _journal(name: str, *columns: Column[Any] | Index) -> Table:
    """A table of revisions: `record` at `change`, by whom, and the values from then on.

    Further indexes find what there ever was in a span of days, so that what is years old is not read.
    """
    return Table(
        name,
        metadata,
        Column("record", Text, ForeignKey("records.record"), primary_key=True),
        Column("change", Id, ForeignKey("changes.id"), primary_key=True),
        Column("learner_id", Id, ForeignKey("learners.id"), nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("by", Text, nullable=False),
        Column("withdrawn", Boolean, nullable=False, default=False),
        *columns,
        Index(f"ix_{name}_learner", "learner_id"),
    )


#: Answers that arrived, by the key a browser gave each: one that is sent again is known by it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

# The moves and prompts of conferences as they were held: a file may be edited afterwards.
protocol_texts = Table(
    "protocol_texts",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

conferences = _journal(
    "conferences",
    Column("protocol", Text, nullable=False),
    Column("band", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("move", Text, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("protocol_text", Text),  # as it was held; None: of an older workbench
    Column("prepared_on", Date),
    Column("read_on", Date),  # an educator read what was answered
    Column("sat_on", Date),  # one first sat down for it; None: it was only prepared
    Column("finished_on", Date),
    Index("ix_conferences_finished", "learner_id", "finished_on"),
    Index("ix_conferences_held", "held_on"),
)
reflections = _journal(
    "reflections",
    Column("conference", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("move", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("drawing", Text, nullable=False, server_default=""),  # strokes as JSON
    Column("said_by", Text, nullable=False, server_default="learner"),
    Column("typed_by", Text, nullable=False, server_default="learner"),  # an educator may scribe
    Index("ix_reflections_said", "learner_id", "at"),
)
findings = _journal(
    "findings",
    Column("conference", Text, ForeignKey("records.record"), index=True),
    Column("kind", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("tied_to", Text, nullable=False),
)
goals = _journal(
    "goals",
    Column("conference", Text, ForeignKey("records.record"), index=True),
    Column("words", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("horizon", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("chosen_on", Date, nullable=False),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("parent", Text, index=True),  # the long goal it hangs under
    Column("area", Text, nullable=False, server_default=""),
    Column("why_changed", Text, nullable=False, server_default=""),
    Column("learned", Text, nullable=False, server_default=""),
    Column("shared", Boolean, nullable=False, server_default=false()),  # with the learner's buddies
    Index("ix_goals_due", "due_on"),
    Index("ix_goals_said", "learner_id", "at"),
)
plans = _journal(
    "plans",
    Column("goal", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("show", Text, nullable=False),
    Column("celebrate", Text, nullable=False),
    Column("next_conference_on", Date),
)
steps = _journal(
    "steps",
    Column("goal", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("material", Text, nullable=False),
    Column("due_on", Date),
    Column("done_on", Date),
)
check_ins = _journal(
    "check_ins",
    Column("goal", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("held_on", Date, nullable=False),
    Column("feeling", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("measure", Text, nullable=False, server_default=""),
    Column("number", Float),
    Index("ix_check_ins_said", "learner_id", "at"),
)
settings = _journal(  # how a learner's pages are made: set privately, never shown
    "settings",
    Column("band", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("read_aloud", Boolean, nullable=False),
    Column("home_language", Text, nullable=False, server_default=""),
)
symbols = _journal("symbols", Column("name", Text, nullable=False))
flags = _journal(
    "flags",
    Column("kind", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("tried", JSON, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("answer", Text, nullable=False),
)
worries = _journal(  # apart from all else, so that no query of a teacher's meets one
    "worries",
    Column("about", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("words", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("done", Text, nullable=False, server_default=""),
)
notes = _journal(
    "notes",
    Column("conference", Text, ForeignKey("records.record"), index=True),
    Column("words", Text, nullable=False),
    Column("visibility", Text, nullable=False),
)
skills = _journal(
    "skills",
    Column("words", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("shows", Text, nullable=False),
    Column("confirmed_by", Text, nullable=False),
)
artifacts = _journal(
    "artifacts",
    Column("caption", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("drawing", Text, nullable=False),
    Column("link", Text, nullable=False, server_default=""),
    Column("belongs_to", Text, ForeignKey("records.record"), index=True),
)
profile_entries = _journal(
    "profile_entries",
    Column("domain", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("family_sees", Boolean, nullable=False),
    Column("next_teacher_sees", Boolean, nullable=False),
)
bookings = _journal(
    "bookings",
    Column("on", Date, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("conference", Text, ForeignKey("records.record")),
    Index("ix_bookings_day", "learner_id", "on"),
)
replies = _journal(
    "replies",
    Column("question", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("to_learner", Boolean, nullable=False),
    Column("via", Text, nullable=False),
)
responses = _journal(
    "responses",
    Column("about", Text, ForeignKey("records.record"), nullable=False, index=True),
    Column("heart", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("seen_on", Date),  # the learner saw it
)
celebrations = _journal("celebrations", Column("goal", Text, ForeignKey("records.record"), nullable=False, index=True))
buddies = _journal(
    "buddies",
    Column("buddy", Id, ForeignKey("learners.id"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("until", Date),
)
seats = _journal(
    "seats",
    Column("class_id", Id, ForeignKey("classes.id"), nullable=False),
    Column("grouping", Text, nullable=False, index=True),  # the same for all that were given at once
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Index("ix_seats_class", "class_id", "until"),
)
companions = _journal(
    "companions",
    Column("other", Id, ForeignKey("learners.id"), nullable=False, index=True),
    Column("apart", Boolean, nullable=False),
)

_EVERY_JOURNAL = (
    *(conferences, reflections, findings, goals, plans, steps, check_ins),
    *(settings, symbols, flags, worries, notes, skills, artifacts, profile_entries, bookings, replies, buddies),
    *(responses, celebrations, seats, companions),
)
JOURNALS = {table.name: table for table in _EVERY_JOURNAL}
#: The journals of which a learner's report may tell. A worry shows on no page, nor that there is one; a symbol stands
#: beside a name; what a family or an educator writes back, and that a goal was celebrated, on a page; none in a report.
_NOT_IN_REPORTS = ("worries", "symbols", "replies", "responses", "celebrations", "seats", "companions")
SHOWN = {name: table for name, table in JOURNALS.items() if name not in _NOT_IN_REPORTS}

# What a class agreed on, for no learner alone: revisions too.
class_settings = Table(
    "class_settings",
    metadata,
    Column("class_id", Id, ForeignKey("classes.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("change", Id, ForeignKey("changes.id"), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
)
SIGHTINGS = {
    "learners": learner_sightings,
    "enrolments": enrolment_sightings,
    "memberships": membership_sightings,
    "identifiers": identifier_sightings,
    "mentions": mention_sightings,
    "evidence": evidence_sightings,
}
