"""Whom words and forms are made for, and whose words they are."""

from __future__ import annotations

from enum import StrEnum

#: Bands of grades, youngest first.
BANDS = ("K-2", "3-5", "6-8")
YOUNGEST = BANDS[0]


class Speaker(StrEnum):
    """Whose words an answer is, and who wrote it down."""

    LEARNER = "learner"
    FAMILY = "family"
    BUDDY = "buddy"
    EDUCATOR = "educator"

    @classmethod
    def _missing_(cls, value: object) -> Speaker | None:
        return cls.EDUCATOR if value == "teacher" else None  # as check-ins of 0.1 were kept
