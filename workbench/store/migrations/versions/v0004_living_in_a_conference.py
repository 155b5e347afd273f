"""Settings, flags, worries, notes, skills, artifacts, profiles, bookings and buddies; more of what exists"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, *, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _journal(
    name: str, *columns: sa.Column[Any], records: tuple[str, ...] = (), learners: tuple[str, ...] = ()
) -> None:
    """A table of revisions; `records` and `learners` name columns that point to one, each with an index."""
    points = [(column, "records.record") for column in records] + [(column, "learners.id") for column in learners]
    op.create_table(
        name,
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        _moment("at", nullable=False),
        _text("by"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *columns,
        *(sa.ForeignKeyConstraint([of], [to], name=op.f(f"fk_{name}_{of}")) for of, to in points),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f(f"fk_{name}_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f(f"fk_{name}_learner_id")),
        sa.ForeignKeyConstraint(["record"], ["records.record"], name=op.f(f"fk_{name}_record")),
        sa.PrimaryKeyConstraint("record", "change", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_learner", name, ["learner_id"])


def _optional(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=True)


def upgrade() -> None:
    op.create_table(
        "protocol_texts",
        _text("sha256"),
        _text("text"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_protocol_texts")),
    )
    for column in (_optional("protocol_text"), sa.Column("prepared_on", sa.Date()), sa.Column("read_on", sa.Date())):
        op.add_column("conferences", column)
    for column in (
        _text("drawing", default=""),
        _text("said_by", default="learner"),
        _text("typed_by", default="learner"),
    ):
        op.add_column("reflections", column)
    for name in ("area", "why_changed", "learned"):
        op.add_column("goals", _text(name, default=""))
    op.add_column("goals", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("goals", _optional("parent"))
    op.create_index(op.f("ix_goals_parent"), "goals", ["parent"])
    op.add_column("check_ins", _text("measure", default=""))
    op.add_column("check_ins", sa.Column("number", sa.Float()))

    _journal("settings", _text("band"), _text("language"), sa.Column("read_aloud", sa.Boolean(), nullable=False))
    _journal(
        "flags",
        *(_text("kind"), _text("urgency"), _text("words"), sa.Column("tried", sa.JSON(), nullable=False)),
        *(_moment("raised_at", nullable=False), _moment("seen_at"), _moment("answered_at"), _text("answer")),
    )
    _journal(
        "worries",
        *(_text("about"), _text("words"), _text("to")),
        *(_moment("raised_at", nullable=False), _moment("seen_at"), _moment("closed_at")),
        records=("about",),
    )
    _journal("notes", _optional("conference"), _text("words"), _text("visibility"), records=("conference",))
    _journal("skills", _text("words"), _text("area"), _text("state"), _text("shows"), _text("confirmed_by"))
    _journal(
        "artifacts",
        *(_text("caption"), _text("kind"), _text("drawing"), _optional("belongs_to")),
        records=("belongs_to",),
    )
    _journal(
        "profile_entries",
        *(_text("domain"), _text("kind"), _text("item"), _text("words"), _text("choice")),
        sa.Column("family_sees", sa.Boolean(), nullable=False),
        sa.Column("next_teacher_sees", sa.Boolean(), nullable=False),
    )
    _journal(
        "bookings",
        *(sa.Column("on", sa.Date(), nullable=False), _text("kind"), _text("state"), _optional("conference")),
        records=("conference",),
    )
    _journal(
        "buddies",
        *(sa.Column("buddy", ID, nullable=False), _text("purpose"), sa.Column("until", sa.Date())),
        learners=("buddy",),
    )
    indexed = (
        *(("worries", "about"), ("notes", "conference"), ("artifacts", "belongs_to")),
        *(("bookings", "on"), ("buddies", "buddy")),
    )
    for table, name in indexed:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
    op.create_table(
        "class_settings",
        *(sa.Column("class_id", ID, nullable=False), _text("name"), sa.Column("change", ID, nullable=False)),
        sa.Column("value", sa.JSON(), nullable=False),
        *(_moment("at", nullable=False), _text("by")),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f("fk_class_settings_change")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_settings_class_id")),
        sa.PrimaryKeyConstraint("class_id", "name", "change", name=op.f("pk_class_settings")),
    )
