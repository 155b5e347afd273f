"""Memberships and enrolments that are no more, and what importers remember of their packages"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("enrolment_sightings", "membership_sightings"):
        op.add_column(table, sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "remembered",
        sa.Column("importer", sa.Text(), nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_remembered_import_id")),
        sa.PrimaryKeyConstraint("importer", "import_id", name=op.f("pk_remembered")),
    )
