"""The pages of one invented learner, drawn in memory before a process forks; see `workbench.sample.rehearsal`."""

from __future__ import annotations

from ipywidgets import Widget

from widgets import ConferenceStepper, GoalBoard, PrepareForm, ProfileForm
from workbench.sample.rehearsal import TODAY, nobody


def rehearse() -> None:
    """Opens each page of a learner's, and closes it."""
    with nobody() as (bench, learner):
        ConferenceStepper.of(bench, learner, today=TODAY)
        PrepareForm.of(bench, learner, today=TODAY)
        GoalBoard(bench, learner, today=TODAY)
        ProfileForm(bench, learner, today=TODAY)
        Widget.close_all()
