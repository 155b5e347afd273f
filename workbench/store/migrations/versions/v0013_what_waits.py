"""How many facts of a file are for others than the learners of whoever brought it in, and of how many more waits"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name in ("others", "waiting"):
        op.add_column("import_files", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
