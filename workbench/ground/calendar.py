"""Bookings as a calendar that other programs read: iCalendar, RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # not allowed in a TEXT value
MOST_OCTETS = 75  # of a line, its end aside: RFC 5545, 3.1


@dataclass(frozen=True, slots=True)
class Event:
    """A whole day's entry. `uid` stays the same when the day moves, so that a calendar moves it too."""

    uid: str
    on: date
    summary: str
    description: str = ""


def calendar(events: Iterable[Event], *, stamp: datetime) -> str:
    """The text of an .ics file; `stamp` is the moment it was made."""
    made = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Learner-Led Workbench//EN", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{made}"]
        lines += [f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}", f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"]
        lines += [f"SUMMARY:{_text(event.summary)}", "TRANSP:TRANSPARENT"]
        if event.description:
            lines.append(f"DESCRIPTION:{_text(event.description)}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _text(text: str) -> str:
    """Escaped as a TEXT value: RFC 5545, 3.3.11."""
    plain = "\n".join(_CONTROL.sub("", line) for line in text.splitlines())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, none cut inside a letter; the later ones begin with a space."""
    start, piece = "", ""
    for letter in line:
        if len((start + piece + letter).encode()) > MOST_OCTETS:
            yield start + piece
            start, piece = " ", ""
        piece += letter
    yield start + piece
