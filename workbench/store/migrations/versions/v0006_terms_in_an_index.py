"""The terms there are, are found without reading all memberships"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_membership_sightings_term", "membership_sightings", ["term", "import_id"])
