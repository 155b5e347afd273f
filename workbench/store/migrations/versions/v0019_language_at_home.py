"""Which language a learner's family speaks"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("settings", sa.Column("home_language", sa.Text(), nullable=False, server_default=""))
