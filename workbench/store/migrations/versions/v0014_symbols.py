"""Each learner's own symbol"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "symbols",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f("fk_symbols_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_symbols_learner_id")),
        sa.ForeignKeyConstraint(["record"], ["records.record"], name=op.f("fk_symbols_record")),
        sa.PrimaryKeyConstraint("record", "change", name=op.f("pk_symbols")),
    )
    op.create_index("ix_symbols_learner", "symbols", ["learner_id"])
