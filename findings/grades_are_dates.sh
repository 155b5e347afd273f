#!/usr/bin/env bash
# dateparser finds dates in grade levels, and in sentences of the one language it is told.
#
# Versions: dateparser 1.5.0
# One would guess: text that no one would read as a date gives None; and who says languages=["en"] is safe from the
# words of other languages, so what is left are plain dates.
# What happens: K is a Tuesday (of some other language) and class 4B is the 4th of this month, so a column tested by
# "does it parse" looks like dates. With languages=["en"] those are None, but "We" is a Wednesday, "sat" a Saturday
# and "sun" a Sunday. With STRICT_PARSING class 4B is four years ago; only both settings together give None for all.
# Output seen:
#     K 2026-11-24, K-2 2026-11-02, 4B 2026-11-04, 1A 2025-11-30, PK None
#     We 2026-11-25, sat 2026-11-28, sun 2026-11-29
#     strict: 2022-11-30; strict, English: None None
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    dateparser==1.5.0
"$work/venv/bin/python" - <<'END'
from datetime import datetime

import dateparser
from dateparser.search import search_dates

today = {"RELATIVE_BASE": datetime(2026, 11, 30)}
strict = today | {"STRICT_PARSING": True}


def day(found):
    return str(found.date()) if found else None


grades = {cell: day(dateparser.parse(cell, settings=today)) for cell in ("K", "K-2", "4B", "1A", "PK")}
words = {word: day(at) for word, at in search_dates("We sat in the sun.", languages=["en"], settings=today)}
ago = day(dateparser.parse("4B", settings=strict))
cured = (dateparser.parse("4B", languages=["en"], settings=strict),
         search_dates("We sat in the sun.", languages=["en"], settings=strict))
for seen in (grades, words):
    print(", ".join(f"{word} {at}" for word, at in seen.items()))
print(f"strict: {ago}; strict, English:", *cured)
assert grades == {"K": "2026-11-24", "K-2": "2026-11-02", "4B": "2026-11-04", "1A": "2025-11-30", "PK": None}, grades
assert words == {"We": "2026-11-25", "sat": "2026-11-28", "sun": "2026-11-29"}, words
assert ago == "2022-11-30" and cured == (None, None), (ago, cured)
END
echo "As recorded."
