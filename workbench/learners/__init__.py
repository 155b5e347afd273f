"""Learners, and what is theirs: settings, profiles, skills, pieces of work."""

from workbench.learners.artifacts import Artifact, Artifacts
from workbench.learners.learners import Enrolment, Learner, Learners, SchoolClass
from workbench.learners.profiles import Entry, Profiles
from workbench.learners.settings import Settings, SettingsFacet
from workbench.learners.skills import Skill, Skills

__all__ = [
    "Artifact",
    "Artifacts",
    "Enrolment",
    "Entry",
    "Learner",
    "Learners",
    "Profiles",
    "SchoolClass",
    "Settings",
    "SettingsFacet",
    "Skill",
    "Skills",
]
