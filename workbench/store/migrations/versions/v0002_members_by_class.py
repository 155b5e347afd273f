"""Members of a class are found without reading all"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index(op.f("ix_membership_sightings_class_id"), "membership_sightings", ["class_id"])
