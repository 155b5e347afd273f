"""Groups of a class, with whom one wishes to work, and who is kept apart"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _journal(name: str, *columns: sa.Column[object], of: tuple[str, str]) -> None:
    column, table = of
    op.create_table(
        name,
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column(column, ID, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f(f"fk_{name}_change")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f(f"fk_{name}_learner_id")),
        sa.ForeignKeyConstraint(["record"], ["records.record"], name=op.f(f"fk_{name}_record")),
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}")),
        sa.PrimaryKeyConstraint("record", "change", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_learner", name, ["learner_id"])


def upgrade() -> None:
    _journal(
        "seats",
        sa.Column("grouping", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        of=("class_id", "classes"),
    )
    op.create_index(op.f("ix_seats_grouping"), "seats", ["grouping"])
    op.create_index("ix_seats_class", "seats", ["class_id", "until"])
    _journal("companions", sa.Column("apart", sa.Boolean(), nullable=False), of=("other", "learners"))
    op.create_index(op.f("ix_companions_other"), "companions", ["other"])
