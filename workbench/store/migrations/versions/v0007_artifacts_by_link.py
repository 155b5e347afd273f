"""A piece of work may be somewhere else: its address"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("artifacts", sa.Column("link", sa.Text(), nullable=False, server_default=""))
