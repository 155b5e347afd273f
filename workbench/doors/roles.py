"""What each role is called on pages."""

from __future__ import annotations

from workbench.access.actors import Role
from workbench.ground.words import N_

ROLES = {
    Role.ADMIN: N_("Admin"),
    Role.OFFICE: N_("Office"),
    Role.TEACHER: N_("Teacher"),
    Role.SUBSTITUTE: N_("Substitute"),
    Role.COACH: N_("Coach"),
    Role.LEARNER: N_("Learner"),
    Role.FAMILY: N_("Family"),
    Role.SUPPORTER: N_("Supporter"),
}
