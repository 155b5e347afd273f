"""How many classes a school's rosters put into each term, so that one large class is not most of a school"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("censuses", sa.Column("classes", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        sa.text(
            "UPDATE censuses SET classes ="
            " (SELECT count(DISTINCT seen.class_id) FROM membership_sightings AS seen"
            " JOIN classes ON classes.id = seen.class_id JOIN imports ON imports.id = seen.import_id"
            " WHERE imports.committed IS NOT NULL AND imports.undone IS NULL AND NOT seen.gone"
            " AND seen.term = censuses.term AND classes.school = censuses.school)"
        )
    )
