"""Conferences: their days and protocols, and what is said, shown and written at one."""
