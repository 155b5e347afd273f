"""Reports: sections as values, the learner report, and its drawing as HTML.

report = LearnerReport.of(bench, learner)
report.progress()                       # in a notebook, shows itself
html(report.goal(), draw)               # or drawn by hand
"""

from __future__ import annotations

from workbench.reporting.family import FamilyLetter
from workbench.reporting.html import heading, html, style
from workbench.reporting.learner import LearnerReport
from workbench.reporting.section import PAGE, SECTION, Page, Section

__all__ = ["PAGE", "SECTION", "FamilyLetter", "LearnerReport", "Page", "Section", "heading", "html", "style"]
