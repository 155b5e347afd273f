"""Worries: the mark, and the page of the adult named."""
