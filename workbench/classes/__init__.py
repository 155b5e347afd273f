"""A class: what it agreed on, who is due, flags, buddies, worries."""

from workbench.classes.agreements import Classes, ClassSettings
from workbench.classes.buddies import Buddies, Pair
from workbench.classes.flags import Flag, Flags
from workbench.classes.schedule import Schedule
from workbench.classes.worries import Worries

__all__ = ["Buddies", "ClassSettings", "Classes", "Flag", "Flags", "Pair", "Schedule", "Worries"]
