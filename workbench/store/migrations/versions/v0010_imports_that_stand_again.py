"""Imports that stand again, and how many learners a school's rosters put into each term"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reinstatements",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("undone", ID, nullable=False),
        sa.Column("redone", ID, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_reinstatements_import_id")),
        sa.ForeignKeyConstraint(["undone"], ["changes.id"], name=op.f("fk_reinstatements_undone")),
        sa.ForeignKeyConstraint(["redone"], ["changes.id"], name=op.f("fk_reinstatements_redone")),
        sa.PrimaryKeyConstraint("import_id", "undone", name=op.f("pk_reinstatements")),
    )
    op.create_table(
        "censuses",
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name=op.f("fk_censuses_change")),
        sa.PrimaryKeyConstraint("school", "term", "change", name=op.f("pk_censuses")),
    )
    op.execute(
        sa.text(
            "INSERT INTO censuses (school, term, change, learners)"
            " SELECT classes.school, seen.term, (SELECT max(id) FROM changes), count(DISTINCT seen.learner_id)"
            " FROM membership_sightings AS seen"
            " JOIN classes ON classes.id = seen.class_id JOIN imports ON imports.id = seen.import_id"
            " WHERE imports.committed IS NOT NULL AND imports.undone IS NULL AND NOT seen.gone"
            " GROUP BY classes.school, seen.term"
        )
    )
