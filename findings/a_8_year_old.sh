#!/usr/bin/env bash
# inflect chooses a or an by sound, but not before a number in digits.
#
# Versions: inflect 7.6.0
# One would guess: a library that knows "an hour", "a European" and "an IEP" says "an 8-year-old" and "an 11th
# grader".
# What happens: every number in digits gets "a"; the same number in words, even by inflect's own number_to_words, gets
# "an". Abbreviations are taken letter by letter (an IEP), but there U is a vowel: "an UDL plan".
# Output seen:
#     an hour | a European | an IEP
#     a 8-year-old | a 11th grader | a 18-page book
#     an eight-year-old | an UDL plan
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    inflect==7.6.0
"$work/venv/bin/python" - <<'END'
import inflect

engine = inflect.engine()
lines = [
    ("an hour", "a European", "an IEP"),
    ("a 8-year-old", "a 11th grader", "a 18-page book"),
    (f"an {engine.number_to_words(8)}-year-old", "an UDL plan"),
]
for line in lines:
    got = tuple(engine.a(phrase.split(" ", 1)[1]) for phrase in line)
    print(*got, sep=" | ")
    assert got == line, got
END
echo "As recorded."
