"""The forms: each a view of one record, usable alone in a notebook cell.

from widgets import GoalForm
GoalForm(bench, conference)
"""

from widgets.class_board import ClassBoard
from widgets.conference_stepper import ConferenceStepper
from widgets.coverage import Coverage
from widgets.data_loader import DataLoader
from widgets.goal_board import GoalBoard
from widgets.goal_form import GoalForm
from widgets.learner_picker import LearnerPicker
from widgets.mapping_form import MappingForm
from widgets.matching_form import MatchingForm
from widgets.plan_form import PlanForm
from widgets.prepare_form import PrepareForm
from widgets.profile_form import ProfileForm
from widgets.reflection_form import ReflectionForm
from widgets.strengths_form import StrengthsForm
from widgets.worry_board import WorryBoard

__all__ = [
    "ClassBoard",
    "ConferenceStepper",
    "Coverage",
    "DataLoader",
    "GoalBoard",
    "GoalForm",
    "LearnerPicker",
    "MappingForm",
    "MatchingForm",
    "PlanForm",
    "PrepareForm",
    "ProfileForm",
    "ReflectionForm",
    "StrengthsForm",
    "WorryBoard",
]
