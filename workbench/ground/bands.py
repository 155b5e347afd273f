"""Bands of grades: whom words and forms are made for."""

from __future__ import annotations

#: Whom words and forms are made for, youngest first.
BANDS = ("K-2", "3-5", "6-8")


YOUNGEST = BANDS[0]
