"""Learners, and what is theirs: settings, profiles, skills, pieces of work."""
