"""Days in an index, so that what is years old is not read for a page of today"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_conferences_finished", "conferences", ["learner_id", "finished_on"])
    op.create_index("ix_conferences_held", "conferences", ["held_on"])
    op.create_index("ix_reflections_said", "reflections", ["learner_id", "at"])
    op.create_index("ix_goals_due", "goals", ["due_on"])
    op.create_index("ix_check_ins_said", "check_ins", ["learner_id", "at"])
    op.create_index("ix_bookings_day", "bookings", ["learner_id", "on"])
