"""Which columns of a file were not read"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("import_files", sa.Column("unread", sa.JSON(), nullable=False, server_default="[]"))
