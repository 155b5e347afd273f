"""Further ids, what exports call learners, whom they were matched with, and rows skipped"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _sightings(name: str, *columns: sa.Column[Any], keys: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("learner_id", ID, nullable=False),
        *columns,
        sa.Column("import_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f(f"fk_{name}_import_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f(f"fk_{name}_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", *keys, "import_id", name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    op.add_column("imports", sa.Column("swept", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("import_files", sa.Column("skipped", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_files", sa.Column("reasons", sa.JSON(), nullable=False, server_default="{}"))
    _sightings(
        "identifier_sightings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        keys=("kind", "value"),
    )
    op.create_index("ix_identifier_sightings_value", "identifier_sightings", ["value", "kind"])
    _sightings(
        "mention_sightings",
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
    )
    op.create_table(
        "matches",
        sa.Column("stand_in", ID, nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stand_in"], ["learners.id"], name=op.f("fk_matches_stand_in")),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f("fk_matches_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_matches_learner_id")),
        sa.PrimaryKeyConstraint("stand_in", "change", name=op.f("pk_matches")),
    )
    op.create_index(op.f("ix_matches_learner_id"), "matches", ["learner_id"])
