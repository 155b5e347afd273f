"""What was done about a worry is written down when it is closed"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("worries", sa.Column("done", sa.Text(), nullable=False, server_default=""))
