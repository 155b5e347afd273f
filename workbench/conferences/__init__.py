"""Conferences: their days and protocols, and what is said, shown and written at one."""

from workbench.conferences.bookings import Booking, Bookings
from workbench.conferences.conferences import Conference, Conferences
from workbench.conferences.notes import Note, Notes
from workbench.conferences.reflections import Reflection, Reflections
from workbench.conferences.strengths import Finding, Strengths

__all__ = [
    "Booking",
    "Bookings",
    "Conference",
    "Conferences",
    "Finding",
    "Note",
    "Notes",
    "Reflection",
    "Reflections",
    "Strengths",
]
