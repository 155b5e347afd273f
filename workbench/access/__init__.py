"""Who may do what with a learner's data, and why."""

from workbench.access.actors import Action, Actor, Circle, Decision, Relation, Role
from workbench.access.gate import Gate
from workbench.access.rules import why_allowed

__all__ = ["Action", "Actor", "Circle", "Decision", "Gate", "Relation", "Role", "why_allowed"]
