"""What educators say back, goals that were celebrated, and on which day one sat down for a conference"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _journal(name: str, *columns: sa.Column[object], of: str) -> None:
    op.create_table(
        name,
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column(of, sa.Text(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f(f"fk_{name}_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f(f"fk_{name}_learner_id")),
        sa.ForeignKeyConstraint(["record"], ["records.record"], name=op.f(f"fk_{name}_record")),
        sa.ForeignKeyConstraint([of], ["records.record"], name=op.f(f"fk_{name}_{of}")),
        sa.PrimaryKeyConstraint("record", "change", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_learner", name, ["learner_id"])
    op.create_index(op.f(f"ix_{name}_{of}"), name, [of])


def upgrade() -> None:
    _journal(
        "responses",
        sa.Column("heart", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date()),
        of="about",
    )
    _journal("celebrations", of="goal")
    op.create_index("ix_goals_said", "goals", ["learner_id", "at"])
    op.add_column("conferences", sa.Column("sat_on", sa.Date()))
    op.execute(
        sa.text(
            "UPDATE conferences SET sat_on = held_on"
            " WHERE prepared_on IS NULL OR finished_on IS NOT NULL OR prepared_on < held_on"
        )
    )
