#!/usr/bin/env bash
# A weekly event that ics reads and writes back falls on another day.
#
# Versions: ics 0.7.3, icalendar 7.3.2, recurring-ical-events 3.8.2
# One would guess: a calendar read and written untouched says what it said before.
# What happens: ics turns DTSTART into UTC and leaves RRULE as it was. Wednesday 18:00 in Denver is already Thursday
# in UTC, so BYDAY=WE now means Tuesday evening there, and after the clocks change the hour is wrong too.
# Output seen:
#     before: Wed 28 Oct 18:00, Wed 04 Nov 18:00, Wed 11 Nov 18:00
#     after:  Wed 28 Oct 18:00, Tue 03 Nov 17:00, Tue 10 Nov 17:00
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    ics==0.7.3 icalendar==7.3.2 recurring-ical-events==3.8.2
"$work/venv/bin/python" - <<'END'
from datetime import date
from zoneinfo import ZoneInfo

import icalendar
import ics
import recurring_ical_events

zone = """BEGIN:VTIMEZONE
TZID:America/Denver
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0700
TZOFFSETTO:-0600
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0600
TZOFFSETTO:-0700
END:STANDARD
END:VTIMEZONE"""
text = f"""BEGIN:VCALENDAR
VERSION:2.0
CALSCALE:GREGORIAN
PRODID:-//Elm School//Evenings//EN
{zone}
BEGIN:VEVENT
UID:evening@elm.example
DTSTAMP:20261001T000000Z
DTSTART;TZID=America/Denver:20261028T180000
DURATION:PT20M
RRULE:FREQ=WEEKLY;BYDAY=WE
SUMMARY:Family evening
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def days(text):
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(date(2026, 10, 1), date(2026, 11, 15))
    starts = sorted(event["DTSTART"].dt.astimezone(ZoneInfo("America/Denver")) for event in events)
    return ", ".join(f"{start:%a %d %b %H:%M}" for start in starts)


before, after = days(text), days(ics.Calendar(text).serialize())
print("before:", before)
print("after: ", after)
assert before == "Wed 28 Oct 18:00, Wed 04 Nov 18:00, Wed 11 Nov 18:00", before
assert after == "Wed 28 Oct 18:00, Tue 03 Nov 17:00, Tue 10 Nov 17:00", after
END
echo "As recorded."
