"""The forms: each a view of one record, usable alone in a notebook cell.

from widgets import GoalForm
GoalForm(bench, conference)
"""

from widgets.audit.board import AuditBoard
from widgets.conference.prepare_form import PrepareForm
from widgets.conference.reflection_form import ReflectionForm
from widgets.conference.stepper import ConferenceStepper
from widgets.conference.strengths_form import StrengthsForm
from widgets.data.coverage import Coverage
from widgets.data.loader import DataLoader
from widgets.data.mapping_form import MappingForm
from widgets.data.matching_form import MatchingForm
from widgets.goals.board import GoalBoard
from widgets.goals.goal_form import GoalForm
from widgets.goals.plan_form import PlanForm
from widgets.learner.picker import LearnerPicker
from widgets.learner.profile_form import ProfileForm
from widgets.my_class.board import ClassBoard
from widgets.reports.board import ReportsBoard
from widgets.worries.board import WorryBoard
from widgets.year.board import YearBoard

__all__ = [
    "AuditBoard",
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
    "ReportsBoard",
    "StrengthsForm",
    "WorryBoard",
    "YearBoard",
]
