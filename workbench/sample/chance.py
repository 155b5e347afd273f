"""Chance that can be repeated: one stream of random numbers per decision, named by what it decides.

A learner's homework does not change because somebody else joined the school.
"""

from __future__ import annotations

from random import Random


def stream(*named: object) -> Random:
    """The same numbers for the same name, in every process: the name is hashed by SHA-512, not `hash()`."""
    return Random("/".join(map(str, named)))  # noqa: S311 - a demo, not a secret
