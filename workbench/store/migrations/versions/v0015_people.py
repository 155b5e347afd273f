"""Who may come in: accounts, relations given, sessions, passes, and what pages' addresses stand for"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _at(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        _text("name"),
        _text("called"),
        _text("roles"),
        _text("secret"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _at("wrong_at"),
        _at("at", nullable=False),
        _text("by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "ties",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        _text("actor"),
        sa.Column("learner_id", ID),
        sa.Column("class_id", ID),
        _text("school", nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        _at("at", nullable=False),
        _text("by"),
        _at("ended_at"),
        _text("ended_by", nullable=True),
        _key("ties", "learner_id", "learners"),
        _key("ties", "class_id", "classes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_learner_id"), "ties", ["learner_id"])
    op.create_index(op.f("ix_ties_class_id"), "ties", ["class_id"])
    op.create_table(
        "passes",
        _text("id"),
        _text("kind"),
        sa.Column("account_id", ID),
        sa.Column("class_id", ID),
        sa.Column("learner_id", ID),
        _at("since", nullable=False),
        _at("until", nullable=False),
        sa.Column("from_hour", sa.Integer(), nullable=False),
        sa.Column("to_hour", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        _at("used_at"),
        _at("at", nullable=False),
        _text("by"),
        _at("ended_at"),
        _text("ended_by", nullable=True),
        _key("passes", "account_id", "accounts"),
        _key("passes", "class_id", "classes"),
        _key("passes", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
    )
    for column in ("account_id", "class_id", "learner_id"):
        op.create_index(op.f(f"ix_passes_{column}"), "passes", [column])
    op.create_table(
        "sessions",
        _text("id"),
        _text("actor"),
        sa.Column("account_id", ID),
        _text("pass_id", nullable=True),
        sa.Column("class_id", ID),
        sa.Column("learner_id", ID),
        _text("seal"),
        _text("device"),
        _at("begun", nullable=False),
        _at("seen", nullable=False),
        _at("until", nullable=False),
        _at("ended"),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _at("wrong_at"),
        _key("sessions", "account_id", "accounts"),
        _key("sessions", "pass_id", "passes"),
        _key("sessions", "class_id", "classes"),
        _key("sessions", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"])
    op.create_index(op.f("ix_sessions_until"), "sessions", ["until"])
    op.create_table(
        "views",
        _text("handle"),
        _text("session"),
        _text("app"),
        _text("parameters"),
        _text("language"),
        _at("at", nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_views")),
    )
    op.create_index(op.f("ix_views_session"), "views", ["session"])
    op.create_index("ix_views_at", "views", ["at"])
