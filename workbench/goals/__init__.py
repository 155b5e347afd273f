"""Goals, from help with the words to plans and how they go."""

from workbench.goals.goals import Goal, Goals, Horizon, State
from workbench.goals.plans import Plan, Plans, Step, StepKind
from workbench.goals.progress import CheckIn, Progress

__all__ = ["CheckIn", "Goal", "Goals", "Horizon", "Plan", "Plans", "Progress", "State", "Step", "StepKind"]
