#!/usr/bin/env bash
# A calendar that ics reads and writes back is declared to be of another calendar system.
#
# Versions: ics 0.7.3, icalendar 7.3.2
# One would guess: CALSCALE is an optional line with one value defined by RFC 5545, GREGORIAN; a file without it stays
# without it, or gets that.
# What happens: ics reads a file without the line and writes CALSCALE:GEORGIAN. Only what was read has it: a calendar
# made with ics.Calendar() is written without any such line, so a test of one's own calendars does not meet it.
# Output seen:
#     made: None
#     read: GEORGIAN
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    ics==0.7.3 icalendar==7.3.2
"$work/venv/bin/python" - <<'END'
import icalendar
import ics

text = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Elm School//Term//EN", "BEGIN:VEVENT", "UID:1@elm.example",
    "DTSTAMP:20261101T000000Z", "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261128", "SUMMARY:Autumn break",
    "END:VEVENT", "END:VCALENDAR", ""])


def scale(calendar):
    return icalendar.Calendar.from_ical(calendar.serialize()).get("CALSCALE")


made, read = scale(ics.Calendar()), scale(ics.Calendar(text))
print("made:", made)
print("read:", read)
assert made is None and str(read) == "GEORGIAN", (made, read)
END
echo "As recorded."
