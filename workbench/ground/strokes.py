"""Drawings of learners, as strokes: checked and bounded when they come, and drawn as one SVG path.

A drawing is JSON text: a list of strokes, each a list of [x, y] in whole units of a sheet `WIDTH` by `HEIGHT`.
"""

from __future__ import annotations

import json
from itertools import chain

from workbench.ground.errors import BadInput
from workbench.ground.words import _

WIDTH, HEIGHT = 1000, 600
MOST_STROKES = 400
MOST_POINTS = 8000  # of all strokes; a pen gives about sixty a second

Point = tuple[int, int]
Stroke = tuple[Point, ...]


def read(text: str) -> tuple[Stroke, ...]:
    """The strokes of a drawing; () for "". Raises BadInput for anything that is none, or is too much."""
    if not text:
        return ()
    if len(text) > MOST_POINTS * 12:
        raise _too_much()
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise _none() from None
    if not isinstance(plain, list) or not all(isinstance(one, list) and one for one in plain):
        raise _none()
    if len(plain) > MOST_STROKES or sum(map(len, plain)) > MOST_POINTS:
        raise _too_much()
    if not all(_is_point(point) for point in chain.from_iterable(plain)):
        raise _none()
    return tuple(tuple((x, y) for x, y in stroke) for stroke in plain)


def written(strokes: tuple[Stroke, ...]) -> str:
    """The strokes as text, "" for none: the same drawing, the same text."""
    return json.dumps(strokes, separators=(",", ":")) if strokes else ""


def path(strokes: tuple[Stroke, ...]) -> str:
    """The drawing as data of one SVG path, on a sheet `WIDTH` by `HEIGHT`. A dot is a line of no length."""
    return " ".join(_line(stroke) for stroke in strokes)


def _line(stroke: Stroke) -> str:
    first, *others = stroke
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in others or [first])


def _is_point(plain: object) -> bool:
    if not isinstance(plain, list) or len(plain) != 2:
        return False
    return all(type(one) is int and 0 <= one <= most for one, most in zip(plain, (WIDTH, HEIGHT), strict=True))


def _none() -> BadInput:
    return BadInput(_("This is not a drawing."), _("Draw it again."))


def _too_much() -> BadInput:
    return BadInput(_("This drawing is too big to keep."), _("Take a new sheet; what was drawn before is kept."))
