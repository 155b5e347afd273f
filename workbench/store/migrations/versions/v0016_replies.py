"""What families write back"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "replies",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("to_learner", sa.Boolean(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f("fk_replies_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_replies_learner_id")),
        sa.ForeignKeyConstraint(["record"], ["records.record"], name=op.f("fk_replies_record")),
        sa.PrimaryKeyConstraint("record", "change", name=op.f("pk_replies")),
    )
    op.create_index("ix_replies_learner", "replies", ["learner_id"])
